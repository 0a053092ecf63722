//! Reads the files that say how one side is laid out, each side its own; what they mean it does not know.

use std::collections::{BTreeMap, BTreeSet};

use super::output::{Failure, plain};
use crate::revision::Revision;
use crate::schema::layout::lock::{self, LOCK};
use crate::schema::layout::{Layout, MODULE, WORKSPACE};

/// What the `buf.yaml`, `buf.lock` and `buf.work.yaml` files above the protos of a side say; `prefix` stands before their paths in
/// messages.
pub fn read(revision: &Revision, prefix: &str) -> Result<Layout, Failure> {
    if !revision.may_have(MODULE) && !revision.may_have(WORKSPACE) {
        return Ok(Layout::default());
    }
    let mut modules = BTreeMap::new();
    let mut workspaces = BTreeMap::new();
    for directory in &directories(revision) {
        for (name, found) in [(MODULE, &mut modules), (WORKSPACE, &mut workspaces)] {
            if let Some(text) = text(revision, prefix, &join(directory, name))? {
                found.insert(directory.to_owned(), text);
            }
        }
    }
    let mut layout = Layout::default();
    for (directory, (shown, text)) in &workspaces {
        let mut workspace = Layout::workspace(directory, shown, text)?;
        // A module says itself where its roots are.
        workspace.roots.retain(|root| !modules.contains_key(root));
        layout.extend(workspace);
    }
    for (directory, (shown, text)) in &modules {
        layout.extend(Layout::module(directory, shown, text)?);
        if let Some((shown, text)) = self::text(revision, prefix, &join(directory, LOCK))? {
            layout.locked.extend(lock::modules(&shown, &text)?);
        }
    }
    Ok(layout)
}

/// The root, and the directories above the protos of a side.
pub fn directories(revision: &Revision) -> BTreeSet<String> {
    let mut directories = BTreeSet::from([String::new()]);
    for path in revision.protos().keys() {
        let mut directory = path.as_str();
        while let Some((above, _)) = directory.rsplit_once('/') {
            if !directories.insert(above.to_owned()) {
                break;
            }
            directory = above;
        }
    }
    directories
}

/// A file of the side, if it is there: how messages name it, and its text.
pub fn text(
    revision: &Revision,
    prefix: &str,
    path: &str,
) -> Result<Option<(String, String)>, Failure> {
    let Some(bytes) = revision.read(path)? else {
        return Ok(None);
    };
    let shown = format!("{prefix}{path}");
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some((shown, text))),
        Err(_) => Err(plain(format!("`{shown}` is not valid UTF-8"))),
    }
}

/// The path of a file in a directory; the root has no name.
pub fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() {
        name.to_owned()
    } else {
        format!("{directory}/{name}")
    }
}
