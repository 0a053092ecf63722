//! A release as JSON, format 1; it adds nothing and leaves nothing out.

use super::Release;
use crate::report::json::pretty;

/// What is its own of the JSON Schema; [`crate::report::json::schema::whole`] completes it.
pub const SCHEMA: &str = include_str!("release.schema.json");

/// Indented JSON with a line end.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn render(release: &Release) -> Result<String, serde_json::Error> {
    pretty(release)
}
