//! `protopact audit`.

use std::collections::BTreeSet;
use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use super::{SPAN, protopact, released, save, with_field, with_size, without_kind};
use crate::repo::{Repo, repo};

/// Releases of all kinds, tagged in all ways.
fn history() -> Repo {
    let repo = released();
    let color = with_field(SPAN, "string color = 4");
    save(&repo, &color, "Add color");
    repo.git("tag -a v1.1.0 -m v1.1.0");
    save(&repo, &without_kind(&color), "Remove kind");
    repo.git("tag v1.2.0-rc.1");
    repo.git("tag v1.2.0");
    // The number is higher, the letters are not.
    save(&repo, &without_kind(&color), "Nothing");
    repo.git("tag v1.10.0");
    let text = with_size(&without_kind(&color), "string");
    repo.write("a.proto", &text);
    let accept = ["accept", "--all", "--against", "v1.10.0", "--who", "Ada"];
    protopact(
        &repo,
        &[&accept[..], &["--reason", "nobody sends it"]].concat(),
    );
    save(&repo, &text, "Make size a string");
    repo.git("tag v2.0.0");
    // A mended release of an old line: nothing that is on main.
    repo.git("switch -q -c backport v1.1.0");
    save(&repo, &with_field(&color, "string shape = 5"), "Add shape");
    repo.git("tag v1.1.1");
    repo.git("switch -q main");
    repo.git("tag latest");
    repo
}

fn audit(repo: &Repo, arguments: &str) -> String {
    let mut all = vec!["audit"];
    all.extend(arguments.split_whitespace());
    protopact(repo, &all)
}

#[test]
fn every_release_is_compared_with_the_one_before_it() {
    let repo = history();
    assert_snapshot!(audit(&repo, ""), @"
from     to       date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
v1.0.0   v1.1.0   2026-05-12          1           0       0         0      1       0         0        0  minor   minor
v1.1.0   v1.1.1   2026-05-12          1           0       0         0      1       0         0        0  minor   patch (too little)
v1.1.1   v1.2.0   2026-05-12          0           0       2         0      0       0         0        0  major   minor (too little)
v1.2.0   v1.10.0  2026-05-12          0           0       0         0      0       0         0        0  none    minor
v1.10.0  v2.0.0   2026-05-12          0           0       0         0      0       0         1        0  major   major
5 releases compared with the one before, each by what was promised then: 2 additions, 0 promotions; 2 errors, 0 warnings, 2 notes, 0 exempt, 1 accepted, 0 dormant; 2 releases with a version that says too little
exit 1
");
    assert_snapshot!(audit(&repo, "v1.* --pre-releases --quiet"), @"
from    to           date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
v1.1.0  v1.1.1       2026-05-12          1           0       0         0      1       0         0        0  minor   patch (too little)
v1.1.1  v1.2.0-rc.1  2026-05-12          0           0       2         0      0       0         0        0  major   minor (too little)
5 releases compared with the one before, each by what was promised then: 2 additions, 0 promotions; 2 errors, 0 warnings, 2 notes, 0 exempt, 0 accepted, 0 dormant; 2 releases with a version that says too little
exit 1
");
    // A class of letters asks for no pre-release.
    assert_snapshot!(audit(&repo, "-v v1.[1-2].0* --fail-on never"), @"
from    to      date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
v1.1.0  v1.2.0  2026-05-12          0           0       1         0      0       0         0        0  major   minor (too little)
    reported[field-deleted] field `Span.kind` was deleted, and neither its number nor its name is reserved
1 release compared with the one before, each by what was promised then: 0 additions, 0 promotions; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; 1 release with a version that says too little
exit 0
");
}

#[test]
fn history_is_judged_by_the_promises_of_today() {
    let repo = repo();
    save(&repo, SPAN, "First release");
    repo.git("tag v0.1.0");
    let renamed = SPAN.replace("Span", "Scope");
    save(&repo, &renamed, "Rename Span");
    repo.git("tag v0.2.0");
    // Before 1.0.0 the names of messages were not promised.
    assert_snapshot!(audit(&repo, "--preset opentelemetry"), @"
from    to      date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
v0.1.0  v0.2.0  2026-05-12          0           0       0         0      0       0         0        1  patch   minor
1 release compared with the one before, each by what was promised then: 0 additions, 0 promotions; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 1 dormant; 0 releases with a version that says too little
exit 0
");
    assert_snapshot!(audit(&repo, "--from-scratch opentelemetry"), @"
from    to      date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
v0.1.0  v0.2.0  2026-05-12          0           0       1         0      0       0         0        0  minor   minor
1 release compared with the one before, by the promises of preset opentelemetry, all in force from the start: 0 additions, 0 promotions; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; 0 releases with a version that says too little
exit 1
");
    assert_snapshot!(audit(&repo, "--from-scratch telemetry"), @"
error: unknown preset `telemetry`
   = help: did you mean `opentelemetry`?
exit 2
");
}

#[test]
fn tags_of_a_module_are_found_by_a_glob() {
    let repo = repo();
    for (version, text) in [("1.0.0", SPAN), ("1.1.0", &without_kind(SPAN))] {
        save(&repo, text, version);
        repo.git(&format!("tag <b>&/v{version}"));
    }
    assert_snapshot!(audit(&repo, ""), @"
error: there are not two release tags of the form `v1.2.3`
   = help: name other tags with a glob, such as `protopact audit 'proto/v*'`; `git fetch --tags`
           fetches those of the remote (with actions/checkout: `fetch-depth: 0`); `--pre-releases`
           counts pre-releases
exit 2
");
    assert_snapshot!(audit(&repo, "<b>&/v*"), @"
from         to           date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
<b>&/v1.0.0  <b>&/v1.1.0  2026-05-12          0           0       1         0      0       0         0        0  major   minor (too little)
1 release compared with the one before, each by what was promised then: 0 additions, 0 promotions; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; 1 release with a version that says too little
exit 1
");
    let page = audit(&repo, "<b>&/v* --format html");
    assert!(
        page.contains("&#60;b&#62;&#38;/v1.1.0") && !page.contains("<b>"),
        "{page}"
    );
}

#[test]
fn a_release_that_cannot_be_judged_stops_no_other() {
    let repo = released();
    save(
        &repo,
        "syntax = \"proto3\";\nmessage {\n",
        "Break the syntax",
    );
    repo.git("tag v1.1.0");
    save(&repo, SPAN, "Mend it");
    repo.git("tag v1.2.0");
    save(&repo, &without_kind(SPAN), "Remove kind");
    repo.git("tag v1.3.0");
    let printed = audit(&repo, "");
    let (errors, table) = printed.split_at(printed.find("from ").unwrap());
    // It is the fault of one release, though two comparisons need it.
    let told = errors.matches("error: the release `v1.1.0` does not compile");
    assert_eq!(told.count(), 1, "{errors}");
    assert_snapshot!(table, @"
from    to      date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
v1.0.0  v1.1.0  2026-05-12  not judged: the release `v1.1.0` does not compile: 1 error in `a.proto`: expected an identifier, but found `{`
v1.1.0  v1.2.0  2026-05-12  not judged: the release `v1.1.0` does not compile: 1 error in `a.proto`: expected an identifier, but found `{`
v1.2.0  v1.3.0  2026-05-12          0           0       1         0      0       0         0        0  major   minor (too little)
1 release compared with the one before, each by what was promised then, 2 not judged: 0 additions, 0 promotions; 1 error, 0 warnings, 0 notes, 0 exempt, 0 accepted, 0 dormant; 1 release with a version that says too little
exit 2
");
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let repo = history();
    let arguments = "--format html:audit.html --format json:audit.json --format human:-";
    let printed = audit(&repo, arguments);
    assert!(printed.ends_with("exit 1"), "{printed}");
    let page = fs::read_to_string(repo.root().join("audit.html")).unwrap();
    let json = fs::read_to_string(repo.root().join("audit.json")).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    let releases = json["releases"].as_array().unwrap();
    assert_eq!(releases.len(), 5);
    assert_eq!(json["totals"]["additions"], 2);
    // Every column of the timeline leads to a line of the table.
    let after = |mark: &str| -> Vec<String> {
        let found = page.split(mark).skip(1);
        found
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let ids: BTreeSet<String> = after(" id=\"").into_iter().collect();
    let columns = after("<a href=\"#");
    assert_eq!(columns.len(), releases.len());
    assert!(columns.iter().all(|column| ids.contains(column)), "{page}");
    // Nothing is asked for elsewhere, and dark screens are thought of.
    assert!(
        after("://")
            .iter()
            .all(|address| address == "www.w3.org/2000/svg")
    );
    assert!(!page.contains("url(") && !page.contains("src="));
    assert!(page.contains("color-scheme: light dark"));
    assert_eq!(audit(&repo, arguments), printed);
    assert_eq!(
        fs::read_to_string(repo.root().join("audit.html")).unwrap(),
        page
    );
}

#[test]
fn a_component_is_judged_by_its_own_promises_and_releases() {
    let repo = repo();
    repo.write(
        "protopact.toml",
        "[[component]]\nname = \"logs\"\npath = \"logs\"\npreset = \"wire\"\nreleases = \"logs/v*\"\n",
    );
    repo.write("logs/l.proto", &SPAN.replace("acme.v1", "acme.logs"));
    save(&repo, SPAN, "Begin");
    repo.git("tag logs/v1.0.0");
    // A break elsewhere, and here what breaks no data.
    repo.write(
        "logs/l.proto",
        &SPAN
            .replace("acme.v1", "acme.logs")
            .replace(" kind", " sort"),
    );
    save(&repo, &without_kind(SPAN), "Remove kind");
    repo.git("tag logs/v1.0.1");
    let of_tags = audit(&repo, "logs/v*");
    assert_snapshot!(of_tags, @"
from         to           date        additions  promotions  errors  warnings  notes  exempt  accepted  dormant  needed  made
logs/v1.0.0  logs/v1.0.1  2026-05-12          0           0       0         0      0       0         0        1  patch   patch
1 release compared with the one before, each by what was promised then: 0 additions, 0 promotions; 0 errors, 0 warnings, 0 notes, 0 exempt, 0 accepted, 1 dormant; 0 releases with a version that says too little
exit 0
");
    assert_eq!(audit(&repo, "--component logs"), of_tags);
    assert_snapshot!(audit(&repo, "--component log"), @"
error: there is no component `log`
   = help: did you mean `logs`?
exit 2
");
}
