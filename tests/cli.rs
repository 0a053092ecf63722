//! The command line on directories: `tests/cmd/*.trycmd` hold what is typed and what is printed, one file per behaviour;
//! here is what needs more than text. `TRYCMD=overwrite cargo test --test cli` rewrites the files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const SIDES: [&str; 5] = [
    "check",
    "--against",
    "testdata/orders/before",
    "--to",
    "testdata/orders/after",
];

fn protopact(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
    command.args(arguments);
    for variable in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "GITHUB_STEP_SUMMARY",
    ] {
        command.env_remove(variable);
    }
    command
}

fn check(flags: &[&str]) -> Output {
    protopact(&[&SIDES, flags].concat()).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn commands() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "")
        .env("GITHUB_STEP_SUMMARY", "")
        .case("tests/cmd/*.trycmd");
}

#[test]
fn json_follows_its_schema() {
    let schema = protopact(&["schema", "report"]).output().unwrap();
    assert!(schema.status.success());
    let schema = serde_json::from_slice(&schema.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for flags in [
        &[][..],
        &["--release", "0.9.0", "-q"],
        &["--exempt", "none", "--preset", "stable"],
        &["--include", "acme/returns/**", "-v"],
    ] {
        let output = check(&[&["--format", "json"], flags].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{flags:?}");
        assert_eq!(text(&output.stderr), "");
        let failing = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["status"] == "failing");
        assert_eq!(output.status.code(), Some(i32::from(failing)), "{flags:?}");
    }
}

#[test]
fn json_holds_every_finding_whatever_is_printed() {
    let output = check(&["--format", "json", "-q", "--release", "0.9.0"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let statuses: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        [
            "dormant", "failing", "reported", "reported", "dormant", "exempt"
        ]
    );
}

#[test]
fn the_catalogue_as_json() {
    let output = protopact(&["rules", "--format", "json"]).output().unwrap();
    let rules: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rule = rules
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["id"] == "field-type-widened")
        .unwrap();
    assert_eq!(rule["guarantee"], "field-types-numbers-names");
    assert_eq!(rule["level"], "error");
}

#[test]
fn completions_know_commands_flags_and_the_names_of_the_pages() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = protopact(&["completions", shell]).output().unwrap();
        assert!(output.status.success());
        let script = text(&output.stdout);
        assert!(
            script.contains("explain") && script.contains("fail-on"),
            "{shell}"
        );
        // The others complete commands and flags only.
        if matches!(shell, "bash" | "zsh") {
            for name in ["field-type-widened", "method-kind", "buf-wire-json"] {
                assert!(script.contains(name), "{shell} does not complete {name}");
            }
        }
    }
    let script = protopact(&["completions", "bash"]).output().unwrap().stdout;
    let mut shell = Command::new("bash")
        .args(["-n"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut shell.stdin.take().unwrap(), &script).unwrap();
    assert!(shell.wait().unwrap().success(), "bash does not read it");
}

/// Where a person reads them, pages are set for the screen; otherwise they are Markdown, and a rule in the list is one line.
#[test]
fn pages_and_the_list_of_rules_are_coloured_like_the_report() {
    for arguments in [&["rules"][..], &["explain", "field-deleted"]] {
        let run = |flags: &[&str]| {
            let output = protopact(&[arguments, flags].concat()).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        assert!(!run(&[]).contains('\x1b'), "stdout is no terminal");
        assert_eq!(run(&["--color", "never"]), run(&[]));
        assert!(run(&["--color", "always"]).contains("\x1b["));
    }
    let page = protopact(&["explain", "field-deleted"]).output().unwrap();
    assert!(text(&page.stdout).contains("\n```proto after\n"));
    let rules = protopact(&["rules"]).output().unwrap();
    let rules = text(&rules.stdout)
        .lines()
        .filter(|line| line.starts_with("  "));
    assert!(rules.clone().count() > 50);
    assert!(
        rules.clone().all(|line| line.ends_with(')')),
        "a rule is one line"
    );
}

#[test]
fn several_formats_in_one_run() {
    let temp = TempDir::new().unwrap();
    let file = |name: &str| temp.path().join(name);
    let output = check(&[
        "--color",
        "always",
        "--format",
        &format!("json:{}", file("r.json").display()),
        "--format",
        "concise",
        "--format",
        &format!("human:{}", file("r.txt").display()),
    ]);
    assert_eq!(output.status.code(), Some(1));
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    assert!(text(&output.stdout).starts_with("acme/orders/v1/orders.proto:6:9: error["));
    assert_eq!(
        read("r.json").as_bytes(),
        check(&["--format", "json"]).stdout,
        "a file gets what stdout would"
    );
    assert_eq!(
        read("r.txt").as_bytes(),
        check(&["--color", "never"]).stdout,
        "a file has no colours"
    );
}

#[test]
fn files_are_written_relative_to_the_directory_of_the_run() {
    let temp = TempDir::new().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/orders");
    let output = protopact(&["check", "--format", "json:r.json", "-C"])
        .arg(temp.path())
        .arg("--against")
        .arg(here.join("before"))
        .arg("--to")
        .arg(here.join("after"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "");
    assert!(temp.path().join("r.json").is_file());
}

#[test]
fn a_file_is_there_whole_or_not_at_all() {
    let temp = TempDir::new().unwrap();
    let file = |name: &str| temp.path().join(name);
    let to = |format: &str, name: &str| format!("{format}:{}", file(name).display());
    std::fs::create_dir(file("folder")).unwrap();
    std::fs::write(file("kept"), "as it was").unwrap();
    let output = check(&[
        "--format",
        &to("json", "new"),
        "--format",
        &to("junit", "kept"),
        "--format",
        &to("sarif", "folder"),
        "--format",
        "concise",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    assert!(text(&output.stderr).contains("cannot be written"));
    assert!(!file("new").exists());
    assert_eq!(std::fs::read_to_string(file("kept")).unwrap(), "as it was");
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 2);

    let output = check(&[
        "--format",
        &to("json", "new"),
        "--format",
        &to("junit", "kept"),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        std::fs::read_to_string(file("new"))
            .unwrap()
            .starts_with('{')
    );
    assert!(
        std::fs::read_to_string(file("kept"))
            .unwrap()
            .starts_with("<?xml")
    );
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 3);
}

#[cfg(unix)]
#[test]
fn files_keep_their_kind_and_their_rights() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let temp = TempDir::new().unwrap();
    let file = |name: &str| temp.path().join(name);
    let mode = |name: &str| file(name).metadata().unwrap().permissions().mode() & 0o777;
    std::fs::write(file("plain"), "").unwrap();
    std::fs::write(file("private"), "old").unwrap();
    std::fs::set_permissions(file("private"), std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink(file("private"), file("link")).unwrap();
    let output = check(&[
        "--format",
        &format!("json:{}", file("link").display()),
        "--format",
        &format!("junit:{}", file("new").display()),
        "--format",
        "gitlab:/dev/null",
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(file("link").symlink_metadata().unwrap().is_symlink());
    assert!(
        std::fs::read_to_string(file("private"))
            .unwrap()
            .starts_with('{')
    );
    assert_eq!(mode("private"), 0o600);
    assert_eq!(mode("new"), mode("plain"), "what the user's mask leaves");
    assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_yet_is_a_place_to_write_to() {
    use std::os::unix::fs::symlink;
    let temp = TempDir::new().unwrap();
    let file = |name: &str| temp.path().join(name);
    let write = |name: &str| check(&["--format", &format!("json:{}", file(name).display())]);
    symlink("second", file("first")).unwrap();
    symlink("real", file("second")).unwrap();
    let output = write("first");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(file("first").is_symlink() && file("second").is_symlink());
    assert!(file("real").symlink_metadata().unwrap().is_file());
    // What is in the way is told for what it is.
    symlink("circle", file("circle")).unwrap();
    symlink("no/such/folder", file("nowhere")).unwrap();
    for (name, help) in [
        ("circle", "or name another file"),
        ("nowhere", "make the folder that it is to be in"),
        ("", "name a file in it"),
    ] {
        let output = write(name);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text(&output.stderr).contains(help), "{name}: {output:?}");
    }
    assert!(!file("no").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_wants_room() {
    let output = check(&["--format", "json:/dev/full"]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(error.contains("make room on its device"), "{error}");
}

#[test]
fn github_gets_a_summary_where_it_asks_for_one() {
    let temp = TempDir::new().unwrap();
    let summary = temp.path().join("summary.md");
    let run = |summary: &Path, format: &str| {
        let mut command = protopact(&[&SIDES, &["--format", format][..]].concat());
        command
            .env("GITHUB_STEP_SUMMARY", summary)
            .output()
            .unwrap()
    };
    run(&summary, "json");
    assert!(!summary.exists(), "only annotations come with a summary");
    std::fs::write(&summary, "before\n").unwrap();
    let output = run(&summary, "github");
    assert_eq!(output.status.code(), Some(1));
    let written = std::fs::read_to_string(&summary).unwrap();
    let markdown = check(&["--format", "markdown"]);
    assert_eq!(written, format!("before\n{}", text(&markdown.stdout)));

    // GitHub refuses a summary that is longer than 1 MiB, with what stood there before.
    let full = "x".repeat(1024 * 1024 - 10);
    std::fs::write(&summary, &full).unwrap();
    assert_eq!(run(&summary, "github").status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(&summary).unwrap(), full);

    let output = run(&temp.path().join("no/such/file"), "github");
    assert_eq!(
        output.status.code(),
        Some(1),
        "the check has its own verdict"
    );
    assert!(text(&output.stderr).contains("the summary of the job cannot be written"));
}

#[test]
fn colours_are_asked_for_or_left_out() {
    let coloured = |flags: &[&str], variables: &[(&str, &str)]| {
        let mut command = protopact(&[&SIDES, flags].concat());
        let output = command.envs(variables.iter().copied()).output().unwrap();
        text(&output.stdout).contains('\x1b')
    };
    assert!(!coloured(&[], &[]), "stdout is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    // Without its colours the report is the plain one.
    let plain = check(&[]).stdout;
    let mut rest = text(&check(&["--color", "always"]).stdout).to_owned();
    while let Some(start) = rest.find('\x1b') {
        let end = start + rest[start..].find('m').unwrap();
        rest.replace_range(start..=end, "");
    }
    assert_eq!(rest, text(&plain));
}

#[test]
fn lines_are_as_wide_as_columns_says() {
    let run = |columns: &str| {
        let mut command = protopact(&SIDES);
        let output = command.env("COLUMNS", columns).output().unwrap();
        text(&output.stdout).to_owned()
    };
    let widest = |printed: &str| {
        // Headings and the closing line are for `grep`: they stay whole.
        let lines = printed.lines().filter(|line| line.starts_with(' '));
        let places = lines.filter(|line| !line.contains("-->"));
        places.map(|line| line.chars().count()).max().unwrap()
    };
    let usual = run("");
    assert!((90..=100).contains(&widest(&usual)), "{usual}");
    assert!(widest(&run("62")) <= 62, "{}", run("62"));
    assert!(widest(&run("140")) > 100);
    for nonsense in ["0", "-1", "wide"] {
        assert_eq!(run(nonsense), usual);
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    for (arguments, code) in [
        (&["rules"][..], 0),
        (&["explain", "field-deleted"], 0),
        (&["schema", "report"], 0),
        (&["--help"], 0),
        (&["check", "--help"], 0),
        (&SIDES, 1),
        (
            &[&SIDES[..], &["--format", "json", "--fail-on", "never"]].concat(),
            0,
        ),
    ] {
        let mut child = protopact(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut errors = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}");
        assert_eq!(errors.matches("panicked").count(), 0, "{errors}");
    }
}

#[test]
fn findings_go_to_stdout_and_trouble_to_stderr() {
    let found = check(&[]);
    assert_eq!(text(&found.stderr), "");
    let trouble = check(&["--preset", "zzz"]);
    assert_eq!(text(&trouble.stdout), "");
    assert_eq!(trouble.status.code(), Some(2));
}
