//! Whom a change breaks, and how badly: told from the elements on both sides, for each encoding and each direction; it knows no rules.
//!
//! What is said here was measured: old data was read by new programs and new data by old ones, in several
//! implementations of protobuf, and a test holds this module to the results.

mod computed;
mod enumeration;
mod field;
mod json;
mod known;
mod message;
mod oneof;
mod removal;
mod wire;

use serde::{Deserialize, Serialize};

use computed::Reading;
pub use computed::{Sides, is_computed, of};
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
