//! What was agreed to before a comparison: the records of the current side, and the releases by which they go; whether one of
//! them has a use it does not know.

use semver::Version;

use super::Asked;
use crate::acceptance::{self, Record, Released, Releases};
use crate::cli::output::{self, Failure};
use crate::config::ReleasedComponent;
use crate::report::Side;
use crate::revision::{Revision, RevisionError, Tag};
use crate::rule::Catalogue;

/// The records that the current side has.
pub(super) fn records(current: &Revision, catalogue: &Catalogue) -> Result<Vec<Record>, Failure> {
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

/// What a baseline has of the releases of the tree and of those of each component. Where history cannot say, there are none:
/// a record then counts for longer, and excuses what it names and nothing else.
pub(super) fn releases(
    asked: &Asked<'_>,
    baseline: &Revision,
    side: &Side,
) -> Result<Releases, Failure> {
    let config = &asked.config;
    let has_own = |component: &ReleasedComponent| component.releases.is_some();
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
        is_judged: asked.scope.takes(None),
        ..tree
    };
    let component = |component: &ReleasedComponent| -> Result<_, Failure> {
        let name = component.name.clone();
        let released = match &component.releases {
            Some(tags) => released(asked, baseline, Some(tags))?,
            None => tree.clone(),
        };
        let released = Released {
            is_judged: asked.scope.takes(Some(component)),
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
