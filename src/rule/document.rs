//! Reads the Markdown of a page under `rules/`: title, settings block, prose and test cases; it does not know what settings mean.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::markdown::{Block, Blocks, Fence};
use crate::report::Status;

/// The path of a case's file where its fence names none.
pub const DEFAULT_PATH: &str = "example.proto";

/// A page that is not written as pages are: see `rules/README.md`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("rules/{path}:{line}: {message}")]
pub struct PageError {
    /// Path of the page relative to `rules/`.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// One file under `rules/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<'p> {
    /// Path relative to `rules/`.
    pub path: &'p str,
    /// The whole text.
    pub text: &'p str,
}

/// A title, and the settings block below it.
#[derive(Debug, Clone, Copy)]
pub struct Front<'p> {
    /// The text of the heading.
    pub title: &'p str,
    /// The TOML of the settings block.
    pub settings: Settings<'p>,
    /// Where the text behind the settings block begins.
    pub end: usize,
}

/// A piece of TOML in a page, or a whole TOML file.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'p> {
    /// The page that holds it.
    pub page: Page<'p>,
    /// The TOML.
    pub toml: &'p str,
    /// The line of the page on which it begins.
    pub line: usize,
}

/// The side of a case that a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The `before` blocks.
    Baseline,
    /// The `after` blocks.
    Current,
}

/// A statement of a case: a finding of this rule points at this line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The side that the finding points into; a block on both sides counts as the current one.
    pub side: Side,
    /// The file.
    pub path: String,
    /// The line, from 1, in the file.
    pub line: usize,
    /// The rule.
    pub rule: String,
    /// What becomes of the finding; `None` where it counts (failing or reported).
    pub status: Option<Status>,
}

/// A section of a rule page that shows a change and what is found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The heading.
    pub title: String,
    /// The line of the heading in the page.
    pub line: usize,
    /// The files of an earlier release, by path, where the case speaks of one.
    pub earlier: BTreeMap<String, String>,
    /// The files of the baseline, by path.
    pub before: BTreeMap<String, String>,
    /// The files of the current side, by path.
    pub after: BTreeMap<String, String>,
    /// The text of the case's `protopact.toml`.
    pub config: Option<String>,
    /// What must be found; the marks are left in the texts, where they are comments.
    pub marks: Vec<Mark>,
}

/// Title and settings, without a look at the rest of the page.
pub fn front(page: Page<'_>) -> Result<Front<'_>, PageError> {
    let mut blocks = Blocks::new(page, 0, 1);
    let title = match blocks.next().transpose()? {
        Some(Block::Heading { level: 1, text, .. }) if !text.is_empty() => text,
        _ => return Err(page.error(1, "a page begins with `# Title`")),
    };
    match blocks.next().transpose()? {
        Some(Block::Fence(fence)) if fence.info == "toml" => Ok(Front {
            title,
            settings: fence.settings(page),
            end: blocks.offset,
        }),
        _ => Err(page.error(1, "the title is followed by a block ```toml")),
    }
}

/// The text between the settings block and the first case.
pub fn prose(page: Page<'_>) -> Result<&str, PageError> {
    let start = front(page)?.end;
    let mut end = page.text.len();
    let mut blocks = Blocks::new(page, start, 1);
    loop {
        let offset = blocks.next_block_offset();
        match blocks.next().transpose()? {
            Some(Block::Heading { level: 2, .. }) => {
                end = offset;
                break;
            }
            Some(_) => {}
            None => break,
        }
    }
    Ok(page.text.get(start..end).unwrap_or_default().trim())
}

/// The sections below headings of the second level, each with its settings blocks; for `allowed.md`.
pub fn sections(page: Page<'_>) -> Result<Vec<(&str, Vec<Settings<'_>>)>, PageError> {
    let mut sections: Vec<(&str, Vec<Settings<'_>>)> = Vec::new();
    for block in Blocks::new(page, 0, 1) {
        match block? {
            Block::Heading { level: 2, text, .. } => sections.push((text, Vec::new())),
            Block::Fence(fence) if fence.info == "toml" => match sections.last_mut() {
                Some((_, settings)) => settings.push(fence.settings(page)),
                None => return Err(page.error(fence.line - 1, "this block stands in no section")),
            },
            Block::Heading { .. } | Block::Fence(_) => {}
        }
    }
    Ok(sections)
}

/// The cases of a rule page.
pub fn cases(page: Page<'_>) -> Result<Vec<Case>, PageError> {
    let mut cases: Vec<Case> = Vec::new();
    let front = front(page)?;
    let first_line = line_of(page.text, front.end);
    for block in Blocks::new(page, front.end, first_line) {
        match block? {
            Block::Heading {
                level: 2,
                text,
                line,
            } => {
                if text.is_empty() || cases.iter().any(|case| case.title == text) {
                    return Err(page.error(line, "every case has a title of its own"));
                }
                cases.push(Case {
                    title: text.to_owned(),
                    line,
                    earlier: BTreeMap::new(),
                    before: BTreeMap::new(),
                    after: BTreeMap::new(),
                    config: None,
                    marks: Vec::new(),
                });
            }
            Block::Heading { .. } => {}
            Block::Fence(fence) => match cases.last_mut() {
                Some(case) => add(page, case, &fence)?,
                None if fence.info.contains(' ') => {
                    return Err(page.error(fence.line - 1, "this block stands in no case"));
                }
                None => {}
            },
        }
    }
    Ok(cases)
}

impl<'p> Settings<'p> {
    /// A whole TOML file.
    pub fn file(page: Page<'p>) -> Self {
        Self {
            page,
            toml: page.text,
            line: 1,
        }
    }

    /// Reads the settings as a `T`; an error names the page's own line.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, PageError> {
        toml::from_str(self.toml).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            self.error(offset, error.message().to_owned())
        })
    }

    /// An error at a byte of the settings.
    pub fn error(&self, offset: usize, message: impl Into<String>) -> PageError {
        self.page
            .error(self.line + line_of(self.toml, offset) - 1, message)
    }
}

impl<'p> Fence<'p> {
    fn settings(&self, page: Page<'p>) -> Settings<'p> {
        Settings {
            page,
            toml: self.body,
            line: self.line,
        }
    }
}

impl Page<'_> {
    /// An error on a line of the page.
    pub fn error(&self, line: usize, message: impl Into<String>) -> PageError {
        PageError {
            path: self.path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

/// Puts a fenced block where its info string says it belongs.
fn add(page: Page<'_>, case: &mut Case, fence: &Fence<'_>) -> Result<(), PageError> {
    let fail = |message: &str| Err(page.error(fence.line - 1, message));
    let mut words = fence.info.split_whitespace();
    let language = words.next().unwrap_or_default();
    let role = words.next();
    let path = match (words.next(), language) {
        (Some(path), _) => path,
        (None, "proto") => DEFAULT_PATH,
        (None, _) if matches!(role, Some("earlier" | "before" | "after" | "both")) => {
            return fail("only a block of proto has a path by default: name one");
        }
        (None, _) => "",
    };
    if words.next().is_some() {
        return fail("an info string is a language, a role and at most a path");
    }
    let sides: &[Side] = match role {
        Some("earlier") => {
            // What an earlier release gave up is found where it is used again.
            let known = case.earlier.insert(path.to_owned(), fence.body.to_owned());
            return match known {
                Some(_) => fail("the earlier release of the case has that file already"),
                None => Ok(()),
            };
        }
        Some("before") => &[Side::Baseline],
        Some("after") => &[Side::Current],
        Some("both") => &[Side::Baseline, Side::Current],
        Some("config") if language == "toml" && case.config.is_none() => {
            case.config = Some(fence.body.to_owned());
            return Ok(());
        }
        None if language != "proto" => return Ok(()),
        _ => {
            return fail(
                "a block of a case is `earlier`, `before`, `after`, `both` or one `toml config`",
            );
        }
    };
    for side in sides {
        let files = match side {
            Side::Baseline => &mut case.before,
            Side::Current => &mut case.after,
        };
        if files
            .insert(path.to_owned(), fence.body.to_owned())
            .is_some()
        {
            return fail("this side of the case has that file already");
        }
    }
    let side = *sides.last().unwrap_or(&Side::Current);
    for (index, text) in fence.body.lines().enumerate() {
        for (rule, status) in
            marks(path, text).map_err(|message| page.error(fence.line + index, message))?
        {
            case.marks.push(Mark {
                side,
                path: path.to_owned(),
                line: index + 1,
                rule: rule.to_owned(),
                status,
            });
        }
    }
    Ok(())
}

/// The rules that a line's mark names.
fn marks<'p>(path: &str, line: &'p str) -> Result<Vec<(&'p str, Option<Status>)>, String> {
    let is_markdown = path.rsplit_once('.').is_some_and(|(_, end)| end == "md");
    let text = if is_markdown {
        line.split_once("<!--~")
            .and_then(|(_, rest)| rest.split_once("-->"))
            .map(|(text, _)| text)
    } else {
        line.split_once("//~").map(|(_, text)| text)
    };
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    let marks: Vec<_> = text
        .split_whitespace()
        .map(mark)
        .collect::<Result<_, _>>()?;
    if marks.is_empty() {
        return Err("a mark names at least one rule".to_owned());
    }
    Ok(marks)
}

fn mark(word: &str) -> Result<(&str, Option<Status>), String> {
    let Some((rule, status)) = word.split_once('(') else {
        return Ok((word, None));
    };
    match status {
        "exempt)" => Ok((rule, Some(Status::Exempt))),
        "dormant)" => Ok((rule, Some(Status::Dormant))),
        "accepted)" => Ok((rule, Some(Status::Accepted))),
        _ => Err(format!(
            "`{word}`: the status of a mark is (exempt), (dormant) or (accepted)"
        )),
    }
}

/// The line, from 1, that holds a byte of a text.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    1 + before.filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const PAGE: Page<'_> = Page {
        path: "thing/thing-changed.md",
        text: "# Thing changed\n\n```toml\nlevel = 'error'\nx = [\n```\n\nWhy.\n\n```text\n## no heading\n```\n\n## A case\n\nProse.\n\n\
            ```proto before\nsyntax = \"proto3\";\nmessage A {} //~ a-b c-d(exempt)\n```\n\n\
            ```proto both b.proto\nmessage B {} //~ e\n```\n\n```markdown after README.md\n| x | <!--~ f-g -->\n```\n\n\
            ```toml config\npreset = 'x'\n```\n",
    };

    #[test]
    fn reads_title_settings_and_prose() {
        let front = front(PAGE).unwrap();
        assert_eq!(front.title, "Thing changed");
        assert_eq!(front.settings.line, 4);
        assert_eq!(prose(PAGE).unwrap(), "Why.\n\n```text\n## no heading\n```");
    }

    #[test]
    fn names_the_line_of_an_error_in_the_settings() {
        let error = front(PAGE).unwrap().settings.read::<toml::Table>();
        assert_eq!(error.unwrap_err().line, 5);
    }

    #[test]
    fn reads_cases_and_marks() {
        let cases = cases(PAGE).unwrap();
        assert_eq!(cases.len(), 1);
        let case = &cases[0];
        assert_eq!((case.title.as_str(), case.line), ("A case", 14));
        assert_eq!(
            case.before.keys().collect::<Vec<_>>(),
            ["b.proto", "example.proto"]
        );
        assert_eq!(
            case.after.keys().collect::<Vec<_>>(),
            ["README.md", "b.proto"]
        );
        assert_eq!(case.config.as_deref(), Some("preset = 'x'\n"));
        let marks: Vec<_> = case
            .marks
            .iter()
            .map(|mark| {
                (
                    mark.side,
                    mark.path.as_str(),
                    mark.line,
                    mark.rule.as_str(),
                    mark.status,
                )
            })
            .collect();
        assert_eq!(
            marks,
            [
                (Side::Baseline, "example.proto", 2, "a-b", None),
                (
                    Side::Baseline,
                    "example.proto",
                    2,
                    "c-d",
                    Some(Status::Exempt)
                ),
                (Side::Current, "b.proto", 1, "e", None),
                (Side::Current, "README.md", 1, "f-g", None),
            ]
        );
    }

    #[test]
    fn refuses_what_is_not_a_page() {
        let line = |text| {
            let page = Page { path: "p.md", text };
            front(page)
                .map(drop)
                .and_then(|()| cases(page).map(drop))
                .unwrap_err()
                .line
        };
        assert_eq!(line("no title\n"), 1);
        assert_eq!(line("# T\n\n```toml\n"), 3);
        assert_eq!(line("# T\n```toml\n```\n## C\n\n```proto befor\n```\n"), 6);
        assert_eq!(line("# T\n```toml\n```\n## C\n\n```proto\n```\n"), 6);
        assert_eq!(line("# T\n```toml\n```\n## C\n## C\n"), 5);
        assert_eq!(
            line("# T\n```toml\n```\n## C\n```proto before\n\n//~ a(gone)\n```\n"),
            7
        );
    }
}
