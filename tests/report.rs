//! What a report looks like in each format: hand-built reports of every shape, read as a tired reviewer would.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::assigning_clones
)]

use insta::assert_snapshot;
use miette::{Diagnostic, LabeledSpan, MietteDiagnostic, NamedSource, Severity};
use protopact::impact::{Grade, Impact, Readers};
use protopact::report::human::{self, Options};
use protopact::report::{
    Consequence, Encodings, Files, Finding, Level, Location, MaturityNote, Policy, Promise, Report,
    Side, Sources, Status, Summary, Tool, closing, concise, json, markdown,
};

const PATH: &str = "opentelemetry/proto/trace/v1/trace.proto";

/// The place of the first `token` in `text`.
fn at(path: &str, text: &str, token: &str) -> Location {
    let offset = text.find(token).unwrap();
    let line = text[..offset].matches('\n').count();
    let start = text[..offset].rfind('\n').map_or(0, |i| i + 1);
    let column = text[start..offset].chars().count();
    let number = |n: usize| u32::try_from(n + 1).unwrap();
    Location {
        path: path.to_owned(),
        line: number(line),
        column: number(column),
        end_line: number(line),
        end_column: number(column + token.chars().count()),
    }
}

fn finding(rule: &str, subject: &str, symbol: &str, message: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        page: None,
        guarantees: vec!["field-types-numbers-names".to_owned()],
        level: Level::Error,
        status: Status::Failing,
        symbol: symbol.to_owned(),
        name: symbol.to_owned(),
        subject: subject.to_owned(),
        from: None,
        to: None,
        message: message.to_owned(),
        help: "keep the field; mark it deprecated".to_owned(),
        breaks: vec!["wire".to_owned(), "json".to_owned(), "source".to_owned()],
        direction: "backward".to_owned(),
        impact: None,
        baselines: vec!["v1.11.0".to_owned()],
        promise: Promise {
            text: "Field types, numbers and names will not change.".to_owned(),
            source: "README.md:75".to_owned(),
        },
        maturity: MaturityNote {
            level: "stable".to_owned(),
            encoding: Encodings {
                binary: "stable".to_owned(),
                json: "stable".to_owned(),
            },
            source: "README.md:66".to_owned(),
        },
        baseline: None,
        current: None,
        fingerprint: "3f9a1c72d08be4a5".to_owned(),
        explanation: None,
        agreement: None,
        nature: protopact::report::Nature::default(),
        component: None,
        consequences: Vec::new(),
    }
}

/// A report of these findings over one file with these two texts; the counts follow from the findings.
fn report(baseline: &str, current: &str, findings: Vec<Finding>) -> Report {
    let mut summary = Summary {
        files: Files {
            baseline: 11,
            current: 11,
            changed: 1,
        },
        elements: 412,
        changes: findings.len(),
        bump: if findings.is_empty() { "none" } else { "major" }.to_owned(),
        ..Summary::default()
    };
    summary.count(&findings);
    let side = |spec: &str, kind: &str, commit: Option<&str>, release: Option<&str>| Side {
        spec: spec.to_owned(),
        kind: kind.to_owned(),
        commit: commit.map(str::to_owned),
        release: release.map(str::to_owned),
    };
    let mut sources = Sources::default();
    sources
        .baseline
        .insert(PATH.to_owned(), baseline.to_owned());
    sources.current.insert(PATH.to_owned(), current.to_owned());
    Report {
        version: 1,
        tool: Tool {
            name: "protopact",
            version: "0.1.0",
        },
        baseline: side(
            "v1.11.0",
            "git",
            Some("03b102e3f9a1c72d08be4a503b102e3f9a1c72d0"),
            Some("1.11.0"),
        ),
        further_baselines: Vec::new(),
        current: side("worktree", "worktree", None, None),
        policy: Policy {
            preset: "opentelemetry".to_owned(),
            exempt: "component".to_owned(),
            direction: None,
        },
        summary,
        remarks: Vec::new(),
        findings,
        sources,
        nearest: std::collections::BTreeMap::default(),
        repository: None,
    }
}

fn plain(report: &Report) -> String {
    human::render(report, &Options::default())
}

/// A finding on `token` in the baseline and `now` in the current text.
fn changed(baseline: &str, token: &str, current: &str, now: &str) -> Report {
    let mut f = finding(
        "field-type-changed",
        "field",
        "opentelemetry.proto.trace.v1.Span.name",
        &format!(
            "field `Span.name` changed its type from `{}` to `{}`",
            token.trim(),
            now.trim()
        ),
    );
    f.baseline = Some(at(PATH, baseline, token));
    f.current = Some(at(PATH, current, now));
    report(baseline, current, vec![f])
}

/// Text with a line `n` lines down.
fn down(n: usize, line: &str) -> String {
    format!("{}{line}", "\n".repeat(n))
}

#[test]
fn a_change_shows_both_sides() {
    let before = down(98, "  string name = 5;\n");
    let after = down(101, "  bytes name = 5;\n");
    assert_snapshot!(plain(&changed(&before, "string", &after, "bytes")), @r#"
error[field-type-changed]: field `Span.name` changed its type from `string` to `bytes`
    --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:99:3
  99 |   string name = 5;
     |   ^^^^^^
    --> opentelemetry/proto/trace/v1/trace.proto:102:3
 102 |   bytes name = 5;
     |   ^^^^^
     = breaks:   wire, JSON, source (new readers of old data and code that uses it)
     = promise:  "Field types, numbers and names will not change." (README.md:75)
     = maturity: stable (README.md:66)
     = help:     keep the field; mark it deprecated
     = accept:   3f9a1c72d08be4a5

worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
"#);
}

#[test]
fn colours_tell_old_from_new() {
    let report = changed(
        "  string name = 5;\n",
        "string",
        "  bytes name = 5;\n",
        "bytes",
    );
    let options = Options {
        color: true,
        ..Options::default()
    };
    assert_snapshot!(human::render(&report, &options).replace('\x1b', "^"), @r#"
^[1;31merror[field-type-changed]^[0m^[1m: field `Span.name` changed its type from `string` to `bytes`^[0m
  ^[1;34m-->^[0m v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:3
 ^[2m1^[0m |   string name = 5;
   | ^[31m  ^^^^^^^[0m
  ^[1;34m-->^[0m opentelemetry/proto/trace/v1/trace.proto:1:3
 ^[2m1^[0m |   bytes name = 5;
   | ^[32;1m  ^^^^^^[0m
   = ^[1mbreaks:^[0m   wire, JSON, source (new readers of old data and code that uses it)
   = ^[1mpromise:^[0m  "Field types, numbers and names will not change." (README.md:75)
   = ^[1mmaturity:^[0m stable (README.md:66)
   = ^[1mhelp:^[0m     keep the field; mark it deprecated
   = ^[1maccept:^[0m   3f9a1c72d08be4a5

^[1mworktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump^[0m
"#);
}

#[test]
fn carets_stay_under_their_token() {
    let excerpt = |before: &str, after: &str| {
        let text = plain(&changed(before, "old", after, "new"));
        text.lines().skip(1).take(6).collect::<Vec<_>>().join("\n") + "\n"
    };
    let long = format!("  old a = 1; // {}", "and so on ".repeat(20));
    let deep = format!(
        "  /* {} */ new a = 1; // {}",
        "before ".repeat(20),
        "after ".repeat(20)
    );
    let shapes = [
        excerpt("\told a = 1;\n", "\t\tnew\ta = 1;\n"),
        excerpt("/* 名前 */ old a = 1;\n", "/* é */ new a = 1;\n"),
        excerpt(
            "/* \x1b[31m */ old a = 1;\r\n",
            "/* \u{202e} */ new a = 1;\r\n",
        ),
        excerpt("a\rb old", "// at the end: new"),
        excerpt(&long, &deep),
    ];
    assert_snapshot!(shapes.join("\n"), @r#"
 --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:2
1 |     old a = 1;
  |     ^^^
 --> opentelemetry/proto/trace/v1/trace.proto:1:3
1 |         new a = 1;
  |         ^^^

 --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:10
1 | /* 名前 */ old a = 1;
  |            ^^^
 --> opentelemetry/proto/trace/v1/trace.proto:1:9
1 | /* é */ new a = 1;
  |         ^^^

 --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:13
1 | /* \u{1b}[31m */ old a = 1;
  |                  ^^^
 --> opentelemetry/proto/trace/v1/trace.proto:1:9
1 | /* \u{202e} */ new a = 1;
  |                ^^^

 --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:5
1 | a\rb old
  |      ^^^
 --> opentelemetry/proto/trace/v1/trace.proto:1:16
1 | // at the end: new
  |                ^^^

 --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:3
1 |   old a = 1; // and so on and so on and so on and so on and so on and so on and so on and...
  |   ^^^
 --> opentelemetry/proto/trace/v1/trace.proto:1:150
1 | ...ore before before before  */ new a = 1; // after after after after after after after afte...
  |                                 ^^^
"#);
}

proptest::proptest! {
    /// Whatever stands in a line and wherever a place points, there is a report and its carets are in it.
    #[test]
    fn any_line_and_any_place_can_be_shown(
        line in "[a-z\t \u{0300}\u{200b}名é\x1b\r]{0,160}",
        start in 0_u32..200,
        end in 0_u32..200,
        width in 0_usize..200,
    ) {
        let mut report = changed("old", "old", "new", "new");
        report.sources.baseline.insert(PATH.to_owned(), line);
        let place = report.findings[0].baseline.as_mut().unwrap();
        (place.column, place.end_column) = (start, end);
        let text = human::render(&report, &Options { width, ..Options::default() });
        assert!(text.lines().nth(3).unwrap().contains('^'), "{text}");
    }
}

#[test]
fn a_place_that_the_text_does_not_have_is_only_named() {
    let mut report = changed("old", "old", "new\n", "new");
    report.findings[0].baseline.as_mut().unwrap().line = 99;
    report.findings[0].current.as_mut().unwrap().column = 99;
    assert_snapshot!(plain(&report), @r#"
error[field-type-changed]: field `Span.name` changed its type from `old` to `new`
   --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:99:1
   --> opentelemetry/proto/trace/v1/trace.proto:1:99
  1 | new
    |    ^
    = breaks:   wire, JSON, source (new readers of old data and code that uses it)
    = promise:  "Field types, numbers and names will not change." (README.md:75)
    = maturity: stable (README.md:66)
    = help:     keep the field; mark it deprecated
    = accept:   3f9a1c72d08be4a5

worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
"#);
}

#[test]
fn what_spans_lines_is_marked_to_the_end_of_the_first() {
    let mut report = changed("message Span {\n}\n", "message Span {", "new", "new");
    report.findings[0].baseline.as_mut().unwrap().end_line = 2;
    report.findings[0].baseline.as_mut().unwrap().end_column = 2;
    report.findings[0].current = None;
    assert_snapshot!(plain(&report).lines().take(4).collect::<Vec<_>>().join("\n"), @r#"
error[field-type-changed]: field `Span.name` changed its type from `message Span {` to `new`
  --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:1
 1 | message Span {
   | ^^^^^^^^^^^^^^
"#);
}

/// One finding of each kind of place and status.
fn mixed() -> Report {
    let before = "message Span {\n  string name = 5;\n  Kind kind = 6;\n}\n";
    let after = "message Span {\n  reserved 5;\n}\n";
    let mut removed = finding(
        "field-removed",
        "field",
        "opentelemetry.proto.trace.v1.Span.name",
        "field `Span.name` was removed",
    );
    removed.baseline = Some(at(PATH, before, "name"));
    removed.consequences = (1..=14)
        .map(|i| Consequence {
            rule: if i < 12 {
                "field-type-changed"
            } else {
                "oneof-removed"
            }
            .to_owned(),
            symbol: format!("Span.x{i}"),
            message: format!("field `Span.x{i}` changed its type"),
        })
        .collect();
    let mut reserved = finding(
        "message-reserved-added",
        "message",
        "opentelemetry.proto.trace.v1.Span",
        "message `Span` reserves the number 5",
    );
    reserved.level = Level::Warning;
    reserved.status = Status::Reported;
    reserved.current = Some(at(PATH, after, "5"));
    reserved.breaks = vec!["source".to_owned()];
    reserved.maturity.encoding.json = "alpha".to_owned();
    reserved.explanation = Some("CHANGELOG.md:12".to_owned());
    reserved.promise.source = "preset opentelemetry".to_owned();
    let mut file = finding(
        "file-removed",
        "file",
        "opentelemetry/proto/logs/v1/logs.proto",
        "file `opentelemetry/proto/logs/v1/logs.proto` was removed",
    );
    file.level = Level::Note;
    file.breaks = Vec::new();
    file.help = String::new();
    let mut exempt = finding(
        "field-removed",
        "field",
        "opentelemetry.proto.trace.v1.Span.kind",
        "field `Span.kind` was removed",
    );
    exempt.status = Status::Exempt;
    exempt.maturity.level = "development".to_owned();
    exempt.maturity.encoding.binary = "development".to_owned();
    exempt.maturity.encoding.json = "development".to_owned();
    exempt.maturity.source = "trace.proto:3".to_owned();
    exempt.baseline = Some(at(PATH, before, "kind"));
    let mut accepted = exempt.clone();
    accepted.status = Status::Accepted;
    accepted.current = Some(at(PATH, after, "Span"));
    let mut dormant = accepted.clone();
    dormant.status = Status::Dormant;
    let mut report = report(
        before,
        after,
        vec![removed, exempt, reserved, accepted, dormant, file],
    );
    report.remarks =
        vec!["preset opentelemetry because the repository is opentelemetry-proto".to_owned()];
    report
}

#[test]
fn every_status_has_its_place() {
    assert_snapshot!(plain(&mixed()), @r#"
error[field-removed]: field `Span.name` was removed
  --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:2:10
 2 |   string name = 5;
   |          ^^^^
   = breaks:   wire, JSON, source (new readers of old data and code that uses it)
   = promise:  "Field types, numbers and names will not change." (README.md:75)
   = maturity: stable (README.md:66)
   = implies:  field `Span.x1` changed its type [field-type-changed]
               field `Span.x2` changed its type [field-type-changed]
               field `Span.x3` changed its type [field-type-changed]
               and 11 more: 8 field-type-changed and 3 oneof-removed (-v lists them)
   = help:     keep the field; mark it deprecated
   = accept:   3f9a1c72d08be4a5

warning[message-reserved-added]: message `Span` reserves the number 5
  --> opentelemetry/proto/trace/v1/trace.proto:2:12
 2 |   reserved 5;
   |            ^
   = breaks:    source (code that uses it)
   = promise:   "Field types, numbers and names will not change." (preset opentelemetry)
   = maturity:  stable; binary stable, JSON alpha (README.md:66)
   = explained: CHANGELOG.md:12
   = help:      keep the field; mark it deprecated
   = accept:    3f9a1c72d08be4a5

note[file-removed]: file `opentelemetry/proto/logs/v1/logs.proto` was removed
   = promise:  "Field types, numbers and names will not change." (README.md:75)
   = maturity: stable (README.md:66)
   = accept:   3f9a1c72d08be4a5

exempt: v1.11.0:opentelemetry/proto/trace/v1/trace.proto:3:8: field `Span.kind` was removed; development (trace.proto:3) [field-removed]
accepted: opentelemetry/proto/trace/v1/trace.proto:1:9: field `Span.kind` was removed [field-removed]

note: preset opentelemetry because the repository is opentelemetry-proto
worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 6 changes; 1 error, 1 warning, 1 note, 1 exempt, 1 accepted, 1 dormant; needs a major version bump
"#);
}

#[test]
fn verbose_lists_everything() {
    let options = Options {
        verbose: 1,
        ..Options::default()
    };
    let text = human::render(&mixed(), &options);
    assert!(text.contains("field `Span.x14` changed its type [oneof-removed]"));
    assert!(text.contains("dormant: "));
    assert!(!text.contains("-v "));
}

#[test]
fn quiet_leaves_errors_and_the_closing_line() {
    let options = Options {
        quiet: true,
        ..Options::default()
    };
    let text = human::render(&mixed(), &options);
    assert_eq!(text.matches("\nerror[").count() + 1, 1);
    for other in ["warning[", "note[", "note:", "exempt:", "accepted:"] {
        assert!(!text.lines().any(|l| l.starts_with(other)), "{other}");
    }
    assert_eq!(text.lines().last(), Some(closing::line(&mixed()).as_str()));
    assert_eq!(concise::render(&mixed(), true).lines().count(), 1);
}

#[test]
fn repeats_are_folded() {
    let removed = |i: usize, status| {
        let mut f = finding(
            "field-removed",
            "field",
            &format!("opentelemetry.proto.trace.v1.Span.f{i}"),
            &format!("field `Span.f{i}` was removed"),
        );
        f.status = status;
        f
    };
    let mut findings: Vec<Finding> = (1..=9).map(|i| removed(i, Status::Failing)).collect();
    findings.extend((11..=15).map(|i| removed(i, Status::Exempt)));
    let mut report = report("", "", findings);
    assert_snapshot!(
        plain(&report)
            .lines()
            .filter(|l| !l.starts_with("   = ") && !l.starts_with("    "))
            .collect::<Vec<_>>()
            .join("\n"),
        @r#"
error[field-removed]: field `Span.f1` was removed

error[field-removed]: field `Span.f2` was removed

error[field-removed]: field `Span.f3` was removed

error[field-removed]: and 6 more fields of `opentelemetry.proto.trace.v1.Span`: `f4`, `f5`, `f6` and 3 others (-v shows all)

exempt: opentelemetry.proto.trace.v1.Span.f11: field `Span.f11` was removed; stable (README.md:66) [field-removed]
exempt: opentelemetry.proto.trace.v1.Span.f12: field `Span.f12` was removed; stable (README.md:66) [field-removed]
exempt: opentelemetry.proto.trace.v1.Span.f13: field `Span.f13` was removed; stable (README.md:66) [field-removed]
exempt: and 2 more fields of `opentelemetry.proto.trace.v1.Span`: `f14` and `f15` (-v shows all) [field-removed]

worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 14 changes; 9 errors, 0 warnings, 0 notes, 5 exempt, 0 accepted, 0 dormant; needs a major version bump
"#
    );
    report.findings.truncate(3);
    assert!(!plain(&report).contains("more"));
}

#[test]
fn long_notes_are_wrapped() {
    let mut report = changed("old", "old", "new", "new");
    report.findings[0].help = "keep the old field, reserve nothing, add a new field with a number \
                               of its own, deprecate the old one, and remove it with the next \
                               major version"
        .to_owned();
    report.findings[0].baselines.push("v1.10.0".to_owned());
    let options = Options {
        width: 72,
        ..Options::default()
    };
    assert_snapshot!(human::render(&report, &options), @r#"
error[field-type-changed]: field `Span.name` changed its type from `old` to `new`
  --> v1.11.0:opentelemetry/proto/trace/v1/trace.proto:1:1
 1 | old
   | ^^^
  --> opentelemetry/proto/trace/v1/trace.proto:1:1
 1 | new
   | ^^^
   = breaks:   wire, JSON, source (new readers of old data and code that
               uses it)
   = promise:  "Field types, numbers and names will not change."
               (README.md:75)
   = maturity: stable (README.md:66)
   = against:  v1.11.0 and v1.10.0
   = help:     keep the old field, reserve nothing, add a new field with
               a number of its own, deprecate the old one, and remove it
               with the next major version
   = accept:   3f9a1c72d08be4a5

worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 1 change; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a major version bump
"#);
}

#[test]
fn the_closing_line_says_what_was_compared() {
    let mut lines = Vec::new();
    let mut say = |change: &dyn Fn(&mut Report)| {
        let mut report = report("", "", Vec::new());
        change(&mut report);
        lines.push(closing::line(&report));
    };
    say(&|r| r.summary.files.changed = 0);
    say(&|_| ());
    say(&|r| {
        r.summary.changes = 14;
        r.summary.bump = "minor".to_owned();
    });
    say(&|r| {
        r.summary.changes = 1;
        r.summary.bump = "patch".to_owned();
        r.baseline.spec = "latest-release".to_owned();
        r.current.spec = "main".to_owned();
        r.current.commit = Some("3f9a1c72d08be4a503b102e3f9a1c72d03b102e3".to_owned());
    });
    say(&|r| {
        r.summary.changes = 3;
        r.summary.accepted = 1;
        r.summary.files.current = 12;
        r.summary.bump = "major".to_owned();
    });
    say(&|r| {
        r.summary.files.baseline = 0;
        r.summary.files.current = 1;
        r.summary.changes = 40;
        r.summary.elements = 1;
    });
    assert_snapshot!(lines.join("\n"), @r#"
worktree compared with v1.11.0 under preset opentelemetry (exempt: component): no .proto file differs (11 files, 412 elements); 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), no element changed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 14 changes, all allowed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a minor version bump
main (3f9a1c72d) compared with latest-release (1.11.0) under preset opentelemetry (exempt: component): 1 of 11 files changed (412 elements), 1 change, allowed; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs a patch version bump
worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 file changed (11 before, 12 now, 412 elements), 3 changes; 0 errors, 0 warnings, 0 notes, 0 exempt, 1 accepted, 0 dormant; needs a major version bump
worktree compared with v1.11.0 under preset opentelemetry (exempt: component): 1 file changed (0 before, 1 now, 1 element), nothing was promised yet; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; needs no version bump
"#);
    let nothing = report("", "", Vec::new());
    assert_eq!(plain(&nothing), format!("{}\n", closing::line(&nothing)));
}

#[test]
fn a_place_in_the_baseline_can_be_asked_for() {
    let mut side = mixed().baseline;
    let mut file = |spec: &str, kind: &str| {
        (side.spec, side.kind) = (spec.to_owned(), kind.to_owned());
        side.file("a.proto")
    };
    assert_eq!(file("v1.11.0", "git"), "v1.11.0:a.proto");
    assert_eq!(file("git:v1.11.0", "git"), "v1.11.0:a.proto");
    assert_eq!(file("merge-base:main", "git"), "03b102e3f:a.proto");
    assert_eq!(file("latest-release", "git"), "03b102e3f:a.proto");
    assert_eq!(file("dir:../old/", "dir"), "../old/a.proto");
    assert_eq!(file("old.binpb", "image"), "old.binpb:a.proto");
}

#[test]
fn concise_is_one_line_each() {
    assert_snapshot!(concise::render(&mixed(), false), @r#"
v1.11.0:opentelemetry/proto/trace/v1/trace.proto:2:10: error[field-removed] field `Span.name` was removed
v1.11.0:opentelemetry/proto/trace/v1/trace.proto:3:8: exempt[field-removed] field `Span.kind` was removed
opentelemetry/proto/trace/v1/trace.proto:2:12: warning[message-reserved-added] message `Span` reserves the number 5
opentelemetry/proto/trace/v1/trace.proto:1:9: accepted[field-removed] field `Span.kind` was removed
opentelemetry/proto/trace/v1/trace.proto:1:9: dormant[field-removed] field `Span.kind` was removed
opentelemetry/proto/logs/v1/logs.proto: note[file-removed] file `opentelemetry/proto/logs/v1/logs.proto` was removed
"#);
}

#[test]
fn nothing_from_outside_steers_the_terminal() {
    let evil = "a\x1b]0;x\x07\u{9b}31m\u{202e}\n\rb";
    let mut report = mixed();
    for finding in &mut report.findings {
        for text in [
            &mut finding.rule,
            &mut finding.symbol,
            &mut finding.message,
            &mut finding.help,
            &mut finding.promise.text,
            &mut finding.promise.source,
            &mut finding.maturity.level,
            &mut finding.fingerprint,
        ] {
            *text = evil.to_owned();
        }
        finding.explanation = Some(evil.to_owned());
        for place in [&mut finding.baseline, &mut finding.current]
            .into_iter()
            .flatten()
        {
            place.path = evil.to_owned();
        }
    }
    report.remarks.push(evil.to_owned());
    report.baseline.spec = evil.to_owned();
    report
        .sources
        .baseline
        .insert(evil.to_owned(), evil.repeat(5));
    report
        .sources
        .current
        .insert(evil.to_owned(), evil.repeat(5));
    let options = Options {
        verbose: 1,
        ..Options::default()
    };
    for text in [
        human::render(&report, &options),
        concise::render(&report, false),
        json::render(&report).unwrap(),
    ] {
        let bad = text
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(bad, None, "{text}");
    }
}

#[test]
fn json_is_valid_against_its_schema() {
    let schema = json::schema::whole(json::SCHEMA).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut graded = mixed();
    graded.policy.direction = Some("forward".to_owned());
    graded.findings[0].impact = Some(forward(Grade::InRange, Grade::Wrong));
    for report in [mixed(), graded, report("", "", Vec::new())] {
        let text = json::render(&report).unwrap();
        assert!(text.ends_with("}\n"));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut value = serde_json::to_value(mixed()).unwrap();
    value["findings"][0]["status"] = "ignored".into();
    assert!(!validator.is_valid(&value));
    let mut value = serde_json::to_value(mixed()).unwrap();
    value["findings"][0]["impact"] = serde_json::json!({ "wire": { "backward": "none" } });
    assert!(!validator.is_valid(&value));
}

/// What becomes of new data at old readers.
fn forward(wire: Grade, json: Grade) -> Impact {
    let readers = |forward| Readers {
        backward: Grade::Lossless,
        forward,
    };
    Impact {
        wire: readers(wire),
        json: readers(json),
        source: true,
    }
}

#[test]
fn who_suffers_is_told_for_each_encoding() {
    let line = |impact: Impact| {
        let mut finding = finding("r", "field", "s", "m");
        let words = impact.breaks().into_iter();
        finding.breaks = words.map(|word| word.as_str().to_owned()).collect();
        finding.direction = impact.direction().as_str().to_owned();
        finding.impact = Some(impact);
        let wide = Options {
            width: 200,
            ..Options::default()
        };
        let text = human::render(&report("", "", vec![finding]), &wide);
        let line = text.lines().find(|line| line.contains("breaks:"));
        line.unwrap_or("nothing").trim().to_owned()
    };
    let lines = [
        forward(Grade::Wrong, Grade::Wrong),
        forward(Grade::InRange, Grade::Lossless),
        forward(Grade::InRange, Grade::Wrong),
        Impact {
            json: Readers {
                backward: Grade::InRange,
                forward: Grade::InRange,
            },
            source: false,
            ..forward(Grade::Dropped, Grade::Lossless)
        },
        forward(Grade::Lossless, Grade::Lossless),
    ]
    .map(line);
    assert_snapshot!(lines.join("\n"), @r"
    = breaks:   wire, JSON, source (old readers of new data and code that uses it)
    = breaks:   wire, source (old readers of some new data and code that uses it)
    = breaks:   wire (old readers of some new data), JSON (old readers of new data), source (code that uses it)
    = breaks:   wire (old readers of new data), JSON (readers old and new of some data)
    = breaks:   source (code that uses it)
    ");
}

#[test]
fn json_keeps_the_order_of_its_keys() {
    let mut report = changed("old", "old", "new", "new");
    report.findings[0].from = Some("string".to_owned());
    report.findings[0].to = Some("bytes\u{202e}".to_owned());
    assert_snapshot!(json::render(&report).unwrap(), @r#"
{
  "version": 1,
  "tool": {
    "name": "protopact",
    "version": "0.1.0"
  },
  "baseline": {
    "spec": "v1.11.0",
    "kind": "git",
    "commit": "03b102e3f9a1c72d08be4a503b102e3f9a1c72d0",
    "release": "1.11.0"
  },
  "current": {
    "spec": "worktree",
    "kind": "worktree",
    "commit": null,
    "release": null
  },
  "policy": {
    "preset": "opentelemetry",
    "exempt": "component"
  },
  "summary": {
    "files": {
      "baseline": 11,
      "current": 11,
      "changed": 1
    },
    "changes": 1,
    "error": 1,
    "warning": 0,
    "note": 0,
    "exempt": 0,
    "accepted": 0,
    "dormant": 0,
    "bump": "major"
  },
  "remarks": [],
  "findings": [
    {
      "rule": "field-type-changed",
      "guarantees": [
        "field-types-numbers-names"
      ],
      "level": "error",
      "status": "failing",
      "symbol": "opentelemetry.proto.trace.v1.Span.name",
      "name": "opentelemetry.proto.trace.v1.Span.name",
      "subject": "field",
      "from": "string",
      "to": "bytes\u202e",
      "message": "field `Span.name` changed its type from `old` to `new`",
      "help": "keep the field; mark it deprecated",
      "breaks": [
        "wire",
        "json",
        "source"
      ],
      "direction": "backward",
      "baselines": [
        "v1.11.0"
      ],
      "promise": {
        "text": "Field types, numbers and names will not change.",
        "source": "README.md:75"
      },
      "maturity": {
        "level": "stable",
        "encoding": {
          "binary": "stable",
          "json": "stable"
        },
        "source": "README.md:66"
      },
      "baseline": {
        "path": "opentelemetry/proto/trace/v1/trace.proto",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 4
      },
      "current": {
        "path": "opentelemetry/proto/trace/v1/trace.proto",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 4
      },
      "fingerprint": "3f9a1c72d08be4a5"
    }
  ]
}
"#);
}

/// An error with others inside of it.
#[derive(Debug)]
struct Many(Vec<miette::Report>);

impl std::fmt::Display for Many {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the baseline v1.11.0 does not compile")
    }
}

impl std::error::Error for Many {}

impl Diagnostic for Many {
    fn help(&self) -> Option<Box<dyn std::fmt::Display + '_>> {
        Some(Box::new(
            "skip what is broken on purpose:\n  exclude = [\"a.proto\"]",
        ))
    }
    fn related(&self) -> Option<Box<dyn Iterator<Item = &dyn Diagnostic> + '_>> {
        Some(Box::new(self.0.iter().map(AsRef::as_ref)))
    }
}

#[test]
fn errors_look_like_findings() {
    let text = "syntax = \"proto3\";\nmessage A {\n  strin\x1bg a = 1\n}\n";
    let offset = text.find('}').unwrap();
    let broken = miette::Report::new(
        MietteDiagnostic::new("expected `;`, found `}`")
            .with_label(LabeledSpan::at(offset..=offset, "here")),
    )
    .with_source_code(NamedSource::new("a.proto", text.to_owned()));
    assert_snapshot!(human::render_error(broken.as_ref(), &Options::default()), @r#"
error: expected `;`, found `}`
  --> a.proto:4:1
 4 | }
   | ^ here
"#);

    let simple = MietteDiagnostic::new("b.proto is odd")
        .with_severity(Severity::Warning)
        .with_help("look at it");
    let many = Many(vec![broken, miette::Report::new(simple)]);
    assert_snapshot!(human::render_error(&many, &Options::default()), @r#"
error: the baseline v1.11.0 does not compile

error: expected `;`, found `}`
  --> a.proto:4:1
 4 | }
   | ^ here

warning: b.proto is odd
   = help: look at it

help: skip what is broken on purpose:
        exclude = ["a.proto"]
"#);
}

#[test]
fn errors_name_their_causes_once() {
    let io = std::io::Error::other("permission denied");
    let error = miette::IntoDiagnostic::into_diagnostic(Err::<(), _>(io)).unwrap_err();
    let error = error.wrap_err("cannot read `x.proto`");
    assert_snapshot!(human::render_error(error.as_ref(), &Options::default()), @r#"
error: cannot read `x.proto`
   = cause: permission denied
"#);
}

#[test]
fn of_many_findings_it_is_said_how_many_each_rule_has() {
    let findings = |n: usize| -> Vec<Finding> {
        let rules = (0..14).map(|rule| format!("rule-{rule:02}"));
        let rules = rules.chain(std::iter::repeat_n("field-deleted".to_owned(), n - 14));
        let symbol = |i: usize| format!("acme.v1.M{i}.f");
        let rules = rules.enumerate();
        rules
            .map(|(i, rule)| finding(&rule, "field", &symbol(i), "field `f` was deleted"))
            .collect()
    };
    let printed = human::render(&report("", "", findings(40)), &Options::default());
    let (_, told) = printed.split_once("\nby rule: ").unwrap();
    let told: Vec<&str> = told.split_whitespace().collect();
    let told = told.join(" ");
    assert!(
        told.starts_with("26 `field-deleted`, 1 `rule-00`, "),
        "{printed}"
    );
    assert!(
        told.contains("1 `rule-10`, 3 of 3 other rules "),
        "{printed}"
    );
    let few = human::render(&report("", "", findings(20)), &Options::default());
    assert!(!few.contains("by rule:"));
    let all = Options {
        verbose: 1,
        ..Options::default()
    };
    assert!(human::render(&report("", "", findings(40)), &all).contains("by rule:"));

    // Where a comment has no room for all of them, too.
    let markdown = markdown::render(&report("", "", findings(300)), 20_000, None);
    assert!(markdown.contains("All findings by rule: 286 `field-deleted`, 1 `rule-00`, "));
    assert!(markdown.len() <= 20_000);
    let all = markdown::render(&report("", "", findings(40)), markdown::COMMENT, None);
    assert!(!all.contains("by rule"));
}
