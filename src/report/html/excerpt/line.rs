//! One line of source in pieces: what changed in it, what is marked, what can be shown of it; it knows no other line.

use std::ops::Range;

use similar::{DiffTag, TextDiff};

use crate::report::text::{is_unprintable, printable};

/// Characters of a line that are shown.
const LENGTH: usize = 240;
/// Of those, how many stand before a mark that is farther along.
const LEAD: usize = 60;

/// Bytes of a line up to which its words are compared.
const COMPARED: usize = 4_000;

/// What is shown of a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::report::html) struct Line {
    /// What stands before the mark; everything where there is none.
    pub(in crate::report::html) before: Vec<Piece>,
    /// What the finding points at.
    pub(in crate::report::html) marked: Vec<Piece>,
    /// What stands behind it.
    pub(in crate::report::html) behind: Vec<Piece>,
}

/// A stretch of a line.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::report::html) struct Piece {
    /// What it says.
    pub(in crate::report::html) text: String,
    /// Whether the other side has not got it.
    pub(in crate::report::html) is_changed: bool,
}

impl Line {
    /// All pieces in their order.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece> {
        [&self.before, &self.marked, &self.behind]
            .into_iter()
            .flatten()
    }
}

/// All characters of a line that the other side has not got.
pub(super) fn whole(line: Option<&str>) -> Vec<Range<usize>> {
    let length = line.map_or(0, |line| line.chars().count());
    (length > 0).then_some(0..length).into_iter().collect()
}

/// The characters of both lines that changed, word by word.
pub(super) fn changed(old: &str, new: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    if old.len().max(new.len()) > COMPARED {
        return (whole(Some(old)), whole(Some(new)));
    }
    let (old, new) = (tokens(old), tokens(new));
    let (mut in_old, mut in_new) = (Vec::new(), Vec::new());
    for op in TextDiff::from_slices(&old, &new).ops() {
        let (tag, old_range, new_range) = op.as_tag_tuple();
        if tag != DiffTag::Equal {
            in_old.extend(characters(&old, &old_range));
            in_new.extend(characters(&new, &new_range));
        }
    }
    (in_old, in_new)
}

/// A line with its mark, cut to what is around the mark where it is long.
pub(super) fn shown(line: &str, changed: &[Range<usize>], mark: Option<Range<usize>>) -> Line {
    let length = line.trim_end().chars().count();
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    let mark = mark.map_or(length..length, |mark| {
        mark.start.max(indent)..mark.end.min(length)
    });
    let first = if mark.end <= LENGTH || mark.start >= length {
        0
    } else {
        mark.start.saturating_sub(LEAD)
    };
    let last = length.min(first + LENGTH);
    let mut out = Line::default();
    if first > 0 {
        push(&mut out.before, "…", false);
    }
    for (i, c) in line.chars().enumerate().take(last).skip(first) {
        let pieces = match i {
            i if i < mark.start => &mut out.before,
            i if i < mark.end => &mut out.marked,
            _ => &mut out.behind,
        };
        let is_changed = changed.iter().any(|range| range.contains(&i));
        let mut buffer = [0; 4];
        let text: &str = c.encode_utf8(&mut buffer);
        if c != '\t' && is_unprintable(c) {
            push(pieces, &printable(text), is_changed);
        } else {
            push(pieces, text, is_changed);
        }
    }
    if last < length {
        push(&mut out.behind, "…", false);
    }
    out
}

/// Adds a text to the last piece where that is alike, else as a piece of its own.
fn push(pieces: &mut Vec<Piece>, text: &str, is_changed: bool) {
    match pieces.last_mut() {
        Some(last) if last.is_changed == is_changed => last.text.push_str(text),
        _ => pieces.push(Piece {
            text: text.to_owned(),
            is_changed,
        }),
    }
}

/// Words and whatever stands between them, one character at a time.
fn tokens(line: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c == '_' || c.is_alphanumeric();
        let end = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// The characters that tokens stand for; `None` where there are none.
fn characters(tokens: &[&str], range: &Range<usize>) -> Option<Range<usize>> {
    let count = |tokens: &[&str]| -> usize { tokens.iter().map(|t| t.chars().count()).sum() };
    let start = count(tokens.get(..range.start)?);
    let length = count(tokens.get(range.clone())?);
    (length > 0).then_some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_and_not_letters() {
        let (old, new) = changed("  int32 名 = 1; // x", "  int64 名 = 12; // x");
        assert_eq!((old, new), (vec![2..7, 12..13], vec![2..7, 12..14]));
    }

    #[test]
    fn a_long_line_is_cut_where_the_mark_is_not() {
        let line = format!("{}mark{}", "x".repeat(1_000), "y".repeat(1_000));
        let shown = shown(&line, &[], Some(1_000..1_004));
        let texts: Vec<&str> = shown.pieces().map(|piece| piece.text.as_str()).collect();
        let (before, behind) = (
            format!("…{}", "x".repeat(60)),
            format!("{}…", "y".repeat(176)),
        );
        assert_eq!(texts, [&before, "mark", &behind]);
    }

    #[test]
    fn what_would_hide_what_stands_there_is_escaped() {
        let shown = shown("\ta\u{202e}\u{7}b", &[], None);
        assert_eq!(shown.before[0].text, "\ta\\u{202e}\\u{7}b");
    }
}
