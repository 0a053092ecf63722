//! The address of a remote as a URI that can be shown to anybody; it asks nobody for it.

/// Schemes of repositories that others can reach.
const SCHEMES: &[&str] = &["https", "http", "ssh", "git", "git+ssh"];

/// The URI of an address, whether git would take it as a URL or as `host:path`: without user, password and query.
///
/// `None` for a path on disk, and for what is no URI.
pub(super) fn uri(address: &str) -> Option<String> {
    let (scheme, rest) = if let Some((scheme, rest)) = address.split_once("://") {
        (scheme, rest.to_owned())
    } else {
        // As git tells them apart: a colon before the first slash makes it a host.
        let (host, path) = address.split_once(':')?;
        if host.contains('/') || path.is_empty() {
            return None;
        }
        ("ssh", format!("{host}/{}", path.trim_start_matches('/')))
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%+:[]".contains(c);
    let is_shown = SCHEMES.contains(&scheme)
        && !host.is_empty()
        && host.chars().chain(path.chars()).all(is_plain);
    is_shown.then(|| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn credentials_and_paths_on_disk_stay_where_they_are() {
        let shown = |address| uri(address).unwrap_or_else(|| "none".to_owned());
        let addresses = [
            "https://example.com/acme/api.git",
            "https://user:secret@example.com:8443/acme/api.git?token=secret",
            "https://x@y:secret@example.com/a",
            "git@example.com:acme/api.git",
            "ssh://git@example.com/acme/api.git",
            "../api",
            "/srv/git/api.git",
            "./a:b",
            "file:///srv/git/api.git",
            "https:///api",
            "https://example.com/a b",
        ];
        assert_eq!(
            addresses.map(shown),
            [
                "https://example.com/acme/api.git",
                "https://example.com:8443/acme/api.git",
                "https://example.com/a",
                "ssh://example.com/acme/api.git",
                "ssh://example.com/acme/api.git",
                "none",
                "none",
                "none",
                "none",
                "none",
                "none",
            ]
        );
    }
}
