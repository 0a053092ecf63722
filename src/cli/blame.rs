//! `protopact blame`: runs the check, and names the commit that brought each of its findings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::compare::{Asked, Compared, against_each, is_whole, tell};
use super::output::{self, Failure, plain};
use super::progress::Progress;
use super::{Blame, Global, ListFormat, sides};
use crate::blame::report::{Blamed, Culprit, Kind, Told, render};
use crate::blame::{History, Origin, blame};
use crate::check::{self, CheckError, Request};
use crate::report::json;
use crate::report::merge::merge;
use crate::report::text::count;
use crate::report::{Finding, Status};
use crate::revision::walk::{Commit, Node, Walk};
use crate::revision::{Place, RevisionError};
use crate::rule::Catalogue;
use crate::schema::layout::{MODULE, WORKSPACE, lock::LOCK};

/// Runs the check and blames. `true` where no finding fails it.
pub fn run(global: &Global, flags: &Blame) -> Result<bool, Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let current = sides::current(&place, &flags.current)?;
    let levels = Some(&flags.levels);
    let config = sides::config(
        global,
        &current,
        &flags.tree,
        &flags.policy,
        levels,
        &catalogue,
    )?;
    let asked = Asked {
        marks: !flags.agreements.no_inline,
        whole: flags.paths.is_empty() && is_whole(&flags.tree, &flags.policy, &flags.levels),
        paths: &flags.paths,
        full: flags.full,
        ..Asked::of(global, &place, &catalogue, Arc::new(current), config)?
    };
    let compared = against_each(&asked, &flags.baselines)?;
    tell(&asked, &compared, flags.agreements.locked)?;
    let mut origins = BTreeMap::new();
    for compared in &compared {
        let findings = &compared.outcome.report.findings;
        let wanted: BTreeSet<String> = findings
            .iter()
            .map(|finding| finding.fingerprint.clone())
            .filter(|finding| !origins.contains_key(finding))
            .collect();
        let progress = Progress::start(
            format!("looking for {}", count(wanted.len(), "finding")),
            global.quiet,
        );
        origins.extend(origins_of(&asked, compared, &wanted)?);
        drop(progress);
    }
    let reports = compared.into_iter().map(|compared| compared.outcome.report);
    let Some(report) = merge(reports) else {
        return Err(plain("there is no baseline"));
    };
    let fails = |finding: &Finding| finding.status == Status::Failing;
    let is_clean = !report.findings.iter().any(fails);
    let culprits = report.findings.iter().map(|finding| {
        let origin = origins.get(&finding.fingerprint);
        Culprit::new(finding, origin.cloned().unwrap_or_default())
    });
    let blamed = Blamed {
        version: 1,
        findings: culprits.collect(),
        report,
    };
    output::print(&match flags.format {
        ListFormat::Human => render(&blamed, global.verbose > 0, global.quiet),
        ListFormat::Json => json::pretty(&blamed).map_err(|error| plain(error.to_string()))?,
    })?;
    Ok(is_clean)
}

/// Where the findings of a comparison come from.
fn origins_of(
    asked: &Asked<'_>,
    compared: &Compared,
    wanted: &BTreeSet<String>,
) -> Result<BTreeMap<String, Told>, Failure> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let Some(walk) = asked.current.since(&compared.baseline)? else {
        return Ok(BTreeMap::new());
    };
    let readme = compared.request.current.readme.as_ref();
    let readme = readme.or(compared.request.baseline.readme.as_ref());
    let mut names = vec![MODULE, WORKSPACE, LOCK];
    names.extend(readme.and_then(|(file, _)| file.rsplit('/').next()));
    let messages = asked.current.messages_since(&compared.baseline);
    let judge = Judge {
        asked,
        compared,
        names,
        messages: messages.unwrap_or_default(),
        paths: paths_of(compared),
        walk: &walk,
    };
    let found = blame(&judge, walk.tip(), wanted)?;
    let origins = found.into_iter();
    origins
        .map(|(finding, origin)| Ok((finding, told(&walk, origin)?)))
        .collect()
}

/// The paths that are judged, and those that what was found there has on either side; none where all are judged.
fn paths_of(compared: &Compared) -> Vec<String> {
    let mut paths = compared.request.paths.clone();
    if !paths.is_empty() {
        let findings = compared.outcome.report.findings.iter();
        let places = findings.flat_map(|it| [&it.baseline, &it.current]);
        paths.extend(places.flatten().map(|place| place.path.clone()));
    }
    paths
}

fn told(walk: &Walk, origin: Origin<Node>) -> Result<Told, Failure> {
    let commits = |nodes: &[Node]| -> Result<Vec<Commit>, RevisionError> {
        nodes.iter().map(|node| walk.commit(*node)).collect()
    };
    Ok(match origin {
        Origin::Uncommitted => Told::of(Kind::Uncommitted),
        Origin::Before => Told::of(Kind::Before),
        Origin::Commit {
            commit,
            merges,
            unjudged,
        } => Told::of_commit(
            walk.commit(commit)?,
            &commits(&merges)?,
            commits(&unjudged)?,
        ),
    })
}

/// Judges commits as the current side was judged.
struct Judge<'a> {
    asked: &'a Asked<'a>,
    compared: &'a Compared,
    /// The files beside protos that a judgement depends on.
    names: Vec<&'a str>,
    messages: Vec<(String, String)>,
    /// What is judged, under the paths of both sides: a file that moved was elsewhere before.
    paths: Vec<String>,
    walk: &'a Walk,
}

impl History for Judge<'_> {
    type Id = Node;
    type Error = Failure;

    fn parents(&self, commit: Node) -> Result<Vec<Node>, Failure> {
        Ok(self.walk.parents(commit)?)
    }

    fn is_new(&self, commit: Node) -> bool {
        self.walk.is_new(commit)
    }

    fn differ(&self, one: Node, other: Node) -> Result<bool, Failure> {
        Ok(self.walk.differ(one, other, &self.names)?)
    }

    fn judge(&self, commit: Node) -> Result<Option<BTreeSet<String>>, Failure> {
        let asked = &self.compared.request;
        let config = &asked.config;
        let revision = Arc::new(self.walk.at(commit)?);
        // A layout that cannot be read is as good as a file that does not compile.
        let Ok(mut current) = sides::input(&revision, sides::CURRENT, config) else {
            return Ok(None);
        };
        // Explanations are looked for where they stand in the end: they may come after what they explain.
        current.changelogs.clone_from(&asked.current.changelogs);
        let mut request = Request {
            current,
            paths: self.paths.clone(),
            ..asked.clone()
        };
        if sides::align(&mut request.baseline, &mut request.current, config).is_err() {
            return Ok(None);
        }
        let messages = || self.messages.clone();
        let policy = &self.compared.policy;
        match check::check(&request, self.asked.catalogue, policy, &messages) {
            Ok(outcome) => {
                let findings = outcome.report.findings.into_iter();
                Ok(Some(findings.map(|it| it.fingerprint).collect()))
            }
            Err(CheckError::Unreadable(error)) => Err(CheckError::Unreadable(error).into()),
            Err(_) => Ok(None),
        }
    }
}
