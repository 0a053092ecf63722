//! The style of a text file, which is kept when it is written anew: a byte order mark, and the ends of its lines.

/// The byte order mark that some editors of Windows start a file with.
const MARK: char = '\u{feff}';

/// How a text is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    has_mark: bool,
    has_returns: bool,
}

impl Style {
    /// That of a text; of lines that end in several ways most count.
    pub fn of(text: &str) -> Self {
        let returns = text.matches("\r\n").count();
        Self {
            has_mark: text.starts_with(MARK),
            has_returns: returns > text.matches('\n').count() / 2,
        }
    }

    /// The text without mark, with lines that end as everywhere.
    pub fn plain(self, text: &str) -> String {
        text.strip_prefix(MARK)
            .unwrap_or(text)
            .replace("\r\n", "\n")
    }

    /// A plain text in this style.
    pub fn dress(self, text: &str) -> String {
        let mark = if self.has_mark { "\u{feff}" } else { "" };
        let text = if self.has_returns {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        };
        format!("{mark}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::Style;

    #[test]
    fn a_text_keeps_its_style() {
        for text in [
            "",
            "a\n",
            "a\r\nb\r\n",
            "\u{feff}a\r\n",
            "\u{feff}a\nb",
            "a",
        ] {
            let style = Style::of(text);
            let plain = style.plain(text);
            assert!(!plain.contains(['\r', '\u{feff}']), "{text:?}");
            assert_eq!(style.dress(&plain), text, "{text:?}");
        }
        let mixed = Style::of("a\r\nb\nc\r\n");
        assert_eq!(mixed.dress("a\n"), "a\r\n");
    }
}
