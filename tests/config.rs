//! `protopact.toml`: every setting is read, and every error points at the place and says what was meant.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::LazyLock;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use protopact::change::{Action, Aspect, Change, Subject};
use protopact::config::{
    Config, ConfigError, Explanations, FailOn, MissingImports, Move, Passing, Weight,
};
use protopact::impact::Direction;
use protopact::maturity::Level as MaturityLevel;
use protopact::report::Level;
use protopact::rule::Catalogue;
use protopact::rule::levels::{Setting, Target};
use protopact::rule::preset::Exempt;

/// A catalogue of its own, so that the tests do not depend on the real rules.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::from_pages([
        (
            "things/README.md",
            "# Things\n```toml\npromise = 'Things stay.'\norder = 1\n```\n",
        ),
        (
            "things/thing-changed.md",
            "# Thing changed\n```toml\nlevel = 'error'\nbreaks = ['wire']\ndirection = 'both'\nmessage = 'm'\nhelp = 'h'\n\
             match = { subject = 'field', aspect = 'number', action = 'changed' }\n```\n",
        ),
        (
            "things/option-changed.md",
            "# Option changed\n```toml\nlevel = 'error'\nbreaks = []\ndirection = 'both'\nmessage = 'm'\nhelp = 'h'\n\
             match = { subject = 'file', aspect = 'option', action = 'changed', facet = ['go_package', 'java_package'] }\n```\n",
        ),
        (
            "aliases/buf.toml",
            "THING_SAME = { groups = ['FILE'], covers = [{ rule = 'thing-changed' }] }\n",
        ),
        (
            "presets/strict.toml",
            "summary = 's'\nexempt = 'none'\nguarantees = { things = {} }\n",
        ),
    ])
    .unwrap()
});

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse("protopact.toml", text, &CATALOGUE)
}

#[test]
fn an_empty_file_says_nothing() {
    let config = parse("").unwrap();
    assert_eq!(config.preset, None);
    assert!(config.against.is_empty());
    assert_eq!(config.maturity.default, MaturityLevel::Stable);
    assert_eq!(config.explanations, Explanations::default());
}

#[test]
fn every_setting_is_read() {
    let config = parse(
        r#"
preset = "strict"
against = ["latest-release", "origin/main"]
direction = "forward"
exempt = "component"
release = "v1.2.0"
fail-on = "warning"

[schema]
roots = ["."]
include = ["acme/**"]
exclude = ["./third_party/**", "*.pb.proto"]
missing-imports = "stub"

[maturity]
table = { file = "README.md", heading = "Maturity Level", root = "acme/proto" }
default = "beta"
[[maturity.component]]
path = "acme/labs/**"
level = "experimental"
reason = "until the 2027 launch"

[levels]
development = "exempt"
alpha = "note"
beta = "warning"
release-candidate = "keep"

[rules]
"thing-changed" = "warning"
"things/*" = "off"
"option-changed.go_package" = "note"

[[override]]
path = ["acme/labs/**", "acme/old/*.proto"]
rules = { "*" = "off" }

[[custom-option]]
name = "(.acme.limits).rows.max"
on = ["field", "message"]
direction = "lowered"
to = "0"
level = "warning"

[explanations]
comment = false
changelog = "doc/CHANGES.md"
commit-messages = false
words = ["receiver"]
"#,
    )
    .unwrap();
    assert_eq!(config.preset.as_deref(), Some("strict"));
    assert_eq!(config.against, ["latest-release", "origin/main"]);
    assert_eq!(config.direction, Some(Direction::Forward));
    assert_eq!(config.exempt, Some(Exempt::Component));
    assert_eq!(config.release.unwrap().to_string(), "1.2.0");
    assert_eq!(config.fail_on, Some(FailOn::Warning));
    assert_eq!(config.schema.roots.as_deref(), Some(&[".".to_owned()][..]));
    assert_eq!(config.schema.missing_imports, MissingImports::Stub);
    let excluded = |path| config.schema.exclude.iter().any(|glob| glob.matches(path));
    assert!(excluded("third_party/a/b.proto"));
    assert!(excluded("a.pb.proto"));
    assert!(!excluded("a/b.pb.proto"));
    assert_eq!(config.maturity.table.unwrap().file, "README.md");
    assert_eq!(config.maturity.default, MaturityLevel::Beta);
    let component = config.maturity.components.first().unwrap();
    assert_eq!(component.level, MaturityLevel::Development);
    assert_eq!(component.line, 19);
    assert!(component.path.matches("acme/labs/deep/x.proto"));
    assert_eq!(
        config.levels.into_iter().collect::<Vec<_>>(),
        [
            (MaturityLevel::Development, Weight::Exempt),
            (MaturityLevel::Alpha, Weight::Note),
            (MaturityLevel::Beta, Weight::Warning),
            (MaturityLevel::ReleaseCandidate, Weight::Keep),
        ]
    );
    assert_eq!(
        config.explanations.changelog.as_deref(),
        Some("doc/CHANGES.md")
    );
    let [limit] = config.options.as_slice() else {
        panic!("one option")
    };
    assert_eq!(limit.name, "(acme.limits).rows.max");
    assert_eq!(limit.on, [Subject::Field, Subject::Message]);
    assert_eq!(limit.moves, [Move::Lowered]);
    assert_eq!(limit.to, ["0"]);
    assert_eq!(limit.level, Some(Setting::Warning));
    let thing = CATALOGUE.rule("thing-changed").unwrap();
    let option = CATALOGUE.rule("option-changed").unwrap();
    let changed = Change::new(Subject::File, Aspect::Option, Action::Changed);
    let facet = |name: &str| Change {
        facet: Some(name.to_owned()),
        ..changed.clone()
    };
    assert_eq!(config.rules.get(thing, &changed), Some(Setting::Warning));
    let level = |name| config.rules.get(option, &facet(name));
    assert_eq!(level("go_package"), Some(Setting::Note));
    assert_eq!(level("java_package"), Some(Setting::Off));
    let [labs] = config.overrides.as_slice() else {
        panic!("one override")
    };
    assert!(labs.concerns(&["acme/a.proto", "acme/labs/a.proto"]));
    assert!(labs.concerns(&["acme/old/b.proto"]));
    assert!(!labs.concerns(&["acme/a.proto"]));
    assert_eq!(labs.rules.get(thing, &changed), Some(Setting::Off));
}

#[test]
fn the_changelog_can_be_switched_off() {
    let config = parse("explanations = { changelog = false }").unwrap();
    assert_eq!(config.explanations.changelog, None);
}

#[test]
fn a_release_is_a_version_or_a_table() {
    let version = |text: &str| parse(text).unwrap().release.map(|it| it.to_string());
    assert_eq!(version("release = 'v0.9.0'").as_deref(), Some("0.9.0"));
    assert_eq!(
        version("[release]\nbaseline = '0.9.0'").as_deref(),
        Some("0.9.0")
    );
    let table = "[release]\ntags = 'api/v*'\npre-releases = true\nversion-file = 'VERSION'\ndeprecation-releases = 2\nbreaks = 'accepted'\n";
    let releasing = parse(table).unwrap().releasing;
    assert_eq!(releasing.tags.as_deref(), Some("api/v*"));
    assert!(releasing.pre_releases);
    assert_eq!(releasing.version_file.unwrap().path, "VERSION");
    assert_eq!(releasing.deprecation_releases, 2);
    assert_eq!(releasing.breaks, Passing::Accepted);
    assert_eq!(parse("").unwrap().releasing.deprecation_releases, 1);
}

#[test]
fn a_component_is_called_by_its_folder() {
    let components = parse(
        "[[component]]\npath = './a/b/'\nsince = '1.0.0'\n[[component]]\nname = 'all'\npath = '.'\n",
    )
    .unwrap()
    .components;
    let named: Vec<_> = components
        .iter()
        .map(|it| (it.name.as_str(), it.path.as_str()))
        .collect();
    assert_eq!(named, [("a/b", "a/b"), ("all", "")]);
}

/// What is typed, the line and the column of the error, its message, its help.
const ERRORS: &[(&str, (usize, usize), &str, &str)] = &[
    (
        "preset = ",
        (1, 10),
        "string values must be quoted, expected literal string",
        "",
    ),
    ("a = 1\na = 2", (2, 1), "duplicate key", ""),
    (
        "prest = 'x'",
        (1, 1),
        "unknown key `prest`",
        "did you mean `preset`?",
    ),
    (
        "fail_on = 'error'",
        (1, 1),
        "unknown key `fail_on`",
        "did you mean `fail-on`?",
    ),
    (
        "preset = 'strikt'",
        (1, 10),
        "unknown preset `strikt`",
        "did you mean `strict`?",
    ),
    (
        "preset = 'zzz'",
        (1, 10),
        "unknown preset `zzz`",
        "known: `strict`",
    ),
    (
        "preset = 3",
        (1, 10),
        "invalid type: integer `3`, expected a string",
        "",
    ),
    (
        "\n[levels]\n  stable = 'note'",
        (3, 3),
        "unknown key `stable`",
        "known here: `development`, `alpha`, `beta`, `release-candidate`",
    ),
    (
        "exempt = 'labeled'",
        (1, 10),
        "unknown value `labeled`",
        "did you mean `labelled`?",
    ),
    (
        "release = '1.2'",
        (1, 11),
        "`1.2` is not a version: unexpected end of input while parsing minor version number",
        "a release is written MAJOR.MINOR.PATCH, for instance \"1.2.0\"",
    ),
    (
        "[schema]\nexclude = ['a', 'b[']",
        (2, 17),
        "`b[` is not a glob: unclosed character class; missing ']'",
        "`*` matches within a directory, `**` across directories",
    ),
    (
        "[[maturity.component]]\npath = 'a'",
        (1, 1),
        "missing key `level`",
        "",
    ),
    (
        "[[maturity.component]]\npath = 'a'\nlevel = 'alpha'\nreason = ' '",
        (4, 10),
        "the reason of a component is empty",
        "say why these files are not stable, and until when, or leave the key out",
    ),
    (
        "[rules]\n'thing-chnged' = 'off'",
        (2, 1),
        "unknown rule `thing-chnged`",
        "did you mean `thing-changed`?",
    ),
    (
        "[rules]\n'ä' = 'off'",
        (2, 1),
        "unknown rule `ä`",
        "known: `option-changed`, `thing-changed`",
    ),
    (
        "[rules]\nthings = 'off'",
        (2, 1),
        "unknown rule `things`",
        "`things` is a guarantee: for all its rules write `things/*`",
    ),
    (
        "[rules]\n'thngs/*' = 'off'",
        (2, 1),
        "unknown guarantee `thngs`",
        "did you mean `things`?",
    ),
    (
        "[rules]\n'option-changed.go_pakage' = 'off'",
        (2, 1),
        "rule `option-changed` has no facet and no way `go_pakage`",
        "did you mean `go_package`?",
    ),
    (
        "[rules]\n'thing-changed.x' = 'off'",
        (2, 1),
        "rule `thing-changed` has no facet and no way `x`",
        "known: `freed`, `reserved`, `taken`",
    ),
    (
        "[rules]\n'bf:THING' = 'off'",
        (2, 1),
        "unknown family of names `bf`",
        "did you mean `buf`?",
    ),
    (
        "[rules]\n'buf:THNG_SAME' = 'off'",
        (2, 1),
        "`buf` has no rule and no category `THNG_SAME`",
        "did you mean `THING_SAME`?",
    ),
    (
        "[[override]]\npath = 'a['\nrules = {}",
        (2, 8),
        "`a[` is not a glob: unclosed character class; missing ']'",
        "`*` matches within a directory, `**` across directories",
    ),
    ("[[override]]\nrules = {}", (1, 1), "missing key `path`", ""),
    (
        "[[custom-option]]\nname = 'acme.owner'",
        (2, 8),
        "`acme.owner` is not the name of a custom option",
        "write the full name of the option in parentheses, as schemas do: `(acme.owner)`, and the fields of its value behind them: `(acme.limits).rows`",
    ),
    (
        "[[custom-option]]\nname = 'go_package'",
        (2, 8),
        "`go_package` is not the name of a custom option",
        "a custom option is named in parentheses, `(acme.owner)`; for the options of the language there are rules, see `protopact rules`",
    ),
    (
        "[[custom-option]]\nname = '(acme.owner)'\non = ['field', 'import']",
        (3, 6),
        "there are no options on `import`",
        "these have: `file`, `message`, `field`, `oneof`, `enum`, `enum-value`, `service`, `method`, `extension`",
    ),
    (
        "[[custom-option]]\nname = '(acme.owner)'\ndirection = 'rised'",
        (3, 13),
        "unknown value `rised`",
        "did you mean `raised`?",
    ),
    (
        "[[custom-option]]\non = 'field'",
        (1, 1),
        "missing key `name`",
        "",
    ),
    (
        "rules = { 'ä' = 'off', 'thing-changed' = 'eror' }",
        (1, 42),
        "unknown value `eror`",
        "did you mean `error`?",
    ),
    (
        "[explanations]\nchangelog = 3",
        (2, 13),
        "invalid type: integer `3`, expected true, false or the path of the changelog",
        "",
    ),
    (
        "[release]\nversion-fil = 'VERSION'",
        (2, 1),
        "unknown key `version-fil`",
        "did you mean `version-file`?",
    ),
    (
        "release = 3",
        (1, 11),
        "invalid type: integer `3`, expected a version or the table [release]",
        "",
    ),
    (
        "release = 'soon'",
        (1, 11),
        "`soon` is not a version: unexpected character 's' while parsing major version number",
        "a release is written MAJOR.MINOR.PATCH, for instance \"1.2.0\"",
    ),
    (
        "[release]\ndeprecation-releases = 0",
        (2, 24),
        "an element cannot be deprecated for no release",
        "leave the key out where nothing has to be deprecated before it goes",
    ),
    (
        "[release]\ntags = 'v['",
        (2, 8),
        "`v[` is not a glob: unclosed character class; missing ']'",
        "write it as for `git tag --list`, such as `proto/v*`",
    ),
    (
        "[[component]]\npath = 'a/*'",
        (2, 8),
        "`a/*` is not a folder",
        "a component is a folder of the tree, such as `acme/trace`; of two that hold a file the one with the longer path counts",
    ),
    (
        "[[component]]\npath = '.'",
        (2, 8),
        "a component of the whole tree has no name",
        "name it, so that `--component` can",
    ),
    (
        "[[component]]\npath = 'a'\n[[component]]\npath = './a/**'",
        (4, 8),
        "two components are called `a`",
        "",
    ),
    (
        "[[component]]\npath = 'a'\npreset = 'strikt'",
        (3, 10),
        "unknown preset `strikt`",
        "did you mean `strict`?",
    ),
];

#[test]
fn every_error_names_its_place() {
    let mut wrong = Vec::new();
    for (text, place, message, help) in ERRORS {
        let Err(error) = parse(text) else {
            panic!("no error in {text:?}")
        };
        let (path, line, column) = error.location();
        assert_eq!(path, "protopact.toml");
        let found = (
            (line, column),
            error.message.as_str(),
            error.help.as_deref().unwrap_or(""),
        );
        if found != (*place, *message, *help) {
            wrong.push(format!("{text:?}\n  {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn an_error_shows_the_line() {
    let error = parse("preset = 'strict'\nfail-on = 'eror'\n").unwrap_err();
    let mut shown = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .render_report(&mut shown, &error)
        .unwrap();
    insta::assert_snapshot!(shown, @"
     × unknown value `eror`
      ╭─[protopact.toml:2:11]
    1 │ preset = 'strict'
    2 │ fail-on = 'eror'
      ·           ───┬──
      ·              ╰── not known
      ╰────
     help: did you mean `error`?
    ");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let error = parse("\u{1b}[31mx = 1").unwrap_err();
    let code = error.source_code().unwrap();
    let span = code.read_span(&(0, 3).into(), 0, 0).unwrap();
    assert!(!span.data().contains(&0x1b));
}

#[test]
fn the_rule_flag_is_read_like_the_file() {
    let flag = |text| CATALOGUE.level_flag(text);
    assert_eq!(
        flag("things/*=off"),
        Ok((Target::Guarantee("things".to_owned()), Setting::Off))
    );
    let message = |text| flag(text).unwrap_err().to_string();
    assert_eq!(message("thing-changed"), "`thing-changed` sets no level");
    assert_eq!(message("thing-changed=fatal"), "unknown level `fatal`");
    assert_eq!(message("thing=off"), "unknown rule `thing`");
}

#[test]
fn fail_on_is_a_threshold() {
    assert!(FailOn::Error.fails(Level::Error));
    assert!(!FailOn::Error.fails(Level::Warning));
    assert!(FailOn::Warning.fails(Level::Error));
    assert!(FailOn::Note.fails(Level::Note));
    assert!(!FailOn::Never.fails(Level::Error));
}
