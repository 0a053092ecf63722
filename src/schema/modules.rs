//! Import roots: which path others import a file by; it knows paths, imports and packages, never the files' contents.

use std::collections::{BTreeMap, BTreeSet};

use super::closure::{distance, root_for};
use super::token::tokens;

/// The import roots of one side, most specific first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots(Vec<String>);

impl Roots {
    /// The roots that a configuration or the command line names, relative to the root of the side.
    pub fn given(roots: &[String]) -> Self {
        Self::sorted(roots.iter().map(|root| normalized(root)).collect())
    }

    /// The roots under which the imports of the files resolve, `stated` ones among them.
    ///
    /// What the stated roots do not explain is inferred: a root is every directory that, put before an import of some file,
    /// names the file that it means. Files that nothing imports, and that import nothing of the tree, tell their root by
    /// their package (`a.b` in `x/a/b/f.proto` has the root `x`). What is left over is imported from the top.
    pub fn inferred<'a>(stated: &[String], files: &BTreeMap<&'a str, Described<'a>>) -> Self {
        let mut roots: BTreeSet<String> = stated.iter().map(|root| normalized(root)).collect();
        let stated = (!roots.is_empty()).then(|| Self::sorted(roots.iter().cloned().collect()));
        for (importer, file) in files {
            for (import, path) in &file.imports {
                let has = |path: &str| files.contains_key(path);
                let explained = stated
                    .as_ref()
                    .and_then(|stated| stated.resolve(importer, import, has));
                if explained.is_none() {
                    roots.extend(root_for(path, import).map(str::to_owned));
                }
            }
        }
        for (path, file) in files {
            if roots.iter().any(|root| is_under(path, root)) {
                continue;
            }
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let package = file.package.replace('.', "/");
            let root = if package.is_empty() {
                None
            } else {
                root_for(directory, &package)
            };
            roots.insert(root.unwrap_or("").to_owned());
        }
        Self::sorted(roots.into_iter().collect())
    }

    fn sorted(mut roots: Vec<String>) -> Self {
        if roots.is_empty() {
            roots.push(String::new());
        }
        roots.sort_by_key(|root| (std::cmp::Reverse(root.len()), root.clone()));
        roots.dedup();
        Self(roots)
    }

    /// The path that others import a file by: relative to the most specific root that holds it.
    pub fn import_path<'a>(&self, path: &'a str) -> &'a str {
        self.0
            .iter()
            .find(|root| is_under(path, root))
            .and_then(|root| path.get(root.len()..))
            .map_or(path, |rest| rest.trim_start_matches('/'))
    }

    /// Whether a file is under one of the roots.
    pub fn hold(&self, path: &str) -> bool {
        self.0.iter().any(|root| is_under(path, root))
    }

    /// The file of the tree that an import means: under the importer's own root, else under the one of the roots that have it
    /// that is nearest to the importer.
    pub fn resolve(
        &self,
        importer: &str,
        import: &str,
        has: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let own = self.0.iter().find(|root| is_under(importer, root));
        let path = |root: &String| {
            if root.is_empty() {
                import.to_owned()
            } else {
                format!("{root}/{import}")
            }
        };
        let holds = |root: &&String| has(&path(root));
        own.filter(holds)
            .or_else(|| {
                let roots = self.0.iter().filter(holds);
                roots.min_by_key(|root| distance(root, importer))
            })
            .map(path)
    }

    /// The roots, for messages: `.` is the root of the side.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .map(|root| if root.is_empty() { "." } else { root })
    }
}

/// What of a file tells its root.
#[derive(Debug, Clone, Default)]
pub struct Described<'a> {
    /// The package that it declares; empty where it declares none.
    pub package: &'a str,
    /// What it imports, and the file that each import means.
    pub imports: Vec<(&'a str, &'a str)>,
}

/// Whether a path is of a file within a directory; everything is within the one without a name.
pub(crate) fn is_under(path: &str, root: &str) -> bool {
    root.is_empty()
        || path
            .strip_prefix(root)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// A directory without what says nothing: `./a//b/` is `a/b`.
pub(crate) fn normalized(root: &str) -> String {
    let parts: Vec<&str> = root
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    parts.join("/")
}

/// The package that a text declares, read without parsing what follows it.
pub fn package(text: &str) -> &str {
    let mut tokens = tokens(text);
    let mut statement_start = true;
    while let Some(token) = tokens.next() {
        if statement_start && token.is("package") {
            let name: Vec<_> = tokens.take_while(|token| !token.is(";")).collect();
            let (Some(first), Some(last)) = (name.first(), name.last()) else {
                return "";
            };
            return text.get(first.start..last.range().end).unwrap_or_default();
        }
        // What stands in braces declares no package, and little stands before the package.
        if token.is("{") {
            return "";
        }
        statement_start = token.is(";");
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_read_from_the_head_of_the_file() {
        assert_eq!(
            package("// package no;\nsyntax = \"proto3\";\n\npackage a.b.c;\nmessage M {}"),
            "a.b.c"
        );
        assert_eq!(package("syntax = \"proto3\"; message package {}"), "");
    }
}
