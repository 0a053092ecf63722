//! Linked descriptors to the arena of elements: what the diff compares; it decides nothing about compatibility.

use std::collections::{BTreeMap, HashMap};

use prost_reflect::{
    DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, Kind, MapKey,
    MessageDescriptor, ServiceDescriptor, Value,
};
use prost_types::field_descriptor_proto::Label;
use prost_types::{FieldDescriptorProto, SourceCodeInfo};

use super::compile::Linked;
use super::editions::Edition;
use super::features::{self, CppString, Features, FieldPresence};
use super::{
    Cardinality, Data, Element, ElementId, EnumData, FieldData, FieldType, FileData, Location,
    MessageData, MethodData, Modifier, OptionValue, Presence, Schema, SourceFile, WrittenLabel,
    location,
};
use crate::change::Subject;

/// Adds every element of a linked file to the schema.
pub fn add_file(schema: &mut Schema, linked: Linked) {
    let Linked {
        path,
        import_path,
        descriptor: file,
        imports,
        text,
        is_descriptor,
        edition,
        defaults,
    } = linked;
    let proto = file.file_descriptor_proto();
    let locations = proto
        .source_code_info
        .as_ref()
        .map(locations)
        .unwrap_or_default();
    let source = schema.add_source(SourceFile {
        path: path.clone(),
        import_path,
        text,
        is_descriptor,
        locations,
    });
    let said = edition.unwrap_or_default();
    let edition = Some(&said).filter(|said| !said.name.is_empty());
    let syntax = edition.map_or_else(|| syntax(proto.syntax()), |edition| &edition.name);
    let (options, features) = settings(
        proto.options.as_ref().map(|_| file.options()),
        Features::of(syntax),
    );
    let data = FileData {
        package: file.package_name().to_owned(),
        syntax: edition.map_or_else(
            || syntax.to_owned(),
            |edition| format!("edition {}", edition.name),
        ),
        source,
    };
    let mut builder = Builder {
        schema,
        source,
        file: ElementId(0),
        edition: &said,
        labelled: syntax == "proto2",
        defaults: &defaults,
    };
    let id = builder.push(
        Subject::File,
        &path,
        &path,
        None,
        Vec::new(),
        Data::File(data),
        options,
    );
    builder.file = id;

    for (index, import) in imports.iter().enumerate() {
        let position = i32::try_from(index).unwrap_or(i32::MAX);
        let modifier = if proto.public_dependency.contains(&position) {
            Modifier::Public
        } else if proto.weak_dependency.contains(&position) {
            Modifier::Weak
        } else {
            Modifier::Plain
        };
        builder.push(
            Subject::Import,
            import,
            import,
            Some(id),
            vec![3, position],
            Data::Import(modifier),
            BTreeMap::new(),
        );
    }
    for message in file.messages() {
        builder.message(&message, id, features);
    }
    for enumeration in file.enums() {
        builder.enumeration(&enumeration, id, features);
    }
    for service in file.services() {
        builder.service(&service, id, features);
    }
    for extension in file.extensions() {
        builder.extension(&extension, id, features);
    }
}

fn syntax(written: &str) -> &str {
    if written.is_empty() {
        "proto2"
    } else {
        written
    }
}

fn locations(info: &SourceCodeInfo) -> HashMap<Box<[i32]>, Location> {
    let mut found = HashMap::with_capacity(info.location.len());
    for place in &info.location {
        let Some(span) = location::span(&place.span) else {
            continue;
        };
        // A path can come more than once (several `reserved` statements, several `extend` blocks): the first is the one
        // that leads to the element.
        found
            .entry(place.path.clone().into_boxed_slice())
            .or_insert_with(|| Location {
                span,
                leading: place.leading_comments().to_owned(),
                trailing: place.trailing_comments().to_owned(),
                detached: place.leading_detached_comments.clone(),
            });
    }
    found
}

/// The options of an element, by name and in protobuf's text form, and the features in force for it.
///
/// `set` are its options, if it sets any; `outer` the features of what encloses it.
fn settings(set: Option<DynamicMessage>, outer: Features) -> (Options, Features) {
    let Some(set) = set else {
        return (Options::new(), outer);
    };
    let mut options = named(&set);
    options.remove("uninterpreted_option");
    if let Some(option) = options.remove("features") {
        // Features that are behaviour are compared as what they do; the others as options of their own.
        let others = features::features(&set)
            .map(|set| named(&set))
            .unwrap_or_default();
        for (name, feature) in others {
            if !features::BEHAVIOUR.contains(&name.as_str()) {
                let number = option.number;
                options.insert(
                    format!("features.{name}"),
                    OptionValue {
                        number,
                        is_default: false,
                        ..feature
                    },
                );
            }
        }
    }
    (options, outer.with(Some(&set)))
}

/// The fields and extensions that are set in an options message.
fn named(set: &DynamicMessage) -> Options {
    let value = |number: u32, text: String, is_default: bool| OptionValue {
        text,
        number: i32::try_from(number).unwrap_or(0),
        is_default,
    };
    let standard = set.fields().map(|(field, set)| {
        let text = spelled(set, &field.kind());
        let is_message = field.kind().as_message().is_some();
        let is_default = !is_message && *set == Value::default_value_for_field(&field);
        let value = value(field.number(), text, is_default);
        (field.name().to_owned(), value)
    });
    let custom = set.extensions().map(|(option, set)| {
        let text = spelled(set, &option.kind());
        let name = format!("({})", option.full_name());
        (name, value(option.number(), text, false))
    });
    standard.chain(custom).collect()
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

type Options = BTreeMap<String, OptionValue>;

struct Builder<'a> {
    schema: &'a mut Schema,
    source: usize,
    file: ElementId,
    edition: &'a Edition,
    /// Whether fields have to have a label: in proto2.
    labelled: bool,
    defaults: &'a HashMap<Box<[i32]>, String>,
}

impl Builder<'_> {
    #[allow(
        clippy::too_many_arguments,
        reason = "one argument for each part of an element"
    )]
    fn push(
        &mut self,
        subject: Subject,
        name: &str,
        full_name: &str,
        parent: Option<ElementId>,
        path: Vec<i32>,
        data: Data,
        options: Options,
    ) -> ElementId {
        let id = self.schema.next_id();
        let file = if subject == Subject::File {
            id
        } else {
            self.file
        };
        self.schema.push(Element {
            subject,
            name: name.to_owned(),
            full_name: full_name.to_owned(),
            file,
            parent,
            children: Vec::new(),
            path: path.into_boxed_slice(),
            data,
            options,
        })
    }

    /// The default value as written; the linker refuses one of an opaque type, which is kept aside therefore.
    fn default(&self, proto: &FieldDescriptorProto, path: &[i32]) -> Option<String> {
        let aside = || self.defaults.get(path).cloned();
        proto.default_value.clone().or_else(aside)
    }

    fn message(&mut self, message: &MessageDescriptor, parent: ElementId, outer: Features) {
        if message.is_map_entry() {
            return;
        }
        let proto = message.descriptor_proto();
        let (options, features) =
            settings(proto.options.as_ref().map(|_| message.options()), outer);
        let data = MessageData {
            json: features.json,
            visibility: self.edition.visibility.get(message.path()).copied(),
            declarations: self
                .edition
                .declarations
                .get(message.path())
                .cloned()
                .unwrap_or_default(),
            reserved: proto
                .reserved_range
                .iter()
                .map(|range| (range.start(), range.end().saturating_sub(1)))
                .collect(),
            reserved_names: proto.reserved_name.clone(),
            extension_ranges: proto
                .extension_range
                .iter()
                .map(|range| (range.start(), range.end().saturating_sub(1)))
                .collect(),
        };
        let id = self.push(
            Subject::Message,
            message.name(),
            message.full_name(),
            Some(parent),
            message.path().to_vec(),
            Data::Message(data),
            options,
        );

        let mut oneofs: HashMap<String, ElementId> = HashMap::new();
        for oneof in message.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            let set = oneof.oneof_descriptor_proto().options.as_ref();
            let (options, _) = settings(set.map(|_| oneof.options()), features);
            let oneof_id = self.push(
                Subject::Oneof,
                oneof.name(),
                oneof.full_name(),
                Some(id),
                oneof.path().to_vec(),
                Data::None,
                options,
            );
            oneofs.insert(oneof.name().to_owned(), oneof_id);
        }
        // The pool sorts fields by number; the order of the source is the order of their paths.
        let mut fields: Vec<FieldDescriptor> = message.fields().collect();
        fields.sort_by(|a, b| a.path().cmp(b.path()));
        for field in fields {
            let oneof = field
                .containing_oneof()
                .and_then(|oneof| oneofs.get(oneof.name()).copied());
            let set = field.field_descriptor_proto().options.as_ref();
            let (options, features) = settings(set.map(|_| field.options()), features);
            let data = self.field(&field, oneof, &options, features);
            self.push(
                Subject::Field,
                field.name(),
                field.full_name(),
                Some(id),
                field.path().to_vec(),
                Data::Field(Box::new(data)),
                options,
            );
        }
        for child in message.child_messages() {
            self.message(&child, id, features);
        }
        for child in message.child_enums() {
            self.enumeration(&child, id, features);
        }
        for child in message.child_extensions() {
            self.extension(&child, id, features);
        }
    }

    fn field(
        &self,
        field: &FieldDescriptor,
        oneof: Option<ElementId>,
        options: &Options,
        features: Features,
    ) -> FieldData {
        let proto = field.field_descriptor_proto();
        let cardinality = if field.is_map() {
            Cardinality::Map
        } else if field.is_list() {
            Cardinality::Repeated
        } else {
            Cardinality::Singular
        };
        let by_feature = oneof.is_none() && !proto.proto3_optional();
        let presence = match features.presence {
            _ if cardinality != Cardinality::Singular => Presence::Implicit,
            FieldPresence::LegacyRequired if by_feature => Presence::Required,
            _ if field.is_required() => Presence::Required,
            FieldPresence::Implicit if by_feature && field.kind().as_message().is_none() => {
                Presence::Implicit
            }
            _ => Presence::Explicit,
        };
        FieldData {
            number: proto.number(),
            ty: field_type(
                &field.kind(),
                field.is_map(),
                field.is_group() || features.delimited,
            ),
            cardinality,
            presence,
            label: self.label(proto, field.path(), field.is_map()),
            json_name: field.json_name().to_owned(),
            oneof,
            packed: packed(&field.kind(), field.is_list(), options, features),
            utf8: features.utf8 && holds_strings(&field.kind(), field.is_map()),
            java_utf8: (features.utf8 || features.java_utf8)
                && holds_strings(&field.kind(), field.is_map()),
            cpp_string: cpp_string(&field.kind(), features),
            default: self.default(proto, field.path()),
            extendee: None,
        }
    }

    /// The label as written: source info has a place for it only where it stands in the text.
    fn label(
        &self,
        proto: &FieldDescriptorProto,
        path: &[i32],
        is_map: bool,
    ) -> Option<WrittenLabel> {
        let label = match proto.label() {
            Label::Optional => WrittenLabel::Optional,
            Label::Required => WrittenLabel::Required,
            Label::Repeated => WrittenLabel::Repeated,
        };
        let written: Vec<i32> = path.iter().copied().chain([4]).collect();
        let source = self.schema.source(self.source)?;
        if source.locations.is_empty() {
            // Without source info, a label was written where the language demands it, or where it says something.
            let demanded = self.labelled && proto.oneof_index.is_none();
            let written = demanded || label != WrittenLabel::Optional || proto.proto3_optional();
            return (written && !is_map).then_some(label);
        }
        source
            .locations
            .contains_key(written.as_slice())
            .then_some(label)
    }

    fn enumeration(&mut self, enumeration: &EnumDescriptor, parent: ElementId, outer: Features) {
        let proto = enumeration.enum_descriptor_proto();
        let (options, features) =
            settings(proto.options.as_ref().map(|_| enumeration.options()), outer);
        let data = EnumData {
            closed: !features.open,
            json: features.json,
            visibility: self.edition.visibility.get(enumeration.path()).copied(),
            reserved: proto
                .reserved_range
                .iter()
                .map(|range| (range.start(), range.end()))
                .collect(),
            reserved_names: proto.reserved_name.clone(),
        };
        let id = self.push(
            Subject::Enum,
            enumeration.name(),
            enumeration.full_name(),
            Some(parent),
            enumeration.path().to_vec(),
            Data::Enum(data),
            options,
        );
        for (index, value) in proto.value.iter().enumerate() {
            let position = i32::try_from(index).unwrap_or(i32::MAX);
            let path = enumeration
                .path()
                .iter()
                .copied()
                .chain([2, position])
                .collect();
            // Values are named in the scope of their enum here: two enums of a scope cannot be told apart otherwise.
            let full_name = format!("{}.{}", enumeration.full_name(), value.name());
            let described = value.options.as_ref().and_then(|_| {
                enumeration
                    .values()
                    .find(|known| known.name() == value.name())
            });
            let (options, _) = settings(described.map(|value| value.options()), features);
            self.push(
                Subject::EnumValue,
                value.name(),
                &full_name,
                Some(id),
                path,
                Data::EnumValue(value.number()),
                options,
            );
        }
    }

    fn service(&mut self, service: &ServiceDescriptor, parent: ElementId, outer: Features) {
        let set = service.service_descriptor_proto().options.as_ref();
        let (options, features) = settings(set.map(|_| service.options()), outer);
        let id = self.push(
            Subject::Service,
            service.name(),
            service.full_name(),
            Some(parent),
            service.path().to_vec(),
            Data::None,
            options,
        );
        for method in service.methods() {
            let data = MethodData {
                request: method.input().full_name().to_owned(),
                response: method.output().full_name().to_owned(),
                client_streaming: method.is_client_streaming(),
                server_streaming: method.is_server_streaming(),
            };
            let set = method.method_descriptor_proto().options.as_ref();
            let (options, _) = settings(set.map(|_| method.options()), features);
            self.push(
                Subject::Method,
                method.name(),
                method.full_name(),
                Some(id),
                method.path().to_vec(),
                Data::Method(data),
                options,
            );
        }
    }

    fn extension(&mut self, extension: &ExtensionDescriptor, parent: ElementId, outer: Features) {
        let proto = extension.field_descriptor_proto();
        let map = extension.is_map();
        let (options, features) =
            settings(proto.options.as_ref().map(|_| extension.options()), outer);
        let data = FieldData {
            number: proto.number(),
            ty: field_type(
                &extension.kind(),
                map,
                extension.is_group() || features.delimited,
            ),
            cardinality: if extension.is_list() {
                Cardinality::Repeated
            } else {
                Cardinality::Singular
            },
            presence: if extension.supports_presence() {
                Presence::Explicit
            } else {
                Presence::Implicit
            },
            label: self.label(proto, extension.path(), map),
            json_name: extension.json_name().to_owned(),
            oneof: None,
            packed: packed(&extension.kind(), extension.is_list(), &options, features),
            utf8: features.utf8 && holds_strings(&extension.kind(), map),
            java_utf8: (features.utf8 || features.java_utf8)
                && holds_strings(&extension.kind(), map),
            cpp_string: cpp_string(&extension.kind(), features),
            default: self.default(proto, extension.path()),
            extendee: Some(extension.containing_message().full_name().to_owned()),
        };
        self.push(
            Subject::Extension,
            extension.name(),
            extension.full_name(),
            Some(parent),
            extension.path().to_vec(),
            Data::Field(Box::new(data)),
            options,
        );
    }
}

/// Whether a repeated field is written packed: as its option says, else as its feature does.
fn packed(kind: &Kind, repeated: bool, options: &Options, features: Features) -> bool {
    let packable = repeated && !matches!(kind, Kind::String | Kind::Bytes | Kind::Message(_));
    let said = options.get("packed").map(|option| option.text == "true");
    packable && said.unwrap_or(features.packed)
}

/// Whether there are strings in a field: they are checked to be UTF-8, and nothing else is.
fn holds_strings(kind: &Kind, map: bool) -> bool {
    let string = |kind: &Kind| matches!(kind, Kind::String);
    let entry = kind.as_message().filter(|_| map);
    let inside = entry.is_some_and(|entry| {
        string(&entry.map_entry_key_field().kind()) || string(&entry.map_entry_value_field().kind())
    });
    string(kind) || inside
}

fn cpp_string(kind: &Kind, features: Features) -> Option<CppString> {
    matches!(kind, Kind::String | Kind::Bytes).then_some(features.cpp_string)
}

fn field_type(kind: &Kind, map: bool, group: bool) -> FieldType {
    let scalar = |name| FieldType::Scalar(name);
    match kind {
        Kind::Double => scalar("double"),
        Kind::Float => scalar("float"),
        Kind::Int32 => scalar("int32"),
        Kind::Int64 => scalar("int64"),
        Kind::Uint32 => scalar("uint32"),
        Kind::Uint64 => scalar("uint64"),
        Kind::Sint32 => scalar("sint32"),
        Kind::Sint64 => scalar("sint64"),
        Kind::Fixed32 => scalar("fixed32"),
        Kind::Fixed64 => scalar("fixed64"),
        Kind::Sfixed32 => scalar("sfixed32"),
        Kind::Sfixed64 => scalar("sfixed64"),
        Kind::Bool => scalar("bool"),
        Kind::String => scalar("string"),
        Kind::Bytes => scalar("bytes"),
        Kind::Enum(enumeration) => FieldType::Enum(enumeration.full_name().to_owned()),
        Kind::Message(entry) if map => {
            let key = match field_type(&entry.map_entry_key_field().kind(), false, false) {
                FieldType::Scalar(name) => name,
                _ => "string",
            };
            FieldType::Map(
                key,
                Box::new(field_type(
                    &entry.map_entry_value_field().kind(),
                    false,
                    false,
                )),
            )
        }
        Kind::Message(message) if group => FieldType::Group(message.full_name().to_owned()),
        Kind::Message(message) => FieldType::Message(message.full_name().to_owned()),
    }
}
