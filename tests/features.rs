//! Every feature of the editions, set alone on each kind of element that it may stand on: what the diff makes of it, and where.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/case.rs"]
mod case;
#[path = "support/compare.rs"]
#[allow(dead_code, reason = "only the shape of what is found is needed")]
mod compare;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use insta::assert_snapshot;
use protopact::change::{Action, Change, Place};
use protopact::check;
use protopact::diff::{self, Side};
use protopact::maturity::Maturities;
use protopact::rule::document::Case;
use protopact::schema::Schema;
use protopact::schema::load::{Loaded, Options, load};

/// Every kind of element, with a slot for a feature on each. What stands in a slot is a statement or a value in brackets.
const EVERYTHING: &str = r#"edition = "2024";
package acme;
import "google/protobuf/cpp_features.proto";
import "google/protobuf/java_features.proto";
import "google/protobuf/go_features.proto";
@file@
message M {
@message@
  string text = 1 @text@;
  int32 number = 2 @number@;
  repeated int32 numbers = 3 @numbers@;
  M child = 4 @child@;
  E choice = 5 @choice@;
  oneof either {
@oneof@
    string left = 6 @left@;
    bytes right = 7;
  }
  map<string, string> names = 8 @names@;
  extensions 100 to 199 @range@;
  message Inner {
    string text = 1;
  }
}
enum E {
@enum@
  A = 0 @value@;
  B = 1;
}
service S {
@service@
  rpc R(M) returns (M) {
@method@
  }
}
extend M {
  string note = 100 @note@;
  repeated int32 marks = 101 @marks@;
}
"#;

/// The text with a feature in one slot, and nothing in the others.
fn filled(edition: &str, slot: &str, feature: &str) -> String {
    let mut text = String::new();
    for line in EVERYTHING.replace("2024", edition).lines() {
        match line.split_once('@') {
            None => text.push_str(line),
            Some((before, rest)) => {
                let (name, after) = rest.split_once('@').unwrap();
                let inline = !before.is_empty();
                let set = match (name == slot, inline) {
                    (false, _) => String::new(),
                    (true, true) => format!("[{feature}]"),
                    (true, false) => format!("  option {feature};"),
                };
                let before = if set.is_empty() {
                    before.trim_end()
                } else {
                    before
                };
                write!(text, "{before}{set}{after}").unwrap();
            }
        }
        text.push('\n');
    }
    text
}

fn loaded(before: &str, after: &str) -> Loaded {
    let tree =
        |name, text: &str| check::tree(name, [("a.proto".to_owned(), text.as_bytes().to_vec())]);
    let options = Options {
        full: true,
        ..Options::default()
    };
    load(
        &tree("baseline", before),
        &tree("current side", after),
        &options,
    )
    .unwrap_or_else(|errors| panic!("{errors:#?}\n{after}"))
}

fn changes(sides: &Loaded) -> Vec<Change> {
    let none = Maturities::default();
    let side = |schema| Side {
        schema,
        maturity: &none,
    };
    diff::diff(side(&sides.baseline), side(&sides.current))
}

/// The text that a change points at.
fn pointed(schema: &Schema, place: Option<Place>) -> &str {
    let place = place.unwrap();
    let line = |at: u32| {
        schema
            .source_of(place.element)
            .unwrap()
            .text
            .lines()
            .nth(at as usize)
            .unwrap()
    };
    let (first, span) = (line(place.span.line), place.span);
    assert_eq!(span.line, span.end_line, "a token has one line");
    &first[span.column as usize..span.end_column as usize]
}

fn word(value: Option<&String>) -> &str {
    value.map_or("unset", String::as_str)
}

/// What a change is, and what it points at on both sides.
fn described(sides: &Loaded, change: &Change) -> String {
    let element = change.current.unwrap().element;
    let (subject, aspect, action) = change.triple();
    let facet = change
        .facet
        .as_ref()
        .map(|facet| format!(" {facet}"))
        .unwrap_or_default();
    let how = if change.how.is_empty() {
        String::new()
    } else {
        format!(" ({})", change.how)
    };
    format!(
        "{subject} {} · {aspect}{facet} {action}{how}: {} → {}, at `{}` and `{}`",
        sides.current.short_name(element),
        word(change.from.as_ref()),
        word(change.to.as_ref()),
        pointed(&sides.baseline, change.baseline),
        pointed(&sides.current, change.current),
    )
}

/// The rules that say something about a change under the default preset, and the text of the lines that they point at.
fn found(before: &str, after: &str) -> Vec<String> {
    let side = |text: &str| BTreeMap::from([("a.proto".to_owned(), text.to_owned())]);
    let case = Case {
        title: String::new(),
        line: 0,
        earlier: BTreeMap::new(),
        before: side(before),
        after: side(after),
        config: None,
        marks: Vec::new(),
    };
    let found = case::run_case(&case).unwrap().into_iter().map(|found| {
        let line = after.lines().nth(found.line - 1).unwrap().trim();
        format!("{} at `{line}`", found.rule)
    });
    found.collect()
}

/// What setting a feature alone changes, for each of the slots. Taking it away again is the same, the other way round.
fn flipped_in(edition: &str, feature: &str, slots: &[&str]) -> String {
    let mut found = String::new();
    for slot in slots {
        writeln!(found, "{slot}:").unwrap();
        let (without, with) = (filled(edition, "", ""), filled(edition, slot, feature));
        let sides = loaded(&without, &with);
        let there = changes(&sides);
        for change in &there {
            let follows = if change.cause.is_some() {
                "; follows from another"
            } else {
                ""
            };
            writeln!(found, "  {}{follows}", described(&sides, change)).unwrap();
        }
        for finding in self::found(&without, &with) {
            writeln!(found, "    {finding}").unwrap();
        }
        let mirrored = |change: &Change| {
            let (subject, aspect, action) = change.triple();
            let action = match action {
                Action::Added => Action::Removed,
                Action::Removed => Action::Added,
                Action::Changed => Action::Changed,
            };
            (
                subject,
                aspect,
                action,
                change.to.clone(),
                change.from.clone(),
            )
        };
        let expected: Vec<_> = there.iter().map(mirrored).collect();
        let back: Vec<_> = changes(&loaded(&with, &without))
            .into_iter()
            .map(|change| {
                let (subject, aspect, action) = change.triple();
                (subject, aspect, action, change.from, change.to)
            })
            .collect();
        assert_eq!(back, expected, "{feature} {slot}");
        assert!(
            changes(&loaded(&with, &with)).is_empty(),
            "{feature} {slot}"
        );
    }
    found
}

fn flipped(feature: &str, slots: &[&str]) -> String {
    let newest = flipped_in("2024", feature, slots);
    let older = flipped_in("2023", feature, slots).replace("2023", "2024");
    assert_eq!(newest, older, "the editions agree");
    newest
}

#[test]
fn field_presence() {
    assert_snapshot!(flipped("features.field_presence = IMPLICIT", &["file", "text", "number"]), @"
file:
  field M.text · presence changed (feature): explicit → implicit, at `string` and `string`
  field M.number · presence changed (feature): explicit → implicit, at `int32` and `int32`
  field M.choice · presence changed (feature): explicit → implicit, at `E` and `E`
  field M.Inner.text · presence changed (feature): explicit → implicit, at `string` and `string`
    field-presence-inherited at `string text = 1;`
    field-presence-inherited at `int32 number = 2;`
    field-presence-inherited at `E choice = 5;`
    field-presence-inherited at `string text = 1;`
text:
  field M.text · presence changed (feature): explicit → implicit, at `string` and `features.field_presence = IMPLICIT`
    field-presence-inherited at `string text = 1 [features.field_presence = IMPLICIT];`
number:
  field M.number · presence changed (feature): explicit → implicit, at `int32` and `features.field_presence = IMPLICIT`
    field-presence-inherited at `int32 number = 2 [features.field_presence = IMPLICIT];`
");
    assert_snapshot!(flipped("features.field_presence = LEGACY_REQUIRED", &["text", "child"]), @"
text:
  field M.text · presence changed (required-added): explicit → required, at `string` and `features.field_presence = LEGACY_REQUIRED`
    field-required-added at `string text = 1 [features.field_presence = LEGACY_REQUIRED];`
child:
  field M.child · presence changed (required-added): explicit → required, at `M` and `features.field_presence = LEGACY_REQUIRED`
    field-required-added at `M child = 4 [features.field_presence = LEGACY_REQUIRED];`
");
    assert_snapshot!(flipped("features.field_presence = EXPLICIT", &["file", "text"]), @"
file:
text:
");
}

#[test]
fn enum_type() {
    assert_snapshot!(flipped("features.enum_type = CLOSED", &["file", "enum"]), @"
file:
  enum E · openness changed (closed): open → closed, at `E` and `E`
    enum-openness-changed at `enum E {`
enum:
  enum E · openness changed (closed): open → closed, at `E` and `option features.enum_type = CLOSED;`
    enum-openness-changed at `option features.enum_type = CLOSED;`
");
    assert_snapshot!(flipped("features.enum_type = OPEN", &["file", "enum"]), @"
file:
enum:
");
}

#[test]
fn repeated_field_encoding() {
    assert_snapshot!(flipped("features.repeated_field_encoding = EXPANDED", &["file", "numbers", "marks"]), @"
file:
  field M.numbers · packed changed: packed → expanded, at `numbers` and `numbers`
  extension marks · packed changed: packed → expanded, at `marks` and `marks`
    field-packed-changed at `repeated int32 numbers = 3;`
    field-packed-changed at `repeated int32 marks = 101;`
numbers:
  field M.numbers · packed changed: packed → expanded, at `numbers` and `features.repeated_field_encoding = EXPANDED`
    field-packed-changed at `repeated int32 numbers = 3 [features.repeated_field_encoding = EXPANDED];`
marks:
  extension marks · packed changed: packed → expanded, at `marks` and `features.repeated_field_encoding = EXPANDED`
    field-packed-changed at `repeated int32 marks = 101 [features.repeated_field_encoding = EXPANDED];`
");
    assert_snapshot!(flipped("features.repeated_field_encoding = PACKED", &["file", "numbers"]), @"
file:
numbers:
");
}

#[test]
fn utf8_validation() {
    assert_snapshot!(flipped("features.utf8_validation = NONE", &["file", "text", "left", "names", "note"]), @"
file:
  field M.text · utf8-validation changed (unchecked): checked → unchecked, at `text` and `text`
  field M.text · java-utf8-validation changed (unchecked): checked → unchecked, at `text` and `text`; follows from another
  field M.left · utf8-validation changed (unchecked): checked → unchecked, at `left` and `left`
  field M.left · java-utf8-validation changed (unchecked): checked → unchecked, at `left` and `left`; follows from another
  field M.names · utf8-validation changed (unchecked): checked → unchecked, at `names` and `names`
  field M.names · java-utf8-validation changed (unchecked): checked → unchecked, at `names` and `names`; follows from another
  field M.Inner.text · utf8-validation changed (unchecked): checked → unchecked, at `text` and `text`
  field M.Inner.text · java-utf8-validation changed (unchecked): checked → unchecked, at `text` and `text`; follows from another
  extension note · utf8-validation changed (unchecked): checked → unchecked, at `note` and `note`
  extension note · java-utf8-validation changed (unchecked): checked → unchecked, at `note` and `note`; follows from another
    field-utf8-validation-changed at `string text = 1;`
    field-utf8-validation-changed at `string left = 6;`
    field-utf8-validation-changed at `map<string, string> names = 8;`
    field-utf8-validation-changed at `string text = 1;`
    field-utf8-validation-changed at `string note = 100;`
text:
  field M.text · utf8-validation changed (unchecked): checked → unchecked, at `text` and `features.utf8_validation = NONE`
  field M.text · java-utf8-validation changed (unchecked): checked → unchecked, at `text` and `features.utf8_validation = NONE`; follows from another
    field-utf8-validation-changed at `string text = 1 [features.utf8_validation = NONE];`
left:
  field M.left · utf8-validation changed (unchecked): checked → unchecked, at `left` and `features.utf8_validation = NONE`
  field M.left · java-utf8-validation changed (unchecked): checked → unchecked, at `left` and `features.utf8_validation = NONE`; follows from another
    field-utf8-validation-changed at `string left = 6 [features.utf8_validation = NONE];`
names:
  field M.names · utf8-validation changed (unchecked): checked → unchecked, at `names` and `features.utf8_validation = NONE`
  field M.names · java-utf8-validation changed (unchecked): checked → unchecked, at `names` and `features.utf8_validation = NONE`; follows from another
    field-utf8-validation-changed at `map<string, string> names = 8 [features.utf8_validation = NONE];`
note:
  extension note · utf8-validation changed (unchecked): checked → unchecked, at `note` and `features.utf8_validation = NONE`
  extension note · java-utf8-validation changed (unchecked): checked → unchecked, at `note` and `features.utf8_validation = NONE`; follows from another
    field-utf8-validation-changed at `string note = 100 [features.utf8_validation = NONE];`
");
    assert_snapshot!(flipped("features.utf8_validation = VERIFY", &["file", "text"]), @"
file:
text:
");
}

#[test]
fn message_encoding() {
    assert_snapshot!(flipped("features.message_encoding = DELIMITED", &["file", "child"]), @"
file:
  field M.child · type changed (other): acme.M → group acme.M, at `M` and `M`
    field-type-changed at `M child = 4;`
child:
  field M.child · type changed (other): acme.M → group acme.M, at `M` and `features.message_encoding = DELIMITED`
    field-type-changed at `M child = 4 [features.message_encoding = DELIMITED];`
");
    assert_snapshot!(flipped("features.message_encoding = LENGTH_PREFIXED", &["file", "child"]), @"
file:
child:
");
}

#[test]
fn json_format() {
    assert_snapshot!(flipped("features.json_format = LEGACY_BEST_EFFORT", &["file", "message", "enum"]), @"
file:
  message M · json-format changed (relaxed): ALLOW → LEGACY_BEST_EFFORT, at `M` and `M`
  message M.Inner · json-format changed (relaxed): ALLOW → LEGACY_BEST_EFFORT, at `Inner` and `Inner`; follows from another
  enum E · json-format changed (relaxed): ALLOW → LEGACY_BEST_EFFORT, at `E` and `E`
    message-json-format-changed at `message M {`
    enum-json-format-changed at `enum E {`
message:
  message M · json-format changed (relaxed): ALLOW → LEGACY_BEST_EFFORT, at `M` and `option features.json_format = LEGACY_BEST_EFFORT;`
  message M.Inner · json-format changed (relaxed): ALLOW → LEGACY_BEST_EFFORT, at `Inner` and `Inner`; follows from another
    message-json-format-changed at `option features.json_format = LEGACY_BEST_EFFORT;`
enum:
  enum E · json-format changed (relaxed): ALLOW → LEGACY_BEST_EFFORT, at `E` and `option features.json_format = LEGACY_BEST_EFFORT;`
    enum-json-format-changed at `option features.json_format = LEGACY_BEST_EFFORT;`
");
    assert_snapshot!(flipped("features.json_format = ALLOW", &["file", "message", "enum"]), @"
file:
message:
enum:
");
}

const ALL: &[&str] = &[
    "file", "message", "range", "text", "oneof", "enum", "value", "service", "method", "note",
];

#[test]
fn enforce_naming_style() {
    assert_snapshot!(flipped_in("2024", "features.enforce_naming_style = STYLE_LEGACY", ALL), @r#"
file:
  file a.proto · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `edition = "2024";` and `option features.enforce_naming_style = STYLE_LEGACY;`
message:
  message M · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `M` and `option features.enforce_naming_style = STYLE_LEGACY;`
range:
  message M · option extensions 100 to 199.features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `100 to 199` and `features.enforce_naming_style = STYLE_LEGACY`
text:
  field M.text · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `text` and `features.enforce_naming_style = STYLE_LEGACY`
oneof:
  oneof M.either · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `either` and `option features.enforce_naming_style = STYLE_LEGACY;`
enum:
  enum E · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `E` and `option features.enforce_naming_style = STYLE_LEGACY;`
value:
  enum-value E.A · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `A` and `features.enforce_naming_style = STYLE_LEGACY`
service:
  service S · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `S` and `option features.enforce_naming_style = STYLE_LEGACY;`
method:
  method S.R · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `R` and `option features.enforce_naming_style = STYLE_LEGACY;`
note:
  extension note · option features.enforce_naming_style added (value): unset → STYLE_LEGACY, at `note` and `features.enforce_naming_style = STYLE_LEGACY`
"#);
}

#[test]
fn default_symbol_visibility() {
    assert_snapshot!(flipped_in("2024", "features.default_symbol_visibility = LOCAL_ALL", &["file"]), @"
file:
  message M · visibility changed (narrowed): export → local, at `M` and `M`
  enum E · visibility changed (narrowed): export → local, at `E` and `E`
    type-visibility-narrowed at `message M {`
    type-visibility-narrowed at `enum E {`
");
    assert_snapshot!(flipped_in("2024", "features.default_symbol_visibility = EXPORT_TOP_LEVEL", &["file"]), @"
file:
");
    assert_snapshot!(flipped_in("2024", "features.default_symbol_visibility = EXPORT_ALL", &["file"]), @"
file:
  message M.Inner · visibility changed (widened): local → export, at `Inner` and `Inner`
");
}

#[test]
fn cpp() {
    assert_snapshot!(flipped_in("2024", "features.(pb.cpp).string_type = CORD", &["file", "text", "note"]), @r#"
file:
  file a.proto · option features.(pb.cpp).string_type added (value): unset → CORD, at `edition = "2024";` and `option features.(pb.cpp).string_type = CORD;`
  field M.text · string-representation changed (other): VIEW → CORD, at `text` and `text`
  field M.left · string-representation changed (other): VIEW → CORD, at `left` and `left`
  field M.right · string-representation changed (other): VIEW → CORD, at `right` and `right`
  field M.Inner.text · string-representation changed (other): VIEW → CORD, at `text` and `text`
  extension note · string-representation changed (other): VIEW → CORD, at `note` and `note`
    field-string-representation-changed at `string text = 1;`
    field-string-representation-changed at `string left = 6;`
    field-string-representation-changed at `bytes right = 7;`
    field-string-representation-changed at `string text = 1;`
    field-string-representation-changed at `string note = 100;`
text:
  field M.text · string-representation changed (other): VIEW → CORD, at `text` and `features.(pb.cpp).string_type = CORD`
    field-string-representation-changed at `string text = 1 [features.(pb.cpp).string_type = CORD];`
note:
  extension note · string-representation changed (other): VIEW → CORD, at `note` and `features.(pb.cpp).string_type = CORD`
    field-string-representation-changed at `string note = 100 [features.(pb.cpp).string_type = CORD];`
"#);
    assert_snapshot!(flipped("features.(pb.cpp).legacy_closed_enum = true", &["file", "choice"]), @r#"
file:
  file a.proto · option features.(pb.cpp).legacy_closed_enum added (value): unset → true, at `edition = "2024";` and `option features.(pb.cpp).legacy_closed_enum = true;`
choice:
  field M.choice · option features.(pb.cpp).legacy_closed_enum added (value): unset → true, at `choice` and `features.(pb.cpp).legacy_closed_enum = true`
"#);
    assert_snapshot!(flipped_in("2024", "features.(pb.cpp).enum_name_uses_string_view = false", &["file", "enum"]), @r#"
file:
  file a.proto · option features.(pb.cpp).enum_name_uses_string_view added (value): unset → false, at `edition = "2024";` and `option features.(pb.cpp).enum_name_uses_string_view = false;`
enum:
  enum E · option features.(pb.cpp).enum_name_uses_string_view added (value): unset → false, at `E` and `option features.(pb.cpp).enum_name_uses_string_view = false;`
"#);
}

#[test]
fn java() {
    assert_snapshot!(flipped("features.(pb.java).utf8_validation = VERIFY", &["file", "text", "note"]), @r#"
file:
  file a.proto · option features.(pb.java).utf8_validation added (value): unset → VERIFY, at `edition = "2024";` and `option features.(pb.java).utf8_validation = VERIFY;`
text:
  field M.text · option features.(pb.java).utf8_validation added (value): unset → VERIFY, at `text` and `features.(pb.java).utf8_validation = VERIFY`
note:
  extension note · option features.(pb.java).utf8_validation added (value): unset → VERIFY, at `note` and `features.(pb.java).utf8_validation = VERIFY`
"#);
    assert_snapshot!(flipped("features.(pb.java).legacy_closed_enum = true", &["file", "choice"]), @r#"
file:
  file a.proto · option features.(pb.java).legacy_closed_enum added (value): unset → true, at `edition = "2024";` and `option features.(pb.java).legacy_closed_enum = true;`
choice:
  field M.choice · option features.(pb.java).legacy_closed_enum added (value): unset → true, at `choice` and `features.(pb.java).legacy_closed_enum = true`
"#);
    assert_snapshot!(flipped_in("2024", "features.(pb.java).nest_in_file_class = YES", &["message", "enum", "service"]), @"
message:
  message M · option features.(pb.java).nest_in_file_class added (value): unset → YES, at `M` and `option features.(pb.java).nest_in_file_class = YES;`
enum:
  enum E · option features.(pb.java).nest_in_file_class added (value): unset → YES, at `E` and `option features.(pb.java).nest_in_file_class = YES;`
service:
  service S · option features.(pb.java).nest_in_file_class added (value): unset → YES, at `S` and `option features.(pb.java).nest_in_file_class = YES;`
");
    assert_snapshot!(flipped_in("2024", "features.(pb.java).large_enum = true", &["file", "enum"]), @r#"
file:
  file a.proto · option features.(pb.java).large_enum added (value): unset → true, at `edition = "2024";` and `option features.(pb.java).large_enum = true;`
enum:
  enum E · option features.(pb.java).large_enum added (value): unset → true, at `E` and `option features.(pb.java).large_enum = true;`
"#);
}

#[test]
fn go() {
    assert_snapshot!(flipped("features.(pb.go).api_level = API_OPEN", &["file", "message"]), @r#"
file:
  file a.proto · option features.(pb.go).api_level added (value): unset → API_OPEN, at `edition = "2024";` and `option features.(pb.go).api_level = API_OPEN;`
message:
  message M · option features.(pb.go).api_level added (value): unset → API_OPEN, at `M` and `option features.(pb.go).api_level = API_OPEN;`
"#);
    assert_snapshot!(flipped_in("2024", "features.(pb.go).strip_enum_prefix = STRIP_ENUM_PREFIX_STRIP", &["file", "enum", "value"]), @r#"
file:
  file a.proto · option features.(pb.go).strip_enum_prefix added (value): unset → STRIP_ENUM_PREFIX_STRIP, at `edition = "2024";` and `option features.(pb.go).strip_enum_prefix = STRIP_ENUM_PREFIX_STRIP;`
enum:
  enum E · option features.(pb.go).strip_enum_prefix added (value): unset → STRIP_ENUM_PREFIX_STRIP, at `E` and `option features.(pb.go).strip_enum_prefix = STRIP_ENUM_PREFIX_STRIP;`
value:
  enum-value E.A · option features.(pb.go).strip_enum_prefix added (value): unset → STRIP_ENUM_PREFIX_STRIP, at `A` and `features.(pb.go).strip_enum_prefix = STRIP_ENUM_PREFIX_STRIP`
"#);
    assert_snapshot!(flipped("features.(pb.go).legacy_unmarshal_json_enum = true", &["file", "enum"]), @r#"
file:
  file a.proto · option features.(pb.go).legacy_unmarshal_json_enum added (value): unset → true, at `edition = "2024";` and `option features.(pb.go).legacy_unmarshal_json_enum = true;`
enum:
  enum E · option features.(pb.go).legacy_unmarshal_json_enum added (value): unset → true, at `E` and `option features.(pb.go).legacy_unmarshal_json_enum = true;`
"#);
}

#[test]
fn options_of_extension_ranges() {
    assert_snapshot!(flipped("verification = DECLARATION", &["range"]), @"
range:
  message M · option extensions 100 to 199.verification added (value): unset → DECLARATION, at `100 to 199` and `verification = DECLARATION`
");
    let declared = "declaration = { number: 100 full_name: '.acme.note' type: 'string' }";
    assert_snapshot!(flipped(declared, &["range"]), @"
range:
  message M · extension-declaration added: unset → 100 .acme.note string, at `M` and `declaration = { number: 100 full_name: '.acme.note' type: 'string' }`
");
}
