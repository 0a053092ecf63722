//! Teams at work: branches that both agree to something, rebases, backports, releases, and what is taken back.

use std::fs;

use insta::assert_snapshot;

use crate::repo::Repo;
use crate::{
    FILE, SPAN, accept, broken, check, protopact, recorded, records, released, story, without_kind,
};

/// Deletes the line of a field and has Ada agree to it, on a branch of its own that starts at another.
fn break_on(repo: &Repo, branch: &str, start: &str, line: &str) {
    repo.git(&format!("checkout -q -b {branch} {start}"));
    let path = repo.root().join("a.proto");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(line), "{line} in {text}");
    repo.write("a.proto", &text.replace(line, ""));
    let accepted = accept(repo, &format!("--all --against {start}"));
    assert!(accepted.contains("1 change;"), "{accepted}");
    repo.commit_all();
}

/// A release of a message with fields far enough apart for git to merge.
fn spacious() -> Repo {
    let repo = released();
    let fields = |number| format!("  string f{number} = {number};\n\n  // Between.\n\n");
    let fields: String = (1..=4).map(fields).collect();
    repo.commit(&format!("syntax = \"proto3\";\nmessage M {{\n{fields}}}\n"));
    repo.git("tag v1.1.0");
    repo
}

#[test]
fn of_two_branches_that_agree_to_something_both_are_kept() {
    let repo = spacious();
    break_on(&repo, "one", "main", "  string f1 = 1;\n");
    break_on(&repo, "two", "main", "  string f3 = 3;\n");
    repo.git("checkout -q main");
    repo.git("merge -q one");
    repo.git_fails("merge --no-edit two");
    assert_snapshot!(check(&repo, "--against v1.1.0"), @"
error: unmerged files in the index: `protopact.accepted.toml`
   = help: `protopact accept --merge` keeps the records of both sides in `protopact.accepted.toml`;
           resolve the other conflicts, and `git add` the files
exit 2
");
    assert_snapshot!(protopact(&repo, "accept --merge"), @"
protopact.accepted.toml: 1 record from the other side; `git add` it
exit 0
");
    assert_snapshot!(recorded(&repo), @"
field-deleted M.f1 1.1.0 Ada
field-deleted M.f3 1.1.0 Ada
");
    repo.git_args(&["add", FILE]);
    assert_snapshot!(story(&repo, "--against v1.1.0"), @"
accepted: field-deleted at a.proto:2:9
accepted: field-deleted at a.proto:2:9
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --merge"), @"
error: no merge stopped at `protopact.accepted.toml`
   = help: --merge is for the time between a conflict in the file and `git add`
exit 2
");
    repo.commit_all();
    // Where others stand between them, git merges records by itself.
    break_on(&repo, "three", "main", "  string f2 = 2;\n");
    break_on(&repo, "four", "main", "  string f4 = 4;\n");
    repo.git("merge -q --no-edit three");
    assert_snapshot!(story(&repo, "--against v1.1.0 --locked"), @"
accepted: field-deleted at a.proto:2:9
accepted: field-deleted at a.proto:2:9
accepted: field-deleted at a.proto:2:9
accepted: field-deleted at a.proto:2:9
exit 0
");
}

#[test]
fn what_the_other_side_took_out_is_out() {
    let repo = spacious();
    break_on(&repo, "one", "main", "  string f1 = 1;\n");
    repo.git("tag v2.0.0");
    repo.git("checkout -q -b pruned");
    protopact(&repo, "accept --prune --against v2.0.0");
    repo.commit_all();
    // In the meantime the first record is gone there, and here a second one comes in behind it.
    break_on(&repo, "two", "one", "  string f4 = 4;\n");
    let amended = records(&repo).replacen("who = \"Ada\"", "who = \"Ada and Bob\"", 1);
    repo.write(FILE, &amended);
    repo.commit_all();
    repo.git_fails("merge --no-edit pruned");
    assert_snapshot!(protopact(&repo, "accept --merge"), @"
warning: field-deleted `M.f1`: each side did something else with it, and it is left as in HEAD; look at it
protopact.accepted.toml: 0 records from the other side; `git add` it
exit 0
");
    repo.git("checkout -q --force two~1");
    repo.git_fails("merge --no-edit pruned");
    assert_snapshot!(protopact(&repo, "accept --merge"), @"
protopact.accepted.toml: 0 records from the other side, 1 taken out as there; `git add` it
exit 0
");
    repo.git("add --all");
    assert_snapshot!(story(&repo, "--against v2.0.0 --locked"), @"
accepted: field-deleted at a.proto:2:9
exit 0
");
}

#[test]
fn a_rebase_stops_and_goes_on() {
    let repo = spacious();
    break_on(&repo, "one", "main", "  string f1 = 1;\n");
    break_on(&repo, "two", "main", "  string f4 = 4;\n");
    repo.git_fails("rebase -q one");
    assert_snapshot!(protopact(&repo, "accept --merge"), @"
protopact.accepted.toml: 1 record from the other side; `git add` it
exit 0
");
    repo.git("add --all");
    repo.git("-c core.editor=true rebase --continue");
    assert_snapshot!(story(&repo, "--against v1.1.0"), @"
accepted: field-deleted at a.proto:2:9
accepted: field-deleted at a.proto:2:9
exit 0
");
}

#[test]
fn a_record_goes_along_to_a_backport() {
    let repo = spacious();
    break_on(&repo, "next", "main", "  string f1 = 1;\n");
    repo.git("tag v2.0.0");
    repo.git("checkout -q -b v1 v1.1.0");
    repo.write("b.proto", "syntax = \"proto3\";\n");
    repo.commit_all();
    repo.git("tag v1.1.1");
    repo.git("cherry-pick next");
    assert_snapshot!(story(&repo, "--against latest-release --locked"), @"
accepted: field-deleted at a.proto:2:9
exit 0
");
    // What is out on the other branch is not out on this one, and the other way round.
    repo.git("tag v1.2.0");
    repo.git("checkout -q next");
    assert_snapshot!(story(&repo, "--against v1.1.0 --locked"), @"
accepted: field-deleted at a.proto:2:9
exit 0
");
    repo.git("checkout -q v1");
    repo.git("commit -q --allow-empty -m message");
    assert_snapshot!(story(&repo, "--against latest-release"), @"
stale: field-deleted `M.f1`
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --prune --against latest-release"), @"
took out field-deleted `M.f1`: string f1 = 1 -> none
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
}

#[test]
fn a_release_is_made_with_its_records_and_the_next_without() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.commit_all();
    assert_snapshot!(protopact(&repo, "release 2.0.0 --locked --quiet"), @"
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 0 errors, 0 warnings, 0 notes, 0 exempt, 2 accepted, 0 dormant; needs a major version bump
2.0.0 (the command line) may be released
exit 0
");
    repo.git("tag v2.0.0");
    // The tag at the commit is the release that is being made.
    assert_snapshot!(protopact(&repo, "release --locked --quiet"), @"
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 0 errors, 0 warnings, 0 notes, 0 exempt, 2 accepted, 0 dormant; needs a major version bump
2.0.0 (the tag `v2.0.0`) may be released
exit 0
");
    repo.git("commit -q --allow-empty -m message");
    assert_snapshot!(protopact(&repo, "release --locked --quiet"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune --against v2.0.0` takes it out
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune --against v2.0.0` takes it out
error: `protopact.accepted.toml` has stale records, which --locked does not allow
   = help: run `protopact accept --prune --against v2.0.0`, and commit what it writes
exit 2
");
    // On the default branch the latest release is the default.
    assert_snapshot!(protopact(&repo, "accept --prune"), @"
took out field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
took out field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 2 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(protopact(&repo, "release --locked --quiet"), @"
worktree compared with v2.0.0 under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
2.0.1 is the next version
exit 0
");
}

#[test]
fn what_is_taken_back_after_its_release_needs_no_record() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.commit_all();
    repo.git("tag v2.0.0");
    repo.write("a.proto", SPAN);
    assert_snapshot!(story(&repo, "--against v2.0.0"), @"
stale: field-deleted `acme.v1.Span.kind`
stale: field-type-changed `acme.v1.Span.size`
note: addition-unexplained at a.proto:6:10
error: field-type-changed at a.proto:7:3
exit 1
");
    // Whoever compares with what was before sees nothing at all.
    assert_snapshot!(story(&repo, "--against v1.0.0"), @"
matches no finding: field-deleted `acme.v1.Span.kind`
matches no finding: field-type-changed `acme.v1.Span.size`
exit 0
");
}

#[test]
fn what_is_broken_again_before_the_release_is_still_agreed_to() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.commit_all();
    repo.commit(SPAN);
    repo.commit(&without_kind());
    assert_snapshot!(story(&repo, "--against v1.0.0 --locked"), @"
accepted: field-deleted at a.proto:4:9
accepted: field-type-changed at a.proto:6:3
exit 0
");
}

#[test]
fn a_break_of_a_break_is_a_new_one() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.commit_all();
    repo.git("tag v2.0.0");
    repo.write(
        "a.proto",
        &without_kind().replace("string size", "bool size"),
    );
    assert_snapshot!(story(&repo, "--against v2.0.0"), @"
stale: field-deleted `acme.v1.Span.kind`
stale: field-type-changed `acme.v1.Span.size`
error: field-type-changed at a.proto:6:3
exit 1
");
    assert_snapshot!(accept(&repo, "--all --prune --against v2.0.0"), @"
took out field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
took out field-type-changed `acme.v1.Span.size`: int32 -> string
accepted field-type-changed `acme.v1.Span.size`: string -> bool
protopact.accepted.toml: 3 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(recorded(&repo), @"field-type-changed acme.v1.Span.size 2.0.0 Ada");
    assert_snapshot!(story(&repo, "--against v2.0.0 --locked"), @"
accepted: field-type-changed at a.proto:6:3
exit 0
");
}

#[test]
fn releases_of_the_tree_can_have_tags_of_their_own() {
    let repo = broken();
    repo.write("protopact.toml", "[release]\ntags = \"api/v*\"\n");
    repo.git("tag api/v0.9.0");
    accept(&repo, "--all --against main");
    assert!(records(&repo).contains("baseline = \"0.9.0\""));
    repo.commit_all();
    repo.git("tag v9.0.0");
    assert_snapshot!(story(&repo, "--against HEAD --locked"), @"exit 0");
    repo.git("tag api/v1.0.0");
    assert_snapshot!(story(&repo, "--against api/v1.0.0"), @"
stale: field-deleted `acme.v1.Span.kind`
stale: field-type-changed `acme.v1.Span.size`
exit 0
");
}

#[test]
fn a_shallow_clone_calls_nothing_stale_that_it_cannot_tell() {
    let repo = released();
    repo.write("a.proto", &without_kind());
    accept(&repo, "--all --against v1.0.0");
    repo.commit_all();
    repo.git("commit -q --allow-empty -m message");
    let source = format!("file://{}", repo.root().display());
    repo.git_args(&[
        "clone",
        "-q",
        "--depth=1",
        "--no-tags",
        &source,
        "../shallow",
    ]);
    let shallow = repo.moved_to("shallow");
    assert_snapshot!(story(&shallow, "--against HEAD --locked"), @"exit 0");
    let by_commit =
        records(&shallow).replace("\"1.0.0\"", "\"0123456789abcdef0123456789abcdef01234567\"");
    shallow.write(FILE, &by_commit);
    assert_snapshot!(story(&shallow, "--against HEAD --locked"), @"exit 0");
}

#[test]
fn the_file_is_that_of_the_current_side() {
    let repo = broken();
    repo.commit_all();
    accept(&repo, "--all --against v1.0.0");
    let to = |to: &str| {
        let printed = protopact(
            &repo,
            &format!("check --format concise --quiet --against v1.0.0 {to}"),
        );
        printed.lines().last().unwrap().to_owned()
    };
    assert_eq!(to(""), "exit 0");
    assert_eq!(to("--staged"), "exit 1");
    assert_eq!(to("--to HEAD"), "exit 1");
    repo.git("add --all");
    assert_eq!(to("--staged"), "exit 0");
    repo.commit_all();
    assert_eq!(to("--to HEAD"), "exit 0");
    // What the baseline says of itself excuses nothing.
    repo.commit(SPAN);
    repo.git("tag v1.0.1");
    fs::remove_file(repo.root().join(FILE)).unwrap();
    repo.write("a.proto", &without_kind());
    assert_snapshot!(story(&repo, "--against v1.0.1"), @"
error: field-deleted at a.proto:4:9
error: field-type-changed at a.proto:6:3
exit 1
");
}
