//! The hooks that `.pre-commit-hooks.yaml` offers, run by git through the real pre-commit, which `PROTOPACT_PRE_COMMIT` names;
//! without it the tests say that they skipped, and with `PROTOPACT_REQUIRE_PRE_COMMIT=1` they fail instead.
//!
//! Hooks run with `GIT_DIR`, `GIT_INDEX_FILE` and `GIT_WORK_TREE` set, and a program that minds these wrongly reads the wrong
//! index or writes to the configuration.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::repo::{Repo, repo};

const ORDER: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Order {\n  string id = 1;\n  string note = 2;\n}\n";
const BREAKING: &str =
    "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Order {\n  string id = 1;\n}\n";
const HARMLESS: &str = "syntax = \"proto3\";\npackage acme.v1;\n\n// An order.\nmessage Order {\n  string id = 1;\n  string note = 2;\n}\n";

/// The real pre-commit, if there is one.
fn pre_commit() -> Option<PathBuf> {
    let named = std::env::var_os("PROTOPACT_PRE_COMMIT").map(PathBuf::from);
    if named.is_none() {
        let required = std::env::var_os("PROTOPACT_REQUIRE_PRE_COMMIT").is_some_and(|it| it == "1");
        assert!(!required, "PROTOPACT_PRE_COMMIT names no pre-commit");
        // Not by `eprintln!`, which the test harness swallows where a test passes.
        io::stderr()
            .write_all(b"skipped: PROTOPACT_PRE_COMMIT names no pre-commit\n")
            .unwrap();
    }
    named
}

/// The hooks as they are offered, but with a program that is there: pre-commit would build it anew for minutes.
///
/// The program runs in a frame that fails where the index or the configuration is another one afterwards.
fn configuration(frame: &Path) -> String {
    let offered = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    let offered = fs::read_to_string(offered).unwrap();
    let hooks: Vec<String> = offered
        .lines()
        .filter(|line| !line.starts_with('#') && !line.contains("minimum_pre_commit_version"))
        .map(|line| format!("  {line}\n"))
        .collect();
    let hooks = hooks.concat();
    let local = hooks
        .replace("language: rust", "language: system")
        .replace("entry: protopact", &format!("entry: {}", frame.display()));
    assert_eq!(local.matches("language: system").count(), 2);
    assert_eq!(local.matches("entry: /").count(), 2);
    format!("repos:\n- repo: local\n  hooks:\n{local}")
}

/// A script that runs protopact and compares what it must not touch before and after.
fn frame(repo: &Repo) -> PathBuf {
    let path = repo.beside("frame");
    let script = format!(
        r#"#!/bin/sh
index=${{GIT_INDEX_FILE:-$(git rev-parse --git-path index)}}
config=$(git rev-parse --git-common-dir)/config
sums() {{ cksum "$index" "$config"; }}
before=$(sums)
'{}' "$@"
status=$?
[ "$before" = "$(sums)" ] || {{ echo "protopact wrote to the repository"; exit 99; }}
exit $status
"#,
        env!("CARGO_BIN_EXE_protopact")
    );
    fs::write(&path, script).unwrap();
    executable(&path);
    path
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn executable(_path: &Path) {}

/// Something that git or pre-commit was asked to do: whether it was let, and what was printed.
struct Outcome {
    done: bool,
    text: String,
}

impl Outcome {
    fn passes(&self) {
        assert!(self.done, "{}", self.text);
        assert!(self.text.contains("protopact"), "{}", self.text);
        assert!(self.text.contains("Passed"), "{}", self.text);
    }

    fn is_stopped_by(&self, rule: &str) {
        assert!(!self.done, "{}", self.text);
        assert!(self.text.contains(&format!("[{rule}]")), "{}", self.text);
        assert!(self.text.contains("- exit code: 1"), "{}", self.text);
    }
}

/// A clone that has the hooks, and the program that runs them.
struct Hooked {
    repo: Repo,
    pre_commit: PathBuf,
}

impl Hooked {
    /// Runs a program in the clone as a person would, all of its words after each other.
    fn run(&self, program: &Path, arguments: &[&str], variables: &[(&str, &Path)]) -> Outcome {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.repo.root());
        for variable in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(variable);
        }
        for variable in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
            command.env(variable, "/dev/null");
        }
        for person in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{person}_NAME"), "somebody");
            command.env(format!("GIT_{person}_EMAIL"), "somebody");
        }
        let output = command
            .env("PRE_COMMIT_HOME", self.repo.beside("pre-commit-home"))
            .env_remove("CLICOLOR_FORCE")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        Outcome {
            done: output.status.success(),
            text: String::from_utf8(text).unwrap(),
        }
    }

    fn git(&self, arguments: &str) -> Outcome {
        let words: Vec<&str> = arguments.split(' ').collect();
        self.run(Path::new("git"), &words, &[])
    }

    fn install(&self) {
        let installed = self.run(
            &self.pre_commit,
            &["install", "-t", "pre-commit", "-t", "pre-push"],
            &[],
        );
        assert!(installed.done, "{}", installed.text);
    }

    fn stage(&self, text: &str) {
        self.repo.write("order.proto", text);
        self.repo.git("add order.proto");
    }

    fn moved_to(self, name: &str) -> Self {
        let repo = self.repo.moved_to(name);
        Self { repo, ..self }
    }
}

/// On a branch, with the promise of a field on `main`; without pre-commit, none.
fn on_a_branch() -> Option<Hooked> {
    let pre_commit = pre_commit()?;
    let repo = repo();
    repo.write("order.proto", ORDER);
    let frame = frame(&repo);
    repo.write(".pre-commit-config.yaml", &configuration(&frame));
    repo.commit_all();
    repo.git("checkout -q -b topic");
    Some(Hooked { repo, pre_commit })
}

#[test]
fn a_commit_is_held_to_what_is_staged() {
    let Some(clone) = on_a_branch() else { return };
    clone.install();
    // Also where the branch has no commit of its own yet.
    clone.stage(BREAKING);
    clone
        .git("commit -m breaking")
        .is_stopped_by("field-deleted");
    // What is not staged does not count.
    clone.stage(HARMLESS);
    clone.repo.write("order.proto", BREAKING);
    clone.git("commit -m harmless").passes();
    // These two commit from an index of their own, which GIT_INDEX_FILE names.
    clone.git("commit -a -m all").is_stopped_by("field-deleted");
    clone
        .git("commit -m named order.proto")
        .is_stopped_by("field-deleted");
    clone.repo.write("order.proto", ORDER);
    clone.git("commit -a -m all").passes();
    clone.repo.write("README.md", "# Words\n");
    clone.repo.git("add README.md");
    clone.git("commit -m words").passes();
}

/// pre-commit leaves out of its list of files those that are gone.
#[test]
fn a_schema_that_is_deleted_or_renamed_away() {
    let Some(clone) = on_a_branch() else { return };
    clone.repo.git("init -q --bare ../remote.git");
    clone.repo.git("remote add origin ../remote.git");
    clone.repo.git("push -q origin main");
    clone.install();
    clone.repo.git("rm -q order.proto");
    clone.git("commit -m gone").is_stopped_by("message-deleted");
    clone.repo.git("commit -q --no-verify -m gone");
    clone
        .git("push origin topic")
        .is_stopped_by("message-deleted");
    clone.repo.git("reset -q --hard main");
    clone.repo.git("mv order.proto order.txt");
    clone
        .git("commit -m renamed")
        .is_stopped_by("message-deleted");
}

#[test]
fn a_commit_in_a_folder_and_in_a_worktree_of_a_bare_clone() {
    let Some(clone) = on_a_branch() else { return };
    clone.repo.git("clone -q --bare . ../store.git");
    assert_eq!(clone.repo.git("-C ../store.git config core.bare"), "true");
    let store = clone.repo.beside("store.git");
    clone.repo.git_args(&[
        "-C",
        store.to_str().unwrap(),
        "worktree",
        "add",
        "-q",
        "../tree",
        "topic",
    ]);
    let tree = clone.moved_to("tree");
    tree.install();
    let config = fs::read(store.join("config")).unwrap();
    tree.stage(BREAKING);
    tree.git("commit -m breaking")
        .is_stopped_by("field-deleted");
    tree.stage(HARMLESS);
    tree.git("commit -m harmless").passes();
    fs::create_dir(tree.repo.root().join("folder")).unwrap();
    tree.stage(BREAKING);
    tree.git("-C folder commit -m breaking")
        .is_stopped_by("field-deleted");
    assert_eq!(fs::read(store.join("config")).unwrap(), config);
}

#[test]
fn a_store_that_only_variables_name() {
    let Some(clone) = on_a_branch() else { return };
    let store = clone.repo.beside("store.git");
    fs::rename(clone.repo.root().join(".git"), &store).unwrap();
    let root = clone.repo.root().to_owned();
    let around = [
        ("GIT_DIR", store.as_path()),
        ("GIT_WORK_TREE", root.as_path()),
    ];
    let git = |arguments: &[&str]| clone.run(Path::new("git"), arguments, &around);
    assert!(git(&["config", "core.bare", "true"]).done);
    let config = fs::read(store.join("config")).unwrap();
    let run = |stage: &str| {
        clone.run(
            &clone.pre_commit,
            &["run", "--hook-stage", stage, "--all-files"],
            &around,
        )
    };
    clone.repo.write("order.proto", BREAKING);
    assert!(git(&["add", "order.proto"]).done);
    run("pre-commit").is_stopped_by("field-deleted");
    // HEAD is not what is staged.
    run("pre-push").passes();
    clone.repo.write("order.proto", HARMLESS);
    assert!(git(&["add", "order.proto"]).done);
    run("pre-commit").passes();
    assert_eq!(fs::read(store.join("config")).unwrap(), config);
}

#[test]
fn a_git_directory_elsewhere() {
    let Some(clone) = on_a_branch() else { return };
    clone.repo.git("init -q --separate-git-dir ../elsewhere");
    clone.install();
    clone.stage(BREAKING);
    clone
        .git("commit -m breaking")
        .is_stopped_by("field-deleted");
    clone.stage(HARMLESS);
    clone.git("commit -m harmless").passes();
    // What is in the worktree counts where the environment of a hook says no more than where the directory is.
    clone.repo.write("order.proto", BREAKING);
    let elsewhere = clone.repo.beside("elsewhere");
    let run = clone.run(
        Path::new(env!("CARGO_BIN_EXE_protopact")),
        &["check", "--against", "main"],
        &[("GIT_DIR", &elsewhere)],
    );
    assert!(run.text.contains("error[field-deleted]"), "{}", run.text);
}

#[test]
fn a_push_is_held_to_what_was_committed() {
    let Some(clone) = on_a_branch() else { return };
    clone.repo.git("init -q --bare ../remote.git");
    clone.repo.git("remote add origin ../remote.git");
    clone.repo.git("push -q origin main");
    clone.install();
    clone.stage(BREAKING);
    clone.repo.git("commit -q --no-verify -m breaking");
    clone
        .git("push origin topic")
        .is_stopped_by("field-deleted");
    clone.stage(HARMLESS);
    clone.git("commit -m harmless").passes();
    clone.git("push origin topic").passes();
}
