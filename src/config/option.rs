//! A custom option that the configuration names: of which changes it speaks; what comes of them it does not know.

use std::cmp::Ordering;

use serde::Deserialize;

use crate::change::{Action, Aspect, Change, Subject, facet};
use crate::rule::levels::Setting;

/// A custom option that promises something.
#[derive(Debug, Clone)]
pub struct CustomOption {
    /// Its name, or that of a part of its value: `(acme.limits).rows.max`.
    pub name: String,
    /// The kinds of element that are meant; empty for all.
    pub on: Vec<Subject>,
    /// The moves that break the promise; empty for any.
    pub moves: Vec<Move>,
    /// The old values that are meant, in protobuf's text form; empty for all.
    pub from: Vec<String>,
    /// The new values that are meant; empty for all.
    pub to: Vec<String>,
    /// What a finding weighs; `None` where the rule says it.
    pub level: Option<Setting>,
}

/// In which direction the value of an option moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Move {
    /// In any.
    Any,
    /// To a higher number.
    Raised,
    /// To a lower number.
    Lowered,
    /// It was not set, or not among the values of a list.
    Added,
    /// It is not set any more, or not among the values of a list.
    Removed,
}

impl CustomOption {
    /// Whether a change is meant. What came or went with its element is not a change of an option.
    pub fn concerns(&self, change: &Change) -> bool {
        let is_named = |name: &String| facet::is_within(name, &self.name);
        change.aspect == Aspect::Option
            && change.how != "with-element"
            && change.facet.as_ref().is_some_and(is_named)
            && (self.on.is_empty() || self.on.contains(&change.subject))
            && (self.moves.is_empty() || self.moves.iter().any(|moved| moved.is_made(change)))
            && is_among(change.from.as_deref(), &self.from)
            && is_among(change.to.as_deref(), &self.to)
    }
}

/// Whether a value is one of those named; a string may be named with its quotes or without.
fn is_among(value: Option<&str>, named: &[String]) -> bool {
    let is_it = |value: &str, named: &String| value == named || value.trim_matches('"') == named;
    named.is_empty() || value.is_some_and(|value| named.iter().any(|name| is_it(value, name)))
}

impl Move {
    /// Whether a change is such a move. Of values that are no numbers nobody knows which is the higher, so that a change
    /// from one to another counts as either.
    fn is_made(self, change: &Change) -> bool {
        match (self, change.action) {
            (Self::Any, _) | (Self::Added, Action::Added) | (Self::Removed, Action::Removed) => {
                true
            }
            (Self::Raised, Action::Changed) => order(change) != Some(Ordering::Greater),
            (Self::Lowered, Action::Changed) => order(change) != Some(Ordering::Less),
            _ => false,
        }
    }
}

/// How the old value compares with the new one.
fn order(change: &Change) -> Option<Ordering> {
    let (from, to) = (change.from.as_deref()?, change.to.as_deref()?);
    if let (Ok(from), Ok(to)) = (from.parse::<i128>(), to.parse::<i128>()) {
        return Some(from.cmp(&to));
    }
    if let (Ok(from), Ok(to)) = (from.parse::<bool>(), to.parse::<bool>()) {
        return Some(from.cmp(&to));
    }
    from.parse::<f64>()
        .ok()?
        .partial_cmp(&to.parse::<f64>().ok()?)
}
