//! The commits of repositories that changed schemas, each as two trees that hold no more than what changed and what that
//! imports.
//!
//! buf needs minutes for a large repository as a whole. What is left out did not change, and what imports it is not
//! concerned in the category FILE, where everything belongs to its file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use git2::{Commit, Delta, Repository, Tree};

/// Copies of schemas that declare the same symbols a second time.
const LEFT_OUT: [&str; 1] = ["preview/"];

/// What compilers bring along.
const WELL_KNOWN: &str = "google/protobuf/";

/// Clones; what one lacks may be in the others.
pub(crate) struct Repositories(Vec<Repository>);

/// A commit, compared with its parent.
pub(crate) struct Step {
    pub(crate) commit: String,
    pub(crate) before: BTreeMap<String, Vec<u8>>,
    pub(crate) after: BTreeMap<String, Vec<u8>>,
}

impl Repositories {
    pub(crate) fn open(clones: &[PathBuf]) -> Self {
        Self(
            clones
                .iter()
                .map(|clone| Repository::open(clone).unwrap())
                .collect(),
        )
    }

    /// The last commits of a clone that changed schemas, but for merges, the latest first.
    pub(crate) fn steps(&self, clone: usize, last: usize) -> impl Iterator<Item = Step> {
        let repository = &self.0[clone];
        let mut walk = repository.revwalk().unwrap();
        walk.push_head().unwrap();
        walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::TIME)
            .unwrap();
        let commits = walk.map(|id| repository.find_commit(id.unwrap()).unwrap());
        let steps = commits.filter_map(move |commit| self.step(clone, &commit));
        steps.take(last)
    }

    /// `None` where it changed no schema, and for the first commit and for merges.
    fn step(&self, clone: usize, commit: &Commit) -> Option<Step> {
        if commit.parent_count() != 1 {
            return None;
        }
        let (before, after) = (commit.parent(0).unwrap().tree(), commit.tree());
        let (before, after) = (before.unwrap(), after.unwrap());
        let changed = changed(&self.0[clone], &before, &after);
        if changed.is_empty() {
            return None;
        }
        let elsewhere: Vec<Tree> = self
            .0
            .iter()
            .map(|other| other.head().unwrap().peel_to_tree().unwrap())
            .collect();
        let read = |tree: &Tree, path: &str| {
            let elsewhere = self.0.iter().zip(&elsewhere).enumerate();
            let mut elsewhere = elsewhere.filter(|(other, _)| *other != clone);
            text(&self.0[clone], tree, path)
                .or_else(|| elsewhere.find_map(|(_, (other, tree))| text(other, tree, path)))
        };
        // What one side imports has to be on the other, too: else it would be added or deleted.
        let mut step = Step {
            commit: commit.id().to_string(),
            before: BTreeMap::new(),
            after: BTreeMap::new(),
        };
        let (mut seen, mut wanted) = (changed.clone(), changed);
        while let Some(path) = wanted.pop_first() {
            for (tree, files) in [(&before, &mut step.before), (&after, &mut step.after)] {
                let Some(text) = read(tree, &path) else {
                    continue;
                };
                for import in imports(&text) {
                    if !import.starts_with(WELL_KNOWN) && seen.insert(import.clone()) {
                        wanted.insert(import);
                    }
                }
                files.insert(path.clone(), text);
            }
        }
        Some(step)
    }
}

/// The schemas that differ.
fn changed(repository: &Repository, before: &Tree, after: &Tree) -> BTreeSet<String> {
    let diff = repository
        .diff_tree_to_tree(Some(before), Some(after), None)
        .unwrap();
    let paths = diff.deltas().map(|delta| {
        let file = match delta.status() {
            Delta::Deleted => delta.old_file(),
            _ => delta.new_file(),
        };
        file.path().unwrap().to_str().unwrap().to_owned()
    });
    let is_schema = |path: &str| Path::new(path).extension().is_some_and(|it| it == "proto");
    let is_left_out = |path: &str| LEFT_OUT.iter().any(|start| path.starts_with(start));
    paths
        .filter(|path| is_schema(path) && !is_left_out(path))
        .collect()
}

fn text(repository: &Repository, tree: &Tree, path: &str) -> Option<Vec<u8>> {
    let entry = tree.get_path(Path::new(path)).ok()?;
    Some(repository.find_blob(entry.id()).ok()?.content().to_vec())
}

/// The files that a schema imports, each on a line of its own.
fn imports(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().map(str::trim_start);
    let imports = lines.filter(|line| line.starts_with("import"));
    imports
        .filter_map(|line| line.split(['"', '\'']).nth(1).map(str::to_owned))
        .collect()
}
