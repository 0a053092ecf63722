//! Stand-ins for what imports that are not there would bring, made before anything is linked; it links and reports nothing.
//!
//! An import that is not there becomes an empty file, so that the places of imports stay theirs. A name that nothing
//! declares, in a file that such an import can be seen from, becomes an opaque message of that name, in a file of its
//! own that is added behind the imports. Both sides get the same stand-in, so that nothing is reported about it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use prost_types::descriptor_proto::ExtensionRange;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FileDescriptorProto,
    UninterpretedOption,
};

use super::Parsed;
use super::scope::{self, Meaning, Names, Scope, What, names, scopes};
use super::visit::{Visit, walk};
use crate::schema::builtin;

/// What stands in for something else.
#[derive(Debug, Default)]
pub(super) struct Stubs {
    /// The imports that were not found, by the path of the file that imports them.
    pub(super) imports: BTreeMap<String, Vec<String>>,
    /// The types that nothing declares, by full name.
    pub(super) types: BTreeSet<String>,
    /// The files that were made up, by what names them among the files.
    pub(super) files: BTreeSet<String>,
    /// The files that see an import that was not found.
    pub(super) blind: BTreeSet<String>,
}

/// Puts stand-ins where imports are not there. `broken` tells files that are there and do not parse; `enums` are full
/// names that are enums as far as anybody knows.
pub(super) fn stand_in(
    files: &mut BTreeMap<String, Parsed>,
    broken: impl Fn(&str) -> bool,
    enums: &BTreeSet<String>,
) -> Stubs {
    let there =
        |import: &str| files.contains_key(import) || broken(import) || builtin::is_known(import);
    let missing: BTreeMap<String, Vec<String>> = files
        .iter()
        .map(|(path, file)| {
            let imports = file.descriptor.dependency.iter();
            let missing = imports.filter(|import| !there(import)).cloned().collect();
            (path.clone(), missing)
        })
        .filter(|(_, missing): &(String, Vec<String>)| !missing.is_empty())
        .collect();
    let mut stubs = Stubs {
        imports: missing.clone(),
        ..Stubs::default()
    };
    if missing.is_empty() {
        return stubs;
    }
    let tree = Tree::new(files, missing);
    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, file) in files.iter_mut() {
        let view = tree.view(path);
        if view.missing.is_empty() {
            continue;
        }
        stubs.blind.insert(path.clone());
        let package = file.descriptor.package().to_owned();
        let mut blind = Blind {
            tree: &tree,
            view: &view,
            scope: Scope {
                package: &package,
                seen: view
                    .seen
                    .iter()
                    .filter_map(|at| tree.names.get(*at))
                    .collect(),
            },
            wanted: BTreeSet::new(),
            defaults: HashMap::new(),
        };
        walk(&mut file.descriptor, &mut blind);
        file.defaults = blind.defaults;
        wanted.insert(path.clone(), blind.wanted);
    }
    for import in stubs.imports.values().flatten() {
        stubs.files.insert(import.clone());
        let file = FileDescriptorProto {
            name: Some(import.clone()),
            ..FileDescriptorProto::default()
        };
        files.insert(import.clone(), made_up(file));
    }
    for (path, names) in &wanted {
        for name in names {
            // A file of the tree declares it, only the import did not lead there.
            if let Some(owner) = tree.owner(name)
                && !reaches(files, owner, path)
            {
                depend(files, path, owner.to_owned());
                continue;
            }
            stubs.types.insert(name.clone());
        }
    }
    let outermost: BTreeMap<&String, String> = stubs
        .types
        .iter()
        .map(|name| (name, outermost(name, &stubs.types)))
        .collect();
    for (path, names) in &wanted {
        let stubbed = names.iter().filter_map(|name| outermost.get(name));
        for outer in stubbed.collect::<BTreeSet<_>>() {
            depend(files, path, stub_file(outer));
        }
    }
    for outer in outermost.values().collect::<BTreeSet<_>>() {
        let inner = outermost.iter().filter(|(_, of)| *of == outer);
        let file = opaque(outer, inner.map(|(name, _)| name.as_str()), enums);
        stubs.files.insert(stub_file(outer));
        files.insert(stub_file(outer), made_up(file));
    }
    stubs
}

/// Takes options off a file: those whose statements hold one of the `failing` descriptor paths and that name an
/// extension. `false` where there is none.
pub(super) fn leave_out(file: &mut FileDescriptorProto, failing: &BTreeSet<Vec<i32>>) -> bool {
    struct Failing<'a>(&'a BTreeSet<Vec<i32>>, bool);
    impl Visit for Failing<'_> {
        fn keeps(&mut self, _: &str, path: &[i32], option: &mut UninterpretedOption) -> bool {
            let extension = option.name.iter().any(|part| part.is_extension);
            let drop = extension && self.0.contains(path);
            self.1 |= drop;
            !drop
        }
    }
    let mut failing = Failing(failing, false);
    walk(file, &mut failing);
    failing.1
}

fn made_up(descriptor: FileDescriptorProto) -> Parsed {
    Parsed {
        imports: Vec::new(),
        import_path: descriptor.name().to_owned(),
        text: String::new(),
        source: None,
        encoded: None,
        edition: None,
        defaults: HashMap::new(),
        json_names: HashMap::new(),
        descriptor,
    }
}

fn depend(files: &mut BTreeMap<String, Parsed>, path: &str, on: String) {
    if let Some(file) = files.get_mut(path)
        && !file.descriptor.dependency.contains(&on)
    {
        file.descriptor.dependency.push(on);
    }
}

fn reaches(files: &BTreeMap<String, Parsed>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(path) = open.pop() {
        if path == to {
            return true;
        }
        if seen.insert(path) {
            let imports = files.get(path).map(|file| &file.descriptor.dependency);
            open.extend(imports.into_iter().flatten().map(String::as_str));
        }
    }
    false
}

/// What names the file of a stand-in: no path is written so, and it has a directory of its own.
fn stub_file(outer: &str) -> String {
    format!("<{outer}>/stub")
}

/// The type that encloses all that an unknown name names: by the names themselves, or where packages end by custom.
fn outermost(name: &str, stubs: &BTreeSet<String>) -> String {
    let is_type = |scope: &&str| {
        let simple = scope.rsplit('.').next().unwrap_or(scope);
        stubs.contains(*scope) || simple.starts_with(|first: char| first.is_ascii_uppercase())
    };
    let enclosing = scopes(name).filter(is_type).last();
    enclosing.unwrap_or(name).to_owned()
}

/// A file that declares an opaque type, and those inside of it.
fn opaque<'a>(
    outer: &str,
    inner: impl Iterator<Item = &'a str>,
    enums: &BTreeSet<String>,
) -> FileDescriptorProto {
    let (package, simple) = outer.rsplit_once('.').unwrap_or(("", outer));
    let mut file = FileDescriptorProto {
        name: Some(stub_file(outer)),
        package: (!package.is_empty()).then(|| package.to_owned()),
        ..FileDescriptorProto::default()
    };
    let inner: Vec<&str> = inner.collect();
    if inner == [outer] && enums.contains(outer) {
        file.enum_type.push(opaque_enum(outer, simple));
        return file;
    }
    let mut message = opaque_message(simple);
    for full in inner {
        let Some(rest) = full
            .strip_prefix(outer)
            .and_then(|rest| rest.strip_prefix('.'))
        else {
            continue;
        };
        let mut at = &mut message;
        let mut parts = rest.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() && enums.contains(full) {
                at.enum_type.push(opaque_enum(full, part));
                break;
            }
            let index = at.nested_type.iter().position(|old| old.name() == part);
            let index = index.unwrap_or_else(|| {
                at.nested_type.push(opaque_message(part));
                at.nested_type.len() - 1
            });
            let Some(next) = at.nested_type.get_mut(index) else {
                break;
            };
            at = next;
        }
    }
    file.message_type.push(message);
    file
}

fn opaque_message(name: &str) -> DescriptorProto {
    DescriptorProto {
        name: Some(name.to_owned()),
        // Whatever extends it may do so.
        extension_range: vec![ExtensionRange {
            start: Some(1),
            end: Some(1 << 29),
            options: None,
        }],
        ..DescriptorProto::default()
    }
}

fn opaque_enum(full: &str, name: &str) -> EnumDescriptorProto {
    EnumDescriptorProto {
        name: Some(name.to_owned()),
        value: vec![EnumValueDescriptorProto {
            // Values live beside their enum; this name is nobody's.
            name: Some(format!("<{full}>")),
            number: Some(0),
            options: None,
        }],
        ..EnumDescriptorProto::default()
    }
}

/// What the files of a side declare and import.
struct Tree {
    missing: BTreeMap<String, Vec<String>>,
    names: BTreeMap<String, Names>,
    /// For each file what it imports, and which of that publicly.
    imports: BTreeMap<String, (Vec<String>, Vec<String>)>,
    /// The files that declare a type or an extension.
    owners: HashMap<String, Vec<String>>,
}

/// What one file sees.
struct View<'a> {
    seen: BTreeSet<&'a str>,
    missing: Vec<&'a str>,
}

impl Tree {
    fn new(files: &BTreeMap<String, Parsed>, missing: BTreeMap<String, Vec<String>>) -> Self {
        let mut tree = Self {
            missing,
            names: BTreeMap::new(),
            imports: BTreeMap::new(),
            owners: HashMap::new(),
        };
        for (path, file) in files {
            tree.add(path, &file.descriptor);
        }
        let mut open: Vec<String> = builtin::WELL_KNOWN
            .iter()
            .map(|name| (*name).to_owned())
            .chain(
                files
                    .values()
                    .flat_map(|file| file.descriptor.dependency.clone()),
            )
            .collect();
        while let Some(name) = open.pop() {
            if tree.names.contains_key(&name) {
                continue;
            }
            if let Some(file) = builtin::file(&name) {
                tree.add(&name, &file);
                open.extend(file.dependency);
            }
        }
        tree
    }

    fn add(&mut self, path: &str, file: &FileDescriptorProto) {
        let names = names(file);
        for (name, what) in &names {
            if matches!(what, What::Type | What::Extension) {
                self.owners
                    .entry(name.clone())
                    .or_default()
                    .push(path.to_owned());
            }
        }
        self.names.insert(path.to_owned(), names);
        let public = file.public_dependency.iter().filter_map(|index| {
            let index = usize::try_from(*index).ok()?;
            file.dependency.get(index).cloned()
        });
        self.imports
            .insert(path.to_owned(), (file.dependency.clone(), public.collect()));
    }

    /// The only file that declares a name; `None` where there are several.
    fn owner(&self, name: &str) -> Option<&str> {
        match self.owners.get(name)?.as_slice() {
            [owner] => Some(owner),
            _ => None,
        }
    }

    fn view(&self, path: &str) -> View<'_> {
        let mut view = View {
            seen: BTreeSet::new(),
            missing: Vec::new(),
        };
        let imports = self.imports.get_key_value(path);
        let mut open: Vec<(&str, bool)> = imports
            .map(|(path, _)| (path.as_str(), true))
            .into_iter()
            .collect();
        while let Some((path, own)) = open.pop() {
            if !view.seen.insert(path) {
                continue;
            }
            let Some((imports, public)) = self.imports.get(path) else {
                continue;
            };
            let seen = if own { imports } else { public };
            let missing = self.missing.get(path).into_iter().flatten();
            let missing = missing.filter(|import| seen.contains(import));
            view.missing.extend(missing.map(String::as_str));
            open.extend(seen.iter().map(|import| (import.as_str(), false)));
        }
        view
    }
}

/// A file from which an import that is not there can be seen.
struct Blind<'a> {
    tree: &'a Tree,
    view: &'a View<'a>,
    scope: Scope<'a>,
    /// The full names that it needs and does not see.
    wanted: BTreeSet<String>,
    defaults: HashMap<Box<[i32]>, String>,
}

impl Visit for Blind<'_> {
    fn name(&mut self, inside: &str, name: &mut Option<String>) -> bool {
        let Some(written) = name.as_deref().filter(|name| !name.is_empty()) else {
            return true;
        };
        let Meaning::Unknown(names) = self.scope.resolve(inside, written, What::Type) else {
            return true;
        };
        let declared = names.iter().find(|name| self.tree.owner(name).is_some());
        let full = declared.map_or_else(
            || scope::likeliest(written, &names, &self.view.missing),
            String::as_str,
        );
        if full.is_empty() {
            return true;
        }
        self.wanted.insert(full.to_owned());
        *name = Some(format!(".{full}"));
        false
    }

    fn default(&mut self, path: &[i32], value: String) {
        self.defaults.insert(path.into(), value);
    }

    fn keeps(&mut self, inside: &str, _: &[i32], option: &mut UninterpretedOption) -> bool {
        let mut extensions = option.name.iter().filter(|part| part.is_extension);
        extensions.all(|part| {
            self.scope.resolve(inside, &part.name_part, What::Extension) == Meaning::Known
        })
    }
}
