//! Writes the section of a release into a changelog and keeps the rest of it as it is; it knows Markdown and versions, and no files.
//!
//! What stands under "Unreleased" becomes the section of the release, as Keep a Changelog asks for, and an empty "Unreleased"
//! stays above it. Entries are added to it, in their groups, where no line there names their element already.

mod style;

use std::fmt::Write as _;

use semver::Version;

use self::style::{Heading, Style, headings, is_unreleased, version};
use super::notes::{Entry, Group};
use crate::explanation::in_changelog;
use crate::text_file;

/// The section of a release.
#[derive(Debug, Clone, Copy)]
pub struct Section<'s> {
    /// The version.
    pub version: &'s Version,
    /// The name of its tag.
    pub tag: &'s str,
    /// The day, as `2026-11-21`.
    pub date: &'s str,
    /// What changed.
    pub entries: &'s [Entry],
}

/// A changelog that cannot have the section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SectionError {
    /// It has one of that version.
    #[error("there is a section of {0} already (line {1})")]
    There(Version, usize),
}

/// What a changelog without anything in it begins with.
const HEAD: &str = "# Changelog\n\nThe format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), versions follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html).\n\n## [Unreleased]\n";

/// The changelog with the section in it.
///
/// # Errors
/// [`SectionError`].
pub fn write(text: &str, section: Section<'_>) -> Result<String, SectionError> {
    let written = text_file::Style::of(text);
    let plain = written.plain(text);
    let plain = if plain.trim().is_empty() {
        HEAD
    } else {
        plain.as_str()
    };
    Ok(written.dress(&in_plain(plain, section)?))
}

fn in_plain(text: &str, section: Section<'_>) -> Result<String, SectionError> {
    let headings = headings(text);
    let style = Style::of(text, &headings);
    let mut releases = headings.iter().filter(|it| it.level == style.level);
    if let Some(same) = releases.find(|it| version(&it.title).as_ref() == Some(section.version)) {
        let line = text.get(..same.start).unwrap_or_default().lines().count() + 1;
        return Err(SectionError::There(section.version.clone(), line));
    }
    let links = links_start(text);
    let sections: Vec<&Heading> = headings
        .iter()
        .filter(|it| it.level <= style.level && it.start < links)
        .collect();
    let unreleased = sections.iter().position(|it| is_unreleased(&it.title));
    // Where the section begins and where it ends; between them stands what was unreleased.
    let own = unreleased.and_then(|at| sections.get(at));
    let next = unreleased.and_then(|at| sections.get(at + 1));
    let (start, end) = if let Some(own) = own {
        (own.end, next.map_or(links, |next| next.start))
    } else {
        let first = sections.iter().find(|it| version(&it.title).is_some());
        let at = first.map_or(links, |it| it.start);
        (at, at)
    };
    let (before, after) = (text.get(..start), text.get(end..));
    let body = text.get(start..end).unwrap_or_default();
    let body = filled(body, section.entries, &style);
    let before = before.unwrap_or_default().trim_end();
    let after = after.unwrap_or_default().trim_start_matches('\n');
    let mut out = format!(
        "{before}\n\n{}\n\n{}\n",
        style.heading(section.version, section.tag, section.date),
        body.trim()
    );
    if !after.is_empty() {
        out.push('\n');
        out.push_str(after);
    }
    Ok(linked(&out, section, style.label(section.version)))
}

/// What stands under "Unreleased", with the entries that are not there yet.
fn filled(body: &str, entries: &[Entry], style: &Style) -> String {
    let lines: Vec<(usize, &str)> = body.lines().enumerate().collect();
    let is_told = |entry: &Entry| {
        let name = entry.symbol.rsplit(['.', '/']).next().unwrap_or_default();
        body.contains(&entry.text) || in_changelog(&lines, name, &entry.symbol).is_some()
    };
    let new: Vec<&Entry> = entries.iter().filter(|entry| !is_told(entry)).collect();
    let mut out = body.trim().to_owned();
    for group in Group::ALL {
        let new = new.iter().filter(|entry| entry.group == group);
        let new: Vec<String> = new
            .map(|entry| format!("{} {}", style.bullet, entry.text))
            .collect();
        if !new.is_empty() {
            out = with_group(&out, group, &new.join("\n"), style);
        }
    }
    if out.is_empty() {
        "Nothing that was promised has changed.".clone_into(&mut out);
    }
    out
}

/// The text with lines added at the end of a group, which is made where it is not there.
fn with_group(text: &str, group: Group, lines: &str, style: &Style) -> String {
    let headings = headings(text);
    let of_groups = || {
        headings
            .iter()
            .filter(|it| it.level as usize == style.group())
    };
    let title = group.heading();
    let (at, lines) = if let Some(own) = of_groups().find(|it| it.title.eq_ignore_ascii_case(title))
    {
        let mut behind = headings.iter().filter(|it| it.start > own.start);
        let next = behind.find(|it| it.level <= own.level);
        let at = next.map_or(text.len(), |next| next.start);
        let before = text.get(..at).unwrap_or_default().trim_end();
        // Behind a heading without entries stands an empty line.
        let gap = if before.len() <= own.end {
            "\n\n"
        } else {
            "\n"
        };
        (at, format!("{gap}{lines}"))
    } else {
        let later = of_groups().find(|it| rank(&it.title) > rank(title));
        let at = later.map_or(text.len(), |later| later.start);
        (
            at,
            format!("\n\n{} {title}\n\n{lines}", "#".repeat(style.group())),
        )
    };
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let gap = if after.is_empty() { "" } else { "\n\n" };
    format!("{}{lines}{gap}{after}", before.trim_end())
        .trim_start()
        .to_owned()
}

/// The place of a group in Keep a Changelog, which has two more than changes of a schema need; others stand where they stand.
fn rank(title: &str) -> Option<usize> {
    let all = Group::ALL.map(Group::heading);
    let mut all = all.into_iter().chain(["Fixed", "Security"]);
    all.position(|it| it.eq_ignore_ascii_case(title))
}

/// The text with the address of "Unreleased" moved to the new tag, and one for the release, where there is such an address and
/// the heading of the release has use for it.
fn linked(text: &str, section: Section<'_>, label: Option<String>) -> String {
    let own = label.map(|label| format!("[{label}]:"));
    let is_there = own.as_ref().is_some_and(|own| text.contains(own));
    let mut out = String::with_capacity(text.len() + 200);
    for line in text.split_inclusive('\n') {
        let label = line.get(.."[unreleased]:".len());
        let is_own = label.is_some_and(|it| it.eq_ignore_ascii_case("[unreleased]:"));
        let compared = line
            .trim_end()
            .rsplit_once("/compare/")
            .and_then(|(start, range)| Some((start, range.split_once("...")?)));
        match compared.filter(|_| is_own && !is_there) {
            Some((start, (from, to))) => {
                let address = start.split_once(':').map_or("", |(_, rest)| rest).trim();
                let (tag, label) = (section.tag, label.unwrap_or_default());
                // Writing to a string cannot fail.
                let _ = writeln!(out, "{label} {address}/compare/{tag}...{to}");
                if let Some(own) = &own {
                    let _ = writeln!(out, "{own} {address}/compare/{from}...{tag}");
                }
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Where the addresses at the end of the text begin: the text's end where there are none.
fn links_start(text: &str) -> usize {
    let mut start = text.len();
    let mut at = text.len();
    for line in text.split_inclusive('\n').rev() {
        at -= line.len();
        let is_link = line.starts_with('[') && line.contains("]: ");
        if is_link {
            start = at;
        } else if !line.trim().is_empty() {
            break;
        }
    }
    start
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Section, write};
    use crate::release::notes::{Entry, Group};
    use insta::assert_snapshot;
    use semver::Version;

    fn entry(group: Group, symbol: &str, text: &str) -> Entry {
        Entry {
            group,
            symbol: symbol.to_owned(),
            is_break: false,
            text: text.to_owned(),
        }
    }

    fn released(text: &str) -> String {
        let entries = [
            entry(
                Group::Added,
                "acme.v1.Span.kind",
                "Field `acme.v1.Span.kind`.",
            ),
            entry(
                Group::Added,
                "acme.v1.Span.name",
                "Field `acme.v1.Span.name`.",
            ),
            entry(
                Group::Removed,
                "acme.v1.Link",
                "Message `Link` was deleted.",
            ),
        ];
        let version = Version::new(1, 3, 0);
        let section = Section {
            version: &version,
            tag: "v1.3.0",
            date: "2026-11-21",
            entries: &entries,
        };
        match write(text, section) {
            Ok(text) => text,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_was_unreleased_is_released() {
        assert_snapshot!(released("# Changes\n\n## [Unreleased]\n\n### Added\n\n- `Span.name`, for people.\n\n### Fixed\n\n- A typo.\n\n## [1.2.0] - 2026-01-01\n\n### Added\n\n- All.\n\n[unreleased]: https://example.com/a/compare/v1.2.0...HEAD\n[1.2.0]: https://example.com/a/releases/v1.2.0\n"), @"
# Changes

## [Unreleased]

## [1.3.0] - 2026-11-21

### Added

- `Span.name`, for people.
- Field `acme.v1.Span.kind`.

### Removed

- Message `Link` was deleted.

### Fixed

- A typo.

## [1.2.0] - 2026-01-01

### Added

- All.

[unreleased]: https://example.com/a/compare/v1.3.0...HEAD
[1.3.0]: https://example.com/a/compare/v1.2.0...v1.3.0
[1.2.0]: https://example.com/a/releases/v1.2.0
");
    }

    #[test]
    fn other_shapes_are_kept() {
        assert_snapshot!(released(""), @"
# Changelog

The format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), versions follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html).

## [Unreleased]

## [1.3.0] - 2026-11-21

### Added

- Field `acme.v1.Span.kind`.
- Field `acme.v1.Span.name`.

### Removed

- Message `Link` was deleted.
");
        assert_snapshot!(released("# Log\n\nProse.\n\n## v1.2.0\n\n```\n## Unreleased\n```\n"), @"
# Log

Prose.

## v1.3.0 - 2026-11-21

### Added

- Field `acme.v1.Span.kind`.
- Field `acme.v1.Span.name`.

### Removed

- Message `Link` was deleted.

## v1.2.0

```
## Unreleased
```
");
        assert_snapshot!(released("Log\n===\n\nUnreleased\n----------\n\n### Fixed\n\n* A typo.\n\nV1.2.0\n------\n\n* All.\n"), @"
Log
===

Unreleased
----------

V1.3.0 - 2026-11-21
-------------------

### Added

* Field `acme.v1.Span.kind`.
* Field `acme.v1.Span.name`.

### Removed

* Message `Link` was deleted.

### Fixed

* A typo.

V1.2.0
------

* All.
");
        assert_snapshot!(released("# Unreleased\n\n## Security\n\n+ Things.\n\n## Maturity\n\n+ More.\n\n# [v1.2.0]\n"), @"
# Unreleased

# [v1.3.0] - 2026-11-21

## Added

+ Field `acme.v1.Span.kind`.
+ Field `acme.v1.Span.name`.

## Removed

+ Message `Link` was deleted.

## Security

+ Things.

## Maturity

+ More.

# [v1.2.0]
");
        assert_eq!(
            released("# Log\r\n\r\n## Unreleased\r\n")
                .matches("\r\n")
                .count(),
            released("# Log\n\n## Unreleased\n").matches('\n').count()
        );
        // One line that somebody pasted turns no other.
        assert!(!released("# Log\n\nProse.\r\n\n## Unreleased\n").contains('\r'));
    }

    #[test]
    fn headings_go_on_in_their_form() {
        let heading = |text: &str| {
            let text = released(&format!("# Log\n\n{text}\n\n- All.\n"));
            let mut lines = text.lines().filter(|line| line.contains("1.3.0"));
            lines.next().unwrap_or_default().to_owned()
        };
        for (before, after) in [
            ("## 1.2.0", "## 1.3.0 - 2026-11-21"),
            ("## [1.2.0] - 2026-01-01", "## [1.3.0] - 2026-11-21"),
            ("## 1.2.0 / 2026-01-01", "## 1.3.0 / 2026-11-21"),
            ("## v1.2.0 (2026-01-01)", "## v1.3.0 (2026-11-21)"),
            ("## v1.2.0 (May 3, 2026)", "## v1.3.0 - 2026-11-21"),
            (
                "## Release 1.2.0 — 2026-01-01",
                "## Release 1.3.0 — 2026-11-21",
            ),
            ("### 1.2.0, 2026-01-01, Bremen", "### 1.3.0 - 2026-11-21"),
            (
                "## [1.2.0](https://example.com/a/compare/v1.1.0...v1.2.0) (2026-01-01)",
                "## [1.3.0](https://example.com/a/compare/v1.2.0...v1.3.0) (2026-11-21)",
            ),
            (
                "## [1.2.0](https://example.com/a/releases/tag/v1.2.0)",
                "## [1.3.0](https://example.com/a/releases/tag/v1.3.0) - 2026-11-21",
            ),
            ("## [1.2.0](https://example.com/a)", "## 1.3.0 - 2026-11-21"),
        ] {
            assert_eq!(heading(before), after, "{before}");
        }
    }

    #[test]
    fn what_is_called_unreleased_in_other_words_is_released() {
        assert_snapshot!(released("# Log\n\n## main / unreleased\n\n* [CHANGE] `Span.name`, for people.\n\n## 1.2.0 / 2026-01-01\n\n* All.\n\n[unreleased]: https://example.com/a/compare/v1.2.0...main\n"), @"
# Log

## main / unreleased

## 1.3.0 / 2026-11-21

* [CHANGE] `Span.name`, for people.

### Added

* Field `acme.v1.Span.kind`.

### Removed

* Message `Link` was deleted.

## 1.2.0 / 2026-01-01

* All.

[unreleased]: https://example.com/a/compare/v1.3.0...main
");
        // A version that is in the making is one that is there.
        assert_snapshot!(released("## 1.3.0 (unreleased)\n\n- All.\n"), @"there is a section of 1.3.0 already (line 1)");
        assert_snapshot!(released("# Log\n\n## Unreleased\n\n## 1.3.0\n\n- All.\n"), @"there is a section of 1.3.0 already (line 5)");
    }
}
