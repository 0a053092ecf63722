//! The schemas of the rows that say only of what kind a field is, or how many values it has.

/// The types that fields name, the same on both sides.
const TYPES: &str = "
message Message { int32 x = 1; }
message Open { enum Kind { ZERO = 0; ONE = 1; TWO = 2; } }
message Closed { enum Kind { option features.enum_type = CLOSED; ZERO = 0; ONE = 1; TWO = 2; } }
";

/// Both schemas; `None` where the words are not those of a kind or a cardinality.
pub(crate) fn schemas(old: &str, new: &str, cardinality: &str) -> Option<(String, String)> {
    let (before, after) = cardinality
        .split_once(" -> ")
        .unwrap_or((cardinality, cardinality));
    Some((schema(old, before)?, schema(new, after)?))
}

fn schema(kind: &str, cardinality: &str) -> Option<String> {
    let field = field(kind, cardinality)?;
    Some(format!(
        "edition = \"2023\";\npackage acme.v1;\n{TYPES}\nmessage M {{ {field} }}\n"
    ))
}

fn field(kind: &str, cardinality: &str) -> Option<String> {
    let (ty, own) = ty(kind)?;
    let options = |more: &[&str]| {
        let all: Vec<&str> = own.iter().chain(more).copied().collect();
        if all.is_empty() {
            String::new()
        } else {
            format!(" [{}]", all.join(", "))
        }
    };
    let field = |before: &str, more: &[&str]| format!("{before}{ty} f = 1{};", options(more));
    Some(match cardinality {
        "singular" | "explicit" => field("", &[]),
        "implicit" => field("", &["features.field_presence = IMPLICIT"]),
        "alone in a oneof" => format!("oneof only {{ {} }}", field("", &[])),
        "repeated" | "repeated packed" | "repeated (default encoding)" => field("repeated ", &[]),
        "repeated expanded" => field(
            "repeated ",
            &["features.repeated_field_encoding = EXPANDED"],
        ),
        "map key" => format!("map<{ty}, int32> f = 1;"),
        "map value" => format!("map<int32, {ty}> f = 1;"),
        _ => return None,
    })
}

/// The name of a type, and the options that make it the kind that is meant.
fn ty(kind: &str) -> Option<(&str, &'static [&'static str])> {
    const DELIMITED: &[&str] = &["features.message_encoding = DELIMITED"];
    const UNCHECKED: &[&str] = &["features.utf8_validation = NONE"];
    const SCALARS: &[&str] = &[
        "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32",
        "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes",
    ];
    Some(match kind {
        "enum (open)" => ("Open.Kind", &[]),
        "enum (closed)" => ("Closed.Kind", &[]),
        "message" => ("Message", &[]),
        "group/DELIMITED" => ("Message", DELIMITED),
        "string (utf8 NONE)" => ("string", UNCHECKED),
        scalar if SCALARS.contains(&scalar) => (scalar, &[]),
        _ => return None,
    })
}
