//! The pages under `rules/` and the vocabulary of the diff account for each other.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/literals.rs"]
mod literals;
#[path = "support/vocabulary.rs"]
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use protopact::rule::matcher::Situation;
use protopact::rule::{Catalogue, Claim};

/// A page that cannot be read fails every test, with its path and line.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::embedded() {
    Ok(catalogue) => catalogue,
    Err(error) => panic!("{error}"),
});

#[test]
fn every_change_is_forbidden_once_or_allowed_once() {
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for possible in vocabulary::possible(&CATALOGUE) {
        let situation = Situation {
            triple: possible.triple,
            how: possible.how,
            facet: possible.facet.as_deref(),
            conditions: &possible.conditions,
        };
        let claims: Vec<String> = CATALOGUE
            .claims(situation)
            .map(|claim| match claim {
                Claim::Rule(rule) => rule.page.path.to_owned(),
                Claim::Allowed(allowed) => format!("allowed.md ({})", allowed.words),
            })
            .collect();
        if claims.len() == 1 {
            continue;
        }
        let (subject, aspect, action) = possible.triple;
        let mut what = format!("{subject} · {aspect} · {action}");
        for detail in [Some(possible.how), possible.facet.as_deref()] {
            if let Some(detail) = detail.filter(|detail| !detail.is_empty()) {
                what = format!("{what} · {detail}");
            }
        }
        if !possible.conditions.is_empty() {
            what = format!("{what}, {}", possible.conditions.join(" and "));
        }
        let by = if claims.is_empty() {
            "claimed by no page".to_owned()
        } else {
            format!("claimed by {}", claims.join(" and "))
        };
        wrong.entry(by).or_default().push(what);
    }
    let report: Vec<String> = wrong
        .iter()
        .map(|(by, what)| format!("{by}:\n  {}", what.join("\n  ")))
        .collect();
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

#[test]
fn every_rule_claims_something() {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let possible = vocabulary::possible(&CATALOGUE);
    for possible in &possible {
        let situation = Situation {
            triple: possible.triple,
            how: possible.how,
            facet: possible.facet.as_deref(),
            conditions: &possible.conditions,
        };
        for claim in CATALOGUE.claims(situation) {
            if let Claim::Rule(rule) = claim {
                used.insert(&rule.id);
            }
        }
    }
    for rule in CATALOGUE.rules() {
        assert!(
            used.contains(rule.id.as_str()),
            "{} claims no change of the vocabulary",
            rule.page.path
        );
    }
}

#[test]
fn every_guarantee_states_its_promise_in_its_place() {
    let mut orders = BTreeMap::new();
    for guarantee in CATALOGUE.guarantees() {
        let path = guarantee.page.path;
        assert!(!guarantee.promise.trim().is_empty(), "{path}: no promise");
        assert!(!guarantee.prose().unwrap().is_empty(), "{path}: no prose");
        if let Some(other) = orders.insert(guarantee.order, path) {
            panic!("{path} and {other} have the same order");
        }
        assert!(
            CATALOGUE
                .rules()
                .iter()
                .any(|rule| rule.guarantees_of_page().any(|id| id == guarantee.id)),
            "{path}: no rule holds this promise"
        );
    }
}

#[test]
fn every_preset_names_every_guarantee() {
    for name in CATALOGUE.preset_names() {
        let preset = match CATALOGUE.preset(name) {
            Ok(preset) => preset.unwrap(),
            Err(error) => panic!("{error}"),
        };
        assert!(!preset.summary.is_empty(), "{name}: no summary");
        if preset.counts.is_some() {
            // It goes by whom a change breaks, whatever guarantee the change is about.
            continue;
        }
        let missing: Vec<&str> = CATALOGUE
            .guarantees()
            .iter()
            .map(|guarantee| guarantee.id.as_str())
            .filter(|id| !preset.guarantees.contains_key(*id))
            .collect();
        assert!(missing.is_empty(), "presets/{name}.toml lacks {missing:?}");
    }
}

#[test]
fn every_name_is_kebab_case() {
    let rules = CATALOGUE.rules().iter().map(|rule| &rule.id);
    let guarantees = CATALOGUE.guarantees().iter().map(|known| &known.id);
    for id in rules.chain(guarantees) {
        let is_kebab = id.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9'))
        });
        assert!(is_kebab, "`{id}` is not kebab-case");
    }
}

#[test]
fn every_rule_explains_itself() {
    for rule in CATALOGUE.rules() {
        let prose = rule.prose().unwrap_or_else(|error| panic!("{error}"));
        assert!(!prose.is_empty(), "{}: no prose", rule.page.path);
    }
}

#[test]
fn no_rule_id_occurs_in_the_program() {
    let ids: BTreeSet<&str> = CATALOGUE
        .rules()
        .iter()
        .map(|rule| rule.id.as_str())
        .collect();
    let mut found = Vec::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        for (line, literal) in literals::string_literals(&text) {
            let tokens = literal.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            for id in tokens.filter(|token| ids.contains(token)) {
                found.push(format!("{}:{line}: `{id}`", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "rule ids in src/:\n{}", found.join("\n"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
