//! `protopact check`: reads the sides, has them judged, writes the report; the exit status follows from the findings.

use std::sync::Arc;

use super::output::{self, Failure};
use super::progress::Progress;
use super::{Check, Format, Global, sides};
use crate::check::{self, Outcome, Request};
use crate::report::text::printable;
use crate::report::{Report, Status, closing, concise, human, json};
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
        report,
        broken,
        warnings,
    } = check::check(&request, &catalogue, &policy, &messages)?;
    drop(progress);
    for warning in &warnings {
        output::remark(&format!("warning: {}", printable(warning)));
    }
    output::left_out(&broken, " on both sides");
    write(global, flags, &report)?;
    Ok(!report
        .findings
        .iter()
        .any(|finding| finding.status == Status::Failing))
}

fn write(global: &Global, flags: &Check, report: &Report) -> Result<(), Failure> {
    for out in &flags.format {
        let options = match &out.file {
            None => output::for_stdout(global),
            Some(_) => human::Options {
                verbose: global.verbose,
                quiet: global.quiet,
                ..human::Options::default()
            },
        };
        let text = match out.format {
            Format::Human => human::render(report, &options),
            Format::Concise => format!(
                "{}{}\n",
                concise::render(report, global.quiet),
                closing::line(report)
            ),
            Format::Json => {
                json::render(report).map_err(|error| output::plain(error.to_string()))?
            }
        };
        match &out.file {
            None => output::print(&text)?,
            Some(file) => output::write(&global.resolve(file), &text)?,
        }
    }
    Ok(())
}
