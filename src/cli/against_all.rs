//! `--against-all`: goes through every earlier release, and judges the current side against those that gave up what it uses again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::compare::{Asked, Compared, Prepared, prepare};
use super::output::{self, Failure, trouble};
use super::progress::Progress;
use super::sides;
use crate::check::{self, CheckError, Input};
use crate::config::MissingImports;
use crate::report::text::{count, printable};
use crate::reuse::{Ledger, Reuse};
use crate::revision::Tag;
use crate::schema::load::{Loaded, Options};

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
    let reused = reused(asked, &tags)?;
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
        more.push(judge(asked, tag, &reused)?);
    }
    compared.extend(more);
    if let Some(first) = compared.first_mut() {
        first.outcome.report.remarks.push(remark);
    }
    Ok(())
}

/// What the current side uses of all that the releases gave up.
fn reused(asked: &Asked<'_>, tags: &[Tag]) -> Result<Vec<Reuse>, Failure> {
    let config = &asked.config;
    let options = Options {
        roots: config.schema.roots.clone().unwrap_or_default(),
        stub: config.schema.missing_imports == MissingImports::Stub,
        ..Options::default()
    };
    let load = |from: &Input, to: &Input, full: bool| {
        let options = Options {
            full,
            ..options.clone()
        };
        check::load(&from.tree, &to.tree, &options)
    };
    let mut ledger = Ledger::default();
    let mut step = |release: usize, loaded: &Loaded| {
        ledger.step(release, &loaded.baseline, &loaded.current);
        ledger.reused(&loaded.current)
    };
    let mut before: Option<(usize, Input)> = None;
    for (release, tag) in tags.iter().enumerate() {
        let next = Arc::new(asked.place.release(tag)?);
        let next = sides::input(&next, sides::BASELINE, config)?;
        let Some((at, from)) = &before else {
            before = Some((release, next));
            continue;
        };
        let broken = match load(from, &next, false) {
            Ok(loaded) => {
                step(*at, &loaded);
                before = Some((release, next));
                continue;
            }
            // Nobody can mend history: a release that does not compile is passed over.
            Err(CheckError::Compile(broken)) => broken,
            Err(error) => return Err(error.into()),
        };
        output::remark(&printable(&format!("warning: passed over: {broken}")));
        if broken.names(&from.tree.name) {
            before = Some((release, next));
        }
    }
    let Some((at, from)) = before else {
        return Ok(Vec::new());
    };
    let current = sides::input(&asked.current, sides::CURRENT, config)?;
    // All of the current side is looked at: what is used again may have been so for a while.
    let loaded = load(&from, &current, true)?;
    Ok(step(at, &loaded))
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
    })
}
