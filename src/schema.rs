//! The schema of one side as a flat arena of elements; it knows descriptors and source text, but neither git nor rules.

pub mod builtin;
pub mod closure;
pub mod compile;
pub mod editions;
pub mod elements;
pub mod features;
pub mod image;
pub mod json_name;
pub mod layout;
pub mod load;
pub mod location;
pub mod modules;
pub mod places;
pub mod scan;
pub mod token;
pub mod tree;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::change::Subject;
pub use places::{Location, Places};

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

/// A `.proto` file: its text, and what is known about places in it.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// Path relative to the root of the side.
    pub path: String,
    /// Path that others import it by.
    pub import_path: String,
    /// The text; empty where there is none.
    pub text: Arc<str>,
    /// Whether the file comes without its text, from an image: then columns are those of the compiler that made it (for
    /// protoc, bytes with tabs advancing to multiples of 8), because they cannot be converted without the text.
    pub is_descriptor: bool,
    /// Places in it, but for those of options that only linking could read.
    pub places: Arc<Places>,
    /// The places of these.
    pub options: Places,
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
    /// Options set on it, standard and custom, by name: `deprecated`, `(acme.owner)`.
    pub options: BTreeMap<String, OptionValue>,
}

/// An option that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionValue {
    /// The value in protobuf's text form.
    pub text: String,
    /// The descriptor path, from that of the element on, of the statement that sets it.
    pub path: Vec<i32>,
    /// Whether it is of the text only, and in no image: `retention = RETENTION_SOURCE`.
    pub source_only: bool,
    /// Whether it says what would be so without it; never of custom options, whose presence can have a meaning, and of
    /// features, for which it depends on what is around.
    pub is_default: bool,
    /// The values of a custom list, one by one; empty for everything else.
    pub items: Vec<String>,
    /// Whether these are values of an enum, so that the list is a set of flags.
    pub is_flags: bool,
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
    /// Index of its text in `Schema::sources`.
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
    /// Extensions that its ranges declare, by number.
    pub declarations: BTreeMap<i32, Declaration>,
    /// Whether its names have to be fit for JSON (`json_format`).
    pub json: bool,
    /// Whether other files may name it.
    pub visibility: SymbolVisibility,
}

/// An extension that an extension range declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// What it says beside the number, in protobuf's spelling; what holds anyway is left out.
    pub text: String,
    /// The descriptor path, from that of the message on, of the statement that says so.
    pub path: Vec<i32>,
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
    /// Whether strings that are not UTF-8 are refused; always false for other types.
    pub utf8: bool,
    /// Whether Java refuses them, there or anyway; always false for other types.
    pub java_utf8: bool,
    /// The class that holds a string in C++; `None` for other types, and for maps.
    pub cpp_string: Option<features::language::StringType>,
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
    /// Whether its names have to be fit for JSON (`json_format`).
    pub json: bool,
    /// Whether other files may name it.
    pub visibility: SymbolVisibility,
}

/// Whether other files may name a type, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SymbolVisibility {
    /// As it is in force.
    pub means: editions::Visibility,
    /// How it is known.
    pub origin: Origin,
}

/// How the visibility of a type is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// `export` or `local` is written.
    Written,
    /// The file or its edition says so.
    #[default]
    Default,
    /// The edition says so, and an image does not tell whether the file said otherwise.
    Guessed,
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
    files: Vec<ElementId>,
    by_name: HashMap<String, ElementId, foldhash::fast::RandomState>,
    /// Apart from the names: `a.proto` is a file, and the message `proto` of the package `a`.
    by_path: HashMap<String, ElementId, foldhash::fast::RandomState>,
}

impl SourceFile {
    /// Whether it is known where anything stands.
    pub fn has_places(&self) -> bool {
        !self.places.is_empty() || !self.options.is_empty()
    }

    /// The place with the path that `path` and `rest` are together.
    pub fn place(&self, path: &[i32], rest: &[i32]) -> Option<Location<'_>> {
        let place = self.places.get(path, rest);
        place.or_else(|| self.options.get(path, rest))
    }
}

impl Schema {
    /// The id that the next element gets.
    pub fn next_id(&self) -> ElementId {
        ElementId(u32::try_from(self.elements.len()).unwrap_or(u32::MAX))
    }

    /// Adds an element and tells its parent of it.
    pub fn push(&mut self, element: Element) -> ElementId {
        let id = self.next_id();
        if let Some(parent) = element
            .parent
            .and_then(|parent| self.elements.get_mut(parent.0 as usize))
        {
            parent.children.push(id);
        }
        if element.subject == Subject::File {
            self.files.push(id);
        }
        let known = match element.subject {
            Subject::Import => None,
            Subject::File => Some(&mut self.by_path),
            _ => Some(&mut self.by_name),
        };
        if let Some(known) = known {
            known.entry(element.full_name.clone()).or_insert(id);
        }
        self.elements.push(element);
        id
    }

    /// Adds a text, and gives its index.
    pub fn add_source(&mut self, source: SourceFile) -> usize {
        self.sources.push(source);
        self.sources.len() - 1
    }

    /// A text by its index.
    pub fn source(&self, index: usize) -> Option<&SourceFile> {
        self.sources.get(index)
    }

    /// Every element with its id, files in the order of their paths, children after their parents.
    pub fn elements(&self) -> impl Iterator<Item = (ElementId, &Element)> {
        self.elements
            .iter()
            .enumerate()
            .map(|(index, element)| (ElementId(u32::try_from(index).unwrap_or(u32::MAX)), element))
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// An element. An id of another schema gives a stand-in without a name rather than a panic.
    pub fn get(&self, id: ElementId) -> &Element {
        static NOTHING: LazyLock<Element> = LazyLock::new(|| Element {
            subject: Subject::File,
            name: String::new(),
            full_name: String::new(),
            file: ElementId(0),
            parent: None,
            children: Vec::new(),
            path: Box::new([]),
            data: Data::None,
            options: BTreeMap::new(),
        });
        self.elements.get(id.0 as usize).unwrap_or(&NOTHING)
    }

    /// The element with this full name.
    pub fn find(&self, full_name: &str) -> Option<ElementId> {
        self.by_name.get(full_name).copied()
    }

    /// The file with this path.
    pub fn find_file(&self, path: &str) -> Option<ElementId> {
        self.by_path.get(path).copied()
    }

    /// The children of one kind, in the order of the source.
    pub fn children(&self, id: ElementId, subject: Subject) -> impl Iterator<Item = ElementId> {
        self.get(id)
            .children
            .iter()
            .copied()
            .filter(move |&child| self.get(child).subject == subject)
    }

    /// Every file, in the order of the paths.
    pub fn files(&self) -> impl Iterator<Item = ElementId> {
        self.files.iter().copied()
    }

    /// Every element of one kind.
    pub fn all(&self, subject: Subject) -> impl Iterator<Item = ElementId> {
        self.elements()
            .filter(move |(_, element)| element.subject == subject)
            .map(|(id, _)| id)
    }

    /// What is known of the file that declares an element.
    pub fn file_data(&self, id: ElementId) -> Option<&FileData> {
        match &self.get(self.get(id).file).data {
            Data::File(file) => Some(file),
            _ => None,
        }
    }

    /// The text that declares an element.
    pub fn source_of(&self, id: ElementId) -> Option<&SourceFile> {
        self.source(self.file_data(id)?.source)
    }

    /// Whether places and comments of an element's file are known: not where an image came without source info.
    pub fn has_places(&self, id: ElementId) -> bool {
        self.source_of(id)
            .is_none_or(|source| !source.is_descriptor || source.has_places())
    }

    /// Path of the file that declares an element.
    pub fn file_path(&self, id: ElementId) -> &str {
        &self.get(self.get(id).file).full_name
    }

    /// Package of the file that declares an element.
    pub fn package(&self, id: ElementId) -> &str {
        self.file_data(id).map_or("", |file| &file.package)
    }

    /// The place and comments of a statement or token: the element's path, and then `rest`.
    pub fn location(&self, id: ElementId, rest: &[i32]) -> Option<Location<'_>> {
        self.source_of(id)?.place(&self.get(id).path, rest)
    }

    /// The token of an element that `rest` names, else its name, else the whole of it.
    pub fn token(&self, id: ElementId, rest: &[i32]) -> Span {
        let element = self.get(id);
        if element.subject == Subject::File && rest.is_empty() {
            return self.file_token(id);
        }
        let name: &[i32] = if element.subject == Subject::Import {
            &[]
        } else {
            &[1]
        };
        let token = if rest.is_empty() { name } else { rest };
        if element.subject == Subject::File {
            // A file has no name in its text, and the whole of it is no token.
            let location = self.location(id, token).map(|location| location.span);
            return location.unwrap_or_else(|| self.file_token(id));
        }
        [token, name, &[]]
            .into_iter()
            .find_map(|rest| self.location(id, rest))
            .map(|location| location.span)
            .unwrap_or_default()
    }

    /// The statement that stands for a file: `syntax`, else `package`, else its first line.
    fn file_token(&self, id: ElementId) -> Span {
        [&[12][..], &[2]]
            .into_iter()
            .find_map(|rest| self.location(id, rest))
            .map(|location| location.span)
            .unwrap_or_default()
    }

    /// The elements that enclose one, nearest first, the file last.
    pub fn ancestors(&self, id: ElementId) -> impl Iterator<Item = ElementId> {
        std::iter::successors(self.get(id).parent, |&id| self.get(id).parent)
    }

    /// A name that tells an element apart for a reader: without the package, with the types that enclose it.
    pub fn short_name(&self, id: ElementId) -> &str {
        let element = self.get(id);
        if matches!(
            element.subject,
            Subject::File | Subject::Import | Subject::Package
        ) {
            return &element.full_name;
        }
        let package = self.package(id);
        match element
            .full_name
            .strip_prefix(package)
            .and_then(|rest| rest.strip_prefix('.'))
        {
            Some(rest) if !package.is_empty() => rest,
            _ => &element.full_name,
        }
    }

    /// The data of a field or extension.
    pub fn field(&self, id: ElementId) -> Option<&FieldData> {
        match &self.get(id).data {
            Data::Field(field) => Some(field),
            _ => None,
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(name) => f.write_str(name),
            Self::Message(name) | Self::Enum(name) => f.write_str(name),
            Self::Group(name) => write!(f, "group {name}"),
            Self::Map(key, value) => write!(f, "map<{key}, {value}>"),
        }
    }
}

impl FieldType {
    /// The full name of the message or enum that the type names, if it names one.
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Scalar(_) => None,
            Self::Message(name) | Self::Enum(name) | Self::Group(name) => Some(name),
            Self::Map(_, value) => value.named(),
        }
    }
}
