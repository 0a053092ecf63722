//! What `merge-base`, `latest-release` and the default come down to.

use protopact::revision::History;

use crate::repo::{Repo, assert_says, repo, text};

/// `main` has moved on since `topic`, which is checked out, left it; and the commit where that was.
fn branched() -> (Repo, String) {
    let repo = repo();
    let base = repo.release("v1.0.0");
    repo.git("checkout -q -b topic");
    repo.commit("topic");
    repo.git("checkout -q main");
    repo.commit("main");
    repo.git("checkout -q topic");
    (repo, base)
}

fn tags(history: History) -> Vec<String> {
    match history {
        History::Tags(tags) => tags.into_iter().map(|tag| tag.name).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn versions_are_ordered_as_versions() {
    let repo = repo();
    for tag in [
        "v1.9.0",
        "v1.11.0",
        "v1.10.0",
        "v2.0.0-rc.1",
        "1.8.0",
        "v3",
        "proto/v9.0.0",
    ] {
        repo.release(tag);
    }
    repo.git("tag -a -m message v1.11.1 v1.11.0");
    repo.git("tag v7.0.0 HEAD:a.proto");
    repo.git("checkout -q -b other HEAD~1");
    repo.release("v8.0.0");
    repo.git("checkout -q main");
    let latest = repo.against("latest-release").unwrap();
    assert_eq!(
        (latest.spec(), text(&latest, "a.proto").as_deref()),
        ("v1.11.1", Some("v1.11.0"))
    );
    let history = repo.current().history().unwrap();
    assert_eq!(
        tags(history),
        [
            "1.8.0",
            "v1.9.0",
            "v1.10.0",
            "v1.11.0",
            "v1.11.1",
            "v2.0.0-rc.1"
        ]
    );
    assert_eq!(
        tags(repo.to("v1.9.0").unwrap().history().unwrap()),
        ["v1.9.0"]
    );
}

#[test]
fn globs_choose_among_tags() {
    let repo = repo();
    for tag in [
        "v1.2.0",
        "v1.10.0",
        "v2.0.0-rc.1",
        "proto/v1.0.0",
        "proto/v1.3.0",
        "proto/v1.4.0-beta",
        "release-0.9.0",
        "py2-v5.0.0-rc.1",
    ] {
        repo.release(tag);
    }
    for (glob, tag) in [
        ("v1.*", "v1.10.0"),
        ("v2*-rc*", "v2.0.0-rc.1"),
        ("v2.0.0-rc.1", "v2.0.0-rc.1"),
        ("proto/v*", "proto/v1.3.0"),
        ("proto/*", "proto/v1.3.0"),
        ("proto/v*-beta*", "proto/v1.4.0-beta"),
        ("release-*", "release-0.9.0"),
    ] {
        let side = repo.against(&format!("latest-release:{glob}")).unwrap();
        assert_eq!(side.spec(), tag, "{glob}");
        assert!(tag.ends_with(&side.release().unwrap().to_string()));
    }
    for glob in ["v3*", "py2-*"] {
        assert_says(
            repo.against(&format!("latest-release:{glob}")),
            &["no release tag matching", "`git fetch --tags`"],
        );
    }
    assert_says(repo.against("latest-release:v["), &["is not a glob"]);
}

#[test]
fn latest_release_is_looked_for_from_the_current_side() {
    let repo = repo();
    for tag in ["v1.0.0", "v1.1.0", "v1.2.0"] {
        repo.release(tag);
    }
    let place = repo.place();
    let old = place.current(Some("v1.1.0")).unwrap();
    assert_eq!(
        place
            .baseline(&old, Some("latest-release"))
            .unwrap()
            .revision
            .spec(),
        "v1.1.0"
    );
    let chosen = place.baseline(&old, None).unwrap();
    assert_eq!(
        chosen.chosen.unwrap(),
        "baseline: v1.0.0, the release before v1.1.0"
    );
}

#[test]
fn a_branch_is_compared_with_where_it_left_main() {
    let (repo, base) = branched();
    for name in ["merge-base", "merge-base:main"] {
        let side = repo.against(name).unwrap();
        assert_eq!(
            (side.spec(), side.commit()),
            ("merge-base:main", Some(base.as_str()))
        );
    }
    assert_eq!(
        repo.chosen(),
        format!("baseline: {}, the merge base of HEAD and main", &base[..10])
    );
    repo.git("checkout -q --detach");
    assert_eq!(
        repo.default().unwrap().revision.commit(),
        Some(base.as_str())
    );
    assert_says(
        repo.against("merge-base:mian"),
        &["unknown revision `mian`", "`main`"],
    );
}

#[test]
fn remote_default_branches_come_before_local_ones() {
    let (repo, base) = branched();
    repo.git("checkout -q main");
    assert_eq!(
        repo.chosen(),
        "baseline: v1.0.0, the latest release reachable from HEAD"
    );
    repo.git_args(&["update-ref", "refs/remotes/origin/main", &base]);
    assert!(
        repo.chosen()
            .ends_with("the merge base of HEAD and origin/main"),
        "unpushed commits are work in progress"
    );
    repo.git("update-ref refs/remotes/origin/trunk main");
    repo.git("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk");
    assert_eq!(
        repo.chosen(),
        "baseline: v1.0.0, the latest release reachable from HEAD"
    );
    assert_eq!(
        repo.against("merge-base").unwrap().spec(),
        "merge-base:origin/trunk"
    );
}

#[test]
fn on_a_release_the_one_before_it_is_the_baseline() {
    let repo = repo();
    for tag in ["v1.9.0", "v1.10.0-rc.1", "v1.10.0"] {
        repo.release(tag);
    }
    assert_eq!(
        repo.chosen(),
        "baseline: v1.9.0, the release before v1.10.0"
    );
    repo.write("README.md", "not a proto");
    assert_eq!(
        repo.chosen(),
        "baseline: v1.9.0, the release before v1.10.0"
    );
    repo.write("b.proto", "untracked");
    assert_eq!(
        repo.chosen(),
        "baseline: v1.10.0, the latest release reachable from HEAD"
    );
    repo.git("add b.proto");
    let place = repo.place();
    let staged = place
        .baseline(&place.current(Some("index")).unwrap(), None)
        .unwrap();
    assert_eq!(staged.revision.spec(), "v1.10.0");
}

#[test]
fn converted_line_endings_are_no_change() {
    let repo = repo();
    repo.release("v1.0.0");
    repo.commit("one\ntwo\n");
    repo.git("tag v1.1.0");
    repo.git("config core.autocrlf true");
    std::fs::remove_file(repo.root().join("a.proto")).unwrap();
    repo.git("checkout -q -- a.proto");
    assert_eq!(
        text(&repo.current(), "a.proto").as_deref(),
        Some("one\r\ntwo\r\n")
    );
    assert_eq!(repo.chosen(), "baseline: v1.0.0, the release before v1.1.0");
}

#[test]
fn no_baseline_says_how_to_name_one() {
    let repo = repo();
    repo.commit("a");
    let ways = [
        "no baseline",
        "`--against REV`",
        "merge-base:BRANCH",
        "latest-release:GLOB",
    ];
    assert_says(repo.default(), &ways);
    repo.git("tag v1.0.0");
    assert_says(repo.default(), &["there is no release before it"]);
    assert_says(repo.default(), &ways);
    repo.git("branch -m trunk");
    assert_says(
        repo.against("merge-base"),
        &["no default branch", "merge-base:REF"],
    );
}

#[test]
fn an_unborn_head_has_no_baseline() {
    let repo = repo();
    repo.write("a.proto", "a");
    assert_eq!(repo.current().history().unwrap(), History::None);
    for result in [
        repo.default().map(|baseline| baseline.revision),
        repo.against("latest-release"),
        repo.against("merge-base"),
        repo.against("HEAD"),
        repo.against("main"),
    ] {
        assert_says(
            result,
            &["branch `main` has no commit yet", "`--against DIR`"],
        );
    }
}

#[test]
fn several_merge_bases_are_named() {
    let repo = repo();
    repo.commit_all();
    repo.git("checkout -q -b topic");
    let one = repo.commit("one");
    repo.git("checkout -q main");
    repo.write("b.proto", "other");
    let other = repo.commit_all();
    repo.git("branch -q other");
    repo.git_args(&["merge", "-q", "-m", "m", &one]);
    repo.git("checkout -q topic");
    repo.git_args(&["merge", "-q", "-m", "m", &other]);
    for result in [
        repo.default().map(|baseline| baseline.revision),
        repo.against("merge-base:main"),
    ] {
        assert_says(
            result,
            &[
                "more than one merge base",
                &one[..10],
                &other[..10],
                "`--against REV`",
            ],
        );
    }
}

#[test]
fn unrelated_histories_have_no_merge_base() {
    let repo = repo();
    repo.commit("a");
    repo.git("checkout -q --orphan topic");
    repo.commit("b");
    assert_says(
        repo.default(),
        &["`HEAD` and `main` have no common history"],
    );
}
