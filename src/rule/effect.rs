//! Whom the changes of a rule break: stated by its page, or told from each change; how badly that weighs it does not know.

use serde::Deserialize;
use toml::Spanned;

use super::document::{PageError, Settings};
use super::matcher::Pattern;
use super::{Breaks, Direction};
use crate::change::{Change, ways};
use crate::impact::{self, Impact};

/// Whom the changes that a rule claims break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// All of them these.
    Stated {
        /// Whom they break.
        breaks: Vec<Breaks>,
        /// Which readers suffer.
        direction: Direction,
    },
    /// It depends on the change, and is told from the two elements.
    Computed,
}

impl Effect {
    /// What a change comes to.
    pub fn of(&self, change: &Change) -> Impact {
        match self {
            Self::Stated { breaks, direction } => Impact::stated(breaks, *direction),
            Self::Computed => change.impact.unwrap_or_default(),
        }
    }

    /// Whom it breaks, for a list: `wire, json`, `nothing`, or that it depends on the change.
    pub fn in_words(&self) -> String {
        match self {
            Self::Computed => "depends on the change".to_owned(),
            Self::Stated { breaks, .. } if breaks.is_empty() => "nothing".to_owned(),
            Self::Stated { breaks, .. } => {
                let words: Vec<&str> = breaks.iter().map(|breaks| breaks.as_str()).collect();
                words.join(", ")
            }
        }
    }
}

/// What was typed of whom a change breaks, on top of what is said of all changes of the page.
pub(super) fn read(
    settings: &Settings<'_>,
    breaks: Option<Spanned<TypedBreaks>>,
    direction: Option<Spanned<Direction>>,
    base: Option<&Effect>,
) -> Result<Effect, PageError> {
    let start = breaks.as_ref().map_or(0, |typed| typed.span().start);
    let breaks = match (breaks.map(Spanned::into_inner), base) {
        (Some(TypedBreaks::Computed), _) | (None, Some(Effect::Computed)) => {
            if let Some(direction) = direction {
                let at = direction.span().start;
                let message = "where `breaks` is computed, so is the direction";
                return Err(settings.error(at, message));
            }
            return Ok(Effect::Computed);
        }
        (Some(TypedBreaks::Stated(breaks)), _) => breaks,
        (None, Some(Effect::Stated { breaks, .. })) => breaks.clone(),
        (None, None) => Vec::new(),
    };
    let inherited = match base {
        Some(Effect::Stated { direction, .. }) => Some(*direction),
        _ => None,
    };
    let Some(direction) = direction.map(Spanned::into_inner).or(inherited) else {
        return Err(settings.error(
            start,
            "a page that states `breaks` states a `direction` as well",
        ));
    };
    Ok(Effect::Stated { breaks, direction })
}

/// Whether a page states what it has to state, and leaves to be computed what is computed, in each way that it claims.
pub(super) fn check<'e>(
    pattern: &Pattern,
    said: impl Fn(&str) -> &'e Effect,
) -> Result<(), String> {
    let facets: Vec<Option<&str>> = match pattern.facets.as_slice() {
        [] => vec![None],
        named => named.iter().map(|facet| Some(facet.as_str())).collect(),
    };
    for &triple in &pattern.triples {
        let (subject, aspect, action) = triple;
        let ways = match ways(subject, aspect, action).unwrap_or_default() {
            [] => &[""],
            ways => ways,
        };
        let claimed =
            |way: &&&str| pattern.how.is_empty() || pattern.how.iter().any(|how| how == **way);
        for way in ways.iter().filter(claimed) {
            let is_computed = facets
                .iter()
                .any(|facet| impact::is_computed(triple, way, *facet));
            let says_so = *said(way) == Effect::Computed;
            if is_computed != says_so {
                let should = if is_computed {
                    "told from the change: write `breaks = \"computed\"`"
                } else {
                    "not told from the change: state `breaks` and `direction`"
                };
                return Err(format!(
                    "whom `{subject} · {aspect} · {action}` breaks is {should}"
                ));
            }
        }
    }
    Ok(())
}

/// `breaks`: a list, or that it depends on the change.
pub(super) enum TypedBreaks {
    Stated(Vec<Breaks>),
    Computed,
}

impl<'de> Deserialize<'de> for TypedBreaks {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = TypedBreaks;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of wire, json and source, or \"computed\"")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<TypedBreaks, E> {
                if word == "computed" {
                    return Ok(TypedBreaks::Computed);
                }
                Err(E::invalid_value(serde::de::Unexpected::Str(word), &self))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                seq: A,
            ) -> Result<TypedBreaks, A::Error> {
                let list = serde::de::value::SeqAccessDeserializer::new(seq);
                Ok(TypedBreaks::Stated(Vec::deserialize(list)?))
            }
        }

        deserializer.deserialize_any(Either)
    }
}
