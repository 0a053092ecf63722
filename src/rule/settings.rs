//! The settings of pages: what was typed → what it means, held to the vocabulary; it does not know what pages claim together.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::document::{self, Page, PageError, Settings};
use super::effect::{self, TypedBreaks};
use super::levels::Setting;
use super::matcher::{self, Pattern};
use super::template::Template;
use super::{Allowance, Direction, Guarantee, Rule, Verdict};
use crate::change::{CONDITIONS, ways};

impl Guarantee {
    /// Reads the README of a folder.
    pub(super) fn parse(folder: &str, page: Page<'static>) -> Result<Self, PageError> {
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
    /// Reads the page of a rule; the guarantees that it names must be known.
    pub(super) fn parse(
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
        let place = typed.breaks.span().start;
        let verdict = Verdict {
            setting: typed.level,
            effect: effect::read(&settings, Some(typed.breaks), typed.direction, None)?,
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
            .0
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
        for pattern in &patterns {
            let said = |way: &str| &overrides.get(way).unwrap_or(&verdict).effect;
            effect::check(pattern, said).map_err(|message| settings.error(place, message))?;
        }
        Ok(Self {
            id: id.to_owned(),
            guarantee: folder.to_owned(),
            title: front.title.to_owned(),
            verdict,
            release: typed.release,
            ways: overrides,
            also,
            also_if,
            patterns,
            page,
        })
    }
}

/// The sections of `allowed.md`.
pub(super) fn allowances(page: Page<'static>) -> Result<Vec<Allowance>, PageError> {
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

/// The ways in which the changes of some patterns can happen.
pub(super) fn claimed_ways(patterns: &[Pattern]) -> Vec<&'static str> {
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
    release: Option<Setting>,
    breaks: Spanned<TypedBreaks>,
    direction: Option<Spanned<Direction>>,
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
    breaks: Option<Spanned<TypedBreaks>>,
    direction: Option<Spanned<Direction>>,
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
            effect: effect::read(settings, self.breaks, self.direction, Some(&base.effect))?,
            message: sentence(self.message, &base.message)?,
            help: sentence(self.help, &base.help)?,
        })
    }
}

/// `[match]` or several `[[match]]`.
struct Patterns(Vec<matcher::Typed>);

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
