//! Whom a change breaks, where one case of a page is not enough: types in files that did not change, and shapes without end.
#![allow(clippy::unwrap_used)]

#[path = "support/tree.rs"]
mod tree;

use std::fmt::Write as _;

use protopact::report::json;
use tree::{acme, sides};

/// What a check under a preset says, without the closing line.
fn findings(before: &[(&str, &str)], after: &[(&str, &str)], flags: &[&str]) -> String {
    let concise = ["--format", "concise"];
    let printed = sides(before, after).check(&[&concise[..], flags].concat());
    let lines = printed.lines().filter(|line| line.contains(".proto:"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn messages_are_compared_through_files_that_did_not_change() {
    let parts = acme("message Inner { int32 x = 1; }\nmessage Outer { int64 x = 1; }\n");
    let types = acme(
        "import \"parts.proto\";\n\nmessage Old { Inner part = 1; }\nmessage New { Outer part = 1; }\n",
    );
    let user = |ty: &str| {
        let body = format!("import \"types.proto\";\n\nmessage User {{ {ty} it = 1; }}\n");
        acme(&body)
    };
    let (old, new) = (user("Old"), user("New"));
    let files = [
        ("parts.proto", parts.as_str()),
        ("types.proto", types.as_str()),
    ];
    let before = [&files[..], &[("user.proto", old.as_str())]].concat();
    let after = [&files[..], &[("user.proto", new.as_str())]].concat();
    for full in [&[][..], &["--full"]] {
        let flags = |direction| [&["--preset", "wire", "--direction", direction], full].concat();
        assert_eq!(
            findings(&before, &after, &flags("backward")),
            "user.proto:6:16: dormant[field-message-type-changed] field `User.it` changed its type from message `acme.v1.Old` to message `acme.v1.New`"
        );
        assert_eq!(
            findings(&before, &after, &flags("forward")),
            "user.proto:6:16: warning[field-message-type-changed] field `User.it` changed its type from message `acme.v1.Old` to message `acme.v1.New`"
        );
    }
}

#[test]
fn maps_and_messages_that_name_each_other_come_to_an_end() {
    let types = "message N { map<string, N> f = 2; }\nmessage P { map<string, P> f = 2; }\n";
    let before = acme(&format!("message User {{ N it = 1; }}\n{types}"));
    let after = acme(&format!(
        "message User {{ map<string, P> it = 1; }}\n{types}"
    ));
    assert_eq!(
        findings(
            &[("user.proto", &before)],
            &[("user.proto", &after)],
            &["--preset", "wire"]
        ),
        "user.proto:4:16: warning[field-cardinality-changed] field `User.it` changed its cardinality from singular to map"
    );
}

#[test]
fn a_chain_of_messages_may_be_long() {
    const LENGTH: usize = 3000;
    let mut types = String::new();
    for index in 0..LENGTH {
        let next = index + 1;
        writeln!(types, "message A{index} {{ A{next} next = 1; }}").unwrap();
        writeln!(types, "message B{index} {{ B{next} next = 1; }}").unwrap();
    }
    writeln!(types, "message A{LENGTH} {{ int32 end = 1; }}").unwrap();
    writeln!(types, "message B{LENGTH} {{ string end = 1; }}").unwrap();
    let before = acme(&format!("message User {{ A0 it = 1; }}\n{types}"));
    let after = acme(&format!("message User {{ B0 it = 1; }}\n{types}"));
    assert_eq!(
        findings(
            &[("user.proto", &before)],
            &[("user.proto", &after)],
            &["--preset", "wire"]
        ),
        "user.proto:4:16: error[field-message-type-changed] field `User.it` changed its type from message `acme.v1.A0` to message `acme.v1.B0`"
    );
}

#[test]
fn a_name_inside_of_a_map_can_stand_for_another_type() {
    let before = acme("message S { int32 a = 1; }\nmessage User { map<string, S> it = 1; }\n");
    let after = acme(
        "message S { int32 a = 1; }\nmessage User { map<string, S> it = 1; message S { string a = 1; } }\n",
    );
    assert_eq!(
        findings(
            &[("user.proto", &before)],
            &[("user.proto", &after)],
            &["--rule", "additions/*=off"]
        ),
        "user.proto:5:16: error[field-type-resolves-elsewhere] the type of field `User.it` is written as before, and stands for `map<string, acme.v1.User.S>` instead of `map<string, acme.v1.S>`"
    );
}

#[test]
fn the_report_says_what_becomes_of_data() {
    let before = acme("enum Kind { NONE = 0; }\nmessage User { int32 id = 1; }\n");
    let after = acme("enum Kind { NONE = 0; SOME = 1; }\nmessage User { string id = 1; }\n");
    let sides = sides(&[("user.proto", &before)], &[("user.proto", &after)]);
    let printed = sides.check(&["--format", "json"]);
    let report = printed.strip_suffix("exit 1").unwrap();
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    let schema = json::schema::whole(json::SCHEMA).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::draft202012::is_valid(&schema, &report));
    let said: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let keys =
                ["rule", "breaks", "direction", "impact"].map(|key| finding[key].to_string());
            keys.join(" ").replace('"', "")
        })
        .collect();
    assert_eq!(
        said,
        [
            "addition-unexplained [json] forward {json:{backward:lossless,forward:in-range},source:false,wire:{backward:lossless,forward:lossless}}",
            "field-type-changed [wire,json,source] both {json:{backward:wrong,forward:in-range},source:true,wire:{backward:dropped,forward:dropped}}",
        ]
    );
}
