//! The catalogue: what a page says of a change, and where an error in a page lies.
#![allow(clippy::unwrap_used, clippy::panic)]

use protopact::change::{Action, Aspect, Change, Subject};
use protopact::rule::Catalogue;
use protopact::rule::levels::Setting;
use protopact::rule::matcher::Situation;
use protopact::rule::template::Values;

const PROMISE: (&str, &str) = (
    "things/README.md",
    "# Things\n```toml\npromise = 'Things stay.'\norder = 2\n```\n",
);
const OTHER: (&str, &str) = (
    "others/README.md",
    "# Others\n```toml\npromise = 'Others stay.'\norder = 1\n```\n",
);
const RULE: (&str, &str) = (
    "things/thing-changed.md",
    "# Thing changed\n\n```toml\nlevel = 'error'\nbreaks = ['wire']\ndirection = 'both'\nmessage = '{name}: {from} → {to}'\n\
     help = 'h'\nalso = ['things']\n\n[[also-if]]\ncondition = 'deprecated'\nguarantees = ['others']\n\n\
     [match]\nsubject = 'field'\naspect = 'type'\naction = 'changed'\nhow = ['widened', 'narrowed']\nunless = 'replaced'\n\n\
     [how.widened]\nlevel = 'warning'\nhelp = 'w'\n```\n\nWhy.\n",
);

fn change(how: &'static str, conditions: &[&'static str]) -> Change {
    Change {
        subject: Subject::Field,
        aspect: Aspect::Type,
        action: Action::Changed,
        how,
        facet: None,
        conditions: conditions.to_vec(),
        kinds: Vec::new(),
        baseline: None,
        current: None,
        from: None,
        to: None,
        other: None,
        cause: None,
    }
}

#[test]
fn a_rule_claims_what_its_match_says() {
    let catalogue = Catalogue::from_pages([RULE, PROMISE, OTHER]).unwrap();
    let claims = |change: &Change| catalogue.rule_for(change).is_some();
    assert!(claims(&change("widened", &[])));
    assert!(claims(&change("narrowed", &["deprecated"])));
    assert!(!claims(&change("other", &[])));
    assert!(!claims(&change("widened", &["replaced"])));
}

#[test]
fn a_way_overrides_what_is_said() {
    let catalogue = Catalogue::from_pages([RULE, PROMISE, OTHER]).unwrap();
    let rule = catalogue.rule("thing-changed").unwrap();
    let verdict = rule.verdict(&change("widened", &[]));
    assert_eq!(
        (verdict.setting, verdict.help.as_str()),
        (Setting::Warning, "w")
    );
    let verdict = rule.verdict(&change("narrowed", &[]));
    assert_eq!(
        (verdict.setting, verdict.help.as_str()),
        (Setting::Error, "h")
    );
    let values = Values {
        name: "a",
        from: "int32",
        to: "int64",
        ..Values::default()
    };
    assert_eq!(verdict.message.render(&values), "a: int32 → int64");
}

#[test]
fn a_condition_adds_guarantees() {
    let catalogue = Catalogue::from_pages([RULE, PROMISE, OTHER]).unwrap();
    let rule = catalogue.rule("thing-changed").unwrap();
    assert_eq!(rule.guarantees(&change("widened", &[])), ["things"]);
    assert_eq!(
        rule.guarantees(&change("widened", &["deprecated"])),
        ["things", "others"]
    );
}

#[test]
fn a_named_facet_goes_before_the_others() {
    let catalogue = Catalogue::from_pages([(
        "allowed.md",
        "# Allowed\n## a\n```toml\n[[allow]]\nsubject = 'file'\naspect = 'option'\naction = 'changed'\n```\n\
         ## b\n```toml\n[[allow]]\nsubject = 'file'\naspect = 'option'\naction = 'changed'\nfacet = 'go_package'\n```\n",
    )])
    .unwrap();
    let words = |facet| {
        let situation = Situation {
            triple: (Subject::File, Aspect::Option, Action::Changed),
            how: "",
            facet: Some(facet),
            conditions: &[],
        };
        let claims = catalogue.claims(situation);
        claims
            .map(|claim| format!("{claim:?}").contains("\"b\""))
            .collect::<Vec<_>>()
    };
    assert_eq!(words("go_package"), [true]);
    assert_eq!(words("java_package"), [false]);
}

#[test]
fn a_preset_caps_levels_and_sets_exact_ones() {
    let catalogue = Catalogue::from_pages([
        RULE,
        PROMISE,
        OTHER,
        (
            "presets/low.toml",
            "summary = 's'\nexempt = 'none'\n[guarantees]\nthings = { level = 'note', since = '1.0.0' }\nothers = {}\n",
        ),
        (
            "presets/exact.toml",
            "summary = 's'\nexempt = 'none'\n[guarantees]\nthings = { level = 'off' }\n[rules]\nthing-changed = 'warning'\n",
        ),
    ])
    .unwrap();
    let rule = catalogue.rule("thing-changed").unwrap();
    let setting = |name, guarantees: &[&'static str]| {
        let preset = catalogue.preset(name).unwrap().unwrap();
        let said = preset.rules.get(rule, &change("widened", &[]));
        said.unwrap_or_else(|| preset.capped(Setting::Error, guarantees.iter().copied()))
    };
    assert_eq!(setting("low", &["things"]), Setting::Note);
    assert_eq!(setting("low", &["things", "others"]), Setting::Error);
    assert_eq!(setting("exact", &["things"]), Setting::Warning);
    assert!(catalogue.preset("none").unwrap().is_none());
    let terms = catalogue.preset("low").unwrap().unwrap().terms("things");
    assert_eq!(terms.since.unwrap().to_string(), "1.0.0");
}

/// What to replace in the rule page, the line of the error, and a part of its message.
const ERRORS: &[(&str, &str, usize, &str)] = &[
    (
        "level = 'error'",
        "level = 'fatal'",
        4,
        "unknown variant `fatal`",
    ),
    (
        "level = 'error'",
        "levle = 'error'",
        4,
        "unknown field `levle`",
    ),
    ("'wire'", "'wrie'", 5, "unknown variant `wrie`"),
    ("{from}", "{form}", 7, "there is no placeholder `{form}`"),
    (
        "also = ['things']",
        "also = ['thing']",
        9,
        "no guarantee is called `thing`; did you mean `things`?",
    ),
    (
        "'deprecated'",
        "'depricated'",
        12,
        "no condition is called `depricated`",
    ),
    ("'field'", "'feild'", 16, "unknown variant `feild`"),
    ("'type'", "'packages'", 17, "unknown variant `packages`"),
    (
        "'type'",
        "'scope'",
        17,
        "the vocabulary has no `field · scope · changed`",
    ),
    (
        "'widened', ",
        "'wide', ",
        19,
        "no way is called `wide`; did you mean `widened`?",
    ),
    (
        "'replaced'",
        "'reshaped'",
        20,
        "no condition is called `reshaped`; did you mean `replaced`?",
    ),
    (
        "[how.widened]",
        "[how.other]",
        22,
        "no way is called `other`",
    ),
    ("help = 'w'", "halp = 'w'", 24, "unknown field `halp`"),
    (
        "help = 'w'",
        "help = '{}'",
        24,
        "there is no placeholder `{}`",
    ),
];

#[test]
fn every_error_names_its_line() {
    let mut wrong = Vec::new();
    for (old, new, line, message) in ERRORS {
        assert!(RULE.1.contains(old), "{old}");
        let text: &'static str = RULE.1.replacen(old, new, 1).leak();
        let Err(error) = Catalogue::from_pages([(RULE.0, text), PROMISE, OTHER]) else {
            panic!("no error for {new}")
        };
        assert_eq!(error.path, RULE.0);
        if error.line != *line || !error.message.contains(message) {
            wrong.push(format!("{new} (line {line}): {error}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn ids_are_unique_and_folders_state_a_promise() {
    let twin = ("others/thing-changed.md", RULE.1);
    let error = Catalogue::from_pages([RULE, twin, PROMISE, OTHER]).unwrap_err();
    assert!(error.message.contains("has the id `thing-changed` too"));
    let error = Catalogue::from_pages([RULE, OTHER]).unwrap_err();
    assert!(error.message.contains("no README.md"));
}
