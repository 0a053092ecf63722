//! Builds repositories in temporary directories.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use miette::Diagnostic;
use protopact::revision::{Baseline, Place, Revision, RevisionError};
use tempfile::TempDir;

/// A directory that is gone after the test; the repository is in its folder `repo`.
pub(crate) struct Repo {
    temp: TempDir,
    root: PathBuf,
}

/// A repository without a commit, on `main`.
pub(crate) fn repo() -> Repo {
    let repo = plain();
    repo.git("init -q -b main");
    repo
}

/// A directory outside of any repository.
pub(crate) fn plain() -> Repo {
    let temp = TempDir::new().unwrap();
    let root = temp.path().join("repo");
    fs::create_dir(&root).unwrap();
    Repo { temp, root }
}

/// The ids of commits are new in every run.
#[allow(dead_code)]
pub(crate) fn without_ids(printed: &str) -> String {
    let parts = printed.split_inclusive('(').map(|part| {
        let id = part.get(..9).filter(|_| part.get(9..10) == Some(")"));
        match id {
            Some(id) if id.chars().all(|c| c.is_ascii_hexdigit()) => {
                format!("COMMIT{}", &part[9..])
            }
            _ => part.to_owned(),
        }
    });
    parts.collect()
}

impl Repo {
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// The same temporary directory, seen from another repository in it.
    pub(crate) fn moved_to(self, name: &str) -> Repo {
        let root = self.beside(name);
        Repo { root, ..self }
    }

    /// Runs git in the repository, arguments separated by spaces; its output.
    pub(crate) fn git(&self, arguments: &str) -> String {
        self.git_args(&arguments.split(' ').collect::<Vec<_>>())
    }

    pub(crate) fn git_args(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Runs git where it is expected to fail, as `git merge` does at a conflict.
    pub(crate) fn git_fails(&self, arguments: &str) {
        assert!(
            !self
                .command()
                .args(arguments.split(' '))
                .output()
                .unwrap()
                .status
                .success()
        );
    }

    /// Runs protopact in a folder of the repository: what it printed, errors first, and its exit status.
    #[allow(dead_code)]
    pub(crate) fn protopact<'a>(
        &self,
        folder: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
            .current_dir(self.root.join(folder))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env_remove("CLICOLOR_FORCE")
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let status = output.status.code().unwrap();
        let (errors, printed) = (text(output.stderr), text(output.stdout));
        format!("{errors}{printed}exit {status}")
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.root);
        for variable in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
            command.env(variable, "/dev/null");
        }
        for variable in [
            "GIT_AUTHOR_NAME",
            "GIT_AUTHOR_EMAIL",
            "GIT_COMMITTER_NAME",
            "GIT_COMMITTER_EMAIL",
        ] {
            command.env(variable, "somebody");
        }
        for variable in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes `a.proto` with this text and commits all there is; the commit's sha.
    pub(crate) fn commit(&self, text: &str) -> String {
        self.write("a.proto", text);
        self.commit_all()
    }

    pub(crate) fn commit_all(&self) -> String {
        self.git("add --all");
        self.git("commit -q --allow-empty -m message");
        self.git("rev-parse HEAD")
    }

    /// Commits and tags.
    pub(crate) fn release(&self, tag: &str) -> String {
        let sha = self.commit(tag);
        self.git(&format!("tag {tag}"));
        sha
    }

    pub(crate) fn place(&self) -> Place {
        Place::discover(&self.root).unwrap()
    }

    pub(crate) fn current(&self) -> Revision {
        self.place().current(None).unwrap()
    }

    pub(crate) fn to(&self, to: &str) -> Result<Revision, RevisionError> {
        self.place().current(Some(to))
    }

    /// What `--against` finds, the worktree being the current side.
    pub(crate) fn against(&self, against: &str) -> Result<Revision, RevisionError> {
        let place = self.place();
        Ok(place
            .baseline(&place.current(None)?, Some(against))?
            .revision)
    }

    /// The default baseline of the worktree.
    pub(crate) fn default(&self) -> Result<Baseline, RevisionError> {
        let place = self.place();
        place.baseline(&place.current(None)?, None)
    }

    pub(crate) fn chosen(&self) -> String {
        self.default().unwrap().chosen.unwrap()
    }

    /// A hash of every byte in the repository, with times of change.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hash_tree(&self.root, &mut hasher);
        hasher.finish()
    }
}

fn hash_tree(dir: &Path, hasher: &mut DefaultHasher) {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        path.hash(hasher);
        let metadata = fs::symlink_metadata(&path).unwrap();
        metadata.modified().unwrap().hash(hasher);
        if metadata.is_dir() {
            hash_tree(&path, hasher);
        } else if metadata.is_file() {
            fs::read(&path).unwrap().hash(hasher);
        }
    }
}

pub(crate) fn paths(revision: &Revision) -> Vec<&str> {
    revision.protos().keys().map(String::as_str).collect()
}

pub(crate) fn text(revision: &Revision, path: &str) -> Option<String> {
    revision
        .read(path)
        .unwrap()
        .map(|bytes| String::from_utf8(bytes).unwrap())
}

/// The message and the help of what must be an error.
pub(crate) fn error<T>(result: Result<T, RevisionError>) -> String {
    match result {
        Ok(_) => panic!("expected an error"),
        Err(error) => format!(
            "{error}\nhelp: {}",
            error
                .help()
                .map(|help| help.to_string())
                .unwrap_or_default()
        ),
    }
}

#[track_caller]
pub(crate) fn assert_says<T>(result: Result<T, RevisionError>, parts: &[&str]) {
    let message = error(result);
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in\n{message}");
    }
}
