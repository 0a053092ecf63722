//! Old and new source side by side, cut to the lines around the place of a finding; it knows lines, and no page.

mod line;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use similar::{DiffTag, TextDiff};

use self::line::Line;
use crate::report::text::printable;
use crate::report::{Finding, Location, Report};

/// Lines shown before and behind the place.
const CONTEXT: usize = 3;
/// Lines of a place that are shown; the rest of it is left out.
const MARKED: usize = 12;

/// What is shown of both sides.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// The file of the baseline, as a person would ask for it; empty where there is none.
    pub(super) old: String,
    /// The same of the current side.
    pub(super) new: String,
    /// The lines.
    pub(super) rows: Vec<Row>,
}

/// A line of both sides.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The line of the baseline.
    pub(super) old: Option<Cell>,
    /// The line of the current side.
    pub(super) new: Option<Cell>,
    /// Whether it says the same on both sides, so that one of them is enough where there is no room.
    pub(super) is_same: bool,
    /// Whether lines are left out before it.
    pub(super) is_behind_gap: bool,
}

/// A line of one side.
#[derive(Debug)]
pub(super) struct Cell {
    /// The number of the line, from 1.
    pub(super) number: usize,
    /// Whether the other side has not got it like this.
    pub(super) is_changed: bool,
    /// Whether the other side has no line in its place.
    pub(super) is_alone: bool,
    /// What stands there.
    pub(super) line: Line,
}

impl Excerpt {
    /// About how many bytes it takes in the page.
    pub(super) fn size(&self) -> usize {
        let cells = self.rows.iter().flat_map(|row| [&row.old, &row.new]);
        let pieces = cells.flatten().flat_map(|cell| cell.line.pieces());
        self.rows.len() * 120 + pieces.map(|piece| piece.text.len() + 12).sum::<usize>()
    }
}

/// What findings have asked for before: pairs of files by the baseline and the path in both.
#[derive(Debug, Default)]
pub(super) struct Known<'a>(BTreeMap<(&'a str, &'a str), Rc<Files<'a>>>);

/// Two files, and which of their lines belong together.
#[derive(Debug)]
struct Files<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    pairs: Vec<Pair>,
    /// The pair that a line of the old file is in.
    of_old: BTreeMap<usize, usize>,
    /// The same of the new file.
    of_new: BTreeMap<usize, usize>,
}

/// A line on the sides that have it, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair {
    old: Option<usize>,
    new: Option<usize>,
    is_same: bool,
}

/// The excerpt for a finding; `None` where no text is at hand.
pub(super) fn excerpt<'a>(
    report: &'a Report,
    finding: &'a Finding,
    known: &mut Known<'a>,
) -> Option<Excerpt> {
    let (old_at, new_at) = (finding.baseline.as_ref(), finding.current.as_ref());
    let old_path = &old_at.or(new_at)?.path;
    let new_path = &new_at.or(old_at)?.path;
    let old_text = report.baseline_file(finding, old_path);
    let new_text = report.sources.current.get(new_path);
    if old_text.is_none() && new_text.is_none() {
        return None;
    }
    let lines =
        |text: Option<&'a String>| text.map_or_else(Vec::new, |text| text.lines().collect());
    let files = if old_path == new_path {
        let key = (report.baseline_of(finding).spec.as_str(), old_path.as_str());
        let versions = || Rc::new(Files::versions(lines(old_text), lines(new_text)));
        Rc::clone(known.0.entry(key).or_insert_with(versions))
    } else {
        let places = (first(old_at), first(new_at));
        Rc::new(Files::beside(lines(old_text), lines(new_text), places))
    };
    let name = |text: Option<&String>, name: String| match text {
        Some(_) => printable(&name).into_owned(),
        None => String::new(),
    };
    Some(Excerpt {
        old: name(old_text, report.baseline_of(finding).file(old_path)),
        new: name(new_text, report.current.file(new_path)),
        rows: files.rows(old_at, new_at),
    })
}

impl<'a> Files<'a> {
    /// Two versions of one file: compared line by line.
    fn versions(old: Vec<&'a str>, new: Vec<&'a str>) -> Self {
        let mut pairs = Vec::new();
        for op in TextDiff::from_slices(&old, &new).ops() {
            let (tag, old, new) = op.as_tag_tuple();
            for i in 0..old.len().max(new.len()) {
                let nth = |range: &Range<usize>| Some(range.start + i).filter(|at| *at < range.end);
                pairs.push(Pair {
                    old: nth(&old),
                    new: nth(&new),
                    is_same: tag == DiffTag::Equal,
                });
            }
        }
        Self::of(old, new, pairs)
    }

    /// Two files that are no versions of each other: what is around a line of each, these lines next to each other.
    fn beside(old: Vec<&'a str>, new: Vec<&'a str>, (old_at, new_at): (usize, usize)) -> Self {
        let nth = |row: usize, at: usize, lines: &[&str]| {
            let line = (row + at).checked_sub(CONTEXT)?;
            (line < lines.len()).then_some(line)
        };
        let pairs = (0..CONTEXT + MARKED + CONTEXT)
            .map(|row| Pair {
                old: nth(row, old_at, &old),
                new: nth(row, new_at, &new),
                is_same: true,
            })
            .filter(|pair| pair.old.is_some() || pair.new.is_some())
            .collect();
        Self::of(old, new, pairs)
    }

    fn of(old: Vec<&'a str>, new: Vec<&'a str>, pairs: Vec<Pair>) -> Self {
        let index = |line: fn(&Pair) -> Option<usize>| -> BTreeMap<usize, usize> {
            let rows = pairs.iter().enumerate();
            rows.filter_map(|(row, pair)| Some((line(pair)?, row)))
                .collect()
        };
        Self {
            of_old: index(|pair| pair.old),
            of_new: index(|pair| pair.new),
            old,
            new,
            pairs,
        }
    }

    /// The rows of both places and of what is around them.
    fn rows(&self, old_at: Option<&Location>, new_at: Option<&Location>) -> Vec<Row> {
        let old = Side {
            lines: &self.old,
            at: old_at,
        };
        let new = Side {
            lines: &self.new,
            at: new_at,
        };
        let mut rows = Vec::new();
        let mut next = None;
        for index in self.shown(old_at, new_at) {
            let Some(pair) = self.pairs.get(index) else {
                continue;
            };
            rows.push(Row {
                is_behind_gap: next.is_some_and(|next| next != index),
                ..row(*pair, old, new)
            });
            next = Some(index + 1);
        }
        rows
    }

    /// The pairs to show: those of both places and the ones around them.
    fn shown(&self, old_at: Option<&Location>, new_at: Option<&Location>) -> Vec<usize> {
        let old = place(old_at).filter_map(|line| self.of_old.get(&line));
        let new = place(new_at).filter_map(|line| self.of_new.get(&line));
        let mut places: Vec<usize> = old.chain(new).copied().collect();
        places.sort_unstable();
        let mut shown: Vec<usize> = Vec::new();
        for index in places {
            let from = index.saturating_sub(CONTEXT);
            let from = shown.last().map_or(from, |last| from.max(last + 1));
            shown.extend(from..(index + CONTEXT + 1).min(self.pairs.len()));
        }
        shown
    }
}

fn row(pair: Pair, old: Side<'_>, new: Side<'_>) -> Row {
    let (old_line, new_line) = (old.line(pair.old), new.line(pair.new));
    let (old_changed, new_changed) = match (old_line, new_line) {
        _ if pair.is_same => (Vec::new(), Vec::new()),
        (Some(old), Some(new)) => line::changed(old, new),
        (old, new) => (line::whole(old), line::whole(new)),
    };
    let is_marked = pair.old.is_some_and(|line| place(old.at).contains(&line));
    Row {
        old: old.cell(pair.old, &old_changed, pair),
        new: new.cell(pair.new, &new_changed, pair),
        is_same: pair.is_same && pair.new.is_some() && !is_marked,
        is_behind_gap: false,
    }
}

/// The text of one side, and the place in it.
#[derive(Debug, Clone, Copy)]
struct Side<'a> {
    lines: &'a [&'a str],
    at: Option<&'a Location>,
}

impl<'a> Side<'a> {
    fn line(self, index: Option<usize>) -> Option<&'a str> {
        self.lines.get(index?).copied()
    }

    fn cell(self, index: Option<usize>, changed: &[Range<usize>], pair: Pair) -> Option<Cell> {
        let number = index? + 1;
        let mark = self.at.and_then(|at| mark(at, number));
        Some(Cell {
            number,
            is_changed: !pair.is_same,
            is_alone: pair.old.is_none() || pair.new.is_none(),
            line: line::shown(self.line(index)?, changed, mark),
        })
    }
}

/// The line that a place begins in, counted from 0.
fn first(at: Option<&Location>) -> usize {
    let line = at.map_or(0, |at| at.line.saturating_sub(1));
    usize::try_from(line).unwrap_or(usize::MAX)
}

/// The lines of a place that are shown.
fn place(at: Option<&Location>) -> Range<usize> {
    let Some(end_line) = at.map(|at| at.end_line) else {
        return 0..0;
    };
    let first = first(at);
    let last = usize::try_from(end_line).unwrap_or(usize::MAX);
    first..last.clamp(first.saturating_add(1), first.saturating_add(MARKED))
}

/// The characters of a line that a place covers.
fn mark(at: &Location, number: usize) -> Option<Range<usize>> {
    let number = u32::try_from(number).ok()?;
    let index = |column: u32| usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    if !(at.line..=at.end_line.max(at.line)).contains(&number) {
        return None;
    }
    let start = if number == at.line {
        index(at.column)
    } else {
        0
    };
    let end = if number == at.end_line {
        index(at.end_column)
    } else {
        usize::MAX
    };
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "a\nb\nc\nd\ne\nf\ng\nh int32 x\ni\nj\nk\nl\nm";
    const NEW: &str = "a\nnew\nb\nc\nd\ne\nf\ng\nh int64 x\ni\nk\nl\nm";

    fn at(line: u32, column: u32, end_column: u32) -> Location {
        Location {
            path: "a.proto".to_owned(),
            line,
            column,
            end_line: line,
            end_column,
        }
    }

    fn drawn(old_at: Option<&Location>, new_at: Option<&Location>) -> Vec<String> {
        let files = Files::versions(OLD.lines().collect(), NEW.lines().collect());
        let cell = |cell: &Option<Cell>| match cell {
            None => "-".to_owned(),
            Some(cell) => {
                let (before, marked) = (&cell.line.before, &cell.line.marked);
                let pieces = cell.line.pieces().enumerate().map(|(i, piece)| {
                    let open = if piece.is_changed { "[" } else { "" };
                    let is_first = i == before.len() && !marked.is_empty();
                    let mark = if is_first { "^" } else { "" };
                    format!("{open}{mark}{}", piece.text)
                });
                format!("{} {}", cell.number, pieces.collect::<String>())
            }
        };
        files
            .rows(old_at, new_at)
            .iter()
            .map(|row| format!("{} | {}", cell(&row.old), cell(&row.new)))
            .collect()
    }

    #[test]
    fn lines_that_belong_together_stand_side_by_side() {
        let (old, new) = (at(8, 3, 8), at(9, 3, 8));
        assert_eq!(
            drawn(Some(&old), Some(&new)),
            [
                "5 e | 6 e",
                "6 f | 7 f",
                "7 g | 8 g",
                "8 h [^int32 x | 9 h [^int64 x",
                "9 i | 10 i",
                "10 [j | -",
                "11 k | 11 k",
            ]
        );
    }

    #[test]
    fn places_that_are_apart_have_a_gap_between_them() {
        let (old, new) = (at(13, 1, 2), at(2, 1, 4));
        let drawn = drawn(Some(&old), Some(&new));
        assert_eq!(drawn.first().map(String::as_str), Some("1 a | 1 a"));
        assert_eq!(drawn.get(1).map(String::as_str), Some("- | 2 [^new"));
        assert_eq!(drawn.last().map(String::as_str), Some("13 ^m | 13 m"));
        assert_eq!(drawn.len(), 9);
    }

    #[test]
    fn lines_of_two_files_are_not_compared() {
        let files = Files::beside(vec!["a", "b", "x"], vec!["x", "c"], (2, 0));
        let lines: Vec<_> = files
            .pairs
            .iter()
            .map(|pair| (pair.old, pair.new))
            .collect();
        assert_eq!(
            lines,
            [
                (Some(0), None),
                (Some(1), None),
                (Some(2), Some(0)),
                (None, Some(1)),
            ]
        );
    }

    #[test]
    fn a_place_that_is_not_there_shows_nothing() {
        let nowhere = at(4_000_000_000, 1, 2);
        assert!(drawn(Some(&nowhere), None).is_empty());
    }
}
