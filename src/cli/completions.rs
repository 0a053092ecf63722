//! `protopact completions`: what a shell needs to complete command lines; which shells there are is clap's business.

use clap::Command;
use clap::builder::PossibleValuesParser;

use super::Completions;
use super::output::{self, Failure};
use crate::rule::Catalogue;

/// Prints the script.
pub fn run(flags: &Completions, command: Command) -> Result<(), Failure> {
    let mut command = with_names(command, &Catalogue::embedded()?);
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(flags.shell, &mut command, name, &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

/// The command line with the names that the pages give to rules, guarantees and presets, which its types do not know.
fn with_names(command: Command, catalogue: &Catalogue) -> Command {
    let presets: Vec<String> = catalogue.preset_names().map(str::to_owned).collect();
    let rules = catalogue.rules().iter().map(|rule| rule.id.clone());
    let guarantees = catalogue.guarantees().iter().map(|named| named.id.clone());
    let pages: Vec<String> = rules.chain(guarantees).collect();
    let with_presets = |sub: Command| {
        sub.mut_arg("preset", |arg| {
            arg.value_parser(PossibleValuesParser::new(presets.clone()))
        })
    };
    command
        .mut_subcommand("check", with_presets)
        .mut_subcommand("changelog", with_presets)
        .mut_subcommand("blame", with_presets)
        .mut_subcommand("status", with_presets)
        .mut_subcommand("audit", |sub| {
            with_presets(sub).mut_arg("from_scratch", |arg| {
                arg.value_parser(PossibleValuesParser::new(presets.clone()))
            })
        })
        .mut_subcommand("explain", |sub| {
            sub.mut_arg("rule", |arg| {
                arg.value_parser(PossibleValuesParser::new(pages.clone()))
            })
        })
}
