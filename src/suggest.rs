//! Finds the word that was meant when an unknown one was written; it knows nothing of what the words stand for.

use similar::get_close_matches;

use crate::report::text::printable;

/// The candidate closest to `word`, if one is close at all.
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let fold = |word: &str| word.to_ascii_lowercase().replace('_', "-");
    let candidates: Vec<(String, &str)> = candidates
        .into_iter()
        .map(|candidate| (fold(candidate), candidate))
        .collect();
    let folded: Vec<&str> = candidates
        .iter()
        .map(|(folded, _)| folded.as_str())
        .collect();
    let close = get_close_matches(fold(word).as_str(), &folded, 1, 0.6);
    let close = close.first()?;
    let found = candidates.iter().find(|(folded, _)| folded == close);
    found.map(|(_, candidate)| *candidate)
}

/// The sentence for a help line: the closest candidate, else all of them where they are few, else nothing.
pub fn did_you_mean<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    const FEW: usize = 12;
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(close) = closest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{}`?", printable(close)));
    }
    let known = candidates.iter().map(|word| printable(word));
    let known: Vec<String> = known.map(|word| format!("`{word}`")).collect();
    (1..=FEW)
        .contains(&known.len())
        .then(|| format!("known: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let words = ["preset", "against", "exempt", "release", "fail-on"];
        assert_eq!(closest("prest", words), Some("preset"));
        assert_eq!(closest("fail_on", words), Some("fail-on"));
        assert_eq!(closest("zzz", words), None);
        assert_eq!(
            closest("file-same-nme", ["FILE_SAME_NAME"]),
            Some("FILE_SAME_NAME")
        );
    }
}
