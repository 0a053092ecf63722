//! What `buf.yaml` and `buf.work.yaml` say about import roots and files that are left out; it reads texts, never files.
//!
//! Source: buf's documentation of `buf.yaml` v1beta1, v1 and v2, and of `buf.work.yaml`. They are another tool's files:
//! keys that say nothing about the layout are not looked at, known or not.

pub(crate) mod file;
pub mod lock;

use file::File;
pub use file::LayoutError;

use self::lock::Locked;
use super::modules::{is_under, normalized};

/// The name of the file that says what is in a module, or which modules there are.
pub const MODULE: &str = "buf.yaml";
/// The name of the file that says which directories are modules.
pub const WORKSPACE: &str = "buf.work.yaml";

/// What to do about a file that cannot be read.
const HELP: &str = "mend the file, or name the import roots yourself, `-I ROOT` or `roots` in the section [schema] of protopact.toml: it is not read then";

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
            help: HELP,
        };
        let mut layout = Self::default();
        let Some(document) = file.document()? else {
            return Ok(whole(layout, directory));
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
        Ok(whole(layout, directory))
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
            help: HELP,
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

/// A module whose root is the directory of the file, where it names none.
fn whole(mut layout: Layout, directory: &str) -> Layout {
    if layout.roots.is_empty() {
        layout.roots.push(normalized(directory));
    }
    layout
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
