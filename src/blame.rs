//! Which commit brought a finding: the first from which on it is there to the end, looked for along first parents and then in
//! the branch that a merge brought. What a finding is and where commits are kept it does not know.

pub mod report;

use std::collections::{BTreeMap, BTreeSet};

/// The history that is searched, and who judges a commit of it.
pub trait History {
    /// A commit.
    type Id: Copy + Ord;
    /// What can go wrong.
    type Error;

    /// The parents of a commit; the first is what it was made on.
    fn parents(&self, commit: Self::Id) -> Result<Vec<Self::Id>, Self::Error>;

    /// Whether only the current side contains a commit, and the baseline does not.
    fn is_new(&self, commit: Self::Id) -> bool;

    /// Whether two commits can have different findings.
    fn differ(&self, one: Self::Id, other: Self::Id) -> Result<bool, Self::Error>;

    /// The findings that the check of a commit gives, each by its fingerprint; none where it cannot be judged.
    fn judge(&self, commit: Self::Id) -> Result<Option<BTreeSet<String>>, Self::Error>;
}

/// Where a finding comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin<Id> {
    /// A commit has it, and nothing before it on its way to the end.
    Commit {
        /// The commit.
        commit: Id,
        /// The merge that brought the commit to the line of first parents, innermost last.
        merges: Vec<Id>,
        /// Commits just before it that could not be judged, newest first: one of them may have it, too.
        unjudged: Vec<Id>,
    },
    /// Every commit between the sides has it, and where their ways parted, too: the baseline is what changed since.
    Before,
    /// No commit has it.
    Uncommitted,
}

/// Where each of the findings of a side comes from whose commit is `tip`.
///
/// # Errors
/// Those of the history.
pub fn blame<H: History>(
    history: &H,
    tip: H::Id,
    wanted: &BTreeSet<String>,
) -> Result<BTreeMap<String, Origin<H::Id>>, H::Error> {
    let mut search = Search {
        history,
        judged: BTreeMap::new(),
        found: BTreeMap::new(),
    };
    let at_tip = search.judge(tip)?;
    // A commit that cannot be judged tells nothing of what the worktree adds to it.
    let committed = at_tip.unwrap_or_else(|| wanted.clone());
    for finding in wanted.difference(&committed) {
        search.found.insert(finding.clone(), Origin::Uncommitted);
    }
    let mut open = vec![Line {
        tip,
        wanted: wanted.intersection(&committed).cloned().collect(),
        ended: BTreeSet::new(),
        merges: Vec::new(),
    }];
    while let Some(line) = open.pop() {
        open.extend(search.follow(&line)?);
    }
    Ok(search.found)
}

/// A line of first parents that is still to be followed.
struct Line<Id> {
    tip: Id,
    /// The findings that the tip has.
    wanted: BTreeSet<String>,
    /// New commits that the line ends at, because another line has them.
    ended: BTreeSet<Id>,
    /// The merges that lead to it, outermost first.
    merges: Vec<Id>,
}

struct Search<'a, H: History> {
    history: &'a H,
    judged: BTreeMap<H::Id, Option<BTreeSet<String>>>,
    found: BTreeMap<String, Origin<H::Id>>,
}

impl<H: History> Search<'_, H> {
    /// Follows a line until none of its findings is left; the lines of branches that brought some of them are returned.
    fn follow(&mut self, line: &Line<H::Id>) -> Result<Vec<Line<H::Id>>, H::Error> {
        let mut wanted = line.wanted.clone();
        let mut branches = Vec::new();
        // The last commit that is known to have all of `wanted`, and those after it on the way back that nobody knows of.
        let (mut known, mut unjudged) = (line.tip, Vec::new());
        let mut at = line.tip;
        while !wanted.is_empty() {
            let is_last = !self.history.is_new(at) || line.ended.contains(&at);
            let parent = self.history.parents(at)?.first().copied();
            let Some(parent) = parent.filter(|_| !is_last) else {
                let wanted = std::mem::take(&mut wanted);
                self.settle_end(line, known, &unjudged, is_last, wanted);
                break;
            };
            match self.judge_after(parent, at)? {
                None => unjudged.push(parent),
                Some(has) => {
                    let brought: BTreeSet<String> = wanted.difference(&has).cloned().collect();
                    if !brought.is_empty() {
                        wanted.retain(|finding| has.contains(finding));
                        let merged = self.branches(line, (known, parent), &unjudged, brought)?;
                        branches.extend(merged);
                    }
                    known = parent;
                    unjudged.clear();
                }
            }
            at = parent;
        }
        Ok(branches)
    }

    /// What is there at the end of a line: at the very first commit, where the ways of the two sides parted, or where a
    /// branch left the line that it was merged into.
    fn settle_end(
        &mut self,
        line: &Line<H::Id>,
        known: H::Id,
        unjudged: &[H::Id],
        is_last: bool,
        wanted: BTreeSet<String>,
    ) {
        let origin = match line.merges.split_last() {
            _ if !is_last || !unjudged.is_empty() => Origin::Commit {
                commit: known,
                merges: line.merges.clone(),
                unjudged: unjudged.to_vec(),
            },
            None => Origin::Before,
            // It was there before the branch, gone on the line, and the merge brought it back.
            Some((merge, outer)) => Origin::Commit {
                commit: *merge,
                merges: outer.to_vec(),
                unjudged: Vec::new(),
            },
        };
        let found = wanted.into_iter().map(|it| (it, origin.clone()));
        self.found.extend(found);
    }

    /// The branches that brought findings which the first parent of a commit lacks; what none of them has the commit itself
    /// brought.
    fn branches(
        &mut self,
        line: &Line<H::Id>,
        (commit, parent): (H::Id, H::Id),
        unjudged: &[H::Id],
        mut brought: BTreeSet<String>,
    ) -> Result<Vec<Line<H::Id>>, H::Error> {
        let mut branches = Vec::new();
        let others = if unjudged.is_empty() {
            self.history.parents(commit)?
        } else {
            Vec::new()
        };
        let mut ended = line.ended.clone();
        for (index, other) in others.into_iter().enumerate() {
            if index == 0 {
                continue;
            }
            if ended.len() == line.ended.len() {
                ended.extend(self.reach(parent)?);
            }
            if brought.is_empty() || !self.history.is_new(other) || ended.contains(&other) {
                continue;
            }
            let Some(has) = self.judge_after(other, commit)? else {
                continue;
            };
            let wanted: BTreeSet<String> = brought.intersection(&has).cloned().collect();
            if wanted.is_empty() {
                continue;
            }
            brought.retain(|finding| !wanted.contains(finding));
            let mut merges = line.merges.clone();
            merges.push(commit);
            branches.push(Line {
                tip: other,
                wanted,
                ended: ended.clone(),
                merges,
            });
        }
        for finding in brought {
            let origin = Origin::Commit {
                commit,
                merges: line.merges.clone(),
                unjudged: unjudged.to_vec(),
            };
            self.found.insert(finding, origin);
        }
        Ok(branches)
    }

    /// The new commits that a commit contains, itself among them.
    fn reach(&self, from: H::Id) -> Result<BTreeSet<H::Id>, H::Error> {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(commit) = open.pop() {
            if self.history.is_new(commit) && seen.insert(commit) {
                open.extend(self.history.parents(commit)?);
            }
        }
        Ok(seen)
    }

    /// The findings of a commit, those of a neighbour if nothing differs that is judged.
    fn judge_after(
        &mut self,
        commit: H::Id,
        neighbour: H::Id,
    ) -> Result<Option<BTreeSet<String>>, H::Error> {
        if !self.judged.contains_key(&commit)
            && let Some(same) = self.judged.get(&neighbour)
            && !self.history.differ(commit, neighbour)?
        {
            let same = same.clone();
            self.judged.insert(commit, same);
        }
        self.judge(commit)
    }

    fn judge(&mut self, commit: H::Id) -> Result<Option<BTreeSet<String>>, H::Error> {
        if let Some(known) = self.judged.get(&commit) {
            return Ok(known.clone());
        }
        let judged = self.history.judge(commit)?;
        self.judged.insert(commit, judged.clone());
        Ok(judged)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Commits by their number: parents, and the findings of each; none where it cannot be judged.
    struct Made(BTreeMap<u32, (Vec<u32>, Option<&'static str>)>);

    impl History for Made {
        type Id = u32;
        type Error = Infallible;

        fn parents(&self, commit: u32) -> Result<Vec<u32>, Infallible> {
            let known = self.0.get(&commit);
            Ok(known
                .map(|(parents, _)| parents.clone())
                .unwrap_or_default())
        }

        fn is_new(&self, commit: u32) -> bool {
            commit > 0
        }

        fn differ(&self, one: u32, other: u32) -> Result<bool, Infallible> {
            Ok(self.0.get(&one).map(|it| it.1) != self.0.get(&other).map(|it| it.1))
        }

        fn judge(&self, commit: u32) -> Result<Option<BTreeSet<String>>, Infallible> {
            let said = self.0.get(&commit).and_then(|(_, said)| *said);
            Ok(said.map(|said| said.chars().map(String::from).collect()))
        }
    }

    /// Where the findings of the last commit, and `more` of the worktree, come from.
    fn told(commits: &[(u32, &[u32], Option<&'static str>)], more: &str) -> String {
        let made = commits.iter();
        let made = made.map(|(id, parents, said)| (*id, (parents.to_vec(), *said)));
        let made = Made(made.collect());
        let tip = *made.0.last_key_value().unwrap().0;
        let mut wanted = made.judge(tip).unwrap().unwrap_or_default();
        wanted.extend(more.chars().map(String::from));
        let found = blame(&made, tip, &wanted).unwrap();
        let lines = found.iter().map(|(finding, origin)| match origin {
            Origin::Uncommitted => format!("{finding}: uncommitted"),
            Origin::Before => format!("{finding}: before"),
            Origin::Commit {
                commit,
                merges,
                unjudged,
            } => format!("{finding}: {commit} by {merges:?} after {unjudged:?}"),
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn the_last_time_that_it_came_counts() {
        let line = [
            (0, &[][..], Some("")),
            (1, &[0], Some("ab")),
            (2, &[1], Some("b")),
            (3, &[2], Some("b")),
            (4, &[3], Some("ab")),
            (5, &[4], Some("ab")),
        ];
        assert_eq!(
            told(&line, "c"),
            "a: 4 by [] after []; b: 1 by [] after []; c: uncommitted"
        );
    }

    #[test]
    fn a_merge_leads_into_its_branch() {
        let merged = [
            (0, &[][..], Some("")),
            (1, &[0], Some("")),
            (2, &[0], Some("a")),
            (3, &[2], Some("a")),
            (4, &[1, 3], Some("ab")),
            (5, &[4], Some("ab")),
        ];
        assert_eq!(
            told(&merged, ""),
            "a: 2 by [4] after []; b: 4 by [] after []"
        );
        let octopus = [
            (0, &[][..], Some("")),
            (1, &[0], Some("a")),
            (2, &[0], Some("b")),
            (3, &[0], Some("c")),
            (4, &[1, 2, 3], Some("abc")),
        ];
        assert_eq!(
            told(&octopus, ""),
            "a: 1 by [] after []; b: 2 by [4] after []; c: 3 by [4] after []"
        );
        // The branch had taken the line in, and brings what it has of its own.
        let nested = [
            (0, &[][..], Some("")),
            (1, &[0], Some("")),
            (2, &[0], Some("a")),
            (3, &[2, 1], Some("a")),
            (4, &[1, 3], Some("a")),
        ];
        assert_eq!(told(&nested, ""), "a: 2 by [4] after []");
    }

    #[test]
    fn a_merge_can_bring_back_what_the_line_had_given_up() {
        let revived = [
            (0, &[][..], Some("")),
            (1, &[0], Some("a")),
            (2, &[1], Some("")),
            (3, &[1], Some("a")),
            (4, &[2, 3], Some("a")),
        ];
        assert_eq!(told(&revived, ""), "a: 4 by [] after []");
    }

    #[test]
    fn what_cannot_be_judged_is_named() {
        let broken = [
            (0, &[][..], Some("")),
            (1, &[0], Some("")),
            (2, &[1], None),
            (3, &[2], Some("a")),
        ];
        assert_eq!(told(&broken, ""), "a: 3 by [] after [2]");
        let unclear = [(0, &[][..], Some("")), (1, &[0], None)];
        assert_eq!(told(&unclear, "a"), "a: 1 by [] after []");
    }

    #[test]
    fn what_only_the_baseline_has_no_commit_brought() {
        let apart = [(0, &[][..], Some("a")), (1, &[0], Some("a"))];
        assert_eq!(told(&apart, ""), "a: before");
    }
}
