//! Marks in comments: what one excuses, and what is said of those that excuse nothing.

use insta::assert_snapshot;

use crate::{broken, check, without_kind};

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
