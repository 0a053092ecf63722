//! The words that show whether a sentence speaks of the other side; does not know where the sentence stands.

/// The words that tell an explanation from a description.
///
/// "The name of the span." describes. "Older producers do not set this field." explains, for it
/// speaks of the side that does not know the addition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// Each of these is enough.
    alone: Vec<Phrase>,
    /// One of these counts together with one of `conduct`: "consumers" …
    parties: Vec<Phrase>,
    /// … "should not rely on".
    conduct: Vec<Phrase>,
}

/// Words that follow each other, in lower case.
type Phrase = Vec<String>;

impl Words {
    /// A list of which each word, or phrase of several words, is enough.
    ///
    /// Case does not matter, and the endings of a word (-s, -d, -ed, -ing) do not either.
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self {
            alone: words.into_iter().map(|words| tokens(&words)).collect(),
            parties: Vec::new(),
            conduct: Vec::new(),
        }
    }

    /// Whether a sentence speaks of the other side.
    pub(super) fn speak_in(&self, sentence: &str) -> bool {
        let tokens = tokens(sentence);
        let any = |phrases: &[Phrase]| phrases.iter().any(|phrase| occurs(&tokens, phrase));
        any(&self.alone) || (any(&self.parties) && any(&self.conduct))
    }
}

/// Who takes part, and what becomes of an addition there; either alone occurs in any description.
impl Default for Words {
    fn default() -> Self {
        let list = |phrases: &[&str]| phrases.iter().map(|words| tokens(words)).collect();
        Self {
            alone: list(&[
                "absent",
                "absence",
                "not set",
                "unset",
                "unknown field",
                "interoperate",
                "interoperable",
                "interoperability",
                "backward compatible",
                "backwards compatible",
                "backward compatibility",
                "backwards compatibility",
                "forward compatible",
                "forward compatibility",
            ]),
            parties: list(&[
                "sender",
                "receiver",
                "recipient",
                "producer",
                "consumer",
                "exporter",
                "reader",
                "writer",
                "client",
                "server",
                "peer",
                "implementer",
                "implementation",
                "older",
                "newer",
                "earlier version",
                "previous version",
            ]),
            conduct: list(&[
                "not set",
                "not send",
                "not know",
                "not understand",
                "not support",
                "missing",
                "presence",
                "ignore",
                "unknown",
                "unrecognized",
                "treat",
                "assume",
                "rely",
                "reject",
                "drop",
                "discard",
                "tolerate",
                "preserve",
                "skip",
                "fallback",
                "fall back",
                "default to",
            ]),
        }
    }
}

/// The words of a sentence in lower case; an identifier with `_` is one word.
fn tokens(sentence: &str) -> Vec<String> {
    sentence
        .split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|token| !token.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether a word or phrase occurs; `older than` compares ages and speaks of nobody.
fn occurs(tokens: &[String], phrase: &[String]) -> bool {
    let compares = |rest: &[String]| rest.first().is_some_and(|next| next == "than");
    !phrase.is_empty()
        && tokens
            .windows(phrase.len())
            .enumerate()
            .any(|(start, window)| {
                let matches = window
                    .iter()
                    .zip(phrase)
                    .all(|(token, word)| is_form_of(token, word));
                matches && !tokens.get(start + phrase.len()..).is_some_and(compares)
            })
}

/// Whether `token` is `word` or `word` with an ending.
fn is_form_of(token: &str, word: &str) -> bool {
    // Every form but for the last letter starts as the word does; most words differ in the first one.
    if word.len() > 1 && token.as_bytes().first() != word.as_bytes().first() {
        return false;
    }
    let last = word.chars().next_back().unwrap_or_default();
    let stem = word.strip_suffix(last).unwrap_or(word);
    if !token.starts_with(stem) {
        return false;
    }
    let ending = |stem: &str, endings: &[&str]| {
        token
            .strip_prefix(stem)
            .is_some_and(|rest| endings.contains(&rest))
    };
    ending(word, &["", "s", "es", "d", "ed", "ing"])
        || word
            .strip_suffix('e')
            .is_some_and(|stem| ending(stem, &["ing"]))
        || word
            .strip_suffix('y')
            .is_some_and(|stem| ending(stem, &["ies", "ied"]))
        || ending(&format!("{word}{last}"), &["ed", "ing"])
}
