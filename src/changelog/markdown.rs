//! A changelog as Markdown, to be put into release notes; it groups and counts nothing.

use std::fmt::Write as _;

use super::{Changelog, Entry, Links, Standing};
use crate::report::markdown::escape::{code, prose};
use crate::report::text::count;
use crate::report::{Level, Side};

/// The changes under headings; each leads to its line, where that has an address.
pub fn render(changelog: &Changelog, links: &Links) -> String {
    let (baseline, current) = (&changelog.baseline, &changelog.current);
    let mut out = format!(
        "## Changes from {} to {}\n",
        code(&baseline.spec),
        code(&current.spec)
    );
    if changelog.components.is_empty() {
        out.push_str("\nNothing changed.\n");
    }
    for component in &changelog.components {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n### {}", code(&component.name));
        for group in &component.groups {
            let _ = writeln!(out, "\n#### {}\n", prose(&group.title));
            for entry in &group.changes {
                out.push_str(&line(entry, (baseline, current), links));
            }
        }
    }
    out
}

fn line(entry: &Entry, sides: (&Side, &Side), links: &Links) -> String {
    let counts = !matches!(entry.standing, Standing::Exempt | Standing::Dormant);
    let breaks = counts && entry.level == Some(Level::Error);
    let mark = if breaks { "**Breaking:** " } else { "" };
    let mut line = format!("- {mark}{}", prose(&entry.message));
    if !entry.consequences.is_empty() {
        let consequences = count(entry.consequences.len(), "change");
        let _ = write!(line, ", and with it {consequences}");
    }
    line.push_str(match entry.standing {
        Standing::Exempt => " (exempt)",
        Standing::Accepted => " (agreed to)",
        Standing::Dormant => " (not promised yet)",
        Standing::Failing | Standing::Reported | Standing::Allowed => "",
    });
    if let Some(explanation) = &entry.explanation {
        let _ = write!(line, "; explained at {}", code(explanation));
    }
    // What is gone is shown where it was.
    let is_gone = entry.action == "removed" && entry.to.is_none();
    let current = entry.current.as_ref().filter(|_| !is_gone);
    let place = current.map(|at| (sides.1, at));
    let place = place.or_else(|| entry.baseline.as_ref().map(|at| (sides.0, at)));
    if let Some((side, at)) = place {
        let shown = code(&format!("{}:{}", at.path, at.line));
        let shown = match links.line(side, at) {
            Some(address) => format!("[{shown}]({address})"),
            None => shown,
        };
        let _ = write!(line, " ({shown})");
    }
    line.push('\n');
    line
}
