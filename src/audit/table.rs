//! An audit as a table for people, one line a release; it counts nothing.

use super::{Audit, Breaks, Counts, Step};
use crate::report::text::{count, inert, printable};

/// The headings of the columns; those of numbers stand to the right.
const HEADINGS: [&str; 13] = [
    "from",
    "to",
    "date",
    "additions",
    "promotions",
    "errors",
    "warnings",
    "notes",
    "exempt",
    "accepted",
    "dormant",
    "needed",
    "made",
];

/// The columns that hold text.
const WORDS: [usize; 5] = [0, 1, 2, 11, 12];

/// The table and the sums. With `verbose` each broken promise follows its release; with `quiet` only releases with errors, or
/// with a version that says too little, are listed.
pub fn render(audit: &Audit, verbose: bool, quiet: bool) -> String {
    let shown = |step: &&Step| {
        let is_fine = |counts: &Counts| counts.kept && counts.breaks.error == 0;
        !quiet || !step.counts.as_ref().is_some_and(is_fine)
    };
    let shown: Vec<&Step> = audit.releases.iter().filter(shown).collect();
    let rows: Vec<Vec<String>> = shown.iter().map(|step| row(step)).collect();
    let mut widths = HEADINGS.map(str::len);
    // What is not judged has one long cell, for which no column is made wide.
    for row in rows.iter().filter(|row| row.len() == HEADINGS.len()) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    if !rows.is_empty() {
        push_row(&mut out, &HEADINGS.map(str::to_owned), &widths);
    }
    for (row, step) in rows.iter().zip(&shown) {
        push_row(&mut out, row, &widths);
        for broken in step.counts.iter().flat_map(|counts| &counts.broken) {
            if verbose {
                let status = broken.status.as_str();
                let line = format!("    {status}[{}] {}", broken.rule, broken.message);
                out.push_str(&printable(&line));
                out.push('\n');
            }
        }
    }
    out.push_str(&closing(audit));
    out.push('\n');
    inert(&out).into_owned()
}

fn row(step: &Step) -> Vec<String> {
    let mut row: Vec<String> = [&step.from, &step.to, &step.date]
        .into_iter()
        .map(|text| printable(text).into_owned())
        .collect();
    let Some(counts) = &step.counts else {
        let why = step.trouble.as_deref().unwrap_or_default();
        row.push(format!("not judged: {}", printable(why)));
        return row;
    };
    let Breaks {
        error,
        warning,
        note,
        exempt,
        accepted,
        dormant,
    } = counts.breaks;
    let numbers = [
        counts.additions,
        counts.promotions,
        error,
        warning,
        note,
        exempt,
        accepted,
        dormant,
    ];
    row.extend(numbers.map(|number| number.to_string()));
    row.push(counts.needed.to_owned());
    let too_little = if counts.kept { "" } else { " (too little)" };
    row.push(format!("{}{too_little}", counts.made));
    row
}

fn push_row(out: &mut String, row: &[String], widths: &[usize]) {
    let mut line = String::new();
    let is_whole = row.len() == widths.len();
    for (column, (cell, &width)) in row.iter().zip(widths).enumerate() {
        let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
        if column > 0 {
            line.push_str("  ");
        }
        if WORDS.contains(&column) || (!is_whole && column + 1 == row.len()) {
            line.push_str(cell);
            line.push_str(&gap);
        } else {
            line.push_str(&gap);
            line.push_str(cell);
        }
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// What was judged, by which promises, and the sums.
pub fn closing(audit: &Audit) -> String {
    let totals = &audit.totals;
    let breaks = &totals.breaks;
    let by = match &audit.from_scratch {
        Some(preset) => format!("by the promises of preset {preset}, all in force from the start"),
        None => "each by what was promised then".to_owned(),
    };
    let counts = [
        (breaks.error, "error"),
        (breaks.warning, "warning"),
        (breaks.note, "note"),
        (breaks.exempt, "exempt"),
        (breaks.accepted, "accepted"),
        (breaks.dormant, "dormant"),
    ];
    let counts = counts.map(|(n, noun)| count(n, noun)).join(", ");
    let unjudged = match totals.unjudged {
        0 => String::new(),
        n => format!(", {n} not judged"),
    };
    format!(
        "{} compared with the one before, {by}{unjudged}: {}, {}; {counts}; {} with a version that says too little",
        count(totals.compared, "release"),
        count(totals.additions, "addition"),
        count(totals.promotions, "promotion"),
        count(totals.understated, "release"),
    )
}
