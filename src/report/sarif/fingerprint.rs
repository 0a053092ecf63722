//! By what readers of SARIF know a finding again; it knows findings and where they are put, and nothing of how that is written.

use std::collections::BTreeMap;

use crate::report::place::{Spot, spot};
use crate::report::{Finding, Report};

/// A rule, a file and a line of it.
type Line<'a> = (&'a str, String, u32);

/// How many findings of a rule stand on a line.
pub(super) struct Crowds<'a>(BTreeMap<Line<'a>, usize>);

impl<'a> Crowds<'a> {
    /// Those of a report.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut crowds = BTreeMap::new();
        for line in report.findings.iter().filter_map(|it| line(report, it)) {
            *crowds.entry(line).or_default() += 1;
        }
        Self(crowds)
    }

    /// The fingerprints of a finding.
    ///
    /// Code scanning on GitHub goes by `primaryLocationLineHash` alone, which upload-sarif works out from the line where it is
    /// not there. Several fields that one message lost would be one alert; so where a line has several findings of a rule each
    /// gets a hash of its own, in the form of those.
    pub(super) fn fingerprints(
        &self,
        report: &'a Report,
        finding: &'a Finding,
    ) -> BTreeMap<&'static str, String> {
        let mut prints = BTreeMap::from([("protopact/v1", finding.fingerprint.clone())]);
        if line(report, finding).is_some_and(|line| self.0.get(&line).is_some_and(|n| *n > 1)) {
            let hash = format!("{}:1", finding.fingerprint);
            prints.insert("primaryLocationLineHash", hash);
        }
        prints
    }
}

fn line<'a>(report: &Report, finding: &'a Finding) -> Option<Line<'a>> {
    let (path, line) = match spot(report, finding) {
        Spot::Current(path, at) | Spot::Nearest(path, at, _) => (path, at.line),
        Spot::Baseline(at) => (at.path.clone(), at.line),
        Spot::Image(path) => (path, 0),
        Spot::Nowhere => return None,
    };
    Some((&finding.rule, path, line))
}
