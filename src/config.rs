//! `protopact.toml`: what was typed → what it means; it does not know where the file lies or what its settings do.
//!
//! [`typed`] is the file as people write it, [`Config`] what it says: names are resolved against the rules, globs compiled,
//! versions read. Whatever cannot be resolved is a [`ConfigError`] that points at the place.

mod typed;

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::{Glob, GlobMatcher};
use miette::{Diagnostic, NamedSource, SourceSpan};
use semver::Version;
use serde::Deserialize;
use toml::Spanned;

use crate::report::Level;
use crate::rule::Catalogue;
use crate::rule::levels::{LevelError, RuleLevels};
use crate::rule::preset::Exempt;
use crate::suggest::{closest, did_you_mean};

/// What a configuration says; where it is silent, `None` or the documented default.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The preset, by a name that the catalogue has.
    pub preset: Option<String>,
    /// The baselines to compare with, as they are named.
    pub against: Vec<String>,
    /// What is exempt; the preset decides where it is silent.
    pub exempt: Option<Exempt>,
    /// The release that the baseline counts as.
    pub release: Option<Version>,
    /// From which level on a finding fails the check.
    pub fail_on: Option<FailOn>,
    /// Which files are read.
    pub schema: Schema,
    /// What says how mature an element is.
    pub maturity: Maturity,
    /// What a finding weighs at each level below Stable.
    pub levels: BTreeMap<MaturityLevel, Weight>,
    /// Levels set for rules.
    pub rules: RuleLevels,
    /// What counts as the explanation of an addition.
    pub explanations: Explanations,
}

/// From which level on a finding fails the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings too.
    Warning,
    /// Notes too.
    Note,
    /// Nothing fails it.
    Never,
}

impl FailOn {
    /// Whether a finding of this level fails the check.
    pub fn fails(self, level: Level) -> bool {
        match self {
            Self::Error => level >= Level::Error,
            Self::Warning => level >= Level::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }
}

/// Which files are read.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Import roots; `None` where they are to be found out.
    pub roots: Option<Vec<String>>,
    /// Files to read; empty for all.
    pub include: Vec<Pattern>,
    /// Files to leave out.
    pub exclude: Vec<Pattern>,
    /// What becomes of an import that is not there.
    pub missing_imports: MissingImports,
}

/// A glob over paths relative to the root of a side: `*` stays within a directory, `**` does not.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As it was typed.
    pub text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Reads a glob; the error says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, globset::Error> {
        let relative = text.strip_prefix("./").unwrap_or(text);
        let glob = globset::GlobBuilder::new(relative)
            .literal_separator(true)
            .build();
        Ok(Self {
            text: text.to_owned(),
            matcher: glob
                .as_ref()
                .map(Glob::compile_matcher)
                .map_err(Clone::clone)?,
        })
    }

    /// The compiled glob.
    pub fn matcher(&self) -> &GlobMatcher {
        &self.matcher
    }

    /// Whether a path is meant.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

/// What becomes of an import that is not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MissingImports {
    /// The side cannot be judged.
    #[default]
    Error,
    /// The types that it would bring are opaque.
    Stub,
}

/// What says how mature an element is, beside labels and directories.
#[derive(Debug, Clone)]
pub struct Maturity {
    /// Where the maturity table stands; `None` for the usual place.
    pub table: Option<Table>,
    /// The level where nothing says otherwise.
    pub default: MaturityLevel,
    /// Levels set for paths; the first match counts.
    pub components: Vec<Component>,
}

impl Default for Maturity {
    fn default() -> Self {
        Self {
            table: None,
            default: MaturityLevel::Stable,
            components: Vec::new(),
        }
    }
}

/// A maturity level, from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaturityLevel {
    /// Also called experimental or pre-alpha.
    #[serde(alias = "experimental", alias = "pre-alpha")]
    Development,
    /// Alpha.
    Alpha,
    /// Beta.
    Beta,
    /// Release candidate.
    ReleaseCandidate,
    /// All guarantees bind.
    Stable,
}

impl From<MaturityLevel> for crate::maturity::Level {
    fn from(level: MaturityLevel) -> Self {
        match level {
            MaturityLevel::Development => Self::Development,
            MaturityLevel::Alpha => Self::Alpha,
            MaturityLevel::Beta => Self::Beta,
            MaturityLevel::ReleaseCandidate => Self::ReleaseCandidate,
            MaturityLevel::Stable => Self::Stable,
        }
    }
}

/// Where the maturity table stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The Markdown file.
    pub file: String,
    /// The heading above the table; `None` for the usual one.
    pub heading: Option<String>,
    /// The directory that the table's paths are relative to; `None` where it is to be found out.
    pub root: Option<String>,
}

/// A level set for paths.
#[derive(Debug, Clone)]
pub struct Component {
    /// The files.
    pub path: Pattern,
    /// Their level.
    pub level: MaturityLevel,
    /// Why; for the report.
    pub reason: String,
    /// The line of the configuration that says so, from 1.
    pub line: usize,
}

/// What a finding weighs at a maturity level that is exempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// What the rule says, as at Stable.
    Keep,
    /// At most a warning.
    Warning,
    /// At most a note.
    Note,
    /// Nothing: it is listed as exempt.
    Exempt,
}

/// What counts as the explanation of an addition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanations {
    /// Whether a sentence of the element's comment does.
    pub comment: bool,
    /// The changelog whose new lines do; `None` where they do not.
    pub changelog: Option<String>,
    /// Whether the messages of the commits between the two sides do.
    pub commit_messages: bool,
    /// The words by which a comment speaks of the other side; `None` for the usual ones.
    pub words: Option<Vec<String>>,
}

impl Default for Explanations {
    fn default() -> Self {
        Self {
            comment: true,
            changelog: Some("CHANGELOG.md".to_owned()),
            commit_messages: true,
            words: None,
        }
    }
}

/// A configuration that cannot be obeyed.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    #[source_code]
    text: Arc<NamedSource<String>>,
    #[label("{label}")]
    span: SourceSpan,
    label: String,
    /// What to do.
    #[help]
    pub help: Option<String>,
}

impl ConfigError {
    /// The file, the line and the column (both from 1, the column in Unicode scalar values).
    pub fn location(&self) -> (&str, usize, usize) {
        let before = self
            .text
            .inner()
            .get(..self.span.offset())
            .unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let lines = before.matches('\n').count();
        (self.text.name(), lines + 1, line.chars().count() + 1)
    }
}

impl Config {
    /// Reads the text of a configuration; `path` is the name that errors carry.
    pub fn parse(path: &str, text: &str, catalogue: &Catalogue) -> Result<Self, ConfigError> {
        let reader = Reader {
            path,
            text,
            catalogue,
        };
        let typed = toml::from_str(text).map_err(|error| reader.unreadable(&error))?;
        reader.resolve(typed)
    }
}

/// Turns what was typed into what it means, with the place of each error.
struct Reader<'r> {
    path: &'r str,
    text: &'r str,
    catalogue: &'r Catalogue,
}

impl Reader<'_> {
    fn resolve(&self, typed: typed::Config) -> Result<Config, ConfigError> {
        Ok(Config {
            preset: typed.preset.map(|name| self.preset(name)).transpose()?,
            against: typed.against.map(|bases| bases.0).unwrap_or_default(),
            exempt: typed.exempt,
            release: typed.release.map(|text| self.version(&text)).transpose()?,
            fail_on: typed.fail_on,
            schema: self.schema(typed.schema)?,
            maturity: self.maturity(typed.maturity)?,
            levels: typed.levels.into_map(),
            rules: self.rules(typed.rules)?,
            explanations: explanations(typed.explanations),
        })
    }

    fn preset(&self, name: Spanned<String>) -> Result<String, ConfigError> {
        if self
            .catalogue
            .preset_names()
            .any(|known| known == name.get_ref())
        {
            return Ok(name.into_inner());
        }
        let help = did_you_mean(name.get_ref(), self.catalogue.preset_names());
        let message = format!("unknown preset `{}`", name.get_ref());
        Err(self.error(&message, name.span(), "no preset has this name", help))
    }

    fn version(&self, text: &Spanned<String>) -> Result<Version, ConfigError> {
        let version = text.get_ref();
        Version::parse(version.strip_prefix('v').unwrap_or(version)).map_err(|error| {
            let help = "a release is written MAJOR.MINOR.PATCH, for instance \"1.2.0\"";
            let message = format!("`{version}` is not a version: {error}");
            self.error(
                &message,
                text.span(),
                "not a version",
                Some(help.to_owned()),
            )
        })
    }

    fn schema(&self, typed: typed::Schema) -> Result<Schema, ConfigError> {
        Ok(Schema {
            roots: typed.roots,
            include: self.globs(&typed.include)?,
            exclude: self.globs(&typed.exclude)?,
            missing_imports: typed.missing_imports,
        })
    }

    fn maturity(&self, typed: typed::Maturity) -> Result<Maturity, ConfigError> {
        let components = typed
            .component
            .into_iter()
            .map(|component| {
                let reason = component.reason;
                if reason.get_ref().trim().is_empty() {
                    let help = "say why these files are not stable, and until when";
                    let message = "the reason of a component is empty";
                    return Err(self.error(message, reason.span(), "no reason", Some(help.into())));
                }
                Ok(Component {
                    line: self.line(component.path.span().start),
                    path: self.glob(&component.path)?,
                    level: component.level,
                    reason: reason.into_inner(),
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Maturity {
            table: typed.table.map(|table| Table {
                file: table.file,
                heading: table.heading,
                root: table.root,
            }),
            default: typed.default.unwrap_or(MaturityLevel::Stable),
            components,
        })
    }

    fn rules(&self, typed: typed::Rules) -> Result<RuleLevels, ConfigError> {
        let mut levels = RuleLevels::default();
        for (target, setting) in typed {
            let resolved = self
                .catalogue
                .target(target.get_ref())
                .map_err(|error| self.bad_target(&target, &error))?;
            levels.set(resolved, setting);
        }
        Ok(levels)
    }

    fn bad_target(&self, target: &Spanned<String>, error: &LevelError) -> ConfigError {
        let label = match error {
            LevelError::UnknownGuarantee { .. } => "no guarantee has this name",
            LevelError::UnknownFacet { .. } => "the rule has no such facet",
            _ => "no rule has this id",
        };
        let help = error.help().map(|help| help.to_string());
        self.error(&error.to_string(), target.span(), label, help)
    }

    fn globs(&self, typed: &[Spanned<String>]) -> Result<Vec<Pattern>, ConfigError> {
        typed.iter().map(|glob| self.glob(glob)).collect()
    }

    fn glob(&self, typed: &Spanned<String>) -> Result<Pattern, ConfigError> {
        Pattern::new(typed.get_ref()).map_err(|error| {
            let message = format!("`{}` is not a glob: {}", typed.get_ref(), error.kind());
            let help = "`*` matches within a directory, `**` across directories";
            self.error(&message, typed.span(), "bad glob", Some(help.to_owned()))
        })
    }

    /// An error of the TOML reader or of serde, which speak of unknown words in one fixed form.
    fn unreadable(&self, error: &toml::de::Error) -> ConfigError {
        let span = error.span().unwrap_or_default();
        let message = error.message();
        if let Some(key) = message.strip_prefix("missing field ") {
            return self.error(&format!("missing key {key}"), span, "in this table", None);
        }
        let Some((kind, word, known)) = unknown_word(message) else {
            return self.error(message, span, "here", None);
        };
        let help = closest(word, known.iter().copied())
            .map(|close| format!("did you mean `{close}`?"))
            .or_else(|| {
                let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
                (!known.is_empty()).then(|| format!("known here: {}", known.join(", ")))
            });
        self.error(&format!("unknown {kind} `{word}`"), span, "not known", help)
    }

    fn error(
        &self,
        message: &str,
        span: std::ops::Range<usize>,
        label: &str,
        help: Option<String>,
    ) -> ConfigError {
        // Empty spans stand at the end of a line or of the file; they are drawn as one caret.
        let length = span.end.saturating_sub(span.start);
        ConfigError {
            message: printable(message),
            text: Arc::new(NamedSource::new(self.path, printable(self.text))),
            span: SourceSpan::from((span.start.min(self.text.len()), length)),
            label: label.to_owned(),
            help: help.map(|help| printable(&help)),
        }
    }

    fn line(&self, offset: usize) -> usize {
        crate::rule::document::line_of(self.text, offset)
    }
}

fn explanations(typed: typed::Explanations) -> Explanations {
    let default = Explanations::default();
    Explanations {
        comment: typed.comment.unwrap_or(default.comment),
        changelog: match typed.changelog {
            None | Some(typed::Changelog::Counts(true)) => default.changelog,
            Some(typed::Changelog::Counts(false)) => None,
            Some(typed::Changelog::File(path)) => Some(path),
        },
        commit_messages: typed.commit_messages.unwrap_or(default.commit_messages),
        words: typed.words,
    }
}

/// Takes apart serde's "unknown field `a`, expected one of `b`, `c`".
fn unknown_word(message: &str) -> Option<(&'static str, &str, Vec<&str>)> {
    let (kind, rest) = if let Some(rest) = message.strip_prefix("unknown field `") {
        ("key", rest)
    } else {
        ("value", message.strip_prefix("unknown variant `")?)
    };
    let (word, rest) = rest.split_once('`')?;
    Some((kind, word, rest.split('`').skip(1).step_by(2).collect()))
}

/// The text without control characters, each replaced by one of the same length: a terminal would obey them.
fn printable(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\n' | '\t' | '\r' => char,
            _ if char.is_ascii_control() => '?',
            _ if char.is_control() => '¿',
            _ => char,
        })
        .collect()
}
