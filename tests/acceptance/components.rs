//! Records where parts of the tree are released on their own: each goes by the releases of the part that its element is in.

use insta::assert_snapshot;

use crate::repo::{Repo, repo};
use crate::{
    FILE, SPAN, accept, check, protopact, recorded, records, story, without_kind, write_record,
};

/// A tree of two components and a file that belongs to none; the tags `trace/v1.0.0`, `logs/v1.4.0` and `v3.0.0` stand at
/// its first commit.
fn components() -> Repo {
    let repo = repo();
    repo.write(
        "protopact.toml",
        "[[component]]\npath = \"trace\"\nreleases = \"trace/v*\"\n\n[[component]]\npath = \"logs\"\nreleases = \"logs/v*\"\n",
    );
    repo.write("trace/t.proto", &of("trace", SPAN));
    repo.write("logs/l.proto", &of("logs", SPAN));
    repo.commit(SPAN);
    for tag in ["trace/v1.0.0", "logs/v1.4.0", "v3.0.0"] {
        repo.git(&format!("tag {tag}"));
    }
    repo
}

fn of(component: &str, text: &str) -> String {
    text.replace("acme.v1", &format!("acme.{component}"))
}

fn without_kind_only() -> String {
    SPAN.replace("  string kind = 2;\n", "")
}

#[test]
fn a_record_goes_stale_with_a_release_of_its_component() {
    let repo = components();
    repo.write("trace/t.proto", &of("trace", &without_kind_only()));
    repo.write("a.proto", &without_kind_only());
    assert_snapshot!(accept(&repo, "--all --component trace --against latest-release:trace/v*"), @"
accepted field-deleted `acme.trace.Span.kind`: string kind = 2 -> none
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(accept(&repo, "--all --against latest-release"), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(recorded(&repo), @"
field-deleted acme.trace.Span.kind trace 1.0.0 Ada
field-deleted acme.v1.Span.kind 3.0.0 Ada
");
    repo.commit_all();
    // A release of another component has the change as it has everything, and lets nobody have it.
    repo.git("tag logs/v2.0.0");
    assert_snapshot!(check(&repo, "--against logs/v2.0.0 --locked"), @"
clean
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --prune --against logs/v2.0.0"), @"
note: compared with `logs/v2.0.0` no record is out of use
protopact.accepted.toml is as it was
exit 0
");
    repo.git("tag trace/v2.0.0");
    assert_snapshot!(check(&repo, "--against trace/v2.0.0"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.trace.Span.kind`: stale: it was agreed to against trace 1.0.0, and compared with trace 2.0.0 there is nothing to agree to; `protopact accept --prune --against trace/v2.0.0` takes it out
clean
exit 0
");
    // The release of one component asks for nothing of another.
    repo.git("commit -q --allow-empty -m message");
    assert_snapshot!(protopact(&repo, "release --component logs --locked --quiet"), @"
worktree compared with logs/v2.0.0 under preset stable (exempt: labelled): no .proto file differs (1 file); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
2.0.1 is the next version
exit 0
");
    assert_snapshot!(protopact(&repo, "release --component trace --locked --quiet"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.trace.Span.kind`: stale: it was agreed to against trace 1.0.0, and compared with trace 2.0.0 there is nothing to agree to; `protopact accept --prune --against trace/v2.0.0` takes it out
error: `protopact.accepted.toml` has stale records, which --locked does not allow
   = help: run `protopact accept --prune --against trace/v2.0.0`, and commit what it writes
exit 2
");
    assert_snapshot!(protopact(&repo, "accept --prune --component logs --against trace/v2.0.0"), @"
note: compared with `trace/v2.0.0` no record is out of use
protopact.accepted.toml is as it was
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --prune --component trace --against trace/v2.0.0"), @"
took out field-deleted `acme.trace.Span.kind`: string kind = 2 -> none
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    // What no component holds goes by the releases of the tree.
    repo.git("tag v4.0.0");
    assert_snapshot!(story(&repo, "--against v4.0.0"), @"
stale: field-deleted `acme.v1.Span.kind`
exit 0
");
}

#[test]
fn until_is_a_release_of_the_component() {
    let repo = components();
    repo.write("trace/t.proto", &of("trace", &without_kind_only()));
    assert_snapshot!(accept(&repo, "--all --until 1.0.0 --against trace/v1.0.0"), @"
error: `--until 1.0.0` is no later than trace 1.0.0, which is out
   = help: name the first release in which the change may not be any more, or leave --until out
exit 2
");
    accept(&repo, "--all --until 2.0.0 --against trace/v1.0.0");
    assert_snapshot!(story(&repo, "--against trace/v1.0.0 --locked"), @"
accepted: field-deleted at trace/t.proto:4:9
exit 0
");
    // The next release is made of something else.
    repo.git("stash -q --include-untracked");
    repo.git("commit -q --allow-empty -m message");
    repo.git("tag trace/v2.0.0");
    repo.git("stash pop -q");
    assert_snapshot!(story(&repo, "--against trace/v2.0.0"), @"
stale: field-deleted `acme.trace.Span.kind`
error: field-deleted at trace/t.proto:4:9
exit 1
");
    assert_snapshot!(check(&repo, "--against trace/v2.0.0 --locked"), @"
warning: protopact.accepted.toml:4: field-deleted `acme.trace.Span.kind`: stale: it was agreed to until trace 2.0.0, and 2.0.0 is out; `protopact accept --prune --against trace/v2.0.0` takes it out
error: `protopact.accepted.toml` has stale records, which --locked does not allow
   = help: run `protopact accept --prune --against trace/v2.0.0`, and commit what it writes
exit 2
");
}

#[test]
fn a_record_by_hand_needs_no_component_while_it_excuses_something() {
    let repo = components();
    repo.write("trace/t.proto", &of("trace", &without_kind_only()));
    let values = "from = \"string kind = 2\"\n";
    write_record(&repo, "field-deleted", "acme.trace.Span.kind", values);
    assert_snapshot!(story(&repo, "--against trace/v1.0.0"), @"
accepted: field-deleted at trace/t.proto:4:9
exit 0
");
    let late = format!("{values}until = \"1.0.0\"\n");
    write_record(&repo, "field-deleted", "acme.trace.Span.kind", &late);
    assert_snapshot!(story(&repo, "--against trace/v1.0.0"), @"
stale: field-deleted `acme.trace.Span.kind`
error: field-deleted at trace/t.proto:4:9
exit 1
");
}

#[test]
fn a_component_that_there_is_not_is_told() {
    let repo = components();
    write_record(
        &repo,
        "field-deleted",
        "acme.trace.Span.kind",
        "component = \"trase\"\nbaseline = \"1.0.0\"\n",
    );
    assert_snapshot!(check(&repo, "--against trace/v1.0.0"), @"
warning: protopact.accepted.toml:1: field-deleted `acme.trace.Span.kind`: there is no component `trase`; did you mean `trace`?
clean
exit 0
");
    assert_snapshot!(protopact(&repo, "accept --prune --against trace/v1.0.0"), @"
note: compared with `trace/v1.0.0` no record is out of use
protopact.accepted.toml is as it was
exit 0
");
    assert_snapshot!(accept(&repo, "--all --component trase --against trace/v1.0.0"), @"
error: there is no component `trase`
   = help: did you mean `trace`?
exit 2
");
    assert!(records(&repo).contains("trase"), "{FILE}");
}

#[test]
fn what_moves_to_another_component_goes_by_the_releases_of_that() {
    let repo = components();
    repo.git("mv trace/t.proto logs/t.proto");
    repo.write("logs/t.proto", &of("trace", &without_kind()));
    assert_snapshot!(accept(&repo, "--all --against trace/v1.0.0"), @"
accepted file-moved `trace/t.proto`: trace -> logs
accepted field-deleted `acme.trace.Span.kind`: string kind = 2 -> none
accepted field-type-changed `acme.trace.Span.size`: int32 -> string
protopact.accepted.toml: 3 changes; commit it with what it is about
exit 0
");
    assert_snapshot!(story(&repo, "--against trace/v1.0.0"), @"
accepted: file-moved at logs/t.proto:1:1
accepted: field-deleted at logs/t.proto:4:9
accepted: field-type-changed at logs/t.proto:6:3
exit 0
");
}

#[test]
fn what_a_release_asks_for_is_what_accept_records() {
    let repo = components();
    repo.write("trace/t.proto", &of("trace", &without_kind_only()));
    repo.write("logs/l.proto", &of("logs", &without_kind_only()));
    repo.commit_all();
    let refused = protopact(&repo, "release --component trace --quiet");
    let error = refused.lines().find(|line| line.starts_with("error: "));
    assert_snapshot!(error.unwrap(), @"error: no version announces 1 break: release 2.0.0 (`protopact release --component trace 2.0.0`), or agree to what is let go with `protopact accept --all --reason WHY --against trace/v1.0.0 --component trace`");
    let (_, command) = refused
        .split_once("let go with `protopact accept ")
        .unwrap();
    let (arguments, _) = command.split_once('`').unwrap();
    assert_snapshot!(protopact(&repo, &format!("accept {arguments} --who Ada")), @"
accepted field-deleted `acme.trace.Span.kind`: string kind = 2 -> none
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(protopact(&repo, "release --component trace --quiet"), @"
worktree compared with trace/v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (10 elements), 1 change; 0 errors, 0 warnings, 0 notes, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
2.0.0 is the next version
exit 0
");
}
