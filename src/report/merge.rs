//! Several reports on one current side put together: each finding says which baselines it breaks; nothing is judged again.

use std::collections::BTreeMap;

use super::{Finding, Report};

/// One report of all; `None` where there is none. The first is the one that sides, policy and counts of files are told of.
///
/// A finding of several reports is one: its status and level are the gravest that it has in any of them.
pub fn merge(reports: impl IntoIterator<Item = Report>) -> Option<Report> {
    let mut reports = reports.into_iter();
    let mut all = reports.next()?;
    let mut known: BTreeMap<String, usize> = index(&all.findings);
    for report in reports {
        let spec = report.baseline.spec.clone();
        for finding in report.findings {
            let at = known.get(&finding.fingerprint);
            if let Some(same) = at.and_then(|at| all.findings.get_mut(*at)) {
                put_together(same, finding);
            } else {
                known.insert(finding.fingerprint.clone(), all.findings.len());
                all.findings.push(finding);
            }
        }
        let texts = report.sources.baseline.into_iter();
        all.sources
            .further
            .extend(texts.map(|(path, text)| ((spec.clone(), path), text)));
        all.sources.current.extend(report.sources.current);
        all.nearest.extend(report.nearest);
        for remark in report.remarks {
            if !all.remarks.contains(&remark) {
                all.remarks.push(remark);
            }
        }
        all.summary.elements = all.summary.elements.max(report.summary.elements);
        all.summary.additions = all.summary.additions.max(report.summary.additions);
        all.summary.promotions = all.summary.promotions.max(report.summary.promotions);
        all.summary.changes = all.summary.changes.max(report.summary.changes);
        all.summary.files.changed = all.summary.files.changed.max(report.summary.files.changed);
        if weight(&report.summary.bump) > weight(&all.summary.bump) {
            all.summary.bump = report.summary.bump;
        }
        all.further_baselines.push(report.baseline);
    }
    if !all.further_baselines.is_empty() {
        all.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        all.summary.count(&all.findings);
    }
    Some(all)
}

fn index(findings: &[Finding]) -> BTreeMap<String, usize> {
    let prints = findings.iter().enumerate();
    prints
        .map(|(at, finding)| (finding.fingerprint.clone(), at))
        .collect()
}

fn put_together(known: &mut Finding, other: Finding) {
    let mut baselines = std::mem::take(&mut known.baselines);
    if (other.status, std::cmp::Reverse(other.level))
        < (known.status, std::cmp::Reverse(known.level))
    {
        // What is shown of it is what is gravest, with the places that it was told of there.
        *known = other;
        baselines.append(&mut known.baselines);
        if let Some(shown) = baselines.pop() {
            baselines.insert(0, shown);
        }
    } else {
        baselines.extend(other.baselines);
    }
    known.baselines = baselines;
}

fn weight(bump: &str) -> u8 {
    match bump {
        "major" => 3,
        "minor" => 2,
        "patch" => 1,
        _ => 0,
    }
}
