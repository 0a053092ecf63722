//! Which files have to be loaded: the imports of a text, and the files that a set of changes can reach; it reads nothing itself.

use std::collections::{BTreeMap, BTreeSet};

/// The paths that a text imports, in order, read without parsing the rest of the file.
///
/// A text that is not valid protobuf gives the imports that were found; the compiler reports what is wrong with it.
pub fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut statement_start = true;
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if first == '"' || first == '\'' {
            rest = string_literal(rest).1;
            statement_start = false;
        } else if first.is_whitespace() || first == '\u{feff}' {
            rest = after(rest, first);
        } else if first.is_ascii_alphanumeric() || first == '_' {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            rest = tail;
            if statement_start
                && word == "import"
                && let Some((path, tail)) = import_path(rest)
            {
                found.push(path);
                rest = tail;
            }
            statement_start = false;
        } else {
            statement_start = matches!(first, ';' | '{' | '}');
            rest = after(rest, first);
        }
    }
    found
}

fn after(text: &str, first: char) -> &str {
    text.get(first.len_utf8()..).unwrap_or("")
}

/// The contents of the string literal at the start of a text, escapes left alone, and what follows it.
fn string_literal(text: &str) -> (&str, &str) {
    let mut chars = text.char_indices();
    let Some((_, quote)) = chars.next() else {
        return ("", "");
    };
    let mut escaped = false;
    for (index, c) in chars {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote || c == '\n' {
            return (
                text.get(1..index).unwrap_or(""),
                text.get(index + 1..).unwrap_or(""),
            );
        }
    }
    ("", "")
}

/// What stands behind the keyword `import`.
fn import_path(text: &str) -> Option<(&str, &str)> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n')?.1;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1;
        } else if rest.starts_with(['"', '\'']) {
            return Some(string_literal(rest));
        } else {
            let word = ["public", "weak", "option"]
                .into_iter()
                .find_map(|word| rest.strip_prefix(word))?;
            if word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
                return None;
            }
            rest = word;
        }
    }
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
            ("import", &[]),
            ("import \"unterminated", &[]),
        ] {
            assert_eq!(imports(text), expected, "{text}");
        }
    }
}
