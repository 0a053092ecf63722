//! Messages, enums and enum values that both sides have: where they are declared and what they say of themselves.

use super::file::split;
use super::{Diff, reserved, tag};
use crate::change::{Aspect, Subject};
use crate::schema::{Data, ElementId, Schema};

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    diff.compare_name(from, to);
    compare_home(diff, from, to);
    reserved::compare(diff, from, to);
    if let (Data::Enum(ours), Data::Enum(theirs)) =
        (&diff.baseline.get(from).data, &diff.current.get(to).data)
    {
        if ours.closed != theirs.closed {
            let word = |closed: bool| if closed { "closed" } else { "open" }.to_owned();
            let (how, values) = (
                if theirs.closed { "closed" } else { "opened" },
                (word(ours.closed), word(theirs.closed)),
            );
            diff.changed((from, to), Aspect::Openness, how, &[], values);
        }
        first_value(diff, from, to);
    }
}

/// File, package and scope of a type, an extension or a service.
pub(super) fn compare_home(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let subject = diff.baseline.get(from).subject;
    let packages = (
        diff.baseline.package(from).to_owned(),
        diff.current.package(to).to_owned(),
    );
    // What is nested goes where its message goes; only what left its message has a home of its own to change.
    let parents = (diff.baseline.get(from).parent, diff.current.get(to).parent);
    let stayed = parents.0.and_then(|parent| diff.pairs.current(parent)) == parents.1;
    if stayed && parents.1 != Some(diff.current.get(to).file) {
        return;
    }
    if packages.0 != packages.1 && subject != Subject::Service {
        diff.changed((from, to), Aspect::Package, "", &[], packages);
    }
    if diff.pairs.current(diff.baseline.get(from).file) != Some(diff.current.get(to).file) {
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

fn scope(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let message = |schema: &Schema, id: ElementId| {
        let parent = schema.get(id).parent?;
        (schema.get(parent).subject == Subject::Message).then_some(parent)
    };
    let (ours, theirs) = (message(diff.baseline, from), message(diff.current, to));
    let how = match (ours, theirs) {
        (None, None) => return,
        _ if diff.baseline.get(from).subject == Subject::Extension => "",
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
        super::existence::declaration(diff.baseline, ours),
        super::existence::declaration(diff.current, theirs),
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
        diff.changed((from, to), Aspect::Number, "", tag::VALUE_NUMBER, values);
    }
}
