//! How strings are checked and held: what language runtimes make of them; other types it leaves alone.

use crate::change::Aspect;
use crate::diff::{Diff, feature_token, option};
use crate::schema::features::language::StringType;
use crate::schema::{ElementId, FieldData, FieldType, Schema, Span};

/// What was or became another type is that change.
pub(super) fn compare(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &FieldData,
    theirs: &FieldData,
) {
    if hold_strings(ours, theirs) {
        let utf8 = (ours.utf8, theirs.utf8);
        let general = |schema: &Schema, id| feature_token(schema, id, UTF8_VALIDATION);
        checked(diff, pair, Aspect::Utf8Validation, general, utf8);
        let java = (ours.java_utf8, theirs.java_utf8);
        let own = |schema: &Schema, id| stated(schema, id, JAVA).or_else(|| general(schema, id));
        checked(diff, pair, Aspect::JavaUtf8Validation, own, java);
    }
    if let (Some(old), Some(new)) = (ours.cpp_string, theirs.cpp_string) {
        representation(diff, pair, old, new);
    }
}

/// Whether an option of a field is what changes how its strings are checked or held.
pub(in crate::diff) fn says(option: &str, ours: &FieldData, theirs: &FieldData) -> bool {
    let held = (ours.cpp_string, theirs.cpp_string);
    let is_held_otherwise = matches!(held, (Some(old), Some(new)) if old != new);
    let is_checked_otherwise = hold_strings(ours, theirs) && ours.java_utf8 != theirs.java_utf8;
    CPP.contains(&option) && is_held_otherwise || JAVA.contains(&option) && is_checked_otherwise
}

/// The number of `utf8_validation` in `google.protobuf.FeatureSet`.
const UTF8_VALIDATION: i32 = 4;
/// The options of a field that say so for Java.
const JAVA: &[&str] = &["features.(pb.java).utf8_validation"];
/// The options of a field that say which class it is in C++.
const CPP: &[&str] = &["ctype", "features.(pb.cpp).string_type"];

fn checked(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    aspect: Aspect,
    token: impl Fn(&Schema, ElementId) -> Option<Span>,
    (old, new): (bool, bool),
) {
    if old == new {
        return;
    }
    let word = |checked: bool| if checked { "checked" } else { "unchecked" };
    let token = |schema: &Schema, id| token(schema, id).unwrap_or_else(|| schema.token(id, &[]));
    let places = (token(diff.baseline, pair.0), token(diff.current, pair.1));
    let values = (word(old).to_owned(), word(new).to_owned());
    diff.changed_at(pair, aspect, word(new), places, values);
}

fn representation(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    old: StringType,
    new: StringType,
) {
    if old == new {
        return;
    }
    let how = if (old, new) == (StringType::Piece, StringType::String) {
        "piece-dropped"
    } else {
        "other"
    };
    let token =
        |schema: &Schema, id| stated(schema, id, CPP).unwrap_or_else(|| schema.token(id, &[]));
    let places = (token(diff.baseline, pair.0), token(diff.current, pair.1));
    let values = (old.as_str().to_owned(), new.as_str().to_owned());
    diff.changed_at(pair, Aspect::StringRepresentation, how, places, values);
}

/// The statement of the first of some options that the field sets itself.
fn stated(schema: &Schema, id: ElementId, options: &[&str]) -> Option<Span> {
    let set = &schema.get(id).options;
    let (name, option) = options.iter().find_map(|name| set.get_key_value(*name))?;
    Some(option::token(schema, id, name, option))
}

fn hold_strings(ours: &FieldData, theirs: &FieldData) -> bool {
    holds_strings(&ours.ty) && holds_strings(&theirs.ty)
}

fn holds_strings(ty: &FieldType) -> bool {
    match ty {
        FieldType::Scalar(name) => *name == "string",
        FieldType::Map(key, value) => *key == "string" || **value == FieldType::Scalar("string"),
        _ => false,
    }
}
