//! Images on disk or on standard input: reads and unpacks their bytes. What is in them is for the schema to say.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::error::RevisionError;
use crate::schema::builtin;
use crate::schema::image::{self, ImageFile};

/// The name of standard input.
pub(super) const STDIN: &str = "-";

/// An image holds more than this only if it was made to do harm.
const LIMIT: u64 = 1 << 30;

/// The files of an image: its own, and those that it has only to link with.
#[derive(Debug, Default)]
pub(super) struct Image {
    pub(super) files: BTreeMap<String, Arc<[u8]>>,
    pub(super) imports: BTreeMap<String, Arc<[u8]>>,
}

/// Reads the image that a person called `name`, which is at `path` unless it is [`STDIN`].
///
/// The files that come with every compiler are left out: which ones an image carries along depends on how it was made.
pub(super) fn read(name: &str, path: &Path) -> Result<Image, RevisionError> {
    let bytes = bytes(name, path)?;
    let refused = |reason: String| RevisionError::Image {
        name: name.to_owned(),
        reason,
    };
    if bytes.is_empty() {
        return Err(refused("it is empty".to_owned()));
    }
    let bytes = unpacked(bytes).map_err(|error| refused(error.to_string()))?;
    let files = image::files(&bytes).map_err(|error| refused(error.to_string()))?;
    let mut image = Image::default();
    for ImageFile {
        path,
        is_import,
        descriptor,
    } in files
    {
        if builtin::is_known(&path) {
            continue;
        }
        let files = if is_import {
            &mut image.imports
        } else {
            &mut image.files
        };
        files.insert(path, Arc::from(descriptor));
    }
    Ok(image)
}

fn bytes(name: &str, path: &Path) -> Result<Vec<u8>, RevisionError> {
    let unreadable = |source| RevisionError::unreadable(Path::new(name), source);
    if name == STDIN {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(LIMIT).read_to_end(&mut bytes);
        return read.map(|_| bytes).map_err(unreadable);
    }
    // Only a regular file is opened: a pipe may never end.
    if std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return std::fs::read(path).map_err(unreadable);
    }
    Err(RevisionError::Image {
        name: name.to_owned(),
        reason: "it is no file".to_owned(),
    })
}

/// Unpacks gzip and zstd, which their first bytes tell, whatever the name says.
fn unpacked(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    match bytes.as_slice() {
        [0x1f, 0x8b, ..] => limited(flate2::read::MultiGzDecoder::new(bytes.as_slice())),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(bytes.as_slice());
            limited(decoder.map_err(io::Error::other)?)
        }
        _ => Ok(bytes),
    }
}

fn limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::other("unpacked, it is larger than 1 GiB"));
    }
    Ok(bytes)
}
