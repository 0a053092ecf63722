//! Where formats that code hosts read put a finding: a path in the checkout and a place in it; it knows no format.

use super::text::printable;
use super::{Finding, Location, Report, Side};

/// Where a finding is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot<'a> {
    /// A place in a file of the current side, and its path as seen from the top of the checkout.
    Current(String, &'a Location),
    /// A place of the current side that stands in for one in a file that is gone: the path of the first, both places.
    Nearest(String, &'a Location, &'a Location),
    /// A place in a file that only the baseline has.
    Baseline(&'a Location),
    /// An image that tells no places; its own path.
    Image(String),
    /// Nothing is known but the name of the element.
    Nowhere,
}

/// The best place that there is for a finding.
pub(super) fn spot<'a>(report: &'a Report, finding: &'a Finding) -> Spot<'a> {
    let path = |at: &Location| in_checkout(&report.current, &at.path);
    match (&finding.current, &finding.baseline) {
        (Some(at), _) => Spot::Current(path(at), at),
        (None, Some(gone)) => match heir(report, gone) {
            Some(at) => Spot::Nearest(path(at), at, gone),
            None => Spot::Baseline(gone),
        },
        (None, None) if report.current.kind == "image" => {
            let spec = &report.current.spec;
            Spot::Image(spec.strip_prefix("image:").unwrap_or(spec).to_owned())
        }
        (None, None) => Spot::Nowhere,
    }
}

/// What stands in for a file that is gone: where the finding about it is put, else the file that is nearest.
fn heir<'a>(report: &'a Report, gone: &Location) -> Option<&'a Location> {
    let about = |finding: &&Finding| finding.subject == "file" && finding.symbol == gone.path;
    let file = report.findings.iter().find(about);
    let shown = file.and_then(|file| file.current.as_ref().filter(|_| file.to.is_none()));
    shown.or_else(|| report.nearest.get(&gone.path))
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

/// Where what is gone stood, in a line; empty where the finding is put at its own place.
pub(super) fn stood(report: &Report, finding: &Finding) -> String {
    match spot(report, finding) {
        Spot::Nearest(_, _, at) | Spot::Baseline(at) => {
            let place = report.baseline_of(finding).file(&at.to_string());
            format!("it stood at {}", printable(&place))
        }
        Spot::Current(..) | Spot::Image(_) | Spot::Nowhere => String::new(),
    }
}
