//! The options of an element as names and texts, and the features in force for it; it knows options messages, and no elements.

use std::collections::BTreeMap;

use prost_reflect::{DynamicMessage, Kind, MapKey, Value};

use crate::change::Subject;
use crate::schema::OptionValue;
use crate::schema::features::{self, Features};

/// The options that are set, by name.
pub(super) type Options = BTreeMap<String, OptionValue>;

/// The options of an element, by name and in protobuf's text form, and the features in force for it.
///
/// `set` are its options, if it sets any; `outer` the features of what encloses it.
pub(super) fn settings(
    subject: Subject,
    set: Option<DynamicMessage>,
    outer: Features,
) -> (Options, Features) {
    let Some(set) = set else {
        return (Options::new(), outer);
    };
    let options = stated(&set, &[options_of(subject)]);
    (options, outer.with(Some(&set)))
}

/// The options that an options message states, by name; `path` is its own.
pub(super) fn stated(set: &DynamicMessage, path: &[i32]) -> Options {
    let mut options = named(set, path);
    options.remove("uninterpreted_option");
    if let Some(option) = options.remove("features") {
        let set = features::features(set);
        let others = set.iter().flat_map(|set| other_features(set, &option.path));
        options.extend(others.map(|(name, feature)| {
            // What holds without a feature depends on what is around.
            let feature = OptionValue {
                is_default: false,
                ..feature
            };
            (format!("features.{name}"), feature)
        }));
    }
    options
}

/// The features that are options like others: those that are behaviour are compared as what they do. Those of a language
/// are options of their own each.
fn other_features(set: &DynamicMessage, path: &[i32]) -> Options {
    let mut found = named(set, path);
    found.retain(|name, _| !features::BEHAVIOUR.contains(&name.as_str()));
    for (language, features) in set.extensions() {
        let Some(features) = features.as_message() else {
            continue;
        };
        let language = format!("({})", language.full_name());
        let Some(whole) = found.remove(&language) else {
            continue;
        };
        let features = named(features, &whole.path).into_iter();
        found.extend(features.map(|(name, feature)| (format!("{language}.{name}"), feature)));
    }
    found
}

/// The field of a descriptor that holds the options of an element.
fn options_of(subject: Subject) -> i32 {
    match subject {
        Subject::Message => 7,
        Subject::Enum | Subject::EnumValue | Subject::Service => 3,
        Subject::Method => 4,
        Subject::Oneof => 2,
        _ => 8,
    }
}

/// The fields and extensions that are set in the options message with this path.
fn named(set: &DynamicMessage, path: &[i32]) -> Options {
    let value = |number: u32, text: String, source_only: bool, is_default: bool| {
        let number = i32::try_from(number).unwrap_or(0);
        OptionValue {
            text,
            path: path.iter().copied().chain([number]).collect(),
            source_only,
            is_default,
        }
    };
    let standard = set.fields().map(|(field, set)| {
        let text = spelled(set, &field.kind());
        let definition = field.field_descriptor_proto();
        let source_only = definition.options.is_some() && is_source_only(&field.options());
        let is_message = field.kind().as_message().is_some();
        let is_default = !is_message && *set == Value::default_value_for_field(&field);
        let value = value(field.number(), text, source_only, is_default);
        (field.name().to_owned(), value)
    });
    let custom = set.extensions().map(|(option, set)| {
        let text = spelled(set, &option.kind());
        let name = format!("({})", option.full_name());
        let definition = option.field_descriptor_proto();
        let source_only = definition.options.is_some() && is_source_only(&option.options());
        (name, value(option.number(), text, source_only, false))
    });
    standard.chain(custom).collect()
}

/// Whether the options of a field say that compilers leave it out of what they make: `retention = RETENTION_SOURCE`.
fn is_source_only(definition: &DynamicMessage) -> bool {
    const SOURCE: i32 = 2;
    let retention = definition.get_field_by_name("retention");
    retention.and_then(|value| value.as_enum_number()) == Some(SOURCE)
}

/// A value in protobuf's text form. Entries of a map have no order of their own, so that they are sorted by their keys.
fn spelled(value: &Value, kind: &Kind) -> String {
    let list = |parts: Vec<String>| format!("[{}]", parts.join(","));
    match (value, kind) {
        (Value::EnumNumber(number), Kind::Enum(enumeration)) => enumeration
            .get_value(*number)
            .map_or_else(|| number.to_string(), |value| value.name().to_owned()),
        (Value::List(values), _) => list(values.iter().map(|value| spelled(value, kind)).collect()),
        (Value::Map(entries), Kind::Message(entry)) => {
            let (keys, values) = (
                entry.map_entry_key_field().kind(),
                entry.map_entry_value_field().kind(),
            );
            let spell = |(key, value): (&MapKey, &Value)| {
                let key = spelled(&Value::from(key.clone()), &keys);
                format!("{{key:{key},value:{}}}", spelled(value, &values))
            };
            let mut entries: Vec<String> = entries.iter().map(spell).collect();
            entries.sort();
            list(entries)
        }
        (Value::Message(message), _) => {
            let fields = message
                .fields()
                .map(|(field, set)| format!("{}:{}", field.name(), spelled(set, &field.kind())));
            let extensions = message.extensions().map(|(extension, set)| {
                let set = spelled(set, &extension.kind());
                format!("[{}]:{set}", extension.full_name())
            });
            let set: Vec<String> = fields.chain(extensions).collect();
            format!("{{{}}}", set.join(","))
        }
        _ => value.to_string(),
    }
}
