//! Reads the maturity that a directory or a package states by its name; does not look at file names or contents.

use super::Level;

/// What a directory or package says of everything in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathLevel {
    /// The level that the component stands for.
    pub level: Level,
    /// The component that says so, such as `v1development`.
    pub component: String,
    /// Where the component stands.
    pub from: Place,
}

/// The name in which the component stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// A directory of the file's path.
    Path,
    /// A component of the file's package.
    Package,
}

/// The level that `directory` (separated by `/`) or `package` (separated by `.`) states.
///
/// Where several components speak the lowest level counts, since everything below an experimental
/// directory is part of the experiment; of equal ones the directory's, then the outermost.
///
/// Source: the README's "New Experimental Components", and AIP-185 for `v1alpha1`, `v1p1beta1` and `v1test`.
pub fn level_of(directory: &str, package: &str) -> Option<PathLevel> {
    let directories = directory.split('/').map(|name| (name, Place::Path));
    let packages = package.split('.').map(|name| (name, Place::Package));
    directories
        .chain(packages)
        .filter_map(|(name, from)| {
            Some(PathLevel {
                level: component_level(name)?,
                component: name.to_owned(),
                from,
            })
        })
        .min_by_key(|found| found.level)
}

fn component_level(component: &str) -> Option<Level> {
    match component {
        "development" | "experimental" => return Some(Level::Development),
        _ => {}
    }
    let rest = after_number(component.strip_prefix('v')?)?;
    let rest = rest
        .strip_prefix('p')
        .and_then(after_number)
        .unwrap_or(rest);
    if rest == "development" || rest == "experimental" || rest.starts_with("test") {
        return Some(Level::Development);
    }
    let is_release = |suffix: &str| suffix.bytes().all(|byte| byte.is_ascii_digit());
    if rest.strip_prefix("alpha").is_some_and(is_release) {
        Some(Level::Alpha)
    } else if rest.strip_prefix("beta").is_some_and(is_release) {
        Some(Level::Beta)
    } else {
        None
    }
}

/// What follows the digits at the start, if there are any.
pub(super) fn after_number(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::{Place, level_of};
    use crate::maturity::Level;

    #[test]
    fn components() {
        let cases = [
            ("development", Some(Level::Development)),
            ("experimental", Some(Level::Development)),
            ("v1development", Some(Level::Development)),
            ("v12experimental", Some(Level::Development)),
            ("v1test", Some(Level::Development)),
            ("v1testing2", Some(Level::Development)),
            ("v1alpha", Some(Level::Alpha)),
            ("v1alpha2", Some(Level::Alpha)),
            ("v1p1alpha3", Some(Level::Alpha)),
            ("v2beta", Some(Level::Beta)),
            ("v2p3beta1", Some(Level::Beta)),
            ("v1", None),
            ("v1p1", None),
            ("vdevelopment", None),
            ("v1alphabet", None),
            ("v1palpha1", None),
            ("alpha", None),
            ("V1Development", None),
            ("developments", None),
            ("", None),
        ];
        for (component, expected) in cases {
            let found = level_of(&format!("acme/{component}/shop"), "");
            assert_eq!(found.map(|found| found.level), expected, "{component}");
        }
    }

    #[test]
    fn the_lowest_level_counts_and_says_where_it_stands() {
        let found = level_of("acme/v1", "acme.v1beta1").unwrap();
        assert_eq!(
            (found.level, found.component.as_str(), found.from),
            (Level::Beta, "v1beta1", Place::Package)
        );
        let found = level_of("acme/experimental/v1beta1", "acme.experimental.v1beta1").unwrap();
        assert_eq!(
            (found.level, found.component.as_str(), found.from),
            (Level::Development, "experimental", Place::Path)
        );
    }
}
