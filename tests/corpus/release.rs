//! `protopact release` at every tag, as in a job that a tag starts.

use std::process::Command;

use serde_json::Value;

use super::run::{Corpus, all_right, text, version};

/// Additions to what is stable from v1.0.0 on, members of an added message left aside.
const ADDITIONS: usize = 11;

/// What `protopact release --format json` says of a tag, and its exit status.
fn release(corpus: &Corpus, tag: &str) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
        .current_dir(&corpus.repo)
        .args(["release", "--format", "json", "--to", tag])
        .output()
        .unwrap();
    let said = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{tag}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), said)
}

#[test]
fn every_release_since_1_0_was_one() {
    let Some(corpus) = Corpus::open() else {
        return;
    };
    let tags = corpus.releases();
    let mut wrong = Vec::new();
    let (mut additions, mut judged) = (0, 0);
    for pair in tags.windows(2) {
        let [before, tag] = pair else { continue };
        if version(tag) < version("v1.0.0") {
            continue;
        }
        judged += 1;
        let (exit, said) = release(&corpus, tag);
        if exit != 0 || said["ok"] != true || said["summary"]["error"] != 0 {
            wrong.push(format!("{tag}: exit {exit}, {}", said["failures"]));
        }
        if text(&said["baseline"], "spec") != before {
            wrong.push(format!("{tag} is compared with {}", said["baseline"]));
        }
        let findings = said["findings"].as_array().unwrap();
        let reported = findings.iter().filter(|it| it["status"] == "reported");
        additions += reported
            .filter(|it| it["guarantees"][0] == "additions")
            .count();
    }
    all_right(&wrong);
    assert!(judged > 10, "only {judged} releases");
    assert_eq!(additions, ADDITIONS);
}

#[test]
fn the_first_tag_is_a_first_release() {
    let Some(corpus) = Corpus::open() else {
        return;
    };
    let first = corpus.releases().remove(0);
    let (exit, said) = release(&corpus, &first);
    assert_eq!((exit, &said["baseline"]), (0, &Value::Null));
}
