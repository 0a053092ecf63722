//! `protopact blame`.

use insta::assert_snapshot;
use serde_json::Value;

use super::{SPAN, merge, protopact, released, save, with_field, with_size, without_kind};
use crate::repo::Repo;

fn blame(repo: &Repo, arguments: &str) -> String {
    let mut all = vec!["blame"];
    all.extend(arguments.split_whitespace());
    protopact(repo, &all)
}

#[test]
fn the_commit_from_which_on_it_is_there_is_named() {
    let repo = released();
    save(&repo, &without_kind(SPAN), "Remove kind (#1)");
    save(&repo, SPAN, "Revert \"Remove kind (#1)\" (#2)");
    repo.write("notes.txt", "no proto");
    save(&repo, SPAN, "Take notes");
    save(&repo, &without_kind(SPAN), "Remove kind for good (#3)");
    repo.write("notes.txt", "still none");
    save(&repo, &without_kind(SPAN), "Take more notes");
    repo.write("a.proto", &with_size(&without_kind(SPAN), "string"));
    assert_snapshot!(blame(&repo, "--against v1.0.0"), @"
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
    COMMIT 2026-05-12 somebody: Remove kind for good (#3)
a.proto:6:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
    not committed yet
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(blame(&repo, "--against v1.0.0 --to HEAD~2"), @"
HEAD~2 (COMMIT) compared with v1.0.0 under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[test]
fn a_merge_leads_to_the_commit_of_its_branch() {
    let repo = released();
    repo.git("switch -q -c work");
    save(&repo, &without_kind(SPAN), "Remove kind");
    repo.write("work.txt", "more work");
    save(&repo, &without_kind(SPAN), "Polish");
    repo.git("switch -q main");
    repo.write("main.txt", "meanwhile");
    save(&repo, SPAN, "Meanwhile");
    merge(&repo, "work", "Merge pull request #12 from ada/work");
    save(
        &repo,
        &with_size(&without_kind(SPAN), "string"),
        "Make size a string (!13)",
    );
    assert_snapshot!(blame(&repo, "--against v1.0.0"), @"
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
    COMMIT 2026-05-12 somebody: Remove kind
    merged by COMMIT 2026-05-13 somebody: Merge pull request #12 from ada/work
a.proto:6:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
    COMMIT 2026-05-12 somebody: Make size a string (!13)
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    let printed = blame(&repo, "--against v1.0.0 --format json");
    let json: Value = serde_json::from_str(printed.trim_end_matches("exit 1")).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&json["findings"][0]).unwrap(), @r#"
{
  "baselines": [
    "v1.0.0"
  ],
  "fingerprint": "283f501241ab395f",
  "level": "error",
  "message": "field `Span.kind` was deleted, and neither its number nor its name is reserved",
  "origin": {
    "commit": {
      "author": "somebody",
      "date": "2026-05-12",
      "id": "COMMIT",
      "mail": "somebody",
      "subject": "Remove kind"
    },
    "kind": "commit",
    "merge": {
      "author": "somebody",
      "date": "2026-05-13",
      "id": "COMMIT",
      "mail": "somebody",
      "subject": "Merge pull request #12 from ada/work"
    },
    "pull_request": 12,
    "unjudged": []
  },
  "place": {
    "column": 9,
    "end_column": 13,
    "end_line": 4,
    "line": 4,
    "path": "a.proto"
  },
  "rule": "field-deleted",
  "status": "failing",
  "symbol": "acme.v1.Span.kind"
}
"#);
}

#[test]
fn what_the_baseline_has_apart_no_commit_took_away() {
    let repo = released();
    repo.git("switch -q -c backport");
    save(&repo, &with_field(SPAN, "string shape = 5"), "Add shape");
    repo.git("tag -a v1.0.1 -m v1.0.1");
    repo.git("switch -q main");
    save(&repo, &without_kind(SPAN), "Remove kind");
    assert_snapshot!(blame(&repo, "--against v1.0.1"), @"
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
    COMMIT 2026-05-12 somebody: Remove kind
a.proto:4:9: error[field-deleted] field `Span.shape` was deleted, and neither its number nor its name is reserved
    no commit of the current side: the baseline changed since the two parted
worktree compared with v1.0.1 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn commits_that_do_not_compile_are_passed_over() {
    let repo = released();
    save(
        &repo,
        "syntax = \"proto3\";\nmessage {\n",
        "Break the syntax",
    );
    save(&repo, &without_kind(SPAN), "Mend the syntax");
    assert_snapshot!(blame(&repo, "--against v1.0.0"), @"
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
    COMMIT 2026-05-12 somebody: Mend the syntax
    or before: 1 commit back to COMMIT could not be judged
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn an_addition_is_that_of_its_commit_wherever_it_is_explained() {
    let repo = released();
    save(&repo, &with_field(SPAN, "string color = 4"), "Add color");
    repo.write("notes.txt", "none");
    let subject = "Say more\n\nInteroperability: older receivers ignore Span.color, new ones take its absence for grey.";
    save(&repo, &with_field(SPAN, "string color = 4"), subject);
    assert_snapshot!(blame(&repo, "--against v1.0.0"), @"
a.proto:8:10: note[addition-explained] `Span.color` was added; commit COMMIT says how it interoperates
    COMMIT 2026-05-12 somebody: Add color
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
}

#[test]
fn sides_without_history_have_no_commits() {
    let repo = released();
    std::fs::create_dir(repo.beside("old")).unwrap();
    std::fs::write(repo.beside("old").join("a.proto"), SPAN).unwrap();
    save(&repo, &without_kind(SPAN), "Remove kind");
    assert_snapshot!(blame(&repo, "--against dir:../old"), @"
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
    one of the sides has no history to search
worktree compared with ../old under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(blame(&repo, "--against HEAD"), @"
worktree compared with HEAD (COMMIT) under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[test]
fn a_shallow_clone_lacks_the_commits() {
    let repo = released();
    save(&repo, &with_field(SPAN, "string color = 4"), "Add color");
    save(&repo, &without_kind(SPAN), "Remove kind");
    let (origin, clone) = (repo.root().display().to_string(), repo.beside("clone"));
    let clone = clone.display().to_string();
    repo.git(&format!("clone -q --depth=1 file://{origin} {clone}"));
    let shallow = repo.moved_to("clone");
    shallow.git("fetch -q --depth=1 origin tag v1.0.0");
    assert_snapshot!(blame(&shallow, "--against v1.0.0 --release 1.0.0"), @r#"
error: the clone is shallow: its history ends before the commits between `v1.0.0` and `worktree` can be told
   = help: run `git fetch --unshallow --tags origin "+refs/heads/*:refs/remotes/origin/*"` (with
           actions/checkout: `fetch-depth: 0`)
exit 2
"#);
    shallow.git("fetch -q --unshallow --tags origin");
    assert!(blame(&shallow, "--against v1.0.0").contains(": Remove kind\n"));
}

#[test]
fn several_baselines_and_paths_are_those_of_the_check() {
    let repo = released();
    save(&repo, &with_field(SPAN, "string color = 4"), "Add color");
    repo.git("tag v1.1.0");
    repo.write("b/b.proto", &SPAN.replace("acme.v1", "acme.b.v1"));
    save(&repo, &without_kind(SPAN), "Remove kind and color");
    repo.git("tag v1.2.0");
    assert_snapshot!(blame(&repo, "--against v1.0.0 --against v1.1.0 --quiet"), @"
a.proto:4:9: error[field-deleted] field `Span.color` was deleted, and neither its number nor its name is reserved (against v1.1.0)
    COMMIT 2026-05-12 somebody: Remove kind and color
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved (against v1.0.0 and v1.1.0)
    COMMIT 2026-05-12 somebody: Remove kind and color
worktree compared with v1.0.0 and v1.1.0 under preset stable (exempt: labelled): 2 files changed (1 before, 2 now, 9 elements), 8 changes; 2 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(blame(&repo, "b --against v1.1.0"), @"
b/b.proto:4:9: note[addition-unexplained] `Span` was added, and nothing says how old and new senders and receivers interoperate
    COMMIT 2026-05-12 somebody: Remove kind and color
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 file changed (1 before, 2 now, 9 elements), 6 changes; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
}

#[test]
fn a_path_is_followed_to_where_the_file_was() {
    let repo = released();
    save(&repo, &without_kind(SPAN), "Remove kind");
    repo.git("mv a.proto b.proto");
    repo.git_args(&[
        "commit",
        "-q",
        "--date=2026-05-12T23:30:00-0500",
        "-m",
        "Move it",
    ]);
    assert_snapshot!(blame(&repo, "--against v1.0.0 b.proto"), @"
b.proto:1:1: warning[file-renamed] file `a.proto` was renamed from `a.proto` to `b.proto`
    COMMIT 2026-05-12 somebody: Move it
b.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
    COMMIT 2026-05-12 somebody: Remove kind
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 1 error, 1 warning, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn what_an_earlier_release_gave_up_is_that_of_the_commit_that_took_it() {
    let repo = released();
    save(&repo, &without_kind(SPAN), "Remove kind");
    repo.git("tag v2.0.0");
    let text = with_field(&without_kind(SPAN), "bool done = 4");
    save(&repo, &text, "Add done");
    save(&repo, &with_field(&text, "int32 color = 2"), "Add color");
    repo.git("tag v2.1.0");
    save(
        &repo,
        &with_field(&with_field(&text, "int32 color = 2"), "bool late = 5"),
        "Add late",
    );
    let arguments = "--against latest-release --against-all v* --rule additions/*=off";
    assert_snapshot!(blame(&repo, arguments), @"
a.proto:8:17: error[former-number-reused] `int32 color = 2` takes a number that `Span.kind` gave up: in v1.0.0 it was `string kind = 2` (against v1.0.0)
    COMMIT 2026-05-12 somebody: Add color
worktree compared with v2.1.0 and v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (7 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}
