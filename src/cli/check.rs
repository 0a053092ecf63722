//! `protopact check`: reads the sides, has them judged, writes the report; the exit status follows from the findings.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::sync::Arc;

use super::output::{self, Failure};
use super::progress::Progress;
use super::{Check, Format, Global, file, sides};
use crate::check::{self, Outcome, Request};
use crate::report::text::printable;
use crate::report::{
    Report, Status, closing, concise, github, gitlab, human, json, junit, markdown, sarif,
};
use crate::revision::Place;
use crate::rule::Catalogue;

/// Runs the check. `true` where no finding fails it.
pub fn run(global: &Global, flags: &Check) -> Result<bool, Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let current = sides::current(&place, &flags.current)?;
    let config = sides::config(
        global,
        &current,
        &flags.tree,
        &flags.policy,
        Some(&flags.levels),
        &catalogue,
    )?;
    let against = flags
        .baseline()
        .or_else(|| config.against.first().map(String::as_str));
    let baseline = place.baseline(&current, against)?;
    let mut remarks: Vec<String> = baseline.chosen.into_iter().collect();
    let (baseline, current) = (Arc::new(baseline.revision), Arc::new(current));
    for path in baseline
        .unread_submodules()
        .into_iter()
        .chain(current.unread_submodules())
    {
        output::remark(&format!(
            "warning: the submodule `{}` is not in this clone; its files are left out",
            printable(path)
        ));
    }
    let mut inputs = (
        sides::input(&baseline, sides::BASELINE, &config)?,
        sides::input(&current, sides::CURRENT, &config)?,
    );
    remarks.extend(sides::align(&mut inputs.0, &mut inputs.1, &config)?);
    for root in sides::empty_roots(&config, &[&inputs.0, &inputs.1]) {
        output::remark(&format!(
            "warning: the import root `{}` holds no .proto file on either side",
            printable(root)
        ));
    }
    if let Some(release) = &config.release {
        inputs.0.side.release = Some(release.to_string());
    }
    let (policy, chosen) = sides::policy(&config, &inputs.0, &catalogue)?;
    let (gate, counted) = sides::gate(&config, &policy, &baseline)?;
    remarks.extend(chosen.into_iter().chain(counted));
    let paths = sides::paths(&place, &current, &flags.paths, &[&inputs.0, &inputs.1])?;
    // Messages are evidence that is looked for: where history cannot be read, there is none.
    let messages = || current.messages_since(&baseline).unwrap_or_default();
    let request = Request {
        baseline: inputs.0,
        current: inputs.1,
        config,
        gate,
        full: flags.full,
        paths,
        remarks,
    };
    let repository = current.repository().or_else(|| baseline.repository());
    let progress = Progress::start(
        format!(
            "comparing {} with {}, {} files",
            printable(current.spec()),
            printable(baseline.spec()),
            request.current.tree.files.len(),
        ),
        global.quiet,
    );
    let Outcome {
        mut report,
        broken,
        warnings,
    } = check::check(&request, &catalogue, &policy, &messages)?;
    drop(progress);
    for warning in &warnings {
        output::remark(&format!("warning: {}", printable(warning)));
    }
    output::left_out(&broken, " on both sides");
    report.repository = repository;
    write(global, flags, &report, &catalogue)?;
    Ok(!report
        .findings
        .iter()
        .any(|finding| finding.status == Status::Failing))
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
    if flags.format.iter().any(|out| out.format == Format::Github) {
        summarize(report);
    }
    printed.map_or(Ok(()), |text| output::print(&text))
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
