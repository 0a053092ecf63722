//! The error of a configuration, with the place that it points at; it does not know what settings there are.

use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};

use crate::suggest::closest;

/// A configuration that cannot be obeyed.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    #[source_code]
    text: Arc<NamedSource<String>>,
    #[label("{label}")]
    span: SourceSpan,
    label: String,
    /// What to do.
    #[help]
    pub help: Option<String>,
}

impl ConfigError {
    /// An error at a range of bytes of a file, given as path and text.
    pub(crate) fn new(
        (path, text): (&str, &str),
        message: &str,
        span: Range<usize>,
        label: &str,
        help: Option<String>,
    ) -> Self {
        let length = span.end.saturating_sub(span.start);
        Self {
            message: printable(message),
            text: Arc::new(NamedSource::new(path, printable(text))),
            span: SourceSpan::from((span.start.min(text.len()), length)),
            label: label.to_owned(),
            help: help.map(|help| printable(&help)),
        }
    }

    /// An error of the TOML reader or of serde, which speak of unknown words in one fixed form.
    pub(crate) fn unreadable(file: (&str, &str), error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or_default();
        let message = error.message();
        if let Some(key) = message.strip_prefix("missing field ") {
            return Self::new(
                file,
                &format!("missing key {key}"),
                span,
                "in this table",
                None,
            );
        }
        let Some((kind, word, known)) = unknown_word(message) else {
            return Self::new(file, message, span, "here", None);
        };
        let help = closest(word, known.iter().copied())
            .map(|close| format!("did you mean `{close}`?"))
            .or_else(|| {
                let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
                (!known.is_empty()).then(|| format!("known here: {}", known.join(", ")))
            });
        Self::new(
            file,
            &format!("unknown {kind} `{word}`"),
            span,
            "not known",
            help,
        )
    }

    /// The file, the line and the column (both from 1, the column in Unicode scalar values).
    pub fn location(&self) -> (&str, usize, usize) {
        let before = self
            .text
            .inner()
            .get(..self.span.offset())
            .unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let lines = before.matches('\n').count();
        (self.text.name(), lines + 1, line.chars().count() + 1)
    }
}

/// Takes apart serde's "unknown field `a`, expected one of `b`, `c`".
fn unknown_word(message: &str) -> Option<(&'static str, &str, Vec<&str>)> {
    let (kind, rest) = if let Some(rest) = message.strip_prefix("unknown field `") {
        ("key", rest)
    } else {
        ("value", message.strip_prefix("unknown variant `")?)
    };
    let (word, rest) = rest.split_once('`')?;
    Some((kind, word, rest.split('`').skip(1).step_by(2).collect()))
}

/// The text without control characters, each replaced by one of the same length: a terminal would obey them.
fn printable(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\n' | '\t' | '\r' => char,
            _ if char.is_ascii_control() => '?',
            _ if char.is_control() => '¿',
            _ => char,
        })
        .collect()
}
