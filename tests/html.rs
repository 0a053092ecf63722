//! The page for browsers: inert whatever stands in schemas, complete, of a size that a browser bears, and usable in one.
//!
//! The browser is Chromium, driven by Playwright: `PROTOPACT_CHROMIUM` names the program, `PROTOPACT_PLAYWRIGHT` a folder whose
//! `node_modules` has `playwright-core`; Node.js runs it. Without them that test says that it skipped; with
//! `PROTOPACT_REQUIRE_CHROMIUM=1` it fails instead.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/hostile.rs"]
mod hostile;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hostile::{Case, cases};
use protopact::audit::{Audit, Breaks, Broken, Counts, Step, Totals, page as audit_page};
use protopact::report::{Consequence, Finding, Level, Location, Report, Status, html};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// All elements that the page is made of, and all their attributes.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "link", "style", "body", "a", "header", "h1", "h2", "h3",
    "h4", "ul", "li", "b", "fieldset", "legend", "label", "input", "details", "summary", "p",
    "strong", "div", "form", "span", "button", "main", "nav", "section", "article", "code", "dl",
    "dt", "dd", "br", "table", "thead", "tbody", "tr", "th", "td", "mark", "del", "ins", "footer",
    "script", "colgroup", "col", "svg", "text", "line", "rect",
];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "rel",
    "href",
    "class",
    "type",
    "value",
    "checked",
    "open",
    "id",
    "role",
    "aria-label",
    "hidden",
    "autocomplete",
    "spellcheck",
    "tabindex",
    "scope",
    "colspan",
    "data-facet",
    "data-total",
    "data-level",
    "data-status",
    "data-maturity",
    "data-rule",
    "aria-labelledby",
    "xmlns",
    "width",
    "height",
    "viewBox",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "rx",
    "text-anchor",
    "dominant-baseline",
    "transform",
];
const VOID: &[&str] = &["meta", "link", "input", "br", "col"];

/// What stands in the elements of a name, which nothing stands in that is not ours.
fn contents(page: &str, element: &str) -> Vec<String> {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    let parts = page.split(&start).skip(1);
    parts
        .map(|part| part.split_once(&end).unwrap().0.to_owned())
        .collect()
}

/// The tags of the page and the text between them, without its style and script.
fn read(name: &str, page: &str) -> (Vec<String>, String) {
    let page = page.strip_prefix("<!doctype html>").unwrap();
    let mut page = page.to_owned();
    for part in [contents(&page, "style"), contents(&page, "script")].concat() {
        page = page.replacen(&part, "", 1);
    }
    let (mut tags, mut text) = (Vec::new(), String::new());
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        assert!(!before.contains('>'), "{name}: {before}");
        text.push_str(before);
        let (tag, behind) = after.split_once('>').unwrap();
        rest = behind;
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "{name}: {after:.200}");
            continue;
        }
        let (element, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&element), "{name}: <{tag}>");
        let mut attributes = attributes;
        while !attributes.is_empty() {
            let end = attributes.find(['=', ' ']).unwrap_or(attributes.len());
            let (attribute, value) = attributes.split_at(end);
            assert!(ATTRIBUTES.contains(&attribute), "{name}: <{tag}>");
            attributes = match value.strip_prefix("=\"") {
                Some(value) => value.split_once('"').unwrap().1,
                None => value,
            };
            attributes = attributes.trim_start();
        }
        if !VOID.contains(&element) {
            open.push(element.to_owned());
        }
        tags.push(tag.to_owned());
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    (tags, unescaped(&text).replace('`', ""))
}

fn unescaped(text: &str) -> String {
    [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A text without what the page sets as code and escapes.
fn bare(text: &str) -> String {
    protopact::report::text::printable(text).replace('`', "")
}

#[test]
fn text_from_schemas_and_paths_is_text() {
    for Case { name, report } in cases() {
        let page = html::render(&report).unwrap();
        let (tags, text) = read(name, &page);
        assert_eq!(page.matches("<script").count(), 2, "{name}");
        for finding in &report.findings {
            assert!(
                text.contains(&bare(&finding.message)),
                "{name}: {}",
                finding.message
            );
            assert!(text.contains(&bare(&finding.promise.text)), "{name}");
            assert!(
                text.contains(&bare(&finding.help)),
                "{name}: {}",
                finding.help
            );
            assert!(text.contains(&finding.fingerprint), "{name}");
        }
        let articles = tags.iter().filter(|tag| tag.starts_with("article "));
        assert_eq!(articles.count(), report.findings.len(), "{name}");
        let ids: Vec<&str> = tags
            .iter()
            .filter_map(|tag| tag.split(" id=\"").nth(1))
            .collect();
        let distinct: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), distinct.len(), "{name}: ids are unique");
        let unseen =
            |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{200b}".contains(c);
        assert!(!page.contains(unseen), "{name}: {page:?}");
        // Nothing is fetched from anywhere, and no link leads away.
        for tag in &tags {
            if let Some((_, target)) = tag.split_once("href=\"") {
                assert!(
                    target.starts_with('#') || target == "data:,\"",
                    "{name}: {tag}"
                );
            }
        }
    }
}

#[test]
fn text_that_would_end_an_element_or_turn_around_is_text() {
    let mut report = cases().remove(0).report;
    let evil = "</style></script><script>alert(1)</script>\" ' onclick=\"x\" {{ 7*7 }} <!-- \u{202e}\u{2066}\0";
    report.current.spec = evil.to_owned();
    report.baseline.spec = evil.to_owned();
    report.remarks = vec![evil.to_owned()];
    for finding in &mut report.findings {
        for text in [
            &mut finding.rule,
            &mut finding.message,
            &mut finding.help,
            &mut finding.symbol,
            &mut finding.fingerprint,
            &mut finding.promise.text,
            &mut finding.promise.source,
            &mut finding.maturity.level,
            &mut finding.maturity.source,
        ] {
            evil.clone_into(text);
        }
        finding.guarantees = vec![evil.to_owned(); 2];
        finding.consequences = vec![Consequence {
            rule: evil.to_owned(),
            symbol: evil.to_owned(),
            message: evil.to_owned(),
        }];
        let places = [&mut finding.baseline, &mut finding.current];
        for place in places.into_iter().flatten() {
            place.path = format!("a/{evil}");
        }
    }
    let lines = format!("{evil}\n").repeat(99);
    report.sources.baseline = [(format!("a/{evil}"), lines.clone())].into();
    report.sources.current = [(format!("a/{evil}"), lines + evil)].into();
    let page = html::render(&report).unwrap();
    let (tags, text) = read("evil", &page);
    assert!(text.contains(&bare(evil)));
    assert!(tags.iter().any(|tag| tag == "mark"), "sources are shown");
    assert!(!page.contains(['\u{202e}', '\u{2066}', '\0']));
}

/// An audit of one release, whose every text is this one.
fn audit(text: &str) -> Audit {
    let counts = Counts {
        preset: text.to_owned(),
        additions: 1,
        promotions: 0,
        breaks: Breaks {
            error: 1,
            ..Breaks::default()
        },
        needed: "major",
        made: "patch",
        kept: false,
        failing: true,
        broken: vec![Broken {
            rule: text.to_owned(),
            page: None,
            status: Status::Failing,
            symbol: text.to_owned(),
            message: text.to_owned(),
        }],
    };
    let step = |counts: Option<Counts>| Step {
        from: text.to_owned(),
        to: text.to_owned(),
        date: "2026-05-12".to_owned(),
        commit: text.to_owned(),
        trouble: counts.is_none().then(|| text.to_owned()),
        counts,
    };
    Audit {
        version: 1,
        tool: cases().remove(0).report.tool,
        from_scratch: Some(text.to_owned()),
        releases: vec![step(Some(counts)), step(None)],
        totals: Totals::default(),
    }
}

#[test]
fn names_of_tags_are_text_on_the_page_of_an_audit() {
    let evil = "</style></script><script>alert(1)</script>\" ' onclick=\"x\" `{{ 7*7 }}` <!-- \u{202e}\u{2066}\0";
    let page = audit_page::render(&audit(evil)).unwrap();
    let (_, text) = read("audit", &page);
    assert_eq!(page.matches("<script").count(), 1);
    assert!(text.matches(&bare(evil)).count() > 6, "{text}");
    assert!(!page.contains(['\u{202e}', '\u{2066}', '\0']));
}

/// Writes a hash into a template, where it stands behind a mark, if it is another one there.
fn state(template: &str, mark: &str, hash: &str) {
    let path = Path::new(ROOT).join("src").join(template);
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, after) = text.split_once(mark).unwrap();
    let (open, rest) = after.split_once("'sha256-").unwrap();
    let (stated, behind) = rest.split_once('\'').unwrap();
    if stated == hash {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "src/{template} has another hash behind {mark}: run UPDATE=1 cargo test --test html"
    );
    let text = format!("{before}{mark}{open}'sha256-{hash}'{behind}");
    std::fs::write(&path, text).unwrap();
}

#[test]
fn the_policy_of_a_page_lets_only_its_own_styles_and_scripts_in() {
    let hash = |text: &String| BASE64_STANDARD.encode(Sha256::digest(text));
    let report = html::render(&cases().remove(0).report).unwrap();
    let audit = audit_page::render(&audit("v1.0.0")).unwrap();
    for (page, template) in [
        (report, "report/html/page.html"),
        (audit, "audit/page/page.html"),
    ] {
        let (styles, scripts) = (contents(&page, "style"), contents(&page, "script"));
        for (own, parts, what) in [
            ("style_hash", &styles, "style-src"),
            ("script_hash", &scripts, "script-src"),
        ] {
            state("page/frame.html", what, &hash(&parts[0]));
            if let Some(part) = parts.get(1) {
                state(template, own, &hash(part));
            }
        }
        let (_, policy) = page.split_once("default-src 'none'; ").unwrap();
        let policy = policy.split_once('"').unwrap().0;
        assert_eq!(
            policy.matches("'sha256-").count(),
            styles.len() + scripts.len()
        );
        for part in styles.iter().chain(&scripts) {
            if std::env::var_os("UPDATE").is_none() {
                assert!(policy.contains(&hash(part)), "{template}: {policy}");
            }
            // The lines of a style or script must be the same wherever it is checked out.
            assert!(!part.contains('\r'));
            for outside in [
                "http:", "https:", "url(", "@import", "import(", "fetch(", "eval(", "{%", "{{",
            ] {
                assert!(!part.contains(outside), "{outside}");
            }
        }
        // None of them is the other's.
        assert!(styles.len() == 2 && styles[0] != styles[1]);
    }
}

/// A report of many findings in one large file.
fn large(n: u32) -> Report {
    let mut report = cases().remove(0).report;
    let one = report.findings[0].clone();
    let path = "acme/v1/large.proto";
    let mut sides = [String::new(), String::new()];
    for i in 0..n {
        for (side, kind) in sides.iter_mut().zip(["int32", "int64"]) {
            writeln!(
                side,
                "  {kind} a_field_with_some_name_{i} = {};\n  // why",
                i + 1
            )
            .unwrap();
        }
    }
    let [before, after] = sides;
    report.sources.baseline.insert(path.to_owned(), before);
    report.sources.current.insert(path.to_owned(), after);
    report.findings = (0..n)
        .map(|i| {
            let at = Location {
                path: path.to_owned(),
                line: 2 * i + 1,
                column: 3,
                end_line: 2 * i + 1,
                end_column: 8,
            };
            Finding {
                symbol: format!("acme.v1.M.a_field_with_some_name_{i}"),
                message: format!(
                    "field `M.a_field_with_some_name_{i}` changed its type from `int32` to `int64`"
                ),
                level: if i % 2 == 0 {
                    Level::Error
                } else {
                    Level::Note
                },
                status: if i % 2 == 0 {
                    Status::Failing
                } else {
                    Status::Exempt
                },
                fingerprint: format!("{i:016x}"),
                baseline: Some(at.clone()),
                current: Some(at),
                ..one.clone()
            }
        })
        .collect();
    report.summary.count(&report.findings);
    report
}

#[test]
fn many_findings_make_no_page_that_a_browser_cannot_bear() {
    let page = html::render(&large(5_000)).unwrap();
    assert!(page.len() < 24 << 20, "{} bytes", page.len());
    let (tags, text) = read("5000", &page);
    let with = |start: &str| tags.iter().filter(|tag| tag.starts_with(start)).count();
    assert_eq!((with("article "), with("table")), (5_000, 5_000));
    assert!(!text.contains("left out:"));

    let page = html::render(&large(12_001)).unwrap();
    assert!(page.len() < 48 << 20, "{} bytes", page.len());
    let (tags, text) = read("12001", &page);
    let with = |start: &str| tags.iter().filter(|tag| tag.starts_with(start)).count();
    assert_eq!(with("article "), 10_000);
    assert!(
        text.contains("And 2001 more findings: there is no room for them here"),
        "{text:.2000}"
    );
    let cut = 10_000 - with("table");
    if cut > 0 {
        assert!(text.contains(&format!("The sources of {cut} findings are left out")));
    }
    // What fails the check is not what is left out.
    assert_eq!(with("article id=\"f-"), 10_000);
    let failing = tags
        .iter()
        .filter(|tag| tag.contains("data-status=\"failing\""));
    assert_eq!(failing.count(), 6_001);
}

/// A component may hold several folders, and a folder the files of several components.
#[test]
fn findings_are_grouped_by_the_components_that_the_configuration_names() {
    let mut report = large(3);
    report.findings[0].component = Some("billing".to_owned());
    report.findings[1].component = Some("billing".to_owned());
    report.findings[1].current.as_mut().unwrap().path = "acme/other/v1/a.proto".to_owned();
    let page = html::render(&report).unwrap();
    let headings: Vec<&str> = page
        .split("<h2>")
        .skip(1)
        .filter_map(|heading| heading.split_once(" <span class=\"number\">"))
        .map(|(heading, _)| heading)
        .collect();
    assert_eq!(headings[1..], ["acme/v1", "billing"]);
    assert!(!page.contains("<dt>component</dt>"));
}

#[test]
fn a_long_line_is_no_long_page() {
    let mut report = large(1);
    for texts in [&mut report.sources.baseline, &mut report.sources.current] {
        for text in texts.values_mut() {
            *text = format!("// {}", "x".repeat(10_000_000));
        }
    }
    report.findings[0].message = "`x` ".repeat(1_000_000);
    let page = html::render(&report).unwrap();
    assert!(page.len() < 60_000, "{} bytes", page.len());
}

#[test]
fn the_same_report_is_the_same_page() {
    for (a, b) in cases().iter().zip(cases()) {
        assert_eq!(
            html::render(&a.report).unwrap(),
            html::render(&b.report).unwrap()
        );
    }
}

/// Node.js, Chromium and Playwright; says what is absent.
fn browser() -> Option<Command> {
    let script = Path::new(ROOT).join("tests/html/browser.mjs");
    let mut node = Command::new("node");
    node.arg(script).stdin(Stdio::null());
    let missing = if std::env::var_os("PROTOPACT_CHROMIUM").is_none() {
        "PROTOPACT_CHROMIUM names no browser"
    } else if std::env::var_os("PROTOPACT_PLAYWRIGHT").is_none() {
        "PROTOPACT_PLAYWRIGHT names no folder with playwright-core"
    } else if Command::new("node").arg("--version").output().is_err() {
        "there is no `node`"
    } else {
        return Some(node);
    };
    assert!(
        std::env::var_os("PROTOPACT_REQUIRE_CHROMIUM").is_none(),
        "{missing}"
    );
    // The harness swallows what a passing test prints; a skip is to be seen.
    let said = format!("skipped: {missing} to show the page in\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    None
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(mut node) = browser() else { return };
    let temp = TempDir::new().unwrap();
    let page = |name: &str, report: &Report| {
        let path = temp.path().join(name);
        std::fs::write(&path, html::render(report).unwrap()).unwrap();
        path
    };
    let mut reports = cases();
    let unchanged = reports.pop().unwrap().report;
    let orders = temp.path().join("orders.html");
    let status = Command::new(env!("CARGO_BIN_EXE_protopact"))
        .current_dir(ROOT)
        .args(["-q", "check", "--against", "testdata/orders/before"])
        .args(["--to", "testdata/orders/after", "--format"])
        .arg(format!("html:{}", orders.display()))
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
    let audited = temp.path().join("audit.html");
    let page_of_audit = audit_page::render(&audit("<script>alert(1)</script>")).unwrap();
    std::fs::write(&audited, page_of_audit).unwrap();
    node.arg(orders)
        .arg(page("hostile.html", &reports[1].report))
        .arg(page("unchanged.html", &unchanged))
        .arg(page("large.html", &large(5_000)))
        .arg(audited);
    let output = node.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
