//! Finds the tables of a Markdown section, pipe or HTML, as ranges of its bytes; does not know what their cells mean.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A table as ranges of the source: its header first, the separator left out.
pub(super) struct RawTable {
    pub(super) rows: Vec<RawRow>,
}

/// One row of it.
pub(super) struct RawRow {
    /// The line in the source, counted from 1.
    pub(super) line: u32,
    /// The cells, trimmed.
    pub(super) cells: Vec<Range<usize>>,
}

/// The tables in every section whose heading reads `heading`, in order.
///
/// A section reaches to the next heading of its own level or above. What stands in code or in an
/// HTML comment is neither heading nor table.
pub(super) fn tables_under(markdown: &str, heading: &str) -> Vec<RawTable> {
    let heading = collapse(heading);
    let mut section = None;
    let mut tables = Vec::new();
    for landmark in landmarks(markdown) {
        match landmark {
            Landmark::Heading(level, text) if collapse(&text).eq_ignore_ascii_case(&heading) => {
                section = Some(level);
            }
            Landmark::Heading(level, _) => section = section.filter(|own| level > *own),
            Landmark::Pipe(start) if section.is_some() => tables.push(pipe(markdown, start)),
            Landmark::Html(start) if section.is_some() => tables.push(html(markdown, start)),
            Landmark::Pipe(_) | Landmark::Html(_) => {}
        }
    }
    tables
}

enum Landmark {
    Heading(HeadingLevel, String),
    /// A pipe table that starts here.
    Pipe(usize),
    /// A `<table>` that starts here.
    Html(usize),
}

fn landmarks(markdown: &str) -> Vec<Landmark> {
    let mut found = Vec::new();
    let mut open: Option<(HeadingLevel, String)> = None;
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => open = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => {
                found.extend(
                    open.take()
                        .map(|(level, text)| Landmark::Heading(level, text)),
                );
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, heading)) = &mut open {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::Table(_)) => found.push(Landmark::Pipe(range.start)),
            Event::Start(Tag::Paragraph) => {
                found.extend(table_in_paragraph(markdown, range).map(Landmark::Pipe));
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                html_landmarks(markdown, range, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// Where a table starts right below a line of text. GitHub renders it; the parser takes it for more text.
fn table_in_paragraph(markdown: &str, range: Range<usize>) -> Option<usize> {
    let mut offset = range.start;
    let mut header = None;
    for line in markdown.get(range)?.split_inclusive('\n') {
        let is_separator = line.contains('|')
            && line.contains('-')
            && line
                .trim()
                .chars()
                .all(|character| "|-: \t".contains(character));
        if is_separator && header.is_some() {
            return header;
        }
        header = line.contains('|').then_some(offset);
        offset += line.len();
    }
    None
}

fn html_landmarks(markdown: &str, range: Range<usize>, found: &mut Vec<Landmark>) {
    for tag in tags(markdown, range) {
        if tag.closing {
            continue;
        }
        if tag.name == "table" {
            found.push(Landmark::Html(tag.range.start));
        } else if let Some(level) = heading_level(&tag.name) {
            let end = tags(markdown, tag.range.end..markdown.len())
                .find(|end| end.closing && end.name == tag.name)
                .map_or(tag.range.end, |end| end.range.start);
            found.push(Landmark::Heading(
                level,
                without_tags(markdown, tag.range.end..end),
            ));
        }
    }
}

fn heading_level(name: &str) -> Option<HeadingLevel> {
    let level = name.strip_prefix('h')?.parse::<usize>().ok()?;
    HeadingLevel::try_from(level).ok()
}

fn pipe(markdown: &str, start: usize) -> RawTable {
    let rest = markdown.get(start..).unwrap_or_default();
    let lines = rest
        .split_inclusive('\n')
        .take_while(|line| line.contains('|'));
    let mut offset = start;
    let mut rows = Vec::new();
    for (number, line) in (line_of(markdown, start)..).zip(lines) {
        rows.push(RawRow {
            line: number,
            cells: pipe_cells(markdown, offset..offset + line.len()),
        });
        offset += line.len();
    }
    // The second line is the separator, or this were no table.
    if rows.len() > 1 {
        rows.remove(1);
    }
    RawTable { rows }
}

fn pipe_cells(markdown: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let mut line = trim(markdown, line);
    let text = markdown.get(line.clone()).unwrap_or_default();
    if text.starts_with('|') {
        line.start += 1;
    }
    let mut cells = Vec::new();
    let mut start = line.start;
    let mut escaped = false;
    for (index, character) in markdown
        .get(line.clone())
        .unwrap_or_default()
        .char_indices()
    {
        if character == '|' && !escaped {
            cells.push(trim(markdown, start..line.start + index));
            start = line.start + index + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    if start < line.end {
        cells.push(trim(markdown, start..line.end));
    }
    cells
}

fn html(markdown: &str, start: usize) -> RawTable {
    let mut rows: Vec<RawRow> = Vec::new();
    let mut cell: Option<usize> = None;
    for tag in tags(markdown, start..markdown.len()) {
        let is_cell = matches!(tag.name.as_str(), "td" | "th");
        let is_end = tag.closing && tag.name == "table";
        if (is_cell || is_end || tag.name == "tr")
            && let (Some(from), Some(row)) = (cell.take(), rows.last_mut())
        {
            row.cells.push(trim(markdown, from..tag.range.start));
        }
        if is_end {
            break;
        }
        if tag.name == "tr" && !tag.closing {
            rows.push(RawRow {
                line: line_of(markdown, tag.range.start),
                cells: Vec::new(),
            });
        } else if is_cell && !tag.closing {
            cell = Some(tag.range.end);
        }
    }
    RawTable { rows }
}

/// One HTML tag.
pub(super) struct HtmlTag {
    /// From `<` to behind `>`.
    pub(super) range: Range<usize>,
    /// In lower case.
    pub(super) name: String,
    /// Whether it is `</name>`.
    pub(super) closing: bool,
}

/// The tags in a range of the source, comments passed over.
pub(super) fn tags(source: &str, range: Range<usize>) -> impl Iterator<Item = HtmlTag> {
    let mut position = range.start;
    std::iter::from_fn(move || {
        loop {
            let rest = source.get(position..range.end)?;
            let start = position + rest.find('<')?;
            let rest = source.get(start..range.end)?;
            if rest.starts_with("<!--") {
                position = start + rest.find("-->")? + "-->".len();
                continue;
            }
            let inner = rest.strip_prefix('<')?;
            let closing = inner.starts_with('/');
            let name: String = inner
                .trim_start_matches('/')
                .chars()
                .take_while(|character| character.is_ascii_alphanumeric() || *character == '-')
                .map(|character| character.to_ascii_lowercase())
                .collect();
            if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
                position = start + 1;
                continue;
            }
            let end = start + rest.find('>')? + 1;
            position = end;
            return Some(HtmlTag {
                range: start..end,
                name,
                closing,
            });
        }
    })
}

/// The text between the tags of a range, with a line break for each `<br>`.
pub(super) fn without_tags(source: &str, range: Range<usize>) -> String {
    let mut text = String::new();
    let mut position = range.start;
    for tag in tags(source, range.clone()) {
        text.push_str(source.get(position..tag.range.start).unwrap_or_default());
        if tag.name == "br" {
            text.push('\n');
        }
        position = tag.range.end;
    }
    text.push_str(source.get(position..range.end).unwrap_or_default());
    text
}

/// One blank for each run of white space.
pub(super) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn trim(source: &str, range: Range<usize>) -> Range<usize> {
    let text = source.get(range.clone()).unwrap_or_default();
    let start = range.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

fn line_of(source: &str, offset: usize) -> u32 {
    let lines = source
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count();
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1)
}
