//! Which changes have an impact that depends on the elements, and what tells it for each of them; it looks into no type.

use super::{Grade, Impact, Readers, enumeration, field, message, oneof, removal};
use crate::change::{Action, Aspect, Change, Subject};
use crate::diff::pair::Pairing;
use crate::schema::{Data, ElementId, Schema};

/// Whether the impact of such a change is told from the elements; of every other one its page states it.
pub fn is_computed(triple: (Subject, Aspect, Action), how: &str, facet: Option<&str>) -> bool {
    use Action::{Added, Changed, Removed};
    use Subject::{EnumValue, Extension, Field, Message, Method, Oneof};
    match triple {
        // What becomes of data follows from the type, which has changes of its own.
        _ if how == "type-renamed" => false,
        (
            Field | Extension,
            Aspect::Type | Aspect::Cardinality | Aspect::Name | Aspect::JsonName,
            Changed,
        )
        | (Field, Aspect::Presence | Aspect::Oneof, Changed)
        | (Field | Extension | EnumValue | Oneof, Aspect::Existence, Removed)
        | (EnumValue, Aspect::Name | Aspect::WrittenName, Changed)
        | (EnumValue | Field, Aspect::Choice, Added)
        | (Method, Aspect::RequestType | Aspect::ResponseType, Changed)
        | (Method, Aspect::ClientStreaming | Aspect::ServerStreaming, Added | Removed) => true,
        (Message, Aspect::Option, _) => facet == Some(MESSAGE_SET),
        _ => false,
    }
}

/// The option that writes extensions in a format of their own.
const MESSAGE_SET: &str = "message_set_wire_format";

/// Two schemas, and who is whom in them.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    /// The baseline.
    pub baseline: &'a Schema,
    /// The current side.
    pub current: &'a Schema,
    /// Who is whom.
    pub pairs: &'a Pairing,
}

/// One direction: who wrote the data, and who reads it.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) writer: &'a Schema,
    pub(super) reader: &'a Schema,
    sides: Sides<'a>,
    is_backward: bool,
}

impl<'a> Sides<'a> {
    pub(super) fn backward(self) -> Reading<'a> {
        Reading {
            writer: self.baseline,
            reader: self.current,
            sides: self,
            is_backward: true,
        }
    }

    pub(super) fn forward(self) -> Reading<'a> {
        Reading {
            writer: self.current,
            reader: self.baseline,
            sides: self,
            is_backward: false,
        }
    }

    /// What happens in each direction, told by one that is given the writer's element and the reader's.
    pub(super) fn readers(
        self,
        (from, to): (ElementId, ElementId),
        grade: impl Fn(Reading<'a>, ElementId, ElementId) -> Grade,
    ) -> Readers {
        Readers::new(
            grade(self.backward(), from, to),
            grade(self.forward(), to, from),
        )
    }
}

impl Reading<'_> {
    /// What an element of the writer is to the reader.
    pub(super) fn at_reader(self, written: ElementId) -> Option<ElementId> {
        if self.is_backward {
            self.sides.pairs.current(written)
        } else {
            self.sides.pairs.baseline(written)
        }
    }

    /// Whether two names stand for one type, whose changes are changes of its own.
    pub(super) fn is_same(&self, written: &str, read: &str) -> bool {
        let paired = || self.at_reader(self.writer.find(written)?);
        let is_read = |id: ElementId| self.reader.get(id).full_name == read;
        written == read || paired().is_some_and(is_read)
    }
}

/// The impact of a change; `None` where its page states it.
pub fn of(change: &Change, sides: Sides<'_>) -> Option<Impact> {
    if !is_computed(change.triple(), change.how, change.facet.as_deref()) {
        return None;
    }
    let from = change.baseline.map(|place| place.element);
    let to = change.current.map(|place| place.element);
    let impact = match (change.action, from, to) {
        (Action::Removed, Some(gone), _) if change.aspect == Aspect::Existence => {
            removal::of(change.subject, gone, sides)
        }
        (Action::Added, _, Some(new)) if change.aspect == Aspect::Choice => choice(new, sides),
        (_, Some(from), Some(to)) => changed(change, (from, to), sides),
        // Every other change has a place on both sides; whoever makes one that has not is told the worst.
        _ => Impact::same(Readers::both(Grade::Wrong)),
    };
    Some(impact)
}

/// The impact of a change of an element that both sides have.
fn changed(change: &Change, pair: (ElementId, ElementId), sides: Sides<'_>) -> Impact {
    let added = change.action == Action::Added;
    match (change.subject, change.aspect) {
        (Subject::EnumValue, _) => Impact::json(sides.readers(pair, enumeration::names)),
        (_, aspect @ (Aspect::Name | Aspect::JsonName)) => Impact {
            source: aspect == Aspect::Name,
            ..Impact::json(sides.readers(pair, field::key))
        },
        (_, Aspect::Presence) => Impact::same(sides.readers(pair, field::presence)),
        (_, Aspect::Oneof) => Impact::same(sides.readers(pair, oneof::members)),
        (_, Aspect::Type | Aspect::Cardinality) => field::of(pair, sides),
        (_, Aspect::RequestType | Aspect::ResponseType) => {
            method_type(change.aspect, pair, sides).unwrap_or_default()
        }
        // A call that sends one message, or waits for one, gets along with a stream of one.
        (_, Aspect::ClientStreaming) => Impact::wire(one_way(!added)),
        (_, Aspect::ServerStreaming) => Impact::wire(one_way(added)),
        (_, Aspect::Option) => message_set(pair, sides),
        _ => Impact::default(),
    }
}

fn one_way(is_backward: bool) -> Readers {
    if is_backward {
        Readers::new(Grade::InRange, Grade::Lossless)
    } else {
        Readers::new(Grade::Lossless, Grade::InRange)
    }
}

/// A value or a member that readers of the baseline do not know: only those who write it can hurt them.
fn choice(new: ElementId, sides: Sides<'_>) -> Impact {
    let element = sides.current.get(new);
    let parent = element.parent.map(|parent| &sides.current.get(parent).data);
    // An open enum keeps the number, and writes it; the name is not understood.
    let is_open = matches!(parent, Some(Data::Enum(enumeration)) if !enumeration.closed);
    let forward = one_way(false);
    Impact {
        wire: if is_open { Readers::default() } else { forward },
        json: forward,
        source: false,
    }
}

fn method_type(
    aspect: Aspect,
    (from, to): (ElementId, ElementId),
    sides: Sides<'_>,
) -> Option<Impact> {
    let named = |data: &Data| match data {
        Data::Method(method) if aspect == Aspect::RequestType => Some(method.request.clone()),
        Data::Method(method) => Some(method.response.clone()),
        _ => None,
    };
    let old = named(&sides.baseline.get(from).data)?;
    let new = named(&sides.current.get(to).data)?;
    Some(message::of((&old, &new), sides))
}

/// Readers of message sets read extensions that are written as usual, too.
fn message_set((from, to): (ElementId, ElementId), sides: Sides<'_>) -> Impact {
    let is_set = |schema: &Schema, id: ElementId| {
        let option = schema.get(id).options.get(MESSAGE_SET);
        option.is_some_and(|option| option.text == "true")
    };
    let wire = match (is_set(sides.baseline, from), is_set(sides.current, to)) {
        (true, false) => Readers::new(Grade::Dropped, Grade::Lossless),
        (false, true) => Readers::new(Grade::Lossless, Grade::Dropped),
        _ => Readers::default(),
    };
    Impact {
        wire,
        ..Impact::default()
    }
}
