//! The changelog that the section of a release is written into: where it is, and what it becomes; it places no file.

use std::path::{Path, PathBuf};

use crate::cli::compare::Asked;
use crate::cli::output::{Failure, plain, trouble};
use crate::cli::{Global, Release as Flags};
use crate::config::{Config, ReleasedComponent};
use crate::release::Release;
use crate::release::notes::entries;
use crate::release::section::{self, Section};
use crate::revision::{Kind, Place, Revision};

/// Where the section is to be written.
pub(super) fn changelog_file(
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
pub(super) fn shown(file: &Path, root: Option<&Path>) -> String {
    let inside = root.and_then(|root| file.strip_prefix(root).ok());
    inside.unwrap_or(file).display().to_string()
}

/// The changelog with the section of the release.
pub(super) fn changelog_text(
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
