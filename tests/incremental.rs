//! A check reads what a change can concern, and reports what `--full` reports, byte for byte: on real history.
//!
//! The releases of the corpus, every one with those after it; and the commits of any other clone:
//! `PROTOPACT_HISTORY=CLONE`, with `PROTOPACT_HISTORY_COMMITS` of them (300), the configuration `PROTOPACT_HISTORY_CONFIG`,
//! and `--nocapture` to see it go.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::indexing_slicing)]

#[path = "support/corpus.rs"]
mod corpus;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
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

/// A file of both sides: its path, and its text on each.
struct File {
    path: &'static str,
    before: Option<&'static str>,
    after: Option<&'static str>,
}

/// A file that nobody edited. A text without a syntax is proto3, here and below.
fn kept(path: &'static str, text: &'static str) -> File {
    edited(path, text, text)
}

fn edited(path: &'static str, before: &'static str, after: &'static str) -> File {
    File {
        path,
        before: Some(before),
        after: Some(after),
    }
}

fn added(path: &'static str, text: &'static str) -> File {
    File {
        before: None,
        ..kept(path, text)
    }
}

fn deleted(path: &'static str, text: &'static str) -> File {
    File {
        after: None,
        ..kept(path, text)
    }
}

/// The edits the other way round.
fn undone(files: &[File]) -> Vec<File> {
    let undone = files.iter().map(|file| File {
        path: file.path,
        before: file.after,
        after: file.before,
    });
    undone.collect()
}

/// What was found: the rule of each finding, and the file that it points at.
#[derive(Debug)]
struct Found(Vec<(String, String)>);

impl Found {
    #[track_caller]
    fn has(&self, rule: &str, path: &str) {
        let is_it = |(id, at): &(String, String)| id == rule && at == path;
        assert!(self.0.iter().any(is_it), "{self:?}");
    }

    #[track_caller]
    fn points_at(&self, path: &str) {
        assert!(self.0.iter().any(|(_, at)| at == path), "{self:?}");
    }

    #[track_caller]
    fn has_no(&self, rule: &str) {
        assert!(!self.0.iter().any(|(id, _)| id == rule), "{self:?}");
    }
}

/// Compares two directories both ways.
fn found(files: &[File]) -> Found {
    found_under("", files)
}

/// The same under a configuration.
fn found_under(config: &str, files: &[File]) -> Found {
    let temp = TempDir::new().unwrap();
    for file in files {
        for (side, text) in [("before", file.before), ("after", file.after)] {
            let Some(text) = text else { continue };
            let path = temp.path().join(side).join(file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let is_whole = ["edition", "syntax", "version:"];
            let syntax = if is_whole.iter().any(|word| text.contains(word)) {
                ""
            } else {
                "syntax = \"proto3\"; "
            };
            std::fs::write(path, format!("{syntax}{text}")).unwrap();
        }
    }
    let file = temp.path().join("protopact.toml");
    std::fs::write(&file, config).unwrap();
    let sides = ("before/", "after/");
    same(temp.path(), Some(&file), sides);
    let output = report(temp.path(), Some(&file), sides, false);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let found = findings.map(|it| (text(&it["rule"]), text(&it["current"]["path"])));
    Found(found.collect())
}

/// A message that others use, and what becomes of it.
const COMMON: &str = "package x; message Common { string name = 1; }";
const COMMON_AS_ENUM: &str = "package x; enum Common { COMMON_UNKNOWN = 0; }";
const USER_OF_COMMON: &str =
    "package a; import \"x/common.proto\"; message User { x.Common common = 1; }";

#[test]
fn a_new_name_can_hide_another_from_a_file_that_nobody_edited() {
    let files = [
        kept(
            "outer.proto",
            "package a; message Thing { string name = 1; }",
        ),
        edited(
            "inner.proto",
            "package a.b; message Other {}",
            "package a.b; message Other {} message Thing { int32 size = 1; }",
        ),
        kept(
            "user.proto",
            "package a.b; import \"outer.proto\"; import \"inner.proto\"; message User { Thing thing = 1; }",
        ),
    ];
    found(&files).has("field-type-resolves-elsewhere", "user.proto");
    // Gone again, it uncovers what it hid.
    found(&undone(&files)).has("field-type-resolves-elsewhere", "user.proto");
}

#[test]
fn a_type_can_become_another_kind_of_type() {
    let found = found(&[
        edited("x/common.proto", COMMON, COMMON_AS_ENUM),
        kept("user.proto", USER_OF_COMMON),
    ]);
    found.points_at("user.proto");
}

#[test]
fn a_new_file_can_take_the_place_of_an_imported_one() {
    let found = found(&[
        kept("x/common.proto", COMMON),
        added("a/x/common.proto", COMMON_AS_ENUM),
        kept("a/b/user.proto", USER_OF_COMMON),
    ]);
    found.points_at("a/b/user.proto");
}

#[test]
fn other_import_roots_can_give_an_import_another_meaning() {
    let found = found(&[
        edited(
            "buf.yaml",
            "version: v2\nmodules:\n  - path: one\n  - path: app\n",
            "version: v2\nmodules:\n  - path: two\n  - path: app\n",
        ),
        kept("one/x/common.proto", COMMON),
        kept("two/x/common.proto", COMMON_AS_ENUM),
        kept("app/user.proto", USER_OF_COMMON),
    ]);
    found.points_at("app/user.proto");
}

#[test]
fn a_label_concerns_those_who_name_the_type() {
    let found = found(&[
        edited(
            "new.proto",
            "package a; message New { string name = 1; }",
            "package a;\n// Status: [Development]\nmessage New { string name = 1; }",
        ),
        kept(
            "user.proto",
            "package b; import \"new.proto\"; message User { a.New new = 1; }",
        ),
    ]);
    found.has("maturity-lowered", "new.proto");
}

#[test]
fn what_is_passed_on_can_be_taken_away() {
    found(&[
        kept("base.proto", "package a; message Base {}"),
        edited(
            "hub.proto",
            "package a; import public \"base.proto\"; message Hub {}",
            "package a; import \"base.proto\"; message Hub { Base base = 1; }",
        ),
        kept(
            "user.proto",
            "package b; import \"hub.proto\"; message User { a.Base base = 1; }",
        ),
    ]);
}

#[test]
fn the_value_of_an_option_looks_as_its_definition_says() {
    found(&[
        edited(
            "o.proto",
            "syntax = \"proto2\"; package o; import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions { optional Grade grade = 50000; } enum Grade { option allow_alias = true; GRADE_A = 0; GRADE_B = 1; }",
            "syntax = \"proto2\"; package o; import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions { optional Grade grade = 50000; } enum Grade { option allow_alias = true; GRADE_A = 0; GRADE_BEST = 1; GRADE_B = 1; }",
        ),
        kept(
            "u.proto",
            "package u; import \"o.proto\"; message User { string name = 1 [(o.grade) = GRADE_B]; }",
        ),
    ]);
}

#[test]
fn a_package_lives_on_in_a_file_that_nobody_edited() {
    let found = found(&[
        deleted("p/a.proto", "package p; message A {}"),
        kept("p/b.proto", "package p; message B {}"),
        kept("q/broken.proto", "package p; message"),
    ]);
    found.has("file-deleted", "p/b.proto");
    found.has_no("package-deleted");
}

#[test]
fn a_neighbour_that_does_not_compile_does_not_stand_for_its_package() {
    found(&[
        deleted("p/a.proto", "package p; message A {}"),
        kept("p/aa.proto", "package p; message"),
        kept("p/z.proto", "package p; message Z {}"),
    ]);
}

#[test]
fn a_method_whose_messages_stand_in_other_files() {
    let found = found_under(
        "preset = \"google\"",
        &[
            kept(
                "request.proto",
                "message Request { int32 page_size = 1; string page_token = 2; }",
            ),
            edited(
                "response.proto",
                "message Response { repeated string items = 1; }",
                "message Response { repeated string items = 1; string next_page_token = 2; }",
            ),
            kept(
                "service.proto",
                "import \"request.proto\"; import \"response.proto\"; service S { rpc List(Request) returns (Response); }",
            ),
        ],
    );
    found.has("method-pagination-changed", "service.proto");
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
        for new in tags.iter().skip(index + 1).step_by(15) {
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
