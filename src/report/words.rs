//! What a finding says beside its message, in words that all formats for people share; it knows no layout.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::{and, count, printable, shortened};
use super::{Finding, Level, Report, Status, breaks};

/// Characters of a value that are shown.
const VALUE: usize = 300;

/// What came of the check, in one line.
pub(super) fn verdict(report: &Report) -> String {
    let with = |status| {
        let findings = report.findings.iter();
        findings.filter(|finding| finding.status == status).count()
    };
    match (with(Status::Failing), with(Status::Reported)) {
        (0, 0) => match with(Status::Accepted) {
            0 => "no promise is broken".to_owned(),
            1 => "1 finding was agreed to, and no other promise is broken".to_owned(),
            n => format!("{n} findings were agreed to, and no other promise is broken"),
        },
        (0, n) => format!(
            "{} reported, and nothing fails the check",
            count(n, "finding")
        ),
        (1, _) => "1 finding fails the check".to_owned(),
        (n, _) => format!("{n} findings fail the check"),
    }
}

/// How many findings there are of each rule, the gravest first, then the most frequent; rules behind the first `most` are
/// counted together.
pub(super) fn by_rule<'f>(findings: impl Iterator<Item = &'f Finding>, most: usize) -> Vec<String> {
    let mut counts: BTreeMap<&str, (Level, usize)> = BTreeMap::new();
    for finding in findings {
        let (level, n) = counts.entry(&finding.rule).or_insert((Level::Note, 0));
        *level = finding.level.max(*level);
        *n += 1;
    }
    let mut counts: Vec<(&str, (Level, usize))> = counts.into_iter().collect();
    counts.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let rest = counts.split_off(counts.len().min(most));
    let mut told: Vec<String> = counts
        .iter()
        .map(|(rule, (_, n))| format!("{n} `{rule}`"))
        .collect();
    if !rest.is_empty() {
        let of: usize = rest.iter().map(|(_, (_, n))| n).sum();
        told.push(format!("{of} of {}", count(rest.len(), "other rule")));
    }
    told
}

/// The promise in quotes, and where it stands; empty where there is none.
pub(super) fn promise(finding: &Finding) -> String {
    let promise = &finding.promise;
    match (promise.text.is_empty(), promise.source.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!("\"{}\"", promise.text),
        (false, false) => format!("\"{}\" ({})", promise.text, promise.source),
    }
}

/// The maturity that was in force, and who says so; empty where nothing is known of it.
pub(super) fn maturity(finding: &Finding) -> String {
    let note = &finding.maturity;
    let (binary, json) = (&note.encoding.binary, &note.encoding.json);
    let level = if binary == json {
        note.level.clone()
    } else {
        format!("{}; binary {binary}, JSON {json}", note.level)
    };
    match note.source.as_str() {
        _ if level.is_empty() => String::new(),
        "" => level,
        source => format!("{level} ({source})"),
    }
}

/// Why a finding does not count; `None` where it does.
pub(super) fn excuse(finding: &Finding) -> Option<String> {
    match finding.status {
        Status::Failing | Status::Reported => None,
        Status::Exempt => Some(match maturity(finding) {
            level if level.is_empty() => "exempt by the maturity of the element".to_owned(),
            level => format!("exempt by its maturity: {level}"),
        }),
        Status::Accepted => Some(match &finding.agreement {
            Some(agreement) => agreement.to_string(),
            None => "agreed to".to_owned(),
        }),
        Status::Dormant => Some(
            "dormant: its guarantee binds from a later release on, or what it breaks does not count under the preset"
                .to_owned(),
        ),
    }
}

/// What follows below the message, each with its label: the values where the message has not got them,
/// whom it breaks, the promise, the maturity, against which of several baselines, what to do, and by what it can be agreed to.
pub(super) fn notes(report: &Report, finding: &Finding) -> Vec<(&'static str, String)> {
    [
        ("change", values(finding)),
        ("breaks", breaks::line(finding)),
        ("component", finding.component.clone().unwrap_or_default()),
        ("promise", promise(finding)),
        ("maturity", maturity(finding)),
        ("against", against(report, finding)),
        ("explained", finding.explanation.clone().unwrap_or_default()),
        ("implies", implied(finding)),
        ("help", finding.help.clone()),
        ("accept", acceptable(finding)),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    // A help may have lines of its own, such as a command to copy; elsewhere a line end is part of a name.
    .map(|(label, text)| match label {
        "help" => (label, text),
        _ => (label, printable(&text).into_owned()),
    })
    .collect()
}

/// The message and the notes, a line each, with nothing in them that a terminal would obey.
///
/// A help that has several lines, such as a command to copy, keeps them; all other line ends become escapes.
pub(super) fn in_lines(report: &Report, finding: &Finding) -> String {
    let mut out = printable(&finding.message).into_owned();
    for (label, text) in notes(report, finding) {
        for (i, line) in text.lines().enumerate() {
            let head = if i == 0 {
                format!("{label}: ")
            } else {
                String::new()
            };
            let _ = write!(out, "\n{head}{}", printable(line));
        }
    }
    out
}

/// Both values, where the message does not say them; formats for people who have no excerpts of the sources need them.
pub(super) fn values(finding: &Finding) -> String {
    match (&finding.from, &finding.to) {
        (Some(from), Some(to))
            if !finding.message.contains(from) || !finding.message.contains(to) =>
        {
            let (from, to) = (shortened(from, VALUE), shortened(to, VALUE));
            format!("from `{from}` to `{to}`")
        }
        _ => String::new(),
    }
}

/// The fingerprint of what fails the check, which `protopact accept` takes.
fn acceptable(finding: &Finding) -> String {
    match finding.status {
        Status::Failing => finding.fingerprint.clone(),
        _ => String::new(),
    }
}

/// Which baselines it breaks, where there are several.
pub(super) fn against(report: &Report, finding: &Finding) -> String {
    if report.further_baselines.is_empty() {
        return String::new();
    }
    and(&finding.baselines)
}

/// The first of what was folded into the finding, and how many more there are.
fn implied(finding: &Finding) -> String {
    match finding.consequences.as_slice() {
        [] => String::new(),
        [one] => one.message.clone(),
        [first, rest @ ..] => format!("{}, and {} more", first.message, rest.len()),
    }
}
