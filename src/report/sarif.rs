//! The report as SARIF 2.1.0, for code scanning and editors: findings, the pages of their rules, both sides; it judges nothing.

mod model;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use self::model::{
    ArtifactLocation, Configuration, Described, Descriptor, DescriptorProperties, Driver,
    Invocation, Location, Log, LogicalLocation, Notification, PhysicalLocation, Region,
    ResultProperties, Run, RunProperties, SarifResult, Suppression, Text, Tool, VersionControl,
};
use super::place::{Spot, spot};
use super::text::printable;
use super::{Finding, Level, Report, Side, json, words};
use crate::rule::{Catalogue, Rule};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What paths of the current side are relative to.
const ROOT: &str = "%SRCROOT%";
/// What paths of the baseline are relative to: not the files that a reader has at hand.
const BASELINE: &str = "BASELINE";

/// The report; of the rules, those that have findings are described, each by its page in the catalogue.
pub fn render(report: &Report, catalogue: &Catalogue) -> Result<String, serde_json::Error> {
    let rules: Vec<&Rule> = catalogue
        .rules()
        .iter()
        .filter(|rule| {
            report
                .findings
                .iter()
                .any(|finding| finding.rule == rule.id)
        })
        .collect();
    let results = report
        .findings
        .iter()
        .map(|finding| result(report, finding, &rules))
        .collect();
    let remarks = report.remarks.iter().map(|remark| Notification {
        level: "note",
        message: plain(remark),
    });
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: report.tool.name,
                    semantic_version: report.tool.version,
                    version: report.tool.version,
                    information_uri: home(),
                    rules: rules
                        .iter()
                        .map(|rule| descriptor(rule, catalogue))
                        .collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: remarks.collect(),
            }],
            version_control_provenance: provenance(report),
            original_uri_base_ids: BTreeMap::from([
                (BASELINE, described(&report.baseline, "the baseline")),
                (ROOT, described(&report.current, "the current side")),
            ]),
            column_kind: "unicodeCodePoints",
            results,
            properties: RunProperties {
                baseline: &report.baseline,
                current: &report.current,
                policy: &report.policy,
                summary: &report.summary,
            },
        }],
    };
    json::pretty(&log)
}

/// The page of the program, once its manifest names one.
fn home() -> Option<&'static str> {
    [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")]
        .into_iter()
        .find(|uri| !uri.is_empty())
}

fn descriptor<'a>(rule: &'a Rule, catalogue: &'a Catalogue) -> Descriptor<'a> {
    let promise = catalogue
        .guarantee(&rule.guarantee)
        .map_or("", |guarantee| guarantee.promise.as_str());
    // Tests hold the pages to their form, so that there is prose.
    let prose = rule.prose().unwrap_or_default();
    let level = rule.verdict.setting.level();
    let mut help = format!("# {}\n\n> {promise}\n\n{prose}", rule.title);
    let _ = write!(
        help,
        "\n\n`protopact explain {}` shows the page with its examples.\n",
        rule.id
    );
    let first = prose.split("\n\n").next().unwrap_or_default();
    let mut tags: Vec<&str> = Vec::new();
    for id in rule.guarantees_of_page() {
        if !tags.contains(&id) {
            tags.push(id);
        }
    }
    Descriptor {
        id: &rule.id,
        name: pascal_case(&rule.id),
        short_description: text(rule.title.clone()),
        full_description: text(first.replace('\n', " ")),
        help: Text {
            text: help.replace('`', ""),
            markdown: Some(help),
        },
        default_configuration: Configuration {
            enabled: level.is_some(),
            level: level.map_or("none", Level::as_str),
        },
        properties: DescriptorProperties {
            guarantee: &rule.guarantee,
            promise,
            breaks: rule.verdict.effect.in_words(),
            tags,
        },
    }
}

/// `field-type-widened` as SARIF likes names: `FieldTypeWidened`.
fn pascal_case(id: &str) -> String {
    let words = id.split('-').map(|word| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    words.collect()
}

fn result<'a>(report: &'a Report, finding: &'a Finding, rules: &[&Rule]) -> SarifResult<'a> {
    let excuse = words::excuse(finding);
    SarifResult {
        rule_id: &finding.rule,
        rule_index: rules.iter().position(|rule| rule.id == finding.rule),
        // Not every reader knows suppressions; to those that do not, what is excused is a note.
        level: if excuse.is_some() {
            Level::Note.as_str()
        } else {
            finding.level.as_str()
        },
        message: text(unlinked(&words::in_lines(finding))),
        locations: [location(report, finding)],
        related_locations: related(report, finding),
        partial_fingerprints: BTreeMap::from([("protopact/v1", finding.fingerprint.as_str())]),
        suppressions: excuse
            .map(|excuse| Suppression {
                kind: "external",
                status: "accepted",
                justification: printable(&excuse).into_owned(),
            })
            .into_iter()
            .collect(),
        properties: ResultProperties {
            status: finding.status.as_str(),
            level: finding.level.as_str(),
            guarantees: &finding.guarantees,
            from: finding.from.as_deref(),
            to: finding.to.as_deref(),
            breaks: &finding.breaks,
            direction: &finding.direction,
            maturity: &finding.maturity.level,
            encodings: &finding.maturity.encoding,
        },
    }
}

fn location<'a>(report: &Report, finding: &'a Finding) -> Location<'a> {
    let physical = match spot(report, finding) {
        Spot::Current(path, at) => Some(physical(&path, Some(at), ROOT)),
        Spot::Baseline(at) => Some(physical(&at.path, Some(at), BASELINE)),
        Spot::Image(path) => Some(physical(&path, None, ROOT)),
        Spot::Nowhere => None,
    };
    Location {
        id: None,
        physical,
        logical: vec![LogicalLocation {
            fully_qualified_name: &finding.symbol,
            kind: &finding.subject,
        }],
        message: None,
    }
}

/// The place in the baseline, where it is not the main one.
fn related<'a>(report: &Report, finding: &Finding) -> Vec<Location<'a>> {
    let (Some(at), Spot::Current(..)) = (&finding.baseline, spot(report, finding)) else {
        return Vec::new();
    };
    let said = format!("in the baseline, {}", report.baseline.file(&at.to_string()));
    vec![Location {
        id: Some(1),
        physical: Some(physical(&at.path, Some(at), BASELINE)),
        logical: Vec::new(),
        message: Some(plain(&said)),
    }]
}

fn physical(path: &str, at: Option<&super::Location>, base: &'static str) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: artifact(path, base),
        region: at.filter(|at| at.line > 0).map(|at| Region {
            start_line: at.line,
            start_column: at.column,
            end_line: at.end_line,
            end_column: at.end_column,
        }),
    }
}

fn artifact(path: &str, base: &'static str) -> ArtifactLocation {
    if path.starts_with('/') {
        return ArtifactLocation {
            uri: Some(format!("file://{}", uri(path))),
            uri_base_id: None,
        };
    }
    ArtifactLocation {
        uri: Some(uri(path)),
        uri_base_id: Some(base),
    }
}

/// A path as a URI reference: all that is neither unreserved nor a slash is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The revision of each side from git, where the repository has an address: the current side first.
fn provenance(report: &Report) -> Vec<VersionControl<'_>> {
    [(&report.current, ROOT), (&report.baseline, BASELINE)]
        .into_iter()
        .filter_map(|(side, base)| {
            let is_kept = matches!(side.kind.as_str(), "git" | "worktree" | "index");
            Some(VersionControl {
                repository_uri: report.repository.as_deref().filter(|_| is_kept)?,
                // What is not committed has none.
                revision_id: side.commit.as_deref(),
                revision_tag: side.release.as_deref(),
                mapped_to: ArtifactLocation {
                    uri: None,
                    uri_base_id: Some(base),
                },
            })
        })
        .collect()
}

/// What paths of a side are relative to, in words.
fn described(side: &Side, role: &str) -> Described {
    let what = if side.kind == "dir" && role == "the current side" {
        format!("the directory that `{}` is named from", side.spec)
    } else {
        let commit = side.commit.as_ref();
        let commit = commit.map_or_else(String::new, |commit| format!(", commit {commit}"));
        format!("the root of {role}, {} ({}{commit})", side.spec, side.kind)
    };
    Described {
        description: plain(&what),
    }
}

fn plain(said: &str) -> Text {
    text(unlinked(&printable(said)))
}

fn text(text: String) -> Text {
    Text {
        text,
        markdown: None,
    }
}

/// Text in which nothing is a link: SARIF knows `[text](target)` in plain messages, too.
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}
