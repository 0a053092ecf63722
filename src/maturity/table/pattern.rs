//! Says which files a row's pattern covers, and which of two patterns is the more exact; knows nothing of tables.

use globset::{GlobBuilder, GlobMatcher};

use crate::maturity::path::after_number;

/// A pattern of the component column, relative to the table's root.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// `All messages`, `*`.
    Everything,
    /// `common/*`: every file below, at any depth.
    Directory(String),
    /// `trace/trace.proto`: that file, also inside one version directory.
    File(String),
    /// A star elsewhere; it crosses directories like the one in `common/*`.
    Glob {
        matcher: GlobMatcher,
        /// How much stands before the first star.
        prefix: usize,
    },
    /// Not a pattern; covers nothing.
    Nothing,
}

impl Pattern {
    /// Reads a pattern that is free of Markdown.
    pub(super) fn new(text: &str) -> Self {
        let text = text.trim_start_matches("./").trim_start_matches('/');
        if is_everything(text) {
            return Self::Everything;
        }
        let directory = ["/**/*", "/**", "/*", "/...", "/"]
            .iter()
            .find_map(|all| text.strip_suffix(all))
            .unwrap_or(text);
        if is_proto(text) && !has_star(text) {
            return Self::File(text.to_owned());
        }
        if directory.is_empty() {
            return Self::Nothing;
        }
        if !has_star(directory) {
            return Self::Directory(directory.to_owned());
        }
        let prefix = text.find(is_star).unwrap_or(text.len());
        GlobBuilder::new(text)
            .literal_separator(false)
            .build()
            .map_or(Self::Nothing, |glob| Self::Glob {
                matcher: glob.compile_matcher(),
                prefix,
            })
    }

    /// Whether it covers the file at `path`, which is relative to the table's root.
    pub(super) fn matches(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Directory(directory) => path
                .strip_prefix(directory.as_str())
                .is_some_and(|rest| rest.starts_with('/')),
            Self::File(file) => path == file || without_version(path).as_ref() == Some(file),
            Self::Glob { matcher, .. } => matcher.is_match(path),
            Self::Nothing => false,
        }
    }

    /// Orders patterns that cover the same file: the greater is the more exact.
    pub(super) fn rank(&self) -> (bool, usize) {
        match self {
            Self::Everything | Self::Nothing => (false, 0),
            Self::Directory(directory) => (false, directory.len() + 1),
            Self::File(file) => (true, file.len()),
            Self::Glob { prefix, .. } => (false, *prefix),
        }
    }
}

/// `trace/v1/trace.proto` as the table writes it: `trace/trace.proto`.
fn without_version(path: &str) -> Option<String> {
    let (directory, file) = path.rsplit_once('/')?;
    let (parent, version) = match directory.rsplit_once('/') {
        Some((parent, version)) => (Some(parent), version),
        None => (None, directory),
    };
    let suffix = after_number(version.strip_prefix('v')?)?;
    suffix
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric())
        .then(|| parent.map_or_else(|| file.to_owned(), |parent| format!("{parent}/{file}")))
}

fn is_everything(text: &str) -> bool {
    matches!(text, "*" | "**" | "**/*" | "*.proto" | "**/*.proto")
        || ["all", "all messages", "all components", "all files"]
            .iter()
            .any(|all| text.eq_ignore_ascii_case(all))
}

fn is_proto(text: &str) -> bool {
    text.rsplit_once('.')
        .is_some_and(|(_, extension)| extension == "proto")
}

fn has_star(text: &str) -> bool {
    text.contains(is_star)
}

fn is_star(character: char) -> bool {
    matches!(character, '*' | '?' | '[' | '{')
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn coverage() {
        let cases = [
            ("fruit/*", "fruit/v1/apple.proto", true),
            ("fruit/*", "fruit/apple.proto", true),
            ("fruit/*", "shop/fruit/v1/apple.proto", false),
            ("fruit/*", "fruits/v1/apple.proto", false),
            ("fruit/**", "fruit/v1/apple.proto", true),
            ("fruit/**/*", "fruit/v1/apple.proto", true),
            ("fruit/", "fruit/v1/apple.proto", true),
            ("fruit", "fruit/v1/apple.proto", true),
            ("fruit/...", "fruit/v1/apple.proto", true),
            ("/fruit/*", "fruit/v1/apple.proto", true),
            ("./fruit/*", "fruit/v1/apple.proto", true),
            ("fruit/apple.proto", "fruit/v1/apple.proto", true),
            ("fruit/apple.proto", "fruit/v2beta1/apple.proto", true),
            ("fruit/apple.proto", "fruit/apple.proto", true),
            ("fruit/v1/apple.proto", "fruit/v1/apple.proto", true),
            ("fruit/apple.proto", "fruit/vital/apple.proto", false),
            ("fruit/apple.proto", "fruit/v1/x/apple.proto", false),
            ("fruit/apple.proto", "fruit/v1/pineapple.proto", false),
            ("apple.proto", "v1/apple.proto", true),
            ("fruit/*.proto", "fruit/v1/apple.proto", true),
            ("fruit/*_service.proto", "fruit/v1/eat_service.proto", true),
            ("fruit/v1*", "fruit/v1beta1/apple.proto", true),
            ("fruit/v1*", "fruit/v2/apple.proto", false),
            ("*/v1/*", "fruit/v1/apple.proto", true),
            ("*/v2/*", "fruit/v1/apple.proto", false),
            ("*", "fruit/v1/apple.proto", true),
            ("All messages", "fruit/v1/apple.proto", true),
            ("fruit/[", "fruit/v1/apple.proto", false),
            ("", "fruit/v1/apple.proto", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(
                Pattern::new(pattern).matches(path),
                expected,
                "{pattern} on {path}"
            );
        }
    }

    #[test]
    fn from_vague_to_exact() {
        let patterns = [
            "*",
            "*/apple*",
            "fruit/*",
            "fruit/v1/*",
            "fruit/apple.proto",
            "fruit/v1/apple.proto",
        ];
        assert!(patterns.map(|text| Pattern::new(text).rank()).is_sorted());
    }
}
