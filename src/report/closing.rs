//! The sentence that ends every report: what was compared, by which policy, and what came of it; it knows no layout.

use super::text::{and, count, printable};
use super::{Policy, Report, Side, Summary};

/// The closing line, without a line end: both sides, the preset, files and elements, the counts, the version bump.
pub fn line(report: &Report) -> String {
    let summary = &report.summary;
    let line = format!(
        "{} compared with {} under {}: {}; {}; {}",
        side(&report.current),
        baselines(report),
        policy(&report.policy),
        changes(summary),
        counts(summary),
        bump(&summary.bump),
    );
    printable(&line).into_owned()
}

fn baselines(report: &Report) -> String {
    let all = std::iter::once(&report.baseline).chain(&report.further_baselines);
    and(&all.map(side).collect::<Vec<_>>())
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
    let direction = policy
        .direction
        .as_ref()
        .map(|direction| format!("; direction: {direction}"))
        .unwrap_or_default();
    format!(
        "preset {} (exempt: {}{direction})",
        policy.preset, policy.exempt
    )
}

/// How much was compared, how much of it differs, and whether any of that matters.
fn changes(summary: &Summary) -> String {
    let files = &summary.files;
    let same = files.baseline == files.current;
    let sides = format!("{} before, {} now", files.baseline, files.current);
    if files.changed == 0 && summary.changes == 0 {
        let total = if same {
            count(files.current, "file")
        } else {
            sides
        };
        // Where nothing differs nothing was loaded, so that there is no element to count.
        return match summary.elements {
            0 => format!("no .proto file differs ({total})"),
            n => format!("no .proto file differs ({total}, {})", count(n, "element")),
        };
    }
    let elements = count(summary.elements, "element");
    // Files that are gone and files that are new can be more than there are on either side.
    let changed = if same && files.changed <= files.current {
        let total = count(files.current, "file");
        format!("{} of {total} changed ({elements})", files.changed)
    } else {
        let changed = count(files.changed, "file");
        format!("{changed} changed ({sides}, {elements})")
    };
    let judged = summary.error
        + summary.warning
        + summary.note
        + summary.exempt
        + summary.accepted
        + summary.dormant;
    let outcome = match summary.changes {
        _ if files.baseline == 0 => "nothing was promised yet".to_owned(),
        0 => "no element changed".to_owned(),
        1 if judged == 0 => "1 change, allowed".to_owned(),
        n if judged == 0 => format!("{n} changes, all allowed"),
        n => count(n, "change"),
    };
    format!("{changed}, {outcome}")
}

fn counts(summary: &Summary) -> String {
    let counted = summary.counted();
    counted.map(|(n, noun)| count(n, noun)).join(", ")
}

/// Which version bump the changes need, as the end of a sentence.
pub(super) fn bump(bump: &str) -> String {
    match bump {
        "none" => "needs no version bump".to_owned(),
        bump => format!("needs a {bump} version bump"),
    }
}
