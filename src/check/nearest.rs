//! The file of the current side that is nearest to one that is gone, for what has to be shown on that side; it knows paths alone.

use std::collections::BTreeMap;

use crate::report::{Finding, Location};

/// For each file that a finding was in and that has no place on the current side: the first line of the nearest file there.
///
/// Which files were loaded must not tell, so that it is the first in the directory, else in the one above it, and so on.
pub(super) fn nearest<C>(
    findings: &[Finding],
    files: &BTreeMap<String, C>,
) -> BTreeMap<String, Location> {
    findings
        .iter()
        .filter(|finding| finding.current.is_none())
        .filter_map(|finding| {
            let gone = &finding.baseline.as_ref()?.path;
            Some((gone.clone(), first_line(neighbour(gone, files)?)))
        })
        .collect()
}

fn neighbour<'f, C>(gone: &str, files: &'f BTreeMap<String, C>) -> Option<&'f str> {
    let mut folder = gone;
    loop {
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        let start = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let first = files.range(start.clone()..).next();
        if let Some((path, _)) = first.filter(|(path, _)| path.starts_with(&start)) {
            return Some(path);
        }
        if folder.is_empty() {
            return None;
        }
    }
}

fn first_line(path: &str) -> Location {
    Location {
        path: path.to_owned(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_as_near_as_can_be() {
        let files = ["a/b-c/x.proto", "a/b/d/y.proto", "a/z.proto", "e.proto"];
        let files: BTreeMap<String, usize> = files.map(|path| (path.to_owned(), 0)).into();
        for (gone, near) in [
            ("a/b/gone.proto", "a/b/d/y.proto"),
            ("a/b/e/gone.proto", "a/b/d/y.proto"),
            ("a/b-c/gone.proto", "a/b-c/x.proto"),
            ("a/c/gone.proto", "a/b-c/x.proto"),
            ("f/g/gone.proto", "a/b-c/x.proto"),
        ] {
            assert_eq!(neighbour(gone, &files), Some(near), "{gone}");
        }
        assert_eq!(
            neighbour("a.proto", &BTreeMap::<String, usize>::new()),
            None
        );
    }
}
