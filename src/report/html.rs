//! The report as one page that a browser shows without asking anybody for anything; it knows neither files nor browsers.

mod entry;
mod excerpt;
mod page;

use askama::Template as _;

use self::page::Page;
use super::Report;

/// The page: the verdict, the counts, the findings by component and promise with old and new source side by side, the
/// closing line.
pub fn render(report: &Report) -> Result<String, askama::Error> {
    Page::of(report).render()
}
