//! Pages → rules: the catalogue of what is promised and of what breaks a promise; it knows neither schemas nor findings.
//!
//! A rule is a Markdown page under `rules/`; the pages are part of the binary. At start-up only the settings at the top of
//! each page are read; prose and cases are read by whoever asks for them.

pub mod document;
pub mod levels;
pub mod matcher;
pub mod preset;
pub mod template;

use std::collections::{BTreeMap, HashMap};

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use toml::Spanned;

use crate::change::{Action, Aspect, CONDITIONS, Change, Subject, ways};
use document::{Case, Page, PageError, Settings};
use levels::Setting;
use matcher::{Pattern, Situation};
use preset::Preset;
use template::Template;

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Whom a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Breaks {
    /// Programs that exchange the binary encoding.
    Wire,
    /// Programs that exchange ProtoJSON.
    Json,
    /// Source that uses generated code.
    Source,
}

impl Breaks {
    /// The word that pages and reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Json => "json",
            Self::Source => "source",
        }
    }
}

/// Which readers suffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// New readers of old data.
    Backward,
    /// Old readers of new data.
    Forward,
    /// Both.
    Both,
}

impl Direction {
    /// The word that pages and reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
            Self::Both => "both",
        }
    }
}

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
    pub breaks: Vec<Breaks>,
    /// Which readers suffer.
    pub direction: Direction,
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
        let mut rules = Vec::new();
        for (path, text) in pages {
            let page = Page { path, text };
            match path.split_once('/') {
                Some(("presets", file)) => {
                    catalogue
                        .presets
                        .insert(file.trim_end_matches(".toml"), page);
                }
                Some((folder, "README.md")) => {
                    catalogue.guarantees.push(Guarantee::parse(folder, page)?);
                }
                Some((folder, file)) => rules.push((folder, file, page)),
                None if path == "allowed.md" => catalogue.allowances = allowances(page)?,
                None => {}
            }
        }
        catalogue.guarantees.sort_by_key(|known| known.order);
        for (folder, file, page) in rules {
            let rule = Rule::parse(folder, file, page, &catalogue.guarantees)?;
            catalogue.rules.push(rule);
        }
        catalogue.order_rules();
        catalogue.index()?;
        Ok(catalogue)
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

impl Guarantee {
    /// The README below its settings.
    pub fn prose(&self) -> Result<&'static str, PageError> {
        let front = document::front(self.page)?;
        Ok(self.page.text.get(front.end..).unwrap_or_default().trim())
    }

    fn parse(folder: &str, page: Page<'static>) -> Result<Self, PageError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Typed {
            promise: String,
            order: u32,
        }

        let front = document::front(page)?;
        let typed: Typed = front.settings.read()?;
        Ok(Self {
            id: folder.to_owned(),
            title: front.title.to_owned(),
            promise: typed.promise,
            order: typed.order,
            page,
        })
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

    /// The page's text between the settings and the first case.
    pub fn prose(&self) -> Result<&'static str, PageError> {
        document::prose(self.page)
    }

    /// The cases that show and test the rule.
    pub fn cases(&self) -> Result<Vec<Case>, PageError> {
        document::cases(self.page)
    }

    fn parse(
        folder: &str,
        file: &str,
        page: Page<'static>,
        guarantees: &[Guarantee],
    ) -> Result<Self, PageError> {
        let Some(id) = file.strip_suffix(".md").filter(|id| !id.contains('/')) else {
            return Err(page.error(1, "a folder of rules holds pages `<rule-id>.md` only"));
        };
        let known: Vec<&str> = guarantees.iter().map(|known| known.id.as_str()).collect();
        if !known.contains(&folder) {
            return Err(page.error(1, "its folder has no README.md, which states the promise"));
        }
        let front = document::front(page)?;
        let settings = front.settings;
        let typed: Typed = settings.read()?;
        let verdict = Verdict {
            setting: typed.level,
            breaks: typed.breaks,
            direction: typed.direction,
            message: template(&settings, typed.message)?,
            help: template(&settings, typed.help)?,
        };
        let also = ids(&settings, typed.also, &known)?;
        let mut also_if = Vec::new();
        let conditions: Vec<&str> = CONDITIONS.iter().map(|condition| condition.name).collect();
        for entry in typed.also_if {
            let place = entry.condition.span().start;
            let condition = entry.condition.into_inner();
            matcher::check_word(&settings, place, &condition, "condition", &conditions)?;
            also_if.push((condition, ids(&settings, Some(entry.guarantees), &known)?));
        }
        let patterns = typed
            .patterns
            .into_vec()
            .into_iter()
            .map(|pattern| pattern.resolve(&settings))
            .collect::<Result<Vec<_>, _>>()?;
        let claimed: Vec<&str> = claimed_ways(&patterns);
        let mut overrides = BTreeMap::new();
        for (way, typed) in typed.how {
            matcher::check_word(&settings, way.span().start, way.get_ref(), "way", &claimed)?;
            let verdict = typed.over(&verdict, &settings)?;
            overrides.insert(way.into_inner(), verdict);
        }
        Ok(Self {
            id: id.to_owned(),
            guarantee: folder.to_owned(),
            title: front.title.to_owned(),
            verdict,
            ways: overrides,
            also,
            also_if,
            patterns,
            page,
        })
    }
}

/// The ways in which the changes of some patterns can happen.
fn claimed_ways(patterns: &[Pattern]) -> Vec<&'static str> {
    patterns
        .iter()
        .flat_map(|pattern| {
            pattern
                .triples
                .iter()
                .flat_map(|(subject, aspect, action)| {
                    ways(*subject, *aspect, *action).unwrap_or_default()
                })
                .filter(|way| {
                    pattern.how.is_empty() || pattern.how.iter().any(|named| named == *way)
                })
                .copied()
        })
        .collect()
}

/// The settings of a rule page as they are typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    level: Setting,
    breaks: Vec<Breaks>,
    direction: Direction,
    message: Spanned<String>,
    help: Spanned<String>,
    also: Option<Spanned<Vec<String>>>,
    #[serde(default, rename = "also-if")]
    also_if: Vec<AlsoIf>,
    #[serde(rename = "match")]
    patterns: Patterns,
    #[serde(default)]
    how: BTreeMap<Spanned<String>, Override>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlsoIf {
    condition: Spanned<String>,
    guarantees: Spanned<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    level: Option<Setting>,
    breaks: Option<Vec<Breaks>>,
    direction: Option<Direction>,
    message: Option<Spanned<String>>,
    help: Option<Spanned<String>>,
}

impl Override {
    /// The verdict with what is overridden.
    fn over(self, base: &Verdict, settings: &Settings<'_>) -> Result<Verdict, PageError> {
        let sentence = |typed: Option<Spanned<String>>, base: &Template| match typed {
            Some(typed) => template(settings, typed),
            None => Ok(base.clone()),
        };
        Ok(Verdict {
            setting: self.level.unwrap_or(base.setting),
            breaks: self.breaks.unwrap_or_else(|| base.breaks.clone()),
            direction: self.direction.unwrap_or(base.direction),
            message: sentence(self.message, &base.message)?,
            help: sentence(self.help, &base.help)?,
        })
    }
}

/// `[match]` or several `[[match]]`.
struct Patterns(Vec<matcher::Typed>);

impl Patterns {
    fn into_vec(self) -> Vec<matcher::Typed> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An untagged enum would lose the place of an error inside the table.
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Patterns;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("[match] or [[match]]")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Patterns, A::Error> {
                let table = serde::de::value::MapAccessDeserializer::new(map);
                Ok(Patterns(vec![matcher::Typed::deserialize(table)?]))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Patterns, A::Error> {
                let list = serde::de::value::SeqAccessDeserializer::new(seq);
                Ok(Patterns(Vec::deserialize(list)?))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// A sentence all of whose placeholders are known.
fn template(settings: &Settings<'_>, typed: Spanned<String>) -> Result<Template, PageError> {
    let place = typed.span().start;
    Template::new(typed.into_inner())
        .map_err(|word| settings.error(place, format!("there is no placeholder `{{{word}}}`")))
}

/// Guarantees by id, each of which must be known.
fn ids(
    settings: &Settings<'_>,
    typed: Option<Spanned<Vec<String>>>,
    known: &[&str],
) -> Result<Vec<String>, PageError> {
    let Some(typed) = typed else {
        return Ok(Vec::new());
    };
    let place = typed.span().start;
    let ids = typed.into_inner();
    for id in &ids {
        matcher::check_word(settings, place, id, "guarantee", known)?;
    }
    Ok(ids)
}

/// The sections of `allowed.md`.
fn allowances(page: Page<'static>) -> Result<Vec<Allowance>, PageError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Typed {
        allow: Vec<matcher::Typed>,
    }

    let mut allowances = Vec::new();
    for (words, blocks) in document::sections(page)? {
        for settings in blocks {
            let typed: Typed = settings.read()?;
            for entry in typed.allow {
                allowances.push(Allowance {
                    words: words.to_owned(),
                    pattern: entry.resolve(&settings)?,
                });
            }
        }
    }
    Ok(allowances)
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
