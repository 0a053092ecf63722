//! One finding as the page shows it: what it says in order, and both sources; it knows no other finding.

use super::excerpt::{Excerpt, Known, excerpt};
use crate::page::prose::{Part, plain, prose};
use crate::report::{Finding, Report, words};

/// How many consequences of a finding are listed before the rest is only counted.
const CONSEQUENCES: usize = 50;

/// One finding.
#[derive(Debug)]
pub(super) struct Entry {
    /// What links point to.
    pub(super) id: String,
    /// The word for its level.
    pub(super) level: &'static str,
    /// The word for what became of it.
    pub(super) status: &'static str,
    /// Whether it counts under its level.
    pub(super) counts: bool,
    /// Rule id.
    pub(super) rule: String,
    /// Where its page is.
    pub(super) page: Option<String>,
    /// The maturity that filters know it by.
    pub(super) maturity: String,
    /// What changed.
    pub(super) message: Vec<Part>,
    /// Where, in one line.
    pub(super) place: String,
    /// Why it does not count; empty where it does.
    pub(super) excuse: Vec<Part>,
    /// What is said below, each with its label.
    pub(super) notes: Vec<Note>,
    /// What follows from it.
    pub(super) consequences: Vec<Follows>,
    /// How many consequences there are.
    pub(super) follows: usize,
    /// How many of them are not listed.
    pub(super) more: usize,
    /// Both sources.
    pub(super) excerpt: Option<Excerpt>,
    /// Whether there are sources, and no room for them.
    pub(super) is_cut: bool,
}

/// What is said below a message.
#[derive(Debug)]
pub(super) struct Note {
    /// What it is about.
    pub(super) label: &'static str,
    /// What it says, a line each.
    pub(super) lines: Vec<Vec<Part>>,
}

/// A consequence.
#[derive(Debug)]
pub(super) struct Follows {
    /// What changed.
    pub(super) message: Vec<Part>,
    /// The rule that it would have been reported under.
    pub(super) rule: String,
}

/// The finding, with its sources if they take no more than `room`, which becomes less by them.
pub(super) fn entry<'a>(
    report: &'a Report,
    finding: &'a Finding,
    id: String,
    known: &mut Known<'a>,
    room: &mut usize,
) -> Entry {
    let all = excerpt(report, finding, known);
    let had = all.is_some();
    let excerpt = all.filter(|excerpt| excerpt.size() <= *room);
    match &excerpt {
        Some(excerpt) => *room -= excerpt.size(),
        // Once something is left out all that follows is, so that no reader takes what is there for complete.
        None if had => *room = 0,
        None => {}
    }
    let follows = finding.consequences.len();
    let listed = finding.consequences.iter().take(CONSEQUENCES);
    Entry {
        id,
        level: finding.level.as_str(),
        status: finding.status.as_str(),
        counts: finding.status.counts(),
        rule: plain(&finding.rule),
        page: finding.page.as_ref().map(|page| page.as_str().to_owned()),
        maturity: maturity(finding),
        message: prose(&finding.message),
        place: plain(&report.place(finding)),
        excuse: prose(&words::excuse(finding).unwrap_or_default()),
        notes: notes(report, finding),
        consequences: listed
            .map(|consequence| Follows {
                message: prose(&consequence.message),
                rule: plain(&consequence.rule),
            })
            .collect(),
        follows,
        more: follows.saturating_sub(CONSEQUENCES),
        is_cut: had && excerpt.is_none(),
        excerpt,
    }
}

/// The word that filters know the maturity of a finding by.
pub(super) fn maturity(finding: &Finding) -> String {
    match finding.maturity.level.as_str() {
        "" => "not stated".to_owned(),
        level => plain(level),
    }
}

/// What all formats for people say, but for the component and the promise, which stand in the headings, and the consequences,
/// which have a list of their own.
fn notes(report: &Report, finding: &Finding) -> Vec<Note> {
    let further = finding.guarantees.get(1..).unwrap_or_default().join(", ");
    let element = if finding.message.contains(&finding.symbol) {
        String::new()
    } else {
        format!("`{}`", finding.symbol)
    };
    let said = words::notes(report, finding).into_iter();
    [("element", element), ("also breaks", further)]
        .into_iter()
        .chain(said)
        .chain([("fingerprint", format!("`{}`", finding.fingerprint))])
        .filter(|(label, text)| {
            !["component", "promise", "implies"].contains(label) && !text.is_empty()
        })
        .map(|(label, text)| Note {
            label,
            lines: text.lines().map(line).collect(),
        })
        .collect()
}

/// A line of a note. What is indented is something to copy, such as a command.
fn line(text: &str) -> Vec<Part> {
    if text.starts_with(' ') {
        let text = plain(text.trim());
        return vec![Part {
            is_code: true,
            text,
        }];
    }
    prose(text)
}
