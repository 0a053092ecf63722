//! Every written name and every option of a file, visited with the element that it is written in; it knows no meanings.

use std::collections::{BTreeSet, HashMap};

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    UninterpretedOption,
};

use super::scope::join;

/// What is done with the names and options of a file.
pub(super) trait Visit {
    /// Looks at the name of a type, written within `inside`; `false` where nothing declares it.
    fn name(&mut self, _inside: &str, _name: &mut Option<String>) -> bool {
        true
    }

    /// Takes the default value of a field whose type nothing declares.
    fn default(&mut self, _path: &[i32], _value: String) {}

    /// Whether an option of the element `inside` stays; `path` is its own.
    fn keeps(&mut self, inside: &str, path: &[i32], option: &mut UninterpretedOption) -> bool;
}

/// What stands for a file as an element that has options.
const FILE: &str = "<file>";

/// The field `uninterpreted_option` of every options message.
const UNINTERPRETED: i32 = 999;

/// Options that were taken off, by the path of their list.
type Gone = HashMap<Vec<i32>, BTreeSet<i32>>;

/// Visits a file, and keeps the places of what is left exact: the path of an option is its index.
pub(super) fn walk(file: &mut FileDescriptorProto, visit: &mut impl Visit) {
    let mut walk = Walk {
        visit,
        gone: Gone::new(),
        path: Vec::new(),
    };
    walk.file(file);
    let gone = walk.gone;
    if gone.is_empty() {
        return;
    }
    let Some(info) = &mut file.source_code_info else {
        return;
    };
    info.location
        .retain_mut(|location| renumber(&mut location.path, &gone));
}

/// Moves the path of an option behind those that are gone; `false` where it is one of them.
fn renumber(path: &mut [i32], gone: &Gone) -> bool {
    for at in 1..path.len() {
        let (list, rest) = path.split_at_mut(at);
        if list.last() != Some(&UNINTERPRETED) {
            continue;
        }
        if let (Some(gone), Some(index)) = (gone.get(&*list), rest.first_mut()) {
            if gone.contains(index) {
                return false;
            }
            let before = gone.range(..*index).count();
            *index -= i32::try_from(before).unwrap_or(0);
            return true;
        }
    }
    true
}

struct Walk<'a, V> {
    visit: &'a mut V,
    gone: Gone,
    path: Vec<i32>,
}

/// Visits every item of a repeated field of a descriptor.
macro_rules! each {
    ($walk:ident, $list:expr, $field:literal, |$item:ident| $body:expr) => {
        for (index, $item) in $list.iter_mut().enumerate() {
            let depth = $walk.path.len();
            $walk
                .path
                .extend([$field, i32::try_from(index).unwrap_or(i32::MAX)]);
            $body;
            $walk.path.truncate(depth);
        }
    };
}

/// Visits the options of a descriptor.
macro_rules! options {
    ($walk:ident, $element:expr, $field:literal, $name:expr) => {
        if let Some(options) = &mut $element.options {
            $walk.options(&mut options.uninterpreted_option, $field, $name);
        }
    };
}

impl<V: Visit> Walk<'_, V> {
    fn options(&mut self, options: &mut Vec<UninterpretedOption>, field: i32, inside: &str) {
        let mut list = self.path.clone();
        list.extend([field, UNINTERPRETED]);
        let mut index = 0;
        options.retain_mut(|option| {
            let mut path = list.clone();
            path.push(index);
            let keeps = self.visit.keeps(inside, &path, option);
            if !keeps {
                self.gone.entry(list.clone()).or_default().insert(index);
            }
            index += 1;
            keeps
        });
    }

    fn file(&mut self, file: &mut FileDescriptorProto) {
        let package = file.package().to_owned();
        // Names in options are looked for around what has them; a file is in its package.
        let inside = join(&package, FILE);
        options!(self, file, 8, &inside);
        each!(self, file.message_type, 4, |message| self
            .message(message, &package));
        each!(self, file.enum_type, 5, |enumeration| self
            .enumeration(enumeration, &package));
        each!(self, file.extension, 7, |extension| self
            .field(extension, &package));
        each!(self, file.service, 6, |service| {
            let name = join(&package, service.name());
            options!(self, service, 3, &name);
            each!(self, service.method, 2, |method| {
                let name = join(&name, method.name());
                self.visit.name(&name, &mut method.input_type);
                self.visit.name(&name, &mut method.output_type);
                options!(self, method, 4, &name);
            });
        });
    }

    fn message(&mut self, message: &mut DescriptorProto, scope: &str) {
        let name = join(scope, message.name());
        options!(self, message, 7, &name);
        each!(self, message.field, 2, |field| self.field(field, &name));
        each!(self, message.extension, 6, |field| self.field(field, &name));
        each!(self, message.nested_type, 3, |nested| self
            .message(nested, &name));
        each!(self, message.enum_type, 4, |enumeration| self
            .enumeration(enumeration, &name));
        each!(self, message.extension_range, 5, |range| {
            options!(self, range, 3, &name);
        });
        each!(self, message.oneof_decl, 8, |oneof| {
            let name = join(&name, oneof.name());
            options!(self, oneof, 2, &name);
        });
    }

    fn field(&mut self, field: &mut FieldDescriptorProto, scope: &str) {
        let name = join(scope, field.name());
        self.visit.name(&name, &mut field.extendee);
        let declared = self.visit.name(&name, &mut field.type_name);
        if !declared && let Some(value) = field.default_value.take() {
            self.visit.default(&self.path, value);
        }
        options!(self, field, 8, &name);
    }

    fn enumeration(&mut self, enumeration: &mut EnumDescriptorProto, scope: &str) {
        let name = join(scope, enumeration.name());
        options!(self, enumeration, 3, &name);
        each!(self, enumeration.value, 2, |value| {
            let name = join(scope, value.name());
            options!(self, value, 3, &name);
        });
    }
}
