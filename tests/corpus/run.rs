//! Finds the corpus, keeps a clone of it, and runs the program on it; it knows no expectations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::corpus;

/// The release that the mutations were made from.
pub(crate) const LAST: &str = "v1.11.0";

/// The corpus, with a clone of its repository at its last release.
pub(crate) struct Corpus {
    source: PathBuf,
    temp: TempDir,
    /// The clone; HEAD is on `main`, the last release.
    pub(crate) repo: PathBuf,
}

impl Corpus {
    /// The corpus with a clone of its own for one test; `None`, said on stderr, where there is no corpus.
    pub(crate) fn open() -> Option<Corpus> {
        let bundle = "otel/opentelemetry-proto.bundle";
        let source = corpus::find(bundle)?;
        let bundle = source.join(bundle);
        let (source, bundle) = (absolute(&source), absolute(&bundle));
        let temp = TempDir::new().unwrap();
        let repo = temp.path().join("repo");
        let arguments = [Path::new("clone"), Path::new("-q"), &bundle, &repo];
        succeed(isolated("git", temp.path()).args(arguments));
        let corpus = Corpus { source, temp, repo };
        corpus.git("switch -q -C main --no-track v1.11.0");
        Some(corpus)
    }

    /// A file of the corpus.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.source.join("otel").join(path)
    }

    /// A path beside the clone, outside of any repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// Runs git in the clone, arguments separated by spaces; its output.
    pub(crate) fn git(&self, arguments: &str) -> String {
        succeed(isolated("git", &self.repo).args(arguments.split(' ')))
    }

    /// Applies a patch of the corpus, to the index with `--cached`.
    pub(crate) fn apply(&self, patch: &Path, flags: &[&str]) {
        let quiet = ["apply", "--whitespace=nowarn"];
        succeed(
            isolated("git", &self.repo)
                .args(quiet)
                .args(flags)
                .arg(patch),
        );
    }

    /// Puts the clone back to the last release, HEAD detached.
    pub(crate) fn reset(&self) {
        self.git("checkout -q --force --detach v1.11.0");
        self.git("clean -q -f -d");
    }

    /// Writes what is in the index to a new directory beside the clone.
    pub(crate) fn export(&self, name: &str) -> PathBuf {
        let directory = self.beside(name);
        let prefix = format!("--prefix={}/", directory.display());
        succeed(isolated("git", &self.repo).args(["checkout-index", "--all", &prefix]));
        directory
    }

    /// Changes a file of the clone, which must really change.
    pub(crate) fn edit(&self, path: &str, change: impl FnOnce(&str) -> String) {
        let path = self.repo.join(path);
        let before = fs::read_to_string(&path).unwrap();
        let after = change(&before);
        assert_ne!(before, after, "{}", path.display());
        fs::write(path, after).unwrap();
    }

    /// Every release, oldest first.
    pub(crate) fn releases(&self) -> Vec<String> {
        let mut tags: Vec<String> = self.git("tag").lines().map(str::to_owned).collect();
        tags.sort_by_key(|tag| version(tag));
        tags
    }

    /// `protopact check` in the clone.
    pub(crate) fn check(&self, arguments: &[&str]) -> Run {
        check(&self.repo, arguments)
    }
}

/// The version of a release tag.
pub(crate) fn version(tag: &str) -> semver::Version {
    tag.trim_start_matches('v').parse().unwrap()
}

/// What `protopact check --format json` said.
pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) report: Value,
}

/// Runs `protopact check --format json` in a directory; it must be able to judge.
pub(crate) fn check(directory: &Path, arguments: &[&str]) -> Run {
    let mut command = isolated(env!("CARGO_BIN_EXE_protopact"), directory);
    command.args(["check", "--format", "json"]).args(arguments);
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        let error = String::from_utf8_lossy(&output.stderr);
        panic!("protopact check {arguments:?}:\n{error}")
    });
    Run {
        exit: output.status.code().unwrap(),
        report,
    }
}

/// What `protopact check` prints for people, and its exit status.
pub(crate) fn check_for_people(directory: &Path) -> (i32, String) {
    let mut command = isolated(env!("CARGO_BIN_EXE_protopact"), directory);
    let output = command.arg("check").output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

impl Run {
    pub(crate) fn findings(&self) -> &[Value] {
        self.report["findings"].as_array().unwrap()
    }

    /// The findings with this status.
    pub(crate) fn with_status(&self, status: &str) -> Vec<&Value> {
        self.findings()
            .iter()
            .filter(|it| it["status"] == status)
            .collect()
    }

    /// The findings that no maturity excuses.
    pub(crate) fn counting(&self) -> Vec<&Value> {
        let counts = |it: &&Value| it["status"] == "failing" || it["status"] == "reported";
        self.findings().iter().filter(counts).collect()
    }

    /// The findings without what names a side, and the counts.
    pub(crate) fn without_names(&self) -> (Vec<Value>, Value) {
        let mut findings = self.findings().to_vec();
        for finding in &mut findings {
            finding.as_object_mut().unwrap().remove("baselines");
        }
        (findings, self.report["summary"].clone())
    }
}

/// The text of a member of a finding; empty where there is none.
pub(crate) fn text<'a>(finding: &'a Value, member: &str) -> &'a str {
    finding[member].as_str().unwrap_or_default()
}

/// A finding in one line: what became of it, its rule and its symbol.
pub(crate) fn line(finding: &Value) -> String {
    let words = ["status", "level", "rule", "symbol"];
    words.map(|word| text(finding, word)).join(" ")
}

/// Findings in one line each, for a failed expectation.
pub(crate) fn lines<'a>(findings: impl IntoIterator<Item = &'a Value>) -> String {
    let mut all = String::new();
    for finding in findings {
        all.push_str("\n      ");
        all.push_str(&line(finding));
    }
    all
}

/// Fails with every line of `wrong`, if there is any.
pub(crate) fn all_right(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A command that no configuration of the machine touches.
pub(crate) fn isolated(program: &str, directory: &Path) -> Command {
    let set = BTreeMap::from([
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_SYSTEM", "/dev/null"),
        ("GIT_AUTHOR_NAME", "somebody"),
        ("GIT_AUTHOR_EMAIL", "somebody"),
        ("GIT_COMMITTER_NAME", "somebody"),
        ("GIT_COMMITTER_EMAIL", "somebody"),
    ]);
    let mut command = Command::new(program);
    command.current_dir(directory).envs(set);
    for variable in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(variable);
    }
    command
}

fn absolute(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap()
}

fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}
