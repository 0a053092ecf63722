//! What can go wrong while a side is found or read, each with what to do next. It must not render anything.

use std::io;
use std::path::{Path, PathBuf};

/// Why a side of the comparison could not be found or read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs)] // The messages say what the variants and their fields are.
pub enum RevisionError {
    #[error("`{}` is not in a git repository", dir.display())]
    #[diagnostic(help(
        "run protopact inside of one, or name a directory to compare with: `--against DIR`"
    ))]
    NotARepository { dir: PathBuf },

    #[error("git repository at `{}` cannot be opened: {reason}", dir.display())]
    Refused {
        dir: PathBuf,
        reason: String,
        #[help]
        help: String,
    },

    #[error("repository is bare: there is no worktree and no index")]
    #[diagnostic(help("name the revision to check: `--to REV`"))]
    NoWorktree,

    #[error("branch `{branch}` has no commit yet")]
    #[diagnostic(help("compare with a directory, `--against DIR`, or make the first commit"))]
    UnbornHead { branch: String },

    #[error("unmerged files in the index: {}", quoted(paths))]
    #[diagnostic(help(
        "resolve the conflicts and `git add` the files, or name a commit to check: `--to REV`"
    ))]
    Unmerged { paths: Vec<String> },

    #[error("the index cannot be read: {reason}")]
    #[diagnostic(help(
        "libgit2 reads no split or sparse index: run `git update-index --no-split-index` or `git sparse-checkout reapply --no-sparse-index`, or name a commit to check: `--to HEAD`"
    ))]
    UnreadableIndex { reason: String },

    #[error("the name of a revision or directory is empty")]
    #[diagnostic(help("if a script passes it, its variable is not set"))]
    EmptyName,

    #[error("unknown revision `{name}`")]
    UnknownRevision {
        name: String,
        #[help]
        help: String,
    },

    #[error("`{name}` is neither a directory nor, as `{}` is not in a git repository, a revision", dir.display())]
    #[diagnostic(help("name a directory that exists, or run protopact inside of a repository"))]
    NoSuchDirectory { name: String, dir: PathBuf },

    #[error("`{name}` is both a git revision and a directory")]
    #[diagnostic(help("say which one is meant: `git:{name}` or `dir:{name}`"))]
    AmbiguousName { name: String },

    #[error("`{name}` is the beginning of more than one object's id")]
    #[diagnostic(help("give more digits of it"))]
    AmbiguousId { name: String },

    #[error("`{name}` names a {what}, not a commit")]
    #[diagnostic(help("name a branch, a tag or a commit"))]
    NotACommit { name: String, what: String },

    #[error("`{name}` is not a directory")]
    #[diagnostic(help("`-C` and `dir:` take a directory"))]
    NotADirectory { name: String },

    #[error("`{name}` is no descriptor set and no buf image: {reason}")]
    #[diagnostic(help(
        "make one with `buf build -o x.binpb`, or with `protoc --include_imports --include_source_info -o x.binpb`; a directory of `.proto` files or a git revision can be named too"
    ))]
    Image { name: String, reason: String },

    #[error("path of `{path}` on the side `{side}` is not UTF-8")]
    #[diagnostic(help("rename the file: `import` statements cannot name it either"))]
    NonUtf8Path { path: String, side: String },

    #[error("`{}` cannot be read: {source}", path.display())]
    #[diagnostic(help("check that it exists and that you may read it"))]
    Unreadable { path: PathBuf, source: io::Error },

    #[error("`{}` is outside of `{}`, the root of what is checked", path.display(), root.display())]
    #[diagnostic(help("name files and folders inside of it, relative to the current directory"))]
    OutsideRoot { path: PathBuf, root: PathBuf },

    #[error("this clone lacks {what} of `{side}`")]
    Missing {
        what: String,
        side: String,
        #[help]
        help: String,
    },

    #[error("`{path}` of `{side}` went away while it was being read")]
    #[diagnostic(help("run protopact again"))]
    Gone { path: String, side: String },

    #[error("the clone is shallow: its history ends before {wanted} can be told")]
    #[diagnostic(help("run `{command}` (with actions/checkout: `fetch-depth: 0`)"))]
    Shallow { wanted: String, command: String },

    #[error("`{one}` and `{other}` have no common history")]
    #[diagnostic(help("name the baseline: `--against REV`"))]
    NoMergeBase { one: String, other: String },

    #[error(
        "`{one}` and `{other}` have more than one merge base: {}",
        quoted(bases)
    )]
    #[diagnostic(help("name the one to compare with: `--against REV`"))]
    SeveralMergeBases {
        one: String,
        other: String,
        bases: Vec<String>,
    },

    #[error("there is no default branch to take the merge base with")]
    #[diagnostic(help(
        "none of origin/HEAD, origin/main, origin/master, main and master exists; name the branch: `merge-base:REF`"
    ))]
    NoDefaultBranch,

    #[error("no release tag {form} is reachable from `{from}`")]
    #[diagnostic(help(
        "if they were not fetched, run `git fetch --tags`; other tags are named by `latest-release:GLOB`"
    ))]
    NoRelease { form: String, from: String },

    #[error("no baseline to compare with: {why}")]
    #[diagnostic(help(
        "name one: a revision or directory (`--against REV`), a branch (`--against merge-base:BRANCH`), or release tags (`--against latest-release:GLOB`)"
    ))]
    NoBaseline { why: String },

    #[error("`{word}` needs history, and the current side `{side}` is {what}")]
    #[diagnostic(help("name the baseline itself: `--against REV`"))]
    NoHistory {
        word: String,
        side: String,
        what: &'static str,
    },

    #[error("a release is made of a commit or a worktree, and the current side `{side}` is {what}")]
    #[diagnostic(help("run it in the repository, or name a commit of it with `--to REV`"))]
    NoReleases { side: String, what: &'static str },

    #[error("`{glob}` is not a glob: {reason}")]
    #[diagnostic(help("write it as for `git tag --list`, such as `latest-release:proto/v*`"))]
    BadGlob { glob: String, reason: String },

    #[error("{doing} failed: {reason}")]
    #[diagnostic(help("`git fsck` tells whether the repository is sound"))]
    Git { doing: String, reason: String },
}

impl RevisionError {
    pub(super) fn unreadable(path: &Path, source: io::Error) -> RevisionError {
        RevisionError::Unreadable {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn non_utf8(path: &Path, side: &str) -> RevisionError {
        RevisionError::NonUtf8Path {
            path: path.to_string_lossy().into_owned(),
            side: side.to_owned(),
        }
    }
}

fn quoted(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
