//! The GitHub Action: the steps of `action.yml` run as GitHub's runner would run them, in clones as actions/checkout makes them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;
#[path = "action/runner.rs"]
mod runner;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::CommandFactory as _;
use protopact::cli::Cli;
use serde_json::{Value, json};

use crate::repo::{Repo, repo};
use crate::runner::{Run, Runner, runner};

const NONE: &str = "0000000000000000000000000000000000000000";

/// A schema with these fields.
fn order(fields: &[&str]) -> String {
    let fields = fields.iter().map(|field| {
        // Each has a number of its own, whatever stands before it.
        let number = u32::from(field.as_bytes()[0] - b'a') + 1;
        format!("  // Older senders leave it unset.\n  string {field} = {number};\n")
    });
    format!(
        "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Order {{\n{}}}\n",
        fields.collect::<String>()
    )
}

/// The repository on the server, with a release of protopact beside it, and a pull request: its branch `topic` deletes `b`, while
/// `main` was given `c`.
struct Server {
    repo: Repo,
    base: String,
    head: String,
    merge: String,
}

fn server() -> Server {
    let repo = repo();
    release(&repo);
    // History that a shallow checkout does not have.
    for n in 0..60 {
        repo.write("README.md", &format!("{n}\n"));
        repo.commit_all();
    }
    repo.write("order.proto", &order(&["a", "b"]));
    repo.commit_all();
    repo.git("checkout -q -b topic");
    repo.write("order.proto", &order(&["a"]));
    let head = repo.commit_all();
    repo.git("checkout -q main");
    repo.write("more.proto", &order(&["a"]).replace("Order", "More"));
    let base = repo.commit_all();
    repo.git("checkout -q --detach");
    repo.git("merge -q --no-ff -m merge topic");
    let merge = repo.git("rev-parse HEAD");
    repo.git("update-ref refs/pull/1/merge HEAD");
    repo.git("checkout -q main");
    Server {
        repo,
        base,
        head,
        merge,
    }
}

/// What the release workflow uploads, but that the program is a script that calls the one under test.
fn release(repo: &Repo) -> PathBuf {
    let (version, target) = (env!("CARGO_PKG_VERSION"), "x86_64-unknown-linux-musl");
    let folder = repo.beside(&format!("somebody/protopact/releases/download/v{version}"));
    fs::create_dir_all(&folder).unwrap();
    let program = repo.beside("protopact");
    let script = format!(
        "#!/bin/sh\nexec '{}' \"$@\"\n",
        env!("CARGO_BIN_EXE_protopact")
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let packed = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/release/pack"))
        .arg(&program)
        .args([version, target])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(packed.status.success(), "{packed:?}");
    folder.join(format!("protopact-{version}-{target}.tar.gz"))
}

impl Server {
    /// A checkout of one commit, as actions/checkout makes it.
    fn checkout(&self, commit: &str) -> PathBuf {
        let path = self.repo.beside("checkout");
        fs::create_dir(&path).unwrap();
        let url = format!("file://{}", self.repo.root().display());
        for arguments in [
            &["init", "-q"][..],
            &["remote", "add", "origin", &url],
            &["fetch", "-q", "--no-tags", "--depth=1", "origin", commit],
            &["checkout", "-q", "--detach", "FETCH_HEAD"],
        ] {
            git(&path, arguments);
        }
        path
    }

    fn runner(&self, checkout: &Path, event: &str, payload: &Value) -> Runner {
        let temp = self.repo.beside("");
        runner(&temp, checkout, event, payload)
    }

    fn pull_request(&self) -> Value {
        json!({
            "pull_request": { "base": { "sha": self.base }, "head": { "sha": self.head } },
            "ref": "refs/pull/1/merge",
        })
    }
}

fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commits(checkout: &Path) -> usize {
    git(
        checkout,
        &["cat-file", "--batch-all-objects", "--batch-check"],
    )
    .lines()
    .filter(|line| line.contains(" commit "))
    .count()
}

/// The one thing that the pull request breaks, and what the action says of it.
fn finds_the_deletion(run: &Run) {
    assert_eq!(run.status, 1, "{run:#?}");
    assert_eq!(run.output("exit-code"), "1");
    assert_eq!(run.output("errors"), "1", "{run:#?}");
    assert_eq!(run.output("warnings"), "0");
    assert_eq!(run.output("bump"), "major");
    let annotation = "::error file=order.proto,line=4,";
    assert!(run.log.contains(annotation), "{run:#?}");
    let heading = "### protopact: 1 finding fails the check\n";
    assert_eq!(run.summary.matches(heading).count(), 1, "{run:#?}");
    let report = fs::read_to_string(run.output("report")).unwrap();
    assert!(report.contains("\"field-deleted\""));
}

#[test]
fn a_pull_request_is_compared_with_what_it_is_merged_into() {
    let server = server();
    let checkout = server.checkout(&server.merge);
    let config = fs::read(checkout.join(".git/config")).unwrap();
    let runner = server.runner(&checkout, "pull_request", &server.pull_request());
    let run = runner.run();
    finds_the_deletion(&run);
    assert_eq!(run.output("against"), server.base);
    assert_eq!(commits(&checkout), 2, "one commit is fetched");
    assert_eq!(fs::read(checkout.join(".git/config")).unwrap(), config);
    // A second run finds everything in place.
    finds_the_deletion(&runner.run());
}

#[test]
fn a_pull_request_whose_event_is_older_than_its_merge() {
    let server = server();
    let checkout = server.checkout(&server.merge);
    let mut event = server.pull_request();
    event["pull_request"]["base"]["sha"] = json!(server.repo.git("rev-parse main~1"));
    let run = server.runner(&checkout, "pull_request", &event).run();
    finds_the_deletion(&run);
    assert_eq!(run.output("against"), server.base);
}

#[test]
fn the_head_of_a_pull_request_is_compared_with_the_merge_base() {
    let server = server();
    let checkout = server.checkout(&server.head);
    let run = server
        .runner(&checkout, "pull_request", &server.pull_request())
        .run();
    finds_the_deletion(&run);
    assert_eq!(
        run.output("against"),
        server.repo.git("merge-base main topic")
    );
    assert!(commits(&checkout) < 60, "not all of the history is fetched");
}

/// For this event actions/checkout takes a commit that has nothing of the pull request: compared with its own past, all would pass.
#[test]
fn a_checkout_without_the_pull_request_is_refused() {
    let server = server();
    let checkout = server.checkout(&server.base);
    let event = server.pull_request();
    let runner = server.runner(&checkout, "pull_request_target", &event);
    let run = runner.about(&server.base).run();
    assert_eq!(run.status, 2, "{run:#?}");
    let error = "::error title=protopact::the checkout has nothing of the pull request";
    assert!(run.log.contains(error), "{run:#?}");

    fs::remove_dir_all(&checkout).unwrap();
    let checkout = server.checkout(&server.merge);
    let runner = server.runner(&checkout, "pull_request_target", &event);
    finds_the_deletion(&runner.about(&server.base).run());
}

#[test]
fn a_baseline_that_cannot_be_fetched_is_not_replaced_by_another() {
    let server = server();
    let gone = "0123456789012345678901234567890123456789";
    let checkout = server.checkout(&server.head);
    let mut event = server.pull_request();
    event["pull_request"]["base"]["sha"] = json!(gone);
    let pull_request = server.runner(&checkout, "pull_request", &event);
    let event = json!({ "ref": "refs/heads/topic", "before": gone, "forced": false });
    let push = server.runner(&checkout, "push", &event);
    let event = json!({
        "ref": "refs/heads/topic",
        "before": NONE,
        "repository": { "default_branch": "trunk" },
    });
    let new_branch = server.runner(&checkout, "push", &event);
    for (runner, named) in [(pull_request, gone), (push, gone), (new_branch, "trunk")] {
        let run = runner.run();
        assert_eq!(run.status, 2, "{run:#?}");
        assert_eq!(run.output("against"), "");
        let error = format!("::error title=protopact::{named} ");
        assert!(run.log.contains(&error), "{run:#?}");
        assert!(!run.log.contains("compared with"), "{run:#?}");
    }
}

#[test]
fn a_push_is_compared_with_what_was_there_before() {
    let server = server();
    let checkout = server.checkout(&server.head);
    let before = server.repo.git("rev-parse topic~1");
    let event = json!({ "ref": "refs/heads/topic", "before": before, "forced": false });
    let run = server.runner(&checkout, "push", &event).run();
    finds_the_deletion(&run);
    assert_eq!(run.output("against"), before);
    assert_eq!(commits(&checkout), 2);
}

#[test]
fn a_new_branch_is_compared_with_where_it_left_the_default_branch() {
    let server = server();
    let checkout = server.checkout(&server.head);
    let event = json!({
        "ref": "refs/heads/topic",
        "before": NONE,
        "forced": false,
        "repository": { "default_branch": "main" },
    });
    let run = server.runner(&checkout, "push", &event).run();
    finds_the_deletion(&run);
    assert_eq!(
        run.output("against"),
        server.repo.git("merge-base main topic")
    );
}

#[test]
fn a_release_is_compared_with_the_one_before() {
    let server = server();
    server.repo.git("tag v1.0.0 main");
    server.repo.git("checkout -q main");
    server.repo.git("merge -q --no-ff -m merge topic");
    server.repo.git("tag v2.0.0");
    let checkout = server.checkout("refs/tags/v2.0.0");
    let event = json!({ "ref": "refs/tags/v2.0.0", "before": NONE });
    let run = server.runner(&checkout, "push", &event).run();
    finds_the_deletion(&run);
    assert_eq!(run.output("against"), "");
    assert!(run.log.contains("compared with v1.0.0"), "{run:#?}");
}

#[test]
fn a_queue_for_merging_and_a_baseline_that_is_named() {
    let server = server();
    let checkout = server.checkout(&server.merge);
    let event = json!({ "merge_group": { "base_sha": server.base } });
    let run = server.runner(&checkout, "merge_group", &event).run();
    finds_the_deletion(&run);
    let run = server
        .runner(&checkout, "workflow_dispatch", &json!({}))
        .with("against", "origin/main")
        .with("args", "--preset stable   --fail-on never")
        .with("format", "concise")
        .run();
    assert_eq!((run.status, run.output("errors")), (0, "1"), "{run:#?}");
    assert_eq!(run.output("against"), server.base);
    assert!(run.log.contains("error[field-deleted]"), "{run:#?}");
    assert!(run.summary.contains("`field-deleted`"), "{run:#?}");
}

#[test]
fn what_breaks_nothing_passes() {
    let server = server();
    let checkout = server.checkout(&server.base);
    let event = json!({ "ref": "refs/heads/main", "before": server.repo.git("rev-parse main~1") });
    let run = server
        .runner(&checkout, "push", &event)
        .with("summary", "false")
        .run();
    assert_eq!(run.status, 0, "{run:#?}");
    assert_eq!(run.output("exit-code"), "0");
    assert_eq!(run.output("errors"), "0");
    assert_eq!(run.summary, "");
}

#[test]
fn what_cannot_be_judged_fails_and_says_so() {
    let server = server();
    server.repo.git("checkout -q topic");
    server.repo.write("order.proto", "message {\n");
    let broken = server.repo.commit_all();
    let checkout = server.checkout(&broken);
    let event = json!({ "ref": "refs/heads/topic", "before": server.head });
    let run = server.runner(&checkout, "push", &event).run();
    assert_eq!(run.status, 2, "{run:#?}");
    assert_eq!(run.output("exit-code"), "2");
    assert_eq!(run.output("errors"), "");
    assert_eq!(run.output("report"), "");
    assert!(run.summary.contains("could not be judged"), "{run:#?}");
    assert!(run.log.contains("order.proto:1:"), "{run:#?}");
}

#[test]
fn the_configuration_and_the_folder_are_inputs() {
    let server = server();
    let checkout = server.checkout(&server.merge);
    fs::create_dir(checkout.join("folder")).unwrap();
    fs::write(
        checkout.join("folder/lenient.toml"),
        "[rules]\n\"field-deleted\" = \"warning\"\n",
    )
    .unwrap();
    let run = server
        .runner(&checkout, "pull_request", &server.pull_request())
        .with("working-directory", "folder")
        .with("config", "lenient.toml")
        .run();
    assert_eq!((run.status, run.output("warnings")), (0, "1"), "{run:#?}");
}

/// What goes into a release beside the program.
#[test]
fn a_release_has_a_page_for_every_command() {
    let repo = repo();
    let archive = release(&repo);
    let packed = archive.with_extension("").with_extension("");
    let pages = fs::read_dir(packed.join("man")).unwrap().count();
    let commands = Cli::command().get_subcommands().count();
    assert_eq!(pages, commands + 1, "one for protopact itself");
    for file in ["README.md", "LICENSE", "completions/_protopact"] {
        assert!(packed.join(file).is_file(), "{file}");
    }
}

#[test]
fn only_what_was_released_is_run() {
    let server = server();
    let checkout = server.checkout(&server.merge);
    let install = |version: &str| {
        server
            .runner(&checkout, "pull_request", &server.pull_request())
            .with("version", version)
    };
    assert_eq!(
        install(concat!("v", env!("CARGO_PKG_VERSION")))
            .run()
            .status,
        1
    );

    let missing = install("9.9.9").run();
    assert_eq!(missing.status, 2, "{missing:#?}");
    assert!(missing.log.contains("::error title=protopact::file://"));
    assert!(missing.log.contains("is 9.9.9 a release?"), "{missing:#?}");

    let elsewhere = install("").on("Linux", "RISCV64").run();
    assert_eq!(elsewhere.status, 2);
    assert!(
        elsewhere
            .log
            .contains("no released binary for Linux on RISCV64"),
        "{elsewhere:#?}"
    );

    let archive = release(&server.repo);
    let mut bytes = fs::read(&archive).unwrap();
    bytes.push(0);
    fs::write(&archive, bytes).unwrap();
    let tampered = install("").run();
    assert_eq!(tampered.status, 2, "{tampered:#?}");
    assert!(
        tampered.log.contains("its checksum is another one"),
        "{tampered:#?}"
    );
    assert!(!tampered.log.contains("error["), "nothing was checked");
}
