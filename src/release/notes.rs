//! What people are told of a release: its changes as entries of a changelog, in the groups of Keep a Changelog; where they are
//! written it does not know.

use super::Release;
use crate::report::markdown::escape::{code, prose};
use crate::report::{Finding, Level, Nature, Status};

/// A group of entries, by its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// New elements.
    Added,
    /// Elements that are different.
    Changed,
    /// Elements that will go.
    Deprecated,
    /// Elements that are gone.
    Removed,
}

impl Group {
    /// Every group, in the order of Keep a Changelog (<https://keepachangelog.com/en/1.1.0/>).
    pub const ALL: [Self; 4] = [Self::Added, Self::Changed, Self::Deprecated, Self::Removed];

    /// The heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
        }
    }
}

/// What the entry of a break begins with.
pub const BREAKING: &str = "**Breaking:** ";

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it belongs.
    pub group: Group,
    /// Full name of the element.
    pub symbol: String,
    /// Whether it breaks a promise.
    pub is_break: bool,
    /// What is said of it, in Markdown.
    pub text: String,
}

/// The entries of a release, breaks first within each group; what is exempt is not among them.
pub fn entries(release: &Release) -> Vec<Entry> {
    let told = release.findings.iter();
    let told = told.filter(|it| it.status.counts() || it.status == Status::Accepted);
    let mut entries: Vec<Entry> = told.map(entry).collect();
    entries.extend(release.deprecations.new.iter().map(|it| Entry {
        group: Group::Deprecated,
        symbol: it.symbol.clone(),
        is_break: false,
        text: named(&it.subject, &it.name),
    }));
    entries.sort_by_key(|entry| (entry.group, !entry.is_break));
    entries
}

/// What is said of a finding.
pub fn entry(finding: &Finding) -> Entry {
    let group = match finding.nature {
        Nature::Added => Group::Added,
        Nature::Removed => Group::Removed,
        _ => Group::Changed,
    };
    let is_break = finding.level == Level::Error;
    let mut text = if group == Group::Added && !is_break {
        named(&finding.subject, &finding.name)
    } else {
        format!("{}.", capital(&prose(&finding.message)))
    };
    if is_break {
        text = format!("{BREAKING}{text}");
    }
    if let Some(agreement) = &finding.agreement {
        let reason = agreement.reason.trim_end_matches('.');
        let by = match &agreement.who {
            Some(who) => format!("agreed to by {who}: {reason}"),
            None => format!("agreed to: {reason}"),
        };
        text = format!("{text} {}.", capital(&prose(&by)));
    }
    Entry {
        group,
        symbol: finding.symbol.clone(),
        is_break,
        text,
    }
}

/// The entry of an element of which no more is known than that it is there.
fn named(subject: &str, name: &str) -> String {
    format!("{} {}.", capital(&subject.replace('-', " ")), code(name))
}

/// The text with a capital at its start.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
