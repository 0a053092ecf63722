//! One text, parsed: what it declares, or what is wrong with it. It is the same for whoever imports it and on either side, so
//! that it is parsed once; nothing in it is linked.

use std::fmt;
use std::sync::Arc;

use prost_types::FileDescriptorProto;
use prost_types::source_code_info::Location;
use protox::file::File;

use crate::schema::editions::{self, Edition, Lowered};
use crate::schema::json_name::{self, JsonNames};
use crate::schema::places::Places;

/// The number of the options that only linking can read, in every options message of `google/protobuf/descriptor.proto`.
const UNINTERPRETED: i32 = 999;

/// A text that was parsed.
pub struct Text {
    /// The text, without a byte order mark.
    pub(super) text: Arc<str>,
    pub(super) outcome: Outcome,
}

/// What came of parsing.
pub(super) enum Outcome {
    Parsed(Box<Parsed>),
    /// The parser's error, and what the parser was given, where that was not the text itself.
    Wrong(protox::Error, Option<Lowered>),
    UnknownEdition(String),
    /// The first byte that is not UTF-8, and its line.
    NotUtf8 {
        byte: usize,
        line: usize,
    },
}

/// What a text declares.
pub(super) struct Parsed {
    /// As written; its source info has the places of options that only linking can read, since linking moves these.
    pub(super) descriptor: FileDescriptorProto,
    /// All other places.
    pub(super) places: Arc<Places>,
    /// What it says beyond its descriptor, if it declares an edition.
    pub(super) edition: Option<Edition>,
    /// JSON names that are not in the descriptor.
    pub(super) json_names: JsonNames,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a text of {} bytes", self.text.len())
    }
}

impl Text {
    /// Parses the file at `path`.
    pub fn parse(path: &str, bytes: &[u8]) -> Self {
        let text = match std::str::from_utf8(bytes) {
            // protoc skips a byte order mark too; columns are counted behind it.
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(error) => {
                let byte = error.valid_up_to();
                let before = bytes.iter().take(byte);
                let line = before.filter(|byte| **byte == b'\n').count() + 1;
                return Self {
                    text: Arc::from(""),
                    outcome: Outcome::NotUtf8 { byte, line },
                };
            }
        };
        Self {
            text: Arc::from(text),
            outcome: outcome(path, text),
        }
    }

    /// What it declares; `None` where it is not valid.
    pub fn declared(&self) -> Option<&FileDescriptorProto> {
        match &self.outcome {
            Outcome::Parsed(parsed) => Some(&parsed.descriptor),
            _ => None,
        }
    }
}

fn outcome(path: &str, text: &str) -> Outcome {
    let lowered = editions::lower(text);
    if let Some(lowered) = &lowered
        && !lowered.edition.is_empty()
        && !editions::KNOWN.contains(&lowered.edition.as_str())
    {
        return Outcome::UnknownEdition(lowered.edition.clone());
    }
    let parsed = lowered.as_ref().map_or(text, |lowered| &lowered.text);
    let file = match File::from_source(path, parsed) {
        Ok(file) => file,
        Err(error) => return Outcome::Wrong(error, lowered),
    };
    let mut descriptor = FileDescriptorProto::from(file);
    let restored = lowered.map(|lowered| lowered.restore(text, &mut descriptor));
    let edition = restored.filter(|edition| !edition.name.is_empty());
    let legacy = edition.is_none() && descriptor.syntax() != "proto3";
    let json_names = json_name::set_aside(&mut descriptor, legacy);
    let info = descriptor.source_code_info.get_or_insert_default();
    let is_option = |place: &Location| place.path.contains(&UNINTERPRETED);
    let (options, others) = std::mem::take(&mut info.location)
        .into_iter()
        .partition(is_option);
    info.location = options;
    Outcome::Parsed(Box::new(Parsed {
        descriptor,
        places: Arc::new(Places::new(others)),
        edition,
        json_names,
    }))
}
