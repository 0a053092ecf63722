//! The report as a comment on a pull request, in the Markdown of GitHub and GitLab, within a limit of length.

pub(crate) mod escape;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use self::escape::{code, prose};
use super::address::Address;
use super::text::{self, count, plural};
use super::{Finding, Report, Status, closing, words};

/// How long a comment may be: 65,536 characters on GitHub, counted here as bytes to be on the safe side.
pub const COMMENT: usize = 65_536;
/// How much a step may add to the summary of its job on GitHub.
pub const SUMMARY: usize = 1024 * 1024;

/// What stands at the top of each comment, unseen, for a bot to know its own by.
const MARKER: &str = "<!-- protopact:report -->";
/// Characters of one cell that are shown.
const CELL: usize = 600;
/// How many rules are named where findings are left out.
const RULES: usize = 12;
/// Room for the sentences that say what was left out, and for the end of a section.
const RESERVE: usize = 1_200;

/// The report in at most `limit` bytes; `remark` is said below the counts.
///
/// First what fails the check, by file; then, folded, what does not fail it and what does not count. What finds no room is
/// counted. The verdict, the counts and the closing line are there however little room there is.
pub fn render(report: &Report, limit: usize, remark: Option<&str>) -> String {
    let mut out = head(report);
    if let Some(remark) = remark {
        let _ = writeln!(out, "\n{}", prose(remark));
    }
    let foot = foot(report);
    let room = limit.saturating_sub(out.len() + foot.len() + RESERVE);
    let mut body = Body {
        text: String::new(),
        room,
        left_out: BTreeMap::new(),
    };
    body.push_group(report, Status::Failing);
    for status in [
        Status::Reported,
        Status::Exempt,
        Status::Accepted,
        Status::Dormant,
    ] {
        body.push_folded(report, status);
    }
    out.push_str(&body.text);
    if let Some(more) = body.more() {
        let _ = writeln!(out, "\n**{more}**");
        let rules = words::by_rule(report.findings.iter(), RULES).join(", ");
        let _ = writeln!(
            out,
            "\nAll findings by rule: {}.",
            prose(&shortened(&rules))
        );
    }
    out.push_str(&foot);
    out
}

/// The marker, the verdict in one line, and the counts.
fn head(report: &Report) -> String {
    let verdict = words::verdict(report);
    let summary = &report.summary;
    let counts = summary
        .counted()
        .map(|(n, noun)| format!("{n} {}", plural(n, noun)));
    let bump = match summary.bump.as_str() {
        "none" => "no version bump needed".to_owned(),
        bump => format!("needs a **{}** version bump", prose(bump)),
    };
    format!(
        "{MARKER}\n### protopact: {verdict}\n\n{}; {bump}\n",
        counts.join(", ")
    )
}

/// The remarks and the closing line, folded.
fn foot(report: &Report) -> String {
    let mut out = "\n<details><summary>What was compared</summary>\n\n".to_owned();
    for said in report.remarks.iter().chain([&closing::line(report)]) {
        let _ = writeln!(out, "- {}", prose(&shortened(said)));
    }
    out.push_str("\n</details>\n");
    out
}

fn with(report: &Report, status: Status) -> impl Iterator<Item = &Finding> {
    let findings = report.findings.iter();
    findings.filter(move |finding| finding.status == status)
}

/// What is between head and foot, and how much more there may be of it.
struct Body {
    text: String,
    room: usize,
    left_out: BTreeMap<Status, usize>,
}

impl Body {
    /// The findings of a status that stands in the open.
    fn push_group(&mut self, report: &Report, status: Status) {
        let mut path = None;
        for finding in with(report, status) {
            self.push_row(report, finding, &mut path);
        }
    }

    /// The findings of a status, folded below their number.
    fn push_folded(&mut self, report: &Report, status: Status) {
        let all = with(report, status).count();
        if all == 0 {
            return;
        }
        let title = match status {
            Status::Failing | Status::Reported => {
                format!("{} below the level that fails", count(all, "finding"))
            }
            status => format!("{all} {}", status.as_str()),
        };
        let before = self.text.len();
        let open = format!("\n<details><summary>{title}</summary>\n");
        let close = "\n</details>\n";
        self.text.push_str(&open);
        let empty = self.text.len();
        self.room = self.room.saturating_sub(open.len() + close.len());
        self.push_group(report, status);
        if self.text.len() == empty {
            self.text.truncate(before);
        } else {
            self.text.push_str(close);
        }
    }

    /// A row of the table of a file, with the heading and the head of the table where it is the first.
    fn push_row(&mut self, report: &Report, finding: &Finding, path: &mut Option<String>) {
        let (file, line) = place(report, finding);
        let mut text = String::new();
        if path.as_ref() != Some(&file) {
            let _ = write!(
                text,
                "\n#### {}\n\n| line | finding | promise |\n|---:|---|---|\n",
                code(&shortened(&file))
            );
        }
        text.push_str(&row(report, finding, &line));
        // Once something is left out all that follows is, so that no reader takes what is there for complete.
        if !self.left_out.is_empty() || text.len() > self.room {
            *self.left_out.entry(finding.status).or_default() += 1;
            return;
        }
        self.room -= text.len();
        self.text.push_str(&text);
        *path = Some(file);
    }

    /// What was left out, in a sentence.
    fn more(&self) -> Option<String> {
        let total: usize = self.left_out.values().sum();
        if total == 0 {
            return None;
        }
        let failing = match self.left_out.get(&Status::Failing) {
            Some(n) => format!(", {n} of which fail the check"),
            None => String::new(),
        };
        Some(format!(
            "And {total} more {}{failing}: there is no room for them here, the JSON report has them all.",
            plural(total, "finding")
        ))
    }
}

fn row(report: &Report, finding: &Finding, line: &str) -> String {
    let level = finding.level.as_str();
    let mut cell = format!(
        "**{level}** {}: {}",
        linked(&finding.rule, finding.page.as_ref()),
        prose(&shortened(&finding.message))
    );
    for (label, text) in words::notes(report, finding) {
        if label == "promise" {
            continue;
        }
        let text: Vec<String> = text
            .lines()
            .map(|line| prose(&shortened(line.trim())))
            .collect();
        let _ = write!(cell, "<br>{label}: {}", text.join("<br>"));
    }
    if matches!(finding.status, Status::Accepted | Status::Dormant) {
        let excuse = words::excuse(finding).unwrap_or_default();
        let _ = write!(cell, "<br>{}", prose(&excuse));
    }
    let promise = prose(&shortened(&words::promise(finding)));
    format!("| {line} | {cell} | {promise} |\n")
}

/// The rule, as a link where it has a page.
fn linked(rule: &str, page: Option<&Address>) -> String {
    let rule = code(rule);
    match page {
        // Of what an address may hold only parentheses would end the link.
        Some(page) => {
            let page = page.as_str().replace('(', "%28").replace(')', "%29");
            format!("[{rule}]({page})")
        }
        None => rule,
    }
}

/// The file that a finding is listed under, and its line there.
fn place(report: &Report, finding: &Finding) -> (String, String) {
    match (&finding.current, &finding.baseline) {
        (Some(at), _) => (at.path.clone(), at.line.to_string()),
        (None, Some(at)) => (
            report.baseline_of(finding).file(&at.path),
            at.line.to_string(),
        ),
        (None, None) => (finding.symbol.clone(), String::new()),
    }
}

fn shortened(text: &str) -> Cow<'_, str> {
    text::shortened(text, CELL)
}
