//! Every two consecutive releases, without any configuration.

use std::collections::BTreeSet;

use semver::Version;
use serde_json::Value;

use super::run::{Corpus, Run, all_right, isolated, line, lines, text, version};

/// All that is reported from v1.0.0 on, what is exempt left aside: 11 additions, with the place that explains them or none,
/// one promotion to Stable and two raised labels. Symbols and places lack their `opentelemetry.proto.`.
const SINCE_1_0: [(&str, &str, &str, &str); 14] = [
    (
        "v1.1.0",
        "addition-explained",
        "trace.v1.Span.Link.flags",
        "trace/v1/trace.proto:263",
    ),
    (
        "v1.1.0",
        "addition-explained",
        "trace.v1.Span.flags",
        "trace/v1/trace.proto:113",
    ),
    (
        "v1.1.0",
        "addition-explained",
        "trace.v1.SpanFlags",
        "trace/v1/trace.proto:321",
    ),
    (
        "v1.2.0",
        "addition-explained",
        "metrics.v1.Metric.metadata",
        "CHANGELOG.md:17",
    ),
    (
        "v1.2.0",
        "addition-unexplained",
        "trace.v1.SpanFlags.SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK",
        "",
    ),
    (
        "v1.2.0",
        "addition-unexplained",
        "trace.v1.SpanFlags.SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK",
        "",
    ),
    (
        "v1.5.0",
        "addition-explained",
        "logs.v1.LogRecord.event_name",
        "CHANGELOG.md:18",
    ),
    (
        "v1.6.0",
        "addition-explained",
        "common.v1.EntityRef",
        "CHANGELOG.md:11",
    ),
    (
        "v1.6.0",
        "addition-unexplained",
        "resource.v1.Resource.entity_refs",
        "",
    ),
    (
        "v1.6.0",
        "maturity-raised",
        "logs.v1.LogRecord.event_name",
        "",
    ),
    (
        "v1.10.0",
        "addition-explained",
        "common.v1.AnyValue.string_value_strindex",
        "common/v1/common.proto:42",
    ),
    (
        "v1.10.0",
        "addition-explained",
        "common.v1.KeyValue.key_strindex",
        "common/v1/common.proto:89",
    ),
    (
        "v1.11.0",
        "maturity-raised",
        "common.v1.AnyValue.string_value_strindex",
        "",
    ),
    (
        "v1.11.0",
        "maturity-raised",
        "common.v1.KeyValue.key_strindex",
        "",
    ),
];

/// How many of these are additions.
const ADDITIONS: usize = 11;

/// The errors before v1.0.0, where most guarantees are not in force yet.
const BEFORE_1_0: [(&str, &str, &str); 4] = [
    (
        "v0.6.0",
        "enum-value-number-changed",
        "trace.v1.Status.StatusCode.STATUS_CODE_OK",
    ),
    ("v0.6.0", "field-number-changed", "trace.v1.Status.code"),
    (
        "v0.15.0",
        "field-number-changed",
        "metrics.v1.ResourceMetrics.instrumentation_library_metrics",
    ),
    (
        "v0.15.0",
        "field-number-changed",
        "trace.v1.ResourceSpans.instrumentation_library_spans",
    ),
];

/// How many errors there would have been before v1.0.0 with every guarantee in force; none in the other releases.
const ALL_IN_FORCE: [(&str, usize); 7] = [
    ("v0.6.0", 18),
    ("v0.12.0", 15),
    ("v0.13.0", 1),
    ("v0.15.0", 3),
    ("v0.18.0", 1),
    ("v0.19.0", 7),
    ("v0.20.0", 4),
];

#[test]
fn from_1_0_on_nothing_is_broken_and_every_addition_is_listed() {
    let Some(corpus) = Corpus::open() else { return };
    let (mut found, mut wrong, mut additions) = (BTreeSet::new(), Vec::new(), 0);
    for (from, to) in pairs(&corpus, |from| from.major > 0) {
        let run = corpus.check(&["--against", &from, "--to", &to]);
        if run.exit != 0 || !run.with_status("failing").is_empty() {
            let failing = lines(run.with_status("failing"));
            wrong.push(format!("{from}..{to}: exit {}{failing}", run.exit));
        }
        let known = ["reported", "exempt"];
        wrong.extend(others(&run, &known).map(|it| format!("{from}..{to}: {it}")));
        for finding in run.with_status("exempt") {
            let symbol = text(finding, "symbol");
            if !symbol.contains("profiles") && !symbol.contains("processcontext") {
                wrong.push(format!("{from}..{to}: {}", line(finding)));
            }
        }
        for finding in run.with_status("reported") {
            additions += usize::from(finding["guarantees"][0] == "additions");
            let explanation = text(finding, "explanation");
            let place = explanation.trim_start_matches("opentelemetry/proto/");
            let words = [
                &to,
                text(finding, "rule"),
                short(text(finding, "symbol")),
                place,
            ];
            found.insert(words.map(str::to_owned));
        }
    }
    let expected =
        SINCE_1_0.map(|(tag, rule, symbol, place)| [tag, rule, symbol, place].map(str::to_owned));
    wrong.extend(differences(&BTreeSet::from(expected), &found));
    all_right(&wrong);
    assert_eq!(additions, ADDITIONS);
}

#[test]
fn before_1_0_only_what_was_in_force_is_an_error() {
    let Some(corpus) = Corpus::open() else { return };
    let (mut found, mut wrong) = (BTreeSet::new(), Vec::new());
    for (from, to) in pairs(&corpus, |from| from.major == 0) {
        let run = corpus.check(&["--against", &from, "--to", &to]);
        for finding in run.with_status("failing") {
            let words = [&to, text(finding, "rule"), short(text(finding, "symbol"))];
            found.insert(words.map(str::to_owned));
        }
        let all = corpus.check(&["--against", &from, "--to", &to, "--release", "1.0.0"]);
        let expected = ALL_IN_FORCE
            .iter()
            .find(|(tag, _)| *tag == to)
            .map_or(0, |(_, errors)| *errors);
        let errors = all.with_status("failing");
        if errors.len() != expected {
            let (is, list) = (errors.len(), lines(errors));
            wrong.push(format!(
                "{from}..{to} --release 1.0.0: {is} errors, not {expected}{list}"
            ));
        }
        // What is not in force yet is listed as such, and nothing of it is left out.
        let listed = fingerprints(&run, &["failing", "dormant"]);
        if listed != fingerprints(&all, &["failing"]) {
            wrong.push(format!(
                "{from}..{to}: dormant{}",
                lines(run.with_status("dormant"))
            ));
        }
    }
    let expected = BEFORE_1_0.map(|(tag, rule, symbol)| [tag, rule, symbol].map(str::to_owned));
    wrong.extend(differences(&BTreeSet::from(expected), &found));
    all_right(&wrong);
}

#[test]
fn an_audit_counts_what_the_checks_find() {
    let Some(corpus) = Corpus::open() else { return };
    let (exit, then) = audit(&corpus, &[]);
    assert_eq!(exit, 1);
    let releases = then["releases"].as_array().unwrap();
    assert_eq!(releases.len(), 31);
    let broken: BTreeSet<[String; 3]> = releases
        .iter()
        .flat_map(|release| {
            let broken = release["broken"].as_array().unwrap().iter();
            broken.map(|it| {
                [
                    text(release, "to"),
                    text(it, "rule"),
                    short(text(it, "symbol")),
                ]
                .map(str::to_owned)
            })
        })
        .collect();
    let expected = BEFORE_1_0.map(|(tag, rule, symbol)| [tag, rule, symbol].map(str::to_owned));
    all_right(&differences(&BTreeSet::from(expected), &broken));
    let sum = |key: &str| -> u64 {
        let late = releases
            .iter()
            .filter(|it| version(text(it, "from")).major > 0);
        late.map(|it| it[key].as_u64().unwrap()).sum()
    };
    assert_eq!(sum("additions"), ADDITIONS as u64);
    assert_eq!((sum("error"), sum("promotions")), (0, 3));
    assert_eq!(then["totals"]["understated"], 0);

    let (_, now) = audit(&corpus, &["--from-scratch", "opentelemetry"]);
    for release in now["releases"].as_array().unwrap() {
        let mut known = ALL_IN_FORCE.iter();
        let expected = known.find(|(tag, _)| *tag == text(release, "to"));
        let expected = expected.map_or(0, |(_, errors)| *errors);
        assert_eq!(release["error"], expected, "{}", text(release, "to"));
    }
    assert_eq!(now["totals"]["error"], 49);
}

/// What `protopact audit --format json` says of the corpus, and its exit status.
fn audit(corpus: &Corpus, arguments: &[&str]) -> (i32, Value) {
    let mut command = isolated(env!("CARGO_BIN_EXE_protopact"), &corpus.repo);
    command.args(["audit", "--format", "json"]).args(arguments);
    let output = command.output().unwrap();
    let said = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), said)
}

#[test]
fn the_preset_follows_from_the_table_of_the_readme() {
    let Some(corpus) = Corpus::open() else { return };
    for (from, to) in pairs(&corpus, |_| true) {
        let run = corpus.check(&["--against", &from, "--to", &to]);
        assert_eq!(
            run.report["policy"]["preset"], "opentelemetry",
            "{from}..{to}"
        );
    }
}

#[test]
fn loading_every_file_gives_the_same_findings() {
    let Some(corpus) = Corpus::open() else { return };
    let mut wrong = Vec::new();
    for (from, to) in pairs(&corpus, |_| true) {
        // The other way round, too: removals are harder than additions.
        for sides in [
            ["--against", &from, "--to", &to],
            ["--against", &to, "--to", &from],
        ] {
            let part = corpus.check(&sides);
            let all = corpus.check(&[&sides[..], &["--full"]].concat());
            if part.without_names().0 != all.without_names().0 {
                let (part, all) = (lines(part.findings()), lines(all.findings()));
                wrong.push(format!("{sides:?}:{part}\n    with --full:{all}"));
            }
        }
    }
    all_right(&wrong);
}

#[test]
fn a_release_breaks_nothing_that_it_promised_itself() {
    let Some(corpus) = Corpus::open() else { return };
    for tag in corpus.releases() {
        let run = corpus.check(&["--against", &tag, "--to", &tag, "--full"]);
        assert_eq!((run.exit, run.findings()), (0, &[][..]), "{tag}");
        assert_eq!(run.report["summary"]["changes"], 0, "{tag}");
    }
}

/// Consecutive releases whose older one is wanted.
fn pairs(corpus: &Corpus, wanted: impl Fn(&Version) -> bool) -> Vec<(String, String)> {
    let tags = corpus.releases();
    assert_eq!(tags.len(), 32);
    let pairs = tags.windows(2).filter(|pair| wanted(&version(&pair[0])));
    pairs
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

fn short(symbol: &str) -> &str {
    symbol.trim_start_matches("opentelemetry.proto.")
}

/// Findings with a status that is not known.
fn others(run: &Run, known: &[&str]) -> impl Iterator<Item = String> {
    let other = run
        .findings()
        .iter()
        .filter(|it| !known.contains(&text(it, "status")));
    other.map(line)
}

fn fingerprints(run: &Run, statuses: &[&str]) -> BTreeSet<String> {
    let errors = run.findings().iter().filter(|it| it["level"] == "error");
    let listed = errors.filter(|it| statuses.contains(&text(it, "status")));
    listed
        .map(|it| text(it, "fingerprint").to_owned())
        .collect()
}

fn differences<const N: usize>(
    expected: &BTreeSet<[String; N]>,
    found: &BTreeSet<[String; N]>,
) -> Vec<String> {
    let missing = expected
        .difference(found)
        .map(|it| format!("missing: {}", it.join(" ")));
    let more = found
        .difference(expected)
        .map(|it| format!("unexpected: {}", it.join(" ")));
    missing.chain(more).collect()
}
