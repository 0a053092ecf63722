//! Descriptor sets and buf images to single files, and these to what the compiler links; it reads no disk and compares nothing.
//!
//! A buf image is a `google.protobuf.FileDescriptorSet` with one more field in each file. Both are decoded through the
//! built-in `descriptor.proto`, which knows editions and features, so that nothing is lost; fields it does not know (custom
//! options before their extensions are linked) are kept as they are. Whatever the linker would trip over is refused here.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use prost_reflect::prost::Message as _;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor, ReflectMessage as _,
    Value,
};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
};
use protox::file::File;

use super::builtin;
use super::editions::{self, Declaration, Edition, Visibility, declaration};

/// What buf adds to a file. Source: `buf/alpha/image/v1/image.proto`.
const BUF: &str = r#"syntax = "proto2"; package google.protobuf;
message FileDescriptorProto { optional ImageFileExtension buf_extension = 8042; }
message ImageFileExtension { optional bool is_import = 1; }"#;

/// One file of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// The path that others import it by: an image knows no other.
    pub path: String,
    /// Whether it is there for others to link with, and is no part of what the image was built from.
    pub is_import: bool,
    /// The `google.protobuf.FileDescriptorProto`, nothing lost.
    pub descriptor: Vec<u8>,
}

/// Why bytes are no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImageError(String);

fn refused<T>(why: impl Into<String>) -> Result<T, ImageError> {
    Err(ImageError(why.into()))
}

/// Takes an image apart; it is in the wire format or in `ProtoJSON`, whatever its name says.
///
/// # Errors
/// Bytes that are neither, no file at all, a file without a usable path, a path that comes twice.
pub fn files(bytes: &[u8]) -> Result<Vec<ImageFile>, ImageError> {
    let set = decode_set(bytes)?;
    let mut files = BTreeMap::new();
    for mut file in messages(&set, "file") {
        let path = text(&file, "name");
        if !is_path(&path) {
            return refused(format!("`{path}` is no path of a file in it"));
        }
        let is_import = messages(&file, "buf_extension")
            .iter()
            .any(|extension| boolean(extension, "is_import"));
        file.clear_field_by_name("buf_extension");
        let descriptor = file.encode_to_vec();
        let file = ImageFile {
            path: path.clone(),
            is_import,
            descriptor,
        };
        if files.insert(path.clone(), file).is_some() {
            return refused(format!("`{path}` is in it twice"));
        }
    }
    if files.is_empty() {
        return refused("there is no file in it");
    }
    Ok(files.into_values().collect())
}

/// A path as imports have them: relative, `/` between names, nothing that leads elsewhere.
fn is_path(path: &str) -> bool {
    !path.contains(['\\', '\0']) && !path.split('/').any(|name| matches!(name, "" | "." | ".."))
}

fn decode_set(bytes: &[u8]) -> Result<DynamicMessage, ImageError> {
    let descriptor = known("google.protobuf.FileDescriptorSet")?;
    // A message in the wire format cannot start with `{`; it can start with what is white space in JSON.
    let json = |bytes: &[u8]| {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        bytes.trim_ascii_start().starts_with(b"{")
    };
    if bytes.starts_with(b"{") {
        return from_json(bytes);
    }
    match DynamicMessage::decode(descriptor, bytes) {
        Ok(set) if set.unknown_fields().next().is_none() => Ok(set),
        _ if json(bytes) => from_json(bytes),
        Ok(_) => refused("it is another kind of message"),
        Err(_) if std::str::from_utf8(bytes).is_ok() => refused("it is a text"),
        Err(error) => refused(reason(&error.to_string())),
    }
}

/// What an error of the decoder says, without the words that every one of them begins with.
fn reason(error: &str) -> &str {
    let rest = error.strip_prefix("failed to decode Protobuf message: ");
    rest.unwrap_or(error)
}

/// Reads `ProtoJSON`, twice: custom options are named in it, and the names are those of the extensions that it declares.
fn from_json(bytes: &[u8]) -> Result<DynamicMessage, ImageError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let set = json_as(known("google.protobuf.FileDescriptorSet")?, bytes)?;
    if !bytes.windows(2).any(|two| two == b"\"[") {
        return Ok(set);
    }
    let mut pool = pool()?.clone();
    let mut open: Vec<Lowered> = messages(&set, "file")
        .into_iter()
        .filter(|file| !builtin::is_known(&text(file, "name")))
        .filter_map(|file| lower(&file.encode_to_vec(), None, &BTreeMap::new()).ok())
        .collect();
    // Imports stand before what imports them in every image that a tool made; others are found by going round again.
    loop {
        let before = open.len();
        open.retain(|file| {
            let imports = file.descriptor.dependency.iter();
            for known in imports.filter_map(|import| builtin::file(import)) {
                // A file that the pool has stays as it is; every one of these links.
                let _ = pool.add_file_descriptor_proto(known);
            }
            let failed = pool
                .decode_file_descriptor_proto(file.encoded.as_slice())
                .is_err();
            if failed {
                pool = rebuilt(&pool, |_| true);
            }
            failed
        });
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    let descriptor = pool.get_message_by_name("google.protobuf.FileDescriptorSet");
    descriptor.map_or(Ok(set), |descriptor| json_as(descriptor, bytes))
}

fn json_as(descriptor: MessageDescriptor, bytes: &[u8]) -> Result<DynamicMessage, ImageError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let options = DeserializeOptions::new().deny_unknown_fields(false);
    let set = DynamicMessage::deserialize_with_options(descriptor, &mut json, &options);
    let set = set.and_then(|set| json.end().map(|()| set));
    set.map_err(|error| ImageError(error.to_string()))
}

fn pool() -> Result<&'static DescriptorPool, ImageError> {
    static POOL: LazyLock<Option<DescriptorPool>> = LazyLock::new(|| {
        let mut descriptor = builtin::file(builtin::DESCRIPTOR)?;
        let buf: FileDescriptorProto = File::from_source("buf.proto", BUF).ok()?.into();
        for message in buf.message_type {
            match descriptor
                .message_type
                .iter_mut()
                .find(|known| known.name == message.name)
            {
                Some(known) => known.field.extend(message.field),
                None => descriptor.message_type.push(message),
            }
        }
        let mut pool = DescriptorPool::new();
        pool.add_file_descriptor_proto(descriptor).ok()?;
        Some(pool)
    });
    POOL.as_ref()
        .ok_or_else(|| ImageError("the built-in descriptor.proto does not link".to_owned()))
}

fn known(name: &str) -> Result<MessageDescriptor, ImageError> {
    pool()?
        .get_message_by_name(name)
        .ok_or_else(|| ImageError(format!("`{name}` is not known")))
}

/// A pool with the files of this one that did link, after one did not: prost-reflect leaves its extensions behind in the
/// messages that they extend, where they lead nowhere.
pub fn rebuilt(pool: &DescriptorPool, linked: impl Fn(&str) -> bool) -> DescriptorPool {
    let mut new = DescriptorPool::new();
    for file in pool.files().filter(|file| linked(file.name())) {
        // It linked once, after the same files.
        let _ = new.decode_file_descriptor_proto(file.encode_to_vec().as_slice());
    }
    new
}

/// The package and the imports of a file of an image; none where it is damaged, which [`lower`] reports.
pub fn head(descriptor: &[u8]) -> (String, Vec<String>) {
    let file = known("google.protobuf.FileDescriptorProto")
        .ok()
        .and_then(|known| DynamicMessage::decode(known, descriptor).ok());
    file.map(|file| (text(&file, "package"), imports(&file)))
        .unwrap_or_default()
}

fn imports(file: &DynamicMessage) -> Vec<String> {
    ["dependency", "option_dependency"]
        .iter()
        .flat_map(|field| list(file, field))
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// A file that the linker takes.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// What the linker is given: custom options and features are in here only.
    pub encoded: Vec<u8>,
    /// The same, as far as its type knows it.
    pub descriptor: FileDescriptorProto,
    /// Its imports as the image has them.
    pub imports: Vec<String>,
    /// What it says beyond its descriptor, if it declares an edition.
    pub edition: Option<Edition>,
}

/// Makes a file of an image into one that links: under the name `path` (its own where there is none), its imports by the
/// paths that `resolved` gives for them, an edition as proto2 whose features stay in the options.
///
/// # Errors
/// A descriptor that no compiler could have made.
pub fn lower(
    descriptor: &[u8],
    path: Option<&str>,
    resolved: &BTreeMap<String, String>,
) -> Result<Lowered, ImageError> {
    let known = known("google.protobuf.FileDescriptorProto")?;
    let mut file =
        DynamicMessage::decode(known, descriptor).map_err(|error| ImageError(error.to_string()))?;
    let mut declarations = HashMap::new();
    declared(&file, "message_type", 4, &mut Vec::new(), &mut declarations);
    let edition = match text(&file, "syntax").as_str() {
        "" | "proto2" | "proto3" => (!declarations.is_empty()).then(|| Edition {
            declarations,
            ..Edition::default()
        }),
        "editions" => {
            let mut visibility = HashMap::new();
            types(&file, "message_type", 4, &mut Vec::new(), &mut visibility);
            types(&file, "enum_type", 5, &mut Vec::new(), &mut visibility);
            let name = edition(&file)?;
            set(&mut file, "syntax", Value::String("proto2".to_owned()));
            Some(Edition {
                name,
                visibility,
                declarations,
            })
        }
        other => return refused(format!("unknown syntax `{other}`")),
    };
    file.clear_field_by_name("edition");
    let imports = imports(&file);
    let resolve = |import: &String| resolved.get(import).unwrap_or(import).clone();
    let dependencies = imports.iter().map(|import| Value::String(resolve(import)));
    let dependencies = dependencies.collect();
    set(&mut file, "dependency", Value::List(dependencies));
    file.clear_field_by_name("option_dependency");
    if let Some(path) = path {
        set(&mut file, "name", Value::String(path.to_owned()));
    }
    let encoded = file.encode_to_vec();
    let descriptor = FileDescriptorProto::decode(encoded.as_slice())
        .map_err(|error| ImageError(error.to_string()))?;
    check(&descriptor)?;
    Ok(Lowered {
        encoded,
        descriptor,
        imports,
        edition,
    })
}

/// The edition as a text would name it.
fn edition(file: &DynamicMessage) -> Result<String, ImageError> {
    let value = file.get_field_by_name("edition");
    let number = value.and_then(|value| value.as_enum_number()).unwrap_or(0);
    let field = file.descriptor().get_field_by_name("edition");
    let kind = field.map(|field| field.kind());
    let word = kind
        .as_ref()
        .and_then(|kind| kind.as_enum())
        .and_then(|editions| editions.get_value(number))
        .map_or_else(|| number.to_string(), |value| value.name().to_owned());
    let name = word.strip_prefix("EDITION_").unwrap_or(&word).to_owned();
    if editions::KNOWN.contains(&name.as_str()) {
        return Ok(name);
    }
    let known = editions::KNOWN.join("`, `");
    refused(format!("unknown edition `{name}`; known: `{known}`"))
}

/// Finds `export` and `local` of the types of a file or message. Decoding has bounded how deep they are nested.
fn types(
    scope: &DynamicMessage,
    field: &str,
    number: i32,
    path: &mut Vec<i32>,
    found: &mut HashMap<Box<[i32]>, Visibility>,
) {
    for (index, ty) in messages(scope, field).iter().enumerate() {
        path.extend([number, i32::try_from(index).unwrap_or(i32::MAX)]);
        let said = ty.get_field_by_name("visibility");
        let said = match said.and_then(|value| value.as_enum_number()) {
            Some(1) => Some(Visibility::Local),
            Some(2) => Some(Visibility::Export),
            _ => None,
        };
        if let Some(said) = said {
            found.insert(path.clone().into_boxed_slice(), said);
        }
        if field != "enum_type" {
            types(ty, "nested_type", 3, path, found);
            types(ty, "enum_type", 4, path, found);
        }
        path.truncate(path.len().saturating_sub(2));
    }
}

/// Finds the extensions that the messages of a file or message declare.
fn declared(
    scope: &DynamicMessage,
    field: &str,
    number: i32,
    path: &mut Vec<i32>,
    found: &mut HashMap<Box<[i32]>, BTreeMap<i32, Declaration>>,
) {
    let position = |index: usize| i32::try_from(index).unwrap_or(i32::MAX);
    for (index, message) in messages(scope, field).iter().enumerate() {
        path.extend([number, position(index)]);
        for (range, statement) in messages(message, "extension_range").iter().enumerate() {
            let options = messages(statement, "options");
            for said in options.iter().flat_map(|it| messages(it, "declaration")) {
                let word = |set: bool| set.to_string();
                let number = said.get_field_by_name("number");
                let number = number.and_then(|value| value.as_i32()).unwrap_or(0);
                let fields = BTreeMap::from([
                    ("number", number.to_string()),
                    ("full_name", text(&said, "full_name")),
                    ("type", text(&said, "type")),
                    ("repeated", word(boolean(&said, "repeated"))),
                    ("reserved", word(boolean(&said, "reserved"))),
                ]);
                if let Some((number, text)) = declaration::spelled(&fields) {
                    let range = position(range);
                    let message = found.entry(path.clone().into_boxed_slice()).or_default();
                    message.insert(number, Declaration { range, text });
                }
            }
        }
        declared(message, "nested_type", 3, path, found);
        path.truncate(path.len().saturating_sub(2));
    }
}

fn set(message: &mut DynamicMessage, field: &str, value: Value) {
    // Only fields of descriptor.proto are set, with values of their types.
    let _ = message.try_set_field_by_name(field, value);
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field);
    value
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn boolean(message: &DynamicMessage, field: &str) -> bool {
    let value = message.get_field_by_name(field);
    value.and_then(|value| value.as_bool()).unwrap_or(false)
}

fn list(message: &DynamicMessage, field: &str) -> Vec<Value> {
    let value = message.get_field_by_name(field);
    value
        .and_then(|value| value.as_list().map(<[Value]>::to_vec))
        .unwrap_or_default()
}

/// The messages in a field, one or many.
fn messages(message: &DynamicMessage, field: &str) -> Vec<DynamicMessage> {
    let is_set = message.has_field_by_name(field);
    let values = match message
        .get_field_by_name(field)
        .map(std::borrow::Cow::into_owned)
    {
        Some(Value::List(values)) => values,
        Some(value) if is_set => vec![value],
        _ => Vec::new(),
    };
    let message = |value| match value {
        Value::Message(message) => Some(message),
        _ => None,
    };
    values.into_iter().filter_map(message).collect()
}

/// Refuses what no compiler makes and what the linker takes for granted.
fn check(file: &FileDescriptorProto) -> Result<(), ImageError> {
    let package = file.package();
    if !package.is_empty() && !package.split('.').all(is_identifier) {
        return refused(format!("`{package}` is no package"));
    }
    if file
        .options
        .as_ref()
        .is_some_and(|o| !o.uninterpreted_option.is_empty())
    {
        return refused(UNINTERPRETED);
    }
    for message in &file.message_type {
        let reserved = message.name().ends_with("Options") || message.name() == "FeatureSet";
        if package == "google.protobuf" && reserved {
            return refused(format!(
                "only `{}` may declare `{}`",
                builtin::DESCRIPTOR,
                message.name()
            ));
        }
        check_message(message)?;
    }
    file.enum_type.iter().try_for_each(check_enum)?;
    file.extension
        .iter()
        .try_for_each(|field| check_field(field, true))?;
    for service in &file.service {
        check_name(service.name())?;
        if service
            .options
            .as_ref()
            .is_some_and(|o| !o.uninterpreted_option.is_empty())
        {
            return refused(UNINTERPRETED);
        }
        for method in &service.method {
            check_name(method.name())?;
            check_type_name(method.input_type())?;
            check_type_name(method.output_type())?;
            if method
                .options
                .as_ref()
                .is_some_and(|o| !o.uninterpreted_option.is_empty())
            {
                return refused(UNINTERPRETED);
            }
        }
    }
    Ok(())
}

const UNINTERPRETED: &str = "an option in it was not interpreted by the compiler that made it";

fn check_message(message: &DescriptorProto) -> Result<(), ImageError> {
    check_name(message.name())?;
    let name = message.name();
    let options = message.options.as_ref();
    if options.is_some_and(|o| !o.uninterpreted_option.is_empty()) {
        return refused(UNINTERPRETED);
    }
    let ranges = message
        .reserved_range
        .iter()
        .map(|range| (range.start(), range.end()));
    let extensions = message
        .extension_range
        .iter()
        .map(|range| (range.start(), range.end()));
    for (start, end) in ranges.chain(extensions) {
        if start < 1 || end <= start {
            return refused(format!("`{name}` has a range from {start} to {end}"));
        }
    }
    for oneof in &message.oneof_decl {
        check_name(oneof.name())?;
        if oneof
            .options
            .as_ref()
            .is_some_and(|o| !o.uninterpreted_option.is_empty())
        {
            return refused(UNINTERPRETED);
        }
    }
    if options.is_some_and(prost_types::MessageOptions::map_entry) && !is_map_entry(message) {
        return refused(format!(
            "`{name}` is marked as the entry of a map and cannot be one"
        ));
    }
    message
        .field
        .iter()
        .try_for_each(|field| check_field(field, false))?;
    message
        .extension
        .iter()
        .try_for_each(|field| check_field(field, true))?;
    message.enum_type.iter().try_for_each(check_enum)?;
    // Decoding has bounded how deep messages are nested.
    message.nested_type.iter().try_for_each(check_message)
}

/// Whether a message has a key that can be one, and a value.
fn is_map_entry(message: &DescriptorProto) -> bool {
    let singular = |field: &FieldDescriptorProto| field.label() != Label::Repeated;
    let key = |field: &FieldDescriptorProto| {
        let other = matches!(
            field.r#type(),
            Type::Double | Type::Float | Type::Bytes | Type::Message | Type::Group | Type::Enum
        );
        field.number() == 1 && !other && field.r#type.is_some() && field.type_name().is_empty()
    };
    match message.field.as_slice() {
        [one, two] => {
            let (first, second) = if one.number() == 1 {
                (one, two)
            } else {
                (two, one)
            };
            key(first) && second.number() == 2 && singular(first) && singular(second)
        }
        _ => false,
    }
}

fn check_field(field: &FieldDescriptorProto, is_extension: bool) -> Result<(), ImageError> {
    check_name(field.name())?;
    let name = field.name();
    if field
        .options
        .as_ref()
        .is_some_and(|o| !o.uninterpreted_option.is_empty())
    {
        return refused(UNINTERPRETED);
    }
    if field.extendee.is_some() != is_extension {
        return refused(format!("`{name}` cannot be told from an extension"));
    }
    if is_extension {
        check_type_name(field.extendee())?;
    }
    let ty = field.r#type.map(Type::try_from);
    let named = matches!(ty, Some(Ok(Type::Message | Type::Group | Type::Enum)));
    let known = field
        .label
        .is_none_or(|label| Label::try_from(label).is_ok());
    if !matches!(ty, Some(Ok(_))) || !known || named == field.type_name().is_empty() {
        return refused(format!("`{name}` has no type that is known"));
    }
    if named {
        check_type_name(field.type_name())?;
    }
    let default = field.default_value();
    if field.r#type() == Type::Bytes && !is_escaped(default) {
        return refused(format!("the default value of `{name}` is damaged"));
    }
    Ok(())
}

/// Whether the linker can read a default value of bytes: ASCII, and octal escapes that are bytes.
fn is_escaped(default: &str) -> bool {
    let bytes = default.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let octal = |ahead: usize| {
            bytes
                .get(at + ahead)
                .is_some_and(|b| (b'0'..=b'7').contains(b))
        };
        if *byte == b'\\' {
            if octal(1) && octal(2) && octal(3) && bytes.get(at + 1) > Some(&b'3') {
                return false;
            }
            at += 1;
        }
        at += 1;
    }
    default.is_ascii()
}

fn check_enum(enumeration: &EnumDescriptorProto) -> Result<(), ImageError> {
    check_name(enumeration.name())?;
    if enumeration
        .options
        .as_ref()
        .is_some_and(|o| !o.uninterpreted_option.is_empty())
    {
        return refused(UNINTERPRETED);
    }
    for value in &enumeration.value {
        check_name(value.name())?;
        if value
            .options
            .as_ref()
            .is_some_and(|o| !o.uninterpreted_option.is_empty())
        {
            return refused(UNINTERPRETED);
        }
    }
    let backwards = |range: &&prost_types::enum_descriptor_proto::EnumReservedRange| {
        range.end() < range.start()
    };
    match enumeration.reserved_range.iter().find(backwards) {
        Some(range) => refused(format!(
            "`{}` has a range from {} to {}",
            enumeration.name(),
            range.start(),
            range.end()
        )),
        None => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), ImageError> {
    if is_identifier(name) {
        return Ok(());
    }
    refused(format!("`{name}` is no name"))
}

/// Names of types are full names with a leading dot, as compilers resolve them.
fn check_type_name(name: &str) -> Result<(), ImageError> {
    if name
        .strip_prefix('.')
        .is_some_and(|name| name.split('.').all(is_identifier))
    {
        return Ok(());
    }
    refused(format!("`{name}` is no full name of a type"))
}

fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
