//! Reads the cells of a table that was found: columns, sections, patterns, levels; does not know which file a row covers.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, Event, Options, Parser};

use super::find::{RawRow, RawTable, collapse, without_tags};
use super::{Cell, Pattern, Row, Table, UnknownLevel};
use crate::maturity::Level;

/// Reads a table, or `None` where its header names no component or no level.
///
/// A table with one column of levels states them for both encodings, unless section rows
/// (`**JSON encoding**`) divide it; then each section speaks of its own encoding alone.
pub(super) fn table(markdown: &str, raw: &RawTable) -> Option<(Table, Vec<UnknownLevel>)> {
    let (header, body) = raw.rows.split_first()?;
    let columns = Columns::read(markdown, header)?;
    let mut table = Table {
        line: header.line,
        rows: Vec::new(),
    };
    let mut unknown = Vec::new();
    let mut section = if body
        .iter()
        .any(|row| columns.section(markdown, row).is_some())
    {
        // What stands above the first section row is the binary encoding, the older one.
        Some(Encoding::Binary)
    } else {
        None
    };
    for row in body {
        let started = columns.section(markdown, row);
        section = started.or(section);
        let mut level = |column: Option<usize>| {
            let range = row.cells.get(column?)?;
            Some(cell(markdown, range, row.line, &mut unknown))
        };
        let first = level(columns.binary);
        let (binary, json) = match (section, columns.json) {
            (Some(Encoding::Binary), _) => (first, None),
            (Some(Encoding::Json), _) => (None, first),
            (None, Some(column)) => (first, level(Some(column))),
            (None, None) => (first, first),
        };
        // A section row may carry the level of its whole section itself.
        let states = |cell: Option<Cell>| cell.is_some_and(|cell| cell != Cell::Unstated);
        let patterns = if started.is_none() {
            patterns(markdown, row.cells.get(columns.component))
        } else if states(binary) || states(json) {
            vec!["All messages".to_owned()]
        } else {
            Vec::new()
        };
        table.rows.extend(patterns.into_iter().map(|pattern| Row {
            matcher: Pattern::new(&pattern),
            pattern,
            line: row.line,
            binary,
            json,
        }));
    }
    Some((table, unknown))
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Encoding {
    Binary,
    Json,
}

/// Where the columns stand.
struct Columns {
    component: usize,
    /// The binary column, or the only one.
    binary: Option<usize>,
    /// The JSON column, where there is one besides.
    json: Option<usize>,
}

impl Columns {
    fn read(markdown: &str, header: &RawRow) -> Option<Self> {
        let (mut component, mut only, mut binary, mut json) = (None, None, None, None);
        for (index, range) in header.cells.iter().enumerate() {
            let text = plain(markdown, range).to_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
            let role = if has(&["component", "directory", "package"]) {
                &mut component
            } else if has(&["json"]) {
                &mut json
            } else if has(&["binary", "protobuf"]) {
                &mut binary
            } else if has(&["maturity", "level", "stability", "status"]) {
                &mut only
            } else {
                continue;
            };
            role.get_or_insert(index);
        }
        let binary = binary.or(only);
        // A JSON column alone is the only column, and its level the only one there is.
        let (binary, json) = if binary.is_some() {
            (binary, json)
        } else {
            (json, None)
        };
        binary?;
        Some(Self {
            component: component?,
            binary,
            json,
        })
    }

    /// The encoding that a section row starts, such as `**JSON encoding**`.
    fn section(&self, markdown: &str, row: &RawRow) -> Option<Encoding> {
        if self.json.is_some() {
            return None;
        }
        let text = plain(markdown, row.cells.get(self.component)?).to_lowercase();
        let level_is_empty = self
            .binary
            .and_then(|column| row.cells.get(column))
            .is_none_or(Range::is_empty);
        if text.contains(['/', '*']) || !(text.contains("encoding") || level_is_empty) {
            None
        } else if text.contains("json") {
            Some(Encoding::Json)
        } else if text.contains("binary") || text.contains("protobuf") {
            Some(Encoding::Binary)
        } else {
            None
        }
    }
}

fn cell(markdown: &str, range: &Range<usize>, line: u32, unknown: &mut Vec<UnknownLevel>) -> Cell {
    let text = plain(markdown, range);
    let key = text.to_lowercase().replace([' ', '_'], "-");
    match key.as_str() {
        "" | "-" | "–" | "—" | "deprecated" | "unmaintained" => Cell::Unstated,
        "n/a" | "na" | "not-applicable" => Cell::NotApplicable,
        _ => Level::parse_config(&key).map_or_else(
            || {
                unknown.push(UnknownLevel {
                    text,
                    line,
                    span: range.clone(),
                });
                Cell::Unstated
            },
            Cell::Level,
        ),
    }
}

/// The text of a cell as a reader sees it: no links, emphasis, code marks or tags.
fn plain(markdown: &str, range: &Range<usize>) -> String {
    // The definition of a `[Stable][levels]` stands elsewhere; here its text is all that counts.
    let mut resolve = |link: BrokenLink<'_>| Some((link.reference.into_string().into(), "".into()));
    let source = without_tags(markdown, range.clone());
    let events =
        Parser::new_with_broken_link_callback(source.trim(), Options::empty(), Some(&mut resolve));
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    collapse(&text)
}

/// The patterns of a cell, taken from its source: as Markdown, the stars of `a/*<br>b/*` are emphasis.
fn patterns(markdown: &str, range: Option<&Range<usize>>) -> Vec<String> {
    let Some(range) = range else {
        return Vec::new();
    };
    without_tags(markdown, range.clone())
        .lines()
        .map(pattern)
        .filter(|pattern| !pattern.is_empty())
        .collect()
}

fn pattern(text: &str) -> String {
    let mut text = text.trim();
    if let Some((label, _)) = text
        .strip_prefix('[')
        .and_then(|inner| inner.split_once("]("))
    {
        text = label;
    }
    text = text.trim_matches('`').trim();
    if let Some(bold) = text
        .strip_prefix("**")
        .and_then(|inner| inner.strip_suffix("**"))
        && !bold.starts_with('/')
        && !bold.ends_with('/')
    {
        text = bold.trim_matches('`');
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escapes =
            character == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation);
        if !escapes {
            plain.push(character);
        } else if let Some(next) = characters.next() {
            plain.push(next);
        }
    }
    plain
        .replace("&#42;", "*")
        .replace("&ast;", "*")
        .replace("&amp;", "&")
}
