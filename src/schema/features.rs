//! What a file's syntax or edition means: the features in force for an element; it knows neither texts nor changes.
//!
//! `proto2` and `proto3` are editions here, with the features that they always had. Source: protobuf documentation,
//! "Feature Settings for Editions", table of defaults.

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

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

/// The features that change behaviour on the wire, in `ProtoJSON` or in parsers.
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
    /// `(pb.cpp).string_type`, or before edition 2024 the option `ctype`: the class that holds a string in C++.
    pub cpp_string: CppString,
    /// `(pb.java).utf8_validation`, or the file option `java_string_check_utf8`: whether Java checks where others do not.
    pub java_utf8: bool,
    /// Whether the file has settled the line above, so that the feature has no say.
    java_settled: bool,
    /// Whether the option `ctype` has a say.
    ctype: bool,
}

/// The class that holds a string in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CppString {
    /// `std::string`
    String,
    /// `absl::Cord`
    Cord,
    /// `absl::string_view`, under the name that it had as a `ctype`.
    Piece,
    /// `absl::string_view`
    View,
}

impl CppString {
    /// The word of the feature or of the option.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "STRING",
            Self::Cord => "CORD",
            Self::Piece => "STRING_PIECE",
            Self::View => "VIEW",
        }
    }

    fn read(word: &str) -> Option<Self> {
        let all = [Self::String, Self::Cord, Self::Piece, Self::View];
        all.into_iter().find(|known| known.as_str() == word)
    }
}

/// Features that have a field of their own in [`Features`]; every other one is an option like others.
pub const BEHAVIOUR: &[&str] = &[
    "field_presence",
    "enum_type",
    "repeated_field_encoding",
    "utf8_validation",
    "message_encoding",
    "json_format",
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
                cpp_string: CppString::String,
                java_utf8: false,
                java_settled: true,
                ctype: true,
            },
            "proto3" => Self {
                presence: FieldPresence::Implicit,
                java_settled: true,
                ..Self::of("2023")
            },
            "2024" => Self {
                cpp_string: CppString::View,
                ctype: false,
                ..Self::of("2023")
            },
            _ => Self {
                presence: FieldPresence::Explicit,
                open: true,
                packed: true,
                utf8: true,
                delimited: false,
                json: true,
                cpp_string: CppString::String,
                java_utf8: false,
                java_settled: false,
                ctype: true,
            },
        }
    }

    /// The features of an element, given those of what encloses it and its own options.
    #[must_use]
    pub fn with(mut self, options: Option<&DynamicMessage>) -> Self {
        let Some(options) = options else {
            return self;
        };
        self.obey(options);
        let Some(set) = features(options) else {
            return self;
        };
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
                _ => {}
            }
        }
        for (language, value) in set.extensions() {
            let Value::Message(set) = value else { continue };
            let said = |name: &str| {
                let field = set.descriptor().get_field_by_name(name)?;
                let said = set.has_field(&field);
                said.then(|| word(&field.kind(), &set.get_field(&field)))
            };
            match language.full_name() {
                "pb.cpp" => {
                    let said = said("string_type").and_then(|word| CppString::read(&word));
                    self.cpp_string = said.unwrap_or(self.cpp_string);
                }
                "pb.java" if !self.java_settled => {
                    let said = said("utf8_validation").map(|word| word == "VERIFY");
                    self.java_utf8 = said.unwrap_or(self.java_utf8);
                }
                _ => {}
            }
        }
        self
    }

    /// Takes note of the options that say what a feature says elsewhere.
    fn obey(&mut self, options: &DynamicMessage) {
        for (option, value) in options.fields() {
            match option.name() {
                "java_string_check_utf8" => {
                    self.java_settled = true;
                    self.java_utf8 = value.as_bool().unwrap_or_default();
                }
                "ctype" if self.ctype => {
                    let said = CppString::read(&word(&option.kind(), value));
                    self.cpp_string = said.unwrap_or(self.cpp_string);
                }
                _ => {}
            }
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
