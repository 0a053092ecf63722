//! Two sides compared: what `check` and the commands built on it have in common; it writes no report.

mod agreed;
mod prepare;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use self::agreed::records;
pub use self::prepare::{Prepared, prepare};
use super::against_all::{GivenUp, against_all};
use super::output::{self, Failure};
use super::progress::Progress;
use super::tell::tell;
use super::{Baselines, Checked, Global, Levels, Policy as PolicyFlags, Tree, sides};
use crate::acceptance::Record;
use crate::check::{self, Outcome, Request};
use crate::config::Config;
use crate::policy::Policy;
use crate::policy::component::Scope;
use crate::report::Report;
use crate::report::merge::merge;
use crate::report::text::printable;
use crate::revision::{Baseline, Place, Revision};
use crate::rule::Catalogue;

/// What is to be compared with a baseline, and how.
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Asked<'a> {
    /// What every command takes.
    pub global: &'a Global,
    /// Where the program runs.
    pub place: &'a Place,
    /// The rules.
    pub catalogue: &'a Catalogue,
    /// The current side.
    pub current: Arc<Revision>,
    /// The configuration, flags applied.
    pub config: Config,
    /// Judge only these files or folders, as they were typed.
    pub paths: &'a [PathBuf],
    /// Load every file.
    pub full: bool,
    /// The records of what was agreed to.
    pub records: Vec<Record>,
    /// Whether marks in comments count.
    pub marks: bool,
    /// Whether records are going to be made.
    pub recording: bool,
    /// Whether no flag leaves files or rules out, so that a record without a finding is out of use.
    pub whole: bool,
    /// What of a tree with components is judged.
    pub scope: Scope,
    /// What the two sides are to each other.
    pub roles: [&'static str; 2],
}

impl<'a> Asked<'a> {
    /// All of the current side by its own configuration, with what the side itself says was agreed to.
    pub fn of(
        global: &'a Global,
        place: &'a Place,
        catalogue: &'a Catalogue,
        current: Arc<Revision>,
        config: Config,
    ) -> Result<Self, Failure> {
        Ok(Self {
            global,
            place,
            catalogue,
            records: records(&current, catalogue)?,
            current,
            config,
            paths: &[],
            full: false,
            marks: true,
            recording: false,
            whole: false,
            scope: Scope::All,
            roles: [sides::BASELINE, sides::CURRENT],
        })
    }
}

/// What a comparison gave.
pub struct Compared {
    /// The report and what goes with it.
    pub outcome: Outcome,
    /// What was compared.
    pub request: Request,
    /// By which policy it was judged.
    pub policy: Policy,
    /// The side that made the promises.
    pub baseline: Arc<Revision>,
    /// What all earlier releases gave up, and which of them the baseline is, where a reuse of that was looked for and no change.
    pub earlier: Option<(Arc<GivenUp>, usize)>,
}

/// Makes the comparisons of a check, and says on the error output what a report does not.
pub fn check<'a>(
    global: &'a Global,
    place: &'a Place,
    catalogue: &'a Catalogue,
    flags: &'a Checked,
) -> Result<(Asked<'a>, Vec<Compared>), Failure> {
    let (tree, policy, levels) = (&flags.tree, &flags.policy, &flags.levels);
    let current = sides::current(place, &flags.current)?;
    let config = sides::config(global, &current, tree, policy, Some(levels), catalogue)?;
    let asked = Asked {
        marks: !flags.agreements.no_inline,
        whole: flags.paths.is_empty() && is_whole(tree, policy, levels),
        paths: &flags.paths,
        full: flags.full,
        ..Asked::of(global, place, catalogue, Arc::new(current), config)?
    };
    let compared = compare_all(&asked, &flags.baselines)?;
    let against = &flags.baselines.against;
    tell(&asked, &compared, against, flags.agreements.locked)?;
    Ok((asked, compared))
}

/// Compares the current side with a baseline; what a person should know beside the report is printed once for all of them.
pub fn compare(
    asked: &Asked<'_>,
    baseline: Baseline,
    told: &mut BTreeSet<String>,
) -> Result<Compared, Failure> {
    let current = &asked.current;
    let chosen = baseline.chosen.into_iter().collect();
    let baseline = Arc::new(baseline.revision);
    let mut warn = |warning: String| {
        if told.insert(warning.clone()) {
            output::remark(&format!("warning: {}", printable(&warning)));
        }
    };
    let Prepared {
        request,
        policy,
        warnings,
    } = prepare(asked, &baseline, chosen, None)?;
    warnings.into_iter().for_each(&mut warn);
    // Messages are evidence that is looked for: where history cannot be read, there is none.
    let messages = || current.messages_since(&baseline).unwrap_or_default();
    let progress = Progress::start(
        format!(
            "comparing {} with {}, {} files",
            printable(current.spec()),
            printable(baseline.spec()),
            request.current.tree.files.len(),
        ),
        asked.global.quiet,
    );
    let mut outcome = check::check(&request, asked.catalogue, &policy, &messages)?;
    drop(progress);
    outcome.report.repository = current.repository().or_else(|| baseline.repository());
    for warning in std::mem::take(&mut outcome.warnings) {
        warn(warning);
    }
    Ok(Compared {
        outcome,
        request,
        policy,
        baseline,
        earlier: None,
    })
}

/// Compares with each of the baselines that are named, else with those of the configuration, else with the default; and with
/// the releases that gave up what is used again, where that is asked for.
pub fn compare_all(asked: &Asked<'_>, baselines: &Baselines) -> Result<Vec<Compared>, Failure> {
    let mut compared = against_each(asked, baselines)?;
    if let Some(glob) = &baselines.earlier.against_all {
        against_all(asked, glob, &mut compared)?;
    }
    Ok(compared)
}

/// Compares with each of the baselines that are named, else with those of the configuration, else with the default.
fn against_each(asked: &Asked<'_>, baselines: &Baselines) -> Result<Vec<Compared>, Failure> {
    let named = if baselines.against.is_empty() {
        &asked.config.against
    } else {
        &baselines.against
    };
    let mut specs: Vec<Option<&str>> = named.iter().map(|name| Some(name.as_str())).collect();
    if specs.is_empty() {
        specs.push(None);
    }
    let mut known = BTreeSet::new();
    specs.retain(|spec| known.insert(*spec));
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

/// One report of all comparisons.
pub fn merged(compared: Vec<Compared>) -> Result<Report, Failure> {
    let reports = compared.into_iter().map(|compared| compared.outcome.report);
    merge(reports).ok_or_else(|| output::plain("there is no baseline"))
}

/// Whether no flag leaves files or rules out.
pub fn is_whole(tree: &Tree, policy: &PolicyFlags, levels: &Levels) -> bool {
    tree.include.is_empty()
        && tree.exclude.is_empty()
        && policy.preset.is_none()
        && policy.exempt.is_none()
        && levels.rule.is_empty()
        && levels.direction.is_none()
}
