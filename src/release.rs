//! What a release is to know before it is made: the bump that the changes need, whether the version is enough for them, and what
//! people are to be told; it reads nothing and compares nothing.

pub mod deprecation;
pub mod human;
pub mod json;
pub mod markdown;
pub mod notes;
pub mod section;
pub mod version;

use semver::Version;
use serde::Serialize;

use self::deprecation::Deprecations;
use self::version::{Bump, is_enough, needed, next};
use crate::config::Passing;
use crate::report::text::{count, shell};
use crate::report::{Finding, Level, Nature, Policy, Report, Side, Status, Summary};

/// A version that somebody states for the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// The version.
    pub version: Version,
    /// Who says so: the command line, a tag, a file.
    pub source: String,
    /// Whether it is enough for the changes.
    pub enough: bool,
}

/// What is known beside the report.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The part of the tree that is released on its own, if it is one.
    pub component: Option<String>,
    /// The release that was compared with; `None` for a first one.
    pub baseline: Option<Version>,
    /// The versions that are stated, the one that counts first, each with its source.
    pub stated: Vec<(Version, String)>,
    /// The tags of releases that there are, wherever they stand: version and name.
    pub tags: Vec<(Version, String)>,
    /// What lets a break pass.
    pub breaks: Passing,
    /// What is deprecated.
    pub deprecations: Deprecations,
}

/// Whether a release may be made, and as what.
#[derive(Debug, Clone, Serialize)]
pub struct Release {
    /// Version of the format.
    pub format: u32,
    /// The part of the tree that is released on its own, if it is one.
    pub component: Option<String>,
    /// The latest release; `None` where there is none yet.
    pub baseline: Option<Side>,
    /// What is to be released.
    pub current: Side,
    /// By which policy it was judged.
    pub policy: Policy,
    /// The counts.
    pub summary: Summary,
    /// The bump that the changes need.
    pub bump: Bump,
    /// The rule of semantic versioning that says so.
    pub rule: String,
    /// The lowest version that may be released; `None` for a first one, which may be any.
    pub next: Option<Version>,
    /// The version that is being released: the first that is stated, else the next.
    pub version: Option<Version>,
    /// The versions that are stated.
    pub stated: Vec<Stated>,
    /// Whether the release may be made.
    pub ok: bool,
    /// Why it may not.
    pub failures: Vec<String>,
    /// What a person should know.
    pub remarks: Vec<String>,
    /// What is deprecated.
    pub deprecations: Deprecations,
    /// The findings, by file, line and rule.
    pub findings: Vec<Finding>,
    /// What was compared, in a line.
    #[serde(skip)]
    pub closing: String,
}

/// Whether a release may be made of what a report says.
pub fn assess(report: Report, known: Known) -> Release {
    let mut report = report;
    let needs = Bump::of(&report.summary.bump);
    let bump = known
        .baseline
        .as_ref()
        .map_or(Bump::None, |baseline| needs.after(baseline));
    bump.as_str().clone_into(&mut report.summary.bump);
    if known.baseline.is_none() {
        // Everything is new, and nobody relies on any of it.
        report.findings.retain(|it| it.nature != Nature::Added);
        report.summary.count(&report.findings);
    }
    let closing = crate::report::closing::line(&report);
    let Report {
        baseline,
        current,
        policy,
        summary,
        remarks,
        findings,
        ..
    } = report;
    let (rule, lowest) = match &known.baseline {
        None => (
            "nothing was released yet, so that any version may be the first".to_owned(),
            None,
        ),
        Some(baseline) => (
            needs.rule(baseline).to_owned(),
            Some(next_free(baseline, bump, &known.tags)),
        ),
    };
    let stated: Vec<Stated> = known
        .stated
        .iter()
        .map(|(version, source)| Stated {
            enough: known
                .baseline
                .as_ref()
                .is_none_or(|baseline| is_enough(version, baseline, bump)),
            version: version.clone(),
            source: source.clone(),
        })
        .collect();
    let mut failures = too_small(&stated, known.baseline.as_ref(), bump);
    failures.extend(disagreeing(&stated));
    let unnamed = lowest.as_ref().filter(|_| stated.is_empty());
    let taken = unnamed.and_then(|next| tag_of(next, &known.tags));
    failures.extend(taken.zip(unnamed).map(|(tag, next)| {
        format!(
            "the changes need a {bump} version, and {next} is released already: `{tag}` is no part of this history; take out what needs more than a patch version, or name the version that this is to be"
        )
    }));
    // Of a version that is stated and too small, or that others have, a sentence above says it.
    let announced = known.baseline.is_none() || !stated.is_empty() || taken.is_some();
    failures.extend(unannounced(
        &findings,
        announced,
        known.breaks,
        lowest.as_ref(),
        &Commands::of(&baseline.spec, known.component.as_deref()),
    ));
    let version = stated.first().map(|it| it.version.clone());
    Release {
        format: 1,
        component: known.component,
        baseline: known.baseline.map(|_| baseline),
        current,
        policy,
        summary,
        bump,
        rule,
        version: version.or_else(|| lowest.clone()),
        next: lowest,
        stated,
        ok: failures.is_empty(),
        failures,
        remarks,
        deprecations: known.deprecations,
        findings,
        closing,
    }
}

impl Release {
    /// The breaks that nobody agreed to.
    pub fn breaks(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|it| is_break(it))
    }

    /// What somebody agreed to.
    pub fn accepted(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(|it| it.status == Status::Accepted)
    }

    /// What was added, with an explanation or without one.
    pub fn additions(&self, explained: bool) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(move |it| is_addition(it) && it.explanation.is_some() == explained)
    }

    /// What was promoted, or what was lowered and nobody agreed to.
    pub fn maturity(&self, raised: bool) -> impl Iterator<Item = &Finding> {
        let nature = if raised {
            Nature::Raised
        } else {
            Nature::Lowered
        };
        let findings = self.findings.iter();
        findings.filter(move |it| it.nature == nature && it.status.counts() && !is_break(it))
    }

    /// What else is reported.
    pub fn others(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|it| {
            it.status.counts()
                && !is_break(it)
                && !is_addition(it)
                && !matches!(it.nature, Nature::Raised | Nature::Lowered)
        })
    }
}

fn is_break(finding: &Finding) -> bool {
    finding.status.counts() && finding.level == Level::Error
}

/// What was added and spoils nothing that was written before: all that is asked of it is an explanation.
fn is_addition(finding: &Finding) -> bool {
    let is_new = finding.nature == Nature::Added && finding.status.counts();
    // Old readers of a new enum value or of a new member of a oneof are what the explanation is to speak of.
    let is_harmless = finding.breaks.is_empty() || finding.direction == "forward";
    is_new && is_harmless && !is_break(finding)
}

/// The next version. One of another line with the same numbers is passed over where that is a matter of patches: a minor or a
/// major version that is passed over is a decision of people.
fn next_free(baseline: &Version, bump: Bump, tags: &[(Version, String)]) -> Version {
    let first = next(baseline, bump);
    if bump > Bump::Patch {
        return first;
    }
    let mut patches = (first.patch..=u64::MAX).map(|patch| Version {
        patch,
        ..first.clone()
    });
    patches
        .find(|version| tag_of(version, tags).is_none())
        .unwrap_or(first)
}

/// The tag of a version, wherever it stands.
fn tag_of<'t>(version: &Version, tags: &'t [(Version, String)]) -> Option<&'t str> {
    let tag = tags
        .iter()
        .find(|(taken, _)| taken.cmp_precedence(version).is_eq());
    tag.map(|(_, name)| name.as_str())
}

/// A sentence for each version that announces less than what changed.
fn too_small(stated: &[Stated], baseline: Option<&Version>, bump: Bump) -> Vec<String> {
    let Some(baseline) = baseline else {
        return Vec::new();
    };
    let small = stated.iter().filter(|it| !it.enough);
    small
        .map(|it| {
            let (version, source) = (&it.version, &it.source);
            if version.cmp_precedence(baseline).is_le() {
                format!("{version} ({source}) is not higher than {baseline}, the latest release")
            } else {
                let needed = needed(baseline, bump);
                format!(
                    "{version} ({source}) is too small: the changes since {baseline} need a {bump} version, {needed}"
                )
            }
        })
        .collect()
}

/// A sentence for each version that is another than the one that is being released.
fn disagreeing(stated: &[Stated]) -> Vec<String> {
    let Some((first, rest)) = stated.split_first() else {
        return Vec::new();
    };
    let other = rest
        .iter()
        .filter(|it| it.enough && it.version != first.version);
    other
        .map(|it| {
            format!(
                "{} ({}) is not {}, which is being released ({})",
                it.version, it.source, first.version, first.source
            )
        })
        .collect()
}

/// What to run next, about the same changes.
struct Commands {
    release: String,
    accept: String,
}

impl Commands {
    fn of(baseline: &str, component: Option<&str>) -> Self {
        let component = component.map(|name| format!(" --component {}", shell(name)));
        let component = component.unwrap_or_default();
        Self {
            release: format!("protopact release{component}"),
            accept: format!(
                "protopact accept --all --reason WHY --against {}{component}",
                shell(baseline)
            ),
        }
    }
}

/// A sentence for what fails the check and is let pass neither by the version nor by anybody.
fn unannounced(
    findings: &[Finding],
    announced: bool,
    passing: Passing,
    lowest: Option<&Version>,
    commands: &Commands,
) -> Vec<String> {
    let failing = || findings.iter().filter(|it| it.status == Status::Failing);
    let breaks = failing().filter(|it| it.level == Level::Error).count();
    let others = failing().filter(|it| it.level != Level::Error).count();
    let mut said = Vec::new();
    if breaks > 0 && !(announced && passing == Passing::Version) {
        let breaks = count(breaks, "break");
        said.push(match (passing, lowest) {
            (Passing::Accepted, _) => format!(
                "nobody agreed to {breaks}: `{}` records who did, and why",
                commands.accept
            ),
            (Passing::Version, Some(next)) => format!(
                "no version announces {breaks}: release {next} (`{} {next}`), or agree to what is let go with `{}`",
                commands.release, commands.accept
            ),
            (Passing::Version, None) => format!("no version announces {breaks}"),
        });
    }
    if others > 0 {
        said.push(format!(
            "{} below the level of an error, and --fail-on asks for none",
            count(others, "finding")
        ));
    }
    said
}
