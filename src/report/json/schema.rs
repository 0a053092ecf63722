//! JSON Schemas (draft 2020-12) of outputs: what they have in common is written once, and put into each; it knows no output.

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::pretty;

/// The definitions that outputs have in common.
const SHARED: &str = include_str!("../shared.schema.json");
/// How schemas refer to these, as seen from any folder.
const TO_SHARED: &str = "shared.schema.json#/$defs/";
/// How a schema refers to its own definitions.
const TO_OWN: &str = "#/$defs/";

/// JSON whose keys keep the order in which somebody wrote them for readers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Node {
    Object(IndexMap<String, Node>),
    Array(Vec<Node>),
    Leaf(Value),
}

#[derive(Deserialize)]
struct Shared {
    #[serde(rename = "$defs")]
    definitions: IndexMap<String, Node>,
}

/// A schema that is complete by itself: with those of the shared definitions that it refers to, and that these refer to.
pub fn whole(own: &str) -> Result<String, serde_json::Error> {
    let mut schema: IndexMap<String, Node> = serde_json::from_str(own)?;
    let mut shared = serde_json::from_str::<Shared>(SHARED)?.definitions;
    let mut wanted = IndexSet::new();
    schema.values_mut().for_each(|it| settle(it, &mut wanted));
    let definitions = schema
        .entry("$defs".to_owned())
        .or_insert_with(|| Node::Object(IndexMap::new()));
    if let Node::Object(definitions) = definitions {
        // What is wanted grows while it is met.
        let mut met = 0;
        while let Some(name) = wanted.get_index(met).cloned() {
            if let Some(mut definition) = shared.shift_remove(&name) {
                settle(&mut definition, &mut wanted);
                definitions.insert(name, definition);
            }
            met += 1;
        }
    }
    pretty(&schema)
}

/// Has references to what is shared lead into the schema itself, and notes the names that it refers to.
fn settle(node: &mut Node, wanted: &mut IndexSet<String>) {
    match node {
        Node::Object(entries) => {
            if let Some(Node::Leaf(Value::String(reference))) = entries.get_mut("$ref")
                && let Some((_, name)) = reference
                    .split_once(TO_SHARED)
                    .or_else(|| reference.split_once(TO_OWN))
            {
                let name = name.to_owned();
                *reference = format!("{TO_OWN}{name}");
                wanted.insert(name);
            }
            entries.values_mut().for_each(|it| settle(it, wanted));
        }
        Node::Array(items) => items.iter_mut().for_each(|it| settle(it, wanted)),
        Node::Leaf(_) => {}
    }
}
