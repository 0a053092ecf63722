//! Findings with their origins, as data and for people; it searches nothing.

use serde::Serialize;

use crate::report::text::{count, inert, printable};
use crate::report::{Finding, Level, Location, Report, Status, closing, concise};
use crate::revision::walk::Commit;

/// What is its own of the JSON Schema; [`crate::report::json::schema::whole`] completes it.
pub const SCHEMA: &str = include_str!("blame.schema.json");

/// What `blame` found. Serialised, it is the JSON that it prints, version 1.
#[derive(Debug, Serialize)]
pub struct Blamed {
    /// Version of the format.
    pub version: u32,
    /// The findings, by file, line and rule.
    pub findings: Vec<Culprit>,
    /// The report that they are of.
    #[serde(skip)]
    pub report: Report,
}

/// A finding and where it comes from.
#[derive(Debug, Serialize)]
pub struct Culprit {
    /// Rule id.
    pub rule: String,
    /// The level of the rule.
    pub level: Level,
    /// What became of it.
    pub status: Status,
    /// Full name of the element.
    pub symbol: String,
    /// What changed.
    pub message: String,
    /// Hash of rule, symbol, from and to.
    pub fingerprint: String,
    /// The baselines that it breaks.
    pub baselines: Vec<String>,
    /// Where in the current side.
    pub place: Option<Location>,
    /// Where it comes from.
    pub origin: Told,
}

/// Where a finding comes from, as it is told.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Told {
    /// Which of these it is.
    pub kind: Kind,
    /// The commit.
    pub commit: Option<Commit>,
    /// The merge that brought the commit.
    pub merge: Option<Commit>,
    /// The number of the pull request, as the commit or the merge says it.
    pub pull_request: Option<u64>,
    /// Commits just before that one that could not be judged, newest first: one of them may have it, too.
    pub unjudged: Vec<Commit>,
}

/// What kind of origin a finding has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A commit.
    Commit,
    /// No commit has it.
    Uncommitted,
    /// What the baseline changed on its own since the two parted.
    Before,
    /// One of the sides has no history that could be searched.
    #[default]
    Unknown,
}

impl Told {
    /// A commit that brought a finding; `merges` are those that brought it, innermost last.
    pub fn of_commit(commit: Commit, merges: &[Commit], unjudged: Vec<Commit>) -> Self {
        // A branch can come by several merges: the one nearest to the commit tells most of it.
        let named = || {
            let mut merges = merges.iter().rev();
            merges.find_map(|merge| pull_request(&merge.subject))
        };
        Self {
            kind: Kind::Commit,
            pull_request: pull_request(&commit.subject).or_else(named),
            commit: Some(commit),
            merge: merges.last().cloned(),
            unjudged,
        }
    }

    /// An origin that is no commit.
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }
}

impl Culprit {
    /// A finding with its origin.
    pub fn new(finding: &Finding, origin: Told) -> Self {
        Self {
            rule: finding.rule.clone(),
            level: finding.level,
            status: finding.status,
            symbol: finding.symbol.clone(),
            message: finding.message.clone(),
            fingerprint: finding.fingerprint.clone(),
            baselines: finding.baselines.clone(),
            place: finding.current.clone(),
            origin,
        }
    }
}

/// The number of the pull or merge request that a subject names, as code hosts write it there.
pub fn pull_request(subject: &str) -> Option<u64> {
    let number = |text: &str| {
        let digits = text.split(|c: char| !c.is_ascii_digit()).next();
        digits.and_then(|digits| digits.parse().ok())
    };
    for start in [
        "Merge pull request #",
        "Merged in pull request #",
        "Merge PR #",
    ] {
        if let Some(rest) = subject.strip_prefix(start) {
            return number(rest);
        }
    }
    let rest = subject.trim_end().strip_suffix(')')?;
    let (_, inner) = rest.rsplit_once('(')?;
    // GitLab writes a merge request as `!12`.
    let digits = inner.strip_prefix(['#', '!'])?;
    digits.parse().ok()
}

/// The findings that count or were agreed to, each followed by its origin; with `verbose` all of them, with `quiet` errors.
pub fn render(blamed: &Blamed, verbose: bool, quiet: bool) -> String {
    let mut out = String::new();
    let findings = blamed.report.findings.iter().zip(&blamed.findings);
    for (finding, culprit) in findings {
        let counts = finding.status.counts();
        let is_shown = if quiet {
            counts && finding.level == Level::Error
        } else {
            verbose || counts || finding.status == Status::Accepted
        };
        if is_shown {
            out.push_str(&concise::line(&blamed.report, finding));
            out.push('\n');
            for line in lines(&culprit.origin) {
                out.push_str("    ");
                out.push_str(&printable(&line));
                out.push('\n');
            }
        }
    }
    out.push_str(&closing::line(&blamed.report));
    out.push('\n');
    inert(&out).into_owned()
}

fn lines(origin: &Told) -> Vec<String> {
    let Some(commit) = &origin.commit else {
        let said = match origin.kind {
            Kind::Before => {
                "no commit of the current side: the baseline changed since the two parted"
            }
            Kind::Uncommitted => "not committed yet",
            Kind::Unknown | Kind::Commit => "one of the sides has no history to search",
        };
        return vec![said.to_owned()];
    };
    let mut lines = vec![described(commit)];
    if let Some(merge) = &origin.merge {
        lines.push(format!("merged by {}", described(merge)));
    }
    let is_named = |number: u64| {
        let subjects = [Some(commit), origin.merge.as_ref()].into_iter().flatten();
        let named = subjects.map(|it| pull_request(&it.subject));
        named.flatten().any(|it| it == number)
    };
    if let Some(number) = origin.pull_request.filter(|number| !is_named(*number)) {
        lines.push(format!("pull request #{number}"));
    }
    if let Some(last) = origin.unjudged.last() {
        lines.push(format!(
            "or before: {} back to {} could not be judged",
            count(origin.unjudged.len(), "commit"),
            closing::short(&last.id),
        ));
    }
    lines
}

fn described(commit: &Commit) -> String {
    format!(
        "{} {} {}: {}",
        closing::short(&commit.id),
        commit.date,
        commit.author,
        commit.subject
    )
}

#[cfg(test)]
mod tests {
    use super::pull_request;

    #[test]
    fn numbers_stand_where_code_hosts_write_them() {
        for (subject, number) in [
            ("Remove kind (#12)", Some(12)),
            ("Remove kind (!7)", Some(7)),
            ("Merge pull request #123 from ada/kind", Some(123)),
            ("Fix #3 for good", None),
            ("Fix (#3) and more", None),
            ("Reverts (see #4)", None),
            ("(#99999999999999999999999)", None),
            ("", None),
        ] {
            assert_eq!(pull_request(subject), number, "{subject}");
        }
    }
}
