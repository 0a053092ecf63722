//! The total diff: every atomic change between two schemas, once, in the words of the vocabulary; what is promised it does not know.

mod consequence;
pub(crate) mod existence;
mod field;
mod file;
mod maturity;
mod option;
pub mod pair;
mod reserved;
mod service;
mod types;

use std::sync::Arc;

use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::impact::{self, Sides};
use crate::maturity::Maturities;
use crate::schema::{ElementId, Schema, Span};
use pair::Pairing;

/// One side of a diff: its elements, and the maturity that was stated for each of them.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The elements.
    pub schema: &'a Schema,
    /// Their maturity.
    pub maturity: &'a Maturities,
}

/// Every change between two sides; consequences name their cause by its index.
pub fn diff(baseline: Side<'_>, current: Side<'_>) -> Vec<Change> {
    let pairs = pair::pair(baseline.schema, current.schema);
    let mut diff = Diff {
        baseline: baseline.schema,
        current: current.schema,
        sides: (baseline, current),
        pairs: &pairs,
        changes: Vec::new(),
    };
    existence::compare(&mut diff);
    for (from, element) in baseline.schema.elements() {
        let Some(to) = pairs.current(from) else {
            continue;
        };
        match element.subject {
            Subject::File => file::compare(&mut diff, from, to),
            Subject::Import => file::compare_import(&mut diff, from, to),
            Subject::Message | Subject::Enum => types::compare(&mut diff, from, to),
            Subject::Field | Subject::Extension => field::compare(&mut diff, from, to),
            Subject::Oneof => diff.compare_name(from, to),
            Subject::EnumValue => types::compare_value(&mut diff, from, to),
            Subject::Service => service::compare(&mut diff, from, to),
            Subject::Method => service::compare_method(&mut diff, from, to),
            Subject::Package => {}
        }
        option::compare(&mut diff, from, to);
        diff.compare_comments(from, to);
    }
    maturity::compare(&mut diff);
    consequence::link(&mut diff);
    let sides = Sides {
        baseline: baseline.schema,
        current: current.schema,
        pairs: &pairs,
    };
    for change in &mut diff.changes {
        change.impact = impact::of(change, sides);
    }
    diff.changes
}

/// Field numbers within descriptors, to find the token that a change is about (`google/protobuf/descriptor.proto`).
pub(crate) mod tag {
    pub(crate) const NUMBER: &[i32] = &[3];
    pub(crate) const LABEL: &[i32] = &[4];
    pub(crate) const SCALAR: &[i32] = &[5];
    pub(crate) const TYPE_NAME: &[i32] = &[6];
    pub(crate) const DEFAULT: &[i32] = &[7];
    pub(crate) const JSON_NAME: &[i32] = &[10];
    pub(crate) const EXTENDEE: &[i32] = &[2];
    pub(crate) const PACKAGE: &[i32] = &[2];
    pub(crate) const SYNTAX: &[i32] = &[12];
    pub(crate) const VALUE_NUMBER: &[i32] = &[2];
    pub(crate) const REQUEST: &[i32] = &[2];
    pub(crate) const RESPONSE: &[i32] = &[3];
    pub(crate) const CLIENT_STREAMING: &[i32] = &[5];
    pub(crate) const SERVER_STREAMING: &[i32] = &[6];
    pub(crate) const MESSAGE_RESERVED: i32 = 9;
    pub(crate) const MESSAGE_RESERVED_NAME: i32 = 10;
    pub(crate) const EXTENSION_RANGE: i32 = 5;
    pub(crate) const ENUM_RESERVED: i32 = 4;
    pub(crate) const ENUM_RESERVED_NAME: i32 = 5;
}

/// The place that sets a feature on the element itself, by the feature's number in `google.protobuf.FeatureSet`.
fn feature_token(schema: &Schema, id: ElementId, feature: i32) -> Option<Span> {
    // The options of each kind of element, and `features` among them.
    let (options, features) = match schema.get(id).subject {
        Subject::Message => (7, 12),
        Subject::Enum => (3, 7),
        Subject::Field | Subject::Extension => (8, 21),
        _ => (8, 50),
    };
    let places: [&[i32]; 2] = [&[options, features, feature], &[options, features]];
    places
        .into_iter()
        .find_map(|rest| schema.location(id, rest))
        .map(|location| location.span)
}

struct Diff<'a> {
    baseline: &'a Schema,
    current: &'a Schema,
    sides: (Side<'a>, Side<'a>),
    pairs: &'a Pairing,
    changes: Vec<Change>,
}

impl Diff<'_> {
    /// Records a change of an element that both sides have, at the tokens that `rest` names.
    fn changed(
        &mut self,
        (from, to): (ElementId, ElementId),
        aspect: Aspect,
        how: &'static str,
        rest: &[i32],
        values: (String, String),
    ) -> &mut Change {
        let places = (
            self.baseline.token(from, rest),
            self.current.token(to, rest),
        );
        self.changed_at((from, to), aspect, how, places, values)
    }

    fn changed_at(
        &mut self,
        (from, to): (ElementId, ElementId),
        aspect: Aspect,
        how: &'static str,
        places: (Span, Span),
        values: (String, String),
    ) -> &mut Change {
        let subject = self.baseline.get(from).subject;
        let conditions = if self.is_owner_renamed(from, to) {
            vec!["owner-renamed"]
        } else {
            Vec::new()
        };
        self.record(Change {
            how,
            conditions,
            baseline: Some(Place {
                element: from,
                span: places.0,
            }),
            current: Some(Place {
                element: to,
                span: places.1,
            }),
            from: Some(values.0),
            to: Some(values.1),
            ..Change::new(subject, aspect, Action::Changed)
        })
    }

    fn record(&mut self, change: Change) -> &mut Change {
        let index = self.changes.len();
        self.changes.push(change);
        // The element was pushed on the line above.
        #[allow(
            clippy::indexing_slicing,
            reason = "the index of the element just pushed"
        )]
        &mut self.changes[index]
    }

    /// The simple name; the pair is the same element, so a difference is a rename.
    fn compare_name(&mut self, from: ElementId, to: ElementId) {
        let (ours, theirs) = (&self.baseline.get(from).name, &self.current.get(to).name);
        if ours != theirs {
            let json = |schema: &Schema, id| schema.field(id).map(|field| field.json_name.clone());
            let how = match (json(self.baseline, from), json(self.current, to)) {
                (None, _) | (_, None) => "",
                (old, new) if old == new => "json-kept",
                _ => "json-changed",
            };
            let values = (ours.clone(), theirs.clone());
            self.changed((from, to), Aspect::Name, how, &[1], values);
        }
    }

    fn compare_comments(&mut self, from: ElementId, to: ElementId) {
        if matches!(
            self.baseline.get(from).subject,
            Subject::Import | Subject::Package
        ) {
            return;
        }
        // An image without source info has no comments to compare.
        if !self.baseline.has_places(from) || !self.current.has_places(to) {
            return;
        }
        // Of a text that nobody edited no comment was edited.
        let texts = (self.baseline.source_of(from), self.current.source_of(to));
        if let (Some(ours), Some(theirs)) = texts
            && Arc::ptr_eq(&ours.text, &theirs.text)
            && !ours.is_descriptor
            && self.baseline.get(from).path == self.current.get(to).path
        {
            return;
        }
        let text = |schema: &Schema, id: ElementId| {
            let rest: &[i32] = if schema.get(id).subject == Subject::File {
                tag::PACKAGE
            } else {
                &[]
            };
            schema
                .location(id, rest)
                .map(|location| format!("{}{}", location.leading, location.trailing))
                .unwrap_or_default()
        };
        let values = (text(self.baseline, from), text(self.current, to));
        if values.0 != values.1 {
            self.changed((from, to), Aspect::Comment, "", &[], values);
        }
    }

    /// Whether a type that the baseline names is the one that the current side names.
    fn same_type(&self, ours: &str, theirs: &str) -> bool {
        match self
            .baseline
            .find(ours)
            .and_then(|id| self.pairs.current(id))
        {
            Some(paired) => self.current.get(paired).full_name == theirs,
            None => ours == theirs,
        }
    }

    /// Whether what a field, an extension or a method belongs to is the same under another full name.
    fn is_owner_renamed(&self, from: ElementId, to: ElementId) -> bool {
        let parent = |schema: &Schema, id: ElementId| {
            let parent = schema.get(id).parent?;
            Some(schema.get(parent).full_name.clone())
        };
        let owner = |schema: &Schema, id: ElementId| match schema.get(id).subject {
            Subject::Extension => schema.field(id)?.extendee.clone(),
            Subject::Field | Subject::Method => parent(schema, id),
            _ => None,
        };
        let (Some(ours), Some(theirs)) = (owner(self.baseline, from), owner(self.current, to))
        else {
            return false;
        };
        ours != theirs && self.same_type(&ours, &theirs)
    }

    /// The enclosing element of something removed, if it is still there: where an annotation can stand.
    fn survivor(&self, gone: ElementId) -> Option<ElementId> {
        self.baseline
            .ancestors(gone)
            .find_map(|ancestor| self.pairs.current(ancestor))
    }
}
