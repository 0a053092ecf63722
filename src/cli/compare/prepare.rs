//! Reads the two sides of a comparison and says by which policy they are judged; it judges nothing.

use std::sync::Arc;

use super::Asked;
use super::agreed::releases;
use crate::acceptance::{Agreed, Releases};
use crate::check::{Earlier, Request};
use crate::cli::output::Failure;
use crate::cli::sides;
use crate::policy::{Gate, Policy};
use crate::revision::Revision;

/// A comparison that is ready to be made.
pub struct Prepared {
    /// Everything that it depends on.
    pub request: Request,
    /// By which policy it is judged.
    pub policy: Policy,
    /// What a person should know beside the report.
    pub warnings: Vec<String>,
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

/// A sentence for each component that has promises of its own.
fn judged_apart(policy: &Policy) -> Vec<String> {
    let components = policy.components.iter();
    let judged = components.filter(|it| policy.scope.takes(Some(&it.component)));
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
