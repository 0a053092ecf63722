//! The formats that other programs read: valid by their own rules, the same on each run, and inert whatever stands in schemas
//! and paths. What SARIF and `JUnit` readers make of them, `tests/readers.rs` asks such readers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/hostile.rs"]
mod hostile;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use hostile::{Case, cases};
use protopact::report::text::printable;
use protopact::report::{
    Agreement, Finding, Level, Location, Report, Side, Status, github, gitlab, junit, markdown,
    sarif,
};
use protopact::rule::Catalogue;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

fn counting(report: &Report) -> Vec<&Finding> {
    let findings = report.findings.iter();
    findings.filter(|finding| finding.status.counts()).collect()
}

/// Where a finding is put: what went with a deleted file stands where that file's finding does, else at the nearest file.
fn place<'a>(report: &'a Report, finding: &'a Finding) -> Option<&'a Location> {
    let file = |path: &str| report.findings.iter().find(|f| f.symbol == path);
    let heir = || file(&finding.baseline.as_ref()?.path)?.current.as_ref();
    let nearest = || report.nearest.get(&finding.baseline.as_ref()?.path);
    finding.current.as_ref().or_else(heir).or_else(nearest)
}

fn sarif_of(report: &Report) -> String {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());
    sarif::render(report, &CATALOGUE).unwrap()
}

/// The schema that the types of `serde-sarif` are made from: the one of the OASIS committee, in its package.
fn sarif_schema() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "serde-sarif")
        .expect("serde-sarif is a dependency");
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = manifest.parent().unwrap().join("src/schema.json");
    let mut schema: Value =
        serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    // What errata 01 of the standard have mended since.
    let definitions = &mut schema["definitions"];
    for object in ["run", "toolComponent"] {
        definitions[object]["properties"]["language"]["pattern"] =
            "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    definitions["region"]["anyOf"] = serde_json::json!([
        {"required": ["startLine"]},
        {"required": ["charOffset"]},
        {"required": ["byteOffset"]}
    ]);
    schema
}

#[test]
fn every_case_shows_what_it_is_for() {
    let all = cases();
    let statuses: BTreeSet<Status> = all
        .iter()
        .flat_map(|case| case.report.findings.iter().map(|finding| finding.status))
        .collect();
    assert!(statuses.contains(&Status::Failing) && statuses.contains(&Status::Exempt));
    for Case { name, report } in &all {
        assert_eq!(report.findings.is_empty(), *name == "unchanged", "{name}");
    }
    let deleted = all.iter().find(|case| case.name == "all deleted").unwrap();
    assert!(deleted.report.findings.iter().all(|f| f.current.is_none()));
    let split = all.iter().find(|case| case.name == "file split").unwrap();
    let gone = |f: &Finding| f.subject == "enum" && f.current.is_none();
    assert!(split.report.findings.iter().any(gone));
    let hostile = all.iter().find(|case| case.name == "hostile").unwrap();
    let text = format!("{:?}", hostile.report.findings);
    for part in ["]]>", "::error", "octocat", "<script>", "u{1b}"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn sarif_follows_its_schema() {
    let schema = sarif_schema();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    for Case { name, report } in cases() {
        let text = sarif_of(&report);
        let log: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
        let log: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
        let results = log.runs[0].results.as_ref().unwrap();
        assert_eq!(results.len(), report.findings.len(), "{name}");
    }
}

#[test]
fn sarif_says_what_the_report_says() {
    for Case { name, report } in cases() {
        let log: Value = serde_json::from_str(&sarif_of(&report)).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for (result, finding) in run["results"]
            .as_array()
            .unwrap()
            .iter()
            .zip(&report.findings)
        {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(result["ruleId"], finding.rule);
            assert_eq!(rules[index]["id"], finding.rule);
            let suppressed = result["suppressions"][0]["justification"].as_str();
            assert_eq!(suppressed.is_none(), finding.status.counts(), "{name}");
            let level = if finding.status.counts() {
                finding.level
            } else {
                Level::Note
            };
            assert_eq!(result["level"], level.as_str());
            let message = result["message"]["text"].as_str().unwrap();
            assert!(
                !message.contains("](") && !message.contains('\u{1b}'),
                "{message}"
            );
            let physical = &result["locations"][0]["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.chars().all(|c| c.is_ascii_graphic()), "{uri}");
            let here = place(&report, finding);
            let at = here.or(finding.baseline.as_ref()).unwrap();
            assert_eq!(decoded(uri), at.path);
            assert_eq!(physical["region"]["startLine"], at.line);
            assert_eq!(physical["region"]["endColumn"], at.end_column);
            let base = if here.is_some() {
                "%SRCROOT%"
            } else {
                "BASELINE"
            };
            assert_eq!(physical["artifactLocation"]["uriBaseId"], base);
            let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
            let both = here.is_some() && finding.baseline.is_some();
            assert_eq!(related, usize::from(both));
        }
    }
}

/// Code scanning on GitHub takes findings of one rule with one `primaryLocationLineHash` in one file for one alert, and works the
/// hash out from the line where it is not there.
#[test]
fn code_scanning_tells_findings_on_one_line_apart() {
    let mut report = cases().remove(0).report;
    let mut same = report.findings[0].clone();
    same.fingerprint = "00000000000000aa".to_owned();
    let mut below = same.clone();
    below.fingerprint = "00000000000000bb".to_owned();
    below.current.as_mut().unwrap().line += 1;
    let mut other = same.clone();
    other.rule = "field-renamed".to_owned();
    let first = format!("{}:1", report.findings[0].fingerprint);
    report.findings = vec![report.findings[0].clone(), same, below, other];
    let log: Value = serde_json::from_str(&sarif_of(&report)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let hashes: Vec<Option<&str>> = results
        .iter()
        .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].as_str())
        .collect();
    assert_eq!(
        hashes,
        [Some(&*first), Some("00000000000000aa:1"), None, None]
    );
}

/// What GitHub's page on SARIF asks of rules, all of which are shown to it here.
#[test]
fn code_scanning_takes_every_rule() {
    let catalogue = Catalogue::embedded().unwrap();
    let mut report = cases().remove(0).report;
    let one = report.findings[0].clone();
    let finding = |rule: &str| Finding {
        rule: rule.to_owned(),
        ..one.clone()
    };
    let rules = catalogue.rules().iter();
    report.findings = rules.map(|rule| finding(&rule.id)).collect();
    let log: Value = serde_json::from_str(&sarif_of(&report)).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert_eq!(rules.len(), catalogue.rules().len());
    for rule in rules {
        let id = &rule["id"];
        for key in ["shortDescription", "fullDescription"] {
            let length = rule[key]["text"].as_str().unwrap().chars().count();
            assert!((1..=1024).contains(&length), "{id}: {key} has {length}");
        }
        assert_ne!(rule["help"]["text"], "", "{id}");
        let tags = rule["properties"]["tags"].as_array().unwrap();
        assert!(tags.len() <= 10, "{id}");
        let configuration = &rule["defaultConfiguration"];
        let levels = ["note", "warning", "error"];
        match configuration["level"].as_str() {
            Some(level) => assert!(levels.contains(&level), "{id}: {level}"),
            None => assert_eq!(configuration["enabled"], false, "{id}"),
        }
    }
}

/// A percent-encoded text as it was.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap().to_owned();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn sarif_names_the_repository_and_the_revisions() {
    let mut report = cases().remove(0).report;
    assert!(!sarif_of(&report).contains("versionControlProvenance"));
    report.repository = Some("https://example.com/acme/api.git".to_owned());
    report.baseline.kind = "git".to_owned();
    report.baseline.commit = Some("0123456789abcdef0123456789abcdef01234567".to_owned());
    report.baseline.release = Some("1.2.0".to_owned());
    report.current.kind = "worktree".to_owned();
    let log: Value = serde_json::from_str(&sarif_of(&report)).unwrap();
    let expected = serde_json::json!([
        {
            "repositoryUri": "https://example.com/acme/api.git",
            "mappedTo": {"uriBaseId": "%SRCROOT%"}
        },
        {
            "repositoryUri": "https://example.com/acme/api.git",
            "revisionId": "0123456789abcdef0123456789abcdef01234567",
            "revisionTag": "1.2.0",
            "mappedTo": {"uriBaseId": "BASELINE"}
        }
    ]);
    assert_eq!(log["runs"][0]["versionControlProvenance"], expected);
    assert!(jsonschema::is_valid(&sarif_schema(), &log));
}

/// A workflow command as the runner of GitHub Actions takes a line for one.
struct WorkflowCommand {
    name: String,
    properties: BTreeMap<String, String>,
    data: String,
}

fn command(line: &str) -> Option<WorkflowCommand> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (info, data) = rest.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let properties = properties
        .split(',')
        .filter_map(|property| property.split_once('='))
        .map(|(name, value)| {
            let value = value.replace("%3A", ":").replace("%2C", ",");
            (name.to_owned(), unescaped(&value))
        })
        .collect();
    Some(WorkflowCommand {
        name: name.to_owned(),
        properties,
        data: unescaped(data),
    })
}

fn unescaped(text: &str) -> String {
    let text = text.replace("%0D", "\r").replace("%0A", "\n");
    text.replace("%25", "%")
}

#[test]
fn github_sees_one_annotation_for_each_finding_that_counts() {
    for Case { name, report } in cases() {
        let text = github::render(&report);
        let mut expected = counting(&report);
        expected.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        let lines: Vec<&str> = text
            .split(['\n', '\r'])
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(lines.len(), expected.len() + 1, "{name}: {text}");
        for (line, finding) in lines.iter().zip(expected) {
            let command = command(line).unwrap();
            let level = match finding.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "notice",
            };
            assert_eq!(command.name, level);
            assert!(
                command.data.starts_with(&*printable(&finding.message)),
                "{line}"
            );
            let title = format!("{}: {}", finding.rule, finding.symbol);
            assert_eq!(command.properties["title"], printable(&title));
            let at = place(&report, finding);
            // A path with control characters names no file to GitHub; the log of the job is not to obey it.
            let path = at.map(|at| printable(&at.path).into_owned());
            assert_eq!(command.properties.get("file"), path.as_ref());
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(
                command
                    .properties
                    .keys()
                    .all(|key| known.contains(&key.as_str()))
            );
        }
        let closing = lines.last().unwrap();
        assert!(
            command(closing).is_none() && !closing.contains("##["),
            "{closing}"
        );
    }
}

#[test]
fn github_is_not_steered_by_the_names_of_revisions() {
    let mut report = cases().remove(0).report;
    report.current.spec = "::stop-commands::x".to_owned();
    report.baseline.spec = "##[error]x\n::error::y".to_owned();
    let text = github::render(&report);
    let count = counting(&report).len();
    assert_eq!(text.lines().filter_map(command).count(), count, "{text}");
    let last = text.lines().last().unwrap();
    assert!(!last.contains("##["), "{last}");
}

#[test]
fn github_is_told_the_most_severe_first_and_what_it_does_not_show() {
    let mut report = cases().remove(0).report;
    assert_eq!(github::surplus(&report), None);
    let one = counting(&report)[0].clone();
    report.findings = (0..25)
        .map(|i| Finding {
            level: if i % 2 == 0 {
                Level::Warning
            } else {
                Level::Error
            },
            ..one.clone()
        })
        .collect();
    let text = github::render(&report);
    let names: Vec<String> = text.lines().filter_map(command).map(|c| c.name).collect();
    assert_eq!(names.len(), 25);
    assert!(names[..12].iter().all(|name| name == "error"), "{names:?}");
    let said = github::surplus(&report).unwrap();
    assert!(said.contains("12 errors, 13 warnings"), "{said}");
    assert!(text.contains(&said));
}

#[test]
fn gitlab_finds_all_that_it_asks_for() {
    for Case { name, mut report } in cases() {
        // One more of each, as where an element has two findings that differ in nothing.
        report.findings.extend(report.findings.clone());
        let array: Value = serde_json::from_str(&gitlab::render(&report).unwrap()).unwrap();
        let entries = array.as_array().unwrap();
        let excused = usize::from(counting(&report).len() < report.findings.len());
        assert_eq!(entries.len(), counting(&report).len() + excused, "{name}");
        let prints: BTreeSet<&str> = entries
            .iter()
            .map(|entry| entry["fingerprint"].as_str().unwrap())
            .collect();
        assert_eq!(
            prints.len(),
            entries.len(),
            "{name}: fingerprints are unique"
        );
        for entry in entries {
            let text = entry["description"].as_str().unwrap();
            assert!(
                !text.is_empty() && !text.contains(char::is_control),
                "{text}"
            );
            assert!(!entry["check_name"].as_str().unwrap().is_empty());
            assert!(["major", "minor", "info"].contains(&entry["severity"].as_str().unwrap()));
            let place = &entry["location"];
            let path = place["path"].as_str().unwrap();
            assert!(!path.is_empty() && !path.starts_with("./"), "{path}");
            assert!(place["lines"]["begin"].as_u64().unwrap() >= 1);
        }
    }
}

#[test]
fn junit_is_xml_and_counts_as_the_report_does() {
    for Case { name, report } in cases() {
        let text = junit::render(&report).unwrap();
        let is_xml = |c: char| matches!(c, '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(is_xml), "{name}: {text:?}");
        assert!(
            !text.contains("]]>") && !text.contains("<script>"),
            "{name}: {text}"
        );
        assert!(
            !text.contains("timestamp") && !text.contains("time="),
            "{name}"
        );
        let read = quick_junit::Report::deserialize_from_str(&text).unwrap();
        let with = |status| {
            report
                .findings
                .iter()
                .filter(|f| f.status == status)
                .count()
        };
        assert_eq!(read.tests, report.findings.len().max(1), "{name}");
        assert_eq!(read.failures, with(Status::Failing), "{name}");
        let skipped = report.findings.len() - counting(&report).len();
        assert_eq!(read.skipped, skipped, "{name}");
        for suite in &read.test_suites {
            let cases = suite.test_cases.iter();
            let names: BTreeSet<_> = cases.map(|case| (&case.classname, &case.name)).collect();
            assert_eq!(
                names.len(),
                suite.test_cases.len(),
                "{name}: names are unique"
            );
        }
    }
}

/// What Markdown shows: the cells of its tables, and whether anything in it does more than show.
fn shown(name: &str, text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut is_code, mut is_cell) = (false, false);
    for event in Parser::new_ext(text, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        let part = match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                rows.push(Vec::new());
                continue;
            }
            Event::Start(Tag::TableCell) => {
                is_cell = true;
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
                continue;
            }
            Event::End(TagEnd::TableHead) => {
                rows.pop();
                continue;
            }
            Event::End(TagEnd::TableCell) => {
                is_cell = false;
                continue;
            }
            Event::Code(code) => code.to_string(),
            Event::Text(text) => {
                if !is_code {
                    for mark in ["@", "://", "www.", "#1", "<script", "]("] {
                        assert!(!text.contains(mark), "{name}: {text}");
                    }
                }
                text.to_string()
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                let html = html.trim();
                match html {
                    "<code>" => is_code = true,
                    "</code>" => is_code = false,
                    "<br>" | "</details>" | "<!-- protopact:report -->" | "" => {}
                    _ => assert!(
                        html.starts_with("<details><summary>") && html.ends_with("</summary>"),
                        "{name}: {html}"
                    ),
                }
                continue;
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::Table(_)
                | Tag::List(None)
                | Tag::Item
                | Tag::Strong
                | Tag::HtmlBlock,
            )
            | Event::End(_)
            | Event::SoftBreak => continue,
            other => panic!("{name}: {other:?}"),
        };
        let cell = rows.last_mut().and_then(|row| row.last_mut());
        if let Some(cell) = cell.filter(|_| is_cell) {
            cell.push_str(&part);
        }
    }
    rows
}

#[test]
fn markdown_shows_every_finding_and_does_nothing_else() {
    for Case { name, report } in cases() {
        let text = markdown::render(&report, markdown::COMMENT, None);
        assert!(text.starts_with("<!-- protopact:report -->\n### protopact: "));
        let rows = shown(name, &text);
        assert_eq!(rows.len(), report.findings.len(), "{name}: {text}");
        for finding in &report.findings {
            let message = finding.message.replace('`', "");
            let message = printable(&message).into_owned();
            let is_shown = |row: &&Vec<String>| {
                row.len() == 3
                    && row[1].replace('`', "").contains(&message)
                    && row[2].contains(&finding.promise.text.replace('`', ""))
            };
            assert!(
                rows.iter().any(|row| is_shown(&row)),
                "{name}: {message}\n{rows:#?}"
            );
        }
    }
}

#[test]
fn markdown_stays_within_its_limit_and_counts_what_it_leaves_out() {
    let mut report = cases().remove(0).report;
    let one = counting(&report)[0].clone();
    let many = |n: usize| -> Vec<Finding> {
        (0..n)
            .map(|i| Finding {
                symbol: format!("acme.v1.M{i}"),
                status: if i % 3 == 0 {
                    Status::Exempt
                } else {
                    Status::Failing
                },
                message: format!("field `M{i}.x` {}", "was deleted ".repeat(i % 80)),
                ..one.clone()
            })
            .collect()
    };
    report.findings = many(5_000);
    for limit in [0, 1_000, 3_000, markdown::COMMENT, markdown::SUMMARY] {
        let text = markdown::render(&report, limit, Some("a remark"));
        // The verdict, the counts and the closing line are there however little room there is.
        assert!(text.len() <= limit.max(1_600), "{} of {limit}", text.len());
        let rows = shown("many", &text).len();
        let left_out = format!("And {} more findings", 5_000 - rows);
        assert!(text.contains(&left_out), "{limit}: {rows}");
        assert!(text.contains("3333 findings fail the check") && text.contains("a remark"));
        assert_eq!(
            text.matches("<details>").count(),
            text.matches("</details>").count()
        );
    }
    report.findings = many(40);
    let text = markdown::render(&report, markdown::COMMENT, None);
    assert_eq!(shown("forty", &text).len(), 40);
    assert!(!text.contains("more finding"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let render = || -> Vec<String> {
        let each = |Case { report, .. }: Case| {
            [
                sarif_of(&report),
                github::render(&report),
                gitlab::render(&report).unwrap(),
                junit::render(&report).unwrap(),
                markdown::render(&report, markdown::COMMENT, None),
            ]
        };
        cases().into_iter().flat_map(each).collect()
    };
    assert_eq!(render(), render());
}

#[test]
fn each_finding_says_which_of_several_baselines_it_breaks() {
    let mut report = cases().remove(0).report;
    report.further_baselines.push(Side {
        spec: "v0.9.0".to_owned(),
        ..report.baseline.clone()
    });
    report.findings.truncate(2);
    report.findings[1].baselines = vec!["v0.9.0".to_owned()];
    let log: Value = serde_json::from_str(&sarif_of(&report)).unwrap();
    assert!(jsonschema::is_valid(&sarif_schema(), &log));
    let results = &log["runs"][0]["results"];
    let base = |i: usize| {
        let place = &results[i]["relatedLocations"][0]["physicalLocation"];
        place["artifactLocation"]["uriBaseId"].as_str().unwrap()
    };
    assert_eq!((base(0), base(1)), ("BASELINE", "BASELINE2"));
    let ids = log["runs"][0]["originalUriBaseIds"].as_object().unwrap();
    assert!(
        ids["BASELINE2"]["description"]["text"]
            .as_str()
            .unwrap()
            .contains("v0.9.0")
    );
    for text in [
        github::render(&report),
        junit::render(&report).unwrap(),
        markdown::render(&report, markdown::COMMENT, None),
    ] {
        assert_eq!(text.matches("against: v1.0.0").count(), 1, "{text}");
        assert_eq!(text.matches("against: v0.9.0").count(), 1, "{text}");
    }
}

#[test]
fn what_was_agreed_to_says_by_whom_and_why() {
    let mut report = cases().remove(0).report;
    report.findings.truncate(2);
    for (finding, source) in report
        .findings
        .iter_mut()
        .zip(["records.toml:3", "a.proto:7"])
    {
        finding.status = Status::Accepted;
        finding.agreement = Some(Agreement {
            reason: "nobody uses it, says @octocat ]]>".to_owned(),
            who: Some("Ann <ann@example.com>".to_owned()),
            until: None,
            source: source.to_owned(),
        });
    }
    let why = "agreed to by Ann <ann@example.com>: nobody uses it, says @octocat ]]> (a.proto:7)";
    let log: Value = serde_json::from_str(&sarif_of(&report)).unwrap();
    assert!(jsonschema::is_valid(&sarif_schema(), &log));
    let suppression = |i: usize| &log["runs"][0]["results"][i]["suppressions"][0];
    assert_eq!(suppression(0)["kind"], "external");
    assert_eq!(suppression(1)["kind"], "inSource");
    assert_eq!(suppression(1)["justification"], why);
    let read = quick_junit::Report::deserialize_from_str(&junit::render(&report).unwrap()).unwrap();
    assert_eq!((read.failures, read.skipped), (0, 2));
    let text = markdown::render(&report, markdown::COMMENT, None);
    let rows = shown("agreed", &text);
    assert!(rows.iter().any(|row| row[1].contains(why)), "{rows:?}");
    assert!(!github::render(&report).contains("::error"));
}
