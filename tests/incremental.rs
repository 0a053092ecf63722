//! A check reads what a change can concern, and reports what `--full` reports, byte for byte: on real history.
//!
//! The releases of the corpus, every one with those after it; and the commits of any other clone:
//! `PROTOPACT_HISTORY=CLONE`, with `PROTOPACT_HISTORY_COMMITS` of them (300), the configuration `PROTOPACT_HISTORY_CONFIG`,
//! and `--nocapture` to see it go.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "support/corpus.rs"]
mod corpus;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn git(repo: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(repo)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The report on two revisions and the exit status.
fn report(repo: &Path, config: Option<&Path>, (old, new): (&str, &str), full: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
    command.arg("-C").arg(repo);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    command.args(["check", "--format", "json", "--against", old, "--to", new]);
    if full {
        command.arg("--full");
    }
    command.output().unwrap()
}

/// Holds the two ways to each other. Errors count too: a side that cannot be judged is so either way.
fn same(repo: &Path, config: Option<&Path>, pair: (&str, &str)) {
    let [part, full] = [false, true].map(|full| report(repo, config, pair, full));
    let (old, new) = pair;
    assert_eq!(part.status.code(), full.status.code(), "{old}..{new}");
    let text = |output: Output| String::from_utf8(output.stdout).unwrap();
    let (part, full) = (text(part), text(full));
    assert!(part == full, "{old}..{new}:\n{part}\n--full:\n{full}");
}

#[test]
fn releases() {
    let bundle = "otel/opentelemetry-proto.bundle";
    let Some(corpus) = corpus::find(bundle) else {
        return;
    };
    let temp = TempDir::new().unwrap();
    let bundle = std::fs::canonicalize(corpus.join(bundle)).unwrap();
    let bundle = bundle.to_string_lossy();
    git(temp.path(), &["clone", "-q", &bundle, "repo"]);
    let repo = temp.path().join("repo");
    let tags = git(&repo, &["tag", "--sort=v:refname"]);
    let tags: Vec<&str> = tags.lines().collect();
    assert!(tags.len() > 30, "{tags:?}");
    for (index, old) in tags.iter().enumerate() {
        // The next one, and some that are further away.
        for new in tags.iter().skip(index + 1).step_by(7) {
            same(&repo, None, (old, new));
        }
    }
}

#[test]
fn commits() {
    let Some(repo) = std::env::var_os("PROTOPACT_HISTORY").map(PathBuf::from) else {
        eprintln!("skipped: PROTOPACT_HISTORY names no clone");
        return;
    };
    let config = std::env::var_os("PROTOPACT_HISTORY_CONFIG").map(PathBuf::from);
    let count = std::env::var("PROTOPACT_HISTORY_COMMITS").unwrap_or_else(|_| "300".to_owned());
    let commits = git(
        &repo,
        &[
            "rev-list",
            "--first-parent",
            "-n",
            &count,
            "HEAD",
            "--",
            "*.proto",
        ],
    );
    for new in commits.lines() {
        let old = git(&repo, &["rev-list", "--parents", "-n", "1", new]);
        let Some(old) = old.split_whitespace().nth(1) else {
            continue;
        };
        same(&repo, config.as_deref(), (old, new));
        eprintln!("{old}..{new}: the same");
    }
}
