//! Files that are there whole or not at all: written beside their place, then moved there; what they hold it does not know.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::output::{Failure, trouble};

/// A file that is written and not yet in its place; dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Staged {
    path: PathBuf,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Beside(NamedTempFile),
    /// For what is no regular file, such as a pipe, and cannot be replaced.
    Direct(String),
}

/// Writes a text beside the place of a file.
///
/// # Errors
/// The file could not be written in its place either.
pub fn stage(path: &Path, text: &str) -> Result<Staged, Failure> {
    let written = || -> io::Result<Staged> {
        // A link is kept, and what it points at is replaced.
        let path = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        let old = fs::metadata(&path).ok();
        if let Some(old) = &old {
            if !old.is_file() && !old.is_dir() {
                let content = Content::Direct(text.to_owned());
                return Ok(Staged { path, content });
            }
            // To replace a file takes no right to write to it; who took that right away means it.
            OpenOptions::new().write(true).open(&path)?;
        }
        let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        fs::metadata(folder)?;
        let mut builder = Builder::new();
        builder.prefix(".protopact-");
        match old {
            Some(old) => drop(builder.permissions(old.permissions())),
            None => share(&mut builder),
        }
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        let content = Content::Beside(file);
        Ok(Staged { path, content })
    };
    written().map_err(|error| cannot(path, &error))
}

impl Staged {
    /// Moves the file to its place.
    ///
    /// # Errors
    /// The place has become one where it cannot be.
    pub fn place(self) -> Result<(), Failure> {
        match self.content {
            Content::Beside(file) => match file.persist(&self.path) {
                Ok(_) => Ok(()),
                Err(error) => Err(cannot(&self.path, &error.error)),
            },
            Content::Direct(text) => {
                fs::write(&self.path, text).map_err(|error| cannot(&self.path, &error))
            }
        }
    }
}

/// Lets others read a new file, as far as the user's mask does: temporary files are private, reports are not.
#[cfg(unix)]
fn share(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn share(_: &mut Builder<'_, '_>) {}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    // Around an error of the system stands the name of a file that nobody knows.
    let error = match error.get_ref() {
        Some(_) => error.kind().to_string(),
        None => error.to_string(),
    };
    trouble(
        format!("`{}` cannot be written: {error}", path.display()),
        "make its folder writable, or name another file",
    )
}
