//! Two messages of different names: whether what is written as one can be read as the other; one that is the same on both sides is not entered.
//!
//! Messages that name each other are compared as long as there are pairs that were not compared yet: a pair that comes up
//! again adds nothing to what was found, so that cycles are no more than a list of pairs.

use std::collections::{BTreeSet, HashMap};

use super::field::of_presence;
use super::wire::WireType;
use super::{Grade, Impact, Reading, Sides, known};
use crate::change::Subject;
use crate::schema::{Cardinality, ElementId, FieldData, FieldType, Presence, Schema};

/// The encoding that data is written in: fields are known by their numbers in one, by their names in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Wire,
    Json,
}

/// The impact of another message in the place of one.
pub(super) fn of((old, new): (&str, &str), sides: Sides<'_>) -> Impact {
    let grade = |encoding: Encoding| {
        let read = |reading: Reading<'_>, written: &str, read: &str| {
            let mut comparison = Comparison::new(reading, encoding);
            let written = FieldType::Message(written.to_owned());
            let read = FieldType::Message(read.to_owned());
            let grade = comparison.field(&alone(written), &alone(read));
            grade.max(comparison.finish())
        };
        super::Readers::new(
            read(sides.backward(), old, new),
            read(sides.forward(), new, old),
        )
    };
    Impact {
        wire: grade(Encoding::Wire),
        json: grade(Encoding::Json),
        source: true,
    }
}

/// A comparison on its way: what is to be compared yet, and the worst that was found.
pub(super) struct Comparison<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) encoding: Encoding,
    /// Whether the value is meant that `ProtoJSON` shows, and not the message that holds it.
    pub(super) is_value_meant: bool,
    /// Messages that are read as others, and entries of maps that are read as messages or the reverse.
    pending: Vec<(FieldType, FieldType)>,
    seen: BTreeSet<(String, String)>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(reading: Reading<'a>, encoding: Encoding) -> Self {
        Self {
            reading,
            encoding,
            is_value_meant: false,
            pending: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Compares what is left, and gives the worst that it comes to.
    pub(super) fn finish(mut self) -> Grade {
        let mut worst = Grade::Lossless;
        while let Some(pair) = self.pending.pop() {
            worst = worst.max(match &pair {
                (FieldType::Map(key, value), read) => {
                    self.entry_as_message((key, value), read.named().unwrap_or_default())
                }
                (written, FieldType::Map(key, value)) => {
                    self.message_as_entry(written.named().unwrap_or_default(), (key, value))
                }
                (written, read) => self.fields(
                    written.named().unwrap_or_default(),
                    read.named().unwrap_or_default(),
                ),
            });
        }
        worst
    }

    /// Notes that a message is read as another one.
    pub(super) fn messages(&mut self, written: &str, read: &str) {
        if !self.reading.is_same(written, read) {
            let message = |name: &str| FieldType::Message(name.to_owned());
            self.later(message(written), message(read));
        }
    }

    /// Notes a pair that is to be compared, once.
    pub(super) fn later(&mut self, written: FieldType, read: FieldType) {
        if self.seen.insert((written.to_string(), read.to_string())) {
            self.pending.push((written, read));
        }
    }

    /// The fields of two messages, each with the one that reads it.
    fn fields(&mut self, written: &str, read: &str) -> Grade {
        let ours = known::find(self.reading.writer, written, Subject::Message);
        let theirs = known::find(self.reading.reader, read, Subject::Message);
        let (Some((writer, ours)), Some((reader, theirs))) = (ours, theirs) else {
            // Nothing is known of it, so that nothing speaks for it either.
            return Grade::Wrong;
        };
        let readers = self.readers(reader, theirs);
        let mut met = BTreeSet::new();
        let mut unknown = 0;
        let mut worst = Grade::Lossless;
        let mut excluded: HashMap<ElementId, Option<ElementId>> = HashMap::new();
        for id in writer.children(ours, Subject::Field) {
            let Some(field) = writer.field(id) else {
                continue;
            };
            let key = self.key(field);
            let Some(&other) = readers.get(&key) else {
                unknown += 1;
                continue;
            };
            met.insert(other);
            let Some(other) = reader.field(other) else {
                continue;
            };
            worst = worst
                .max(self.field(field, other))
                .max(beside_type(field, other));
            if let Some(oneof) = other.oneof {
                let held = excluded.insert(oneof, field.oneof);
                if held.is_some_and(|held| held.is_none() || held != field.oneof) {
                    worst = worst.max(Grade::InRange);
                }
            }
        }
        let lacks_required = reader.children(theirs, Subject::Field).any(|id| {
            let field = reader.field(id);
            field.is_some_and(|field| field.presence == Presence::Required) && !met.contains(&id)
        });
        if lacks_required {
            return Grade::Wrong;
        }
        worst.max(self.lost(unknown, met.len(), !readers.is_empty()))
    }

    /// What fields come to that the reader does not have: nothing of the message is left where it has none of them.
    fn lost(&self, unknown: usize, known: usize, has_others: bool) -> Grade {
        match (unknown, known) {
            (0, _) => Grade::Lossless,
            (_, 0) if has_others && self.encoding == Encoding::Wire => Grade::Dropped,
            (_, 0) if has_others => Grade::Wrong,
            _ => Grade::InRange,
        }
    }

    /// How a field is known in data.
    fn key(&self, field: &FieldData) -> String {
        match self.encoding {
            Encoding::Wire => field.number.to_string(),
            Encoding::Json => field.json_name.clone(),
        }
    }

    /// The fields of a message by what they are known by: a JSON reader takes the original name, too.
    fn readers(&self, reader: &Schema, message: ElementId) -> HashMap<String, ElementId> {
        let mut found = HashMap::new();
        for id in reader.children(message, Subject::Field) {
            let Some(field) = reader.field(id) else {
                continue;
            };
            found.insert(self.key(field), id);
        }
        if self.encoding == Encoding::Json {
            for id in reader.children(message, Subject::Field) {
                let name = reader.get(id).name.clone();
                found.entry(name).or_insert(id);
            }
        }
        found
    }

    /// The entry of a map that is read as a message, in the binary encoding.
    fn entry_as_message(
        &mut self,
        (key, value): (&'static str, &FieldType),
        message: &str,
    ) -> Grade {
        let Some((schema, id)) = known::find(self.reading.reader, message, Subject::Message) else {
            return Grade::Wrong;
        };
        let readers = self.readers(schema, id);
        let parts = [
            (1, alone(FieldType::Scalar(key))),
            (2, alone(value.clone())),
        ];
        let mut worst = Grade::Lossless;
        for (number, part) in parts {
            let field = readers
                .get(&number.to_string())
                .and_then(|&id| schema.field(id));
            worst = worst.max(field.map_or(Grade::InRange, |field| self.field(&part, field)));
        }
        worst
    }

    /// A message that is read as the entry of a map, in the binary encoding.
    fn message_as_entry(
        &mut self,
        message: &str,
        (key, value): (&'static str, &FieldType),
    ) -> Grade {
        let Some((schema, id)) = known::find(self.reading.writer, message, Subject::Message) else {
            return Grade::Wrong;
        };
        let mut worst = Grade::Lossless;
        for id in schema.children(id, Subject::Field) {
            let Some(field) = schema.field(id) else {
                continue;
            };
            let part = match field.number {
                1 => alone(FieldType::Scalar(key)),
                2 => alone(value.clone()),
                _ => {
                    worst = worst.max(Grade::InRange);
                    continue;
                }
            };
            let grade = self.field(field, &part);
            // The entry stays, and reads as if it had no such key or value.
            let fits = WireType::of(&field.ty) == WireType::of(&part.ty);
            worst = worst.max(if fits { grade } else { Grade::Wrong });
        }
        worst
    }
}

/// What else a reader goes by.
fn beside_type(written: &FieldData, read: &FieldData) -> Grade {
    let is_one = |field: &FieldData| field.cardinality == Cardinality::Singular;
    if !is_one(written) || !is_one(read) {
        return Grade::Lossless;
    }
    if written.default != read.default {
        return Grade::Wrong;
    }
    of_presence(written.presence, read.presence)
}

/// A field of which only the type counts.
fn alone(ty: FieldType) -> FieldData {
    let cardinality = if matches!(ty, FieldType::Map(..)) {
        Cardinality::Map
    } else {
        Cardinality::Singular
    };
    FieldData {
        number: 0,
        ty,
        cardinality,
        presence: Presence::Explicit,
        label: None,
        json_name: String::new(),
        oneof: None,
        packed: false,
        utf8: false,
        java_utf8: false,
        cpp_string: None,
        default: None,
        extendee: None,
    }
}
