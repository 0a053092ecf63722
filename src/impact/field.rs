//! Fields: what a reader makes of a field that was written as another one; the messages inside are compared elsewhere.

use super::json::{self, Form};
use super::message::{Comparison, Encoding};
use super::wire::{self, WireType};
use super::{Grade, Impact, Readers, Reading, Sides, enumeration};
use crate::schema::{Cardinality, ElementId, FieldData, FieldType, Presence, Schema};

/// The impact of another type or cardinality.
pub(super) fn of((from, to): (ElementId, ElementId), sides: Sides<'_>) -> Impact {
    let grade = |encoding: Encoding| {
        sides.readers((from, to), |reading, written, read| {
            read_as(reading, encoding, written, read)
        })
    };
    let (wire, json) = (grade(Encoding::Wire), grade(Encoding::Json));
    Impact {
        wire: if is_another(sides, from, to) && wire != Readers::default() {
            Readers::both(Grade::Wrong)
        } else {
            wire
        },
        json,
        source: true,
    }
}

/// Whether another field took the number: one that is called and typed differently says something else.
fn is_another(sides: Sides<'_>, from: ElementId, to: ElementId) -> bool {
    let (ours, theirs) = (sides.baseline.get(from), sides.current.get(to));
    let ty = |schema: &Schema, id: ElementId| schema.field(id).map(|field| field.ty.clone());
    ours.name != theirs.name && ty(sides.baseline, from) != ty(sides.current, to)
}

fn read_as(reading: Reading<'_>, encoding: Encoding, written: ElementId, read: ElementId) -> Grade {
    let (Some(ours), Some(theirs)) = (reading.writer.field(written), reading.reader.field(read))
    else {
        return Grade::Wrong;
    };
    let mut comparison = Comparison::new(reading, encoding);
    // Where `ProtoJSON` reads one form as the other, the value itself is meant, and not the bytes that it happens to have.
    if encoding == Encoding::Wire && own_form(ours) != own_form(theirs) {
        let mut json = Comparison::new(reading, Encoding::Json);
        let grade = json.field(ours, theirs);
        comparison.is_value_meant = grade.max(json.finish()) < Grade::Wrong;
    }
    let grade = comparison.field(ours, theirs);
    grade.max(comparison.finish())
}

/// Whether the message that a field names has a form of its own, and how many of it there are: `ListValue` is another
/// spelling of repeated `Value`, and `StringValue` of `string`.
fn own_form(field: &FieldData) -> (bool, Cardinality) {
    let is_known = field.ty.named().is_some_and(json::has_own_form);
    (is_known, field.cardinality)
}

/// What a reader makes of the key that is written for a field: it takes the JSON name and the original one.
pub(super) fn key(reading: Reading<'_>, written: ElementId, read: ElementId) -> Grade {
    let (Some(ours), Some(theirs)) = (reading.writer.field(written), reading.reader.field(read))
    else {
        return Grade::Lossless;
    };
    let original = &reading.reader.get(read).name;
    // The key of an extension is its full name in brackets.
    let is_original = theirs.extendee.is_none() && ours.json_name == *original;
    if ours.json_name == theirs.json_name || is_original {
        Grade::Lossless
    } else {
        Grade::Wrong
    }
}

/// What a reader makes of a value that is there or not there. That a message tells its absence comes with the type, and
/// is no more than what becomes of the type.
pub(super) fn presence(reading: Reading<'_>, written: ElementId, read: ElementId) -> Grade {
    let is_message =
        |field: &FieldData| matches!(field.ty, FieldType::Message(_) | FieldType::Group(_));
    match (reading.writer.field(written), reading.reader.field(read)) {
        (Some(ours), Some(theirs))
            if is_message(ours) == is_message(theirs) || theirs.presence == Presence::Required =>
        {
            of_presence(ours.presence, theirs.presence)
        }
        _ => Grade::Lossless,
    }
}

pub(super) fn of_presence(written: Presence, read: Presence) -> Grade {
    match (written, read) {
        // A zero that was set reads as not set, and what is required may be missing.
        (Presence::Explicit, Presence::Implicit)
        | (Presence::Explicit | Presence::Implicit, Presence::Required) => Grade::InRange,
        _ => Grade::Lossless,
    }
}

/// What is left of several values where one is read: one of them.
fn several(written: &FieldData, read: &FieldData) -> Grade {
    let is_one = |field: &FieldData| field.cardinality == Cardinality::Singular;
    if is_one(read) && !is_one(written) {
        Grade::InRange
    } else {
        Grade::Lossless
    }
}

impl Comparison<'_> {
    /// What becomes of a field that is read as another one.
    pub(super) fn field(&mut self, written: &FieldData, read: &FieldData) -> Grade {
        match self.encoding {
            Encoding::Wire => self.wire_field(written, read),
            Encoding::Json => self.form(&Form::of(written), &Form::of(read)),
        }
    }

    fn wire_field(&mut self, written: &FieldData, read: &FieldData) -> Grade {
        use Cardinality::{Map, Repeated};
        let (ours, theirs) = (WireType::of(&written.ty), WireType::of(&read.ty));
        match (&written.ty, &read.ty) {
            (FieldType::Map(key, value), FieldType::Map(new_key, new_value)) => {
                let keys = self.in_entry(&FieldType::Scalar(key), &FieldType::Scalar(new_key));
                return keys.max(self.in_entry(value, new_value));
            }
            (FieldType::Map(..), FieldType::Message(_)) => {
                self.later(written.ty.clone(), read.ty.clone());
                return several(written, read);
            }
            (FieldType::Message(_), FieldType::Map(..)) => {
                // Of two entries with one key the last one wins.
                self.later(written.ty.clone(), read.ty.clone());
                return if written.cardinality == Repeated {
                    Grade::InRange
                } else {
                    Grade::Lossless
                };
            }
            _ => {}
        }
        let takes_packed = read.cardinality == Repeated && theirs.is_packable();
        let is_packed = written.cardinality == Repeated && written.packed;
        let is_len = |ty: WireType| ty == WireType::Len;
        if is_packed {
            return match (takes_packed, ours == theirs) {
                (true, true) => self.element(&written.ty, &read.ty),
                (true, false) => Grade::Wrong,
                (false, _) if is_len(theirs) => Grade::Wrong,
                (false, _) => Grade::Dropped,
            };
        }
        if ours == theirs {
            let several = if written.cardinality == Map {
                Grade::Lossless
            } else {
                several(written, read)
            };
            return several.max(self.element(&written.ty, &read.ty));
        }
        if is_len(ours) && takes_packed {
            Grade::Wrong
        } else {
            Grade::Dropped
        }
    }

    /// A key or a value of a map: one that does not fit reads as if it were not there, and the entry stays.
    fn in_entry(&mut self, written: &FieldType, read: &FieldType) -> Grade {
        if WireType::of(written) == WireType::of(read) {
            self.element(written, read)
        } else {
            Grade::Wrong
        }
    }

    /// One value that is read as another type of the same wire type.
    pub(super) fn element(&mut self, written: &FieldType, read: &FieldType) -> Grade {
        use FieldType::{Enum, Group, Map, Message, Scalar};
        match (written, read) {
            (Scalar(ours), Scalar(theirs)) => wire::scalars(ours, theirs),
            (Enum(ours), Enum(theirs)) => enumeration::wire(self.reading, ours, theirs),
            (Scalar(ours), Enum(theirs)) => enumeration::of_scalar(self.reading, ours, theirs),
            (Enum(_), Scalar(theirs)) => wire::scalars("enum", theirs),
            (Message(ours), Message(theirs)) => {
                self.messages(ours, theirs);
                if self.is_value_meant && ours != theirs {
                    Grade::Dropped
                } else {
                    Grade::Lossless
                }
            }
            (Group(ours), Group(theirs)) => {
                self.messages(ours, theirs);
                Grade::Lossless
            }
            (Map(..), Message(_)) | (Message(_), Map(..)) => {
                self.later(written.clone(), read.clone());
                Grade::Lossless
            }
            _ if self.is_value_meant => Grade::Wrong,
            (Message(_) | Map(..), Scalar("bytes")) => Grade::Lossless,
            _ => Grade::InRange,
        }
    }

    /// One value of one form that is read as another.
    fn form(&mut self, written: &Form<'_>, read: &Form<'_>) -> Grade {
        match (written, read) {
            (_, Form::Anything)
            | (Form::Any, Form::Any)
            | (Form::Text(_), Form::Scalar("string")) => Grade::Lossless,
            (Form::Anything, _) | (Form::Scalar("string"), Form::Text(_)) => Grade::InRange,
            (Form::List(ours), Form::List(theirs)) => self.form(ours, theirs),
            (Form::Object(key, ours), Form::Object(new_key, theirs)) => {
                json::keys(key, new_key).max(self.form(ours, theirs))
            }
            (Form::Message(ours), Form::Message(theirs)) => {
                self.messages(ours, theirs);
                Grade::Lossless
            }
            // An object with any keys.
            (Form::Message(_), Form::Object("string", value)) if **value == Form::Anything => {
                Grade::Lossless
            }
            (Form::Object("string", value), Form::Message(_)) if **value == Form::Anything => {
                Grade::InRange
            }
            (Form::Text(ours), Form::Text(theirs)) if ours == theirs => Grade::Lossless,
            (Form::Scalar(ours), Form::Scalar(theirs)) => json::scalars(ours, theirs),
            (Form::Enum(ours), Form::Enum(theirs)) => enumeration::json(self.reading, ours, theirs),
            (Form::Scalar(ours), Form::Enum(theirs)) => {
                let closed = enumeration::is_closed(self.reading.reader, theirs);
                json::into_enum(ours).max(if closed {
                    Grade::InRange
                } else {
                    Grade::Lossless
                })
            }
            // A number without a name is written as a number.
            (Form::Enum(ours), Form::Scalar("string")) => {
                if enumeration::is_closed(self.reading.writer, ours) {
                    Grade::Lossless
                } else {
                    Grade::InRange
                }
            }
            _ => Grade::Wrong,
        }
    }
}
