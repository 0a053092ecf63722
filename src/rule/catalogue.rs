//! Every page, indexed by what it claims; it does not know how a page is written.

use std::collections::{BTreeMap, HashMap};

use include_dir::{Dir, include_dir};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::alias::Family;
use super::document::{Page, PageError};
use super::matcher::{Pattern, Situation};
use super::preset::Preset;
use super::{Allowance, Guarantee, Rule, settings};
use crate::change::{Action, Aspect, Change, Subject};

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// What claims a change.
#[derive(Debug, Clone, Copy)]
pub enum Claim<'c> {
    /// A rule forbids it.
    Rule(&'c Rule),
    /// A section of `allowed.md` allows it.
    Allowed(&'c Allowance),
}

/// Every rule, guarantee, allowance and preset.
#[derive(Debug, Default)]
pub struct Catalogue {
    guarantees: Vec<Guarantee>,
    rules: Vec<Rule>,
    allowances: Vec<Allowance>,
    presets: BTreeMap<&'static str, Page<'static>>,
    families: Vec<Family>,
    by_id: HashMap<String, usize>,
    by_triple: HashMap<(Subject, Aspect, Action), Vec<Index>>,
}

/// A pattern of the catalogue.
#[derive(Debug, Clone, Copy)]
enum Index {
    Rule { rule: usize, pattern: usize },
    Allowed(usize),
}

impl Catalogue {
    /// The catalogue that is part of the program. Tests hold the pages to their form, so that an error here means that
    /// the program was built from pages that no test has seen.
    pub fn embedded() -> Result<Self, PageError> {
        let mut pages = Vec::new();
        collect(&PAGES, &mut pages);
        Self::from_pages(pages)
    }

    /// A catalogue of pages, given as paths relative to `rules/` and texts.
    pub fn from_pages(
        pages: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Result<Self, PageError> {
        let mut catalogue = Self::default();
        let (mut rules, mut families) = (Vec::new(), Vec::new());
        for (path, text) in pages {
            let page = Page { path, text };
            match path.split_once('/') {
                Some(("presets", file)) => {
                    if let Some(name) = file.strip_suffix(".toml") {
                        catalogue.presets.insert(name, page);
                    }
                }
                Some(("aliases", file)) => {
                    families.extend(file.strip_suffix(".toml").map(|name| (name, page)));
                }
                Some((folder, "README.md")) => {
                    catalogue.guarantees.push(Guarantee::parse(folder, page)?);
                }
                Some((folder, file)) => rules.push((folder, file, page)),
                None if path == "allowed.md" => catalogue.allowances = settings::allowances(page)?,
                None => {}
            }
        }
        catalogue.guarantees.sort_by_key(|known| known.order);
        // Every run reads the pages, so that all cores do it; the first of them that is wrong is told of.
        let parsed: Vec<_> = rules
            .into_par_iter()
            .map(|(folder, file, page)| Rule::parse(folder, file, page, &catalogue.guarantees))
            .collect();
        catalogue.rules = parsed.into_iter().collect::<Result<_, _>>()?;
        catalogue.order_rules();
        catalogue.index()?;
        for (name, page) in families {
            let family = Family::parse(name, page, &catalogue)?;
            catalogue.families.push(family);
        }
        Ok(catalogue)
    }

    /// The same for a release: rules whose pages say so have another level there.
    #[must_use]
    pub fn for_release(mut self) -> Self {
        for rule in &mut self.rules {
            let Some(setting) = rule.release else {
                continue;
            };
            let ways = rule.ways.values_mut();
            for verdict in ways.chain([&mut rule.verdict]) {
                verdict.setting = setting;
            }
        }
        self
    }

    /// The guarantees, in order.
    pub fn guarantees(&self) -> &[Guarantee] {
        &self.guarantees
    }

    /// The guarantee of a folder.
    pub fn guarantee(&self, id: &str) -> Option<&Guarantee> {
        self.guarantees.iter().find(|known| known.id == id)
    }

    /// The rules, in the order of their guarantees, then by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.get(*self.by_id.get(id)?)
    }

    /// What is allowed.
    pub fn allowances(&self) -> &[Allowance] {
        &self.allowances
    }

    /// The rule that forbids a change; `None` where it is allowed.
    pub fn rule_for(&self, change: &Change) -> Option<&Rule> {
        match self.claims(Situation::from(change)).next()? {
            Claim::Rule(rule) => Some(rule),
            Claim::Allowed(_) => None,
        }
    }

    /// Everything that claims a situation: exactly one thing, as a test ensures. A pattern that names the facet comes
    /// before those that name none, which speak of all other facets.
    pub fn claims<'c, 's>(
        &'c self,
        situation: Situation<'s>,
    ) -> impl Iterator<Item = Claim<'c>> + use<'c, 's> {
        let candidates: &[Index] = self
            .by_triple
            .get(&situation.triple)
            .map_or(&[], Vec::as_slice);
        let matching = move |index: &Index| {
            let (pattern, claim) = self.pattern(*index)?;
            pattern.matches(&situation).then_some((pattern, claim))
        };
        let named = situation.facet.is_some()
            && candidates
                .iter()
                .filter_map(matching)
                .any(|(pattern, _)| !pattern.facets.is_empty());
        candidates
            .iter()
            .filter_map(matching)
            .filter(move |(pattern, _)| !named || !pattern.facets.is_empty())
            .map(|(_, claim)| claim)
    }

    /// The names that other checkers have for changes.
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// The names of one other checker.
    pub fn family(&self, name: &str) -> Option<&Family> {
        self.families.iter().find(|known| known.name == name)
    }

    /// The names of the presets.
    pub fn preset_names(&self) -> impl Iterator<Item = &str> {
        self.presets.keys().copied()
    }

    /// Reads a preset; `None` where none has that name.
    pub fn preset(&self, name: &str) -> Result<Option<Preset>, PageError> {
        self.presets
            .get(name)
            .map(|page| Preset::parse(name, *page, self))
            .transpose()
    }

    fn pattern(&self, index: Index) -> Option<(&Pattern, Claim<'_>)> {
        match index {
            Index::Rule { rule, pattern } => {
                let rule = self.rules.get(rule)?;
                Some((rule.patterns.get(pattern)?, Claim::Rule(rule)))
            }
            Index::Allowed(index) => {
                let allowance = self.allowances.get(index)?;
                Some((&allowance.pattern, Claim::Allowed(allowance)))
            }
        }
    }

    fn order_rules(&mut self) {
        let order: HashMap<&str, usize> = self
            .guarantees
            .iter()
            .enumerate()
            .map(|(order, known)| (known.id.as_str(), order))
            .collect();
        let key = |rule: &Rule| order.get(rule.guarantee.as_str()).copied();
        self.rules
            .sort_by(|a, b| (key(a), &a.id).cmp(&(key(b), &b.id)));
    }

    fn index(&mut self) -> Result<(), PageError> {
        for (number, rule) in self.rules.iter().enumerate() {
            if self.by_id.insert(rule.id.clone(), number).is_some() {
                let message = format!("another page has the id `{}` too", rule.id);
                return Err(rule.page.error(1, message));
            }
            for (pattern, known) in rule.patterns.iter().enumerate() {
                let index = Index::Rule {
                    rule: number,
                    pattern,
                };
                for triple in &known.triples {
                    self.by_triple.entry(*triple).or_default().push(index);
                }
            }
        }
        for (number, allowance) in self.allowances.iter().enumerate() {
            for triple in &allowance.pattern.triples {
                let indices = self.by_triple.entry(*triple).or_default();
                indices.push(Index::Allowed(number));
            }
        }
        Ok(())
    }
}

/// Every text of an embedded folder, by path.
fn collect(dir: &'static Dir<'static>, pages: &mut Vec<(&'static str, &'static str)>) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            pages.push((path, text));
        }
    }
    for dir in dir.dirs() {
        collect(dir, pages);
    }
}
