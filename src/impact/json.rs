//! What a type looks like in ProtoJSON, and what a reader of one form makes of another; messages are compared elsewhere.
//!
//! Source: protobuf documentation, "ProtoJSON Format".

use super::Grade;
use super::wire::{fits, range};
use crate::schema::{Cardinality, FieldData, FieldType};

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// A scalar, by its keyword.
    Scalar(&'a str),
    /// The name of a value of this enum.
    Enum(&'a str),
    /// An object with a key for each field of this message.
    Message(&'a str),
    /// A string with a format of its own, by the full name of its type.
    Text(&'a str),
    /// An object that says its type.
    Any,
    /// Anything at all.
    Anything,
    /// An array.
    List(Box<Form<'a>>),
    /// An object with keys of one type.
    Object(&'a str, Box<Form<'a>>),
}

impl<'a> Form<'a> {
    /// The form of a field.
    pub(super) fn of(field: &'a FieldData) -> Self {
        match (&field.ty, field.cardinality) {
            (FieldType::Map(..), _) | (_, Cardinality::Singular | Cardinality::Map) => {
                Self::of_type(&field.ty)
            }
            (ty, Cardinality::Repeated) => Self::List(Box::new(Self::of_type(ty))),
        }
    }

    fn of_type(ty: &'a FieldType) -> Self {
        match ty {
            FieldType::Scalar(kind) => Self::Scalar(kind),
            FieldType::Enum(name) => Self::Enum(name),
            FieldType::Message(name) | FieldType::Group(name) => Self::of_message(name),
            FieldType::Map(key, value) => Self::Object(key, Box::new(Self::of_type(value))),
        }
    }

    /// The form of a message: bound to its full name where that is well known.
    pub(super) fn of_message(name: &'a str) -> Self {
        let Some(known) = name.strip_prefix("google.protobuf.") else {
            return Self::Message(name);
        };
        match known {
            "Timestamp" | "Duration" | "FieldMask" => Self::Text(name),
            "Any" => Self::Any,
            "Value" => Self::Anything,
            "ListValue" => Self::List(Box::new(Self::Anything)),
            "Struct" => Self::Object("string", Box::new(Self::Anything)),
            "DoubleValue" => Self::Scalar("double"),
            "FloatValue" => Self::Scalar("float"),
            "Int64Value" => Self::Scalar("int64"),
            "UInt64Value" => Self::Scalar("uint64"),
            "Int32Value" => Self::Scalar("int32"),
            "UInt32Value" => Self::Scalar("uint32"),
            "BoolValue" => Self::Scalar("bool"),
            "StringValue" => Self::Scalar("string"),
            "BytesValue" => Self::Scalar("bytes"),
            _ => Self::Message(name),
        }
    }
}

/// Whether a message has a form of its own in `ProtoJSON`, which is bound to its full name.
pub fn has_own_form(full_name: &str) -> bool {
    !matches!(Form::of_message(full_name), Form::Message(_))
}

/// What one scalar reads where another was written.
pub(super) fn scalars(written: &str, read: &str) -> Grade {
    // Up to here a double tells every integer from its neighbours.
    const EXACT: (i128, i128) = (-(1 << 53), 1 << 53);
    match (written, read) {
        _ if written == read => Grade::Lossless,
        ("bool" | "bytes", _) | (_, "bool" | "bytes") => Grade::Wrong,
        (_, "string") if is_long(written) => Grade::Lossless,
        (_, "string") => Grade::Wrong,
        ("float", "double") => Grade::Lossless,
        ("string" | "float" | "double", _) | (_, "float") => Grade::InRange,
        (_, "double") => range(written).map_or(Grade::Wrong, |ours| fits(ours, EXACT)),
        _ => match (range(written), range(read)) {
            (Some(ours), Some(theirs)) => fits(ours, theirs),
            _ => Grade::Wrong,
        },
    }
}

/// The same for keys of maps, which are strings, whatever they are.
pub(super) fn keys(written: &str, read: &str) -> Grade {
    match (written, read) {
        _ if written == read => Grade::Lossless,
        (_, "string") => Grade::Lossless,
        ("string", _) => Grade::InRange,
        _ => scalars(written, read),
    }
}

/// What an open enum reads where a scalar was written.
pub(super) fn into_enum(written: &str) -> Grade {
    match written {
        "string" | "float" | "double" => Grade::InRange,
        "bool" | "bytes" => Grade::Wrong,
        // A number in quotes is no name of a value.
        _ if is_long(written) => Grade::Wrong,
        _ => match (range(written), range("enum")) {
            (Some(ours), Some(theirs)) => fits(ours, theirs),
            _ => Grade::Wrong,
        },
    }
}

/// Whether an integer is written in quotes.
fn is_long(kind: &str) -> bool {
    matches!(kind, "int64" | "uint64" | "sint64" | "fixed64" | "sfixed64")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_each_other_as_far_as_they_go() {
        for (written, read, grade) in [
            ("int32", "double", Grade::Lossless),
            ("int64", "double", Grade::InRange),
            ("int32", "float", Grade::InRange),
            ("float", "double", Grade::Lossless),
            ("double", "int32", Grade::InRange),
            ("sint32", "fixed64", Grade::InRange),
            ("fixed32", "sint64", Grade::Lossless),
            ("uint64", "string", Grade::Lossless),
            ("uint32", "string", Grade::Wrong),
            ("string", "uint32", Grade::InRange),
            ("bool", "int32", Grade::Wrong),
            ("string", "bytes", Grade::Wrong),
        ] {
            assert_eq!(scalars(written, read), grade, "{written} as {read}");
        }
        assert_eq!(into_enum("int32"), Grade::Lossless);
        assert_eq!(into_enum("int64"), Grade::Wrong);
        assert_eq!(keys("bool", "string"), Grade::Lossless);
        assert_eq!(keys("string", "bool"), Grade::InRange);
    }

    #[test]
    fn the_form_of_a_well_known_type_is_bound_to_its_name() {
        for name in ["Timestamp", "StringValue", "Struct", "Any", "FieldMask"] {
            assert!(has_own_form(&format!("google.protobuf.{name}")), "{name}");
            assert!(!has_own_form(&format!("acme.protobuf.{name}")), "{name}");
        }
        assert!(!has_own_form("google.protobuf.Empty"));
    }
}
