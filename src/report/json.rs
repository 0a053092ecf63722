//! The JSON report, version 1; it adds nothing to the report and leaves nothing out.

pub mod schema;

use std::fmt::Write as _;

use serde::Serialize;

use super::Report;
use super::text::is_unprintable;

/// What is its own of the JSON Schema that every report of this version is valid against; [`schema::whole`] completes it.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The report as indented JSON with a line end. Keys keep one order; text from schemas cannot steer a terminal.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    pretty(report)
}

/// Any value as indented JSON with a line end, all that a terminal would obey written as an escape.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string_pretty(value)?;
    let mut out = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        // serde_json escapes C0 controls itself, so a line feed is layout. All others stand inside of strings.
        if c != '\n' && is_unprintable(c) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    Ok(out)
}
