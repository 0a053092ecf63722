//! Files in groups that can be linked apart from each other, on as many cores as there are; it links nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::closure::{reach, reversed};

/// How many groups are made of many files: the same number whatever the machine, so that the same is done everywhere.
pub(super) const COUNT: usize = 8;

/// Files to link, and all that these import.
#[derive(Debug)]
pub(super) struct Group {
    /// The files that are asked for.
    pub(super) asked: BTreeSet<String>,
    /// These, and what they import, directly or not.
    pub(super) needed: BTreeSet<String>,
}

/// Imports: from a file to those that it imports.
pub(super) type Edges<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// The files that mean the same on both sides: what `is_same`, and imports nothing that is not.
pub(super) fn shared(
    needed: &BTreeSet<String>,
    edges: [&Edges<'_>; 2],
    is_same: impl Fn(&str) -> bool,
) -> BTreeSet<String> {
    let differing = needed.iter().map(String::as_str);
    let differing: Vec<&str> = differing.filter(|path| !is_same(path)).collect();
    let mut shared = needed.clone();
    for edges in edges {
        for path in reach(differing.iter().copied(), &reversed(edges)) {
            shared.remove(path);
        }
    }
    shared
}

/// Splits files into at most `count` groups of about the same weight. Files of one directory stay together, since they may not
/// declare the same names; where the groups would have too much in common, there is one.
pub(super) fn groups(
    files: BTreeSet<String>,
    edges: &Edges<'_>,
    weight: impl Fn(&str) -> usize,
    count: usize,
) -> Vec<Group> {
    if files.is_empty() {
        return Vec::new();
    }
    let weigh = |files: &BTreeSet<String>| files.iter().map(|path| weight(path)).sum::<usize>();
    let total = weigh(&files);
    let mut parts = vec![BTreeSet::new()];
    let (mut filled, mut directory) = (0, String::new());
    for path in &files {
        let at = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        if at != directory && filled > total / count.max(1) {
            parts.push(BTreeSet::new());
            filled = 0;
        }
        at.clone_into(&mut directory);
        filled += weight(path);
        if let Some(part) = parts.last_mut() {
            part.insert(path.clone());
        }
    }
    let group = |asked: BTreeSet<String>| {
        let needed = reach(asked.iter().map(String::as_str), edges);
        let needed = needed.into_iter().map(str::to_owned).collect();
        Group { asked, needed }
    };
    let groups: Vec<Group> = parts.into_iter().map(group).collect();
    let linked: usize = groups.iter().map(|group| weigh(&group.needed)).sum();
    if linked > total + total / 4 {
        return vec![group(files)];
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn files_of_a_directory_stay_together() {
        let files = names(&["a/1", "a/2", "a/3", "b/1", "b/2", "c/1"]);
        let groups = groups(files, &Edges::new(), |_| 1, 2);
        let asked: Vec<&BTreeSet<String>> = groups.iter().map(|group| &group.asked).collect();
        assert_eq!(
            asked,
            [
                &names(&["a/1", "a/2", "a/3", "b/1", "b/2"]),
                &names(&["c/1"])
            ]
        );
    }

    #[test]
    fn what_has_too_much_in_common_is_one_group() {
        let files = names(&["a/1", "b/1", "c/1"]);
        let edges = Edges::from([("a/1", vec!["c/1"]), ("b/1", vec!["c/1", "a/1"])]);
        let groups = groups(files.clone(), &edges, |_| 1, 3);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].needed, files);
    }

    #[test]
    fn only_what_imports_nothing_that_differs_is_shared() {
        let edges = Edges::from([("a", vec!["b"]), ("b", vec!["c"]), ("d", vec![])]);
        let shared = shared(
            &names(&["a", "b", "c", "d"]),
            [&edges, &Edges::new()],
            |path| path != "c",
        );
        assert_eq!(shared, names(&["d"]));
    }
}
