//! The sentence that ends every report: what was compared, by which policy, and what came of it; it knows no layout.

use super::text::{count, printable};
use super::{Policy, Report, Side, Summary};

/// The closing line, without a line end: both sides, the preset, files and elements, the counts, the version bump.
pub fn line(report: &Report) -> String {
    let summary = &report.summary;
    let line = format!(
        "{} compared with {} under {}: {}; {}; {}; {}",
        side(&report.current),
        side(&report.baseline),
        policy(&report.policy),
        files(summary),
        changes(summary),
        counts(summary),
        bump(&summary.bump),
    );
    printable(&line).into_owned()
}

/// What the user named, and the release or commit that it stands for, where the name does not say it.
fn side(side: &Side) -> String {
    let spec = &side.spec;
    match (&side.release, &side.commit) {
        (Some(release), _) if !spec.contains(release.as_str()) => format!("{spec} ({release})"),
        (None, Some(commit)) if !commit.starts_with(spec.as_str()) => {
            format!("{spec} ({})", short(commit))
        }
        _ => spec.clone(),
    }
}

/// The first digits of a commit.
pub(crate) fn short(commit: &str) -> String {
    commit.chars().take(9).collect()
}

fn policy(policy: &Policy) -> String {
    format!("preset {} (exempt: {})", policy.preset, policy.exempt)
}

fn files(summary: &Summary) -> String {
    let files = &summary.files;
    let total = files.baseline.max(files.current).max(files.changed);
    let before = if files.baseline == files.current {
        String::new()
    } else {
        format!(" ({} before, {} now)", files.baseline, files.current)
    };
    let elements = count(summary.elements, "element");
    if files.changed == 0 {
        format!(
            "none of {}{before} differs, {elements}",
            count(total, "file")
        )
    } else {
        format!(
            "{} of {}{before} changed, {elements}",
            files.changed,
            count(total, "file")
        )
    }
}

fn changes(summary: &Summary) -> String {
    let judged = summary.error
        + summary.warning
        + summary.note
        + summary.exempt
        + summary.accepted
        + summary.dormant;
    match summary.changes {
        _ if summary.files.baseline == 0 => "nothing was promised yet".to_owned(),
        0 if summary.files.changed == 0 => "no .proto file differs".to_owned(),
        0 => "no element changed".to_owned(),
        1 if judged == 0 => "1 change, allowed".to_owned(),
        n if judged == 0 => format!("{n} changes, all allowed"),
        n => count(n, "change"),
    }
}

fn counts(summary: &Summary) -> String {
    [
        (summary.error, "error"),
        (summary.warning, "warning"),
        (summary.note, "note"),
        (summary.exempt, "exempt"),
        (summary.accepted, "accepted"),
        (summary.dormant, "dormant"),
    ]
    .map(|(n, noun)| count(n, noun))
    .join(", ")
}

fn bump(bump: &str) -> String {
    match bump {
        "none" => "needs no version bump".to_owned(),
        bump => format!("needs a {bump} version bump"),
    }
}
