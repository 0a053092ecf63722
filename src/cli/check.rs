//! `protopact check`: reads the sides, has them judged, writes the report; the exit status follows from the findings.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write as _};

use super::compare::{check, merged};
use super::output::{self, Failure};
use super::{Check, Format, Global, file};
use crate::report::text::printable;
use crate::report::{
    Report, closing, concise, github, gitlab, html, human, json, junit, markdown, sarif,
};
use crate::revision::Place;
use crate::rule::Catalogue;

/// Runs the check. `true` where no finding fails it.
pub fn run(global: &Global, flags: &Check) -> Result<bool, Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let (_, compared) = check(global, &place, &catalogue, &flags.checked)?;
    let report = merged(compared)?;
    write(global, flags, &report, &catalogue)?;
    Ok(!report.fails())
}

/// Writes every output; where one cannot be written, none of the files is.
fn write(
    global: &Global,
    flags: &Check,
    report: &Report,
    catalogue: &Catalogue,
) -> Result<(), Failure> {
    let mut files = Vec::new();
    let mut printed = None;
    for out in &flags.format {
        let options = match &out.file {
            None => output::for_stdout(global),
            Some(_) => human::Options {
                verbose: global.verbose,
                quiet: global.quiet,
                ..human::Options::default()
            },
        };
        let text = render(out.format, report, catalogue, &options)?;
        match &out.file {
            None => printed = Some(text),
            Some(file) => files.push(file::stage(&global.resolve(file), &text)?),
        }
    }
    for file in files {
        file.place()?;
    }
    if !global.quiet {
        tell_of_pages(flags);
    }
    if flags.format.iter().any(|out| out.format == Format::Github) {
        summarize(report);
    }
    printed.map_or(Ok(()), |text| output::print(&text))
}

/// Says where the pages are that were written: unlike the other files they are for the person who ran the check.
fn tell_of_pages(flags: &Check) {
    let pages = flags.format.iter().filter(|out| out.format == Format::Html);
    for file in pages.filter_map(|out| out.file.as_ref()) {
        let file = file.display().to_string();
        output::remark(&format!(
            "note: the report is in `{}`, for a browser",
            printable(&file)
        ));
    }
}

fn render(
    format: Format,
    report: &Report,
    catalogue: &Catalogue,
    options: &human::Options,
) -> Result<String, Failure> {
    let failed = |error: &dyn Error| output::plain(error.to_string());
    match format {
        Format::Human => Ok(human::render(report, options)),
        Format::Concise => Ok(format!(
            "{}{}\n",
            concise::render(report, options.quiet),
            closing::line(report)
        )),
        Format::Json => json::render(report).map_err(|error| failed(&error)),
        Format::Sarif => sarif::render(report, catalogue).map_err(|error| failed(&error)),
        Format::Github => Ok(github::render(report)),
        Format::Gitlab => gitlab::render(report).map_err(|error| failed(&error)),
        Format::Junit => junit::render(report).map_err(|error| failed(&error)),
        Format::Html => html::render(report).map_err(|error| failed(&error)),
        Format::Markdown => Ok(markdown::render(report, markdown::COMMENT, None)),
    }
}

/// Adds the findings to the summary of the job, where GitHub Actions names a file for it.
///
/// Nobody typed that name, and a container may not have the file: then the check goes on, and says so.
fn summarize(report: &Report) {
    let Some(path) = std::env::var_os(SUMMARY).filter(|path| !path.is_empty()) else {
        return;
    };
    let append = || -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        // What the step has written before counts, too.
        let used = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let limit = markdown::SUMMARY.saturating_sub(used);
        let text = markdown::render(report, limit, github::surplus(report).as_deref());
        if text.len() <= limit {
            file.write_all(text.as_bytes())?;
        }
        Ok(())
    };
    if let Err(error) = append() {
        output::remark(&format!(
            "warning: the summary of the job cannot be written: {error} ({SUMMARY})"
        ));
    }
}

/// The variable in which GitHub Actions names the file that the summary of a step is read from.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";
