//! The features of single languages in force for an element: what generators do with it; nothing on the wire follows from them.
//!
//! Source: `cpp_features.proto`, `java_features.proto` and `go_features.proto` of protobuf, whose `edition_defaults` are the
//! defaults here.

use prost_reflect::{DynamicMessage, Value};

use super::word;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// The value with this name; `None` where it has none of these.
            fn parse(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// The name of the value.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

words! {
    /// `pb.cpp.string_type`, or before edition 2024 the option `ctype`.
    StringType {
        /// `absl::string_view`
        View = "VIEW",
        /// The same, under the name that it has as a `ctype`.
        Piece = "STRING_PIECE",
        /// `absl::Cord`
        Cord = "CORD",
        /// `std::string`
        String = "STRING",
    }
}

words! {
    /// `pb.java.utf8_validation`
    JavaUtf8 {
        /// As `utf8_validation` says.
        Default = "DEFAULT",
        /// Always.
        Verify = "VERIFY",
    }
}

words! {
    /// `pb.java.nest_in_file_class`
    NestInFileClass {
        /// The class of a type stands alone.
        No = "NO",
        /// The class of a type is nested in that of its file.
        Yes = "YES",
        /// As `java_multiple_files` says.
        Legacy = "LEGACY",
    }
}

words! {
    /// `pb.go.api_level`
    ApiLevel {
        /// As the generator's flags say.
        Unspecified = "API_LEVEL_UNSPECIFIED",
        /// Fields are fields of the struct.
        Open = "API_OPEN",
        /// Both.
        Hybrid = "API_HYBRID",
        /// Fields are reached through methods.
        Opaque = "API_OPAQUE",
    }
}

words! {
    /// `pb.go.strip_enum_prefix`
    StripEnumPrefix {
        /// Not said.
        Unspecified = "STRIP_ENUM_PREFIX_UNSPECIFIED",
        /// Constants keep the prefix.
        Keep = "STRIP_ENUM_PREFIX_KEEP",
        /// There are constants with and without it.
        Both = "STRIP_ENUM_PREFIX_GENERATE_BOTH",
        /// Constants lose the prefix.
        Strip = "STRIP_ENUM_PREFIX_STRIP",
    }
}

/// The features of C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cpp {
    /// `legacy_closed_enum`: whether a field of an enum that is open drops numbers that the enum does not name.
    pub legacy_closed_enum: bool,
    /// `string_type`, or `ctype` where that is another word for it.
    pub string_type: StringType,
    /// `enum_name_uses_string_view`
    pub enum_name_uses_string_view: bool,
}

/// The features of Java.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Java {
    /// `legacy_closed_enum`, as for C++.
    pub legacy_closed_enum: bool,
    /// `utf8_validation`, or `java_string_check_utf8` where the file has it.
    pub utf8_validation: JavaUtf8,
    /// `large_enum`
    pub large_enum: bool,
    /// `nest_in_file_class`
    pub nest_in_file_class: NestInFileClass,
}

/// The features of Go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Go {
    /// `legacy_unmarshal_json_enum`
    pub legacy_unmarshal_json_enum: bool,
    /// `api_level`
    pub api_level: ApiLevel,
    /// `strip_enum_prefix`
    pub strip_enum_prefix: StripEnumPrefix,
}

/// The features of all languages that protobuf defines some for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Languages {
    /// C++
    pub cpp: Cpp,
    /// Java
    pub java: Java,
    /// Go
    pub go: Go,
    /// Whether the option `ctype` has a say.
    has_ctype: bool,
    /// Whether the file has settled what Java checks, so that the feature has no say.
    is_java_utf8_settled: bool,
}

impl Languages {
    /// The defaults of `proto2`, `proto3` or an edition.
    pub fn of(edition: &str) -> Self {
        let proto2 = edition == "proto2";
        let from_2024 = !matches!(edition, "proto2" | "proto3" | "2023");
        let by_edition = |old, new| if from_2024 { new } else { old };
        Self {
            cpp: Cpp {
                legacy_closed_enum: proto2,
                string_type: if from_2024 {
                    StringType::View
                } else {
                    StringType::String
                },
                enum_name_uses_string_view: from_2024,
            },
            java: Java {
                legacy_closed_enum: proto2,
                utf8_validation: JavaUtf8::Default,
                large_enum: false,
                nest_in_file_class: by_edition(NestInFileClass::Legacy, NestInFileClass::No),
            },
            go: Go {
                legacy_unmarshal_json_enum: proto2,
                api_level: if from_2024 {
                    ApiLevel::Opaque
                } else {
                    ApiLevel::Unspecified
                },
                strip_enum_prefix: StripEnumPrefix::Keep,
            },
            has_ctype: !from_2024,
            is_java_utf8_settled: matches!(edition, "proto2" | "proto3"),
        }
    }

    /// The features of an element, given those of what encloses it and its options that say what a feature says elsewhere.
    #[must_use]
    pub(super) fn obeying(mut self, options: &DynamicMessage) -> Self {
        for (option, value) in options.fields() {
            match option.name() {
                "java_string_check_utf8" => {
                    self.is_java_utf8_settled = true;
                    self.java.utf8_validation = match value.as_bool() {
                        Some(true) => JavaUtf8::Verify,
                        _ => JavaUtf8::Default,
                    };
                }
                "ctype" if self.has_ctype => {
                    let word = word(&option.kind(), value);
                    replace(&mut self.cpp.string_type, StringType::parse(&word));
                }
                _ => {}
            }
        }
        self
    }

    /// The features of an element, given those of what encloses it and the `features` that it sets.
    #[must_use]
    pub(super) fn with(mut self, features: &DynamicMessage) -> Self {
        for (extension, value) in features.extensions() {
            let Some(set) = value.as_message() else {
                continue;
            };
            for (field, value) in set.fields() {
                let word = word(&field.kind(), value);
                self.set(extension.full_name(), field.name(), value, &word);
            }
        }
        self
    }

    /// Sets one feature; a value or a feature that is not known changes nothing.
    fn set(&mut self, language: &str, feature: &str, value: &Value, word: &str) {
        let Self { cpp, java, go, .. } = self;
        match (language, feature) {
            ("pb.cpp", "legacy_closed_enum") => {
                replace(&mut cpp.legacy_closed_enum, value.as_bool());
            }
            ("pb.cpp", "string_type") => replace(&mut cpp.string_type, StringType::parse(word)),
            ("pb.cpp", "enum_name_uses_string_view") => {
                replace(&mut cpp.enum_name_uses_string_view, value.as_bool());
            }
            ("pb.java", "legacy_closed_enum") => {
                replace(&mut java.legacy_closed_enum, value.as_bool());
            }
            ("pb.java", "utf8_validation") if !self.is_java_utf8_settled => {
                replace(&mut java.utf8_validation, JavaUtf8::parse(word));
            }
            ("pb.java", "large_enum") => replace(&mut java.large_enum, value.as_bool()),
            ("pb.java", "nest_in_file_class") => {
                replace(&mut java.nest_in_file_class, NestInFileClass::parse(word));
            }
            ("pb.go", "legacy_unmarshal_json_enum") => {
                replace(&mut go.legacy_unmarshal_json_enum, value.as_bool());
            }
            ("pb.go", "api_level") => replace(&mut go.api_level, ApiLevel::parse(word)),
            ("pb.go", "strip_enum_prefix") => {
                replace(&mut go.strip_enum_prefix, StripEnumPrefix::parse(word));
            }
            _ => {}
        }
    }
}

fn replace<T>(feature: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *feature = value;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use prost_reflect::{DescriptorPool, DynamicMessage};

    use super::*;
    use crate::schema::builtin;

    /// A `google.protobuf.FeatureSet` in protobuf's JSON form.
    fn features(json: &str) -> DynamicMessage {
        static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
            let mut pool = DescriptorPool::new();
            for name in ["descriptor", "cpp_features", "java_features", "go_features"] {
                let file = builtin::file(&format!("google/protobuf/{name}.proto")).unwrap();
                pool.add_file_descriptor_proto(file).unwrap();
            }
            pool
        });
        let descriptor = POOL
            .get_message_by_name("google.protobuf.FeatureSet")
            .unwrap();
        let mut json = serde_json::Deserializer::from_str(json);
        DynamicMessage::deserialize(descriptor, &mut json).unwrap()
    }

    #[test]
    fn every_edition_has_its_defaults() {
        for (edition, closed, string, nest, level) in [
            (
                "proto2",
                true,
                StringType::String,
                NestInFileClass::Legacy,
                ApiLevel::Unspecified,
            ),
            (
                "proto3",
                false,
                StringType::String,
                NestInFileClass::Legacy,
                ApiLevel::Unspecified,
            ),
            (
                "2023",
                false,
                StringType::String,
                NestInFileClass::Legacy,
                ApiLevel::Unspecified,
            ),
            (
                "2024",
                false,
                StringType::View,
                NestInFileClass::No,
                ApiLevel::Opaque,
            ),
        ] {
            let Languages { cpp, java, go, .. } = Languages::of(edition);
            assert_eq!(
                [
                    cpp.legacy_closed_enum,
                    java.legacy_closed_enum,
                    go.legacy_unmarshal_json_enum
                ],
                [closed; 3],
                "{edition}"
            );
            assert_eq!(
                cpp.enum_name_uses_string_view,
                edition == "2024",
                "{edition}"
            );
            assert_eq!(
                (cpp.string_type, java.nest_in_file_class, go.api_level),
                (string, nest, level),
                "{edition}"
            );
        }
    }

    #[test]
    fn every_feature_is_read() {
        type Read = fn(Languages) -> String;
        let cases: [(&str, Read, &str); 10] = [
            (
                r#""[pb.cpp]": {"stringType": "CORD"}"#,
                |all| format!("{:?}", all.cpp.string_type),
                "Cord",
            ),
            (
                r#""[pb.cpp]": {"legacyClosedEnum": true}"#,
                |all| all.cpp.legacy_closed_enum.to_string(),
                "true",
            ),
            (
                r#""[pb.cpp]": {"enumNameUsesStringView": false}"#,
                |all| all.cpp.enum_name_uses_string_view.to_string(),
                "false",
            ),
            (
                r#""[pb.java]": {"utf8Validation": "VERIFY"}"#,
                |all| format!("{:?}", all.java.utf8_validation),
                "Verify",
            ),
            (
                r#""[pb.java]": {"legacyClosedEnum": true}"#,
                |all| all.java.legacy_closed_enum.to_string(),
                "true",
            ),
            (
                r#""[pb.java]": {"largeEnum": true}"#,
                |all| all.java.large_enum.to_string(),
                "true",
            ),
            (
                r#""[pb.java]": {"nestInFileClass": "YES"}"#,
                |all| format!("{:?}", all.java.nest_in_file_class),
                "Yes",
            ),
            (
                r#""[pb.go]": {"apiLevel": "API_HYBRID"}"#,
                |all| format!("{:?}", all.go.api_level),
                "Hybrid",
            ),
            (
                r#""[pb.go]": {"stripEnumPrefix": "STRIP_ENUM_PREFIX_STRIP"}"#,
                |all| format!("{:?}", all.go.strip_enum_prefix),
                "Strip",
            ),
            (
                r#""[pb.go]": {"legacyUnmarshalJsonEnum": true}"#,
                |all| all.go.legacy_unmarshal_json_enum.to_string(),
                "true",
            ),
        ];
        let file = Languages::of("2024");
        for (json, read, expected) in cases {
            let set = file.with(&features(&format!("{{{json}}}")));
            assert_eq!(read(set), expected, "{json}");
            assert_ne!(read(file), expected, "{json} is a default");
            // What encloses an element says it for the element too, as long as that sets something else.
            let inherited = set.with(&features(r#"{"enumType": "CLOSED"}"#));
            assert_eq!(read(inherited), expected, "{json}");
        }
    }
}
