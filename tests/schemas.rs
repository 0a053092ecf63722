//! `protopact schema NAME` describes what the command prints: what it printed is valid, and has all keys that are described and no others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;

#[path = "schemas/described.rs"]
mod described;
#[path = "schemas/filled.rs"]
mod filled;
#[path = "schemas/printed.rs"]
mod printed;
#[path = "schemas/words.rs"]
mod words;

use std::collections::BTreeSet;

use clap::ValueEnum;
use protopact::cli::SchemaOf;
use serde_json::Value;

use crate::described::Described;
use crate::filled::filled;
use crate::printed::printed;
use crate::words::{Words, words};

/// The names of the schemas of outputs.
fn names() -> impl Iterator<Item = String> {
    let all = SchemaOf::value_variants().iter();
    let outputs = all.filter(|it| **it != SchemaOf::Config);
    outputs.map(|it| it.to_possible_value().unwrap().get_name().to_owned())
}

/// The schema as the program prints it.
fn schema(name: &str) -> Value {
    let plain = repo::plain();
    plain.json(&["schema", name])
}

#[test]
fn what_is_printed_is_valid() {
    for name in names() {
        let described = Described::by(schema(&name));
        for output in printed(&name) {
            assert_eq!(described.complaints(output), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn each_key_is_printed_and_described_and_required_where_it_always_stands() {
    for name in names() {
        let described = Described::by(schema(&name)).with(printed(&name));
        assert_eq!(described.unlike(), BTreeSet::new(), "{name}");
    }
}

/// The compiler asks for every field of what is filled in, so that no key can be forgotten that is seldom printed.
#[test]
fn each_key_that_can_be_printed_is_described() {
    for name in names() {
        let outputs = filled(&name);
        let described = Described::by(schema(&name)).with(&outputs);
        for output in &outputs {
            assert_eq!(described.complaints(output), Vec::<String>::new());
        }
        assert_eq!(described.unknown(), BTreeSet::new(), "{name}");
        assert_eq!(described.unseen(), BTreeSet::new(), "{name}");
    }
}

/// Without a key on either side the tests above fail.
#[test]
fn no_key_can_be_dropped() {
    for name in names() {
        let schema = schema(&name);
        let whole = Described::by(schema.clone());
        for (table, key) in whole.keys() {
            let without = Described::by(whole.without(&table, &key)).with(printed(&name));
            assert!(!without.unknown().is_empty(), "{name} {table} {key}");
        }
        let keys: BTreeSet<String> = whole.keys().into_iter().map(|(_, key)| key).collect();
        for key in keys {
            let outputs = printed(&name).iter().map(|it| stripped(it, &key));
            let outputs: Vec<Value> = outputs.collect();
            let met = Described::by(schema.clone()).with(&outputs);
            assert!(!met.unlike().is_empty(), "{name} {key}");
        }
    }
}

/// A value without any entry of that key.
fn stripped(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(entries) => entries
            .iter()
            .filter(|(name, _)| *name != key)
            .map(|(name, value)| (name.clone(), stripped(value, key)))
            .collect(),
        Value::Array(items) => items.iter().map(|it| stripped(it, key)).collect(),
        leaf => leaf.clone(),
    }
}

#[test]
fn closed_sets_of_words_are_those_of_the_program() {
    let known = words();
    for (name, place, words) in &known {
        let schema = schema(name);
        let part = schema.pointer(&format!("{place}/enum")).unwrap();
        let listed = part.as_array().unwrap().iter();
        let listed: Words = listed.map(|it| it.as_str().unwrap().to_owned()).collect();
        assert_eq!(listed, *words, "{name} {place}");
    }
    // What several schemas have is the same in each.
    for name in names() {
        let places = Described::by(schema(&name)).lists();
        let is_held = |place: &String| known.iter().any(|(_, known, _)| known == place);
        let loose: Vec<String> = places.into_iter().filter(|it| !is_held(it)).collect();
        assert_eq!(loose, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn each_part_is_explained_and_used() {
    for name in names() {
        let described = Described::by(schema(&name));
        assert_eq!(described.unexplained(), BTreeSet::new(), "{name}");
        assert_eq!(described.unused(), BTreeSet::new(), "{name}");
        let refers_elsewhere = schema(&name).to_string().contains(".json");
        assert!(!refers_elsewhere, "{name} is not complete by itself");
    }
}
