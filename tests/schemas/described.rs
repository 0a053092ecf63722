//! A JSON Schema, and what values show of it: which of its keys they have, which they always have, and which it does not know.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Map, Value};

/// A schema, and the values that were met.
pub(crate) struct Described {
    schema: Value,
    validator: Validator,
    /// The keys of each object that was met, by where the schema describes such objects.
    met: BTreeMap<String, Vec<BTreeSet<String>>>,
    unknown: BTreeSet<String>,
}

impl Described {
    pub(crate) fn by(schema: Value) -> Self {
        assert!(jsonschema::meta::is_valid(&schema));
        Self {
            validator: jsonschema::draft202012::new(&schema).unwrap(),
            schema,
            met: BTreeMap::new(),
            unknown: BTreeSet::new(),
        }
    }

    /// What is wrong with a value.
    pub(crate) fn complaints(&self, value: &Value) -> Vec<String> {
        let errors = self.validator.iter_errors(value);
        errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    /// The same, with the keys that these values have noted.
    pub(crate) fn with(mut self, values: &[Value]) -> Self {
        for value in values {
            self.meet("", value);
        }
        self
    }

    /// Keys that were met and are not described.
    pub(crate) fn unknown(&self) -> BTreeSet<String> {
        self.unknown.clone()
    }

    /// Keys that are described and were not met.
    pub(crate) fn unseen(&self) -> BTreeSet<String> {
        let keys = self.keys().into_iter();
        let unseen =
            keys.filter(|(table, key)| !self.objects(table).iter().any(|it| it.contains(key)));
        unseen
            .map(|(table, key)| format!("{table} {key}"))
            .collect()
    }

    /// Keys that only one of schema and values has, or that the schema does not require although they always stand there.
    pub(crate) fn unlike(&self) -> BTreeSet<String> {
        let mut unlike = &self.unknown | &self.unseen();
        for (table, key) in self.keys() {
            let always = self.objects(&table).iter().all(|it| it.contains(&key));
            if always != self.required(&table).contains(&key) {
                unlike.insert(format!("{table} {key}: required or not"));
            }
        }
        unlike
    }

    /// Every key that is described, behind where.
    pub(crate) fn keys(&self) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        for (pointer, part) in self.parts() {
            if let Some(properties) = part.get("properties").and_then(Value::as_object) {
                keys.extend(properties.keys().map(|key| (pointer.clone(), key.clone())));
            }
        }
        keys
    }

    /// The schema without a key.
    pub(crate) fn without(&self, table: &str, key: &str) -> Value {
        let mut schema = self.schema.clone();
        let part = schema.pointer_mut(table).unwrap();
        part["properties"]
            .as_object_mut()
            .unwrap()
            .remove(key)
            .unwrap();
        schema
    }

    /// Where words are listed.
    pub(crate) fn lists(&self) -> Vec<String> {
        let parts = self.parts().into_iter();
        let lists = parts.filter(|(_, part)| part.get("enum").is_some());
        lists.map(|(pointer, _)| pointer).collect()
    }

    /// Definitions and keys that nobody says anything of.
    pub(crate) fn unexplained(&self) -> BTreeSet<String> {
        let named = |pointer: &str| {
            let around = pointer.rsplit('/').nth(1);
            matches!(around, Some("properties" | "$defs"))
        };
        // The name of the program says what it is.
        let parts = self.parts().into_iter().filter(|(pointer, part)| {
            named(pointer)
                && part.get("description").is_none()
                && part.get("const") != Some(&"protopact".into())
        });
        parts.map(|(pointer, _)| pointer).collect()
    }

    /// Definitions that nothing refers to.
    pub(crate) fn unused(&self) -> BTreeSet<String> {
        let parts = self.parts();
        let used: BTreeSet<&str> = parts
            .iter()
            .filter_map(|(_, part)| reference(part))
            .collect();
        let defined = parts.iter().filter(|(pointer, _)| {
            pointer.starts_with("/$defs/") && pointer.matches('/').count() == 2
        });
        let unused = defined.filter(|(pointer, _)| !used.contains(pointer.as_str()));
        unused.map(|(pointer, _)| pointer.clone()).collect()
    }

    fn meet(&mut self, pointer: &str, value: &Value) {
        match value {
            Value::Array(items) => {
                for pointer in self.followed(pointer, value) {
                    let inside = format!("{pointer}/items");
                    if self.schema.pointer(&inside).is_some() {
                        for item in items {
                            self.meet(&inside, item);
                        }
                    }
                }
            }
            Value::Object(entries) => self.meet_object(pointer, entries, value),
            _ => {}
        }
    }

    fn meet_object(&mut self, pointer: &str, entries: &Map<String, Value>, value: &Value) {
        let tables = self.followed(pointer, value);
        let mut unknown: BTreeSet<&String> = entries.keys().collect();
        for table in tables {
            let Some(described) = self.schema.pointer(&format!("{table}/properties")) else {
                continue;
            };
            let described = described.as_object().unwrap();
            let keys: Vec<&String> = entries
                .keys()
                .filter(|key| described.contains_key(*key))
                .collect();
            let met = keys.iter().map(|key| (*key).clone()).collect();
            self.met.entry(table.clone()).or_default().push(met);
            for key in keys {
                unknown.remove(key);
                self.meet(&format!("{table}/properties/{key}"), &entries[key]);
            }
        }
        let unknown = unknown
            .into_iter()
            .map(|key| format!("{pointer} {key}: unknown"));
        self.unknown.extend(unknown);
    }

    /// Where a value is described: what the place refers to, and of alternatives those whose keys the value has.
    fn followed(&self, pointer: &str, value: &Value) -> Vec<String> {
        let part = self.schema.pointer(pointer).unwrap();
        if let Some(to) = reference(part) {
            return self.followed(to, value);
        }
        let mut found = vec![pointer.to_owned()];
        for word in ["anyOf", "oneOf"] {
            for at in 0..part.get(word).and_then(Value::as_array).map_or(0, Vec::len) {
                let alternatives = self.followed(&format!("{pointer}/{word}/{at}"), value);
                found.extend(alternatives.into_iter().filter(|it| self.can_be(it, value)));
            }
        }
        found
    }

    fn can_be(&self, pointer: &str, value: &Value) -> bool {
        self.required(pointer)
            .iter()
            .all(|key| value.get(key).is_some())
    }

    fn required(&self, table: &str) -> BTreeSet<String> {
        let required = self.schema.pointer(&format!("{table}/required"));
        let words = required.and_then(Value::as_array).into_iter().flatten();
        words.map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    fn objects(&self, table: &str) -> &[BTreeSet<String>] {
        self.met.get(table).map_or(&[], Vec::as_slice)
    }

    /// Every part of the schema that describes something, behind where it stands.
    fn parts(&self) -> Vec<(String, &Value)> {
        let mut parts = vec![(String::new(), &self.schema)];
        let mut at = 0;
        while let Some((pointer, part)) = parts.get(at).cloned() {
            for word in ["properties", "$defs"] {
                let entries = part
                    .get(word)
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten();
                parts.extend(entries.map(|(key, it)| (format!("{pointer}/{word}/{key}"), it)));
            }
            for word in ["anyOf", "oneOf"] {
                let items = part
                    .get(word)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                parts.extend(
                    items
                        .enumerate()
                        .map(|(i, it)| (format!("{pointer}/{word}/{i}"), it)),
                );
            }
            parts.extend(part.get("items").map(|it| (format!("{pointer}/items"), it)));
            at += 1;
        }
        parts
    }
}

fn reference(part: &Value) -> Option<&str> {
    part.get("$ref")?.as_str()?.strip_prefix('#')
}
