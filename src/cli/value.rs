//! What the values of flags mean, with errors that name the way out; it knows neither commands nor files.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;

use crate::report::Level;

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Human,
    /// One line per finding.
    Concise,
    /// Version 1 of the JSON report.
    Json,
    /// For code scanning and editors.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// For the test views of CI systems.
    Junit,
    /// A comment on a pull request.
    Markdown,
    /// A page for a browser.
    Html,
}

impl Format {
    /// Every format under its name, in the order in which they are listed.
    const ALL: &'static [(&'static str, Self)] = &[
        ("human", Self::Human),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("junit", Self::Junit),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
    ];
}

/// The format of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFormat {
    /// For a person at a terminal.
    Human,
    /// JSON.
    Json,
    /// A page with a timeline.
    Html,
}

/// The format of a list of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChangelogFormat {
    /// For release notes.
    #[value(help = None)]
    Markdown,
    /// JSON.
    #[value(help = None)]
    Json,
}

/// The format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For a person at a terminal.
    #[value(help = None)]
    Human,
    /// JSON.
    #[value(help = None)]
    Json,
}

/// The format of what is said of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReleaseFormat {
    /// For a person at a terminal.
    #[value(help = None)]
    Human,
    /// JSON.
    #[value(help = None)]
    Json,
    /// A note for the page of the release.
    #[value(help = None)]
    Markdown,
}

/// What `protopact schema` prints the schema of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// `protopact.toml`.
    #[value(help = None)]
    Config,
    /// The JSON report.
    #[value(help = None)]
    Report,
    /// The JSON of `release`.
    #[value(help = None)]
    Release,
    /// The JSON of `changelog`.
    #[value(help = None)]
    Changelog,
    /// The JSON of `blame`.
    #[value(help = None)]
    Blame,
    /// The JSON of `audit`.
    #[value(help = None)]
    Audit,
    /// The JSON of `status`.
    #[value(help = None)]
    Status,
    /// The JSON of `rules`.
    #[value(help = None)]
    Rules,
}

/// One output: a format, and the file it goes to if not stdout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The format.
    pub format: Format,
    /// The file; stdout if there is none, which is also what `-` means.
    pub file: Option<PathBuf>,
}

/// One output of an audit: a format, and the file it goes to if not stdout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditOutput {
    /// The format.
    pub format: AuditFormat,
    /// The file; stdout if there is none, which is also what `-` means.
    pub file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, file) = output(text, Format::ALL)?;
        Ok(Self { format, file })
    }
}

impl FromStr for AuditOutput {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let formats = [
            ("human", AuditFormat::Human),
            ("json", AuditFormat::Json),
            ("html", AuditFormat::Html),
        ];
        let (format, file) = output(text, &formats)?;
        Ok(Self { format, file })
    }
}

/// Reads `FMT` or `FMT:FILE`.
fn output<T: Copy>(text: &str, known: &[(&str, T)]) -> Result<(T, Option<PathBuf>), String> {
    let (name, file) = match text.split_once(':') {
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let Some((_, format)) = known.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        return Err(format!(
            "no such format `{name}`; there are {}",
            names.join(", ")
        ));
    };
    if file == Some("") {
        return Err(format!(
            "no file after the colon; leave the colon out for stdout: `{name}`"
        ));
    }
    Ok((*format, file.filter(|file| *file != "-").map(PathBuf::from)))
}

/// The level of a rule, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLevel {
    /// A rule id, `guarantee/*` or `id.facet`.
    pub rule: String,
    /// The level; off if there is none.
    pub level: Option<Level>,
}

impl fmt::Display for RuleLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}={}",
            self.rule,
            self.level.map_or("off", Level::as_str)
        )
    }
}

impl FromStr for RuleLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (rule, level) = text
            .rsplit_once('=')
            .ok_or("write ID=LEVEL, with a level of error, warning, note or off")?;
        if rule.is_empty() {
            return Err("there is no rule id before the `=`".to_owned());
        }
        let level = match level {
            "error" => Some(Level::Error),
            "warning" => Some(Level::Warning),
            "note" => Some(Level::Note),
            "off" => None,
            _ => {
                return Err(format!(
                    "no such level `{level}`; there are error, warning, note, off"
                ));
            }
        };
        Ok(Self {
            rule: rule.to_owned(),
            level,
        })
    }
}

/// A day as `2026-11-21`.
pub(super) fn date(text: &str) -> Result<chrono::NaiveDate, String> {
    text.parse()
        .map_err(|error: chrono::ParseError| format!("{error}; write it like 2026-11-21"))
}

/// Words that say something, without the space around them.
pub(super) fn words(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("it says nothing"),
        words => Ok(words.to_owned()),
    }
}

/// A release as people write it: `1.11.0` or `v1.11.0`.
pub(super) fn version(text: &str) -> Result<semver::Version, String> {
    let digits = text.strip_prefix('v').unwrap_or(text);
    semver::Version::parse(digits).map_err(|e| format!("{e}; write it like 1.11.0"))
}
