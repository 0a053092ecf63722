//! What stands on the page, in its order: findings by component and promise, the filters, what is left out; it judges nothing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;

use super::entry::{Entry, entry, maturity};
use super::excerpt::Known;
use crate::page::prose::{Part, plain, prose};
use crate::report::text::{count, plural};
use crate::report::{Finding, Level, Report, Status, closing, words};

/// How many findings are shown; a browser has trouble with more.
const FINDINGS: usize = 10_000;
/// About how many bytes of sources are shown, all findings together.
const SOURCES: usize = 16 * 1024 * 1024;
/// From how many findings on a page is large.
const LARGE: usize = 300;
/// How many values of a filter are shown before they are folded.
const SHORT: usize = 8;
/// How a component is called that has no folder, and what has no place in a file.
const TOP: &str = "top folder";
const NOWHERE: &str = "without a place in a file";

/// The page, as its template reads it.
#[derive(Debug, Template)]
#[template(path = "report/html/page.html", config = "src/askama.toml")]
pub(super) struct Page {
    version: String,
    verdict: String,
    is_failing: bool,
    counts: Vec<Count>,
    bump: Vec<Part>,
    remarks: Vec<Vec<Part>>,
    closing: String,
    left_out: Vec<String>,
    shown: usize,
    total: String,
    /// Whether there are so many that a browser should draw those first that it shows.
    is_large: bool,
    facets: Vec<Facet>,
    components: Vec<Component>,
}

/// How many findings there are of a kind.
#[derive(Debug)]
struct Count {
    kind: &'static str,
    number: usize,
    noun: String,
}

/// Something to filter by.
#[derive(Debug)]
struct Facet {
    key: &'static str,
    name: &'static str,
    values: Vec<(String, usize)>,
    is_long: bool,
}

/// The findings of one component.
#[derive(Debug)]
struct Component {
    name: String,
    findings: usize,
    promises: Vec<Promise>,
}

/// The findings of one promise.
#[derive(Debug)]
struct Promise {
    guarantee: String,
    text: Vec<Part>,
    entries: Vec<Entry>,
}

/// What findings are put together by: the component, then the guarantee and the promise.
type Groups<'a> = BTreeMap<String, BTreeMap<(&'a str, String), Vec<&'a Finding>>>;

impl Page {
    /// The page of a report. What is gravest comes first, and is the last to be left out.
    pub(super) fn of(report: &Report) -> Self {
        let mut findings: Vec<&Finding> = report.findings.iter().collect();
        findings.sort_by_key(|finding| weight(finding));
        let hidden = findings.split_off(findings.len().min(FINDINGS));
        let facets = facets(&findings);
        let shown = findings.len();
        let components = components(report, &findings);
        let summary = &report.summary;
        Self {
            version: format!("{} {}", report.tool.name, report.tool.version),
            verdict: words::verdict(report),
            is_failing: report.fails(),
            counts: summary
                .counted()
                .map(|(number, kind)| Count {
                    kind,
                    number,
                    noun: plural(number, kind),
                })
                .into(),
            bump: prose(&closing::bump(&summary.bump)),
            remarks: report.remarks.iter().map(|remark| prose(remark)).collect(),
            closing: plain(&closing::line(report)),
            left_out: left_out(&hidden, &components),
            shown,
            total: count(shown, "finding"),
            is_large: shown > LARGE,
            facets,
            components,
        }
    }
}

/// What orders findings: those that fail first, and of those the gravest.
fn weight(finding: &Finding) -> (Status, Reverse<Level>) {
    (finding.status, Reverse(finding.level))
}

/// The findings by component and promise; groups in the order of the gravest finding in them, then by name.
fn components<'a>(report: &'a Report, findings: &[&'a Finding]) -> Vec<Component> {
    let mut groups = Groups::new();
    for finding in findings {
        let guarantee = finding.guarantees.first().map_or("", String::as_str);
        groups
            .entry(component(finding))
            .or_default()
            .entry((guarantee, words::promise(finding)))
            .or_default()
            .push(finding);
    }
    let mut sorted: Vec<_> = groups
        .into_iter()
        .map(|(name, promises)| {
            let mut promises: Vec<_> = promises.into_iter().collect();
            promises.sort_by_key(|(_, findings)| gravest(findings));
            (name, promises)
        })
        .collect();
    sorted.sort_by_key(|(_, promises)| promises.first().map(|(_, first)| gravest(first)));

    let (mut known, mut room, mut ids) = (Known::default(), SOURCES, BTreeMap::new());
    sorted
        .into_iter()
        .map(|(name, promises)| Component {
            name,
            findings: promises.iter().map(|(_, findings)| findings.len()).sum(),
            promises: promises
                .into_iter()
                .map(|((guarantee, text), findings)| Promise {
                    guarantee: plain(guarantee),
                    text: prose(&text),
                    entries: findings
                        .into_iter()
                        .map(|finding| {
                            let id = id(finding, &mut ids);
                            entry(report, finding, id, &mut known, &mut room)
                        })
                        .collect(),
                })
                .collect(),
        })
        .collect()
}

/// A name for links that no other finding on the page has; the fingerprint, numbered where several have the same.
fn id<'a>(finding: &'a Finding, taken: &mut BTreeMap<&'a str, usize>) -> String {
    let seen = taken.entry(&finding.fingerprint).or_default();
    *seen += 1;
    let fingerprint = plain(&finding.fingerprint);
    match *seen {
        1 => format!("f-{fingerprint}"),
        n => format!("f-{fingerprint}-{n}"),
    }
}

/// The first of a group is the gravest: the findings are sorted before they are put in groups.
fn gravest(findings: &[&Finding]) -> Option<(Status, Reverse<Level>)> {
    findings.first().map(|finding| weight(finding))
}

/// The component that the configuration names, or the folder.
fn component(finding: &Finding) -> String {
    if let Some(component) = &finding.component {
        return plain(component);
    }
    match finding.current.as_ref().or(finding.baseline.as_ref()) {
        None => NOWHERE.to_owned(),
        Some(at) => match at.path.rsplit_once('/') {
            Some((folder, _)) => plain(folder),
            None => TOP.to_owned(),
        },
    }
}

/// What there is to filter by, with how many findings each value has.
fn facets(findings: &[&Finding]) -> Vec<Facet> {
    vec![
        facet(findings, "level", "Level", |it| {
            (Reverse(it.level), it.level.as_str().to_owned())
        }),
        facet(findings, "status", "Status", |it| {
            (it.status, it.status.as_str().to_owned())
        }),
        facet(findings, "maturity", "Maturity", |it| ((), maturity(it))),
        facet(findings, "rule", "Rule", |it| ((), plain(&it.rule))),
    ]
}

/// One of them; `value` says the value of a finding, and what the values are ordered by before their names.
fn facet<T: Ord>(
    findings: &[&Finding],
    key: &'static str,
    name: &'static str,
    value: fn(&Finding) -> (T, String),
) -> Facet {
    let mut values: BTreeMap<(T, String), usize> = BTreeMap::new();
    for finding in findings {
        *values.entry(value(finding)).or_default() += 1;
    }
    Facet {
        key,
        name,
        is_long: values.len() > SHORT,
        values: values
            .into_iter()
            .map(|((_, value), number)| (value, number))
            .collect(),
    }
}

/// What there was no room for, in sentences.
fn left_out(hidden: &[&Finding], components: &[Component]) -> Vec<String> {
    let mut said = Vec::new();
    if !hidden.is_empty() {
        let failing = hidden.iter().filter(|it| it.status == Status::Failing);
        let failing = match failing.count() {
            0 => String::new(),
            n => format!(", {n} of which fail the check"),
        };
        said.push(format!(
            "And {} more {}{failing}: there is no room for them here, the JSON report has them all.",
            hidden.len(),
            plural(hidden.len(), "finding")
        ));
    }
    let promises = components.iter().flat_map(|it| &it.promises);
    let entries = promises.flat_map(|it| &it.entries);
    let cut = entries.filter(|entry| entry.is_cut).count();
    if cut > 0 {
        said.push(format!(
            "The sources of {} are left out: there is no room for them here, the place is said with each.",
            count(cut, "finding")
        ));
    }
    said
}
