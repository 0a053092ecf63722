//! The schemas of the rows that describe a structure in words; they stand in `structures.md`.

use std::sync::LazyLock;

use protopact::rule::document::{self, Case, DEFAULT_PATH, Page};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let page = Page {
        path: "tests/compat/structures.md",
        text: include_str!("structures.md"),
    };
    document::cases(page).unwrap_or_else(|error| panic!("{error}"))
});

/// Both schemas; `None` where the words are those of no structure.
pub(crate) fn schemas(old: &str, new: &str, cardinality: &str) -> Option<(String, String)> {
    let title = format!("{cardinality}: {old} → {new}");
    let case = CASES.iter().find(|case| case.title == title)?;
    Some((
        case.before[DEFAULT_PATH].clone(),
        case.after[DEFAULT_PATH].clone(),
    ))
}
