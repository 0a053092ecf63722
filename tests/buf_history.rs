//! The commits of real repositories, judged by buf itself and by the preset that stands for its category FILE: each finding of
//! the one is a finding of the other, but for the differences that `rules/presets/README.md` lists.
//!
//! The repositories are named by `PROTOPACT_HISTORY`, as `PATH` names folders: clones with their schemas at the root. Where
//! one lacks an import the last commit of the others may have it. `PROTOPACT_HISTORY_COMMITS` says how many of the last commits
//! of each are judged, 200 where it says nothing. Where no repository is named the test says so and passes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "buf/history.rs"]
mod history;
#[path = "buf/program.rs"]
mod program;
#[path = "buf/verdict.rs"]
#[allow(
    dead_code,
    reason = "the differences are listed, for the tests that hold them to their cases"
)]
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use history::{Repositories, Step};
use program::Buf;
use protopact::rule::Catalogue;
use serde_json::Value;
use verdict::Said;

const CATEGORY: &str = "FILE";
const PRESET: &str = "buf-file";

#[test]
fn commits_are_judged_as_buf_does() {
    let Some(named) = std::env::var_os("PROTOPACT_HISTORY") else {
        say(
            "skipped: no history; PROTOPACT_HISTORY names clones whose commits buf and the presets are asked about",
        );
        return;
    };
    let Some(buf) = Buf::find() else { return };
    let last = std::env::var("PROTOPACT_HISTORY_COMMITS").map_or(200, |it| it.parse().unwrap());
    let clones: Vec<PathBuf> = std::env::split_paths(&named).collect();
    let catalogue = Catalogue::embedded().unwrap();
    let repositories = Repositories::open(&clones);
    let (mut judged, mut flagged) = (0, 0);
    let mut wrong = Vec::new();
    for (index, clone) in clones.iter().enumerate() {
        let mut counts = Counts::default();
        for step in repositories.steps(index, last) {
            let name = format!("{} {}", clone.display(), step.commit);
            match compared(&buf, &catalogue, &step, &mut counts) {
                Ok(found) => wrong.extend(found.into_iter().map(|it| format!("{name}: {it}"))),
                Err(why) => {
                    counts.left_out += 1;
                    say(&format!(
                        "{name}: left out, for buf does not read it: {why}"
                    ));
                }
            }
        }
        say(&format!("{}: {counts:?}", clone.display()));
        judged += counts.judged;
        flagged += counts.flagged;
    }
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // Silence would be no test.
    assert!(judged > 0 && flagged > 0);
}

/// What was seen of one repository.
#[derive(Debug, Default)]
#[allow(dead_code, reason = "it is printed")]
struct Counts {
    /// Commits that both could read.
    judged: usize,
    /// Commits that buf could not read.
    left_out: usize,
    /// Commits in which buf flags something.
    failing: usize,
    /// What buf flags.
    flagged: usize,
    /// What of that is found here, too.
    equal: usize,
    /// What is found here.
    found: usize,
    /// How often something is found of what a rule of buf flags, but not under a rule here that covers it.
    otherwise: BTreeMap<String, usize>,
    /// How often a difference showed.
    differences: BTreeMap<&'static str, usize>,
    /// How often each rule of buf flagged something.
    rules: BTreeMap<String, usize>,
}

/// What differs in the two verdicts on one commit; the error is what buf says where it cannot read it.
fn compared(
    buf: &Buf,
    catalogue: &Catalogue,
    step: &Step,
    counts: &mut Counts,
) -> Result<Vec<String>, String> {
    let temp = tempfile::tempdir().unwrap();
    for (side, files) in [("before", &step.before), ("after", &step.after)] {
        fs::create_dir(temp.path().join(side)).unwrap();
        for (path, text) in files {
            let path = temp.path().join(side).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let flagged = buf.asked(temp.path(), CATEGORY)?;
    counts.judged += 1;
    let said = match judged(temp.path()) {
        Ok(said) => said,
        Err(why) => return Ok(vec![format!("not judged: {why}")]),
    };
    counts.failing += usize::from(!flagged.is_empty());
    counts.flagged += flagged.len();
    counts.equal += flagged.len() - said.missing(&flagged).len();
    counts.found += said.findings.len();
    let family = catalogue.family("buf").unwrap();
    for it in &flagged {
        let rules = family.alias(&it.rule).unwrap().rules();
        let found: BTreeSet<&str> = said.covering(it).map(|it| it.rule.as_str()).collect();
        if !found.is_empty() && !rules.iter().any(|rule| found.contains(rule)) {
            *counts
                .otherwise
                .entry(format!("{}: {found:?}", it.rule))
                .or_default() += 1;
        }
        *counts.rules.entry(it.rule.clone()).or_default() += 1;
    }
    let mut wrong = Vec::new();
    let mut names = BTreeSet::new();
    match said.differences(CATEGORY, &flagged) {
        Ok(found) => names.extend(found),
        Err(why) => wrong.push(why),
    }
    let (explained, unflagged) = said.unflagged(CATEGORY, &flagged);
    names.extend(explained);
    let unflagged = unflagged.iter();
    wrong.extend(unflagged.map(|it| format!("buf does not flag: {} {}", it.rule, it.symbol)));
    for name in names {
        *counts.differences.entry(name).or_default() += 1;
    }
    Ok(wrong)
}

/// What is said of the two folders under the preset; the error is why they cannot be judged.
fn judged(root: &Path) -> Result<Said, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
    command
        .current_dir(root.join("after"))
        .args(["check", "--format", "json", "--preset", PRESET])
        .args(["--against", "dir:../before", "--to", "dir:."]);
    let output = command.output().unwrap();
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    };
    let said = Said::read(&report);
    assert_eq!(output.status.code(), Some(i32::from(said.fails)));
    Ok(said)
}

/// Not by `eprintln!`, which the test harness swallows where a test passes.
fn say(text: &str) {
    std::io::stderr()
        .write_all(format!("{text}\n").as_bytes())
        .unwrap();
}
