//! Stand-ins for what imports that are not there would bring, made before anything is linked; it links and reports nothing.
//!
//! An import that is not there becomes an empty file, so that the places of imports stay theirs. A name that nothing
//! declares, in a file that such an import can be seen from, becomes an opaque message of that name, in a file of its
//! own that is added behind the imports. Both sides get the same stand-in, so that nothing is reported about it. Imports
//! that declare options which every reader knows bring these, so that what the tree says with them is read.

mod known;
mod opaque;
mod tree;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use prost_types::{FileDescriptorProto, UninterpretedOption};

use self::opaque::{opaque, outermost, stub_file};
use self::tree::{Tree, View};
use super::Parsed;
use super::scope::{self, Meaning, Scope, What};
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
    for (import, file) in known::among(files, stubs.imports.values().flatten()) {
        stubs.files.insert(import.clone());
        files.insert(import, made_up(file));
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
        if !stubs.files.insert(import.clone()) {
            continue;
        }
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
        text: Arc::default(),
        places: Arc::default(),
        is_placed: true,
        shown: String::new(),
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
