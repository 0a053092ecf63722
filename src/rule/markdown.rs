//! The headings and fenced blocks of a Markdown page; it does not know what they hold.

use super::document::{Page, PageError};

/// What matters of a page's Markdown.
pub(super) enum Block<'p> {
    Heading {
        level: usize,
        text: &'p str,
        line: usize,
    },
    Fence(Fence<'p>),
}

pub(super) struct Fence<'p> {
    pub(super) info: &'p str,
    pub(super) body: &'p str,
    /// The line on which the body begins.
    pub(super) line: usize,
}

/// The headings and fenced blocks of a page, read line by line from an offset.
pub(super) struct Blocks<'p> {
    page: Page<'p>,
    pub(super) offset: usize,
    /// The line that begins at `offset`.
    line: usize,
}

impl<'p> Blocks<'p> {
    pub(super) fn new(page: Page<'p>, offset: usize, line: usize) -> Self {
        Self { page, offset, line }
    }

    /// Where the next block begins; the end of the page if there is none.
    pub(super) fn next_block_offset(&self) -> usize {
        let mut ahead = Self { ..*self };
        while let Some(line) = ahead.peek() {
            if fence_marker(line).is_some() || heading(line).is_some() {
                break;
            }
            ahead.advance(line);
        }
        ahead.offset
    }

    /// The line at the offset, its line break included.
    fn peek(&self) -> Option<&'p str> {
        self.page
            .text
            .get(self.offset..)?
            .split_inclusive('\n')
            .next()
    }

    fn advance(&mut self, line: &str) {
        self.offset += line.len();
        self.line += 1;
    }

    /// The block behind a fence's opening line, up to its closing line.
    fn fence(&mut self, marker: &'p str, info: &'p str) -> Result<Fence<'p>, PageError> {
        let (start, line) = (self.offset, self.line);
        while let Some(text) = self.peek() {
            let end = self.offset;
            self.advance(text);
            if fence_marker(text).is_some_and(|(close, rest)| {
                close.len() >= marker.len() && close.starts_with(marker) && rest.is_empty()
            }) {
                let body = self.page.text.get(start..end).unwrap_or_default();
                return Ok(Fence { info, body, line });
            }
        }
        Err(self.page.error(line - 1, "this block is not closed"))
    }
}

impl<'p> Iterator for Blocks<'p> {
    type Item = Result<Block<'p>, PageError>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(text) = self.peek() {
            let line = self.line;
            self.advance(text);
            if let Some((marker, info)) = fence_marker(text) {
                return Some(self.fence(marker, info).map(Block::Fence));
            }
            if let Some((level, text)) = heading(text) {
                return Some(Ok(Block::Heading { level, text, line }));
            }
        }
        None
    }
}

/// The level and the text of a heading line.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with([' ', '\n', '\r'])).then(|| (level, text.trim()))
}

/// The backticks of a fence line, and what follows them.
fn fence_marker(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let info = line.trim_start_matches('`');
    let marker = line.get(..line.len() - info.len())?;
    (marker.len() >= 3 && !info.contains('`')).then(|| (marker, info.trim()))
}
