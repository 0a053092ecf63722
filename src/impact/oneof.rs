//! Oneofs: which members could both be set where data was written and exclude each other where it is read; it knows no types.

use super::{Grade, Impact, Readers, Reading, Sides};
use crate::change::Subject;
use crate::schema::{ElementId, Schema};

/// What a reader makes of a field that went from one place to another: the last of several members wins on the wire, and
/// `ProtoJSON` refuses them.
pub(super) fn members(reading: Reading<'_>, written: ElementId, read: ElementId) -> Grade {
    let (held, holds) = (
        holder(reading.writer, written),
        holder(reading.reader, read),
    );
    let Some(oneof) = holds else {
        return Grade::Lossless;
    };
    let message = reading.writer.get(written).parent;
    let fields = message.map(|message| reading.writer.children(message, Subject::Field));
    let clashes = fields.into_iter().flatten().any(|other| {
        let at_reader = reading.at_reader(other);
        other != written
            && at_reader.and_then(|other| holder(reading.reader, other)) == Some(oneof)
            && (held.is_none() || holder(reading.writer, other) != held)
    });
    if clashes {
        Grade::InRange
    } else {
        Grade::Lossless
    }
}

/// What a oneof that is gone leaves behind: members that are kept can both be set now, and old readers do not expect that.
pub(super) fn removed(oneof: ElementId, sides: Sides<'_>) -> Impact {
    let message = sides.baseline.get(oneof).parent;
    let fields = message.map(|message| sides.baseline.children(message, Subject::Field));
    let kept: Vec<ElementId> = fields
        .into_iter()
        .flatten()
        .filter(|&field| holder(sides.baseline, field) == Some(oneof))
        .filter_map(|field| sides.pairs.current(field))
        .collect();
    let together = |field: ElementId| holder(sides.current, field);
    let apart = kept.iter().enumerate().any(|(index, &field)| {
        let mut others = kept.iter().skip(index + 1);
        others.any(|&other| together(field).is_none() || together(field) != together(other))
    });
    let forward = if apart {
        Grade::InRange
    } else {
        Grade::Lossless
    };
    Impact::same(Readers::new(Grade::Lossless, forward))
}

/// The oneof that holds a field.
pub(super) fn holder(schema: &Schema, field: ElementId) -> Option<ElementId> {
    schema.field(field).and_then(|field| field.oneof)
}
