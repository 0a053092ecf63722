//! Small schemas and edits of them, one question each: every type in the place of every other, every label, every option,
//! every deletion with every reservation, and pairs of such edits. Always the same ones.

use std::collections::BTreeMap;

/// Files by path.
pub(crate) type Texts = BTreeMap<String, String>;

/// An edit of one tree.
pub(crate) struct Edit {
    pub(crate) name: String,
    /// Whether it is two edits at once, which need not go together.
    pub(crate) is_pair: bool,
    pub(crate) before: Texts,
    pub(crate) after: Texts,
}

/// What stands in for the directory and the first component of the packages, so that every edit has its own.
const HERE: &str = "HERE";

const SCALARS: [&str; 15] = [
    "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32",
    "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes",
];

/// Every edit.
pub(crate) fn edits() -> Vec<Edit> {
    let mut edits = types();
    edits.extend(labels());
    edits.extend(deletions());
    edits.extend(replacements());
    edits.extend(well_known());
    edits.extend(elsewhere());
    edits.extend(along());
    edits.extend(pairs());
    edits
}

impl Edit {
    fn new(name: String, before: &[(&str, String)], after: &[(&str, String)]) -> Self {
        let texts = |files: &[(&str, String)]| {
            let files = files.iter();
            files
                .map(|(path, text)| (format!("{HERE}/{path}"), text.clone()))
                .collect()
        };
        Self {
            name,
            is_pair: false,
            before: texts(before),
            after: texts(after),
        }
    }

    /// The edit in a directory and packages of its own.
    pub(crate) fn settled(mut self, here: &str) -> Self {
        let settle = |texts: &Texts| {
            let texts = texts.iter();
            texts
                .map(|(path, text)| (path.replace(HERE, here), text.replace(HERE, here)))
                .collect()
        };
        (self.before, self.after) = (settle(&self.before), settle(&self.after));
        self
    }
}

/// The types that a field can have, beside the scalars: those of [`declared`].
const NAMED: [&str; 5] = ["A", "B", "E", "F", "X.E"];

/// Every type in the place of every other: of a field, of a repeated one, of a map's value, of an extension.
fn types() -> Vec<Edit> {
    let all: Vec<&str> = SCALARS.into_iter().chain(NAMED).collect();
    let mut edits = Vec::new();
    for from in &all {
        for to in all.iter().filter(|to| *to != from) {
            for (place, field) in [
                ("field", "message M { optional T f = 1; }"),
                ("map", "message M { map<string, T> f = 1; }"),
                (
                    "extension",
                    "message M { extensions 100 to 199; } extend M { optional T f = 100; }",
                ),
            ] {
                let is_scalar = SCALARS.contains(from) && SCALARS.contains(to);
                // Between scalars a field says as much as the others do.
                if place == "extension" && !is_scalar {
                    continue;
                }
                let text = |ty: &str| {
                    let field = field
                        .replace("T f", &format!("{ty} f"))
                        .replace("T>", &format!("{ty}>"));
                    format!(
                        "syntax = \"proto2\";\npackage HERE.v1;\n{}\n{field}\n",
                        declared()
                    )
                };
                edits.push(Edit::new(
                    format!("type {place} {from} {to}"),
                    &[("a.proto", text(from))],
                    &[("a.proto", text(to))],
                ));
            }
        }
    }
    for from in ["int32", "int64", "uint32", "sint32", "bool", "string"] {
        for to in ["int32", "int64", "uint32", "sint32", "bool", "string"] {
            if from != to {
                let text = |key: &str| {
                    format!(
                        "syntax = \"proto3\";\npackage HERE.v1;\nmessage M {{ map<{key}, int32> f = 1; }}\n"
                    )
                };
                edits.push(Edit::new(
                    format!("type key {from} {to}"),
                    &[("a.proto", text(from))],
                    &[("a.proto", text(to))],
                ));
            }
        }
    }
    edits
}

fn declared() -> String {
    "message A { optional int32 x = 1; }\nmessage B { optional int32 x = 1; }\n\
     enum E { ZERO = 0; ONE = 1; }\nenum F { FZERO = 0; FONE = 1; }\n\
     message X { enum E { ZERO = 0; ONE = 1; TWO = 2; } }"
        .to_owned()
}

/// Every label in the place of every other, in every language.
fn labels() -> Vec<Edit> {
    let fields: [(&str, &[&str]); 3] = [
        (
            "syntax = \"proto2\";",
            &[
                "optional T f = 1;",
                "required T f = 1;",
                "repeated T f = 1;",
                "oneof o { T f = 1; }",
                "map<string, T> f = 1;",
                "optional T f = 1 [default = DEFAULT];",
            ],
        ),
        (
            "syntax = \"proto3\";",
            &[
                "T f = 1;",
                "optional T f = 1;",
                "repeated T f = 1;",
                "oneof o { T f = 1; }",
                "map<string, T> f = 1;",
                "repeated T f = 1 [packed = false];",
            ],
        ),
        (
            "edition = \"2023\";",
            &[
                "T f = 1;",
                "T f = 1 [features.field_presence = IMPLICIT];",
                "T f = 1 [features.field_presence = LEGACY_REQUIRED];",
                "repeated T f = 1;",
                "oneof o { T f = 1; }",
                "map<string, T> f = 1;",
                "T f = 1 [default = DEFAULT];",
            ],
        ),
    ];
    let mut edits = Vec::new();
    for (header, forms) in fields {
        for ty in ["int32", "string", "A", "E"] {
            for from in forms {
                for to in forms.iter().filter(|to| *to != from) {
                    let text = |form: &str| {
                        let default = match ty {
                            "int32" => "5",
                            "string" => "\"x\"",
                            _ => "ONE",
                        };
                        let form = form.replace("T f", &format!("{ty} f"));
                        let form = form.replace("T>", &format!("{ty}>"));
                        let form = form.replace("DEFAULT", default);
                        format!(
                            "{header}\npackage HERE.v1;\nmessage A {{}}\nenum E {{ ZERO = 0; ONE = 1; }}\nmessage M {{ {form} }}\n"
                        )
                    };
                    let impossible = |form: &str| {
                        let message = ty == "A"
                            && (form.contains("default")
                                || form.contains("IMPLICIT")
                                || form.contains("packed"));
                        message || (ty == "string" && form.contains("packed"))
                    };
                    if impossible(from) || impossible(to) {
                        continue;
                    }
                    edits.push(Edit::new(
                        format!("label {header} {ty} {from} {to}"),
                        &[("a.proto", text(from))],
                        &[("a.proto", text(to))],
                    ));
                }
            }
        }
    }
    edits
}

/// What becomes of a number and a name, with every reservation.
fn deletions() -> Vec<Edit> {
    let mut edits = Vec::new();
    let reservations = [
        "",
        "reserved 2;",
        "reserved \"b\";",
        "reserved 2; reserved \"b\";",
        "reserved 1 to 3;",
    ];
    for (kind, before, rest) in [
        (
            "message",
            "optional int32 b = 2; optional int32 c = 4;",
            [
                "optional int32 c = 4;",
                "optional int32 b = 5; optional int32 c = 4;",
                "optional int32 c = 2;",
                "optional int32 d = 2; optional int32 c = 4;",
                "optional int32 b = 4; optional int32 c = 2;",
                "optional string b = 4; optional int32 c = 2;",
                "optional int32 d = 5; optional int32 c = 4;",
            ],
        ),
        (
            "message",
            "required int32 b = 2; optional int32 c = 4;",
            [
                "optional int32 c = 4;",
                "required int32 b = 5; optional int32 c = 4;",
                "optional int32 c = 2;",
                "required int32 d = 2; optional int32 c = 4;",
                "required int32 b = 4; optional int32 c = 2;",
                "optional int32 b = 2; optional int32 c = 4;",
                "required int32 d = 5; optional int32 c = 4;",
            ],
        ),
        (
            "enum",
            "A = 0; b = 2; c = 4;",
            [
                "A = 0; c = 4;",
                "A = 0; b = 5; c = 4;",
                "A = 0; c = 2;",
                "A = 0; d = 2; c = 4;",
                "A = 0; b = 4; c = 2;",
                "c = 4; b = 2; A = 0;",
                "A = 0; d = 5; c = 4;",
            ],
        ),
        (
            "enum",
            "option allow_alias = true; A = 0; b = 2; B = 2; c = 4;",
            [
                "A = 0; c = 4;",
                "option allow_alias = true; A = 0; b = 2; c = 4; C = 4;",
                "option allow_alias = true; A = 0; B = 2; b = 2; c = 4;",
                "option allow_alias = true; A = 0; b = 2; d = 2; c = 4;",
                "option allow_alias = true; A = 0; b = 5; B = 5; c = 4;",
                "option allow_alias = true; A = 0; b = 2; B = 5; c = 4; C = 4;",
                "A = 0; B = 2; c = 4;",
            ],
        ),
    ] {
        for left in rest {
            for reserved in reservations {
                let text = |body: &str, reserved: &str| {
                    format!(
                        "syntax = \"proto2\";\npackage HERE.v1;\n{kind} T {{ {body} {reserved} }}\n"
                    )
                };
                let clash = (left.contains("= 2;") || left.contains("= 3;"))
                    && (reserved.contains('2') || reserved.contains("to"))
                    || left.contains(" b =") && reserved.contains("\"b\"");
                if clash {
                    continue;
                }
                edits.push(Edit::new(
                    format!("deletion {kind} {before} {left} {reserved}"),
                    &[("a.proto", text(before, ""))],
                    &[("a.proto", text(left, reserved))],
                ));
            }
        }
    }
    edits
}

/// The schemas that [`REPLACEMENTS`] are made in.
const BASES: [&str; 3] = [
    r#"syntax = "proto2";
package HERE.v1;
import "HERE/other.proto";
option java_package = "com.a";
option go_package = "a/b";
option optimize_for = SPEED;

message M {
  optional int32 a = 1;
  optional string s = 2;
  optional bytes y = 3 [ctype = CORD];
  optional int64 j = 4;
  optional E e = 5;
  optional N n = 6;
  optional group G = 7 { optional int32 g = 1; }
  oneof o { int32 x = 8; string z = 9; }
  oneof p { int32 q = 10; }
  map<string, int32> m = 11;
  repeated int32 r = 12;
  optional D d = 13 [default = TWO];
  optional Other other = 14;
  reserved 20 to 29, 40;
  reserved "old", "older";
  extensions 100 to 199;
  message N { optional int32 v = 1; enum I { I0 = 0; } }
}
enum E { E0 = 0; E1 = 1; reserved 5 to 9; reserved "E5"; }
enum D { TWO = 2; THREE = 3; }
extend M { optional int32 ext = 100; repeated string exts = 101; }
message U { optional M m = 1; }
message S { extend M { optional int32 scoped = 102; } }
service V { rpc Get(M) returns (U); rpc Put(M) returns (stream U) { option idempotency_level = IDEMPOTENT; } }
service W { rpc Get(U) returns (M); }
"#,
    r#"syntax = "proto3";
package HERE.v1;
import "HERE/other.proto";
option java_package = "com.a";
option go_package = "a/b";
option optimize_for = SPEED;

message M {
  int32 a = 1;
  string s = 2;
  bytes y = 3 [ctype = CORD];
  int64 j = 4;
  E e = 5;
  N n = 6;
  oneof o { int32 x = 8; string z = 9; }
  oneof p { int32 q = 10; }
  map<string, int32> m = 11;
  repeated int32 r = 12;
  Other other = 14;
  reserved 20 to 29, 40;
  reserved "old", "older";
  message N { int32 v = 1; enum I { I0 = 0; } }
}
enum E { E0 = 0; E1 = 1; reserved 5 to 9; reserved "E5"; }
message U { M m = 1; }
service V { rpc Get(M) returns (U); rpc Put(M) returns (stream U) { option idempotency_level = IDEMPOTENT; } }
service W { rpc Get(U) returns (M); }
"#,
    r#"edition = "2023";
package HERE.v1;
import "HERE/other.proto";
import "google/protobuf/cpp_features.proto";
import "google/protobuf/java_features.proto";
option java_package = "com.a";
option go_package = "a/b";
option optimize_for = SPEED;

message M {
  int32 a = 1;
  string s = 2;
  bytes y = 3 [ctype = CORD];
  int64 j = 4;
  E e = 5;
  N n = 6;
  oneof o { int32 x = 8; string z = 9; }
  oneof p { int32 q = 10; }
  map<string, int32> m = 11;
  repeated int32 r = 12;
  D d = 13 [default = TWO];
  Other other = 14;
  reserved 20 to 29, 40;
  reserved old, older;
  extensions 100 to 199;
  message N { int32 v = 1; enum I { I0 = 0; } }
}
enum E { E0 = 0; E1 = 1; reserved 5 to 9; reserved E5; }
enum D { option features.enum_type = CLOSED; TWO = 2; THREE = 3; }
extend M { int32 ext = 100; repeated string exts = 101; }
message U { M m = 1; }
message S { extend M { int32 scoped = 102; } }
service V { rpc Get(M) returns (U); rpc Put(M) returns (stream U) { option idempotency_level = IDEMPOTENT; } }
service W { rpc Get(U) returns (M); }
"#,
];

const OTHER: &str = "syntax = \"proto3\";\npackage HERE.v1;\nmessage Other { int32 k = 1; }\nenum OtherEnum { O0 = 0; }\n";

/// Edits of the bases: a name, and what is put in the place of what. An edit that finds nothing is not made.
const REPLACEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("rename field", &[("int32 a = 1", "int32 aa = 1")]),
    (
        "rename field, keep json name",
        &[("int32 a = 1", "int32 aa = 1 [json_name = \"a\"]")],
    ),
    (
        "json name",
        &[("int32 a = 1", "int32 a = 1 [json_name = \"elsewhere\"]")],
    ),
    ("renumber field", &[("int32 a = 1;", "int32 a = 50;")]),
    (
        "add field",
        &[("int32 a = 1;", "int32 a = 1; OPTIONAL N added = 60;")],
    ),
    (
        "deprecate field",
        &[("int32 a = 1;", "int32 a = 1 [deprecated = true];")],
    ),
    (
        "trade numbers",
        &[
            ("int32 a = 1;", "int32 a = 4;"),
            ("int64 j = 4;", "int64 j = 1;"),
        ],
    ),
    ("string to bytes", &[("string s = 2", "bytes s = 2")]),
    ("ctype gone", &[(" [ctype = CORD]", "")]),
    ("ctype piece", &[("ctype = CORD", "ctype = STRING_PIECE")]),
    (
        "ctype given",
        &[("string s = 2", "string s = 2 [ctype = STRING]")],
    ),
    (
        "ctype feature",
        &[(" [ctype = CORD]", " [features.(pb.cpp).string_type = CORD]")],
    ),
    (
        "cpp view",
        &[(
            "string s = 2",
            "string s = 2 [features.(pb.cpp).string_type = VIEW]",
        )],
    ),
    (
        "java utf8",
        &[(
            "string s = 2",
            "string s = 2 [features.(pb.java).utf8_validation = VERIFY]",
        )],
    ),
    (
        "utf8 none",
        &[(
            "string s = 2",
            "string s = 2 [features.utf8_validation = NONE]",
        )],
    ),
    (
        "utf8 none for the file",
        &[(
            "option java_package",
            "option features.utf8_validation = NONE; option java_package",
        )],
    ),
    (
        "java check",
        &[(
            "option java_package",
            "option java_string_check_utf8 = true; option java_package",
        )],
    ),
    (
        "java check off",
        &[(
            "option java_package",
            "option java_string_check_utf8 = false; option java_package",
        )],
    ),
    (
        "jstype string",
        &[("int64 j = 4", "int64 j = 4 [jstype = JS_STRING]")],
    ),
    (
        "jstype normal",
        &[("int64 j = 4", "int64 j = 4 [jstype = JS_NORMAL]")],
    ),
    (
        "delimited",
        &[("N n = 6", "N n = 6 [features.message_encoding = DELIMITED]")],
    ),
    (
        "expanded",
        &[(
            "int32 r = 12",
            "int32 r = 12 [features.repeated_field_encoding = EXPANDED]",
        )],
    ),
    (
        "presence of the file",
        &[
            (
                "option java_package",
                "option features.field_presence = IMPLICIT; option java_package",
            ),
            (
                "[default = TWO]",
                "[features.field_presence = EXPLICIT, default = TWO]",
            ),
        ],
    ),
    (
        "json format of the file",
        &[(
            "option java_package",
            "option features.json_format = LEGACY_BEST_EFFORT; option java_package",
        )],
    ),
    (
        "json format of a message",
        &[(
            "message U {",
            "message U { option features.json_format = LEGACY_BEST_EFFORT;",
        )],
    ),
    (
        "json format of an enum",
        &[(
            "enum E {",
            "enum E { option features.json_format = LEGACY_BEST_EFFORT;",
        )],
    ),
    (
        "close enum",
        &[("enum E {", "enum E { option features.enum_type = CLOSED;")],
    ),
    (
        "open enum",
        &[(
            "option features.enum_type = CLOSED; TWO = 2",
            "ZWEI = 0; TWO = 2",
        )],
    ),
    (
        "edition",
        &[
            ("edition = \"2023\"", "edition = \"2024\""),
            (" [ctype = CORD]", ""),
        ],
    ),
    (
        "accessor",
        &[(
            "message U {",
            "message U { option no_standard_descriptor_accessor = true;",
        )],
    ),
    (
        "accessor spelled",
        &[(
            "message U {",
            "message U { option no_standard_descriptor_accessor = false;",
        )],
    ),
    (
        "deprecate message",
        &[("message U {", "message U { option deprecated = true;")],
    ),
    (
        "out of a oneof",
        &[(
            "oneof o { int32 x = 8; string z = 9; }",
            "oneof o { string z = 9; } OPTIONAL int32 x = 8;",
        )],
    ),
    (
        "dissolve a oneof",
        &[(
            "oneof o { int32 x = 8; string z = 9; }",
            "OPTIONAL int32 x = 8; OPTIONAL string z = 9;",
        )],
    ),
    (
        "dissolve a oneof of one",
        &[("oneof p { int32 q = 10; }", "OPTIONAL int32 q = 10;")],
    ),
    ("rename oneof", &[("oneof o {", "oneof oo {")]),
    ("rename oneof of one", &[("oneof p {", "oneof pp {")]),
    (
        "into oneof",
        &[
            ("OPTIONAL int32 a = 1;", ""),
            ("oneof p {", "oneof p { int32 a = 1;"),
        ],
    ),
    (
        "into new oneof",
        &[("OPTIONAL int32 a = 1;", "oneof new { int32 a = 1; }")],
    ),
    (
        "several into new oneof",
        &[
            (
                "OPTIONAL int32 a = 1;",
                "oneof new { int32 a = 1; string s = 2; }",
            ),
            ("OPTIONAL string s = 2;", ""),
        ],
    ),
    (
        "between oneofs",
        &[
            ("int32 x = 8; ", ""),
            ("oneof p {", "oneof p { int32 x = 8;"),
        ],
    ),
    (
        "merge oneofs",
        &[
            ("oneof o { int32 x = 8; string z = 9; }", ""),
            ("oneof p {", "oneof p { int32 x = 8; string z = 9; "),
        ],
    ),
    (
        "split oneof",
        &[(
            "oneof o { int32 x = 8; string z = 9; }",
            "oneof o { int32 x = 8; } oneof o2 { string z = 9; }",
        )],
    ),
    (
        "split oneof anew",
        &[(
            "oneof o { int32 x = 8; string z = 9; }",
            "oneof o1 { int32 x = 8; } oneof o2 { string z = 9; }",
        )],
    ),
    ("delete from oneof", &[("int32 x = 8; ", "")]),
    (
        "delete a oneof with all in it",
        &[(
            "oneof o { int32 x = 8; string z = 9; }",
            "reserved 8, 9; reserved NAME(x), NAME(z);",
        )],
    ),
    (
        "add to oneof",
        &[("oneof o {", "oneof o { int32 new = 61;")],
    ),
    ("rename map", &[("int32> m = 11", "int32> mm = 11")]),
    (
        "delete map, reserved",
        &[(
            "map<string, int32> m = 11;",
            "reserved 11; reserved NAME(m);",
        )],
    ),
    (
        "spell map out",
        &[(
            "map<string, int32> m = 11;",
            "repeated MEntry m = 11; message MEntry { OPTIONAL string key = 1; OPTIONAL int32 value = 2; }",
        )],
    ),
    (
        "spell map out under another name",
        &[(
            "map<string, int32> m = 11;",
            "repeated Entries m = 11; message Entries { OPTIONAL string key = 1; OPTIONAL int32 value = 2; }",
        )],
    ),
    (
        "packed",
        &[("int32 r = 12", "int32 r = 12 [packed = true]")],
    ),
    (
        "not packed",
        &[("int32 r = 12", "int32 r = 12 [packed = false]")],
    ),
    ("default", &[("default = TWO", "default = THREE")]),
    ("default gone", &[(" [default = TWO]", "")]),
    (
        "default of an enum",
        &[("TWO = 2; THREE = 3;", "THREE = 3; TWO = 2;")],
    ),
    (
        "default of an enum, used",
        &[
            ("TWO = 2; THREE = 3;", "THREE = 3; TWO = 2;"),
            (" [default = TWO]", ""),
        ],
    ),
    (
        "number of a default",
        &[("TWO = 2; THREE = 3;", "THREE = 3; TWO = 7;")],
    ),
    (
        "default zero",
        &[("optional int32 a = 1", "optional int32 a = 1 [default = 0]")],
    ),
    (
        "default of a string",
        &[(
            "optional string s = 2",
            "optional string s = 2 [default = \"\"]",
        )],
    ),
    ("group renamed", &[("group G", "group H")]),
    ("group's field", &[("int32 g = 1", "int64 g = 1")]),
    (
        "group to message",
        &[(
            "optional group G = 7 { optional int32 g = 1; }",
            "optional G g = 7; message G { optional int32 g = 1; }",
        )],
    ),
    (
        "unreserve range",
        &[("reserved 20 to 29, 40;", "reserved 40;")],
    ),
    (
        "split reserved range",
        &[(
            "reserved 20 to 29, 40;",
            "reserved 20 to 24, 25 to 29, 40, 41;",
        )],
    ),
    (
        "hole in reserved range",
        &[("reserved 20 to 29, 40;", "reserved 20 to 24, 26 to 29, 40;")],
    ),
    (
        "reuse reserved number",
        &[(
            "reserved 20 to 29, 40;",
            "reserved 20 to 29; OPTIONAL int32 again = 40;",
        )],
    ),
    (
        "reuse reserved name",
        &[(
            "reserved \"old\", \"older\";",
            "reserved \"older\"; OPTIONAL int32 old = 62;",
        )],
    ),
    (
        "free reserved name",
        &[("reserved \"old\", \"older\";", "reserved \"older\";")],
    ),
    (
        "reserve more",
        &[("reserved 20 to 29, 40;", "reserved 20 to 29, 40, 70 to 79;")],
    ),
    (
        "free reserved value",
        &[("reserved 5 to 9;", "reserved 6 to 9;")],
    ),
    (
        "reuse reserved value",
        &[("reserved 5 to 9;", "E6 = 6; reserved 5, 7 to 9;")],
    ),
    ("free reserved name of a value", &[("reserved \"E5\";", "")]),
    (
        "shrink extensions",
        &[("extensions 100 to 199;", "extensions 100 to 150;")],
    ),
    (
        "extensions to reserved",
        &[(
            "extensions 100 to 199;",
            "extensions 100 to 150; reserved 151 to 199;",
        )],
    ),
    (
        "rename nested",
        &[("message N {", "message NN {"), (" N n = 6", " NN n = 6")],
    ),
    ("rename nested enum", &[("enum I {", "enum II {")]),
    (
        "unnest",
        &[
            (
                " message N { OPTIONAL int32 v = 1; enum I { I0 = 0; } }",
                "",
            ),
            (
                "enum D",
                "message N { OPTIONAL int32 v = 1; enum I { I0 = 0; } } enum D",
            ),
        ],
    ),
    ("delete nested, unused", &[("enum I { I0 = 0; }", "")]),
    (
        "rename message",
        &[
            ("message U {", "message UU {"),
            ("(U)", "(UU)"),
            ("stream U", "stream UU"),
        ],
    ),
    (
        "delete service",
        &[("service W { rpc Get(U) returns (M); }", "")],
    ),
    ("rename service", &[("service W {", "service WW {")]),
    ("delete method", &[("rpc Get(M) returns (U);", "")]),
    ("rename method", &[("rpc Get(M)", "rpc Fetch(M)")]),
    (
        "move method",
        &[
            ("rpc Get(M) returns (U);", ""),
            ("service W {", "service W { rpc Get2(M) returns (U);"),
        ],
    ),
    ("request", &[("rpc Get(M)", "rpc Get(U)")]),
    (
        "response",
        &[("rpc Get(M) returns (U)", "rpc Get(M) returns (M)")],
    ),
    ("client streams", &[("rpc Get(M)", "rpc Get(stream M)")]),
    (
        "server streams",
        &[("rpc Get(M) returns (U)", "rpc Get(M) returns (stream U)")],
    ),
    (
        "server streams no more",
        &[("returns (stream U)", "returns (U)")],
    ),
    ("idempotency", &[("IDEMPOTENT;", "NO_SIDE_EFFECTS;")]),
    (
        "idempotency gone",
        &[(" { option idempotency_level = IDEMPOTENT; }", ";")],
    ),
    (
        "idempotency spelled",
        &[(
            "rpc Get(M) returns (U);",
            "rpc Get(M) returns (U) { option idempotency_level = IDEMPOTENCY_UNKNOWN; }",
        )],
    ),
    ("delete value", &[("E0 = 0; E1 = 1;", "E0 = 0;")]),
    ("rename value", &[("E1 = 1", "EONE = 1")]),
    ("renumber value", &[("E1 = 1", "E1 = 3")]),
    ("add value", &[("E1 = 1;", "E1 = 1; E3 = 3;")]),
    (
        "add value to closed",
        &[("THREE = 3;", "THREE = 3; FOUR = 4;")],
    ),
    ("sort values", &[("E0 = 0; E1 = 1;", "E1 = 1; E0 = 0;")]),
    (
        "rename enum",
        &[("enum E {", "enum EE {"), (" E e", " EE e")],
    ),
    ("delete extension", &[("optional int32 ext = 100;", "")]),
    (
        "rename extension",
        &[("int32 ext = 100", "int32 ext2 = 100")],
    ),
    (
        "renumber extension",
        &[("int32 ext = 100", "int32 ext = 150")],
    ),
    (
        "retype extension",
        &[("int32 ext = 100", "int64 ext = 100")],
    ),
    (
        "relabel extension",
        &[("optional int32 ext = 100", "repeated int32 ext = 100")],
    ),
    (
        "move extension into a message",
        &[
            (
                "message S { extend M { ",
                "message S { extend M { optional int32 ext = 100; ",
            ),
            (
                "extend M { optional int32 ext = 100; repeated",
                "extend M { repeated",
            ),
        ],
    ),
    ("java_package", &[("\"com.a\"", "\"com.b\"")]),
    (
        "java_package gone",
        &[("option java_package = \"com.a\";", "")],
    ),
    ("go_package", &[("\"a/b\"", "\"a/c\"")]),
    (
        "optimize_for spelled",
        &[("option optimize_for = SPEED;", "")],
    ),
    (
        "optimize_for",
        &[("optimize_for = SPEED", "optimize_for = CODE_SIZE")],
    ),
    (
        "java_multiple_files",
        &[(
            "option java_package",
            "option java_multiple_files = true; option java_package",
        )],
    ),
    (
        "java_multiple_files spelled",
        &[(
            "option java_package",
            "option java_multiple_files = false; option java_package",
        )],
    ),
    (
        "java_outer_classname",
        &[(
            "option java_package",
            "option java_outer_classname = \"X\"; option java_package",
        )],
    ),
    (
        "java_generic_services",
        &[(
            "option java_package",
            "option java_generic_services = true; option java_package",
        )],
    ),
    (
        "cc_generic_services",
        &[(
            "option java_package",
            "option cc_generic_services = true; option java_package",
        )],
    ),
    (
        "py_generic_services",
        &[(
            "option java_package",
            "option py_generic_services = true; option java_package",
        )],
    ),
    (
        "cc_enable_arenas",
        &[(
            "option java_package",
            "option cc_enable_arenas = false; option java_package",
        )],
    ),
    (
        "cc_enable_arenas spelled",
        &[(
            "option java_package",
            "option cc_enable_arenas = true; option java_package",
        )],
    ),
    (
        "csharp_namespace",
        &[(
            "option java_package",
            "option csharp_namespace = \"X\"; option java_package",
        )],
    ),
    (
        "objc_class_prefix",
        &[(
            "option java_package",
            "option objc_class_prefix = \"X\"; option java_package",
        )],
    ),
    (
        "swift_prefix",
        &[(
            "option java_package",
            "option swift_prefix = \"X\"; option java_package",
        )],
    ),
    (
        "php_class_prefix",
        &[(
            "option java_package",
            "option php_class_prefix = \"X\"; option java_package",
        )],
    ),
    (
        "php_namespace",
        &[(
            "option java_package",
            "option php_namespace = \"X\"; option java_package",
        )],
    ),
    (
        "php_metadata_namespace",
        &[(
            "option java_package",
            "option php_metadata_namespace = \"X\"; option java_package",
        )],
    ),
    (
        "ruby_package",
        &[(
            "option java_package",
            "option ruby_package = \"X\"; option java_package",
        )],
    ),
    (
        "deprecate file",
        &[(
            "option java_package",
            "option deprecated = true; option java_package",
        )],
    ),
    (
        "package",
        &[
            ("package HERE.v1;", "package HERE.v2;"),
            (" Other ", " HERE.v1.Other "),
        ],
    ),
    (
        "move to another file",
        &[
            ("message U { OPTIONAL M m = 1; }", ""),
            ("OTHER", "message U { M m = 1; }"),
        ],
    ),
    (
        "move enum to another file",
        &[
            (
                "enum E { E0 = 0; E1 = 1; reserved 5 to 9; reserved \"E5\"; }",
                "",
            ),
            (
                "OTHER",
                "enum E { E0 = 0; E1 = 1; reserved 5 to 9; reserved \"E5\"; }",
            ),
        ],
    ),
    (
        "delete in another file",
        &[("OTHER-", "enum OtherEnum { O0 = 0; }")],
    ),
    (
        "delete message in another file",
        &[
            ("OTHER-", "message Other { int32 k = 1; }"),
            (
                "OPTIONAL Other other = 14;",
                "reserved 14; reserved NAME(other);",
            ),
        ],
    ),
    ("rename file", &[("FILE", "renamed.proto")]),
    ("move file", &[("FILE", "sub/other.proto")]),
    (
        "delete file",
        &[
            ("FILE", ""),
            (
                "OPTIONAL Other other = 14;",
                "reserved 14; reserved NAME(other);",
            ),
            ("import \"HERE/other.proto\";", ""),
        ],
    ),
    ("comment", &[("message U {", "// A comment.\nmessage U {")]),
];

/// Edits that a language does not allow, by the end of its name.
const NOT_IN: &[(&str, &str)] = &[
    ("sort values", "proto3"),
    ("sort values", "2023"),
    ("java check", "2023"),
    ("java check off", "2023"),
    ("packed", "2023"),
    ("not packed", "2023"),
];

/// A tree with one of [`REPLACEMENTS`] made in it; `None` where it finds nothing.
fn replaced(
    base: &str,
    other: &mut String,
    path: &mut String,
    replacement: &[(&str, &str)],
) -> Option<String> {
    let mut text = base.to_owned();
    let optional = if base.starts_with("syntax = \"proto2\"") {
        "optional "
    } else {
        ""
    };
    let is_edition = base.starts_with("edition");
    let spelled = |part: &str| {
        let mut part = part.replace("OPTIONAL ", optional);
        while let Some((before, rest)) = part.split_once("NAME(") {
            let (name, after) = rest.split_once(')').unwrap();
            let name = if is_edition {
                name.to_owned()
            } else {
                format!("\"{name}\"")
            };
            part = format!("{before}{name}{after}");
        }
        if is_edition {
            part = part.replace("reserved \"old\", \"older\"", "reserved old, older");
            part = part
                .replace("reserved \"older\"", "reserved older")
                .replace("reserved \"E5\"", "reserved E5");
        }
        part
    };
    for (from, to) in replacement {
        if to.contains("features.") && !is_edition {
            return None;
        }
        match *from {
            "OTHER" => {
                if to.contains(" M m") {
                    // The types around it would have to be imported back.
                    *other = other.replace(
                        "message Other",
                        &format!("{} message Other", to.replace("M m = 1;", "Other m = 1;")),
                    );
                } else {
                    *other += to;
                }
            }
            "OTHER-" => *other = other.replace(to, ""),
            "FILE" => {
                text = text.replace("HERE/other.proto", &format!("HERE/{to}"));
                (*to).clone_into(path);
            }
            _ => {
                let from = spelled(from);
                if !text.contains(&from) {
                    return None;
                }
                text = text.replace(&from, &spelled(to));
            }
        }
    }
    Some(text)
}

fn edited(base: &str, replacements: &[usize]) -> Option<Edit> {
    let (mut text, mut other, mut path) =
        (base.to_owned(), OTHER.to_owned(), "other.proto".to_owned());
    let mut names = vec![base.lines().next().unwrap_or_default().to_owned()];
    for index in replacements {
        let (name, replacement) = REPLACEMENTS.get(*index)?;
        let header = base.lines().next()?;
        if NOT_IN
            .iter()
            .any(|(edit, language)| edit == name && header.contains(language))
        {
            return None;
        }
        text = replaced(&text, &mut other, &mut path, replacement)?;
        names.push((*name).to_owned());
    }
    let before = [
        ("a.proto", base.to_owned()),
        ("other.proto", OTHER.to_owned()),
    ];
    let mut after = vec![("a.proto", text)];
    if !path.is_empty() {
        after.push((path.as_str(), other));
    }
    Some(Edit {
        is_pair: replacements.len() > 1,
        ..Edit::new(format!("edit {}", names.join(" + ")), &before, &after)
    })
}

fn replacements() -> Vec<Edit> {
    let all = BASES
        .iter()
        .flat_map(|base| (0..REPLACEMENTS.len()).filter_map(|index| edited(base, &[index])));
    all.collect()
}

/// Types with a ProtoJSON form of their own, in the place of each other and of other types, and the other way round.
fn well_known() -> Vec<Edit> {
    let all = [
        "google.protobuf.Timestamp",
        "google.protobuf.Int64Value",
        "int64",
        "A",
        "E",
    ];
    let mut edits = Vec::new();
    for from in &all {
        for to in all.iter().filter(|to| *to != from) {
            if !format!("{from} {to}").contains("google") {
                continue;
            }
            for (place, field) in [("field", "optional T f"), ("map", "map<string, T> f")] {
                let text = |ty: &str| {
                    let field = field.replace('T', ty);
                    format!(
                        "syntax = \"proto2\";\npackage HERE.v1;\nimport \"google/protobuf/timestamp.proto\";\n\
                         import \"google/protobuf/wrappers.proto\";\n{}\nmessage M {{ {field} = 1; }}\n",
                        declared()
                    )
                };
                edits.push(Edit::new(
                    format!("well-known {place} {from} {to}"),
                    &[("a.proto", text(from))],
                    &[("a.proto", text(to))],
                ));
            }
        }
    }
    edits
}

/// A name that stands for another type, because one of that name was declared nearer to the field.
fn elsewhere() -> Vec<Edit> {
    let types = [
        ("message", "message T { optional int32 a = 1; }"),
        ("other message", "message T { optional string z = 9; }"),
        ("enum", "enum T { ONE = 0; TWO = 1; }"),
        ("larger enum", "enum T { ONE = 0; TWO = 1; THREE = 2; }"),
        ("other enum", "enum T { UN = 0; DEUX = 2; }"),
    ];
    let mut edits = Vec::new();
    for (from, far) in types {
        for (to, near) in types {
            for (place, field) in [("field", "optional T f"), ("map", "map<string, T> f")] {
                let text = |near: &str| {
                    format!(
                        "syntax = \"proto2\";\npackage HERE.v1;\n{far}\nmessage M {{ {near} {field} = 1; }}\n"
                    )
                };
                edits.push(Edit::new(
                    format!("elsewhere {place} {from} {to}"),
                    &[("a.proto", text(""))],
                    &[("a.proto", text(near))],
                ));
            }
        }
    }
    edits
}

/// Renamed messages and services whose fields and methods name what was renamed with them; and what else names it.
fn along() -> Vec<Edit> {
    const NODE: &str = "message NAME { int32 a = 1; string b = 2; ";
    let edits = [
        ("itself", "NAME next = 3; }"),
        ("itself in a map", "map<string, NAME> next = 3; }"),
        ("enum", "Kind kind = 3; enum Kind { K0 = 0; K1 = 1; } }"),
        (
            "message",
            "Part part = 3; message Part { bool p = 1; NAME whole = 2; } }",
        ),
        ("oneof", "oneof o { NAME one = 3; NAME other = 4; } }"),
        ("other message", "} message User { NAME n = 1; }"),
        (
            "method",
            "} service Users { rpc Get(NAME) returns (NAME); }",
        ),
        (
            "service",
            "} service NAMEs { rpc Get(NAME) returns (NAME); rpc Put(NAME) returns (stream NAME); }",
        ),
    ];
    let text = |rest: &str, name: &str| {
        let text = format!("syntax = \"proto3\";\npackage HERE.v1;\n{NODE}{rest}\n");
        text.replace("NAME", name)
    };
    let edits = edits.map(|(what, rest)| {
        Edit::new(
            format!("along {what}"),
            &[("a.proto", text(rest, "Node"))],
            &[("a.proto", text(rest, "Knot"))],
        )
    });
    edits.into()
}

/// Two replacements at once, drawn with a generator of numbers that always starts alike.
fn pairs() -> Vec<Edit> {
    const PAIRS: usize = 600;
    let mut state = 20_260_817_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut found = Vec::new();
    while found.len() < PAIRS {
        let base = BASES[next(BASES.len())];
        let (one, two) = (next(REPLACEMENTS.len()), next(REPLACEMENTS.len()));
        if one != two {
            found.extend(edited(base, &[one, two]));
        }
    }
    found
}
