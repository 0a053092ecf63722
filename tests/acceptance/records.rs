//! What a record excuses, how it is written, amended, and when it is out of use.

use insta::assert_snapshot;

use crate::{
    FILE, SPAN, accept, broken, check, fingerprint, protopact, records, released, report,
    without_kind,
};

#[test]
fn an_accepted_break_does_not_fail_and_goes_stale_once_it_is_released() {
    let repo = broken();
    assert_snapshot!(protopact(&repo, "check --format concise --against v1.0.0"), @"
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
2 accepted
exit 0
");
    // On the way to the release other comparisons do not have the change any more, and the record is still needed.
    repo.commit_all();
    assert_snapshot!(check(&repo, "--against HEAD --locked"), @"
clean
exit 0
");
    repo.git("tag v2.0.0");
    assert_snapshot!(check(&repo, "--against v2.0.0"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune --against v2.0.0` takes it out
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune --against v2.0.0` takes it out
clean
exit 0
");
    assert_snapshot!(check(&repo, "--against v2.0.0 --locked"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune --against v2.0.0` takes it out
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: stale: it was agreed to against 1.0.0, and compared with 2.0.0 there is nothing to agree to; `protopact accept --prune --against v2.0.0` takes it out
error: `protopact.accepted.toml` has stale records, which --locked does not allow
   = help: run `protopact accept --prune --against v2.0.0`, and commit what it writes
exit 2
");
    assert_snapshot!(protopact(&repo, "accept --prune --against v2.0.0"), @"
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
clean
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
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: matches no finding; nearest: field-type-changed `acme.v1.Span.size` (int32 -> bytes), d17810ebeca04fd4; `protopact accept --prune --against v1.0.0` takes it out
a.proto:4:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `bytes`
1 error, 1 accepted
exit 1
");
}

#[test]
fn a_reverted_break_leaves_a_record_that_matches_nothing() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.write("a.proto", SPAN);
    assert_snapshot!(check(&repo, "--against v1.0.0 --locked"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: matches no finding; `protopact accept --prune --against v1.0.0` takes it out
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: matches no finding; `protopact accept --prune --against v1.0.0` takes it out
clean
exit 0
");
    // Of a part of the files nothing can be said about records for others.
    repo.write("b.proto", "syntax = \"proto3\";\npackage acme.v1;\n");
    assert_snapshot!(check(&repo, "--against v1.0.0 b.proto"), @"
clean
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
    repo.write(FILE, &noted);
    let print = fingerprint(&repo, "field-type-changed", "--against v1.0.0");
    let agree = "accept --who Bob --reason 'the shops agreed' --until 2.0.0 --against v1.0.0";
    let amended = protopact(&repo, &format!("{agree} {}", &print[..6]));
    assert_snapshot!(amended, @"
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    let (first, second) = noted.split_once("# Asked").unwrap();
    let second = second
        .replace("nobody sends it", "the shops agreed")
        .replace("who = \"Ada\"", "who = \"Bob\"\nuntil = \"2.0.0\"");
    assert_eq!(records(&repo), format!("{first}# Asked{second}"));
    // Once that release is out, the change needs a new agreement.
    repo.git("commit -q --allow-empty -m message");
    assert_snapshot!(check(&repo, "--against v1.0.0 --release 2.0.0"), @"
warning: protopact.accepted.toml:14: field-type-changed `acme.v1.Span.size`: stale: it was agreed to until 2.0.0, and 2.0.0 is out; `protopact accept --prune --against v1.0.0` takes it out
a.proto:4:9: accepted[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
1 error, 1 accepted
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
    repo.write(
        FILE,
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
        FILE,
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
    let both = "<<<<<<< HEAD\nrule = \"a\"\n=======\nrule = \"b\"\n>>>>>>> two\n";
    repo.write(FILE, &format!("[[accepted]]\n{both}"));
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
error: a conflict of a merge was left in the file
  --> protopact.accepted.toml:2:1
 2 | <<<<<<< HEAD
   | ^^^^^^^ from here
   = help: keep the records of both sides, each under a line [[accepted]]; as long as git knows of
           the conflict, `protopact accept --merge` does it
exit 2
");
    repo.write(FILE, "accepted = [\n");
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
        FILE,
        "[[accepted]]\nrule = \"field-type-changed\"\nsymbol = \"acme.v1.Span.size\"\nfrom = \"int32\"\nto = \"string\"\nreason = \"agreed\"\n\n\
         [[accepted]]\nrule = \"field-deleted\"\nsymbol = \"acme.v1.Span.kinds\"\nreason = \"agreed\"\n",
    );
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
warning: protopact.accepted.toml:8: field-deleted `acme.v1.Span.kinds`: matches no finding; nearest: field-deleted `acme.v1.Span.kind` (string kind = 2 -> none), 283f501241ab395f; `protopact accept --prune --against v1.0.0` takes it out
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:6:3: accepted[field-type-changed] field `Span.size` changed its type from `int32` to `string`
1 error, 1 accepted
exit 1
");
}

#[test]
fn a_renamed_element_is_still_the_same() {
    let repo = released();
    let widened = SPAN.replace("int32 size", "int64 size");
    repo.write("a.proto", &widened);
    accept(&repo, "--all --against v1.0.0");
    repo.write("a.proto", &widened.replace("int64 size", "int64 length"));
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
a.proto:7:3: accepted[field-type-widened] field `Span.size` changed its type from `int32` to `int64`
a.proto:7:9: error[field-renamed] field `Span.size` was renamed from `size` to `length`
1 error, 1 accepted
exit 1
");
    repo.write("a.proto", &widened.replace("message Span", "message Trace"));
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
a.proto:4:9: error[message-renamed] message `Span` was renamed from `Span` to `Trace`
a.proto:7:3: accepted[field-type-widened] field `Span.size` changed its type from `int32` to `int64`
1 error, 1 accepted
exit 1
");
}

#[test]
fn what_follows_from_another_change_is_nearest_to_that() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    repo.write("a.proto", without_kind().split("message").next().unwrap());
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.v1.Span.kind`: matches no finding; nearest: message-deleted `acme.v1.Span` (message Span -> none), 27613ed07225a405; `protopact accept --prune --against v1.0.0` takes it out
warning: protopact.accepted.toml:13: field-type-changed `acme.v1.Span.size`: matches no finding; `protopact accept --prune --against v1.0.0` takes it out
a.proto:1:1: error[message-deleted] message `Span` was deleted
1 error
exit 1
");
}

#[test]
fn to_agree_to_a_cause_is_to_agree_to_what_follows() {
    let repo = released();
    let both = format!("{SPAN}\nmessage Tag {{\n  string key = 1;\n  Span span = 2;\n}}\n");
    repo.commit(&both);
    repo.git("tag v1.1.0");
    repo.write("a.proto", both.split("message Span").next().unwrap());
    assert_snapshot!(accept(&repo, "--all --against v1.1.0"), @"
accepted message-deleted `acme.v1.Span`: message Span -> none
accepted message-deleted `acme.v1.Tag`: message Tag -> none
protopact.accepted.toml: 2 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(check(&repo, "--against v1.1.0 --locked"), @"
a.proto:1:1: accepted[message-deleted] message `Span` was deleted
a.proto:1:1: accepted[message-deleted] message `Tag` was deleted
2 accepted
exit 0
");
    let report = report(&repo, "--against v1.1.0");
    let findings = report["findings"].as_array().unwrap().iter();
    let follow: usize = findings
        .map(|it| it["consequences"].as_array().map_or(0, Vec::len))
        .sum();
    assert!(follow > 0, "{report}");
    // What followed stands alone once its cause is gone, and nobody agreed to that.
    repo.write("a.proto", &both.replace("  string kind = 2;\n", ""));
    assert_snapshot!(check(&repo, "--against v1.1.0"), @"
warning: protopact.accepted.toml:4: message-deleted `acme.v1.Span`: matches no finding; `protopact accept --prune --against v1.1.0` takes it out
warning: protopact.accepted.toml:13: message-deleted `acme.v1.Tag`: matches no finding; `protopact accept --prune --against v1.1.0` takes it out
a.proto:4:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
1 error
exit 1
");
}

#[test]
fn the_start_of_a_fingerprint_has_to_be_that_of_one() {
    let repo = broken();
    let prints = ["field-deleted", "field-type-changed"]
        .map(|rule| fingerprint(&repo, rule, "--against v1.0.0"));
    assert_snapshot!(protopact(&repo, "accept '' --reason agreed --against v1.0.0"), @"
error: `` is the start of 2 fingerprints
   = help: write more of it: `283f501241ab395f`, `c40cfdf32dba9d08`
exit 2
");
    let upper = prints[0][..5].to_uppercase();
    assert_snapshot!(accept(&repo, &format!("{upper} --against v1.0.0")), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(accept(&repo, "283f501241ab395fa --against v1.0.0"), @"
error: no finding has the fingerprint `283f501241ab395fa`
   = help: did you mean `283f501241ab395f`?
exit 2
");
}

#[test]
fn a_comment_on_a_pull_request_says_that_somebody_agreed() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    let comment = protopact(&repo, "check --format markdown --against v1.0.0");
    let heading = comment.lines().find(|line| line.starts_with("###"));
    assert_snapshot!(heading.unwrap(), @"### protopact: 2 findings were agreed to, and no other promise is broken");
    assert!(
        comment.contains("agreed to by Ada: nobody sends it"),
        "{comment}"
    );
}

#[test]
fn where_nothing_is_to_be_done_the_baseline_is_named() {
    let repo = released();
    repo.git("checkout -q -b topic");
    repo.git("commit -q --allow-empty -m message");
    assert_snapshot!(accept(&repo, "--all"), @"
note: compared with `merge-base:main` nothing fails the check
protopact.accepted.toml is as it was
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --prune"), @"
note: compared with `merge-base:main` no record is out of use; `--against latest-release` compares with another baseline
protopact.accepted.toml is as it was
exit 0
");
}

#[test]
fn what_is_to_be_done_has_to_be_said() {
    let repo = broken();
    assert_snapshot!(protopact(&repo, "accept"), @"
error: the following required arguments were not provided:
  <FINGERPRINT|--all|--prune|--merge>

Usage: protopact accept --reason <TEXT> <FINGERPRINT...|--all> [OPTIONS]
       protopact accept --prune [OPTIONS]
       protopact accept --merge

For more information, try '--help'.
exit 2
");
    let missing = |command: &str| {
        let printed = protopact(&repo, command);
        assert!(printed.ends_with("exit 2"), "{printed}");
        printed.lines().nth(1).unwrap().trim().to_owned()
    };
    assert_eq!(
        missing("accept --reason x"),
        "<FINGERPRINT|--all|--prune|--merge>"
    );
    assert_eq!(missing("accept --all"), "--reason <TEXT>");
    assert_eq!(missing("accept 283f"), "--reason <TEXT>");
    // Taking out needs no reason, and agreeing does, also in one go.
    assert_eq!(missing("accept --all --prune"), "--reason <TEXT>");
    assert!(!repo.root().join(FILE).exists());
}
