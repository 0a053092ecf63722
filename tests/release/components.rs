//! Components with releases, promises and a changelog of their own.

use std::fs;

use insta::assert_snapshot;

use super::{SPAN, check, protopact, release, verdict, with_state, without_kind};
use crate::repo::{Repo, repo};

const COMPONENTS: &str = "[[component]]\npath = \"trace\"\npreset = \"opentelemetry\"\nreleases = \"trace/v*\"\nsince = \"1.0.0\"\n\n[[component]]\nname = \"logs\"\npath = \"acme/logs\"\npreset = \"wire\"\nreleases = \"logs/v*\"\n";

/// A tree of two components and a file that belongs to none, all of one release.
fn of_components() -> Repo {
    let repo = repo();
    repo.write("protopact.toml", COMPONENTS);
    repo.write("trace/t.proto", &SPAN.replace("acme.v1", "acme.trace"));
    repo.write("acme/logs/l.proto", &SPAN.replace("acme.v1", "acme.logs"));
    repo.commit(SPAN);
    repo.git("tag trace/v0.9.0");
    repo.git("tag logs/v1.4.0");
    repo.git("tag v3.0.0");
    repo
}

#[test]
fn each_file_is_judged_by_its_component() {
    let repo = of_components();
    repo.write(
        "trace/t.proto",
        &without_kind().replace("acme.v1", "acme.trace"),
    );
    let renamed = SPAN.replace("string kind", "string sort");
    repo.write(
        "acme/logs/l.proto",
        &renamed.replace("acme.v1", "acme.logs"),
    );
    repo.write("a.proto", &renamed);
    let check = |to: &str| check(&repo, "v3.0.0", to);
    assert_snapshot!(check("human"), @r#"
error[field-renamed]: field `Span.kind` was renamed from `kind` to `sort`
  --> v3.0.0:a.proto:6:10
 6 |   string kind = 2;
   |          ^^^^
  --> a.proto:6:10
 6 |   string sort = 2;
   |          ^^^^
   = breaks:   JSON, source (readers old and new and code that uses it)
   = promise:  "Field types, numbers and names will not change." (preset `stable`)
   = maturity: stable (default)
   = implies:  field `Span.kind` changed its JSON name from `kind` to `sort`
               [field-json-name-changed]
   = help:     keep the name; describe the better name in the comment
   = accept:   0489ada18ca80675

note: the component `trace` is judged under preset `opentelemetry`, of which nothing is in force before 1.0.0
note: the component `logs` is judged under preset `wire`
worktree compared with v3.0.0 under preset stable (exempt: labelled): 3 of 3 files changed (12 elements), 5 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 2 dormant; needs a major version bump
exit 1
"#);
    assert_snapshot!(check("concise"), @"
a.proto:6:10: error[field-renamed] field `Span.kind` was renamed from `kind` to `sort`
acme/logs/l.proto:6:10: dormant[field-renamed] field `Span.kind` was renamed from `kind` to `sort`
trace/t.proto:4:9: dormant[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
worktree compared with v3.0.0 under preset stable (exempt: labelled): 3 of 3 files changed (12 elements), 5 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 2 dormant; needs a major version bump
exit 1
");
    let status = |symbol: &str| {
        let printed = protopact(&repo, &["status", symbol]);
        let lines = printed.lines().filter(|it| it.contains("no-deletion"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(status("acme.trace.Span"), @"  no-deletion (dormant until 1.0.0)");
    // From its release on what the component promises is in force.
    repo.git("tag trace/v1.0.0 v3.0.0");
    assert_snapshot!(check("concise"), @"
a.proto:6:10: error[field-renamed] field `Span.kind` was renamed from `kind` to `sort`
acme/logs/l.proto:6:10: dormant[field-renamed] field `Span.kind` was renamed from `kind` to `sort`
trace/t.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
worktree compared with v3.0.0 under preset stable (exempt: labelled): 3 of 3 files changed (12 elements), 5 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 1 dormant; needs a major version bump
exit 1
");
}

#[test]
fn a_finding_says_whose_promise_it_is() {
    let repo = of_components();
    repo.git("tag trace/v1.0.0 v3.0.0");
    repo.write(
        "trace/t.proto",
        &without_kind().replace("acme.v1", "acme.trace"),
    );
    let check = |to: &str| check(&repo, "v3.0.0", to);
    assert!(check("json").contains("\"component\": \"trace\""));
    assert!(
        check("human").contains("component: trace"),
        "{}",
        check("human")
    );
}

#[test]
fn a_component_has_releases_of_its_own() {
    let repo = of_components();
    repo.write(
        "trace/t.proto",
        &without_kind().replace("acme.v1", "acme.trace"),
    );
    let logs = with_state(true).replace("acme.v1", "acme.logs");
    repo.write("acme/logs/l.proto", &logs);
    repo.commit_all();
    assert_snapshot!(release(&repo, "--component trace"), @"
note: the component `trace` is judged under preset `opentelemetry`, of which nothing is in force before 1.0.0
release of trace after trace/v0.9.0: needs a patch version bump, 0.9.1
  what breaks nothing needs a patch version (semver.org, item 6)

worktree compared with trace/v0.9.0 under preset opentelemetry (exempt: component): 1 of 1 file changed (8 elements), 1 change; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 1 dormant; needs a patch version bump
0.9.1 is the next version
exit 0
");
    assert_snapshot!(verdict(&repo, "--component logs 1.4.1"), @"
release of logs after logs/v1.4.0: needs a minor version bump, 1.5.0
error: 1.4.1 (the command line) is too small: the changes since 1.4.0 need a minor version, 1.5.0
1.4.1 (the command line) may not be released
exit 1
");
    assert_snapshot!(verdict(&repo, "--component logs 1.5.0"), @"
release of logs after logs/v1.4.0: needs a minor version bump, 1.5.0
1.5.0 (the command line) may be released
exit 0
");
    // What no component holds is released without one.
    assert_snapshot!(release(&repo, ""), @"
release after v3.0.0: needs no version bump, 3.0.1
  nothing that was promised has changed

worktree compared with v3.0.0 under preset stable (exempt: labelled): no .proto file differs (1 file, 8 elements); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
3.0.1 is the next version
exit 0
");
    assert_snapshot!(release(&repo, "--component log"), @"
error: there is no component `log`
   = help: did you mean `logs`?
exit 2
");
    repo.git("rm -q a.proto");
    repo.commit_all();
    assert_snapshot!(release(&repo, ""), @"
error: every file belongs to a component that is released on its own
   = help: name one with `--component`: `trace`, `logs`
exit 2
");
}

#[test]
fn a_component_has_a_changelog_of_its_own() {
    let repo = of_components();
    let span = |package: &str| with_state(false).replace("acme.v1", package);
    repo.write("trace/t.proto", &span("acme.trace"));
    repo.write("acme/logs/l.proto", &span("acme.logs"));
    repo.commit_all();
    let written = |component: &str| {
        let day = "--write-changelog --date 2026-11-21";
        let printed = release(&repo, &format!("2.0.0 --component {component} {day}"));
        let line = printed.lines().find(|line| line.starts_with("wrote"));
        line.unwrap_or(&printed).to_owned()
    };
    assert_snapshot!(written("trace"), @"
wrote the section of the release to trace/CHANGELOG.md
");
    assert_snapshot!(written("logs"), @"
wrote the section of the release to acme/logs/CHANGELOG.md
");
    let read = |file: &str| fs::read_to_string(repo.root().join(file)).unwrap();
    assert_eq!(read("trace/CHANGELOG.md"), read("acme/logs/CHANGELOG.md"));
    // Each explains what belongs to it, and that of the tree explains all.
    let additions = || {
        let printed = check(&repo, "v3.0.0", "concise");
        let lines = printed.lines().filter(|line| line.contains("[addition"));
        lines.collect::<Vec<_>>().join("\n")
    };
    repo.write(
        "trace/CHANGELOG.md",
        "- `Span.state` is sent by new senders only.\n",
    );
    assert_snapshot!(additions(), @"
acme/logs/l.proto:7:10: dormant[addition-unexplained] `Span.state` was added, and nothing says how old and new senders and receivers interoperate
trace/t.proto:7:10: dormant[addition-explained] `Span.state` was added; trace/CHANGELOG.md:1 names it
");
    repo.write(
        "CHANGELOG.md",
        "- `acme.logs.Span.state` is sent by new senders only.\n",
    );
    assert_snapshot!(additions(), @"
acme/logs/l.proto:7:10: dormant[addition-explained] `Span.state` was added; CHANGELOG.md:1 names it
trace/t.proto:7:10: dormant[addition-explained] `Span.state` was added; trace/CHANGELOG.md:1 names it
");
    repo.write(
        "protopact.toml",
        &COMPONENTS.replace("releases", "changelog = \"CHANGES.md\"\nreleases"),
    );
    assert_snapshot!(written("trace"), @r#"
error: `CHANGES.md` is the changelog of the component `trace`
   --> protopact.toml:12:13
 12 | changelog = "CHANGES.md"
    |             ^^^^^^^^^^^^ the second
    = help: versions of two components cannot be told apart in one changelog; give each its own
exit 2
"#);
    repo.write(
        "protopact.toml",
        &COMPONENTS.replacen("releases", "changelog = \"CHANGES.md\"\nreleases", 1),
    );
    assert_snapshot!(written("trace"), @"
wrote the section of the release to CHANGES.md
");
}

#[test]
fn a_changelog_is_grouped_by_component() {
    let repo = of_components();
    for (path, package) in [("trace/t.proto", "acme.trace"), ("a.proto", "acme.v1")] {
        repo.write(path, &with_state(true).replace("acme.v1", package));
    }
    assert_snapshot!(protopact(&repo, &["changelog", "v3.0.0.."]), @"
## Changes from `v3.0.0` to `worktree`

### `acme.v1`

#### Additions

- field `Span.state` was added; explained at `a.proto:7` (`a.proto:8`)

### `trace`

#### Additions

- field `Span.state` was added (not promised yet); explained at `trace/t.proto:7` (`trace/t.proto:8`)
exit 0
");
}
