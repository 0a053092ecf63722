//! What is wrong with files, as data that people can be shown; it finds nothing itself.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// One thing that is wrong with a file.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) labels: Vec<LabeledSpan>,
    pub(super) source: Option<Arc<NamedSource<Arc<str>>>>,
    /// Path of the file.
    pub path: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source
            .as_deref()
            .map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A side that does not compile: every error of every file that can be judged on its own.
#[derive(Debug, thiserror::Error)]
#[error("the {side} does not compile: {}", counted(.problems))]
pub struct CompileErrors {
    /// The side: ``baseline `v1.2.0` ``, ``current side `worktree` ``.
    pub side: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Diagnostic for CompileErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            self.problems
                .iter()
                .map(|problem| problem as &dyn Diagnostic),
        ))
    }
}

fn counted(problems: &[Problem]) -> String {
    let files: BTreeSet<&str> = problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    let errors = if problems.len() == 1 {
        "1 error".to_owned()
    } else {
        format!("{} errors", problems.len())
    };
    match files.first() {
        Some(path) if files.len() == 1 => format!("{errors} in `{path}`"),
        _ => format!("{errors} in {} files", files.len()),
    }
}
