//! Marks in comments, `protopact:allow(rule-id) reason`: where one stands and what it says; it knows no findings.

/// A mark that somebody wrote into the comment of an element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The rule that it names.
    pub rule: String,
    /// What stands behind it.
    pub reason: String,
    /// Why it is not written as a mark is.
    pub fault: Option<Fault>,
}

/// What is wrong with the form of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Nothing stands in parentheses.
    Unnamed,
    /// The parenthesis is not closed on its line.
    Unclosed,
}

/// What a mark starts with.
pub const START: &str = "protopact:allow";

/// The marks of a comment, its markers stripped: lines that start with one.
pub fn marks(comment: &str) -> Vec<Mark> {
    if memchr::memmem::find(comment.as_bytes(), START.as_bytes()).is_none() {
        return Vec::new();
    }
    comment.lines().filter_map(of_line).collect()
}

/// The mark that a line of a comment starts with.
pub fn of_line(line: &str) -> Option<Mark> {
    // Of `///` the first two are the marker.
    let line = line.strip_prefix('/').unwrap_or(line);
    let line = line.trim().trim_start_matches('*').trim_start();
    let rest = line.strip_prefix(START)?.trim_start();
    let (rule, reason, fault) = match rest.strip_prefix('(') {
        None => ("", rest, Some(Fault::Unnamed)),
        Some(rest) => match rest.split_once(')') {
            None => ("", rest, Some(Fault::Unclosed)),
            Some((rule, reason)) => {
                let rule = rule.trim();
                (rule, reason, rule.is_empty().then_some(Fault::Unnamed))
            }
        },
    };
    Some(Mark {
        rule: rule.to_owned(),
        reason: reason.trim_start_matches([':', '-', ' ']).trim().to_owned(),
        fault,
    })
}

#[cfg(test)]
mod tests {
    use super::{Fault, Mark, marks};

    #[test]
    fn where_a_mark_stands_and_what_it_says() {
        let bad = |rule: &str, reason: &str, fault| Mark {
            rule: rule.to_owned(),
            reason: reason.to_owned(),
            fault,
        };
        let mark = |rule: &str, reason: &str| bad(rule, reason, None);
        let cases = [
            (
                " Who paid.\n protopact:allow(some-rule) nobody sends it\n",
                vec![mark("some-rule", "nobody sends it")],
            ),
            (
                " protopact:allow(a): one\n * protopact:allow( b ) two\n",
                vec![mark("a", "one"), mark("b", "two")],
            ),
            (" protopact:allow(a)\n", vec![mark("a", "")]),
            ("/ protopact:allow(a) b\n", vec![mark("a", "b")]),
            (
                " protopact:allow a\n protopact:allow() a\n protopact:allow(a b\n",
                vec![
                    bad("", "a", Some(Fault::Unnamed)),
                    bad("", "a", Some(Fault::Unnamed)),
                    bad("", "a b", Some(Fault::Unclosed)),
                ],
            ),
            (" Write protopact:allow(a) above the field.\n", Vec::new()),
            (" // protopact:allow(a) taken out\n", Vec::new()),
            ("", Vec::new()),
        ];
        for (comment, expected) in cases {
            assert_eq!(marks(comment), expected, "{comment:?}");
        }
    }
}
