//! The timeline of an audit as inline SVG: a column a release, a lane for each count; it knows no table.

use maud::{Markup, html};

use super::anchor;
use crate::audit::{Audit, Step};
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
pub(super) fn draw(audit: &Audit) -> Markup {
    let steps = &audit.releases;
    let (width, lanes) = (LEFT + steps.len() * COLUMN + 12, LANES.len() * LANE + 8);
    let longest = steps.iter().map(|step| name(step).chars().count()).max();
    let height = lanes + 24 + longest.unwrap_or(0) * LETTER;
    let most = |lane: usize| steps.iter().map(|step| value(step, lane)).max();
    let most: Vec<usize> = (0..LANES.len())
        .map(|lane| most(lane).unwrap_or(0))
        .collect();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height)
            viewBox={ "0 0 " (width) " " (height) } role="group"
            aria-label="Additions, breaks, exempt changes and promotions by release" {
            @for (lane, (name, _, _)) in LANES.iter().enumerate() {
                text.lane x="12" y=(floor(lane) - BAR / 2) { (name) }
                text.most x="12" y=(floor(lane) - BAR / 2 + 15) {
                    "at most " (most.get(lane).copied().unwrap_or(0))
                }
                line x1=(LEFT) x2=(width) y1=(floor(lane)) y2=(floor(lane)) {}
            }
            @for (index, step) in steps.iter().enumerate() {
                (column(index, step, &most, (lanes, height)))
            }
        }
    }
}

fn column(index: usize, step: &Step, most: &[usize], (lanes, height): (usize, usize)) -> Markup {
    let left = LEFT + index * COLUMN;
    let middle = left + COLUMN / 2;
    let bottom = lanes + 12;
    html! {
        a href={ "#" (anchor(index)) } aria-label=(said(step)) {
            title { (said(step)) }
            rect.column x=(left) y="0" width=(COLUMN) height=(height) {}
            @for (lane, (_, _, class)) in LANES.iter().enumerate() {
                @let n = value(step, lane);
                @if n > 0 {
                    @let high = high(n, most.get(lane).copied().unwrap_or(n));
                    rect class=(class) x=(left + 7) y=(floor(lane) - high) width=(COLUMN - 14) height=(high) rx="2" {}
                    text x=(middle) y=(floor(lane) - high - 5) text-anchor="middle" { (n) }
                }
            }
            text.name x=(middle) y=(bottom) text-anchor="end" dominant-baseline="middle"
                transform={ "rotate(-90 " (middle) " " (bottom) ")" } {
                (name(step))
            }
        }
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
