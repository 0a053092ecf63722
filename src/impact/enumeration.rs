//! Enums: what a reader makes of the numbers and names of another one; it knows no fields.

use std::collections::BTreeMap;

use super::{Grade, Reading, known};
use crate::change::Subject;
use crate::diff::pair::number;
use crate::schema::{Data, ElementId, Schema};

/// An enum that is read as another one, in the binary encoding.
pub(super) fn wire(reading: Reading<'_>, written: &str, read: &str) -> Grade {
    let (ours, theirs) = match both(reading, written, read) {
        Ok(both) => both,
        Err(grade) => return grade,
    };
    let renumbered = |(name, number): (&&str, &i32)| {
        let other = theirs.numbers.get(name);
        other.is_some_and(|other| other != number)
    };
    if ours.first != theirs.first || ours.numbers.iter().any(renumbered) {
        return Grade::Wrong;
    }
    let unknown = |number: &i32| !theirs.names.contains_key(number);
    if theirs.is_closed && (!ours.is_closed || ours.names.keys().any(unknown)) {
        Grade::InRange
    } else {
        Grade::Lossless
    }
}

/// The same in `ProtoJSON`, which writes the first name of a number.
pub(super) fn json(reading: Reading<'_>, written: &str, read: &str) -> Grade {
    let (ours, theirs) = match both(reading, written, read) {
        Ok(both) => both,
        Err(grade) => return grade,
    };
    let known = ours
        .names
        .values()
        .filter(|name| theirs.numbers.contains_key(*name))
        .count();
    if known == 0 || ours.first != theirs.first {
        Grade::Wrong
    } else if known < ours.names.len() || (theirs.is_closed && !ours.is_closed) {
        Grade::InRange
    } else {
        Grade::Lossless
    }
}

/// What an enum reads where a scalar was written, in the binary encoding: an integer that is no number of it is lost
/// where the enum is closed.
pub(super) fn of_scalar(reading: Reading<'_>, kind: &str, read: &str) -> Grade {
    let grade = super::wire::scalars(kind, "enum");
    let closed = values(reading.reader, read).filter(|read| read.is_closed);
    match closed {
        Some(read) if kind == "bool" => {
            let has = |number| read.names.contains_key(&number);
            grade.max(if has(0) && has(1) {
                Grade::Lossless
            } else {
                Grade::InRange
            })
        }
        Some(_) => grade.max(Grade::InRange),
        None => grade,
    }
}

/// Whether an enum is closed.
pub(super) fn is_closed(schema: &Schema, full_name: &str) -> bool {
    values(schema, full_name).is_some_and(|values| values.is_closed)
}

/// What a reader makes of the name that is written for the number of a value that was renamed, or lost its place among
/// several names of its number.
pub(super) fn names(reading: Reading<'_>, written: ElementId, read: ElementId) -> Grade {
    let name = first_name(reading.writer, written);
    let known = parent(reading.reader, read).is_some_and(|(reader, id)| has_name(reader, id, name));
    if known { Grade::Lossless } else { Grade::Wrong }
}

/// Whether an enum has a value of this name.
pub(super) fn has_name(schema: &Schema, enumeration: ElementId, name: &str) -> bool {
    let mut values = schema.children(enumeration, Subject::EnumValue);
    values.any(|value| schema.get(value).name == name)
}

/// The name that is written for the number of a value: the first.
pub(super) fn first_name(schema: &Schema, value: ElementId) -> &str {
    let own = number(schema, value);
    let first = parent(schema, value).and_then(|(schema, enumeration)| {
        let mut values = schema.children(enumeration, Subject::EnumValue);
        values.find(|&other| number(schema, other) == own)
    });
    &schema.get(first.unwrap_or(value)).name
}

fn parent(schema: &Schema, value: ElementId) -> Option<(&Schema, ElementId)> {
    Some((schema, schema.get(value).parent?))
}

/// What the numbers of an enum are called.
struct Values<'a> {
    is_closed: bool,
    /// The number of the first value, which is what is read where nothing was written.
    first: Option<i32>,
    /// The first name of each number.
    names: BTreeMap<i32, &'a str>,
    /// The number of each name.
    numbers: BTreeMap<&'a str, i32>,
}

/// Both enums; else what is known without them: nothing is lost where they are one, whose changes are changes of its own,
/// and of one that is not there the worst has to be feared.
fn both<'a>(
    reading: Reading<'a>,
    written: &str,
    read: &str,
) -> Result<(Values<'a>, Values<'a>), Grade> {
    if reading.is_same(written, read) {
        return Err(Grade::Lossless);
    }
    let ours = values(reading.writer, written).ok_or(Grade::Wrong)?;
    let theirs = values(reading.reader, read).ok_or(Grade::Wrong)?;
    Ok((ours, theirs))
}

fn values<'a>(schema: &'a Schema, full_name: &str) -> Option<Values<'a>> {
    let (schema, id) = known::find(schema, full_name, Subject::Enum)?;
    let Data::Enum(enumeration) = &schema.get(id).data else {
        return None;
    };
    let mut values = Values {
        is_closed: enumeration.closed,
        first: None,
        names: BTreeMap::new(),
        numbers: BTreeMap::new(),
    };
    for value in schema.children(id, Subject::EnumValue) {
        let (number, name) = (number(schema, value), schema.get(value).name.as_str());
        values.first.get_or_insert(number);
        values.names.entry(number).or_insert(name);
        values.numbers.insert(name, number);
    }
    Some(values)
}
