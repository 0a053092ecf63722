//! An audit as one page of HTML that needs nothing else: a timeline, the table behind it, and what was broken; it counts nothing.

mod timeline;

use askama::Template;

use self::timeline::Timeline;
use super::{Audit, Counts, Step, table};
use crate::page::prose::{Part, prose};
use crate::report::text::printable;

/// The page. Every text from git or schemas is escaped; nothing on it asks another place for anything.
pub fn render(audit: &Audit) -> Result<String, askama::Error> {
    Page::of(audit).render()
}

/// The page, as its template reads it.
#[derive(Debug, Template)]
#[template(path = "audit/page/page.html", config = "src/askama.toml")]
struct Page {
    version: String,
    closing: String,
    timeline: Timeline,
    releases: Vec<Release>,
    broken: Vec<Broken>,
}

/// A line of the table.
#[derive(Debug)]
struct Release {
    anchor: String,
    name: String,
    date: String,
    before: String,
    cells: Option<Cells>,
    trouble: String,
}

/// What a comparison gave.
#[derive(Debug)]
struct Cells {
    /// In the order of the columns: each number, and the class of its cell.
    numbers: [(usize, &'static str); 8],
    needed: &'static str,
    made: &'static str,
    kept: bool,
}

/// What a release broke.
#[derive(Debug)]
struct Broken {
    name: String,
    date: String,
    promises: Vec<Promise>,
}

/// A broken promise.
#[derive(Debug)]
struct Promise {
    message: Vec<Part>,
    status: &'static str,
    rule: String,
    page: Option<String>,
}

impl Page {
    fn of(audit: &Audit) -> Self {
        let steps = &audit.releases;
        Self {
            version: format!("{} {}", audit.tool.name, audit.tool.version),
            closing: printable(&table::closing(audit)).into_owned(),
            timeline: Timeline::of(steps),
            releases: steps.iter().enumerate().map(release).collect(),
            broken: steps.iter().filter_map(broken).collect(),
        }
    }
}

/// The anchor of a release: names of tags hold what no fragment should.
fn anchor(index: usize) -> String {
    format!("release-{}", index + 1)
}

fn release((index, step): (usize, &Step)) -> Release {
    let trouble = step.trouble.as_deref().unwrap_or_default();
    Release {
        anchor: anchor(index),
        name: printable(&step.to).into_owned(),
        date: step.date.clone(),
        before: printable(&step.from).into_owned(),
        cells: step.counts.as_ref().map(cells),
        trouble: printable(trouble).into_owned(),
    }
}

fn cells(counts: &Counts) -> Cells {
    let breaks = &counts.breaks;
    let number = |n: usize| (n, if n == 0 { "zero" } else { "" });
    let (errors, class) = number(breaks.error);
    Cells {
        numbers: [
            number(counts.additions),
            number(counts.promotions),
            (errors, if errors > 0 { "some-errors" } else { class }),
            number(breaks.warning),
            number(breaks.note),
            number(breaks.exempt),
            number(breaks.accepted),
            number(breaks.dormant),
        ],
        needed: counts.needed,
        made: counts.made,
        kept: counts.kept,
    }
}

fn broken(step: &Step) -> Option<Broken> {
    let all = &step.counts.as_ref()?.broken;
    let promises: Vec<Promise> = all
        .iter()
        .map(|it| Promise {
            message: prose(&it.message),
            status: it.status.as_str(),
            rule: printable(&it.rule).into_owned(),
            page: it.page.as_ref().map(|page| page.as_str().to_owned()),
        })
        .collect();
    (!promises.is_empty()).then(|| Broken {
        name: printable(&step.to).into_owned(),
        date: step.date.clone(),
        promises,
    })
}
