//! What `[release]` and `[[component]]` say: which tags are releases, where the version stands, who has which promises; it reads no file.

use semver::Version;
use serde::Deserialize;

/// How releases are made.
#[derive(Debug, Clone)]
pub struct Releasing {
    /// Which tags are releases, a glob; `None` for `v?X.Y.Z`.
    pub tags: Option<String>,
    /// Whether pre-releases count as the latest release.
    pub pre_releases: bool,
    /// The file that states the version.
    pub version_file: Option<VersionFile>,
    /// For how many releases an element has to be deprecated before it may go.
    pub deprecation_releases: usize,
    /// What lets a break pass.
    pub breaks: Passing,
    /// The version that is being released, where that is known.
    pub version: Option<Version>,
}

impl Default for Releasing {
    fn default() -> Self {
        Self {
            tags: None,
            pre_releases: false,
            version_file: None,
            deprecation_releases: 1,
            breaks: Passing::default(),
            version: None,
        }
    }
}

/// What lets a break pass in a release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Passing {
    /// A version that announces it.
    #[default]
    Version,
    /// Such a version, and that somebody agreed to it.
    Accepted,
}

/// A file that states the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFile {
    /// The path, relative to the root of the side.
    pub path: String,
    /// What stands before the version and behind it; `None` where the file holds nothing else.
    pub around: Option<(String, String)>,
}

/// What a pattern has where the version stands.
pub const PLACEHOLDER: &str = "{version}";

impl VersionFile {
    /// The version that the text of the file states; the error says what stands there instead.
    pub fn version(&self, text: &str) -> Result<Version, String> {
        let Some((before, after)) = &self.around else {
            return parse(text.trim());
        };
        let mut wrong = None;
        for (start, _) in text.match_indices(before.as_str()) {
            let rest = text.get(start + before.len()..).unwrap_or_default();
            let line = rest.lines().next().unwrap_or_default();
            let stated = if after.is_empty() {
                Some(line.trim())
            } else {
                line.find(after.as_str()).and_then(|end| line.get(..end))
            };
            match stated.map(parse) {
                Some(Ok(version)) => return Ok(version),
                Some(Err(error)) => wrong = wrong.or(Some(error)),
                None => {}
            }
        }
        Err(wrong
            .unwrap_or_else(|| format!("nothing there looks like `{before}{PLACEHOLDER}{after}`")))
    }
}

fn parse(text: &str) -> Result<Version, String> {
    let stated = text.strip_prefix('v').unwrap_or(text);
    Version::parse(stated).map_err(|error| {
        let shown: String = text.chars().take(40).collect();
        format!("`{shown}` is not a version: {error}")
    })
}

/// A part of the tree that is released on its own and has promises of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// What it is called.
    pub name: String,
    /// The folder that holds it, relative to the root of the side; empty for all of the tree.
    pub path: String,
    /// Its preset; `None` for that of the tree.
    pub preset: Option<String>,
    /// Which tags are its releases, a glob; `None` for those of the tree.
    pub releases: Option<String>,
    /// The release from which on its guarantees are in force; `None` for always.
    pub since: Option<Version>,
    /// The file that tells people of its releases; `None` for that of the tree.
    pub changelog: Option<String>,
}

impl Component {
    /// Whether it holds a file.
    pub fn holds(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.path.as_str());
        self.path.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
    }
}

/// The component that holds a file: of several the one with the longest path.
pub fn holder<'c>(components: &'c [Component], path: &str) -> Option<&'c Component> {
    let holding = components.iter().filter(|it| it.holds(path));
    holding.max_by_key(|it| it.path.len())
}

#[cfg(test)]
mod tests {
    use super::{Component, VersionFile, holder};

    fn stated(around: Option<(&str, &str)>, text: &str) -> String {
        let file = VersionFile {
            path: "VERSION".to_owned(),
            around: around.map(|(before, after)| (before.to_owned(), after.to_owned())),
        };
        match file.version(text) {
            Ok(version) => version.to_string(),
            Err(error) => error,
        }
    }

    #[test]
    fn a_version_is_read_from_its_place() {
        let json = "{\n  \"name\": \"x\",\n  \"version\": \"1.2.0\",\n}\n";
        let quoted = Some(("\"version\": \"", "\""));
        assert_eq!(stated(None, "v1.2.0\n"), "1.2.0");
        assert_eq!(stated(quoted, json), "1.2.0");
        assert_eq!(
            stated(Some(("version = ", "")), "a\nversion = 2.0.0-rc.1\n"),
            "2.0.0-rc.1"
        );
        assert_eq!(
            stated(quoted, "{}"),
            "nothing there looks like `\"version\": \"{version}\"`"
        );
        assert!(stated(None, "$Format:%d$\n").starts_with("`$Format:%d$` is not a version"));
    }

    #[test]
    fn the_longest_path_holds_a_file() {
        let component = |name: &str, path: &str| Component {
            name: name.to_owned(),
            path: path.to_owned(),
            preset: None,
            releases: None,
            since: None,
            changelog: None,
        };
        let all = [
            component("all", ""),
            component("a", "a"),
            component("b", "a/b"),
        ];
        let name = |path| holder(&all, path).map(|it| it.name.as_str());
        assert_eq!(name("a/b/x.proto"), Some("b"));
        assert_eq!(name("a/bc.proto"), Some("a"));
        assert_eq!(name("ab.proto"), Some("all"));
        assert_eq!(holder(&all[1..], "c.proto"), None);
    }
}
