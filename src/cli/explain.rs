//! `protopact explain`: the page of a rule or a guarantee, as it stands under `rules/`.

use std::fmt::Write as _;

use super::Explain;
use super::output::{self, Failure, trouble};
use crate::rule::document::{self, Page};
use crate::rule::{Catalogue, Effect};
use crate::suggest::did_you_mean;

/// Prints the page that the argument names.
pub fn run(flags: &Explain) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let name = flags.rule.trim_end_matches("/*");
    let page = catalogue
        .rule(name)
        .map(|rule| rule.page)
        .or_else(|| catalogue.guarantee(name).map(|guarantee| guarantee.page));
    let Some(page) = page else {
        let known = catalogue.rules().iter().map(|rule| rule.id.as_str());
        let known: Vec<&str> = known
            .chain(
                catalogue
                    .guarantees()
                    .iter()
                    .map(|guarantee| guarantee.id.as_str()),
            )
            .collect();
        let help = did_you_mean(name, known)
            .unwrap_or_else(|| "`protopact rules` lists the rules and guarantees".to_owned());
        return Err(trouble(
            format!("no rule and no guarantee is called `{name}`"),
            help,
        ));
    };
    output::print(&for_readers(page, name, &catalogue)?)
}

/// The page with what its settings say in words, and with the tests' marks as arrows.
fn for_readers(page: Page<'_>, name: &str, catalogue: &Catalogue) -> Result<String, Failure> {
    let front = document::front(page)?;
    let rule = catalogue.rule(name);
    // Writing to a string cannot fail.
    let mut out = format!("# {}\n\n", front.title);
    if let Some(rule) = rule {
        let breaks = match &rule.verdict.effect {
            Effect::Computed => "whom it breaks depends on the change".to_owned(),
            Effect::Stated { direction, .. } => {
                let words = rule.verdict.effect.in_words();
                format!("breaks {words} ({})", direction.as_str())
            }
        };
        let _ = writeln!(out, "`{}`: {}, {breaks}", rule.id, rule.verdict.setting);
        for id in rule.guarantees_of_page() {
            let promise = catalogue
                .guarantee(id)
                .map_or("", |guarantee| &guarantee.promise);
            let _ = writeln!(out, "promise `{id}`: \"{promise}\"");
        }
        let _ = writeln!(out, "instead: {}\n", rule.verdict.help.as_str());
    }
    if let Some(guarantee) = catalogue.guarantee(name).filter(|_| rule.is_none()) {
        let _ = writeln!(out, "promise `{}`: \"{}\"", guarantee.id, guarantee.promise);
        let rules: Vec<String> = catalogue
            .rules()
            .iter()
            .filter(|rule| rule.guarantees_of_page().any(|id| id == guarantee.id))
            .map(|rule| format!("`{}`", rule.id))
            .collect();
        let _ = writeln!(out, "rules: {}\n", rules.join(", "));
    }
    let text = page.text.get(front.end..).unwrap_or_default().trim();
    out += &text.replace("//~", "// <-").replace("<!--~", "<!-- <-");
    out.push('\n');
    Ok(out)
}
