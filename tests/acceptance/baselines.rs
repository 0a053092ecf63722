//! Records under several baselines, of parts of the files, and of what several releases gave up.

use insta::assert_snapshot;

use crate::repo::without_ids;
use crate::{
    SPAN, accept, broken, check, fingerprint, protopact, released, report, story, without_kind,
};

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
    let report = report(&repo, "--against v1.0.0 --against v2.0.0");
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
    assert_snapshot!(protopact(&repo, "check --against v1.0.0 --against v2.0.0"), @r#"
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
    assert_snapshot!(protopact(&repo, "accept --prune --against main"), @"
note: compared with `main` no record is out of use
protopact.accepted.toml is as it was
exit 0
");
    let rule = "field-type-widened";
    let known = fingerprint(&repo, rule, "--against v1.1.0");
    let again = format!("{known} --until 1.1.0 --against v1.1.0");
    assert_snapshot!(accept(&repo, &again), @"
error: `--until 1.1.0` is no later than 1.1.0, which is out
   = help: name the first release in which the change may not be any more, or leave --until out
exit 2
");
    assert_snapshot!(protopact(&repo, "accept --all --reason ' '"), @"
error: invalid value ' ' for '--reason <TEXT>': it says nothing

For more information, try '--help'.
exit 2
");
}

#[test]
fn a_record_counts_under_every_baseline_that_has_its_finding() {
    let repo = broken();
    repo.commit_all();
    repo.git("tag v2.0.0");
    repo.write(
        "a.proto",
        &without_kind().replace("  string name = 1;\n", ""),
    );
    assert_snapshot!(accept(&repo, "--all --against v1.0.0 --against v2.0.0"), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
accepted field-deleted `acme.v1.Span.name`: string name = 1 -> none
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 3 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(check(&repo, "--against v1.0.0 --against v2.0.0 --locked"), @"
a.proto:4:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved (against v1.0.0)
a.proto:4:9: accepted[field-deleted] field `Span.name` was deleted, and neither its number nor its name is reserved (against v1.0.0 and v2.0.0)
a.proto:5:3: accepted[field-type-changed] field `Span.size` changed its type from `int32` to `string` (against v1.0.0)
3 accepted
exit 0
");
    // Compared with the later release alone two of them are stale; of both together they are not.
    assert_snapshot!(story(&repo, "--against v2.0.0"), @"
stale: field-deleted `acme.v1.Span.kind`
stale: field-type-changed `acme.v1.Span.size`
accepted: field-deleted at a.proto:4:9
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --prune --against v2.0.0 --against v1.0.0"), @"
note: compared with `v2.0.0` and `v1.0.0` no record is out of use
protopact.accepted.toml is as it was
exit 0
");
}

#[test]
fn what_earlier_releases_gave_up_is_agreed_to_as_well() {
    let repo = broken();
    repo.commit_all();
    repo.git("tag v2.0.0");
    repo.write(
        "a.proto",
        &without_kind().replace("}\n", "  bytes tag = 2;\n}\n"),
    );
    let all = "--against v2.0.0 --against-all v*";
    assert_snapshot!(check(&repo, all), @"
a.proto:7:9: note[addition-unexplained] `Span.tag` was added, and nothing says how old and new senders and receivers interoperate (against v2.0.0)
a.proto:7:15: error[former-number-reused] `bytes tag = 2` takes a number that `Span.kind` gave up: in v1.0.0 it was `string kind = 2` (against v1.0.0)
1 error, 1 note
exit 1
");
    assert_snapshot!(accept(&repo, &format!("--all {all}")), @"
accepted former-number-reused `acme.v1.Span.kind`: string kind = 2 -> bytes tag = 2
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(story(&repo, &format!("{all} --locked")), @"
note: addition-unexplained at a.proto:7:9
accepted: former-number-reused at a.proto:7:15
exit 0
");
    // Only a comparison with all of them can tell.
    assert_snapshot!(story(&repo, "--against v2.0.0 --locked"), @"
note: addition-unexplained at a.proto:7:9
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --prune --against v2.0.0"), @"
note: compared with `v2.0.0` no record is out of use
protopact.accepted.toml is as it was
exit 0
");
}

#[test]
fn parts_of_the_files_are_judged_by_records_for_them() {
    let repo = released();
    for folder in ["one", "two"] {
        repo.write(
            &format!("{folder}/b.proto"),
            &SPAN.replace("acme.v1", folder),
        );
    }
    repo.commit_all();
    repo.git("tag v1.1.0");
    for folder in ["one", "two"] {
        repo.write(
            &format!("{folder}/b.proto"),
            &without_kind().replace("acme.v1", folder),
        );
    }
    let inside = |command: &str| without_ids(&repo.protopact("one", command.split(' ')));
    // The file is at the root, wherever the command runs.
    let accept = "accept --all --reason agreed --who Ada --against v1.1.0";
    assert_snapshot!(inside(accept), @"
accepted field-deleted `one.Span.kind`: string kind = 2 -> none
accepted field-type-changed `one.Span.size`: int32 -> string
accepted field-deleted `two.Span.kind`: string kind = 2 -> none
accepted field-type-changed `two.Span.size`: int32 -> string
protopact.accepted.toml: 4 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(inside("check -q --against v1.1.0 --locked ."), @"
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 of 3 files changed (10 elements), 2 changes; 0 errors, 0 warnings, 0 notes, 0 exempt, 2 accepted, 0 dormant; needs a major version bump
exit 0
");
    assert_snapshot!(inside("check -q --against v1.1.0 --locked ../two/b.proto"), @"
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 of 3 files changed (10 elements), 2 changes; 0 errors, 0 warnings, 0 notes, 0 exempt, 2 accepted, 0 dormant; needs a major version bump
exit 0
");
    assert_snapshot!(inside("check -q --against v1.1.0 --locked"), @"
worktree compared with v1.1.0 under preset stable (exempt: labelled): 2 of 3 files changed (10 elements), 4 changes; 0 errors, 0 warnings, 0 notes, 0 exempt, 4 accepted, 0 dormant; needs a major version bump
exit 0
");
}
