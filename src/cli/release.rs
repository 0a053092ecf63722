//! `protopact release`: compares with the latest release, and says whether the next one may be made and what people are to be told.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use semver::Version;

use super::against_all::against_all;
use super::compare::{Asked, compare, is_whole};
use super::file::stage;
use super::output::{self, Failure, plain, trouble};
use super::tell::tell;
use super::{Global, Release as Flags, ReleaseFormat, sides};
use crate::check::marked;
use crate::config::{self, Config, ReleasedComponent};
use crate::policy::component::Scope;
use crate::release::deprecation::{self, Deprecations};
use crate::release::notes::entries;
use crate::release::section::{self, Section};
use crate::release::version::{Bump, next};
use crate::release::{self, Known, Release};
use crate::report::merge::merge;
use crate::report::text::printable;
use crate::revision::{Baseline, Kind, Place, Releases, Revision, Tag};
use crate::rule::Catalogue;
use crate::suggest::did_you_mean;

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
    let reports = compared.into_iter().map(|compared| compared.outcome.report);
    let Some(report) = merge(reports) else {
        return Err(plain("there is no baseline"));
    };
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

/// The component of a name.
pub(super) fn named(config: &Config, name: &str) -> Result<ReleasedComponent, Failure> {
    let known = || config.components.iter().map(|it| it.name.as_str());
    let found = config.components.iter().find(|it| it.name == name);
    found.cloned().ok_or_else(|| {
        let help = did_you_mean(name, known()).unwrap_or_else(|| {
            "components are named in protopact.toml, each in a section [[component]]".to_owned()
        });
        trouble(format!("there is no component `{name}`"), help)
    })
}

/// Refuses a release of the tree where all of it is released by components.
fn something_is_left(asked: &Asked<'_>) -> Result<(), Failure> {
    let components = &asked.config.components;
    let apart = |path: &String| {
        let holder = config::holder(components, path);
        holder.is_some_and(|it| it.releases.is_some())
    };
    let mut paths = asked.current.protos().keys().peekable();
    if components.is_empty() || paths.peek().is_none() || !paths.all(apart) {
        return Ok(());
    }
    let names: Vec<String> = components
        .iter()
        .map(|it| format!("`{}`", it.name))
        .collect();
    Err(trouble(
        "every file belongs to a component that is released on its own",
        format!("name one with `--component`: {}", names.join(", ")),
    ))
}

/// Whether a version can be that of a release at all: it is higher than the last one, and nobody has it.
fn may_be_named(
    version: &Version,
    releases: &Releases,
    latest: Option<&Tag>,
) -> Result<(), Failure> {
    let is_it = |tag: &&Tag| tag.version.cmp_precedence(version).is_eq();
    let is_here = releases.here.iter().any(|tag| is_it(&tag));
    if let Some(taken) = releases.all.iter().find(is_it).filter(|_| !is_here) {
        let commit: String = taken.commit.chars().take(9).collect();
        return Err(trouble(
            format!(
                "{version} is released already: the tag `{}` stands at something else ({commit})",
                taken.name
            ),
            "name another version, or check that release itself with `--to TAG`",
        ));
    }
    match latest.filter(|tag| version.cmp_precedence(&tag.version).is_le()) {
        None => Ok(()),
        Some(latest) => Err(trouble(
            format!(
                "{version} is not higher than `{}`, the latest release of this history",
                latest.name
            ),
            format!(
                "name a higher version, {} or later",
                next(&latest.version, Bump::Patch)
            ),
        )),
    }
}

/// The versions that are stated for the release, with their sources: as an argument, by a tag of this commit, in a file.
fn stated(
    version: Option<Version>,
    releases: &Releases,
    current: &Revision,
    config: &Config,
) -> Result<Vec<(Version, String)>, Failure> {
    let mut stated: Vec<(Version, String)> = Vec::new();
    if let Some(version) = version {
        stated.push((version, "the command line".to_owned()));
    } else if let Some(tag) = releases.here.last() {
        stated.push((tag.version.clone(), format!("the tag `{}`", tag.name)));
    }
    if let Some(file) = &config.releasing.version_file {
        let path = &file.path;
        let help = "`version-file` in the section [release] of protopact.toml says which file states the version, and `pattern` where in it";
        let Some(bytes) = current.read(path)? else {
            let side = current.spec();
            return Err(trouble(
                format!("the version file `{path}` is not there in `{side}`"),
                help,
            ));
        };
        let text = String::from_utf8_lossy(&bytes);
        let version = file
            .version(&text)
            .map_err(|error| trouble(format!("`{path}` states no version: {error}"), help))?;
        stated.push((version, format!("`{path}`")));
    }
    Ok(stated)
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

/// Where the section is to be written.
fn changelog_file(
    named: Option<&Path>,
    global: &Global,
    (current, config): (&Revision, &Config),
    component: Option<&ReleasedComponent>,
) -> Result<PathBuf, Failure> {
    let root = current.root().filter(|_| current.kind() == Kind::Worktree);
    match (named, root) {
        (_, None) => Err(trouble(
            format!(
                "a changelog is written into the worktree, and what is released is `{}`",
                current.spec()
            ),
            "leave `--to` and `--staged` out, and run it where the files are checked out",
        )),
        (Some(file), Some(_)) => Ok(global.resolve(file)),
        (None, Some(root)) => {
            let own = component.and_then(|it| it.changelog.as_deref());
            let usual = own.or(config.explanations.changelog.as_deref());
            Ok(root.join(usual.unwrap_or("CHANGELOG.md")))
        }
    }
}

/// A file as it is named from the root of the tree, where it stands in there.
fn shown(file: &Path, root: Option<&Path>) -> String {
    let inside = root.and_then(|root| file.strip_prefix(root).ok());
    inside.unwrap_or(file).display().to_string()
}

/// The changelog with the section of the release.
fn changelog_text(
    release: &Release,
    file: &Path,
    flags: &Flags,
    asked: &Asked<'_>,
) -> Result<String, Failure> {
    let shown = shown(file, asked.current.root());
    let tags = asked.config.releasing.tags.as_deref();
    let Some(version) = &release.version else {
        return Err(trouble(
            "the first release may have any version, and none is named",
            "name it: `protopact release 0.1.0 --write-changelog`",
        ));
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(plain(format!("`{shown}` cannot be read: {error}"))),
    };
    let date = flags
        .date
        .unwrap_or_else(|| chrono::Utc::now().date_naive());
    let section = Section {
        version,
        tag: &Place::tag_name(tags, version)?,
        date: &date.to_string(),
        entries: &entries(release),
    };
    section::write(&text, section).map_err(|error| {
        trouble(
            format!("`{shown}`: {error}"),
            "take the section out, or release another version",
        )
    })
}
