//! Repeats of one cause folded into one entry; it knows what is equal, not how it is printed.

use std::collections::BTreeMap;

use crate::report::{Finding, Level, Status, text};

/// How many findings of a group are shown before the rest is folded.
const SHOWN: usize = 3;

/// How many names of folded findings are given.
const NAMED: usize = 3;

/// What takes a place in the output.
pub(super) enum Entry<'a> {
    /// A finding on its own.
    Whole(&'a Finding),
    /// The findings of a group that are not shown, in the place of the first of them.
    More(Vec<&'a Finding>),
}

/// What the findings of a group share: rule, level, status and the element or file around them.
type Key<'a> = (&'a str, Level, Status, &'a str);

/// The findings in their order, groups of more than three reduced to their first three, unless `all` are wanted.
pub(super) fn fold<'a>(findings: &[&'a Finding], all: bool) -> Vec<Entry<'a>> {
    // Of each group: how many were seen, and where the entry for the rest is.
    let mut groups: BTreeMap<Key<'a>, (usize, Option<usize>)> = BTreeMap::new();
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for &finding in findings {
        let (seen, rest) = groups.entry(key(finding)).or_default();
        *seen += 1;
        if all || *seen <= SHOWN {
            entries.push(Entry::Whole(finding));
        } else if let Some(Entry::More(group)) = rest.and_then(|i| entries.get_mut(i)) {
            group.push(finding);
        } else {
            *rest = Some(entries.len());
            entries.push(Entry::More(vec![finding]));
        }
    }
    entries
}

/// What stands for a group: ``and 14 more fields of `Span`: `a`, `b`, `c` and 11 others (-v shows all)``.
pub(super) fn more(group: &[&Finding]) -> String {
    let Some(first) = group.first() else {
        return String::new();
    };
    let mut names: Vec<String> = group
        .iter()
        .take(NAMED)
        .map(|f| format!("`{}`", own_name(f)))
        .collect();
    if group.len() > names.len() {
        let others = group.len() - names.len();
        names.push(text::count(others, "other"));
    }
    let subject = if group.iter().all(|f| f.subject == first.subject) {
        &first.subject
    } else {
        "finding"
    };
    let (_, _, _, enclosing) = key(first);
    let of = if enclosing.is_empty() {
        String::new()
    } else {
        format!(" of `{enclosing}`")
    };
    format!(
        "and {} more {}{of}: {} (-v shows all)",
        group.len(),
        text::plural(group.len(), subject),
        text::and(&names)
    )
}

fn key(finding: &Finding) -> Key<'_> {
    let enclosing = match finding.subject.as_str() {
        "file" => finding.symbol.rsplit_once('/').map_or("", |(dir, _)| dir),
        "import" => finding
            .current
            .as_ref()
            .or(finding.baseline.as_ref())
            .map_or("", |at| &at.path),
        _ => finding
            .symbol
            .rsplit_once('.')
            .map_or("", |(scope, _)| scope),
    };
    (&finding.rule, finding.level, finding.status, enclosing)
}

fn own_name(finding: &Finding) -> &str {
    match finding.subject.as_str() {
        "file" => finding.symbol.rsplit_once('/'),
        "import" => None,
        _ => finding.symbol.rsplit_once('.'),
    }
    .map_or(finding.symbol.as_str(), |(_, name)| name)
}
