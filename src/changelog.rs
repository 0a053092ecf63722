//! Every change between two sides, grouped for release notes: by component, then by the promise that it is about; it finds none
//! itself.

mod link;
pub mod markdown;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::link::Links;
use crate::report::{Level, Location, Side, Status, Tool};
use crate::rule::Catalogue;

/// What is its own of the JSON Schema; [`crate::report::json::schema::whole`] completes it.
pub const SCHEMA: &str = include_str!("changelog/changelog.schema.json");

/// One change.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// The component of the configuration that it is in, else the package, or the directory where there is none.
    #[serde(skip)]
    pub component: String,
    /// The guarantee that speaks of it; none where none does.
    #[serde(skip)]
    pub guarantee: Option<String>,
    /// The rule that claims it.
    pub rule: Option<String>,
    /// The level of that rule.
    pub level: Option<Level>,
    /// What became of it.
    pub standing: Standing,
    /// Kind of the element.
    pub subject: &'static str,
    /// What changed of it.
    pub aspect: &'static str,
    /// Whether that was added, removed or changed.
    pub action: &'static str,
    /// Full name of the element, in the baseline if it is there; a path for a file.
    pub symbol: String,
    /// The value in the baseline.
    pub from: Option<String>,
    /// The value in the current side.
    pub to: Option<String>,
    /// What changed, in words.
    pub message: String,
    /// Where an addition is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// Where in the baseline.
    pub baseline: Option<Location>,
    /// Where in the current side.
    pub current: Option<Location>,
    /// What follows from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consequences: Vec<String>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It fails a check.
    Failing,
    /// It is reported.
    Reported,
    /// Maturity excuses it.
    Exempt,
    /// Somebody agreed to it.
    Accepted,
    /// The promise was not in force yet.
    Dormant,
    /// No rule that is on says anything of it.
    Allowed,
}

impl From<Status> for Standing {
    fn from(status: Status) -> Self {
        match status {
            Status::Failing => Self::Failing,
            Status::Reported => Self::Reported,
            Status::Exempt => Self::Exempt,
            Status::Accepted => Self::Accepted,
            Status::Dormant => Self::Dormant,
        }
    }
}

/// All changes. Serialised, it is the JSON that `changelog` prints, version 1.
#[derive(Debug, Serialize)]
pub struct Changelog {
    /// Version of the format.
    pub version: u32,
    /// The program.
    pub tool: Tool,
    /// The side before.
    pub baseline: Side,
    /// The side after.
    pub current: Side,
    /// The components in which something changed, by name.
    pub components: Vec<Component>,
}

/// The changes of one component.
#[derive(Debug, Serialize)]
pub struct Component {
    /// A component of the configuration, a package, or the directory of files that have none.
    pub name: String,
    /// Its changes.
    pub groups: Vec<Group>,
}

/// Changes that one guarantee speaks of.
#[derive(Debug, Serialize)]
pub struct Group {
    /// The guarantee, by the name of its folder; `changes` for those that none speaks of, `comments` for edited comments.
    pub guarantee: String,
    /// A heading.
    pub title: String,
    /// The changes, by file, line and symbol.
    pub changes: Vec<Entry>,
}

/// Groups changes.
pub fn changelog(sides: (Side, Side), entries: Vec<Entry>, catalogue: &Catalogue) -> Changelog {
    let mut components: BTreeMap<String, BTreeMap<(u32, String), Vec<Entry>>> = BTreeMap::new();
    for entry in entries {
        let group = group(&entry, catalogue);
        let groups = components.entry(entry.component.clone()).or_default();
        groups.entry(group).or_default().push(entry);
    }
    let components = components.into_iter().map(|(name, groups)| Component {
        name,
        groups: groups
            .into_iter()
            .map(|((_, guarantee), mut changes)| {
                changes.sort_by(|a, b| order(a).cmp(&order(b)));
                let known = catalogue.guarantee(&guarantee);
                let title = known.map_or_else(
                    || {
                        let other = if guarantee == COMMENTS {
                            "Comments"
                        } else {
                            "Other changes"
                        };
                        other.to_owned()
                    },
                    |known| known.title.clone(),
                );
                Group {
                    guarantee,
                    title,
                    changes,
                }
            })
            .collect(),
    });
    Changelog {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        baseline: sides.0,
        current: sides.1,
        components: components.collect(),
    }
}

/// The group of changes that no guarantee speaks of.
const OTHER: &str = "changes";
/// The group of edited comments.
const COMMENTS: &str = "comments";

/// The group of a change, after its place among the groups: guarantees in their order, then the rest, comments last.
fn group(entry: &Entry, catalogue: &Catalogue) -> (u32, String) {
    if let Some(id) = &entry.guarantee {
        let known = catalogue.guarantee(id);
        return (known.map_or(u32::MAX - 2, |known| known.order), id.clone());
    }
    match entry.aspect {
        "comment" => (u32::MAX, COMMENTS.to_owned()),
        _ => (u32::MAX - 1, OTHER.to_owned()),
    }
}

fn order(entry: &Entry) -> (&str, u32, u32, &str, &str, &str) {
    let place = entry.current.as_ref().or(entry.baseline.as_ref());
    let (path, line, column) = place.map_or(("", 0, 0), |place| {
        (place.path.as_str(), place.line, place.column)
    });
    (
        path,
        line,
        column,
        &entry.symbol,
        entry.aspect,
        &entry.message,
    )
}
