//! Reads release tags: which tag is which version, and which are contained in a commit. It must not know why one is asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use globset::GlobMatcher;
use semver::Version;

use super::error::RevisionError;
use super::git::{CommitId, Repo};
use super::spec;

/// A release tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// the version that its name says
    pub version: Version,
    /// its name as git knows it, `v1.2.0`
    pub name: String,
    /// the full sha of the commit that it stands at
    pub commit: String,
}

/// The releases that a commit contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum History {
    /// All of history was read; these are its tags `v?X.Y.Z`, pre-releases among them, lowest version first.
    Tags(Vec<Tag>),
    /// A shallow clone ends before all of them can be told.
    Shallow {
        /// the git command that fetches the rest
        command: String,
    },
    /// A directory, or a branch without a commit: there is no history.
    None,
}

/// The releases around a side that may become one itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Releases {
    /// Those that the side's commit contains and is not itself, lowest version first; pre-releases only where they count.
    pub earlier: Vec<Tag>,
    /// Those that the side is exactly, lowest version first; a tag that is being made is among them.
    pub here: Vec<Tag>,
    /// All there are, wherever they stand, lowest version first.
    pub all: Vec<Tag>,
}

/// Every release that the repository has a tag for, lowest version first.
pub(super) fn everywhere(repo: &Repo, form: &Form) -> Result<Vec<Tag>, RevisionError> {
    let tags = repo.tags(|name| form.version(name).is_some())?;
    let tag = |(name, at): (String, CommitId)| {
        Some(Tag {
            version: form.version(&name)?,
            name,
            commit: at.to_string(),
        })
    };
    let mut tags: Vec<Tag> = tags.into_iter().filter_map(tag).collect();
    tags.sort();
    Ok(tags)
}

/// Which tags are releases.
pub(super) enum Form {
    /// `v?X.Y.Z`
    Plain,
    /// what a glob matches, such as `proto/v*`
    Glob { text: String, matcher: GlobMatcher },
}

/// The releases of the form `v?X.Y.Z` that `commit` contains.
pub(super) fn history(repo: &Arc<Repo>, commit: CommitId) -> Result<History, RevisionError> {
    Ok(match reachable(repo, commit, &Form::Plain)? {
        Some(tags) => History::Tags(tags),
        None => History::Shallow {
            command: spec::unshallow_command(repo.remote()),
        },
    })
}

/// The release tags that `commit` contains, lowest version first; none where a shallow clone cannot tell.
pub(super) fn reachable(
    repo: &Repo,
    commit: CommitId,
    form: &Form,
) -> Result<Option<Vec<Tag>>, RevisionError> {
    let tags = repo.tags(|name| form.version(name).is_some())?;
    let wanted: BTreeSet<CommitId> = tags.iter().map(|(_, at)| *at).collect();
    let Some(found) = repo.reachable(commit, &wanted)? else {
        return Ok(None);
    };
    let mut tags: Vec<Tag> = tags
        .into_iter()
        .filter(|(_, at)| found.contains(at))
        .filter_map(|(name, at)| {
            Some(Tag {
                version: form.version(&name)?,
                name,
                commit: at.to_string(),
            })
        })
        .collect();
    tags.sort();
    Ok(Some(tags))
}

/// The highest version among the tags `v?X.Y.Z` at `commit`.
pub(super) fn of_commit(repo: &Repo, commit: CommitId) -> Result<Option<Version>, RevisionError> {
    let tags = repo.tags(|name| Form::Plain.version(name).is_some())?;
    Ok(tags
        .iter()
        .filter(|(_, at)| *at == commit)
        .filter_map(|(name, _)| Form::Plain.version(name))
        .max())
}

/// Whether a name looks like that of a release tag, with any prefix.
pub(super) fn ends_in_version(name: &str) -> bool {
    version_after_prefix(name, name.len()).is_some()
}

impl Form {
    /// Reads `glob` as `git tag --list` does: `*` matches `/` too.
    pub(super) fn new(glob: Option<&str>) -> Result<Form, RevisionError> {
        let Some(text) = glob else {
            return Ok(Form::Plain);
        };
        let glob = globset::Glob::new(text).map_err(|error| RevisionError::BadGlob {
            glob: text.to_owned(),
            reason: error.kind().to_string(),
        })?;
        Ok(Form::Glob {
            text: text.to_owned(),
            matcher: glob.compile_matcher(),
        })
    }

    /// Whether `tag` may be the latest release: a pre-release only if the glob's own version part asks for one.
    pub(super) fn counts(&self, tag: &Tag) -> bool {
        match self {
            _ if tag.version.pre.is_empty() => true,
            Form::Plain => false,
            Form::Glob { text, .. } => version_after_prefix(&tag.name, literal_len(text))
                .and_then(|(start, _)| text.get(start..))
                .is_some_and(names_pre_release),
        }
    }

    /// The name of the tag that a version would get: what stands before and behind the first `*`, `v1.2.3` without a glob.
    pub(super) fn name(&self, version: &Version) -> String {
        match self {
            Form::Plain => format!("v{version}"),
            Form::Glob { text, .. } => {
                let start = text.get(..literal_len(text)).unwrap_or_default();
                // A glob such as `v1.*` says a part of the version itself.
                let prefix = start.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
                format!("{prefix}{version}")
            }
        }
    }

    /// The form in words, for a message.
    pub(super) fn describe(&self) -> String {
        match self {
            Form::Plain => "of the form `v1.2.3`".to_owned(),
            Form::Glob { text, .. } => format!("matching `{text}`"),
        }
    }

    fn version(&self, name: &str) -> Option<Version> {
        match self {
            Form::Plain => version(name),
            Form::Glob { text, matcher } if matcher.is_match(name) => {
                version_after_prefix(name, literal_len(text)).map(|(_, version)| version)
            }
            Form::Glob { .. } => None,
        }
    }
}

/// Whether a glob of versions has a dash that is not one of a class such as `[2-9]`.
fn names_pre_release(glob: &str) -> bool {
    let mut in_class = false;
    glob.chars().any(|c| {
        in_class = match c {
            '[' => true,
            ']' => false,
            _ => in_class,
        };
        c == '-' && !in_class
    })
}

fn version(text: &str) -> Option<Version> {
    Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()
}

/// Where in `name` its version starts, and the version: the first place within the literal prefix from which all the rest is one.
fn version_after_prefix(name: &str, prefix_len: usize) -> Option<(usize, Version)> {
    (0..=prefix_len).find_map(|start| Some((start, version(name.get(start..)?)?)))
}

/// The length of the part of a glob before its first special character.
fn literal_len(glob: &str) -> usize {
    glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len())
}
