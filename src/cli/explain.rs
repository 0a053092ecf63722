//! `protopact explain`: the page of a rule, a guarantee or a preset, as it stands under `rules/`.

use super::output::{self, Failure, Trouble};
use super::Explain;
use crate::rule::{Catalogue, document};
use crate::suggest::did_you_mean;

/// Prints the page that the argument names.
pub fn run(flags: &Explain) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let name = flags.rule.trim_end_matches("/*");
    let page = catalogue.rule(name).map(|rule| rule.page).or_else(|| catalogue.guarantee(name).map(|guarantee| guarantee.page));
    let Some(page) = page else {
        let known = catalogue.rules().iter().map(|rule| rule.id.as_str());
        let known: Vec<&str> = known.chain(catalogue.guarantees().iter().map(|guarantee| guarantee.id.as_str())).collect();
        let help = did_you_mean(name, known).unwrap_or_else(|| "`protopact rules` lists the rules and guarantees".to_owned());
        return Err(Trouble::new(format!("no rule and no guarantee is called `{name}`"), help));
    };
    output::print(&document::for_readers(page))
}
