//! The line of a comment that says from which release on an element is there; which release is being made it is told.

use std::fmt;

use semver::Version;

use crate::maturity::label;

/// What such a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// `[Since next]`: the release that is made next, whatever its version.
    Next,
    /// `[Since v1.4]`, `[Since 1.4.0]`: the release.
    Release(Version),
    /// Something else.
    Unread(String),
}

/// The line of a comment, one of its own, with or without a full stop.
pub fn in_comment(comment: &str) -> Option<Since> {
    label::lines(comment).find_map(|(_, text)| {
        let text = text.trim();
        let text = text.strip_suffix('.').unwrap_or(text);
        let inside = text.strip_prefix("[Since ")?.strip_suffix(']')?.trim();
        Some(match (inside, version(inside)) {
            ("next", _) => Since::Next,
            (_, Some(version)) => Since::Release(version),
            (other, None) => Since::Unread(other.to_owned()),
        })
    })
}

impl Since {
    /// Whether it can be meant where `made` is being released, or where that is not known `last` was released last.
    pub fn fits(&self, made: Option<&Version>, last: Option<&Version>) -> bool {
        let core = |version: &Version| (version.major, version.minor, version.patch);
        match (self, made, last) {
            (Self::Next, ..) | (Self::Release(_), None, None) => true,
            (Self::Unread(_), ..) => false,
            (Self::Release(said), Some(made), _) => core(said) == core(made),
            (Self::Release(said), None, Some(last)) => core(said) > core(last),
        }
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Next => f.write_str("next"),
            Self::Release(version) => version.fmt(f),
            Self::Unread(text) => f.write_str(text),
        }
    }
}

/// A version of which the last number, or the last two, may be left out.
fn version(text: &str) -> Option<Version> {
    let digits = text.strip_prefix('v').unwrap_or(text);
    [
        digits.to_owned(),
        format!("{digits}.0"),
        format!("{digits}.0.0"),
    ]
    .iter()
    .find_map(|text| Version::parse(text).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::in_comment;
    use semver::Version;

    #[test]
    fn lines_that_say_since_when() {
        let said = |comment| in_comment(comment).map(|since| since.to_string());
        assert_eq!(
            said(" The kind.\n [Since v1.4].\n").as_deref(),
            Some("1.4.0")
        );
        assert_eq!(said(" [Since next]\n").as_deref(), Some("next"));
        assert_eq!(said(" [Since 2]\n").as_deref(), Some("2.0.0"));
        assert_eq!(said(" [Since ever]\n").as_deref(), Some("ever"));
        assert_eq!(said(" It is there [Since next] or so.\n"), None);
        assert_eq!(said(" Since v1.4.\n"), None);
    }

    #[test]
    fn the_release_that_is_made_fits() {
        let fits = |said: &str, made: Option<&str>, last: Option<&str>| {
            let version = |text: &str| Version::parse(text).unwrap();
            let since = in_comment(&format!(" [Since {said}]")).unwrap();
            since.fits(made.map(version).as_ref(), last.map(version).as_ref())
        };
        assert!(fits("next", Some("1.4.0"), Some("1.3.0")));
        assert!(fits("v1.4", Some("1.4.0"), Some("1.3.0")));
        assert!(fits("v1.4.0", Some("1.4.0-rc.1"), None));
        assert!(!fits("v1.5", Some("1.4.0"), Some("1.3.0")));
        assert!(fits("v1.5", None, Some("1.3.0")));
        assert!(!fits("v1.3", None, Some("1.3.0")));
        assert!(fits("v1.3", None, None));
        assert!(!fits("soon", None, None));
    }
}
