//! The string literals of Rust source, found without a parser.

/// Each string literal with the line on which it begins, from 1; comments and characters are skipped.
pub(crate) fn string_literals(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        at += if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(quoted) = char_literal(rest) {
            quoted
        } else if let Some((start, end, close)) = string(rest) {
            let line = 1 + source
                .get(..at)
                .map_or(0, |text| text.matches('\n').count());
            found.push((line, rest.get(start..end).unwrap_or_default()));
            end + close
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    found
}

/// The length of a character literal; `None` for a lifetime.
fn char_literal(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return body.get(2..)?.find('\'').map(|end| end + 4);
    }
    let char = body.chars().next()?;
    let behind = body.get(char.len_utf8()..)?;
    behind.starts_with('\'').then(|| char.len_utf8() + 2)
}

/// Where the text of a string literal begins and ends, and how long its closing is.
fn string(rest: &str) -> Option<(usize, usize, usize)> {
    if let Some(body) = rest.strip_prefix('"') {
        let mut escaped = false;
        let end = body.find(|char| {
            let closes = char == '"' && !escaped;
            escaped = char == '\\' && !escaped;
            closes
        });
        return Some((1, 1 + end.unwrap_or(body.len()), 1));
    }
    let body = rest.strip_prefix('r')?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let body = body.get(hashes..)?.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let start = hashes + 2;
    Some((start, start + body.find(&close)?, close.len()))
}

#[test]
fn finds_string_literals_only() {
    let source = "// \"a\"\nlet b = \"b\\\"c\"; let d: &'static str = r#\"e\"f\"#; '\"' /* \"g\" */ '\\''\n\"h\"";
    assert_eq!(
        string_literals(source),
        [(2, "b\\\"c"), (2, "e\"f"), (3, "h")]
    );
}
