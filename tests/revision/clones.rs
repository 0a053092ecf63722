//! Clones that lack something, and repositories that libgit2 refuses.

use protopact::revision::{History, Place};

use crate::repo::{Repo, assert_says, error, repo, text};

/// A clone with these options of a repository whose `main` has three releases and has been left by `topic`.
fn clone(options: &str) -> Repo {
    let repo = repo();
    repo.git("config uploadpack.allowFilter true");
    for tag in ["v1.0.0", "v1.1.0", "v1.2.0"] {
        repo.release(tag);
    }
    repo.git("checkout -q -b topic HEAD~1");
    repo.write("b.proto", "topic");
    repo.commit_all();
    repo.git("checkout -q main");
    repo.commit("work");
    let url = format!("file://{}", repo.root().display());
    repo.git(&format!("clone -q {options} {url} ../clone"));
    repo.moved_to("clone")
}

/// Runs the git command that an error names in its help.
fn obey(repo: &Repo, message: &str) {
    let command = message
        .split('`')
        .find_map(|part| part.strip_prefix("git "))
        .expect(message);
    repo.git(&command.replace('"', ""));
}

#[test]
fn what_a_shallow_clone_lacks_can_be_fetched_with_one_command() {
    let sha = "0123456789012345678901234567890123456789";
    for (name, found) in [
        ("v1.1.0", "v1.1.0"),
        ("topic", "v1.1.0"),
        ("origin/topic", "v1.1.0"),
        ("HEAD~2", "v1.1.0"),
    ] {
        let repo = clone("--depth 1");
        let message = error(repo.against(name));
        assert!(
            message.contains("unknown revision") && message.contains("`fetch-depth: 0`"),
            "{message}"
        );
        obey(&repo, &message);
        assert_eq!(
            text(&repo.against(name).expect(&message), "a.proto").as_deref(),
            Some(found),
            "{message}"
        );
    }
    assert_says(
        clone("--depth 1").against(sha),
        &["shallow", &format!("git fetch --depth=1 origin {sha}")],
    );
}

#[test]
fn what_was_not_fetched_can_be_fetched_with_one_command() {
    for name in ["v1.1.0", "topic", "origin/topic"] {
        let repo = clone("--no-tags --single-branch");
        let message = error(repo.against(name));
        obey(&repo, &message);
        assert!(repo.against(name).is_ok(), "{message}");
    }
}

#[test]
fn history_cut_short_is_not_guessed_at() {
    let against = |repo: &Repo, name: &str| match name {
        "default" => repo.default().map(|baseline| baseline.revision),
        name => repo.against(name),
    };
    for (name, spec) in [
        ("default", "v1.2.0"),
        ("latest-release", "v1.2.0"),
        ("merge-base:origin/topic", "merge-base:origin/topic"),
    ] {
        let repo = clone("--depth 2 --no-single-branch --no-tags");
        let message = error(against(&repo, name));
        assert!(
            message.contains("the clone is shallow") && message.contains("`fetch-depth: 0`"),
            "{message}"
        );
        assert!(matches!(
            repo.current().history().unwrap(),
            History::Shallow { .. }
        ));
        obey(&repo, &message);
        assert_eq!(against(&repo, name).unwrap().spec(), spec);
        assert!(matches!(
            repo.current().history().unwrap(),
            History::Tags(_)
        ));
    }
}

#[test]
fn a_shallow_clone_is_enough_where_it_shows_the_merge_base() {
    let repo = clone("--depth 3 --no-single-branch --no-tags");
    let base = repo.git("rev-parse HEAD~1");
    repo.git_args(&["checkout", "-q", "-b", "mine", &base]);
    repo.commit("mine");
    let baseline = repo.default().unwrap();
    assert_eq!(
        (baseline.revision.spec(), baseline.revision.commit()),
        ("merge-base:origin/main", Some(base.as_str()))
    );
}

#[test]
fn a_partial_clone_names_the_file_it_lacks() {
    let repo = clone("--filter=blob:none");
    let old = repo.against("v1.0.0").unwrap();
    let message = error(old.read("a.proto"));
    assert!(
        message.contains("this clone lacks the file `a.proto` of `v1.0.0`"),
        "{message}"
    );
    assert_eq!(text(&repo.current(), "a.proto").as_deref(), Some("work"));
    obey(&repo, &message);
    assert_eq!(
        text(&repo.against("v1.0.0").unwrap(), "a.proto").as_deref(),
        Some("v1.0.0")
    );
}

#[test]
fn a_treeless_clone_says_so() {
    let repo = clone("--filter=tree:0");
    let message = error(repo.against("v1.0.0"));
    assert!(
        message.contains("this clone lacks a folder of `v1.0.0`"),
        "{message}"
    );
    obey(&repo, &message);
    assert_eq!(repo.against("v1.0.0").unwrap().spec(), "v1.0.0");
}

#[test]
fn a_refusal_of_libgit2_is_passed_on() {
    let repo = crate::repo::plain();
    repo.git("init -q --object-format=sha256");
    let refused = Place::discover(repo.root());
    assert_says(refused, &["cannot be opened", "sha256", "sha1"]);
    let repo = crate::repo::plain();
    repo.git("init -q --ref-format=reftable");
    let refused = Place::discover(repo.root());
    assert_says(
        refused,
        &["cannot be opened", "refstorage", "--ref-format=files"],
    );
}

#[test]
fn a_repository_of_another_user_is_refused() {
    let repo = repo();
    repo.commit("a");
    for path in [repo.root().to_owned(), repo.root().join(".git")] {
        if std::os::unix::fs::chown(path, Some(12345), None).is_err() {
            return; // Only root can give files away.
        }
    }
    let below = repo.root().join("below");
    std::fs::create_dir(&below).unwrap();
    let trust = format!("safe.directory {}`", repo.root().display());
    assert_says(Place::discover(&below), &["cannot be opened", &trust]);
}

#[test]
fn a_worktree_without_its_repository_is_no_plain_directory() {
    let repo = repo();
    repo.commit("a");
    repo.git("worktree add -q -b topic ../linked");
    std::fs::rename(repo.root(), repo.beside("elsewhere")).unwrap();
    let linked = repo.moved_to("linked");
    assert_says(Place::discover(linked.root()), &["cannot be opened"]);
}

#[test]
fn an_index_that_libgit2_cannot_read_is_told_from_a_broken_one() {
    let repo = repo();
    repo.write("in/a.proto", "a");
    repo.write("out/a.proto", "a");
    repo.commit_all();
    repo.git("sparse-checkout set --sparse-index in");
    assert_says(
        repo.to("worktree"),
        &["the index cannot be read", "--no-sparse-index"],
    );
    repo.git("sparse-checkout reapply --no-sparse-index");
    assert!(repo.to("worktree").is_ok());
    repo.git("update-index --split-index");
    assert_says(
        repo.to("index"),
        &["the index cannot be read", "--no-split-index"],
    );
    repo.git("update-index --no-split-index");
    assert!(repo.to("index").is_ok());
}
