//! Through which files an error reaches the ones that changed; it knows paths and imports only.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// For each file that the failed ones reach: the files that lead to it, its importer first; the shortest way.
pub(super) fn chains<'a>(
    failed: &BTreeSet<&'a str>,
    edges: &BTreeMap<&'a str, Vec<&'a str>>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut chains: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut open: VecDeque<(&str, Vec<&str>)> =
        failed.iter().map(|path| (*path, Vec::new())).collect();
    while let Some((path, importers)) = open.pop_front() {
        if chains.contains_key(path) {
            continue;
        }
        let next: Vec<&str> = std::iter::once(path)
            .chain(importers.iter().copied())
            .collect();
        let imports = edges.get(path).into_iter().flatten();
        open.extend(imports.map(|import| (*import, next.clone())));
        chains.insert(path, importers);
    }
    chains
}

/// Why a file counts that did not change itself: the files through which one that changed imports it.
pub(super) fn through(path: &str, importers: &[&str]) -> Option<String> {
    let (first, rest) = importers.split_first()?;
    let chain = std::iter::once(format!("`{path}` is imported by `{first}`")).chain(
        rest.iter()
            .map(|importer| format!("which is imported by `{importer}`")),
    );
    Some(chain.collect::<Vec<_>>().join(", "))
}
