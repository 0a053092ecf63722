//! The maturity levels, the parsers that read them and what is in force; knows nothing of revisions or rules.
//!
//! [`table`] reads the README's table, [`label`] the comments, [`path`] directories and packages.
//! Each says what one source states; [`resolve`] decides which of them speaks for an element.

pub mod label;
pub mod path;
pub mod resolve;
pub mod table;

use std::fmt;

use serde::Deserialize;

pub use label::{Label, LabelLevel, Labels};
pub use path::PathLevel;
pub use resolve::{InForce, Maturities};
pub use table::{Stated, Table, UnknownLevel};

/// How much an element promises, from nothing to everything.
///
/// The order is the order of the promises, so `level < Level::Stable` reads as "not yet promised".
/// Source: the README's "Maturity Level" and the OpenTelemetry specification's
/// "Versioning and Stability", which has Experimental (and before it Pre-Alpha) read as Development.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// May change or vanish at any time.
    #[serde(alias = "experimental", alias = "pre-alpha")]
    Development,
    /// Tried by a few.
    Alpha,
    /// Tried by many; changes are avoided.
    Beta,
    /// Expected to become Stable as it is.
    ReleaseCandidate,
    /// All guarantees hold.
    Stable,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 5] = [
        Self::Development,
        Self::Alpha,
        Self::Beta,
        Self::ReleaseCandidate,
        Self::Stable,
    ];

    /// The level as configuration and JSON write it: `release-candidate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::ReleaseCandidate => "release-candidate",
            Self::Stable => "stable",
        }
    }

    /// The level as prose and labels write it: `Release Candidate`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Development => "Development",
            Self::Alpha => "Alpha",
            Self::Beta => "Beta",
            Self::ReleaseCandidate => "Release Candidate",
            Self::Stable => "Stable",
        }
    }

    /// Reads the spelling of [`Level::as_str`], and `experimental` and `pre-alpha` for Development.
    pub fn parse_config(text: &str) -> Option<Self> {
        match text {
            "experimental" | "pre-alpha" => Some(Self::Development),
            _ => Self::ALL.into_iter().find(|level| level.as_str() == text),
        }
    }

    /// Reads the spelling of [`Level::title`], and `Experimental` and `Pre-Alpha` for Development.
    pub fn parse_title(text: &str) -> Option<Self> {
        match text {
            "Experimental" | "Pre-Alpha" => Some(Self::Development),
            _ => Self::ALL.into_iter().find(|level| level.title() == text),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.title())
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn levels_are_ordered() {
        assert!(Level::ALL.is_sorted());
        assert!(Level::ReleaseCandidate < Level::Stable);
    }

    #[test]
    fn both_spellings_are_read_back() {
        for level in Level::ALL {
            assert_eq!(Level::parse_config(level.as_str()), Some(level));
            assert_eq!(Level::parse_title(level.title()), Some(level));
        }
        assert_eq!(
            Level::parse_config("experimental"),
            Some(Level::Development)
        );
        assert_eq!(Level::parse_title("Pre-Alpha"), Some(Level::Development));
        assert_eq!(Level::parse_config("Stable"), None);
        assert_eq!(Level::parse_title("stable"), None);
    }
}
