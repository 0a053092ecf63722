//! What people agreed to: records in `protopact.accepted.toml` and marks in comments, and which finding each excuses; it knows
//! neither files nor rule pages.

pub mod edit;
pub mod mark;
pub mod record;

use semver::Version;

use self::mark::Mark;
pub use self::record::Record;
use crate::report::{Agreement, Finding, Side, Status};
use crate::suggest::closest;

/// The name of the file that the records stand in, at the root of the current side.
pub const FILE: &str = "protopact.accepted.toml";

/// What was agreed to, as it bears on one comparison.
#[derive(Debug, Clone, Default)]
pub struct Agreed {
    /// The records.
    pub records: Vec<Record>,
    /// Whether marks in comments count.
    pub marks: bool,
    /// The highest release that the baseline contains.
    pub released: Option<Version>,
    /// Whether the comparison looks at everything: a part of the files or of the rules says nothing of other records.
    pub whole: bool,
}

/// What became of a record in a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It excuses a finding.
    Applied,
    /// A later release was compared with and there is nothing to agree to any more, or its `until` has passed.
    Stale(String),
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
    /// The highest release that it contains.
    pub contains: Option<&'a Version>,
}

impl Baseline<'_> {
    /// How a record names it: the release that it is or contains, else the commit, else as it was named.
    pub fn name(&self) -> String {
        match (&self.side.release, self.contains, &self.side.commit) {
            (Some(release), _, _) => release.clone(),
            (None, Some(release), _) => release.to_string(),
            (None, None, Some(commit)) => commit.clone(),
            (None, None, None) => self.side.spec.clone(),
        }
    }
}

/// Excuses the findings that were agreed to, and says what became of each record, in their order.
///
/// Only what would count is excused: what is exempt or dormant needs no consent.
pub fn apply(findings: &mut [Finding], agreed: &Agreed, side: &Side) -> Vec<Use> {
    let baseline = Baseline {
        side,
        contains: agreed.released.as_ref(),
    };
    agreed
        .records
        .iter()
        .map(|record| {
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

/// Why a record excuses nothing.
///
/// On the way to the next release what was agreed to is part of some comparisons and not of others: only a comparison with
/// the baseline that it was agreed to against, or with a later release, can tell.
fn unused(record: &Record, findings: &[Finding], baseline: Baseline<'_>) -> Use {
    let Some(known) = &record.baseline else {
        return Use::Unmatched(nearest(record, findings));
    };
    if *known == baseline.name() && (baseline.side.release.is_some() || baseline.contains.is_none())
    {
        return Use::Unmatched(nearest(record, findings));
    }
    let then = Version::parse(known.strip_prefix('v').unwrap_or(known)).ok();
    let short: String = known.chars().take(9).collect();
    let against = then.as_ref().map_or(short, ToString::to_string);
    let is_release = baseline.side.release.is_some();
    match (baseline.contains, then) {
        (Some(now), Some(then)) if is_release && *now < then => Use::Pending,
        (Some(now), _) if is_release => Use::Stale(format!(
            "it was agreed to against {against}, and compared with {now} there is nothing to agree to"
        )),
        // Where nothing is ever released, what was merged is.
        (None, None) if baseline.side.commit.is_some() => Use::Stale(format!(
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
    let found = same.first().copied().or_else(|| {
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
