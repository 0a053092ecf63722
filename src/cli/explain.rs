//! `protopact explain`: the page of a rule or a guarantee, as it stands under `rules/`.

use std::fmt::Write as _;

use super::output::{self, Failure, trouble};
use super::{Explain, Global, markdown};
use crate::rule::alias::{Alias, Family};
use crate::rule::document::{self, Page};
use crate::rule::{Catalogue, Effect, Rule};
use crate::suggest::did_you_mean;

/// Prints the page that the argument names: as Markdown, and set for the screen where a person reads it.
pub fn run(global: &Global, flags: &Explain) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let name = flags.rule.trim_end_matches("/*");
    let text = page(name, &catalogue)?;
    let text = match output::for_reader(global) {
        Some(options) => markdown::render(&text, &options),
        None => text,
    };
    output::print(&text)
}

/// What there is to read, in Markdown, about a rule, a guarantee or the name that another checker has for a rule.
pub fn page(name: &str, catalogue: &Catalogue) -> Result<String, Failure> {
    let page = catalogue
        .rule(name)
        .map(|rule| rule.page)
        .or_else(|| catalogue.guarantee(name).map(|guarantee| guarantee.page));
    if let Some((family, alias)) = other_name(name, catalogue).filter(|_| page.is_none()) {
        return Ok(in_our_words(family, alias, catalogue));
    }
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
    for_readers(page, name, catalogue)
}

/// What another checker knows under a name, with its family before a colon or without.
fn other_name<'c>(name: &str, catalogue: &'c Catalogue) -> Option<(&'c Family, &'c Alias)> {
    catalogue.families().iter().find_map(|family| {
        let own = name.strip_prefix(&family.name);
        let own = own.and_then(|rest| rest.strip_prefix(':')).unwrap_or(name);
        Some((family, family.alias(own)?))
    })
}

/// The rules that report what another checker reports under a name.
fn in_our_words(family: &Family, alias: &Alias, catalogue: &Catalogue) -> String {
    let target = format!("{}:{}", family.name, alias.name);
    let mut out = format!("`{target}`");
    if !alias.groups.is_empty() {
        let _ = write!(out, ", in {}", alias.groups.join(", "));
    }
    if let Some(by) = &alias.replaced_by {
        let by = if by.is_empty() {
            "nothing".to_owned()
        } else {
            by.join(", ")
        };
        let _ = write!(out, ", which {} has replaced by {by}", family.name);
    }
    out.push('\n');
    let rules: Vec<&Rule> = alias
        .rules()
        .into_iter()
        .filter_map(|id| catalogue.rule(id))
        .collect();
    if !rules.is_empty() {
        out += "What it reports is reported here by these rules, by some of them in part:\n\n";
    }
    for rule in rules {
        let _ = writeln!(out, "- `{}`: {}", rule.id, rule.title);
    }
    let _ = writeln!(
        out,
        "\nA configuration names it `\"{target}\" = \"off\"`, and so does `--rule {target}=off`."
    );
    out
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
        let _ = writeln!(out, "- `{}`: {}, {breaks}", rule.id, rule.verdict.setting);
        for id in rule.guarantees_of_page() {
            let promise = catalogue
                .guarantee(id)
                .map_or("", |guarantee| &guarantee.promise);
            let _ = writeln!(out, "- promise `{id}`: \"{promise}\"");
        }
        let _ = writeln!(out, "- instead: {}\n", rule.verdict.help.as_str());
    }
    if let Some(guarantee) = catalogue.guarantee(name).filter(|_| rule.is_none()) {
        let _ = writeln!(
            out,
            "- promise `{}`: \"{}\"",
            guarantee.id, guarantee.promise
        );
        let rules: Vec<String> = catalogue
            .rules()
            .iter()
            .filter(|rule| rule.guarantees_of_page().any(|id| id == guarantee.id))
            .map(|rule| format!("`{}`", rule.id))
            .collect();
        let _ = writeln!(out, "- rules: {}\n", rules.join(", "));
    }
    let text = page.text.get(front.end..).unwrap_or_default().trim();
    out += &text.replace("//~", "// <-").replace("<!--~", "<!-- <-");
    out.push('\n');
    Ok(out)
}
