//! What is lost with an element that is gone: old data still holds it; whether anyone is promised to read it, it does not know.

use super::{Grade, Impact, Readers, Sides, enumeration, oneof};
use crate::change::Subject;
use crate::diff::pair::number;
use crate::schema::{Data, ElementId, Presence};

/// The impact of a field, an extension, an enum value or a oneof that was removed.
pub(super) fn of(subject: Subject, gone: ElementId, sides: Sides<'_>) -> Impact {
    match subject {
        Subject::Oneof => oneof::removed(gone, sides),
        Subject::Extension => extension(gone, sides),
        Subject::EnumValue => value(gone, sides).unwrap_or(Impact::source()),
        _ => field(gone, sides).unwrap_or(Impact::source()),
    }
}

/// What was said in a reserved number or name is given up knowingly, and nothing else will be read into it.
fn field(gone: ElementId, sides: Sides<'_>) -> Option<Impact> {
    let reservation = reservation(gone, sides)?;
    let dropped = |reserved: bool| {
        let backward = if reserved {
            Grade::Lossless
        } else {
            Grade::Dropped
        };
        Readers::new(backward, Grade::Lossless)
    };
    let impact = Impact {
        wire: dropped(reservation.number),
        json: dropped(reservation.name),
        source: true,
    };
    // Old readers refuse a message without it.
    let required = sides.baseline.field(gone)?.presence == Presence::Required;
    let refused = Readers::new(Grade::Lossless, Grade::Wrong);
    Some(if required {
        impact.worse(Impact::same(refused))
    } else {
        impact
    })
}

fn value(gone: ElementId, sides: Sides<'_>) -> Option<Impact> {
    let reservation = reservation(gone, sides)?;
    let parent = sides.pairs.current(sides.baseline.get(gone).parent?)?;
    let own = number(sides.baseline, gone);
    let mut left = sides.current.children(parent, Subject::EnumValue);
    let has_number = left.any(|value| number(sides.current, value) == own);
    let is_closed =
        matches!(&sides.current.get(parent).data, Data::Enum(enumeration) if enumeration.closed);
    let written = enumeration::first_name(sides.baseline, gone);
    let is_known = enumeration::has_name(sides.current, parent, written);
    let backward = |harmed: bool, grade: Grade| {
        let grade = if harmed { grade } else { Grade::Lossless };
        Readers::new(grade, Grade::Lossless)
    };
    let dropped = is_closed && !has_number && !reservation.number;
    Some(Impact {
        wire: backward(dropped, Grade::Dropped),
        json: backward(!is_known && !reservation.name, Grade::Wrong),
        source: true,
    })
}

/// A number of an extension cannot be reserved while its range is left to extensions.
fn extension(gone: ElementId, sides: Sides<'_>) -> Impact {
    let field = sides.baseline.field(gone);
    let extendee = field
        .and_then(|field| field.extendee.as_deref())
        .and_then(|name| sides.baseline.find(name));
    if extendee.is_some_and(|extendee| sides.pairs.current(extendee).is_none()) {
        return Impact::source();
    }
    Impact {
        wire: Readers::new(Grade::Dropped, Grade::Lossless),
        json: Readers::new(Grade::Wrong, Grade::Lossless),
        source: true,
    }
}

/// Whether number and name of something that is gone may not be used again.
struct Reservation {
    number: bool,
    name: bool,
}

/// `None` where what enclosed it is gone as well: nobody reads that any more.
fn reservation(gone: ElementId, sides: Sides<'_>) -> Option<Reservation> {
    let element = sides.baseline.get(gone);
    let parent = sides.pairs.current(element.parent?)?;
    let (numbers, names) = match &sides.current.get(parent).data {
        Data::Message(message) => (&message.reserved, &message.reserved_names),
        Data::Enum(enumeration) => (&enumeration.reserved, &enumeration.reserved_names),
        _ => return None,
    };
    let number = number(sides.baseline, gone);
    Some(Reservation {
        number: numbers
            .iter()
            .any(|&(start, end)| (start..=end).contains(&number)),
        name: names.contains(&element.name),
    })
}
