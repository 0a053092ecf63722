//! Changes made to the last release, with the verdict that its README gives.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::run::{Corpus, LAST, Run, all_right, check, lines, text};

/// What each verdict comes to: whether an error, a warning and a note may, must or must not be among the findings.
/// Exempt findings count for none of them.
const VERDICTS: [(&str, [Occurs; 3]); 6] = [
    ("violation", [Must, May, May]),
    ("violation-inferred", [Must, May, May]),
    ("unlisted", [Never, Must, May]),
    ("needs-explanation", [Never, Never, Must]),
    ("needs-review", [Never, Never, Must]),
    ("allowed", [Never, Never, Never]),
];

/// Violations that are warnings all the same: `json_name` changed, an experimental suffix kept.
const ONLY_WARNINGS: [&str; 2] = ["M36", "M48"];

/// Not listed and only a note: the move to an edition that keeps the behaviour.
const ONLY_NOTES: [&str; 1] = ["M55"];

/// The folder of rules for each guarantee that the corpus names.
const GUARANTEES: [(&str, &str); 24] = [
    ("field.name", "field-types-numbers-names"),
    ("field.type", "field-types-numbers-names"),
    ("field.number", "field-types-numbers-names"),
    ("service.name", "service-names"),
    ("service.package", "service-names"),
    ("method.name", "method-names"),
    ("method.param_name", "method-parameters"),
    ("method.type", "method-types"),
    ("method.kind", "method-kind"),
    ("type.name", "type-names"),
    ("enum_value.number", "enum-numbers"),
    ("enum_value.name", "enum-names"),
    ("type.location", "type-location"),
    ("package.name", "package-and-directory"),
    ("directory", "package-and-directory"),
    ("directory? (file name)", "package-and-directory"),
    ("field.declarator", "declarators"),
    ("symbol.deleted", "no-deletion"),
    ("maturity.demotion", "experiments"),
    ("label.demotion", "experiments"),
    ("promotion.review", "experiments"),
    ("experiment.reference", "experiments"),
    ("component.unlisted", "experiments"),
    ("?oneof", "field-behaviour"),
];

#[derive(Clone, Copy, PartialEq)]
enum Occurs {
    Must,
    May,
    Never,
}
use Occurs::{May, Must, Never};

#[test]
fn every_mutation_gets_its_verdict() {
    let Some(corpus) = Corpus::open() else { return };
    let mut wrong = Vec::new();
    for mutation in mutations(&corpus) {
        corpus.reset();
        corpus.apply(&mutation.patch, &[]);
        let run = corpus.check(&["--against", LAST]);
        let found = lines(run.findings());
        for what in mutation.failures(&run) {
            wrong.push(format!(
                "{} ({}): {what}{found}",
                mutation.id, mutation.title
            ));
        }
    }
    all_right(&wrong);
}

#[test]
fn what_a_side_is_read_from_changes_no_finding() {
    let Some(corpus) = Corpus::open() else { return };
    let before = corpus.export("before");
    let before = before.to_str().unwrap();
    let mut wrong = Vec::new();
    for mutation in mutations(&corpus) {
        // The index and the commit are judged while the worktree still is the release.
        corpus.reset();
        corpus.apply(&mutation.patch, &["--cached"]);
        let index = corpus.check(&["--against", LAST, "--staged"]);
        let after = corpus.export(&mutation.id);
        let directory = check(&after, &["--against", before, "--release", "1.11.0"]);
        corpus.git("branch -q -f change");
        corpus.git("symbolic-ref HEAD refs/heads/change");
        corpus.git("commit -q -m change");
        let revision = corpus.check(&["--against", LAST, "--to", "change"]);
        corpus.reset();
        corpus.apply(&mutation.patch, &[]);
        let worktree = corpus.check(&["--against", LAST]);
        let full = corpus.check(&["--against", LAST, "--full"]);

        let others = [
            ("index", index),
            ("git", revision),
            ("dir", directory),
            ("worktree", full),
        ];
        for (kind, other) in others {
            assert_eq!(other.report["current"]["kind"], kind);
            let (findings, counts) = other.without_names();
            let (expected, expected_counts) = worktree.without_names();
            // With `--full` more elements are counted; that is what it is for.
            let counted_apart = kind != "worktree" && counts != expected_counts;
            if (other.exit, findings) != (worktree.exit, expected) || counted_apart {
                let (is, should) = (lines(other.findings()), lines(worktree.findings()));
                wrong.push(format!(
                    "{} as {kind}:{is}\n    as worktree:{should}",
                    mutation.id
                ));
            }
        }
    }
    all_right(&wrong);
}

/// A change to the last release.
struct Mutation {
    id: String,
    title: String,
    verdict: String,
    /// Guarantees as the corpus names them.
    guarantees: Vec<String>,
    patch: PathBuf,
}

impl Mutation {
    /// In what the findings differ from the verdict.
    fn failures(&self, run: &Run) -> Vec<String> {
        let mut failures = Vec::new();
        for (level, occurs) in ["error", "warning", "note"].into_iter().zip(self.levels()) {
            let there = run.counting().iter().any(|it| it["level"] == level);
            match occurs {
                Must if !there => failures.push(format!("no {level}")),
                Never if there => failures.push(format!("{level} not expected")),
                _ => {}
            }
        }
        let fails = run.exit == 1;
        if fails == run.with_status("failing").is_empty() || fails != (self.levels()[0] == Must) {
            failures.push(format!("exit {}", run.exit));
        }
        let named: BTreeSet<&str> = run
            .counting()
            .into_iter()
            .flat_map(|it| it["guarantees"].as_array().unwrap())
            .filter_map(Value::as_str)
            .collect();
        let missing = self
            .folders()
            .into_iter()
            .filter(|folder| !named.contains(folder));
        failures.extend(missing.map(|folder| format!("`{folder}` is not named")));
        failures
    }

    fn levels(&self) -> [Occurs; 3] {
        if ONLY_WARNINGS.contains(&self.id.as_str()) {
            return [Never, Must, May];
        }
        if ONLY_NOTES.contains(&self.id.as_str()) {
            return [Never, Never, Must];
        }
        let verdict = VERDICTS
            .iter()
            .find(|(verdict, _)| *verdict == self.verdict);
        verdict
            .unwrap_or_else(|| panic!("verdict `{}`", self.verdict))
            .1
    }

    fn folders(&self) -> BTreeSet<&'static str> {
        let renamed = self.guarantees.iter().any(|id| id == "type.name");
        let own = self.guarantees.iter().filter(|id| {
            // Where the request message is renamed, the rename alone is reported.
            !(renamed && *id == "method.param_name")
        });
        let folder = |id: &String| {
            let known = GUARANTEES.iter().find(|(known, _)| known == id);
            known.unwrap_or_else(|| panic!("guarantee `{id}`")).1
        };
        own.map(folder).collect()
    }
}

fn mutations(corpus: &Corpus) -> Vec<Mutation> {
    let expected = fs::read_to_string(corpus.file("mutations/expected.jsonl")).unwrap();
    let mutations = expected.lines().map(|line| {
        let value: Value = serde_json::from_str(line).unwrap();
        let id = text(&value, "id").to_owned();
        let guarantees = value["guarantees"].as_array().unwrap();
        Mutation {
            title: text(&value, "title").to_owned(),
            verdict: text(&value, "verdict").to_owned(),
            guarantees: guarantees
                .iter()
                .map(|it| it.as_str().unwrap().to_owned())
                .collect(),
            patch: corpus.file(&format!("mutations/{id}.patch")),
            id,
        }
    });
    let mutations: Vec<_> = mutations.collect();
    assert!(mutations.len() >= 36);
    mutations
}
