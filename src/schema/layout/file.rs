//! A YAML file of another tool, read key by key, with the place of whatever is not as expected; its keys it does not know.

use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use saphyr::{LoadableYamlNode as _, MarkedYaml};

/// A file that cannot be read as what its name says it is.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("`{path}` cannot be read: {message} (line {line})")]
pub struct LayoutError {
    path: String,
    message: String,
    line: usize,
    #[source_code]
    text: Arc<NamedSource<String>>,
    #[label("here")]
    span: SourceSpan,
    #[help]
    help: &'static str,
}

/// Nested deeper than this, a file is no configuration that a person wrote.
const DEEPEST: usize = 64;
/// The largest file that is read.
const LARGEST: usize = 1 << 20;

/// The text of a file, and what has to be known of it to read paths and to name errors.
pub(crate) struct File<'a> {
    /// Where it lies, relative to the root of the side.
    pub(crate) directory: &'a str,
    /// How messages name it.
    pub(crate) shown: &'a str,
    /// The text.
    pub(crate) text: &'a str,
    /// What to do where it cannot be read.
    pub(crate) help: &'static str,
}

impl<'a> File<'a> {
    /// The first document; `None` where there is none.
    pub(crate) fn document(&self) -> Result<Option<MarkedYaml<'a>>, LayoutError> {
        // The reader's values nest as the file does, and so does what frees them.
        let nested = |line: &str| {
            let marks = line.split_whitespace();
            let marks = marks.take_while(|word| matches!(*word, "-" | "?" | ":"));
            marks.count() > DEEPEST
        };
        if let Some(line) = self.text.lines().position(nested) {
            return Err(self.error("it is nested too deeply", line + 1, 0));
        }
        if self.text.len() > LARGEST {
            return Err(self.error("it is larger than 1 MiB", 1, 0));
        }
        let documents = MarkedYaml::load_from_str(self.text).map_err(|error| {
            let place = error.marker();
            self.error(error.info(), place.line(), place.col())
        })?;
        let document = documents.into_iter().next();
        Ok(document.filter(|document| !document.data.is_null()))
    }

    /// The value of a key of a mapping; `None` where there is none, or nothing behind it.
    pub(crate) fn key<'n>(
        &self,
        node: &'n MarkedYaml<'a>,
        key: &str,
    ) -> Result<Option<&'n MarkedYaml<'a>>, LayoutError> {
        if node.data.is_null() {
            return Ok(None);
        }
        if node.data.as_mapping().is_none() {
            return Err(self.expected("a mapping", node));
        }
        let value = node.data.as_mapping_get(key);
        Ok(value.filter(|value| !value.data.is_null()))
    }

    /// The entries of a list.
    pub(crate) fn list<'n>(
        &self,
        node: &'n MarkedYaml<'a>,
    ) -> Result<&'n [MarkedYaml<'a>], LayoutError> {
        let list = node.data.as_vec().map(Vec::as_slice);
        list.ok_or_else(|| self.expected("a list", node))
    }

    /// The paths of the list under a key.
    pub(crate) fn paths(
        &self,
        node: &MarkedYaml<'a>,
        key: &str,
    ) -> Result<Vec<String>, LayoutError> {
        let Some(list) = self.key(node, key)? else {
            return Ok(Vec::new());
        };
        self.list(list)?
            .iter()
            .map(|path| self.path(path))
            .collect()
    }

    /// A path as it is written, relative to the root of the side.
    pub(crate) fn path(&self, node: &MarkedYaml<'a>) -> Result<String, LayoutError> {
        let Some(path) = node.data.as_str() else {
            return Err(self.expected("a path", node));
        };
        let joined = format!("{}/{path}", self.directory);
        let mut parts: Vec<&str> = Vec::new();
        for part in joined.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    if parts.pop().is_none() {
                        return Err(self.expected("a path inside of the tree", node));
                    }
                }
                part => parts.push(part),
            }
        }
        Ok(parts.join("/"))
    }

    /// An error where something else stands.
    pub(crate) fn expected(&self, what: &str, node: &MarkedYaml<'a>) -> LayoutError {
        let place = node.span.start;
        self.error(&format!("{what} was expected"), place.line(), place.col())
    }

    /// An error at a line, counted from 1, and a character of it, counted from 0.
    pub(crate) fn error(&self, message: &str, line: usize, column: usize) -> LayoutError {
        let before = self.text.split_inclusive('\n').take(line.saturating_sub(1));
        let start: usize = before.map(str::len).sum();
        let rest = self.text.get(start..).unwrap_or_default();
        let within = rest.chars().take(column).map(char::len_utf8).sum::<usize>();
        let at = (start + within).min(self.text.trim_end().len());
        // What ends too early is missed behind the end; people are shown the last line.
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        LayoutError {
            path: self.shown.to_owned(),
            message: message.to_owned(),
            line,
            text: Arc::new(NamedSource::new(self.shown, self.text.to_owned())),
            span: SourceSpan::from((at, 0)),
            help: self.help,
        }
    }
}
