//! Text from schemas, paths and git made safe and fit to print; it knows characters and columns, but no findings.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// Columns that a tab advances to a multiple of in an excerpt.
const TAB_STOP: usize = 4;

/// Text with everything that a terminal would obey, or that would hide what stands there, written as an escape.
///
/// Escaped are the C0 and C1 controls (line ends included), the bidirectional controls, invisible marks, and the
/// Unicode line and paragraph separators. A tab becomes a space.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push_printable(&mut out, c);
    }
    Cow::Owned(out)
}

/// Whether a character must not reach a terminal as it is.
pub(crate) const fn is_unprintable(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

fn push_printable(out: &mut String, c: char) {
    match c {
        '\t' => out.push(' '),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        c if is_unprintable(c) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Text that neither a terminal nor the log of a job obeys.
pub fn harmless(text: &str) -> String {
    inert(&printable(text)).into_owned()
}

/// Text none of whose lines is a command in the log of a job on GitHub, which obeys `::name` where a line begins, blanks
/// before it or not, and `##[name]` anywhere in it.
pub(crate) fn inert(text: &str) -> Cow<'_, str> {
    let is_command = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    if !text.lines().any(is_command) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        out.push_str(line.get(..line.len() - rest.len()).unwrap_or_default());
        if rest.starts_with("::") {
            out.push('\\');
        }
        out.push_str(&rest.replace("##[", "## ["));
    }
    Cow::Owned(out)
}

/// One line of source as it is shown, and the bytes of it that the carets stand under.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The line, printable, shortened, with a line end.
    pub(crate) text: String,
    /// First marked byte.
    pub(crate) start: usize,
    /// Number of marked bytes; a mark behind the end of the line has none.
    pub(crate) len: usize,
}

/// Makes an excerpt of one line (without its line end): characters `start..end` (0-based) are marked, and at most
/// `width` columns are shown, cut where the mark is not.
pub(crate) fn excerpt(line: &str, start: usize, end: usize, width: usize) -> Excerpt {
    let mut pieces: Vec<String> = Vec::new();
    let mut columns = 0;
    for c in line.trim_end().chars() {
        let mut piece = String::new();
        if c == '\t' {
            piece = " ".repeat(TAB_STOP - columns % TAB_STOP);
        } else {
            push_printable(&mut piece, c);
        }
        columns += piece.chars().count();
        pieces.push(piece);
    }
    let start = start.min(pieces.len());
    let end = end.clamp(start, pieces.len());
    let (first, last) = window(&pieces, start, end, width.max(20));
    let end = end.min(last);

    let mut text = String::new();
    if first > 0 {
        text.push_str("...");
    }
    let (mut from, mut to) = (text.len(), text.len());
    for (i, piece) in pieces.iter().enumerate().take(last).skip(first) {
        text.push_str(piece);
        if i < start {
            from = text.len();
        }
        if i < end {
            to = text.len();
        }
    }
    if last < pieces.len() {
        text.push_str("...");
    }
    text.push('\n');
    Excerpt {
        text,
        start: from,
        len: to.saturating_sub(from),
    }
}

/// The pieces to show, so that they fit in `width` columns and the mark is among them.
fn window(pieces: &[String], start: usize, end: usize, width: usize) -> (usize, usize) {
    let columns = |range: &[String]| -> usize { range.iter().map(|p| p.chars().count()).sum() };
    if columns(pieces) <= width {
        return (0, pieces.len());
    }
    let room = width - 6;
    let mut first = 0;
    if columns(pieces.get(..end).unwrap_or_default()) > room {
        // Some of what precedes the mark tells the reader where in the line it stands.
        first = start;
        let mut before = 0;
        while first > 0 && before < room / 3 {
            first -= 1;
            before += pieces.get(first).map_or(0, |p| p.chars().count());
        }
    }
    let mut last = first;
    let mut shown = 0;
    while let Some(piece) = pieces.get(last) {
        shown += piece.chars().count();
        if shown > room && last > first {
            break;
        }
        last += 1;
    }
    (first, last)
}

/// Breaks text into lines of at most `width` columns, between words; a longer word stands alone.
///
/// Indented text is something to copy, such as a command, and stays as it is.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    if text.starts_with(' ') {
        return vec![text.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}

/// The text, or its first `length` characters and a sign that there are more.
pub(crate) fn shortened(text: &str, length: usize) -> Cow<'_, str> {
    match text.char_indices().nth(length) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// `1 error`, `2 errors`, `0 notes`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{n} {}", plural(n, noun))
}

/// The noun as it follows the number.
pub(crate) fn plural(n: usize, noun: &str) -> String {
    match noun {
        _ if n == 1 => noun.to_owned(),
        "enum-value" => "enum values".to_owned(),
        "exempt" | "accepted" | "dormant" => noun.to_owned(),
        _ => format!("{noun}s"),
    }
}

/// What of a path stands in an address as it is: what RFC 3986 calls unreserved, and slashes.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A path as a part of an address, where nothing of it can be taken for anything else.
pub(crate) fn in_uri(path: &str) -> PercentEncode<'_> {
    utf8_percent_encode(path, PLAIN)
}

/// A word of a command that people copy into a shell. What no shell can be given stays as it is.
pub(crate) fn shell(word: &str) -> Cow<'_, str> {
    shlex::try_quote(word).unwrap_or(Cow::Borrowed(word))
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and(words: &[impl AsRef<str>]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_become_escapes() {
        assert_eq!(
            printable("a\x1b[31m\r\n\tb\u{202e}\u{9b}"),
            "a\\u{1b}[31m\\r\\n b\\u{202e}\\u{9b}"
        );
        assert!(matches!(printable("naïve 名前"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_line_is_a_command() {
        assert_eq!(
            inert("a::b\n  ::error::x\r\n::y\n##[error]z"),
            "a::b\n  \\::error::x\r\n\\::y\n## [error]z"
        );
        assert!(matches!(inert("a::b: c ## [d]\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_mark_stays_on_its_token() {
        let marked = |line: &str, start, end, width| {
            let e = excerpt(line, start, end, width);
            (e.text.get(e.start..e.start + e.len)).map(str::to_owned)
        };
        assert_eq!(
            marked("\tstring a = 1;", 1, 7, 80).as_deref(),
            Some("string")
        );
        assert_eq!(marked("/*\x1b*/ 名 x", 6, 7, 80).as_deref(), Some("名"));
        assert_eq!(marked("a = 1;", 90, 99, 80).as_deref(), Some(""));
        let long = format!("{} string {}", "x ".repeat(99), "y ".repeat(99));
        assert_eq!(marked(&long, 199, 205, 60).as_deref(), Some("string"));
        assert!(excerpt(&long, 199, 205, 60).text.chars().count() <= 61);
        assert!(excerpt(&long, 0, 400, 60).text.chars().count() <= 61);
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(shortened("名前", 2), "名前");
        assert_eq!(shortened("名前", 1), "名…");
    }

    #[test]
    fn words_follow_their_number() {
        assert_eq!(count(1, "error"), "1 error");
        assert_eq!(count(0, "enum-value"), "0 enum values");
        assert_eq!(and(&["a", "b", "c"]), "a, b and c");
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    }
}
