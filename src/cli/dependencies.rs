//! Files of other modules that a side's files import: taken from buf's cache where a `buf.lock` names them; nothing is fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::revision::cache::{Cache, Module};
use crate::schema::builtin;
use crate::schema::closure::imports;
use crate::schema::layout::lock::Locked;

/// What the cache has of the modules that a side depends on.
#[derive(Debug, Default)]
pub struct Dependencies {
    /// The files that are needed, by their paths among those of the side: `MODULE:COMMIT/PATH`.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// The import roots of the modules that are there: `MODULE:COMMIT`.
    pub roots: Vec<String>,
    /// The modules that are not.
    pub missing: Vec<String>,
}

/// Reads of the locked modules what the texts of a side import and `has` does not find among its own files.
pub fn read<'a>(
    locked: &[Locked],
    cache: &Cache,
    texts: impl Iterator<Item = &'a [u8]>,
    has: impl Fn(&str) -> bool,
) -> Dependencies {
    let mut found = Dependencies::default();
    let mut modules: Vec<(String, Module)> = Vec::new();
    for Locked { module, commit } in locked.iter().collect::<BTreeSet<_>>() {
        match cache.module(module, commit) {
            Some(files) => modules.push((format!("{module}:{commit}"), files)),
            None => found.missing.push(module.clone()),
        }
    }
    found.missing.dedup();
    found.roots = modules.iter().map(|(root, _)| root.clone()).collect();
    if modules.is_empty() {
        return found;
    }
    let imported = |bytes: &[u8]| -> Vec<String> {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        imports(text).into_iter().map(str::to_owned).collect()
    };
    let mut open: BTreeSet<String> = texts.flat_map(imported).collect();
    let mut seen = BTreeSet::new();
    while let Some(import) = open.pop_first() {
        // Modules of the side stand before what was fetched, and so do the files that every compiler has.
        if !seen.insert(import.clone()) || builtin::is_known(&import) || has(&import) {
            continue;
        }
        for (root, module) in &modules {
            if let Some(bytes) = module.read(&import) {
                open.extend(imported(&bytes));
                found
                    .files
                    .insert(format!("{root}/{import}"), Arc::from(bytes));
            }
        }
    }
    found
}
