//! Markdown for a terminal: wrapped, with colours where they are wanted; what the text is about it does not know.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options as Extensions};
use pulldown_cmark::{Parser, Tag, TagEnd};

use crate::report::human::{Options, paint};

const TITLE: &str = "1;4";
const HEADING: &str = "1";
const CODE: &str = "36";
const INFO: &str = "2";
/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: usize = 100;

/// Renders a page. Code keeps its lines, tables stand as they are written; all else is wrapped.
pub(super) fn render(markdown: &str, options: &Options) -> String {
    let mut out = String::new();
    let mut paragraph = Paragraph::default();
    let mut in_code = false;
    let events = Parser::new_ext(markdown, Extensions::ENABLE_TABLES).into_offset_iter();
    let mut skip_to = 0;
    for (event, range) in events {
        if range.start < skip_to {
            continue;
        }
        match event {
            Event::Start(Tag::Table(_) | Tag::HtmlBlock) => {
                out.push_str(markdown.get(range.clone()).unwrap_or_default().trim_end());
                out.push_str("\n\n");
                skip_to = range.end;
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                in_code = true;
                if let CodeBlockKind::Fenced(info) = kind {
                    out.push_str(&label(&info, options));
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                out.push('\n');
            }
            Event::Text(text) if in_code => push_code(&mut out, &text, options),
            Event::Start(Tag::Heading { level, .. }) => paragraph = Paragraph::heading(level),
            Event::Start(Tag::Item) => {
                paragraph.flush(&mut out, options);
                paragraph = Paragraph::item();
            }
            Event::Start(Tag::BlockQuote(_)) => paragraph.indent = "> ",
            Event::End(TagEnd::Paragraph) => paragraph.flush(&mut out, options),
            Event::End(TagEnd::Heading(_) | TagEnd::Item | TagEnd::BlockQuote(_)) => {
                paragraph.flush(&mut out, options);
                paragraph = Paragraph::default();
            }
            Event::End(TagEnd::List(_)) => out.push('\n'),
            other => paragraph.push(other, options),
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Text that is wrapped together, and what stands before its lines.
#[derive(Default)]
struct Paragraph {
    text: String,
    first: &'static str,
    indent: &'static str,
    style: &'static str,
    /// What a heading begins with where no colour tells it from text.
    mark: &'static str,
}

impl Paragraph {
    fn heading(level: HeadingLevel) -> Self {
        let (style, mark) = match level {
            HeadingLevel::H1 => (TITLE, "# "),
            _ => (HEADING, "## "),
        };
        Self {
            style,
            mark,
            ..Self::default()
        }
    }

    fn item() -> Self {
        Self {
            first: "- ",
            indent: "  ",
            ..Self::default()
        }
    }

    fn push(&mut self, event: Event<'_>, options: &Options) {
        match event {
            Event::Text(text) => self.text.push_str(&text),
            Event::Code(code) => self.push_code(&code, options),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            _ => {}
        }
    }

    /// Backticks are left out only where a colour takes their place, and not in headings, which have one colour.
    fn push_code(&mut self, code: &CowStr<'_>, options: &Options) {
        if options.color && self.style.is_empty() {
            self.text.push_str(&paint(true, CODE, code));
        } else {
            self.text.push('`');
            self.text.push_str(code);
            self.text.push('`');
        }
    }

    fn flush(&mut self, out: &mut String, options: &Options) {
        let text = std::mem::take(&mut self.text);
        if text.is_empty() {
            return;
        }
        let mark = if options.color { "" } else { self.mark };
        let first = if self.first.is_empty() {
            self.indent
        } else {
            self.first
        };
        let wrapping = textwrap::Options::new(options.width.clamp(20, WIDEST))
            .initial_indent(first)
            .subsequent_indent(self.indent)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&format!("{mark}{text}"), wrapping) {
            let colour = options.color && !self.style.is_empty();
            out.push_str(&paint(colour, self.style, &line));
            out.push('\n');
        }
        if self.first.is_empty() {
            out.push('\n');
        } else {
            // The lines of a list stand together, and an item has one mark.
            self.first = self.indent;
        }
    }
}

fn push_code(out: &mut String, text: &str, options: &Options) {
    for line in text.lines() {
        if !line.is_empty() {
            out.push_str("    ");
            out.push_str(&paint(options.color, CODE, line));
        }
        out.push('\n');
    }
}

/// What a fence says of its block, the language left out: a side and a file, or that it is configuration.
fn label(info: &str, options: &Options) -> String {
    match info.split_once(' ') {
        Some((_, what)) => format!("{}\n", paint(options.color, INFO, &format!("  {what}:"))),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Field `x` deleted\n\nOne sentence that is long enough.\nAnother with `some code` in it, \
        and a [link](to/it.md).\n\n- one item that does not fit on one line\n- two\n\n> words\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
        ## A case\n\n```proto before\nmessage A {\n\n  string a = 1;\n}\n```\n\nEnd.\n";

    fn options(color: bool, width: usize) -> Options {
        Options {
            color,
            width,
            ..Options::default()
        }
    }

    #[test]
    fn text_is_wrapped_and_code_is_not() {
        insta::assert_snapshot!(render(PAGE, &options(false, 30)), @"
        # Field `x` deleted

        One sentence that is long
        enough. Another with `some
        code` in it, and a link.

        - one item that does not fit
          on one line
        - two

        > words

        | a | b |
        |---|---|
        | 1 | 2 |

        ## A case

          before:
            message A {

              string a = 1;
            }

        End.
        ");
    }

    #[test]
    fn colours_take_the_place_of_marks_and_change_no_line() {
        let coloured = render(PAGE, &options(true, 200));
        assert!(coloured.starts_with("\u{1b}[1;4mField `x` deleted\u{1b}[0m\n"));
        assert!(coloured.contains("with \u{1b}[36msome code\u{1b}[0m in it, and a link.\n"));
        let plain = render(PAGE, &options(false, 200));
        assert_eq!(coloured.lines().count(), plain.lines().count());
        assert!(!plain.contains('\u{1b}'));
    }
}
