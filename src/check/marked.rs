//! Looks into older releases for what was deprecated there: of each only the files that can say so are compiled; what follows from
//! it is decided elsewhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use memchr::memmem;

use super::{CheckError, load};
use crate::change::{Action, Aspect, Change, Subject};
use crate::release::deprecation::is_deprecated;
use crate::schema::Schema;
use crate::schema::load::Options;
use crate::schema::tree::Tree;

/// The releases before the baseline in which an element that is deleted has to have been deprecated.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// Their files, those of the latest first.
    pub releases: Vec<Tree>,
    /// How many there would have to be.
    pub asked: usize,
    /// How many releases are asked for, the baseline among them.
    pub in_all: usize,
}

/// The elements of those files of a tree that speak of deprecation and name one of the elements, all that speak of it where none
/// is named; and of the files of these paths.
///
/// # Errors
/// [`CheckError`].
pub fn marked(
    tree: &Tree,
    roots: &[String],
    names: &[&str],
    also: &BTreeSet<String>,
) -> Result<Schema, CheckError> {
    let paths: Vec<&str> = tree.files.keys().map(String::as_str).collect();
    let finders: Vec<_> = names
        .iter()
        .map(|name| memmem::Finder::new(*name))
        .collect();
    let speaks = |path: &str, bytes: Arc<[u8]>| {
        let is_named =
            finders.is_empty() || finders.iter().any(|finder| finder.find(&bytes).is_some());
        let speaks = is_named && memmem::find(&bytes, b"deprecated").is_some();
        (speaks || also.contains(path)).then(|| path.to_owned())
    };
    let wanted: Vec<String> = tree.read(&paths, speaks)?.into_iter().flatten().collect();
    let mut part = tree.clone();
    for path in paths {
        if wanted.binary_search_by(|it| it.as_str().cmp(path)).is_err() {
            part.leave_out(path);
        }
    }
    let options = Options {
        roots: roots.to_vec(),
        full: true,
        // Of what is not there nothing is asked.
        stub: true,
        ..Options::default()
    };
    // One side compared with itself: a broken file is left out.
    Ok(load(&part, &part, &options)?.current)
}

/// Adds to the changes that an element was deleted too soon: deprecated in the baseline, but not in as many releases as asked for.
pub(super) fn too_soon(
    changes: &mut Vec<Change>,
    baseline: &Schema,
    roots: &[String],
    earlier: &Earlier,
) -> Result<(), CheckError> {
    let announced = |change: &&Change| {
        let can_be = !matches!(
            change.subject,
            Subject::File | Subject::Import | Subject::Oneof | Subject::Package
        );
        (change.aspect, change.action) == (Aspect::Existence, Action::Removed)
            && can_be
            && !change.conditions.contains(&"with-parent")
            && change
                .baseline
                .is_some_and(|at| is_deprecated(baseline, at.element))
    };
    let removed = changes.iter().enumerate();
    let removed = removed.filter(|(_, change)| announced(change));
    let mut left: Vec<(usize, &str, &str)> = removed
        .filter_map(|(index, change)| {
            let element = baseline.get(change.baseline?.element);
            Some((index, element.full_name.as_str(), element.name.as_str()))
        })
        .collect();
    let mut short: Vec<(usize, usize)> = Vec::new();
    for number in 0..earlier.asked {
        if left.is_empty() {
            break;
        }
        let schema = match earlier.releases.get(number) {
            Some(tree) => {
                let names: Vec<&str> = left.iter().map(|(_, _, name)| *name).collect();
                marked(tree, roots, &names, &BTreeSet::new())?
            }
            // There is no such release, so that nothing was deprecated in it.
            None => Schema::default(),
        };
        left.retain(|(index, full_name, _)| {
            let then = schema.find(full_name);
            let kept = then.is_some_and(|id| is_deprecated(&schema, id));
            if !kept {
                short.push((*index, earlier.in_all - earlier.asked + number));
            }
            kept
        });
    }
    for (index, releases) in short {
        let Some(removal) = changes.get(index) else {
            continue;
        };
        let change = Change {
            how: "short",
            baseline: removal.baseline,
            current: removal.current,
            from: removal.from.clone(),
            other: Some(format!("{releases} of {}", earlier.in_all)),
            cause: Some(index),
            ..Change::new(removal.subject, Aspect::Notice, Action::Removed)
        };
        changes.push(change);
    }
    Ok(())
}
