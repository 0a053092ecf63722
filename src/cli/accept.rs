//! `protopact accept`: compares as `check` does, and writes down which of the findings are agreed to.

use std::sync::Arc;

use super::compare::{Asked, Compared, compare_all, is_whole};
use super::file::stage;
use super::output::{self, Failure, plain, trouble};
use super::{Accept, Current, Global, sides};
use crate::acceptance::{Baseline, FILE, Record, Use, edit};
use crate::report::text::{count, printable};
use crate::report::{Finding, Status};
use crate::revision::Place;
use crate::rule::Catalogue;
use crate::suggest::closest;

/// Writes the records.
pub fn run(global: &Global, flags: &Accept) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let worktree = Current {
        to: None,
        staged: false,
    };
    let current = sides::current(&place, &worktree)?;
    let Some(root) = current.root().filter(|_| current.commit().is_none()) else {
        return Err(trouble(
            format!("there is no worktree to write `{FILE}` into"),
            "run it where the files are checked out",
        ));
    };
    let file = root.join(FILE);
    let config = sides::config(
        global,
        &current,
        &flags.tree,
        &flags.policy,
        Some(&flags.levels),
        &catalogue,
    )?;
    let asked = Asked {
        recording: true,
        whole: is_whole(&flags.tree, &flags.policy, &flags.levels),
        ..Asked::of(global, &place, &catalogue, Arc::new(current), config)?
    };
    let compared = compare_all(&asked, &flags.baselines)?;
    let mut text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(plain(format!("`{FILE}` cannot be read: {error}"))),
    };
    let before = text.clone();
    let mut told = Vec::new();
    if flags.prune {
        let gone = out_of_use(&asked.records, &compared);
        text = edit::remove(&text, &gone).map_err(|error| unwritable(&error))?;
        told.extend(
            gone.iter()
                .map(|record| format!("took out {}", record.change())),
        );
    }
    if flags.all || !flags.fingerprints.is_empty() {
        too_late(flags, &compared)?;
        for (finding, compared) in wanted(flags, &compared)? {
            let mut record = record(finding, compared, flags, &place);
            record.until.clone_from(&flags.until);
            text = edit::add(&text, &record).map_err(|error| unwritable(&error))?;
            told.push(format!("accepted {}", record.change()));
        }
    }
    if text != before {
        stage(&file, &text)?.place()?;
    }
    for line in &told {
        output::remark(&printable(line));
    }
    let records = count(told.len(), "change");
    output::print(&if text == before {
        format!("{FILE} is as it was\n")
    } else {
        format!("{FILE}: {records}; commit it with what it is about\n")
    })
}

/// Refuses a release that is out already: a record until then would excuse nothing.
fn too_late(flags: &Accept, compared: &[Compared]) -> Result<(), Failure> {
    let out = compared.iter().filter_map(|it| it.released.as_ref()).max();
    match (&flags.until, out) {
        (Some(until), Some(out)) if out >= until => Err(trouble(
            format!("`--until {until}` is no later than {out}, which is out"),
            "name the first release in which the change may not be any more, or leave --until out",
        )),
        _ => Ok(()),
    }
}

fn record(finding: &Finding, compared: &Compared, flags: &Accept, place: &Place) -> Record {
    let baseline = Baseline {
        side: &compared.outcome.report.baseline,
        contains: compared.released.as_ref(),
    };
    let who = flags.who.clone().or_else(|| place.author());
    Record::of(
        finding,
        baseline,
        flags.reason.as_deref().unwrap_or_default().trim(),
        who,
    )
}

/// The findings that were asked for, each with the first comparison that has it.
fn wanted<'a>(
    flags: &Accept,
    compared: &'a [Compared],
) -> Result<Vec<(&'a Finding, &'a Compared)>, Failure> {
    let mut known: Vec<(&Finding, &Compared)> = Vec::new();
    for compared in compared {
        for finding in &compared.outcome.report.findings {
            if !known
                .iter()
                .any(|(it, _)| it.fingerprint == finding.fingerprint)
            {
                known.push((finding, compared));
            }
        }
    }
    if flags.all {
        known.retain(|(finding, _)| finding.status == Status::Failing);
        return Ok(known);
    }
    let mut wanted = Vec::new();
    for print in &flags.fingerprints {
        let typed = print.to_ascii_lowercase();
        let meant: Vec<_> = known
            .iter()
            .filter(|(finding, _)| finding.fingerprint.starts_with(&typed))
            .collect();
        match meant.as_slice() {
            [(finding, compared)]
                if finding.status.counts() || finding.status == Status::Accepted =>
            {
                wanted.push((*finding, *compared));
            }
            [(finding, _)] => {
                return Err(trouble(
                    format!(
                        "`{print}` is {}: there is nothing to agree to",
                        finding.status.as_str()
                    ),
                    "`protopact check` lists what counts, each with its fingerprint behind `accept:`",
                ));
            }
            [] => {
                let prints = known
                    .iter()
                    .map(|(finding, _)| finding.fingerprint.as_str());
                let help = closest(&typed, prints).map_or_else(
                    || "`protopact check` prints the fingerprint of each finding behind `accept:`; compare with the same baseline".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(trouble(
                    format!("no finding has the fingerprint `{print}`"),
                    help,
                ));
            }
            several => {
                let prints = several
                    .iter()
                    .map(|(finding, _)| format!("`{}`", finding.fingerprint));
                return Err(trouble(
                    format!("`{print}` is the start of {} fingerprints", several.len()),
                    format!(
                        "write more of it: {}",
                        prints.collect::<Vec<_>>().join(", ")
                    ),
                ));
            }
        }
    }
    Ok(wanted)
}

/// The records that no comparison has a use for.
fn out_of_use<'r>(records: &'r [Record], compared: &[Compared]) -> Vec<&'r Record> {
    let unused = |index: usize| {
        compared.iter().all(|compared| {
            let of = compared.outcome.uses.get(index);
            matches!(of, Some(Use::Stale(_) | Use::Unmatched(_)))
        })
    };
    let records = records.iter().enumerate();
    records
        .filter(|(index, _)| unused(*index))
        .map(|(_, record)| record)
        .collect()
}

fn unwritable(error: &edit::EditError) -> Failure {
    trouble(
        format!("`{FILE}` cannot be changed: {error}"),
        "mend the file by hand first",
    )
}
