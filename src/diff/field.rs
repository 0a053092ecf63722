//! Fields and extensions that both sides have.

pub(super) mod default;
pub(super) mod string;

use std::collections::BTreeSet;

use super::{Diff, existence, feature_token, service, tag, types};
use crate::change::{Aspect, Subject};
use crate::impact::has_own_form;
use crate::schema::{
    Cardinality, ElementId, FieldData, FieldType, Presence, Schema, Span, WrittenLabel,
};

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let pair = (from, to);
    diff.compare_name(from, to);
    if diff.baseline.get(from).subject == Subject::Extension {
        types::compare_home(diff, from, to);
    }
    let (Some(ours), Some(theirs)) = (
        diff.baseline.field(from).cloned(),
        diff.current.field(to).cloned(),
    ) else {
        return;
    };
    if let (Some(old), Some(new)) = (&ours.extendee, &theirs.extendee) {
        service::type_named(diff, pair, Aspect::Extendee, tag::EXTENDEE, (old, new));
    }
    if ours.number != theirs.number {
        let how = if diff.baseline.get(from).subject == Subject::Field {
            existence::old_number(diff, from)
        } else {
            ""
        };
        let values = (ours.number.to_string(), theirs.number.to_string());
        let change = diff.changed(pair, Aspect::Number, how, tag::NUMBER, values);
        if ours.presence == Presence::Required || theirs.presence == Presence::Required {
            change.conditions.push("required");
        }
    }
    field_type(diff, pair, &ours.ty, &theirs.ty);
    if ours.json_name != theirs.json_name {
        diff.changed(
            pair,
            Aspect::JsonName,
            "",
            tag::JSON_NAME,
            (ours.json_name.clone(), theirs.json_name.clone()),
        );
    }
    membership(diff, pair, &ours, &theirs);
    label(diff, pair, &ours, &theirs);
    if ours.packed != theirs.packed && ours.cardinality == theirs.cardinality {
        let word = |packed: bool| if packed { "packed" } else { "expanded" }.to_owned();
        let places = (
            packed_token(diff.baseline, from),
            packed_token(diff.current, to),
        );
        diff.changed_at(
            pair,
            Aspect::Packed,
            "",
            places,
            (word(ours.packed), word(theirs.packed)),
        );
    }
    string::compare(diff, pair, &ours, &theirs);
    default::compare(diff, pair, &ours, &theirs);
}

fn packed_token(schema: &Schema, id: ElementId) -> Span {
    feature_token(schema, id, 3).unwrap_or_else(|| schema.token(id, &[8, 2]))
}

fn field_type(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &FieldType,
    theirs: &FieldType,
) {
    // A field that became a map or ceased to be one is a change of its cardinality.
    if matches!(ours, FieldType::Map(..)) != matches!(theirs, FieldType::Map(..)) {
        return;
    }
    let Some(how) = way(diff, ours, theirs) else {
        return;
    };
    let is_another = how != "type-renamed" && ours.named() != theirs.named();
    let how = if is_another && spelled_alike(diff, pair) {
        "elsewhere"
    } else {
        how
    };
    let mut kinds = Vec::new();
    differing_kinds(diff, ours, theirs, &mut kinds);
    let superset = enums(ours, theirs).is_some_and(|enums| is_superset(diff, enums));
    let encoding = matches!(
        (ours, theirs),
        (FieldType::Message(_), FieldType::Group(_)) | (FieldType::Group(_), FieldType::Message(_))
    );
    let token = |schema: &Schema, id: ElementId, ty: &FieldType| {
        if let Some(feature) = feature_token(schema, id, 5).filter(|_| encoding) {
            return feature;
        }
        let rest = if matches!(ty, FieldType::Scalar(_)) {
            tag::SCALAR
        } else {
            tag::TYPE_NAME
        };
        schema.token(id, rest)
    };
    let places = (
        token(diff.baseline, pair.0, ours),
        token(diff.current, pair.1, theirs),
    );
    let change = diff.changed_at(pair, Aspect::Type, how, places, spelled(ours, theirs));
    change.kinds = kinds;
    if superset {
        change.conditions.push("enum-superset");
    }
}

/// The kinds that differ in a type; an enum in the place of one that it holds all values of is none of them.
fn differing_kinds(
    diff: &Diff<'_>,
    ours: &FieldType,
    theirs: &FieldType,
    found: &mut Vec<(String, String)>,
) {
    use FieldType::{Enum, Group, Map, Message};
    match (ours, theirs) {
        (Map(key, value), Map(new_key, new_value)) => {
            if key != new_key {
                found.push(((*key).to_owned(), (*new_key).to_owned()));
            }
            differing_kinds(diff, value, new_value, found);
        }
        (Message(old), Message(new)) | (Group(old), Group(new)) => {
            if old != new || !diff.same_type(old, new) {
                found.push((old.clone(), new.clone()));
            }
        }
        (Enum(old), Enum(new)) => {
            if (old != new || !diff.same_type(old, new)) && !is_superset(diff, (old, new)) {
                found.push((old.clone(), new.clone()));
            }
        }
        _ if kind(ours) == kind(theirs) => {}
        _ => found.push((kind(ours).to_owned(), kind(theirs).to_owned())),
    }
}

/// The enums that two types name, if nothing but these differs.
fn enums<'t>(ours: &'t FieldType, theirs: &'t FieldType) -> Option<(&'t str, &'t str)> {
    match (ours, theirs) {
        (FieldType::Enum(old), FieldType::Enum(new)) => Some((old, new)),
        (FieldType::Map(key, old), FieldType::Map(new_key, new)) if key == new_key => {
            enums(old, new)
        }
        _ => None,
    }
}

/// Whether an enum has the simple name of another one, and every value of it under the same number.
fn is_superset(diff: &Diff<'_>, (old, new): (&str, &str)) -> bool {
    let values = |schema: &Schema, id: ElementId| -> BTreeSet<(String, i32)> {
        let values = schema.children(id, Subject::EnumValue);
        values
            .map(|id| (schema.get(id).name.clone(), super::pair::number(schema, id)))
            .collect()
    };
    let (Some(from), Some(to)) = (diff.baseline.find(old), diff.current.find(new)) else {
        return false;
    };
    diff.baseline.get(from).name == diff.current.get(to).name
        && values(diff.baseline, from).is_subset(&values(diff.current, to))
}

/// Whether a type is named in the same words on both sides, so that what the words stand for has changed.
fn spelled_alike(diff: &Diff<'_>, pair: (ElementId, ElementId)) -> bool {
    let words = |schema: &Schema, id: ElementId| -> Option<String> {
        let span = schema.location(id, tag::TYPE_NAME)?.span;
        let source = schema
            .source_of(id)
            .filter(|source| !source.is_descriptor)?;
        let line = source.text.lines().nth(span.line as usize)?;
        let is_one_line = span.line == span.end_line;
        let words = line.get(span.column as usize..span.end_column as usize)?;
        is_one_line.then(|| words.to_owned())
    };
    let old = words(diff.baseline, pair.0);
    old.is_some() && old == words(diff.current, pair.1)
}

/// Two types in protobuf's spelling; with what they are, where the names do not tell them apart.
fn spelled(ours: &FieldType, theirs: &FieldType) -> (String, String) {
    let (old, new) = (ours.to_string(), theirs.to_string());
    if old == new {
        (
            format!("{} {old}", kind(ours)),
            format!("{} {new}", kind(theirs)),
        )
    } else {
        (old, new)
    }
}

/// How a type changed; `None` where it did not.
fn way(diff: &Diff<'_>, ours: &FieldType, theirs: &FieldType) -> Option<&'static str> {
    use FieldType::{Enum, Group, Map, Message, Scalar};
    let is_well_known = |ty: &FieldType| {
        let message = matches!(ty, Message(_) | Group(_));
        message && ty.named().is_some_and(has_own_form)
    };
    match (ours, theirs) {
        (Map(key, value), Map(new_key, new_value)) => {
            if key == new_key {
                way(diff, value, new_value)
            } else {
                Some("other")
            }
        }
        // What it looks like in ProtoJSON is bound to its full name.
        _ if ours.named() != theirs.named() && (is_well_known(ours) || is_well_known(theirs)) => {
            Some("well-known")
        }
        (Message(old), Message(new)) | (Group(old), Group(new)) => named(diff, old, new, "message"),
        (Enum(old), Enum(new)) => named(diff, old, new, "enum"),
        (Scalar(old), Scalar(new)) if old == new => None,
        _ => Some(conversion(kind(ours), kind(theirs))),
    }
}

fn named(diff: &Diff<'_>, old: &str, new: &str, switched: &'static str) -> Option<&'static str> {
    match (diff.same_type(old, new), old == new) {
        (true, true) => None,
        (true, false) => Some("type-renamed"),
        (false, _) => Some(switched),
    }
}

fn kind(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Scalar(name) => name,
        FieldType::Message(_) => "message",
        FieldType::Group(_) => "group",
        FieldType::Enum(_) => "enum",
        FieldType::Map(..) => "map",
    }
}

/// What becomes of values that were written as one type and are read as another.
///
/// Types of one wire type and one encoding read each other's values: without loss into a type that holds them all
/// (widened), in the range that both hold otherwise (narrowed). Every other pair is refused or misread.
/// Source: protobuf language guide, "Updating A Message Type".
fn conversion(old: &str, new: &str) -> &'static str {
    const WIDER: &[(&str, &[&str])] = &[
        ("int32", &["int64"]),
        ("uint32", &["int64", "uint64"]),
        ("sint32", &["sint64"]),
        ("bool", &["int32", "int64", "uint32", "uint64", "enum"]),
        ("enum", &["int32", "int64"]),
        ("string", &["bytes"]),
        ("message", &["bytes"]),
    ];
    const ALIKE: &[&[&str]] = &[
        &["int32", "int64", "uint32", "uint64", "bool", "enum"],
        &["sint32", "sint64"],
        &["fixed32", "sfixed32"],
        &["fixed64", "sfixed64"],
        &["string", "bytes"],
        &["message", "bytes"],
    ];
    if WIDER
        .iter()
        .any(|(narrow, wide)| *narrow == old && wide.contains(&new))
    {
        "widened"
    } else if ALIKE
        .iter()
        .any(|alike| alike.contains(&old) && alike.contains(&new))
    {
        "narrowed"
    } else {
        "other"
    }
}

/// Membership in a oneof, by where the field comes from and goes to.
fn membership(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &FieldData,
    theirs: &FieldData,
) {
    let how = match (ours.oneof, theirs.oneof) {
        (None, None) => return,
        (Some(old), Some(new)) if diff.pairs.current(old) == Some(new) => return,
        (Some(_), Some(_)) => "between",
        (Some(_), None) => "out",
        (None, Some(new)) if diff.pairs.baseline(new).is_some() => "into-existing",
        (None, Some(new)) => {
            let message = diff.current.get(pair.1).parent;
            let members = message
                .into_iter()
                .flat_map(|message| diff.current.children(message, Subject::Field));
            let moved = members.filter(|&field| {
                diff.current
                    .field(field)
                    .is_some_and(|field| field.oneof == Some(new))
                    && diff.pairs.baseline(field).is_some()
            });
            if moved.count() > 1 {
                "several-into-new"
            } else if ours.presence == theirs.presence {
                "into-new"
            } else {
                "into-new-with-presence"
            }
        }
    };
    let name = |schema: &Schema, oneof: Option<ElementId>| {
        oneof.map_or("no oneof".to_owned(), |id| schema.get(id).name.clone())
    };
    let values = (
        name(diff.baseline, ours.oneof),
        name(diff.current, theirs.oneof),
    );
    diff.changed(pair, Aspect::Oneof, how, &[], values);
}

/// Cardinality, presence and the written label: the first of them that differs is the change, the others follow from it.
fn label(diff: &mut Diff<'_>, pair: (ElementId, ElementId), ours: &FieldData, theirs: &FieldData) {
    let places = (
        label_token(diff.baseline, pair.0),
        label_token(diff.current, pair.1),
    );
    if ours.cardinality != theirs.cardinality {
        let how = match (ours.cardinality, theirs.cardinality) {
            (Cardinality::Map, Cardinality::Repeated)
            | (Cardinality::Repeated, Cardinality::Map)
                if is_entry(diff, pair, ours, theirs) =>
            {
                "map-entry"
            }
            (Cardinality::Map, _) | (_, Cardinality::Map) => "map",
            (_, Cardinality::Repeated) => "to-repeated",
            _ => "to-singular",
        };
        let word = |cardinality: Cardinality| match cardinality {
            Cardinality::Singular => "singular",
            Cardinality::Repeated => "repeated",
            Cardinality::Map => "map",
        };
        let values = (
            word(ours.cardinality).to_owned(),
            word(theirs.cardinality).to_owned(),
        );
        diff.changed_at(pair, Aspect::Cardinality, how, places, values);
    } else if ours.presence != theirs.presence {
        presence(diff, pair, ours, theirs, places);
    } else if ours.label != theirs.label {
        let syntax =
            |schema: &Schema, id: ElementId| schema.file_data(id).map(|file| file.syntax.clone());
        let how = if ours.oneof.is_some() != theirs.oneof.is_some() {
            // A member of a oneof has no label.
            "oneof"
        } else if syntax(diff.baseline, pair.0) == syntax(diff.current, pair.1) {
            "written"
        } else {
            "syntax"
        };
        diff.changed_at(
            pair,
            Aspect::Declarator,
            how,
            places,
            (written(ours), written(theirs)),
        );
    }
}

/// Whether a repeated message, on one side, is what the map on the other stands for: the entry under the name that the
/// compiler gives it, with the same key and value.
fn is_entry(
    diff: &Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &FieldData,
    theirs: &FieldData,
) -> bool {
    let (map, map_field, map_schema, other, schema) = match (&ours.ty, &theirs.ty) {
        (FieldType::Map(..), FieldType::Message(name)) => {
            (&ours.ty, pair.0, diff.baseline, name, diff.current)
        }
        (FieldType::Message(name), FieldType::Map(..)) => {
            (&theirs.ty, pair.1, diff.current, name, diff.baseline)
        }
        _ => return false,
    };
    let FieldType::Map(key, value) = map else {
        return false;
    };
    let field = map_schema.get(map_field);
    let scope = field
        .parent
        .map_or("", |id| map_schema.get(id).full_name.as_str());
    let Some(entry) = schema.find(other) else {
        return false;
    };
    let member = |number: i32| {
        let mut fields = schema.children(entry, Subject::Field);
        fields
            .find_map(|id| schema.field(id).filter(|field| field.number == number))
            .filter(|field| field.cardinality == Cardinality::Singular)
            .map(|field| &field.ty)
    };
    *other == format!("{scope}.{}", entry_name(&field.name))
        && member(1) == Some(&FieldType::Scalar(key))
        && member(2) == Some(&**value)
}

/// The name that compilers give to the message of a map's entry: `key_values` → `KeyValuesEntry`.
fn entry_name(field: &str) -> String {
    let mut name = String::new();
    for word in field.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name + "Entry"
}

fn presence(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &FieldData,
    theirs: &FieldData,
    places: (Span, Span),
) {
    if diff.baseline.get(pair.0).subject == Subject::Extension {
        return;
    }
    let moved = ours.oneof.is_some() != theirs.oneof.is_some();
    let how = match (ours.presence, theirs.presence) {
        (_, Presence::Required) => "required-added",
        (Presence::Required, _) => "required-removed",
        _ if moved => "oneof",
        _ if theirs.label == Some(WrittenLabel::Optional) && ours.label.is_none() => "label-added",
        _ if ours.label == Some(WrittenLabel::Optional) && theirs.label.is_none() => {
            "label-removed"
        }
        _ => "feature",
    };
    let by_feature = |schema: &Schema, id: ElementId, label: Span| {
        feature_token(schema, id, 1)
            .filter(|_| how != "oneof")
            .unwrap_or(label)
    };
    let places = (
        by_feature(diff.baseline, pair.0, places.0),
        by_feature(diff.current, pair.1, places.1),
    );
    let word = |presence: Presence| match presence {
        Presence::Implicit => "implicit",
        Presence::Explicit => "explicit",
        Presence::Required => "required",
    };
    let values = (
        word(ours.presence).to_owned(),
        word(theirs.presence).to_owned(),
    );
    diff.changed_at(pair, Aspect::Presence, how, places, values);
}

fn written(field: &FieldData) -> String {
    match field.label {
        None => "no label",
        Some(WrittenLabel::Optional) => "optional",
        Some(WrittenLabel::Required) => "required",
        Some(WrittenLabel::Repeated) => "repeated",
    }
    .to_owned()
}

/// The label, or the type that it would stand before.
fn label_token(schema: &Schema, id: ElementId) -> Span {
    let label = [tag::LABEL, tag::TYPE_NAME, tag::SCALAR]
        .into_iter()
        .find_map(|rest| schema.location(id, rest));
    label.map_or_else(|| schema.token(id, &[]), |location| location.span)
}
