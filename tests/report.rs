//! What a report looks like in each format: hand-built reports of every shape, read as a tired reviewer would.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use insta::assert_snapshot;
use miette::{Diagnostic, LabeledSpan, MietteDiagnostic, NamedSource, Severity};
use protopact::report::human::{self, Options};
use protopact::report::{
    Consequence, Encodings, Files, Finding, Level, Location, MaturityNote, Policy, Promise, Report,
    Side, Sources, Status, Summary, Tool, closing, concise, json,
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
        guarantees: vec!["field-types-numbers-names".to_owned()],
        level: Level::Error,
        status: Status::Failing,
        symbol: symbol.to_owned(),
        subject: subject.to_owned(),
        from: None,
        to: None,
        message: message.to_owned(),
        help: "keep the field; mark it deprecated".to_owned(),
        breaks: vec!["wire".to_owned(), "json".to_owned(), "source".to_owned()],
        direction: "backward".to_owned(),
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
        consequences: Vec::new(),
    }
}

/// A report of these findings over one file with these two texts; the counts follow from the findings.
fn report(baseline: &str, current: &str, findings: Vec<Finding>) -> Report {
    let count = |level, status: Status| {
        let same = |f: &&Finding| {
            if status.counts() {
                f.status.counts() && f.level == level
            } else {
                f.status == status
            }
        };
        findings.iter().filter(same).count()
    };
    let summary = Summary {
        files: Files {
            baseline: 11,
            current: 11,
            changed: 1,
        },
        elements: 412,
        changes: findings.len(),
        error: count(Level::Error, Status::Failing),
        warning: count(Level::Warning, Status::Failing),
        note: count(Level::Note, Status::Failing),
        exempt: count(Level::Error, Status::Exempt),
        accepted: count(Level::Error, Status::Accepted),
        dormant: count(Level::Error, Status::Dormant),
        bump: if findings.is_empty() { "none" } else { "major" }.to_owned(),
    };
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
        current: side("worktree", "worktree", None, None),
        policy: Policy {
            preset: "opentelemetry".to_owned(),
            exempt: "component".to_owned(),
        },
        summary,
        remarks: Vec::new(),
        findings,
        sources,
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
    assert_snapshot!(plain(&changed(&before, "string", &after, "bytes")), @"");
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
    assert_snapshot!(human::render(&report, &options).replace('\x1b', "^"), @"");
}

#[test]
fn carets_stay_under_their_token() {
    let excerpt = |before: &str, after: &str| {
        let text = plain(&changed(before, "old", after, "new"));
        text.lines()
            .skip(1)
            .take(6)
            .map(|l| format!("{l}\n"))
            .collect::<String>()
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
    assert_snapshot!(shapes.join("\n"), @"");
}

#[test]
fn a_place_that_the_text_does_not_have_is_only_named() {
    let mut report = changed("old", "old", "new\n", "new");
    report.findings[0].baseline.as_mut().unwrap().line = 99;
    report.findings[0].current.as_mut().unwrap().column = 99;
    assert_snapshot!(plain(&report), @"");
}

#[test]
fn what_spans_lines_is_marked_to_the_end_of_the_first() {
    let mut report = changed("message Span {\n}\n", "message Span {", "new", "new");
    report.findings[0].baseline.as_mut().unwrap().end_line = 2;
    report.findings[0].baseline.as_mut().unwrap().end_column = 2;
    report.findings[0].current = None;
    assert_snapshot!(plain(&report).lines().take(4).collect::<Vec<_>>().join("\n"), @"");
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
    assert_snapshot!(plain(&mixed()), @"");
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
    for other in ["warning[", "note", "exempt: ", "accepted: "] {
        assert!(!text.contains(other), "{other}");
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
        @""
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
    assert_snapshot!(human::render(&report, &options), @"");
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
    assert_snapshot!(lines.join("\n"), @"");
    let nothing = report("", "", Vec::new());
    assert_eq!(plain(&nothing), format!("{}\n", closing::line(&nothing)));
}

#[test]
fn concise_is_one_line_each() {
    assert_snapshot!(concise::render(&mixed(), false), @"");
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
        for place in [&mut finding.baseline, &mut finding.current] {
            if let Some(place) = place {
                place.path = evil.to_owned();
            }
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
    let schema: serde_json::Value = serde_json::from_str(json::SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for report in [mixed(), report("", "", Vec::new())] {
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
}

#[test]
fn json_keeps_the_order_of_its_keys() {
    let mut report = changed("old", "old", "new", "new");
    report.findings[0].from = Some("string".to_owned());
    report.findings[0].to = Some("bytes\u{202e}".to_owned());
    assert_snapshot!(json::render(&report).unwrap(), @"");
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
    assert_snapshot!(human::render_error(broken.as_ref(), &Options::default()), @"");

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
    let simple = MietteDiagnostic::new("b.proto is odd")
        .with_severity(Severity::Warning)
        .with_help("look at it");
    let many = Many(vec![broken, miette::Report::new(simple)]);
    assert_snapshot!(human::render_error(&many, &Options::default()), @"");
}

#[test]
fn errors_name_their_causes_once() {
    let io = std::io::Error::other("permission denied");
    let error = miette::IntoDiagnostic::into_diagnostic(Err::<(), _>(io)).unwrap_err();
    let error = error.wrap_err("cannot read `x.proto`");
    assert_snapshot!(human::render_error(error.as_ref(), &Options::default()), @"");
}
