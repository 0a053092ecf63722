//! `protopact check`: reads the sides, has them judged, writes the report; the exit status follows from the findings.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::compare::{Asked, Compared, compare, records, tell_of_marks, tell_of_records};
use super::output::{self, Failure};
use super::{Check, Format, Global, sides};
use crate::acceptance::FILE;
use crate::report::merge::merge;
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
    let asked = Asked {
        global,
        place: &place,
        catalogue: &catalogue,
        records: records(&current, &catalogue)?,
        marks: !flags.no_inline,
        recording: false,
        current: Arc::new(current),
        config,
        paths: &flags.paths,
        full: flags.full,
    };
    let compared = against_each(&asked, &flags.against)?;
    let uses: Vec<_> = compared
        .iter()
        .map(|it| it.outcome.uses.as_slice())
        .collect();
    let fresh = tell_of_records(&asked.records, &uses, !flags.paths.is_empty());
    if flags.locked && !fresh {
        return Err(output::trouble(
            format!("`{FILE}` has stale records, and the check is --locked"),
            "run `protopact accept --prune`, and commit what it writes",
        ));
    }
    let unused: Vec<_> = compared
        .iter()
        .map(|it| it.outcome.unused_marks.as_slice())
        .collect();
    tell_of_marks(&unused);
    let mut told = BTreeSet::new();
    for compared in &compared {
        let broken = &compared.outcome.broken;
        let news: Vec<_> = broken
            .iter()
            .filter(|(path, _)| told.insert(path))
            .cloned()
            .collect();
        output::left_out(&news, " on both sides");
    }
    let reports = compared.into_iter().map(|compared| compared.outcome.report);
    let Some(report) = merge(reports) else {
        return Err(output::plain("there is no baseline"));
    };
    write(global, flags, &report)?;
    Ok(!report
        .findings
        .iter()
        .any(|finding| finding.status == Status::Failing))
}

/// Compares with each of the baselines that were named, else with those of the configuration, else with the default.
pub fn against_each(asked: &Asked<'_>, named: &[String]) -> Result<Vec<Compared>, Failure> {
    let named = if named.is_empty() {
        &asked.config.against
    } else {
        named
    };
    let specs: Vec<Option<&str>> = match named {
        [] => vec![None],
        named => named.iter().map(|name| Some(name.as_str())).collect(),
    };
    let mut told = BTreeSet::new();
    specs
        .into_iter()
        .map(|spec| {
            compare(
                asked,
                asked.place.baseline(&asked.current, spec)?,
                &mut told,
            )
        })
        .collect()
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
