//! Reads what a person typed for BASE or REV, and helps with what cannot be found. It must not know what the repository holds.

use super::{image, release};

pub(super) const WORKTREE: &str = "worktree";
pub(super) const INDEX: &str = "index";

/// A BASE or REV; the words come before names, `git:` and `dir:` reach a branch or directory called like one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spec<'a> {
    Worktree,
    Index,
    MergeBase(Option<&'a str>),
    LatestRelease(Option<&'a str>),
    Git(&'a str),
    Dir(&'a str),
    Image(&'a str),
    /// a revision, a directory or an image: whatever is there
    Name(&'a str),
}

impl<'a> Spec<'a> {
    pub(super) fn parse(text: &'a str) -> Spec<'a> {
        match (text, text.split_once(':')) {
            (image::STDIN, _) => Spec::Image(text),
            (WORKTREE, _) => Spec::Worktree,
            (INDEX, _) => Spec::Index,
            ("merge-base", _) => Spec::MergeBase(None),
            ("latest-release", _) => Spec::LatestRelease(None),
            (_, Some(("merge-base", name))) => Spec::MergeBase(Some(name)),
            (_, Some(("latest-release", glob))) => Spec::LatestRelease(Some(glob)),
            (_, Some(("git", name))) => Spec::Git(name),
            (_, Some(("dir", name))) => Spec::Dir(name),
            (_, Some(("image", name))) => Spec::Image(name),
            _ => Spec::Name(text),
        }
    }

    /// Whether a name was left empty, as by a script whose variable is not set. As a directory it would be the current one.
    pub(super) fn lacks_name(self) -> bool {
        match self {
            Spec::Worktree | Spec::Index | Spec::MergeBase(None) | Spec::LatestRelease(None) => {
                false
            }
            Spec::MergeBase(Some(name))
            | Spec::LatestRelease(Some(name))
            | Spec::Git(name)
            | Spec::Dir(name)
            | Spec::Image(name)
            | Spec::Name(name) => name.is_empty(),
        }
    }
}

/// What to do about a revision that is not there: near names among those that are, and the command that may fetch it.
pub(super) fn unknown_help(
    name: &str,
    known: &[String],
    remote: Option<&str>,
    shallow: bool,
) -> String {
    let near = near(name, known);
    let near = (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")));
    // A branch by its remote's name is not resolved by git either; it is there all the same.
    let is_remote_branch = |remote: &str| {
        known
            .iter()
            .any(|known| known.strip_prefix(remote) == Some(&format!("/{name}")))
    };
    let fetch = match remote {
        Some(remote) if is_remote_branch(remote) => None,
        Some(remote) if shallow => Some(format!(
            "this clone is shallow: run `{}` (with actions/checkout: `fetch-depth: 0`)",
            fetch_command(name, remote, " --depth=1", &unshallow_command(Some(remote))),
        )),
        Some(remote) if is_plain(name) => Some(format!(
            "if `{remote}` has it, run `{}` (with actions/checkout: `fetch-depth: 0`)",
            fetch_command(name, remote, "", &format!("git fetch --tags {remote}")),
        )),
        Some(_) | None => None,
    };
    match (near, fetch) {
        (Some(near), Some(fetch)) => format!("{near} Otherwise, {fetch}"),
        (Some(help), None) | (None, Some(help)) => help,
        (None, None) => "`git branch --all` and `git tag` list the names there are".to_owned(),
    }
}

/// The command that turns a shallow clone into what `fetch-depth: 0` gives: all of history, all branches and tags.
pub(super) fn unshallow_command(remote: Option<&str>) -> String {
    let remote = remote.unwrap_or("origin");
    format!("git fetch --unshallow --tags {remote} \"+refs/heads/*:refs/remotes/{remote}/*\"")
}

/// The command after which `name` resolves, if the remote has it.
fn fetch_command(name: &str, remote: &str, depth: &str, everything: &str) -> String {
    let hex = name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let branch = name
        .strip_prefix(remote)
        .and_then(|rest| rest.strip_prefix('/'));
    if hex && name.len() == 40 {
        format!("git fetch{depth} {remote} {name}")
    } else if hex || !is_plain(name) {
        everything.to_owned()
    } else if let Some(branch) = branch {
        format!("git fetch{depth} {remote} {branch}:refs/remotes/{remote}/{branch}")
    } else if release::ends_in_version(name) {
        format!("git fetch{depth} {remote} tag {name}")
    } else {
        format!("git fetch{depth} {remote} {name}:{name}")
    }
}

/// Whether a name can be that of a branch, a tag or a commit, rather than an expression or something a shell would expand.
fn is_plain(name: &str) -> bool {
    name != "HEAD"
        && !name.starts_with('-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte))
}

/// Up to three known names that `name` may have been meant as, nearest first, in backticks.
fn near(name: &str, known: &[String]) -> Vec<String> {
    let words = [WORKTREE, INDEX, "merge-base", "latest-release"];
    let likeness = |candidate: &str| {
        let tail = candidate
            .split_once('/')
            .map_or(candidate, |(_, tail)| tail);
        // `v1` is nearer to `v1.2.0` than letters alone say.
        let begun = if candidate.starts_with(name) {
            0.9
        } else {
            0.0
        };
        strsim::jaro_winkler(name, candidate)
            .max(strsim::jaro_winkler(name, tail))
            .max(begun)
    };
    let mut scored: Vec<(f64, &str)> = known
        .iter()
        .map(String::as_str)
        .chain(words)
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, candidate)| *likeness > 0.85 && *candidate != name)
        .collect();
    scored.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
    scored
        .into_iter()
        .take(3)
        .map(|(_, candidate)| format!("`{candidate}`"))
        .collect()
}
