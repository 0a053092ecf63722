//! Files that declare opaque types, by their full names; who needs them it does not know.

use std::collections::BTreeSet;

use prost_types::descriptor_proto::ExtensionRange;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FileDescriptorProto,
};

use crate::schema::compile::scope::scopes;

/// What names the file of a stand-in: no path is written so, and it has a directory of its own.
pub(super) fn stub_file(outer: &str) -> String {
    format!("<{outer}>/stub")
}

/// The type that encloses all that an unknown name names: by the names themselves, or where packages end by custom.
pub(super) fn outermost(name: &str, stubs: &BTreeSet<String>) -> String {
    let is_type = |scope: &&str| {
        let simple = scope.rsplit('.').next().unwrap_or(scope);
        stubs.contains(*scope) || simple.starts_with(|first: char| first.is_ascii_uppercase())
    };
    let enclosing = scopes(name).filter(is_type).last();
    enclosing.unwrap_or(name).to_owned()
}

/// A file that declares an opaque type, and those inside of it.
pub(super) fn opaque<'a>(
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
