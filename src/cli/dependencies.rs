//! Files of other modules that a side's files may import: in buf's cache, where a `buf.lock` names them; nothing is fetched, and
//! nothing read before it is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::output::trouble;
use crate::revision::cache::{Cache, Module};
use crate::schema::layout::lock::Locked;
use crate::schema::tree::{Content, Store, Unreadable};

/// What the cache has of the modules that a side depends on.
#[derive(Debug, Default)]
pub struct Dependencies {
    /// The files that are there, by their paths among those of the side: `MODULE:COMMIT/PATH`.
    pub files: BTreeMap<String, Content>,
    /// The import roots of the modules that are there: `MODULE:COMMIT`.
    pub roots: Vec<String>,
    /// The modules that are not.
    pub missing: Vec<String>,
}

/// Lists the files of the locked modules.
pub fn list(locked: &[Locked], cache: &Cache) -> Dependencies {
    let mut found = Dependencies::default();
    for Locked { module, commit } in locked.iter().collect::<BTreeSet<_>>() {
        let Some(files) = cache.module(module, commit) else {
            found.missing.push(module.clone());
            continue;
        };
        let root = format!("{module}:{commit}");
        let paths = files.protos();
        let lender: Arc<dyn Store> = Arc::new(Lender {
            root: root.clone(),
            files,
        });
        let lent = paths.into_iter().map(|path| {
            let content = Content::lent(Arc::clone(&lender));
            (format!("{root}/{path}"), content)
        });
        found.files.extend(lent);
        found.roots.push(root);
    }
    found.missing.dedup();
    found
}

/// A module in the cache, under the name that it has among the roots of a side.
#[derive(Debug)]
struct Lender {
    root: String,
    files: Module,
}

impl Store for Lender {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let inside = path.strip_prefix(self.root.as_str());
        let inside = inside.map(|inside| inside.trim_start_matches('/'));
        let bytes = inside.and_then(|inside| self.files.read(inside));
        bytes.ok_or_else(|| {
            Unreadable::from(trouble(
                format!("`{path}` cannot be read from buf's cache"),
                "run `buf dep update`, which fills it anew",
            ))
        })
    }
}
