//! Where the words of each guarantee stand in the policy of the baseline; what they mean it does not know.

use std::collections::BTreeMap;

use super::Input;
use crate::rule::Catalogue;

/// Where the words of each guarantee stand in the baseline's own policy.
pub(super) fn promises(catalogue: &Catalogue, baseline: &Input) -> BTreeMap<String, String> {
    let Some((file, text)) = &baseline.readme else {
        return BTreeMap::new();
    };
    let (words, lines) = flattened(text);
    let place = |promise: &str| {
        let start = words.find(&flattened(promise).0)?;
        lines.get(start).map(|line| format!("{file}:{line}"))
    };
    let guarantees = catalogue.guarantees().iter();
    guarantees
        .filter_map(|guarantee| Some((guarantee.id.clone(), place(&guarantee.promise)?)))
        .collect()
}

/// A text without line breaks and backticks, and the line of each of its bytes.
fn flattened(text: &str) -> (String, Vec<usize>) {
    let (mut words, mut lines) = (String::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        for word in line.split_whitespace() {
            let start = words.len();
            words.extend(word.chars().filter(|c| *c != '`'));
            words.push(' ');
            lines.resize(lines.len() + words.len() - start, number + 1);
        }
    }
    words.truncate(words.trim_end().len());
    (words, lines)
}
