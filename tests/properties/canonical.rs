//! What a tree of files means, as text without comments, formatting and order: two trees that differ here differ for somebody.
//!
//! It is made with protox alone, so that what `protopact` overlooks is not overlooked here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use prost_reflect::{DynamicMessage, FileDescriptor};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto,
    FileDescriptorProto,
};
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use crate::sides::Texts;

/// The meaning of each file, by path.
pub(crate) fn canonical(texts: &Texts) -> BTreeMap<String, String> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(Memory(texts.clone()));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    for path in texts.keys() {
        if let Err(error) = compiler.open_file(path) {
            panic!("{path}: {error:?}");
        }
    }
    let pool = compiler.descriptor_pool();
    let files = pool.files().filter(|file| texts.contains_key(file.name()));
    files
        .map(|file| (file.name().to_owned(), of_file(&file)))
        .collect()
}

struct Memory(Texts);

impl FileResolver for Memory {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let text = self.0.get(name);
        text.map_or_else(
            || Err(protox::Error::file_not_found(name)),
            |text| File::from_source(name, text),
        )
    }
}

fn of_file(file: &FileDescriptor) -> String {
    let mut proto: FileDescriptorProto = file.file_descriptor_proto().clone();
    proto.source_code_info = None;
    let mut imports: Vec<String> = Vec::new();
    for (index, import) in proto.dependency.drain(..).enumerate() {
        let is = |list: &[i32]| {
            list.iter()
                .any(|&known| usize::try_from(known) == Ok(index))
        };
        imports.push(format!(
            "{import} {} {}",
            is(&proto.public_dependency),
            is(&proto.weak_dependency)
        ));
    }
    imports.sort();
    proto.public_dependency.clear();
    proto.weak_dependency.clear();
    proto.message_type.iter_mut().for_each(message);
    proto.message_type.sort_by(|a, b| a.name.cmp(&b.name));
    proto.enum_type.iter_mut().for_each(enumeration);
    proto.enum_type.sort_by(|a, b| a.name.cmp(&b.name));
    proto.service.sort_by(|a, b| a.name.cmp(&b.name));
    for service in &mut proto.service {
        service.method.sort_by(|a, b| a.name.cmp(&b.name));
    }
    extensions(&mut proto.extension);
    let mut out = format!("{imports:?}\n{proto:#?}\n");
    // Descriptors of prost drop custom options; what they say is compared by its letters, since maps have no order.
    for message in file.messages() {
        custom(&mut out, message.full_name(), &message.options());
        for field in message.fields() {
            custom(&mut out, field.full_name(), &field.options());
        }
    }
    for enumeration in file.enums() {
        custom(&mut out, enumeration.full_name(), &enumeration.options());
    }
    out
}

fn custom(out: &mut String, name: &str, options: &DynamicMessage) {
    for (extension, value) in options.extensions() {
        let mut letters: Vec<char> = value.to_string().chars().collect();
        letters.sort_unstable();
        let letters: String = letters.into_iter().collect();
        let _ = writeln!(out, "{name} {} {letters}", extension.full_name());
    }
}

fn message(proto: &mut DescriptorProto) {
    let names: Vec<String> = proto
        .oneof_decl
        .iter()
        .map(|oneof| oneof.name().to_owned())
        .collect();
    let mut sorted = names.clone();
    sorted.sort();
    for field in &mut proto.field {
        let name = field
            .oneof_index
            .and_then(|index| names.get(usize::try_from(index).ok()?));
        let index = name.and_then(|name| sorted.iter().position(|known| known == name));
        field.oneof_index = index.and_then(|index| i32::try_from(index).ok());
    }
    proto.oneof_decl.sort_by(|a, b| a.name.cmp(&b.name));
    proto.field.sort_by_key(FieldDescriptorProto::number);
    proto.nested_type.iter_mut().for_each(message);
    proto.nested_type.sort_by(|a, b| a.name.cmp(&b.name));
    proto.enum_type.iter_mut().for_each(enumeration);
    proto.enum_type.sort_by(|a, b| a.name.cmp(&b.name));
    proto.reserved_name.sort();
    proto.reserved_range.sort_by_key(|range| range.start);
    proto.extension_range.sort_by_key(|range| range.start);
    extensions(&mut proto.extension);
}

fn enumeration(proto: &mut EnumDescriptorProto) {
    // The first value is the default. That of several names of one number the first is the one that ProtoJSON writes, the
    // vocabulary has no word for.
    let first = proto.value.first().map(EnumValueDescriptorProto::number);
    proto.value.sort_by_key(|value| {
        let name = value.name().to_owned();
        (Some(value.number()) != first, value.number(), name)
    });
    proto.reserved_name.sort();
    proto.reserved_range.sort_by_key(|range| range.start);
}

fn extensions(list: &mut [FieldDescriptorProto]) {
    list.sort_by(|a, b| a.name.cmp(&b.name));
}
