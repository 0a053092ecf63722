//! Where formats that code hosts read put a finding: a path in the checkout and a place in it; it knows no format.

use super::{Finding, Location, Report, Side};

/// Where a finding is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot<'a> {
    /// A place in a file of the current side, and its path as seen from the top of the checkout.
    Current(String, &'a Location),
    /// A place in a file that only the baseline has.
    Baseline(&'a Location),
    /// An image that tells no places; its own path.
    Image(String),
    /// Nothing is known but the name of the element.
    Nowhere,
}

/// The best place that there is for a finding.
pub(super) fn spot<'a>(report: &'a Report, finding: &'a Finding) -> Spot<'a> {
    let around = || finding.baseline.as_ref().and_then(|at| heir(report, at));
    match (finding.current.as_ref().or_else(around), &finding.baseline) {
        (Some(at), _) => Spot::Current(in_checkout(&report.current, &at.path), at),
        (None, Some(at)) => Spot::Baseline(at),
        (None, None) if report.current.kind == "image" => {
            let spec = &report.current.spec;
            Spot::Image(spec.strip_prefix("image:").unwrap_or(spec).to_owned())
        }
        (None, None) => Spot::Nowhere,
    }
}

/// Where the finding about a deleted file is put, for what was deleted with that file and is reported on its own.
fn heir<'a>(report: &'a Report, gone: &Location) -> Option<&'a Location> {
    let about = |finding: &&Finding| finding.subject == "file" && finding.symbol == gone.path;
    let file = report.findings.iter().find(about)?;
    file.current.as_ref().filter(|_| file.to.is_none())
}

/// The path of a file of a side as seen from the top of the checkout, from where such programs are run.
///
/// Sides from git have paths from there; those of a directory are relative to that directory.
fn in_checkout(side: &Side, path: &str) -> String {
    if side.kind != "dir" {
        return path.to_owned();
    }
    let mut path = side.file(path);
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/').to_owned();
    }
    path
}
