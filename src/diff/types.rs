//! Messages, enums and enum values that both sides have: where they are declared and what they say of themselves.

use std::collections::BTreeMap;

use super::file::{named, split};
use super::{Diff, existence, feature_token, reserved, tag};
use crate::change::{Aspect, Subject};
use crate::schema::editions::Visibility;
use crate::schema::{Data, ElementId, Origin, Schema, Span, SymbolVisibility};

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    diff.compare_name(from, to);
    compare_home(diff, from, to);
    reserved::compare(diff, from, to);
    json_format(diff, from, to);
    visibility(diff, from, to);
    if let (Data::Enum(ours), Data::Enum(theirs)) =
        (&diff.baseline.get(from).data, &diff.current.get(to).data)
    {
        if ours.closed != theirs.closed {
            let word = |closed: bool| if closed { "closed" } else { "open" }.to_owned();
            let how = if theirs.closed { "closed" } else { "opened" };
            let values = (word(ours.closed), word(theirs.closed));
            let places = (
                feature_or_name(diff.baseline, from, 2),
                feature_or_name(diff.current, to, 2),
            );
            diff.changed_at((from, to), Aspect::Openness, how, places, values);
        }
        first_value(diff, from, to);
        written_names(diff, from, to);
    }
}

/// Of the names that share a number the first is written; another one that comes before it takes its place.
fn written_names(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let firsts = |schema: &Schema, id: ElementId| {
        let mut found = BTreeMap::new();
        for value in schema.children(id, Subject::EnumValue) {
            found
                .entry(super::pair::number(schema, value))
                .or_insert(value);
        }
        found
    };
    let (ours, theirs) = (firsts(diff.baseline, from), firsts(diff.current, to));
    for (number, first) in ours {
        let (Some(kept), Some(&new)) = (diff.pairs.current(first), theirs.get(&number)) else {
            continue;
        };
        if kept == new || super::pair::number(diff.current, kept) != number {
            continue;
        }
        let names = (
            diff.baseline.get(first).name.clone(),
            diff.current.get(new).name.clone(),
        );
        let places = (
            diff.baseline.token(first, &[]),
            diff.current.token(new, &[]),
        );
        diff.changed_at((first, kept), Aspect::WrittenName, "", places, names);
    }
}

fn feature_or_name(schema: &Schema, id: ElementId, feature: i32) -> Span {
    feature_token(schema, id, feature).unwrap_or_else(|| schema.token(id, &[]))
}

fn json_format(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let fit = |data: &Data| match data {
        Data::Message(message) => message.json,
        Data::Enum(enumeration) => enumeration.json,
        _ => false,
    };
    let (ours, theirs) = (
        fit(&diff.baseline.get(from).data),
        fit(&diff.current.get(to).data),
    );
    if ours != theirs {
        let word = |fit: bool| if fit { "ALLOW" } else { "LEGACY_BEST_EFFORT" }.to_owned();
        let places = (
            feature_or_name(diff.baseline, from, 6),
            feature_or_name(diff.current, to, 6),
        );
        diff.changed_at(
            (from, to),
            Aspect::JsonFormat,
            if theirs { "enforced" } else { "relaxed" },
            places,
            (word(ours), word(theirs)),
        );
    }
}

/// Whether other files may name a type, by what is written and what the file says of the others.
fn visibility(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let visible = |data: &Data| match data {
        Data::Message(message) => message.visibility,
        Data::Enum(enumeration) => enumeration.visibility,
        _ => SymbolVisibility::default(),
    };
    let (ours, theirs) = (
        visible(&diff.baseline.get(from).data),
        visible(&diff.current.get(to).data),
    );
    let both = [ours.origin, theirs.origin];
    // Where neither side writes it and one is an image, what its file said of all types is not known.
    let unknown = both.contains(&Origin::Guessed) && !both.contains(&Origin::Written);
    if ours.means != theirs.means && !unknown {
        let word = |visibility: Visibility| match visibility {
            Visibility::Export => "export",
            Visibility::Local => "local",
        };
        let how = match theirs.means {
            Visibility::Local => "narrowed",
            Visibility::Export => "widened",
        };
        let values = (word(ours.means).to_owned(), word(theirs.means).to_owned());
        diff.changed((from, to), Aspect::Visibility, how, &[], values);
    }
}

/// File, package and scope of a type, an extension or a service.
pub(super) fn compare_home(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let subject = diff.baseline.get(from).subject;
    let packages = (
        named(diff.baseline.package(from)),
        named(diff.current.package(to)),
    );
    // What is nested goes where its message goes; only what left its message has a home of its own to change.
    let parents = (diff.baseline.get(from).parent, diff.current.get(to).parent);
    let stayed = parents.0.and_then(|parent| diff.pairs.current(parent)) == parents.1;
    if stayed && parents.1 != Some(diff.current.get(to).file) {
        with_parent(diff, from, to);
        return;
    }
    let file_stayed =
        diff.pairs.current(diff.baseline.get(from).file) == Some(diff.current.get(to).file);
    if packages.0 != packages.1 && subject != Subject::Service {
        let change = diff.changed((from, to), Aspect::Package, "", &[], packages);
        if !file_stayed {
            change.conditions.push("moved-alone");
        }
    }
    if !file_stayed {
        let paths = (
            diff.baseline.file_path(from).to_owned(),
            diff.current.file_path(to).to_owned(),
        );
        let how = if split(&paths.0).0 == split(&paths.1).0 {
            "same-directory"
        } else {
            "other-directory"
        };
        diff.changed((from, to), Aspect::File, how, &[], paths);
    }
    if !stayed && subject != Subject::Service {
        scope(diff, from, to);
    }
}

/// What is nested went along where its message was renamed or left its file; where the package of the file changed, it is
/// where it was.
fn with_parent(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (ours, theirs) = (diff.baseline.get(from).file, diff.current.get(to).file);
    let left = diff.pairs.current(ours) != Some(theirs);
    let around = |schema: &Schema, id: ElementId| {
        let parent = schema.get(id).parent.unwrap_or(id);
        schema.short_name(parent).to_owned()
    };
    let names = (around(diff.baseline, from), around(diff.current, to));
    if names.0 != names.1 || left && diff.baseline.package(from) != diff.current.package(to) {
        diff.changed((from, to), Aspect::Scope, "with-parent", &[], names);
    } else if left {
        let paths = (
            diff.baseline.file_path(from).to_owned(),
            diff.current.file_path(to).to_owned(),
        );
        diff.changed((from, to), Aspect::File, "with-parent", &[], paths);
    }
}

fn scope(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let message = |schema: &Schema, id: ElementId| {
        let parent = schema.get(id).parent?;
        (schema.get(parent).subject == Subject::Message).then_some(parent)
    };
    let (ours, theirs) = (message(diff.baseline, from), message(diff.current, to));
    let how = match (ours, theirs) {
        (None, None) => return,
        _ if diff.baseline.get(from).subject == Subject::Extension => "moved",
        (None, Some(_)) => "nested",
        (Some(_), None) => "unnested",
        (Some(_), Some(_)) => "other-message",
    };
    let name = |schema: &Schema, message: Option<ElementId>| {
        message
            .map_or("top level", |id| schema.short_name(id))
            .to_owned()
    };
    let values = (name(diff.baseline, ours), name(diff.current, theirs));
    diff.changed((from, to), Aspect::Scope, how, &[], values);
}

/// The first value of an enum is what an unset field reads as.
fn first_value(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let first = |schema: &Schema, id: ElementId| schema.children(id, Subject::EnumValue).next();
    let (Some(ours), Some(theirs)) = (first(diff.baseline, from), first(diff.current, to)) else {
        return;
    };
    let number = |schema: &Schema, id: ElementId| super::pair::number(schema, id);
    if number(diff.baseline, ours) == number(diff.current, theirs) {
        return;
    }
    let places = (
        diff.baseline.token(ours, &[]),
        diff.current.token(theirs, &[]),
    );
    let values = (
        existence::declaration(diff.baseline, ours),
        existence::declaration(diff.current, theirs),
    );
    diff.changed_at((from, to), Aspect::Default, "", places, values);
}

pub(super) fn compare_value(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    diff.compare_name(from, to);
    let (Data::EnumValue(ours), Data::EnumValue(theirs)) =
        (&diff.baseline.get(from).data, &diff.current.get(to).data)
    else {
        return;
    };
    if ours != theirs {
        let values = (ours.to_string(), theirs.to_string());
        let how = existence::old_number(diff, from);
        diff.changed((from, to), Aspect::Number, how, tag::VALUE_NUMBER, values);
    }
}
