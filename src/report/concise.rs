//! One line per finding, for editors, grep and scripts; it folds nothing and knows no colours.

use super::text::{and, inert, printable};
use super::{Finding, Level, Report, Status};

/// The findings as `path:line:col: error[rule] message`, one line each.
///
/// A finding without a place in the current side gets its place in the baseline, marked with the name of the baseline.
/// What does not count is named by its status: `exempt[rule]`. With `quiet`, only errors that count are listed.
/// The closing line is left to the caller ([`super::closing::line`]).
pub fn render(report: &Report, quiet: bool) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        if quiet && !(finding.status.counts() && finding.level == Level::Error) {
            continue;
        }
        out.push_str(&line(report, finding));
        out.push('\n');
    }
    out
}

/// One finding, without a line end.
pub(crate) fn line(report: &Report, finding: &Finding) -> String {
    let mut line = format!(
        "{}: {}[{}] {}",
        report.place(finding),
        word(finding),
        finding.rule,
        finding.message
    );
    if !report.further_baselines.is_empty() {
        line.push_str(" (against ");
        line.push_str(&and(&finding.baselines));
        line.push(')');
    }
    inert(&printable(&line)).into_owned()
}

fn word(finding: &Finding) -> &'static str {
    match finding.status {
        Status::Failing | Status::Reported => finding.level.as_str(),
        status => status.as_str(),
    }
}
