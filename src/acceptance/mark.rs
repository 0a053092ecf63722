//! Marks in comments, `protopact:allow(rule-id) reason`: where one stands and what it says; it knows no findings.

/// A mark that somebody wrote into the comment of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The rule that it names.
    pub rule: String,
    /// What stands behind it.
    pub reason: String,
    /// The line of the comment, from 0.
    pub line: usize,
}

/// What a mark starts with.
pub const START: &str = "protopact:allow";

/// The marks of a comment: lines that start with one. A mark that is not closed, or that names nothing, is one without a rule.
pub fn marks(comment: &str) -> Vec<Mark> {
    if memchr::memmem::find(comment.as_bytes(), START.as_bytes()).is_none() {
        return Vec::new();
    }
    let lines = comment.lines().enumerate();
    let found = lines.filter_map(|(line, text)| {
        let rest = text.trim().trim_start_matches('*').trim_start();
        let rest = rest.strip_prefix(START)?;
        let (rule, reason) = rest
            .trim_start()
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .unwrap_or(("", ""));
        Some(Mark {
            rule: rule.trim().to_owned(),
            reason: reason.trim_start_matches([':', '-', ' ']).trim().to_owned(),
            line,
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::{Mark, marks};

    #[test]
    fn where_a_mark_stands_and_what_it_says() {
        let mark = |rule: &str, reason: &str, line| Mark {
            rule: rule.to_owned(),
            reason: reason.to_owned(),
            line,
        };
        let cases = [
            (
                " Who paid.\n protopact:allow(some-rule) nobody sends it\n",
                vec![mark("some-rule", "nobody sends it", 1)],
            ),
            (
                " protopact:allow(a): one\n * protopact:allow( b ) two\n",
                vec![mark("a", "one", 0), mark("b", "two", 1)],
            ),
            (" protopact:allow(a)\n", vec![mark("a", "", 0)]),
            (" protopact:allow a\n", vec![mark("", "", 0)]),
            (" Write protopact:allow(a) above the field.\n", Vec::new()),
            ("", Vec::new()),
        ];
        for (comment, expected) in cases {
            assert_eq!(marks(comment), expected, "{comment:?}");
        }
    }
}
