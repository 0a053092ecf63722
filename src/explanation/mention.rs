//! Says whether a line of prose names an element; a name that is an ordinary word needs more than to occur.

/// Whether `line` names the element, whose `full_name` ends in its simple `name`.
///
/// Names it: the full name, or enough of it to have a dot (`Span.flags`); the simple name in a code
/// span; the simple name as a whole word where it is no word of English (`event_name`, `EntityRef`)
/// or where the name of its message, enum or service stands on the same line.
pub(super) fn names(line: &str, name: &str, full_name: &str) -> bool {
    if name.is_empty() || !contains(line, name) {
        return false;
    }
    let plain_suffices = is_identifier(name)
        || parent(full_name).is_some_and(|parent| {
            paths(line).any(|path| path.text.split('.').any(|part| part == parent))
        });
    paths(line).any(|path| {
        if path.text == name {
            path.in_code || plain_suffices
        } else {
            path.text.contains('.') && ends_with_path(full_name, path.text)
        }
    })
}

/// Whether a text has the letters of a name in it, of either case: most texts have not, and need no closer look.
pub(super) fn contains(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    let Some(first) = name.first() else {
        return true;
    };
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text).any(|at| {
        text.get(at..at + name.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(name))
    })
}

/// A name in a line, with its dots.
struct Path<'a> {
    text: &'a str,
    in_code: bool,
}

fn paths(line: &str) -> impl Iterator<Item = Path<'_>> {
    // Behind an odd number of backticks is code. An unclosed one is a stray mark.
    let pieces: Vec<&str> = line.split('`').collect();
    let last = pieces.len().saturating_sub(1);
    pieces
        .into_iter()
        .enumerate()
        .flat_map(move |(index, piece)| {
            let in_code = index % 2 == 1 && index < last;
            piece
                .split(|character: char| !is_name_character(character) && character != '.')
                .map(|text| text.trim_matches('.'))
                .filter(|text| !text.is_empty())
                .map(move |text| Path { text, in_code })
        })
}

/// Whether the dotted `path` is the end of `full_name`; prose writes `span.flags` for `Span.flags`.
fn ends_with_path(full_name: &str, path: &str) -> bool {
    let mut parts = full_name.rsplit('.');
    path.rsplit('.').all(|part| {
        parts
            .next()
            .is_some_and(|own| own.eq_ignore_ascii_case(part))
    })
}

/// Whether a name is one that prose does not use by chance.
fn is_identifier(name: &str) -> bool {
    let inner_capital = name
        .chars()
        .zip(name.chars().skip(1))
        .any(|(before, after)| before.is_lowercase() && after.is_uppercase());
    name.trim_matches('_').contains('_') || inner_capital
}

/// The message, enum or service that holds the element; a package is none, by its lower case.
fn parent(full_name: &str) -> Option<&str> {
    let parent = full_name.rsplit('.').nth(1)?;
    parent.starts_with(char::is_uppercase).then_some(parent)
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn what_names_an_element() {
        let cases = [
            ("Add `flags` to spans.", "acme.v1.Span.flags", true),
            ("Add `flags = 6`.", "acme.v1.Span.flags", true),
            ("Add Span.flags.", "acme.v1.Span.flags", true),
            ("Add span.flags field", "acme.v1.Span.flags", true),
            ("Add (v1.Span.flags)", "acme.v1.Span.flags", true),
            ("Add .acme.v1.Span.flags", "acme.v1.Span.flags", true),
            (
                "Add flags to Span and to nothing else",
                "acme.v1.Span.flags",
                true,
            ),
            (
                "Add flags to `Span`, `Link`",
                "acme.v1.Span.Link.flags",
                true,
            ),
            ("Add flags to spans", "acme.v1.Span.flags", false),
            ("The name of the span's flags", "acme.v1.Span.flags", false),
            ("Add `Link.flags`", "acme.v1.Span.flags", false),
            ("Add `flagship`", "acme.v1.Span.flags", false),
            ("A stray ` before flags", "acme.v1.Span.flags", false),
            ("Add `red_flags`", "acme.v1.Span.flags", false),
            (
                "Add event_name, at last.",
                "acme.v1.LogRecord.event_name",
                true,
            ),
            (
                "Add LogRecord.event_name",
                "acme.v1.LogRecord.event_name",
                true,
            ),
            (
                "Add Other.event_name",
                "acme.v1.LogRecord.event_name",
                false,
            ),
            ("Add event_names", "acme.v1.LogRecord.event_name", false),
            ("Add EntityRef.", "acme.v1.EntityRef", true),
            ("Add EntityRef.kind", "acme.v1.EntityRef", false),
            ("Add the Span", "acme.v1.Span", false),
            ("Add the `Span`", "acme.v1.Span", true),
            ("See common.proto", "acme.v1.Shop.common", false),
            ("", "acme.v1.Span", false),
        ];
        for (line, full_name, expected) in cases {
            let name = full_name.rsplit('.').next().unwrap();
            assert_eq!(
                names(line, name, full_name),
                expected,
                "{line} / {full_name}"
            );
        }
    }
}
