//! The options of extension ranges: the linker checks them, and its own types do not hold those that it does not know.

use std::borrow::Cow;

use prost_reflect::{DynamicMessage, FileDescriptor, MessageDescriptor, Value};
use prost_types::DescriptorProto;

use super::option::{Options, stated};

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

/// The options of the extension ranges of a message, each under its range.
pub(super) fn options(whole: Option<&DynamicMessage>, message: &MessageDescriptor) -> Options {
    const RANGES: i32 = 5;
    const OPTIONS: i32 = 3;
    let Some(file) = whole else {
        return Options::new();
    };
    let mut found = Options::new();
    let ranges = &message.descriptor_proto().extension_range;
    for (index, range) in ranges.iter().enumerate() {
        let index = i32::try_from(index).unwrap_or(i32::MAX);
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
        let options = stated(set, &[RANGES, index, OPTIONS]).into_iter();
        found.extend(options.map(|(name, option)| (format!("{range}.{name}"), option)));
    }
    found
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
