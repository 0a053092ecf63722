//! `protopact rules`: the catalogue, by guarantee.

use std::fmt::Write as _;

use serde::Serialize;

use super::output::{self, Failure, plain};
use super::{Global, ListFormat, Rules};
use crate::report::human::{BOLD, Options, level_color, paint};
use crate::report::json;
use crate::rule::{Catalogue, Effect, Rule};

/// What is its own of the JSON Schema; [`crate::report::json::schema::whole`] completes it.
pub const SCHEMA: &str = include_str!("rules.schema.json");

/// How a rule looks that is off.
const DIM: &str = "2";

/// Columns that what a rule does needs beside its id to be read there; else it stands below.
const LEAST: usize = 37;
/// How far it is indented there.
const NARROW: usize = 6;

/// A rule as `--format json` prints it.
#[derive(Debug, Serialize)]
pub struct Listed<'a> {
    /// Rule id.
    pub id: &'a str,
    /// The guarantee of the folder.
    pub guarantee: &'a str,
    /// The guarantee of the folder, then those that the page names besides.
    pub guarantees: Vec<&'a str>,
    /// What happens, in a few words.
    pub title: &'a str,
    /// The level, or `off`.
    pub level: &'a str,
    /// What to do instead.
    pub help: &'a str,
    /// Whether it depends on the change whom it breaks; then nothing is said of it here.
    pub computed: bool,
    /// Whom it breaks.
    pub breaks: Option<Vec<&'a str>>,
    /// Which readers suffer.
    pub direction: Option<&'a str>,
}

/// Prints the rules.
pub fn run(global: &Global, flags: &Rules) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let text = match flags.format {
        ListFormat::Human => table(&catalogue, output::for_reader(global)),
        ListFormat::Json => {
            let listed: Vec<Listed<'_>> = catalogue.rules().iter().map(listed).collect();
            json::pretty(&listed).map_err(|error| plain(error.to_string()))?
        }
    };
    output::print(&text)
}

fn listed(rule: &Rule) -> Listed<'_> {
    let (breaks, direction) = match &rule.verdict.effect {
        Effect::Computed => (None, None),
        Effect::Stated { breaks, direction } => {
            let words = breaks.iter().map(|breaks| breaks.as_str()).collect();
            (Some(words), Some(direction.as_str()))
        }
    };
    Listed {
        id: &rule.id,
        guarantee: &rule.guarantee,
        guarantees: rule.guarantees_of_page().collect(),
        title: &rule.title,
        level: rule.verdict.setting.as_str(),
        help: rule.verdict.help.as_str(),
        computed: breaks.is_none(),
        breaks,
        direction,
    }
}

/// The rules by guarantee. For a reader, what they do stands in a column that is wrapped; for `grep`, a rule is a line.
fn table(catalogue: &Catalogue, reader: Option<Options>) -> String {
    let mut out = String::new();
    let color = reader.is_some_and(|options| options.color);
    let columns = reader.map_or(usize::MAX, |options| options.width);
    let ids = catalogue.rules().iter().map(|rule| rule.id.len());
    let width = ids.max().unwrap_or(0);
    for guarantee in catalogue.guarantees() {
        let heading = paint(color, BOLD, &format!("{}:", guarantee.id));
        let promise = format!("{heading} {}", guarantee.promise);
        push_wrapped(&mut out, &promise, columns, 0);
        let rules = catalogue.rules().iter();
        for rule in rules.filter(|rule| rule.guarantee == guarantee.id) {
            let setting = rule.verdict.setting;
            let style = setting.level().map_or(DIM, level_color);
            let level = paint(color, style, &format!("{:7}", setting.as_str()));
            let does = format!("{} ({})", rule.title, whom_it_breaks(rule));
            if columns < width + LEAST {
                let _ = writeln!(out, "  {}  {}", rule.id, level.trim_end());
                push_wrapped(
                    &mut out,
                    &format!("{}{does}", " ".repeat(NARROW)),
                    columns,
                    NARROW,
                );
                continue;
            }
            let line = format!("  {:width$}  {level}  {does}", rule.id);
            push_wrapped(&mut out, &line, columns, width + 13);
        }
        out.push('\n');
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} rules in {} guarantees; `protopact explain RULE` shows a page",
        catalogue.rules().len(),
        catalogue.guarantees().len()
    );
    out
}

fn whom_it_breaks(rule: &Rule) -> String {
    match &rule.verdict.effect {
        Effect::Computed => "whom it breaks depends on the change".to_owned(),
        stated @ Effect::Stated { .. } => format!("breaks {}", stated.in_words()),
    }
}

/// A line in as many lines as it takes, those behind the first indented.
fn push_wrapped(out: &mut String, line: &str, columns: usize, indent: usize) {
    let indent = " ".repeat(indent);
    let wrapping = textwrap::Options::new(columns)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    for line in textwrap::wrap(line, wrapping) {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
