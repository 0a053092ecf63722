//! Names under which other checkers know changes, and which changes each name covers; what a change weighs it does not know.
//!
//! A family of names is a file under `rules/aliases/`. A policy can be put together of them where another tool's verdicts
//! are wanted: a change weighs the most that any of the names that cover it does.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::document::{Page, PageError, Settings};
use super::levels::Setting;
use super::matcher::{OneOrMore, check_word};
use super::{Catalogue, Rule};
use crate::change::{Aspect, CONDITIONS, Change, Subject, ways};

/// The names of one other checker.
#[derive(Debug, Clone)]
pub struct Family {
    /// The file stem, which stands before the colon: `buf`.
    pub name: String,
    /// The names, in the order of the file.
    pub aliases: Vec<Alias>,
}

/// One name of a family.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The name, as the other checker writes it.
    pub name: String,
    /// The groups that the other checker puts it into.
    pub groups: Vec<String>,
    /// The groups in older versions of its configuration, where they are others; empty where that knows no such name.
    pub older: BTreeMap<String, Vec<String>>,
    /// The names that took its place, where the other checker has given it up.
    pub replaced_by: Option<Vec<String>>,
    covers: Vec<Selector>,
}

/// Which changes an entry covers: those of some rules, as far as the further words allow.
#[derive(Debug, Clone)]
struct Selector {
    rules: Vec<String>,
    subjects: Vec<Subject>,
    aspects: Vec<Aspect>,
    how: Vec<String>,
    facets: Vec<String>,
    required: Vec<String>,
    excluded: Vec<String>,
    /// Groups of types within which a change is not covered.
    alike: Vec<Vec<String>>,
    /// Pairs of types, old and new, that are not covered either.
    widens: Vec<(String, String)>,
}

impl Family {
    /// Whether the family has a group of that name; `*` is all of it.
    pub fn has_group(&self, name: &str) -> bool {
        name == EVERY || self.groups().any(|known| known == name)
    }

    /// Every group, as often as it is named.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let all = self.aliases.iter().flat_map(|alias| &alias.groups);
        all.map(String::as_str)
    }

    /// The name, if the family has it.
    pub fn alias(&self, name: &str) -> Option<&Alias> {
        self.aliases.iter().find(|alias| alias.name == name)
    }

    /// The names that cover a change of a rule.
    pub fn covering<'f>(
        &'f self,
        rule: &'f Rule,
        change: &'f Change,
    ) -> impl Iterator<Item = &'f Alias> {
        self.aliases.iter().filter(|alias| {
            let mut covers = alias.covers.iter();
            covers.any(|selector| selector.covers(rule, change))
        })
    }

    /// Reads a file of names; what it says of rules must be true of them.
    pub(super) fn parse(
        name: &str,
        page: Page<'_>,
        catalogue: &Catalogue,
    ) -> Result<Self, PageError> {
        let settings = Settings::file(page);
        let typed: BTreeMap<Spanned<String>, Typed> = settings.read()?;
        let mut typed: Vec<_> = typed.into_iter().collect();
        typed.sort_by_key(|(name, _)| name.span().start);
        let aliases = typed
            .into_iter()
            .map(|(name, typed)| typed.resolve(name.into_inner(), &settings, catalogue))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            name: name.to_owned(),
            aliases,
        })
    }
}

impl Alias {
    /// The rules that claim what the name covers, in the order of the file; a part of what they claim, often.
    pub fn rules(&self) -> Vec<&str> {
        let mut rules: Vec<&str> = Vec::new();
        for id in self.covers.iter().flat_map(|selector| &selector.rules) {
            if !rules.contains(&id.as_str()) {
                rules.push(id);
            }
        }
        rules
    }

    /// The groups under a version of the other checker's configuration; `None` for the newest.
    pub fn groups_in(&self, version: Option<&str>) -> &[String] {
        version
            .and_then(|version| self.older.get(version))
            .unwrap_or(&self.groups)
    }
}

impl Selector {
    fn covers(&self, rule: &Rule, change: &Change) -> bool {
        fn allows<T: PartialEq>(list: &[T], is: impl Fn(&T) -> bool) -> bool {
            list.is_empty() || list.iter().any(is)
        }
        let holds = |name: &String| change.conditions.contains(&name.as_str());
        self.rules.contains(&rule.id)
            && allows(&self.subjects, |subject| *subject == change.subject)
            && allows(&self.aspects, |aspect| *aspect == change.aspect)
            && allows(&self.how, |how| how == change.how)
            && allows(&self.facets, |facet| change.facet.as_ref() == Some(facet))
            && self.required.iter().all(holds)
            && !self.excluded.iter().any(holds)
            && !self.is_harmless(&change.kinds)
    }

    /// Whether every kind that changed did so within a group.
    fn is_harmless(&self, kinds: &[(String, String)]) -> bool {
        let harmless = |(old, new): &(String, String)| {
            let within = |group: &Vec<String>| group.contains(old) && group.contains(new);
            let widened = |(from, to): &(String, String)| from == old && to == new;
            self.alike.iter().any(within) || self.widens.iter().any(widened)
        };
        (!self.alike.is_empty() || !self.widens.is_empty()) && kinds.iter().all(harmless)
    }
}

/// A name as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Typed {
    groups: Vec<String>,
    #[serde(default)]
    older: BTreeMap<String, Vec<String>>,
    replaced_by: Option<Vec<String>>,
    #[serde(default)]
    covers: Vec<TypedSelector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedSelector {
    rule: Spanned<OneOrMore<String>>,
    subject: Option<OneOrMore<Subject>>,
    aspect: Option<OneOrMore<Aspect>>,
    how: Option<OneOrMore<String>>,
    facet: Option<OneOrMore<String>>,
    #[serde(rename = "if")]
    required: Option<OneOrMore<String>>,
    #[serde(rename = "unless")]
    excluded: Option<OneOrMore<String>>,
    #[serde(default)]
    alike: Vec<Vec<String>>,
    #[serde(default)]
    widens: Vec<(String, String)>,
}

impl Typed {
    fn resolve(
        self,
        name: String,
        settings: &Settings<'_>,
        catalogue: &Catalogue,
    ) -> Result<Alias, PageError> {
        let covers = self
            .covers
            .into_iter()
            .map(|typed| typed.resolve(settings, catalogue))
            .collect::<Result<_, _>>()?;
        Ok(Alias {
            name,
            groups: self.groups,
            older: self.older,
            replaced_by: self.replaced_by,
            covers,
        })
    }
}

impl TypedSelector {
    fn resolve(
        self,
        settings: &Settings<'_>,
        catalogue: &Catalogue,
    ) -> Result<Selector, PageError> {
        fn list<T>(typed: Option<OneOrMore<T>>) -> Vec<T> {
            typed.map(|list| list.0).unwrap_or_default()
        }
        let place = self.rule.span().start;
        let rules = self.rule.into_inner().0;
        let ids: Vec<&str> = catalogue
            .rules()
            .iter()
            .map(|rule| rule.id.as_str())
            .collect();
        for id in &rules {
            check_word(settings, place, id, "rule", &ids)?;
        }
        let named: Vec<&Rule> = rules.iter().filter_map(|id| catalogue.rule(id)).collect();
        let triples: Vec<_> = named
            .iter()
            .flat_map(|rule| &rule.patterns)
            .flat_map(|pattern| &pattern.triples)
            .collect();
        let known: Vec<&str> = triples
            .iter()
            .flat_map(|triple| ways(triple.0, triple.1, triple.2).unwrap_or_default())
            .copied()
            .collect();
        let facets: Vec<&str> = named
            .iter()
            .flat_map(|rule| rule.facets().unwrap_or_default())
            .collect();
        let conditions: Vec<&str> = CONDITIONS.iter().map(|condition| condition.name).collect();
        let selector = Selector {
            rules: rules.clone(),
            subjects: list(self.subject),
            aspects: list(self.aspect),
            how: list(self.how),
            facets: list(self.facet),
            required: list(self.required),
            excluded: list(self.excluded),
            alike: self.alike,
            widens: self.widens,
        };
        for (words, kind, known) in [
            (&selector.how, "way", &known),
            (&selector.facets, "facet", &facets),
            (&selector.required, "condition", &conditions),
            (&selector.excluded, "condition", &conditions),
        ] {
            for word in words {
                check_word(settings, place, word, kind, known)?;
            }
        }
        for subject in &selector.subjects {
            let known: Vec<&str> = triples.iter().map(|triple| triple.0.as_str()).collect();
            check_word(settings, place, subject.as_str(), "subject", &known)?;
        }
        for aspect in &selector.aspects {
            let known: Vec<&str> = triples.iter().map(|triple| triple.1.as_str()).collect();
            check_word(settings, place, aspect.as_str(), "aspect", &known)?;
        }
        Ok(selector)
    }
}

/// The group that every name of a family is in.
pub const EVERY: &str = "*";

/// The level set for a name: that of the name itself, else the highest of its groups', else that of the whole family.
pub(super) fn setting(alias: &Alias, by_name: impl Fn(&str) -> Option<Setting>) -> Option<Setting> {
    by_name(&alias.name)
        .or_else(|| alias.groups.iter().filter_map(|group| by_name(group)).max())
        .or_else(|| by_name(EVERY))
}
