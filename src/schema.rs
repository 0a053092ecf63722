//! The schema of one side as a flat arena of elements; it knows descriptors and source text, but neither git nor rules.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::change::Subject;

/// The index of an element in its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

/// A range of a source text as the compiler counts it: 0-based lines, columns in UTF-8 bytes, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First line.
    pub line: u32,
    /// First byte within the first line.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// The byte after the last, within the last line.
    pub end_column: u32,
}

/// Source positions and comments of one statement or token, keyed by its descriptor path.
#[derive(Debug, Clone, Default)]
pub struct Location {
    /// Where it stands.
    pub span: Span,
    /// The comment before it, markers stripped.
    pub leading: String,
    /// The comment behind it.
    pub trailing: String,
    /// Comments before it that belong to nothing.
    pub detached: Vec<String>,
}

/// A `.proto` file: its text, and what is known about places in it.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// Path relative to the root of the side.
    pub path: String,
    /// Path that others import it by.
    pub import_path: String,
    /// The text.
    pub text: String,
    /// Places by descriptor path (`google.protobuf.SourceCodeInfo.Location.path`).
    pub locations: HashMap<Box<[i32]>, Location>,
}

/// What every element has.
#[derive(Debug, Clone)]
pub struct Element {
    /// What kind of element it is.
    pub subject: Subject,
    /// Simple name; a file's path, a package's or an import's full name.
    pub name: String,
    /// Full name without a leading dot; a file's path.
    pub full_name: String,
    /// The file that declares it, as an element; a file's own id for a file.
    pub file: ElementId,
    /// The element that encloses it: message, enum, service or file.
    pub parent: Option<ElementId>,
    /// The elements it encloses, in the order of the source.
    pub children: Vec<ElementId>,
    /// Descriptor path within the file.
    pub path: Box<[i32]>,
    /// What depends on the kind.
    pub data: Data,
    /// Options set on it, standard and custom, as `name → value` in protobuf's text form.
    pub options: BTreeMap<String, String>,
}

/// What depends on the kind of element.
#[derive(Debug, Clone)]
pub enum Data {
    /// A file.
    File(FileData),
    /// A message.
    Message(MessageData),
    /// A field or an extension.
    Field(Box<FieldData>),
    /// An enum.
    Enum(EnumData),
    /// An enum value: its number.
    EnumValue(i32),
    /// A method.
    Method(MethodData),
    /// An import: public, weak or plain.
    Import(Modifier),
    /// A package, a oneof or a service: nothing more.
    None,
}

/// A file.
#[derive(Debug, Clone)]
pub struct FileData {
    /// Full name of the package; empty where none is declared.
    pub package: String,
    /// `proto2`, `proto3`, or the edition.
    pub syntax: String,
    /// Index of its text in [`Schema::sources`].
    pub source: usize,
}

/// A message.
#[derive(Debug, Clone, Default)]
pub struct MessageData {
    /// Reserved numbers, both ends included, with the index of the statement's range.
    pub reserved: Vec<(i32, i32)>,
    /// Reserved names.
    pub reserved_names: Vec<String>,
    /// Numbers left to extensions, both ends included.
    pub extension_ranges: Vec<(i32, i32)>,
}

/// A field or an extension.
#[derive(Debug, Clone)]
pub struct FieldData {
    /// Field number.
    pub number: i32,
    /// Resolved type.
    pub ty: FieldType,
    /// Singular, repeated or map.
    pub cardinality: Cardinality,
    /// Implicit, explicit or required; repeated fields have none and count as implicit.
    pub presence: Presence,
    /// The label as written.
    pub label: Option<WrittenLabel>,
    /// The name in ProtoJSON.
    pub json_name: String,
    /// The oneof that holds it; never the synthetic one of a proto3 `optional`.
    pub oneof: Option<ElementId>,
    /// Whether a repeated scalar is written packed.
    pub packed: bool,
    /// The default value as written.
    pub default: Option<String>,
    /// The message that an extension extends, by full name.
    pub extendee: Option<String>,
}

/// The resolved type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// A scalar, by its keyword.
    Scalar(&'static str),
    /// A message, by full name.
    Message(String),
    /// A group, by the full name of its message.
    Group(String),
    /// An enum, by full name.
    Enum(String),
    /// A map: the keyword of its key, and the type of its value.
    Map(&'static str, Box<FieldType>),
}

/// How many values a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// At most one.
    Singular,
    /// Any number, in order.
    Repeated,
    /// One for each key.
    Map,
}

/// Whether absence can be told from the default value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It cannot.
    Implicit,
    /// It can.
    Explicit,
    /// Absence is an error.
    Required,
}

/// A label as it is written before a field's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenLabel {
    /// `optional`
    Optional,
    /// `required`
    Required,
    /// `repeated`
    Repeated,
}

/// An enum.
#[derive(Debug, Clone, Default)]
pub struct EnumData {
    /// Whether numbers that it does not name are moved to the unknown fields.
    pub closed: bool,
    /// Reserved numbers, both ends included.
    pub reserved: Vec<(i32, i32)>,
    /// Reserved names.
    pub reserved_names: Vec<String>,
}

/// A method.
#[derive(Debug, Clone)]
pub struct MethodData {
    /// Full name of the request message.
    pub request: String,
    /// Full name of the response message.
    pub response: String,
    /// Whether the client sends a stream.
    pub client_streaming: bool,
    /// Whether the server sends a stream.
    pub server_streaming: bool,
}

/// What an import statement says beside its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier {
    /// Nothing.
    Plain,
    /// `public`: importers of the importing file see the imported file too.
    Public,
    /// `weak`.
    Weak,
}

/// One side's elements and texts.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    elements: Vec<Element>,
    sources: Vec<SourceFile>,
    by_name: HashMap<String, ElementId>,
}
