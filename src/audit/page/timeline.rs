//! The timeline of an audit as inline SVG: a column a release, a lane for each count; it knows no table.

use super::anchor;
use crate::audit::Step;
use crate::report::text::{count, printable};

/// The lanes from top to bottom: what is counted, the noun of one, the class of its bars.
const LANES: [(&str, &str, &str); 4] = [
    ("Additions", "addition", "additions"),
    ("Breaks", "break", "errors"),
    ("Exempt", "exempt", "exempt"),
    ("Promotions", "promotion", "promotions"),
];

const LEFT: usize = 110;
const COLUMN: usize = 34;
/// The height of the highest bar of a lane.
const BAR: usize = 48;
/// What is above it: the number, and some air.
const ABOVE: usize = 22;
const LANE: usize = BAR + ABOVE;
/// The width of a letter of a release's name, which stands upright below its column.
const LETTER: usize = 8;

/// The drawing. Columns are links, so that the keyboard reaches each of them and readers are told what it says.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Where the first column begins.
    pub(super) left: usize,
    /// Where the names of releases end.
    pub(super) names_at: usize,
    pub(super) lanes: Vec<Lane>,
    pub(super) columns: Vec<Column>,
}

/// What is counted, over all releases.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: &'static str,
    pub(super) name_at: usize,
    pub(super) most: usize,
    pub(super) most_at: usize,
    pub(super) floor: usize,
}

/// A release.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) anchor: String,
    pub(super) said: String,
    pub(super) name: String,
    pub(super) left: usize,
    pub(super) middle: usize,
    pub(super) width: usize,
    pub(super) bars: Vec<Bar>,
}

/// A number that is not zero.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) number: usize,
    pub(super) number_at: usize,
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Timeline {
    /// The timeline of these releases.
    pub(super) fn of(steps: &[Step]) -> Self {
        let lanes = LANES.len() * LANE + 8;
        let longest = steps.iter().map(|step| name(step).chars().count()).max();
        let most: Vec<usize> = (0..LANES.len())
            .map(|lane| steps.iter().map(|step| value(step, lane)).max())
            .map(Option::unwrap_or_default)
            .collect();
        let columns = steps.iter().enumerate();
        Self {
            width: LEFT + steps.len() * COLUMN + 12,
            height: lanes + 24 + longest.unwrap_or(0) * LETTER,
            left: LEFT,
            names_at: lanes + 12,
            lanes: (LANES.iter().zip(&most).enumerate())
                .map(|(lane, ((name, _, _), most))| Lane {
                    name,
                    name_at: floor(lane) - BAR / 2,
                    most: *most,
                    most_at: floor(lane) - BAR / 2 + 15,
                    floor: floor(lane),
                })
                .collect(),
            columns: columns
                .map(|(index, step)| column(index, step, &most))
                .collect(),
        }
    }
}

fn column(index: usize, step: &Step, most: &[usize]) -> Column {
    let left = LEFT + index * COLUMN;
    let bars = LANES.iter().zip(most).enumerate();
    let bars = bars.map(|(lane, ((_, _, class), most))| {
        let number = value(step, lane);
        let height = high(number, *most);
        Bar {
            class,
            number,
            number_at: floor(lane) - height - 5,
            left: left + 7,
            top: floor(lane) - height,
            width: COLUMN - 14,
            height,
        }
    });
    Column {
        anchor: anchor(index),
        said: said(step),
        name: name(step),
        left,
        middle: left + COLUMN / 2,
        width: COLUMN,
        bars: bars.filter(|bar| bar.number > 0).collect(),
    }
}

/// The name of a release, as it stands below its column.
fn name(step: &Step) -> String {
    let unjudged = if step.counts.is_none() {
        " (not judged)"
    } else {
        ""
    };
    format!("{}{unjudged}", printable(&step.to))
}

/// What a column says, for those who do not see it.
fn said(step: &Step) -> String {
    let counted = if step.counts.is_some() {
        let counts = LANES.iter().enumerate();
        let counts = counts.map(|(lane, (_, noun, _))| count(value(step, lane), noun));
        counts.collect::<Vec<_>>().join(", ")
    } else {
        "not judged".to_owned()
    };
    format!("{} ({}): {counted}", printable(&step.to), step.date)
}

fn value(step: &Step, lane: usize) -> usize {
    let Some(counts) = &step.counts else {
        return 0;
    };
    match lane {
        0 => counts.additions,
        1 => counts.breaks.error + counts.breaks.accepted,
        2 => counts.breaks.exempt,
        _ => counts.promotions,
    }
}

/// Where the bars of a lane stand.
const fn floor(lane: usize) -> usize {
    (lane + 1) * LANE
}

/// The height of a bar; a small number among large ones is seen all the same.
fn high(n: usize, most: usize) -> usize {
    (n * BAR / most.max(1)).max(3)
}
