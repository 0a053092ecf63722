//! What a reader makes of bytes that were written as another type; it looks at no message and at no enum from inside.
//!
//! Source: protobuf documentation, "Encoding" and "Updating A Message Type".

use super::Grade;
use crate::schema::FieldType;

/// How a value stands on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WireType {
    Varint,
    I32,
    I64,
    Len,
    Group,
}

impl WireType {
    pub(super) fn of(ty: &FieldType) -> Self {
        match ty {
            FieldType::Scalar("double" | "fixed64" | "sfixed64") => Self::I64,
            FieldType::Scalar("float" | "fixed32" | "sfixed32") => Self::I32,
            FieldType::Scalar("string" | "bytes") | FieldType::Message(_) | FieldType::Map(..) => {
                Self::Len
            }
            FieldType::Group(_) => Self::Group,
            FieldType::Scalar(_) | FieldType::Enum(_) => Self::Varint,
        }
    }

    /// Whether many values can be written as one run of bytes, so that readers of many take both forms.
    pub(super) fn is_packable(self) -> bool {
        matches!(self, Self::Varint | Self::I32 | Self::I64)
    }
}

/// What one scalar reads where another was written, of one wire type. An enum counts as the `int32` that it is.
pub(super) fn scalars(written: &str, read: &str) -> Grade {
    let is_zigzag = |kind: &str| matches!(kind, "sint32" | "sint64");
    match (written, read) {
        _ if written == read => Grade::Lossless,
        ("string", "bytes") => Grade::Lossless,
        // Not zero is true, however it is written.
        ("bytes", "string") | (_, "bool") => Grade::InRange,
        ("float" | "double", _) | (_, "float" | "double") => Grade::Wrong,
        _ if is_zigzag(written) != is_zigzag(read) => Grade::Wrong,
        _ => match (range(written), range(read)) {
            (Some(ours), Some(theirs)) => fits(ours, theirs),
            _ => Grade::Wrong,
        },
    }
}

/// The least and the greatest value of an integer type.
pub(super) fn range(kind: &str) -> Option<(i128, i128)> {
    let signed = |bits: u32| (-(1 << (bits - 1)), (1 << (bits - 1)) - 1);
    let unsigned = |bits: u32| (0, (1 << bits) - 1);
    Some(match kind {
        "bool" => unsigned(1),
        "int32" | "sint32" | "sfixed32" | "enum" => signed(32),
        "int64" | "sint64" | "sfixed64" => signed(64),
        "uint32" | "fixed32" => unsigned(32),
        "uint64" | "fixed64" => unsigned(64),
        _ => return None,
    })
}

pub(super) fn fits(ours: (i128, i128), theirs: (i128, i128)) -> Grade {
    if theirs.0 <= ours.0 && ours.1 <= theirs.1 {
        Grade::Lossless
    } else {
        Grade::InRange
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_of_one_wire_type_read_each_other_as_far_as_they_go() {
        for (written, read, grade) in [
            ("int32", "int64", Grade::Lossless),
            ("int64", "int32", Grade::InRange),
            ("int32", "uint32", Grade::InRange),
            ("uint32", "int64", Grade::Lossless),
            ("bool", "uint64", Grade::Lossless),
            ("enum", "int32", Grade::Lossless),
            ("enum", "uint64", Grade::InRange),
            ("int32", "sint32", Grade::Wrong),
            ("sint64", "int64", Grade::Wrong),
            ("sint32", "bool", Grade::InRange),
            ("bool", "sint32", Grade::Wrong),
            ("fixed32", "sfixed32", Grade::InRange),
            ("fixed32", "float", Grade::Wrong),
            ("double", "sfixed64", Grade::Wrong),
            ("string", "bytes", Grade::Lossless),
            ("bytes", "string", Grade::InRange),
        ] {
            assert_eq!(scalars(written, read), grade, "{written} as {read}");
        }
    }
}
