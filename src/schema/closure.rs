//! Which files have to be loaded: the imports of a text, the files that they can mean, and those that a set of changes can
//! reach; it reads nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use super::token::{Kind, tokens};

/// The paths that a text imports, in order, read without parsing the rest of the file.
///
/// A text that is not valid protobuf gives the imports that were found; the compiler reports what is wrong with it.
pub fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut tokens = tokens(text).peekable();
    let mut statement_start = true;
    while let Some(token) = tokens.next() {
        // Imports stand before the first type, with few exceptions.
        let is_type = |word: &&str| token.is(word);
        if statement_start
            && ["message", "enum", "service", "extend"].iter().any(is_type)
            && !may_import(text.get(token.start..).unwrap_or_default())
        {
            break;
        }
        if statement_start && token.is("import") {
            while tokens
                .next_if(|next| {
                    ["public", "weak", "option"]
                        .iter()
                        .any(|word| next.is(word))
                })
                .is_some()
            {}
            if let Some(path) = tokens.next_if(|next| next.kind == Kind::Text) {
                let range = path.range();
                // The quotes are one byte each; a literal that is not closed has no second one.
                let end = range.start + 1 + path.contents().len();
                found.extend(text.get(range.start + 1..end));
            }
        }
        statement_start = token.kind == Kind::Mark && matches!(token.text, ";" | "{" | "}");
    }
    found
}

/// Whether an import statement may stand in a text: `false` is certain.
fn may_import(text: &str) -> bool {
    const WORD: &str = "import";
    let mut words = memchr::memmem::find_iter(text.as_bytes(), WORD);
    words.any(|at| {
        let rest = text.get(at + WORD.len()..).unwrap_or_default();
        let next = rest.trim_start();
        // Comments can stand between any two words.
        let continued = ["\"", "'", "/", "public", "weak", "option"];
        continued.iter().any(|start| next.starts_with(start))
    })
}

/// The file that an import means where a directory above the importer has it: the one in the nearest such directory.
pub fn above(importer: &str, import: &str, has: impl Fn(&str) -> bool) -> Option<String> {
    let mut directory = importer;
    while let Some((above, _)) = directory.rsplit_once('/') {
        let path = format!("{above}/{import}");
        if has(&path) {
            return Some(path);
        }
        directory = above;
    }
    has(import).then(|| import.to_owned())
}

/// Of the files that an import can mean, the one whose root is nearest to the importer: the deepest directory is shared, the
/// root is the shortest, the path comes first.
pub fn nearest<'a>(
    importer: &str,
    import: &str,
    files: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let rooted = files.filter_map(|path| Some((root_for(path, import)?, path)));
    rooted
        .min_by_key(|(root, path)| (distance(root, importer), *path))
        .map(|(_, path)| path)
}

/// What stands before `import` in `path`, if `path` ends with it at a directory boundary.
pub(super) fn root_for<'a>(path: &'a str, import: &str) -> Option<&'a str> {
    let root = path.strip_suffix(import)?;
    if root.is_empty() {
        Some(root)
    } else {
        root.strip_suffix('/')
    }
}

/// How far a root is from a file: by what their paths share, then by how deep down the root is.
pub(super) fn distance(root: &str, importer: &str) -> (std::cmp::Reverse<usize>, usize) {
    (std::cmp::Reverse(shared_prefix(root, importer)), root.len())
}

fn shared_prefix(a: &str, b: &str) -> usize {
    a.split('/')
        .zip(b.split('/'))
        .take_while(|(a, b)| a == b)
        .count()
}

/// The files (by path) that the given ones reach through `edges`, themselves included.
pub fn reach<'a>(
    start: impl IntoIterator<Item = &'a str>,
    edges: &BTreeMap<&'a str, Vec<&'a str>>,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = start.into_iter().collect();
    while let Some(path) = open.pop() {
        if seen.insert(path) {
            open.extend(edges.get(path).into_iter().flatten());
        }
    }
    seen
}

/// The same edges, the other way round: from a file to the files that import it.
pub fn reversed<'a>(edges: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut back: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, targets) in edges {
        for to in targets {
            back.entry(to).or_default().push(from);
        }
    }
    back
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn imports_are_found_where_they_are_statements() {
        for (text, expected) in [
            (
                r#"syntax = "proto3"; import "a/b.proto"; import public 'c.proto';"#,
                &["a/b.proto", "c.proto"][..],
            ),
            (
                "// import \"no.proto\";\n/* import \"no.proto\"; */ import weak \"x.proto\";",
                &["x.proto"],
            ),
            (
                r#"message import { string import = 1; } import /* why */ "y.proto";"#,
                &["y.proto"],
            ),
            (
                r#"option (a) = "import \"no.proto\";"; import option "z.proto";"#,
                &["z.proto"],
            ),
            (
                "message A {} import \"late.proto\"; enum E { E0 = 0; }",
                &["late.proto"],
            ),
            ("import", &[]),
        ] {
            assert_eq!(imports(text), expected, "{text}");
        }
    }
}
