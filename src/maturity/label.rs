//! Reads maturity labels in the comments of `.proto` elements; does not know which element a comment belongs to.
//!
//! Source: the README's "Experimental Additions to Stable Components" (`Status: [Development]`).

use super::Level;

/// What one comment says of the maturity of its element.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Labels {
    /// The label that counts: the last one.
    pub label: Option<Label>,
    /// The lines that look like a label and are not obeyed, in order.
    pub problems: Vec<Problem>,
}

/// A label that stands in a comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// What it says.
    pub level: LabelLevel,
    /// Its line within the comment, counted from 0.
    pub line: usize,
    /// The line without comment marks.
    pub text: String,
}

/// What a label can say.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum LabelLevel {
    /// A level.
    Level(Level),
    /// The element will go; what was promised for it still holds.
    Deprecated,
    /// Nobody looks after the element; what was promised for it still holds.
    Unmaintained,
}

impl LabelLevel {
    /// The level, where the label names one.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Level(level) => Some(level),
            Self::Deprecated | Self::Unmaintained => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "Deprecated" => Some(Self::Deprecated),
            "Unmaintained" => Some(Self::Unmaintained),
            _ => Level::parse_title(text).map(Self::Level),
        }
    }
}

/// A line that somebody may have meant as a label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong with it.
    pub kind: ProblemKind,
    /// Its line within the comment, counted from 0.
    pub line: usize,
    /// The line without comment marks.
    pub text: String,
}

/// Why a line is not obeyed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum ProblemKind {
    /// Nearly a label: `Status: Development`, `**Status**: [Alpha]`.
    Malformed,
    /// A label that a later one in the same comment overrides.
    Repeated,
    /// A label in a comment that belongs to no element.
    Detached,
}

/// The levels as a label may name them, in lower case.
const WORDS: [&str; 9] = [
    "development",
    "experimental",
    "pre-alpha",
    "alpha",
    "beta",
    "release candidate",
    "stable",
    "deprecated",
    "unmaintained",
];

/// Reads a comment that is attached to an element, as source info gives it.
pub fn scan(comment: &str) -> Labels {
    let mut labels = Labels::default();
    for (line, text) in lines(comment) {
        if let Some(level) = parse_label(text) {
            let label = Label {
                level,
                line,
                text: text.to_owned(),
            };
            if let Some(earlier) = labels.label.replace(label) {
                labels.problems.push(Problem {
                    kind: ProblemKind::Repeated,
                    line: earlier.line,
                    text: earlier.text,
                });
            }
        } else if is_near_miss(text) {
            labels.problems.push(Problem {
                kind: ProblemKind::Malformed,
                line,
                text: text.to_owned(),
            });
        }
    }
    labels.problems.sort_by_key(|problem| problem.line);
    labels
}

/// Reads a comment that is attached to nothing: a label in it is reported, not obeyed.
pub fn scan_detached(comment: &str) -> Labels {
    let problems = lines(comment)
        .filter(|(_, text)| parse_label(text).is_some())
        .map(|(line, text)| Problem {
            kind: ProblemKind::Detached,
            line,
            text: text.to_owned(),
        });
    Labels {
        label: None,
        problems: problems.collect(),
    }
}

/// Reads the label that once marked a whole file as Development.
///
/// It is one sentence in any comment of `syntax` or `package`, detached ones too.
pub fn file_label(comment: &str) -> Option<Label> {
    const SENTENCE: &str =
        "NOTE: This proto is experimental and is subject to change at this point.";
    lines(comment)
        .find(|(_, text)| *text == SENTENCE)
        .map(|(line, text)| Label {
            level: LabelLevel::Level(Level::Development),
            line,
            text: text.to_owned(),
        })
}

/// The lines of a comment without the marks that stand before them, with their numbers from 0.
pub(crate) fn lines(comment: &str) -> impl Iterator<Item = (usize, &str)> {
    comment.lines().enumerate().map(|(number, line)| {
        let line = line.trim();
        // `/// text` and ` * text` leave a mark behind; `**text**` is the author's own.
        let text = line.trim_start_matches('/');
        let text = text.strip_prefix('*').unwrap_or(text);
        if text.is_empty() || text.starts_with([' ', '\t']) {
            (number, text.trim_start())
        } else {
            (number, line)
        }
    })
}

fn parse_label(line: &str) -> Option<LabelLevel> {
    let level = line.strip_prefix("Status:")?.trim_start_matches(BLANKS);
    let (level, rest) = level.strip_prefix('[')?.split_once(']')?;
    let rest = rest.trim_start_matches(BLANKS);
    matches!(rest, "" | ".").then(|| LabelLevel::parse(level))?
}

const BLANKS: [char; 2] = [' ', '\t'];

/// Whether a line that is no label was likely meant as one.
///
/// It starts with the word "status", and a level follows: in brackets, or as the first word behind
/// a separator. `to interpret the overall status:` and `Status of a stable release` are prose.
fn is_near_miss(line: &str) -> bool {
    if let Some(start) = line.rfind("Status: [") {
        // A label at the end of a sentence is not on a line of its own.
        let label = line.get(start..).unwrap_or_default();
        if parse_label(label).is_some() {
            return true;
        }
    }
    let lower = line.to_ascii_lowercase();
    let word = lower.trim_start_matches(|character: char| !character.is_alphanumeric());
    let Some(rest) = word.strip_prefix("status") else {
        return false;
    };
    let said = rest.trim_start_matches([' ', '\t', ':', '=', '-', '–', '—', '*', '_', '`']);
    let between = rest
        .strip_suffix(said)
        .unwrap_or_default()
        .trim_matches(BLANKS);
    if let Some((level, after)) = said
        .strip_prefix('[')
        .and_then(|inner| inner.split_once(']'))
    {
        let has_colon = between.contains(':');
        // An unknown word needs the colon, and a link to something else is not a level.
        return is_level(level.trim_matches(MARKS))
            || (has_colon && !after.starts_with('(') && is_wording(level));
    }
    if between.is_empty() {
        return false;
    }
    let said = said.trim_end_matches(|character: char| !character.is_alphanumeric());
    WORDS.iter().any(|word| {
        said.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || (between.contains(':') && ends_word(rest)))
    }) || bracketed(&lower).any(|level| between.contains(':') && is_level(level))
}

const MARKS: [char; 5] = [' ', '\t', '*', '_', '`'];

fn is_level(text: &str) -> bool {
    WORDS.contains(&text)
}

fn is_wording(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| character.is_alphabetic() || matches!(character, ' ' | '-'))
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|character: char| {
        character.is_alphanumeric() || matches!(character, '_' | '-' | '\'')
    })
}

/// The texts in brackets.
fn bracketed(line: &str) -> impl Iterator<Item = &str> {
    line.split('[')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(']')?.0))
}

#[cfg(test)]
mod tests {
    use super::{LabelLevel, ProblemKind, file_label, scan, scan_detached};
    use crate::maturity::Level;

    #[test]
    fn labels() {
        let cases = [
            (" Status: [Development]\n", Level::Development),
            (" Status: [Experimental]\n", Level::Development),
            ("Status: [Alpha]", Level::Alpha),
            (" Status: [Beta].\n", Level::Beta),
            (" Status:[Beta] . \n", Level::Beta),
            (
                "\tStatus:  [Release Candidate]\t\n",
                Level::ReleaseCandidate,
            ),
            (" * Status: [Stable]\n", Level::Stable),
            ("/ Status: [Alpha]\n", Level::Alpha),
            ("* Status: [Alpha]", Level::Alpha),
            (" How many.\r\n\r\n Status: [Alpha]\r\n", Level::Alpha),
            (" Status: [Alpha]\n\n [Since v2]\n", Level::Alpha),
        ];
        for (comment, level) in cases {
            let labels = scan(comment);
            assert_eq!(
                labels.label.map(|label| label.level),
                Some(LabelLevel::Level(level)),
                "{comment:?}"
            );
            assert_eq!(labels.problems, [], "{comment:?}");
        }
        let label = scan(" Gone soon.\n\n Status: [Deprecated]\n")
            .label
            .unwrap();
        assert_eq!((label.level, label.line), (LabelLevel::Deprecated, 2));
        assert_eq!(label.level.level(), None);
    }

    #[test]
    fn near_misses_are_reported_and_not_obeyed() {
        let cases = [
            "Status: Development",
            "Status: alpha.",
            "status: [alpha]",
            "STATUS: [Alpha]",
            "Status: [alpha]",
            "Status: [ Alpha ]",
            "Status [Alpha]",
            "Status - Beta",
            "Status = Stable",
            "Status: [Dev]",
            "Status: [Release candidate]",
            "**Status**: [Alpha]",
            "**Status:** [Alpha](https://example.com/levels)",
            "Status: **Alpha**",
            "Status: `Alpha`",
            "- Status: [Alpha]",
            "Status: [Alpha] since v2",
            "Status: still [Beta]",
            "Status: Alpha (see the table)",
            "How many there are. Status: [Alpha]",
        ];
        for line in cases {
            let labels = scan(&format!(" A count.\n\n {line}\n"));
            assert_eq!(labels.label, None, "{line}");
            let problems: Vec<_> = labels
                .problems
                .iter()
                .map(|problem| (problem.kind, problem.line, problem.text.as_str()))
                .collect();
            assert_eq!(problems, [(ProblemKind::Malformed, 2, line)], "{line}");
        }
    }

    #[test]
    fn prose_is_silent() {
        let cases = [
            "[Optional].",
            "The end of the interval. [Optional].",
            "the interval (bounds[i-1], bounds[i]]",
            "a name like \"[heap]\".",
            "[acme.rpc.Status](https://example.com/status.proto)",
            "to interpret the overall status:",
            "Status of the last request.",
            "Status of a stable release.",
            "The `Status` type defines what went wrong.",
            "An optional final status of this job",
            "Status codes are stable across releases.",
            "Status: see [acme.rpc.Status](https://example.com/status.proto)",
            "Status: [acme.rpc.Status](https://example.com/status.proto)",
            "Status: stability depends on the server",
            "status is one of the below",
            "statusbeta",
            "We may provide a stable hash later.",
            "According to our stability guarantees this field",
            "Unique nonzero id. [deprecated]",
            "The leaf. [deprecated, superseded by leaves]",
            "[Since next]",
            "",
        ];
        for line in cases {
            assert_eq!(
                scan(&format!(" {line}\n")),
                super::Labels::default(),
                "{line}"
            );
        }
    }

    #[test]
    fn the_last_of_several_labels_counts() {
        let labels = scan(" Status: [Alpha]\n Status: Beta\n Status: [Stable]\n");
        let label = labels.label.unwrap();
        assert_eq!((label.level.level(), label.line), (Some(Level::Stable), 2));
        let problems: Vec<_> = labels
            .problems
            .iter()
            .map(|problem| (problem.kind, problem.line))
            .collect();
        assert_eq!(
            problems,
            [(ProblemKind::Repeated, 0), (ProblemKind::Malformed, 1)]
        );
    }

    #[test]
    fn a_detached_label_is_a_problem() {
        let labels = scan_detached(" A drawing.\n\n Status: [Alpha]\n");
        assert_eq!(labels.label, None);
        assert_eq!(
            labels
                .problems
                .first()
                .map(|problem| (problem.kind, problem.line)),
            Some((ProblemKind::Detached, 2))
        );
        assert_eq!(scan_detached(" A drawing.\n"), super::Labels::default());
    }

    #[test]
    fn the_sentence_that_marks_a_file() {
        let comment = " NOTE: This proto is experimental and is subject to change at this point.\n Please do not use it at the moment.\n";
        let label = file_label(comment).unwrap();
        assert_eq!(
            (label.level.level(), label.line),
            (Some(Level::Development), 0)
        );
        assert_eq!(file_label(" This proto is experimental.\n"), None);
    }
}
