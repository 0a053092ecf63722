//! A small tree of `.proto` files as data: flat lists that name each other by index, so that any edit is a change of one value.
//!
//! Nothing here has to be valid protobuf: `print` makes the nearest valid text of it, always the same for the same model.

use std::fmt;

/// A tree of files.
#[derive(Clone)]
pub(crate) struct Model {
    pub(crate) files: Vec<File>,
    pub(crate) types: Vec<Type>,
    pub(crate) services: Vec<Service>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) style: Style,
}

/// How the text looks, which no descriptor shows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    pub(crate) tabs: bool,
    pub(crate) crlf: bool,
    /// A comment with characters of several bytes before each member, on the same line.
    pub(crate) wide: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) package: String,
    pub(crate) proto3: bool,
    pub(crate) comment: String,
    pub(crate) options: Vec<(&'static str, &'static str)>,
    /// A file that is imported whether or not it is needed, and whether publicly.
    pub(crate) import: Option<(usize, bool)>,
    pub(crate) gone: bool,
}

/// What declares a type or an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    File(usize),
    Message(usize),
}

/// A message or an enum.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) home: Home,
    pub(crate) comment: String,
    pub(crate) deprecated: bool,
    pub(crate) custom: Option<Custom>,
    pub(crate) body: Body,
    pub(crate) reserved: Vec<(i32, i32)>,
    pub(crate) reserved_names: Vec<String>,
    pub(crate) gone: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    Message {
        fields: Vec<Field>,
        oneofs: Vec<String>,
        extensions: Vec<(i32, i32)>,
    },
    Enum {
        values: Vec<Value>,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) ty: Ty,
    pub(crate) label: Label,
    /// The oneof that holds it, by its index in the message.
    pub(crate) oneof: Option<usize>,
    pub(crate) json_name: Option<String>,
    pub(crate) packed: Option<bool>,
    pub(crate) default: bool,
    pub(crate) deprecated: bool,
    pub(crate) custom: Option<Custom>,
    pub(crate) comment: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ty {
    Scalar(&'static str),
    /// A message or an enum, by its index.
    Named(usize),
    /// A map with values of a scalar type.
    Map(&'static str, &'static str),
    /// A map with values of a type of the tree.
    MapNamed(&'static str, usize),
    /// A group, with one field of its own.
    Group,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    None,
    Optional,
    Required,
    Repeated,
}

#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) deprecated: bool,
    pub(crate) comment: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) file: usize,
    pub(crate) comment: String,
    pub(crate) methods: Vec<Method>,
    pub(crate) gone: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) request: usize,
    pub(crate) response: usize,
    pub(crate) streams: (bool, bool),
    pub(crate) deprecated: bool,
    pub(crate) comment: String,
}

/// An extension of a message of the tree, or of the options of fields where that message cannot be extended.
#[derive(Debug, Clone)]
pub(crate) struct Extension {
    pub(crate) name: String,
    pub(crate) home: Home,
    pub(crate) extendee: usize,
    pub(crate) number: i32,
    pub(crate) ty: Ty,
    pub(crate) label: Label,
    pub(crate) gone: bool,
}

/// The value of a custom option, which `acme/options.proto` declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Custom {
    Owner(&'static str),
    /// A message with a map: `(name, number)` pairs.
    Limits(&'static [(&'static str, i32)]),
}

/// Its text says more to a reader of a failed test than its lists.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the model `before`")
    }
}

impl Model {
    /// The file that declares a type, however deeply.
    pub(crate) fn file_of(&self, home: Home) -> usize {
        match home {
            Home::File(file) => file,
            Home::Message(message) => self.file_of(self.types[message].home),
        }
    }

    /// Whether what stands in this home is printed.
    pub(crate) fn is_there(&self, home: Home) -> bool {
        match home {
            Home::File(file) => !self.files[file].gone,
            Home::Message(message) => {
                !self.types[message].gone && self.is_there(self.types[message].home)
            }
        }
    }

    /// Whether a home lies inside a message, or is the message.
    pub(crate) fn is_inside(&self, home: Home, message: usize) -> bool {
        match home {
            Home::File(_) => false,
            Home::Message(inner) => {
                inner == message || self.is_inside(self.types[inner].home, message)
            }
        }
    }
}
