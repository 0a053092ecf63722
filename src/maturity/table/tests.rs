//! Tables as READMEs write them, and what they say of files; the wording is our own.

use super::{Cell, Table, UnknownLevel, parse};
use crate::maturity::Level::{self, Alpha, Beta, Development, ReleaseCandidate, Stable};

const NO: Cell = Cell::Unstated;

fn level(level: Level) -> Cell {
    Cell::Level(level)
}

/// The table under `# Maturity Level`, which must name known levels only.
fn table(markdown: &str) -> Table {
    let (table, unknown) = parse(markdown, "Maturity Level").expect("a table");
    assert_eq!(unknown, []);
    table
}

/// The levels of a file in `# Maturity Level` plus `body`, below the root `acme`.
fn stated(body: &str, path: &str) -> Option<(Cell, Cell, u32, u32)> {
    table(&format!("# Maturity Level\n\n{body}"))
        .lookup("acme", path)
        .map(|stated| (stated.binary, stated.json, stated.line, stated.json_line))
}

#[test]
fn one_column_speaks_for_both_encodings() {
    let body = "\
Component        | Maturity |
-----------------|----------|
fruit/*          | Stable   |
fruit/new/*      | Pre-Alpha|
fruit/apple.proto | Beta |
";
    let cases = [
        ("acme/fruit/v1/pear.proto", Some((level(Stable), 5))),
        (
            "acme/fruit/new/v1/kiwi.proto",
            Some((level(Development), 6)),
        ),
        ("acme/fruit/v1/apple.proto", Some((level(Beta), 7))),
        ("acme/shop/fruit/v1/pear.proto", None),
        ("acme/shop/v1/shop.proto", None),
        ("other/fruit/v1/pear.proto", None),
    ];
    for (path, expected) in cases {
        let expected = expected.map(|(cell, line)| (cell, cell, line, line));
        assert_eq!(stated(body, path), expected, "{path}");
    }
}

#[test]
fn sections_divide_the_encodings() {
    let body = "\
Component                          | Maturity |
-----------------------------------|----------|
**Binary Protobuf Encoding**       |          |
fruit/\\*<br>shop/fruit/*     | Stable   |
nut/nut.proto<br/>shop/nut/* | Beta                |
**JSON encoding**                  |          |
All messages                       | [Alpha](https://example.com/levels#alpha) |
";
    let cases = [
        ("acme/fruit/v1/pear.proto", Some((level(Stable), 6))),
        ("acme/shop/fruit/v1/sell.proto", Some((level(Stable), 6))),
        ("acme/nut/v1/nut.proto", Some((level(Beta), 7))),
        ("acme/nut/v1/shell.proto", None),
        ("acme/other/v1/other.proto", None),
    ];
    for (path, expected) in cases {
        let expected = expected.map(|(binary, line)| (binary, level(Alpha), line, 9));
        assert_eq!(stated(body, path), expected, "{path}");
    }
}

#[test]
fn a_section_without_a_statement_leaves_json_open() {
    let body = "\
Component | Maturity |
---|---|
**Binary Protobuf Encoding** | |
fruit/* | Stable |
nut/* | Stable |
**JSON encoding** | |
nut/* | Beta |
";
    assert_eq!(
        stated(body, "acme/fruit/a.proto"),
        Some((level(Stable), NO, 6, 6))
    );
    assert_eq!(
        stated(body, "acme/nut/a.proto"),
        Some((level(Stable), level(Beta), 7, 9))
    );
    let body = "\
Component | Maturity |
---|---|
fruit/* | Stable |
**JSON encoding** | Alpha |
";
    assert_eq!(
        stated(body, "acme/fruit/a.proto"),
        Some((level(Stable), level(Alpha), 5, 6))
    );
}

#[test]
fn columns_are_found_by_their_names() {
    let bodies = [
        "\
| Component | Binary Protobuf Maturity | JSON Maturity |
| --------- |--------------- | ------------- |
| fruit/\\*<br />shop/* | Stable | [Release Candidate](docs/json.md#levels) |
",
        "\
| Protocol | JSON Maturity | Component          | Binary Protobuf Maturity |
| :------- | :-----------: | ------------------ | -----------------------: |
| AP       | release-candidate | `fruit/*`<br>`shop/*` | **stable**         |
",
        "\
|Protocol|Component|Owner|Binary Protobuf Maturity|JSON Maturity
|-|-|-|-|-
|AP \\| BP|[fruit/*](acme/fruit)<br>[`shop/*`](acme/shop)|us|`Stable`|[Release Candidate][levels]
",
    ];
    for body in bodies {
        for path in ["acme/fruit/v1/a.proto", "acme/shop/b.proto"] {
            assert_eq!(
                stated(body, path),
                Some((level(Stable), level(ReleaseCandidate), 5, 5)),
                "{path} in {body}"
            );
        }
    }
}

#[test]
fn html_as_github_renders_it() {
    let html = "\
<article class=\"markdown-body\"><div class=\"markdown-heading\"><h2 class=\"heading-element\">Maturity
  Level</h2><a id=\"maturity-level\" href=\"#maturity-level\"></a></div>
<p>What each part promises.</p>
<markdown-accessiblity-table><table>
<thead>
<tr>
<th>Component</th>
<th>Binary Protobuf Maturity</th>
<th>JSON Maturity</th>
</tr>
</thead>
<tbody>
<!-- <tr><td>nut/*</td><td>Stable</td><td>Stable</td></tr> -->
<tr>
<td>fruit/*<br>shop/fruit/*</td>
<td>Stable</td>
<td><a href=\"/docs/json.md#levels\">Alpha</a></td>
</tr>
<tr><TD>nut/*<td>Development<td>N/A
</tbody>
</table></markdown-accessiblity-table>
<p>fruit/* is not the only one.</p>
";
    for markdown in [
        html.to_owned(),
        html.replace("<markdown-accessiblity-table>", "\n<div>\n\n"),
    ] {
        let table = table(&markdown);
        let patterns: Vec<_> = table.rows.iter().map(|row| row.pattern.as_str()).collect();
        assert_eq!(patterns, ["fruit/*", "shop/fruit/*", "nut/*"]);
        let stated = table.lookup("", "shop/fruit/v1/sell.proto").unwrap();
        assert_eq!((stated.binary, stated.json), (level(Stable), level(Alpha)));
        let stated = table.lookup("", "nut/v1/nut.proto").unwrap();
        assert_eq!(
            (stated.binary, stated.json),
            (level(Development), Cell::NotApplicable)
        );
    }
}

#[test]
fn an_html_table_under_a_markdown_heading() {
    let body = "\
<table>
  <tr><th>Component</th><th>Maturity</th></tr>
  <tr><td colspan=\"2\"><strong>Binary Protobuf Encoding</strong></td></tr>
  <tr><td><code>fruit/*</code></td><td>Stable</td></tr>
  <tr><td><strong>JSON encoding</strong></td><td></td></tr>
  <tr><td>All messages</td><td><b>Beta</b></td></tr>
</table>
";
    assert_eq!(
        stated(body, "acme/fruit/a.proto"),
        Some((level(Stable), level(Beta), 6, 8))
    );
}

#[test]
fn where_the_table_is_looked_for() {
    let rows = "Component | Maturity |\n---|---|\nfruit/* | Beta |\n";
    let found = [
        format!("### maturity  level\n\n{rows}"),
        format!("Maturity Level\n==============\n\n{rows}"),
        format!("## `Maturity` Level ##\n{rows}"),
        format!(
            "# Maturity Level\r\n\r\nTwo lines\r\nof text.\r\n\r\n{}",
            rows.replace('\n', "\r\n")
        ),
        format!("# Maturity Level\n\nText right above.\n{rows}"),
        format!("# Maturity Level\n\n## The table\n\n{rows}"),
        format!("# Maturity Level\n\nLevel | Meaning\n---|---\nBeta | Nearly\n\n{rows}"),
        format!(
            "# Maturity Level\n\n```\n{}```\n\n{rows}",
            rows.replace("fruit", "nut")
        ),
        format!(
            "# Maturity Level\n\n<!--\n{}-->\n\n{rows}",
            rows.replace("fruit", "nut")
        ),
        format!("# Maturity Level\n\nNo table yet.\n\n# Other\n\n# Maturity Level\n\n{rows}"),
        format!("<h2 align=\"center\">Maturity Level</h2>\n\n{rows}"),
    ];
    for markdown in found {
        let table = table(&markdown);
        assert_eq!(table.rows.len(), 1, "{markdown}");
        let stated = table.lookup("", "fruit/a.proto").expect(&markdown);
        assert_eq!(stated.binary, level(Beta), "{markdown}");
        let line = markdown
            .lines()
            .position(|line| line.starts_with("fruit"))
            .unwrap();
        assert_eq!(stated.line as usize, line + 1, "{markdown}");
    }
    let missing = [
        String::new(),
        "# Maturity Level\n\nNothing.\n".to_owned(),
        format!("# Maturity\n\n{rows}"),
        format!("# Maturity Level\n\n# Other\n\n{rows}"),
        format!("### Maturity Level\n\n## Other\n\n{rows}"),
        format!("```\n# Maturity Level\n```\n\n{rows}"),
        format!("<!--\n# Maturity Level\n-->\n\n{rows}"),
        "# Maturity Level\n\nLevel | Meaning\n---|---\nBeta | Nearly\n".to_owned(),
    ];
    for markdown in missing {
        assert!(parse(&markdown, "Maturity Level").is_none(), "{markdown}");
    }
}

#[test]
fn the_table_ends_where_no_pipe_stands() {
    let body = "\
| Component | Maturity |
| --- | --- |
| fruit/* | Beta |
Some nuts, not all
| nut/* | Beta |
";
    assert!(stated(body, "acme/fruit/a.proto").is_some());
    assert_eq!(stated(body, "acme/nut/a.proto"), None);
}

#[test]
fn cells_that_are_no_level() {
    let body = "\
| Component | Maturity |
| --- | --- |
| a/* | N/A |
| b/* | |
| c/* | Deprecated |
| d/* | - |
| e/* |
";
    let cases = [("a", Cell::NotApplicable), ("b", NO), ("c", NO), ("d", NO)];
    for (directory, cell) in cases {
        let found = stated(body, &format!("acme/{directory}/x.proto"));
        assert_eq!(found.map(|found| found.0), Some(cell), "{directory}");
    }
}

#[test]
fn an_unknown_level_is_reported_with_its_place() {
    let markdown = "\
# Maturity Level

| Component | Maturity |
| --- | --- |
| fruit/* | Beta |
| nut/* | [Stabel](levels.md) |
";
    let (table, unknown) = parse(markdown, "Maturity Level").unwrap();
    let span = markdown.find("[Stabel").unwrap()..markdown.rfind(" |").unwrap();
    assert_eq!(
        unknown,
        [UnknownLevel {
            text: "Stabel".to_owned(),
            line: 6,
            span
        }]
    );
    assert_eq!(table.lookup("", "nut/a.proto").unwrap().binary, NO);
}

#[test]
fn the_most_exact_row_wins() {
    let body = "\
| Component | Maturity |
| --- | --- |
| fruit/v1/sour/* | Alpha |
| fruit/* | Stable |
| fruit/* | Beta |
| fruit/v1/* | ReleaseCandidate |
| fruit/lemon.proto | Development |
| * | Alpha |
"
    .replace("ReleaseCandidate", "Release Candidate");
    let cases = [
        ("acme/fruit/v2/pear.proto", Stable),
        ("acme/fruit/v1/pear.proto", ReleaseCandidate),
        ("acme/fruit/v1/sour/lime.proto", Alpha),
        ("acme/fruit/v1/lemon.proto", Development),
        ("acme/nut/v1/nut.proto", Alpha),
    ];
    for (path, expected) in cases {
        let found = stated(&body, path).map(|found| found.0);
        assert_eq!(found, Some(level(expected)), "{path}");
    }
}

#[test]
fn the_root_is_where_most_rows_cover_something() {
    let table = table(
        "\
# Maturity Level

| Component | Maturity |
| --- | --- |
| fruit/* | Stable |
| nut/nut.proto<br>shop/fruit/* | Stable |
",
    );
    let cases: [(&[&str], &str); 5] = [
        (
            &[
                "acme/proto/shop/fruit/v1/sell.proto",
                "acme/proto/fruit/v1/pear.proto",
                "acme/proto/nut/v1/nut.proto",
                "vendor/fruit/v1/pear.proto",
            ],
            "acme/proto",
        ),
        (&["fruit/v1/pear.proto", "acme/fruit/v1/pear.proto"], ""),
        (&["b/fruit/pear.proto", "a/fruit/pear.proto"], "a"),
        (&["nut/v1/shell.proto"], ""),
        (&[], ""),
    ];
    for (paths, root) in cases {
        assert_eq!(table.infer_root(paths.iter().copied()), root, "{paths:?}");
    }
    assert!(table.covers_any("a", ["b/fruit/pear.proto", "a/fruit/pear.proto"]));
    assert!(!table.covers_any("", ["b/fruit/pear.proto"]));
}

#[test]
fn the_root_may_be_written_loosely() {
    let table = table("# Maturity Level\n\nComponent|Maturity\n-|-\nfruit/*|Beta\n");
    for root in ["acme/proto", "acme/proto/", "./acme/proto", "/acme/proto/"] {
        assert!(
            table.lookup(root, "acme/proto/fruit/a.proto").is_some(),
            "{root}"
        );
        assert!(
            table.lookup(root, "acme/proto2/fruit/a.proto").is_none(),
            "{root}"
        );
    }
    assert!(table.lookup(".", "fruit/a.proto").is_some());
}
