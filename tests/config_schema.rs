//! `protopact schema config` describes what the program reads: the same keys, kinds and words; and it knows every configuration
//! that is shown anywhere.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jsonschema::Validator;
use protopact::config::schema::schema;
use protopact::config::{Config, ConfigError};
use protopact::rule::Catalogue;
use serde_json::{Value, json};

/// A word that nothing is called by, and that nothing is near to.
const UNKNOWN: &str = "zzzzzzzz";

struct Both {
    catalogue: Catalogue,
    schema: Value,
    validator: Validator,
}

impl Both {
    fn new() -> Self {
        let catalogue = Catalogue::embedded().unwrap();
        let schema = schema(&catalogue).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        Self {
            catalogue,
            schema,
            validator,
        }
    }

    fn parse(&self, text: &str) -> Result<Config, ConfigError> {
        Config::parse("protopact.toml", text, &self.catalogue)
    }

    fn complaints(&self, text: &str) -> Vec<String> {
        let table: toml::Table = toml::from_str(text).unwrap();
        let value = serde_json::to_value(table).unwrap();
        let errors = self.validator.iter_errors(&value);
        errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    /// A part of the schema with what it refers to in its place.
    fn followed<'s>(&'s self, part: &'s Value) -> &'s Value {
        let reference = part.get("$ref").or_else(|| part.pointer("/allOf/0/$ref"));
        match reference {
            Some(to) => {
                let to = to.as_str().unwrap().strip_prefix('#').unwrap();
                self.followed(self.schema.pointer(to).unwrap())
            }
            None => part,
        }
    }

    /// Every key of a table, `(path, what may stand there)`, all depths; tables of rules are left out.
    fn keys(&self) -> Vec<(Vec<String>, &Value)> {
        let mut keys = Vec::new();
        self.gather(&self.schema, &[], &mut keys);
        keys
    }

    fn gather<'s>(
        &'s self,
        part: &'s Value,
        path: &[String],
        keys: &mut Vec<(Vec<String>, &'s Value)>,
    ) {
        for table in self.tables(part) {
            for (key, value) in table["properties"].as_object().unwrap() {
                let path = [path, std::slice::from_ref(key)].concat();
                keys.push((path.clone(), value));
                self.gather(value, &path, keys);
            }
        }
    }

    /// The tables that may stand somewhere, alone or in an array.
    fn tables<'s>(&'s self, part: &'s Value) -> Vec<&'s Value> {
        let part = self.followed(part);
        let alternatives = part.get("oneOf").and_then(Value::as_array);
        if let Some(alternatives) = alternatives {
            return alternatives.iter().flat_map(|it| self.tables(it)).collect();
        }
        if let Some(items) = part.get("items") {
            return self.tables(items);
        }
        let is_table = part.get("properties").is_some() && part.get("patternProperties").is_none();
        is_table.then_some(part).into_iter().collect()
    }

    /// The words that may stand somewhere, if it is for words from a list.
    fn words(&self, part: &Value) -> Option<BTreeSet<String>> {
        let part = self.followed(part);
        if let Some(words) = part.get("enum") {
            let words = words.as_array().unwrap().iter();
            return Some(words.map(|it| it.as_str().unwrap().to_owned()).collect());
        }
        let alternatives = part.get("oneOf")?.as_array()?;
        alternatives.iter().find_map(|it| self.words(it))
    }
}

/// A configuration that says nothing but `path = value`, and what has to stand beside it.
fn saying(path: &[String], value: &Value) -> Value {
    let mut said = value.clone();
    for depth in (0..path.len()).rev() {
        let mut table = beside(&path[..depth]);
        table[&path[depth]] = said;
        said = if is_array(&path[..depth]) {
            json!([table])
        } else {
            table
        };
    }
    said
}

fn is_array(path: &[String]) -> bool {
    matches!(
        path.join(".").as_str(),
        "override" | "custom-option" | "component" | "maturity.component"
    )
}

fn beside(path: &[String]) -> Value {
    match path.join(".").as_str() {
        "override" => json!({ "path": "a", "rules": {} }),
        "custom-option" => json!({ "name": "(a.b)" }),
        "component" => json!({ "path": "a" }),
        "maturity.component" => json!({ "path": "a", "level": "beta" }),
        "maturity.table" => json!({ "file": "README.md" }),
        "release.version-file" => json!({ "path": "VERSION" }),
        _ => json!({}),
    }
}

fn toml_of(value: &Value) -> String {
    toml::to_string(value).unwrap()
}

/// The words that an error says are known: all that it has in backticks.
fn known(error: &ConfigError) -> BTreeSet<String> {
    let help = error.help.as_deref().unwrap_or_default();
    let help = help
        .strip_prefix("known here: ")
        .or_else(|| help.strip_prefix("known: "))
        .unwrap_or_else(|| panic!("{error}: {help}"));
    help.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn it_has_the_keys_that_the_program_knows() {
    let both = Both::new();
    let mut tables = vec![(Vec::new(), both.tables(&both.schema))];
    for (path, value) in both.keys() {
        tables.push((path, both.tables(value)));
    }
    let mut count = 0;
    for (path, tables) in tables {
        for table in tables {
            let mut unknown = path.clone();
            unknown.push(UNKNOWN.to_owned());
            let text = toml_of(&saying(&unknown, &json!(1)));
            let error = both.parse(&text).unwrap_err();
            assert_eq!(error.message, format!("unknown key `{UNKNOWN}`"), "{text}");
            let described = table["properties"].as_object().unwrap();
            let described: BTreeSet<String> = described.keys().cloned().collect();
            assert_eq!(known(&error), described, "{path:?}");
            assert!(!both.complaints(&text).is_empty(), "{text}");
            count += described.len();
        }
    }
    assert!(count > 50, "{count} keys");
}

#[test]
fn it_has_the_words_that_the_program_knows() {
    let both = Both::new();
    let mut count = 0;
    for (path, part) in both.keys() {
        let Some(words) = both.words(part) else {
            continue;
        };
        count += words.len();
        let text = toml_of(&saying(&path, &json!(UNKNOWN)));
        let error = both.parse(&text).unwrap_err();
        assert!(!both.complaints(&text).is_empty(), "{text}");
        // Of the kinds of element that schemas have, those without options are refused in another way.
        if path != ["custom-option", "on"] {
            assert_eq!(known(&error), words, "{path:?}");
        }
        for word in words.iter().cloned().chain(known(&error)) {
            let text = toml_of(&saying(&path, &json!(word)));
            let is_read = both.parse(&text).is_ok();
            assert_eq!(is_read, both.complaints(&text).is_empty(), "{text}");
            assert_eq!(is_read, words.contains(&word), "{text}");
        }
    }
    assert!(count > 50, "{count} words");
}

#[test]
fn it_has_the_rules_and_what_they_are_called_by() {
    let both = Both::new();
    let names = [
        "*",
        "options/*",
        "field-deleted",
        "field-deleted.reserved",
        "file-option-changed.go_package",
        "buf:FIELD_SAME_TYPE",
        "buf:FILE",
        "buf:*",
        "field-deleted.sideways",
        "field-delete",
        "options",
        "opts/*",
        "buf:NOPE",
        "buff:FILE",
        "",
    ];
    let mut read = Vec::new();
    let ids = both.catalogue.rules().iter().map(|rule| rule.id.as_str());
    for name in names.into_iter().chain(ids) {
        for value in [
            json!({ "rules": { name: "off" } }),
            json!({ "override": [{ "path": "a", "rules": { name: "note" } }] }),
        ] {
            let text = toml_of(&value);
            let complaints = both.complaints(&text);
            assert_eq!(
                both.parse(&text).is_ok(),
                complaints.is_empty(),
                "{text}{complaints:?}"
            );
            read.push(complaints.is_empty());
        }
    }
    assert_eq!(read.iter().filter(|it| !**it).count(), 14);
}

/// Each key is given a value of each kind: what one of the two refuses the other refuses too.
#[test]
fn it_knows_the_kinds_that_the_program_reads() {
    let both = Both::new();
    let values = [
        json!("field"),
        json!(1),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(true),
        json!([]),
        json!(["a"]),
        json!([1]),
        json!([["a"]]),
        json!({}),
        json!({ "a": 1 }),
        json!([{}]),
        json!([["a", "a", "wire", "v*", "1.0.0"]]),
        json!([["(a.b)", "file", "any", "a", "a", "note"]]),
        json!([["a", "beta", "why"]]),
        json!([["a", { "*": "off" }]]),
        json!(["README.md", "Maturity", "a"]),
        json!(["note", "note", "note", "note"]),
    ];
    let (mut differ, mut refused, mut read) = (Vec::new(), 0, 0);
    for (path, _) in both.keys() {
        for value in &values {
            let text = toml_of(&saying(&path, value));
            let complaints = both.complaints(&text);
            let result = both.parse(&text);
            // Whether the words are known is another test's to see.
            let is_word = result
                .as_ref()
                .is_err_and(|error| !error.message.starts_with("invalid type"));
            if result.is_ok() != complaints.is_empty() && !(is_word && value.is_string()) {
                differ.push(format!("{text}{complaints:?}\n{:?}\n", result.err()));
            } else if complaints.is_empty() {
                read += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(read > 50 && refused > 400, "{read} read, {refused} refused");
}

/// What is shown anywhere as a configuration: where, and the text.
fn shown() -> Vec<(String, String)> {
    fn gather(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let shown = path.display().to_string();
            if path.is_dir() {
                gather(&path, found);
            } else if path
                .file_name()
                .is_some_and(|name| name == "protopact.toml")
            {
                found.push((shown, fs::read_to_string(path).unwrap()));
            } else if path.extension().is_some_and(|it| it == "md") {
                let text = fs::read_to_string(path).unwrap();
                let is_rule = shown.contains("/rules/");
                let fence = if is_rule {
                    "\n```toml config\n"
                } else {
                    "\n```toml\n"
                };
                for block in text.split(fence).skip(1) {
                    let block = block.split("\n```").next().unwrap().to_owned();
                    // Records of what was agreed to are another file.
                    if !block.contains("[[accepted]]") {
                        found.push((shown.clone(), block));
                    }
                }
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["book/src", "rules", "testdata", "tests/cmd"] {
        gather(&root.join(folder), &mut found);
    }
    let readme = root.join("README.md");
    let temp = tempfile::TempDir::new().unwrap();
    fs::copy(readme, temp.path().join("README.md")).unwrap();
    gather(temp.path(), &mut found);
    found
}

#[test]
fn it_knows_every_configuration_that_is_shown() {
    let both = Both::new();
    let shown = shown();
    let of = |part: &str| shown.iter().filter(|(path, _)| path.contains(part)).count();
    assert!(of("README.md") > 0 && of("/book/") > 0 && of("/cmd/") > 0 && of("/rules/") > 5);
    for (path, text) in shown {
        both.parse(&text)
            .unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
        assert_eq!(both.complaints(&text), Vec::<String>::new(), "{path}");
    }
}

/// Editors show the descriptions; what has none is a key that nobody explains.
#[test]
fn every_key_is_described() {
    let both = Both::new();
    for (path, value) in both.keys() {
        let is_level = path.first().is_some_and(|key| key == "levels") && path.len() == 2;
        assert!(is_level || value.get("description").is_some(), "{path:?}");
    }
}
