//! `protopact changelog`: compares two sides and lists every change between them, breaking or not.

use std::sync::Arc;

use super::compare::{Asked, Prepared, prepare};
use super::output::{self, Failure, plain, trouble};
use super::progress::Progress;
use super::{Changelog, ChangelogFormat, Current, Global, sides};
use crate::changelog::{Links, changelog, markdown};
use crate::check;
use crate::config::Config;
use crate::report::json;
use crate::report::text::printable;
use crate::revision::{Place, Revision};
use crate::rule::Catalogue;

/// Prints the changes.
pub fn run(global: &Global, flags: &Changelog) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let (from, to) = range(flags.range.as_deref())?;
    let to = Current {
        to: to.map(str::to_owned),
        staged: false,
    };
    let current = sides::current(&place, &to)?;
    let config = sides::config(
        global,
        &current,
        &flags.tree,
        &flags.policy,
        None,
        &catalogue,
    )?;
    let baseline = match from {
        Some(from) => place.baseline(&current, Some(from))?.revision,
        None => release_before(&place, &current, &config)?,
    };
    let asked = Asked {
        paths: &flags.paths,
        ..Asked::of(global, &place, &catalogue, Arc::new(current), config)?
    };
    let baseline = Arc::new(baseline);
    let Prepared {
        request,
        policy,
        warnings,
        ..
    } = prepare(&asked, &baseline, Vec::new(), None)?;
    let messages = || asked.current.messages_since(&baseline).unwrap_or_default();
    let progress = Progress::start(
        format!("comparing with {}", printable(baseline.spec())),
        global.quiet,
    );
    let (entries, outcome) = check::listed(&request, &catalogue, &policy, &messages)?;
    drop(progress);
    for warning in warnings.iter().chain(&outcome.warnings) {
        output::remark(&format!("warning: {}", printable(warning)));
    }
    output::left_out(&outcome.broken);
    let sides = (outcome.report.baseline, outcome.report.current);
    let changelog = changelog(sides, entries, &catalogue);
    output::print(&match flags.format {
        ChangelogFormat::Markdown => {
            let repository = asked.current.repository().or_else(|| baseline.repository());
            markdown::render(&changelog, &Links::of(repository.as_deref()))
        }
        ChangelogFormat::Json => {
            json::pretty(&changelog).map_err(|error| plain(error.to_string()))?
        }
    })
}

/// The latest release, as `release` knows it: of a side that is one itself the release before it.
fn release_before(place: &Place, current: &Revision, config: &Config) -> Result<Revision, Failure> {
    let releasing = &config.releasing;
    let tags = releasing.tags.as_deref();
    let releases = place.releases(current, tags, releasing.pre_releases, None)?;
    match releases.earlier.last() {
        Some(latest) => Ok(place.release(latest)?),
        None if !releases.here.is_empty() => Ok(Revision::nothing()),
        None => {
            let glob = tags.iter().map(|tags| format!(":{tags}"));
            let latest = format!("latest-release{}", glob.collect::<String>());
            Ok(place.baseline(current, Some(&latest))?.revision)
        }
    }
}

/// The two sides that `A..B` names; without A it is the release before, without B the worktree.
fn range(text: Option<&str>) -> Result<(Option<&str>, Option<&str>), Failure> {
    let text = text.unwrap_or_default();
    if text.contains("...") {
        return Err(trouble(
            format!("`{text}` is no range of two sides"),
            "write A..B; what came since two branches parted is `merge-base:A..B`",
        ));
    }
    // In a path such as `../old` the dots stand before a slash.
    let dots = text.match_indices("..").find(|(at, _)| {
        let rest = text.get(at + 2..).unwrap_or_default();
        !rest.starts_with('/')
    });
    let (from, to) = match dots {
        Some((at, _)) => (
            text.get(..at).unwrap_or_default(),
            text.get(at + 2..).unwrap_or_default(),
        ),
        None => (text, ""),
    };
    let named = |side| Some(side).filter(|side: &&str| !side.is_empty());
    Ok((named(from), named(to)))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_range_names_two_sides() {
        for (text, from, to) in [
            ("", None, None),
            ("v1..v2", Some("v1"), Some("v2")),
            ("v1..", Some("v1"), None),
            ("v1", Some("v1"), None),
            ("..v2", None, Some("v2")),
            ("../old..v2", Some("../old"), Some("v2")),
            ("../old", Some("../old"), None),
        ] {
            assert_eq!(range(Some(text)).ok(), Some((from, to)), "{text}");
        }
        assert_eq!(range(None).ok(), Some((None, None)));
        assert!(range(Some("v1..../new")).is_err());
    }
}
