//! Imports that public imports pass on: the linker follows one such step, protobuf all of them; it resolves no names.

use std::collections::{BTreeMap, BTreeSet};

use super::Parsed;
use crate::schema::builtin;

/// Adds to each file, behind its imports, what public imports of public imports pass on to it.
///
/// Source: protobuf language specification, "Importing Definitions": whoever imports a file sees what it imports publicly.
pub(super) fn pass_on(files: &mut BTreeMap<String, Parsed>) {
    let public: BTreeMap<String, Vec<String>> = files
        .iter()
        .map(|(path, file)| (path.clone(), passed(file)))
        .filter(|(_, passed)| !passed.is_empty())
        .collect();
    let there: BTreeSet<String> = files.keys().cloned().collect();
    for (path, file) in files.iter_mut() {
        let imports = &mut file.descriptor.dependency;
        let mut seen: BTreeSet<String> = imports.iter().cloned().chain([path.clone()]).collect();
        let mut open = imports.clone();
        while let Some(import) = open.pop() {
            for passed in public.get(&import).into_iter().flatten() {
                let known = there.contains(passed) || builtin::is_known(passed);
                if known && seen.insert(passed.clone()) {
                    imports.push(passed.clone());
                    open.push(passed.clone());
                }
            }
        }
    }
}

/// What a file imports publicly.
fn passed(file: &Parsed) -> Vec<String> {
    let indexes = file.descriptor.public_dependency.iter();
    indexes
        .filter_map(|index| {
            let index = usize::try_from(*index).ok()?;
            file.descriptor.dependency.get(index).cloned()
        })
        .collect()
}
