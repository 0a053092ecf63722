//! One line of source with carets under the token, drawn by miette; it knows neither findings nor reports.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::{BLUE, GREEN, Options, RED, paint, push_line};
use crate::report::text::{Excerpt, excerpt, printable};

/// A place in a text, and the line to show of it.
pub(super) struct Snippet<'a> {
    /// The place in words: `path:line:column`.
    pub(super) name: String,
    /// The line, if it is at hand.
    pub(super) text: Option<&'a str>,
    /// Its number, 1-based.
    pub(super) line: u32,
    /// The first marked character, 1-based.
    pub(super) start: u32,
    /// The character after the last marked one; the end of the line if there is none.
    pub(super) end: Option<u32>,
    /// What to say behind the carets.
    pub(super) label: Option<String>,
    /// The style of the carets.
    pub(super) color: &'static str,
}

/// How many columns the line numbers of these snippets take.
pub(super) fn gutter(snippets: &[Snippet<'_>]) -> usize {
    let digits = |s: &Snippet<'_>| s.line.to_string().len();
    snippets.iter().map(digits).max().unwrap_or(1)
}

impl Snippet<'_> {
    /// Writes the place and, if the text is at hand, the line and its carets.
    pub(super) fn push(&self, out: &mut String, gutter: usize, options: Options) {
        let arrow = paint(options.color, BLUE, "-->");
        let name = printable(&self.name);
        push_line(out, format_args!("{:gutter$} {arrow} {name}", ""));
        let Some(text) = self.text else { return };
        let width = options.width.saturating_sub(gutter + 4).max(40);
        let column = |c: u32| usize::try_from(c.saturating_sub(1)).unwrap_or(usize::MAX);
        let excerpt = excerpt(
            text,
            column(self.start),
            self.end.map_or(usize::MAX, column),
            width,
        );
        let shown = Shown {
            excerpt,
            line: column(self.line),
        };

        let mut drawn = String::new();
        if (handler(self.color, options.color).render_report(&mut drawn, &shown)).is_err() {
            return;
        }
        // miette frames the lines with a cause, a place and a rule; these are ours to write.
        let lines: Vec<&str> = drawn.lines().skip(2).collect();
        let lines = lines.split_last().map_or(&[][..], |(_, lines)| lines);
        let pad = gutter - self.line.to_string().len();
        for (i, line) in lines.iter().enumerate() {
            out.push_str(format!("{:pad$}{line}", "").trim_end());
            if let Some(label) = &self.label
                && i + 1 == lines.len()
            {
                let label = paint(options.color, self.color, &printable(label));
                out.push(' ');
                out.push_str(&label);
            }
            out.push('\n');
        }
    }
}

/// A snippet for each label of an error whose source can be read; the first line of the label is shown.
pub(super) fn of_error<'a>(error: &dyn Diagnostic, source: &'a dyn SourceCode) -> Vec<Snippet<'a>> {
    let labels = error.labels().into_iter().flatten();
    labels
        .filter_map(|label| of_label(&label, source))
        .collect()
}

fn of_label<'a>(label: &LabeledSpan, source: &'a dyn SourceCode) -> Option<Snippet<'a>> {
    // Everything before the label, so that lines are counted here as everywhere else: by line feeds.
    let contents = source.read_span(label.inner(), usize::MAX, 1).ok()?;
    let name = contents.name().unwrap_or("input").to_owned();
    let offset = label.offset().checked_sub(contents.span().offset())?;
    let text = std::str::from_utf8(contents.data()).ok()?;
    let before = text.get(..offset)?;
    let start_of_line = before.rfind('\n').map_or(0, |i| i + 1);
    let line = text.get(start_of_line..)?.split('\n').next()?;
    let marked = text.get(offset..(offset + label.len()).min(text.len()))?;

    let number = contents.line() + before.matches('\n').count() + 1;
    let column = text.get(start_of_line..offset)?.chars().count() + 1;
    let end = (!marked.contains('\n')).then(|| column + marked.chars().count());
    Some(Snippet {
        name: format!("{name}:{number}:{column}"),
        text: Some(line),
        line: u32::try_from(number).ok()?,
        start: u32::try_from(column).ok()?,
        end: end.and_then(|end| u32::try_from(end).ok()),
        label: label.label().map(str::to_owned),
        color: RED,
    })
}

fn handler(caret: &str, color: bool) -> GraphicalReportHandler {
    let mut styles = if color {
        ThemeStyles::ansi()
    } else {
        ThemeStyles::none()
    };
    styles.highlights = match (color, caret) {
        // The last of them is green.
        (true, GREEN) => styles.highlights.pop().into_iter().collect(),
        _ => vec![styles.error],
    };
    let characters = ThemeCharacters {
        vbar_break: '|',
        underbar: '^',
        ..ThemeCharacters::ascii()
    };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .without_cause_chain()
        .without_syntax_highlighting()
        .with_wrap_lines(false)
        .with_context_lines(0)
        .with_width(usize::MAX)
}

/// The excerpt as miette wants it: a diagnostic without words, and a source that holds the one line.
#[derive(Debug)]
struct Shown {
    excerpt: Excerpt,
    /// 0-based.
    line: usize,
}

impl fmt::Display for Shown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new(None, self.excerpt.start, self.excerpt.len);
        Some(Box::new(std::iter::once(label)))
    }
}

impl SourceCode for Shown {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.excerpt.text.as_bytes();
        let all = (0, text.len()).into();
        Ok(Box::new(MietteSpanContents::new(
            text, all, self.line, 0, 1,
        )))
    }
}
