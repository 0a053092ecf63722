//! Where `[report]` says that the pages of the rules are published, each format for people leads there; without it none does.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::process::Command;

use protopact::report::json;
use serde_json::Value;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const SETTING: &str =
    "[report]\npages = \"https://docs.example.org/(v1)/{guarantee}/{rule}.html?a=1&b='2'\"\n";
/// Where the setting leads for one of the findings.
const RULE: &str = "field-type-widened";
const PAGE: &str =
    "https://docs.example.org/(v1)/field-types-numbers-names/field-type-widened.html?a=1&b='2'";

/// What a check of `testdata/orders` prints, and what it adds to the summary of a job.
fn check(
    config: Option<&str>,
    flags: &[&str],
    variables: &[(&str, &str)],
) -> (String, String, Option<i32>) {
    let temp = TempDir::new().unwrap();
    let summary = temp.path().join("summary.md");
    let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
    for variable in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "FORCE_HYPERLINK",
        "GITHUB_STEP_SUMMARY",
    ] {
        command.env_remove(variable);
    }
    let sides = Path::new(ROOT).join("testdata/orders");
    command.args(["check", "-v", "--against"]);
    command.arg(sides.join("before"));
    command.arg("--to").arg(sides.join("after"));
    if let Some(config) = config {
        let path = temp.path().join("protopact.toml");
        fs::write(&path, config).unwrap();
        command.arg("--config").arg(path);
    }
    command
        .args(flags)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let told = text(output.stdout) + &text(output.stderr);
    let summary = fs::read_to_string(summary).unwrap_or_default();
    (told, summary, output.status.code())
}

fn printed(flags: &[&str], variables: &[(&str, &str)]) -> String {
    check(Some(SETTING), flags, variables).0
}

#[test]
fn the_rule_is_a_link_on_terminals_that_follow_links() {
    let link = format!("error[\x1b]8;;{PAGE}\x1b\\{RULE}\x1b]8;;\x1b\\]");
    let forced = printed(&[], &[("FORCE_HYPERLINK", "1")]);
    assert!(forced.contains(&link), "{forced}");
    // What does not count is linked too, and the colours are another matter.
    assert!(forced.contains("[\x1b]8;;") && !forced.contains("\x1b["));
    let coloured = printed(&["--color", "always"], &[("FORCE_HYPERLINK", "1")]);
    assert!(coloured.contains(&link) && coloured.contains("\x1b[1;31m"));
    // But for the links the report is the same.
    let mut rest = forced.clone();
    while let Some(start) = rest.find("\x1b]8;;") {
        let end = start + rest[start..].find("\x1b\\").unwrap() + 2;
        rest.replace_range(start..end, "");
    }
    assert_eq!(rest, check(None, &[], &[]).0);

    for (flags, variables) in [
        (&[][..], &[][..]),
        (&["--color", "always"], &[]),
        (&["--color", "never"], &[("FORCE_HYPERLINK", "1")]),
        (&[], &[("FORCE_HYPERLINK", "0")]),
        (&["--color", "always"], &[("TERM_PROGRAM", "WezTerm")]),
        (&["--format", "concise"], &[("FORCE_HYPERLINK", "1")]),
    ] {
        let told = printed(flags, variables);
        assert!(!told.contains("\x1b]8"), "{flags:?} {variables:?}");
    }
    let temp = TempDir::new().unwrap();
    let file = temp.path().join("report.txt");
    let format = format!("human:{}", file.display());
    printed(&["--format", &format], &[("FORCE_HYPERLINK", "1")]);
    let written = fs::read_to_string(file).unwrap();
    assert!(
        written.contains(RULE) && !written.contains('\x1b'),
        "files have no links"
    );
}

#[test]
fn sarif_names_the_page_of_each_rule() {
    let sarif: Value = serde_json::from_str(&printed(&["--format", "sarif"], &[])).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for rule in rules {
        let end = format!("/{}.html?a=1&b='2'", rule["id"].as_str().unwrap());
        assert!(rule["helpUri"].as_str().unwrap().ends_with(&end));
    }
    let rule = rules.iter().find(|rule| rule["id"] == RULE).unwrap();
    assert_eq!(rule["helpUri"], PAGE);
    let _: serde_sarif::sarif::Sarif = serde_json::from_value(sarif).unwrap();
}

#[test]
fn json_names_the_page_of_each_finding() {
    let report: Value = serde_json::from_str(&printed(&["--format", "json"], &[])).unwrap();
    let schema = json::schema::whole(json::SCHEMA).unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    jsonschema::validate(&schema, &report).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|it| it["rule"] == RULE).unwrap();
    assert_eq!(finding["page"], PAGE);
    assert!(findings.iter().all(|finding| finding["page"].is_string()));
}

#[test]
fn markdown_and_the_summary_of_a_job_link_the_rule() {
    let (told, _, _) = check(Some(SETTING), &["--format", "markdown"], &[]);
    let page = PAGE.replace('(', "%28").replace(')', "%29");
    assert!(told.contains(&format!("**error** [`{RULE}`]({page}): ")));
    let (_, summary, _) = check(Some(SETTING), &["--format", "github"], &[]);
    assert_eq!(summary, told);
    // What a reader of Markdown makes of it.
    let links: Vec<String> = pulldown_cmark::Parser::new_ext(&told, pulldown_cmark::Options::all())
        .filter_map(|event| match event {
            pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => {
                Some(dest_url.into_string())
            }
            _ => None,
        })
        .collect();
    assert!(links.contains(&page), "{links:?}");
    assert_eq!(links.len(), told.matches("](https://").count());
}

#[test]
fn the_page_for_a_browser_links_the_rule() {
    let told = printed(&["--format", "html"], &[]);
    let page = PAGE.replace('&', "&#38;").replace('\'', "&#39;");
    let link = format!("<a href=\"{page}\" rel=\"noreferrer\"><code>{RULE}</code></a>");
    assert!(told.contains(&link), "{told:.3000}");
}

#[test]
fn without_the_setting_nothing_is_linked() {
    for format in [
        "human", "json", "sarif", "github", "gitlab", "junit", "markdown", "html",
    ] {
        let (told, summary, _) = check(None, &["--format", format], &[("FORCE_HYPERLINK", "1")]);
        for none in [
            "docs.example.org",
            "helpUri",
            "\x1b]8",
            "rel=\"noreferrer\"",
        ] {
            assert!(!told.contains(none) && !summary.contains(none), "{format}");
        }
        assert!(!told.contains("\"page\": "), "{format}");
    }
}

#[test]
fn what_is_no_address_is_refused_at_its_line() {
    for (pages, message, help) in [
        (
            "https://a.example/{rul}.html",
            "unknown placeholder `{rul}`",
            "did you mean `rule`?",
        ),
        (
            "https://a.example/{rule",
            "there is a `{` without a `}`",
            "write `{rule}` where",
        ),
        (
            "https://a.example/rules.html",
            "the address is the same for all rules",
            "write `{rule}` where",
        ),
        (
            "javascript:alert('{rule}')",
            "is not an address of the web: it begins with `javascript:`",
            "https://docs.example.org/rules/{guarantee}/{rule}.html",
        ),
        (
            "docs/{rule}.html",
            "is not an address of the web",
            "write all of it",
        ),
        (
            "https://a.example/ {rule}",
            "is not an address of the web",
            "write all of it",
        ),
        (
            "https://a.example/\\u001b]8;;{rule}",
            "is not an address of the web",
            "write all of it",
        ),
    ] {
        let config = format!("preset = \"stable\"\n[report]\npages = \"{pages}\"\n");
        let (told, _, code) = check(Some(&config), &[], &[]);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("protopact.toml:3:9"), "{told}");
        assert!(told.contains(message) && told.contains(help), "{told}");
        assert!(!told.contains('\x1b'), "{told}");
    }
}
