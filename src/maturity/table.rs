//! The maturity table of a README: which rows it has, and which of them covers a file; does no IO and judges nothing.

mod find;
mod pattern;
mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Level;
use pattern::Pattern;

/// A maturity table as some README states it.
#[derive(Clone, Debug)]
pub struct Table {
    /// The line of the table's header, counted from 1.
    pub line: u32,
    /// One row for each pattern, in the order in which they are written.
    pub rows: Vec<Row>,
}

/// What the table says of the files that one pattern covers.
#[derive(Clone, Debug)]
pub struct Row {
    /// The pattern as a reader sees it: without escapes, links and code marks.
    pub pattern: String,
    /// The line in the README, counted from 1.
    pub line: u32,
    /// What it says of the binary encoding; `None` for a row of a JSON section.
    pub binary: Option<Cell>,
    /// What it says of the JSON encoding; `None` for a row of a binary section.
    pub json: Option<Cell>,
    matcher: Pattern,
}

/// What one cell says.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// A level.
    Level(Level),
    /// `N/A`: the encoding is not in use, so nothing is promised for it.
    NotApplicable,
    /// No level: empty, unknown, or `Deprecated` and `Unmaintained`, which lift no promise.
    Unstated,
}

impl Cell {
    /// The level, where there is one.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Level(level) => Some(level),
            Self::NotApplicable | Self::Unstated => None,
        }
    }
}

/// What the table says of one file.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Stated {
    /// For the binary encoding.
    pub binary: Cell,
    /// For the JSON encoding.
    pub json: Cell,
    /// The line of the README that covers the file, counted from 1.
    pub line: u32,
    /// The line that speaks of its JSON encoding: the same one unless the table has sections.
    pub json_line: u32,
}

/// A level that the table names and nobody knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownLevel {
    /// What stands in the cell.
    pub text: String,
    /// The line in the README, counted from 1.
    pub line: u32,
    /// The bytes of the cell in the README.
    pub span: Range<usize>,
}

/// Reads the first maturity table in the section under `heading`.
///
/// The heading may have any level and any case. A table counts where its header has a column for
/// components and one for a level; others are passed over. Returns the table and the levels it
/// names that are none, or `None` where there is no such heading or table.
///
/// Every form that the table has had in the OpenTelemetry repository is read, and HTML tables too,
/// which is what GitHub makes of it.
pub fn parse(markdown: &str, heading: &str) -> Option<(Table, Vec<UnknownLevel>)> {
    find::tables_under(markdown, heading)
        .iter()
        .find_map(|raw| read::table(markdown, raw))
}

impl Table {
    /// What the table says of the file at `path`, which like `root` is relative to the repository.
    ///
    /// The patterns are relative to `root` and anchored there: `common/*` does not cover
    /// `collector/common/a.proto`. A row for a file beats a row for a directory, the longer prefix
    /// the shorter, the earlier row a later one that is equal. `None` where no row covers the file;
    /// `All messages` under a JSON heading covers none, it only says how their JSON stands.
    pub fn lookup(&self, root: &str, path: &str) -> Option<Stated> {
        let path = below(root, path)?;
        let (row, binary) = self.best(path, |row| row.binary)?;
        let (json_row, json) = self
            .best(path, |row| row.json)
            .unwrap_or((row, Cell::Unstated));
        Some(Stated {
            binary,
            json,
            line: row.line,
            json_line: json_row.line,
        })
    }

    /// The directory that the patterns are most likely relative to.
    ///
    /// It is the one below which most rows cover a file of `proto_paths`; of equal ones the one with
    /// most files covered, then the shortest, then the first by name. Empty where no row covers any
    /// file, wherever it were anchored.
    pub fn infer_root<'a>(&self, proto_paths: impl IntoIterator<Item = &'a str>) -> String {
        let mut covered: BTreeMap<&str, (BTreeSet<usize>, usize)> = BTreeMap::new();
        for path in proto_paths {
            for root in ancestors(path) {
                let rows: Vec<usize> = self.rows_that_cover(root, path).collect();
                if !rows.is_empty() {
                    let (seen, files) = covered.entry(root).or_default();
                    seen.extend(rows);
                    *files += 1;
                }
            }
        }
        let mut best = ("", (0, 0));
        // Strictly more, so that the first by name stays, and the shortest comes before its own subdirectories.
        for (root, (rows, files)) in &covered {
            let score = (rows.len(), *files);
            if score > best.1 || (score == best.1 && root.len() < best.0.len()) {
                best = (root, score);
            }
        }
        best.0.to_owned()
    }

    /// Whether any row covers any of these files.
    pub fn covers_any<'a>(
        &self,
        root: &str,
        proto_paths: impl IntoIterator<Item = &'a str>,
    ) -> bool {
        proto_paths
            .into_iter()
            .any(|path| self.lookup(root, path).is_some())
    }

    fn best(&self, path: &str, says: impl Fn(&Row) -> Option<Cell>) -> Option<(&Row, Cell)> {
        self.rows
            .iter()
            .filter(|row| row.matcher.matches(path))
            .filter_map(|row| Some((row, says(row)?)))
            // `max_by_key` takes the last of equals; the table is read from the top.
            .rev()
            .max_by_key(|(row, _)| row.matcher.rank())
    }

    fn rows_that_cover(&self, root: &str, path: &str) -> impl Iterator<Item = usize> {
        let path = below(root, path);
        self.rows
            .iter()
            .enumerate()
            // A row for everything matches below every directory and so points at none.
            .filter(|(_, row)| !matches!(row.matcher, Pattern::Everything))
            .filter(move |(_, row)| path.is_some_and(|path| row.matcher.matches(path)))
            .map(|(index, _)| index)
    }
}

/// `path` as seen from `root`, where it lies below it.
fn below<'a>(root: &str, path: &'a str) -> Option<&'a str> {
    let root = root.trim_start_matches("./").trim_matches('/');
    if root.is_empty() || root == "." {
        return Some(path);
    }
    path.strip_prefix(root)?.strip_prefix('/')
}

/// The directories above a path, the outermost (`""`) first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let inner = path
        .match_indices('/')
        .filter_map(|(end, _)| path.get(..end));
    std::iter::once("").chain(inner)
}
