//! Marks in comments: what one excuses, and what is said of those that excuse nothing.

use insta::assert_snapshot;

use crate::{SPAN, accept, broken, check, released, report, story, without_kind};

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
1 error, 1 accepted
exit 1
");
    assert_snapshot!(check(&repo, "--against v1.0.0 --no-inline"), @"
a.proto:6:9: error[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
a.proto:11:3: error[field-type-changed] field `Span.size` changed its type from `int32` to `string`
2 errors
exit 1
");
    // The file did not change since: nothing is said about its marks.
    repo.commit_all();
    assert_snapshot!(check(&repo, "--against HEAD --full"), @"
clean
exit 0
");
}

/// What a check says of the marks in a text, each line that begins with `!` being one.
fn told(text: &str) -> String {
    let repo = released();
    repo.write("a.proto", &text.replace('!', "// protopact:allow"));
    let printed = check(&repo, "--against v1.0.0");
    let lines = printed.lines().filter(|line| !line.starts_with("a.proto"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_mark_that_cannot_be_obeyed_says_what_to_write() {
    let forms = without_kind().replace(
        "message Span",
        "!(field-deleted nobody sends it\n\
         !(field-deleted, field-renamed) nobody sends it\n\
         !(deletions/*) nobody sends it\n\
         !(*) nobody sends it\n\
         !(buf:FIELD_NO_DELETE) nobody sends it\n\
         !(field-deleted.reserved) nobody sends it\n\
         ! field-deleted\n\
         !() nobody sends it\n\
         !(field-deleted)\n\
         !(field-delted) nobody sends it\n\
         message Span",
    );
    assert_snapshot!(told(&forms), @"
warning: a.proto:4: the mark has no `)` on its line; write `protopact:allow(RULE) REASON`
warning: a.proto:5: the mark names several rules; for each, on a line of its own, write `protopact:allow(field-deleted) REASON`
warning: a.proto:6: the mark names `deletions/*`, and is to name one rule; write that of the finding, which `check` prints in brackets
warning: a.proto:7: the mark names `*`, and is to name one rule; write that of the finding, which `check` prints in brackets
warning: a.proto:8: the mark names `buf:FIELD_NO_DELETE`, and is to name one rule; write that of the finding, which `check` prints in brackets
warning: a.proto:9: the mark names one way of `field-deleted`, and is to name all of the rule; write `protopact:allow(field-deleted) REASON`
warning: a.proto:10: the mark names no rule; write `protopact:allow(RULE) REASON`
warning: a.proto:11: the mark names no rule; write `protopact:allow(RULE) REASON`
warning: a.proto:12: the mark gives no reason and excuses nothing; write `protopact:allow(field-deleted) REASON`
warning: a.proto:13: the mark names the rule `field-delted`, which does not exist; did you mean `field-deleted`?
2 errors
exit 1
");
}

#[test]
fn a_mark_that_stands_at_no_element_is_told() {
    let detached = without_kind()
        .replace("syntax", "!(file-deleted) of the whole file\n\nsyntax")
        .replace(
            "message Span",
            "!(field-deleted) nobody sends it\n\nmessage Span",
        );
    assert_snapshot!(told(&detached), @"
warning: a.proto:1: the mark excuses nothing, as a blank line parts its comment from what stands below; take the blank line out
warning: a.proto:6: the mark excuses nothing, as a blank line parts its comment from what stands below; take the blank line out
2 errors
exit 1
");
    let ends = without_kind().replace("}\n", "\n  !(field-deleted) nobody sends it\n}\n");
    assert_snapshot!(told(&format!("{ends}\n!(field-deleted) nobody sends it\n")), @"
warning: a.proto:8: the mark stands at no element and excuses nothing; write it above the element, or above what enclosed it where that is gone
warning: a.proto:11: the mark stands at no element and excuses nothing; write it above the element, or above what enclosed it where that is gone
2 errors
exit 1
");
    let option = without_kind().replace(
        "string size = 3;",
        "string size = 3 [\n    !(field-type-changed) nobody sends it\n    deprecated = true];",
    );
    assert_snapshot!(told(&option), @"
warning: a.proto:7: the mark stands at no element and excuses nothing; write it above the element, or above what enclosed it where that is gone
2 errors
exit 1
");
}

#[test]
fn marks_are_read_in_every_kind_of_comment() {
    for (before, behind) in [
        ("// protopact:allow(field-type-changed) nobody\n  ", ""),
        ("/// protopact:allow(field-type-changed) nobody\n  ", ""),
        ("/* protopact:allow(field-type-changed): nobody */ ", ""),
        (
            "/**\n   * Bytes.\n   * protopact:allow(field-type-changed) nobody\n   */\n  ",
            "",
        ),
        ("", " // protopact:allow(field-type-changed) nobody"),
        ("", "\n  // protopact:allow(field-type-changed) nobody\n"),
    ] {
        let repo = released();
        let size = SPAN.replace(
            "  int32 size = 3;",
            &format!("  {before}string size = 3;{behind}"),
        );
        repo.write("a.proto", &size);
        let report = report(&repo, "--against v1.0.0");
        let finding = &report["findings"][0];
        assert_eq!(finding["status"], "accepted", "{size}");
        let source = finding["agreement"]["source"].as_str().unwrap();
        let line: usize = source.strip_prefix("a.proto:").unwrap().parse().unwrap();
        let marked = size.lines().nth(line - 1).unwrap();
        assert!(marked.contains("protopact:allow"), "{source}: {size}");
    }
}

#[test]
fn the_same_mark_at_several_elements_is_each_its_own() {
    let repo = released();
    let mark = "  // protopact:allow(field-type-changed) nobody sends it\n";
    let text = SPAN
        .replace("  string name", &format!("{mark}  string name"))
        .replace("  int32 size", &format!("{mark}{mark}  string size"));
    repo.write("a.proto", &text);
    assert_snapshot!(check(&repo, "--against v1.0.0"), @"
warning: a.proto:5: `protopact:allow(field-type-changed)` excuses nothing; take it out
warning: a.proto:8: `protopact:allow(field-type-changed)` excuses nothing; take it out
a.proto:10:3: accepted[field-type-changed] field `Span.size` changed its type from `int32` to `string`
1 accepted
exit 0
");
}

#[test]
fn where_marks_do_not_count_records_take_their_place() {
    let repo = released();
    let marked = "  // protopact:allow(field-type-changed) nobody sends it\n  string size";
    repo.write("a.proto", &SPAN.replace("  int32 size", marked));
    assert_snapshot!(accept(&repo, "--all --against v1.0.0"), @"
note: compared with `v1.0.0` nothing fails the check
protopact.accepted.toml is as it was
exit 0
");
    assert_snapshot!(accept(&repo, "--all --no-inline --against v1.0.0"), @"
accepted field-type-changed `acme.v1.Span.size`: int32 -> string
protopact.accepted.toml: 1 change; commit it with what it is about
exit 0
");
    assert_snapshot!(story(&repo, "--no-inline --against v1.0.0"), @"
accepted: field-type-changed at a.proto:8:3
exit 0
");
}
