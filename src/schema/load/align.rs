//! The files of an image and those of a side with directories, brought under the same paths; it compares nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::builtin;
use crate::schema::modules::Roots;
use crate::schema::scan::Scan;
use crate::schema::tree::{Tree, Unreadable};

/// Makes the files of an image and those of the other side go by the same paths; sides without an image stay as they are.
///
/// An image knows files by the paths that others import them by: each gets the path of the other side's file that is
/// imported by that path; one that the other side lacks stands under its import root, where it has only one. What one side
/// has for linking only is compared on neither, nor are the files that come with every compiler, which images leave out.
/// `roots` are the import roots of the side that has directories, inferred where there are none.
///
/// # Errors
/// A file of the side that has directories cannot be read.
pub fn align(baseline: &mut Tree, current: &mut Tree, roots: &[String]) -> Result<(), Unreadable> {
    match (baseline.is_image, current.is_image) {
        (false, false) => return Ok(()),
        (true, false) => follow(baseline, current, roots)?,
        (false, true) => follow(current, baseline, roots)?,
        (true, true) => {}
    }
    let imports: BTreeSet<String> = baseline
        .imports
        .keys()
        .chain(current.imports.keys())
        .cloned()
        .collect();
    for path in &imports {
        baseline.leave_out(path);
        current.leave_out(path);
    }
    Ok(())
}

fn follow(image: &mut Tree, tree: &mut Tree, roots: &[String]) -> Result<(), Unreadable> {
    let roots = Scan::new(tree, roots).roots()?;
    let mut paths: BTreeMap<String, String> = BTreeMap::new();
    let mut provided = Vec::new();
    for path in tree.files.keys() {
        let import = roots.import_path(path);
        if builtin::is_known(import) {
            provided.push(path.clone());
        }
        paths
            .entry(import.to_owned())
            .or_insert_with(|| path.clone());
    }
    // An image does not always tell what it has for others to link with; the tree does.
    for path in tree.imports.keys() {
        let import = roots.import_path(path).to_owned();
        paths.entry(import).or_insert_with(|| path.clone());
    }
    // What is there for others to link with is no place for what is compared.
    let own = |root: &&str| {
        let root = Roots::given(&[(*root).to_owned()]);
        tree.imports.is_empty() || tree.files.keys().any(|path| root.hold(path))
    };
    let names: Vec<&str> = roots.names().filter(own).collect();
    let path = |import: &str| {
        let known = paths.get(import).cloned();
        known.or_else(|| match names.as_slice() {
            ["."] => None,
            [root] => Some(format!("{root}/{import}")),
            _ => None,
        })
    };
    rename(image, path);
    for path in &provided {
        tree.leave_out(path);
    }
    Ok(())
}

/// Gives the files of an image the paths that `path` says for their import paths.
fn rename(image: &mut Tree, path: impl Fn(&str) -> Option<String>) {
    let mut renamed = BTreeMap::new();
    for files in [&mut image.files, &mut image.imports] {
        let named = std::mem::take(files).into_iter().map(|(import, content)| {
            let path = path(&import).unwrap_or_else(|| import.clone());
            renamed.insert(path.clone(), import);
            (path, content)
        });
        *files = named.collect();
    }
    image.import_paths = renamed;
}
