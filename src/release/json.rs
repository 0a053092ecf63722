//! A release as JSON, format 1; it adds nothing and leaves nothing out.

use super::Release;
use crate::report::json::pretty;

/// Indented JSON with a line end.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn render(release: &Release) -> Result<String, serde_json::Error> {
    pretty(release)
}
