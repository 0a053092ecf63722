//! What became of the promises from each release to the next: the counts of one comparison, and those of all; it compares nothing itself.

pub mod page;
pub mod table;

use semver::Version;
use serde::Serialize;

use crate::release::version::{Bump, is_enough};
use crate::report::address::Address;
use crate::report::{Level, Report, Status, Tool};
use crate::revision::Tag;
use crate::revision::walk::Commit;

/// What is its own of the JSON Schema; [`crate::report::json::schema::whole`] completes it.
pub const SCHEMA: &str = include_str!("audit/audit.schema.json");

/// The history of a repository, from each release to the next. Serialised, it is the JSON that `audit` prints, version 1.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// Version of the format.
    pub version: u32,
    /// The program.
    pub tool: Tool,
    /// The preset by whose promises all of it was judged, as if they had been in force from the start; none where each
    /// release is judged by what was promised then.
    pub from_scratch: Option<String>,
    /// The comparisons, lowest version first.
    pub releases: Vec<Step>,
    /// The sums.
    pub totals: Totals,
}

/// One release compared with the one before it.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// The tag of the release before.
    pub from: String,
    /// The tag of the release.
    pub to: String,
    /// The day of the release's commit.
    pub date: String,
    /// The release's commit.
    pub commit: String,
    /// What the comparison gave; none where it could not be made.
    #[serde(flatten)]
    pub counts: Option<Counts>,
    /// Why it could not be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// What a comparison of two releases gave.
#[derive(Debug, Clone, Serialize)]
pub struct Counts {
    /// By which preset it was judged.
    pub preset: String,
    /// Additions to what something was promised for.
    pub additions: usize,
    /// Elements and components that more is promised for than before.
    pub promotions: usize,
    /// The breaks.
    #[serde(flatten)]
    pub breaks: Breaks,
    /// The version bump that the changes needed, below 1.0.0 a smaller one: `major`, `minor`, `patch` or `none`.
    pub needed: &'static str,
    /// The version bump that was made.
    pub made: &'static str,
    /// Whether that was enough.
    pub kept: bool,
    /// Whether a check would have failed.
    pub failing: bool,
    /// The findings at level error that count, accepted ones among them.
    pub broken: Vec<Broken>,
}

/// Findings by what became of them: those that count by their level, the others by their status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Breaks {
    /// At level error.
    pub error: usize,
    /// At level warning.
    pub warning: usize,
    /// At level note.
    pub note: usize,
    /// Excused by maturity.
    pub exempt: usize,
    /// Agreed to.
    pub accepted: usize,
    /// Of promises that were not in force yet.
    pub dormant: usize,
}

/// One broken promise.
#[derive(Debug, Clone, Serialize)]
pub struct Broken {
    /// Rule id.
    pub rule: String,
    /// The page of the rule, where such pages are published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<Address>,
    /// What became of it: `failing`, `reported` or `accepted`.
    pub status: Status,
    /// Full name of the element.
    pub symbol: String,
    /// What changed.
    pub message: String,
}

/// The sums over all comparisons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// How many comparisons were made.
    pub compared: usize,
    /// How many could not be made.
    pub unjudged: usize,
    /// Additions.
    pub additions: usize,
    /// Promotions.
    pub promotions: usize,
    /// The breaks.
    #[serde(flatten)]
    pub breaks: Breaks,
    /// Releases whose version says less than what changed.
    pub understated: usize,
}

/// Two releases, and what comparing them gave: a report, or why there is none.
pub type Compared<'a> = (&'a Tag, &'a Tag, Commit, Result<Report, String>);

/// Puts comparisons together, in their order.
pub fn audit<'a>(
    from_scratch: Option<String>,
    compared: impl IntoIterator<Item = Compared<'a>>,
) -> Audit {
    let releases: Vec<Step> = compared.into_iter().map(step).collect();
    Audit {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        from_scratch,
        totals: totals(&releases),
        releases,
    }
}

fn step((from, to, commit, report): Compared<'_>) -> Step {
    let (counts, trouble) = match report {
        Ok(report) => (Some(counts(&report, &from.version, &to.version)), None),
        Err(why) => (None, Some(why)),
    };
    Step {
        from: from.name.clone(),
        to: to.name.clone(),
        date: commit.date,
        commit: commit.id,
        counts,
        trouble,
    }
}

fn counts(report: &Report, from: &Version, to: &Version) -> Counts {
    let summary = &report.summary;
    let counts = |status: Status| status.counts() || status == Status::Accepted;
    let broken = report
        .findings
        .iter()
        .filter(|finding| finding.level == Level::Error && counts(finding.status));
    let made = Bump::made(from, to);
    let needed = Bump::of(&summary.bump).after(from);
    Counts {
        preset: report.policy.preset.clone(),
        additions: summary.additions,
        promotions: summary.promotions,
        breaks: Breaks {
            error: summary.error,
            warning: summary.warning,
            note: summary.note,
            exempt: summary.exempt,
            accepted: summary.accepted,
            dormant: summary.dormant,
        },
        needed: needed.as_str(),
        made: made.as_str(),
        kept: is_enough(to, from, needed),
        failing: report.fails(),
        broken: broken
            .map(|finding| Broken {
                rule: finding.rule.clone(),
                page: finding.page.clone(),
                status: finding.status,
                symbol: finding.symbol.clone(),
                message: finding.message.clone(),
            })
            .collect(),
    }
}

fn totals(releases: &[Step]) -> Totals {
    let mut totals = Totals::default();
    for step in releases {
        let Some(counts) = &step.counts else {
            totals.unjudged += 1;
            continue;
        };
        let (sum, breaks) = (&mut totals.breaks, &counts.breaks);
        sum.error += breaks.error;
        sum.warning += breaks.warning;
        sum.note += breaks.note;
        sum.exempt += breaks.exempt;
        sum.accepted += breaks.accepted;
        sum.dormant += breaks.dormant;
        totals.compared += 1;
        totals.additions += counts.additions;
        totals.promotions += counts.promotions;
        totals.understated += usize::from(!counts.kept);
    }
    totals
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Bump, Version, is_enough};

    #[test]
    fn a_version_says_enough_or_too_little() {
        let kept = |from: &str, to: &str, needed: &str| {
            let (from, to) = (Version::parse(from).unwrap(), Version::parse(to).unwrap());
            is_enough(&to, &from, Bump::of(needed).after(&from))
        };
        for (from, to, needed, expected) in [
            ("1.2.0", "2.0.0", "major", true),
            ("1.2.0", "1.3.0", "major", false),
            ("1.2.0", "1.3.0", "minor", true),
            ("1.2.0", "1.2.1", "minor", false),
            ("1.2.0", "1.2.1", "patch", true),
            ("1.2.0", "1.2.1", "none", true),
            ("1.2.0-rc.1", "1.2.0", "patch", true),
            ("0.2.0", "0.3.0", "major", true),
            ("0.2.0", "0.2.1", "major", false),
            ("0.2.0", "0.2.1", "minor", true),
            ("0.9.0", "1.0.0", "major", true),
        ] {
            assert_eq!(kept(from, to, needed), expected, "{from} {to} {needed}");
        }
    }
}
