//! A release as a note in Markdown, for the page of the release; it judges nothing.

use std::fmt::Write as _;

use super::Release;
use super::notes::{BREAKING, Entry, Group, entries, entry};
use crate::report::Status;
use crate::report::markdown::escape::{code, prose};
use crate::report::text::count;

/// The note. Of what the release may not be made for, it says so first.
pub fn render(release: &Release) -> String {
    let mut out = String::new();
    let version = release.version.as_ref().map(ToString::to_string);
    let title = version.unwrap_or_else(|| "First release".to_owned());
    let of = release.component.as_ref();
    let of = of.map_or(String::new(), |name| format!("{} ", code(name)));
    let _ = writeln!(out, "## {of}{title}\n");
    for failure in &release.failures {
        let _ = writeln!(out, "**May not be released:** {}.\n", prose(failure));
    }
    let _ = writeln!(out, "{}\n", headline(release));
    let entries = entries(release);
    let breaks: Vec<&Entry> = entries.iter().filter(|it| it.is_break).collect();
    section(&mut out, "Breaking", &breaks);
    for group in Group::ALL {
        let own = entries
            .iter()
            .filter(|it| it.group == group && !it.is_break);
        section(&mut out, group.heading(), &own.collect::<Vec<_>>());
    }
    let due = &release.deprecations.due;
    if !due.is_empty() {
        let releases = count(release.deprecations.asked, "release");
        let elements = count(due.len(), "element");
        let _ = writeln!(
            out,
            "<details><summary>{elements} that may go, deprecated for {releases}</summary>\n"
        );
        for it in due {
            let _ = writeln!(
                out,
                "- {} {}",
                prose(&it.subject.replace('-', " ")),
                code(&it.name)
            );
        }
        out.push_str("\n</details>\n\n");
    }
    let findings = release.findings.iter();
    let exempt: Vec<_> = findings.filter(|it| it.status == Status::Exempt).collect();
    if !exempt.is_empty() {
        let changes = count(exempt.len(), "change");
        let _ = writeln!(
            out,
            "<details><summary>{changes} of what is below Stable</summary>\n"
        );
        for it in exempt {
            let _ = writeln!(out, "- {}", entry(it).text.trim_start_matches(BREAKING));
        }
        out.push_str("\n</details>\n\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// What was compared, and which version that needs.
fn headline(release: &Release) -> String {
    match &release.baseline {
        None => "The first release: nothing was promised before.".to_owned(),
        Some(baseline) => {
            let bump = match release.bump.as_str() {
                "none" => "no version bump".to_owned(),
                bump => format!("a {bump} version bump"),
            };
            format!(
                "Since {}: needs {bump}; {}.",
                code(&baseline.spec),
                prose(&release.rule)
            )
        }
    }
}

fn section(out: &mut String, heading: &str, entries: &[&Entry]) {
    if entries.is_empty() {
        return;
    }
    let _ = writeln!(out, "### {heading}\n");
    for entry in entries {
        let text = entry.text.trim_start_matches(BREAKING);
        let _ = writeln!(out, "- {text}");
    }
    out.push('\n');
}
