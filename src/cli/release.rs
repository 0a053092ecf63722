//! `protopact release`: compares with the latest release, and says whether the next one may be made and what people are to be told.

mod version;
mod write;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::version::{may_be_named, stated};
use self::write::{changelog_file, changelog_text, shown};
use super::against_all::against_all;
use super::compare::{Asked, compare, is_whole, merged};
use super::component::{named, something_is_left};
use super::file::stage;
use super::output::{self, Failure, plain, trouble};
use super::tell::tell;
use super::{Global, Release as Flags, ReleaseFormat, sides};
use crate::check::marked;
use crate::config::{Config, ReleasedComponent};
use crate::policy::component::Scope;
use crate::release::deprecation::{self, Deprecations};
use crate::release::{self, Known};
use crate::report::text::printable;
use crate::revision::{Baseline, Place, Releases, Revision};
use crate::rule::Catalogue;

/// Judges a release. `true` where it may be made.
pub fn run(global: &Global, flags: &Flags) -> Result<bool, Failure> {
    let catalogue = Catalogue::embedded()?.for_release();
    let place = Place::discover(&global.directory)?;
    let current = sides::current(&place, &flags.current)?;
    let (mut config, component) = configured(global, flags, &current, &catalogue)?;
    let (version, changelog) = flags.typed();
    let changelog = changelog
        .map(|file| changelog_file(file, global, (&current, &config), component.as_ref()))
        .transpose()?;
    let releasing = &config.releasing;
    let releases = place.releases(
        &current,
        releasing.tags.as_deref(),
        releasing.pre_releases,
        version.as_ref(),
    )?;
    let latest = releases.earlier.last();
    if latest.is_none() {
        other_tags(flags, &place, &releases, releasing.tags.as_deref())?;
    }
    if let Some(version) = &version {
        may_be_named(version, &releases, latest)?;
    }
    let stated = stated(version, &releases, &current, &config)?;
    config.releasing.version = stated.first().map(|(version, _)| version.clone());
    let baseline = match latest {
        Some(tag) => place.release(tag)?,
        None => Revision::nothing(),
    };
    let asked = Asked {
        marks: !flags.agreements.no_inline,
        whole: is_whole(&flags.tree, &flags.policy, &flags.levels),
        scope: match &component {
            Some(component) => Scope::Component(component.name.clone()),
            None => Scope::Rest,
        },
        ..Asked::of(global, &place, &catalogue, Arc::new(current), config)?
    };
    if component.is_none() {
        something_is_left(&asked)?;
    }
    let baseline = Baseline {
        revision: baseline,
        chosen: None,
    };
    let mut compared = vec![compare(&asked, baseline, &mut BTreeSet::new())?];
    if let Some(glob) = &flags.earlier.against_all {
        against_all(&asked, glob, &mut compared)?;
    }
    let against: Vec<String> = latest.iter().map(|tag| tag.name.clone()).collect();
    tell(&asked, &compared, &against, flags.agreements.locked)?;
    let report = merged(compared)?;
    let known = Known {
        component: component.map(|it| it.name),
        baseline: latest.map(|tag| tag.version.clone()),
        deprecations: deprecations(&asked, &releases)?,
        tags: releases
            .all
            .into_iter()
            .map(|tag| (tag.version, tag.name))
            .collect(),
        stated,
        breaks: asked.config.releasing.breaks,
    };
    let release = release::assess(report, known);
    let text = match flags.format {
        ReleaseFormat::Human => release::human::render(&release, global.verbose > 0, global.quiet),
        ReleaseFormat::Markdown => release::markdown::render(&release),
        ReleaseFormat::Json => {
            release::json::render(&release).map_err(|error| plain(error.to_string()))?
        }
    };
    let written = changelog.filter(|_| release.ok);
    if let Some(file) = &written {
        let text = changelog_text(&release, file, flags, &asked)?;
        stage(file, &text)?.place()?;
    }
    output::print(&text)?;
    if let Some(file) = written {
        output::remark(&format!(
            "wrote the section of the release to {}",
            printable(&shown(&file, asked.current.root()))
        ));
    }
    Ok(release.ok)
}

/// A first release is nothing special, unless its tags were meant to be others: a pattern that was typed has to match, and one
/// of the configuration is told of.
fn other_tags(
    flags: &Flags,
    place: &Place,
    releases: &Releases,
    tags: Option<&str>,
) -> Result<(), Failure> {
    let Some(tags) = tags.filter(|_| releases.all.is_empty()) else {
        return Ok(());
    };
    let others = place.all_releases(None, true)?;
    let Some(other) = others.last().map(|tag| &tag.name) else {
        return Ok(());
    };
    if flags.tags.is_some() {
        return Err(trouble(
            format!("no tag matches `--tags {tags}`, though there are releases such as `{other}`"),
            "look at the pattern; for a first release under new names write it as `tags` in the section [release] of protopact.toml",
        ));
    }
    output::remark(&printable(&format!(
        "warning: no tag matches `{tags}`, so that this is the first release; there are others such as `{other}`"
    )));
    Ok(())
}

/// The configuration, flags and what is said of a component applied, and that component.
fn configured(
    global: &Global,
    flags: &Flags,
    current: &Revision,
    catalogue: &Catalogue,
) -> Result<(Config, Option<ReleasedComponent>), Failure> {
    let levels = Some(&flags.levels);
    let (tree, policy) = (&flags.tree, &flags.policy);
    let mut config = sides::config(global, current, tree, policy, levels, catalogue)?;
    let component = flags.component.as_deref();
    let component = component.map(|name| named(&config, name)).transpose()?;
    if let Some(component) = &component {
        let own = policy.preset.clone().or(component.preset.clone());
        config.preset = own.or(config.preset);
        let own = component.releases.clone();
        config.releasing.tags = own.or(config.releasing.tags);
    }
    config.releasing.tags = flags.tags.clone().or(config.releasing.tags);
    config.releasing.pre_releases |= flags.pre_releases;
    Ok((config, component))
}

/// What is deprecated, looked up in as many releases as an element has to be deprecated in before it may go.
fn deprecations(asked: &Asked<'_>, releases: &Releases) -> Result<Deprecations, Failure> {
    let config = &asked.config;
    let wanted = config.releasing.deprecation_releases;
    let roots = config.schema.roots.clone().unwrap_or_default();
    let input = sides::input(&asked.current, sides::CURRENT, config)?;
    let current = marked::marked(&input.tree, &roots, &[], &BTreeSet::new())?;
    // What is newly deprecated stands in files that may not have spoken of it before.
    let files = current.files().map(|file| current.file_path(file));
    let files: BTreeSet<String> = files.map(str::to_owned).collect();
    let mut older = Vec::new();
    for tag in releases.earlier.iter().rev().take(wanted) {
        let revision = Arc::new(asked.place.release(tag)?);
        let input = sides::input(&revision, sides::BASELINE, config)?;
        older.push((
            tag.name.clone(),
            marked::marked(&input.tree, &roots, &[], &files)?,
        ));
    }
    Ok(deprecation::find(&current, &older, wanted))
}
