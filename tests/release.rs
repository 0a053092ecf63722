//! Releases in git repositories: which version the changes need, who is judged by what, and what is written into a changelog.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;

#[path = "release/components.rs"]
mod components;
#[path = "release/section.rs"]
mod section;

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use crate::repo::{Repo, repo, without_ids};

const SPAN: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Span {\n  string name = 1;\n  string kind = 2;\n}\n";

/// The message with another field, explained or not.
fn with_state(explained: bool) -> String {
    let comment = if explained {
        "  // Older senders leave it unset.\n"
    } else {
        ""
    };
    SPAN.replace(
        "  string kind = 2;\n",
        &format!("  string kind = 2;\n{comment}  string state = 3;\n"),
    )
}

fn without_kind() -> String {
    SPAN.replace("  string kind = 2;\n", "")
}

/// A repository of one release.
fn released(tag: &str) -> Repo {
    let repo = repo();
    make_release(&repo, SPAN, tag);
    repo
}

/// Runs protopact: what it printed, errors first, and its exit status.
fn protopact(repo: &Repo, arguments: &[&str]) -> String {
    without_ids(&repo.protopact("", arguments.iter().copied()))
}

fn release(repo: &Repo, arguments: &str) -> String {
    let mut all = vec!["release"];
    all.extend(arguments.split_whitespace());
    protopact(repo, &all)
}

/// The last lines: the verdict and the status.
fn verdict(repo: &Repo, arguments: &str) -> String {
    let printed = release(repo, arguments);
    let lines: Vec<&str> = printed
        .lines()
        .filter(|line| {
            line.starts_with("error") || line.contains("release") && !line.contains("compared")
        })
        .collect();
    let exit = printed.lines().last().unwrap();
    format!("{}\n{exit}", lines.join("\n"))
}

/// What the check says of the same changes.
fn check(repo: &Repo, against: &str, format: &str) -> String {
    let arguments = ["check", "--against", against, "--format", format];
    protopact(repo, &arguments)
}

/// The verdicts on one state of the repository, each behind what was typed.
fn verdicts(repo: &Repo, arguments: &[&str]) -> String {
    let verdicts = arguments.iter().map(|arguments| {
        let typed = format!("$ protopact release {arguments}");
        format!("{}\n{}", typed.trim_end(), verdict(repo, arguments))
    });
    verdicts.collect::<Vec<_>>().join("\n\n")
}

/// Has everything accepted that breaks a promise of a release.
fn agree(repo: &Repo, who: Option<&str>, reason: &str, tag: &str) {
    let mut accept = vec!["accept", "--all", "--reason", reason, "--against", tag];
    accept.extend(who.into_iter().flat_map(|who| ["--who", who]));
    protopact(repo, &accept);
}

/// Commits `a.proto` with this text, and tags that as a release.
fn make_release(repo: &Repo, text: &str, tag: &str) {
    repo.commit(text);
    repo.git(&format!("tag {tag}"));
}

/// Leaves another text of `a.proto` in the worktree.
fn edit(repo: &Repo, text: &str) {
    repo.write("a.proto", text);
}

fn configure(repo: &Repo, text: &str) {
    repo.write("protopact.toml", text);
}

fn json(repo: &Repo, arguments: &str) -> Value {
    let mut all = vec!["release", "--format", "json"];
    all.extend(arguments.split_whitespace());
    let printed = protopact(repo, &all);
    let start = printed.find('{').unwrap_or_else(|| panic!("{printed}"));
    let end = printed.rfind('}').unwrap() + 1;
    serde_json::from_str(&printed[start..end]).unwrap()
}

#[test]
fn an_addition_needs_a_minor_version_and_an_explanation() {
    let repo = released("v1.2.0");
    edit(&repo, &with_state(false));
    assert_snapshot!(release(&repo, ""), @"
release after v1.2.0: needs a minor version bump, 1.3.0
  an addition to what is stable needs a minor version (semver.org, item 7)

additions without an explanation (1):
  a.proto:7:10: field `Span.state`
  warning[addition-unexplained]: say in its comment, in the CHANGELOG or in the commit message what a receiver does that does not know it, and what its absence means

worktree compared with v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 0 errors, 1 warning, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
1.3.0 is the next version
exit 0
");
    assert_snapshot!(release(&repo, "1.2.1"), @"
release after v1.2.0: needs a minor version bump, 1.3.0
  an addition to what is stable needs a minor version (semver.org, item 7)

additions without an explanation (1):
  a.proto:7:10: field `Span.state`
  warning[addition-unexplained]: say in its comment, in the CHANGELOG or in the commit message what a receiver does that does not know it, and what its absence means

error: 1.2.1 (the command line) is too small: the changes since 1.2.0 need a minor version, 1.3.0
worktree compared with v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 0 errors, 1 warning, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
1.2.1 (the command line) may not be released
exit 1
");
    assert_snapshot!(verdicts(&repo, &["1.3.0", "1.3.0 --fail-on warning"]), @"
$ protopact release 1.3.0
release after v1.2.0: needs a minor version bump, 1.3.0
1.3.0 (the command line) may be released
exit 0

$ protopact release 1.3.0 --fail-on warning
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1 finding below the level of an error, and --fail-on asks for none
1.3.0 (the command line) may not be released
exit 1
");
    edit(&repo, &with_state(true));
    assert_snapshot!(verdict(&repo, "1.3.0 --fail-on warning"), @"
release after v1.2.0: needs a minor version bump, 1.3.0
1.3.0 (the command line) may be released
exit 0
");
    // In a check the same is a note.
    edit(&repo, &with_state(false));
    let checked = check(&repo, "v1.2.0", "concise");
    assert!(checked.contains("note[addition-unexplained]"), "{checked}");
}

#[test]
fn a_break_needs_a_major_version_also_where_it_was_agreed_to() {
    let repo = released("v1.2.0");
    edit(&repo, &without_kind());
    assert_snapshot!(verdicts(&repo, &["", "1.3.0", "2.0.0"]), @"
$ protopact release
release after v1.2.0: needs a major version bump, 2.0.0
error: no version announces 1 break: release 2.0.0 (`protopact release 2.0.0`), or agree to what is let go with `protopact accept --all --reason WHY --against v1.2.0`
this may not be released as it is
exit 1

$ protopact release 1.3.0
release after v1.2.0: needs a major version bump, 2.0.0
error: 1.3.0 (the command line) is too small: the changes since 1.2.0 need a major version, 2.0.0
1.3.0 (the command line) may not be released
exit 1

$ protopact release 2.0.0
release after v1.2.0: needs a major version bump, 2.0.0
2.0.0 (the command line) may be released
exit 0
");
    agree(&repo, Some("Ada"), "nobody sends it", "v1.2.0");
    assert_snapshot!(release(&repo, ""), @"
release after v1.2.0: needs a major version bump, 2.0.0
  a break needs a major version (semver.org, item 8)

breaks that were agreed to (1):
  a.proto:4:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
    agreed to by Ada: nobody sends it (protopact.accepted.toml:4)

worktree compared with v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (4 elements), 1 change; 0 errors, 0 warnings, 0 notes, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
2.0.0 is the next version
exit 0
");
    assert_snapshot!(verdict(&repo, "1.3.0"), @"
release after v1.2.0: needs a major version bump, 2.0.0
error: 1.3.0 (the command line) is too small: the changes since 1.2.0 need a major version, 2.0.0
1.3.0 (the command line) may not be released
exit 1
");
    assert_snapshot!(release(&repo, "2.0.0 --format markdown"), @"
## 2.0.0

Since `v1.2.0`: needs a major version bump; a break needs a major version (semver.org, item 8).

### Breaking

- Field `Span.kind` was deleted, and neither its number nor its name is reserved. Agreed to by Ada: nobody sends it.
exit 0
");
}

#[test]
fn a_break_may_have_to_be_agreed_to_whatever_the_version() {
    let repo = released("v1.2.0");
    configure(&repo, "[release]\nbreaks = \"accepted\"\n");
    edit(&repo, &without_kind());
    assert_snapshot!(verdict(&repo, "2.0.0"), @"
release after v1.2.0: needs a major version bump, 2.0.0
error: nobody agreed to 1 break: `protopact accept --all --reason WHY --against v1.2.0` records who did, and why
2.0.0 (the command line) may not be released
exit 1
");
    agree(&repo, None, "nobody sends it", "v1.2.0");
    assert_snapshot!(verdict(&repo, "2.0.0"), @"
release after v1.2.0: needs a major version bump, 2.0.0
2.0.0 (the command line) may be released
exit 0
");
}

#[test]
fn below_1_0_a_break_needs_a_minor_version() {
    let repo = released("v0.4.1");
    edit(&repo, &with_state(true));
    assert_snapshot!(verdict(&repo, "0.4.2"), @"
release after v0.4.1: needs a patch version bump, 0.4.2
0.4.2 (the command line) may be released
exit 0
");
    edit(&repo, &without_kind());
    assert_snapshot!(verdicts(&repo, &["0.4.2", "0.5.0"]), @"
$ protopact release 0.4.2
release after v0.4.1: needs a minor version bump, 0.5.0
error: 0.4.2 (the command line) is too small: the changes since 0.4.1 need a minor version, 0.5.0
0.4.2 (the command line) may not be released
exit 1

$ protopact release 0.5.0
release after v0.4.1: needs a minor version bump, 0.5.0
0.5.0 (the command line) may be released
exit 0
");
}

#[test]
fn what_is_below_stable_needs_none() {
    let repo = repo();
    let alpha =
        "syntax = \"proto3\";\npackage acme.v1alpha1;\n\nmessage Span {\n  string name = 1;\n}\n";
    repo.write("acme/v1alpha1/a.proto", alpha);
    repo.commit_all();
    repo.git("tag v1.2.0");
    let changed = alpha.replace("name = 1", "name = 2");
    repo.write("acme/v1alpha1/a.proto", &changed);
    assert_snapshot!(release(&repo, ""), @"
release after v1.2.0: needs no version bump, 1.2.1
  nothing that was promised has changed

exempt: 1 change of what is below Stable (-v lists them)

worktree compared with v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (3 elements), 1 change; 0 errors, 0 warnings, 0 notes, 1 exempt, 0 accepted, 0 dormant; needs no version bump
1.2.1 is the next version
exit 0
");
}

#[test]
fn the_first_release_may_have_any_version() {
    let repo = repo();
    edit(&repo, SPAN);
    assert_snapshot!(release(&repo, ""), @"
note: the baseline has no .proto file, so nothing was promised yet
first release: everything is new
  nothing was released yet, so that any version may be the first

worktree compared with nothing under preset stable (exempt: labelled): 1 file changed (0 before, 1 now, 4 elements), nothing was promised yet; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
any version may be released
exit 0
");
    repo.commit_all();
    assert_snapshot!(release(&repo, "0.1.0"), @"
note: the baseline has no .proto file, so nothing was promised yet
first release: everything is new
  nothing was released yet, so that any version may be the first

worktree compared with nothing under preset stable (exempt: labelled): 1 file changed (0 before, 1 now, 4 elements), nothing was promised yet; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
0.1.0 (the command line) may be released
exit 0
");
    assert_snapshot!(release(&repo, "--format markdown"), @"
## First release

The first release: nothing was promised before.
exit 0
");
    assert_eq!(json(&repo, "")["baseline"], Value::Null);
}

#[test]
fn a_tag_at_the_commit_is_the_release_that_is_being_made() {
    let repo = released("v1.2.0");
    repo.commit(&with_state(true));
    repo.git("tag -a v1.2.1 -m message");
    assert_snapshot!(verdicts(&repo, &["", "1.2.1"]), @"
$ protopact release
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1 (the tag `v1.2.1`) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.2.1 (the tag `v1.2.1`) may not be released
exit 1

$ protopact release 1.2.1
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1 (the command line) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.2.1 (the command line) may not be released
exit 1
");
    // Another version is being made than the tag says.
    assert_snapshot!(verdicts(&repo, &["1.3.0", "v1.2.0", "--to v1.2.0"]), @"
$ protopact release 1.3.0
release after v1.2.1: needs no version bump, 1.2.2
1.3.0 (the command line) may be released
exit 0

$ protopact release v1.2.0
error: 1.2.0 is released already: the tag `v1.2.0` stands at something else (COMMIT)
   = help: name another version, or check that release itself with `--to TAG`
exit 2

$ protopact release --to v1.2.0
first release: everything is new
  nothing was released yet, so that any version may be the first
1.2.0 (the tag `v1.2.0`) may be released
exit 0
");
    // The worktree has more than the tag.
    edit(&repo, &without_kind());
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.2.1: needs a major version bump, 2.0.0
error: no version announces 2 breaks: release 2.0.0 (`protopact release 2.0.0`), or agree to what is let go with `protopact accept --all --reason WHY --against v1.2.1`
this may not be released as it is
exit 1
");
}

#[test]
fn a_version_has_to_be_higher_than_the_latest_and_free() {
    let repo = released("v1.2.0");
    edit(&repo, &with_state(true));
    assert_snapshot!(release(&repo, "1.1.0"), @"
error: 1.1.0 is not higher than `v1.2.0`, the latest release of this history
   = help: name a higher version, 1.2.1 or later
exit 2
");
    assert_snapshot!(release(&repo, "1.2.0"), @"
error: 1.2.0 is released already: the tag `v1.2.0` stands at something else (COMMIT)
   = help: name another version, or check that release itself with `--to TAG`
exit 2
");
    assert_snapshot!(release(&repo, "next"), @"
error: invalid value 'next' for '[VERSION]': unexpected character 'n' while parsing major version number; write it like 1.11.0

For more information, try '--help'.
exit 2
");
}

#[test]
fn pre_releases_are_skipped_unless_they_are_asked_for() {
    let repo = released("v1.2.0");
    make_release(&repo, &with_state(true), "v1.3.0-rc.1");
    edit(&repo, &with_state(true).replace("state", "status"));
    assert_snapshot!(verdicts(&repo, &["1.3.0-rc.2", "1.3.0-rc.2 --pre-releases", "1.3.0 --pre-releases", "1.2.1-rc.1"]), @"
$ protopact release 1.3.0-rc.2
release after v1.2.0: needs a minor version bump, 1.3.0
1.3.0-rc.2 (the command line) may be released
exit 0

$ protopact release 1.3.0-rc.2 --pre-releases
release after v1.3.0-rc.1: needs a major version bump, 1.3.0
  a pre-release promises nothing, so that the version that it precedes is enough (semver.org, item 9)
1.3.0-rc.2 (the command line) may be released
exit 0

$ protopact release 1.3.0 --pre-releases
release after v1.3.0-rc.1: needs a major version bump, 1.3.0
  a pre-release promises nothing, so that the version that it precedes is enough (semver.org, item 9)
1.3.0 (the command line) may be released
exit 0

$ protopact release 1.2.1-rc.1
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1-rc.1 (the command line) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.2.1-rc.1 (the command line) may not be released
exit 1
");
}

#[test]
fn a_backport_goes_by_the_releases_of_its_branch() {
    let repo = released("v1.2.0");
    repo.git("checkout -q -b release/1.x");
    repo.git("checkout -q main");
    make_release(&repo, &without_kind(), "v2.0.0");
    make_release(&repo, &with_state(true), "v1.3.0");
    repo.git("checkout -q release/1.x");
    repo.commit(&with_state(true));
    // What main has made since is not deleted here.
    assert_snapshot!(verdicts(&repo, &["", "1.2.1", "1.3.0", "1.4.0"]), @"
$ protopact release
release after v1.2.0: needs a minor version bump, 1.3.0
error: the changes need a minor version, and 1.3.0 is released already: `v1.3.0` is no part of this history; take out what needs more than a patch version, or name the version that this is to be
this may not be released as it is
exit 1

$ protopact release 1.2.1
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1 (the command line) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.2.1 (the command line) may not be released
exit 1

$ protopact release 1.3.0
error: 1.3.0 is released already: the tag `v1.3.0` stands at something else (COMMIT)
   = help: name another version, or check that release itself with `--to TAG`
exit 2

$ protopact release 1.4.0
release after v1.2.0: needs a minor version bump, 1.3.0
1.4.0 (the command line) may be released
exit 0
");
}

#[test]
fn a_break_on_another_line_has_no_version_to_go_by() {
    let repo = released("v1.2.0");
    repo.git("checkout -q -b release/1.x");
    repo.git("checkout -q main");
    repo.commit(&with_state(true));
    repo.git("tag v2.0.0");
    repo.git("checkout -q release/1.x");
    repo.commit(&without_kind());
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.2.0: needs a major version bump, 2.0.0
error: the changes need a major version, and 2.0.0 is released already: `v2.0.0` is no part of this history; take out what needs more than a patch version, or name the version that this is to be
this may not be released as it is
exit 1
");
}

#[test]
fn a_patch_of_another_line_is_passed_over() {
    let repo = released("v1.2.0");
    repo.git("checkout -q -b release/1.2.x");
    repo.commit(&SPAN.replace("string kind = 2", "// For people.\n  string kind = 2"));
    repo.git("tag v1.2.1");
    repo.git("checkout -q main");
    repo.commit(&SPAN.replace("string kind = 2", "// For all.\n  string kind = 2"));
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.2.0: needs a patch version bump, 1.2.2
exit 0
");
}

#[test]
fn an_enum_value_is_an_addition_among_others() {
    let repo = repo();
    let colors = "syntax = \"proto3\";\npackage acme.v1;\n\nenum Color {\n  NONE = 0;\n}\n\nmessage Span {\n  oneof kind {\n    string name = 1;\n  }\n}\n";
    repo.commit(colors);
    repo.git("tag v1.2.0");
    repo.commit(
        &colors
            .replace("NONE = 0;", "NONE = 0;\n  RED = 1;")
            .replace(
                "string name = 1;",
                "string name = 1;\n    int32 number = 2;",
            ),
    );
    assert_snapshot!(release(&repo, ""), @"
release after v1.2.0: needs a minor version bump, 1.3.0
  an addition to what is stable needs a minor version (semver.org, item 7)

additions without an explanation (2):
  a.proto:6:3: enum value `Color.RED`
  a.proto:12:11: field `Span.number`
  warning[addition-unexplained]: say in its comment, in the CHANGELOG or in the commit message what a receiver does that does not know it, and what its absence means

worktree compared with v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (8 elements), 4 changes; 0 errors, 2 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
1.3.0 is the next version
exit 0
");
}

#[test]
fn a_stale_branch_deletes_nothing() {
    let repo = released("v1.2.0");
    repo.git("checkout -q -b topic");
    repo.git("checkout -q main");
    make_release(&repo, &with_state(true), "v1.3.0");
    repo.git("checkout -q topic");
    repo.commit(&SPAN.replace("string kind = 2", "// Of its own.\n  string kind = 2"));
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.2.0: needs a patch version bump, 1.2.1
exit 0
");
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let repo = released("v1.2.0");
    repo.commit(&with_state(true));
    let clone = repo.beside("clone");
    let from = format!("file://{}", repo.root().display());
    repo.git_args(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &from,
        clone.to_str().unwrap(),
    ]);
    assert_snapshot!(release(&repo.moved_to("clone"), ""), @r#"
error: the clone is shallow: its history ends before the latest release reachable from `HEAD` can be told
   = help: run `git fetch --unshallow --tags origin "+refs/heads/*:refs/remotes/origin/*"` (with
           actions/checkout: `fetch-depth: 0`)
exit 2
"#);
}

#[test]
fn tags_can_be_of_a_module() {
    let repo = released("proto/v1.2.0");
    repo.git("tag v7.0.0");
    make_release(&repo, &with_state(true), "v8.0.0");
    assert_snapshot!(verdict(&repo, "--tags proto/v*"), @"
release after proto/v1.2.0: needs a minor version bump, 1.3.0
exit 0
");
    configure(&repo, "[release]\ntags = \"proto/v*\"\n");
    assert_snapshot!(verdicts(&repo, &["1.2.1", "1.3.0"]), @"
$ protopact release 1.2.1
release after proto/v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1 (the command line) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.2.1 (the command line) may not be released
exit 1

$ protopact release 1.3.0
release after proto/v1.2.0: needs a minor version bump, 1.3.0
1.3.0 (the command line) may be released
exit 0
");
}

#[test]
fn a_version_file_has_to_be_enough_too() {
    let repo = released("v1.2.0");
    repo.write("VERSION", "1.2.0\n");
    configure(&repo, "[release]\nversion-file = \"VERSION\"\n");
    repo.commit_all();
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.2.0: needs no version bump, 1.2.1
1.2.0 (`VERSION`) is the latest release, and the changes need no other
exit 0
");
    edit(&repo, &with_state(true));
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.0 (`VERSION`) is not higher than 1.2.0, the latest release
1.2.0 (`VERSION`) may not be released
exit 1
");
    repo.write("VERSION", "1.2.1\n");
    assert_snapshot!(verdicts(&repo, &["", "1.3.0"]), @"
$ protopact release
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1 (`VERSION`) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.2.1 (`VERSION`) may not be released
exit 1

$ protopact release 1.3.0
release after v1.2.0: needs a minor version bump, 1.3.0
error: 1.2.1 (`VERSION`) is too small: the changes since 1.2.0 need a minor version, 1.3.0
1.3.0 (the command line) may not be released
exit 1
");
    repo.write(
        "package.json",
        "{\n  \"name\": \"acme\",\n  \"version\": \"1.3.0\"\n}\n",
    );
    let pattern =
        "version-file = { path = \"package.json\", pattern = '\"version\": \"{version}\"' }";
    configure(&repo, &format!("[release]\n{pattern}\n"));
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.2.0: needs a minor version bump, 1.3.0
1.3.0 (`package.json`) may be released
exit 0
");
    repo.write("package.json", "{}\n");
    assert_snapshot!(release(&repo, ""), @r#"
error: `package.json` states no version: nothing there looks like `"version": "{version}"`
   = help: `version-file` in the section [release] of protopact.toml says which file states the
           version, and `pattern` where in it
exit 2
"#);
    configure(&repo, "[release]\nversion-file = \"VERSOIN\"\n");
    assert_snapshot!(release(&repo, ""), @"
error: the version file `VERSOIN` is not there in `worktree`
   = help: `version-file` in the section [release] of protopact.toml says which file states the
           version, and `pattern` where in it
exit 2
");
    configure(
        &repo,
        "[release]\nversion-file = { path = \"x\", pattern = \"y\" }\n",
    );
    assert_snapshot!(release(&repo, ""), @r#"
error: the pattern has no `{version}`
  --> protopact.toml:2:40
 2 | version-file = { path = "x", pattern = "y" }
   |                                        ^^^ no version in it
   = help: write the text around the version, and `{version}` for it: `version = "{version}"`
exit 2
"#);
}

#[test]
fn deprecations_are_counted_in_releases() {
    let repo = repo();
    let deprecated = SPAN.replace("kind = 2", "kind = 2 [deprecated = true]");
    let allowed = "[rules]\n\"field-deleted\" = \"off\"\n\"deletion-unannounced\" = \"error\"\n";
    configure(
        &repo,
        &format!("{allowed}[release]\ndeprecation-releases = 2\n"),
    );
    make_release(&repo, SPAN, "v1.0.0");
    edit(&repo, &deprecated);
    assert_snapshot!(release(&repo, "1.0.1"), @"
release after v1.0.0: needs a patch version bump, 1.0.1
  what breaks nothing needs a patch version (semver.org, item 6)

newly deprecated (1):
  a.proto:6: field `Span.kind`

worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (4 elements), 1 change, allowed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a patch version bump
1.0.1 (the command line) may be released
exit 0
");
    repo.commit_all();
    repo.git("tag v1.0.1");
    edit(&repo, &without_kind());
    assert_snapshot!(release(&repo, ""), @"
release after v1.0.1: needs a major version bump, 2.0.0
  a break needs a major version (semver.org, item 8)

breaks (1):
  a.proto:4:9: error[deletion-unannounced] `Span.kind` was deleted after having been deprecated in 1 of 2 releases

error: no version announces 1 break: release 2.0.0 (`protopact release 2.0.0`), or agree to what is let go with `protopact accept --all --reason WHY --against v1.0.1`
worktree compared with v1.0.1 under preset stable (exempt: labelled): 1 of 1 file changed (4 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
this may not be released as it is
exit 1
");
    // One release later it may go, of which the one before tells.
    edit(&repo, &deprecated.replace("name = 1", "name = 1 "));
    repo.commit_all();
    repo.git("tag v1.0.2");
    repo.write("b.proto", "syntax = \"proto3\";\npackage acme.b;\n");
    assert_snapshot!(release(&repo, ""), @"
release after v1.0.2: needs a minor version bump, 1.1.0
  an addition to what is stable needs a minor version (semver.org, item 7)

deprecated for 2 releases, may go (1):
  a.proto:6: field `Span.kind`, since v1.0.1 or earlier

worktree compared with v1.0.2 under preset stable (exempt: labelled): 1 file changed (1 before, 2 now, 5 elements), 2 changes, all allowed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
1.1.0 is the next version
exit 0
");
    edit(&repo, &without_kind());
    assert_snapshot!(verdict(&repo, ""), @"
release after v1.0.2: needs a minor version bump, 1.1.0
exit 0
");
    let checked = check(&repo, "v1.0.1", "concise");
    assert_snapshot!(checked, @"
a.proto:4:9: error[deletion-unannounced] `Span.kind` was deleted after having been deprecated in 1 of 2 releases
worktree compared with v1.0.1 under preset stable (exempt: labelled): 2 files changed (1 before, 2 now, 4 elements), 3 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn additions_can_have_to_say_since_when() {
    let repo = released("v1.2.0");
    configure(&repo, "[explanations]\nsince = true\n");
    let since =
        |said: &str| with_state(true).replace("unset.\n", &format!("unset.\n  // {said}\n"));
    let found = |arguments: &str| {
        let printed = release(&repo, arguments);
        let lines = printed.lines().filter(|it| it.contains("since]"));
        lines.collect::<Vec<_>>().join("\n")
    };
    edit(&repo, &with_state(true));
    assert_snapshot!(found(""), @"  a.proto:8:10: note[addition-without-since] `Span.state` was added, and its comment does not say since when");
    edit(&repo, &since("[Since next]"));
    assert_snapshot!(found("1.3.0"), @"");
    edit(&repo, &since("[Since v1.3]"));
    assert_snapshot!(found("1.3.0"), @"");
    assert_snapshot!(found("1.4.0"), @"  a.proto:9:10: note[addition-without-since] `Span.state` was added and says `[Since 1.3.0]`, but 1.4.0 is being released");
}

#[test]
fn what_people_write_is_inert_in_markdown() {
    let repo = released("v1.2.0");
    edit(&repo, &without_kind());
    agree(
        &repo,
        Some("@octocat <o@evil.example>"),
        "see [this](https://evil.example) & <b>that</b> | `x",
        "v1.2.0",
    );
    assert_snapshot!(release(&repo, "2.0.0 --format markdown"), @"
## 2.0.0

Since `v1.2.0`: needs a major version bump; a break needs a major version (semver.org, item 8).

### Breaking

- Field `Span.kind` was deleted, and neither its number nor its name is reserved. Agreed to by `@octocat` `<o@evil.example>`: see `[this](https://evil.example`) `&` `<b>that</b>` <code>&#124;</code> &#96;x.
exit 0
");
    release(&repo, "2.0.0 --write-changelog --date 2026-11-21");
    let changelog = fs::read_to_string(repo.root().join("CHANGELOG.md")).unwrap();
    let entry = changelog.lines().find(|line| line.starts_with("- "));
    assert_snapshot!(entry.unwrap(), @"- **Breaking:** Field `Span.kind` was deleted, and neither its number nor its name is reserved. Agreed to by `@octocat` `<o@evil.example>`: see `[this](https://evil.example`) `&` `<b>that</b>` <code>&#124;</code> &#96;x.");
}

#[test]
fn other_tags_are_told_of_where_none_matches() {
    let repo = released("v1.2.0");
    assert_snapshot!(verdict(&repo, "--tags proto/v*"), @"
error: no tag matches `--tags proto/v*`, though there are releases such as `v1.2.0`
   = help: look at the pattern; for a first release under new names write it as `tags` in the
           section [release] of protopact.toml
exit 2
");
    configure(&repo, "[release]\ntags = \"proto/v*\"\n");
    assert_snapshot!(release(&repo, "0.1.0"), @"
warning: no tag matches `proto/v*`, so that this is the first release; there are others such as `v1.2.0`
note: the baseline has no .proto file, so nothing was promised yet
first release: everything is new
  nothing was released yet, so that any version may be the first

worktree compared with nothing under preset stable (exempt: labelled): 1 file changed (0 before, 1 now, 4 elements), nothing was promised yet; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
0.1.0 (the command line) may be released
exit 0
");
}

#[test]
fn what_earlier_releases_gave_up_is_not_released_again() {
    let repo = released("v1.2.0");
    edit(&repo, &without_kind());
    repo.commit_all();
    repo.git("tag v2.0.0");
    repo.write(
        "a.proto",
        &SPAN.replace(
            "string kind",
            "// Older senders leave it unset.\n  int32 color",
        ),
    );
    assert_snapshot!(verdict(&repo, "2.1.0"), @"
release after v2.0.0: needs a minor version bump, 2.1.0
2.1.0 (the command line) may be released
exit 0
");
    assert_snapshot!(release(&repo, "2.1.0 --against-all v*"), @"
note: what 2 releases gave up (v1.2.0 to v2.0.0) is not to be used again
release after v2.0.0: needs a major version bump, 3.0.0
  a break needs a major version (semver.org, item 8)

breaks (1):
  a.proto:7:17: error[former-number-reused] `int32 color = 2` takes a number that `Span.kind` gave up: in v1.2.0 it was `string kind = 2`

additions with an explanation (1):
  a.proto:7:9: field `Span.color`, see a.proto:6
  note[addition-explained]: check that the explanation says what a receiver does that does not know it, and what its absence means

error: 2.1.0 (the command line) is too small: the changes since 2.0.0 need a major version, 3.0.0
worktree compared with v2.0.0 and v1.2.0 under preset stable (exempt: labelled): 1 of 1 file changed (4 elements), 1 change; 1 error, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
2.1.0 (the command line) may not be released
exit 1
");
}

#[test]
fn a_directory_has_no_releases() {
    let repo = released("v1.2.0");
    assert_snapshot!(release(&repo, "--to dir:."), @"
error: a release is made of a commit or a worktree, and the current side `.` is a directory
   = help: run it in the repository, or name a commit of it with `--to REV`
exit 2
");
}

#[test]
fn json_says_it_all_and_the_same_each_time() {
    let repo = released("v1.2.0");
    edit(&repo, &with_state(false));
    let first = json(&repo, "1.2.1");
    assert_eq!(first, json(&repo, "1.2.1"));
    assert_eq!(first["ok"], false);
    assert_eq!(first["bump"], "minor");
    assert_eq!(first["next"], "1.3.0");
    assert_eq!(first["version"], "1.2.1");
    assert_eq!(first["stated"][0]["enough"], false);
    assert_eq!(first["baseline"]["release"], "1.2.0");
    assert_eq!(first["findings"][0]["level"], "warning");
    let keys: Vec<&str> = first
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_snapshot!(keys.join(" "), @"baseline bump component current deprecations failures findings format next ok policy remarks rule stated summary version");
}
