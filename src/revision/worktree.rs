//! The files of the worktree: those that git tracks, as they are on disk, and those that it would add. It must not know how git stores anything.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::RevisionError;
use super::git::{self, Repo};
use super::listing::Listing;
use super::{BlobId, dir, is_proto, spec};

/// A worktree, with those of its submodules that are checked out.
pub(super) struct Worktree {
    repo: Arc<Repo>,
    root: PathBuf,
    tracked: Listing,
    submodules: BTreeMap<String, Worktree>,
    protos: BTreeMap<String, BlobId>,
}

impl Worktree {
    /// Lists the worktree of `repo`; `side` is what messages call it.
    ///
    /// Errors: the repository is bare, entries are unmerged, or a proto cannot be read.
    pub(super) fn of(repo: &Arc<Repo>, side: &str) -> Result<Worktree, RevisionError> {
        let root = repo.workdir().ok_or(RevisionError::NoWorktree)?.to_owned();
        let tracked = Listing::of_tracked(repo, side)?;
        let mut submodules = BTreeMap::new();
        for path in tracked.submodules() {
            // Without a `.git` of its own the folder is a submodule that is not checked out.
            let folder =
                dir::folder_inside(&root, path).filter(|folder| folder.join(".git").exists());
            let submodule = folder
                .map(|folder| Repo::open(&folder))
                .transpose()?
                .flatten();
            if let Some(submodule) = submodule {
                submodules.insert(path.to_owned(), Worktree::of(&Arc::new(submodule), side)?);
            }
        }
        let mut worktree = Worktree {
            repo: Arc::clone(repo),
            root,
            tracked,
            submodules,
            protos: BTreeMap::new(),
        };
        worktree.protos = worktree.find_protos()?;
        Ok(worktree)
    }

    pub(super) fn protos(&self) -> &BTreeMap<String, BlobId> {
        &self.protos
    }

    /// Submodules that are neither checked out nor in the object store.
    pub(super) fn unread(&self) -> Vec<&str> {
        self.tracked
            .unread()
            .filter(|path| self.in_submodule(path).is_none())
            .collect()
    }

    /// The bytes of a file; none where the worktree has none, or has it only in spite of git's ignore rules.
    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, RevisionError> {
        if is_proto(path.as_bytes()) && !self.protos.contains_key(path) {
            return Ok(None);
        }
        if let Some((submodule, inner)) = self.in_submodule(path) {
            return submodule.read(inner);
        }
        match self.tracked.get(path) {
            Some(entry) if !entry.on_disk => self.tracked.read(path),
            None if self.repo.is_ignored(path)? => Ok(None),
            Some(_) | None => dir::read(&self.root, path),
        }
    }

    fn find_protos(&self) -> Result<BTreeMap<String, BlobId>, RevisionError> {
        let differences = self.repo.proto_differences()?;
        let mut protos = BTreeMap::new();
        for (path, entry) in self
            .tracked
            .entries()
            .filter(|(path, _)| is_proto(path.as_bytes()))
        {
            if self.in_submodule(path).is_some() {
                continue;
            }
            let id = if entry.is_file() && !differences.edited.contains(path.as_bytes()) {
                Some(entry.id)
            } else if entry.on_disk {
                // What a symlink leads to can change without it.
                dir::read(&self.root, path)?
                    .map(|bytes| git::hash(&bytes))
                    .transpose()?
            } else {
                self.tracked.id(path)?
            };
            protos.extend(id.map(|id| (path.to_owned(), id)));
        }
        for path in differences.untracked {
            let path = dir::utf8(path, spec::WORKTREE)?;
            if let Some(bytes) = dir::read(&self.root, &path)? {
                protos.insert(path, git::hash(&bytes)?);
            }
        }
        for (path, submodule) in &self.submodules {
            protos.extend(
                submodule
                    .protos
                    .iter()
                    .map(|(inner, id)| (format!("{path}/{inner}"), *id)),
            );
        }
        Ok(protos)
    }

    /// The checked out submodule that a path leads into, and the rest of the path.
    fn in_submodule<'a>(&self, path: &'a str) -> Option<(&Worktree, &'a str)> {
        self.submodules.iter().find_map(|(at, submodule)| {
            Some((submodule, path.strip_prefix(at)?.strip_prefix('/')?))
        })
    }
}
