//! Text of any origin as Markdown that shows it and does nothing else, in a cell of a table too; it knows no findings.
//!
//! Escapes of single characters are not enough: code hosts look for mentions, references and addresses in the rendered
//! text. They leave code alone; so what is not plainly a word becomes code.

use std::fmt::Write as _;

use crate::report::text::printable;

/// Text between backticks, or as HTML where backticks could not hold it.
pub(crate) fn code(text: &str) -> String {
    let text = printable(text);
    // A backslash before the bar between two cells is read in more than one way; blanks at an end are taken away.
    let is_awkward = text.contains(['`', '|', '\\'])
        || text.starts_with(' ')
        || text.ends_with(' ')
        || text.is_empty();
    if !is_awkward {
        return format!("`{text}`");
    }
    let mut out = "<code>".to_owned();
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            // Writing to a string cannot fail.
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push_str("</code>");
    out
}

/// A sentence whose parts between backticks are code already, and whose other words are ours or are made code.
pub(crate) fn prose(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len() + 16);
    let parts: Vec<&str> = text.split('`').collect();
    // A backtick that has no partner stands for itself.
    let pairs = parts.len() - usize::from(parts.len().is_multiple_of(2));
    for (i, part) in parts.iter().enumerate() {
        if i >= pairs {
            out.push_str("&#96;");
        }
        if i % 2 == 1 && i < pairs {
            out.push_str(&code(part));
        } else {
            push_words(&mut out, part);
        }
    }
    out
}

fn push_words(out: &mut String, text: &str) {
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        // Marks around a word are not part of it.
        let start = word.trim_start_matches(['(', '"', '\'']);
        let (open, rest) = word.split_at(word.len() - start.len());
        let inner = rest.trim_end_matches([')', '"', '\'', ',', ';', '.', ':']);
        let (inner, close) = rest.split_at(inner.len());
        out.push_str(open);
        if is_plain(inner) {
            out.push_str(inner);
        } else {
            out.push_str(&code(inner));
        }
        out.push_str(close);
    }
}

/// Whether nobody takes a word for markup, a mention, a reference, an address or an emoji.
fn is_plain(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || "-.,;:/()'\"–…".contains(c);
    let lower = word.to_lowercase();
    let is_hash = (7..=64).contains(&word.len()) && word.chars().all(|c| c.is_ascii_hexdigit());
    word.chars().all(is_letter)
        && !word.starts_with([':', '-', '/'])
        && !word.contains("://")
        && word.matches(':').count() < 2
        && !lower.starts_with("www.")
        && !lower.starts_with("gh-")
        && !(is_hash && word.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{code, prose};

    #[test]
    fn code_holds_what_backticks_cannot() {
        assert_eq!(code("acme.v1.Order"), "`acme.v1.Order`");
        assert_eq!(code("a|b"), "<code>a&#124;b</code>");
        assert_eq!(code("`x`"), "<code>&#96;x&#96;</code>");
        assert_eq!(code("\\"), "<code>&#92;</code>");
        assert_eq!(
            code("</code><b>`"),
            "<code>&#60;&#47;code&#62;&#60;b&#62;&#96;</code>"
        );
        assert_eq!(code("a\nb"), "<code>a&#92;nb</code>");
    }

    #[test]
    fn words_stay_and_all_else_is_code() {
        for (text, shown) in [
            (
                "field `A.b` was deleted, not (yet) reserved",
                "field `A.b` was deleted, not (yet) reserved",
            ),
            ("ask @octocat about #1", "ask `@octocat` about `#1`"),
            (
                "see https://evil.example/ or www.evil.example",
                "see `https://evil.example/` or `www.evil.example`",
            ),
            ("a [link](target) and <b>", "a `[link](target)` and `<b>`"),
            (
                "*bold* _it_ ~no~ a|b",
                "`*bold*` `_it_` `~no~` <code>a&#124;b</code>",
            ),
            (
                "one ` alone and `two` ",
                "one <code> alone and </code>two&#96; ",
            ),
            ("one `two", "one &#96;two"),
            (
                "at f.proto:7 or f.proto:7:1",
                "at f.proto:7 or `f.proto:7:1`",
            ),
            (
                "deadbeef1 :smile: $x$ /close",
                "`deadbeef1` `:smile:` `$x$` `/close`",
            ),
            ("&amp; \"quoted.\"", "`&amp`; \"quoted.\""),
        ] {
            assert_eq!(prose(text), shown);
        }
    }
}
