//! Turns `[release]` and `[[component]]` as they were typed into what they mean; it reads no file.

use semver::Version;
use toml::Spanned;

use super::release::{Component, PLACEHOLDER, Releasing, VersionFile};
use super::resolve::Reader;
use super::{ConfigError, typed};

impl Reader<'_> {
    /// The release that the baseline counts as, and how releases are made.
    pub(super) fn release(
        &self,
        typed: Option<Spanned<typed::Release>>,
    ) -> Result<(Option<Version>, Releasing), ConfigError> {
        let Some(typed) = typed else {
            return Ok((None, Releasing::default()));
        };
        let span = typed.span();
        let table = match typed.into_inner() {
            typed::Release::Baseline(text) => {
                let version = self.version(&Spanned::new(span, text))?;
                return Ok((Some(version), Releasing::default()));
            }
            typed::Release::Table(table) => *table,
        };
        let baseline = table.baseline.map(|text| self.version(&text)).transpose()?;
        let deprecation_releases = match table.deprecation_releases {
            None => 1,
            Some(releases) if *releases.get_ref() == 0 => {
                let help = "leave the key out where nothing has to be deprecated before it goes";
                return Err(self.error(
                    "an element cannot be deprecated for no release",
                    releases.span(),
                    "at least 1",
                    Some(help.to_owned()),
                ));
            }
            Some(releases) => releases.into_inner(),
        };
        let releasing = Releasing {
            tags: table.tags.map(|glob| self.tags(glob)).transpose()?,
            pre_releases: table.pre_releases,
            version_file: table
                .version_file
                .map(|file| self.version_file(file))
                .transpose()?,
            deprecation_releases,
            breaks: table.breaks,
            version: None,
        };
        Ok((baseline, releasing))
    }

    /// The parts of the tree that are released on their own, each with a name of its own.
    pub(super) fn components(
        &self,
        typed: Vec<typed::ReleasedComponent>,
    ) -> Result<Vec<Component>, ConfigError> {
        let mut components: Vec<Component> = Vec::new();
        for typed in typed {
            let span = typed.path.span();
            let path = folder(typed.path.get_ref());
            if path.contains(['*', '?', '[', '{']) || path.split('/').any(|part| part == "..") {
                let help = "a component is a folder of the tree, such as `acme/trace`; of two that hold a file the one with the longer path counts";
                return Err(self.error(
                    &format!("`{path}` is not a folder"),
                    span,
                    "not a folder",
                    Some(help.to_owned()),
                ));
            }
            let (name, place) = match typed.name {
                Some(name) => (name.get_ref().clone(), name.span()),
                None => (path.clone(), span.clone()),
            };
            if name.trim().is_empty() {
                let help = "name it, so that `--component` can";
                return Err(self.error(
                    "a component of the whole tree has no name",
                    place,
                    "no name",
                    Some(help.to_owned()),
                ));
            }
            if let Some(same) = components
                .iter()
                .find(|known| known.name == name || known.path == path)
            {
                let message = if same.name == name {
                    format!("two components are called `{name}`")
                } else {
                    format!("two components have the path `{path}`")
                };
                return Err(self.error(&message, place, "the second", None));
            }
            let releases = typed.releases.map(|glob| self.tags(glob)).transpose()?;
            let changelog =
                self.changelog(typed.changelog, &path, releases.is_some(), &components)?;
            components.push(Component {
                name,
                path,
                preset: typed.preset.map(|name| self.preset(name)).transpose()?,
                releases,
                since: typed.since.map(|text| self.version(&text)).transpose()?,
                changelog,
            });
        }
        Ok(components)
    }

    /// The changelog of a component: where none is named, the one in its folder if it is released on its own.
    fn changelog(
        &self,
        typed: Option<Spanned<String>>,
        path: &str,
        is_released: bool,
        others: &[Component],
    ) -> Result<Option<String>, ConfigError> {
        let Some(typed) = typed else {
            let own = is_released && !path.is_empty();
            return Ok(own.then(|| format!("{path}/CHANGELOG.md")));
        };
        let file = typed
            .get_ref()
            .strip_prefix("./")
            .unwrap_or(typed.get_ref());
        let shared = others
            .iter()
            .find(|other| other.changelog.as_deref() == Some(file));
        match shared {
            None => Ok(Some(file.to_owned())),
            Some(other) => {
                let help = "versions of two components cannot be told apart in one changelog; give each its own";
                Err(self.error(
                    &format!(
                        "`{file}` is the changelog of the component `{}`",
                        other.name
                    ),
                    typed.span(),
                    "the second",
                    Some(help.to_owned()),
                ))
            }
        }
    }

    /// A glob of tags.
    fn tags(&self, glob: Spanned<String>) -> Result<String, ConfigError> {
        if let Err(error) = globset::Glob::new(glob.get_ref()) {
            let message = format!("`{}` is not a glob: {}", glob.get_ref(), error.kind());
            let help = "write it as for `git tag --list`, such as `proto/v*`";
            return Err(self.error(&message, glob.span(), "bad glob", Some(help.to_owned())));
        }
        Ok(glob.into_inner())
    }

    fn version_file(&self, typed: typed::VersionFile) -> Result<VersionFile, ConfigError> {
        let (path, pattern) = match typed {
            typed::VersionFile::Path(path) => (path, None),
            typed::VersionFile::Pattern(table) => (table.path, table.pattern),
        };
        let Some(pattern) = pattern else {
            return Ok(VersionFile { path, around: None });
        };
        let Some((before, after)) = pattern.get_ref().split_once(PLACEHOLDER) else {
            let help = format!(
                "write the text around the version, and `{PLACEHOLDER}` for it: `version = \"{PLACEHOLDER}\"`"
            );
            return Err(self.error(
                &format!("the pattern has no `{PLACEHOLDER}`"),
                pattern.span(),
                "no version in it",
                Some(help),
            ));
        };
        Ok(VersionFile {
            path,
            around: Some((before.to_owned(), after.to_owned())),
        })
    }
}

/// A folder as paths of files begin.
fn folder(typed: &str) -> String {
    let typed = typed.strip_prefix("./").unwrap_or(typed);
    let typed = typed.strip_suffix("/**").unwrap_or(typed);
    let typed = typed.trim_end_matches('/');
    if typed == "." { "" } else { typed }.to_owned()
}
