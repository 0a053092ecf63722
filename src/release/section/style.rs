//! How a changelog is written, told from its headings and lists, so that what is added looks like the rest; what is added it does
//! not know.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use semver::Version;

/// A heading, from its first byte to the one behind its line.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) level: HeadingLevel,
    pub(super) title: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The headings of a text; what stands in code or in a comment is none.
pub(super) fn headings(text: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut open: Option<Heading> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                open = Some(Heading {
                    level,
                    title: String::new(),
                    start: range.start,
                    end: range.end,
                });
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut open {
                    heading.title.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => found.extend(open.take()),
            _ => {}
        }
    }
    found
}

/// Whether a heading is that of what comes next: `[Unreleased]`, `main / unreleased`.
pub(super) fn is_unreleased(title: &str) -> bool {
    let title = title.to_lowercase();
    let mut words = title.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word == "unreleased") && version(&title).is_none()
}

/// The version of a heading: its first word, or the second one, as in `Release 1.2.0`.
pub(super) fn version(title: &str) -> Option<Version> {
    title.split_whitespace().take(2).find_map(|word| {
        let word = word.trim_matches(['[', ']', '(', ')', ':', ',']);
        let digits = word.strip_prefix(['v', 'V']).unwrap_or(word);
        Version::parse(digits).ok()
    })
}

/// How a changelog is written, told from its first release.
pub(super) struct Style {
    /// The level of the headings of releases; groups are one level below.
    pub(super) level: HeadingLevel,
    /// What entries begin with.
    pub(super) bullet: char,
    /// Whether headings of releases are underlined.
    underlined: bool,
    form: Form,
}

impl Style {
    /// The style of a text that has these headings.
    pub(super) fn of(text: &str, headings: &[Heading]) -> Self {
        let release = headings
            .iter()
            .find_map(|it| Some((it, version(&it.title)?)));
        let unreleased = || headings.iter().find(|it| is_unreleased(&it.title));
        let like = release.as_ref().map(|(it, _)| *it).or_else(unreleased);
        let source = like.and_then(|it| text.get(it.start..it.end));
        let source = source.unwrap_or("## [Unreleased]").trim_start();
        let title = source.lines().next().unwrap_or_default();
        let title = title.trim_matches(|c: char| c == '#' || c.is_whitespace());
        let is_marked = |line: &str, mark| {
            let rest = line.trim_start().strip_prefix(mark);
            rest.is_some_and(|rest: &str| rest.starts_with(' '))
        };
        let mut bullets = text
            .lines()
            .filter_map(|line| ['-', '*', '+'].into_iter().find(|it| is_marked(line, *it)));
        Self {
            level: like.map_or(HeadingLevel::H2, |it| it.level),
            underlined: !source.starts_with('#'),
            bullet: bullets.next().unwrap_or('-'),
            form: match &release {
                Some((_, version)) => Form::of(title, version),
                None => Form::plain(if title.contains('[') { "[" } else { "" }),
            },
        }
    }

    /// The heading of a release.
    pub(super) fn heading(&self, version: &Version, tag: &str, date: &str) -> String {
        let title = self.form.title(version, tag, date);
        let line = |mark: &str| format!("{title}\n{}", mark.repeat(title.chars().count()));
        match (self.underlined, self.level) {
            (true, HeadingLevel::H1) => line("="),
            (true, _) => line("-"),
            (false, level) => format!("{} {title}", "#".repeat(level as usize)),
        }
    }

    /// What a release is known by where the addresses of links are given; none where its heading is no such link.
    pub(super) fn label(&self, version: &Version) -> Option<String> {
        let (_, prefix) = self.form.before.rsplit_once('[')?;
        let is_reference = self.form.address.is_none();
        is_reference.then(|| format!("{prefix}{version}"))
    }

    /// The level of the headings of groups.
    pub(super) fn group(&self) -> usize {
        self.level as usize + 1
    }
}

/// The parts of the title of a release: `[v` 1.2.0 `] - ` 2026-11-21, or `[` 1.2.0 `](https://…) (` 2026-11-21 `)`.
struct Form {
    before: String,
    /// Where the version leads to, and the version that stands in there.
    address: Option<(String, String)>,
    between: String,
    behind: String,
}

impl Form {
    /// A title that begins with this; what stands behind the version is that of Keep a Changelog.
    fn plain(before: &str) -> Self {
        let close = if before.contains('[') { "]" } else { "" };
        Self {
            before: before.to_owned(),
            address: None,
            between: format!("{close} - "),
            behind: String::new(),
        }
    }

    /// The form of the title of another version.
    fn of(title: &str, version: &Version) -> Self {
        let version = version.to_string();
        let Some((before, rest)) = title.split_once(&version) else {
            return Self::plain("");
        };
        let (rest, address) = match rest.strip_prefix("](").and_then(|it| it.split_once(')')) {
            Some((address, rest)) => (rest, Some((address.to_owned(), version))),
            None => (rest, None),
        };
        let is_mark = |c: char| c.is_whitespace() || "]()-–—/|,:*_".contains(c);
        let parts = day(rest).filter(|(between, behind)| {
            between.chars().all(is_mark) && behind.chars().all(is_mark)
        });
        let plain = Self::plain(before);
        let between = if address.is_some() {
            " - "
        } else {
            &plain.between
        };
        let (between, behind) = parts.unwrap_or((between, ""));
        Self {
            between: between.to_owned(),
            behind: behind.to_owned(),
            address,
            ..plain
        }
    }

    fn title(&self, version: &Version, tag: &str, date: &str) -> String {
        let Self {
            before,
            address,
            between,
            behind,
        } = self;
        let moved = |(address, old): &(String, String)| moved(address, old, (version, tag));
        match (address, address.as_ref().and_then(moved)) {
            (_, Some(address)) => format!("{before}{version}]({address}){between}{date}{behind}"),
            (None, None) => format!("{before}{version}{between}{date}{behind}"),
            (Some(_), None) => {
                let before = before.replace('[', "");
                format!("{before}{version}{between}{date}{behind}")
            }
        }
    }
}

/// An address that is about one version, for the next.
fn moved(address: &str, old: &str, (version, tag): (&Version, &str)) -> Option<String> {
    if let Some((start, range)) = address.split_once("/compare/") {
        let (_, latest) = range.split_once("...")?;
        return Some(format!("{start}/compare/{latest}...{tag}"));
    }
    let moved = address.replace(old, &version.to_string());
    (moved != address).then_some(moved)
}

/// What stands before the first day in a text, and behind it.
fn day(text: &str) -> Option<(&str, &str)> {
    let is_day = |text: &str| {
        let mut bytes = text.bytes().zip("0000-00-00".bytes());
        bytes.all(|(byte, form)| byte == form || (form == b'0' && byte.is_ascii_digit()))
    };
    text.char_indices().find_map(|(at, _)| {
        let day = text.get(at..at + "2026-11-21".len())?;
        is_day(day).then_some((text.get(..at)?, text.get(at + day.len()..)?))
    })
}
