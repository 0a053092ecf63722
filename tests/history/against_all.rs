//! `--against-all`: what earlier releases gave up, and who uses it now.

use insta::assert_snapshot;

use super::{SPAN, protopact, released, save, with_field, without_kind};
use crate::repo::Repo;

fn check(repo: &Repo, arguments: &str) -> String {
    let mut all = vec!["check", "--format", "concise"];
    all.extend(arguments.split_whitespace());
    protopact(repo, &all)
}

/// v1.0.0 has `kind`, v1.1.0 does not; on an old line v1.0.1 has `shape`.
fn given_up() -> Repo {
    let repo = released();
    save(&repo, &without_kind(SPAN), "Remove kind");
    repo.git("tag -a v1.1.0 -m v1.1.0");
    repo.git("switch -q -c backport v1.0.0");
    save(&repo, &with_field(SPAN, "string shape = 5"), "Add shape");
    repo.git("tag v1.0.1");
    repo.git("switch -q main");
    repo
}

#[test]
fn what_any_release_gave_up_is_not_used_again() {
    let repo = given_up();
    let text = with_field(&without_kind(SPAN), "int32 color = 2;\n  bytes id = 5");
    repo.write("a.proto", &text);
    assert_snapshot!(check(&repo, "--against latest-release"), @"
a.proto:7:9: note[addition-unexplained] `Span.color` was added, and nothing says how old and new senders and receivers interoperate
a.proto:8:9: note[addition-unexplained] `Span.id` was added, and nothing says how old and new senders and receivers interoperate
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 0 errors, 0 warnings, 2 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    assert_snapshot!(check(&repo, "--against latest-release --against-all v1.*"), @"
a.proto:7:9: note[addition-unexplained] `Span.color` was added, and nothing says how old and new senders and receivers interoperate (against v1.1.0)
a.proto:7:17: error[former-number-reused] `int32 color = 2` takes a number that `Span.kind` gave up: in v1.0.1 it was `string kind = 2` (against v1.0.1)
a.proto:8:9: note[addition-unexplained] `Span.id` was added, and nothing says how old and new senders and receivers interoperate (against v1.1.0)
a.proto:8:14: error[former-number-reused] `bytes id = 5` takes a number that `Span.shape` gave up: in v1.0.1 it was `string shape = 5` (against v1.0.1)
worktree compared with v1.1.0 and v1.0.1 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 2 errors, 0 warnings, 2 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    // It has been so for a while: nothing differs from the last release.
    save(&repo, &text, "Add color and id");
    repo.git("tag v1.2.0");
    assert_snapshot!(check(&repo, "--against v1.2.0 --against-all v1.*"), @"
a.proto:7:17: error[former-number-reused] `int32 color = 2` takes a number that `Span.kind` gave up: in v1.0.1 it was `string kind = 2` (against v1.0.1)
a.proto:8:14: error[former-number-reused] `bytes id = 5` takes a number that `Span.shape` gave up: in v1.0.1 it was `string shape = 5` (against v1.0.1)
worktree compared with v1.2.0 and v1.0.1 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    // What is later is not earlier.
    assert_snapshot!(check(&repo, "--against v1.0.0 --to v1.0.1 --against-all v1.*"), @"
a.proto:8:10: note[addition-unexplained] `Span.shape` was added, and nothing says how old and new senders and receivers interoperate
v1.0.1 compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
}

#[test]
fn a_reuse_can_be_agreed_to() {
    let repo = given_up();
    repo.write(
        "a.proto",
        &with_field(&without_kind(SPAN), "int32 color = 2"),
    );
    let all = ["--against", "v1.1.0", "--against-all", "v*"];
    let accept = [
        "accept",
        "--all",
        "--who",
        "Ada",
        "--reason",
        "nobody sent kind",
    ];
    assert_snapshot!(protopact(&repo, &[&accept[..], &all[..]].concat()), @"
accepted former-number-reused `acme.v1.Span.kind`: string kind = 2 -> int32 color = 2
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(check(&repo, &format!("{} --locked", all.join(" "))), @"
a.proto:7:9: note[addition-unexplained] `Span.color` was added, and nothing says how old and new senders and receivers interoperate (against v1.1.0)
a.proto:7:17: accepted[former-number-reused] `int32 color = 2` takes a number that `Span.kind` gave up: in v1.0.1 it was `string kind = 2` (against v1.0.1)
worktree compared with v1.1.0 and v1.0.1 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
exit 0
");
}

#[test]
fn a_release_that_cannot_be_read_is_passed_over() {
    let repo = released();
    save(
        &repo,
        "syntax = \"proto3\";\nmessage {\n",
        "Break the syntax",
    );
    repo.git("tag v1.1.0");
    save(
        &repo,
        "syntax = \"proto3\";\n\nmessage {\n",
        "Break it further",
    );
    repo.git("tag v1.1.1");
    save(&repo, &without_kind(SPAN), "Mend the syntax");
    repo.git("tag v1.2.0");
    repo.write(
        "a.proto",
        &with_field(&without_kind(SPAN), "int32 color = 2"),
    );
    assert_snapshot!(check(&repo, "--against v1.2.0 --against-all v*"), @"
warning: passed over, as it does not compile: v1.1.0, v1.1.1: expected an identifier, but found `{`
a.proto:7:9: note[addition-unexplained] `Span.color` was added, and nothing says how old and new senders and receivers interoperate (against v1.2.0)
a.proto:7:17: error[former-number-reused] `int32 color = 2` takes a number that `Span.kind` gave up: in v1.0.0 it was `string kind = 2` (against v1.0.0)
worktree compared with v1.2.0 and v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 1 error, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(check(&repo, "--against v1.2.0 --against-all w*"), @"
error: no release tag that matches `w*` is reachable from the current side
   = help: `git tag` lists the tags there are; `git fetch --tags` fetches those of the remote (with
           actions/checkout: `fetch-depth: 0`)
exit 2
");
}
