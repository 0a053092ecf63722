//! Options, standard and custom, of elements that both sides have; the facet names the option.

use std::collections::BTreeSet;

use super::Diff;
use super::field::string;
use crate::change::{Action, Aspect, Change, Place};
use crate::schema::{ElementId, OptionValue, Schema, Span};

/// Whether an option is what changes another aspect: `packed`, unless it says no more than the syntax does anyway, and
/// what languages make of strings.
fn elsewhere(diff: &Diff<'_>, from: ElementId, to: ElementId, name: &str) -> bool {
    let (Some(ours), Some(theirs)) = (diff.baseline.field(from), diff.current.field(to)) else {
        return false;
    };
    match name {
        "packed" => ours.packed != theirs.packed || ours.cardinality != theirs.cardinality,
        _ => string::says(name, ours, theirs),
    }
}

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (ours, theirs) = (diff.baseline.get(from), diff.current.get(to));
    if ours.options == theirs.options {
        return;
    }
    let is_image = |schema: &Schema, id| {
        let source = schema.source_of(id);
        source.is_some_and(|source| source.is_descriptor)
    };
    let is_image = (is_image(diff.baseline, from), is_image(diff.current, to));
    let names: BTreeSet<&String> = ours.options.keys().chain(theirs.options.keys()).collect();
    for name in names {
        let (old, new) = (ours.options.get(name), theirs.options.get(name));
        let text = |option: Option<&OptionValue>| option.map(|option| option.text.clone());
        if text(old) == text(new) || elsewhere(diff, from, to, name) {
            continue;
        }
        let (Some(before), Some(after)) = (old.or(new), new.or(old)) else {
            continue;
        };
        // What compilers leave out of images tells nothing where an image lacks it and a text has it.
        let lacks = if is_image.0 { old } else { new };
        if is_image.0 != is_image.1 && before.source_only && lacks.is_none() {
            continue;
        }
        let (action, how) = what(old, new);
        let places = (
            token(diff.baseline, from, &before.path),
            token(diff.current, to, &after.path),
        );
        diff.record(Change {
            how,
            facet: Some(name.clone()),
            baseline: Some(Place {
                element: from,
                span: places.0,
            }),
            current: Some(Place {
                element: to,
                span: places.1,
            }),
            from: text(old),
            to: text(new),
            ..Change::new(ours.subject, Aspect::Option, action)
        });
    }
}

/// What was done to an option, and whether it says another thing now; what is not set says the default.
fn what(old: Option<&OptionValue>, new: Option<&OptionValue>) -> (Action, &'static str) {
    let says = |option: Option<&OptionValue>| option.is_some_and(|option| !option.is_default);
    match (says(old), says(new)) {
        (true, true) => (Action::Changed, "value"),
        (true, false) => (Action::Removed, "value"),
        (false, true) => (Action::Added, "value"),
        (false, false) if old.is_some() => (Action::Removed, "spelling"),
        (false, false) => (Action::Added, "spelling"),
    }
}

/// The statement at this path that sets an option or a part of one, or what holds it.
pub(super) fn token(schema: &Schema, id: ElementId, mut path: &[i32]) -> Span {
    // A part may be set with the whole: `features = { … }`.
    while let [rest @ .., _] = path
        && rest.len() > 1
        && schema.location(id, path).is_none()
    {
        path = rest;
    }
    schema.token(id, path)
}
