//! `protopact accept`: compares as `check` does, and writes down which of the findings are agreed to.

mod merge;
mod write;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use self::write::rewrite;
use super::compare::{Asked, Compared, compare_all, is_whole};
use super::component::named;
use super::output::{self, Failure, trouble};
use super::{Accept, Current, Global, sides};
use crate::acceptance::{Baseline, FILE, Record, Released, Use, edit};
use crate::policy::component::Scope;
use crate::report::text::{count, printable};
use crate::report::{Finding, Status};
use crate::revision::Place;
use crate::rule::Catalogue;
use crate::suggest::closest;

/// Writes the records.
pub fn run(global: &Global, flags: &Accept) -> Result<(), Failure> {
    let place = Place::discover(&global.directory)?;
    if flags.merge {
        return merge::run(&place);
    }
    let catalogue = Catalogue::embedded()?;
    let worktree = Current {
        to: None,
        staged: false,
    };
    let current = sides::current(&place, &worktree)?;
    let root = current.root().filter(|_| current.commit().is_none());
    let Some(root) = root.map(Path::to_owned) else {
        return Err(trouble(
            format!("there is no worktree to write `{FILE}` into"),
            "run it where the files are checked out",
        ));
    };
    let config = sides::config(
        global,
        &current,
        &flags.tree,
        &flags.policy,
        Some(&flags.levels),
        &catalogue,
    )?;
    let component = flags.component.as_deref();
    let component = component.map(|name| named(&config, name)).transpose()?;
    let asked = Asked {
        scope: component.map_or(Scope::All, |it| Scope::Component(it.name)),
        recording: true,
        marks: !flags.no_inline,
        whole: is_whole(&flags.tree, &flags.policy, &flags.levels),
        ..Asked::of(global, &place, &catalogue, Arc::new(current), config)?
    };
    let compared = compare_all(&asked, &flags.baselines)?;
    let gone = if flags.prune {
        out_of_use(&asked.records, &compared)
    } else {
        Vec::new()
    };
    let added = added(flags, &compared, &place)?;
    let has_changed = rewrite(&place, &root, |text| {
        let text = if gone.is_empty() {
            text.to_owned()
        } else {
            edit::remove(text, &gone)?
        };
        added
            .iter()
            .try_fold(text, |text, record| edit::add(&text, record))
    })?;
    tell(flags, &compared, &gone, &added);
    let changes = count(gone.len() + added.len(), "change");
    output::print(&if has_changed {
        format!("{FILE}: {changes}; commit it with what it is about\n")
    } else {
        format!("{FILE} is as it was\n")
    })
}

/// Says what was done, and where nothing was what it was compared with.
fn tell(flags: &Accept, compared: &[Compared], gone: &[&Record], added: &[Record]) {
    let say = |line: &str| output::remark(&printable(line));
    for record in gone {
        say(&format!("took out {}", record.change()));
    }
    for record in added {
        say(&format!("accepted {}", record.change()));
    }
    if added.iter().any(|record| record.who.is_none()) {
        say(
            "warning: the records name nobody who agreed, as git knows no user.name and user.email; write `who = \"NAME\"` into them, and next time add `--who NAME`",
        );
    }
    let baselines = compared.iter().map(|it| &it.outcome.report.baseline.spec);
    let baselines: Vec<String> = baselines.map(|spec| format!("`{spec}`")).collect();
    let baselines = baselines.join(" and ");
    if flags.all && added.is_empty() {
        say(&format!(
            "note: compared with {baselines} nothing fails the check"
        ));
    }
    if flags.prune && gone.is_empty() {
        // Who chose the baseline knows that there are others.
        let other = if flags.baselines.against.is_empty() {
            "; `--against latest-release` compares with another baseline"
        } else {
            ""
        };
        say(&format!(
            "note: compared with {baselines} no record is out of use{other}"
        ));
    }
}

/// The records that are to be made.
fn added(flags: &Accept, compared: &[Compared], place: &Place) -> Result<Vec<Record>, Failure> {
    if !flags.all && flags.fingerprints.is_empty() {
        return Ok(Vec::new());
    }
    let who = flags.who.clone().or_else(|| place.author());
    let wanted = wanted(flags, compared)?;
    let records = wanted.into_iter().map(|(finding, compared)| {
        let component = finding.component.as_deref();
        let none = Released::default();
        let released = compared.request.agreed.releases.of(component);
        let baseline = Baseline {
            side: &compared.outcome.report.baseline,
            component,
            released: released.unwrap_or(&none),
        };
        let reason = flags.reason.as_deref().unwrap_or_default().trim();
        let mut record = Record::of(finding, baseline, reason, who.clone());
        record.until.clone_from(&flags.until);
        match record.has_passed(baseline) {
            // It would excuse nothing.
            Some(_) => Err(too_late(&record, baseline)),
            None => Ok(record),
        }
    });
    records.collect()
}

fn too_late(record: &Record, baseline: Baseline<'_>) -> Failure {
    let until = record.until.as_ref().map(ToString::to_string);
    let until = until.unwrap_or_default();
    let out = baseline.latest().unwrap_or_default();
    trouble(
        format!("`--until {until}` is no later than {out}, which is out"),
        "name the first release in which the change may not be any more, or leave --until out",
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
    let mut wanted: Vec<(&Finding, &Compared)> = Vec::new();
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
    let mut known = BTreeSet::new();
    wanted.retain(|(finding, _)| known.insert(finding.fingerprint.as_str()));
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
