//! `protopact man`: manual pages in roff, written from the definition of the command line alone.

use clap::Command;
use clap_mangen::Man as Page;

use super::Man;
use super::output::{self, Failure, plain, trouble};
use crate::suggest::did_you_mean;

/// Prints the page of the program, or of the subcommand that is named.
pub fn run(flags: &Man, mut command: Command) -> Result<(), Failure> {
    command.build();
    let version = command.get_version().unwrap_or_default();
    let source = format!("{} {version}", command.get_name());
    let page = match &flags.command {
        None => command,
        Some(name) => subcommand(&command, name)?,
    };
    let title = page
        .get_display_name()
        .unwrap_or(page.get_name())
        .to_owned();
    let mut roff = Vec::new();
    Page::new(page)
        .title(title)
        .source(source)
        .render(&mut roff)
        .map_err(|error| plain(format!("the page cannot be written: {error}")))?;
    // An option that has no long form stands in the synopsis with a blank behind it.
    output::print(&String::from_utf8_lossy(&roff).replace(" \\fR]", "\\fR]"))
}

fn subcommand(command: &Command, name: &str) -> Result<Command, Failure> {
    if let Some(found) = command.find_subcommand(name) {
        return Ok(found.clone());
    }
    let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let help = did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("there are {}", known.join(", ")));
    Err(trouble(format!("no command is called `{name}`"), help))
}
