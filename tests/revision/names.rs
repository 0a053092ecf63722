//! What can be typed for BASE and REV.

use protopact::revision::{Kind, Place};

use crate::repo::{assert_says, paths, plain, repo, text};

#[test]
fn every_form_of_revision_is_read_from_the_object_database() {
    let repo = repo();
    let first = repo.release("v1.0.0");
    repo.git("tag -a annotated -m message");
    repo.git("branch topic");
    repo.git("update-ref refs/remotes/origin/far HEAD");
    repo.commit("second");
    repo.write("a.proto", "third");
    for name in [
        "v1.0.0",
        "annotated",
        "topic",
        "origin/far",
        "HEAD~1",
        &first,
        &first[..8],
        "git:topic",
        "refs/heads/topic",
    ] {
        let side = repo.against(name).unwrap();
        assert_eq!(
            (side.kind(), side.commit()),
            (Kind::Git, Some(first.as_str())),
            "{name}"
        );
        assert_eq!(side.spec(), name.trim_start_matches("git:"));
        assert_eq!(text(&side, "a.proto").as_deref(), Some("v1.0.0"), "{name}");
        assert_eq!(side.release().unwrap().to_string(), "1.0.0");
    }
    assert_eq!(repo.to("HEAD").unwrap().release(), None);
}

#[test]
fn release_is_the_highest_tag_of_the_commit() {
    let repo = repo();
    repo.release("v1.9.0");
    for tag in ["v1.11.0", "1.10.0", "v1.12", "other"] {
        repo.git(&format!("tag {tag}"));
    }
    assert_eq!(
        repo.to("v1.9.0").unwrap().release().unwrap().to_string(),
        "1.11.0"
    );
}

#[test]
fn directories_are_sides() {
    let repo = repo();
    repo.commit("a");
    repo.write("old/x/b.proto", "b");
    repo.write("old/.gitignore", "*");
    repo.write("old/.git/c.proto", "c");
    for name in ["old", "./old", "dir:old", "old/"] {
        let side = repo.against(name).unwrap();
        assert_eq!(
            (side.kind(), side.commit(), paths(&side)),
            (Kind::Dir, None, vec!["x/b.proto"]),
            "{name}"
        );
        assert_eq!(text(&side, "x/b.proto").as_deref(), Some("b"));
        assert_eq!(text(&side, ".git/c.proto"), None);
    }
}

#[test]
fn a_name_of_two_things_needs_a_prefix() {
    let repo = repo();
    repo.write("proto/b.proto", "b");
    repo.commit("a");
    repo.git("branch proto");
    assert_says(
        repo.against("proto"),
        &[
            "both a git revision and a directory",
            "`git:proto`",
            "`dir:proto`",
        ],
    );
    assert_eq!(
        paths(&repo.against("git:proto").unwrap()),
        ["a.proto", "proto/b.proto"]
    );
    assert_eq!(paths(&repo.against("dir:proto").unwrap()), ["b.proto"]);
}

#[test]
fn words_name_worktree_and_index() {
    let repo = repo();
    repo.commit("committed");
    repo.write("a.proto", "staged");
    repo.git("add a.proto");
    repo.write("a.proto", "on disk");
    for (word, kind, content) in [
        ("worktree", Kind::Worktree, "on disk"),
        ("index", Kind::Index, "staged"),
    ] {
        let side = repo.to(word).unwrap();
        assert_eq!(
            (side.kind(), side.spec(), side.commit()),
            (kind, word, None)
        );
        assert_eq!(text(&side, "a.proto").as_deref(), Some(content));
    }
}

#[test]
fn unknown_names_get_near_ones() {
    let repo = repo();
    repo.release("v1.10.0");
    repo.git("update-ref refs/remotes/origin/develop HEAD");
    assert_says(
        repo.against("develop"),
        &[
            "unknown revision `develop`",
            "did you mean `origin/develop`?",
        ],
    );
    assert_says(repo.against("v1.10"), &["did you mean `v1.10.0`?"]);
    assert_says(
        repo.against("lastest-release"),
        &["did you mean `latest-release`?"],
    );
    assert_says(repo.against("zzz"), &["`git tag`"]);
    assert_says(repo.against("HEAD~9"), &["unknown revision `HEAD~9`"]);
    assert_says(
        repo.against("HEAD:a.proto"),
        &["names a blob, not a commit"],
    );
    assert_says(
        repo.against("a.proto"),
        &["`a.proto` is no descriptor set and no buf image"],
    );
    assert_says(
        repo.against("image:x.binpb"),
        &["x.binpb", "cannot be read"],
    );
    assert_says(repo.against("dir:nowhere"), &["nowhere", "cannot be read"]);
}

#[test]
fn outside_of_a_repository_directories_are_left() {
    let plain = plain();
    plain.write("a.proto", "a");
    plain.write("old/a.proto", "old");
    let place = plain.place();
    let current = place.current(None).unwrap();
    assert_eq!(
        (current.kind(), paths(&current)),
        (Kind::Dir, vec!["a.proto", "old/a.proto"])
    );
    assert_says(
        place.baseline(&current, None),
        &["is not in a git repository", "`--against DIR`"],
    );
    assert_says(
        place.baseline(&current, Some("main")),
        &["`main` is neither a directory nor"],
    );
    assert_says(
        place.baseline(&current, Some("git:main")),
        &["is not in a git repository"],
    );
    let old = place.baseline(&current, Some("old")).unwrap();
    assert_eq!((paths(&old.revision), old.chosen), (vec!["a.proto"], None));
}

#[test]
fn a_directory_has_no_history() {
    let repo = repo();
    repo.release("v1.0.0");
    repo.write("new/a.proto", "new");
    let place = repo.place();
    let current = place.current(Some("new")).unwrap();
    assert_says(
        place.baseline(&current, Some("latest-release")),
        &["needs history", "`--against REV`"],
    );
    assert_says(
        place.baseline(&current, None),
        &["no baseline to compare with", "is a directory"],
    );
    assert_eq!(
        place
            .baseline(&current, Some("v1.0.0"))
            .unwrap()
            .revision
            .spec(),
        "v1.0.0"
    );
}

#[test]
fn path_arguments_are_relative_to_the_place() {
    let repo = repo();
    repo.write("proto/x/a.proto", "");
    repo.commit_all();
    let place = Place::discover(&repo.root().join("proto")).unwrap();
    let current = place.current(None).unwrap();
    let absolute = repo.root().join("proto/x");
    for (path, located) in [
        ("x/a.proto", "proto/x/a.proto"),
        (".", "proto"),
        ("..", ""),
        ("../gone/b.proto", "gone/b.proto"),
        (absolute.to_str().unwrap(), "proto/x"),
    ] {
        assert_eq!(
            place.locate(&current, path.as_ref()).unwrap(),
            located,
            "{path}"
        );
    }
    assert_says(
        place.locate(&current, "../../x".as_ref()),
        &["is outside of"],
    );
}

#[test]
fn an_empty_name_is_not_the_current_directory() {
    let repo = repo();
    repo.commit("a");
    for name in ["", "git:", "dir:", "merge-base:", "latest-release:"] {
        assert_says(repo.against(name), &["is empty", "variable is not set"]);
    }
}
