//! Whom a change breaks, and how badly: told from the elements on both sides, for each encoding and each direction; it knows no rules.
//!
//! What is said here was measured: old data was read by new programs and new data by old ones, in several
//! implementations of protobuf, and a test holds this module to the results.

mod enumeration;
mod field;
mod json;
mod known;
mod message;
mod oneof;
mod removal;
mod wire;

use serde::{Deserialize, Serialize};

use crate::change::{Action, Aspect, Change, Subject};
use crate::diff::pair::Pairing;
use crate::schema::{Data, ElementId, Schema};
pub use json::has_own_form;

/// Whom a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Breaks {
    /// Programs that exchange the binary encoding.
    Wire,
    /// Programs that exchange ProtoJSON.
    Json,
    /// Source that uses generated code.
    Source,
}

impl Breaks {
    /// The word that pages and reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Json => "json",
            Self::Source => "source",
        }
    }
}

/// Which readers suffer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// New readers of old data.
    Backward,
    /// Old readers of new data.
    Forward,
    /// Readers old and new.
    Both,
}

impl Direction {
    /// The word that pages and reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
            Self::Both => "both",
        }
    }

    const fn has_backward(self) -> bool {
        matches!(self, Self::Backward | Self::Both)
    }

    const fn has_forward(self) -> bool {
        matches!(self, Self::Forward | Self::Both)
    }
}

/// What becomes of data at a reader of the other side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// It is read as it was written.
    #[default]
    Lossless,
    /// So are the values that both sides can say; others are cut, dropped or refused.
    InRange,
    /// It is kept as unknown or left out, and reads as if it had not been sent.
    Dropped,
    /// It is read as something else or refused.
    Wrong,
}

/// What becomes of data in one encoding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Readers {
    /// Old data at new readers.
    pub backward: Grade,
    /// New data at old readers.
    pub forward: Grade,
}

/// Whom a change breaks, and how badly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// What becomes of data in the binary encoding.
    pub wire: Readers,
    /// What becomes of data in `ProtoJSON`.
    pub json: Readers,
    /// Whether source that uses generated code has to be changed.
    pub source: bool,
}

impl Readers {
    const fn new(backward: Grade, forward: Grade) -> Self {
        Self { backward, forward }
    }

    const fn both(grade: Grade) -> Self {
        Self::new(grade, grade)
    }

    fn worse(self, other: Self) -> Self {
        Self::new(
            self.backward.max(other.backward),
            self.forward.max(other.forward),
        )
    }

    /// The worst that happens in a direction.
    fn within(self, direction: Direction) -> Grade {
        let of = |counts: bool, grade: Grade| if counts { grade } else { Grade::Lossless };
        of(direction.has_backward(), self.backward).max(of(direction.has_forward(), self.forward))
    }

    /// The directions in which anything happens; `None` where nothing does.
    pub fn direction(self) -> Option<Direction> {
        match (
            self.backward > Grade::Lossless,
            self.forward > Grade::Lossless,
        ) {
            (true, true) => Some(Direction::Both),
            (true, false) => Some(Direction::Backward),
            (false, true) => Some(Direction::Forward),
            (false, false) => None,
        }
    }
}

impl Impact {
    /// What a page states of every change that it claims: it says whom, and not how badly, so that the worst counts.
    pub fn stated(breaks: &[Breaks], direction: Direction) -> Self {
        let grade = |counts: bool| {
            if counts {
                Grade::Wrong
            } else {
                Grade::Lossless
            }
        };
        let readers = |encoding: Breaks| {
            let counts = breaks.contains(&encoding);
            Readers::new(
                grade(counts && direction.has_backward()),
                grade(counts && direction.has_forward()),
            )
        };
        Self {
            wire: readers(Breaks::Wire),
            json: readers(Breaks::Json),
            source: breaks.contains(&Breaks::Source),
        }
    }

    const fn source() -> Self {
        Self::same(Readers::both(Grade::Lossless))
    }

    /// The same in both encodings, and generated code changes with it.
    const fn same(readers: Readers) -> Self {
        Self {
            wire: readers,
            json: readers,
            source: true,
        }
    }

    const fn wire(readers: Readers) -> Self {
        Self {
            wire: readers,
            ..Self::source()
        }
    }

    const fn json(readers: Readers) -> Self {
        Self {
            json: readers,
            ..Self::source()
        }
    }

    /// The worse of two, in everything.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        Self {
            wire: self.wire.worse(other.wire),
            json: self.json.worse(other.json),
            source: self.source || other.source,
        }
    }

    /// Whom it breaks.
    pub fn breaks(&self) -> Vec<Breaks> {
        let of = |readers: Readers| readers.direction().is_some();
        [
            (Breaks::Wire, of(self.wire)),
            (Breaks::Json, of(self.json)),
            (Breaks::Source, self.source),
        ]
        .into_iter()
        .filter_map(|(breaks, counts)| counts.then_some(breaks))
        .collect()
    }

    /// Which readers suffer, in any encoding; both where data does not suffer.
    pub fn direction(&self) -> Direction {
        self.wire
            .worse(self.json)
            .direction()
            .unwrap_or(Direction::Both)
    }

    /// The worst that data suffers, of that which counts.
    pub fn data(&self, counts: &[Breaks], direction: Direction) -> Grade {
        let of = |encoding: Breaks, readers: Readers| {
            if counts.contains(&encoding) {
                readers.within(direction)
            } else {
                Grade::Lossless
            }
        };
        of(Breaks::Wire, self.wire).max(of(Breaks::Json, self.json))
    }
}

/// Whether the impact of such a change is told from the elements; of every other one its page states it.
pub fn is_computed(triple: (Subject, Aspect, Action), facet: Option<&str>) -> bool {
    use Action::{Added, Changed, Removed};
    use Subject::{EnumValue, Extension, Field, Message, Method, Oneof};
    match triple {
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
struct Reading<'a> {
    writer: &'a Schema,
    reader: &'a Schema,
    sides: Sides<'a>,
    is_backward: bool,
}

impl<'a> Sides<'a> {
    fn backward(self) -> Reading<'a> {
        Reading {
            writer: self.baseline,
            reader: self.current,
            sides: self,
            is_backward: true,
        }
    }

    fn forward(self) -> Reading<'a> {
        Reading {
            writer: self.current,
            reader: self.baseline,
            sides: self,
            is_backward: false,
        }
    }

    /// What happens in each direction, told by one that is given the writer's element and the reader's.
    fn readers(
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
    fn at_reader(self, written: ElementId) -> Option<ElementId> {
        if self.is_backward {
            self.sides.pairs.current(written)
        } else {
            self.sides.pairs.baseline(written)
        }
    }

    /// Whether two names stand for one type, whose changes are changes of its own.
    fn is_same(&self, written: &str, read: &str) -> bool {
        let paired = || self.at_reader(self.writer.find(written)?);
        let is_read = |id: ElementId| self.reader.get(id).full_name == read;
        written == read || paired().is_some_and(is_read)
    }
}

/// The impact of a change; `None` where its page states it.
pub fn of(change: &Change, sides: Sides<'_>) -> Option<Impact> {
    if !is_computed(change.triple(), change.facet.as_deref()) {
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
