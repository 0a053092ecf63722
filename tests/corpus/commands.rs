//! The commands that look at history, on opentelemetry-proto: one commit a release, so that each finding has its release.

use std::collections::BTreeSet;

use serde_json::Value;

use super::run::{Corpus, check, isolated, text};

/// What a command prints as JSON.
fn json(corpus: &Corpus, arguments: &[&str]) -> Value {
    let mut command = isolated(env!("CARGO_BIN_EXE_protopact"), &corpus.repo);
    let output = command.args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {error}"))
}

#[test]
fn every_finding_is_that_of_its_release() {
    let Some(corpus) = Corpus::open() else { return };
    let sides = ["--against", "v1.0.0", "--to", "v1.11.0"];
    let blamed = json(
        &corpus,
        &[&["blame", "--format", "json"][..], &sides].concat(),
    );
    let counting = blamed["findings"].as_array().unwrap().iter();
    let counting = counting.filter(|it| it["status"] == "reported");
    let found: BTreeSet<(&str, &str)> = counting
        .map(|it| {
            let symbol = text(it, "symbol").trim_start_matches("opentelemetry.proto.");
            (text(&it["origin"]["commit"], "subject"), symbol)
        })
        .collect();
    let expected = [
        ("v1.1.0", "trace.v1.Span.Link.flags"),
        ("v1.1.0", "trace.v1.Span.flags"),
        ("v1.1.0", "trace.v1.SpanFlags"),
        ("v1.10.0", "common.v1.AnyValue.string_value_strindex"),
        ("v1.10.0", "common.v1.KeyValue.key_strindex"),
        ("v1.2.0", "metrics.v1.Metric.metadata"),
        ("v1.5.0", "logs.v1.LogRecord.event_name"),
        ("v1.6.0", "common.v1.EntityRef"),
        ("v1.6.0", "resource.v1.Resource.entity_refs"),
    ];
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn from_1_0_on_nothing_stable_was_used_twice() {
    let Some(corpus) = Corpus::open() else { return };
    let sides = ["--against", "v1.10.0", "--to", "v1.11.0"];
    let run = check(
        &corpus.repo,
        &[&sides[..], &["--against-all", "v1.*"]].concat(),
    );
    assert_eq!(run.exit, 0);
    // All of it is in profiles, which promise nothing yet.
    assert_eq!(run.with_status("failing"), Vec::<&Value>::new());
    let used_again = run.with_status("exempt").into_iter();
    let used_again = used_again.filter(|it| it["baselines"][0] != "v1.10.0");
    assert_eq!(used_again.count(), 23);
}

#[test]
fn every_change_is_listed_once() {
    let Some(corpus) = Corpus::open() else { return };
    for range in ["v0.5.0..v0.6.0", "v1.3.2..v1.4.0", "v1.10.0..v1.11.0"] {
        let arguments = ["changelog", range, "--format", "json"];
        let listed = json(&corpus, &arguments);
        let (from, to) = range.split_once("..").unwrap();
        let run = check(&corpus.repo, &["--against", from, "--to", to]);
        let changes = |group: &Value| group["changes"].as_array().unwrap().clone();
        let components = listed["components"].as_array().unwrap().iter();
        let groups = components.flat_map(|it| it["groups"].as_array().unwrap());
        let changes: Vec<Value> = groups.flat_map(changes).collect();
        let with_rules = changes.iter().filter(|it| !it["rule"].is_null()).count();
        assert_eq!(with_rules, run.findings().len(), "{range}");
        let all: usize = changes
            .iter()
            .map(|it| 1 + it["consequences"].as_array().map_or(0, Vec::len))
            .sum();
        let counted = run.report["summary"]["changes"].as_u64().unwrap();
        assert!(all as u64 >= counted, "{range}: {all} of {counted}");
        assert_eq!(json(&corpus, &arguments), listed);
    }
}
