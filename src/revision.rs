//! Says where protos come from: finds the two sides of a comparison, their files and their history. It must not know protobuf;
//! what is in an image it asks the schema.

mod baseline;
pub mod cache;
mod dir;
mod error;
mod git;
mod image;
mod listing;
mod release;
mod remote;
mod spec;
pub mod walk;
mod worktree;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub use self::baseline::Baseline;
pub use self::error::RevisionError;
pub use self::release::{History, Releases, Tag};

use self::git::{CommitId, Repo};
use self::image::Image;
use self::listing::Listing;
use self::spec::Spec;
use self::worktree::Worktree;
use crate::schema::tree::{Store, Unreadable};

/// The place the program was started in (or sent to with `-C`): a directory, and the repository around it if there is one.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    repo: Option<Arc<Repo>>,
}

impl Place {
    /// Finds the repository around `dir`, looking upwards; a directory outside of any repository is a place too.
    ///
    /// Errors: `dir` cannot be opened, or libgit2 refuses its repository.
    pub fn discover(dir: &Path) -> Result<Place, RevisionError> {
        let dir =
            std::fs::canonicalize(dir).map_err(|source| RevisionError::unreadable(dir, source))?;
        if !dir.is_dir() {
            let name = dir.display().to_string();
            return Err(RevisionError::NotADirectory { name });
        }
        let repo = Repo::discover(&dir)?.map(Arc::new);
        Ok(Place { dir, repo })
    }

    /// Who commits here, as `Name <mail>`; none outside of a repository, or where git was not told.
    pub fn author(&self) -> Option<String> {
        self.repo.as_ref()?.author()
    }

    /// The file that is locked while something at the `root` of a side is changed: out of the tree, and there to stay.
    pub fn lock_file(&self, root: &Path) -> Result<PathBuf, RevisionError> {
        if let Some(repo) = &self.repo {
            return Ok(repo.git_dir().join("protopact.lock"));
        }
        let id = git::hash(root.as_os_str().as_encoded_bytes())?;
        Ok(std::env::temp_dir().join(format!("protopact-{id}.lock")))
    }

    /// The root of the worktree; none where there is none, or no repository.
    pub fn worktree(&self) -> Option<&Path> {
        self.repo.as_ref()?.workdir()
    }

    /// What the index has of a file that a merge stopped at: where the sides parted, ours and theirs; none where it is merged.
    pub fn unmerged(&self, path: &str) -> Result<Option<[Vec<u8>; 3]>, RevisionError> {
        match &self.repo {
            Some(repo) => repo.unmerged(path),
            None => Ok(None),
        }
    }

    /// Whether git ignores a path of the worktree, relative to its root: one that it tracks it does not ignore.
    pub fn ignores(&self, path: &str) -> Result<bool, RevisionError> {
        match &self.repo {
            Some(repo) => Ok(repo.is_ignored(path)? && !repo.is_tracked(path)?),
            None => Ok(false),
        }
    }

    /// Resolves the current side: `to` as a person wrote it (`--staged` is `index`), else the worktree,
    /// else what there is instead of one: HEAD's commit in a bare repository, the directory outside of any repository.
    pub fn current(&self, to: Option<&str>) -> Result<Revision, RevisionError> {
        match (to, &self.repo) {
            (Some(to), _) => self.named(Spec::parse(to), None),
            (None, None) => Revision::of_dir(".".to_owned(), self.dir.clone()),
            (None, Some(repo)) if repo.is_bare() => match repo.head()? {
                Some(commit) => Revision::of_commit("HEAD".to_owned(), repo, commit),
                None => Err(RevisionError::UnbornHead {
                    branch: repo.head_branch(),
                }),
            },
            (None, Some(_)) => self.named(Spec::Worktree, None),
        }
    }

    /// Resolves one baseline for `current`: `against` as a person wrote it on the command line or in the configuration,
    /// else the default: the merge base with the default branch, else the latest release.
    pub fn baseline(
        &self,
        current: &Revision,
        against: Option<&str>,
    ) -> Result<Baseline, RevisionError> {
        match against {
            Some(against) => {
                let revision = self.named(Spec::parse(against), Some(current))?;
                Ok(Baseline {
                    revision,
                    chosen: None,
                })
            }
            None => baseline::by_default(self.repo()?, current),
        }
    }

    /// The releases around `current`: those that it contains, those that it is, and all there are. `tags` is a glob as for
    /// `latest-release:GLOB`; pre-releases count where they are asked for. Where it is said which version is being `made`, a tag
    /// of another one at the side's own commit is an earlier release.
    ///
    /// Errors: the side has no history, or a shallow clone ends before all of it can be told.
    pub fn releases(
        &self,
        current: &Revision,
        tags: Option<&str>,
        pre_releases: bool,
        made: Option<&semver::Version>,
    ) -> Result<Releases, RevisionError> {
        if matches!(current.kind, Kind::Dir | Kind::Image) {
            return Err(RevisionError::NoReleases {
                side: current.spec.clone(),
                what: current.kind.describe(),
            });
        }
        baseline::around(self.repo()?, current, (tags, pre_releases), made)
    }

    /// The side that a release is.
    pub fn release(&self, tag: &Tag) -> Result<Revision, RevisionError> {
        baseline::at_tag(self.repo()?, tag)
    }

    /// The name that the tag of a version would have.
    pub fn tag_name(
        tags: Option<&str>,
        version: &semver::Version,
    ) -> Result<String, RevisionError> {
        Ok(release::Form::new(tags)?.name(version))
    }

    /// Turns a PATH argument, relative to this place, into one relative to the root of the `current` side, with `/`.
    ///
    /// The path need not exist (it may be gone on one side). The root itself is the empty string.
    ///
    /// Errors: the path leads out of the root, or is not UTF-8.
    pub fn locate(&self, current: &Revision, path: &Path) -> Result<String, RevisionError> {
        let mut full = self.dir.clone();
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    full.pop();
                }
                other => full.push(other),
            }
        }
        // Without a root on disk (a bare repository) arguments can only be meant relative to the tree's root.
        let root = current.root.as_ref().unwrap_or(&self.dir);
        let real = || {
            Some(
                std::fs::canonicalize(full.parent()?)
                    .ok()?
                    .join(full.file_name()?),
            )
        };
        let inside = match full.strip_prefix(root) {
            Ok(inside) => Some(inside.to_owned()),
            Err(_) => real().and_then(|real| Some(real.strip_prefix(root).ok()?.to_owned())),
        };
        let inside = inside.ok_or_else(|| RevisionError::OutsideRoot {
            path: path.to_owned(),
            root: root.clone(),
        })?;
        dir::slashed(&inside).ok_or_else(|| RevisionError::non_utf8(&inside, &current.spec))
    }

    /// `current` is the side that words such as `latest-release` look back from; the current side itself has none.
    fn named(&self, spec: Spec<'_>, current: Option<&Revision>) -> Result<Revision, RevisionError> {
        match spec {
            _ if spec.lacks_name() => Err(RevisionError::EmptyName),
            Spec::Worktree => {
                let repo = self.repo()?;
                let files = Worktree::of(repo, spec::WORKTREE)?;
                Ok(Revision {
                    head: head_of(repo)?,
                    root: repo.workdir().map(Path::to_owned),
                    protos: files.protos().clone(),
                    ..Revision::new(
                        spec::WORKTREE.to_owned(),
                        Kind::Worktree,
                        Files::Worktree(files),
                    )
                })
            }
            Spec::Index => {
                let repo = self.repo()?;
                let files = Listing::of_index(repo, spec::INDEX)?;
                Ok(Revision {
                    head: head_of(repo)?,
                    root: repo.workdir().map(Path::to_owned),
                    protos: files.protos()?,
                    ..Revision::new(spec::INDEX.to_owned(), Kind::Index, Files::Stored(files))
                })
            }
            Spec::MergeBase(other) => {
                let (repo, commit, from) = self.looking_back("merge-base", current)?;
                baseline::merge_base(repo, commit, from, other)
            }
            Spec::LatestRelease(glob) => {
                let (repo, commit, from) = self.looking_back("latest-release", current)?;
                baseline::latest_release(repo, commit, from, glob)
            }
            Spec::Git(name) => {
                let repo = self.repo()?;
                Revision::of_commit(name.to_owned(), repo, repo.commit(name)?)
            }
            Spec::Dir(name) => {
                let dir = self.dir.join(name);
                match std::fs::canonicalize(&dir) {
                    Ok(dir) if dir.is_dir() => Revision::of_dir(name.to_owned(), dir),
                    Ok(_) => Err(RevisionError::NotADirectory {
                        name: name.to_owned(),
                    }),
                    Err(source) => Err(RevisionError::unreadable(&dir, source)),
                }
            }
            Spec::Image(name) => {
                let files = image::read(name, &self.dir.join(name))?;
                let id = |(path, bytes): (&String, &Arc<[u8]>)| {
                    git::hash(bytes).map(|id| (path.clone(), id))
                };
                Ok(Revision {
                    protos: files.files.iter().map(id).collect::<Result<_, _>>()?,
                    ..Revision::new(name.to_owned(), Kind::Image, Files::Image(files))
                })
            }
            Spec::Name(name) => {
                let path = self.dir.join(name);
                let commit = match &self.repo {
                    Some(repo) => repo.find(name)?.is_some(),
                    None => false,
                };
                match (commit, path.is_dir()) {
                    (true, true) => Err(RevisionError::AmbiguousName {
                        name: name.to_owned(),
                    }),
                    (false, true) => self.named(Spec::Dir(name), current),
                    (false, false) if path.is_file() => self.named(Spec::Image(name), current),
                    (false, false) if self.repo.is_none() => Err(RevisionError::NoSuchDirectory {
                        name: name.to_owned(),
                        dir: self.dir.clone(),
                    }),
                    // Where nothing has the name, this is the error that lists near ones.
                    (_, false) => self.named(Spec::Git(name), current),
                }
            }
        }
    }

    fn repo(&self) -> Result<&Arc<Repo>, RevisionError> {
        self.repo
            .as_ref()
            .ok_or_else(|| RevisionError::NotARepository {
                dir: self.dir.clone(),
            })
    }

    /// The commit that `word` looks back from, and how to call it.
    fn looking_back<'a>(
        &'a self,
        word: &str,
        current: Option<&'a Revision>,
    ) -> Result<(&'a Arc<Repo>, CommitId, &'a str), RevisionError> {
        let repo = self.repo()?;
        let (head, from) = match current {
            Some(current) if matches!(current.kind, Kind::Dir | Kind::Image) => {
                return Err(RevisionError::NoHistory {
                    word: word.to_owned(),
                    side: current.spec.clone(),
                    what: current.kind.describe(),
                });
            }
            Some(current) => (
                current.head.as_ref().map(|(_, commit)| *commit),
                current.looked_back_from(),
            ),
            None => (repo.head()?, "HEAD"),
        };
        let commit = head.ok_or_else(|| RevisionError::UnbornHead {
            branch: repo.head_branch(),
        })?;
        Ok((repo, commit, from))
    }
}

/// What a side is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// a commit
    Git,
    /// the files on disk that git tracks or would add
    Worktree,
    /// what is staged
    Index,
    /// a directory, whatever git thinks of it
    Dir,
    /// a descriptor set or a buf image
    Image,
}

impl Kind {
    /// What messages call a side without history.
    fn describe(self) -> &'static str {
        match self {
            Kind::Image => "an image",
            _ => "a directory",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Kind::Git => "git",
            Kind::Worktree => "worktree",
            Kind::Index => "index",
            Kind::Dir => "dir",
            Kind::Image => "image",
        })
    }
}

/// The identity of a file's content: equal ids mean equal bytes, on every kind of side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId([u8; 20]);

impl BlobId {
    /// The hash itself.
    pub const fn to_bytes(self) -> [u8; 20] {
        self.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// One side of a comparison: which files it has, and the means to read them.
pub struct Revision {
    spec: String,
    kind: Kind,
    head: Option<(Arc<Repo>, CommitId)>,
    commit: Option<String>,
    release: Option<semver::Version>,
    root: Option<PathBuf>,
    protos: BTreeMap<String, BlobId>,
    files: Files,
}

enum Files {
    None,
    Stored(Listing),
    Worktree(Worktree),
    Dir(PathBuf),
    Image(Image),
}

impl Revision {
    /// A side without any file, which promised nothing: what a first release is compared with.
    pub fn nothing() -> Revision {
        Revision::new("nothing".to_owned(), Kind::Dir, Files::None)
    }

    /// The side's name as shown to people: what they typed without its prefix, else what it came down to:
    /// `worktree`, `index`, `HEAD`, the tag that `latest-release` chose, `merge-base:origin/main`.
    pub fn spec(&self) -> &str {
        &self.spec
    }

    /// What the side is read from.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The directory on disk that the side is the content of, or that belongs to its repository.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The full sha of the commit that the side is; none for a worktree, an index or a directory.
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }

    /// The version that the side's commit was released as: the highest of its tags `v?X.Y.Z`, or of the tag `latest-release:GLOB` chose.
    pub fn release(&self) -> Option<&semver::Version> {
        self.release.as_ref()
    }

    /// The URI of the repository that the side is kept in, without credentials; none where it has no remote, or one on disk.
    pub fn repository(&self) -> Option<String> {
        let (repo, _) = self.head.as_ref()?;
        remote::uri(&repo.remote_url()?)
    }

    /// Every `*.proto` file of the side, by its path relative to the side's root, with `/`; of an image, by its import path.
    pub fn protos(&self) -> &BTreeMap<String, BlobId> {
        &self.protos
    }

    /// Reads any file of the side, `path` being relative to its root, with `/`; none where the side has no such file.
    /// Those of an image are descriptors, not texts.
    ///
    /// Errors: the file cannot be read, or a shallow or partial clone lacks it.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, RevisionError> {
        match &self.files {
            Files::None => Ok(None),
            Files::Stored(listing) => listing.read(path),
            Files::Worktree(worktree) => worktree.read(path),
            Files::Dir(root) => dir::read(root, path),
            Files::Image(image) => Ok(image.files.get(path).map(|bytes| bytes.to_vec())),
        }
    }

    /// Whether the side can have a file of this name in some folder: `false` is certain.
    pub fn may_have(&self, name: &str) -> bool {
        match &self.files {
            Files::Stored(listing) => listing.may_have(name),
            Files::None | Files::Image(_) => false,
            Files::Worktree(_) | Files::Dir(_) => true,
        }
    }

    /// The releases that the side's commit (HEAD, of a worktree or an index) contains.
    pub fn history(&self) -> Result<History, RevisionError> {
        match &self.head {
            Some((repo, commit)) => release::history(repo, *commit),
            None => Ok(History::None),
        }
    }

    /// The messages of the commits that the side's commit (HEAD, of a worktree or an index) contains and `older` does not,
    /// with the short name of each; none where one of the two is not in git.
    pub fn messages_since(&self, older: &Revision) -> Result<Vec<(String, String)>, RevisionError> {
        match (&self.head, &older.head) {
            (Some((repo, to)), Some((_, from))) => repo.messages(*from, *to),
            _ => Ok(Vec::new()),
        }
    }

    /// The paths of submodules whose commit is not in this clone, so that their files are missing from the side.
    pub fn unread_submodules(&self) -> Vec<&str> {
        match &self.files {
            Files::Stored(listing) => listing.unread().collect(),
            Files::Worktree(worktree) => worktree.unread(),
            Files::None | Files::Dir(_) | Files::Image(_) => Vec::new(),
        }
    }

    /// The files that an image has only for others to link with, by path; other sides have none.
    pub fn imports(&self) -> BTreeMap<String, Arc<[u8]>> {
        match &self.files {
            Files::Image(image) => image.imports.clone(),
            _ => BTreeMap::new(),
        }
    }

    fn new(spec: String, kind: Kind, files: Files) -> Revision {
        Revision {
            spec,
            kind,
            head: None,
            commit: None,
            release: None,
            root: None,
            protos: BTreeMap::new(),
            files,
        }
    }

    fn of_commit(
        spec: String,
        repo: &Arc<Repo>,
        commit: CommitId,
    ) -> Result<Revision, RevisionError> {
        Ok(Revision {
            release: release::of_commit(repo, commit)?,
            ..Revision::of_files(spec, repo, commit)?
        })
    }

    /// The files of a commit, whether or not it was released.
    fn of_files(
        spec: String,
        repo: &Arc<Repo>,
        commit: CommitId,
    ) -> Result<Revision, RevisionError> {
        let files = Listing::of_commit(repo, commit, &spec)?;
        Ok(Revision {
            head: Some((Arc::clone(repo), commit)),
            commit: Some(commit.to_string()),
            root: repo.workdir().map(Path::to_owned),
            protos: files.protos()?,
            ..Revision::new(spec, Kind::Git, Files::Stored(files))
        })
    }

    fn of_dir(spec: String, root: PathBuf) -> Result<Revision, RevisionError> {
        Ok(Revision {
            root: Some(root.clone()),
            protos: dir::protos(&root, &spec)?,
            ..Revision::new(spec, Kind::Dir, Files::Dir(root))
        })
    }

    /// How to call the commit that the side's history starts from.
    fn looked_back_from(&self) -> &str {
        match self.kind {
            Kind::Git => &self.spec,
            Kind::Worktree | Kind::Index | Kind::Dir | Kind::Image => "HEAD",
        }
    }
}

impl Store for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let bytes = Revision::read(self, path).map_err(Unreadable::new)?;
        bytes.ok_or_else(|| {
            Unreadable::new(RevisionError::Gone {
                path: path.to_owned(),
                side: self.spec.clone(),
            })
        })
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} `{}` of {} protos",
            self.kind,
            self.spec,
            self.protos.len()
        )
    }
}

/// HEAD's commit; none where HEAD is unborn.
fn head_of(repo: &Arc<Repo>) -> Result<Option<(Arc<Repo>, CommitId)>, RevisionError> {
    Ok(repo.head()?.map(|commit| (Arc::clone(repo), commit)))
}

/// Whether a path is listed among a side's protos.
fn is_proto(path: &[u8]) -> bool {
    path.ends_with(b".proto")
}
