//! Semantic versions: which bump changes need, and which version that comes to; it knows no changes.

use std::fmt;

use semver::{BuildMetadata, Prerelease, Version};
use serde::Serialize;

/// The part of a version that has to grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// None: nothing that was promised has changed.
    None,
    /// The last.
    Patch,
    /// The middle one.
    Minor,
    /// The first.
    Major,
}

impl Bump {
    /// What a summary says.
    pub fn of(word: &str) -> Self {
        match word {
            "major" => Self::Major,
            "minor" => Self::Minor,
            "patch" => Self::Patch,
            _ => Self::None,
        }
    }

    /// The part that grew from one version to another.
    pub fn made(from: &Version, to: &Version) -> Self {
        if to.major != from.major {
            Self::Major
        } else if to.minor != from.minor {
            Self::Minor
        } else if to == from {
            Self::None
        } else {
            Self::Patch
        }
    }

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// What it comes to behind a release: below 1.0.0 a break takes the middle number, and all else the last.
    ///
    /// Semantic Versioning promises nothing below 1.0.0 (<https://semver.org/#spec-item-4>); that a break takes the middle
    /// number there, so that readers can tell it from an addition, is the convention of cargo
    /// (<https://doc.rust-lang.org/cargo/reference/semver.html>) and of npm.
    #[must_use]
    pub fn after(self, baseline: &Version) -> Self {
        match (baseline.major, self) {
            (0, Self::Major) => Self::Minor,
            (0, Self::Minor) => Self::Patch,
            _ => self,
        }
    }

    /// Which rule says so.
    pub fn rule(self, baseline: &Version) -> &'static str {
        if !baseline.pre.is_empty() {
            return "a pre-release promises nothing, so that the version that it precedes is enough (semver.org, item 9)";
        }
        match (baseline.major, self) {
            (_, Self::None) => "nothing that was promised has changed",
            (0, Self::Major) => {
                "below 1.0.0 a break needs a minor version (semver.org, item 4; the convention of cargo)"
            }
            (0, Self::Minor) => {
                "below 1.0.0 an addition needs a patch version (semver.org, item 4; the convention of cargo)"
            }
            (_, Self::Major) => "a break needs a major version (semver.org, item 8)",
            (_, Self::Minor) => {
                "an addition to what is stable needs a minor version (semver.org, item 7)"
            }
            (_, Self::Patch) => "what breaks nothing needs a patch version (semver.org, item 6)",
        }
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The lowest version that is enough for changes since a release; `bump` is that of [`Bump::after`].
///
/// A pre-release promises nothing (<https://semver.org/#spec-item-9>), so that the version that it precedes is enough.
pub fn needed(baseline: &Version, bump: Bump) -> Version {
    let (major, minor, patch) = (baseline.major, baseline.minor, baseline.patch);
    if !baseline.pre.is_empty() {
        return Version::new(major, minor, patch);
    }
    match bump {
        Bump::Major => Version::new(major.saturating_add(1), 0, 0),
        Bump::Minor => Version::new(major, minor.saturating_add(1), 0),
        Bump::Patch => Version::new(major, minor, patch.saturating_add(1)),
        Bump::None => Version::new(major, minor, patch),
    }
}

/// The next version: the one that the changes need, else the next there is.
pub fn next(baseline: &Version, bump: Bump) -> Version {
    needed(baseline, bump.max(Bump::Patch))
}

/// Whether a version announces what a bump stands for. A pre-release counts as the version that it precedes.
pub fn is_enough(version: &Version, baseline: &Version, bump: Bump) -> bool {
    let announced = Version {
        pre: Prerelease::EMPTY,
        build: BuildMetadata::EMPTY,
        ..version.clone()
    };
    announced >= needed(baseline, bump)
        && (bump == Bump::None || version.cmp_precedence(baseline).is_gt())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Bump, is_enough, next};
    use semver::Version;

    #[test]
    fn what_changes_need() {
        let next = |baseline: &str, bump: Bump| {
            let baseline = Version::parse(baseline).unwrap();
            next(&baseline, bump.after(&baseline)).to_string()
        };
        assert_eq!(next("1.2.3", Bump::Major), "2.0.0");
        assert_eq!(next("1.2.3", Bump::Minor), "1.3.0");
        assert_eq!(next("1.2.3", Bump::Patch), "1.2.4");
        assert_eq!(next("1.2.3", Bump::None), "1.2.4");
        assert_eq!(next("0.2.3", Bump::Major), "0.3.0");
        assert_eq!(next("0.2.3", Bump::Minor), "0.2.4");
        assert_eq!(next("0.2.3", Bump::Patch), "0.2.4");
        assert_eq!(next("2.0.0-rc.1", Bump::Major), "2.0.0");
    }

    #[test]
    fn what_is_enough() {
        let enough = |version: &str, baseline: &str, bump: Bump| {
            let baseline = Version::parse(baseline).unwrap();
            is_enough(
                &Version::parse(version).unwrap(),
                &baseline,
                bump.after(&baseline),
            )
        };
        assert!(enough("1.3.0", "1.2.3", Bump::Minor));
        assert!(enough("2.0.0", "1.2.3", Bump::Minor));
        assert!(!enough("1.2.4", "1.2.3", Bump::Minor));
        assert!(enough("1.3.0-rc.1", "1.2.3", Bump::Minor));
        assert!(!enough("1.2.3", "1.2.3", Bump::Patch));
        assert!(enough("1.2.3", "1.2.3", Bump::None));
        assert!(!enough("1.2.2", "1.2.3", Bump::None));
        assert!(enough("0.3.0", "0.2.3", Bump::Major));
        assert!(!enough("0.2.4", "0.2.3", Bump::Major));
        assert!(enough("1.0.0", "0.2.3", Bump::Major));
        assert!(enough("2.0.0-rc.2", "2.0.0-rc.1", Bump::Major));
        assert!(!enough("2.0.0-rc.1", "2.0.0-rc.1", Bump::Major));
        assert!(!enough("2.0.0-alpha", "2.0.0-rc.1", Bump::Minor));
    }
}
