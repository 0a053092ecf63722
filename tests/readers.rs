//! What other programs read in the SARIF and `JUnit` files that the command writes is what the JSON report says.
//!
//! The readers are sarif-tools and junitparser; `PROTOPACT_READERS_PYTHON` names a Python that has both. Without one the tests
//! say that they skipped; with `PROTOPACT_REQUIRE_READERS=1` they fail instead.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Pairs of sides: findings of several kinds, maturity, everything deleted, nothing changed.
const PAIRS: &[(&str, &str)] = &[
    ("testdata/orders/before", "testdata/orders/after"),
    ("testdata/maturity/before", "testdata/maturity/after"),
    ("testdata/orders/before", "testdata/empty"),
    ("testdata/orders/after", "testdata/orders/after"),
];

/// Prints what junitparser reads as JSON: the four counts, then class, name and outcome of each case.
const JUNIT: &str = r"
import json, sys
from junitparser import JUnitXml
xml = JUnitXml.fromfile(sys.argv[1])
cases = [[case.classname, case.name, [type(result).__name__ for result in case.result], case.result[0].message if case.result else None] for suite in xml for case in suite]
json.dump([xml.tests, xml.failures, xml.skipped, xml.errors, cases], sys.stdout)
";

/// Prints what sarif-tools reads as JSON: of each result that is not suppressed its severity, rule, path and line.
const SARIF: &str = r#"
import json, sys
from sarif import loader
results = loader.load_sarif_file(sys.argv[1]).get_records()
json.dump([[r["Severity"], r["Code"], r["Location"], r["Line"], r["Description"]] for r in results], sys.stdout)
"#;

fn reader(module: &str) -> Option<String> {
    let python = std::env::var("PROTOPACT_READERS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let probe = Command::new(&python)
        .args(["-c", &format!("import {module}")])
        .output();
    if probe.is_ok_and(|probe| probe.status.success()) {
        return Some(python);
    }
    assert!(
        std::env::var_os("PROTOPACT_REQUIRE_READERS").is_none(),
        "`{python}` has no module {module}"
    );
    // The harness swallows what a passing test prints; a skip is to be seen.
    let said = format!("skipped: `{python}` has no module {module} to read with\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    None
}

/// What a script prints about a file.
fn read(python: &str, script: &str, file: &Path) -> Value {
    let output = Command::new(python)
        .args(["-c", script])
        .arg(file)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Writes the JSON report and one of another format in one run; the findings, and the folder.
fn write(pair: (&str, &str), format: &str) -> (Vec<Value>, tempfile::TempDir) {
    let temp = tempfile::tempdir().unwrap();
    let to = |format: &str| format!("{format}:{}", temp.path().join("out").display());
    let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
        .current_dir(ROOT)
        .args(["check", "--against", pair.0, "--to", pair.1])
        .args(["--format", "json", "--format", &to(format)])
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    (report["findings"].as_array().unwrap().clone(), temp)
}

fn with<'a>(findings: &'a [Value], status: &[&str]) -> Vec<&'a Value> {
    let is_one = |finding: &&Value| status.iter().any(|status| finding["status"] == *status);
    findings.iter().filter(is_one).collect()
}

#[test]
fn junitparser_counts_what_was_found() {
    let Some(python) = reader("junitparser") else {
        return;
    };
    for pair in PAIRS {
        let (findings, temp) = write(*pair, "junit");
        let read = read(&python, JUNIT, &temp.path().join("out"));
        let failing = with(&findings, &["failing"]);
        let excused = with(&findings, &["exempt", "accepted", "dormant"]);
        assert_eq!(read[0], findings.len().max(1), "{pair:?}");
        assert_eq!(read[1], failing.len(), "{pair:?}");
        assert_eq!(read[2], excused.len(), "{pair:?}");
        assert_eq!(read[3], 0, "{pair:?}");
        let cases = read[4].as_array().unwrap();
        for finding in &failing {
            let case = cases
                .iter()
                .find(|case| case[0] == finding["symbol"] && case[1] == finding["rule"])
                .unwrap();
            assert_eq!(case[2][0], "Failure");
            assert_eq!(case[3], finding["message"]);
        }
    }
}

#[test]
fn sarif_tools_read_what_was_found() {
    let Some(python) = reader("sarif") else {
        return;
    };
    for pair in PAIRS {
        let (findings, temp) = write(*pair, "sarif");
        let read = read(&python, SARIF, &temp.path().join("out"));
        let results = read.as_array().unwrap();
        assert_eq!(results.len(), findings.len(), "{pair:?}");
        for finding in &findings {
            let at = if finding["current"].is_null() {
                &finding["baseline"]
            } else {
                &finding["current"]
            };
            let counts = finding["status"] == "failing" || finding["status"] == "reported";
            let level = if counts {
                &finding["level"]
            } else {
                &"note".into()
            };
            let is_it = |result: &&Value| {
                let text = |i: usize| result[i].as_str().unwrap_or_default();
                result[0] == *level
                    && result[1] == finding["rule"]
                    && text(2).ends_with(at["path"].as_str().unwrap())
                    && result[3] == at["line"]
                    && text(4).starts_with(finding["message"].as_str().unwrap())
            };
            assert!(
                results.iter().any(|result| is_it(&result)),
                "{finding}\n{read}"
            );
        }
        let summary = Command::new(&python)
            .args(["-m", "sarif", "summary"])
            .arg(temp.path().join("out"))
            .output()
            .unwrap();
        let errors = with(&findings, &["failing"]).len();
        let said = format!("error: {errors}");
        let text = String::from_utf8(summary.stdout).unwrap();
        assert!(text.contains(&said), "{text}");
    }
}
