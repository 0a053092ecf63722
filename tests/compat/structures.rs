//! The schemas of the rows that describe a structure in words.

/// One pair of schemas, by the words of its rows.
struct Structure {
    cardinality: &'static str,
    old: &'static str,
    new: &'static str,
    /// The statement that begins each schema.
    syntax: (&'static str, &'static str),
    before: &'static str,
    after: &'static str,
}

/// Both schemas; `None` where the words are those of no structure.
pub(crate) fn schemas(old: &str, new: &str, cardinality: &str) -> Option<(String, String)> {
    let known = STRUCTURES
        .iter()
        .find(|known| (known.old, known.new, known.cardinality) == (old, new, cardinality))?;
    let schema = |syntax: &str, body: &str| format!("{syntax}\npackage acme.v1;\n{body}\n");
    Some((
        schema(known.syntax.0, known.before),
        schema(known.syntax.1, known.after),
    ))
}

const PROTO2: &str = "syntax = \"proto2\";";
const PROTO3: &str = "syntax = \"proto3\";";
const EDITION: &str = "edition = \"2023\";";

const STRUCTURES: &[Structure] = &[
    Structure {
        cardinality: "singular",
        old: "foo_bar",
        new: "fooBar",
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 foo_bar = 1; }",
        after: "message M { int32 fooBar = 1; }",
    },
    Structure {
        cardinality: "singular",
        old: "foo_bar (json fooBar)",
        new: r#"foo_bar [json_name="x"]"#,
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 foo_bar = 1; }",
        after: r#"message M { int32 foo_bar = 1 [json_name = "x"]; }"#,
    },
    Structure {
        cardinality: "singular",
        old: r#"foo_bar [json_name="foo_bar"]"#,
        new: "foo_bar (json fooBar)",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { int32 foo_bar = 1 [json_name = "foo_bar"]; }"#,
        after: "message M { int32 foo_bar = 1; }",
    },
    Structure {
        cardinality: "singular",
        old: "a=1, b=2 (identity: number)",
        new: "b=1, a=2",
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 a = 1; int32 b = 2; }",
        after: "message M { int32 b = 1; int32 a = 2; }",
    },
    Structure {
        cardinality: "singular",
        old: "a=1, b=2 (identity: name)",
        new: "a=2, b=1",
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 a = 1; int32 b = 2; }",
        after: "message M { int32 a = 2; int32 b = 1; }",
    },
    Structure {
        cardinality: "singular",
        old: "int32 a = 1 deleted",
        new: "bool b = 1 added",
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 a = 1; }",
        after: "message M { bool b = 1; }",
    },
    Structure {
        cardinality: "presence",
        old: "implicit int32",
        new: "optional int32",
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 a = 1; }",
        after: "message M { optional int32 a = 1; }",
    },
    Structure {
        cardinality: "presence",
        old: "implicit int32",
        new: "oneof { int32 }",
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 a = 1; }",
        after: "message M { oneof k { int32 a = 1; } }",
    },
    Structure {
        cardinality: "presence",
        old: "implicit int32",
        new: "required (LEGACY_REQUIRED)",
        syntax: (EDITION, EDITION),
        before: "message M { int32 a = 1 [features.field_presence = IMPLICIT]; }",
        after: "message M { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }",
    },
    Structure {
        cardinality: "presence",
        old: "optional int32",
        new: "required int32",
        syntax: (PROTO2, PROTO2),
        before: "message M { optional int32 a = 1; }",
        after: "message M { required int32 a = 1; }",
    },
    Structure {
        cardinality: "presence",
        old: "message",
        new: "+ required int32 w = 2",
        syntax: (PROTO2, PROTO2),
        before: "message M { optional int32 a = 1; }",
        after: "message M { optional int32 a = 1; required int32 w = 2; }",
    },
    Structure {
        cardinality: "presence",
        old: "required int32",
        new: "repeated int32",
        syntax: (PROTO2, PROTO2),
        before: "message M { required int32 a = 1; }",
        after: "message M { repeated int32 a = 1; }",
    },
    Structure {
        cardinality: "presence",
        old: "proto3 optional int32",
        new: "editions int32 (EXPLICIT)",
        syntax: (PROTO3, EDITION),
        before: "message M { optional int32 a = 1; }",
        after: "message M { int32 a = 1; }",
    },
    Structure {
        cardinality: "default",
        old: "[default = 5]",
        new: "[default = 7]",
        syntax: (PROTO2, PROTO2),
        before: "message M { optional int32 a = 1 [default = 5]; }",
        after: "message M { optional int32 a = 1 [default = 7]; }",
    },
    Structure {
        cardinality: "default",
        old: "no default",
        new: "[default = 5]",
        syntax: (PROTO2, PROTO2),
        before: "message M { optional int32 a = 1; }",
        after: "message M { optional int32 a = 1 [default = 5]; }",
    },
    Structure {
        cardinality: "oneof",
        old: "optional int32",
        new: "new oneof { int32 } alone",
        syntax: (PROTO3, PROTO3),
        before: "message M { optional int32 a = 1; }",
        after: "message M { oneof k { int32 a = 1; } }",
    },
    Structure {
        cardinality: "oneof",
        old: "Msg m",
        new: "new oneof { Msg m } alone",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { Msg m = 1; }
message Msg { int32 x = 1; }"#,
        after: r#"message M { oneof k { Msg m = 1; } }
message Msg { int32 x = 1; }"#,
    },
    Structure {
        cardinality: "oneof",
        old: "two optional fields",
        new: "both in one new oneof",
        syntax: (PROTO3, PROTO3),
        before: "message M { optional int32 a = 1; optional int32 b = 2; }",
        after: "message M { oneof k { int32 a = 1; int32 b = 2; } }",
    },
    Structure {
        cardinality: "oneof",
        old: "two implicit fields",
        new: "both in one new oneof",
        syntax: (PROTO3, PROTO3),
        before: "message M { int32 a = 1; int32 b = 2; }",
        after: "message M { oneof k { int32 a = 1; int32 b = 2; } }",
    },
    Structure {
        cardinality: "oneof",
        old: "optional field",
        new: "into an existing oneof",
        syntax: (PROTO3, PROTO3),
        before: "message M { optional int32 a = 1; oneof k { int32 b = 2; } }",
        after: "message M { oneof k { int32 b = 2; int32 a = 1; } }",
    },
    Structure {
        cardinality: "oneof",
        old: "oneof { a, b }",
        new: "two optional fields",
        syntax: (PROTO3, PROTO3),
        before: "message M { oneof k { int32 a = 1; int32 b = 2; } }",
        after: "message M { optional int32 a = 1; optional int32 b = 2; }",
    },
    Structure {
        cardinality: "oneof",
        old: "oneof { int32 } alone",
        new: "implicit int32",
        syntax: (PROTO3, PROTO3),
        before: "message M { oneof k { int32 a = 1; } }",
        after: "message M { int32 a = 1; }",
    },
    Structure {
        cardinality: "oneof",
        old: "oneof x { a, b } oneof y { c }",
        new: "oneof x { b } oneof y { a, c }",
        syntax: (PROTO3, PROTO3),
        before: "message M { oneof x { int32 a = 1; int32 b = 2; } oneof y { int32 c = 3; } }",
        after: "message M { oneof x { int32 b = 2; } oneof y { int32 a = 1; int32 c = 3; } }",
    },
    Structure {
        cardinality: "oneof",
        old: "oneof x { a }, oneof y {}",
        new: "a moved into new oneof y, x gone",
        syntax: (PROTO3, PROTO3),
        before: "message M { oneof x { int32 a = 1; } }",
        after: "message M { oneof y { int32 a = 1; } }",
    },
    Structure {
        cardinality: "oneof",
        old: "oneof { a }",
        new: "oneof { a, b }",
        syntax: (PROTO3, PROTO3),
        before: "message M { oneof k { int32 a = 1; } }",
        after: "message M { oneof k { int32 a = 1; int32 b = 2; } }",
    },
    Structure {
        cardinality: "map",
        old: "map<string,int32>",
        new: "repeated Entry",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { map<string, int32> a = 1; }
message Entry { optional string key = 1; optional int32 value = 2; }"#,
        after: r#"message M { repeated Entry a = 1; }
message Entry { optional string key = 1; optional int32 value = 2; }"#,
    },
    Structure {
        cardinality: "map",
        old: "map<string,int32>",
        new: "repeated Entry (implicit fields)",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { map<string, int32> a = 1; }
message Entry { string key = 1; int32 value = 2; }"#,
        after: r#"message M { repeated Entry a = 1; }
message Entry { string key = 1; int32 value = 2; }"#,
    },
    Structure {
        cardinality: "map",
        old: "map<string,int32>",
        new: "Entry (singular)",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { map<string, int32> a = 1; }
message Entry { optional string key = 1; optional int32 value = 2; }"#,
        after: r#"message M { Entry a = 1; }
message Entry { optional string key = 1; optional int32 value = 2; }"#,
    },
    Structure {
        cardinality: "map",
        old: "map foo_bar",
        new: "map baz",
        syntax: (PROTO3, PROTO3),
        before: "message M { map<string, int32> foo_bar = 1; }",
        after: "message M { map<string, int32> baz = 1; }",
    },
    Structure {
        cardinality: "enum value",
        old: "enum value B",
        new: "renamed C (open)",
        syntax: (EDITION, EDITION),
        before: r#"message M { E e = 1; }
enum E { A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { A = 0; C = 1; }"#,
    },
    Structure {
        cardinality: "enum value",
        old: "B = 1",
        new: "B = 2 (open)",
        syntax: (EDITION, EDITION),
        before: r#"message M { E e = 1; }
enum E { A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { A = 0; B = 2; }"#,
    },
    Structure {
        cardinality: "enum value",
        old: "enum value B",
        new: "renamed C (closed)",
        syntax: (EDITION, EDITION),
        before: r#"message M { E e = 1; }
enum E { option features.enum_type = CLOSED; A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { option features.enum_type = CLOSED; A = 0; C = 1; }"#,
    },
    Structure {
        cardinality: "enum value",
        old: "B = 1",
        new: "B = 2 (closed)",
        syntax: (EDITION, EDITION),
        before: r#"message M { E e = 1; }
enum E { option features.enum_type = CLOSED; A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { option features.enum_type = CLOSED; A = 0; B = 2; }"#,
    },
    Structure {
        cardinality: "enum value",
        old: "B = 1, C = 2",
        new: "C = 1, B = 2 (open)",
        syntax: (EDITION, EDITION),
        before: r#"message M { E e = 1; }
enum E { A = 0; B = 1; C = 2; }"#,
        after: r#"message M { E e = 1; }
enum E { A = 0; C = 1; B = 2; }"#,
    },
    Structure {
        cardinality: "enum value",
        old: "enum",
        new: "value added (closed)",
        syntax: (EDITION, EDITION),
        before: r#"message M { E e = 1; }
enum E { option features.enum_type = CLOSED; A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { option features.enum_type = CLOSED; A = 0; B = 1; C = 2; }"#,
    },
    Structure {
        cardinality: "enum value",
        old: "closed enum in a oneof",
        new: "value added",
        syntax: (PROTO2, PROTO2),
        before: r#"message M { oneof k { E e = 1; int32 i = 2; } }
enum E { A = 0; B = 1; }"#,
        after: r#"message M { oneof k { E e = 1; int32 i = 2; } }
enum E { A = 0; B = 1; C = 2; }"#,
    },
    Structure {
        cardinality: "enum alias",
        old: "B = 1",
        new: "B = 1, C = 1 (alias after)",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { E e = 1; }
enum E { A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { option allow_alias = true; A = 0; B = 1; C = 1; }"#,
    },
    Structure {
        cardinality: "enum alias",
        old: "B = 1",
        new: "C = 1, B = 1 (alias first)",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { E e = 1; }
enum E { A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { option allow_alias = true; A = 0; C = 1; B = 1; }"#,
    },
    Structure {
        cardinality: "enum alias",
        old: "B = 1, C = 1",
        new: "C = 1, B = 1",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { E e = 1; }
enum E { option allow_alias = true; A = 0; B = 1; C = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { option allow_alias = true; A = 0; C = 1; B = 1; }"#,
    },
    Structure {
        cardinality: "enum alias",
        old: "B = 1, C = 1",
        new: "B = 1",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { E e = 1; }
enum E { option allow_alias = true; A = 0; B = 1; C = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { A = 0; B = 1; }"#,
    },
    Structure {
        cardinality: "enum alias",
        old: "B = 1, C = 1",
        new: "C = 1",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { E e = 1; }
enum E { option allow_alias = true; A = 0; B = 1; C = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { A = 0; C = 1; }"#,
    },
    Structure {
        cardinality: "enum type",
        old: "open enum",
        new: "closed enum",
        syntax: (EDITION, EDITION),
        before: r#"message M { E e = 1; }
enum E { A = 0; B = 1; }"#,
        after: r#"message M { E e = 1; }
enum E { option features.enum_type = CLOSED; A = 0; B = 1; }"#,
    },
    Structure {
        cardinality: "enum type",
        old: "enum E1",
        new: "enum E2, same names and numbers",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { X.E1 e = 1; }
message X { enum E1 { A = 0; B = 1; } }
message Y { enum E2 { A = 0; B = 1; } }"#,
        after: r#"message M { Y.E2 e = 1; }
message X { enum E1 { A = 0; B = 1; } }
message Y { enum E2 { A = 0; B = 1; } }"#,
    },
    Structure {
        cardinality: "enum default",
        old: "closed { A = 1; B = 2 }",
        new: "closed { B = 2; A = 1 }",
        syntax: (PROTO2, PROTO2),
        before: r#"message M { optional E e = 1; }
enum E { A = 1; B = 2; }"#,
        after: r#"message M { optional E e = 1; }
enum E { B = 2; A = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "message M1",
        new: "message M2, equal shape",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { M1 m = 1; }
message M1 { int32 x = 1; }
message M2 { int32 x = 1; }"#,
        after: r#"message M { M2 m = 1; }
message M1 { int32 x = 1; }
message M2 { int32 x = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "message M1 { int32 x = 1 }",
        new: "message M2 { string x = 1 }",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { M1 m = 1; }
message M1 { int32 x = 1; }
message M2 { string x = 1; }"#,
        after: r#"message M { M2 m = 1; }
message M1 { int32 x = 1; }
message M2 { string x = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "message tree",
        new: "same shape, other names",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { T1 m = 1; }
message T1 { int32 v = 1; repeated T1 next = 2; L1 leaf = 3; }
message L1 { T1 up = 1; string s = 2; }
message T2 { int32 v = 1; repeated T2 next = 2; L2 leaf = 3; }
message L2 { T2 up = 1; string s = 2; }"#,
        after: r#"message M { T2 m = 1; }
message T1 { int32 v = 1; repeated T1 next = 2; L1 leaf = 3; }
message L1 { T1 up = 1; string s = 2; }
message T2 { int32 v = 1; repeated T2 next = 2; L2 leaf = 3; }
message L2 { T2 up = 1; string s = 2; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "message { x = 1 }",
        new: "message { z = 1 } (same numbers, other names)",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { M1 m = 1; }
message M1 { int32 x = 1; }
message M2 { int32 z = 1; }"#,
        after: r#"message M { M2 m = 1; }
message M1 { int32 x = 1; }
message M2 { int32 z = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.Timestamp",
        new: "equal-shape local message",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/timestamp.proto";
message M { google.protobuf.Timestamp m = 1; }
message L { int64 seconds = 1; int32 nanos = 2; }"#,
        after: r#"import "google/protobuf/timestamp.proto";
message M { L m = 1; }
message L { int64 seconds = 1; int32 nanos = 2; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.Duration",
        new: "google.protobuf.Timestamp",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/duration.proto";
import "google/protobuf/timestamp.proto";
message M { google.protobuf.Duration m = 1; }"#,
        after: r#"import "google/protobuf/duration.proto";
import "google/protobuf/timestamp.proto";
message M { google.protobuf.Timestamp m = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.Timestamp",
        new: "int64",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/timestamp.proto";
message M { google.protobuf.Timestamp m = 1; }"#,
        after: r#"import "google/protobuf/timestamp.proto";
message M { optional int64 m = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.Struct",
        new: "map<string, Value>",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/struct.proto";
message M { google.protobuf.Struct m = 1; }"#,
        after: r#"import "google/protobuf/struct.proto";
message M { map<string, google.protobuf.Value> m = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.ListValue",
        new: "repeated Value",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/struct.proto";
message M { google.protobuf.ListValue m = 1; }"#,
        after: r#"import "google/protobuf/struct.proto";
message M { repeated google.protobuf.Value m = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.FieldMask",
        new: "message { repeated string paths = 1 }",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/field_mask.proto";
message M { google.protobuf.FieldMask m = 1; }
message L { repeated string paths = 1; }"#,
        after: r#"import "google/protobuf/field_mask.proto";
message M { L m = 1; }
message L { repeated string paths = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.Empty",
        new: "message with fields",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/empty.proto";
message M { google.protobuf.Empty m = 1; }
message L { int32 x = 1; }"#,
        after: r#"import "google/protobuf/empty.proto";
message M { L m = 1; }
message L { int32 x = 1; }"#,
    },
    Structure {
        cardinality: "message type",
        old: "google.protobuf.Any",
        new: "message { type_url, value }",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/any.proto";
message M { google.protobuf.Any m = 1; }
message L { string type_url = 1; bytes value = 2; }"#,
        after: r#"import "google/protobuf/any.proto";
message M { L m = 1; }
message L { string type_url = 1; bytes value = 2; }"#,
    },
    Structure {
        cardinality: "wrapper",
        old: "google.protobuf.Int32Value",
        new: "optional int32",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/wrappers.proto";
message M { google.protobuf.Int32Value m = 1; }"#,
        after: r#"import "google/protobuf/wrappers.proto";
message M { optional int32 m = 1; }"#,
    },
    Structure {
        cardinality: "wrapper",
        old: "google.protobuf.BoolValue",
        new: "optional bool",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/wrappers.proto";
message M { google.protobuf.BoolValue m = 1; }"#,
        after: r#"import "google/protobuf/wrappers.proto";
message M { optional bool m = 1; }"#,
    },
    Structure {
        cardinality: "wrapper",
        old: "google.protobuf.BytesValue",
        new: "optional bytes",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/wrappers.proto";
message M { google.protobuf.BytesValue m = 1; }"#,
        after: r#"import "google/protobuf/wrappers.proto";
message M { optional bytes m = 1; }"#,
    },
    Structure {
        cardinality: "wrapper",
        old: "google.protobuf.DoubleValue",
        new: "optional double",
        syntax: (PROTO3, PROTO3),
        before: r#"import "google/protobuf/wrappers.proto";
message M { google.protobuf.DoubleValue m = 1; }"#,
        after: r#"import "google/protobuf/wrappers.proto";
message M { optional double m = 1; }"#,
    },
    Structure {
        cardinality: "encoding",
        old: "group / DELIMITED",
        new: "length-prefixed message",
        syntax: (EDITION, EDITION),
        before: r#"message M { L l = 1 [features.message_encoding = DELIMITED]; }
message L { int32 x = 1; }"#,
        after: r#"message M { L l = 1; }
message L { int32 x = 1; }"#,
    },
    Structure {
        cardinality: "encoding",
        old: "message_set_wire_format = true",
        new: "false",
        syntax: (PROTO2, PROTO2),
        before: "message M { option message_set_wire_format = true; extensions 4 to 100; }",
        after: "message M { option message_set_wire_format = false; extensions 4 to 100; }",
    },
    Structure {
        cardinality: "string",
        old: "string utf8_validation=NONE",
        new: "utf8_validation=VERIFY",
        syntax: (EDITION, EDITION),
        before: "message M { string s = 1 [features.utf8_validation = NONE]; }",
        after: "message M { string s = 1 [features.utf8_validation = VERIFY]; }",
    },
    Structure {
        cardinality: "extension",
        old: "extension e = 100",
        new: "e = 101",
        syntax: (PROTO2, PROTO2),
        before: r#"message M { extensions 100 to 199; }
extend M { optional int32 e = 100; }"#,
        after: r#"message M { extensions 100 to 199; }
extend M { optional int32 e = 101; }"#,
    },
    Structure {
        cardinality: "extension",
        old: "extension e = 100",
        new: "f = 100",
        syntax: (PROTO2, PROTO2),
        before: r#"message M { extensions 100 to 199; }
extend M { optional int32 e = 100; }"#,
        after: r#"message M { extensions 100 to 199; }
extend M { optional int32 f = 100; }"#,
    },
    Structure {
        cardinality: "extension",
        old: "extension pkg.e",
        new: "pkg.Scope.e, same number",
        syntax: (PROTO2, PROTO2),
        before: r#"message M { extensions 100 to 199; }
message Scope {}
extend M { optional int32 e = 100; }"#,
        after: r#"message M { extensions 100 to 199; }
message Scope { extend M { optional int32 e = 100; } }"#,
    },
    Structure {
        cardinality: "extension",
        old: "extension e = 100",
        new: "deleted",
        syntax: (PROTO2, PROTO2),
        before: r#"message M { extensions 100 to 199; }
extend M { optional int32 e = 100; }"#,
        after: r#"message M { extensions 100 to 199; }
"#,
    },
    Structure {
        cardinality: "text format",
        old: r#"text format foo_bar: "x""#,
        new: "field renamed baz",
        syntax: (PROTO3, PROTO3),
        before: "message M { string foo_bar = 1; }",
        after: "message M { string baz = 1; }",
    },
    Structure {
        cardinality: "reserved",
        old: r#"reserved 2, "b""#,
        new: "reservation removed",
        syntax: (PROTO3, PROTO3),
        before: r#"message M { reserved 2; reserved "b"; int32 a = 1; }"#,
        after: "message M { int32 a = 1; }",
    },
    Structure {
        cardinality: "gRPC path",
        old: "/p.v1.S/M",
        new: "method renamed",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc N(A) returns (A); }"#,
    },
    Structure {
        cardinality: "gRPC path",
        old: "/p.v1.S/M",
        new: "method or service deleted",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S {  }"#,
    },
    Structure {
        cardinality: "gRPC path",
        old: "/p.v1.S/M",
        new: "method or service added",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); rpc N(A) returns (A); }"#,
    },
    Structure {
        cardinality: "gRPC path",
        old: "/p.v1.S/M",
        new: "service renamed",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service T { rpc M(A) returns (A); }"#,
    },
    Structure {
        cardinality: "gRPC path",
        old: "request or response message A",
        new: "renamed, moved, or swapped for an equal shape",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(B) returns (B); }"#,
    },
    Structure {
        cardinality: "gRPC kind",
        old: "unary request",
        new: "client streaming",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(stream A) returns (A); }"#,
    },
    Structure {
        cardinality: "gRPC kind",
        old: "client streaming",
        new: "unary request",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(stream A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
    },
    Structure {
        cardinality: "gRPC kind",
        old: "server streaming",
        new: "unary response",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (stream A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
    },
    Structure {
        cardinality: "gRPC kind",
        old: "unary response",
        new: "server streaming",
        syntax: (PROTO3, PROTO3),
        before: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (A); }"#,
        after: r#"message A { int32 x = 1; }
message B { int32 x = 1; }
service S { rpc M(A) returns (stream A); }"#,
    },
];
