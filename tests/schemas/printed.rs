//! What the commands print as JSON of histories in which everything happens that can stand in an output.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use crate::repo::{Repo, repo};

const SPAN: &str = "syntax = \"proto3\";
package acme.v1;

message Span {
  string name = 1;
  string kind = 2;
  int32 size = 3;
  string old = 4 [deprecated = true];
  string odd = 5;
}
";

/// What has a maturity of its own.
const PROBE: &str = "syntax = \"proto3\";
package acme.labs.v1alpha1;

message Probe {
  string id = 1;
}
";

static PRINTED: LazyLock<BTreeMap<&'static str, Vec<Value>>> = LazyLock::new(|| {
    let mut printed: BTreeMap<_, Vec<Value>> = BTreeMap::new();
    let mut note = |name, repo: &Repo, arguments: &str| {
        let words: Vec<&str> = arguments.split_whitespace().collect();
        printed.entry(name).or_default().push(repo.json(&words));
    };

    let repo = repo();
    repo.write("labs/v1alpha1/probe.proto", PROBE);
    save(&repo, SPAN, "Begin");
    note("release", &repo, "release --format json");
    repo.git("tag v1.0.0");
    everything_happens(&repo);
    let against = "--against v1.0.0 --format json";
    note("report", &repo, &format!("check {against}"));
    note("report", &repo, &format!("check {against} --against HEAD"));
    note(
        "report",
        &repo,
        &format!("check {against} --preset wire --direction forward"),
    );
    note("release", &repo, "release --format json");
    note(
        "release",
        &repo,
        "release 1.0.1 --format json --preset wire --direction forward",
    );
    note("changelog", &repo, "changelog --format json");
    note("blame", &repo, &format!("blame {against}"));
    note("blame", &repo, &format!("blame {against} --to dir:."));
    note("status", &repo, "status --format json");
    note(
        "status",
        &repo,
        "status --format json acme.v1.Span.size labs",
    );
    note(
        "status",
        &repo,
        "status --format json acme.v1.Span.size --preset wire",
    );
    note(
        "status",
        &repo,
        "status --format json acme.v1.Span --preset opentelemetry --release 0.9.0",
    );
    note("rules", &repo, "rules --format json");
    releases_follow(&repo);
    note("audit", &repo, "audit --format json");

    of_a_component(&repo);
    note("report", &repo, &format!("check {against}"));
    note("release", &repo, "release --component spans --format json");
    note(
        "audit",
        &repo,
        "audit --format json --from-scratch stable --pre-releases",
    );
    printed
});

/// What a command printed in one history after the other.
pub(crate) fn printed(name: &str) -> &'static [Value] {
    &PRINTED[name]
}

impl Repo {
    /// What protopact prints as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .args(arguments)
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            let said = String::from_utf8_lossy(&output.stderr);
            panic!("{arguments:?}: {error}\n{said}")
        })
    }
}

/// Commits, merges and edits in the worktree that break and add in all ways, with and without consent.
fn everything_happens(repo: &Repo) {
    repo.git("switch -q -c work");
    let without_kind = SPAN.replace("  string kind = 2;\n", "");
    save(repo, &without_kind, "Remove kind");
    repo.git("switch -q main");
    repo.git_args(&[
        "merge",
        "-q",
        "--no-ff",
        "-m",
        "Merge pull request #12 from ada/work",
        "work",
    ]);
    save(repo, "message {", "Break the syntax");
    let renamed = without_kind
        .replace("string odd", "string even")
        .replace("int32 size", "string size");
    save(repo, &renamed, "Rename odd");
    let accept = "accept --all --reason asked --who Ada --against v1.0.0";
    repo.protopact("", accept.split(' '));
    repo.write(
        "labs/v1alpha1/probe.proto",
        &PROBE.replace("  string id = 1;\n", ""),
    );
    let more = "  // Older receivers ignore it, newer ones take its absence for none.
  string state = 7;
  string mood = 8 [deprecated = true];
  bool done = 9;
}
";
    let edited = renamed
        .replace("message Span", "// What a service did.\nmessage Span")
        .replace("string name = 1;", "bytes name = 1 [deprecated = true];")
        .replace("}\n", more);
    repo.write("spans/a.proto", &edited);
}

/// A release that breaks a promise, one that cannot be judged, what is in the worktree, and one more.
fn releases_follow(repo: &Repo) {
    repo.git("tag v1.0.1 work");
    repo.git("tag v1.1.0 HEAD~1");
    repo.git("add --all");
    repo.git("commit -q -m all");
    repo.git("tag v2.0.0");
    repo.write("b.proto", &PROBE.replace("labs.v1alpha1", "b"));
    repo.git("add --all");
    repo.git("commit -q -m more");
    repo.git("tag v2.1.0");
}

/// The messages become a component with releases of its own, and rules have pages.
fn of_a_component(repo: &Repo) {
    repo.write(
        "protopact.toml",
        "[report]
pages = \"https://docs.example.org/{rule}.html\"

[[component]]
name = \"spans\"
path = \"spans\"
releases = \"spans/v*\"
",
    );
    repo.git("tag spans/v1.0.0 v1.0.0");
}

fn save(repo: &Repo, text: &str, subject: &str) {
    repo.write("spans/a.proto", text);
    repo.git("add --all");
    repo.git_args(&["commit", "-q", "-m", subject]);
}
