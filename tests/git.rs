//! The command line in git repositories: which sides it finds, what it says of them, and that it changes nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;

use insta::assert_snapshot;

use crate::repo::{Repo, repo, without_ids};

const ORDER: &str =
    "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Order {\n  string id = 1;\n}\n";

/// Runs protopact in the repository: what it printed, errors first, and its exit status.
fn protopact(repo: &Repo, arguments: &str) -> String {
    in_folder(repo, "", arguments)
}

fn in_folder(repo: &Repo, folder: &str, arguments: &str) -> String {
    let printed = repo.protopact(folder, arguments.split_whitespace());
    let home = repo.root().canonicalize().unwrap();
    without_ids(&printed.replace(home.to_str().unwrap(), "[REPO]"))
}

fn url(repo: &Repo) -> String {
    format!("file://{}", repo.beside("repo").display())
}

/// One line per finding, then the closing line.
fn concise(repo: &Repo, arguments: &str) -> String {
    protopact(repo, &format!("check --format concise {arguments}"))
}

/// `main` with the releases v1.0.0 and v1.1.0 and a commit after them; each has one more field.
fn released() -> Repo {
    let repo = repo();
    let fields = |n: u32| {
        let fields: Vec<String> = (2..=n)
            .map(|n| format!("  // Older senders leave it unset.\n  string f{n} = {n};\n"))
            .collect();
        let fields = fields.concat();
        ORDER.replace("}\n", &format!("{fields}}}\n"))
    };
    repo.write("acme/v1/order.proto", &fields(2));
    repo.commit_all();
    repo.git("tag v1.0.0");
    repo.write("acme/v1/order.proto", &fields(3));
    repo.commit_all();
    repo.git_args(&["tag", "-a", "v1.1.0", "-m", "release"]);
    repo.write("acme/v1/order.proto", &fields(4));
    repo.commit_all();
    repo
}

/// Retypes a field in the worktree.
fn retype(repo: &Repo, field: &str) {
    let path = repo.root().join("acme/v1/order.proto");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        path,
        text.replace(&format!("string {field} "), &format!("bytes {field} ")),
    )
    .unwrap();
}

#[test]
fn on_a_branch_the_baseline_is_the_merge_base() {
    let repo = released();
    repo.git("checkout -q -b topic");
    retype(&repo, "f4");
    // Nothing is committed yet, so that HEAD is on the default branch still.
    assert_snapshot!(protopact(&repo, "check -q"), @"
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    repo.commit_all();
    let (worktree, head) = (concise(&repo, ""), concise(&repo, "--to HEAD"));
    assert_snapshot!(worktree, @"
acme/v1/order.proto:11:3: error[field-type-widened] field `Order.f4` changed its type from `string` to `bytes`
worktree compared with merge-base:main (COMMIT) under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(head, @"
acme/v1/order.proto:11:3: error[field-type-widened] field `Order.f4` changed its type from `string` to `bytes`
HEAD (COMMIT) compared with merge-base:main (COMMIT) under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    repo.git("checkout -q --detach");
    assert_eq!(concise(&repo, ""), worktree);
}

#[test]
fn on_the_default_branch_the_baseline_is_the_latest_release() {
    let repo = released();
    assert_snapshot!(protopact(&repo, "check"), @r#"
note[addition-explained]: `Order.f4` was added; acme/v1/order.proto:10 speaks of old and new senders and receivers
   --> acme/v1/order.proto:11:10
 11 |   string f4 = 4;
    |          ^^
    = promise:   "All the additive changes above must be accompanied by an explanation about how new
                 and old senders and receivers that implement the version of the protocol before and
                 after the change interoperate." (preset `stable`)
    = maturity:  stable (default)
    = explained: acme/v1/order.proto:10
    = help:      check that the explanation says what a receiver does that does not know it, and
                 what its absence means
    = accept:    336f956611bf5e16

note: baseline: v1.1.0, the latest release reachable from HEAD
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
"#);
    retype(&repo, "f3");
    assert_snapshot!(concise(&repo, ""), @"
acme/v1/order.proto:9:3: error[field-type-widened] field `Order.f3` changed its type from `string` to `bytes`
acme/v1/order.proto:11:10: note[addition-explained] `Order.f4` was added; acme/v1/order.proto:10 speaks of old and new senders and receivers
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 1 error, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn what_explains_an_addition_is_told_with_what_came_with_it() {
    let repo = released();
    let refund = "// Older receivers ignore it.\nmessage Refund {\n  string id = 1;\n}\n";
    repo.write(
        "acme/v1/refund.proto",
        &format!("syntax = \"proto3\";\npackage acme.v1;\n\n{refund}"),
    );
    let printed = protopact(&repo, "check --format markdown");
    let implied = "<br>implies: `Refund.id` was added; acme/v1/refund.proto:4 speaks of old and new senders and receivers<br>";
    assert!(printed.contains(implied), "{printed}");
}

#[test]
fn on_a_release_the_baseline_is_the_one_before() {
    let repo = released();
    repo.git("checkout -q v1.1.0");
    assert_snapshot!(protopact(&repo, "check -q"), @"
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    retype(&repo, "f3");
    assert_snapshot!(concise(&repo, "-q"), @"
acme/v1/order.proto:9:3: error[field-type-widened] field `Order.f3` changed its type from `string` to `bytes`
worktree compared with v1.1.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    repo.git("checkout -q -f v1.0.0");
    assert_snapshot!(protopact(&repo, "check"), @"
error: no baseline to compare with: HEAD is `v1.0.0`, and there is no release before it
   = help: name one: a revision or directory (`--against REV`), a branch (`--against
           merge-base:BRANCH`), or release tags (`--against latest-release:GLOB`)
exit 2
");
}

#[test]
fn what_is_staged_is_told_from_what_is_not() {
    let repo = released();
    retype(&repo, "f2");
    repo.git("add --all");
    retype(&repo, "f3");
    assert_snapshot!(concise(&repo, "--staged --against HEAD"), @"
acme/v1/order.proto:7:3: error[field-type-widened] field `Order.f2` changed its type from `string` to `bytes`
index compared with HEAD (COMMIT) under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(concise(&repo, "--against HEAD"), @"
acme/v1/order.proto:7:3: error[field-type-widened] field `Order.f2` changed its type from `string` to `bytes`
acme/v1/order.proto:9:3: error[field-type-widened] field `Order.f3` changed its type from `string` to `bytes`
worktree compared with HEAD (COMMIT) under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
}

#[test]
fn both_sides_can_be_named() {
    let repo = released();
    assert_snapshot!(concise(&repo, "-q --against v1.0.0 --to v1.1.0"), @"
v1.1.0 compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (5 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    assert_snapshot!(concise(&repo, "-q --against main --to HEAD~2"), @"
acme/v1/order.proto:4:9: error[field-deleted] field `Order.f3` was deleted, and neither its number nor its name is reserved
acme/v1/order.proto:4:9: error[field-deleted] field `Order.f4` was deleted, and neither its number nor its name is reserved
HEAD~2 (1.0.0) compared with main (COMMIT) under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 2 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(concise(&repo, "-q --against merge-base:v1.1.0 --to main"), @"
main (COMMIT) compared with merge-base:v1.1.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    assert_snapshot!(concise(&repo, "-q --against latest-release:v1.0.*"), @"
worktree compared with v1.0.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 2 changes; 0 errors, 0 warnings, 2 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    assert_snapshot!(protopact(&repo, "check --against v1.1"), @"
error: unknown revision `v1.1`
   = help: did you mean `v1.1.0`?
exit 2
");
    assert_snapshot!(protopact(&repo, "check --against nothing-like-it"), @"
error: unknown revision `nothing-like-it`
   = help: `git branch --all` and `git tag` list the names there are
exit 2
");
    assert_snapshot!(protopact(&repo, "check --against latest-release:v9.*"), @"
error: no release tag matching `v9.*` is reachable from `HEAD`
   = help: if they were not fetched, run `git fetch --tags`; other tags are named by
           `latest-release:GLOB`
exit 2
");
}

#[test]
fn a_bare_repository_is_read_like_any_other() {
    let repo = released();
    repo.git("clone -q --bare . ../bare");
    let repo = repo.moved_to("bare");
    assert_snapshot!(concise(&repo, "-q"), @"
HEAD (COMMIT) compared with v1.1.0 under preset stable (exempt: labelled): 1 of 1 file changed (6 elements), 1 change; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    assert_snapshot!(protopact(&repo, "check --staged"), @"
error: repository is bare: there is no worktree and no index
   = help: name the revision to check: `--to REV`
exit 2
");
    let before = repo.fingerprint();
    concise(&repo, "--against v1.0.0");
    assert_eq!(repo.fingerprint(), before);
}

#[test]
fn paths_are_relative_to_where_one_stands() {
    let repo = released();
    repo.write(
        "other/other.proto",
        "syntax = \"proto3\";\nmessage Other {}\n",
    );
    retype(&repo, "f2");
    let flags = "--format concise -q --against HEAD";
    assert_snapshot!(in_folder(&repo, "acme", &format!("check {flags} v1")), @"
acme/v1/order.proto:7:3: error[field-type-widened] field `Order.f2` changed its type from `string` to `bytes`
worktree compared with HEAD (COMMIT) under preset stable (exempt: labelled): 1 file changed (1 before, 2 now, 8 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(in_folder(&repo, "acme", &format!("check {flags} ../other")), @"
worktree compared with HEAD (COMMIT) under preset stable (exempt: labelled): 1 file changed (1 before, 2 now, 8 elements), 2 changes; 0 errors, 0 warnings, 1 note, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
exit 0
");
    assert_snapshot!(in_folder(&repo, "acme", &format!("check {flags} other")), @"
error: `other` holds no .proto file on either side
   = help: paths are relative to the current directory (or to -C DIR); look at `include` and
           `exclude` too
exit 2
");
    assert_snapshot!(protopact(&repo, &format!("check {flags} -C acme v1/order.proto")), @"
acme/v1/order.proto:7:3: error[field-type-widened] field `Order.f2` changed its type from `string` to `bytes`
worktree compared with HEAD (COMMIT) under preset stable (exempt: labelled): 1 file changed (1 before, 2 now, 8 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    assert_snapshot!(in_folder(&repo, "acme/v1", "status order.proto"), @"
acme/v1/order.proto  stable       default
preset stable, exempt labelled
exit 0
");
}

/// A clone with these options of [`released`].
fn cloned(options: &str) -> Repo {
    let repo = released();
    let url = url(&repo);
    repo.git(&format!("clone -q {options} {url} ../clone"));
    repo.moved_to("clone")
}

/// Runs the git command that is named in what was printed.
fn obey(repo: &Repo, printed: &str) {
    // Help is wrapped at the width of the terminal.
    let words: Vec<&str> = printed.split_whitespace().collect();
    let line = words.join(" ");
    let command = line
        .split('`')
        .find_map(|part| part.strip_prefix("git "))
        .expect(printed);
    repo.git(&command.replace('"', ""));
}

#[test]
fn a_shallow_clone_names_the_command_that_mends_it() {
    let repo = cloned("--depth 1");
    for flags in [
        "",
        "--against v1.0.0",
        "--against HEAD~1",
        "--against latest-release",
    ] {
        let repo = cloned("--depth 1");
        let printed = concise(&repo, flags);
        assert!(
            printed.contains("exit 2") && printed.contains("`fetch-depth: 0`"),
            "{printed}"
        );
        obey(&repo, &printed);
        let printed = concise(&repo, &format!("-q {flags}"));
        assert!(printed.ends_with("exit 0"), "{flags}: {printed}");
    }
    assert_snapshot!(protopact(&repo, "check --against v1.0.0"), @"
error: unknown revision `v1.0.0`
   = help: this clone is shallow: run `git fetch --depth=1 origin tag v1.0.0` (with
           actions/checkout: `fetch-depth: 0`)
exit 2
");
    assert_snapshot!(protopact(&repo, "check"), @r#"
error: the clone is shallow: its history ends before the latest release reachable from `HEAD` can be told
   = help: run `git fetch --unshallow --tags origin "+refs/heads/*:refs/remotes/origin/*"` (with
           actions/checkout: `fetch-depth: 0`)
exit 2
"#);
}

/// As it stands in the guide, but that the program is there without being installed.
#[cfg(unix)]
#[test]
fn the_recipe_for_a_plain_shell_works_in_any_clone() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/book/src/ci.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let (_, section) = guide.split_once("\n## Any other system\n").unwrap();
    let (_, recipe) = section.split_once("```sh\n").unwrap();
    let (recipe, _) = recipe.split_once("```").unwrap();
    let program = env!("CARGO_BIN_EXE_protopact");
    let script =
        format!("set -e\ncargo() {{ :; }}\nprotopact() {{ '{program}' \"$@\"; }}\n{recipe}");
    for options in ["--no-single-branch", "--depth 1", "--single-branch"] {
        let server = released();
        server.git("checkout -q -b topic");
        retype(&server, "f3");
        server.commit_all();
        let url = url(&server);
        server.git(&format!("clone -q --branch topic {options} {url} ../clone"));
        let clone = server.moved_to("clone");
        let run = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(clone.root())
            .env_remove("GIT_DIR")
            .output()
            .unwrap();
        let printed = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
        assert_eq!(run.status.code(), Some(1), "{options}: {printed}");
        assert!(printed.contains("error[field-type-widened]"), "{printed}");
        assert!(!printed.contains("fatal:"), "{options}: {printed}");
    }
}

/// A repository whose preset starts guarantees with 1.0.0; HEAD deletes a field.
fn gated(tags: &[&str]) -> Repo {
    let repo = repo();
    repo.write("protopact.toml", "preset = \"opentelemetry\"\n");
    repo.write("a.proto", ORDER);
    repo.commit_all();
    for tag in tags {
        repo.git(&format!("tag {tag}"));
    }
    repo.write("README.md", "# Acme\n");
    repo.commit_all();
    repo.write("a.proto", &ORDER.replace("  string id = 1;\n", ""));
    repo.commit_all();
    repo
}

#[test]
fn guarantees_start_with_the_release_that_the_baseline_contains() {
    let flags = "check --against HEAD~1 --to HEAD --format concise";
    let young = gated(&["v0.9.0"]);
    assert_snapshot!(protopact(&young, flags), @"
a.proto:4:9: dormant[field-deleted] field `Order.id` was deleted, and neither its number nor its name is reserved
HEAD (COMMIT) compared with HEAD~1 (COMMIT) under preset opentelemetry (exempt: component): 1 of 1 file changed (3 elements), 1 change; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 1 dormant; needs a patch version bump
exit 0
");
    assert_snapshot!(protopact(&young, &format!("{flags} --release 1.0.0")), @"
a.proto:4:9: error[field-deleted] field `Order.id` was deleted, and neither its number nor its name is reserved
HEAD (COMMIT) compared with HEAD~1 (1.0.0) under preset opentelemetry (exempt: component): 1 of 1 file changed (3 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    let released = gated(&["v0.9.0", "v1.0.0"]);
    assert_snapshot!(protopact(&released, flags), @"
a.proto:4:9: error[field-deleted] field `Order.id` was deleted, and neither its number nor its name is reserved
HEAD (COMMIT) compared with HEAD~1 (COMMIT) under preset opentelemetry (exempt: component): 1 of 1 file changed (3 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
");
    let untagged = gated(&["nightly"]);
    assert_snapshot!(protopact(&untagged, "check --against HEAD~1 --to HEAD"), @r#"
error[field-deleted]: field `Order.id` was deleted, and neither its number nor its name is reserved
  --> HEAD~1:a.proto:5:10
 5 |   string id = 1;
   |          ^^
  --> a.proto:4:9
 4 | message Order {
   |         ^^^^^
   = breaks:   wire, JSON, source (new readers of old data and code that uses it)
   = promise:  "No existing symbol will be deleted." (preset `opentelemetry`)
   = maturity: stable (default)
   = help:     keep the field and declare it deprecated; if it has to go, reserve its number and its
               name
   = accept:   73ce62c8999d2062

note: the baseline has no release tag, so that every guarantee counts as in force (`--release VERSION` says otherwise)
HEAD (COMMIT) compared with HEAD~1 (COMMIT) under preset opentelemetry (exempt: component): 1 of 1 file changed (3 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
exit 1
"#);
}

#[test]
fn a_clone_too_shallow_for_the_gate_is_not_guessed_about() {
    let origin = gated(&["v0.9.0"]);
    let url = url(&origin);
    origin.git(&format!("clone -q --depth 2 {url} ../clone"));
    let repo = origin.moved_to("clone");
    let flags = "check --against HEAD~1 --to HEAD --format concise";
    let printed = protopact(&repo, flags);
    assert_snapshot!(printed, @r#"
error: this clone is too shallow to tell which release the baseline `HEAD~1` contains
   = help: run `git fetch --unshallow --tags origin "+refs/heads/*:refs/remotes/origin/*"` (with
           actions/checkout: `fetch-depth: 0`), or say which release it counts as with `--release
           VERSION`
exit 2
"#);
    assert_snapshot!(protopact(&repo, &format!("{flags} --release 0.9.0")), @"
a.proto:4:9: dormant[field-deleted] field `Order.id` was deleted, and neither its number nor its name is reserved
HEAD (COMMIT) compared with HEAD~1 (0.9.0) under preset opentelemetry (exempt: component): 1 of 1 file changed (3 elements), 1 change; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 1 dormant; needs a patch version bump
exit 0
");
    obey(&repo, &printed);
    assert_snapshot!(protopact(&repo, flags), @"
a.proto:4:9: dormant[field-deleted] field `Order.id` was deleted, and neither its number nor its name is reserved
HEAD (COMMIT) compared with HEAD~1 (COMMIT) under preset opentelemetry (exempt: component): 1 of 1 file changed (3 elements), 1 change; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 1 dormant; needs a patch version bump
exit 0
");
}

#[test]
fn the_repository_is_only_read() {
    let repo = released();
    repo.git("checkout -q -b topic");
    retype(&repo, "f2");
    repo.git("add --all");
    retype(&repo, "f3");
    repo.write("untracked.proto", &ORDER.replace("acme.v1", "acme.v2"));
    let before = repo.fingerprint();
    for (arguments, status) in [
        ("check", "exit 1"),
        ("check --staged", "exit 1"),
        ("check --against v1.0.0 --to HEAD --full", "exit 0"),
        ("check --against latest-release --format json", "exit 1"),
        ("check --against nothing", "exit 2"),
        ("status", "exit 0"),
    ] {
        let printed = protopact(&repo, arguments);
        assert!(printed.ends_with(status), "{arguments}: {printed}");
    }
    assert_eq!(repo.fingerprint(), before);
}

#[test]
fn repositories_that_give_no_baseline() {
    let empty = repo();
    empty.write("a.proto", ORDER);
    assert_snapshot!(protopact(&empty, "check"), @"
error: branch `main` has no commit yet
   = help: compare with a directory, `--against DIR`, or make the first commit
exit 2
");
    assert_snapshot!(protopact(&empty, "check --against HEAD"), @"
error: branch `main` has no commit yet
   = help: compare with a directory, `--against DIR`, or make the first commit
exit 2
");
    empty.commit_all();
    assert_snapshot!(protopact(&empty, "check"), @"
error: no baseline to compare with: no release tag of the form `v1.2.3` is reachable from HEAD
   = help: name one: a revision or directory (`--against REV`), a branch (`--against
           merge-base:BRANCH`), or release tags (`--against latest-release:GLOB`)
exit 2
");
    assert_snapshot!(protopact(&empty, "check --against latest-release"), @"
error: no release tag of the form `v1.2.3` is reachable from `HEAD`
   = help: if they were not fetched, run `git fetch --tags`; other tags are named by
           `latest-release:GLOB`
exit 2
");
    assert_snapshot!(protopact(&empty, "check --against a.proto"), @"
error: `a.proto` is no descriptor set and no buf image: it is a text
   = help: make one with `buf build -o x.binpb`, or with `protoc --include_imports
           --include_source_info -o x.binpb`; a directory of `.proto` files or a git revision can be
           named too
exit 2
");
    empty.git("branch docs");
    empty.write("docs/x.proto", ORDER);
    assert_snapshot!(protopact(&empty, "check --against docs"), @"
error: `docs` is both a git revision and a directory
   = help: say which one is meant: `git:docs` or `dir:docs`
exit 2
");
}

#[test]
fn unmerged_files_are_not_judged() {
    let repo = released();
    repo.git("checkout -q -b topic HEAD~1");
    retype(&repo, "f3");
    repo.commit_all();
    repo.git_fails("merge -q main");
    assert_snapshot!(protopact(&repo, "check --against v1.0.0"), @"
error: unmerged files in the index: `acme/v1/order.proto`
   = help: resolve the conflicts and `git add` the files, or name a commit to check: `--to REV`
exit 2
");
}
