//! What a check found, as data: the one value that every output format renders; it knows neither terminals nor files.

pub mod address;
mod breaks;
pub mod closing;
pub mod concise;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod merge;
mod place;
pub mod sarif;
pub mod text;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use self::address::Address;
use crate::impact::Impact;

/// How much a finding weighs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// For the reader to know; nothing breaks.
    Note,
    /// Something that people rely on may break.
    Warning,
    /// A promise is broken.
    Error,
}

impl Level {
    /// The word that reports and configuration use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// At or above `--fail-on`: counts towards exit status 1.
    Failing,
    /// Below `--fail-on`.
    Reported,
    /// Excused by the maturity of the element at the baseline.
    Exempt,
    /// Agreed to by a person.
    Accepted,
    /// Nothing that is in force forbids it: its guarantee binds from a later release on, or what it breaks does not count.
    Dormant,
}

impl Status {
    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Reported => "reported",
            Self::Exempt => "exempt",
            Self::Accepted => "accepted",
            Self::Dormant => "dormant",
        }
    }

    /// Whether the finding counts under its level (and not only under its status).
    pub const fn counts(self) -> bool {
        matches!(self, Self::Failing | Self::Reported)
    }
}

/// A place in a file of one side: 1-based lines, 1-based columns in Unicode scalar values, the end excluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Path relative to the root of the side.
    pub path: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// The column after the last.
    pub end_column: u32,
}

/// The sentence that was broken, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// The promise in its own words.
    pub text: String,
    /// `README.md:75` where the baseline's own policy says it, else the preset that assumes it.
    pub source: String,
}

/// The maturity that was in force for an element, and the place that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaturityNote {
    /// The level in force, as one word.
    pub level: String,
    /// The level of each encoding.
    pub encoding: Encodings,
    /// The place that says so: `README.md:66`, `trace.proto:43`, `directory v1development`, `default`.
    pub source: String,
}

/// One level for each encoding; `n/a` where the policy makes no statement for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Encodings {
    /// The level for the binary encoding.
    pub binary: String,
    /// The level for the JSON encoding.
    pub json: String,
}

/// A change that was folded into the finding of its cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consequence {
    /// The rule that it would have been reported under.
    pub rule: String,
    /// The element that it is about.
    pub symbol: String,
    /// What changed.
    pub message: String,
}

/// Who agreed to a change that breaks a promise, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Why.
    pub reason: String,
    /// Who; `None` where it is not said.
    pub who: Option<String>,
    /// The release from which on it counts no more.
    pub until: Option<String>,
    /// The place that says so: a record or a comment.
    pub source: String,
}

/// What was done, for those who sort findings by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// Something was added.
    Added,
    /// Something was removed.
    Removed,
    /// A maturity was raised.
    Raised,
    /// A maturity was lowered.
    Lowered,
    /// Anything else.
    #[default]
    Changed,
}

/// One broken promise.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Rule id.
    pub rule: String,
    /// The page of the rule, where such pages are published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<Address>,
    /// The guarantees that it breaks: the rule's folder first.
    pub guarantees: Vec<String>,
    /// What was done.
    #[serde(skip)]
    pub nature: Nature,
    /// The component whose promise it is, where the tree has any that are released on their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The level of the rule.
    pub level: Level,
    /// What became of it.
    pub status: Status,
    /// Full name of the element, in the baseline if it is there; a path for a file.
    pub symbol: String,
    /// The name by which messages call it: without the package, with the types that enclose it.
    pub name: String,
    /// Kind of the element.
    pub subject: String,
    /// The value in the baseline.
    pub from: Option<String>,
    /// The value in the current side.
    pub to: Option<String>,
    /// What changed, names first, old before new.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// Whom it breaks: `wire`, `json`, `source`.
    pub breaks: Vec<String>,
    /// Which readers suffer: `backward` (new readers of old data), `forward`, `both`.
    pub direction: String,
    /// What becomes of data in each encoding and direction, where that is told from the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// The baselines that it breaks.
    pub baselines: Vec<String>,
    /// The promise.
    pub promise: Promise,
    /// The maturity that was in force.
    pub maturity: MaturityNote,
    /// Where in the baseline.
    pub baseline: Option<Location>,
    /// Where in the current side.
    pub current: Option<Location>,
    /// Hash of rule, symbol, from and to: 16 hexadecimal digits.
    pub fingerprint: String,
    /// Where an explanation of an addition was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The agreement that excuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// What follows from it and is not reported on its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consequences: Vec<Consequence>,
}

impl Report {
    /// Whether a finding fails the check.
    pub fn fails(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.status == Status::Failing)
    }
}

impl Finding {
    /// What findings are ordered by: file, place and rule.
    pub fn order(&self) -> (&str, u32, u32, &str, &str) {
        let place = self.current.as_ref().or(self.baseline.as_ref());
        let (path, line, column) = place.map_or(("", 0, 0), |place| {
            (place.path.as_str(), place.line, place.column)
        });
        (path, line, column, &self.rule, &self.symbol)
    }
}

/// One side of the comparison.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// What the user named.
    pub spec: String,
    /// `git`, `worktree`, `index`, `dir` or `image`.
    pub kind: String,
    /// The commit, in full.
    pub commit: Option<String>,
    /// The release that it is exactly.
    pub release: Option<String>,
}

impl Side {
    /// A file of this side as a person would ask for it: `v1.11.0:trace.proto`, `../old/trace.proto`.
    pub fn file(&self, path: &str) -> String {
        if self.kind == "dir" {
            let directory = self.spec.strip_prefix("dir:").unwrap_or(&self.spec);
            return format!("{}/{path}", directory.trim_end_matches('/'));
        }
        let spec = self.spec.strip_prefix("git:").unwrap_or(&self.spec);
        // These words are ours: git would not understand them.
        let keyword = spec.starts_with("merge-base") || spec.starts_with("latest-release");
        match &self.commit {
            Some(commit) if keyword => format!("{}:{path}", closing::short(commit)),
            _ => format!("{spec}:{path}"),
        }
    }
}

/// By which policy it was judged.
#[derive(Debug, Clone, Serialize)]
pub struct Policy {
    /// Name of the preset.
    pub preset: String,
    /// What is exempt: `component`, `labelled` or `none`.
    pub exempt: String,
    /// Which readers count, where the preset goes by whom a change breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
}

/// How many files there are and how many of them differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Files {
    /// `.proto` files of the baseline.
    pub baseline: usize,
    /// `.proto` files of the current side.
    pub current: usize,
    /// Files that are on one side only or have another content.
    pub changed: usize,
}

/// The counts of the closing line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files compared.
    pub files: Files,
    /// Elements that were looked at (the larger of the two sides): how many hangs on how much had to be loaded, so that it is
    /// for people only.
    #[serde(skip)]
    pub elements: usize,
    /// Changes seen, breaking or not.
    pub changes: usize,
    /// Additions to what something was promised for, those apart that came with another; for what looks at several reports.
    #[serde(skip)]
    pub additions: usize,
    /// Elements that more is promised for than before; for what looks at several reports.
    #[serde(skip)]
    pub promotions: usize,
    /// Findings at level error.
    pub error: usize,
    /// Findings at level warning.
    pub warning: usize,
    /// Findings at level note.
    pub note: usize,
    /// Exempt findings.
    pub exempt: usize,
    /// Accepted findings.
    pub accepted: usize,
    /// Dormant findings.
    pub dormant: usize,
    /// The version bump that the changes need: `major`, `minor`, `patch` or `none`.
    pub bump: String,
}

impl Summary {
    /// The counts of findings, each with its word, in the order in which they are told.
    pub fn counted(&self) -> [(usize, &'static str); 6] {
        [
            (self.error, "error"),
            (self.warning, "warning"),
            (self.note, "note"),
            (self.exempt, "exempt"),
            (self.accepted, "accepted"),
            (self.dormant, "dormant"),
        ]
    }

    /// Counts findings: those that count by their level, others by what became of them.
    pub fn count(&mut self, findings: &[Finding]) {
        let level = |level: Level| {
            let counted = findings.iter().filter(|it| it.status.counts());
            counted.filter(|it| it.level == level).count()
        };
        let status = |status: Status| findings.iter().filter(|it| it.status == status).count();
        self.error = level(Level::Error);
        self.warning = level(Level::Warning);
        self.note = level(Level::Note);
        self.exempt = status(Status::Exempt);
        self.accepted = status(Status::Accepted);
        self.dormant = status(Status::Dormant);
    }
}

/// The texts that locations point into, by path; for rendering only.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The baseline's files that a finding points into on either side.
    pub baseline: BTreeMap<String, String>,
    /// The current side's files that a finding points into on either side.
    pub current: BTreeMap<String, String>,
    /// Those of further baselines, by what the user named them and path.
    pub further: BTreeMap<(String, String), String>,
}

/// Which program made the report.
#[derive(Debug, Clone, Serialize)]
pub struct Tool {
    /// `protopact`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// Everything that a check found. Serialised, it is the JSON report, version 1.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Version of the format.
    pub version: u32,
    /// The program.
    pub tool: Tool,
    /// The side that made the promises.
    pub baseline: Side,
    /// Further sides that made promises, where it was compared with several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_baselines: Vec<Side>,
    /// The side that must keep them.
    pub current: Side,
    /// The policy.
    pub policy: Policy,
    /// The counts.
    pub summary: Summary,
    /// Sentences for the closing line: why the preset was chosen, that there are no release tags, …
    pub remarks: Vec<String>,
    /// The findings, by file, line and rule.
    pub findings: Vec<Finding>,
    /// The texts that the findings point into.
    #[serde(skip)]
    pub sources: Sources,
    /// For files that are gone, a place of the current side to show what was in them; for formats that need one.
    #[serde(skip)]
    pub nearest: BTreeMap<String, Location>,
    /// The URI of the repository that sides from git are kept in, without credentials; for formats that ask for it.
    #[serde(skip)]
    pub repository: Option<String>,
}

impl Report {
    /// The place of a finding in one line: in the current side, else in the baseline and marked so, else its symbol.
    pub fn place(&self, finding: &Finding) -> String {
        match (&finding.current, &finding.baseline) {
            (Some(at), _) => at.to_string(),
            (None, Some(at)) => self.baseline_of(finding).file(&at.to_string()),
            (None, None) => finding.symbol.clone(),
        }
    }

    /// The side that a finding's place in the baseline is told of: the first that it breaks.
    pub fn baseline_of(&self, finding: &Finding) -> &Side {
        let named = |side: &&Side| finding.baselines.first() == Some(&side.spec);
        self.further_baselines
            .iter()
            .find(named)
            .filter(|_| !named(&&self.baseline))
            .unwrap_or(&self.baseline)
    }

    /// The text that a finding's place in the baseline points into.
    pub fn baseline_text(&self, finding: &Finding) -> Option<&String> {
        self.baseline_file(finding, &finding.baseline.as_ref()?.path)
    }

    /// The text of a file of the side that a finding's place in the baseline is told of.
    pub fn baseline_file(&self, finding: &Finding, path: &str) -> Option<&String> {
        let side = self.baseline_of(finding);
        if std::ptr::eq(side, &raw const self.baseline) {
            return self.sources.baseline.get(path);
        }
        let key = (side.spec.clone(), path.to_owned());
        self.sources.further.get(&key)
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "agreed to")?;
        if let Some(who) = &self.who {
            write!(f, " by {who}")?;
        }
        if let Some(until) = &self.until {
            write!(f, " until {until}")?;
        }
        write!(f, ": {} ({})", self.reason, self.source)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}
