//! Every rule page is a test: each of its cases gives the findings that its marks state, and no others.
#![allow(clippy::panic)]

#[path = "support/case.rs"]
mod case;
#[path = "support/compare.rs"]
mod compare;

use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use case::run_case;
use compare::{differences, unchanged};
use protopact::rule::document::{self, Case, Page};
use protopact::rule::{Catalogue, Rule};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::embedded() {
    Ok(catalogue) => catalogue,
    Err(error) => panic!("{error}"),
});

/// The page is read from disk, so that a changed case needs no new build.
fn page(path: &Path) -> datatest_stable::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let path = path.strip_prefix("rules").unwrap_or(path);
    let id = path.file_stem().and_then(|stem| stem.to_str());
    let path = path.to_str().ok_or("the path is not UTF-8")?;
    let rule = id.and_then(|id| CATALOGUE.rule(id));
    let rule = rule.ok_or("the page is not embedded: is build.rs there?")?;
    let cases = document::cases(Page { path, text: &text })?;
    let mut wrong = form(rule, &cases);
    for case in &cases {
        wrong.extend(failures(path, case));
        wrong.extend(failures(path, &unchanged(case)));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure(wrong.join("\n")).into())
    }
}

/// A report of several lines; the harness prints errors by `Debug`, which would escape the line breaks.
struct Failure(String);

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// What is wrong with the page before anything is run.
fn form(rule: &Rule, cases: &[Case]) -> Vec<String> {
    let path = rule.page.path;
    let mut wrong = Vec::new();
    let fires = |case: &&Case| case.marks.iter().any(|mark| mark.rule == rule.id);
    if !cases.iter().any(|case| fires(&case)) {
        wrong.push(format!("rules/{path}: no case fires the rule"));
    }
    if cases.iter().all(|case| fires(&case)) {
        wrong.push(format!("rules/{path}: no case shows what is not a finding"));
    }
    for case in cases {
        let title = format!("rules/{path}:{}: {}", case.line, case.title);
        if case.before.is_empty() || case.after.is_empty() {
            wrong.push(format!(
                "{title}: a case has a block `before` and one `after`"
            ));
        }
        for mark in &case.marks {
            if CATALOGUE.rule(&mark.rule).is_none() {
                wrong.push(format!("{title}: the mark names no rule: `{}`", mark.rule));
            }
        }
    }
    wrong
}

/// How a run differs from the marks.
fn failures(path: &str, case: &Case) -> Option<String> {
    let differences = match run_case(case) {
        Ok(outcomes) => differences(case, &outcomes),
        Err(error) => vec![format!("not judged: {error}")],
    };
    (!differences.is_empty()).then(|| {
        let list = differences.join("\n    ");
        format!("rules/{path}:{}: {}\n    {list}", case.line, case.title)
    })
}

datatest_stable::harness! {
    { test = page, root = "rules", pattern = r"^[^/]+/(?!README\.md$)[^/]+\.md$" },
}
