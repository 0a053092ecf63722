//! Changes the file of records, one program at a time and with its own line ends; which records there are to be it does not know.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::super::file::{destination, replace};
use super::super::output::{self, Failure, trouble};
use crate::acceptance::FILE;
use crate::acceptance::edit::EditError;
use crate::revision::Place;
use crate::text_file::Style;

/// Rewrites the file at the root of a tree. `true` where that changed anything.
///
/// Between reading and writing nobody else does: what another program wrote since the comparison stays.
pub(super) fn rewrite(
    place: &Place,
    root: &Path,
    edit: impl Fn(&str) -> Result<String, EditError>,
) -> Result<bool, Failure> {
    let file = root.join(FILE);
    is_read(place, root, &file)?;
    let _lock = lock(&place.lock_file(root)?)?;
    let before = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(output::plain(format!("`{FILE}` cannot be read: {error}"))),
    };
    let style = Style::of(&before);
    let plain = style.plain(&before);
    let after = edit(&plain).map_err(|error| {
        trouble(
            format!("`{FILE}` cannot be changed: {error}"),
            "mend the file by hand first",
        )
    })?;
    if after == plain {
        return Ok(false);
    }
    replace(root, FILE, &style.dress(&after))?;
    Ok(true)
}

/// Refuses a file that no check would read.
fn is_read(place: &Place, root: &Path, file: &Path) -> Result<(), Failure> {
    if place.ignores(FILE)? {
        return Err(trouble(
            format!("git ignores `{FILE}`, so that no check would read it"),
            format!(
                "`git check-ignore -v {FILE}` names the pattern; take it out, or commit the file with `git add --force`"
            ),
        ));
    }
    let Ok(link) = fs::symlink_metadata(file) else {
        return Ok(());
    };
    let is_inside = |file: PathBuf| file.starts_with(root);
    if link.is_symlink() && !destination(file).is_ok_and(is_inside) {
        return Err(trouble(
            format!("`{FILE}` is a symbolic link out of the tree, where no check would read it"),
            "put the file itself there",
        ));
    }
    match fs::metadata(file) {
        Ok(what) if !what.is_file() => {
            let what = if what.is_dir() {
                "a directory"
            } else {
                "no regular file"
            };
            Err(trouble(
                format!("`{FILE}` is {what}, and records are to be written there"),
                "move it away",
            ))
        }
        _ => Ok(()),
    }
}

/// Waits until no other program holds the lock. It is given back when the file is closed, however the program ends.
fn lock(path: &Path) -> Result<File, Failure> {
    let locked = || -> io::Result<File> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        match file.lock() {
            // Some file systems know no locks; there it is as with an editor.
            Err(error) if error.kind() == ErrorKind::Unsupported => Ok(file),
            Err(error) => Err(error),
            Ok(()) => Ok(file),
        }
    };
    locked().map_err(|error| {
        trouble(
            format!("`{}` cannot be locked: {error}", path.display()),
            format!("while `{FILE}` is written, nobody else may; make the folder writable"),
        )
    })
}
