//! `protopact rules`: the catalogue, by guarantee.

use std::fmt::Write as _;

use serde::Serialize;

use super::output::{self, Failure, plain};
use super::{ListFormat, Rules};
use crate::rule::{Catalogue, Effect, Rule};

/// A rule as `--format json` prints it.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    guarantee: &'a str,
    title: &'a str,
    level: &'a str,
    /// Whether it depends on the change whom it breaks; then nothing is said of it here.
    computed: bool,
    breaks: Option<Vec<&'a str>>,
    direction: Option<&'a str>,
}

/// Prints the rules.
pub fn run(flags: &Rules) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let text = match flags.format {
        ListFormat::Human => table(&catalogue),
        ListFormat::Json => {
            let listed: Vec<Listed<'_>> = catalogue.rules().iter().map(listed).collect();
            let text =
                serde_json::to_string_pretty(&listed).map_err(|error| plain(error.to_string()))?;
            format!("{text}\n")
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
        title: &rule.title,
        level: rule.verdict.setting.as_str(),
        computed: breaks.is_none(),
        breaks,
        direction,
    }
}

fn table(catalogue: &Catalogue) -> String {
    let mut out = String::new();
    let width = catalogue
        .rules()
        .iter()
        .map(|rule| rule.id.len())
        .max()
        .unwrap_or(0);
    for guarantee in catalogue.guarantees() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}: {}", guarantee.id, guarantee.promise);
        for rule in catalogue
            .rules()
            .iter()
            .filter(|rule| rule.guarantee == guarantee.id)
        {
            let breaks = match &rule.verdict.effect {
                Effect::Computed => "whom it breaks depends on the change".to_owned(),
                stated @ Effect::Stated { .. } => format!("breaks {}", stated.in_words()),
            };
            let _ = writeln!(
                out,
                "  {:width$}  {:7}  {} ({breaks})",
                rule.id,
                rule.verdict.setting.as_str(),
                rule.title
            );
        }
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "{} rules in {} guarantees; `protopact explain RULE` shows a page",
        catalogue.rules().len(),
        catalogue.guarantees().len()
    );
    out
}
