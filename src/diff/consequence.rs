//! Which change follows from which: links consequences to their cause; whether one is folded is judge's decision.

mod feature;

use std::collections::HashMap;

use super::Diff;
use super::field::default;
use super::service::pagination::pages;
use crate::change::{Action, Aspect, Change, Subject};
use crate::schema::{Data, ElementId};

type Key = (Aspect, Action);

/// The changes by the element that they are about, on each side.
struct Index {
    baseline: HashMap<(ElementId, Key), usize>,
    current: HashMap<(ElementId, Key), usize>,
    /// The changes of the option of a file that has Java check its strings.
    java_utf8: HashMap<ElementId, usize>,
}

impl Index {
    /// The change of an aspect of an element of the baseline.
    fn changed(&self, element: ElementId, aspect: Aspect) -> Option<usize> {
        let key = (element, (aspect, Action::Changed));
        self.baseline.get(&key).copied()
    }
}

pub(super) fn link(diff: &mut Diff<'_>) {
    let mut index = Index {
        baseline: HashMap::new(),
        current: HashMap::new(),
        java_utf8: HashMap::new(),
    };
    for (position, change) in diff.changes.iter().enumerate() {
        // What went along with its message is no cause: the message is.
        if change.subject == Subject::Package || change.how == "with-parent" {
            continue;
        }
        let key = (change.aspect, change.action);
        if change.facet.as_deref() == Some("java_string_check_utf8")
            && let Some(place) = change.baseline
        {
            index.java_utf8.insert(place.element, position);
        }
        if let Some(place) = change
            .baseline
            .filter(|_| change.action != Action::Added || change.aspect != Aspect::Existence)
        {
            index
                .baseline
                .entry((place.element, key))
                .or_insert(position);
        }
        if let Some(place) = change
            .current
            .filter(|_| change.action != Action::Removed || change.aspect != Aspect::Existence)
        {
            index
                .current
                .entry((place.element, key))
                .or_insert(position);
        }
    }
    let causes: Vec<Option<usize>> = diff
        .changes
        .iter()
        .map(|change| cause(diff, &index, change))
        .collect();
    for (position, cause) in causes.into_iter().enumerate() {
        if let Some(change) = diff.changes.get_mut(position)
            && cause != Some(position)
        {
            change.cause = cause.or(change.cause);
        }
    }
}

const REMOVED: Key = (Aspect::Existence, Action::Removed);
const ADDED: Key = (Aspect::Existence, Action::Added);

fn cause(diff: &Diff<'_>, index: &Index, change: &Change) -> Option<usize> {
    let before = |element, aspect| index.changed(element, aspect);
    let baseline = change.baseline.map(|place| place.element);
    let current = change.current.map(|place| place.element);
    match (change.subject, change.aspect, change.action) {
        (Subject::Package, ..) => package(diff, index, change),
        (Subject::File, Aspect::Existence, _) => whole_package(diff, change),
        (Subject::Oneof, Aspect::Existence, Action::Removed) => last_member(diff, index, baseline?),
        (Subject::Oneof, Aspect::Existence, Action::Added) => {
            parent(diff, index, change).or_else(|| first_into(diff, index, current?))
        }
        (_, Aspect::Existence, _) => parent(diff, index, change),
        (_, Aspect::Pagination, _) => pagination(diff, index, change),
        _ if change.is_remark() => remark(index, change),
        (_, Aspect::Choice, _) => index.current.get(&(current?, ADDED)).copied(),
        // The JSON name of an extension is its full name, which changes with its scope and package.
        (_, Aspect::JsonName, _) => [Aspect::Name, Aspect::Scope, Aspect::Package]
            .into_iter()
            .find_map(|aspect| before(baseline?, aspect)),
        (_, Aspect::Oneof, _) => {
            let oneof = diff.baseline.field(baseline?)?.oneof?;
            index.baseline.get(&(oneof, REMOVED)).copied()
        }
        (_, Aspect::Presence | Aspect::Declarator, _) => {
            if matches!(change.how, "required-added" | "required-removed") {
                return None;
            }
            before(baseline?, Aspect::Oneof)
                .or_else(|| before(baseline?, Aspect::Type))
                .or_else(|| {
                    before(diff.baseline.get(baseline?).file, Aspect::Syntax)
                        .filter(|_| change.how == "syntax")
                })
        }
        (Subject::Enum, Aspect::Default, _) => first_value(diff, index, baseline?),
        (_, Aspect::Default, _) => {
            before(baseline?, Aspect::Type).or_else(|| enum_default(diff, index, baseline?))
        }
        (Subject::Message | Subject::Enum | Subject::Extension, Aspect::Package, _) => {
            before(diff.baseline.get(baseline?).file, Aspect::Package)
        }
        // What a range declares goes with the range.
        (_, Aspect::ExtensionDeclaration, Action::Removed) => {
            let range = (Aspect::ExtensionRange, Action::Removed);
            index.baseline.get(&(baseline?, range)).copied()
        }
        // A method that found another place when its service went.
        (Subject::Method, Aspect::Service, _) => {
            let service = diff.baseline.get(baseline?).parent?;
            index.baseline.get(&(service, REMOVED)).copied()
        }
        (_, Aspect::Scope | Aspect::File, _) if change.how == "with-parent" => {
            let mut around = diff.baseline.ancestors(baseline?);
            around.find_map(|message| {
                let by = [Aspect::Name, Aspect::Scope, Aspect::Package, Aspect::File];
                by.into_iter().find_map(|aspect| before(message, aspect))
            })
        }
        (_, Aspect::File, _) => {
            before(baseline?, Aspect::Package).or_else(|| before(baseline?, Aspect::Scope))
        }
        (_, Aspect::Type | Aspect::RequestType | Aspect::ResponseType | Aspect::Extendee, _)
            if change.how == "type-renamed" =>
        {
            renamed(diff, index, change)
        }
        (Subject::File, Aspect::Listing, _) if matches!(change.how, "lost" | "level") => {
            before(baseline?, Aspect::Maturity)
        }
        _ => feature::cause(diff, index, change.aspect, (baseline?, current?)),
    }
}

/// What is told of an element that came or went follows from that.
fn remark(index: &Index, change: &Change) -> Option<usize> {
    let found = if change.action == Action::Removed {
        index.baseline.get(&(change.baseline?.element, REMOVED))
    } else {
        index.current.get(&(change.current?.element, ADDED))
    };
    found.copied()
}

/// A method answers page by page, or does not any more, because its messages or their fields changed.
fn pagination(diff: &Diff<'_>, index: &Index, change: &Change) -> Option<usize> {
    let (from, to) = (change.baseline?.element, change.current?.element);
    let changed = |id: ElementId, aspect| index.baseline.get(&(id, (aspect, Action::Changed)));
    let types = [Aspect::RequestType, Aspect::ResponseType];
    let by_type = types.into_iter().find_map(|aspect| changed(from, aspect));
    let fields = |schema, method| {
        let pages = pages(schema, method).into_iter();
        pages.flat_map(|pages| pages.control.into_iter().chain([pages.items]))
    };
    let own = [
        Aspect::Name,
        Aspect::Type,
        Aspect::Cardinality,
        Aspect::Number,
    ];
    let by_field = || {
        fields(diff.baseline, from).find_map(|field| {
            let by_itself = own.into_iter().find_map(|aspect| changed(field, aspect));
            index.baseline.get(&(field, REMOVED)).or(by_itself)
        })
    };
    let by_new_field = || {
        let mut new = fields(diff.current, to);
        new.find_map(|field| index.current.get(&(field, ADDED)))
    };
    by_type.or_else(by_field).or_else(by_new_field).copied()
}

/// What encloses an element that was added or removed with it.
fn parent(diff: &Diff<'_>, index: &Index, change: &Change) -> Option<usize> {
    if change.action == Action::Removed {
        let gone = diff.baseline.get(change.baseline?.element).parent?;
        index.baseline.get(&(gone, REMOVED)).copied()
    } else {
        let new = diff.current.get(change.current?.element).parent?;
        index.current.get(&(new, ADDED)).copied()
    }
}

/// A package is gone (or new) because its last (first) file says another one now.
fn package(diff: &Diff<'_>, index: &Index, change: &Change) -> Option<usize> {
    let key = (Aspect::Package, Action::Changed);
    if change.action == Action::Removed {
        let name = change.from.as_deref()?;
        let files = diff
            .baseline
            .files()
            .filter(|&file| diff.baseline.package(file) == name);
        files
            .into_iter()
            .find_map(|file| index.baseline.get(&(file, key)).copied())
    } else {
        let name = change.to.as_deref()?;
        let files = diff
            .current
            .files()
            .filter(|&file| diff.current.package(file) == name);
        files
            .into_iter()
            .find_map(|file| index.current.get(&(file, key)).copied())
    }
}

/// A file that goes with its whole package goes because the package does.
fn whole_package(diff: &Diff<'_>, change: &Change) -> Option<usize> {
    let name = if change.action == Action::Removed {
        diff.baseline.package(change.baseline?.element)
    } else {
        diff.current.package(change.current?.element)
    };
    diff.changes.iter().position(|other| {
        let value = if change.action == Action::Removed {
            &other.from
        } else {
            &other.to
        };
        other.subject == Subject::Package
            && other.action == change.action
            && value.as_deref() == Some(name)
    })
}

/// A oneof that goes with all its members goes because they do.
fn last_member(diff: &Diff<'_>, index: &Index, oneof: ElementId) -> Option<usize> {
    let message = diff.baseline.get(oneof).parent?;
    if let Some(&removed) = index.baseline.get(&(message, REMOVED)) {
        return Some(removed);
    }
    let mut first = None;
    for field in diff.baseline.children(message, Subject::Field) {
        if diff.baseline.field(field).and_then(|field| field.oneof) == Some(oneof) {
            let removed = index.baseline.get(&(field, REMOVED)).copied()?;
            first = first.or(Some(removed));
        }
    }
    first
}

/// A oneof that holds fields which were there before is new because they moved into it.
fn first_into(diff: &Diff<'_>, index: &Index, oneof: ElementId) -> Option<usize> {
    let message = diff.current.get(oneof).parent?;
    let members = diff.current.children(message, Subject::Field);
    let mut members = members
        .filter(|&field| diff.current.field(field).and_then(|field| field.oneof) == Some(oneof));
    members.find_map(|field| {
        index
            .current
            .get(&(field, (Aspect::Oneof, Action::Changed)))
            .copied()
    })
}

/// The default of an enum changes with its first value.
fn first_value(diff: &Diff<'_>, index: &Index, enumeration: ElementId) -> Option<usize> {
    let first = diff
        .baseline
        .children(enumeration, Subject::EnumValue)
        .next()?;
    let number = (Aspect::Number, Action::Changed);
    index
        .baseline
        .get(&(first, REMOVED))
        .or_else(|| index.baseline.get(&(first, number)))
        .copied()
}

/// The default of a field without one of its own changes with that of its enum, another one with the number of its value.
fn enum_default(diff: &Diff<'_>, index: &Index, field: ElementId) -> Option<usize> {
    let field = diff.baseline.field(field)?;
    let value = default::enum_value(diff.baseline, field)?;
    let (element, aspect) = if field.default.is_some() {
        (value, Aspect::Number)
    } else {
        (diff.baseline.get(value).parent?, Aspect::Default)
    };
    let key = (aspect, Action::Changed);
    index.baseline.get(&(element, key)).copied()
}

/// A type that is named differently because it was renamed or moved.
fn renamed(diff: &Diff<'_>, index: &Index, change: &Change) -> Option<usize> {
    let element = change.baseline?.element;
    let name = match (&diff.baseline.get(element).data, change.aspect) {
        (Data::Field(field), Aspect::Extendee) => field.extendee.as_deref()?,
        (Data::Field(field), _) => field.ty.named()?,
        (Data::Method(method), Aspect::RequestType) => &method.request,
        (Data::Method(method), _) => &method.response,
        _ => return None,
    };
    let mut moved = diff.baseline.find(name);
    // The name of a nested type changes with those of the types around it.
    while let Some(id) = moved {
        let by = [Aspect::Name, Aspect::Scope, Aspect::Package];
        if let Some(&position) = by
            .into_iter()
            .find_map(|aspect| index.baseline.get(&(id, (aspect, Action::Changed))))
        {
            return Some(position);
        }
        moved = diff.baseline.get(id).parent;
    }
    None
}
