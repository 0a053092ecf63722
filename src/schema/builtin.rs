//! The files that come with every protobuf compiler, brought up to what today's compilers ship; it reads no tree.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use prost_reflect::DescriptorPool;
use prost_types::{DescriptorProto, FileDescriptorProto};
use protox::file::{File, FileResolver, GoogleFileResolver};

use super::compile::Linked;
use super::{Schema, elements};

/// The file that defines what options there are.
pub const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// The files that come with every compiler and that files name without thinking.
pub const WELL_KNOWN: &[&str] = &[
    "google/protobuf/any.proto",
    "google/protobuf/api.proto",
    DESCRIPTOR,
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/protobuf/field_mask.proto",
    "google/protobuf/source_context.proto",
    "google/protobuf/struct.proto",
    "google/protobuf/timestamp.proto",
    "google/protobuf/type.proto",
    "google/protobuf/wrappers.proto",
];

/// What compilers and their plugins say to each other.
const PLUGIN: &str = "google/protobuf/compiler/plugin.proto";

/// Names and numbers that newer compilers know.
const NEWER: &str = include_str!("builtin.proto");

/// The features of languages, by the file that defines them. Source: the files of these names in protobuf.
const LANGUAGES: &[(&str, &str)] = &[
    (
        "google/protobuf/cpp_features.proto",
        r#"syntax = "proto2"; package pb; import "google/protobuf/descriptor.proto";
        extend google.protobuf.FeatureSet { optional CppFeatures cpp = 1000; }
        message CppFeatures {
          enum StringType { STRING_TYPE_UNKNOWN = 0; VIEW = 1; CORD = 2; STRING = 3; }
          optional bool legacy_closed_enum = 1;
          optional StringType string_type = 2;
          optional bool enum_name_uses_string_view = 3;
          enum RepeatedType { REPEATED_TYPE_UNKNOWN = 0; LEGACY = 1; PROXY = 2; }
          optional RepeatedType repeated_type = 4;
        }"#,
    ),
    (
        "google/protobuf/java_features.proto",
        r#"syntax = "proto2"; package pb; import "google/protobuf/descriptor.proto";
        extend google.protobuf.FeatureSet { optional JavaFeatures java = 1001; }
        message JavaFeatures {
          enum Utf8Validation { UTF8_VALIDATION_UNKNOWN = 0; DEFAULT = 1; VERIFY = 2; }
          message NestInFileClassFeature {
            enum NestInFileClass { NEST_IN_FILE_CLASS_UNKNOWN = 0; NO = 1; YES = 2; LEGACY = 3; }
          }
          optional bool legacy_closed_enum = 1;
          optional Utf8Validation utf8_validation = 2;
          optional bool large_enum = 3;
          optional bool use_old_outer_classname_default = 4;
          optional NestInFileClassFeature.NestInFileClass nest_in_file_class = 5;
        }"#,
    ),
    (
        "google/protobuf/go_features.proto",
        r#"syntax = "proto2"; package pb; import "google/protobuf/descriptor.proto";
        extend google.protobuf.FeatureSet { optional GoFeatures go = 1002; }
        message GoFeatures {
          enum APILevel { API_LEVEL_UNSPECIFIED = 0; API_OPEN = 1; API_HYBRID = 2; API_OPAQUE = 3; }
          enum StripEnumPrefix {
            STRIP_ENUM_PREFIX_UNSPECIFIED = 0; STRIP_ENUM_PREFIX_KEEP = 1;
            STRIP_ENUM_PREFIX_GENERATE_BOTH = 2; STRIP_ENUM_PREFIX_STRIP = 3;
          }
          optional bool legacy_unmarshal_json_enum = 1;
          optional APILevel api_level = 2;
          optional StripEnumPrefix strip_enum_prefix = 3;
          message OptimizeModeFeature {
            enum OptimizeMode { OPTIMIZE_MODE_UNSPECIFIED = 0; SPEED = 1; CODE_SIZE = 2; }
          }
          optional OptimizeModeFeature.OptimizeMode optimize_mode = 4;
        }"#,
    ),
];

/// Whether a file is there without being in the tree.
pub fn is_known(name: &str) -> bool {
    let is_language = || LANGUAGES.iter().any(|(known, _)| *known == name);
    WELL_KNOWN.contains(&name) || name == PLUGIN || is_language()
}

/// A file that is there without being in the tree; `None` where it is none of these.
pub fn file(name: &str) -> Option<FileDescriptorProto> {
    if let Some((_, text)) = LANGUAGES.iter().find(|(known, _)| *known == name) {
        return parsed(name, text);
    }
    let known: FileDescriptorProto = GoogleFileResolver::new().open_file(name).ok()?.into();
    let mut known = FileDescriptorProto {
        source_code_info: None,
        ..known
    };
    if name == DESCRIPTOR {
        let newer = parsed(name, NEWER)?;
        extend(&mut known.message_type, newer.message_type);
        replace(&mut known.enum_type, newer.enum_type, |enumeration| {
            enumeration.name.clone()
        });
    }
    Some(known)
}

/// The elements of the files that come with every compiler.
pub fn schema() -> &'static Schema {
    static ELEMENTS: LazyLock<Schema> = LazyLock::new(|| {
        let mut schema = Schema::default();
        let pool = DescriptorPool::global();
        for name in WELL_KNOWN {
            let Some(descriptor) = pool.get_file_by_name(name) else {
                continue;
            };
            let linked = Linked {
                path: (*name).to_owned(),
                import_path: (*name).to_owned(),
                descriptor,
                imports: Vec::new(),
                text: Arc::default(),
                places: Arc::default(),
                is_descriptor: true,
                edition: None,
                defaults: HashMap::new(),
                json_names: HashMap::new(),
            };
            elements::add_file(&mut schema, linked);
        }
        schema
    });
    &ELEMENTS
}

/// A file without source info; `None` where the text is not one.
pub fn parsed(name: &str, text: &str) -> Option<FileDescriptorProto> {
    let parsed: FileDescriptorProto = File::from_source(name, text).ok()?.into();
    Some(FileDescriptorProto {
        source_code_info: None,
        ..parsed
    })
}

/// Adds what newer compilers know to the messages of the same names.
fn extend(known: &mut Vec<DescriptorProto>, newer: Vec<DescriptorProto>) {
    for message in newer {
        let Some(old) = known.iter_mut().find(|old| old.name == message.name) else {
            known.push(message);
            continue;
        };
        let numbers: Vec<i32> = message
            .field
            .iter()
            .map(prost_types::FieldDescriptorProto::number)
            .collect();
        let names: Vec<&str> = message
            .field
            .iter()
            .map(prost_types::FieldDescriptorProto::name)
            .collect();
        old.field.retain(|field| !names.contains(&field.name()));
        // What an older version reserved, the newer one uses.
        old.reserved_range.retain(|range| {
            !numbers
                .iter()
                .any(|number| (range.start()..range.end()).contains(number))
        });
        old.field.extend(message.field);
        if !message.extension_range.is_empty() {
            old.extension_range = message.extension_range;
        }
        replace(&mut old.nested_type, message.nested_type, |message| {
            message.name.clone()
        });
        replace(&mut old.enum_type, message.enum_type, |enumeration| {
            enumeration.name.clone()
        });
    }
}

/// Puts the newer ones in the place of those with the same names.
fn replace<T>(known: &mut Vec<T>, newer: Vec<T>, name: fn(&T) -> Option<String>) {
    known.retain(|old| !newer.iter().any(|new| name(new) == name(old)));
    known.extend(newer);
}

#[cfg(test)]
mod tests {
    use prost_reflect::DescriptorPool;

    #[test]
    fn the_well_known_files_are_there() {
        for name in super::WELL_KNOWN.iter().chain([&super::PLUGIN]) {
            assert!(super::file(name).is_some(), "{name}");
        }
    }

    #[test]
    fn their_types_are_elements() {
        for name in [
            "Timestamp",
            "Any",
            "Struct",
            "StringValue",
            "FieldMask",
            "Empty",
        ] {
            let full_name = format!("google.protobuf.{name}");
            assert!(super::schema().find(&full_name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_files_link_with_each_other() {
        let mut pool = DescriptorPool::new();
        let languages = super::LANGUAGES.iter().map(|(name, _)| *name);
        for name in std::iter::once(super::DESCRIPTOR).chain(languages) {
            pool.add_file_descriptor_proto(super::file(name).unwrap())
                .unwrap();
        }
        assert!(
            pool.get_message_by_name("google.protobuf.FieldOptions")
                .unwrap()
                .get_field_by_name("features")
                .is_some()
        );
    }
}
