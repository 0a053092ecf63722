//! The report as SARIF 2.1.0, for code scanning and editors: findings, the pages of their rules, both sides; it judges nothing.

mod fingerprint;
mod model;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use self::fingerprint::Crowds;
use self::model::{
    ArtifactLocation, Configuration, Described, Descriptor, DescriptorProperties, Driver,
    Invocation, Location, Log, LogicalLocation, Notification, PhysicalLocation, Region,
    ResultProperties, Run, RunProperties, SarifResult, Suppression, Text, Tool, VersionControl,
};
use super::address::Address;
use super::place::{Spot, spot};
use super::text::{in_uri, printable};
use super::{Finding, Level, Report, Side, json, words};
use crate::rule::{Catalogue, Rule};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What paths of the current side are relative to.
const ROOT: &str = "%SRCROOT%";
/// What paths of the baseline are relative to: not the files that a reader has at hand. Further baselines have a number.
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
    let crowds = Crowds::of(report);
    let results = report
        .findings
        .iter()
        .map(|finding| result(report, finding, &rules, &crowds))
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
                        .map(|rule| descriptor(report, rule, catalogue))
                        .collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: remarks.collect(),
            }],
            version_control_provenance: provenance(report),
            original_uri_base_ids: base_ids(report),
            column_kind: "unicodeCodePoints",
            results,
            properties: RunProperties {
                baseline: &report.baseline,
                further_baselines: &report.further_baselines,
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

fn descriptor<'a>(report: &'a Report, rule: &'a Rule, catalogue: &'a Catalogue) -> Descriptor<'a> {
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
    let mut findings = report.findings.iter();
    let page = findings.find_map(|it| it.page.as_ref().filter(|_| it.rule == rule.id));
    Descriptor {
        id: &rule.id,
        help_uri: page.map(Address::as_str),
        name: pascal_case(&rule.id),
        short_description: text(rule.title.clone()),
        full_description: text(first.replace('\n', " ")),
        help: Text {
            text: help.replace('`', ""),
            markdown: Some(help),
        },
        default_configuration: Configuration {
            enabled: level.is_some(),
            level: level.map(Level::as_str),
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

fn result<'a>(
    report: &'a Report,
    finding: &'a Finding,
    rules: &[&Rule],
    crowds: &Crowds<'a>,
) -> SarifResult<'a> {
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
        message: text(unlinked(&words::in_lines(report, finding))),
        locations: [location(report, finding)],
        related_locations: related(report, finding),
        partial_fingerprints: crowds.fingerprints(report, finding),
        suppressions: excuse
            .map(|excuse| Suppression {
                kind: suppressed_by(finding),
                status: "accepted",
                justification: printable(&excuse).into_owned(),
            })
            .into_iter()
            .collect(),
        properties: ResultProperties {
            status: finding.status.as_str(),
            level: finding.level.as_str(),
            guarantees: &finding.guarantees,
            baselines: &finding.baselines,
            from: finding.from.as_deref(),
            to: finding.to.as_deref(),
            breaks: &finding.breaks,
            direction: &finding.direction,
            maturity: &finding.maturity.level,
            encodings: &finding.maturity.encoding,
        },
    }
}

/// What is agreed to in a comment is suppressed where the reader sees it.
fn suppressed_by(finding: &Finding) -> &'static str {
    let source = finding
        .agreement
        .as_ref()
        .map(|agreement| &agreement.source);
    let file = source.and_then(|source| source.split(':').next());
    match file {
        Some(file)
            if Path::new(file)
                .extension()
                .is_some_and(|end| end == "proto") =>
        {
            "inSource"
        }
        _ => "external",
    }
}

fn location<'a>(report: &Report, finding: &'a Finding) -> Location<'a> {
    let physical = match spot(report, finding) {
        Spot::Current(path, at) | Spot::Nearest(path, at, _) => {
            Some(physical(&path, Some(at), ROOT.to_owned()))
        }
        Spot::Baseline(at) => Some(physical(&at.path, Some(at), base_of(report, finding))),
        Spot::Image(path) => Some(physical(&path, None, ROOT.to_owned())),
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
    let (Some(at), Spot::Current(..) | Spot::Nearest(..)) =
        (&finding.baseline, spot(report, finding))
    else {
        return Vec::new();
    };
    let said = format!(
        "in the baseline, {}",
        report.baseline_of(finding).file(&at.to_string())
    );
    vec![Location {
        id: Some(1),
        physical: Some(physical(&at.path, Some(at), base_of(report, finding))),
        logical: Vec::new(),
        message: Some(plain(&said)),
    }]
}

fn physical(path: &str, at: Option<&super::Location>, base: String) -> PhysicalLocation {
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

fn artifact(path: &str, base: String) -> ArtifactLocation {
    if path.starts_with('/') {
        return ArtifactLocation {
            uri: Some(format!("file://{}", in_uri(path))),
            uri_base_id: None,
        };
    }
    ArtifactLocation {
        uri: Some(in_uri(path).to_string()),
        uri_base_id: Some(base),
    }
}

/// The revision of each side from git, where the repository has an address: the current side first.
fn provenance(report: &Report) -> Vec<VersionControl<'_>> {
    std::iter::once((&report.current, ROOT.to_owned()))
        .chain(baselines(report))
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

/// Each baseline with what its paths are relative to.
fn baselines(report: &Report) -> impl Iterator<Item = (&Side, String)> {
    let further = report.further_baselines.iter().zip(2..);
    std::iter::once((&report.baseline, BASELINE.to_owned()))
        .chain(further.map(|(side, number)| (side, format!("{BASELINE}{number}"))))
}

/// What the path of a finding's place in the baseline is relative to.
fn base_of(report: &Report, finding: &Finding) -> String {
    let side = report.baseline_of(finding);
    let named = baselines(report).find(|(other, _)| other.spec == side.spec);
    named.map_or_else(|| BASELINE.to_owned(), |(_, base)| base)
}

fn base_ids(report: &Report) -> BTreeMap<String, Described> {
    let mut ids: BTreeMap<String, Described> = baselines(report)
        .map(|(side, base)| (base, described(side, "the baseline")))
        .collect();
    ids.insert(
        ROOT.to_owned(),
        described(&report.current, "the current side"),
    );
    ids
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
