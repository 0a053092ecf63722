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

/// One side: paths and texts. A text without a syntax is proto3.
type Files = &'static [(&'static str, &'static str)];

/// Compares two directories both ways; the rules of the findings, each with the file it points at.
fn found(before: Files, after: Files, config: &str) -> Vec<(String, String)> {
    let temp = TempDir::new().unwrap();
    for (side, files) in [("before", before), ("after", after)] {
        for (path, text) in files {
            let path = temp.path().join(side).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let syntax = if text.contains("edition")
                || text.contains("syntax")
                || text.starts_with("version")
            {
                ""
            } else {
                "syntax = \"proto3\"; "
            };
            std::fs::write(path, format!("{syntax}{text}")).unwrap();
        }
    }
    let file = temp.path().join("protopact.toml");
    std::fs::write(&file, config).unwrap();
    same(temp.path(), Some(&file), ("before/", "after/"));
    let output = report(temp.path(), Some(&file), ("before/", "after/"), false);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| (text(&finding["rule"]), text(&finding["current"]["path"])))
        .collect()
}

/// Whether there is such a finding.
fn has(found: &[(String, String)], rule: &str, path: &str) -> bool {
    found.iter().any(|(id, at)| id == rule && at == path)
}

#[test]
fn a_new_name_can_hide_another_from_a_file_that_nobody_edited() {
    let before: Files = &[
        (
            "outer.proto",
            "package a; message Thing { string name = 1; }",
        ),
        ("inner.proto", "package a.b; message Other {}"),
        (
            "user.proto",
            "package a.b; import \"outer.proto\"; import \"inner.proto\"; message User { Thing thing = 1; }",
        ),
    ];
    let after: Files = &[
        (
            "outer.proto",
            "package a; message Thing { string name = 1; }",
        ),
        (
            "inner.proto",
            "package a.b; message Other {} message Thing { int32 size = 1; }",
        ),
        (
            "user.proto",
            "package a.b; import \"outer.proto\"; import \"inner.proto\"; message User { Thing thing = 1; }",
        ),
    ];
    let there = found(before, after, "");
    assert!(
        has(&there, "field-type-resolves-elsewhere", "user.proto"),
        "{there:?}"
    );
    // Gone again, it uncovers what it hid.
    let back = found(after, before, "");
    assert!(
        has(&back, "field-type-resolves-elsewhere", "user.proto"),
        "{back:?}"
    );
}

#[test]
fn a_type_can_become_another_kind_of_type() {
    let there = found(
        &[
            ("kind.proto", "package a; message Kind { string name = 1; }"),
            (
                "user.proto",
                "package b; import \"kind.proto\"; message User { a.Kind kind = 1; }",
            ),
        ],
        &[
            ("kind.proto", "package a; enum Kind { KIND_UNKNOWN = 0; }"),
            (
                "user.proto",
                "package b; import \"kind.proto\"; message User { a.Kind kind = 1; }",
            ),
        ],
        "",
    );
    assert!(
        there.iter().any(|(_, path)| path == "user.proto"),
        "{there:?}"
    );
}

#[test]
fn a_new_file_can_take_the_place_of_an_imported_one() {
    let there = found(
        &[
            (
                "x/common.proto",
                "package x; message Common { string name = 1; }",
            ),
            (
                "a/b/user.proto",
                "package a; import \"x/common.proto\"; message User { x.Common common = 1; }",
            ),
        ],
        &[
            (
                "x/common.proto",
                "package x; message Common { string name = 1; }",
            ),
            (
                "a/x/common.proto",
                "package x; enum Common { COMMON_UNKNOWN = 0; }",
            ),
            (
                "a/b/user.proto",
                "package a; import \"x/common.proto\"; message User { x.Common common = 1; }",
            ),
        ],
        "",
    );
    assert!(
        there.iter().any(|(_, path)| path == "a/b/user.proto"),
        "{there:?}"
    );
}

#[test]
fn other_import_roots_can_give_an_import_another_meaning() {
    let there = found(
        &[
            (
                "buf.yaml",
                "version: v2\nmodules:\n  - path: one\n  - path: app\n",
            ),
            (
                "one/x/common.proto",
                "package x; message Common { string name = 1; }",
            ),
            (
                "two/x/common.proto",
                "package x; enum Common { COMMON_UNKNOWN = 0; }",
            ),
            (
                "app/user.proto",
                "package a; import \"x/common.proto\"; message User { x.Common common = 1; }",
            ),
        ],
        &[
            (
                "buf.yaml",
                "version: v2\nmodules:\n  - path: two\n  - path: app\n",
            ),
            (
                "one/x/common.proto",
                "package x; message Common { string name = 1; }",
            ),
            (
                "two/x/common.proto",
                "package x; enum Common { COMMON_UNKNOWN = 0; }",
            ),
            (
                "app/user.proto",
                "package a; import \"x/common.proto\"; message User { x.Common common = 1; }",
            ),
        ],
        "",
    );
    assert!(
        there.iter().any(|(_, path)| path == "app/user.proto"),
        "{there:?}"
    );
}

#[test]
fn a_label_concerns_those_who_name_the_type() {
    let there = found(
        &[
            ("new.proto", "package a; message New { string name = 1; }"),
            (
                "user.proto",
                "package b; import \"new.proto\"; message User { a.New new = 1; }",
            ),
        ],
        &[
            (
                "new.proto",
                "package a;\n// Status: [Development]\nmessage New { string name = 1; }",
            ),
            (
                "user.proto",
                "package b; import \"new.proto\"; message User { a.New new = 1; }",
            ),
        ],
        "",
    );
    assert!(has(&there, "maturity-lowered", "new.proto"), "{there:?}");
}

#[test]
fn what_is_passed_on_can_be_taken_away() {
    found(
        &[
            ("base.proto", "package a; message Base {}"),
            (
                "hub.proto",
                "package a; import public \"base.proto\"; message Hub {}",
            ),
            (
                "user.proto",
                "package b; import \"hub.proto\"; message User { a.Base base = 1; }",
            ),
        ],
        &[
            ("base.proto", "package a; message Base {}"),
            (
                "hub.proto",
                "package a; import \"base.proto\"; message Hub { Base base = 1; }",
            ),
            (
                "user.proto",
                "package b; import \"hub.proto\"; message User { a.Base base = 1; }",
            ),
        ],
        "",
    );
}

#[test]
fn the_value_of_an_option_looks_as_its_definition_says() {
    let before: Files = &[
        (
            "o.proto",
            "syntax = \"proto2\"; package o; import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions { optional Grade grade = 50000; } enum Grade { option allow_alias = true; GRADE_A = 0; GRADE_B = 1; }",
        ),
        (
            "u.proto",
            "package u; import \"o.proto\"; message User { string name = 1 [(o.grade) = GRADE_B]; }",
        ),
    ];
    let after: Files = &[
        (
            "o.proto",
            "syntax = \"proto2\"; package o; import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions { optional Grade grade = 50000; } enum Grade { option allow_alias = true; GRADE_A = 0; GRADE_BEST = 1; GRADE_B = 1; }",
        ),
        (
            "u.proto",
            "package u; import \"o.proto\"; message User { string name = 1 [(o.grade) = GRADE_B]; }",
        ),
    ];
    found(before, after, "");
}

#[test]
fn a_package_lives_on_in_a_file_that_nobody_edited() {
    let there = found(
        &[
            ("p/a.proto", "package p; message A {}"),
            ("p/b.proto", "package p; message B {}"),
            ("q/broken.proto", "package p; message"),
        ],
        &[
            ("p/b.proto", "package p; message B {}"),
            ("q/broken.proto", "package p; message"),
        ],
        "",
    );
    assert!(
        has(&there, "message-deleted", "p/b.proto") || has(&there, "file-deleted", "p/b.proto"),
        "{there:?}"
    );
    assert!(
        !there.iter().any(|(rule, _)| rule == "package-deleted"),
        "{there:?}"
    );
}

#[test]
fn a_neighbour_that_does_not_compile_does_not_stand_for_its_package() {
    found(
        &[
            ("p/a.proto", "package p; message A {}"),
            ("p/aa.proto", "package p; message"),
            ("p/z.proto", "package p; message Z {}"),
        ],
        &[
            ("p/aa.proto", "package p; message"),
            ("p/z.proto", "package p; message Z {}"),
        ],
        "",
    );
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
