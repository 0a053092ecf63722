//! The test of the pages is itself tested: missing and unexpected findings are told apart and shown with their lines.
#![allow(clippy::unwrap_used)]

#[path = "support/compare.rs"]
mod compare;

use compare::{Outcome, differences, unchanged};
use protopact::report::Status;
use protopact::rule::document::{Case, Page, Side, cases};

const PAGE: Page<'_> = Page {
    path: "things/thing-changed.md",
    text: "# Thing changed\n```toml\n```\n## A case\n```proto before\nold; //~ gone\n```\n\
        ```proto after\nfirst; //~ new new\nsecond; //~ new(exempt)\n```\n",
};

fn case() -> Case {
    cases(PAGE).unwrap().remove(0)
}

fn found(rule: &str, status: Status, side: Side, line: usize) -> Outcome {
    let path = "example.proto".to_owned();
    Outcome {
        rule: rule.to_owned(),
        status,
        side,
        path,
        line,
    }
}

#[test]
fn silence_is_agreement() {
    let outcomes = [
        found("new", Status::Exempt, Side::Current, 2),
        found("new", Status::Failing, Side::Current, 1),
        found("new", Status::Reported, Side::Current, 1),
        found("gone", Status::Failing, Side::Baseline, 1),
    ];
    assert_eq!(differences(&case(), &outcomes), [""; 0]);
}

#[test]
fn every_difference_is_named() {
    let outcomes = [
        found("new", Status::Failing, Side::Current, 1),
        found("new", Status::Failing, Side::Current, 2),
        found("new", Status::Dormant, Side::Current, 3),
    ];
    assert_eq!(
        differences(&case(), &outcomes),
        [
            "missing: `gone` at before example.proto:1\n      old; //~ gone",
            "missing: `new` at after example.proto:1\n      first; //~ new new",
            "missing: exempt `new` at after example.proto:2\n      second; //~ new(exempt)",
            "unexpected: `new` at after example.proto:2\n      second; //~ new(exempt)",
            "unexpected: dormant `new` at after example.proto:3\n      (no such line)",
        ]
    );
}

#[test]
fn an_unchanged_pair_expects_nothing() {
    let unchanged = unchanged(&case());
    assert_eq!(unchanged.before, unchanged.after);
    assert_eq!(differences(&unchanged, &[]), [""; 0]);
}
