//! Looks for evidence that an addition was explained; knows nothing of descriptors, revisions or rules.
//!
//! Source: the README's "All the additive changes above must be accompanied by an explanation about
//! how new and old senders and receivers … interoperate". It does not say where, so a comment, the
//! CHANGELOG and a commit message are each looked through.

mod mention;
pub mod since;
mod words;

use std::collections::BTreeSet;

use similar::{ChangeTag, TextDiff};

use crate::change::Subject;
use crate::maturity::label;
pub use words::Words;

/// A place that explains or names an addition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The line; each function says how it counts.
    pub line: usize,
    /// What stands there.
    pub sentence: String,
}

impl Found {
    /// Whether it is the trailer of a commit message, which speaks for all that the commit does.
    pub fn is_trailer(&self) -> bool {
        is_trailer(&self.sentence)
    }
}

/// What is taken for the explanation of an addition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// Where it stands, for people: `CHANGELOG.md:7`, `commit 1a2b3c4`.
    pub place: String,
    /// What it does there.
    pub does: Does,
}

/// What a text does that is taken for an explanation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    /// A sentence speaks of the other side.
    Explain,
    /// A line names the element, and no more is looked for there.
    Name,
    /// A commit says how all that it does interoperates.
    Vouch,
}

impl Explanation {
    /// The sentence that says so.
    pub fn sentence(&self) -> String {
        let does = match self.does {
            Does::Explain => "speaks of old and new senders and receivers",
            Does::Name => "names it",
            Does::Vouch => "says how it interoperates",
        };
        format!("{} {does}", self.place)
    }
}

/// The sentence of an element's own comment that speaks of the other side.
///
/// The line is the one on which the sentence starts, counted from 0 within the comment.
pub fn in_comment(comment: &str, words: &Words) -> Option<Found> {
    sentences(comment)
        .into_iter()
        .find(|found| words.speak_in(&found.sentence))
}

/// The lines that a change adds to a CHANGELOG, counted from 1 in `after`. A line that was only moved is not added.
pub fn added<'a>(before: &str, after: &'a str) -> Vec<(usize, &'a str)> {
    let known: BTreeSet<&str> = before.lines().map(str::trim).collect();
    let lines: Vec<&str> = after.lines().collect();
    TextDiff::from_lines(before, after)
        .iter_all_changes()
        .filter(|change| change.tag() == ChangeTag::Insert)
        .filter(|change| !known.contains(change.value().trim()))
        .filter_map(|change| {
            let index = change.new_index()?;
            Some((index + 1, *lines.get(index)?))
        })
        .collect()
}

/// The first of the lines [`added`] to a CHANGELOG that names the element.
///
/// `name` is the simple name, `full_name` ends in it. The simple name counts in a code span, as
/// `Span.flags`, next to the name of its message, or as a whole word where it is no ordinary one
/// (`event_name`, `EntityRef`). A generated entry, which names it and says nothing, does not count.
pub fn in_changelog(added: &[(usize, &str)], name: &str, full_name: &str) -> Option<Found> {
    let found = added
        .iter()
        .find(|(_, line)| mention::names(line, name, full_name) && !is_bare(line))?;
    Some(Found {
        line: found.0,
        sentence: found.1.trim().to_owned(),
    })
}

/// Whether a line of a changelog has no more than a subject and a name, ``Field `Span.kind`.``: an entry that was generated.
fn is_bare(line: &str) -> bool {
    let entry = line.trim().trim_start_matches(['-', '*', '+']);
    let Some((subject, named)) = entry.split_once('`') else {
        return false;
    };
    let name = named.strip_suffix("`.").unwrap_or_default();
    let is_subject = Subject::ALL.iter().any(|it| {
        it.as_str()
            .replace('-', " ")
            .eq_ignore_ascii_case(subject.trim())
    });
    is_subject && !name.is_empty() && !name.contains('`')
}

/// The line of a commit message that names the element, or its `Interoperability:` trailer.
///
/// The trailer speaks for everything the commit adds. The line is counted from 1.
pub fn in_commit_message(message: &str, name: &str, full_name: &str) -> Option<Found> {
    if !mention::contains(message, TRAILER) && !mention::contains(message, name) {
        return None;
    }
    message
        .lines()
        .enumerate()
        .find(|(_, line)| is_trailer(line) || mention::names(line, name, full_name))
        .map(|(index, line)| Found {
            line: index + 1,
            sentence: line.trim().to_owned(),
        })
}

/// What the trailer of a commit message that explains is called, in either case.
const TRAILER: &str = "interoperability";

fn is_trailer(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(key, value)| key.eq_ignore_ascii_case(TRAILER) && !value.trim().is_empty())
}

/// The sentences of a comment, each with the line it starts on.
///
/// An empty line and the mark of a list item end a sentence too.
fn sentences(comment: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut open = false;
    for (line, text) in label::lines(comment) {
        open &= !text.is_empty() && !text.starts_with(['-', '*', '#']);
        let mut rest = text.trim();
        while !rest.is_empty() {
            let end = sentence_end(rest);
            let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
            match found.last_mut().filter(|_| open) {
                Some(last) => {
                    last.sentence.push(' ');
                    last.sentence.push_str(piece);
                }
                None => found.push(Found {
                    line,
                    sentence: piece.to_owned(),
                }),
            }
            open = end.is_none();
            rest = after.trim_start();
        }
    }
    found
}

/// Behind the mark that ends the first sentence, if it ends on this line.
fn sentence_end(text: &str) -> Option<usize> {
    text.char_indices()
        .filter(|(_, character)| matches!(character, '.' | '!' | '?'))
        .map(|(index, character)| index + character.len_utf8())
        .find(|end| {
            let (before, after) = text.split_at(*end);
            let abbreviated = ["e.g.", "i.e.", "etc.", "cf.", "vs."]
                .iter()
                .any(|short| before.ends_with(short));
            let follows = after.trim_start();
            // A sentence does not go on in lower case, and `common.proto` is no end either.
            !abbreviated
                && (after.is_empty()
                    || (follows.len() < after.len()
                        && !follows.starts_with(|next: char| next.is_lowercase())))
        })
}

#[cfg(test)]
mod tests {
    use super::{Found, Words, added, in_changelog, in_comment, in_commit_message};

    fn found(line: usize, sentence: &str) -> Found {
        Found {
            line,
            sentence: sentence.to_owned(),
        }
    }

    #[test]
    fn comments_that_explain() {
        let cases = [
            (
                " How sweet it is.\n\n Older shops leave it out, so buyers\n must not rely on it.\n",
                found(
                    2,
                    "Older shops leave it out, so buyers must not rely on it.",
                ),
            ),
            (
                " How sweet it is. If absent, guess, e.g. by\n the colour. Yes.\n",
                found(0, "If absent, guess, e.g. by the colour."),
            ),
            (
                " - How sweet\n - Receivers that see it in a nut\n   ignore it\n",
                found(1, "- Receivers that see it in a nut ignore it"),
            ),
            (
                " * Clients dropping it\n * fall back to fruit.proto.\n",
                found(0, "Clients dropping it fall back to fruit.proto."),
            ),
            (
                " Servers must be relying on it!",
                found(0, "Servers must be relying on it!"),
            ),
            (
                " Defaults to red when not set\n",
                found(0, "Defaults to red when not set"),
            ),
        ];
        for (comment, expected) in cases {
            assert_eq!(
                in_comment(comment, &Words::default()),
                Some(expected),
                "{comment}"
            );
        }
    }

    #[test]
    fn comments_that_describe() {
        let cases = [
            "",
            " The name of the fruit.\n",
            " Buyers need not look at these. [Optional].\n",
            " Consumers need not be aware of it.\n",
            " The presence of a name makes it a brand.\n",
            " Fruit older than this is dropped.\n",
            " How many bytes the client sent.\n",
            " An empty name stands for an unknown one.\n",
            " The sender.\n\n Ignore spaces.\n",
            " The sender. Ignore spaces.\n",
            " See unknown_field and absent_count.\n",
            " Status: [Development]\n",
        ];
        for comment in cases {
            assert_eq!(in_comment(comment, &Words::default()), None, "{comment}");
        }
    }

    #[test]
    fn own_words_replace_the_default_ones() {
        let words = Words::new(["buyer".to_owned(), "green grocer".to_owned()]);
        assert!(in_comment(" Buyers look here.\n", &words).is_some());
        assert!(in_comment(" The Green  Grocers' choice.\n", &words).is_some());
        assert!(in_comment(" Older servers ignore it, if absent.\n", &words).is_none());
        assert!(in_comment(" Anything.\n", &Words::new([])).is_none());
    }

    #[test]
    fn changelogs() {
        let before = "# Changes\n\n## Unreleased\n\n- Add `Fruit.colour`.\n- Add `weight`.\n";
        let after = "# Changes\n\n## Unreleased\n\n- Add `sweetness` to fruit.\n- Mend the shop.\n\n## 1.0.0\n\n- Add `weight`.\n- Add `Fruit.colour`.\n";
        assert_eq!(
            in_changelog(&added(before, after), "sweetness", "acme.Fruit.sweetness"),
            Some(found(5, "- Add `sweetness` to fruit."))
        );
        for name in ["colour", "weight", "shop", "fruit"] {
            let full_name = format!("acme.Fruit.{name}");
            assert_eq!(
                in_changelog(&added(before, after), name, &full_name),
                None,
                "{name}"
            );
        }
        assert_eq!(
            in_changelog(&added(after, after), "sweetness", "acme.Fruit.sweetness"),
            None
        );
    }

    #[test]
    fn commit_messages() {
        let message =
            "Sell nuts\n\nAdd nut_size to the shop.\n\nInteroperability: old shops ignore it\n";
        assert_eq!(
            in_commit_message(message, "nut_size", "acme.Shop.nut_size"),
            Some(found(3, "Add nut_size to the shop."))
        );
        assert_eq!(
            in_commit_message(message, "size", "acme.Nut.size"),
            Some(found(5, "Interoperability: old shops ignore it"))
        );
        for message in [
            "Sell nuts of any size",
            "Interoperability:",
            "",
            "See interoperability: yes",
        ] {
            assert_eq!(
                in_commit_message(message, "size", "acme.Nut.size"),
                None,
                "{message}"
            );
        }
    }
}
