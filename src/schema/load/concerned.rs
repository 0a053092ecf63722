//! What of a changed file other files mean by what they say: where it differs, those that nobody edited can have another
//! meaning; which files these are, their texts tell.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
};

/// Names whose meaning changed, and where.
///
/// A file is concerned if it sees the file that changed and writes one of the names. Names that appeared or went away beside
/// others can hide or uncover names of enclosing packages: that concerns only files of the same package and of those in it.
/// Source: protobuf language spec, "Name resolution".
#[derive(Debug, Default)]
pub(super) struct Concern {
    /// The files that changed in such a way.
    sources: BTreeSet<String>,
    names: HashSet<String, foldhash::fast::RandomState>,
    /// Names that hide others, with the packages that they are declared in.
    hiding: HashMap<String, BTreeSet<String>, foldhash::fast::RandomState>,
    /// Whatever is written: what the file passes on to its importers changed.
    any: bool,
    /// Files came or went, so that imports can mean other files.
    paths: bool,
}

impl Concern {
    /// Whether nothing that did not change itself can mean anything else.
    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty() && !self.paths
    }

    /// The files whose importers can be concerned.
    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(String::as_str)
    }

    /// Whether a file is concerned that sees one of the sources: by its text and its package.
    pub(super) fn is_of(&self, text: &[u8], package: &str) -> bool {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let hides = |packages: &BTreeSet<String>| packages.iter().any(|it| encloses(it, package));
        self.any
            || text
                .split(|byte| !is_word(byte))
                .filter_map(|word| std::str::from_utf8(word).ok())
                .any(|word| self.names.contains(word) || self.hiding.get(word).is_some_and(hides))
    }

    /// Says that imports can mean other files, though the files that have them are the same.
    pub(super) fn paths(&mut self) {
        self.paths = true;
    }

    /// Adds a type, by its full name, that is something else to those who name it.
    pub(super) fn name(&mut self, path: &str, full_name: &str) {
        self.sources.insert(path.to_owned());
        self.names.insert(simple(full_name).to_owned());
    }

    /// Adds what differs between two revisions of a file; none of a side that lacks it.
    pub(super) fn compare(
        &mut self,
        path: &str,
        before: Option<&FileDescriptorProto>,
        after: Option<&FileDescriptorProto>,
    ) {
        self.paths |= before.is_none() || after.is_none();
        let [ours, theirs] =
            [before, after].map(|file| file.map(Interface::of).unwrap_or_default());
        let both = ours.names.keys().chain(theirs.names.keys());
        for name in both.collect::<BTreeSet<_>>() {
            let (old, new) = (ours.names.get(name), theirs.names.get(name));
            let is_detail = |meaning: &Meaning| matches!(meaning, Meaning::Detail(_));
            if old == new || (old.or(new).is_some_and(is_detail) && old.is_some() != new.is_some())
            {
                // Values and fields that appear or go away hide nothing: where types are meant they are passed over.
                continue;
            }
            if old.is_some() {
                self.name(path, name);
            }
            let (package, last) = name.rsplit_once('.').unwrap_or(("", name));
            let is_of_package =
                |it: Option<&Meaning>, file: &Interface| it.is_some() && file.package == package;
            if old.is_some() != new.is_some()
                && (is_of_package(old, &ours) || is_of_package(new, &theirs))
            {
                self.hide(path, package, last);
            }
        }
        if before.is_some() && after.is_some() && ours.package != theirs.package {
            for package in [&ours.package, &theirs.package] {
                let mut rest = package.as_str();
                while !rest.is_empty() {
                    let (enclosing, last) = rest.rsplit_once('.').unwrap_or(("", rest));
                    self.hide(path, enclosing, last);
                    rest = enclosing;
                }
            }
        }
        if ours.public != theirs.public {
            self.sources.insert(path.to_owned());
            self.any = true;
        }
    }

    fn hide(&mut self, path: &str, package: &str, name: &str) {
        self.sources.insert(path.to_owned());
        let packages = self.hiding.entry(name.to_owned()).or_default();
        packages.insert(package.to_owned());
    }
}

fn simple(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

/// Whether a package is another one or encloses it.
fn encloses(outer: &str, inner: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What other files can refer to, and what it is to them.
#[derive(Debug, Default)]
struct Interface {
    package: String,
    names: BTreeMap<String, Meaning>,
    public: BTreeSet<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    /// A message: what it has of the fields by which methods answer page by page.
    Message(String),
    Enum,
    Service,
    /// An extension: what it extends, its number, kind and cardinality.
    Extension(String),
    /// A field or an enum value, which only the values of options name: what these look like hangs on it.
    Detail(String),
}

impl Interface {
    fn of(file: &FileDescriptorProto) -> Self {
        let package = file.package();
        let passed = |index: &i32| file.dependency.get(usize::try_from(*index).ok()?).cloned();
        let mut interface = Self {
            package: package.to_owned(),
            names: BTreeMap::new(),
            public: file.public_dependency.iter().filter_map(passed).collect(),
        };
        for service in &file.service {
            interface.add(package, service.name(), Meaning::Service);
        }
        file.enum_type
            .iter()
            .for_each(|it| interface.enumeration(package, it));
        file.extension
            .iter()
            .for_each(|it| interface.extension(package, it));
        let mut open: Vec<(String, &DescriptorProto)> = file
            .message_type
            .iter()
            .map(|message| (package.to_owned(), message))
            .collect();
        while let Some((scope, message)) = open.pop() {
            let meaning = Meaning::Message(pages(message));
            let inside = interface.add(&scope, message.name(), meaning);
            for field in &message.field {
                let meaning = Meaning::Detail(kind(field));
                interface.add(&inside, field.name(), meaning);
            }
            message
                .enum_type
                .iter()
                .for_each(|it| interface.enumeration(&inside, it));
            message
                .extension
                .iter()
                .for_each(|it| interface.extension(&inside, it));
            let nested = message.nested_type.iter();
            open.extend(nested.map(|nested| (inside.clone(), nested)));
        }
        interface
    }

    fn add(&mut self, scope: &str, name: &str, meaning: Meaning) -> String {
        let full_name = if scope.is_empty() {
            name.to_owned()
        } else {
            format!("{scope}.{name}")
        };
        self.names.insert(full_name.clone(), meaning);
        full_name
    }

    fn enumeration(&mut self, scope: &str, enumeration: &EnumDescriptorProto) {
        self.add(scope, enumeration.name(), Meaning::Enum);
        let mut written: BTreeMap<i32, &str> = BTreeMap::new();
        for value in &enumeration.value {
            // Of several names of one number the first is written.
            let number = value.number();
            let written = written.entry(number).or_insert(value.name());
            let meaning = Meaning::Detail(format!("{number} {written}"));
            // The values of an enum live beside it.
            self.add(scope, value.name(), meaning);
        }
    }

    fn extension(&mut self, scope: &str, extension: &FieldDescriptorProto) {
        let number = extension.number();
        let meaning = format!("{} {number} {}", extension.extendee(), kind(extension));
        self.add(scope, extension.name(), Meaning::Extension(meaning));
    }
}

/// What a message says to methods that answer page by page, as AIP-158 has it: that it asks for a page, or which field of
/// it holds the items of one.
fn pages(message: &DescriptorProto) -> String {
    const ITEMS: i32 = 1;
    let has = |name: &str, kind: Type| {
        let mut fields = message.field.iter();
        fields.any(|field| {
            field.name() == name && field.r#type() == kind && field.label() != Label::Repeated
        })
    };
    let asks = has("page_size", Type::Int32) && has("page_token", Type::String);
    let is_item =
        |field: &&FieldDescriptorProto| field.number() == ITEMS && field.label() == Label::Repeated;
    let items = message.field.iter().find(is_item);
    let items = items.filter(|_| has("next_page_token", Type::String));
    format!("{asks} {}", items.map_or("", FieldDescriptorProto::name))
}

/// Type and label as written.
fn kind(field: &FieldDescriptorProto) -> String {
    format!("{:?} {} {:?}", field.r#type, field.type_name(), field.label)
}
