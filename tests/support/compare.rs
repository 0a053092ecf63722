//! Compares what was found in a case of a rule page with the marks of the case.

use std::collections::BTreeMap;

use protopact::report::Status;
use protopact::rule::document::{Case, Mark, Side};

/// One finding of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outcome {
    pub(crate) rule: String,
    pub(crate) status: Status,
    pub(crate) side: Side,
    pub(crate) path: String,
    pub(crate) line: usize,
}

/// The same case with the baseline on both sides and no marks: whatever is found in it is wrong.
pub(crate) fn unchanged(case: &Case) -> Case {
    Case {
        title: format!("{} (unchanged)", case.title),
        earlier: BTreeMap::new(),
        after: case.before.clone(),
        marks: Vec::new(),
        ..case.clone()
    }
}

/// What differs between marks and findings, one sentence each.
pub(crate) fn differences(case: &Case, outcomes: &[Outcome]) -> Vec<String> {
    let mut missing: Vec<&Mark> = case.marks.iter().collect();
    let mut unexpected = Vec::new();
    for outcome in outcomes {
        match missing.iter().position(|mark| fits(mark, outcome)) {
            Some(index) => drop(missing.swap_remove(index)),
            None => unexpected.push(outcome),
        }
    }
    missing.sort();
    unexpected.sort();
    let missing = missing.into_iter().map(|mark| {
        let status = word(mark.status);
        let place = place(case, mark.side, &mark.path, mark.line);
        format!("missing: {status}`{}` at {place}", mark.rule)
    });
    let unexpected = unexpected.into_iter().map(|outcome| {
        let status = word(Some(outcome.status).filter(|status| !status.counts()));
        let place = place(case, outcome.side, &outcome.path, outcome.line);
        format!("unexpected: {status}`{}` at {place}", outcome.rule)
    });
    missing.chain(unexpected).collect()
}

/// A status as a word before the rule, where it is not the usual one.
fn word(status: Option<Status>) -> String {
    status.map_or_else(String::new, |status| format!("{} ", status.as_str()))
}

fn fits(mark: &Mark, outcome: &Outcome) -> bool {
    let status = match mark.status {
        None => outcome.status.counts(),
        Some(status) => outcome.status == status,
    };
    status
        && mark.rule == outcome.rule
        && mark.side == outcome.side
        && mark.path == outcome.path
        && mark.line == outcome.line
}

/// A place, with the text of the line.
fn place(case: &Case, side: Side, path: &str, line: usize) -> String {
    let (word, files) = match side {
        Side::Baseline => ("before", &case.before),
        Side::Current => ("after", &case.after),
    };
    let text = files
        .get(path)
        .and_then(|text| text.lines().nth(line.checked_sub(1)?))
        .unwrap_or("(no such line)");
    format!("{word} {path}:{line}\n      {}", text.trim())
}
