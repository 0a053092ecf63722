//! Text that is generated from the pages is what is checked in; `UPDATE=1 cargo test --test docs` rewrites it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use protopact::change::{CONDITIONS, VOCABULARY};
use protopact::rule::{Breaks, Catalogue, Effect};

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_index_of_rules_is_current() {
    check("rules/README.md", "index", &index(&catalogue()));
}

#[test]
fn the_vocabulary_is_documented() {
    check("rules/README.md", "vocabulary", &vocabulary());
}

#[test]
fn the_table_of_guarantees_is_current() {
    check("README.md", "guarantees", &guarantees(&catalogue()));
}

/// For each guarantee, in order: the promise, and a table of its rules.
fn index(catalogue: &Catalogue) -> String {
    let mut out = String::new();
    for guarantee in catalogue.guarantees() {
        let (id, title) = (&guarantee.id, &guarantee.title);
        writeln!(out, "### [{title}]({id}/README.md)\n").unwrap();
        writeln!(out, "> {}\n", guarantee.promise).unwrap();
        let mut rules = catalogue
            .rules()
            .iter()
            .filter(|rule| rule.guarantee == *id)
            .peekable();
        if rules.peek().is_none() {
            writeln!(out, "Held by rules of other guarantees.\n").unwrap();
            continue;
        }
        writeln!(out, "| rule | level | breaks | |\n|---|---|---|---|").unwrap();
        for rule in rules {
            let breaks = match &rule.verdict.effect {
                Effect::Computed => "computed".to_owned(),
                Effect::Stated { breaks, .. } => {
                    let words: Vec<&str> = breaks.iter().copied().map(Breaks::as_str).collect();
                    words.join(", ")
                }
            };
            let (rule_id, level) = (&rule.id, rule.verdict.setting);
            let title = cell(&rule.title);
            writeln!(
                out,
                "| [{rule_id}]({id}/{rule_id}.md) | {level} | {breaks} | {title} |"
            )
            .unwrap();
        }
        out.push('\n');
    }
    out
}

/// Each guarantee with its promise, since when it binds in the preset `opentelemetry`, and how many rules hold it.
fn guarantees(catalogue: &Catalogue) -> String {
    let preset = catalogue
        .preset("opentelemetry")
        .unwrap_or_else(|error| panic!("{error}"))
        .unwrap();
    let mut out = "| guarantee | promise | since | rules |\n|---|---|---|---|\n".to_owned();
    for guarantee in catalogue.guarantees() {
        let id = &guarantee.id;
        let since = preset.terms(id).since;
        let since = since.map_or_else(|| "–".to_owned(), |version| version.to_string());
        let rules = catalogue
            .rules()
            .iter()
            .filter(|rule| rule.guarantees_of_page().any(|named| named == id))
            .count();
        let promise = cell(&guarantee.promise);
        writeln!(
            out,
            "| [{id}](rules/{id}/README.md) | {promise} | {since} | {rules} |"
        )
        .unwrap();
    }
    out
}

/// The words of `[match]`: each aspect with its subjects, actions and ways, and the conditions.
fn vocabulary() -> String {
    let mut out = "| subject | aspect | action: ways |\n|---|---|---|\n".to_owned();
    for entry in VOCABULARY {
        let subjects: Vec<&str> = entry
            .subjects
            .iter()
            .map(|subject| subject.as_str())
            .collect();
        let actions: Vec<String> = entry
            .actions
            .iter()
            .map(|(action, ways)| match ways {
                [] => action.to_string(),
                ways => format!("{action}: {}", ways.join(", ")),
            })
            .collect();
        let (subjects, actions) = (subjects.join(", "), actions.join("<br>"));
        writeln!(out, "| {subjects} | {} | {actions} |", entry.aspect).unwrap();
    }
    out.push_str("\n| condition | holds where |\n|---|---|\n");
    for condition in CONDITIONS {
        writeln!(out, "| `{}` | {} |", condition.name, cell(condition.doc)).unwrap();
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Compares, or under `UPDATE=1` replaces, what stands between `<!-- name:begin -->` and `<!-- name:end -->` in a file.
fn check(path: &str, name: &str, expected: &str) {
    // Two tests that rewrite parts of one file must not do it at once.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => panic!("{path}: {error}"),
    };
    let (begin, end) = (
        format!("<!-- {name}:begin -->"),
        format!("<!-- {name}:end -->"),
    );
    let parts = text.split_once(&begin).and_then(|(head, rest)| {
        let (body, tail) = rest.split_once(&end)?;
        Some((head, body, tail))
    });
    let Some((head, body, tail)) = parts else {
        panic!("{path}: there is no {begin} … {end}");
    };
    let expected = format!("\n\n{}\n\n", expected.trim());
    if body == expected {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "{path}: the part `{name}` is not current: run `UPDATE=1 cargo test --test docs`"
    );
    std::fs::write(&file, format!("{head}{begin}{expected}{end}{tail}")).unwrap();
}
