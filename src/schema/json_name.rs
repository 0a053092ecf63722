//! JSON names that two fields of a message share, which protobuf allows where JSON is not promised to work, and the linker
//! nowhere: they are put aside while the file is linked.
//!
//! Source: protoc's `CheckFieldJsonNameUniqueness`: names that follow from those of the fields may clash in proto2, under
//! `json_format = LEGACY_BEST_EFFORT` and under `deprecated_legacy_json_field_conflicts`; names that are written may not.

use std::collections::{HashMap, HashSet};

use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, UninterpretedOption,
};

/// JSON names by the descriptor path of the field.
pub type JsonNames = HashMap<Box<[i32]>, String>;

/// Gives every field another JSON name whose own one is taken, where that is allowed, and returns the right ones.
///
/// `legacy` says whether it is allowed where nothing in the file says otherwise.
pub fn set_aside(file: &mut FileDescriptorProto, legacy: bool) -> JsonNames {
    let options = file.options.as_ref();
    let said = options.and_then(|options| format(&options.uninterpreted_option));
    let legacy = said.unwrap_or(legacy);
    let mut names = JsonNames::new();
    for (index, message) in file.message_type.iter_mut().enumerate() {
        of_message(message, &mut vec![4, number(index)], legacy, &mut names);
    }
    names
}

fn of_message(
    message: &mut DescriptorProto,
    path: &mut Vec<i32>,
    legacy: bool,
    names: &mut JsonNames,
) {
    let options = message
        .options
        .as_ref()
        .map(|options| options.uninterpreted_option.as_slice());
    let options = options.unwrap_or_default();
    let legacy = format(options).unwrap_or(legacy);
    if legacy || is_tolerant(options) {
        // Two names that are both written are the linker's to refuse.
        let written: HashSet<String> = message.field.iter().filter_map(written_name).collect();
        let mut taken: HashSet<String> = HashSet::new();
        for (index, field) in message.field.iter_mut().enumerate() {
            if written_name(field).is_some() {
                continue;
            }
            let own = json_name(field.name());
            let is_written = written.contains(&own);
            if taken.insert(own.clone()) && !is_written {
                continue;
            }
            field.json_name = Some(format!("<{}>", field.name()));
            path.extend([2, number(index)]);
            names.insert(path.clone().into_boxed_slice(), own);
            path.truncate(path.len() - 2);
        }
    }
    for (index, nested) in message.nested_type.iter_mut().enumerate() {
        path.extend([3, number(index)]);
        of_message(nested, path, legacy, names);
        path.truncate(path.len() - 2);
    }
}

/// What the feature `json_format` is set to, if it is set: whether names may clash.
fn format(options: &[UninterpretedOption]) -> Option<bool> {
    options.iter().find_map(|option| {
        let mut name = option.name.iter().map(|part| part.name_part.as_str());
        match (name.next(), name.next(), &option.aggregate_value) {
            (Some("features"), Some("json_format"), _) => {
                Some(option.identifier_value.as_deref() == Some("LEGACY_BEST_EFFORT"))
            }
            (Some("features"), None, Some(set)) if set.contains("json_format") => {
                Some(set.contains("LEGACY_BEST_EFFORT"))
            }
            _ => None,
        }
    })
}

/// Whether a message says that names may clash in it.
fn is_tolerant(options: &[UninterpretedOption]) -> bool {
    let tolerant = |option: &UninterpretedOption| {
        let name = option.name.iter().map(|part| part.name_part.as_str());
        name.eq(["deprecated_legacy_json_field_conflicts"])
            && option.identifier_value.as_deref() == Some("true")
    };
    options.iter().any(tolerant)
}

/// The JSON name that is written for a field; one that says no more than the field's own name is none.
fn written_name(field: &FieldDescriptorProto) -> Option<String> {
    let written = field.json_name.clone();
    written.filter(|name| *name != json_name(field.name()))
}

/// The name that a field has in JSON where none is written. Source: protobuf language guide, "JSON Mapping".
fn json_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut after_underscore = false;
    for c in field.chars() {
        if c == '_' {
            after_underscore = true;
        } else {
            name.push(if after_underscore {
                c.to_ascii_uppercase()
            } else {
                c
            });
            after_underscore = false;
        }
    }
    name
}

fn number(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}
