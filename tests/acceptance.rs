//! Breaks that people agree to, in git repositories: records, marks in comments, several baselines, and when each is out of use.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;

use std::fs;

use insta::assert_snapshot;

use crate::repo::{Repo, repo, without_ids};

const SPAN: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Span {\n  string name = 1;\n  string kind = 2;\n  int32 size = 3;\n}\n";

/// A repository with release v1.0.0 whose worktree deletes a field and changes another's type.
fn broken() -> Repo {
    let repo = repo();
    repo.commit(SPAN);
    repo.git("tag v1.0.0");
    repo.write("a.proto", &without_kind());
    repo
}

fn without_kind() -> String {
    SPAN.replace("  string kind = 2;\n", "")
        .replace("int32 size", "string size")
}

/// Runs protopact: what it printed, errors first, and its exit status; of findings one line each.
fn protopact(repo: &Repo, arguments: &[&str]) -> String {
    without_ids(&repo.protopact("", arguments.iter().copied()))
}

fn check(repo: &Repo, arguments: &str) -> String {
    let mut all = vec!["check", "--format", "concise"];
    all.extend(arguments.split_whitespace());
    protopact(repo, &all)
}

fn accept(repo: &Repo, arguments: &str) -> String {
    let mut all = vec!["accept", "--who", "Ada", "--reason", "nobody sends it"];
    all.extend(arguments.split_whitespace());
    protopact(repo, &all)
}

fn records(repo: &Repo) -> String {
    fs::read_to_string(repo.root().join("protopact.accepted.toml")).unwrap()
}

#[test]
fn an_accepted_break_does_not_fail_and_goes_stale_once_it_is_released() {
    let repo = broken();
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 2 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(records(&repo), @r#"
# Changes that break a promise and were agreed to. `protopact accept` writes the records, `protopact accept --prune` takes out
# those that are out of use. Reviewing a change of this file is agreeing to it: name the reviewers in CODEOWNERS.

[[accepted]]
rule = "field-deleted"
symbol = "acme.v1.Span.kind"
from = "string kind = 2"
fingerprint = "283f501241ab395f"
baseline = "1.0.0"
reason = "nobody sends it"
who = "Ada"

[[accepted]]
rule = "field-type-changed"
symbol = "acme.v1.Span.size"
from = "int32"
to = "string"
fingerprint = "c40cfdf32dba9d08"
baseline = "1.0.0"
reason = "nobody sends it"
who = "Ada"
"#);
    assert_snapshot!(check(&repo, "--against v1.0.0 --locked"), @"
a.proto:4:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: accepted[field-type-changed] field `Span.size` changed its type from `int32` to `string`
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 0 errors, 0 warnings, 0 notes, 0 exempt, 2 accepted, 0 dormant; needs a major version bump
exit 0
");
    // On the way to the release other comparisons do not have the change any more, and the record is still needed.
    repo.commit_all();
    assert_snapshot!(check(&repo, "--against HEAD --locked"), @"
worktree compared with HEAD (COMMIT) under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
    repo.git("tag v2.0.0");
    assert_snapshot!(check(&repo, "--against v2.0.0"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune` takes it out
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune` takes it out
worktree compared with v2.0.0 under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
    assert_snapshot!(check(&repo, "--against v2.0.0 --locked"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune` takes it out
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune` takes it out
error: `protopact.accepted.toml` has stale records, which --locked does not allow
   = help: run `protopact accept --prune`, and commit what it writes
exit 2
");
    assert_snapshot!(protopact(&repo, &["accept", "--prune", "--against", "v2.0.0"]), @"
took out field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
took out field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 2 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(records(&repo), @"
# Changes that break a promise and were agreed to. `protopact accept` writes the records, `protopact accept --prune` takes out
# those that are out of use. Reviewing a change of this file is agreeing to it: name the reviewers in CODEOWNERS.
");
    assert_snapshot!(check(&repo, "--against v2.0.0 --locked"), @"
worktree compared with v2.0.0 under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[test]
fn another_value_is_another_change() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.write(
        "a.proto",
        &without_kind().replace("string size", "bytes size"),
    );
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: matches no finding; nearest: field-type-changed `acme.v1.Span.size` (int32 -> bytes), d17810ebeca04fd4
a.proto:4:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `bytes`
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn a_reverted_break_leaves_a_record_that_matches_nothing() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.write("a.proto", SPAN);
    assert_snapshot!(check(&repo, "--against v1.0.0 --locked"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: matches no finding
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: matches no finding
worktree compared with v1.0.0 under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
    // Of a part of the files nothing can be said about records for others.
    repo.write("b.proto", "syntax = \"proto3\";\npackage acme.v1;\n");
    assert_snapshot!(check(&repo, "--against v1.0.0 b.proto"), @"
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 file changed (1 before, 2 now, 6 elements), 1 change, allowed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
}

#[test]
fn an_acceptance_is_amended_in_its_place() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    let noted = records(&repo).replace(
        "[[accepted]]\nrule = \"field-type",
        "# Asked of the shops.\n[[accepted]]\nrule = \"field-type",
    );
    repo.write("protopact.accepted.toml", &noted);
    let print = noted.rsplit("fingerprint = \"").next().unwrap();
    let amended = protopact(
        &repo,
        &[
            "accept",
            &print[..6],
            "--who",
            "Bob",
            "--reason",
            "the shops agreed",
            "--until",
            "2.0.0",
            "--against",
            "v1.0.0",
        ],
    );
    assert_snapshot!(amended, @"
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(records(&repo), @r#"
# Changes that break a promise and were agreed to. `protopact accept` writes the records, `protopact accept --prune` takes out
# those that are out of use. Reviewing a change of this file is agreeing to it: name the reviewers in CODEOWNERS.

[[accepted]]
rule = "field-deleted"
symbol = "acme.v1.Span.kind"
from = "string kind = 2"
fingerprint = "283f501241ab395f"
baseline = "1.0.0"
reason = "nobody sends it"
who = "Ada"

# Asked of the shops.
[[accepted]]
rule = "field-type-changed"
symbol = "acme.v1.Span.size"
from = "int32"
to = "string"
fingerprint = "c40cfdf32dba9d08"
baseline = "1.0.0"
reason = "the shops agreed"
who = "Bob"
until = "2.0.0"
"#);
    // Once that release is out, the change needs a new agreement.
    repo.git("commit -q --allow-empty -m message");
    assert_snapshot!(check(&repo, "--against v1.0.0 --release 2.0.0"), @"
warning: protopact.accepted.toml:14: field-type-changed `acme.v1.Span.size`: stale: it was agreed to until 2.0.0, and 2.0.0 is out; `protopact accept --prune` takes it out
a.proto:4:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
worktree compared with v1.0.0 (2.0.0) under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn what_cannot_be_accepted_is_refused() {
    let repo = broken();
    assert_snapshot!(accept(&repo, "ffffffffffffffff --against v1.0.0"), @"
error: no finding has the fingerprint `ffffffffffffffff`
   = help: `protopact check` prints the fingerprint of each finding behind `accept:`; compare with
           the same baseline
exit 2
");
    assert_snapshot!(protopact(&repo, &["accept", "--all"]), @"
error: the following required arguments were not provided:
  --reason <TEXT>

Usage: protopact accept --all --reason <TEXT> [FINGERPRINT]...

For more information, try '--help'.
exit 2
");
    assert_snapshot!(protopact(&repo, &["accept", "--reason", "x"]), @"
error: the following required arguments were not provided:
  <FINGERPRINT>...

Usage: protopact accept --reason <TEXT> <FINGERPRINT>...

For more information, try '--help'.
exit 2
");
    repo.write(
        "protopact.accepted.toml",
        "[[accepted]]\nrule = \"field-deletd\"\nsymbol = \"acme.v1.Span.kind\"\nreason = \"none\"\n",
    );
    assert_snapshot!(check(&repo, "--against v1.0.0"), @r#"
error: unknown rule `field-deletd`
  --> protopact.accepted.toml:2:8
 2 | rule = "field-deletd"
   |        ^^^^^^^^^^^^^^ no rule has this id
   = help: did you mean `field-deleted`?
exit 2
"#);
    repo.write(
        "protopact.accepted.toml",
        "[[accepted]]\nrule = \"field-deleted\"\nsymbol = \"acme.v1.Span.kind\"\nreason = \" \"\n",
    );
    assert_snapshot!(check(&repo, "--against v1.0.0"), @r#"
error: the reason of a record is empty
  --> protopact.accepted.toml:4:10
 4 | reason = " "
   |          ^^^ no reason
   = help: say why the change may be made all the same: whoever reads the record has nothing else
exit 2
"#);
    repo.write("protopact.accepted.toml", "accepted = [\n");
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
error: unclosed array, expected `]`
  --> protopact.accepted.toml:1:13
 1 | accepted = [
   |             ^ here
exit 2
");
}

#[test]
fn a_record_by_hand_needs_no_fingerprint_and_a_wrong_one_is_told_what_is_near() {
    let repo = broken();
    repo.write(
        "protopact.accepted.toml",
        "[[accepted]]\nrule = \"field-type-changed\"\nsymbol = \"acme.v1.Span.size\"\nfrom = \"int32\"\nto = \"string\"\nreason = \"agreed\"\n\n\
         [[accepted]]\nrule = \"field-deleted\"\nsymbol = \"acme.v1.Span.kinds\"\nreason = \"agreed\"\n",
    );
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
warning: protopact.accepted.toml:8: field-deleted `acme.v1.Span.kinds`: matches no finding; nearest: field-deleted `acme.v1.Span.kind` (string kind = 2 -> none), 283f501241ab395f
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: accepted[field-type-changed] field `Span.size` changed its type from `int32` to `string`
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 2 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn a_mark_excuses_the_element_that_it_stands_at() {
    let repo = broken();
    let marked = without_kind()
        .replace("message Span", "// A span.\n// protopact:allow(field-deleted) nobody sends it\nmessage Span")
        .replace("  string size", "  // protopact:allow(field-type-changed)\n  string size")
        .replace("  string name", "  // protopact:allow(field-renamed) it was not\n  // protopact:allow(field-renamd) it was not\n  string name");
    repo.write("a.proto", &marked);
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
warning: a.proto:8: the mark names the rule `field-renamd`, which does not exist; did you mean `field-renamed`?
warning: a.proto:10: the mark gives no reason and excuses nothing; write `protopact:allow(field-type-changed) REASON`
warning: a.proto:7: `protopact:allow(field-renamed)` excuses nothing; take it out
a.proto:6:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:11:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 5 changes; 1 error, 0 warnings, 0 notes, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(check(&repo, "--against v1.0.0 --no-inline"), @"
a.proto:6:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:11:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 5 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    // The file did not change since: nothing is said about its marks.
    repo.commit_all();
    assert_snapshot!(check(&repo, "--against HEAD --full"), @"
worktree compared with HEAD (COMMIT) under preset stable (exempt: labelled): no .proto file differs (1 file, 4 elements); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
exit 0
");
}

#[test]
fn a_finding_says_which_of_several_baselines_it_breaks() {
    let repo = broken();
    repo.commit_all();
    repo.git("tag v2.0.0");
    repo.write(
        "a.proto",
        &without_kind()
            .replace("package acme.v1;", "package acme.v1;\n")
            .replace("  string name = 1;\n", ""),
    );
    let json = protopact(
        &repo,
        &[
            "check",
            "--against",
            "v1.0.0",
            "--against",
            "v2.0.0",
            "--format",
            "json",
        ],
    );
    let report: serde_json::Value =
        serde_json::from_str(json.rsplit_once("exit ").unwrap().0).unwrap();
    let findings: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            format!(
                "{} {} {}",
                finding["rule"], finding["symbol"], finding["baselines"]
            )
        })
        .collect();
    assert_snapshot!(findings.join("\n"), @r#"
"field-deleted" "acme.v1.Span.kind" ["v1.0.0"]
"field-deleted" "acme.v1.Span.name" ["v1.0.0","v2.0.0"]
"field-type-changed" "acme.v1.Span.size" ["v1.0.0"]
"#);
    assert_eq!(report["further_baselines"][0]["release"], "2.0.0");
    assert_snapshot!(protopact(&repo, &["check", "--against", "v1.0.0", "--against", "v2.0.0"]), @r#"
error[field-deleted]: field `Span.kind` was deleted, and neither its number nor its name is reserved
  --> v1.0.0:a.proto:6:10
 6 |   string kind = 2;
   |          ^^^^
  --> a.proto:5:9
 5 | message Span {
   |         ^^^^
   = breaks:   wire, JSON, source (new readers of old data and code that uses it)
   = promise:  "No existing symbol will be deleted." (preset `stable`)
   = maturity: stable (default)
   = against:  v1.0.0
   = help:     keep the field and declare it deprecated; if it has to go, reserve its number and its
               name
   = accept:   283f501241ab395f

error[field-deleted]: field `Span.name` was deleted, and neither its number nor its name is reserved
  --> v1.0.0:a.proto:5:10
 5 |   string name = 1;
   |          ^^^^
  --> a.proto:5:9
 5 | message Span {
   |         ^^^^
   = breaks:   wire, JSON, source (new readers of old data and code that uses it)
   = promise:  "No existing symbol will be deleted." (preset `stable`)
   = maturity: stable (default)
   = against:  v1.0.0 and v2.0.0
   = help:     keep the field and declare it deprecated; if it has to go, reserve its number and its
               name
   = accept:   3fc071cefca77e2e

error[field-type-changed]: field `Span.size` changed its type from `int32` to `string`
  --> v1.0.0:a.proto:7:3
 7 |   int32 size = 3;
   |   ^^^^^
  --> a.proto:6:3
 6 |   string size = 3;
   |   ^^^^^^
   = breaks:   wire, JSON, source (readers old and new and code that uses it)
   = promise:  "Field types, numbers and names will not change." (preset `stable`)
   = maturity: stable (default)
   = against:  v1.0.0
   = help:     keep the type; add a new field of type `string` and deprecate this one
   = accept:   c40cfdf32dba9d08

worktree compared with v1.0.0 and v2.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 3 changes; 3 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
"#);
}

/// What a comparison has no use for is not out of use where it looks at a part, or at something else than a release.
#[test]
fn only_a_whole_comparison_with_a_release_calls_a_record_stale() {
    let repo = broken();
    repo.write("b.proto", "syntax = \"proto3\";\npackage acme.v1;\n");
    repo.commit_all();
    repo.git("tag v1.1.0");
    repo.write(
        "a.proto",
        &without_kind().replace("string size", "bytes size"),
    );
    accept(&repo, "--all --against v1.1.0");
    repo.commit_all();
    repo.git("checkout -q -b topic");
    repo.write(
        "b.proto",
        "syntax = \"proto3\";\npackage acme.v1;\n\nmessage B {}\n",
    );
    for arguments in [
        "--locked b.proto",
        "--locked --exclude a.proto",
        "--locked --rule field-type-changed=off --rule field-deleted=off",
        "--locked --against main",
        "--locked --against v1.1.0",
    ] {
        let printed = check(&repo, arguments);
        assert!(printed.ends_with("exit 0"), "{arguments}: {printed}");
        assert!(!printed.contains("stale"), "{arguments}: {printed}");
    }
    assert_snapshot!(protopact(&repo, &["accept", "--prune", "--against", "main"]), @"
protopact.accepted.toml is as it was
exit 0
");
    assert_snapshot!(accept(&repo, "--all --until 1.1.0 --against v1.1.0"), @"
error: `--until 1.1.0` is no later than 1.1.0, which is out
   = help: name the first release in which the change may not be any more, or leave --until out
exit 2
");
    assert_snapshot!(protopact(&repo, &["accept", "--all", "--reason", " "]), @"
error: invalid value ' ' for '--reason <TEXT>': it says nothing

For more information, try '--help'.
exit 2
");
}
