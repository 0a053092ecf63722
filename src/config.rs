//! `protopact.toml`: what was typed → what it means; it does not know where the file lies or what its settings do.
//!
//! `typed` is the file as people write it, [`Config`] what it says: names are resolved against the rules, globs compiled,
//! versions read. Whatever cannot be resolved is a [`ConfigError`] that points at the place.

mod error;
mod option;
mod pages;
mod release;
mod releasing;
mod resolve;
pub mod schema;
mod typed;

use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobMatcher};
use semver::Version;
use serde::Deserialize;

use crate::impact::Direction;
use crate::maturity::Level as MaturityLevel;
use crate::report::Level;
use crate::rule::Catalogue;
use crate::rule::levels::RuleLevels;
use crate::rule::preset::Exempt;
pub use error::ConfigError;
pub use option::{CustomOption, Move};
pub use pages::Pages;
pub use release::{
    Component as ReleasedComponent, PLACEHOLDER, Passing, Releasing, VersionFile, holder,
};

/// What a configuration says; where it is silent, `None` or the documented default.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The preset, by a name that the catalogue has.
    pub preset: Option<String>,
    /// The baselines to compare with, as they are named.
    pub against: Vec<String>,
    /// Which readers count, where the preset goes by whom a change breaks.
    pub direction: Option<Direction>,
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
    /// Levels set for rules in some paths.
    pub overrides: Vec<Override>,
    /// Custom options that promise something.
    pub options: Vec<CustomOption>,
    /// What counts as the explanation of an addition.
    pub explanations: Explanations,
    /// How releases are made.
    pub releasing: Releasing,
    /// The parts of the tree that are released on their own.
    pub components: Vec<ReleasedComponent>,
    /// Where the pages of the rules are published, if they are.
    pub pages: Option<Pages>,
}

impl Config {
    /// Reads the text of a configuration; `path` is the name that errors carry.
    pub fn parse(path: &str, text: &str, catalogue: &Catalogue) -> Result<Self, ConfigError> {
        resolve::read(path, text, catalogue)
    }

    /// The changelogs in which an addition to a file may be explained, that of its component first.
    pub fn changelogs_of(&self, path: &str) -> impl Iterator<Item = &str> {
        let component = holder(&self.components, path);
        let own = component.and_then(|it| it.changelog.as_deref());
        let of_tree = self.explanations.changelog.as_deref();
        own.filter(|_| of_tree.is_some()).into_iter().chain(of_tree)
    }

    /// Every changelog in which an addition may be explained.
    pub fn changelogs(&self) -> BTreeSet<&str> {
        let of_tree = self.explanations.changelog.as_deref();
        let components = self.components.iter().filter(|_| of_tree.is_some());
        let own = components.filter_map(|it| it.changelog.as_deref());
        own.chain(of_tree).collect()
    }
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
    /// What every path that is meant starts with.
    start: String,
}

impl Pattern {
    /// Reads a glob; the error says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, globset::Error> {
        let relative = text.strip_prefix("./").unwrap_or(text);
        let glob = globset::GlobBuilder::new(relative)
            .literal_separator(true)
            .build();
        let plain = |c: &char| !matches!(c, '*' | '?' | '[' | '{' | '\\');
        Ok(Self {
            text: text.to_owned(),
            start: relative.chars().take_while(plain).collect(),
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
        path.starts_with(&self.start) && self.matcher.is_match(path)
    }
}

/// Levels set for rules in some paths.
#[derive(Debug, Clone)]
pub struct Override {
    /// The files.
    pub paths: Vec<Pattern>,
    /// The levels.
    pub rules: RuleLevels,
}

impl Override {
    /// Whether a change that is about these files is meant.
    pub fn concerns(&self, files: &[&str]) -> bool {
        let mut files = files.iter();
        files.any(|file| self.paths.iter().any(|pattern| pattern.matches(file)))
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
    /// Why, if that is said.
    pub reason: Option<String>,
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

impl Weight {
    /// What is left of a level.
    pub fn cap(self, level: Level) -> Level {
        match self {
            Self::Keep | Self::Exempt => level,
            Self::Warning => level.min(Level::Warning),
            Self::Note => Level::Note,
        }
    }
}

/// What counts as the explanation of an addition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanations {
    /// Whether a sentence of the element's comment does.
    pub comment: bool,
    /// The changelog of the tree, whose new lines do; `None` where neither they do nor those of a component's changelog.
    pub changelog: Option<String>,
    /// Whether the messages of the commits between the two sides do.
    pub commit_messages: bool,
    /// The words by which a comment speaks of the other side; `None` for the usual ones.
    pub words: Option<Vec<String>>,
    /// Whether an addition has to say since which release it is there.
    pub since: bool,
}

impl Default for Explanations {
    fn default() -> Self {
        Self {
            comment: true,
            changelog: Some("CHANGELOG.md".to_owned()),
            commit_messages: true,
            words: None,
            since: false,
        }
    }
}
