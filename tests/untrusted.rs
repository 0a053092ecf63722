//! Names that somebody else chose steer nobody: neither a terminal nor the log of a job on GitHub, in any format of any command.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code
)]

#[path = "revision/repo.rs"]
mod repo;

use std::fs;
use std::process::Command;

use repo::{Repo, repo};

/// Part of names of files, authors, subjects, branches and of whatever is typed.
const EVIL: &str = "e\x1b[31m\n::error::x`|<script>alert(1)<_script>\u{202e}##[error]y";
/// The same where git allows no control characters.
const BRANCH: &str = "b`<script>|\u{202e}x";
/// A path whose very beginning is a command.
const COMMAND: &str = "::error::z.proto";

const BEFORE: &str = "// c\x1b[31m\n// Status: [Development]\nsyntax = \"proto3\";\n// \x1b[31m <script>alert(1)</script> `x` | \u{202e} ::error::p ##[error]q\n\
    package acme.v1;\nmessage M {\n  string a = 1 [json_name = \"j\\n::error::j\"];\n  string b = 2;\n}\nmessage N {}\nservice S { rpc A(M) returns (M); }\n";
const AFTER: &str = "// c\x1b[31m\n// Status: [Development]\nsyntax = \"proto3\";\n// \x1b[31m <script>alert(1)</script> `x` | \u{202e} ::error::p ##[error]q\n\
    package acme.v1;\nmessage M {\n  string a = 1; // ##[error]r\n}\nservice S { rpc B(M) returns (M); }\n";
const PLAIN: &str = "syntax = \"proto3\";\npackage acme.v2;\nmessage P {\n  string a = 1;\n}\n";

fn history() -> Repo {
    let repo = repo();
    let commit = |message: &str| {
        repo.git("add -A");
        let author = format!("--author={} <e|`x`@y>", EVIL.replace(['\n', '<', '>'], " "));
        repo.git_args(&["commit", "-q", "-m", &format!("{message} {EVIL}"), &author]);
    };
    repo.write(&format!("acme/{EVIL}/f.proto"), BEFORE);
    repo.write(COMMAND, PLAIN);
    commit("base");
    repo.git("tag v1.0.0");
    repo.write(&format!("acme/{EVIL}/f.proto"), AFTER);
    repo.write(COMMAND, &PLAIN.replace("string", "int32"));
    commit("change");
    repo.git("tag v1.1.0");
    repo.git_args(&["branch", BRANCH]);
    repo
}

/// Runs the program; what it prints on both, and what it adds to the summary of a job.
fn run(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let summary = repo.beside("summary.md");
    let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
        .args(arguments)
        .current_dir(repo.root())
        .env("NO_COLOR", "1")
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let summed = fs::read_to_string(&summary).unwrap_or_default();
    vec![text(output.stdout), text(output.stderr), summed]
}

/// What is not to be in a text, with some of what is around it.
fn steers(text: &str, has_commands: bool) -> Option<String> {
    let is_control =
        |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{200b}".contains(c);
    let line = text.lines().find(|line| {
        let is_command = line.trim_start().starts_with("::") || line.contains("##[");
        line.contains(is_control) || is_command && !has_commands
    });
    line.map(|line| format!("{line:.300?}"))
}

fn assert_harmless(repo: &Repo, arguments: &[&str]) {
    let format = arguments.iter().skip_while(|it| **it != "--format").nth(1);
    // Inside of these files a line means nothing.
    let has_commands = matches!(
        format,
        Some(&("github" | "html" | "markdown" | "sarif" | "json" | "gitlab" | "junit"))
    ) || arguments[0] == "changelog";
    let [out, errors, summary] = run(repo, arguments).try_into().unwrap();
    assert_eq!(steers(&out, has_commands), None, "{arguments:?}");
    assert_eq!(steers(&errors, false), None, "{arguments:?}");
    assert_eq!(steers(&summary, true), None, "{arguments:?}");
    if format == Some(&"github") {
        let known = ["::error file=", "::warning file=", "::notice file="];
        for line in out
            .lines()
            .filter(|line| line.trim_start().starts_with("::"))
        {
            assert!(known.iter().any(|start| line.starts_with(start)), "{line}");
        }
    }
}

#[test]
fn every_format_of_a_check_is_harmless() {
    let repo = history();
    for format in [
        "human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html",
    ] {
        for flags in [&["--exempt", "none"][..], &["--to", BRANCH, "-v"]] {
            let arguments = ["check", "--against", "v1.0.0", "--format", format];
            assert_harmless(&repo, &[&arguments, flags].concat());
        }
    }
}

#[test]
fn every_command_is_harmless() {
    let repo = history();
    let path = format!("acme/{EVIL}/f.proto");
    let range = format!("v1.0.0..{BRANCH}");
    for arguments in [
        &["status"][..],
        &["status", "--format", "json"],
        &["status", &path],
        &["status", "NOPE"],
        &["status", "acme.v1.M"],
        &["blame", "--against", "v1.0.0", "--exempt", "none"],
        &["blame", "--against", "v1.0.0", "--format", "json"],
        &["changelog", &range],
        &["changelog", &range, "--format", "json"],
        &["audit"],
        &["audit", "-v"],
        &["audit", "--format", "json"],
        &["audit", "--format", "html"],
        &["release"],
        &["release", "--format", "json"],
        &["release", "--format", "markdown"],
        &["release", "1.1.1"],
        &["accept", "zzzz", "--reason", "x", "--against", "v1.0.0"],
        &["accept", "--all", "--reason", &path, "--against", "v1.0.0"],
        &["check", "--against", "v1.0.0", "-v"],
        &["accept", "--prune"],
        &["init"],
    ] {
        assert_harmless(&repo, arguments);
    }
}

#[test]
fn every_complaint_is_harmless() {
    let repo = history();
    let path = format!("acme/{EVIL}/f.proto");
    let with = |start: &str| format!("{start}{path}");
    let configuration = repo.beside("protopact.toml");
    let escaped = EVIL.replace('\x1b', "\\u001b").replace('\n', "\\n");
    fs::write(&configuration, format!("preset = \"{escaped}\"\n")).unwrap();
    let configuration = configuration.to_str().unwrap();
    for arguments in [
        &["check", "--against", &path][..],
        &["check", "--against", &with("dir:")],
        &["check", "--against", &with("latest-release:")],
        &["check", "--against", &with("merge-base:")],
        &["check", "--against-all", &path, "--against", "v1.0.0"],
        &["check", "--to", &path],
        &["check", &with("nope")],
        &[
            "check",
            "--against",
            "v1.0.0",
            "--format",
            &with("json:/nope/"),
        ],
        &["check", "--format", &path],
        &["check", "--rule", &with("a=")],
        &["check", "--preset", &path],
        &["check", "--config", &path],
        &["check", "--config", configuration],
        &["check", "-C", &path],
        &["check", "--exclude", &with("{")],
        &["check", &with("--")],
        &["changelog", &with("x..")],
        &["explain", &path],
        &["man", &path],
        &["completions", &path],
        &["schema", &path],
        &["release", &path],
        &["audit", &path],
        &[&path],
    ] {
        let [_, errors, _] = run(&repo, arguments).try_into().unwrap();
        assert!(!errors.is_empty(), "{arguments:?}");
        assert_harmless(&repo, arguments);
    }
    repo.write(
        &format!("acme/{EVIL}/g.proto"),
        "syntax = \"proto3\";\nimport \"e\\n::error::i\";\nmess\n",
    );
    for flags in [&["--format", "github"][..], &["--full"], &["--staged"]] {
        assert_harmless(&repo, &[&["check", "--against", "v1.0.0"], flags].concat());
    }
    assert_harmless(&repo, &["status"]);
}
