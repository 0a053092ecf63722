//! Pages → rules: the catalogue of what is promised and of what breaks a promise; it knows neither schemas nor findings.
//!
//! A rule is a Markdown page under `rules/`; the pages are part of the binary. At start-up only the settings at the top of
//! each page are read; prose and cases are read by whoever asks for them.

pub mod alias;
pub mod catalogue;
pub mod document;
pub mod effect;
pub mod levels;
mod markdown;
pub mod matcher;
pub mod preset;
mod settings;
pub mod template;

use std::collections::BTreeMap;

use crate::change::{Aspect, Change};
pub use crate::impact::{Breaks, Direction};
pub use catalogue::{Catalogue, Claim};
use document::{Case, Page, PageError};
pub use effect::Effect;
use levels::Setting;
use matcher::Pattern;
use template::Template;

/// A promise: a folder under `rules/`.
#[derive(Debug, Clone)]
pub struct Guarantee {
    /// The name of the folder.
    pub id: String,
    /// The title of its README.
    pub title: String,
    /// The promise in its own words.
    pub promise: String,
    /// Its place in lists.
    pub order: u32,
    /// The README.
    pub page: Page<'static>,
}

/// A rule: a page in the folder of a guarantee.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The file stem.
    pub id: String,
    /// The folder.
    pub guarantee: String,
    /// The title, which is the summary.
    pub title: String,
    /// What is said of every change that the rule claims.
    pub verdict: Verdict,
    /// The level in a release, before presets and configuration, where it is another one.
    pub release: Option<Setting>,
    /// What is said instead where the change happened in a certain way.
    pub ways: BTreeMap<String, Verdict>,
    /// Further guarantees.
    pub also: Vec<String>,
    /// Further guarantees where a condition holds.
    pub also_if: Vec<(String, Vec<String>)>,
    /// Which changes the rule claims.
    pub patterns: Vec<Pattern>,
    /// The page.
    pub page: Page<'static>,
}

/// What a rule says of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The level, before presets and configuration.
    pub setting: Setting,
    /// Whom it breaks.
    pub effect: Effect,
    /// What happened.
    pub message: Template,
    /// What to do instead.
    pub help: Template,
}

/// Changes that break no promise, and the words that allow them.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// The heading of the section in `allowed.md`.
    pub words: String,
    /// Which changes are allowed.
    pub pattern: Pattern,
}

impl Guarantee {
    /// The README below its settings.
    pub fn prose(&self) -> Result<&'static str, PageError> {
        let front = document::front(self.page)?;
        Ok(self.page.text.get(front.end..).unwrap_or_default().trim())
    }
}

impl Rule {
    /// What the rule says of a change.
    pub fn verdict(&self, change: &Change) -> &Verdict {
        self.ways.get(change.how).unwrap_or(&self.verdict)
    }

    /// The guarantees that a change breaks: the rule's own first, none twice.
    pub fn guarantees(&self, change: &Change) -> Vec<&str> {
        let mut all = vec![self.guarantee.as_str()];
        let conditional = self
            .also_if
            .iter()
            .filter(|(condition, _)| change.conditions.contains(&condition.as_str()))
            .flat_map(|(_, guarantees)| guarantees);
        for id in self.also.iter().chain(conditional) {
            if !all.contains(&id.as_str()) {
                all.push(id);
            }
        }
        all
    }

    /// Every guarantee that the page names, the rule's own first; a guarantee can be named twice.
    pub fn guarantees_of_page(&self) -> impl Iterator<Item = &str> {
        let conditional = self.also_if.iter().flat_map(|(_, guarantees)| guarantees);
        let further = self.also.iter().chain(conditional);
        std::iter::once(&self.guarantee)
            .chain(further)
            .map(String::as_str)
    }

    /// The facets that the rule's patterns name: empty for all, `None` where the rule speaks of nothing that has facets.
    pub fn facets(&self) -> Option<Vec<&str>> {
        let mut open = false;
        let mut facets = Vec::new();
        let options = self.patterns.iter().filter(|pattern| {
            pattern
                .triples
                .iter()
                .any(|triple| triple.1 == Aspect::Option)
        });
        for pattern in options {
            if pattern.facets.is_empty() {
                return Some(Vec::new());
            }
            open = true;
            facets.extend(pattern.facets.iter().map(String::as_str));
        }
        open.then_some(facets)
    }

    /// The ways in which what the rule claims can happen.
    pub fn claimed_ways(&self) -> Vec<&'static str> {
        settings::claimed_ways(&self.patterns)
    }

    /// The page's text between the settings and the first case.
    pub fn prose(&self) -> Result<&'static str, PageError> {
        document::prose(self.page)
    }

    /// The cases that show and test the rule.
    pub fn cases(&self) -> Result<Vec<Case>, PageError> {
        document::cases(self.page)
    }
}
