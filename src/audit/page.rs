//! An audit as one page of HTML that needs nothing else: a timeline, the table behind it, and what was broken; it counts nothing.

mod timeline;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Audit, Counts, Step, table};
use crate::report::text::printable;

/// The page. Every text from git or schemas is escaped; nothing on it asks another place for anything.
pub fn render(audit: &Audit) -> String {
    let title = "From release to release";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ (audit.tool.name) " " (audit.tool.version) };
                // Belt and braces: a reader's browser asks nobody for anything, whatever got into the page.
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(include_str!("page.css"))) }
            }
            body {
                main {
                    h1 { (title) }
                    p { (printable(&table::closing(audit))) }
                    @if !audit.releases.is_empty() {
                        h2 id="timeline" { "Timeline" }
                        p.faint { "Each column is a release and leads to its line in the table." }
                        div.wide tabindex="0" role="region" aria-labelledby="timeline" {
                            (timeline::draw(audit))
                        }
                        h2 id="releases" { "Releases" }
                        div.wide tabindex="0" role="region" aria-labelledby="releases" {
                            (releases(audit))
                        }
                    }
                    (broken(audit))
                    p.faint {
                        "Written by " (audit.tool.name) " " (audit.tool.version) "."
                    }
                }
            }
        }
    };
    page.into_string() + "\n"
}

/// The anchor of a release: names of tags hold what no fragment should.
fn anchor(index: usize) -> String {
    format!("release-{}", index + 1)
}

fn releases(audit: &Audit) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "release" }
                    th.text scope="col" { "date" }
                    th.text scope="col" { "compared with" }
                    th scope="col" { "additions" }
                    th scope="col" { "promotions" }
                    th scope="col" { "errors" }
                    th scope="col" { "warnings" }
                    th scope="col" { "notes" }
                    th scope="col" { "exempt" }
                    th scope="col" { "accepted" }
                    th scope="col" { "dormant" }
                    th.text scope="col" { "needed" }
                    th.text scope="col" { "made" }
                }
            }
            tbody {
                @for (index, step) in audit.releases.iter().enumerate() {
                    (row(index, step))
                }
            }
        }
    }
}

fn row(index: usize, step: &Step) -> Markup {
    html! {
        tr id=(anchor(index)) {
            th scope="row" { (printable(&step.to)) }
            td.text { (step.date) }
            td.text { (printable(&step.from)) }
            @match &step.counts {
                Some(counts) => (cells(counts)),
                None => td.text colspan="10" {
                    "not judged: " (printable(step.trouble.as_deref().unwrap_or_default()))
                },
            }
        }
    }
}

fn cells(counts: &Counts) -> Markup {
    let breaks = &counts.breaks;
    let number = |n: usize| html! { td.zero[n == 0] { (n) } };
    html! {
        (number(counts.additions))
        (number(counts.promotions))
        td.zero[breaks.error == 0].some-errors[breaks.error > 0] { (breaks.error) }
        (number(breaks.warning))
        (number(breaks.note))
        (number(breaks.exempt))
        (number(breaks.accepted))
        (number(breaks.dormant))
        td.text { (counts.needed) }
        td.text.too-little[!counts.kept] {
            (counts.made) @if !counts.kept { " (too little)" }
        }
    }
}

fn broken(audit: &Audit) -> Markup {
    let some = |step: &&Step| {
        let counts = step.counts.as_ref();
        counts.is_some_and(|counts| !counts.broken.is_empty())
    };
    let steps: Vec<&Step> = audit.releases.iter().filter(some).collect();
    html! {
        @if !steps.is_empty() {
            h2 { "What was broken" }
            @for step in steps {
                details open {
                    summary { (printable(&step.to)) " (" (step.date) ")" }
                    ul {
                        @for broken in step.counts.iter().flat_map(|counts| &counts.broken) {
                            li {
                                (marked(&broken.message))
                                " " span.faint { (broken.status.as_str()) ": " code { (broken.rule) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A sentence of the report, whose parts between backticks are code.
fn marked(message: &str) -> Markup {
    let message = printable(message);
    html! {
        @for (index, part) in message.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
