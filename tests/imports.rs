//! Imports that are not there, with and without stand-ins, and the layouts that say where imports are looked for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/tree.rs"]
mod tree;

use insta::assert_snapshot;

use crate::tree::{acme, sides};

const STUB: (&str, &str) = ("protopact.toml", "[schema]\nmissing-imports = \"stub\"\n");

/// Every kind of place that can name what is not there.
const ORDER: &str = r#"syntax = "proto3";
package acme.v1;

import "buf/validate/validate.proto";
import "acme/common/money.proto";
import "google/protobuf/descriptor.proto";

option (acme.common.owner) = "team";

extend google.protobuf.FieldOptions {
  string unit = 50001;
}

extend acme.common.Extensible {
  Order order = 7;
}

message Order {
  option (buf.validate.message).cel = {id: "x", [buf.validate.more]: {a: 1}};
  string id = 1 [(buf.validate.field).string.min_len = 1, deprecated = true, (unit) = "kg", json_name = "ID"];
  acme.common.Money total = 2 [(buf.validate.field).required = true];
  repeated common.Money lines = 3;
  map<string, common.Rate.Kind> rates = 4;
  Line line = 5;
  message Line {
    Order order = 1;
    Country country = 2;
  }
  oneof way {
    option (buf.validate.oneof).required = true;
    .geo.Place place = 6;
    string street = 7;
  }
}

enum State {
  STATE_UNKNOWN = 0 [(buf.validate.value) = true, deprecated = true];
}

service Orders {
  option (acme.common.service) = {};
  rpc Get(acme.common.Id) returns (stream Order) {
    option (google.api.http) = {get: "/v1"};
    option deprecated = true;
  }
}
"#;

#[test]
fn nothing_is_reported_about_what_stands_in() {
    let after = ORDER.replace("min_len = 1", "min_len = 2");
    let sides = sides(&[("order.proto", ORDER)], &[("order.proto", &after), STUB]);
    assert_snapshot!(sides.check(&[]), @"
note: 2 imports were not found and stand as opaque types: `acme/common/money.proto`, `buf/validate/validate.proto`
after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (22 elements), no element changed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[test]
fn checks_that_need_no_type_run() {
    let after = ORDER
        .replace("acme.common.Money total", "acme.common.Cash total")
        .replace("deprecated = true, (unit) = \"kg\"", "(unit) = \"g\"")
        .replace("Order order = 7", "Order order = 8")
        .replace("Country country = 2", "Land country = 2")
        .replace("string street = 7", "bytes street = 7")
        .replace("acme.common.Id)", "acme.common.Key)")
        .replace(
            "STATE_UNKNOWN = 0 [(buf.validate.value) = true, deprecated = true]",
            "STATE_NONE = 0",
        );
    let sides = sides(&[("order.proto", ORDER)], &[("order.proto", &after), STUB]);
    assert_snapshot!(sides.check(&["--format", "concise"]), @"
order.proto:15:17: error[extension-number-changed] extension `order` changed its number from 7 to 8
order.proto:20:10: note[deprecation-removed] `Order.id` is no longer deprecated
order.proto:21:3: error[field-message-type-changed] field `Order.total` changed its type from message `acme.common.Money` to message `acme.common.Cash`
order.proto:27:5: error[field-message-type-changed] field `Order.Line.country` changed its type from message `acme.v1.Country` to message `acme.v1.Land`
order.proto:32:5: error[field-type-widened] field `Order.street` changed its type from `string` to `bytes`
order.proto:37:3: note[deprecation-removed] `State.STATE_UNKNOWN` is no longer deprecated
order.proto:37:3: error[enum-value-renamed] enum value `State.STATE_UNKNOWN` was renamed from `STATE_UNKNOWN` to `STATE_NONE`
order.proto:42:11: error[method-request-type-changed] method `Orders.Get` takes `acme.common.Key` and took `acme.common.Id`
after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (22 elements), 9 changes; 6 errors, 0 warnings, 2 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn places_stay_exact_where_options_are_left_out() {
    let after = ORDER.replace("json_name = \"ID\"", "json_name = \"Id\"");
    let sides = sides(&[("order.proto", ORDER)], &[("order.proto", &after), STUB]);
    assert_snapshot!(sides.check(&[]), @r#"
warning[field-json-name-changed]: field `Order.id` changed its JSON name from `ID` to `Id`
   --> before/order.proto:20:105
 20 | ..., (unit) = "kg", json_name = "ID"];
    |                                 ^^^^
   --> order.proto:20:105
 20 | ..., (unit) = "kg", json_name = "Id"];
    |                                 ^^^^
    = breaks:   JSON (readers old and new)
    = promise:  "Field types, numbers and names will not change." (preset `stable`)
    = maturity: stable (default)
    = help:     set `json_name` back to `ID`
    = accept:   dedb79ab4f2e6207

note: 2 imports were not found and stand as opaque types: `acme/common/money.proto`, `buf/validate/validate.proto`
after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (22 elements), 1 change; 0 errors, 1 warning, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a patch version bump
exit 0
"#);
}

#[test]
fn the_error_without_stand_ins() {
    let sides = sides(
        &[("order.proto", ORDER)],
        &[
            ("order.proto", ORDER),
            ("x.proto", "syntax = \"proto3\";\nimport \"no.proto\";\n"),
        ],
    );
    assert_snapshot!(sides.check(&[]), @r#"
error: the current side `after` does not compile: 1 error in `x.proto`

error: import `no.proto` not found
  --> x.proto:2:1
 2 | import "no.proto";
   | ^^^^^^^^^^^^^^^^^^ imported here
   = help: tried the import roots `.`; name the root that holds it with `-I ROOT` or `roots` in the
           section [schema] of protopact.toml, or go without it: `missing-imports = "stub"` there
           makes its types opaque

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
"#);
}

#[test]
fn an_import_that_only_one_side_finds() {
    let money = "syntax = \"proto3\";\npackage acme.common;\nmessage Money {}\nenum Unit { UNIT_KG = 0; }\n";
    let order = "syntax = \"proto3\";\npackage acme.v1;\nimport \"acme/common/money.proto\";\nmessage Order {\n  common.Money total = 1;\n  common.Unit unit = 2;\n}\n";
    let before = [("order.proto", order), ("acme/common/money.proto", money)];
    let sides = sides(&before, &[("order.proto", order), STUB]);
    assert_snapshot!(sides.check(&["--format", "concise"]), @"
before/acme/common/money.proto:2:1: error[package-deleted] package `acme.common` was deleted with the last of its files
after compared with before under preset stable (exempt: labelled): 1 file changed (2 before, 1 now, 9 elements), 5 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn defaults_of_opaque_types() {
    let order = "syntax = \"proto2\";\npackage acme.v1;\nimport \"unit.proto\";\nmessage Order {\n  optional Unit unit = 1 [default = KG];\n  optional Unit other = 2;\n}\n";
    let after = order.replace("default = KG", "default = LB");
    let sides = sides(&[("order.proto", order)], &[("order.proto", &after), STUB]);
    assert_snapshot!(sides.check(&["--format", "concise"]), @"
order.proto:5:37: error[field-default-changed] field `Order.unit` changed its default value
after compared with before under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn a_name_that_no_missing_import_can_bring_is_an_error() {
    let blind = "syntax = \"proto3\";\nimport \"no.proto\";\nmessage A { Unknown u = 1; }\n";
    let seeing = "syntax = \"proto3\";\nimport \"a.proto\";\nmessage B { A a = 1; Typo t = 2; }\n";
    let after = [("a.proto", blind), ("b.proto", seeing), STUB];
    let sides = sides(&[("a.proto", blind)], &after);
    assert_snapshot!(sides.check(&[]), @"
error: the current side `after` does not compile: 1 error in `b.proto`

error: name `Typo` is not defined
  --> b.proto:3:22
 3 | message B { A a = 1; Typo t = 2; }
   |                      ^^^^ found here

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

#[test]
fn types_of_a_public_import_that_is_not_there() {
    let public = "syntax = \"proto3\";\nimport public \"no.proto\";\n";
    let user = "syntax = \"proto3\";\nimport \"a.proto\";\nmessage B { Unknown u = 1; }\n";
    let before = [("a.proto", public), ("b.proto", user)];
    let retyped = user.replace("Unknown u", "string u");
    let sides = sides(&before, &[("a.proto", public), ("b.proto", &retyped), STUB]);
    assert_snapshot!(sides.check(&["--format", "concise"]), @"
b.proto:3:13: error[field-type-changed] field `B.u` changed its type from `Unknown` to `string`
after compared with before under preset stable (exempt: labelled): 1 of 2 files changed (6 elements), 2 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn the_same_name_in_two_files_that_meet() {
    let stubbed = acme("import \"no/money.proto\";\nmessage A { Money m = 1; }\n");
    let money = acme("message Money {}\n");
    let both =
        acme("import \"a.proto\";\nimport \"money.proto\";\nmessage B { A a = 1; Money m = 2; }\n");
    let before = [
        ("a.proto", stubbed.as_str()),
        ("money.proto", &money),
        ("b.proto", &both),
    ];
    let gone = both.replace("A a = 1; ", "");
    let after = [
        ("a.proto", stubbed.as_str()),
        ("money.proto", &money),
        ("b.proto", &gone),
        STUB,
    ];
    assert_snapshot!(sides(&before, &after).check(&["--format", "concise"]), @"
b.proto:6:9: error[field-deleted] field `B.a` was deleted, and neither its number nor its name is reserved
after compared with before under preset stable (exempt: labelled): 1 of 3 files changed (12 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn public_imports_pass_on_what_public_imports_bring() {
    let public = |import: &str| acme(&format!("import public \"{import}\";\n"));
    let (b, c) = (public("c.proto"), public("d.proto"));
    let d = format!(
        "{}message D {}\n",
        public("google/protobuf/any.proto"),
        "{}"
    );
    let a =
        acme("import \"b.proto\";\nmessage A {\n  D d = 1;\n  google.protobuf.Any any = 2;\n}\n");
    let after = a.replace("D d = 1", "string d = 1");
    let before = [
        ("a.proto", a.as_str()),
        ("b.proto", &b),
        ("c.proto", &c),
        ("d.proto", &d),
    ];
    let after = [
        ("a.proto", after.as_str()),
        ("b.proto", &b),
        ("c.proto", &c),
        ("d.proto", &d),
    ];
    assert_snapshot!(sides(&before, &after).check(&["--format", "concise"]), @"
a.proto:6:3: error[field-type-changed] field `A.d` changed its type from `acme.v1.D` to `string`
after compared with before under preset stable (exempt: labelled): 1 of 4 files changed (12 elements), 2 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn the_chain_that_leads_to_an_error() {
    let file = |import: &str| format!("syntax = \"proto3\";\nimport \"{import}\";\n");
    let (a, b) = (file("b.proto"), file("c.proto"));
    let c = "syntax = \"proto3\";\nmessage C { No n = 1; Nor m = 2; }\n";
    let before = [("a.proto", a.as_str()), ("b.proto", &b), ("c.proto", c)];
    let changed = format!("{a}message A {{}}\n");
    let after = [
        ("a.proto", changed.as_str()),
        ("b.proto", &b),
        ("c.proto", c),
    ];
    assert_snapshot!(sides(&before, &after).check(&[]), @"
error: neither side compiles

error: the baseline `before` does not compile: 2 errors in `c.proto`

error: name `No` is not defined
  --> before/c.proto:2:13
 2 | message C { No n = 1; Nor m = 2; }
   |             ^^ found here
   = help: `c.proto` is imported by `b.proto`, which is imported by `a.proto`

error: name `Nor` is not defined
  --> before/c.proto:2:23
 2 | message C { No n = 1; Nor m = 2; }
   |                       ^^^ found here
   = help: `c.proto` is imported by `b.proto`, which is imported by `a.proto`

error: the current side `after` does not compile: 2 errors in `c.proto`

error: name `No` is not defined
  --> c.proto:2:13
 2 | message C { No n = 1; Nor m = 2; }
   |             ^^ found here
   = help: `c.proto` is imported by `b.proto`, which is imported by `a.proto`

error: name `Nor` is not defined
  --> c.proto:2:23
 2 | message C { No n = 1; Nor m = 2; }
   |                       ^^^ found here
   = help: `c.proto` is imported by `b.proto`, which is imported by `a.proto`

help: mend the files, or leave out those that cannot be mended or are no part of the promise:
      `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`
exit 2
");
}

/// Two files of which one imports the other, under a root.
fn module<'a>(root: &str, files: &'a [(&'a str, &'a str)]) -> Vec<(String, &'a str)> {
    files
        .iter()
        .map(|(path, text)| (format!("{root}{path}"), *text))
        .collect()
}

const TWO: &[(&str, &str)] = &[
    (
        "common/a.proto",
        "syntax = \"proto3\";\npackage common;\nmessage A {}\n",
    ),
    (
        "shop/b.proto",
        "syntax = \"proto3\";\npackage shop;\nimport \"common/a.proto\";\nmessage B { common.A a = 1; }\n",
    ),
];

fn with<'a>(
    files: &'a [(String, &'a str)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let files = files.iter().map(|(path, text)| (path.as_str(), *text));
    files.chain(more.iter().copied()).collect()
}

#[test]
fn a_renamed_module_directory_moves_the_root() {
    let (before, after) = (module("proto/", TWO), module("api/", TWO));
    let v2 = |path: &str| format!("version: v2\nmodules:\n  - path: {path}\n");
    let (old, new) = (v2("proto"), v2("api"));
    let sides = sides(
        &with(&before, &[("buf.yaml", &old)]),
        &with(&after, &[("buf.yaml", &new)]),
    );
    assert_snapshot!(sides.check(&["--format", "concise"]), @"
api/common/a.proto:1:1: warning[file-re-rooted] file `proto/common/a.proto` moved from `proto/common` to `api/common` and keeps its import path
api/shop/b.proto:1:1: warning[file-re-rooted] file `proto/shop/b.proto` moved from `proto/shop` to `api/shop` and keeps its import path
after compared with before under preset stable (exempt: labelled): 2 of 2 files changed (6 elements), 2 changes; 0 errors, 2 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a patch version bump
exit 0
");
}

#[test]
fn a_workspace_becomes_one_module_file() {
    let files = module("proto/", TWO);
    let work = "version: v1\ndirectories:\n  - proto\n";
    let v2 = "version: v2\nmodules:\n  - path: proto\n";
    let more =
        "syntax = \"proto3\";\npackage shop;\nimport \"shop/b.proto\";\nmessage C { B b = 1; }\n";
    let sides = sides(
        &with(
            &files,
            &[("buf.work.yaml", work), ("proto/buf.yaml", "version: v1\n")],
        ),
        &with(&files, &[("buf.yaml", v2), ("proto/shop/c.proto", more)]),
    );
    assert_snapshot!(sides.check(&["--format", "concise", "--rule", "additions/*=off"]), @"
after compared with before under preset stable (exempt: labelled): 1 file changed (2 before, 3 now, 10 elements), 4 changes, all allowed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
}

#[test]
fn what_a_module_excludes_is_not_compared() {
    let files = module("", TWO);
    let yaml = "version: v1\nbuild:\n  excludes:\n    - broken\n";
    let broken = ("broken/x.proto", "not a schema");
    let sides = sides(
        &with(&files, &[("buf.yaml", yaml)]),
        &with(&files, &[("buf.yaml", yaml), broken]),
    );
    assert_snapshot!(sides.check(&["--format", "concise"]), @"
after compared with before under preset stable (exempt: labelled): no .proto file differs (2 files); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[test]
fn a_layout_that_cannot_be_read() {
    let files = module("", TWO);
    let sides = sides(
        &with(
            &files,
            &[("buf.yaml", "version: v2\nmodules:\n  - path: [a\n")],
        ),
        &with(&files, &[]),
    );
    assert_snapshot!(sides.check(&[]), @"
error: `before/buf.yaml` cannot be read: while parsing a flow sequence, expected ',' or ']' (line 3)
  --> before/buf.yaml:3:13
 3 |   - path: [a
   |             ^ here
   = help: mend the file, or name the import roots yourself, `-I ROOT` or `roots` in the section
           [schema] of protopact.toml: it is not read then
exit 2
");
    assert_snapshot!(sides.check(&["-q", "-I", "."]), @"
after compared with before under preset stable (exempt: labelled): no .proto file differs (2 files); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

/// A package that no import brings takes no part in what a name means, whatever else the tree declares.
#[test]
fn a_package_that_is_not_imported_shadows_nothing() {
    let files = [
        (
            "envoy/config/core.proto",
            "syntax = \"proto3\";\npackage envoy.config;\nmessage Source { string path = 1; }\n",
        ),
        (
            "envoy/extensions/config/other.proto",
            "syntax = \"proto3\";\npackage envoy.extensions.config;\nmessage Other {}\n",
        ),
        (
            "envoy/extensions/tls/tls.proto",
            "syntax = \"proto3\";\npackage envoy.extensions.tls;\nimport \"envoy/config/core.proto\";\nmessage Tls { config.Source source = 1; }\n",
        ),
    ];
    let sides = sides(&files, &files);
    assert_snapshot!(sides.check(&["--format", "concise", "--full"]), @"
after compared with before under preset stable (exempt: labelled): no .proto file differs (3 files, 9 elements); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[test]
fn an_import_that_several_roots_have_means_the_nearest() {
    let library =
        |package: &str| format!("syntax = \"proto3\";\npackage {package};\nmessage Used {{}}\n");
    let user = |module: &str, package: &str| {
        format!(
            "syntax = \"proto3\";\npackage {module};\nimport \"lib/used.proto\";\nmessage User {{ {package}.Used used = 1; }}\n"
        )
    };
    let (near, far) = (library("near"), library("far"));
    let (first, second) = (user("first", "near"), user("second", "far"));
    let files = [
        ("src/lib/used.proto", near.as_str()),
        ("src/app/first.proto", &first),
        ("vendor/old/src/lib/used.proto", &far),
        ("vendor/old/src/app/second.proto", &second),
        // It stands below neither: the one that is higher up is nearer.
        ("tests/third.proto", &first.replace("first", "third")),
    ]
    .map(|(path, text)| (path, text.to_owned()));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let sides = sides(&files, &files);
    assert_snapshot!(sides.check(&["--full", "--format", "concise"]), @"
after compared with before under preset stable (exempt: labelled): no .proto file differs (5 files, 16 elements); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}
