//! Two sides read and compared: what `check` and the commands built on it have in common; it writes no report.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use semver::Version;

use super::against_all::{GivenUp, against_all};
use super::output::{self, Failure};
use super::progress::Progress;
use super::{Baselines, Global, Levels, Policy as PolicyFlags, Tree, sides};
use crate::acceptance::{self, Agreed, Record, Released, Releases};
use crate::check::{self, Earlier, Outcome, Request};
use crate::config::{Config, ReleasedComponent};
use crate::policy::component::Scope;
use crate::policy::{Gate, Policy};
use crate::report::Side;
use crate::report::text::printable;
use crate::revision::{Baseline, Place, Revision, RevisionError, Tag};
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

/// The records that the current side has.
fn records(current: &Revision, catalogue: &Catalogue) -> Result<Vec<Record>, Failure> {
    match current.read(acceptance::FILE)?.map(String::from_utf8) {
        None => Ok(Vec::new()),
        Some(Ok(text)) => Ok(acceptance::record::read(
            acceptance::FILE,
            &text,
            catalogue,
        )?),
        Some(Err(error)) => Err(output::plain(format!(
            "`{}` is not valid UTF-8 (byte {})",
            acceptance::FILE,
            error.utf8_error().valid_up_to()
        ))),
    }
}

/// A comparison that is ready to be made.
pub struct Prepared {
    /// Everything that it depends on.
    pub request: Request,
    /// By which policy it is judged.
    pub policy: Policy,
    /// What a person should know beside the report.
    pub warnings: Vec<String>,
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

/// A sentence for each component that has promises of its own.
fn judged_apart(policy: &Policy) -> Vec<String> {
    let judged = policy.components.iter().filter(|it| match &policy.scope {
        Scope::All => true,
        Scope::Component(name) => it.component.name == *name,
        Scope::Rest => it.component.releases.is_none(),
    });
    judged
        .map(|it| {
            let (name, preset) = (&it.component.name, &it.policy.preset.name);
            let waits = it.policy.since.as_ref().filter(|since| {
                let since = Some((*since).clone());
                !it.gate.in_force(since)
            });
            let waits = waits.map(|since| format!(", of which nothing is in force before {since}"));
            format!(
                "the component `{name}` is judged under preset `{preset}`{}",
                waits.unwrap_or_default()
            )
        })
        .collect()
}

/// The releases before the baseline in which what is deleted has to have been deprecated, and a sentence where nobody can tell.
fn earlier(
    asked: &Asked<'_>,
    baseline: &Revision,
) -> Result<(Option<Earlier>, Option<String>), Failure> {
    let releasing = &asked.config.releasing;
    let in_all = releasing.deprecation_releases;
    if in_all < 2 || baseline.protos().is_empty() {
        return Ok((None, None));
    }
    if baseline.commit().is_none() {
        let why = "the baseline has no release history, so that one deprecation counts, for however many releases";
        return Ok((None, Some(why.to_owned())));
    }
    let tags = releasing.tags.as_deref();
    let around = asked.place.releases(baseline, tags, false, None)?;
    // A pre-release is none of the releases that people had.
    let is_release = around.here.iter().any(|tag| tag.version.pre.is_empty());
    let before = in_all - usize::from(is_release);
    let mut releases = Vec::new();
    for tag in around.earlier.iter().rev().take(before) {
        let revision = Arc::new(asked.place.release(tag)?);
        releases.push(sides::input(&revision, sides::BASELINE, &asked.config)?.tree);
    }
    let earlier = Earlier {
        releases,
        asked: before,
        in_all,
    };
    Ok((Some(earlier), None))
}

/// Reads the two sides of a comparison. `gate` says which guarantees are in force, where the baseline's history is not to be
/// asked for it.
pub fn prepare(
    asked: &Asked<'_>,
    baseline: &Arc<Revision>,
    mut remarks: Vec<String>,
    gate: Option<Gate>,
) -> Result<Prepared, Failure> {
    let (config, current) = (&asked.config, &asked.current);
    let [role, other] = asked.roles;
    let unread = baseline.unread_submodules().into_iter();
    let mut warnings: Vec<String> = unread
        .chain(current.unread_submodules())
        .map(|path| format!("the submodule `{path}` is not in this clone; its files are left out"))
        .collect();
    let mut inputs = (
        sides::input(baseline, role, config)?,
        sides::input(current, other, config)?,
    );
    remarks.extend(sides::align(&mut inputs.0, &mut inputs.1, config)?);
    for root in sides::empty_roots(config, &[&inputs.0, &inputs.1]) {
        warnings.push(format!(
            "the import root `{root}` holds no .proto file on either side"
        ));
    }
    if let Some(release) = &config.release {
        inputs.0.side.release = Some(release.to_string());
    }
    let (policy, chosen) = sides::policy(config, &inputs.0, asked.catalogue)?;
    let (policy, untagged) =
        sides::with_components(policy, config, (asked.place, baseline), asked.catalogue)?;
    let mut policy = Policy {
        scope: asked.scope.clone(),
        ..policy
    };
    for judged in &mut policy.components {
        judged.gate = gate.clone().unwrap_or_else(|| judged.gate.clone());
    }
    remarks.extend(judged_apart(&policy).into_iter().chain(untagged));
    let (gate, counted) = match gate {
        Some(gate) => (gate, None),
        None => sides::gate(config, &policy, baseline)?,
    };
    remarks.extend(chosen.into_iter().chain(counted));
    let paths = sides::paths(asked.place, current, asked.paths, &[&inputs.0, &inputs.1])?;
    let releases = if asked.records.is_empty() && !asked.recording {
        Releases::default()
    } else {
        releases(asked, baseline, &inputs.0.side)?
    };
    let (earlier, untold) = earlier(asked, baseline)?;
    remarks.extend(untold);
    let request = Request {
        baseline: inputs.0,
        current: inputs.1,
        config: config.clone(),
        gate,
        full: asked.full,
        paths,
        remarks,
        agreed: Agreed {
            records: asked.records.clone(),
            marks: asked.marks,
            releases,
            whole: asked.whole,
        },
        earlier,
    };
    Ok(Prepared {
        request,
        policy,
        warnings,
    })
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

/// What a baseline has of the releases of the tree and of those of each component. Where history cannot say, there are none:
/// a record then counts for longer, and excuses what it names and nothing else.
fn releases(asked: &Asked<'_>, baseline: &Revision, side: &Side) -> Result<Releases, Failure> {
    let config = &asked.config;
    let has_own = |component: &ReleasedComponent| component.releases.is_some();
    let is_rest = !matches!(asked.scope, Scope::Component(_));
    let typed = |version: &str| Version::parse(version).ok();
    // The name of a baseline can be that of a release of one component, which says nothing of the tree; nor does a tag that is
    // none of those that were said to be releases.
    let says_which = config.releasing.tags.is_some() || config.components.iter().any(has_own);
    let named = if says_which {
        config.release.clone()
    } else {
        side.release.as_deref().and_then(typed)
    };
    let tree = match named {
        Some(version) => Released {
            is: Some(version.clone()),
            contains: Some(version),
            ..Released::default()
        },
        None => released(asked, baseline, config.releasing.tags.as_deref())?,
    };
    let tree = Released {
        is_judged: is_rest,
        ..tree
    };
    let component = |component: &ReleasedComponent| -> Result<_, Failure> {
        let name = component.name.clone();
        let is_it = match &asked.scope {
            Scope::All => true,
            Scope::Component(scope) => *scope == name,
            Scope::Rest => component.releases.is_none(),
        };
        let released = match &component.releases {
            Some(tags) => released(asked, baseline, Some(tags))?,
            None => tree.clone(),
        };
        let released = Released {
            is_judged: is_it,
            ..released
        };
        Ok((name, released))
    };
    let components = config.components.iter().map(component);
    Ok(Releases {
        components: components.collect::<Result<_, _>>()?,
        tree,
    })
}

/// What a baseline has of the releases of these tags.
fn released(
    asked: &Asked<'_>,
    baseline: &Revision,
    tags: Option<&str>,
) -> Result<Released, Failure> {
    let highest = |tags: Vec<Tag>| tags.into_iter().map(|tag| tag.version).max();
    match asked.place.releases(baseline, tags, true, None) {
        Ok(around) => {
            let is = highest(around.here);
            Ok(Released {
                contains: highest(around.earlier).max(is.clone()),
                is,
                ..Released::default()
            })
        }
        Err(RevisionError::Shallow { .. }) => Ok(Released {
            is_cut: true,
            ..Released::default()
        }),
        Err(RevisionError::NoReleases { .. }) => Ok(Released::default()),
        Err(error) => Err(error.into()),
    }
}
