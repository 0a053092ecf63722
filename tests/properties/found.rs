//! Pairs of trees that once broke a law.

/// A pair of trees.
pub(crate) struct Found {
    /// What was wrong.
    pub(crate) what: &'static str,
    pub(crate) before: &'static [(&'static str, &'static str)],
    pub(crate) after: &'static [(&'static str, &'static str)],
}

/// A file with the options that some of the trees use.
const LIMITS: (&str, &str) = (
    "acme/limits.proto",
    r#"syntax = "proto3";
package acme;
import "google/protobuf/descriptor.proto";
message Limits {
  map<string, int32> of = 1;
}
extend google.protobuf.MessageOptions {
  Limits limits = 50001;
}
"#,
);

pub(crate) const FOUND: &[Found] = &[
    Found {
        what: "the entries of a map in an option were spelled in the order of a hash map",
        before: &[
            LIMITS,
            (
                "a.proto",
                r#"syntax = "proto3";
import "acme/limits.proto";
message A {
  option (acme.limits) = { of { key: "a" value: 1 } of { key: "b" value: 2 } of { key: "c" value: 3 } };
}
"#,
            ),
        ],
        after: &[
            LIMITS,
            (
                "a.proto",
                r#"syntax = "proto3";
import "acme/limits.proto";
message A {
  option (acme.limits) = { of { key: "c" value: 3 } of { key: "b" value: 2 } of { key: "a" value: 1 } };
}
"#,
            ),
        ],
    },
    Found {
        what: "the file `a.proto` and the message `proto` of the package `a` have the same name",
        before: &[(
            "acme/trace.proto",
            r#"syntax = "proto2";
package a;
message proto {
}
"#,
        )],
        after: &[("a.proto", "syntax = \"proto2\";\n")],
    },
    Found {
        what: "two oneofs became one: the pair hung on the order of the fields",
        before: &[(
            "a.proto",
            r#"syntax = "proto3";
message M {
  oneof a { int32 one = 1; }
  oneof b {
    int32 two = 2;
    int32 three = 3;
  }
}
"#,
        )],
        after: &[(
            "a.proto",
            r#"syntax = "proto3";
message M {
  oneof x {
    int32 one = 1;
    int32 two = 2;
    int32 three = 3;
  }
}
"#,
        )],
    },
    Found {
        what: "a method that moved out of a service that stays was paired, one that moved into it was not",
        before: &[(
            "a.proto",
            r#"syntax = "proto3";
message M {
}
service Kept {
  rpc Get(M) returns (M);
  rpc List(M) returns (M);
}
"#,
        )],
        after: &[(
            "a.proto",
            r#"syntax = "proto3";
message M {
}
service Kept {
  rpc Get(M) returns (M);
}
service Other {
  rpc List(M) returns (M);
}
"#,
        )],
    },
    Found {
        what: "an option `packed` that says what the syntax says anyway was not seen",
        before: &[(
            "a.proto",
            r#"syntax = "proto3";
message M {
  repeated int32 a = 1;
}
"#,
        )],
        after: &[(
            "a.proto",
            r#"syntax = "proto3";
message M {
  repeated int32 a = 1 [packed = true];
}
"#,
        )],
    },
    Found {
        what: "a package was taken for gone because the file that still declares it was not loaded",
        before: &[
            (
                "a.proto",
                "syntax = \"proto3\";\npackage acme.v1;\nmessage A {}\n",
            ),
            (
                "b.proto",
                "syntax = \"proto3\";\npackage acme.v1;\nmessage B {}\n",
            ),
        ],
        after: &[(
            "b.proto",
            "syntax = \"proto3\";\npackage acme.v1;\nmessage B {}\n",
        )],
    },
    Found {
        what: "a removed file was shown at another file of its directory where only a part was loaded",
        before: &[
            (
                "x/a.proto",
                "syntax = \"proto3\";\npackage a;\nmessage A {}\n",
            ),
            (
                "x/b.proto",
                "syntax = \"proto3\";\npackage b;\nmessage B {}\n",
            ),
            (
                "x/c.proto",
                "syntax = \"proto3\";\npackage c;\nmessage C {}\n",
            ),
            (
                "x/d.proto",
                "syntax = \"proto3\";\npackage d;\nmessage D {}\n",
            ),
        ],
        after: &[
            (
                "x/b.proto",
                "syntax = \"proto3\";\npackage b;\nmessage B {}\n",
            ),
            (
                "x/c.proto",
                "syntax = \"proto3\";\npackage c;\nmessage C {}\n",
            ),
            (
                "x/d.proto",
                "syntax = \"proto3\";\npackage d;\n// A comment.\nmessage D {}\n",
            ),
        ],
    },
];
