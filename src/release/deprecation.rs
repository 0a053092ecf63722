//! What is deprecated and for how many releases it has been; whether it may go is for people to say.

use serde::Serialize;

use crate::schema::{ElementId, Schema};

/// An element that is deprecated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deprecated {
    /// Full name.
    pub symbol: String,
    /// The name by which messages call it.
    pub name: String,
    /// Kind of the element.
    pub subject: String,
    /// Where it is declared: `acme/a.proto:7`.
    pub place: String,
    /// In how many releases in a row it was deprecated, the latest being the last; no more than were asked for are counted.
    pub releases: usize,
    /// The oldest of these.
    pub since: Option<String>,
}

/// What is deprecated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Deprecations {
    /// For how many releases an element has to be deprecated before it may go.
    pub asked: usize,
    /// What the latest release has without a deprecation.
    pub new: Vec<Deprecated>,
    /// What was deprecated for as many releases as are asked for.
    pub due: Vec<Deprecated>,
}

/// What is deprecated in the current side; `releases` are the latest first, each with its name, and as many as are asked for
/// where there are so many.
pub fn find(current: &Schema, releases: &[(String, Schema)], asked: usize) -> Deprecations {
    let mut found = Deprecations {
        asked,
        ..Deprecations::default()
    };
    let Some((_, latest)) = releases.first() else {
        return found;
    };
    for (id, element) in current.elements() {
        if !is_marked(current, id) {
            continue;
        }
        let with_it = releases.iter().take_while(|(_, schema)| {
            let then = schema.find(&element.full_name);
            then.is_some_and(|id| is_deprecated(schema, id))
        });
        let with_it: Vec<&String> = with_it.map(|(name, _)| name).collect();
        let line = current.token(id, &[]).line + 1;
        let deprecated = Deprecated {
            symbol: element.full_name.clone(),
            name: current.short_name(id).to_owned(),
            subject: element.subject.as_str().to_owned(),
            place: format!("{}:{line}", current.file_path(id)),
            releases: with_it.len(),
            since: with_it.last().map(|name| (*name).clone()),
        };
        if with_it.is_empty() {
            if latest.find(&element.full_name).is_some() {
                found.new.push(deprecated);
            }
        } else if with_it.len() >= asked {
            found.due.push(deprecated);
        }
    }
    found
}

/// Whether an element or what declares it is marked deprecated.
pub fn is_deprecated(schema: &Schema, id: ElementId) -> bool {
    is_marked(schema, id) || schema.ancestors(id).any(|id| is_marked(schema, id))
}

fn is_marked(schema: &Schema, id: ElementId) -> bool {
    let option = schema.get(id).options.get("deprecated");
    option.is_some_and(|option| option.text == "true")
}
