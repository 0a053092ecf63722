//! The tokens of a `.proto` text, with their places; it knows no grammar and refuses nothing.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A string literal, quotes included; one that is not closed ends with its line.
    Text,
    /// Any other character.
    Mark,
}

/// A token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// The characters.
    pub text: &'a str,
    /// Where the first of them stands, in bytes.
    pub start: usize,
}

impl Token<'_> {
    /// Its bytes within the text.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Whether it is this word or mark.
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }

    /// The contents of a string literal, escapes left alone.
    pub fn contents(&self) -> &str {
        let inner = self.text.get(1..).unwrap_or_default();
        let quote = self.text.get(..1).unwrap_or_default();
        inner.strip_suffix(quote).unwrap_or(inner)
    }
}

/// The tokens of a text, comments and white space left out.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

/// Reads a text.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// The lines of the comments of a text, markers stripped, each with its number, from 0.
pub fn comment_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    // What stands between tokens is white space and comments.
    let ends = tokens(text).map(|token| token.range());
    let mut gaps = Vec::new();
    let mut start = 0;
    for token in ends.chain(std::iter::once(text.len()..text.len())) {
        gaps.push(start..token.start);
        start = token.end;
    }
    let (mut line, mut counted) = (0, 0);
    gaps.into_iter().flat_map(move |gap| {
        let before = text.get(counted..gap.start).unwrap_or_default();
        line += before.matches('\n').count();
        counted = gap.start;
        let lines = text.get(gap).unwrap_or_default().lines().enumerate();
        let first = line;
        lines.map(move |(number, text)| (first + number, stripped(text)))
    })
}

fn stripped(line: &str) -> &str {
    let line = line.trim_start_matches('\u{feff}').trim();
    let open = line.strip_prefix("//").or_else(|| line.strip_prefix("/*"));
    match open {
        Some(rest) if line.starts_with("//") => rest,
        rest => {
            let rest = rest.unwrap_or(line);
            rest.strip_suffix("*/").unwrap_or(rest)
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.text.get(self.at..)?;
            let first = rest.chars().next()?;
            let (kind, length) = if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
                continue;
            } else if let Some(comment) = rest.strip_prefix("/*") {
                self.at += comment.find("*/").map_or(rest.len(), |end| end + 4);
                continue;
            } else if first.is_whitespace() || first == '\u{feff}' {
                self.at += first.len_utf8();
                continue;
            } else if is_word(first) {
                (Kind::Word, rest.find(|c| !is_word(c)).unwrap_or(rest.len()))
            } else if matches!(first, '"' | '\'') {
                (Kind::Text, literal_length(rest, first))
            } else {
                (Kind::Mark, first.len_utf8())
            };
            let start = self.at;
            self.at += length;
            return Some(Token {
                kind,
                text: rest.get(..length)?,
                start,
            });
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn literal_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        if c == '\n' {
            return index;
        }
        if c == quote && !escaped {
            return index + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_read_line_by_line() {
        let text =
            "\u{feff}// a\nsyntax = \"// no\"; // b\n\n/* c\n * d */ message M {} /* e */\n/// f";
        let lines: Vec<(usize, &str)> = comment_lines(text)
            .map(|(line, text)| (line, text.trim()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let expected = [
            (0, "a"),
            (1, "b"),
            (3, "c"),
            (4, "* d"),
            (4, "e"),
            (5, "/ f"),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn comments_and_literals_are_told_apart() {
        let texts = |text| tokens(text).map(|token| token.text).collect::<Vec<_>>();
        assert_eq!(
            texts("a/*;*/.b // c\n= \"x//\\\"y\" ;"),
            ["a", ".", "b", "=", "\"x//\\\"y\"", ";"]
        );
        assert_eq!(texts("'open\n1"), ["'open", "1"]);
        assert_eq!(texts("/* never closed"), Vec::<&str>::new());
        assert_eq!(
            tokens("'it''s'")
                .map(|token| token.contents().to_owned())
                .collect::<Vec<_>>(),
            ["it", "s"]
        );
    }
}
