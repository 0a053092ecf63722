//! Linked descriptors to the arena of elements: what the diff compares; it decides nothing about compatibility.

mod option;
mod range;

use std::collections::{BTreeMap, HashMap};

use prost_reflect::{
    DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor,
    ServiceDescriptor,
};
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::Label;

use self::option::{Options, settings};
use super::compile::Linked;
use super::editions::Edition;
use super::features::language::{JavaUtf8, StringType};
use super::features::{self, Features, FieldPresence};
use super::json_name::JsonNames;
use super::places::Places;
use super::{
    Cardinality, Data, Element, ElementId, EnumData, FieldData, FieldType, FileData, MessageData,
    MethodData, Modifier, Origin, Presence, Schema, SourceFile, SymbolVisibility, WrittenLabel,
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
        places,
        is_descriptor,
        edition,
        defaults,
        json_names,
    } = linked;
    let proto = file.file_descriptor_proto();
    let options = proto.source_code_info.clone().unwrap_or_default();
    let source = schema.add_source(SourceFile {
        path: path.clone(),
        import_path,
        text,
        is_descriptor,
        places,
        options: Places::new(options.location),
    });
    let edition = edition.as_ref();
    let syntax = edition.map_or_else(|| syntax(proto.syntax()), |edition| &edition.name);
    let set = proto.options.as_ref().map(|_| file.options());
    let states_visibility = set
        .as_ref()
        .and_then(features::features)
        .is_some_and(|set| set.has_field_by_name("default_symbol_visibility"));
    let (options, features) = settings(Subject::File, set, Features::of(syntax));
    let data = FileData {
        package: file.package_name().to_owned(),
        syntax: edition.map_or_else(
            || syntax.to_owned(),
            |edition| format!("edition {}", edition.name),
        ),
        source,
    };
    let none = Edition::default();
    let mut builder = Builder {
        schema,
        source,
        file: ElementId(0),
        edition: edition.unwrap_or(&none),
        labelled: syntax == "proto2",
        defaults: &defaults,
        json_names: &json_names,
        unknown_default: is_descriptor
            && !matches!(syntax, "proto2" | "proto3" | "2023")
            && !states_visibility,
        whole: range::whole(&file, &proto.message_type),
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

struct Builder<'a> {
    schema: &'a mut Schema,
    source: usize,
    file: ElementId,
    edition: &'a Edition,
    /// Whether fields have to have a label: in proto2.
    labelled: bool,
    defaults: &'a HashMap<Box<[i32]>, String>,
    json_names: &'a JsonNames,
    /// Whether the file can say which types others may name, and nobody knows whether it does: compilers leave it out of
    /// images.
    unknown_default: bool,
    /// The whole descriptor, where extension ranges have options: the linker's own types do not hold them.
    whole: Option<DynamicMessage>,
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

    /// The name in `ProtoJSON`; the linker refuses one that two fields have, which is kept aside therefore.
    fn json_name(&self, field: &FieldDescriptor) -> String {
        let aside = self.json_names.get(field.path());
        aside.map_or(field.json_name(), String::as_str).to_owned()
    }

    /// Whether other files may name the type with this path: what is declared within a message is nested.
    fn visibility(&self, path: &[i32], features: Features) -> SymbolVisibility {
        if let Some(&means) = self.edition.visibility.get(path) {
            let origin = Origin::Written;
            return SymbolVisibility { means, origin };
        }
        let origin = if self.unknown_default {
            Origin::Guessed
        } else {
            Origin::Default
        };
        SymbolVisibility {
            means: features.visibility(path.len() > 2),
            origin,
        }
    }

    fn message(&mut self, message: &MessageDescriptor, parent: ElementId, outer: Features) {
        if message.is_map_entry() {
            return;
        }
        let proto = message.descriptor_proto();
        let (mut options, features) = settings(
            Subject::Message,
            proto.options.as_ref().map(|_| message.options()),
            outer,
        );
        let ranges = range::read(self.whole.as_ref(), message);
        options.extend(ranges.options);
        let data = MessageData {
            json: features.json,
            visibility: self.visibility(message.path(), features),
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
            declarations: ranges.declarations,
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
            let (options, _) = settings(Subject::Oneof, set.map(|_| oneof.options()), features);
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
            let (options, features) =
                settings(Subject::Field, set.map(|_| field.options()), features);
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
            json_name: self.json_name(field),
            oneof,
            packed: packed(&field.kind(), field.is_list(), options, features),
            utf8: features.utf8 && holds_strings(&field.kind(), field.is_map()),
            java_utf8: is_checked_in_java(features) && holds_strings(&field.kind(), field.is_map()),
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
        let source = self.schema.source(self.source)?;
        if !source.has_places() {
            // Without source info, a label was written where the language demands it, or where it says something.
            let demanded = self.labelled && proto.oneof_index.is_none();
            let written = demanded || label != WrittenLabel::Optional || proto.proto3_optional();
            return (written && !is_map).then_some(label);
        }
        source.place(path, &[4]).map(|_| label)
    }

    fn enumeration(&mut self, enumeration: &EnumDescriptor, parent: ElementId, outer: Features) {
        let proto = enumeration.enum_descriptor_proto();
        let (options, features) = settings(
            Subject::Enum,
            proto.options.as_ref().map(|_| enumeration.options()),
            outer,
        );
        let data = EnumData {
            closed: !features.open,
            json: features.json,
            visibility: self.visibility(enumeration.path(), features),
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
            let (options, _) = settings(
                Subject::EnumValue,
                described.map(|value| value.options()),
                features,
            );
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
        let (options, features) = settings(Subject::Service, set.map(|_| service.options()), outer);
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
            let (options, _) = settings(Subject::Method, set.map(|_| method.options()), features);
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
        let (options, features) = settings(
            Subject::Extension,
            proto.options.as_ref().map(|_| extension.options()),
            outer,
        );
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
            java_utf8: is_checked_in_java(features) && holds_strings(&extension.kind(), map),
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

/// Whether Java refuses strings that are not UTF-8.
fn is_checked_in_java(features: Features) -> bool {
    features.utf8 || features.languages.java.utf8_validation == JavaUtf8::Verify
}

fn cpp_string(kind: &Kind, features: Features) -> Option<StringType> {
    matches!(kind, Kind::String | Kind::Bytes).then_some(features.languages.cpp.string_type)
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
