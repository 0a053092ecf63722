//! What history says, in git repositories: every release compared with the one before it, and the commit that brought a finding.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;

#[path = "history/against_all.rs"]
mod against_all;
#[path = "history/audit.rs"]
mod audit;
#[path = "history/blame.rs"]
mod blame;
#[path = "history/changelog.rs"]
mod changelog;

use crate::repo::{Repo, repo};

const SPAN: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Span {\n  string name = 1;\n  string kind = 2;\n  int32 size = 3;\n}\n";

/// A repository whose first commit has [`SPAN`] and is v1.0.0.
fn released() -> Repo {
    let repo = repo();
    save(&repo, SPAN, "First release");
    repo.git("tag v1.0.0");
    repo
}

/// Writes `a.proto` and commits all there is, on a day that is always the same.
fn save(repo: &Repo, text: &str, subject: &str) {
    repo.write("a.proto", text);
    repo.git("add --all");
    let date = "--date=2026-05-12T23:30:00-0500";
    repo.git_args(&["commit", "-q", "--allow-empty", date, "-m", subject]);
}

/// Merges a branch with a commit of its own.
fn merge(repo: &Repo, branch: &str, subject: &str) {
    let date = "--date=2026-05-13T09:00:00+0000";
    repo.git_args(&["merge", "-q", "--no-ff", "-m", "to be amended", branch]);
    repo.git_args(&["commit", "-q", "--amend", date, "-m", subject]);
}

fn without_kind(text: &str) -> String {
    text.replace("  string kind = 2;\n", "")
}

fn with_size(text: &str, kind: &str) -> String {
    text.replace("int32 size", &format!("{kind} size"))
}

fn with_field(text: &str, field: &str) -> String {
    text.replace("}\n", &format!("  {field};\n}}\n"))
}

/// Runs protopact: what it printed, errors first, and its exit status; commits by no id.
fn protopact(repo: &Repo, arguments: &[&str]) -> String {
    let mut printed = repo.protopact("", arguments.iter().copied());
    for commit in repo.git("rev-list --all").lines() {
        printed = printed.replace(commit, "COMMIT");
        printed = printed.replace(&commit[..10], "COMMIT");
        printed = printed.replace(&commit[..9], "COMMIT");
    }
    printed
}
