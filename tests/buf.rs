//! The presets that stand for buf's categories give buf's verdicts, on the pairs that buf's answers are known for.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/case.rs"]
mod case;
#[path = "support/compare.rs"]
mod compare;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "buf/verdict.rs"]
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use protopact::rule::Catalogue;
use protopact::rule::document::{self, Case, Page};
use serde_json::Value;
use verdict::{CATEGORIES, DIFFERENCES, Flagged, Said};

/// Pairs of the corpus in which a difference shows, by the start of their names.
const DIFFERENT_PAIRS: &[(&str, &[&str])] = &[
    ("breaking_field_same_cardinality", &["required-by-feature"]),
    ("breaking_field_same_oneof", &["oneof-renamed"]),
    (
        "breaking_field_wire_compatible_cardinality",
        &["required-by-feature"],
    ),
    (
        "breaking_field_wire_json_compatible_cardinality",
        &["required-by-feature"],
    ),
    ("breaking_file_no_delete_ignores", &["package-without-name"]),
];

/// Probes in which a difference shows.
const DIFFERENT_PROBES: &[(&str, &[&str])] = &[
    ("editions_legacy_required_added", &["required-by-feature"]),
    ("editions_legacy_required_deleted", &["required-by-feature"]),
    ("extension_renumber", &["extension-renumbered"]),
    ("map_rename", &["map-entries"]),
    ("oneof_rename", &["oneof-renamed"]),
    ("package_last_enum_deleted", &["last-of-package"]),
    ("package_last_extension_deleted", &["last-of-package"]),
    ("package_last_message_deleted", &["last-of-package"]),
    ("wire_map_rename", &["map-entries"]),
    ("wire_oneof_rename", &["oneof-renamed"]),
];

/// Probes, by the start of their names, that buf was asked about in one category only.
const ASKED: [(&str, &str); 4] = [
    ("wire_", "WIRE"),
    ("package_last_", "PACKAGE"),
    ("package_one_", "PACKAGE"),
    ("file_last_", "FILE"),
];

#[test]
fn pairs_of_buf_are_judged_as_buf_does() {
    let Some(corpus) = corpus() else { return };
    let mut found = Differences::default();
    let text = fs::read_to_string(corpus.join("buf/results.jsonl")).unwrap();
    for line in text.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let Some((category, preset)) = CATEGORIES.iter().find(|it| it.0 == answer["config"]) else {
            continue;
        };
        let case = answer["case"].as_str().unwrap();
        let flagged = answer["findings"].as_array().unwrap();
        let flagged: Vec<Flagged> = flagged.iter().map(Flagged::read).collect();
        assert_eq!(answer["exit"] == 100, !flagged.is_empty(), "{case}");
        let said = check(&corpus.join("buf/cases").join(case), &["--preset", preset]);
        found.add(case, category, &said, &flagged);
    }
    assert_eq!(found.judged, 4 * 36);
    found.are(DIFFERENT_PAIRS);
}

/// Pairs of the corpus in which a difference shows under the pair's own configuration.
const DIFFERENT_UNDER_THEIR_OWN: &[(&str, &[&str])] =
    &[("breaking_field_same_oneof", &["oneof-renamed"])];

#[test]
fn pairs_of_buf_are_judged_as_buf_does_under_their_own_configuration() {
    let Some(corpus) = corpus() else { return };
    let mut found = Differences::default();
    let text = fs::read_to_string(corpus.join("buf/results.jsonl")).unwrap();
    for line in text.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        if answer["config"] != "own" {
            continue;
        }
        let case = answer["case"].as_str().unwrap();
        let flagged = answer["findings"].as_array().unwrap();
        let flagged: Vec<Flagged> = flagged.iter().map(Flagged::read).collect();
        assert_eq!(answer["exit"] == 100, !flagged.is_empty(), "{case}");
        let folder = corpus.join("buf/cases").join(case);
        let temp = tempfile::tempdir().unwrap();
        let config = temp.path().join("protopact.toml");
        let config = config.to_str().unwrap();
        let said = if folder.join("after/buf.yaml").is_file() {
            let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
            command.args(["init", "--from-buf", "--config", config, "-C"]);
            let output = command.arg(folder.join("after")).output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{case}: {error}");
            check(&folder, &["--config", config])
        } else {
            check(&folder, &["--preset", "buf-file"])
        };
        found.add(case, "own", &said, &flagged);
    }
    assert_eq!(found.judged, 36);
    found.are(DIFFERENT_UNDER_THEIR_OWN);
}

#[test]
fn probes_are_judged_as_buf_does() {
    let Some(corpus) = corpus() else { return };
    let answers = "../research/buf-probes.md";
    if corpus::find(answers).is_none() {
        return;
    }
    let text = fs::read_to_string(corpus.join(answers)).unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let family = catalogue.family("buf").unwrap();
    let mut found = Differences::default();
    let mut probes = 0;
    for probe in text.strip_prefix("### ").unwrap().split("\n### ") {
        let name = probe.split_whitespace().next().unwrap();
        let folder = corpus.join("probes/cases").join(name);
        let answers: Vec<Flagged> = probe.lines().filter_map(answer).collect();
        let asked = ASKED.iter().find(|(start, _)| name.starts_with(start));
        probes += 1;
        for (category, preset) in CATEGORIES {
            if asked.is_some_and(|(_, only)| *only != category) {
                continue;
            }
            let in_category = |it: &&Flagged| {
                let groups = &family.alias(&it.rule).unwrap().groups;
                groups.iter().any(|group| group == category)
            };
            let flagged: Vec<Flagged> = answers.iter().filter(in_category).cloned().collect();
            let said = check(&folder, &["--preset", preset]);
            found.add(name, category, &said, &flagged);
        }
    }
    assert_eq!(probes, 89);
    found.are(DIFFERENT_PROBES);
}

/// `- a.proto:3:1-3:27 FIELD_NO_DELETE: Previously present …`
fn answer(line: &str) -> Option<Flagged> {
    let (place, rest) = line.strip_prefix("- ")?.split_once(' ')?;
    let (rule, message) = rest.split_once(": ")?;
    let (path, span) = place.split_once(':')?;
    let (start, end) = span.split_once('-')?;
    let line = |text: &str| text.split(':').next().unwrap().parse().unwrap();
    Some(Flagged {
        rule: rule.to_owned(),
        path: (path != "None").then(|| path.to_owned()),
        lines: (line(start), line(end)),
        message: message.to_owned(),
    })
}

#[test]
fn every_difference_is_listed_with_its_case() {
    let cases = differences();
    let listed: Vec<&str> = cases.iter().map(|case| case.title.as_str()).collect();
    let known: Vec<&str> = DIFFERENCES.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, known);
    for (case, (name, fails)) in cases.iter().zip(DIFFERENCES) {
        let outcomes = case::run_case(case).unwrap();
        let wrong = compare::differences(case, &outcomes);
        assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
        assert_eq!(fails, !outcomes.is_empty(), "{name}");
        let wrong = compare::differences(&compare::unchanged(case), &[]);
        assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
    }
}

/// The sections of the page that lists the differences.
fn differences() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/presets/README.md");
    let text = fs::read_to_string(path).unwrap();
    let path = "presets/README.md";
    document::cases(Page { path, text: &text }).unwrap()
}

/// The differences that were met, by the name of the pair.
#[derive(Default)]
struct Differences {
    judged: usize,
    named: BTreeMap<String, BTreeSet<&'static str>>,
    unexplained: Vec<String>,
}

impl Differences {
    fn add(&mut self, name: &str, category: &str, said: &Said, flagged: &[Flagged]) {
        self.judged += 1;
        match said.differences(category, flagged) {
            Ok(names) if names.is_empty() => {}
            Ok(names) => self.named.entry(name.to_owned()).or_default().extend(names),
            Err(why) => self
                .unexplained
                .push(format!("{name} {category}:\n    {why}")),
        }
    }

    /// Fails where a difference is not listed, or is listed and does not show any more.
    fn are(&self, listed: &[(&str, &[&'static str])]) {
        assert!(
            self.unexplained.is_empty(),
            "\n{}",
            self.unexplained.join("\n")
        );
        let listed: BTreeMap<String, BTreeSet<&str>> = listed
            .iter()
            .map(|(name, names)| ((*name).to_owned(), names.iter().copied().collect()))
            .collect();
        assert_eq!(self.named, listed);
    }
}

/// Judges the two sides of a folder; it must be possible to judge them.
fn check(folder: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
    command
        .current_dir(folder.join("after"))
        .args(["check", "--format", "json", "--full"])
        .args(["--against", "dir:../before", "--to", "dir:."])
        .args(arguments);
    let output = command.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        let error = String::from_utf8_lossy(&output.stderr);
        panic!("{} {arguments:?}:\n{error}", folder.display())
    });
    let said = Said::read(&report);
    assert_eq!(output.status.code(), Some(i32::from(said.fails)));
    said
}

/// The folder of the corpus; `None`, said on stderr, where it is not there.
fn corpus() -> Option<PathBuf> {
    let source = corpus::find("buf/results.jsonl")?;
    Some(fs::canonicalize(source).unwrap())
}
