//! What the parser reads in no text, whatever syntax it declares, spelled as it does; it knows tokens, and no statements.

use std::borrow::Cow;

use super::Edit;
use crate::schema::token::Token;

/// Whether a text may have the negative of a word in it.
pub(super) fn has_negative_words(text: &str) -> bool {
    let mut signs = text.match_indices('-');
    signs.any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default().trim_start();
        rest.starts_with("inf") || rest.starts_with("nan")
    })
}

/// Edits that spell `-inf` as a number that is as small, and `-nan`, which has no sign that counts, as `nan`. Default values may
/// have negative words.
pub(super) fn negative_words<'a>(tokens: &'a [Token<'a>]) -> impl Iterator<Item = Edit> + 'a {
    tokens
        .windows(4)
        .filter_map(|window| {
            let [name, equals, sign, word] = window else {
                return None;
            };
            let with = match word.text {
                "inf" => "1e999",
                "nan" => "nan",
                _ => return None,
            };
            let is_value = equals.is("=") && sign.is("-") && !name.is("default");
            let kept = if with == "nan" { "" } else { "-" };
            is_value.then_some([(sign, kept), (word, with)])
        })
        .flatten()
        .map(|(token, with)| Edit {
            start: token.start,
            end: token.range().end,
            with: Cow::Borrowed(with),
        })
}

/// Edits that spell an extension range of one number that has options as one from it to itself.
pub(super) fn ranges_of_one<'a>(tokens: &'a [Token<'a>]) -> impl Iterator<Item = Edit> + 'a {
    let starts = tokens.iter().enumerate();
    let starts = starts.filter(|(_, token)| token.is("extensions"));
    starts.filter_map(|(start, _)| {
        let statement = tokens.get(start..)?;
        let is_number = |token: &Token<'_>| token.text.starts_with(|c: char| c.is_ascii_digit());
        let end = statement
            .iter()
            .position(|token| token.is("[") || token.is(";"))?;
        let [.., before, last] = statement.get(..end)? else {
            return None;
        };
        let is_range = statement.get(1).is_some_and(is_number);
        let alone = is_number(last) && !before.is("to");
        (is_range && alone && statement.get(end)?.is("[")).then(|| Edit {
            start: last.start,
            end: last.range().end,
            with: Cow::Owned(format!("{0} to {0}", last.text)),
        })
    })
}
