//! The catalogue: what a page says of a change, and where an error in a page lies.
#![allow(clippy::unwrap_used, clippy::panic)]

use protopact::change::{Action, Aspect, Change, Subject};
use protopact::impact::{Breaks, Direction, Grade, Impact, Readers};
use protopact::rule::levels::Setting;
use protopact::rule::matcher::Situation;
use protopact::rule::template::Values;
use protopact::rule::{Catalogue, Effect};

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
     [match]\nsubject = 'message'\naspect = 'scope'\naction = 'changed'\nhow = ['nested', 'unnested']\nunless = 'replaced'\n\n\
     [how.nested]\nlevel = 'warning'\nhelp = 'w'\n```\n\nWhy.\n",
);

fn change(how: &'static str, conditions: &[&'static str]) -> Change {
    Change {
        how,
        conditions: conditions.to_vec(),
        ..Change::new(Subject::Message, Aspect::Scope, Action::Changed)
    }
}

#[test]
fn a_rule_claims_what_its_match_says() {
    let catalogue = Catalogue::from_pages([RULE, PROMISE, OTHER]).unwrap();
    let claims = |change: &Change| catalogue.rule_for(change).is_some();
    assert!(claims(&change("nested", &[])));
    assert!(claims(&change("unnested", &["deprecated"])));
    assert!(!claims(&change("other-message", &[])));
    assert!(!claims(&change("nested", &["replaced"])));
}

#[test]
fn a_way_overrides_what_is_said() {
    let catalogue = Catalogue::from_pages([RULE, PROMISE, OTHER]).unwrap();
    let rule = catalogue.rule("thing-changed").unwrap();
    let verdict = rule.verdict(&change("nested", &[]));
    assert_eq!(
        (verdict.setting, verdict.help.as_str()),
        (Setting::Warning, "w")
    );
    let verdict = rule.verdict(&change("unnested", &[]));
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
    assert_eq!(rule.guarantees(&change("nested", &[])), ["things"]);
    assert_eq!(
        rule.guarantees(&change("nested", &["deprecated"])),
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
        said.unwrap_or_else(|| {
            let guarantees = guarantees.iter().copied();
            preset.setting(&rule.verdict, Impact::default(), guarantees)
        })
    };
    assert_eq!(setting("low", &["things"]), Setting::Note);
    assert_eq!(setting("low", &["things", "others"]), Setting::Error);
    assert_eq!(setting("exact", &["things"]), Setting::Warning);
    assert!(catalogue.preset("none").unwrap().is_none());
    let terms = catalogue.preset("low").unwrap().unwrap().terms("things");
    assert_eq!(terms.since.unwrap().to_string(), "1.0.0");
}

#[test]
fn a_preset_weighs_whom_a_change_breaks() {
    let preset = |text: &'static str| {
        let catalogue = Catalogue::from_pages([RULE, PROMISE, OTHER, ("presets/x.toml", text)]);
        let catalogue = catalogue.unwrap();
        let preset = catalogue.preset("x");
        preset.map(|preset| {
            (
                catalogue.rule("thing-changed").unwrap().clone(),
                preset.unwrap(),
            )
        })
    };
    let lost = Impact {
        wire: Readers {
            backward: Grade::Lossless,
            forward: Grade::InRange,
        },
        json: Readers {
            backward: Grade::Wrong,
            forward: Grade::Lossless,
        },
        source: true,
    };
    let weighs = |text: &'static str, (impact, is_computed): (Impact, bool)| {
        let (rule, preset) = preset(text).unwrap();
        let mut said = rule.verdict.clone();
        said.setting = Setting::Note;
        if is_computed {
            said.effect = Effect::Computed;
        }
        let setting = preset.setting(&said, impact, []);
        let counts = preset.counts.unwrap();
        counts.count(impact).then_some(setting)
    };
    let wire = "summary = 's'\nexempt = 'none'\nbreaks = ['wire']\n";
    assert_eq!(weighs(wire, (lost, true)), Some(Setting::Warning));
    let back = "summary = 's'\nexempt = 'none'\nbreaks = ['wire']\ndirection = 'backward'\n";
    assert_eq!(weighs(back, (lost, true)), None);
    let json = "summary = 's'\nexempt = 'none'\nbreaks = ['wire', 'json']\n";
    assert_eq!(weighs(json, (lost, true)), Some(Setting::Error));
    let source = "summary = 's'\nexempt = 'none'\nbreaks = ['source']\n";
    assert_eq!(weighs(source, (lost, true)), Some(Setting::Note));
    // What a page states weighs what the page says.
    let stated = Impact::stated(&[Breaks::Wire], Direction::Forward);
    assert_eq!(weighs(wire, (stated, false)), Some(Setting::Note));
    assert_eq!(weighs(back, (stated, false)), None);
    let error = preset("summary = 's'\nexempt = 'none'\nbreaks = ['wire']\n[guarantees]\n");
    assert!(error.unwrap_err().message.contains("either [guarantees]"));
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
    (
        "['wire']",
        "'calculated'",
        5,
        "a list of wire, json and source, or \"computed\"",
    ),
    (
        "breaks = ['wire']\ndirection = 'both'",
        "breaks = 'computed'\n",
        5,
        "whom `message · scope · changed` breaks is not told from the change",
    ),
    (
        "['wire']",
        "'computed'",
        6,
        "where `breaks` is computed, so is the direction",
    ),
    (
        "direction = 'both'",
        "",
        5,
        "a page that states `breaks` states a `direction` as well",
    ),
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
    ("'message'", "'massage'", 16, "unknown variant `massage`"),
    ("'scope'", "'packages'", 17, "unknown variant `packages`"),
    (
        "'scope'",
        "'number'",
        17,
        "the vocabulary has no `message · number · changed`",
    ),
    (
        "'nested', ",
        "'nestd', ",
        19,
        "no way is called `nestd`; did you mean `nested`?",
    ),
    (
        "'replaced'",
        "'reshaped'",
        20,
        "no condition is called `reshaped`; did you mean `replaced`?",
    ),
    (
        "[how.nested]",
        "[how.other-message]",
        22,
        "no way is called `other-message`",
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
