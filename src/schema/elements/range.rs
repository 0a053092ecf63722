//! The options of extension ranges: the linker checks them, and its own types do not hold those that it does not know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use prost_reflect::{DynamicMessage, FileDescriptor, MessageDescriptor, Value};
use prost_types::DescriptorProto;

use super::option::{Options, stated};
use crate::schema::Declaration;

/// The whole descriptor of a file, if an extension range in one of its messages has options.
pub(super) fn whole(file: &FileDescriptor, messages: &[DescriptorProto]) -> Option<DynamicMessage> {
    let mut open: Vec<&DescriptorProto> = messages.iter().collect();
    while let Some(message) = open.pop() {
        let mut ranges = message.extension_range.iter();
        if ranges.any(|range| range.options.is_some()) {
            let pool = file.parent_pool();
            let descriptor = pool.get_message_by_name("google.protobuf.FileDescriptorProto")?;
            return DynamicMessage::decode(descriptor, file.encode_to_vec().as_slice()).ok();
        }
        open.extend(&message.nested_type);
    }
    None
}

/// What the extension ranges of a message say.
#[derive(Default)]
pub(super) struct Ranges {
    /// The options of each, under its range.
    pub(super) options: Options,
    /// The extensions that they declare, by number.
    pub(super) declarations: BTreeMap<i32, Declaration>,
}

/// What the options of the extension ranges of a message say.
pub(super) fn read(whole: Option<&DynamicMessage>, message: &MessageDescriptor) -> Ranges {
    const RANGES: i32 = 5;
    const OPTIONS: i32 = 3;
    let mut found = Ranges::default();
    let Some(file) = whole else {
        return found;
    };
    let ranges = &message.descriptor_proto().extension_range;
    for (index, range) in ranges.iter().enumerate() {
        let index = position(index);
        let path: Vec<i32> = message
            .path()
            .iter()
            .copied()
            .chain([RANGES, index])
            .collect();
        let Some(set) = descended(file, &path) else {
            continue;
        };
        let set = set.get_field_by_name("options");
        let Some(set) = set.as_deref().and_then(Value::as_message) else {
            continue;
        };
        let (start, end) = (range.start(), range.end().saturating_sub(1));
        let range = if start == end {
            format!("extensions {start}")
        } else {
            format!("extensions {start} to {end}")
        };
        let mut options = stated(set, &[RANGES, index, OPTIONS]);
        // They are compared as what they declare.
        if let Some(option) = options.remove("declaration") {
            declarations(set, &option.path, &mut found.declarations);
        }
        let options = options.into_iter();
        let options = options.map(|(name, option)| (format!("{range}.{name}"), option));
        found.options.extend(options);
    }
    found
}

/// The extensions that the options of a range declare; `path` is that of the option.
fn declarations(set: &DynamicMessage, path: &[i32], found: &mut BTreeMap<i32, Declaration>) {
    let declared = set.get_field_by_name("declaration");
    let declared = declared.as_deref().and_then(Value::as_list);
    for (index, declared) in declared.unwrap_or_default().iter().enumerate() {
        let Some(declared) = declared.as_message() else {
            continue;
        };
        let Some(number) = value(declared, "number", Value::as_i32) else {
            continue;
        };
        let word = |name| value(declared, name, |word| word.as_str().map(str::to_owned));
        let words = ["full_name", "type"].map(|name| word(name).filter(|word| !word.is_empty()));
        let is_set = |name: &&str| value(declared, name, Value::as_bool) == Some(true);
        let flags = ["repeated", "reserved"].into_iter().filter(is_set);
        let flags = flags.map(str::to_owned);
        let text: Vec<String> = words.into_iter().flatten().chain(flags).collect();
        let declaration = Declaration {
            text: text.join(" "),
            path: path.iter().copied().chain([position(index)]).collect(),
        };
        found.entry(number).or_insert(declaration);
    }
}

fn value<T>(
    message: &DynamicMessage,
    field: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    read(message.get_field_by_name(field)?.as_ref())
}

fn position(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// The part of a descriptor that a path of lists and indexes leads to.
fn descended<'a>(descriptor: &'a DynamicMessage, path: &[i32]) -> Option<Cow<'a, DynamicMessage>> {
    let mut at = Cow::Borrowed(descriptor);
    for step in path.chunks_exact(2) {
        let [list, index] = step else { return None };
        let (list, index) = (u32::try_from(*list).ok()?, usize::try_from(*index).ok()?);
        let items = at.get_field_by_number(list)?;
        let item = items.as_list()?.get(index)?.as_message()?.clone();
        drop(items);
        at = Cow::Owned(item);
    }
    Some(at)
}
