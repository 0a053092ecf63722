//! The file of records itself: several programs at once, its style, and places where no record can be.

use std::fs;
use std::thread;

use insta::assert_snapshot;

use crate::repo::Repo;
use crate::{
    FILE, SPAN, accept, broken, check, fingerprint, protopact, records, released, report, story,
    without_kind,
};

/// A repository whose worktree deletes each of ten fields.
fn ten_breaks() -> Repo {
    let repo = released();
    let fields = |number: usize| format!("  string f{number} = {number};\n");
    let fields: String = (1..=10).map(fields).collect();
    repo.commit(&format!("syntax = \"proto3\";\nmessage M {{\n{fields}}}\n"));
    repo.git("tag v2.0.0");
    repo.write("a.proto", "syntax = \"proto3\";\nmessage M {}\n");
    repo
}

#[test]
fn of_several_programs_at_once_none_loses_a_record() {
    let repo = ten_breaks();
    let report = report(&repo, "--against v2.0.0");
    let findings = report["findings"].as_array().unwrap();
    let prints: Vec<&str> = findings
        .iter()
        .map(|finding| finding["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(prints.len(), 10);
    thread::scope(|scope| {
        for print in prints {
            let repo = &repo;
            scope.spawn(move || {
                let printed = accept(repo, &format!("{print} --against v2.0.0"));
                assert!(printed.ends_with("exit 0"), "{printed}");
            });
        }
    });
    assert_eq!(records(&repo).matches("[[accepted]]").count(), 10);
    assert_snapshot!(check(&repo, "--against v2.0.0 --quiet"), @"
10 accepted
exit 0
");
    // Nothing else is left in the worktree.
    assert_snapshot!(repo.git("status --porcelain --ignored"), @"
M a.proto
?? protopact.accepted.toml
");
}

#[test]
fn the_style_of_the_file_stays() {
    let repo = broken();
    let first = fingerprint(&repo, "field-deleted", "--against v1.0.0");
    accept(&repo, &format!("{first} --against v1.0.0"));
    let one = records(&repo);
    accept(&repo, "--all --against v1.0.0");
    let both = records(&repo);
    let (header, _) = one.split_once("[[accepted]]").unwrap();
    for (mark, end) in [
        ("", "\n"),
        ("", "\r\n"),
        ("\u{feff}", "\n"),
        ("\u{feff}", "\r\n"),
    ] {
        let styled = |text: &str| format!("{mark}{}", text.replace('\n', end));
        repo.write(FILE, &styled(&one));
        accept(&repo, "--all --against v1.0.0");
        assert_eq!(records(&repo), styled(&both));
        repo.write("a.proto", SPAN);
        protopact(&repo, "accept --prune --against v1.0.0");
        assert_eq!(records(&repo), styled(&format!("{}\n", header.trim_end())));
        repo.write("a.proto", &without_kind());
    }
}

#[test]
fn a_file_without_changes_stays_as_it_is_whatever_its_style() {
    let repo = broken();
    accept(&repo, "--all --against v1.0.0");
    let mixed = records(&repo).replacen('\n', "\r\n", 3);
    repo.write(FILE, &mixed);
    protopact(&repo, "accept --prune --against v1.0.0");
    accept(&repo, "--all --against v1.0.0");
    assert_eq!(records(&repo), mixed);
}

#[test]
#[cfg(unix)]
fn a_link_is_kept_and_what_it_leads_to_is_written() {
    use std::os::unix::fs::symlink;
    let repo = broken();
    let file = repo.root().join(FILE);
    fs::create_dir(repo.root().join("policy")).unwrap();
    symlink("policy/accepted.toml", &file).unwrap();
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 2 changes; commit it with what it is about
exit 0
");
    assert!(file.is_symlink());
    assert_snapshot!(repo.git("status --porcelain --untracked-files=all"), @"
M a.proto
?? policy/accepted.toml
?? protopact.accepted.toml
");
    assert_snapshot!(story(&repo, "--against v1.0.0"), @"
accepted: field-deleted at a.proto:4:9
accepted: field-type-changed at a.proto:6:3
exit 0
");
    // A link that leads out of the tree is one that no check follows.
    fs::remove_file(&file).unwrap();
    symlink("../elsewhere.toml", &file).unwrap();
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
error: `protopact.accepted.toml` is a symbolic link out of the tree, where no check would read it
   = help: put the file itself there
exit 2
");
    assert!(!repo.beside("elsewhere.toml").exists());
    fs::remove_file(&file).unwrap();
    symlink("missing/accepted.toml", &file).unwrap();
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
error: `protopact.accepted.toml` cannot be written: No such file or directory (os error 2)
   = help: make the folder that it is to be in
exit 2
");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
error: `protopact.accepted.toml` is a directory, and records are to be written there
   = help: move it away
exit 2
");
}

#[test]
fn a_file_that_git_ignores_is_read_by_no_check() {
    let repo = broken();
    repo.write(".gitignore", "*.toml\n");
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
error: git ignores `protopact.accepted.toml`, so that no check would read it
   = help: `git check-ignore -v protopact.accepted.toml` names the pattern; take it out, or commit
           the file with `git add --force`
exit 2
");
    // As everywhere in git, what is tracked is not ignored.
    repo.write(FILE, "");
    repo.git_args(&["add", "--force", FILE]);
    accept(&repo, "--all --against v1.0.0");
    assert_snapshot!(story(&repo, "--against v1.0.0"), @"
accepted: field-deleted at a.proto:4:9
accepted: field-type-changed at a.proto:6:3
exit 0
");
}

#[test]
fn the_same_twice_is_one_change() {
    let repo = broken();
    let print = fingerprint(&repo, "field-deleted", "--against v1.0.0");
    let twice = format!("{print} {} --against v1.0.0", &print[..8]);
    assert_snapshot!(accept(&repo, &twice), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(accept(&repo, &twice), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
protopact.accepted.toml is as it was
exit 0
");
}

#[test]
fn who_agrees_is_asked_for() {
    let repo = broken();
    let anybody = "accept --all --reason 'nobody sends it' --against v1.0.0";
    assert_snapshot!(protopact(&repo, anybody), @r#"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
warning: the records name nobody who agreed, as git knows no user.name and user.email; write `who = "NAME"` into them, and next time add `--who NAME`
protopact.accepted.toml: 2 changes; commit it with what it is about
exit 0
"#);
    assert!(!records(&repo).contains("who"));
    repo.git_args(&["config", "user.name", "Ada"]);
    repo.git_args(&["config", "user.email", "ada@example.com"]);
    fs::remove_file(repo.root().join(FILE)).unwrap();
    assert_snapshot!(protopact(&repo, anybody), @"
accepted field-deleted `acme.v1.Span.kind`: string kind = 2 -> none
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 2 changes; commit it with what it is about
exit 0
");
    assert!(records(&repo).contains("who = \"Ada <ada@example.com>\""));
}
