//! One record of `protopact.accepted.toml`: how it is read, and which finding it is about.

use std::fmt;

use semver::Version;
use serde::Deserialize;
use toml::Spanned;

use super::{Baseline, FILE};
use crate::change::Aspect;
use crate::config::ConfigError;
use crate::report::{Agreement, Finding};
use crate::rule::Catalogue;
use crate::rule::document::line_of;
use crate::suggest::did_you_mean;

/// A change that somebody agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The rule.
    pub rule: String,
    /// Full name of the element.
    pub symbol: String,
    /// The value in the baseline; `None` where there was none.
    pub from: Option<String>,
    /// The value in the current side; `None` where there is none.
    pub to: Option<String>,
    /// The fingerprint of the finding, which tells apart what the other keys do not; not needed where they do.
    pub fingerprint: Option<String>,
    /// The component by whose releases it goes; `None` for those of the tree.
    pub component: Option<String>,
    /// The release, else the commit, that was compared with when it was agreed to.
    pub baseline: Option<String>,
    /// Why it was agreed to.
    pub reason: String,
    /// Who agreed.
    pub who: Option<String>,
    /// The release from which on it counts no more.
    pub until: Option<Version>,
    /// The line of the file that it stands on, from 1; 0 for one that is not written yet.
    pub line: usize,
    /// Whether only a comparison with all releases has findings of the rule.
    pub asks_all_releases: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    #[serde(default)]
    accepted: Vec<Spanned<TypedRecord>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRecord {
    rule: Spanned<String>,
    symbol: String,
    from: Option<String>,
    to: Option<String>,
    fingerprint: Option<String>,
    component: Option<String>,
    baseline: Option<String>,
    reason: Spanned<String>,
    who: Option<String>,
    until: Option<Spanned<String>>,
}

/// Reads the text of the file; `path` is the name that errors carry.
///
/// # Errors
/// [`ConfigError`]: it is no TOML, a key is unknown or missing, a rule does not exist, a reason is empty, a version is none.
pub fn read(path: &str, text: &str, catalogue: &Catalogue) -> Result<Vec<Record>, ConfigError> {
    let file = (path, text);
    let typed: Typed = toml::from_str(text)
        .map_err(|error| conflict(file).unwrap_or_else(|| ConfigError::unreadable(file, &error)))?;
    let records = typed.accepted.into_iter().map(|record| {
        let line = line_of(text, record.span().start);
        let record = record.into_inner();
        let rule = record.rule.get_ref();
        if catalogue.rule(rule).is_none() {
            let help = did_you_mean(rule, catalogue.rules().iter().map(|rule| rule.id.as_str()));
            let message = format!("unknown rule `{rule}`");
            let span = record.rule.span();
            return Err(ConfigError::new(file, &message, span, "no rule has this id", help));
        }
        if record.reason.get_ref().trim().is_empty() {
            let help = "say why the change may be made all the same: whoever reads the record has nothing else".to_owned();
            let message = "the reason of a record is empty";
            let span = record.reason.span();
            return Err(ConfigError::new(file, message, span, "no reason", Some(help)));
        }
        let until = record.until.map(|until| {
            let version = until.get_ref();
            Version::parse(version.strip_prefix('v').unwrap_or(version)).map_err(|error| {
                let message = format!("`{version}` is not a version: {error}");
                let help = "a release is written MAJOR.MINOR.PATCH, for instance \"1.2.0\"".to_owned();
                ConfigError::new(file, &message, until.span(), "not a version", Some(help))
            })
        });
        Ok(Record {
            asks_all_releases: asks_all_releases(rule, catalogue),
            rule: record.rule.into_inner(),
            symbol: record.symbol,
            from: record.from,
            to: record.to,
            fingerprint: record.fingerprint,
            component: record.component,
            baseline: record.baseline,
            reason: record.reason.into_inner(),
            who: record.who,
            until: until.transpose()?,
            line,
        })
    });
    records.collect()
}

/// The error for what git leaves in a file that it could not merge.
fn conflict(file: (&str, &str)) -> Option<ConfigError> {
    const MARKER: &str = "<<<<<<< ";
    let (_, text) = file;
    let at = if text.starts_with(MARKER) {
        0
    } else {
        text.find(&format!("\n{MARKER}"))? + 1
    };
    let help = "keep the records of both sides, each under a line [[accepted]]; as long as git knows of the conflict, `protopact accept --merge` does it";
    let span = at..at + MARKER.trim_end().len();
    let message = "a conflict of a merge was left in the file";
    Some(ConfigError::new(
        file,
        message,
        span,
        "from here",
        Some(help.to_owned()),
    ))
}

fn asks_all_releases(rule: &str, catalogue: &Catalogue) -> bool {
    let patterns = catalogue.rule(rule).map(|rule| &rule.patterns);
    let mut triples = patterns.into_iter().flatten().flat_map(|it| &it.triples);
    triples.all(|triple| matches!(triple.1, Aspect::FormerNumber | Aspect::FormerName))
}

impl Record {
    /// A record of a finding.
    pub fn of(
        finding: &Finding,
        baseline: Baseline<'_>,
        reason: &str,
        who: Option<String>,
    ) -> Self {
        Self {
            rule: finding.rule.clone(),
            symbol: finding.symbol.clone(),
            from: finding.from.clone(),
            to: finding.to.clone(),
            fingerprint: Some(finding.fingerprint.clone()),
            component: finding.component.clone(),
            baseline: Some(baseline.name()),
            reason: reason.to_owned(),
            who,
            until: None,
            line: 0,
            asks_all_releases: false,
        }
    }

    /// Whether a finding is what was agreed to: the same change of the same element, whatever its wording and its lines are.
    pub fn is_about(&self, finding: &Finding) -> bool {
        let same_print = self
            .fingerprint
            .as_ref()
            .is_none_or(|it| *it == finding.fingerprint);
        same_print
            && self.rule == finding.rule
            && self.symbol == finding.symbol
            && self.from == finding.from
            && self.to == finding.to
    }

    /// Why the record counts no more, whatever it is about.
    pub fn has_passed(&self, baseline: Baseline<'_>) -> Option<String> {
        let (until, now) = (self.until.as_ref()?, baseline.released.highest()?);
        (now >= until).then(|| {
            let until = baseline.release(until);
            format!("it was agreed to until {until}, and {now} is out")
        })
    }

    /// What a report says of it.
    pub(super) fn agreement(&self) -> Agreement {
        Agreement {
            reason: self.reason.clone(),
            who: self.who.clone(),
            until: self.until.as_ref().map(ToString::to_string),
            source: format!("{FILE}:{}", self.line),
        }
    }
}

impl Record {
    /// What was agreed to, in a line.
    pub fn change(&self) -> String {
        let value = |value: &Option<String>| value.as_deref().unwrap_or("none").to_owned();
        let (from, to) = (value(&self.from), value(&self.to));
        format!("{} `{}`: {from} -> {to}", self.rule, self.symbol)
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FILE}:{}: {} `{}`", self.line, self.rule, self.symbol)
    }
}
