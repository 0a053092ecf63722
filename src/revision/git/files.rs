//! Files: what a commit, the index and the worktree hold. It must not follow anything: no symlink, no submodule.

use std::collections::BTreeSet;

use git2::{ErrorCode, IndexEntryExtendedFlag, ObjectType, Oid, StatusOptions, StatusShow};

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

/// The identity of content, as git computes it.
pub(crate) fn hash(bytes: &[u8]) -> Result<BlobId, RevisionError> {
    Ok(blob_id(
        Oid::hash_object(ObjectType::Blob, bytes).map_err(failed("hashing a file"))?,
    ))
}

impl Repo {
    /// Every file, symlink and submodule of a commit; none where a partial clone lacks a tree.
    pub(crate) fn entries_of_commit(
        &self,
        commit: CommitId,
    ) -> Result<Option<Vec<Entry>>, RevisionError> {
        let repository = self.lock();
        let reading = failed("reading a tree");
        let root = repository
            .find_commit(commit.0)
            .map_err(&reading)?
            .tree_id();
        let mut entries = Vec::new();
        let mut folders = vec![(Vec::new(), root)];
        while let Some((folder, id)) = folders.pop() {
            let tree = match repository.find_tree(id) {
                Ok(tree) => tree,
                Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
                Err(error) => return Err(reading(error)),
            };
            for entry in &tree {
                let path = [folder.as_slice(), entry.name_bytes()].concat();
                match mode(entry.filemode().cast_unsigned()) {
                    Some(mode) => entries.push(Entry {
                        path,
                        mode,
                        id: blob_id(entry.id()),
                        skip_worktree: false,
                        intent_to_add: false,
                    }),
                    None if entry.kind() == Some(ObjectType::Tree) => {
                        folders.push(([path.as_slice(), b"/"].concat(), entry.id()));
                    }
                    None => {}
                }
            }
        }
        Ok(Some(entries))
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

    /// The protos in the worktree that git neither tracks nor ignores.
    pub(crate) fn untracked_protos(&self) -> Result<Vec<Vec<u8>>, RevisionError> {
        let repository = self.lock();
        let statuses = repository
            .statuses(Some(&mut proto_statuses()))
            .map_err(failed("listing untracked files"))?;
        let new = statuses.iter().filter(|entry| entry.status().is_wt_new());
        Ok(new.map(|entry| entry.path_bytes().to_owned()).collect())
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

    pub(crate) fn is_ignored(&self, path: &str) -> Result<bool, RevisionError> {
        self.lock()
            .is_path_ignored(path)
            .map_err(failed("reading ignore rules"))
    }

    /// The bytes of a blob; none where a partial clone lacks it.
    pub(crate) fn blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, RevisionError> {
        match self.lock().find_blob(oid(id)?) {
            Ok(blob) => Ok(Some(blob.content().to_owned())),
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
