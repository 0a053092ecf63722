//! The counts of the closing line: files, findings, and the version bump that the changes need; it judges nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::diff::Side;
use crate::judge::{self, Context};
use crate::policy::Policy;
use crate::report::{Files, Finding, Level, Status, Summary};
use crate::schema::tree::Tree;

/// How many files there are, and how many of those that were asked for differ.
pub(super) fn files(
    request: &Request,
    differing: &BTreeSet<String>,
    changes: &[&Change],
    sides: (Side<'_>, Side<'_>),
    policy: &Policy,
) -> Files {
    let (baseline, current) = (&request.baseline.tree, &request.current.tree);
    let count = if baseline.is_image == current.is_image {
        let moved = moved(changes, sides);
        let wanted = differing
            .iter()
            .filter(|path| judge::is_wanted(path, &request.paths) && policy.judges(path));
        let files: BTreeSet<&String> = wanted.map(|path| moved.get(path).unwrap_or(path)).collect();
        files.len()
    } else {
        // A text and a descriptor cannot be compared byte by byte: a file differs if what it says does.
        let path = |change: &Change| match (change.current, change.baseline) {
            (Some(at), _) => Some(sides.1.schema.file_path(at.element).to_owned()),
            (None, Some(at)) => Some(sides.0.schema.file_path(at.element).to_owned()),
            (None, None) => None,
        };
        let paths: BTreeSet<String> = changes.iter().filter_map(|change| path(change)).collect();
        paths.len()
    };
    // What another component holds is none of the files that were judged.
    let judged = |tree: &Tree| tree.files.keys().filter(|path| policy.judges(path)).count();
    Files {
        baseline: judged(baseline),
        current: judged(current),
        changed: count,
    }
}

/// The files that stand under another path than before, each of which differs under two paths: the old path and the new one.
fn moved(changes: &[&Change], sides: (Side<'_>, Side<'_>)) -> BTreeMap<String, String> {
    let of_file = changes
        .iter()
        .filter(|change| change.subject == Subject::File);
    let moves = of_file.filter(|change| matches!(change.aspect, Aspect::Name | Aspect::Directory));
    let path = |side: Side<'_>, place: Option<Place>| {
        Some(side.schema.file_path(place?.element).to_owned())
    };
    moves
        .filter_map(|change| {
            Some((
                path(sides.0, change.baseline)?,
                path(sides.1, change.current)?,
            ))
        })
        .collect()
}

pub(super) fn summarize(
    findings: &[Finding],
    changes: &[&Change],
    context: &Context<'_>,
    files: Files,
    elements: usize,
) -> Summary {
    let count = |wanted: &dyn Fn(&Change) -> bool| {
        let wanted = changes.iter().filter(|change| wanted(change));
        wanted
            .filter(|change| !judge::is_exempt(change, context))
            .count()
    };
    let mut summary = Summary {
        files,
        elements,
        changes: changes.iter().filter(|change| !change.is_remark()).count(),
        additions: count(&|change| is_addition(change, context.current)),
        promotions: count(&|change| change.cause.is_none() && is_promotion(change)),
        bump: bump(findings, changes, context).to_owned(),
        ..Summary::default()
    };
    summary.count(findings);
    summary
}

/// The version bump that semantic versioning asks for: breaks a major one, additions a minor one; what is exempt none.
fn bump(findings: &[Finding], changes: &[&Change], context: &Context<'_>) -> &'static str {
    let broken = |finding: &Finding| {
        (finding.status.counts() || finding.status == Status::Accepted)
            && finding.level == Level::Error
    };
    if findings.iter().any(broken) {
        return "major";
    }
    let promised = |change: &Change| judge::promises(change, context);
    let added = |change: &Change| {
        change.aspect == Aspect::Existence
            && change.action == Action::Added
            && change.subject != Subject::Import
    };
    if changes
        .iter()
        .any(|change| added(change) && promised(change))
    {
        "minor"
    } else if changes.iter().any(|change| promised(change)) {
        "patch"
    } else {
        "none"
    }
}

/// Whether an element is new that messages or calls are made of, and not because what declares it is new.
fn is_addition(change: &Change, current: Side<'_>) -> bool {
    let is_new = (change.aspect, change.action) == (Aspect::Existence, Action::Added);
    let counts = !matches!(
        change.subject,
        Subject::File | Subject::Package | Subject::Import | Subject::Oneof
    );
    // A file is no more than the place of what it declares.
    let stands_alone = || {
        let declared = change
            .current
            .map(|place| current.schema.get(place.element));
        declared.is_some_and(|element| element.parent == Some(element.file))
    };
    is_new && counts && (change.cause.is_none() || stands_alone())
}

fn is_promotion(change: &Change) -> bool {
    change.aspect == Aspect::Maturity && change.how == "raised"
}
