//! All of git: opens repositories through libgit2 and answers plain questions about them. It must not write, reach for the network, or know what the answers are for.

mod files;
mod history;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use git2::{ErrorCode, Oid, Repository, RepositoryOpenFlags};

use self::files::Folder;
pub(super) use self::files::{Entry, Mode, hash};
pub(super) use self::history::MergeBase;

use super::BlobId;
use super::error::RevisionError;
use super::spec;

/// A repository, opened for reading.
pub(super) struct Repo {
    repository: Mutex<Repository>,
    /// further handles on it, for threads that find it in use
    spare: Mutex<Vec<Repository>>,
    /// folders of commits that were read
    folders: Mutex<HashMap<Oid, Folder>>,
    workdir: Option<PathBuf>,
    git_dir: PathBuf,
    common: PathBuf,
    /// the commits whose parents a shallow clone lacks
    boundary: BTreeSet<Oid>,
    /// the remote that a partial clone gets missing objects from
    promisor: Option<String>,
    remote: Option<String>,
}

/// The identity of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CommitId(Oid);

impl Repo {
    /// Opens the repository around `dir`, minding the environment that git hooks run in; none where there is none.
    pub(super) fn discover(dir: &Path) -> Result<Option<Repo>, RevisionError> {
        // A hook of `git commit -a` has what is being committed in another index than `.git/index`: libgit2 reads GIT_INDEX_FILE
        // itself, but takes a given path for more important than GIT_DIR.
        let git_dir = std::env::var_os("GIT_DIR").filter(|value| !value.is_empty());
        let opened = match git_dir {
            Some(git_dir) => Repository::open_ext(
                dir.join(git_dir),
                RepositoryOpenFlags::FROM_ENV | RepositoryOpenFlags::NO_SEARCH,
                std::iter::empty::<&Path>(),
            )
            .and_then(|repository| with_worktree(repository, dir)),
            None => Repository::open_ext(
                dir,
                RepositoryOpenFlags::FROM_ENV,
                std::iter::empty::<&Path>(),
            ),
        };
        match opened {
            Ok(repository) => Repo::new(repository).map(Some),
            // The git directory that such a file names is elsewhere, and not there: as a worktree mounted alone into a container.
            Err(error)
                if error.code() == ErrorCode::NotFound
                    && !dir.ancestors().any(|dir| dir.join(".git").is_file()) =>
            {
                Ok(None)
            }
            Err(error) => Err(refused(dir, &error)),
        }
    }

    /// Opens the repository at `dir`, which may be a worktree or a git directory, if it is one and holds `commit`.
    pub(super) fn open_with(dir: &Path, commit: BlobId) -> Result<Option<Repo>, RevisionError> {
        let Some(repo) = Repo::open(dir)? else {
            return Ok(None);
        };
        let found = oid(commit).is_ok_and(|commit| repo.lock().find_commit(commit).is_ok());
        Ok(found.then_some(repo))
    }

    /// Opens the repository at `dir` itself, if there is one.
    pub(super) fn open(dir: &Path) -> Result<Option<Repo>, RevisionError> {
        match Repository::open_ext(
            dir,
            RepositoryOpenFlags::NO_SEARCH,
            std::iter::empty::<&Path>(),
        ) {
            Ok(repository) => Repo::new(repository).map(Some),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(refused(dir, &error)),
        }
    }

    fn new(repository: Repository) -> Result<Repo, RevisionError> {
        // As git itself, which checks what it receives and not what it reads.
        git2::opts::strict_hash_verification(false);
        let config = repository
            .config()
            .map_err(failed("reading the git configuration"))?;
        let remotes = repository.remotes().map_err(failed("listing remotes"))?;
        let remotes: Vec<&str> = remotes.iter().flatten().flatten().collect();
        let promises = |name: &&&str| {
            config
                .get_bool(&format!("remote.{name}.promisor"))
                .unwrap_or(false)
        };
        let promisor = remotes
            .iter()
            .find(promises)
            .map(|name| (*name).to_owned())
            .or_else(|| config.get_string("extensions.partialclone").ok());
        let remote = remotes
            .iter()
            .find(|name| **name == "origin")
            .or(remotes.first())
            .map(|name| (*name).to_owned());
        let git_dir = repository.path().to_owned();
        let common = repository.commondir().to_owned();
        let boundary = if repository.is_shallow() {
            let path = common.join("shallow");
            let text = std::fs::read_to_string(&path)
                .map_err(|source| RevisionError::unreadable(&path, source))?;
            text.lines()
                .filter_map(|line| Oid::from_str(line.trim()).ok())
                .collect()
        } else {
            BTreeSet::new()
        };
        let workdir = match repository.workdir() {
            // The worktree of a submodule's repository may be gone; its objects are still good.
            Some(workdir) => std::fs::canonicalize(workdir).ok(),
            None => None,
        };
        Ok(Repo {
            repository: Mutex::new(repository),
            spare: Mutex::default(),
            folders: Mutex::default(),
            workdir,
            git_dir,
            common,
            boundary,
            promisor,
            remote,
        })
    }

    pub(super) fn is_bare(&self) -> bool {
        self.lock().is_bare()
    }

    /// The root of the worktree, without symlinks.
    pub(super) fn workdir(&self) -> Option<&Path> {
        self.workdir.as_deref()
    }

    /// The directory that git keeps of this worktree alone.
    pub(super) fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The directory in which git keeps the repository of the submodule `name`.
    pub(super) fn module_dir(&self, name: &str) -> PathBuf {
        self.common.join("modules").join(name)
    }

    /// The remote that missing things are fetched from: origin, else the first.
    pub(super) fn remote(&self) -> Option<&str> {
        self.remote.as_deref()
    }

    /// The address of that remote as the configuration has it, which may hold credentials.
    pub(super) fn remote_url(&self) -> Option<String> {
        let repository = self.lock();
        let remote = repository.find_remote(self.remote()?).ok()?;
        remote.url().ok().map(str::to_owned)
    }

    /// HEAD's commit; none where HEAD is unborn.
    pub(super) fn head(&self) -> Result<Option<CommitId>, RevisionError> {
        match self.lock().head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok(Some(CommitId(commit.id()))),
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
                Ok(None)
            }
            Err(error) => Err(failed("reading HEAD")(error)),
        }
    }

    /// The short name of the branch that HEAD names, born or not.
    pub(super) fn head_branch(&self) -> String {
        let repository = self.lock();
        let head = repository.find_reference("HEAD");
        let target = head
            .as_ref()
            .ok()
            .and_then(|head| head.symbolic_target().ok().flatten());
        target
            .map_or("HEAD", |target| {
                target.strip_prefix("refs/heads/").unwrap_or(target)
            })
            .to_owned()
    }

    /// The commit that a revision names, as `git rev-parse` reads it; an error that helps where there is none.
    pub(super) fn commit(&self, name: &str) -> Result<CommitId, RevisionError> {
        if let Some(commit) = self.find(name)? {
            return Ok(commit);
        }
        let branch = self.head_branch();
        if (name.starts_with("HEAD") || name.starts_with('@') || name == branch)
            && self.head()?.is_none()
        {
            return Err(RevisionError::UnbornHead { branch });
        }
        let help = spec::unknown_help(
            name,
            &self.names()?,
            self.remote(),
            !self.boundary.is_empty(),
        );
        Err(RevisionError::UnknownRevision {
            name: name.to_owned(),
            help,
        })
    }

    /// The commit that a revision names; none where nothing has that name.
    pub(super) fn find(&self, name: &str) -> Result<Option<CommitId>, RevisionError> {
        let repository = self.lock();
        let object = match repository.revparse_single(name) {
            Ok(object) => object,
            Err(error) => {
                return match error.code() {
                    ErrorCode::NotFound | ErrorCode::InvalidSpec | ErrorCode::UnbornBranch => {
                        Ok(None)
                    }
                    ErrorCode::Ambiguous => Err(RevisionError::AmbiguousId {
                        name: name.to_owned(),
                    }),
                    _ => Err(failed(&format!("looking up `{name}`"))(error)),
                };
            }
        };
        if let Ok(commit) = object.peel_to_commit() {
            return Ok(Some(CommitId(commit.id())));
        }
        let what = object.kind().map_or("object", |kind| kind.str()).to_owned();
        Err(RevisionError::NotACommit {
            name: name.to_owned(),
            what,
        })
    }

    /// The branch that work is merged into, by its short name; remote before local.
    pub(super) fn default_branch(&self) -> Result<Option<(String, CommitId)>, RevisionError> {
        let repository = self.lock();
        let candidates = [
            "refs/remotes/origin/HEAD",
            "refs/remotes/origin/main",
            "refs/remotes/origin/master",
            "refs/heads/main",
            "refs/heads/master",
        ];
        for name in candidates {
            let found = repository
                .find_reference(name)
                .and_then(|reference| reference.resolve());
            match found.and_then(|reference| Ok((reference.peel_to_commit()?.id(), reference))) {
                Ok((commit, reference)) => {
                    let name = reference
                        .shorthand()
                        .map_or_else(|_| name.to_owned(), str::to_owned);
                    return Ok(Some((name, CommitId(commit))));
                }
                Err(error) if error.code() == ErrorCode::NotFound => {}
                Err(error) => return Err(failed(&format!("reading `{name}`"))(error)),
            }
        }
        Ok(None)
    }

    /// That `what` of `side` is not in this repository, and how it gets there.
    pub(super) fn missing(&self, what: String, side: &str) -> RevisionError {
        let help = match &self.promisor {
            Some(remote) => format!(
                "this clone is partial: run `git fetch --refetch --no-filter {remote}` (with actions/checkout: leave out `filter`, set `fetch-depth: 0`)"
            ),
            None => "the repository is damaged: `git fsck` tells more, `git fetch --refetch` may mend it".to_owned(),
        };
        RevisionError::Missing {
            what,
            side: side.to_owned(),
            help,
        }
    }

    /// The short names of all branches and tags.
    fn names(&self) -> Result<Vec<String>, RevisionError> {
        let repository = self.lock();
        let references = repository
            .references()
            .map_err(failed("listing branches and tags"))?;
        let mut names = Vec::new();
        for reference in references.flatten() {
            let name = reference.shorthand().unwrap_or_default();
            if reference.is_branch()
                || reference.is_tag()
                || (reference.is_remote() && !name.ends_with("/HEAD"))
            {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Runs `read` on a handle that no other thread uses meanwhile.
    fn aside<T>(&self, read: impl FnOnce(&Repository) -> T) -> Result<T, RevisionError> {
        if let Ok(repository) = self.repository.try_lock() {
            return Ok(read(&repository));
        }
        let spare = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = spare().pop();
        let handle = match idle {
            Some(handle) => handle,
            None => Repository::open(&self.git_dir).map_err(failed("opening the repository"))?,
        };
        let result = read(&handle);
        spare().push(handle);
        Ok(result)
    }

    fn lock(&self) -> MutexGuard<'_, Repository> {
        self.repository
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The repository that `GIT_DIR` names, with the worktree that git would see from `dir`; nothing of this is written down.
///
/// libgit2 takes the word of `core.bare` for more important than `GIT_WORK_TREE`, and guesses that a worktree is around its git
/// directory whatever that is called.
fn with_worktree(repository: Repository, dir: &Path) -> Result<Repository, git2::Error> {
    let named = std::env::var_os("GIT_WORK_TREE").filter(|value| !value.is_empty());
    let is_guessed = !repository.is_bare()
        && !repository.is_worktree()
        && !repository.path().ends_with(".git")
        && repository.config()?.get_path("core.worktree").is_err();
    match named {
        Some(tree) if repository.is_bare() => repository.set_workdir(&dir.join(tree), false)?,
        None if is_guessed => repository.set_workdir(dir, false)?,
        _ => {}
    }
    Ok(repository)
}

impl fmt::Debug for Repo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Repo({})", self.common.display())
    }
}

impl CommitId {
    /// The id that a submodule entry carries.
    pub(super) fn of_submodule(id: BlobId) -> Result<CommitId, RevisionError> {
        Ok(CommitId(oid(id)?))
    }

    /// Enough digits for a person.
    pub(super) fn short(self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

fn oid(id: BlobId) -> Result<Oid, RevisionError> {
    Oid::from_bytes(&id.0).map_err(failed("reading an object's id"))
}

fn failed(doing: &str) -> impl Fn(git2::Error) -> RevisionError {
    move |error| RevisionError::Git {
        doing: doing.to_owned(),
        reason: error.message().to_owned(),
    }
}

fn refused(dir: &Path, error: &git2::Error) -> RevisionError {
    let reason = error.message().to_owned();
    let help = if error.code() == ErrorCode::Owner {
        // libgit2 names the directory that must be trusted, which may lie above this one.
        let shown = dir.display().to_string();
        let owned = reason.split('\'').nth(1).unwrap_or(&shown);
        format!(
            "it belongs to another user; if you trust it, run `git config --global --add safe.directory {owned}`"
        )
    } else if reason.contains("extension") || reason.contains("format") {
        "protopact reads repositories with sha1 objects and loose or packed refs; \
         `git clone --ref-format=files` makes one of a reftable repository, and `--against DIR --to DIR` outside of it compares directories"
            .to_owned()
    } else {
        "`git fsck` tells whether the repository is sound".to_owned()
    };
    RevisionError::Refused {
        dir: dir.to_owned(),
        reason,
        help,
    }
}
