//! What a file's syntax or edition means: the features in force for an element; it knows neither texts nor changes.
//!
//! `proto2` and `proto3` are editions here, with the features that they always had. Source: protobuf documentation,
//! "Feature Settings for Editions", table of defaults.

pub mod language;

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

use self::language::Languages;
use super::editions::Visibility;

/// Whether a singular field outside of a oneof can tell absence from the default value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldPresence {
    /// It can.
    Explicit,
    /// It cannot.
    Implicit,
    /// It has to be there.
    LegacyRequired,
}

/// Which types other files may name, where neither `export` nor `local` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultVisibility {
    /// All of them.
    ExportAll,
    /// Those that are not nested.
    ExportTopLevel,
    /// None of them: `LOCAL_ALL`, and `STRICT`, which differs in what may be written.
    Local,
}

/// The features in force for an element: those that change behaviour on the wire, in `ProtoJSON` or in parsers, and those
/// of single languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a feature with two values, and has its name"
)]
pub struct Features {
    /// `field_presence`
    pub presence: FieldPresence,
    /// `enum_type`: whether numbers that an enum does not name stay in the field.
    pub open: bool,
    /// `repeated_field_encoding`
    pub packed: bool,
    /// `utf8_validation`: whether strings that are not UTF-8 are refused.
    pub utf8: bool,
    /// `message_encoding`: whether messages are written as groups.
    pub delimited: bool,
    /// `json_format`: whether names have to be fit for JSON.
    pub json: bool,
    /// `default_symbol_visibility`
    pub visible: DefaultVisibility,
    /// The features of single languages.
    pub languages: Languages,
}

/// Features that have a field of their own in [`Features`]; every other one is an option like others.
pub const BEHAVIOUR: &[&str] = &[
    "field_presence",
    "enum_type",
    "repeated_field_encoding",
    "utf8_validation",
    "message_encoding",
    "json_format",
    "default_symbol_visibility",
];

impl Features {
    /// The defaults of `proto2`, `proto3` or an edition.
    pub fn of(edition: &str) -> Self {
        match edition {
            "proto2" => Self {
                presence: FieldPresence::Explicit,
                open: false,
                packed: false,
                utf8: false,
                delimited: false,
                json: false,
                visible: DefaultVisibility::ExportAll,
                languages: Languages::of(edition),
            },
            "proto3" => Self {
                presence: FieldPresence::Implicit,
                languages: Languages::of(edition),
                ..Self::of("2023")
            },
            "2023" => Self {
                presence: FieldPresence::Explicit,
                open: true,
                packed: true,
                utf8: true,
                delimited: false,
                json: true,
                visible: DefaultVisibility::ExportAll,
                languages: Languages::of(edition),
            },
            _ => Self {
                visible: DefaultVisibility::ExportTopLevel,
                languages: Languages::of(edition),
                ..Self::of("2023")
            },
        }
    }

    /// The features of an element, given those of what encloses it and its own options.
    #[must_use]
    pub fn with(mut self, options: Option<&DynamicMessage>) -> Self {
        let Some(options) = options else {
            return self;
        };
        self.languages = self.languages.obeying(options);
        let Some(set) = features(options) else {
            return self;
        };
        self.languages = self.languages.with(&set);
        for (field, value) in set.fields() {
            let word = word(&field.kind(), value);
            match (field.name(), word.as_str()) {
                ("field_presence", "EXPLICIT") => self.presence = FieldPresence::Explicit,
                ("field_presence", "IMPLICIT") => self.presence = FieldPresence::Implicit,
                ("field_presence", "LEGACY_REQUIRED") => {
                    self.presence = FieldPresence::LegacyRequired;
                }
                ("enum_type", word) => self.open = word == "OPEN",
                ("repeated_field_encoding", word) => self.packed = word == "PACKED",
                ("utf8_validation", word) => self.utf8 = word == "VERIFY",
                ("message_encoding", word) => self.delimited = word == "DELIMITED",
                ("json_format", word) => self.json = word == "ALLOW",
                ("default_symbol_visibility", "EXPORT_ALL") => {
                    self.visible = DefaultVisibility::ExportAll;
                }
                ("default_symbol_visibility", "EXPORT_TOP_LEVEL") => {
                    self.visible = DefaultVisibility::ExportTopLevel;
                }
                ("default_symbol_visibility", "LOCAL_ALL" | "STRICT") => {
                    self.visible = DefaultVisibility::Local;
                }
                _ => {}
            }
        }
        self
    }

    /// Whether other files may name a type of which neither `export` nor `local` is written.
    pub fn visibility(self, nested: bool) -> Visibility {
        match self.visible {
            DefaultVisibility::ExportAll => Visibility::Export,
            DefaultVisibility::ExportTopLevel if !nested => Visibility::Export,
            DefaultVisibility::ExportTopLevel | DefaultVisibility::Local => Visibility::Local,
        }
    }
}

/// The `features` among the options of an element.
pub fn features(options: &DynamicMessage) -> Option<DynamicMessage> {
    let field = options.descriptor().get_field_by_name("features")?;
    match options.get_field(&field).into_owned() {
        Value::Message(set) if options.has_field(&field) => Some(set),
        _ => None,
    }
}

/// The name of an enum value.
fn word(kind: &Kind, value: &Value) -> String {
    let number = value.as_enum_number();
    let value = number.and_then(|number| kind.as_enum()?.get_value(number));
    value
        .map(|value| value.name().to_owned())
        .unwrap_or_default()
}
