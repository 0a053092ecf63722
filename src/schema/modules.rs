//! Import roots: which path others import a file by; it knows paths, imports and packages, never the files' contents.

use std::collections::{BTreeMap, BTreeSet};

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
    /// What the stated roots do not explain is inferred: a root is every directory that, put before an import of some file, names a file of the tree. Files that nothing
    /// imports, and that import nothing of the tree, tell their root by their package (`a.b` in `x/a/b/f.proto` has the
    /// root `x`). What is left over is imported from the top.
    pub fn inferred<'a>(stated: &[String], files: &BTreeMap<&'a str, Described<'a>>) -> Self {
        let mut roots: BTreeSet<String> = stated.iter().map(|root| normalized(root)).collect();
        let stated = Self::sorted(roots.iter().cloned().collect());
        let is_explained = |importer: &str, import: &str| {
            let found = stated.resolve(importer, import, |path| files.contains_key(path));
            !roots.is_empty() && found.is_some()
        };
        let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in files.keys() {
            by_name
                .entry(path.rsplit('/').next().unwrap_or(path))
                .or_default()
                .push(path);
        }
        let mut found = BTreeSet::new();
        for (importer, file) in files {
            for import in &file.imports {
                if is_explained(importer, import) {
                    continue;
                }
                let name = import.rsplit('/').next().unwrap_or(import);
                let candidates = by_name
                    .get(name)
                    .into_iter()
                    .flatten()
                    .filter_map(|path| root_for(path, import));
                // Of several files that an import could mean, the one nearest to the importer is meant.
                if let Some(root) = candidates.max_by_key(|root| {
                    (shared_prefix(root, importer), std::cmp::Reverse(root.len()))
                }) {
                    found.insert(root.to_owned());
                }
            }
        }
        roots.extend(found);
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

    /// The file of the tree that an import means: under the importer's own root, else under the first root that has it.
    pub fn resolve(
        &self,
        importer: &str,
        import: &str,
        has: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let own = self.0.iter().find(|root| is_under(importer, root));
        let candidates = own.into_iter().chain(self.0.iter());
        let mut paths = candidates.map(|root| {
            if root.is_empty() {
                import.to_owned()
            } else {
                format!("{root}/{import}")
            }
        });
        paths.find(|path| has(path))
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
    /// The paths that it imports.
    pub imports: Vec<&'a str>,
}

/// What stands before `import` in `path`, if `path` ends with it at a directory boundary.
fn root_for<'a>(path: &'a str, import: &str) -> Option<&'a str> {
    let root = path.strip_suffix(import)?;
    if root.is_empty() {
        Some(root)
    } else {
        root.strip_suffix('/')
    }
}

/// Whether a path is of a file within a directory; everything is within the one without a name.
pub(crate) fn is_under(path: &str, root: &str) -> bool {
    root.is_empty()
        || path
            .strip_prefix(root)
            .is_some_and(|rest| rest.starts_with('/'))
}

fn shared_prefix(a: &str, b: &str) -> usize {
    a.split('/')
        .zip(b.split('/'))
        .take_while(|(a, b)| a == b)
        .count()
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

    type Files<'a> = &'a [(&'static str, &'static str, &'a [&'static str])];

    fn roots(files: Files<'_>) -> Vec<String> {
        roots_with(&[], files)
    }

    fn roots_with(stated: &[&str], files: Files<'_>) -> Vec<String> {
        let stated: Vec<String> = stated.iter().map(|root| (*root).to_owned()).collect();
        let files = files
            .iter()
            .map(|(path, package, imports)| {
                (
                    *path,
                    Described {
                        package,
                        imports: imports.to_vec(),
                    },
                )
            })
            .collect();
        Roots::inferred(&stated, &files)
            .names()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn roots_follow_the_imports() {
        assert_eq!(
            roots(&[("a/b.proto", "a", &["a/c.proto"]), ("a/c.proto", "a", &[])]),
            ["."]
        );
        assert_eq!(
            roots(&[
                ("proto/a/b.proto", "a", &["a/c.proto"]),
                ("proto/a/c.proto", "a", &[])
            ]),
            ["proto"]
        );
        assert_eq!(roots(&[("proto/a/b/c.proto", "a.b", &[])]), ["proto"]);
        assert_eq!(roots(&[("x.proto", "a.b", &[])]), ["."]);
        assert_eq!(
            roots(&[
                ("one/a/b.proto", "a", &["a/c.proto"]),
                ("one/a/c.proto", "a", &[]),
                ("two/a/b.proto", "a", &["a/c.proto"]),
                ("two/a/c.proto", "a", &[])
            ]),
            ["one", "two"]
        );
    }

    #[test]
    fn stated_roots_hold_and_the_rest_is_inferred() {
        let files: Files<'_> = &[
            ("proto/x/b.proto", "a", &["x/c.proto", "google/g.proto"]),
            ("proto/x/c.proto", "a", &[]),
            ("vendor/google/g.proto", "google", &[]),
            ("demo/d/e.proto", "d", &[]),
        ];
        assert_eq!(
            roots_with(&["./proto/"], files),
            ["vendor", "proto", "demo"]
        );
        assert_eq!(roots_with(&["."], files), ["vendor", "proto", "."]);
    }

    #[test]
    fn the_package_is_read_from_the_head_of_the_file() {
        assert_eq!(
            package("// package no;\nsyntax = \"proto3\";\n\npackage a.b.c;\nmessage M {}"),
            "a.b.c"
        );
        assert_eq!(package("syntax = \"proto3\"; message package {}"), "");
    }
}
