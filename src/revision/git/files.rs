//! Files: what a commit, the index and the worktree hold. It must not follow anything: no symlink, no submodule.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use git2::{
    ErrorCode, IndexEntryExtendedFlag, ObjectType, Oid, Repository, StatusOptions, StatusShow,
};

use super::{CommitId, Repo, failed, oid};
use crate::revision::BlobId;
use crate::revision::error::RevisionError;

/// What an entry of a tree or of the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    File,
    Link,
    Submodule,
}

/// An entry of a tree or of the index.
pub(crate) struct Entry {
    pub(crate) path: Vec<u8>,
    pub(crate) mode: Mode,
    pub(crate) id: BlobId,
    /// left out of the worktree by a sparse checkout
    pub(crate) skip_worktree: bool,
    /// `git add --intent-to-add`: the index has only its name
    pub(crate) intent_to_add: bool,
}

/// What a folder of a commit holds, in the order of the paths.
pub(crate) type Folder = Arc<[Item]>;

/// A file or a folder within a folder.
pub(crate) struct Item {
    name: Box<[u8]>,
    /// none for a folder
    mode: Option<Mode>,
    id: Oid,
}

/// Protos of the worktree that are not as the index has them.
#[derive(Default)]
pub(crate) struct Differences {
    /// tracked, and edited or gone
    pub(crate) edited: BTreeSet<Vec<u8>>,
    /// neither tracked nor ignored
    pub(crate) untracked: Vec<Vec<u8>>,
}

/// The identity of content, as git computes it.
pub(crate) fn hash(bytes: &[u8]) -> Result<BlobId, RevisionError> {
    Ok(blob_id(
        Oid::hash_object(ObjectType::Blob, bytes).map_err(failed("hashing a file"))?,
    ))
}

impl Repo {
    /// Every file, symlink and submodule of a commit, in the order of their paths; none where a partial clone lacks a tree.
    pub(crate) fn entries_of_commit(
        &self,
        commit: CommitId,
    ) -> Result<Option<Vec<Entry>>, RevisionError> {
        let root = self
            .lock()
            .find_commit(commit.0)
            .map_err(failed("reading a tree"))?
            .tree_id();
        let Some(root) = self.folder(root)? else {
            return Ok(None);
        };
        let mut entries = Vec::new();
        // Deeper first: so they come in the order of their paths.
        let mut open = vec![(Vec::new(), root, 0)];
        while let Some((prefix, folder, next)) = open.pop() {
            let Some(item) = folder.get(next) else {
                continue;
            };
            let path = [prefix.as_slice(), &item.name].concat();
            open.push((prefix, Arc::clone(&folder), next + 1));
            if let Some(mode) = item.mode {
                entries.push(Entry {
                    path,
                    mode,
                    id: blob_id(item.id),
                    skip_worktree: false,
                    intent_to_add: false,
                });
                continue;
            }
            let Some(folder) = self.folder(item.id)? else {
                return Ok(None);
            };
            open.push(([path.as_slice(), b"/"].concat(), folder, 0));
        }
        Ok(Some(entries))
    }

    /// What a folder holds: read once, whichever commits share it.
    fn folder(&self, id: Oid) -> Result<Option<Folder>, RevisionError> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = folders.get(&id) {
            return Ok(Some(Arc::clone(folder)));
        }
        let repository = self.lock();
        let tree = match repository.find_tree(id) {
            Ok(tree) => tree,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(failed("reading a tree")(error)),
        };
        let items = tree.iter().filter_map(|entry| {
            let mode = mode(entry.filemode().cast_unsigned());
            let known = mode.is_some() || entry.kind() == Some(ObjectType::Tree);
            known.then(|| Item {
                name: entry.name_bytes().into(),
                mode,
                id: entry.id(),
            })
        });
        let folder: Folder = items.collect();
        folders.insert(id, Arc::clone(&folder));
        Ok(Some(folder))
    }

    /// The entries of the index.
    ///
    /// Errors: some are unmerged, or there is no index as the repository is bare.
    pub(crate) fn entries_of_index(&self) -> Result<Vec<Entry>, RevisionError> {
        let repository = self.lock();
        if repository.is_bare() {
            return Err(RevisionError::NoWorktree);
        }
        let index = repository
            .index()
            .map_err(|error| RevisionError::UnreadableIndex {
                reason: error.message().to_owned(),
            })?;
        let mut unmerged = BTreeSet::new();
        let mut entries = Vec::new();
        for entry in index.iter() {
            let extended = entry.flags_extended;
            // The stage of an entry stands in these two bits; see gitformat-index(5).
            if entry.flags & 0x3000 != 0 {
                unmerged.insert(String::from_utf8_lossy(&entry.path).into_owned());
            } else if let Some(mode) = mode(entry.mode) {
                entries.push(Entry {
                    path: entry.path,
                    mode,
                    id: blob_id(entry.id),
                    skip_worktree: extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() != 0,
                    intent_to_add: extended & IndexEntryExtendedFlag::INTENT_TO_ADD.bits() != 0,
                });
            }
        }
        if unmerged.is_empty() {
            Ok(entries)
        } else {
            Err(RevisionError::Unmerged {
                paths: unmerged.into_iter().collect(),
            })
        }
    }

    /// How the protos in the worktree differ from the index, as far as git's record of sizes and times does not rule it out.
    pub(crate) fn proto_differences(&self) -> Result<Differences, RevisionError> {
        let repository = self.lock();
        let statuses = repository
            .statuses(Some(&mut proto_statuses()))
            .map_err(failed("comparing the worktree with the index"))?;
        let mut differences = Differences::default();
        for entry in &statuses {
            let path = entry.path_bytes().to_owned();
            if entry.status().is_wt_new() {
                differences.untracked.push(path);
            } else {
                differences.edited.insert(path);
            }
        }
        Ok(differences)
    }

    /// Whether git sees no difference between HEAD, index and worktree in any proto.
    pub(crate) fn has_clean_protos(&self) -> Result<bool, RevisionError> {
        let repository = self.lock();
        let mut options = proto_statuses();
        options.show(StatusShow::IndexAndWorkdir);
        Ok(repository
            .statuses(Some(&mut options))
            .map_err(failed("comparing the worktree with HEAD"))?
            .is_empty())
    }

    /// What the index has of a file that a merge stopped at: where the two sides parted, ours, and theirs; none where it is merged.
    pub(crate) fn unmerged(&self, path: &str) -> Result<Option<[Vec<u8>; 3]>, RevisionError> {
        let index = self.lock().index().map_err(failed("reading the index"))?;
        let at = |stage| {
            let entry = index.get_path(Path::new(path), stage);
            entry.map(|entry| blob_id(entry.id))
        };
        let stages = [at(1), at(2), at(3)];
        if stages.iter().all(Option::is_none) {
            return Ok(None);
        }
        // A side that has no such file has an empty one.
        let text = |id: Option<BlobId>| match id {
            Some(id) => Ok(self.blob(id)?.unwrap_or_default()),
            None => Ok(Vec::new()),
        };
        let [base, ours, theirs] = stages;
        Ok(Some([text(base)?, text(ours)?, text(theirs)?]))
    }

    /// Whether the index has a file at this path.
    pub(crate) fn is_tracked(&self, path: &str) -> Result<bool, RevisionError> {
        let index = self.lock().index().map_err(failed("reading the index"))?;
        Ok(index.get_path(Path::new(path), 0).is_some())
    }

    pub(crate) fn is_ignored(&self, path: &str) -> Result<bool, RevisionError> {
        self.lock()
            .is_path_ignored(path)
            .map_err(failed("reading ignore rules"))
    }

    /// The bytes of a blob; none where a partial clone lacks it.
    pub(crate) fn blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, RevisionError> {
        let id = oid(id)?;
        let read = |repository: &Repository| -> Result<Vec<u8>, git2::Error> {
            Ok(repository.find_blob(id)?.content().to_owned())
        };
        match self.aside(read)? {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(failed("reading a file")(error)),
        }
    }
}

/// Nothing here may be an option that writes the index back, such as `update_index`.
fn proto_statuses() -> StatusOptions {
    let mut options = StatusOptions::new();
    options
        .show(StatusShow::Workdir)
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .exclude_submodules(true)
        .pathspec("*.proto");
    options
}

/// See gitformat-index(5); other modes are those of folders.
fn mode(bits: u32) -> Option<Mode> {
    match bits & 0o170_000 {
        0o100_000 => Some(Mode::File),
        0o120_000 => Some(Mode::Link),
        0o160_000 => Some(Mode::Submodule),
        _ => None,
    }
}

fn blob_id(oid: Oid) -> BlobId {
    let mut id = [0; 20];
    for (to, from) in id.iter_mut().zip(oid.as_bytes()) {
        *to = *from;
    }
    BlobId(id)
}
