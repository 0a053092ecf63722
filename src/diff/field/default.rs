//! The default value that an absent field reads as: what is written, else the zero of the type or an enum's first value.

use crate::change::{Aspect, Subject};
use crate::diff::pair::number;
use crate::diff::{Diff, tag};
use crate::schema::{Cardinality, ElementId, FieldData, FieldType, Schema};

/// A default as two types can be compared in it.
#[derive(Debug, Clone, PartialEq)]
enum Effective {
    /// Of whole numbers, bools (0 and 1) and enums (the number).
    Whole(i128),
    /// Of numbers with a fraction.
    Number(f64),
    /// Of strings and bytes.
    Text(String),
}

pub(super) fn compare(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &FieldData,
    theirs: &FieldData,
) {
    let (old, new) = (
        effective(diff.baseline, ours),
        effective(diff.current, theirs),
    );
    let differ = match (&old, &new) {
        (Some(old), Some(new)) => !same(old, new),
        _ => false,
    };
    // A default that cannot be known, of an opaque type, can only be compared as it is written.
    let unknown = ours.default != theirs.default && (old.is_none() || new.is_none());
    let how = match (differ || unknown, ours.default != theirs.default) {
        (true, _) => "value",
        (false, true) => "spelling",
        (false, false) => return,
    };
    let values = (spelled(diff.baseline, ours), spelled(diff.current, theirs));
    diff.changed(pair, Aspect::Default, how, tag::DEFAULT, values);
}

/// The value of an enum that a field without a value reads as.
pub(in crate::diff) fn enum_value(schema: &Schema, field: &FieldData) -> Option<ElementId> {
    let FieldType::Enum(name) = &field.ty else {
        return None;
    };
    let mut values = schema.children(schema.find(name)?, Subject::EnumValue);
    match &field.default {
        Some(default) => values.find(|&id| schema.get(id).name == *default),
        None => values.next(),
    }
}

fn effective(schema: &Schema, field: &FieldData) -> Option<Effective> {
    if field.cardinality != Cardinality::Singular {
        return None;
    }
    let written = field.default.as_deref();
    match &field.ty {
        FieldType::Scalar("string" | "bytes") => {
            Some(Effective::Text(written.unwrap_or_default().to_owned()))
        }
        FieldType::Scalar("bool") => Some(Effective::Whole((written == Some("true")).into())),
        FieldType::Scalar("float" | "double") => {
            Some(Effective::Number(written.unwrap_or("0").parse().ok()?))
        }
        FieldType::Scalar(_) => Some(Effective::Whole(written.unwrap_or("0").parse().ok()?)),
        FieldType::Enum(_) => {
            let value = number(schema, enum_value(schema, field)?);
            Some(Effective::Whole(value.into()))
        }
        _ => None,
    }
}

/// Two zeros are the same, whatever their types.
#[allow(
    clippy::cast_precision_loss,
    reason = "whole numbers are compared with others only where the type changed"
)]
fn same(old: &Effective, new: &Effective) -> bool {
    use Effective::{Number, Text, Whole};
    let zero = |value: &Effective| match value {
        Whole(number) => *number == 0,
        Number(number) => *number == 0.0,
        Text(text) => text.is_empty(),
    };
    match (old, new) {
        _ if zero(old) && zero(new) => true,
        (Number(old), Number(new)) if old.is_nan() => new.is_nan(),
        (Whole(whole), Number(number)) | (Number(number), Whole(whole)) => {
            (*whole as f64 - number).abs() < f64::EPSILON
        }
        _ => old == new,
    }
}

/// The default as written, else the value of the enum, else that there is none.
fn spelled(schema: &Schema, field: &FieldData) -> String {
    let first = || Some(schema.get(enum_value(schema, field)?).name.clone());
    let written = field.default.clone().or_else(first);
    written.unwrap_or_else(|| "none".to_owned())
}
