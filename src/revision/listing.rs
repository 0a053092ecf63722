//! The files of a commit or of the index: symlinks are resolved inside of it, submodules read from their own object store. It must not look at the worktree.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::Arc;

use super::error::RevisionError;
use super::git::{self, CommitId, Mode, Repo};
use super::{BlobId, dir, is_proto};

/// git itself gives up on a chain of this many symlinks.
const MAX_LINKS: usize = 40;

/// A stored side: every file by its path, and where its bytes are.
pub(super) struct Listing {
    side: String,
    entries: BTreeMap<String, Stored>,
    /// whether a path can lead through a symlink
    has_links: bool,
    unread: Vec<String>,
}

/// One entry of a stored side.
pub(super) struct Stored {
    mode: Mode,
    pub(super) id: BlobId,
    store: Arc<Repo>,
    /// the worktree is where its bytes should be
    pub(super) on_disk: bool,
}

impl Stored {
    /// Whether it is neither a symlink nor a submodule.
    pub(super) fn is_file(&self) -> bool {
        self.mode == Mode::File
    }
}

impl Listing {
    /// The files of a commit; `side` is what messages call it.
    pub(super) fn of_commit(
        repo: &Arc<Repo>,
        commit: CommitId,
        side: &str,
    ) -> Result<Listing, RevisionError> {
        let entries = repo
            .entries_of_commit(commit)?
            .ok_or_else(|| repo.missing("a folder".to_owned(), side))?;
        Listing::new(repo, entries, side)
    }

    /// What is staged.
    pub(super) fn of_index(repo: &Arc<Repo>, side: &str) -> Result<Listing, RevisionError> {
        let mut entries = repo.entries_of_index()?;
        entries.retain(|entry| !entry.intent_to_add);
        Listing::new(repo, entries, side)
    }

    /// All that git tracks in the worktree.
    pub(super) fn of_tracked(repo: &Arc<Repo>, side: &str) -> Result<Listing, RevisionError> {
        Listing::new(repo, repo.entries_of_index()?, side)
    }

    fn new(repo: &Arc<Repo>, raw: Vec<git::Entry>, side: &str) -> Result<Listing, RevisionError> {
        let mut entries = Vec::with_capacity(raw.len());
        for entry in raw {
            let stored = Stored {
                mode: entry.mode,
                id: entry.id,
                store: Arc::clone(repo),
                on_disk: !entry.skip_worktree && entry.mode != Mode::Submodule,
            };
            match String::from_utf8(entry.path) {
                Ok(path) => entries.push((path, stored)),
                Err(error) if is_proto(error.as_bytes()) => {
                    let path = String::from_utf8_lossy(error.as_bytes()).into_owned();
                    return Err(RevisionError::NonUtf8Path {
                        path,
                        side: side.to_owned(),
                    });
                }
                // Nothing can ask for a file by such a name.
                Err(_) => {}
            }
        }
        let mut listing = Listing {
            side: side.to_owned(),
            has_links: entries.iter().any(|(_, entry)| entry.mode == Mode::Link),
            entries: entries.into_iter().collect(),
            unread: Vec::new(),
        };
        listing.splice_submodules(repo)?;
        Ok(listing)
    }

    pub(super) fn unread(&self) -> impl Iterator<Item = &str> {
        self.unread.iter().map(String::as_str)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Stored)> {
        self.entries
            .iter()
            .map(|(path, entry)| (path.as_str(), entry))
    }

    /// Whether a file of this name can be in some folder.
    pub(super) fn may_have(&self, name: &str) -> bool {
        let is_it = |path: &str| path.rsplit('/').next() == Some(name);
        self.has_links || self.entries.keys().any(|path| is_it(path))
    }

    pub(super) fn get(&self, path: &str) -> Option<&Stored> {
        self.entries.get(path)
    }

    /// The paths of submodules, read or not.
    pub(super) fn submodules(&self) -> impl Iterator<Item = &str> {
        self.entries()
            .filter(|(_, entry)| entry.mode == Mode::Submodule)
            .map(|(path, _)| path)
    }

    /// The protos and the identity of their contents.
    pub(super) fn protos(&self) -> Result<BTreeMap<String, BlobId>, RevisionError> {
        let protos = self.entries().filter(|(path, _)| is_proto(path.as_bytes()));
        let identified = protos.map(|(path, entry)| {
            let id = match entry.mode {
                Mode::File => Some(entry.id),
                _ => self.id(path)?,
            };
            Ok(id.map(|id| (path.to_owned(), id)))
        });
        identified.filter_map(Result::transpose).collect()
    }

    /// The identity of a file's content; none where there is none.
    pub(super) fn id(&self, path: &str) -> Result<Option<BlobId>, RevisionError> {
        Ok(self.file(path)?.map(|file| file.id))
    }

    /// The bytes of a file; none where there is none.
    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, RevisionError> {
        match self.file(path)? {
            Some(file) => self.bytes(path, file).map(Some),
            None => Ok(None),
        }
    }

    /// The regular file at `path`, symlinks followed as long as they stay inside.
    fn file(&self, path: &str) -> Result<Option<&Stored>, RevisionError> {
        if let Some(entry) = self
            .entries
            .get(path)
            .filter(|entry| entry.mode == Mode::File)
        {
            return Ok(Some(entry));
        }
        if !self.has_links {
            return Ok(None);
        }
        let mut left: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut at: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(name) = left.pop() {
            match name.as_str() {
                "" | "." => continue,
                ".." if at.pop().is_some() => continue,
                ".." => return Ok(None),
                _ => at.push(name),
            }
            let here = at.join("/");
            match self.entries.get(&here) {
                Some(entry) if entry.mode == Mode::Link => {
                    links += 1;
                    let target = self.bytes(&here, entry)?;
                    let Ok(target) = String::from_utf8(target) else {
                        return Ok(None);
                    };
                    if target.starts_with('/') || links > MAX_LINKS {
                        return Ok(None);
                    }
                    at.pop();
                    left.extend(target.split('/').rev().map(str::to_owned));
                }
                Some(entry) if entry.mode == Mode::File => {
                    return Ok(left.is_empty().then_some(entry));
                }
                // A folder has no entry of its own; nor has what does not exist, which will show at the end.
                Some(_) | None => {}
            }
        }
        Ok(None)
    }

    fn bytes(&self, path: &str, entry: &Stored) -> Result<Vec<u8>, RevisionError> {
        entry.store.blob(entry.id)?.ok_or_else(|| {
            entry
                .store
                .missing(format!("the file `{path}`"), &self.side)
        })
    }

    /// Adds the files of every submodule whose commit is at hand; the others are remembered.
    fn splice_submodules(&mut self, repo: &Arc<Repo>) -> Result<(), RevisionError> {
        let submodules: Vec<(String, BlobId)> = self
            .entries()
            .filter(|(_, entry)| entry.mode == Mode::Submodule)
            .map(|(path, entry)| (path.to_owned(), entry.id))
            .collect();
        if submodules.is_empty() {
            return Ok(());
        }
        let gitmodules = self.read(".gitmodules")?.unwrap_or_default();
        let names = names_by_path(&String::from_utf8_lossy(&gitmodules));
        for (path, commit) in submodules {
            let Some(store) = submodule_store(repo, &path, names.get(&path), commit)? else {
                self.unread.push(path);
                continue;
            };
            let inner = Listing::of_commit(
                &Arc::new(store),
                CommitId::of_submodule(commit)?,
                &self.side,
            )?;
            self.unread
                .extend(inner.unread.iter().map(|inner| format!("{path}/{inner}")));
            self.has_links |= inner.has_links;
            for (inner, entry) in inner.entries {
                self.entries.insert(
                    format!("{path}/{inner}"),
                    Stored {
                        on_disk: false,
                        ..entry
                    },
                );
            }
        }
        Ok(())
    }
}

/// The submodule's repository: checked out at its path, or kept in the repository's own directory.
fn submodule_store(
    repo: &Repo,
    path: &str,
    name: Option<&String>,
    commit: BlobId,
) -> Result<Option<Repo>, RevisionError> {
    if let Some(checked_out) = repo
        .workdir()
        .and_then(|root| dir::folder_inside(root, path))
        && let Some(store) = Repo::open_with(&checked_out, commit)?
    {
        return Ok(Some(store));
    }
    let name = name.map_or(path, String::as_str);
    // A name such as `../../elsewhere` is how a repository would have us open a foreign one.
    if Path::new(name)
        .components()
        .all(|component| matches!(component, Component::Normal(_)))
    {
        return Repo::open_with(&repo.module_dir(name), commit);
    }
    Ok(None)
}

/// Reads `.gitmodules`: the name of the submodule at each path.
fn names_by_path(text: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut name = None;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            name = section
                .strip_prefix("submodule \"")
                .and_then(|rest| rest.strip_suffix("\"]"));
        } else if let (Some(name), Some((key, value))) = (name, line.split_once('='))
            && key.trim().eq_ignore_ascii_case("path")
        {
            names.insert(value.trim().trim_matches('"').to_owned(), name.to_owned());
        }
    }
    names
}
