//! Which changes an entry of a page claims: the words of its `[match]`; it does not know what is said about them.

use serde::de::{Deserializer, SeqAccess, Visitor, value::StrDeserializer};
use serde::{Deserialize, de};
use toml::Spanned;

use super::document::{PageError, Settings};
use crate::change::{Action, Aspect, CONDITIONS, Change, Subject, facet, ways};
use crate::suggest::did_you_mean;

/// What pages look at in a change.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'c> {
    /// Subject, aspect and action.
    pub triple: (Subject, Aspect, Action),
    /// The way in which it happened; empty where the vocabulary has none.
    pub how: &'c str,
    /// The name of an option.
    pub facet: Option<&'c str>,
    /// The conditions that hold.
    pub conditions: &'c [&'static str],
}

impl<'c> From<&'c Change> for Situation<'c> {
    fn from(change: &'c Change) -> Self {
        Self {
            triple: change.triple(),
            how: change.how,
            facet: change.facet.as_deref(),
            conditions: &change.conditions,
        }
    }
}

/// One `[match]` of a rule page or one `[[allow]]`.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The triples that it names, all of them known to the vocabulary.
    pub triples: Vec<(Subject, Aspect, Action)>,
    /// The ways that it is limited to; empty for all.
    pub how: Vec<String>,
    /// The facets that it is limited to; empty for all that no other page names.
    pub facets: Vec<String>,
    /// The conditions that must hold.
    pub required: Vec<String>,
    /// The conditions of which none may hold.
    pub excluded: Vec<String>,
}

impl Pattern {
    /// Whether the pattern speaks of the situation.
    pub fn matches(&self, situation: &Situation<'_>) -> bool {
        let holds = |name: &String| situation.conditions.contains(&name.as_str());
        self.triples.contains(&situation.triple)
            && (self.how.is_empty() || self.how.iter().any(|way| way == situation.how))
            && (self.facets.is_empty()
                || situation.facet.is_some_and(|name| {
                    self.facets
                        .iter()
                        .any(|known| facet::is_within(name, known))
                }))
            && self.required.iter().all(holds)
            && !self.excluded.iter().any(holds)
    }
}

/// A `[match]` as it is typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    subject: OneOrMore<Subject>,
    aspect: Spanned<OneOrMore<Aspect>>,
    action: OneOrMore<Action>,
    how: Option<Spanned<OneOrMore<String>>>,
    facet: Option<Spanned<OneOrMore<String>>>,
    #[serde(rename = "if")]
    required: Option<Spanned<OneOrMore<String>>>,
    #[serde(rename = "unless")]
    excluded: Option<Spanned<OneOrMore<String>>>,
}

impl Typed {
    /// What is meant, held to the vocabulary.
    pub(super) fn resolve(self, settings: &Settings<'_>) -> Result<Pattern, PageError> {
        let place = self.aspect.span().start;
        let mut triples = Vec::new();
        let mut known = Vec::new();
        for &subject in &self.subject.0 {
            for &aspect in &self.aspect.get_ref().0 {
                for &action in &self.action.0 {
                    let Some(ways) = ways(subject, aspect, action) else {
                        let message =
                            format!("the vocabulary has no `{subject} · {aspect} · {action}`");
                        return Err(settings.error(place, message));
                    };
                    triples.push((subject, aspect, action));
                    known.extend_from_slice(ways);
                }
            }
        }
        if self.facet.is_some() && triples.iter().any(|triple| triple.1 != Aspect::Option) {
            return Err(settings.error(place, "only the aspect `option` has facets"));
        }
        let conditions: Vec<&str> = CONDITIONS.iter().map(|condition| condition.name).collect();
        Ok(Pattern {
            triples,
            how: words(settings, self.how, "way", &known)?,
            facets: self
                .facet
                .map(|facets| facets.into_inner().0)
                .unwrap_or_default(),
            required: words(settings, self.required, "condition", &conditions)?,
            excluded: words(settings, self.excluded, "condition", &conditions)?,
        })
    }
}

/// The words of a list, each of which must be known.
fn words(
    settings: &Settings<'_>,
    typed: Option<Spanned<OneOrMore<String>>>,
    kind: &str,
    known: &[&str],
) -> Result<Vec<String>, PageError> {
    let Some(typed) = typed else {
        return Ok(Vec::new());
    };
    let place = typed.span().start;
    let words = typed.into_inner().0;
    for word in &words {
        check_word(settings, place, word, kind, known)?;
    }
    Ok(words)
}

/// An error where a word is not among the known ones.
pub(super) fn check_word(
    settings: &Settings<'_>,
    place: usize,
    word: &str,
    kind: &str,
    known: &[&str],
) -> Result<(), PageError> {
    if known.contains(&word) {
        return Ok(());
    }
    let hint = did_you_mean(word, known.iter().copied())
        .map(|hint| format!("; {hint}"))
        .unwrap_or_default();
    Err(settings.error(place, format!("no {kind} is called `{word}`{hint}")))
}

/// A word or a list of words, never empty.
#[derive(Debug)]
pub(crate) struct OneOrMore<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMore<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An untagged enum would lose the place of an error inside the list.
        struct Words<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Words<T> {
            type Value = OneOrMore<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a word or a list of words")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
                Ok(OneOrMore(vec![T::deserialize(StrDeserializer::new(word))?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element()? {
                    words.push(word);
                }
                if words.is_empty() {
                    return Err(de::Error::custom("the list is empty"));
                }
                Ok(OneOrMore(words))
            }
        }

        deserializer.deserialize_any(Words(std::marker::PhantomData))
    }
}
