//! The JSON Schema of `protopact.toml`, for editors: `config.schema.json`, and the names that the pages give; it reads no configuration.
//!
//! It is a draft of 2018, which is the newest that the editors' readers of TOML know. Descriptions are what they show.

use serde_json::{Map, Value, json};

use crate::rule::{Catalogue, Rule};

/// What the pages have no say in. Names of presets and rules are left open there.
const KEYS: &str = include_str!("config.schema.json");

/// The schema, with the presets and rules of a catalogue.
pub fn schema(catalogue: &Catalogue) -> Result<Value, serde_json::Error> {
    let mut schema: Value = serde_json::from_str(KEYS)?;
    if let Some(preset) = schema.pointer_mut("/definitions/preset") {
        let names: Vec<&str> = catalogue.preset_names().collect();
        *preset = json!({ "enum": names });
    }
    if let Some(rules) = schema.pointer_mut("/definitions/rules") {
        *rules = levels(catalogue);
    }
    Ok(schema)
}

/// A table of levels, whose keys are what a level can be set for.
fn levels(catalogue: &Catalogue) -> Value {
    let level = |description: &str| json!({ "description": description, "allOf": [{ "$ref": "#/definitions/level" }] });
    let mut keys = Map::from_iter([("*".to_owned(), level("All rules."))]);
    for guarantee in catalogue.guarantees() {
        let description = format!("All rules of the guarantee: {}", guarantee.promise);
        keys.insert(format!("{}/*", guarantee.id), level(&description));
    }
    let mut patterns = Map::new();
    for rule in catalogue.rules() {
        let description = format!(
            "{}. Without it: {}.",
            rule.title,
            rule.verdict.setting.as_str()
        );
        keys.insert(rule.id.clone(), level(&description));
        let part = format!("^{}\\.({})$", quoted(&rule.id), parts(rule).join("|"));
        patterns.insert(part, level(&format!("A part of `{}`.", rule.id)));
    }
    for family in catalogue.families() {
        let names = family.aliases.iter().map(|alias| alias.name.as_str());
        let mut names: Vec<String> = names.chain(family.groups()).map(quoted).collect();
        names.sort();
        names.dedup();
        let name = format!("^{}:(\\*|{})$", quoted(&family.name), names.join("|"));
        let description = format!("What {} knows under this name.", family.name);
        patterns.insert(name, level(&description));
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": keys,
        "patternProperties": patterns,
    })
}

/// What can follow the id of a rule and a dot: ways, and options with their parts.
fn parts(rule: &Rule) -> Vec<String> {
    let mut parts: Vec<String> = rule.claimed_ways().into_iter().map(quoted).collect();
    match rule.facets() {
        Some(facets) if facets.is_empty() => parts.push(".+".to_owned()),
        Some(facets) => {
            let facets = facets.into_iter().map(quoted);
            parts.extend(facets.map(|facet| format!("{facet}(\\..*)?")));
        }
        None => {}
    }
    parts.sort();
    parts.dedup();
    parts
}

/// A regular expression that a text, and nothing else, matches.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if r"^$\.*+?()[]{}|/".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
