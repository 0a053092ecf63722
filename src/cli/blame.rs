//! `protopact blame`: runs the check, and names the commit that brought each of its findings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::against_all::Looking;
use super::compare::{self, Asked, Compared};
use super::output::{self, Failure, plain};
use super::progress::Progress;
use super::{Blame, Global, ListFormat, sides};
use crate::blame::report::{Blamed, Culprit, Kind, Told, render};
use crate::blame::{History, Origin, blame};
use crate::check::{self, CheckError, Outcome, Request};
use crate::report::json;
use crate::report::text::count;
use crate::reuse::Reuse;
use crate::revision::walk::{Commit, Node, Walk};
use crate::revision::{Place, RevisionError};
use crate::rule::Catalogue;
use crate::schema::layout::{MODULE, WORKSPACE, lock::LOCK};

/// Runs the check and blames. `true` where no finding fails it.
pub fn run(global: &Global, flags: &Blame) -> Result<bool, Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let (asked, compared) = compare::check(global, &place, &catalogue, &flags.checked)?;
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
    let report = compare::merged(compared)?;
    let is_clean = !report.fails();
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
    let places = places(compared);
    let messages = asked.current.messages_since(&compared.baseline);
    let judge = Judge {
        asked,
        compared,
        names,
        messages: messages.unwrap_or_default(),
        paths: paths_of(compared, &places),
        places,
        walk: &walk,
    };
    let found = blame(&judge, walk.tip(), wanted)?;
    let origins = found.into_iter();
    origins
        .map(|(finding, origin)| Ok((finding, told(&walk, origin)?)))
        .collect()
}

/// The files that the findings of a comparison are in, on either side.
fn places(compared: &Compared) -> BTreeSet<String> {
    let findings = compared.outcome.report.findings.iter();
    let places = findings.flat_map(|it| [&it.baseline, &it.current]);
    let paths = places.flatten().map(|place| place.path.clone());
    paths.collect()
}

/// The paths that are judged, and those where what was found there is on either side; none where all are judged.
fn paths_of(compared: &Compared, places: &BTreeSet<String>) -> Vec<String> {
    let mut paths = compared.request.paths.clone();
    if !paths.is_empty() {
        paths.extend(places.iter().cloned());
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

impl Judge<'_> {
    /// The check whose findings are looked for.
    fn check(&self, request: &Request) -> Result<Outcome, CheckError> {
        let (catalogue, policy) = (self.asked.catalogue, &self.compared.policy);
        let Some((given_up, release)) = &self.compared.earlier else {
            let messages = || self.messages.clone();
            return check::check(request, catalogue, policy, &messages);
        };
        let places = Looking::In(&self.places);
        let reused = given_up.reused(&request.current, &request.config, places)?;
        let reused: Vec<Reuse> = reused
            .into_iter()
            .filter(|reuse| reuse.release == *release)
            .collect();
        check::reused(request, catalogue, policy, &reused)
    }
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
    /// The files that the findings are in, on either side.
    places: BTreeSet<String>,
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
        match self.check(&request) {
            Ok(outcome) => {
                let findings = outcome.report.findings.into_iter();
                Ok(Some(findings.map(|it| it.fingerprint).collect()))
            }
            Err(CheckError::Unreadable(error)) => Err(CheckError::Unreadable(error).into()),
            Err(_) => Ok(None),
        }
    }
}
