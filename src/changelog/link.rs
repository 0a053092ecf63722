//! The address of a line on the code host that a repository is kept at; which host that is, it tells from its name.

use crate::report::text::in_uri;
use crate::report::{Location, Side};

/// Makes addresses; none where the repository is at no host that is known, or nowhere.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// What comes before the commit.
    base: Option<String>,
}

impl Links {
    /// For a repository by its URI.
    pub fn of(repository: Option<&str>) -> Self {
        Self {
            base: repository.and_then(base),
        }
    }

    /// The address of a line of a side; none where the side is no commit.
    pub fn line(&self, side: &Side, at: &Location) -> Option<String> {
        let (base, commit) = (self.base.as_ref()?, side.commit.as_ref()?);
        let path = in_uri(&at.path);
        Some(format!("{base}{commit}/{path}#L{}", at.line))
    }
}

/// What comes before a commit in the addresses of files.
fn base(repository: &str) -> Option<String> {
    let (scheme, rest) = repository.split_once("://")?;
    let (authority, path) = rest.split_once('/')?;
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let host = authority.split(':').next().unwrap_or_default();
    // A port is that of a web server only where the repository is fetched from one.
    let (scheme, authority) = match scheme {
        "http" | "https" => (scheme, authority),
        _ => ("https", host),
    };
    let is_named = |name: &str| host.split('.').any(|part| part == name);
    let files = if is_named("github") {
        "blob"
    } else if is_named("gitlab") {
        "-/blob"
    } else {
        return None;
    };
    (!path.is_empty()).then(|| format!("{scheme}://{authority}/{path}/{files}/"))
}

#[cfg(test)]
mod tests {
    use super::base;

    #[test]
    fn code_hosts_are_known_by_their_names() {
        let shown = |uri| base(uri).unwrap_or_else(|| "none".to_owned());
        let uris = [
            "https://github.com/acme/api.git",
            "ssh://github.com/acme/api",
            "https://gitlab.example.com:8443/acme/group/api.git",
            "ssh://gitlab.example.com:2222/acme/api.git",
            "https://example.com/github/api",
            "https://notgithub.com/acme/api",
            "https://github.com/",
        ];
        assert_eq!(
            uris.map(shown),
            [
                "https://github.com/acme/api/blob/",
                "https://github.com/acme/api/blob/",
                "https://gitlab.example.com:8443/acme/group/api/-/blob/",
                "https://gitlab.example.com/acme/api/-/blob/",
                "none",
                "none",
                "none",
            ]
        );
    }
}
