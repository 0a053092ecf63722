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
    written(path, text).map_err(|error| cannot(path, &error, ANOTHER))
}

/// Writes a file of this name in a folder, which can have no other.
///
/// # Errors
/// It cannot be written.
pub fn replace(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let put = || written(&folder.join(name), text)?.put();
    put().map_err(|error| cannot(Path::new(name), &error, ""))
}

/// Where a text for a path goes. As with git, a link is kept and what it leads to is written, whether or not it is there.
///
/// # Errors
/// Links that lead in a circle or nowhere.
pub fn destination(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    if let Ok(next) = fs::read_link(path) {
        // A circle of links is another error than a missing file, so that this comes to an end.
        return destination(&folder.join(next));
    }
    let real = fs::canonicalize(folder).ok();
    let real = real.and_then(|folder| Some(folder.join(path.file_name()?)));
    Ok(real.unwrap_or_else(|| path.to_owned()))
}

fn written(path: &Path, text: &str) -> io::Result<Staged> {
    let path = destination(path)?;
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
}

impl Staged {
    /// Moves the file to its place.
    ///
    /// # Errors
    /// The place has become one where it cannot be.
    pub fn place(self) -> Result<(), Failure> {
        let path = self.path.clone();
        self.put().map_err(|error| cannot(&path, &error, ANOTHER))
    }

    fn put(self) -> io::Result<()> {
        match self.content {
            Content::Beside(file) => match file.persist(&self.path) {
                Ok(_) => Ok(()),
                Err(error) => Err(error.error),
            },
            Content::Direct(text) => fs::write(&self.path, text),
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

/// What else can be done where a person chose the name.
const ANOTHER: &str = ", or name another file";

fn cannot(path: &Path, error: &io::Error, otherwise: &str) -> Failure {
    let help = match error.kind() {
        io::ErrorKind::IsADirectory => "name a file in it",
        io::ErrorKind::StorageFull => "make room on its device",
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "make the folder that it is to be in"
        }
        _ => "make its folder writable",
    };
    // Around an error of the system stands the name of a file that nobody knows.
    let error = match error.get_ref() {
        Some(_) => error.kind().to_string(),
        None => error.to_string(),
    };
    trouble(
        format!("`{}` cannot be written: {error}", path.display()),
        format!("{help}{otherwise}"),
    )
}
