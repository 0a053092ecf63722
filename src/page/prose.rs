//! Sentences as a page shows them: safe to show, not endless, and what stands in backticks set as code; it knows no findings.

use crate::report::text::{printable, shortened};

/// Characters of one sentence that are shown.
const LENGTH: usize = 1_000;

/// A part of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Whether it stood in backticks.
    pub(crate) is_code: bool,
    /// What it says.
    pub(crate) text: String,
}

/// A sentence in parts. Where a backtick has no partner all of it is shown as it stands.
pub(crate) fn prose(sentence: &str) -> Vec<Part> {
    let text = plain(sentence);
    if !text.matches('`').count().is_multiple_of(2) {
        let is_code = false;
        return vec![Part { is_code, text }];
    }
    text.split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(i, part)| Part {
            is_code: i % 2 == 1,
            text: part.to_owned(),
        })
        .collect()
}

/// A text that is shown as it stands.
pub(crate) fn plain(text: &str) -> String {
    shortened(&printable(text), LENGTH).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_backticks_is_code() {
        let told = |sentence| -> Vec<(bool, String)> {
            let parts = prose(sentence).into_iter();
            parts.map(|part| (part.is_code, part.text)).collect()
        };
        let field = [
            (false, "field ".to_owned()),
            (true, "a\\u{202e}".to_owned()),
        ];
        assert_eq!(told("field `a\u{202e}`"), field);
        assert_eq!(told("a ` alone"), [(false, "a ` alone".to_owned())]);
        assert_eq!(plain(&"x".repeat(2_000)).chars().count(), LENGTH + 1);
    }
}
