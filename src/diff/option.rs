//! Options, standard and custom, of elements that both sides have; the facet names the option.

use std::collections::BTreeSet;

use super::Diff;
use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::schema::{ElementId, OptionValue, Schema, Span};

/// Whether an option is what changes another aspect: `packed`, unless it says no more than the syntax does anyway.
fn elsewhere(diff: &Diff<'_>, from: ElementId, to: ElementId, name: &str) -> bool {
    let (Some(ours), Some(theirs)) = (diff.baseline.field(from), diff.current.field(to)) else {
        return false;
    };
    name == "packed" && (ours.packed != theirs.packed || ours.cardinality != theirs.cardinality)
}

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (ours, theirs) = (diff.baseline.get(from), diff.current.get(to));
    if ours.options == theirs.options {
        return;
    }
    let names: BTreeSet<&String> = ours.options.keys().chain(theirs.options.keys()).collect();
    for name in names {
        let (old, new) = (ours.options.get(name), theirs.options.get(name));
        if old == new || elsewhere(diff, from, to, name) {
            continue;
        }
        let (action, how) = what(old, new);
        let number = old.or(new).map_or(0, |option| option.number);
        let places = (
            token(diff.baseline, from, number),
            token(diff.current, to, number),
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
            from: old.map(|option| option.text.clone()),
            to: new.map(|option| option.text.clone()),
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

/// The statement that sets an option, or the name of the element.
fn token(schema: &Schema, id: ElementId, number: i32) -> Span {
    let field = match schema.get(id).subject {
        Subject::Message => 7,
        Subject::Enum | Subject::EnumValue | Subject::Service => 3,
        Subject::Method => 4,
        Subject::Oneof => 2,
        _ => 8,
    };
    schema.token(id, &[field, number])
}
