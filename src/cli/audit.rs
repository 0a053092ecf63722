//! `protopact audit`: compares every release with the one before it, and prints what became of the promises.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::compare::{Asked, Prepared, prepare};
use super::component::named;
use super::output::{self, Failure, plain, trouble};
use super::progress::Progress;
use super::{Audit, AuditFormat, AuditOutput, Global, Policy as PolicyFlags, file, sides};
use crate::audit::{audit, page, table};
use crate::check::{self, CheckError};
use crate::config::Config;
use crate::policy::Gate;
use crate::policy::component::Scope;
use crate::report::Report;
use crate::report::human;
use crate::report::json;
use crate::report::text::{count, printable};
use crate::revision::{Place, Revision, Tag};
use crate::rule::Catalogue;
use crate::schema::load::Broken;

/// Runs the audit. `true` where no comparison fails.
pub fn run(global: &Global, flags: &Audit) -> Result<bool, Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let config = config(global, flags, &place, &catalogue)?;
    let component = match (&flags.component, &flags.glob) {
        (Some(name), _) => Some(named(&config, name)?),
        // Whose tags are asked for is the one that they are about.
        (None, Some(glob)) => {
            let mut components = config.components.iter();
            let of = components.find(|it| it.releases.as_ref() == Some(glob));
            of.cloned()
        }
        (None, None) => None,
    };
    let own = component.as_ref().and_then(|it| it.releases.clone());
    let glob = own.or(flags.glob.clone());
    let tags = place.all_releases(glob.as_deref(), flags.pre_releases)?;
    if tags.len() < 2 {
        let form = match &glob {
            Some(glob) => format!("that match `{glob}`"),
            None => "of the form `v1.2.3`".to_owned(),
        };
        return Err(trouble(
            format!("there are not two release tags {form}"),
            "name other tags with a glob, such as `protopact audit 'proto/v*'`; `git fetch --tags` fetches those of the remote (with actions/checkout: `fetch-depth: 0`); `--pre-releases` counts pre-releases",
        ));
    }
    let progress = Progress::start(
        format!("comparing {}", count(tags.len(), "release")),
        global.quiet,
    );
    let history = History {
        global,
        place: &place,
        catalogue: &catalogue,
        config,
        gate: flags.from_scratch.as_ref().map(|_| Gate::Open),
        scope: component.map_or(Scope::All, |it| Scope::Component(it.name)),
    };
    // Each release is one side of two comparisons: its files are listed once.
    let sides: Vec<(&Tag, Arc<Revision>)> = tags
        .iter()
        .map(|tag| Ok((tag, Arc::new(place.release(tag)?))))
        .collect::<Result<_, Failure>>()?;
    let pairs: Vec<_> = sides.windows(2).collect();
    let compared: Vec<Result<Judged, Unjudged>> = pairs
        .into_par_iter()
        .map(|pair| match pair {
            [(_, from), (_, to)] => history.compare(from, to),
            _ => Err(plain("there is nothing to compare").into()),
        })
        .collect();
    drop(progress);
    let (mut told, mut known) = (BTreeSet::new(), BTreeSet::new());
    let (mut failed, mut steps) = (Vec::new(), Vec::new());
    for (pair, compared) in tags.windows(2).zip(compared) {
        let [from, to] = pair else { continue };
        let report = match compared {
            Ok((report, warnings)) => {
                told.extend(warnings.into_iter().map(|warning| (to.clone(), warning)));
                Ok(report)
            }
            Err(Unjudged { reason, error }) => {
                let why = match &reason {
                    Some(reason) => format!("{error}: {reason}"),
                    None => error.to_string(),
                };
                // What keeps one release from being judged often keeps the next ones from it, too.
                if known.insert(reason.unwrap_or_else(|| why.clone())) {
                    failed.push(error);
                }
                Err(why)
            }
        };
        steps.push((from, to, place.commit_of(to)?, report));
    }
    for (tag, warning) in told {
        let line = format!("warning: {}: {warning}", tag.name);
        output::remark(&printable(&line));
    }
    let audit = audit(flags.from_scratch.clone(), steps);
    write(global, &flags.format, &audit)?;
    let mut failed = failed.into_iter();
    if let Some(first) = failed.next() {
        for error in failed {
            let options = output::for_stderr(global);
            output::remark(human::render_error(error.as_ref(), &options).trim_end());
        }
        return Err(first);
    }
    let failing = |step: &crate::audit::Step| {
        let counts = step.counts.as_ref();
        counts.is_some_and(|counts| counts.failing)
    };
    Ok(!audit.releases.iter().any(failing))
}

/// A report, and what a person should know beside it.
type Judged = (Report, Vec<String>);

/// Why a comparison could not be made: the error, and of files that do not compile the first reason.
struct Unjudged {
    reason: Option<String>,
    error: Failure,
}

impl<F: Into<Failure>> From<F> for Unjudged {
    fn from(error: F) -> Self {
        Self {
            reason: None,
            error: error.into(),
        }
    }
}

/// What all comparisons have in common.
struct History<'a> {
    global: &'a Global,
    place: &'a Place,
    catalogue: &'a Catalogue,
    config: Config,
    gate: Option<Gate>,
    scope: Scope,
}

impl History<'_> {
    fn compare(&self, from: &Arc<Revision>, to: &Arc<Revision>) -> Result<Judged, Unjudged> {
        let (current, config) = (Arc::clone(to), self.config.clone());
        let asked = Asked {
            scope: self.scope.clone(),
            roles: [sides::RELEASE; 2],
            ..Asked::of(self.global, self.place, self.catalogue, current, config)?
        };
        let Prepared {
            request,
            policy,
            mut warnings,
            ..
        } = prepare(&asked, from, Vec::new(), self.gate.clone())?;
        let messages = || to.messages_since(from).unwrap_or_default();
        let outcome = check::check(&request, self.catalogue, &policy, &messages);
        let outcome = outcome.map_err(|error| Unjudged {
            reason: match &error {
                CheckError::Compile(broken) => Some(broken.reason()),
                _ => None,
            },
            error: error.into(),
        })?;
        warnings.extend(outcome.warnings);
        warnings.extend(outcome.broken.iter().map(Broken::fate));
        Ok((outcome.report, warnings))
    }
}

/// The configuration of today's tree, by which all of history is read.
fn config(
    global: &Global,
    flags: &Audit,
    place: &Place,
    catalogue: &Catalogue,
) -> Result<Config, Failure> {
    let current = place.current(None)?;
    let policy = PolicyFlags {
        preset: flags.from_scratch.clone().or_else(|| flags.preset.clone()),
        exempt: flags.exempt,
        release: None,
    };
    let levels = Some(&flags.levels);
    let mut config = sides::config(global, &current, &flags.tree, &policy, levels, catalogue)?;
    // What is wrong with it is wrong with every comparison.
    if let Some(preset) = &config.preset {
        sides::preset(preset, catalogue)?;
    }
    // That is told of the baseline of a check; here the tags say what each release is.
    config.release = None;
    if let Some(preset) = &flags.from_scratch {
        for component in &mut config.components {
            component.preset = Some(preset.clone());
            component.since = None;
        }
    }
    Ok(config)
}

fn write(
    global: &Global,
    outputs: &[AuditOutput],
    audit: &crate::audit::Audit,
) -> Result<(), Failure> {
    let mut files = Vec::new();
    let mut printed = None;
    for out in outputs {
        let text = match out.format {
            AuditFormat::Human => table::render(audit, global.verbose > 0, global.quiet),
            AuditFormat::Html => page::render(audit).map_err(|error| plain(error.to_string()))?,
            AuditFormat::Json => json::pretty(audit).map_err(|error| plain(error.to_string()))?,
        };
        match &out.file {
            None => printed = Some(text),
            Some(file) => files.push(file::stage(&global.resolve(file), &text)?),
        }
    }
    for file in files {
        file.place()?;
    }
    printed.map_or(Ok(()), |text| output::print(&text))
}
