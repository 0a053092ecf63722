//! Chooses the baseline that a word or the default stands for. It must not know how history is stored.

use std::sync::Arc;

use semver::Version;

use super::error::RevisionError;
use super::git::{CommitId, MergeBase, Repo};
use super::release::{self, Form, Releases, Tag};
use super::{Kind, Revision, spec};

/// The side to compare with.
#[derive(Debug)]
pub struct Baseline {
    /// the side
    pub revision: Revision,
    /// where nobody named it: a sentence that says which one was chosen and why
    pub chosen: Option<String>,
}

/// Work in progress is compared with where it left the default branch; what is on the default branch, with the latest release.
pub(super) fn by_default(repo: &Arc<Repo>, current: &Revision) -> Result<Baseline, RevisionError> {
    if matches!(current.kind, Kind::Dir | Kind::Image) {
        return Err(RevisionError::NoBaseline {
            why: format!(
                "the current side `{}` is {}",
                current.spec,
                current.kind.describe()
            ),
        });
    }
    let from = current.looked_back_from();
    let Some((_, commit)) = &current.head else {
        return Err(RevisionError::UnbornHead {
            branch: repo.head_branch(),
        });
    };
    if let Some((branch, tip)) = repo.default_branch()? {
        let base = one_merge_base(repo, (*commit, from), (tip, &branch))?;
        if base != *commit {
            let revision = Revision::of_commit(format!("merge-base:{branch}"), repo, base)?;
            let chosen = format!(
                "baseline: {}, the merge base of {from} and {branch}",
                base.short()
            );
            return Ok(Baseline {
                revision,
                chosen: Some(chosen),
            });
        }
    }
    let releases = releases(repo, *commit, from, &Form::Plain)?;
    let sha = commit.to_string();
    let (tag, why) = match releases.split_last() {
        None => {
            let why = format!(
                "no release tag {} is reachable from {from}",
                Form::Plain.describe()
            );
            return Err(RevisionError::NoBaseline { why });
        }
        Some((latest, earlier)) if latest.commit == sha && is_clean(repo, *commit, current)? => {
            let before = earlier
                .iter()
                .rev()
                .find(|tag| tag.version < latest.version && tag.commit != sha);
            let Some(before) = before else {
                let why = format!(
                    "{from} is `{}`, and there is no release before it",
                    latest.name
                );
                return Err(RevisionError::NoBaseline { why });
            };
            (before, format!("the release before {}", latest.name))
        }
        Some((latest, _)) => (latest, format!("the latest release reachable from {from}")),
    };
    let chosen = format!("baseline: {}, {why}", tag.name);
    Ok(Baseline {
        revision: at_tag(repo, tag)?,
        chosen: Some(chosen),
    })
}

/// The merge base of `commit`, called `from`, with `other`, else with the default branch.
pub(super) fn merge_base(
    repo: &Arc<Repo>,
    commit: CommitId,
    from: &str,
    other: Option<&str>,
) -> Result<Revision, RevisionError> {
    let (name, tip) = match other {
        Some(name) => (name.to_owned(), repo.commit(name)?),
        None => repo
            .default_branch()?
            .ok_or(RevisionError::NoDefaultBranch)?,
    };
    let base = one_merge_base(repo, (commit, from), (tip, &name))?;
    Revision::of_commit(format!("merge-base:{name}"), repo, base)
}

/// The highest release that `commit`, called `from`, contains.
pub(super) fn latest_release(
    repo: &Arc<Repo>,
    commit: CommitId,
    from: &str,
    glob: Option<&str>,
) -> Result<Revision, RevisionError> {
    let form = Form::new(glob)?;
    let releases = releases(repo, commit, from, &form)?;
    let latest = releases.last().ok_or_else(|| RevisionError::NoRelease {
        form: form.describe(),
        from: from.to_owned(),
    })?;
    at_tag(repo, latest)
}

/// The releases around `current`; `glob` says which tags are any, `pre_releases` whether those count that precede one, and
/// `made` which version is being released, if that is said.
pub(super) fn around(
    repo: &Arc<Repo>,
    current: &Revision,
    (glob, pre_releases): (Option<&str>, bool),
    made: Option<&Version>,
) -> Result<Releases, RevisionError> {
    let form = Form::new(glob)?;
    let all = release::everywhere(repo, &form)?;
    // A branch without a commit contains nothing.
    let Some((_, commit)) = &current.head else {
        return Ok(Releases {
            all,
            ..Releases::default()
        });
    };
    let from = current.looked_back_from();
    let reachable = release::reachable(repo, *commit, &form)?
        .ok_or_else(|| shallow(repo, format!("the latest release reachable from `{from}`")))?;
    let sha = commit.to_string();
    // Where another version is being made than the tag says, that is a release, too, and the latest.
    let stands_here = reachable
        .iter()
        .any(|tag| tag.commit == sha && made.is_none_or(|version| *version == tag.version));
    let (here, earlier) = if stands_here && is_clean(repo, *commit, current)? {
        reachable.into_iter().partition(|tag| tag.commit == sha)
    } else {
        (Vec::new(), reachable)
    };
    let counts = |tag: &Tag| pre_releases || form.counts(tag);
    Ok(Releases {
        earlier: earlier.into_iter().filter(counts).collect(),
        here,
        all,
    })
}

pub(super) fn at_tag(repo: &Arc<Repo>, tag: &Tag) -> Result<Revision, RevisionError> {
    let commit = repo.commit(&format!("refs/tags/{}", tag.name))?;
    Ok(Revision {
        release: Some(tag.version.clone()),
        ..Revision::of_files(tag.name.clone(), repo, commit)?
    })
}

fn releases(
    repo: &Repo,
    commit: CommitId,
    from: &str,
    form: &Form,
) -> Result<Vec<Tag>, RevisionError> {
    let tags = release::reachable(repo, commit, form)?
        .ok_or_else(|| shallow(repo, format!("the latest release reachable from `{from}`")))?;
    Ok(tags.into_iter().filter(|tag| form.counts(tag)).collect())
}

fn one_merge_base(
    repo: &Repo,
    one: (CommitId, &str),
    other: (CommitId, &str),
) -> Result<CommitId, RevisionError> {
    let names = || (one.1.to_owned(), other.1.to_owned());
    match repo.merge_base(one.0, other.0)? {
        MergeBase::One(base) => Ok(base),
        MergeBase::None => {
            let (one, other) = names();
            Err(RevisionError::NoMergeBase { one, other })
        }
        MergeBase::Several(bases) => {
            let (one, other) = names();
            let bases = bases.iter().map(|base| base.short()).collect();
            Err(RevisionError::SeveralMergeBases { one, other, bases })
        }
        MergeBase::Cut => Err(shallow(
            repo,
            format!("the merge base of `{}` and `{}`", one.1, other.1),
        )),
    }
}

/// Whether nothing of the current side differs from its commit.
fn is_clean(repo: &Arc<Repo>, commit: CommitId, current: &Revision) -> Result<bool, RevisionError> {
    match current.kind {
        Kind::Git => Ok(true),
        Kind::Dir | Kind::Image => Ok(false),
        // Bytes decide, as everywhere; only where line endings are converted on checkout must git be asked.
        Kind::Worktree => Ok(same_protos(repo, commit, current)? || repo.has_clean_protos()?),
        Kind::Index => same_protos(repo, commit, current),
    }
}

fn same_protos(
    repo: &Arc<Repo>,
    commit: CommitId,
    current: &Revision,
) -> Result<bool, RevisionError> {
    let committed = Revision::of_commit("HEAD".to_owned(), repo, commit)?;
    Ok(committed.protos == current.protos)
}

fn shallow(repo: &Repo, wanted: String) -> RevisionError {
    RevisionError::Shallow {
        wanted,
        command: spec::unshallow_command(repo.remote()),
    }
}
