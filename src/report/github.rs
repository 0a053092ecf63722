//! The findings as workflow commands of GitHub Actions, which become annotations beside the code; it knows no environment.

use std::fmt::Write as _;

use super::place::{Spot, spot, stood};
use super::text::{count, inert, printable, shortened};
use super::{Finding, Level, Report, closing, words};

/// How many annotations of one level GitHub shows for a step.
const SHOWN: usize = 10;
/// How long the title of one may be, without the sign that it goes on.
const TITLE: usize = 250;

/// A command for each finding that counts, the most severe first, then the closing line.
///
/// What is exempt, accepted or dormant gets no annotation; the closing line counts it.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        for finding in counting(report, level) {
            push_command(&mut out, report, finding);
        }
    }
    for line in surplus(report).into_iter().chain([closing::line(report)]) {
        out.push_str(&inert(&line));
        out.push('\n');
    }
    out
}

/// A sentence that says which findings GitHub does not show beside the code; `None` where it shows all.
pub fn surplus(report: &Report) -> Option<String> {
    let many: Vec<String> = [Level::Error, Level::Warning, Level::Note]
        .into_iter()
        .filter_map(|level| {
            let all = counting(report, level).count();
            (all > SHOWN).then(|| count(all, level.as_str()))
        })
        .collect();
    (!many.is_empty()).then(|| {
        format!(
            "GitHub shows at most {SHOWN} annotations of each level, and there are {}; the log of the step has them all",
            many.join(", ")
        )
    })
}

fn counting(report: &Report, level: Level) -> impl Iterator<Item = &Finding> {
    report
        .findings
        .iter()
        .filter(move |finding| finding.status.counts() && finding.level == level)
}

fn push_command(out: &mut String, report: &Report, finding: &Finding) {
    let mut properties: Vec<(&str, String)> = Vec::new();
    let mut message = words::in_lines(report, finding);
    match spot(report, finding) {
        Spot::Current(path, at) | Spot::Nearest(path, at, _) => {
            properties.push(("file", path));
            properties.push(("line", at.line.to_string()));
            properties.push(("endLine", at.end_line.to_string()));
            // GitHub refuses columns where a place ends on another line than it begins.
            if at.line == at.end_line {
                properties.push(("col", at.column.to_string()));
                properties.push(("endColumn", at.end_column.to_string()));
            }
        }
        Spot::Image(path) => properties.push(("file", path)),
        Spot::Baseline(_) | Spot::Nowhere => {}
    }
    let stood = stood(report, finding);
    if !stood.is_empty() {
        let _ = write!(message, "\n{stood}");
    }
    let title = format!("{}: {}", finding.rule, finding.symbol);
    properties.push(("title", shortened(&printable(&title), TITLE).into_owned()));
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(&printable(value))))
        .collect();
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let _ = writeln!(
        out,
        "::{command} {}::{}",
        properties.join(","),
        data(&message)
    );
}

/// Text behind the second `::`, which ends with the line.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which ends with a comma or with `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
