//! Every spelling that protobuf knows loads: the trees below `testdata/spellings`, which the test of conformance holds to what
//! protoc makes of them.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/spellings.rs"]
mod spellings;

use protopact::check;
use protopact::schema::load::{Loaded, Options, load};

fn loaded(files: &[(&str, &str)]) -> Result<Loaded, String> {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let tree = check::tree("baseline", files);
    let options = Options {
        roots: vec![".".to_owned()],
        full: true,
        ..Options::default()
    };
    load(&tree, &tree, &options).map_err(|errors| format!("{errors:#?}"))
}

#[test]
fn every_spelling_loads() {
    let trees = spellings::trees();
    assert!(trees.len() >= 7, "{}", trees.len());
    for (name, files) in trees {
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let loaded = loaded(&files).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(loaded.broken.is_empty(), "{name}: {:#?}", loaded.broken);
    }
}

#[test]
fn json_names_that_clash_are_kept() {
    let text = "syntax = \"proto2\"; message A { optional int32 a_b = 1; optional int32 aB = 2; optional int32 c = 3 [json_name = \"d\"]; optional int32 d = 4; }";
    let loaded = loaded(&[("a.proto", text)]).unwrap();
    let names = ["a_b", "aB", "c", "d"].map(|name| {
        let field = loaded.current.find(&format!("A.{name}")).unwrap();
        loaded.current.field(field).unwrap().json_name.clone()
    });
    assert_eq!(names, ["aB", "aB", "d", "d"]);
}

#[test]
fn what_clashes_elsewhere_is_refused() {
    let clash = "message A { int32 a_b = 1; int32 aB = 2; }";
    let (in_json, in_camel_case) = ("JSON name", "camel-case name");
    for (text, expected) in [
        (format!("syntax = \"proto3\"; {clash}"), in_camel_case),
        (format!("edition = \"2023\"; {clash}"), in_json),
        // Names that are both written may not clash anywhere.
        (
            "syntax = \"proto2\"; message A { optional int32 a = 1 [json_name = \"x\"]; optional int32 b = 2 [json_name = \"x\"]; }".to_owned(),
            in_json,
        ),
    ] {
        let loaded = loaded(&[("a.proto", &text)]);
        let broken = loaded.map(|loaded| loaded.broken).unwrap();
        let why = format!("{broken:?}");
        assert!(why.contains(expected), "{text}: {why}");
    }
}
