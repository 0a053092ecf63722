//! Options, standard and custom, of elements that both sides have; the facet names the option.

use std::collections::{BTreeMap, BTreeSet};

use super::Diff;
use super::field::string;
use crate::change::{Action, Aspect, Change, Place, Subject, facet};
use crate::schema::token::tokens;
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
    // What is set or dropped as a whole is one cause, however many parts it has.
    let mut whole: BTreeMap<&str, usize> = BTreeMap::new();
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
        let root = facet::option(name);
        let is_part = |options: &BTreeMap<String, OptionValue>| {
            options.keys().any(|known| facet::option(known) == root)
        };
        let is_whole =
            root.starts_with('(') && !(is_part(&ours.options) && is_part(&theirs.options));
        for change in changes(name, old, new) {
            let index = diff.changes.len();
            let cause = is_whole.then(|| *whole.entry(root).or_insert(index));
            let at = |schema, element, option, item: &Option<String>| Place {
                element,
                span: item_token(schema, element, name, option, item.as_deref()),
            };
            diff.record(Change {
                subject: ours.subject,
                how: if is_whole { "whole" } else { change.how },
                baseline: Some(at(diff.baseline, from, before, &change.from)),
                current: Some(at(diff.current, to, after, &change.to)),
                cause: cause.filter(|cause| *cause != index),
                ..change
            });
        }
    }
}

/// The custom options of an element that came or went itself, in something that stays: whoever knows nothing of a new
/// element can be asked for something by what it says.
pub(super) fn with_element(diff: &mut Diff<'_>, id: ElementId, action: Action) {
    let (schema, is_kept): (_, &dyn Fn(ElementId) -> bool) = if action == Action::Added {
        (diff.current, &|id| diff.pairs.baseline(id).is_some())
    } else {
        (diff.baseline, &|id| diff.pairs.current(id).is_some())
    };
    let element = schema.get(id);
    if !element.parent.is_some_and(is_kept) {
        return;
    }
    let custom = element
        .options
        .iter()
        .filter(|(name, _)| name.starts_with('('));
    for (name, option) in custom {
        let (old, new) = if action == Action::Added {
            (None, Some(option))
        } else {
            (Some(option), None)
        };
        let here = Place {
            element: id,
            span: token(schema, id, name, option),
        };
        let around = diff.survivor(id).filter(|_| action == Action::Removed);
        let around = around.map(|element| Place {
            element,
            span: diff.current.token(element, &[]),
        });
        for change in changes(name, old, new) {
            diff.record(Change {
                subject: element.subject,
                how: "with-element",
                baseline: (action == Action::Removed).then_some(here),
                current: if action == Action::Added {
                    Some(here)
                } else {
                    around
                },
                ..change
            });
        }
    }
}

/// What happened to an option: one change of its value, or one of each value in a list that both sides have.
fn changes(name: &str, old: Option<&OptionValue>, new: Option<&OptionValue>) -> Vec<Change> {
    let items =
        |option: Option<&OptionValue>| option.map_or(Vec::new(), |option| option.items.clone());
    let (ours, theirs) = (items(old), items(new));
    let is_flags = old.or(new).is_some_and(|option| option.is_flags);
    let is_list = !ours.is_empty() && !theirs.is_empty();
    if is_list || is_flags {
        return list(name, is_flags, &ours, &theirs);
    }
    let (action, how) = what(old, new);
    vec![Change {
        how,
        facet: Some(name.to_owned()),
        from: old.map(|option| option.text.clone()),
        to: new.map(|option| option.text.clone()),
        ..Change::new(Subject::File, Aspect::Option, action)
    }]
}

/// What came into a list, what left it, and whether what stayed stands in another order. A flag is a part of its option
/// by its name.
fn list(name: &str, is_flags: bool, ours: &[String], theirs: &[String]) -> Vec<Change> {
    let mut kept = Vec::new();
    let mut gone = ours.to_vec();
    let mut new = Vec::new();
    for (position, item) in theirs.iter().enumerate() {
        match gone.iter().position(|other| other == item) {
            Some(index) => kept.push((position, gone.remove(index))),
            None => new.push((position, item)),
        }
    }
    let facet = |item: &str| {
        let part = || format!("{name}.{item}");
        Some(if is_flags { part() } else { name.to_owned() })
    };
    let change = |how, action| Change {
        how,
        ..Change::new(Subject::File, Aspect::Option, action)
    };
    let removed = gone.iter().map(|item| Change {
        facet: facet(item),
        from: Some(item.clone()),
        ..change("item", Action::Removed)
    });
    let last = kept.last().map(|(position, _)| *position);
    let added = new.iter().map(|(position, item)| {
        let is_before = !is_flags && last.is_some_and(|last| *position < last);
        Change {
            facet: facet(item),
            to: Some((*item).clone()),
            ..change(
                if is_before { "item-before" } else { "item" },
                Action::Added,
            )
        }
    });
    let mut found: Vec<Change> = removed.chain(added).collect();
    let mut rest = gone.clone();
    let stayed = ours.iter().filter(|item| {
        let left = rest.iter().position(|other| other == *item);
        left.map(|index| rest.remove(index)).is_none()
    });
    if !stayed.eq(kept.iter().map(|(_, item)| item)) {
        let text = |items: &[String]| Some(format!("[{}]", items.join(",")));
        found.push(Change {
            facet: Some(name.to_owned()),
            from: text(ours),
            to: text(theirs),
            ..change("order", Action::Changed)
        });
    }
    found
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

/// The statement that adds a value to a list, where each has one of its own; else that of the option.
fn item_token(
    schema: &Schema,
    id: ElementId,
    name: &str,
    option: &OptionValue,
    item: Option<&str>,
) -> Span {
    let is_it = |other: &String| Some(other.as_str()) == item;
    let index = option.items.iter().position(is_it).unwrap_or(0);
    let statement = || {
        let index = i32::try_from(index).ok()?;
        let path: Vec<i32> = option.path.iter().copied().chain([index]).collect();
        let location = schema.location(id, &path)?;
        Some(location.span)
    };
    let statement = (!option.items.is_empty()).then(statement).flatten();
    statement.unwrap_or_else(|| token(schema, id, name, option))
}

/// The statement at this path that sets an option or a part of one, or what holds it.
pub(super) fn statement(schema: &Schema, id: ElementId, mut path: &[i32]) -> Span {
    while let [rest @ .., _] = path
        && rest.len() > 1
        && schema.location(id, path).is_none()
    {
        path = rest;
    }
    schema.token(id, path)
}

/// The statement that sets an option, or the name of the element. Of a value that is set with the whole it stands in, the
/// name of its field.
pub(super) fn token(schema: &Schema, id: ElementId, name: &str, option: &OptionValue) -> Span {
    let mut path = option.path.as_slice();
    let mut parts = Vec::new();
    let mut names = facet::around(name);
    // A part may be set with the whole: `features = { … }`.
    while let [rest @ .., _] = path
        && rest.len() > 1
        && schema.location(id, path).is_none()
    {
        path = rest;
        let whole = names.next().unwrap_or_default();
        parts.push(whole.rsplit('.').next().unwrap_or_default());
    }
    let statement = schema.token(id, path);
    parts.reverse();
    let source = schema.source_of(id).filter(|source| !source.is_descriptor);
    let field = || field_within(&source?.text, statement, &parts);
    field().unwrap_or(statement)
}

/// The name of a field in a value `{ … }` that a statement sets, by the names of the fields that lead to it.
fn field_within(text: &str, statement: Span, names: &[&str]) -> Option<Span> {
    if names.is_empty() {
        return None;
    }
    let mut lines = text.split_inclusive('\n');
    let line = usize::try_from(statement.line).ok()?;
    let above: usize = lines.by_ref().take(line).map(str::len).sum();
    let start = above + usize::try_from(statement.column).ok()?;
    let (mut found, mut depth) = (0, 0);
    for token in tokens(text.get(start..)?) {
        match token.text {
            "{" => depth += 1,
            "}" if depth <= 1 => return None,
            "}" => depth -= 1,
            ";" if depth == 0 => return None,
            word if depth == found + 1 && names.get(found) == Some(&word) => found += 1,
            _ => {}
        }
        if found > 0 && found == names.len() {
            let before = text.get(..start + token.start)?;
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            let line = u32::try_from(before.matches('\n').count()).ok()?;
            let column = u32::try_from(before.len() - line_start).ok()?;
            let length = u32::try_from(token.text.len()).ok()?;
            return Some(Span {
                line,
                column,
                end_line: line,
                end_column: column + length,
            });
        }
    }
    None
}
