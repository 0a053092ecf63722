//! Which version is stated for a release, and whether it can be that of one at all; whether it is enough for the changes it does
//! not know.

use semver::Version;

use crate::cli::output::{Failure, trouble};
use crate::config::Config;
use crate::release::version::{Bump, next};
use crate::revision::{Releases, Revision, Tag};

/// Whether a version can be that of a release at all: it is higher than the last one, and nobody has it.
pub(super) fn may_be_named(
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
pub(super) fn stated(
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
