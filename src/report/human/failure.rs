//! An error of the program itself in the look of a finding; it knows diagnostics, but no report.

use std::error::Error;

use miette::{Diagnostic, Severity, SourceCode};

use super::{
    CYAN, Options, RED, YELLOW, paint, push_heading, push_help, push_line, push_notes, snippet,
};
use crate::report::text::{printable, wrap};

/// An error as `main` prints it: heading, excerpts, causes, what is related, help.
pub fn render_error(error: &dyn Diagnostic, options: &Options) -> String {
    let mut out = String::new();
    push_error(&mut out, error, None, *options);
    out
}

fn push_error(
    out: &mut String,
    error: &dyn Diagnostic,
    source: Option<&dyn SourceCode>,
    options: Options,
) {
    let (word, color) = match error.severity() {
        Some(Severity::Warning) => ("warning", YELLOW),
        Some(Severity::Advice) => ("note", CYAN),
        Some(Severity::Error) | None => ("error", RED),
    };
    let head = error
        .code()
        .map_or_else(|| word.to_owned(), |code| format!("{word}[{code}]"));
    push_heading(out, &printable(&head), &error.to_string(), color, options);

    let source = error.source_code().or(source);
    let snippets = source.map_or_else(Vec::new, |source| snippet::of_error(error, source));
    let gutter = snippet::gutter(&snippets);
    for snippet in &snippets {
        snippet.push(out, gutter, options);
    }

    let mut notes = Vec::new();
    for cause in causes(error) {
        notes.push(("cause", cause));
    }
    let mut related = error.related().into_iter().flatten().peekable();
    let help = error.help().map(|h| h.to_string()).unwrap_or_default();
    if related.peek().is_none() {
        push_help(&mut notes, &help);
        push_notes(out, gutter, &notes, options);
        return;
    }
    push_notes(out, gutter, &notes, options);
    for related in related {
        out.push('\n');
        push_error(out, related, source, options);
    }
    if !help.is_empty() {
        out.push('\n');
        let head = paint(options.color, CYAN, "help:");
        let room = options.width.saturating_sub(6).max(40);
        let lines = help.lines().flat_map(|line| wrap(&printable(line), room));
        for (i, line) in lines.enumerate() {
            let head = if i == 0 { &head } else { "     " };
            push_line(out, format_args!("{head} {line}"));
        }
    }
}

/// The chain of causes; a cause that the text above it repeats is left out.
fn causes(error: &dyn Diagnostic) -> Vec<String> {
    let mut causes: Vec<String> = Vec::new();
    let mut above = error.to_string();
    let mut next: Option<&dyn Error> = match error.diagnostic_source() {
        Some(cause) => {
            above.push_str(&push_cause(&mut causes, &above, cause.to_string()));
            cause.source()
        }
        None => error.source(),
    };
    while let Some(cause) = next {
        above.push_str(&push_cause(&mut causes, &above, cause.to_string()));
        next = cause.source();
    }
    causes
}

fn push_cause(causes: &mut Vec<String>, above: &str, cause: String) -> String {
    if !above.contains(&cause) {
        causes.push(cause.clone());
    }
    cause
}
