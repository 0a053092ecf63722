//! Breaks that people agree to, in git repositories: who wrote what down, what it excuses, and when it is out of use.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code)]
#[path = "revision/repo.rs"]
mod repo;

#[path = "acceptance/baselines.rs"]
mod baselines;
#[path = "acceptance/components.rs"]
mod components;
#[path = "acceptance/file.rs"]
mod file;
#[path = "acceptance/marks.rs"]
mod marks;
#[path = "acceptance/records.rs"]
mod records;
#[path = "acceptance/team.rs"]
mod team;

use std::fs;

use serde_json::Value;

use crate::repo::{Repo, repo, without_ids};

/// The file of records.
const FILE: &str = "protopact.accepted.toml";

const SPAN: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Span {\n  string name = 1;\n  string kind = 2;\n  int32 size = 3;\n}\n";

/// A repository with [`SPAN`] as release v1.0.0.
fn released() -> Repo {
    let repo = repo();
    repo.commit(SPAN);
    repo.git("tag v1.0.0");
    repo
}

/// The same with a worktree that deletes a field and changes another's type.
fn broken() -> Repo {
    let repo = released();
    repo.write("a.proto", &without_kind());
    repo
}

fn without_kind() -> String {
    SPAN.replace("  string kind = 2;\n", "")
        .replace("int32 size", "string size")
}

/// Runs a command: what it printed, errors first, and its exit status. Quotes `'` hold an argument together.
fn protopact(repo: &Repo, command: &str) -> String {
    let parts = command.split('\'').enumerate();
    let arguments = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().collect(),
        _ => vec![part],
    });
    without_ids(&repo.protopact("", arguments))
}

/// Runs a check: what it says beside the report, a line for each finding, what was counted, and its exit status.
fn check(repo: &Repo, arguments: &str) -> String {
    let printed = protopact(repo, &format!("check --format concise {arguments}"));
    let line = |line: &str| match line.strip_prefix("worktree compared with ") {
        Some(closing) => counts(closing),
        None => line.to_owned(),
    };
    let lines: Vec<String> = printed.lines().map(line).collect();
    lines.join("\n")
}

/// What a closing line counts, of all that is not zero.
fn counts(closing: &str) -> String {
    let counts = closing.split("; ").nth(1).unwrap_or_default();
    let some: Vec<&str> = counts
        .split(", ")
        .filter(|count| !count.starts_with("0 "))
        .collect();
    if some.is_empty() {
        return "clean".to_owned();
    }
    some.join(", ")
}

/// Runs a check and tells it in short: which records are stale or match nothing, what became of each finding, and the status.
fn story(repo: &Repo, arguments: &str) -> String {
    let line = |line: &str| {
        if let Some(record) = line.strip_prefix(&format!("warning: {FILE}:")) {
            let mut parts = record.split([':', ';']).skip(1);
            let (record, state) = (parts.next()?, parts.next()?);
            return Some(format!("{}:{record}", state.trim()));
        }
        let finding = line.split_once("] ").and_then(|(start, _)| {
            let (place, status) = start.rsplit_once(' ')?;
            let (status, rule) = status.split_once('[')?;
            Some(format!(
                "{status}: {rule} at {}",
                place.trim_end_matches(':')
            ))
        });
        finding.or_else(|| line.starts_with("exit").then(|| line.to_owned()))
    };
    let checked = check(repo, arguments);
    assert!(!checked.contains("error: "), "{checked}");
    checked
        .lines()
        .filter_map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Ada agrees to findings, because nobody sends what they are about.
fn accept(repo: &Repo, arguments: &str) -> String {
    let command = format!("accept --who Ada --reason 'nobody sends it' {arguments}");
    protopact(repo, &command)
}

fn records(repo: &Repo) -> String {
    fs::read_to_string(repo.root().join(FILE)).unwrap()
}

/// The records, each in a line: the rule, the symbol, the baseline and who agreed.
fn recorded(repo: &Repo) -> String {
    let file: toml::Table = records(repo).parse().unwrap();
    let records = file["accepted"].as_array().unwrap().iter();
    let line = |record: &toml::Value| {
        let keys = ["rule", "symbol", "component", "baseline", "who"];
        let words = keys.iter().filter_map(|key| record.get(key)?.as_str());
        words.collect::<Vec<_>>().join(" ")
    };
    records.map(line).collect::<Vec<_>>().join("\n")
}

/// A record that somebody wrote by hand; `more` holds further lines.
fn write_record(repo: &Repo, rule: &str, symbol: &str, more: &str) {
    let record = format!(
        "[[accepted]]\nrule = \"{rule}\"\nsymbol = \"{symbol}\"\nreason = \"agreed\"\n{more}"
    );
    repo.write(FILE, &record);
}

/// The report of a check.
fn report(repo: &Repo, arguments: &str) -> Value {
    let printed = protopact(repo, &format!("check --format json {arguments}"));
    let (start, end) = (printed.find('{').unwrap(), printed.rfind('}').unwrap());
    serde_json::from_str(&printed[start..=end]).unwrap()
}

/// The fingerprint of the finding of a rule.
fn fingerprint(repo: &Repo, rule: &str, arguments: &str) -> String {
    let report = report(repo, arguments);
    let mut findings = report["findings"].as_array().unwrap().iter();
    let finding = findings.find(|finding| finding["rule"] == rule).unwrap();
    finding["fingerprint"].as_str().unwrap().to_owned()
}
