//! History: the tags that a commit contains, what two commits have in common, and whether a shallow clone can tell. It must not know why that is asked.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, FixedOffset};
use git2::{DiffOptions, ErrorCode, FileMode, Oid, Repository};

use super::{CommitId, Repo, failed};
use crate::revision::error::RevisionError;
use crate::revision::walk::Commit;

/// What two commits have in common.
pub(crate) enum MergeBase {
    One(CommitId),
    None,
    Several(Vec<CommitId>),
    /// a shallow clone cannot tell
    Cut,
}

impl Repo {
    /// Who commits here, as `Name <mail>`; none where git was not told.
    pub(crate) fn author(&self) -> Option<String> {
        let repository = self.lock();
        let signature = repository.signature().ok()?;
        let (name, mail) = (signature.name().ok()?, signature.email().ok()?);
        Some(format!("{name} <{mail}>"))
    }

    /// The tags whose names are `wanted`, with the commit that each stands at; tags of other things have none.
    pub(crate) fn tags(
        &self,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<(String, CommitId)>, RevisionError> {
        let repository = self.lock();
        let references = repository
            .references_glob("refs/tags/*")
            .map_err(failed("listing tags"))?;
        let mut tags = Vec::new();
        for reference in references {
            let reference = reference.map_err(failed("listing tags"))?;
            let Some(name) = reference
                .name()
                .ok()
                .and_then(|name| name.strip_prefix("refs/tags/"))
            else {
                continue;
            };
            if let (true, Ok(commit)) = (wanted(name), reference.peel_to_commit()) {
                tags.push((name.to_owned(), CommitId(commit.id())));
            }
        }
        tags.sort();
        Ok(tags)
    }

    /// The messages of the commits that `to` contains and `from` does not, with the short name of each, newest first.
    pub(crate) fn messages(
        &self,
        from: CommitId,
        to: CommitId,
    ) -> Result<Vec<(String, String)>, RevisionError> {
        let commits = self.between(from, to)?;
        let repository = self.lock();
        let doing = failed("walking through history");
        let message = |id: CommitId| {
            let commit = repository.find_commit(id.0).map_err(&doing)?;
            let text = String::from_utf8_lossy(commit.message_bytes()).into_owned();
            Ok((id.short(), text))
        };
        commits.into_iter().map(message).collect()
    }

    /// The commits that `to` contains and `from` does not, newest first.
    pub(crate) fn between(
        &self,
        from: CommitId,
        to: CommitId,
    ) -> Result<Vec<CommitId>, RevisionError> {
        let repository = self.lock();
        let doing = failed("walking through history");
        let commits: Vec<Oid> = if self.boundary.is_empty() {
            let mut walk = repository.revwalk().map_err(&doing)?;
            walk.push(to.0).map_err(&doing)?;
            walk.hide(from.0).map_err(&doing)?;
            walk.collect::<Result<_, _>>().map_err(&doing)?
        } else {
            let known = ancestors(&repository, from.0)?;
            let mut new: Vec<Oid> = ancestors(&repository, to.0)?
                .into_iter()
                .filter(|commit| !known.contains(commit))
                .collect();
            new.sort();
            new
        };
        Ok(commits.into_iter().map(CommitId).collect())
    }

    /// Whether a shallow clone lacks the parents of a commit.
    pub(crate) fn is_cut(&self, commit: CommitId) -> bool {
        self.boundary.contains(&commit.0)
    }

    /// The parents of a commit, in their order.
    pub(crate) fn parents(&self, commit: CommitId) -> Result<Vec<CommitId>, RevisionError> {
        let parents = parents(&self.lock(), commit.0)?;
        Ok(parents.into_iter().map(CommitId).collect())
    }

    /// What a commit says of itself.
    pub(crate) fn describe(&self, id: CommitId) -> Result<Commit, RevisionError> {
        let repository = self.lock();
        let commit = repository
            .find_commit(id.0)
            .map_err(failed("reading a commit"))?;
        let author = commit.author();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let message = text(commit.message_bytes());
        Ok(Commit {
            id: id.to_string(),
            author: text(author.name_bytes()),
            mail: text(author.email_bytes()),
            date: day(author.when()),
            subject: message.lines().next().unwrap_or_default().to_owned(),
        })
    }

    /// Whether two commits differ in a file whose path is `wanted`, or in what a link or a submodule leads to.
    pub(crate) fn differ(
        &self,
        one: CommitId,
        other: CommitId,
        wanted: impl Fn(&[u8]) -> bool,
    ) -> Result<bool, RevisionError> {
        let repository = self.lock();
        let doing = failed("comparing two commits");
        let tree = |id: CommitId| repository.find_commit(id.0)?.tree();
        let (one, other) = (tree(one).map_err(&doing)?, tree(other).map_err(&doing)?);
        if one.id() == other.id() {
            return Ok(false);
        }
        let mut options = DiffOptions::new();
        options.skip_binary_check(true);
        let diff = repository
            .diff_tree_to_tree(Some(&one), Some(&other), Some(&mut options))
            .map_err(&doing)?;
        let differs = diff.deltas().any(|delta| {
            let mut files = [delta.old_file(), delta.new_file()].into_iter();
            files.any(|file| {
                let leads_on = matches!(file.mode(), FileMode::Link | FileMode::Commit);
                leads_on || file.path_bytes().is_some_and(&wanted)
            })
        });
        Ok(differs)
    }

    /// Those of `wanted` that `from` contains; none where a shallow clone cannot tell.
    pub(crate) fn reachable(
        &self,
        from: CommitId,
        wanted: &BTreeSet<CommitId>,
    ) -> Result<Option<BTreeSet<CommitId>>, RevisionError> {
        let repository = self.lock();
        if !self.boundary.is_empty() {
            let seen = ancestors(&repository, from.0)?;
            let cut = self.boundary.iter().any(|commit| seen.contains(commit));
            return Ok((!cut).then(|| {
                wanted
                    .iter()
                    .filter(|commit| seen.contains(&commit.0))
                    .copied()
                    .collect()
            }));
        }
        let mut found = BTreeSet::new();
        let doing = failed("walking through history");
        let mut walk = repository.revwalk().map_err(&doing)?;
        walk.set_sorting(git2::Sort::TIME).map_err(&doing)?;
        walk.push(from.0).map_err(&doing)?;
        while found.len() < wanted.len() {
            let Some(commit) = walk.next() else { break };
            let commit = CommitId(commit.map_err(&doing)?);
            if wanted.contains(&commit) {
                found.insert(commit);
            }
        }
        Ok(Some(found))
    }

    /// The best common ancestors of two commits.
    pub(crate) fn merge_base(
        &self,
        one: CommitId,
        other: CommitId,
    ) -> Result<MergeBase, RevisionError> {
        let repository = self.lock();
        if !self.boundary.is_empty() {
            return self.merge_base_in_shallow(&repository, one.0, other.0);
        }
        match repository.merge_bases(one.0, other.0) {
            Ok(bases) => Ok(MergeBase::of(bases.iter().copied())),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(MergeBase::None),
            Err(error) => Err(failed("looking for the merge base")(error)),
        }
    }

    /// libgit2's own search stumbles over the parents that a shallow clone lacks, and knows no doubt about what it found.
    fn merge_base_in_shallow(
        &self,
        repository: &Repository,
        one: Oid,
        other: Oid,
    ) -> Result<MergeBase, RevisionError> {
        let (ours, theirs) = (ancestors(repository, one)?, ancestors(repository, other)?);
        if theirs.contains(&one) {
            return Ok(MergeBase::One(CommitId(one)));
        }
        if ours.contains(&other) {
            return Ok(MergeBase::One(CommitId(other)));
        }
        // A better base can only hide behind a boundary that is no ancestor of what both sides see.
        let is_cut = |commit: &Oid| self.boundary.contains(commit);
        if ours.symmetric_difference(&theirs).any(is_cut) {
            return Ok(MergeBase::Cut);
        }
        let common: BTreeSet<Oid> = ours.intersection(&theirs).copied().collect();
        let mut best = common.clone();
        for commit in &common {
            for parent in parents(repository, *commit)? {
                best.remove(&parent);
            }
        }
        Ok(MergeBase::of(best.into_iter()))
    }
}

impl MergeBase {
    fn of(bases: impl Iterator<Item = Oid>) -> MergeBase {
        let mut bases: Vec<CommitId> = bases.map(CommitId).collect();
        bases.sort();
        match bases.as_slice() {
            [] => MergeBase::None,
            [base] => MergeBase::One(*base),
            _ => MergeBase::Several(bases),
        }
    }
}

/// The day of a moment where it was noted down; empty where no calendar has it.
fn day(when: git2::Time) -> String {
    let moment = DateTime::from_timestamp(when.seconds(), 0);
    let zone = FixedOffset::east_opt(when.offset_minutes().saturating_mul(60));
    let day = moment.zip(zone).map(|(moment, zone)| {
        let day = moment.with_timezone(&zone).date_naive();
        day.to_string()
    });
    day.unwrap_or_default()
}

/// All commits that can be seen from `from`, itself among them. libgit2's walk does not know about shallow clones; its commits do.
fn ancestors(repository: &Repository, from: Oid) -> Result<HashSet<Oid>, RevisionError> {
    let mut seen = HashSet::from([from]);
    let mut next = vec![from];
    while let Some(commit) = next.pop() {
        for parent in parents(repository, commit)? {
            if seen.insert(parent) {
                next.push(parent);
            }
        }
    }
    Ok(seen)
}

fn parents(repository: &Repository, commit: Oid) -> Result<Vec<Oid>, RevisionError> {
    let commit = repository
        .find_commit(commit)
        .map_err(failed("walking through history"))?;
    Ok(commit.parent_ids().collect())
}
