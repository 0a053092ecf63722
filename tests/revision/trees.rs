//! Which files a side has.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use protopact::revision::{Kind, Place};

use crate::repo::{Repo, assert_says, paths, repo, text};

#[test]
fn worktree_is_what_git_tracks_or_would_add() {
    let repo = repo();
    repo.write(".gitignore", "ignored*\n");
    for path in [
        "kept.proto",
        ".hidden/dot.proto",
        "changed.proto",
        "deleted.proto",
    ] {
        repo.write(path, "old");
    }
    repo.write("ignored-but-tracked.proto", "old");
    repo.git("add -f ignored-but-tracked.proto");
    repo.commit_all();
    repo.write("changed.proto", "new");
    fs::remove_file(repo.root().join("deleted.proto")).unwrap();
    repo.write("deep/er/untracked.proto", "new");
    repo.write("deep/.untracked.proto", "new");
    repo.write("ignored.proto", "new");
    repo.write("ignored.md", "new");
    repo.write("README.md", "new");
    let current = repo.current();
    assert_eq!(
        paths(&current),
        [
            ".hidden/dot.proto",
            "changed.proto",
            "deep/.untracked.proto",
            "deep/er/untracked.proto",
            "ignored-but-tracked.proto",
            "kept.proto"
        ],
    );
    assert_eq!(text(&current, "changed.proto").as_deref(), Some("new"));
    assert_eq!(text(&current, "README.md").as_deref(), Some("new"));
    for gone in [
        "deleted.proto",
        "ignored.proto",
        "ignored.md",
        "deep",
        "../repo/README.md",
        "/etc/passwd",
        "",
    ] {
        assert_eq!(text(&current, gone), None, "{gone}");
    }
}

#[test]
fn equal_ids_are_equal_bytes_on_every_side() {
    let repo = repo();
    repo.commit("same");
    repo.write("dir/a.proto", "same");
    let sides = ["HEAD", "worktree", "index", "dir"].map(|name| repo.to(name).unwrap());
    for side in &sides {
        assert_eq!(side.protos()["a.proto"], sides[0].protos()["a.proto"]);
    }
    assert_eq!(
        sides[0].protos()["a.proto"].to_string(),
        repo.git("rev-parse HEAD:a.proto")
    );
}

#[test]
fn index_is_what_is_staged() {
    let repo = repo();
    repo.commit("committed");
    repo.write("intended.proto", "");
    repo.git("add --intent-to-add intended.proto");
    repo.write("staged.proto", "staged");
    repo.git("add staged.proto");
    repo.git("rm -q --cached a.proto");
    repo.write("staged.proto", "on disk");
    assert_eq!(paths(&repo.to("index").unwrap()), ["staged.proto"]);
    assert_eq!(
        paths(&repo.current()),
        ["a.proto", "intended.proto", "staged.proto"]
    );
}

#[test]
fn sparse_files_come_from_the_index() {
    let repo = repo();
    repo.write("in/a.proto", "in");
    repo.write("out/b.proto", "out");
    repo.write("out/README.md", "out");
    repo.release("v1.0.0");
    repo.release("v1.1.0");
    repo.git("sparse-checkout set --no-sparse-index in");
    assert!(!repo.root().join("out").exists());
    let current = repo.current();
    assert_eq!(paths(&current), ["a.proto", "in/a.proto", "out/b.proto"]);
    assert_eq!(text(&current, "out/b.proto").as_deref(), Some("out"));
    assert_eq!(text(&current, "out/README.md").as_deref(), Some("out"));
    assert_eq!(repo.chosen(), "baseline: v1.0.0, the release before v1.1.0");
}

#[test]
fn unmerged_files_are_named() {
    let repo = repo();
    repo.commit("base");
    repo.git("checkout -q -b topic");
    repo.commit("ours");
    repo.git("checkout -q main");
    repo.commit("theirs");
    repo.git_fails("merge topic");
    for word in ["worktree", "index"] {
        assert_says(
            repo.to(word),
            &["unmerged files in the index: `a.proto`", "git add"],
        );
    }
    assert_eq!(
        text(&repo.to("topic").unwrap(), "a.proto").as_deref(),
        Some("ours")
    );
}

#[test]
fn subdirectories_and_linked_worktrees_see_their_whole_tree() {
    let repo = repo();
    repo.write("deep/er/b.proto", "b");
    repo.release("v1.0.0");
    let below = Place::discover(&repo.root().join("deep/er")).unwrap();
    assert_eq!(
        paths(&below.current(None).unwrap()),
        ["a.proto", "deep/er/b.proto"]
    );
    repo.git("worktree add -q -b topic ../linked");
    let linked = repo.moved_to("linked");
    linked.write("c.proto", "c");
    assert_eq!(
        paths(&linked.current()),
        ["a.proto", "c.proto", "deep/er/b.proto"]
    );
    assert_eq!(linked.against("v1.0.0").unwrap().spec(), "v1.0.0");
}

#[test]
fn a_bare_repository_is_at_its_head() {
    let repo = repo();
    let first = repo.release("v1.0.0");
    let second = repo.release("v1.1.0");
    repo.git("clone -q --bare . ../bare");
    let bare = repo.moved_to("bare");
    let current = bare.current();
    assert_eq!(
        (current.kind(), current.spec(), current.commit()),
        (Kind::Git, "HEAD", Some(second.as_str()))
    );
    assert_eq!(
        bare.default().unwrap().revision.commit(),
        Some(first.as_str())
    );
    assert_says(bare.to("worktree"), &["repository is bare", "`--to REV`"]);
    assert_says(bare.to("index"), &["repository is bare"]);
    assert_eq!(
        bare.place().locate(&current, "x/a.proto".as_ref()).unwrap(),
        "x/a.proto"
    );
}

/// Links inside of the tree, out of it, in circles, to nothing, to a folder, through a folder.
fn with_links() -> Repo {
    let repo = repo();
    fs::write(repo.beside("secret.proto"), "secret").unwrap();
    repo.write("real/b.proto", "b");
    for (link, target) in [
        ("inside.proto", "real/b.proto"),
        ("twice.proto", "./real/../inside.proto"),
        ("real/up.proto", "../a.proto"),
        ("outside.proto", "../secret.proto"),
        ("absolute.proto", "/etc/hostname"),
        ("broken.proto", "nowhere.proto"),
        ("folder.proto", "real"),
        ("linked", "real"),
        ("git.proto", ".git/HEAD"),
        ("through.proto", "linked/b.proto"),
    ] {
        symlink(target, repo.root().join(link)).unwrap();
    }
    repo.commit("a");
    repo
}

#[test]
fn links_are_not_followed_out_of_the_tree() {
    let repo = with_links();
    for name in ["HEAD", "index", "worktree", "dir:."] {
        let side = repo.to(name).unwrap();
        assert_eq!(
            paths(&side),
            [
                "a.proto",
                "inside.proto",
                "real/b.proto",
                "real/up.proto",
                "through.proto",
                "twice.proto"
            ],
            "{name}",
        );
        assert_eq!(text(&side, "twice.proto").as_deref(), Some("b"), "{name}");
        assert_eq!(text(&side, "outside.proto"), None, "{name}");
    }
}

#[test]
fn links_in_circles_are_no_files() {
    let repo = repo();
    symlink("two.proto", repo.root().join("one.proto")).unwrap();
    symlink("one.proto", repo.root().join("two.proto")).unwrap();
    repo.commit("a");
    for name in ["HEAD", "worktree", "dir:."] {
        assert_eq!(paths(&repo.to(name).unwrap()), ["a.proto"], "{name}");
    }
}

#[test]
fn a_tracked_folder_replaced_by_a_link_is_gone() {
    let repo = repo();
    repo.write("dir/b.proto", "b");
    repo.commit("a");
    fs::rename(repo.root().join("dir"), repo.beside("elsewhere")).unwrap();
    symlink("../elsewhere", repo.root().join("dir")).unwrap();
    let current = repo.current();
    assert_eq!(paths(&current), ["a.proto"]);
    assert_eq!(text(&current, "dir/b.proto"), None);
}

/// A repository with a submodule called `lib` at `vendor/lib`.
fn with_submodule() -> Repo {
    let repo = repo();
    repo.commit("library");
    repo.git("init -q -b main ../user");
    let url = repo.root().display().to_string();
    let user = repo.moved_to("user");
    user.git(&format!(
        "-c protocol.file.allow=always submodule add -q --name lib {url} vendor/lib"
    ));
    user.write("b.proto", "user");
    user.commit_all();
    user
}

#[test]
fn submodules_are_read_from_their_own_store() {
    let repo = with_submodule();
    repo.write("vendor/lib/a.proto", "edited");
    repo.write("vendor/lib/new.proto", "new");
    let committed = repo.to("HEAD").unwrap();
    assert_eq!(paths(&committed), ["b.proto", "vendor/lib/a.proto"]);
    assert_eq!(
        text(&committed, "vendor/lib/a.proto").as_deref(),
        Some("library")
    );
    let current = repo.current();
    assert_eq!(
        paths(&current),
        ["b.proto", "vendor/lib/a.proto", "vendor/lib/new.proto"]
    );
    assert_eq!(
        text(&current, "vendor/lib/a.proto").as_deref(),
        Some("edited")
    );

    repo.git("submodule deinit -q -f vendor/lib");
    for name in ["HEAD", "index", "worktree"] {
        let side = repo.to(name).unwrap();
        assert_eq!(
            text(&side, "vendor/lib/a.proto").as_deref(),
            Some("library"),
            "{name}"
        );
        assert!(side.unread_submodules().is_empty());
    }

    fs::remove_dir_all(repo.root().join(".git/modules")).unwrap();
    for name in ["HEAD", "index", "worktree"] {
        let side = repo.to(name).unwrap();
        assert_eq!(
            (paths(&side), side.unread_submodules()),
            (vec!["b.proto"], vec!["vendor/lib"]),
            "{name}"
        );
    }
}

#[test]
fn names_must_be_utf8() {
    let repo = repo();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.proto");
    fs::write(repo.root().join(name), "").unwrap();
    fs::write(
        repo.root()
            .join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")),
        "",
    )
    .unwrap();
    for side in ["worktree", "dir:."] {
        assert_says(repo.to(side), &["caf\u{fffd}.proto", "is not UTF-8"]);
    }
    repo.commit_all();
    for side in ["worktree", "HEAD"] {
        assert_says(
            repo.to(side),
            &["path of `caf\u{fffd}.proto`", &format!("the side `{side}`")],
        );
    }
    fs::remove_file(repo.root().join(name)).unwrap();
    repo.commit("a");
    assert_eq!(paths(&repo.current()), ["a.proto"]);
}

#[test]
fn unreadable_files_are_errors() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = repo();
    repo.commit("a");
    let path = repo.root().join("a.proto");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        return; // Nothing is unreadable to root.
    }
    assert_says(
        repo.to("worktree"),
        &["`a.proto` cannot be read", "ermission denied"],
    );
    assert_says(
        repo.to("dir:."),
        &["`a.proto` cannot be read", "ermission denied"],
    );
}

#[test]
fn nothing_is_written_to_the_repository() {
    let repo = with_submodule();
    repo.git("tag v1.0.0");
    repo.git("checkout -q -b topic");
    repo.write("b.proto", "changed");
    repo.write("c.proto", "untracked");
    // An index older than the files it lists is what git refreshes at every chance.
    let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options()
        .append(true)
        .open(repo.root().join("vendor/lib/a.proto"))
        .unwrap()
        .set_modified(past)
        .unwrap();
    let before = repo.fingerprint();
    let place = repo.place();
    for to in ["worktree", "index", "HEAD", "dir:."] {
        let side = place.current(Some(to)).unwrap();
        for against in ["v1.0.0", "merge-base:main", "latest-release"] {
            let _ = place
                .baseline(&side, Some(against))
                .map(|baseline| baseline.revision.read("b.proto").unwrap());
        }
        let _ = place.baseline(&side, None);
        let _ = side.history().unwrap();
    }
    assert_eq!(repo.fingerprint(), before);
}

#[test]
#[ignore = "run by the hooks of the next test, in the environment that git makes for them"]
fn probe_in_a_hook() {
    let place = Place::discover(".".as_ref()).unwrap();
    let staged = place.current(Some("index")).unwrap();
    assert_eq!(text(&staged, "a.proto").as_deref(), Some("to be committed"));
    assert_eq!(
        paths(&place.current(None).unwrap()),
        ["a.proto", "untracked.proto"]
    );
}

#[test]
fn a_hook_sees_what_is_being_committed() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = repo();
    repo.commit("old");
    let probe = std::env::current_exe().unwrap();
    let hook = format!(
        "#!/bin/sh\nexec '{}' --ignored --exact trees::probe_in_a_hook >&2",
        probe.display()
    );
    repo.write(".git/hooks/pre-commit", &hook);
    fs::set_permissions(
        repo.root().join(".git/hooks/pre-commit"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    repo.git("worktree add -q -b topic ../linked");
    let commit = |repo: &Repo| {
        repo.write("a.proto", "to be committed");
        repo.write("untracked.proto", "");
        repo.git("commit -q -a -m message");
    };
    commit(&repo);
    commit(&repo.moved_to("linked"));
}
