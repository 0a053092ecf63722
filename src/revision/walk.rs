//! History between two sides, and the releases of a repository: what each commit says of itself, and which of them touch what
//! a side is read from. It must not know why that is asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::error::RevisionError;
use super::git::{CommitId, Repo};
use super::release::{self, Form, Tag};
use super::{Place, Revision, is_proto, spec};

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Commit {
    /// The full sha.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// Where they are reached; empty where it is not said.
    pub mail: String,
    /// The day on which it was written, where its author was: `2026-05-12`.
    pub date: String,
    /// The first line of the message.
    pub subject: String,
}

/// A commit between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node(CommitId);

/// The commits that one side contains and another does not.
pub struct Walk {
    repo: Arc<Repo>,
    tip: CommitId,
    new: BTreeSet<CommitId>,
}

impl Walk {
    /// The commit of the newer side.
    pub fn tip(&self) -> Node {
        Node(self.tip)
    }

    /// Whether only the newer side contains a commit.
    pub fn is_new(&self, node: Node) -> bool {
        self.new.contains(&node.0)
    }

    /// The parents of a commit; the first is what it was made on, the others what it merged.
    pub fn parents(&self, node: Node) -> Result<Vec<Node>, RevisionError> {
        let parents = self.repo.parents(node.0)?;
        Ok(parents.into_iter().map(Node).collect())
    }

    /// Whether two commits differ in a proto, or in a file of one of these names.
    pub fn differ(&self, one: Node, other: Node, names: &[&str]) -> Result<bool, RevisionError> {
        self.repo.differ(one.0, other.0, |path| {
            let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
            is_proto(path) || names.iter().any(|known| known.as_bytes() == name)
        })
    }

    /// What a commit says of itself.
    pub fn commit(&self, node: Node) -> Result<Commit, RevisionError> {
        self.repo.describe(node.0)
    }

    /// The files of a commit.
    pub fn at(&self, node: Node) -> Result<Revision, RevisionError> {
        Revision::of_files(node.0.short(), &self.repo, node.0)
    }
}

impl Revision {
    /// The commits that this side's commit (HEAD, of a worktree or an index) contains and `older` does not; none where one
    /// of the two is not in git.
    ///
    /// Errors: a shallow clone lacks some of them.
    pub fn since(&self, older: &Revision) -> Result<Option<Walk>, RevisionError> {
        let (Some((repo, to)), Some((_, from))) = (&self.head, &older.head) else {
            return Ok(None);
        };
        let new: BTreeSet<CommitId> = repo.between(*from, *to)?.into_iter().collect();
        if new.iter().any(|commit| repo.is_cut(*commit)) {
            return Err(RevisionError::Shallow {
                wanted: format!("the commits between `{}` and `{}`", older.spec, self.spec),
                command: spec::unshallow_command(repo.remote()),
            });
        }
        Ok(Some(Walk {
            repo: Arc::clone(repo),
            tip: *to,
            new,
        }))
    }
}

impl Place {
    /// All release tags of the repository, reachable or not, lowest version first: those that `glob` matches, else those of
    /// the form `v?X.Y.Z`. Pre-releases count where they are asked for, or where the glob names them.
    ///
    /// Errors: there is no repository, or `glob` is none.
    pub fn all_releases(
        &self,
        glob: Option<&str>,
        pre_releases: bool,
    ) -> Result<Vec<Tag>, RevisionError> {
        let form = Form::new(glob)?;
        let mut tags = release::everywhere(self.repo()?, &form)?;
        tags.retain(|tag| pre_releases || form.counts(tag));
        // Two names of one release, `1.2.0` and `v1.2.0`.
        tags.dedup_by(|tag, other| tag.version == other.version && tag.commit == other.commit);
        Ok(tags)
    }

    /// The release tags that `glob` matches and that are no later than the highest of them which `current` contains; all of
    /// them where it is not in git.
    ///
    /// Errors: those of [`Place::releases`], or a shallow clone that cannot tell.
    pub fn earlier(&self, current: &Revision, glob: &str) -> Result<Vec<Tag>, RevisionError> {
        let mut tags = self.all_releases(Some(glob), false)?;
        let Some((repo, commit)) = &current.head else {
            return Ok(tags);
        };
        let form = Form::new(Some(glob))?;
        let contained = release::reachable(repo, *commit, &form)?;
        let contained = contained.ok_or_else(|| RevisionError::Shallow {
            wanted: format!("the releases that `{}` contains", current.spec),
            command: spec::unshallow_command(repo.remote()),
        })?;
        let highest = contained.into_iter().rfind(|tag| form.counts(tag));
        tags.retain(|tag| {
            let highest = highest.as_ref();
            highest.is_some_and(|highest| tag.version <= highest.version)
        });
        Ok(tags)
    }

    /// What the commit of a release tag says of itself.
    pub fn commit_of(&self, tag: &Tag) -> Result<Commit, RevisionError> {
        let repo = self.repo()?;
        repo.describe(repo.commit(&tag.commit)?)
    }
}
