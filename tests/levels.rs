//! Which of several statements about a change decides: by path, by rule, by the name that another checker has for it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::LazyLock;

use protopact::change::{Action, Aspect, Change, Subject};
use protopact::check::{self, Input};
use protopact::cli::sides;
use protopact::config::Config;
use protopact::impact::Impact;
use protopact::report::{Level, Side};
use protopact::rule::Catalogue;

const PAGES: [(&str, &str); 5] = [
    (
        "things/README.md",
        "# Things\n```toml\npromise = 'Things stay.'\norder = 1\n```\n",
    ),
    (
        "things/type-changed.md",
        "# Type changed\n```toml\nlevel = 'warning'\nbreaks = 'computed'\nmessage = 'm'\nhelp = 'h'\n\
         match = { subject = 'field', aspect = 'type', action = 'changed', how = ['widened', 'enum', 'other'] }\n```\n",
    ),
    (
        "presets/own.toml",
        "summary = 's'\nexempt = 'none'\nguarantees = { things = {} }\n",
    ),
    (
        "presets/theirs.toml",
        "summary = 's'\nexempt = 'none'\nguarantees = { things = { level = 'off' } }\nrules = { 'buf:WIRE' = 'error' }\n",
    ),
    (
        "aliases/buf.toml",
        "SAME_TYPE = { groups = ['FILE'], older = { v1 = [] }, covers = [{ rule = 'type-changed' }] }\n\
         [WIRE_TYPE]\ngroups = ['WIRE']\n\
         covers = [{ rule = 'type-changed', unless = 'enum-superset', alike = [['int32', 'int64'], ['bool']], widens = [['string', 'bytes']] }]\n",
    ),
];

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::from_pages(PAGES).unwrap());

fn change(kinds: &[(&str, &str)]) -> Change {
    let kinds = kinds.iter();
    Change {
        how: "other",
        kinds: kinds
            .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()))
            .collect(),
        ..Change::new(Subject::Field, Aspect::Type, Action::Changed)
    }
}

/// The level of a change in a file under a configuration.
fn level(config: &str, change: &Change, path: &str) -> Option<Level> {
    let config = Config::parse("protopact.toml", config, &CATALOGUE).unwrap();
    let side = Side {
        spec: "s".to_owned(),
        kind: "dir".to_owned(),
        commit: None,
        release: None,
    };
    let nothing = Input {
        side,
        tree: check::tree("s", []),
        readme: None,
        changelogs: std::collections::BTreeMap::default(),
    };
    let (policy, _) = sides::policy(&config, &nothing, &CATALOGUE).unwrap_or_else(|_| panic!());
    let rule = CATALOGUE.rule("type-changed").unwrap();
    let stated = policy.stated(&CATALOGUE, (rule, change), &[path]);
    policy.level((rule, change), stated, Impact::default(), &["things"])
}

#[test]
fn the_narrowest_statement_decides() {
    let change = change(&[("int32", "string")]);
    let own = |config: &str| level(&format!("preset = 'own'\n{config}"), &change, "a/b.proto");
    assert_eq!(own(""), Some(Level::Warning));
    assert_eq!(own("rules = { '*' = 'note' }"), Some(Level::Note));
    assert_eq!(
        own("rules = { '*' = 'note', 'things/*' = 'error' }"),
        Some(Level::Error)
    );
    assert_eq!(
        own("rules = { 'things/*' = 'error', type-changed = 'off' }"),
        None
    );
    assert_eq!(
        own("rules = { type-changed = 'off', 'type-changed.other' = 'note' }"),
        Some(Level::Note)
    );
    assert_eq!(
        own("rules = { type-changed = 'off', 'type-changed.widened' = 'note' }"),
        None
    );
}

#[test]
fn a_path_goes_before_the_tree_and_a_later_entry_before_an_earlier_one() {
    let change = change(&[("int32", "string")]);
    let config = "preset = 'own'\nrules = { type-changed = 'error' }\n\
                  [[override]]\npath = 'a/**'\nrules = { '*' = 'off' }\n\
                  [[override]]\npath = ['a/c.proto', 'd/**']\nrules = { type-changed = 'note' }\n";
    assert_eq!(level(config, &change, "b.proto"), Some(Level::Error));
    assert_eq!(level(config, &change, "a/b.proto"), None);
    assert_eq!(level(config, &change, "a/c.proto"), Some(Level::Note));
}

#[test]
fn a_name_covers_what_its_words_allow() {
    let wire = |change: &Change| level("preset = 'theirs'", change, "a.proto");
    assert_eq!(wire(&change(&[("int32", "string")])), Some(Level::Error));
    assert_eq!(wire(&change(&[("int32", "int64")])), None);
    assert_eq!(wire(&change(&[("int32", "bool")])), Some(Level::Error));
    assert_eq!(wire(&change(&[("string", "bytes")])), None);
    assert_eq!(wire(&change(&[("bytes", "string")])), Some(Level::Error));
    assert_eq!(
        wire(&change(&[("int32", "int64"), ("string", "bytes")])),
        None
    );
    assert_eq!(
        wire(&change(&[("int32", "int64"), ("a.B", "a.C")])),
        Some(Level::Error)
    );
    let superset = Change {
        conditions: vec!["enum-superset"],
        ..change(&[("a.B", "a.C")])
    };
    assert_eq!(wire(&superset), None);
}

#[test]
fn of_several_names_the_highest_counts() {
    let narrow = change(&[("int32", "int64")]);
    let wide = change(&[("int32", "string")]);
    let theirs = |config: &str, change: &Change| {
        level(&format!("preset = 'theirs'\n{config}"), change, "a.proto")
    };
    assert_eq!(
        theirs("rules = { 'buf:FILE' = 'note' }", &narrow),
        Some(Level::Note)
    );
    assert_eq!(
        theirs("rules = { 'buf:FILE' = 'note' }", &wide),
        Some(Level::Error)
    );
    assert_eq!(theirs("rules = { 'buf:WIRE_TYPE' = 'off' }", &wide), None);
    assert_eq!(
        theirs("rules = { 'buf:SAME_TYPE' = 'off' }", &wide),
        Some(Level::Error)
    );
    let path =
        "[[override]]\npath = 'a.proto'\nrules = { 'buf:WIRE' = 'off', 'buf:FILE' = 'warning' }";
    assert_eq!(theirs(path, &wide), Some(Level::Warning));
    assert_eq!(
        theirs(
            "rules = { 'buf:FILE' = 'note', type-changed = 'off' }",
            &wide
        ),
        None
    );
}

#[test]
fn a_name_counts_under_a_preset_that_knows_no_names() {
    let wide = change(&[("int32", "string")]);
    let own = |config: &str| level(&format!("preset = 'own'\n{config}"), &wide, "a.proto");
    assert_eq!(own("rules = { 'buf:SAME_TYPE' = 'off' }"), None);
    assert_eq!(own("rules = { 'buf:FILE' = 'error' }"), Some(Level::Error));
}

#[test]
fn words_that_the_rules_do_not_know_are_refused() {
    let refused = |covers: &str| {
        let text = format!("X = {{ groups = [], covers = [{covers}] }}\n");
        let text: &'static str = text.leak();
        let pages = PAGES.into_iter().chain([("aliases/other.toml", text)]);
        Catalogue::from_pages(pages).unwrap_err().to_string()
    };
    let page = "rules/aliases/other.toml:1";
    assert_eq!(
        refused("{ rule = 'typ-changed' }"),
        format!("{page}: no rule is called `typ-changed`; did you mean `type-changed`?")
    );
    for (words, kind) in [
        ("how = 'zzz'", "way"),
        ("facet = 'zzz'", "facet"),
        ("if = 'zzz'", "condition"),
        ("unless = 'zzz'", "condition"),
        ("subject = 'method'", "subject"),
        ("aspect = 'number'", "aspect"),
    ] {
        let error = refused(&format!("{{ rule = 'type-changed', {words} }}"));
        assert!(
            error.starts_with(&format!("{page}: no {kind} is called")),
            "{error}"
        );
    }
}
