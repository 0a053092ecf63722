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
fn a_method_whose_messages_stand_in_other_files() {
    let temp = TempDir::new().unwrap();
    let write = |side: &str, file: &str, text: &str| {
        let path = temp.path().join(side).join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (side, token) in [("before", ""), ("after", "string next_page_token = 2;")] {
        write(
            side,
            "request.proto",
            "syntax = 'proto3';\nmessage Request { int32 page_size = 1; string page_token = 2; }\n",
        );
        write(
            side,
            "response.proto",
            &format!(
                "syntax = 'proto3';\nmessage Response {{ repeated string items = 1; {token} }}\n"
            ),
        );
        write(
            side,
            "service.proto",
            "syntax = 'proto3';\nimport 'request.proto';\nimport 'response.proto';\nservice S { rpc List(Request) returns (Response); }\n",
        );
    }
    let report = |full: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
        command.current_dir(temp.path()).args([
            "check",
            "--format",
            "json",
            "--preset",
            "google",
            "--against",
            "before",
            "--to",
            "after",
        ]);
        if full {
            command.arg("--full");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let full = report(true);
    assert!(full.contains("method-pagination-changed"), "{full}");
    assert!(report(false) == full, "{}\n--full:\n{full}", report(false));
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
