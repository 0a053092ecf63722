//! What the files of a side declare and import, and what one of them sees; it changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use prost_types::FileDescriptorProto;

use crate::schema::builtin;
use crate::schema::compile::Parsed;
use crate::schema::compile::scope::{Names, What, names};

/// What the files of a side declare and import.
pub(super) struct Tree {
    missing: BTreeMap<String, Vec<String>>,
    pub(super) names: BTreeMap<String, Names>,
    /// For each file what it imports, and which of that publicly.
    imports: BTreeMap<String, (Vec<String>, Vec<String>)>,
    /// The files that declare a type or an extension.
    owners: HashMap<String, Vec<String>>,
}

/// What one file sees.
pub(super) struct View<'a> {
    pub(super) seen: BTreeSet<&'a str>,
    pub(super) missing: Vec<&'a str>,
}

impl Tree {
    pub(super) fn new(
        files: &BTreeMap<String, Parsed>,
        missing: BTreeMap<String, Vec<String>>,
    ) -> Self {
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
    pub(super) fn owner(&self, name: &str) -> Option<&str> {
        match self.owners.get(name)?.as_slice() {
            [owner] => Some(owner),
            _ => None,
        }
    }

    pub(super) fn view(&self, path: &str) -> View<'_> {
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
