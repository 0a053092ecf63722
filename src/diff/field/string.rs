//! How strings are checked and held: what language runtimes make of them; other types it leaves alone.

use crate::change::Aspect;
use crate::diff::{Diff, feature_token};
use crate::schema::features::CppString;
use crate::schema::{ElementId, FieldData, FieldType, Schema, Span};

/// What was or became another type is that change.
pub(super) fn compare(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &FieldData,
    theirs: &FieldData,
) {
    if holds_strings(&ours.ty) && holds_strings(&theirs.ty) {
        let utf8 = (ours.utf8, theirs.utf8);
        checked(diff, pair, Aspect::Utf8Validation, 4, utf8);
        let java = (ours.java_utf8, theirs.java_utf8);
        checked(diff, pair, Aspect::JavaUtf8Validation, JAVA, java);
    }
    if let (Some(old), Some(new)) = (ours.cpp_string, theirs.cpp_string) {
        representation(diff, pair, old, new);
    }
}

/// The numbers of the languages' features in `google.protobuf.FeatureSet`, and of `ctype` in the options of a field.
const CPP: i32 = 1000;
const JAVA: i32 = 1001;
const CTYPE: &[i32] = &[8, 1];

fn checked(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    aspect: Aspect,
    feature: i32,
    (old, new): (bool, bool),
) {
    if old == new {
        return;
    }
    let token = |schema: &Schema, id: ElementId| {
        feature_token(schema, id, feature).unwrap_or_else(|| schema.token(id, &[]))
    };
    let word = |checked: bool| if checked { "checked" } else { "unchecked" };
    let places = (token(diff.baseline, pair.0), token(diff.current, pair.1));
    let values = (word(old).to_owned(), word(new).to_owned());
    diff.changed_at(pair, aspect, word(new), places, values);
}

fn representation(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    old: CppString,
    new: CppString,
) {
    if old == new {
        return;
    }
    let how = if (old, new) == (CppString::Piece, CppString::String) {
        "piece-dropped"
    } else {
        "other"
    };
    let token = |schema: &Schema, id: ElementId| -> Span {
        let option = schema.location(id, CTYPE).map(|location| location.span);
        option
            .or_else(|| feature_token(schema, id, CPP))
            .unwrap_or_else(|| schema.token(id, &[]))
    };
    let places = (token(diff.baseline, pair.0), token(diff.current, pair.1));
    let values = (old.as_str().to_owned(), new.as_str().to_owned());
    diff.changed_at(pair, Aspect::StringRepresentation, how, places, values);
}

fn holds_strings(ty: &FieldType) -> bool {
    match ty {
        FieldType::Scalar(name) => *name == "string",
        FieldType::Map(key, value) => *key == "string" || **value == FieldType::Scalar("string"),
        _ => false,
    }
}
