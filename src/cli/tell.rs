//! What people are told on the error output beside the report: records and marks that are out of use, files that were left out.

use std::collections::BTreeSet;

use super::compare::{Asked, Compared};
use super::output::{self, Failure, trouble};
use crate::acceptance::{FILE, Record, Use};
use crate::report::text::{printable, shell};

/// Says on the error output what the report does not. Stale records are a failure where they are `locked`; `against` are the
/// baselines, as they were named.
pub fn tell(
    asked: &Asked<'_>,
    compared: &[Compared],
    against: &[String],
    locked: bool,
) -> Result<(), Failure> {
    let outcomes = || compared.iter().map(|compared| &compared.outcome);
    let uses: Vec<_> = outcomes().map(|it| it.uses.as_slice()).collect();
    let fresh = tell_of_records(&asked.records, &uses, against);
    if locked && !fresh {
        return Err(trouble(
            format!("`{FILE}` has stale records, which --locked does not allow"),
            format!("run `{}`, and commit what it writes", prune(against)),
        ));
    }
    let unused: Vec<_> = outcomes().map(|it| it.unused_marks.as_slice()).collect();
    tell_of_marks(&unused);
    let mut told = BTreeSet::new();
    let broken = outcomes().flat_map(|outcome| &outcome.broken);
    output::left_out(broken.filter(|broken| told.insert(&broken.path)));
    Ok(())
}

/// Says which records are out of use. `true` where none of them is.
///
/// Where several comparisons were made, what one of them needs is in use. `against` are the baselines that were named.
fn tell_of_records(records: &[Record], uses: &[&[Use]], against: &[String]) -> bool {
    let mut fresh = true;
    for (index, record) in records.iter().enumerate() {
        let of_each = uses.iter().filter_map(|uses| uses.get(index));
        match of_each.min_by_key(|it| rank(it)) {
            Some(Use::Stale(why)) => {
                fresh = false;
                output::remark(&format!(
                    "warning: {}: stale: {}; `{}` takes it out",
                    printable(&record.to_string()),
                    printable(why),
                    printable(&prune(against)),
                ));
            }
            Some(Use::Homeless(why)) => output::remark(&format!(
                "warning: {}: {}",
                printable(&record.to_string()),
                printable(why)
            )),
            Some(Use::Unmatched(near)) => {
                let near = near
                    .as_ref()
                    .map(|near| format!("; nearest: {near}"))
                    .unwrap_or_default();
                output::remark(&format!(
                    "warning: {}: matches no finding{}; `{}` takes it out",
                    printable(&record.to_string()),
                    printable(&near),
                    printable(&prune(against)),
                ));
            }
            _ => {}
        }
    }
    fresh
}

/// The command that takes out what is out of use compared with these baselines, as they were named.
fn prune(against: &[String]) -> String {
    against
        .iter()
        .fold("protopact accept --prune".to_owned(), |command, spec| {
            format!("{command} --against {}", shell(spec))
        })
}

/// What a record is, where several comparisons make different things of it: the first of these.
fn rank(of: &Use) -> u8 {
    match of {
        Use::Applied => 0,
        Use::Pending => 1,
        Use::Stale(_) => 2,
        Use::Homeless(_) => 3,
        Use::Unmatched(_) => 4,
    }
}

/// Says which marks excused nothing in any of the comparisons.
fn tell_of_marks(unused: &[&[(String, String)]]) {
    let Some((first, others)) = unused.split_first() else {
        return;
    };
    for mark in first
        .iter()
        .filter(|mark| others.iter().all(|it| it.contains(mark)))
    {
        let (place, rule) = mark;
        output::remark(&format!(
            "warning: {}: `protopact:allow({})` excuses nothing; take it out",
            printable(place),
            printable(rule)
        ));
    }
}
