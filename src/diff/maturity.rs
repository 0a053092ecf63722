//! What was said of maturity, and which unstable types Stable elements name; whether that matters is for rules to say.

use std::collections::BTreeSet;

use super::{Diff, tag};
use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::maturity::label::ProblemKind;
use crate::maturity::resolve::{FileMaturity, InForce, Maturities};
use crate::maturity::table::Cell;
use crate::maturity::{Level, Stated};
use crate::schema::{Data, ElementId, Schema, Span};

pub(super) fn compare(diff: &mut Diff<'_>) {
    let (ours, theirs) = (diff.sides.0.maturity, diff.sides.1.maturity);
    for (to, element) in diff.current.elements() {
        match element.subject {
            Subject::File => file(diff, to, ours, theirs),
            Subject::Import | Subject::Package => {}
            _ => label(diff, to, ours, theirs),
        }
    }
    unread(diff, ours, theirs);
    references(diff, ours, theirs);
    removed_references(diff, ours);
}

fn file(diff: &mut Diff<'_>, to: ElementId, ours: &Maturities, theirs: &Maturities) {
    let Some(new) = theirs.file_statements(to) else {
        return;
    };
    let span = diff.current.token(to, tag::PACKAGE);
    let Some(from) = diff.pairs.baseline(to) else {
        if new.has_table && new.row.is_none() && !new.configured {
            let current = Place { element: to, span };
            diff.record(Change {
                how: "new-file",
                current: Some(current),
                ..Change::new(Subject::File, Aspect::Listing, Action::Removed)
            });
        }
        return;
    };
    let Some(old) = ours.file_statements(from) else {
        return;
    };
    let pair = (from, to);
    let places = (diff.baseline.token(from, tag::PACKAGE), span);
    let stated = |row: &Option<Stated>| row.as_ref().and_then(|row| row.binary.level());
    // A row that is gone and one that says N/A promise equally little.
    let withdrawn = stated(&old.row) == Some(Level::Stable) && stated(&new.row).is_none();
    let (before, after) = (ours.of_file(from), theirs.of_file(to));
    // Of a file that nothing spoke of, the first row states the level and lowers none.
    let by_row = !new.configured && new.path.is_none() && *after == new.component;
    let first_row = !before.stated && new.row.is_some() && by_row;
    if before.level != after.level && !first_row {
        level(
            diff,
            pair,
            places,
            before,
            after.level.as_str(),
            after.level < before.level,
        );
    } else if withdrawn && before.level == Level::Stable && !new.configured {
        // Nothing says any more what the row said; that the default happens to be as high is no promise.
        level(diff, pair, places, before, "unlisted", true);
    } else if let (Some(was), Some(is)) = (json_stated(old), json_stated(new))
        && was != is
        && (was == Level::Stable || is == Level::Stable)
    {
        // The encodings are promised apart from each other.
        let how = if is < was { "lowered" } else { "raised" };
        let values = [was, is].map(|level| format!("{} for JSON", level.as_str()));
        diff.changed_at(pair, Aspect::Maturity, how, places, values.into());
    }
    let shown = |row| stated(row).map_or("unlisted".to_owned(), |level| level.as_str().to_owned());
    let values = (shown(&old.row), shown(&new.row));
    match (&old.row, &new.row) {
        (Some(_), None) if !new.configured => {
            listing(diff, pair, places, Action::Removed, "lost", values);
        }
        (None, Some(_)) => listing(diff, pair, places, Action::Added, "", values),
        (Some(_), Some(_)) if values.0 != values.1 => {
            let how = if values.1 == Level::Stable.as_str() && new.path.is_some() {
                "suffix-kept"
            } else {
                "level"
            };
            listing(diff, pair, places, Action::Changed, how, values);
        }
        _ => {}
    }
}

/// What the row that is in force says of JSON; a row that says N/A takes back what was said before.
fn json_stated(file: &FileMaturity) -> Option<Level> {
    let row = file
        .row
        .as_ref()
        .filter(|_| file.path.is_none() && !file.configured)?;
    match row.json {
        Cell::NotApplicable => Some(Level::Development),
        Cell::Level(level) => Some(level),
        Cell::Unstated => None,
    }
}

fn level(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    places: (Span, Span),
    before: &InForce,
    after: &str,
    lowered: bool,
) {
    let how = if lowered { "lowered" } else { "raised" };
    diff.changed_at(
        pair,
        Aspect::Maturity,
        how,
        places,
        (before.level.as_str().to_owned(), after.to_owned()),
    );
}

fn listing(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    places: (Span, Span),
    action: Action,
    how: &'static str,
    values: (String, String),
) {
    let change = diff.changed_at(pair, Aspect::Listing, how, places, values);
    change.action = action;
}

/// A label put on, taken off or changed. What an element inherits is the change of the element that it inherits from.
fn label(diff: &mut Diff<'_>, to: ElementId, ours: &Maturities, theirs: &Maturities) {
    let Some(from) = diff.pairs.baseline(to) else {
        return;
    };
    let (old, new) = (ours.own_label(from), theirs.own_label(to));
    let same_label = old.map(|label| label.level) == new.map(|label| label.level);
    let file = diff.baseline.get(from).file;
    let moved = diff.pairs.current(file) != Some(diff.current.get(to).file);
    // What is nested moves with its message, which is judged itself.
    let itself = diff.current.get(to).parent == Some(diff.current.get(to).file)
        || diff.baseline.get(from).parent == Some(file);
    if same_label && !(moved && itself) {
        return;
    }
    let (before, after) = (ours.of(diff.baseline, from), theirs.of(diff.current, to));
    if before.level != after.level {
        let places = (diff.baseline.token(from, &[]), diff.current.token(to, &[]));
        level(
            diff,
            (from, to),
            places,
            before,
            after.level.as_str(),
            after.level < before.level,
        );
    }
}

/// Labels that are written so that they are not read, where the baseline did not have them already.
fn unread(diff: &mut Diff<'_>, ours: &Maturities, theirs: &Maturities) {
    for found in &theirs.unread {
        let from = diff.pairs.baseline(found.element);
        let known = |old: &&crate::maturity::resolve::Unread| {
            Some(old.element) == from && old.kind == found.kind && old.text == found.text
        };
        if ours.unread.iter().find(known).is_some() {
            continue;
        }
        let how = match found.kind {
            ProblemKind::Malformed => "malformed",
            ProblemKind::Repeated => "repeated",
            ProblemKind::Detached => "detached",
        };
        let subject = diff.current.get(found.element).subject;
        let rest: &[i32] = if subject == Subject::File {
            tag::PACKAGE
        } else {
            &[]
        };
        let current = Some(Place {
            element: found.element,
            span: diff.current.token(found.element, rest),
        });
        let to = Some(found.text.trim().to_owned());
        diff.record(Change {
            how,
            current,
            to,
            ..Change::new(subject, Aspect::Label, Action::Added)
        });
    }
}

/// Unstable types that elements of a Stable component name and did not name before, or not as Stable elements.
fn references(diff: &mut Diff<'_>, ours: &Maturities, theirs: &Maturities) {
    for (to, _) in diff.current.elements() {
        if theirs.component(diff.current, to).level != Level::Stable {
            continue;
        }
        let from = diff.pairs.baseline(to);
        let was_stable =
            from.is_some_and(|from| ours.component(diff.baseline, from).level == Level::Stable);
        for (name, rest) in types_named(diff.current, to) {
            let Some(target) = diff.current.find(name) else {
                continue;
            };
            let named_before = from
                .into_iter()
                .flat_map(|from| types_named(diff.baseline, from))
                .any(|(old, _)| diff.same_type(old, name));
            if was_stable && named_before {
                continue;
            }
            let how = if theirs.component(diff.current, target).level < Level::Stable {
                "component"
            } else if theirs.of(diff.current, target).level < Level::Stable
                && theirs.of(diff.current, to).level == Level::Stable
            {
                "labelled"
            } else {
                continue;
            };
            let subject = diff.current.get(to).subject;
            let (place, name) = (
                Place {
                    element: to,
                    span: diff.current.token(to, rest),
                },
                name.to_owned(),
            );
            let baseline = from.map(|from| Place {
                element: from,
                span: diff.baseline.token(from, rest),
            });
            diff.record(Change {
                how,
                baseline,
                current: Some(place),
                to: Some(name.clone()),
                other: Some(name),
                ..Change::new(subject, Aspect::References, Action::Added)
            });
        }
    }
}

/// Types of an unstable component that are gone although an element of a Stable component named them: each once, with the
/// first element that did.
fn removed_references(diff: &mut Diff<'_>, ours: &Maturities) {
    let mut reported = BTreeSet::new();
    for (from, _) in diff.baseline.elements() {
        if ours.component(diff.baseline, from).level != Level::Stable {
            continue;
        }
        for (name, rest) in types_named(diff.baseline, from) {
            let Some(target) = diff.baseline.find(name) else {
                continue;
            };
            if diff.pairs.current(target).is_some()
                || ours.component(diff.baseline, target).level == Level::Stable
                || !reported.insert(target)
            {
                continue;
            }
            let subject = diff.baseline.get(from).subject;
            let (place, name) = (
                Place {
                    element: from,
                    span: diff.baseline.token(from, rest),
                },
                name.to_owned(),
            );
            let survivor = diff.pairs.current(from).or_else(|| diff.survivor(from));
            let current = survivor.map(|element| Place {
                element,
                span: diff.current.token(element, &[]),
            });
            diff.record(Change {
                baseline: Some(place),
                current,
                from: Some(name.clone()),
                other: Some(name),
                ..Change::new(subject, Aspect::References, Action::Removed)
            });
        }
    }
}

/// The types that a field, an extension or a method names, with the token that names each.
fn types_named(schema: &Schema, id: ElementId) -> Vec<(&str, &'static [i32])> {
    match &schema.get(id).data {
        Data::Field(field) => {
            let extendee = field.extendee.as_deref().map(|name| (name, tag::EXTENDEE));
            field
                .ty
                .named()
                .map(|name| (name, tag::TYPE_NAME))
                .into_iter()
                .chain(extendee)
                .collect()
        }
        Data::Method(method) => vec![
            (method.request.as_str(), tag::REQUEST),
            (method.response.as_str(), tag::RESPONSE),
        ],
        _ => Vec::new(),
    }
}
