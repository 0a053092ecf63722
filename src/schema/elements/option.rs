//! The options of an element as names and texts, and the features in force for it; it knows options messages, and no elements.

use std::collections::BTreeMap;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, Value};

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

/// The features that are options like others: those that are behaviour are compared as what they do.
fn other_features(set: &DynamicMessage, path: &[i32]) -> Options {
    let mut found = named(set, path);
    found.retain(|name, _| !features::BEHAVIOUR.contains(&name.as_str()));
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

/// Options that hold several values in one string, with commas between them, by the words of their definitions.
const COMMA_SEPARATED: &[&str] = &["google.api.oauth_scopes"];

/// The fields and extensions that are set in the options message with this path. Of a custom option whose value is a
/// message, each field is an option of its own: `(acme.limits).rows.max`.
fn named(set: &DynamicMessage, path: &[i32]) -> Options {
    let standard = set.fields().map(|(field, set)| {
        let is_message = field.kind().as_message().is_some();
        let value = OptionValue {
            text: spelled(set, &field.kind()),
            path: longer(path, field.number()),
            source_only: is_source_only_field(&field),
            is_default: !is_message && *set == Value::default_value_for_field(&field),
            items: Vec::new(),
            is_flags: false,
        };
        (field.name().to_owned(), value)
    });
    let mut found: Options = standard.collect();
    for (option, set) in set.extensions() {
        let definition = option.field_descriptor_proto();
        let part = Part {
            name: format!("({})", option.full_name()),
            path: longer(path, option.number()),
            source_only: definition.options.is_some() && is_source_only(&option.options()),
        };
        let is_list = COMMA_SEPARATED.contains(&option.full_name());
        match set.as_str().filter(|_| is_list) {
            Some(text) => {
                let items = text
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty());
                let items = items.map(|item| Value::String(item.to_owned()).to_string());
                found.insert(
                    part.name,
                    leaf(
                        &part.path,
                        part.source_only,
                        set.to_string(),
                        items.collect(),
                    ),
                );
            }
            None => part.take(set, &option.kind(), &mut found),
        }
    }
    found
}

/// A custom option or a field of its value.
struct Part {
    name: String,
    path: Vec<i32>,
    source_only: bool,
}

impl Part {
    /// Puts what is set among the options: the fields of a message each by itself.
    fn take(self, set: &Value, kind: &Kind, found: &mut Options) {
        if let Value::Message(message) = set {
            let before = found.len();
            for (field, set) in message.fields() {
                let part = Self {
                    name: format!("{}.{}", self.name, field.name()),
                    path: longer(&self.path, field.number()),
                    source_only: self.source_only || is_source_only_field(&field),
                };
                part.take(set, &field.kind(), found);
            }
            for (extension, set) in message.extensions() {
                let part = Self {
                    name: format!("{}.({})", self.name, extension.full_name()),
                    path: longer(&self.path, extension.number()),
                    source_only: self.source_only,
                };
                part.take(set, &extension.kind(), found);
            }
            if found.len() > before {
                return;
            }
        }
        let items = match set {
            Value::List(values) => values.iter().map(|value| spelled(value, kind)).collect(),
            _ => Vec::new(),
        };
        let value = OptionValue {
            is_flags: !items.is_empty() && matches!(kind, Kind::Enum(_)),
            ..leaf(&self.path, self.source_only, spelled(set, kind), items)
        };
        found.insert(self.name, value);
    }
}

fn leaf(path: &[i32], source_only: bool, text: String, items: Vec<String>) -> OptionValue {
    OptionValue {
        text,
        path: path.to_vec(),
        source_only,
        is_default: false,
        items,
        is_flags: false,
    }
}

fn longer(path: &[i32], number: u32) -> Vec<i32> {
    let number = i32::try_from(number).unwrap_or(0);
    path.iter().copied().chain([number]).collect()
}

fn is_source_only_field(field: &FieldDescriptor) -> bool {
    field.field_descriptor_proto().options.is_some() && is_source_only(&field.options())
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
