//! Files on disk under a root that nothing leads out of. It must not know git.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::error::RevisionError;
use super::{BlobId, git, is_proto};

/// Lists the protos under `root`, hidden and ignored ones too, all but what is in `.git`; `side` is what messages call it.
pub(super) fn protos(root: &Path, side: &str) -> Result<BTreeMap<String, BlobId>, RevisionError> {
    let mut protos = BTreeMap::new();
    for path in paths(root, side)? {
        if let Some(bytes) = read(root, &path)? {
            protos.insert(path, git::hash(&bytes)?);
        }
    }
    Ok(protos)
}

/// The paths of these files, without a look at what they are.
pub(super) fn paths(root: &Path, side: &str) -> Result<Vec<String>, RevisionError> {
    let walk = ignore::WalkBuilder::new(root)
        .standard_filters(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let mut paths = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| unreadable(root, error))?;
        if is_proto(entry.file_name().as_encoded_bytes()) {
            let inside = entry.path().strip_prefix(root).unwrap_or(entry.path());
            paths.push(slashed(inside).ok_or_else(|| RevisionError::non_utf8(inside, side))?);
        }
    }
    Ok(paths)
}

/// Reads the file at `path` under `root`, which has no symlinks in it; none where there is no such file.
///
/// A symlink is followed if it leads to a file under `root`. A path through a symlinked folder is no path, as in git.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<Vec<u8>>, RevisionError> {
    let unreadable = |source| RevisionError::unreadable(Path::new(path), source);
    let Some(file) = inside(root, path) else {
        return Ok(None);
    };
    let real = match std::fs::canonicalize(&file) {
        Ok(real) => real,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        // A circle of symlinks leads nowhere, too.
        Err(error) if error.kind() != ErrorKind::PermissionDenied && file.is_symlink() => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(error)),
    };
    let leaves = match real.strip_prefix(root) {
        Ok(inside) => inside
            .components()
            .any(|component| component.as_os_str() == ".git"),
        Err(_) => true,
    };
    // Only a regular file is opened: a pipe would never end.
    if leaves || !real.is_file() {
        return Ok(None);
    }
    std::fs::read(&real).map(Some).map_err(unreadable)
}

/// The folder at `path` under `root`, if it is there without symlinks.
pub(super) fn folder_inside(root: &Path, path: &str) -> Option<PathBuf> {
    let folder = inside(root, path)?;
    std::fs::symlink_metadata(&folder)
        .is_ok_and(|metadata| metadata.is_dir())
        .then_some(folder)
}

/// A relative path with `/` between its components, if it is UTF-8.
pub(super) fn slashed(path: &Path) -> Option<String> {
    let names: Option<Vec<&str>> = path
        .components()
        .map(|component| component.as_os_str().to_str())
        .collect();
    Some(names?.join("/"))
}

/// The path that git gave as bytes.
pub(super) fn utf8(path: Vec<u8>, side: &str) -> Result<String, RevisionError> {
    String::from_utf8(path).map_err(|error| RevisionError::NonUtf8Path {
        path: String::from_utf8_lossy(error.as_bytes()).into_owned(),
        side: side.to_owned(),
    })
}

/// Joins `path` to `root` if it consists of names only, and those of its folders are no symlinks.
fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let mut folder = root.to_owned();
    for component in path.parent()?.components() {
        folder.push(name(component)?);
        if folder.is_symlink() {
            return None;
        }
    }
    folder.push(name(path.components().next_back()?)?);
    Some(folder)
}

fn name(component: Component<'_>) -> Option<Component<'_>> {
    matches!(component, Component::Normal(_)).then_some(component)
}

fn unreadable(root: &Path, error: ignore::Error) -> RevisionError {
    let path = path_of(&error).unwrap_or(root).to_owned();
    let reason = error.to_string();
    let source = error
        .into_io_error()
        .unwrap_or_else(|| std::io::Error::other(reason));
    RevisionError::Unreadable { path, source }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}
