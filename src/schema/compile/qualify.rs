//! Written type names to full ones, by what each file sees, where the linker looks at all files of its pool; it links nothing.
//!
//! A package that only files declare which a file does not import takes no part in what its names mean. Source: protobuf
//! language specification, "Packages and Name Resolution", and protoc, which finds packages among the imports only.

use std::collections::{BTreeMap, HashMap};

use prost_types::{DescriptorProto, FieldDescriptorProto};

use super::Parsed;
use super::scope::{Names, What, join, names, scopes};
use crate::schema::builtin;

/// Puts the full name in the place of each type name that a file can see; what it cannot see the linker reports.
pub(super) fn qualify(files: &mut BTreeMap<String, Parsed>) {
    let mut declared: HashMap<String, Names> = HashMap::new();
    for (path, file) in files.iter() {
        declared.insert(path.clone(), names(&file.descriptor));
        for import in &file.descriptor.dependency {
            if !files.contains_key(import)
                && !declared.contains_key(import)
                && let Some(known) = builtin::file(import)
            {
                declared.insert(import.clone(), names(&known));
            }
        }
    }
    for (path, file) in files.iter_mut() {
        // What came as a descriptor has full names already.
        if file.encoded.is_some() {
            continue;
        }
        let imports = file.descriptor.dependency.iter();
        let seen = std::iter::once(path).chain(imports);
        let seen = Seen(seen.filter_map(|path| declared.get(path)).collect());
        let package = file.descriptor.package().to_owned();
        for message in &mut file.descriptor.message_type {
            seen.message(&package, message);
        }
        for extension in &mut file.descriptor.extension {
            seen.field(&package, extension);
        }
        for service in &mut file.descriptor.service {
            let inside = join(&package, service.name());
            for method in &mut service.method {
                seen.name(&inside, &mut method.input_type);
                seen.name(&inside, &mut method.output_type);
            }
        }
    }
}

/// The names that a file sees: its own, and those of what it imports.
struct Seen<'a>(Vec<&'a Names>);

impl Seen<'_> {
    fn message(&self, scope: &str, message: &mut DescriptorProto) {
        let inside = join(scope, message.name());
        for field in message.field.iter_mut().chain(&mut message.extension) {
            self.field(&inside, field);
        }
        for nested in &mut message.nested_type {
            self.message(&inside, nested);
        }
    }

    fn field(&self, inside: &str, field: &mut FieldDescriptorProto) {
        self.name(inside, &mut field.type_name);
        self.name(inside, &mut field.extendee);
    }

    fn name(&self, inside: &str, written: &mut Option<String>) {
        if let Some(full) = written
            .as_deref()
            .and_then(|name| self.resolve(inside, name))
        {
            *written = Some(format!(".{full}"));
        }
    }

    fn resolve(&self, inside: &str, written: &str) -> Option<String> {
        if written.starts_with('.') {
            return None;
        }
        let first = written.split('.').next().unwrap_or(written);
        let is_type = |name: &str| self.get(name) == Some(What::Type);
        for scope in scopes(inside) {
            let found = self.get(&join(scope, first));
            if first == written {
                if found == Some(What::Type) {
                    return Some(join(scope, written));
                }
            } else if matches!(found, Some(What::Type | What::Package)) {
                // The first part decides the scope, whether or not the rest is there.
                return Some(join(scope, written)).filter(|full| is_type(full));
            }
        }
        None
    }

    fn get(&self, name: &str) -> Option<What> {
        self.0.iter().find_map(|names| names.get(name)).copied()
    }
}
