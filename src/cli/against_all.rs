//! `--against-all`: goes through every earlier release, and judges the current side against those that gave up what it uses again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::compare::{Asked, Compared, Prepared, prepare};
use super::output::{self, Failure, trouble};
use super::progress::Progress;
use super::sides;
use crate::check::{self, CheckError, Input};
use crate::config::Config;
use crate::report::text::{count, printable};
use crate::reuse::{Ledger, Reuse};
use crate::revision::Tag;
use crate::schema::load::Options;

/// Adds to what was compared already the comparisons with earlier releases that tell of a reuse; what was gone through is
/// said in the report of the first comparison.
pub fn against_all(
    asked: &Asked<'_>,
    glob: &str,
    compared: &mut Vec<Compared>,
) -> Result<(), Failure> {
    let tags = asked.place.earlier(&asked.current, glob)?;
    let (Some(first), Some(last)) = (tags.first(), tags.last()) else {
        return Err(trouble(
            format!("no release tag that matches `{glob}` is reachable from the current side"),
            "`git tag` lists the tags there are; `git fetch --tags` fetches those of the remote (with actions/checkout: `fetch-depth: 0`)",
        ));
    };
    let remark = format!(
        "what {} gave up ({}) is not to be used again",
        count(tags.len(), "release"),
        if tags.len() == 1 {
            first.name.clone()
        } else {
            format!("{} to {}", first.name, last.name)
        },
    );
    let progress = Progress::start(
        format!("going through {}", count(tags.len(), "release")),
        asked.global.quiet,
    );
    let given_up = given_up(asked, &tags)?;
    let current = sides::input(&asked.current, sides::CURRENT, &asked.config)?;
    let reused = match &given_up {
        // All of the current side is looked at: what is used again may have been so for a while.
        Some(given_up) => given_up.reused(&current, &asked.config, Looking::Everywhere)?,
        None => Vec::new(),
    };
    drop(progress);
    let is_compared = |tag: &Tag| {
        let mut baselines = compared.iter().map(|compared| compared.baseline.commit());
        baselines.any(|commit| commit == Some(&tag.commit))
    };
    let mut by_release: BTreeMap<usize, Vec<Reuse>> = BTreeMap::new();
    for reuse in reused {
        by_release.entry(reuse.release).or_default().push(reuse);
    }
    let mut more = Vec::new();
    for (release, reused) in by_release {
        let Some(tag) = tags.get(release) else {
            continue;
        };
        // What was there in the last release is told by comparing with it, where that is done.
        if release + 1 == tags.len() && is_compared(tag) {
            continue;
        }
        more.push(Compared {
            earlier: given_up.clone().map(|given_up| (given_up, release)),
            ..judge(asked, tag, &reused)?
        });
    }
    compared.extend(more);
    if let Some(first) = compared.first_mut() {
        first.outcome.report.remarks.push(remark);
    }
    Ok(())
}

/// What releases gave up, up to the last one of them.
#[derive(Debug)]
pub struct GivenUp {
    /// As the release before the last one that could be read left it.
    ledger: Ledger,
    /// The last one, by its index.
    last: usize,
    tree: Input,
}

/// Where a reuse is looked for.
#[derive(Debug, Clone, Copy)]
pub enum Looking<'a> {
    /// In every file.
    Everywhere,
    /// In what differs from the last release, and in these files.
    In(&'a BTreeSet<String>),
}

impl GivenUp {
    /// What a side uses of it.
    pub fn reused(
        &self,
        current: &Input,
        config: &Config,
        looking: Looking<'_>,
    ) -> Result<Vec<Reuse>, CheckError> {
        let options = match looking {
            Looking::Everywhere => Options {
                full: true,
                ..check::options(config)
            },
            Looking::In(paths) => Options {
                also: paths.clone(),
                ..check::options(config)
            },
        };
        let loaded = check::load(&self.tree.tree, &current.tree, &options)?;
        let mut ledger = self.ledger.clone();
        ledger.step(self.last, &loaded.baseline, &loaded.current);
        Ok(ledger.reused(&loaded.current))
    }
}

/// What the releases gave up; none where none of them can be read.
fn given_up(asked: &Asked<'_>, tags: &[Tag]) -> Result<Option<Arc<GivenUp>>, Failure> {
    let options = check::options(&asked.config);
    let mut ledger = Ledger::default();
    let mut before: Option<(usize, Input)> = None;
    let mut passed_over: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (release, tag) in tags.iter().enumerate() {
        let next = Arc::new(asked.place.release(tag)?);
        let next = sides::input(&next, sides::BASELINE, &asked.config)?;
        let Some((at, from)) = &before else {
            before = Some((release, next));
            continue;
        };
        // Nobody can mend history: a release that does not compile is passed over.
        let broken = match check::load(&from.tree, &next.tree, &options) {
            Ok(loaded) => {
                ledger.step(*at, &loaded.baseline, &loaded.current);
                before = Some((release, next));
                continue;
            }
            Err(CheckError::Compile(broken)) => broken,
            Err(error) => return Err(error.into()),
        };
        let mut left_out = tag;
        if broken.names(&from.tree.name) {
            left_out = tags.get(*at).unwrap_or(tag);
            before = Some((release, next));
        }
        let of_reason = passed_over.entry(broken.reason()).or_default();
        of_reason.push(&left_out.name);
    }
    for (reason, names) in passed_over {
        output::remark(&printable(&format!(
            "warning: passed over, as it does not compile: {}: {reason}",
            names.join(", ")
        )));
    }
    Ok(before.map(|(last, tree)| Arc::new(GivenUp { ledger, last, tree })))
}

fn judge(asked: &Asked<'_>, tag: &Tag, reused: &[Reuse]) -> Result<Compared, Failure> {
    let baseline = Arc::new(asked.place.release(tag)?);
    let Prepared {
        request,
        policy,
        warnings,
    } = prepare(asked, &baseline, Vec::new(), None)?;
    let mut outcome = check::reused(&request, asked.catalogue, &policy, reused)?;
    // Those of the sides were told before; what is special here is the release.
    let known: BTreeSet<String> = warnings.into_iter().collect();
    outcome.warnings.retain(|warning| !known.contains(warning));
    outcome.report.repository = asked.current.repository().or_else(|| baseline.repository());
    Ok(Compared {
        outcome,
        request,
        policy,
        baseline,
        earlier: None,
    })
}
