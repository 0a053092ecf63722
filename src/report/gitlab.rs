//! The findings as a GitLab Code Quality report; what cannot be said in that format is left out.

use std::collections::BTreeMap;

use serde::Serialize;

use super::place::{Spot, spot, stood};
use super::text::{self, count, printable};
use super::{Finding, Level, Report, json, words};

/// One entry of the array. GitLab drops what follows an entry that lacks one of these.
#[derive(Debug, Serialize)]
struct Violation {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Debug, Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: u32,
}

/// The findings that count, as a JSON array, and one entry that counts the others.
///
/// The format has no state for what is exempt, accepted or dormant: GitLab would show each as a violation that the change adds.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    let mut seen = BTreeMap::new();
    let counting = report
        .findings
        .iter()
        .filter(|finding| finding.status.counts())
        .map(|finding| Violation {
            description: description(report, finding),
            check_name: finding.rule.clone(),
            fingerprint: unique(&mut seen, &finding.fingerprint),
            severity: severity(finding.level),
            location: place(report, finding),
        });
    let violations: Vec<Violation> = counting.chain(excused(report)).collect();
    json::pretty(&violations)
}

/// An entry for all that does not count, where the first of it stands.
fn excused(report: &Report) -> Option<Violation> {
    let first = report
        .findings
        .iter()
        .find(|finding| !finding.status.counts())?;
    let summary = &report.summary;
    let counts = [
        (summary.exempt, "exempt"),
        (summary.accepted, "accepted"),
        (summary.dormant, "dormant"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| count(n, word))
        .collect();
    Some(Violation {
        description: format!(
            "{}: what does not count is not listed here",
            text::and(&counts)
        ),
        check_name: "not-counted".to_owned(),
        fingerprint: "not-counted".to_owned(),
        severity: severity(Level::Note),
        location: place(report, first),
    })
}

/// GitLab sorts by `blocker`, `critical`, `major`, `minor`, `info`, and acts on none of them. The linters whose reports it
/// shows beside this one call an error `major` and a warning `minor`; so an error here weighs what theirs do.
const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    }
}

/// GitLab shows one line of plain text, and only that.
fn description(report: &Report, finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let stood = stood(report, finding);
    if !stood.is_empty() {
        text = format!("{text} ({stood})");
    }
    let against = words::against(report, finding);
    if !against.is_empty() {
        text = format!("{text} (against {against})");
    }
    let values = words::values(finding);
    if !values.is_empty() {
        text = format!("{text} {values}");
    }
    let promise = words::promise(finding);
    if !promise.is_empty() {
        text = format!("{text}; promise: {promise}");
    }
    if !finding.help.is_empty() {
        let help: Vec<&str> = finding.help.split_whitespace().collect();
        text = format!("{text}; help: {}", help.join(" "));
    }
    printable(&text).into_owned()
}

/// A path and a line are obligatory; what is gone altogether is shown where it stood.
fn place(report: &Report, finding: &Finding) -> Place {
    let (path, line) = match spot(report, finding) {
        Spot::Current(path, at) | Spot::Nearest(path, at, _) => (path, at.line),
        Spot::Baseline(at) => (at.path.clone(), at.line),
        Spot::Image(path) => (path, 1),
        Spot::Nowhere => (finding.symbol.clone(), 1),
    };
    Place {
        path,
        lines: Lines { begin: line.max(1) },
    }
}

/// GitLab shows one of several entries with the same fingerprint: the second gets a number, and so on.
fn unique(seen: &mut BTreeMap<String, usize>, fingerprint: &str) -> String {
    let times = seen.entry(fingerprint.to_owned()).or_default();
    *times += 1;
    match *times {
        1 => fingerprint.to_owned(),
        n => format!("{fingerprint}-{n}"),
    }
}
