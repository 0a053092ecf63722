//! What `buf.yaml` and `buf.work.yaml` say about import roots and files that are left out; it reads texts, never files.
//!
//! Source: buf's documentation of `buf.yaml` v1beta1, v1 and v2, and of `buf.work.yaml`. They are another tool's files:
//! keys that say nothing about the layout are not looked at, known or not.

pub mod lock;

use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use saphyr::{LoadableYamlNode as _, MarkedYaml};

use self::lock::Locked;
use super::modules::{is_under, normalized};

/// The name of the file that says what is in a module, or which modules there are.
pub const MODULE: &str = "buf.yaml";
/// The name of the file that says which directories are modules.
pub const WORKSPACE: &str = "buf.work.yaml";

/// Which files of a side are imported from where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Import roots, relative to the root of the side; empty for the root itself.
    pub roots: Vec<String>,
    /// Files and directories that are no part of a module.
    pub excludes: Vec<String>,
    /// Modules of which only some files and directories are a part.
    pub includes: Vec<(String, Vec<String>)>,
    /// The modules that these depend on.
    pub locked: Vec<Locked>,
}

/// A file that cannot be read as what its name says it is.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("`{path}` cannot be read: {message} (line {line})")]
#[diagnostic(help(
    "mend the file, or name the import roots yourself, `-I ROOT` or `roots` in the section [schema] of protopact.toml: it is not read then"
))]
pub struct LayoutError {
    path: String,
    message: String,
    line: usize,
    #[source_code]
    text: Arc<NamedSource<String>>,
    #[label("here")]
    span: SourceSpan,
}

impl Layout {
    /// Reads a `buf.yaml`; `directory` is where it lies, `shown` how messages name it.
    ///
    /// # Errors
    /// [`LayoutError`]: it is no YAML, or a list of paths is none.
    pub fn module(directory: &str, shown: &str, text: &str) -> Result<Self, LayoutError> {
        let file = File {
            directory,
            shown,
            text,
        };
        let mut layout = Self::default();
        let Some(document) = file.document()? else {
            return Ok(file.whole(layout));
        };
        if let Some(modules) = file.key(&document, "modules")? {
            for module in file.list(modules)? {
                let path = match file.key(module, "path")? {
                    Some(path) => file.path(path)?,
                    None => normalized(directory),
                };
                layout.excludes.extend(file.paths(module, "excludes")?);
                let includes = file.paths(module, "includes")?;
                if !includes.is_empty() {
                    layout.includes.push((path.clone(), includes));
                }
                layout.roots.push(path);
            }
            return Ok(layout);
        }
        if let Some(build) = file.key(&document, "build")? {
            layout.roots = file.paths(build, "roots")?;
            layout.excludes = file.paths(build, "excludes")?;
        }
        Ok(file.whole(layout))
    }

    /// Reads a `buf.work.yaml`; `directory` is where it lies, `shown` how messages name it.
    ///
    /// # Errors
    /// [`LayoutError`]: it is no YAML, or a list of paths is none.
    pub fn workspace(directory: &str, shown: &str, text: &str) -> Result<Self, LayoutError> {
        let file = File {
            directory,
            shown,
            text,
        };
        let roots = match file.document()? {
            Some(document) => file.paths(&document, "directories")?,
            None => Vec::new(),
        };
        Ok(Self {
            roots,
            ..Self::default()
        })
    }

    /// Adds what another file says.
    pub fn extend(&mut self, other: Self) {
        self.roots.extend(other.roots);
        self.excludes.extend(other.excludes);
        self.includes.extend(other.includes);
        self.locked.extend(other.locked);
    }

    /// Whether a file is compared: what no module holds is, what a module leaves out is not.
    pub fn holds(&self, path: &str) -> bool {
        let within = |directory: &String| path == directory || is_under(path, directory);
        let left_out = |(root, includes): &(String, Vec<String>)| {
            is_under(path, root) && !includes.iter().any(within)
        };
        !self.excludes.iter().any(within) && !self.includes.iter().any(left_out)
    }
}

/// Nested deeper than this, a file is no configuration that a person wrote.
const DEEPEST: usize = 64;
/// The largest file that is read.
const LARGEST: usize = 1 << 20;

struct File<'a> {
    directory: &'a str,
    shown: &'a str,
    text: &'a str,
}

impl<'a> File<'a> {
    /// The first document; `None` where there is none.
    fn document(&self) -> Result<Option<MarkedYaml<'a>>, LayoutError> {
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

    /// A module whose root is the directory of the file, where it names none.
    fn whole(&self, mut layout: Layout) -> Layout {
        if layout.roots.is_empty() {
            layout.roots.push(normalized(self.directory));
        }
        layout
    }

    fn key<'n>(
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

    fn list<'n>(&self, node: &'n MarkedYaml<'a>) -> Result<&'n [MarkedYaml<'a>], LayoutError> {
        let list = node.data.as_vec().map(Vec::as_slice);
        list.ok_or_else(|| self.expected("a list", node))
    }

    fn paths(&self, node: &MarkedYaml<'a>, key: &str) -> Result<Vec<String>, LayoutError> {
        let Some(list) = self.key(node, key)? else {
            return Ok(Vec::new());
        };
        self.list(list)?
            .iter()
            .map(|path| self.path(path))
            .collect()
    }

    /// A path as it is written, relative to the root of the side.
    fn path(&self, node: &MarkedYaml<'a>) -> Result<String, LayoutError> {
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

    fn expected(&self, what: &str, node: &MarkedYaml<'a>) -> LayoutError {
        let place = node.span.start;
        self.error(&format!("{what} was expected"), place.line(), place.col())
    }

    /// An error at a line, counted from 1, and a character of it, counted from 0.
    fn error(&self, message: &str, line: usize, column: usize) -> LayoutError {
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(directory: &str, text: &str) -> Layout {
        Layout::module(directory, "buf.yaml", text).unwrap()
    }

    #[test]
    fn every_version_tells_its_roots() {
        for (directory, text, roots) in [
            ("", "version: v1\n", &[""][..]),
            ("proto", "version: v1\nlint: {use: [DEFAULT]}\n", &["proto"]),
            ("proto", "", &["proto"]),
            (
                "",
                "version: v1beta1\nbuild:\n  roots:\n    - proto\n    - third_party/api/\n",
                &["proto", "third_party/api"],
            ),
            (
                "x",
                "version: v1beta1\nbuild:\n  roots: [\".\"]\nunknown: {a: 1}\n",
                &["x"],
            ),
            (
                "",
                "version: v2\nmodules:\n  - path: a\n    name: buf.build/x/a\n  - path: ./b/c\n",
                &["a", "b/c"],
            ),
            ("x", "version: v2\nmodules:\n  - path: ../y\n", &["y"]),
            ("", "version: v2\n", &[""]),
            ("x", "version: v2\nmodules:\n  - name: n\n", &["x"]),
        ] {
            assert_eq!(module(directory, text).roots, roots, "{text}");
        }
        let workspace = "version: v1\ndirectories:\n  - a\n  - b/c\n";
        assert_eq!(
            Layout::workspace("", "", workspace).unwrap().roots,
            ["a", "b/c"]
        );
    }

    #[test]
    fn what_a_module_leaves_out_is_not_held() {
        let v1 = module("p", "version: v1\nbuild: {excludes: [x, y/z.proto]}\n");
        let v2 = module(
            "",
            "version: v2\nmodules:\n- path: p\n  includes: [p/a, p/b]\n  excludes:\n  - p/a/x\n- path: q\n",
        );
        for (layout, path, held) in [
            (&v1, "p/a.proto", true),
            (&v1, "p/x/a.proto", false),
            (&v1, "p/xy/a.proto", true),
            (&v1, "p/y/z.proto", false),
            (&v1, "x/a.proto", true),
            (&v2, "p/a/m.proto", true),
            (&v2, "p/a/x/m.proto", false),
            (&v2, "p/c/m.proto", false),
            (&v2, "q/c/m.proto", true),
            (&v2, "elsewhere/m.proto", true),
        ] {
            assert_eq!(layout.holds(path), held, "{path}");
        }
    }

    #[test]
    fn a_file_that_is_none_says_where() {
        let deep = "- ".repeat(100);
        for (text, expected) in [
            ("version: v2\nmodules: p\n", "a list was expected (line 2)"),
            (
                "version: v2\nmodules:\n  - path: [p]\n",
                "a path was expected (line 3)",
            ),
            (
                "version: v2\nmodules:\n  - path: ../p\n",
                "a path inside of the tree was expected (line 3)",
            ),
            ("- a\n", "a mapping was expected (line 1)"),
            (deep.as_str(), "it is nested too deeply (line 1)"),
        ] {
            let error = Layout::module("", "buf.yaml", text).unwrap_err();
            let message = format!("`buf.yaml` cannot be read: {expected}");
            assert_eq!(error.to_string(), message);
        }
        let error = Layout::module("", "buf.yaml", "a: 1\nb: [1\nc: 2\n").unwrap_err();
        assert!(error.to_string().contains("(line "), "{error}");
    }
}
