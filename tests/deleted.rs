//! What was deleted is shown where there is something left to show it at: each format that code hosts read puts it on a line of the
//! current side.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code
)]

#[path = "revision/repo.rs"]
mod repo;

use std::collections::BTreeMap;
use std::process::Command;

use insta::assert_snapshot;
use repo::{Repo, repo};
use serde_json::Value;

const BEFORE: &str = r#"syntax = "proto3";
package acme.v1;

message M {
  string a = 1;
  string b = 2;
  oneof o {
    int32 p = 5;
  }
  message Inner {}
}

enum E {
  ZERO = 0;
  ONE = 1;
}

service S {
  rpc A(M) returns (M);
  rpc B(M) returns (M);
}

service T {
  rpc A(M) returns (M);
}
"#;

const AFTER: &str = r#"syntax = "proto3";
package acme.v1;

message M {
  string a = 1;
}

enum E {
  ZERO = 0;
}

service S {
  rpc A(M) returns (M);
}
"#;

/// A repository in which one thing of each kind was deleted, files and packages among them.
fn history() -> Repo {
    let repo = repo();
    let message =
        |package: &str| format!("syntax = \"proto3\";\npackage {package};\n\nmessage L {{}}\n");
    repo.write("acme/v1/a.proto", BEFORE);
    repo.write(
        "acme/v1/b.proto",
        "syntax = \"proto3\";\npackage acme.v1;\n\nmessage InB {}\n",
    );
    repo.write("acme/old/v1/old.proto", &message("acme.old.v1"));
    repo.write("lone/l.proto", &message("lone"));
    repo.write("zoo/v1/z.proto", &message("zoo.v1"));
    repo.git("add -A");
    repo.git("commit -q -m base");
    repo.git("tag v1.0.0");
    repo.write("acme/v1/a.proto", AFTER);
    repo.git("rm -rq acme/v1/b.proto acme/old lone");
    repo
}

fn check(repo: &Repo, format: &str, flags: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
        .args(["check", "--against", "v1.0.0", "--format", format])
        .args(flags)
        .current_dir(repo.root())
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stdout).unwrap()
}

/// Where each finding is, as `rule symbol path:line`.
type Places = Vec<String>;

fn github(repo: &Repo, flags: &[&str]) -> Places {
    let printed = check(repo, "github", flags);
    let commands = printed.lines().filter(|line| line.starts_with("::"));
    let mut places: Places = commands
        .map(|command| {
            let (properties, _) = command[2..].split_once("::").unwrap();
            let (_, properties) = properties.split_once(' ').unwrap();
            let properties: BTreeMap<&str, &str> = properties
                .split(',')
                .map(|it| it.split_once('=').unwrap())
                .collect();
            let title = properties["title"].replace("%3A", "");
            format!("{title} {}:{}", properties["file"], properties["line"])
        })
        .collect();
    places.sort();
    places
}

fn gitlab(repo: &Repo) -> Places {
    let entries: Vec<Value> = serde_json::from_str(&check(repo, "gitlab", &[])).unwrap();
    let symbols = symbols(repo);
    let place = |entry: &Value| {
        let location = &entry["location"];
        let symbol = &symbols[entry["fingerprint"].as_str().unwrap()];
        let path = location["path"].as_str().unwrap();
        format!("{symbol} {path}:{}", location["lines"]["begin"])
    };
    let mut places: Places = entries.iter().map(place).collect();
    places.sort();
    places
}

fn sarif(repo: &Repo) -> Places {
    let log: Value = serde_json::from_str(&check(repo, "sarif", &[])).unwrap();
    let place = |result: &Value| {
        let location = &result["locations"][0];
        let artifact = &location["physicalLocation"]["artifactLocation"];
        assert_eq!(artifact["uriBaseId"], "%SRCROOT%", "{result}");
        // Where it stood is told besides.
        let related = &result["relatedLocations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(related["uriBaseId"], "BASELINE", "{result}");
        format!(
            "{} {} {}:{}",
            result["ruleId"].as_str().unwrap(),
            location["logicalLocations"][0]["fullyQualifiedName"]
                .as_str()
                .unwrap(),
            artifact["uri"].as_str().unwrap(),
            location["physicalLocation"]["region"]["startLine"]
        )
    };
    let results = log["runs"][0]["results"].as_array().unwrap();
    let mut places: Places = results.iter().map(place).collect();
    places.sort();
    places
}

fn junit(repo: &Repo) -> Places {
    let printed = check(repo, "junit", &[]);
    let mut places: Places = printed
        .lines()
        .filter_map(|line| line.trim().strip_prefix("<testcase "))
        .map(|case| {
            let value = |name: &str| case.split_once(&format!("{name}=\"")).unwrap().1;
            let value = |name: &str| value(name).split_once('"').unwrap().0;
            let (name, class) = (value("name"), value("classname"));
            format!("{name} {class} {}:{}", value("file"), value("line"))
        })
        .collect();
    places.sort();
    places
}

/// Rule and symbol of each fingerprint.
fn symbols(repo: &Repo) -> BTreeMap<String, String> {
    let report: Value = serde_json::from_str(&check(repo, "json", &[])).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings
        .map(|it| {
            let named = format!("{} {}", text(&it["rule"]), text(&it["symbol"]));
            (text(&it["fingerprint"]), named)
        })
        .collect()
}

#[test]
fn what_was_deleted_is_shown_on_a_line_that_is_there() {
    let repo = history();
    let places = github(&repo, &[]);
    assert_snapshot!(places.join("\n"), @"
    enum-value-deleted acme.v1.E.ONE acme/v1/a.proto:8
    field-deleted acme.v1.M.b acme/v1/a.proto:4
    field-deleted acme.v1.M.p acme/v1/a.proto:4
    file-deleted acme/v1/b.proto acme/v1/a.proto:1
    message-deleted acme.v1.M.Inner acme/v1/a.proto:4
    method-deleted acme.v1.S.B acme/v1/a.proto:12
    package-deleted acme.old.v1 acme/v1/a.proto:1
    package-deleted lone acme/v1/a.proto:1
    service-deleted acme.v1.T acme/v1/a.proto:1
    ");
    assert_eq!(gitlab(&repo), places);
    assert_eq!(sarif(&repo), places);
    assert_eq!(junit(&repo), places);
    for place in &places {
        let (_, place) = place.rsplit_once(' ').unwrap();
        let (path, line) = place.split_once(':').unwrap();
        let text = std::fs::read_to_string(repo.root().join(path)).unwrap();
        let line: usize = line.parse().unwrap();
        assert!((1..=text.lines().count()).contains(&line), "{place}");
    }
    // How much was loaded tells nothing, and neither does where it was run.
    assert_eq!(github(&repo, &["--full"]), places);
    assert_eq!(github(&repo, &["-C", "zoo"]), places);
}

/// Where a file was deleted and what it declared is reported one by one, the places are those of the file.
#[test]
fn what_was_deleted_with_its_file_is_shown_with_it() {
    let repo = history();
    let config = "[rules]\n\"file-deleted\" = \"off\"\n\"package-deleted\" = \"off\"\n";
    repo.write("protopact.toml", config);
    let places = github(&repo, &[]);
    let found = |symbol: &str| places.iter().find(|place| place.contains(symbol)).unwrap();
    assert!(
        found(" acme.v1.InB ").ends_with(" acme/v1/a.proto:1"),
        "{places:?}"
    );
    assert!(found(" acme.old.v1.L ").ends_with(" acme/v1/a.proto:1"));
    assert!(found(" lone.L ").ends_with(" acme/v1/a.proto:1"));
    assert_eq!(sarif(&repo), places);
    assert_eq!(junit(&repo), places);
    assert_eq!(gitlab(&repo), places);
}

/// Where nothing is left, each format says where it stood.
#[test]
fn what_was_deleted_with_everything_else_is_shown_where_it_stood() {
    let repo = history();
    repo.git("rm -rq -f acme zoo");
    let printed = check(&repo, "github", &[]);
    assert!(!printed.contains("file="), "{printed}");
    assert!(
        printed.contains("it stood at v1.0.0:zoo/v1/z.proto:2:1"),
        "{printed}"
    );
    for format in ["gitlab", "junit", "sarif"] {
        let printed = check(&repo, format, &[]);
        assert!(printed.contains("zoo/v1/z.proto"), "{printed}");
    }
}
