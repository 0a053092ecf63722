//! What people agreed to: records in `protopact.accepted.toml` and marks in comments, and which finding each excuses; it knows
//! neither files nor rule pages.

pub mod edit;
pub mod mark;
pub mod merge;
pub mod record;

use std::collections::BTreeMap;
use std::fmt;

use semver::Version;

use self::mark::Mark;
pub use self::record::Record;
use crate::report::{Agreement, Finding, Side, Status};
use crate::suggest::{closest, did_you_mean};

/// The name of the file that the records stand in, at the root of the current side.
pub const FILE: &str = "protopact.accepted.toml";

/// What was agreed to, as it bears on one comparison.
#[derive(Debug, Clone, Default)]
pub struct Agreed {
    /// The records.
    pub records: Vec<Record>,
    /// Whether marks in comments count.
    pub marks: bool,
    /// By whose releases records go out of use.
    pub releases: Releases,
    /// Whether the comparison looks at everything: a part of the files or of the rules says nothing of other records.
    pub whole: bool,
}

/// What a baseline has of all the releases that records can go by.
#[derive(Debug, Clone, Default)]
pub struct Releases {
    /// Of those of the tree.
    pub tree: Released,
    /// Of those of each component, by its name.
    pub components: BTreeMap<String, Released>,
}

/// What a baseline has of the releases of the tree, or of a component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Released {
    /// The release that it is.
    pub is: Option<Version>,
    /// The highest release that it contains.
    pub contains: Option<Version>,
    /// Whether a shallow clone ends before that can be told.
    pub is_cut: bool,
    /// Whether the comparison judges what is released so.
    pub is_judged: bool,
}

impl Released {
    /// The highest release that it is or contains.
    pub fn highest(&self) -> Option<&Version> {
        self.is.as_ref().max(self.contains.as_ref())
    }
}

impl Releases {
    /// Those that a finding of a component goes by, of the tree where it has none; `None` where there is no such component.
    pub fn of(&self, component: Option<&str>) -> Option<&Released> {
        match component {
            None => Some(&self.tree),
            Some(name) => self.components.get(name),
        }
    }
}

/// What became of a record in a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It excuses a finding.
    Applied,
    /// A later release was compared with and there is nothing to agree to any more, or its `until` has passed.
    Stale(String),
    /// It goes by the releases of a component that there is not, with what to write instead.
    Homeless(String),
    /// This comparison cannot tell: it looked at a part only, or at another baseline than a release.
    Pending,
    /// Nothing was found that it could be about, with the finding that is nearest to it.
    Unmatched(Option<String>),
}

/// The side that made the promises, as far as records go by it.
#[derive(Debug, Clone, Copy)]
pub struct Baseline<'a> {
    /// The side.
    pub side: &'a Side,
    /// The component whose releases count; `None` for those of the tree.
    pub component: Option<&'a str>,
    /// What it has of these.
    pub released: &'a Released,
}

impl Baseline<'_> {
    /// How a record names it: the release that it is or contains, else the commit, else as it was named.
    pub fn name(&self) -> String {
        let Released { is, contains, .. } = self.released;
        match (is.as_ref().or(contains.as_ref()), &self.side.commit) {
            (Some(release), _) => release.to_string(),
            (None, Some(commit)) => commit.clone(),
            (None, None) => self.side.spec.clone(),
        }
    }

    /// The highest release that is out, in words.
    pub fn latest(&self) -> Option<String> {
        self.released.highest().map(|it| self.release(it))
    }

    /// A release of the component, in words.
    fn release(&self, version: impl fmt::Display) -> String {
        match self.component {
            Some(name) => format!("{name} {version}"),
            None => version.to_string(),
        }
    }
}

/// Excuses the findings that were agreed to, and says what became of each record, in their order.
///
/// Only what would count is excused: what is exempt or dormant needs no consent.
pub fn apply(findings: &mut [Finding], agreed: &Agreed, side: &Side) -> Vec<Use> {
    agreed
        .records
        .iter()
        .map(|record| {
            let about = findings.iter().find(|it| record.is_about(it));
            // Whoever moved the element to another component moved its releases, too.
            let named = about.map_or(record.component.as_deref(), |it| it.component.as_deref());
            let named = named.map(str::to_owned);
            let component = named.as_deref();
            let Some(released) = agreed.releases.of(component) else {
                return Use::Homeless(homeless(component, &agreed.releases));
            };
            if !released.is_judged {
                return Use::Pending;
            }
            let baseline = Baseline {
                side,
                component,
                released,
            };
            if let Some(why) = record.has_passed(baseline) {
                return Use::Stale(why);
            }
            let can_tell = agreed.whole && !record.asks_all_releases;
            let mut applied = false;
            for finding in findings.iter_mut().filter(|it| record.is_about(it)) {
                applied = true;
                if finding.status.counts() {
                    finding.status = Status::Accepted;
                    finding.agreement = Some(record.agreement());
                }
            }
            match (applied, can_tell) {
                (true, _) => Use::Applied,
                (false, true) => unused(record, findings, baseline),
                (false, false) => Use::Pending,
            }
        })
        .collect()
}

/// What to do about a component that there is not.
fn homeless(name: Option<&str>, releases: &Releases) -> String {
    let name = name.unwrap_or_default();
    let known = releases.components.keys().map(String::as_str);
    let help = did_you_mean(name, known).unwrap_or_else(|| {
        "name one of those in protopact.toml, or none to go by the releases of the tree".to_owned()
    });
    format!("there is no component `{name}`; {help}")
}

/// Why a record excuses nothing.
///
/// On the way to the next release what was agreed to is part of some comparisons and not of others: only a comparison with
/// the baseline that it was agreed to against, or with a later release, can tell.
fn unused(record: &Record, findings: &[Finding], baseline: Baseline<'_>) -> Use {
    let Some(known) = &record.baseline else {
        return Use::Unmatched(nearest(record, findings));
    };
    let Released {
        is,
        contains,
        is_cut,
        ..
    } = baseline.released;
    if *known == baseline.name() && (is.is_some() || contains.is_none()) {
        return Use::Unmatched(nearest(record, findings));
    }
    let then = Version::parse(known.strip_prefix('v').unwrap_or(known)).ok();
    let short: String = known.chars().take(9).collect();
    let against = then.as_ref().map_or(short, |then| baseline.release(then));
    match (is, contains, then) {
        (Some(now), _, Some(then)) if *now < then => Use::Pending,
        (Some(now), _, _) => Use::Stale(format!(
            "it was agreed to against {against}, and compared with {} there is nothing to agree to",
            baseline.release(now)
        )),
        // Where nothing is ever released, what was merged is.
        (None, None, None) if baseline.side.commit.is_some() && !is_cut => Use::Stale(format!(
            "it was agreed to against {against}, and compared with {} there is nothing to agree to",
            baseline.side.spec
        )),
        _ => Use::Pending,
    }
}

/// The finding that a record could be meant for: the same element under another rule or value, else a similar name.
fn nearest(record: &Record, findings: &[Finding]) -> Option<String> {
    let same = findings
        .iter()
        .filter(|finding| finding.symbol == record.symbol);
    let mut same: Vec<&Finding> = same.collect();
    same.sort_by_key(|finding| finding.rule != record.rule);
    // What follows from another change is told with that.
    let follows = |finding: &&Finding| {
        let mut consequences = finding.consequences.iter();
        consequences.any(|it| it.rule == record.rule && it.symbol == record.symbol)
    };
    let host = || findings.iter().find(follows);
    let found = same.first().copied().or_else(host).or_else(|| {
        let of_rule = || findings.iter().filter(|it| it.rule == record.rule);
        let near = closest(&record.symbol, of_rule().map(|it| it.symbol.as_str()))?;
        of_rule().find(|finding| finding.symbol == near)
    })?;
    let value = |value: &Option<String>| value.as_deref().unwrap_or("none").to_owned();
    Some(format!(
        "{} `{}` ({} -> {}), {}",
        found.rule,
        found.symbol,
        value(&found.from),
        value(&found.to),
        found.fingerprint
    ))
}

/// Excuses a finding that one of the marks of its element agrees to; each mark comes with its place.
pub fn excuse(finding: &mut Finding, marks: &[(Mark, String)]) {
    let mark = marks.iter().find(|(mark, _)| mark.rule == finding.rule);
    if let Some((mark, place)) = mark.filter(|_| finding.status.counts()) {
        finding.status = Status::Accepted;
        finding.agreement = Some(Agreement {
            reason: mark.reason.clone(),
            who: None,
            until: None,
            source: place.clone(),
        });
    }
}
