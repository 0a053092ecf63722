//! The options that widely used files declare, for trees that import those files and do not hold them; who sets one it does not know.

use std::collections::BTreeMap;

use prost_types::FileDescriptorProto;

use crate::schema::builtin;
use crate::schema::compile::Parsed;
use crate::schema::compile::pools::symbols;
use crate::schema::compile::scope::names;

/// The options by the file that declares them. Source: the names and numbers of the files of these names in googleapis;
/// types that are of no use for options are left out, and stand as opaque ones where they are named.
const FILES: &[(&str, &str)] = &[
    (
        HTTP,
        r#"syntax = "proto3"; package google.api;
        message HttpRule {
          string selector = 1;
          oneof pattern {
            string get = 2; string put = 3; string post = 4; string delete = 5; string patch = 6;
            CustomHttpPattern custom = 8;
          }
          string body = 7;
          string response_body = 12;
          repeated HttpRule additional_bindings = 11;
        }
        message CustomHttpPattern { string kind = 1; string path = 2; }"#,
    ),
    (
        "google/api/annotations.proto",
        r#"syntax = "proto3"; package google.api;
        import "google/api/http.proto"; import "google/protobuf/descriptor.proto";
        extend google.protobuf.MethodOptions { HttpRule http = 72295728; }"#,
    ),
    (
        "google/api/client.proto",
        r#"syntax = "proto3"; package google.api; import "google/protobuf/descriptor.proto";
        extend google.protobuf.MethodOptions { repeated string method_signature = 1051; }
        extend google.protobuf.ServiceOptions {
          string default_host = 1049; string oauth_scopes = 1050; string api_version = 525000001;
        }"#,
    ),
    (
        "google/api/field_behavior.proto",
        r#"syntax = "proto3"; package google.api; import "google/protobuf/descriptor.proto";
        extend google.protobuf.FieldOptions { repeated FieldBehavior field_behavior = 1052 [packed = false]; }
        enum FieldBehavior {
          FIELD_BEHAVIOR_UNSPECIFIED = 0; OPTIONAL = 1; REQUIRED = 2; OUTPUT_ONLY = 3; INPUT_ONLY = 4;
          IMMUTABLE = 5; UNORDERED_LIST = 6; NON_EMPTY_DEFAULT = 7; IDENTIFIER = 8;
        }"#,
    ),
    (
        "google/api/field_info.proto",
        r#"syntax = "proto3"; package google.api; import "google/protobuf/descriptor.proto";
        extend google.protobuf.FieldOptions { FieldInfo field_info = 291403980; }
        message FieldInfo {
          enum Format { FORMAT_UNSPECIFIED = 0; UUID4 = 1; IPV4 = 2; IPV6 = 3; IPV4_OR_IPV6 = 4; }
          Format format = 1;
          repeated TypeReference referenced_types = 2;
        }
        message TypeReference { string type_name = 1; }"#,
    ),
    (
        "google/api/resource.proto",
        r#"syntax = "proto3"; package google.api; import "google/protobuf/descriptor.proto";
        extend google.protobuf.FieldOptions { ResourceReference resource_reference = 1055; }
        extend google.protobuf.FileOptions { repeated ResourceDescriptor resource_definition = 1053; }
        extend google.protobuf.MessageOptions { ResourceDescriptor resource = 1053; }
        message ResourceDescriptor {
          enum History { HISTORY_UNSPECIFIED = 0; ORIGINALLY_SINGLE_PATTERN = 1; FUTURE_MULTI_PATTERN = 2; }
          enum Style { STYLE_UNSPECIFIED = 0; DECLARATIVE_FRIENDLY = 1; }
          string type = 1;
          repeated string pattern = 2;
          string name_field = 3;
          History history = 4;
          string plural = 5;
          string singular = 6;
          repeated Style style = 10;
        }
        message ResourceReference { string type = 1; string child_type = 2; }"#,
    ),
    (
        "google/longrunning/operations.proto",
        r#"syntax = "proto3"; package google.longrunning; import "google/protobuf/descriptor.proto";
        extend google.protobuf.MethodOptions { OperationInfo operation_info = 1049; }
        message OperationInfo { string response_type = 1; string metadata_type = 2; }"#,
    ),
];

/// What declares no option itself, and is imported by what does.
const HTTP: &str = "google/api/http.proto";

/// The files that some imports name and that others of these need, unless the tree declares one of their names itself.
pub(super) fn among<'a>(
    files: &BTreeMap<String, Parsed>,
    imports: impl Iterator<Item = &'a String>,
) -> BTreeMap<String, FileDescriptorProto> {
    let mut found = BTreeMap::new();
    let mut open: Vec<String> = imports.cloned().collect();
    while let Some(import) = open.pop() {
        if found.contains_key(&import) || files.contains_key(&import) {
            continue;
        }
        let known = FILES.iter().find(|(path, _)| *path == import);
        let Some(file) = known.and_then(|(path, text)| builtin::parsed(path, text)) else {
            continue;
        };
        open.extend(file.dependency.iter().cloned());
        found.insert(import, file);
    }
    let declared = |package: &str, name: &str| {
        let mut others = files
            .values()
            .filter(|file| file.descriptor.package() == package);
        others.any(|file| names(&file.descriptor).contains_key(name))
    };
    let is_declared = found.values().any(|file| {
        let mut symbols = symbols(file);
        symbols.any(|name| declared(file.package(), &name))
    });
    if is_declared {
        found.clear();
    }
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_file_is_read() {
        for (path, text) in super::FILES {
            assert!(super::builtin::parsed(path, text).is_some(), "{path}");
        }
    }
}
