//! The modules that buf fetched before, where it keeps them on disk: finds the files of a locked commit. It must not know what
//! they are needed for, and never asks a network.
//!
//! Source: buf's `bufmodulestore`. A module is at `v3/modules/DIGEST/REGISTRY/OWNER/NAME/COMMIT`, its files below `files`;
//! `module.yaml` is written last, so that an entry without it is not complete. `DIGEST` is the kind of digest that the
//! `buf.lock` had which the module was fetched for; a commit means the same under all of them.

use std::path::{Path, PathBuf};

use super::dir;

/// The kinds of digests, newest first.
const DIGESTS: [&str; 2] = ["b5", "shake256"];

/// The cache of a user.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: Option<PathBuf>,
}

/// The files of a module at one commit.
#[derive(Debug, Clone)]
pub struct Module {
    files: PathBuf,
}

impl Cache {
    /// Where buf keeps it: `$BUF_CACHE_DIR`, else `buf` in `$XDG_CACHE_HOME`, else in the place of the platform.
    pub fn of_user() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let platform = || {
            if cfg!(windows) {
                set("LOCALAPPDATA").map(PathBuf::from)
            } else {
                set("HOME").map(|home| Path::new(&home).join(".cache"))
            }
        };
        let folder = set("BUF_CACHE_DIR").map(PathBuf::from).or_else(|| {
            let caches = set("XDG_CACHE_HOME").map(PathBuf::from).or_else(platform);
            caches.map(|caches| caches.join("buf"))
        });
        Self { folder }
    }

    /// A module (`buf.build/acme/geo`) at a commit; none where it is not there, or not complete.
    pub fn module(&self, name: &str, commit: &str) -> Option<Module> {
        let commit = commit.replace('-', "");
        let plain = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
            !part.is_empty() && !part.starts_with('.') && part.chars().all(known)
        };
        // Whoever wrote the lock file is not to lead out of the cache.
        let parts: Vec<&str> = name.split('/').chain([commit.as_str()]).collect();
        if parts.len() != 4 || !parts.iter().all(|part| plain(part)) {
            return None;
        }
        let modules = self.folder.as_ref()?.join("v3").join("modules");
        DIGESTS.into_iter().find_map(|digest| {
            let folder = modules.join(digest);
            let folder = parts.iter().fold(folder, |folder, part| folder.join(part));
            let folder = std::fs::canonicalize(folder).ok()?;
            let said = dir::read(&folder, "module.yaml").ok().flatten()?;
            let files = String::from_utf8(said).ok().and_then(|said| files(&said))?;
            let files = dir::folder_inside(&folder, &files)?;
            Some(Module { files })
        })
    }
}

impl Module {
    /// The paths of its protos; none where they cannot be listed.
    pub fn protos(&self) -> Vec<String> {
        dir::paths(&self.files, "").unwrap_or_default()
    }

    /// A file of the module, by its path in it; none where there is none, or where it cannot be read.
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        dir::read(&self.files, path).ok().flatten()
    }
}

/// The folder that a `module.yaml` names; none where it is of another version, or damaged. buf writes it, one key on a line.
fn files(text: &str) -> Option<String> {
    let value = |key: &str| {
        let lines = text.lines();
        let mut values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        values.next().map(|value| value.trim().trim_matches('"'))
    };
    let folder = value("files_dir").filter(|folder| !folder.is_empty())?;
    (value("version") == Some("v1")).then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn only_a_complete_entry_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache {
            folder: Some(folder.path().to_owned()),
        };
        let found = |name: &str, commit: &str| {
            let module = cache.module(name, commit)?;
            module.read("geo/v1/place.proto")
        };
        let entry = folder
            .path()
            .join("v3/modules/b5/buf.build/acme/geo")
            .join(COMMIT);
        fs::create_dir_all(entry.join("files/geo/v1")).unwrap();
        fs::write(entry.join("files/geo/v1/place.proto"), "text").unwrap();
        assert_eq!(
            found("buf.build/acme/geo", COMMIT),
            None,
            "module.yaml is written last"
        );
        for (said, is_complete) in [
            ("version: v1\nfiles_dir: files\ndeps: []\n", true),
            ("version: \"v1\"\nfiles_dir: \"files\"\n", true),
            ("version: v2\nfiles_dir: files\n", false),
            ("version: v1\n", false),
            ("version: v1\nfiles_dir: elsewhere\n", false),
            ("version: v1\nfiles_dir: ../files\n", false),
            ("", false),
        ] {
            fs::write(entry.join("module.yaml"), said).unwrap();
            let expected = is_complete.then(|| b"text".to_vec());
            assert_eq!(found("buf.build/acme/geo", COMMIT), expected, "{said}");
        }
        fs::write(entry.join("module.yaml"), "version: v1\nfiles_dir: files\n").unwrap();
        let dashed = "01234567-89ab-cdef-0123-456789abcdef";
        assert!(found("buf.build/acme/geo", dashed).is_some());
        for (name, commit) in [
            ("buf.build/acme/geo", ""),
            ("buf.build/acme/geo", "../geo"),
            ("buf.build/acme", COMMIT),
            ("buf.build/acme/other", COMMIT),
            ("buf.build/acme/../acme/geo", COMMIT),
            ("../acme/geo", COMMIT),
        ] {
            assert_eq!(found(name, commit), None, "{name} {commit}");
        }
        let module = cache.module("buf.build/acme/geo", COMMIT).unwrap();
        assert_eq!(module.read("../module.yaml"), None);
    }

    #[test]
    fn an_older_digest_is_looked_for_too() {
        let folder = tempfile::tempdir().unwrap();
        let entry = folder
            .path()
            .join("v3/modules/shake256/buf.build/acme/geo")
            .join(COMMIT);
        fs::create_dir_all(entry.join("files")).unwrap();
        fs::write(entry.join("module.yaml"), "version: v1\nfiles_dir: files\n").unwrap();
        fs::write(entry.join("files/a.proto"), "").unwrap();
        let cache = Cache {
            folder: Some(folder.path().to_owned()),
        };
        let module = cache.module("buf.build/acme/geo", COMMIT).unwrap();
        assert_eq!(module.read("a.proto"), Some(Vec::new()));
        assert!(
            Cache { folder: None }
                .module("buf.build/acme/geo", COMMIT)
                .is_none()
        );
    }
}
