//! `protopact changelog`.

use insta::assert_snapshot;
use serde_json::Value;

use super::{SPAN, protopact, released, save, with_field, with_size, without_kind};
use crate::repo::Repo;

fn changelog(repo: &Repo, arguments: &str) -> String {
    let mut all = vec!["changelog"];
    all.extend(arguments.split_whitespace());
    protopact(repo, &all)
}

/// Changes of all kinds from v1.0.0 to v2.0.0, and one more in the worktree.
fn changed() -> Repo {
    let repo = released();
    repo.git("remote add origin git@github.com:acme/api.git");
    repo.write(
        "labs/v1alpha1/probe.proto",
        "syntax = \"proto3\";\npackage acme.labs.v1alpha1;\n\n// Not settled.\nmessage Probe {\n  string id = 1;\n}\n",
    );
    let text = with_field(&without_kind(SPAN), "string color = 4 [deprecated = true]");
    let text = text.replace("message", "// What a service did, see <b>#1</b>.\nmessage");
    let text = format!("{text}\nenum Color {{\n  COLOR_UNSPECIFIED = 0;\n  COLOR_RED = 1;\n}}\n");
    save(&repo, &text, "Change a lot");
    repo.git("tag v2.0.0");
    repo.write("a.proto", &with_size(&text, "string"));
    repo
}

#[test]
fn every_change_is_listed_under_its_promise() {
    let repo = changed();
    assert_snapshot!(changelog(&repo, "v1.0.0..v2.0.0"), @"
## Changes from `v1.0.0` to `v2.0.0`

### `acme.labs.v1alpha1`

#### Additions

- message `Probe` was added, and with it 1 change (exempt) ([`labs/v1alpha1/probe.proto:5`](https://github.com/acme/api/blob/COMMIT/labs/v1alpha1/probe.proto#L5))

#### Other changes

- file `labs/v1alpha1/probe.proto` was added (exempt) ([`labs/v1alpha1/probe.proto:1`](https://github.com/acme/api/blob/COMMIT/labs/v1alpha1/probe.proto#L1))
- package `acme.labs.v1alpha1` was added (exempt) ([`labs/v1alpha1/probe.proto:2`](https://github.com/acme/api/blob/COMMIT/labs/v1alpha1/probe.proto#L2))

### `acme.v1`

#### No deletion

- **Breaking:** field `Span.kind` was deleted, and neither its number nor its name is reserved ([`a.proto:6`](https://github.com/acme/api/blob/COMMIT/a.proto#L6))

#### Additions

- field `Span.color` was added ([`a.proto:8`](https://github.com/acme/api/blob/COMMIT/a.proto#L8))
- enum `Color` was added, and with it 2 changes ([`a.proto:11`](https://github.com/acme/api/blob/COMMIT/a.proto#L11))

#### Comments

- message `Span`: its comment was edited ([`a.proto:5`](https://github.com/acme/api/blob/COMMIT/a.proto#L5))
exit 0
");
    assert_snapshot!(changelog(&repo, ""), @"
## Changes from `v2.0.0` to `worktree`

### `acme.v1`

#### Field types, numbers and names

- **Breaking:** field `Span.size` changed its type from `int32` to `string` (`a.proto:7`)
exit 0
");
    assert_snapshot!(changelog(&repo, "v2.0.0..HEAD"), @"
## Changes from `v2.0.0` to `HEAD`

Nothing changed.
exit 0
");
    assert_snapshot!(changelog(&repo, "v2.0.0...HEAD"), @"
error: `v2.0.0...HEAD` is no range of two sides
   = help: write A..B; what came since two branches parted is `merge-base:A..B`
exit 2
");
}

#[test]
fn of_a_release_it_lists_what_came_since_the_one_before() {
    let repo = released();
    save(&repo, &without_kind(SPAN), "Remove kind");
    repo.git("tag v2.0.0");
    assert_snapshot!(changelog(&repo, ""), @"
## Changes from `v1.0.0` to `worktree`

### `acme.v1`

#### No deletion

- **Breaking:** field `Span.kind` was deleted, and neither its number nor its name is reserved (`a.proto:6`)
exit 0
");
    assert_snapshot!(changelog(&repo, "..v2.0.0"), @"
## Changes from `v1.0.0` to `v2.0.0`

### `acme.v1`

#### No deletion

- **Breaking:** field `Span.kind` was deleted, and neither its number nor its name is reserved (`a.proto:6`)
exit 0
");
    assert_snapshot!(changelog(&repo, "..v1.0.0"), @"
## Changes from `nothing` to `v1.0.0`

### `acme.v1`

#### Additions

- message `Span` was added, and with it 3 changes (`a.proto:4`)

#### Other changes

- file `a.proto` was added (`a.proto:1`)
- package `acme.v1` was added (`a.proto:2`)
exit 0
");
    repo.git("tag api/v1.0.0 v1.0.0");
    repo.write("protopact.toml", "[release]\ntags = \"api/v*\"\n");
    assert_snapshot!(changelog(&repo, ""), @"
## Changes from `api/v1.0.0` to `worktree`

### `acme.v1`

#### No deletion

- **Breaking:** field `Span.kind` was deleted, and neither its number nor its name is reserved (`a.proto:6`)
exit 0
");
    repo.write("protopact.toml", "[release]\ntags = \"lib/v*\"\n");
    assert_snapshot!(changelog(&repo, ""), @"
error: no release tag matching `lib/v*` is reachable from `HEAD`
   = help: if they were not fetched, run `git fetch --tags`; other tags are named by
           `latest-release:GLOB`
exit 2
");
}

#[test]
fn the_json_has_every_value() {
    let repo = changed();
    let printed = changelog(&repo, "v1.0.0..v2.0.0 --format json");
    let json: Value = serde_json::from_str(printed.trim_end_matches("exit 0")).unwrap();
    let components = json["components"].as_array().unwrap();
    let names: Vec<&Value> = components.iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["acme.labs.v1alpha1", "acme.v1"]);
    let groups = components[1]["groups"].as_array().unwrap();
    let guarantees: Vec<&Value> = groups.iter().map(|it| &it["guarantee"]).collect();
    assert_eq!(guarantees, ["no-deletion", "additions", "comments"]);
    let comment = &groups[2]["changes"][0];
    assert_eq!(comment["to"], " What a service did, see <b>#1</b>.\n");
    assert_snapshot!(serde_json::to_string_pretty(&groups[0]).unwrap(), @r#"
{
  "changes": [
    {
      "action": "removed",
      "aspect": "existence",
      "baseline": {
        "column": 10,
        "end_column": 14,
        "end_line": 6,
        "line": 6,
        "path": "a.proto"
      },
      "current": {
        "column": 9,
        "end_column": 13,
        "end_line": 5,
        "line": 5,
        "path": "a.proto"
      },
      "from": "string kind = 2",
      "level": "error",
      "message": "field `Span.kind` was deleted, and neither its number nor its name is reserved",
      "rule": "field-deleted",
      "standing": "failing",
      "subject": "field",
      "symbol": "acme.v1.Span.kind",
      "to": null
    }
  ],
  "guarantee": "no-deletion",
  "title": "No deletion"
}
"#);
}
