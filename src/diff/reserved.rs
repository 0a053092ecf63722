//! Reserved numbers, reserved names and extension ranges, compared as sets.

use std::collections::{BTreeMap, BTreeSet};

use super::pair::number;
use super::{Diff, option, tag};
use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::schema::{Data, Declaration, ElementId, Schema, Span};

type Ranges = Vec<(i32, i32)>;

/// The statements of one type on one side.
struct Statements {
    numbers: Ranges,
    names: Vec<String>,
    extensions: Ranges,
}

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (Some(ours), Some(theirs)) = (
        statements(&diff.baseline.get(from).data),
        statements(&diff.current.get(to).data),
    ) else {
        return;
    };
    let (number_tag, name_tag) = match diff.baseline.get(from).subject {
        Subject::Enum => (tag::ENUM_RESERVED, tag::ENUM_RESERVED_NAME),
        _ => (tag::MESSAGE_RESERVED, tag::MESSAGE_RESERVED_NAME),
    };
    let pair = (from, to);
    declarations(diff, pair);
    numbers(diff, pair, &ours.numbers, &theirs.numbers, number_tag);
    names(diff, pair, &ours.names, &theirs.names, name_tag);
    ranges(
        diff,
        pair,
        Aspect::ExtensionRange,
        &ours.extensions,
        &theirs.extensions,
        tag::EXTENSION_RANGE,
    );
}

/// Extensions that a range of the message declares.
fn declarations(diff: &mut Diff<'_>, pair: (ElementId, ElementId)) {
    let declared = |data: &Data| match data {
        Data::Message(message) => message.declarations.clone(),
        _ => BTreeMap::new(),
    };
    let ours = declared(&diff.baseline.get(pair.0).data);
    let theirs = declared(&diff.current.get(pair.1).data);
    // protoc leaves declarations out of the images that it makes: one without any says nothing.
    let silent = |schema: &Schema, id: ElementId, said: &BTreeMap<i32, Declaration>| {
        let source = schema.source_of(id);
        said.is_empty() && source.is_some_and(|source| source.is_descriptor)
    };
    if silent(diff.baseline, pair.0, &ours) || silent(diff.current, pair.1, &theirs) {
        return;
    }
    let numbers: BTreeSet<&i32> = ours.keys().chain(theirs.keys()).collect();
    for number in numbers {
        let (old, new) = (ours.get(number), theirs.get(number));
        let same = |(old, new): (&Declaration, &Declaration)| old.text == new.text;
        if old.zip(new).is_some_and(same) {
            continue;
        }
        let action = match (old, new) {
            (None, _) => Action::Added,
            (_, None) => Action::Removed,
            _ => Action::Changed,
        };
        let place = |schema: &Schema, element: ElementId, said: Option<&Declaration>| Place {
            element,
            span: match said {
                Some(said) => option::statement(schema, element, &said.path),
                None => schema.token(element, &[]),
            },
        };
        let value = |said: Option<&Declaration>| said.map(|said| format!("{number} {}", said.text));
        let change = Change {
            baseline: Some(place(diff.baseline, pair.0, old)),
            current: Some(place(diff.current, pair.1, new)),
            from: value(old),
            to: value(new),
            ..Change::new(Subject::Message, Aspect::ExtensionDeclaration, action)
        };
        diff.record(change);
    }
}

fn statements(data: &Data) -> Option<Statements> {
    match data {
        Data::Message(message) => Some(Statements {
            numbers: message.reserved.clone(),
            names: message.reserved_names.clone(),
            extensions: message.extension_ranges.clone(),
        }),
        Data::Enum(enumeration) => Some(Statements {
            numbers: enumeration.reserved.clone(),
            names: enumeration.reserved_names.clone(),
            extensions: Vec::new(),
        }),
        _ => None,
    }
}

/// Numbers that are no longer reserved: those that a field or value took are reused, the rest are freed.
fn numbers(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &Ranges,
    theirs: &Ranges,
    statement: i32,
) {
    let holds = |ranges: &Ranges, number: i32| {
        ranges
            .iter()
            .any(|&(start, end)| (start..=end).contains(&number))
    };
    let members = diff.current.get(pair.1).children.iter().copied();
    let takers: Vec<ElementId> = members
        .filter(|&id| {
            matches!(
                diff.current.get(id).subject,
                Subject::Field | Subject::EnumValue
            )
        })
        .filter(|&id| {
            holds(ours, number(diff.current, id)) && !holds(theirs, number(diff.current, id))
        })
        .collect();
    let taken: Ranges = takers
        .iter()
        .map(|&id| number(diff.current, id))
        .map(|number| (number, number))
        .collect();
    for &id in &takers {
        let number = number(diff.current, id);
        let number_tag = if diff.current.get(id).subject == Subject::Field {
            tag::NUMBER
        } else {
            tag::VALUE_NUMBER
        };
        let span = diff.current.token(id, number_tag);
        let place = statement_token(diff, pair.0, ours, (number, number), statement);
        let name = diff.current.get(id).name.clone();
        let change = removed(
            diff,
            pair,
            Aspect::ReservedNumber,
            "reused",
            place,
            Place { element: id, span },
            number.to_string(),
        );
        (change.to, change.other) = (Some(name.clone()), Some(name));
    }
    let rest: Ranges = subtract(&subtract(ours, theirs), &taken);
    for range in rest {
        let place = statement_token(diff, pair.0, ours, range, statement);
        let current = Place {
            element: pair.1,
            span: diff.current.token(pair.1, &[]),
        };
        removed(
            diff,
            pair,
            Aspect::ReservedNumber,
            "freed",
            place,
            current,
            spelled(range),
        );
    }
    for range in subtract(theirs, ours) {
        added(
            diff,
            pair,
            Aspect::ReservedNumber,
            range_token(diff, pair.1, theirs, range, statement),
            spelled(range),
        );
    }
}

fn names(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    ours: &[String],
    theirs: &[String],
    statement: i32,
) {
    let index_of = |names: &[String], name: &str| {
        names
            .iter()
            .position(|known| known == name)
            .and_then(|index| i32::try_from(index).ok())
            .unwrap_or(0)
    };
    for name in ours.iter().filter(|name| !theirs.contains(name)) {
        let place = diff
            .baseline
            .token(pair.0, &[statement, index_of(ours, name)]);
        let taker = diff
            .current
            .get(pair.1)
            .children
            .iter()
            .copied()
            .find(|&id| {
                matches!(
                    diff.current.get(id).subject,
                    Subject::Field | Subject::EnumValue
                ) && diff.current.get(id).name == *name
            });
        let (how, element) = taker.map_or(("freed", pair.1), |id| ("reused", id));
        let current = Place {
            element,
            span: diff.current.token(element, &[]),
        };
        let user = taker.map(|_| name.clone());
        let change = removed(
            diff,
            pair,
            Aspect::ReservedName,
            how,
            place,
            current,
            name.clone(),
        );
        (change.to, change.other) = (user.clone(), user);
    }
    for name in theirs.iter().filter(|name| !ours.contains(name)) {
        let span = diff
            .current
            .token(pair.1, &[statement, index_of(theirs, name)]);
        added(diff, pair, Aspect::ReservedName, span, name.clone());
    }
}

fn ranges(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    aspect: Aspect,
    ours: &Ranges,
    theirs: &Ranges,
    statement: i32,
) {
    for range in subtract(ours, theirs) {
        let place = statement_token(diff, pair.0, ours, range, statement);
        let current = Place {
            element: pair.1,
            span: diff.current.token(pair.1, &[]),
        };
        removed(diff, pair, aspect, "", place, current, spelled(range));
    }
    for range in subtract(theirs, ours) {
        added(
            diff,
            pair,
            aspect,
            range_token(diff, pair.1, theirs, range, statement),
            spelled(range),
        );
    }
}

fn removed<'a>(
    diff: &'a mut Diff<'_>,
    pair: (ElementId, ElementId),
    aspect: Aspect,
    how: &'static str,
    span: Span,
    current: Place,
    from: String,
) -> &'a mut Change {
    let subject = diff.baseline.get(pair.0).subject;
    diff.record(Change {
        how,
        baseline: Some(Place {
            element: pair.0,
            span,
        }),
        current: Some(current),
        from: Some(from),
        ..Change::new(subject, aspect, Action::Removed)
    })
}

fn added(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    aspect: Aspect,
    span: Span,
    to: String,
) {
    let subject = diff.baseline.get(pair.0).subject;
    diff.record(Change {
        current: Some(Place {
            element: pair.1,
            span,
        }),
        to: Some(to),
        ..Change::new(subject, aspect, Action::Added)
    });
}

fn statement_token(
    diff: &Diff<'_>,
    id: ElementId,
    ranges: &Ranges,
    part: (i32, i32),
    statement: i32,
) -> Span {
    diff.baseline
        .token(id, &[statement, index_of(ranges, part)])
}

fn range_token(
    diff: &Diff<'_>,
    id: ElementId,
    ranges: &Ranges,
    part: (i32, i32),
    statement: i32,
) -> Span {
    diff.current.token(id, &[statement, index_of(ranges, part)])
}

fn index_of(ranges: &Ranges, part: (i32, i32)) -> i32 {
    let position = ranges
        .iter()
        .position(|&(start, end)| start <= part.0 && part.1 <= end);
    position
        .and_then(|index| i32::try_from(index).ok())
        .unwrap_or(0)
}

fn spelled((start, end): (i32, i32)) -> String {
    match end {
        end if end == start => start.to_string(),
        // Messages end at 2^29 - 1, enums at 2^31 - 1.
        536_870_911 | i32::MAX => format!("{start} to max"),
        end => format!("{start} to {end}"),
    }
}

/// What of `ranges` no range of `others` holds, in ascending order.
fn subtract(ranges: &Ranges, others: &Ranges) -> Ranges {
    let mut left: Ranges = Vec::new();
    for &(start, end) in ranges {
        let mut pieces = vec![(i64::from(start), i64::from(end))];
        for &(from, to) in others {
            let (from, to) = (i64::from(from), i64::from(to));
            pieces = pieces
                .into_iter()
                .flat_map(|(start, end)| [(start, end.min(from - 1)), (start.max(to + 1), end)])
                .filter(|(start, end)| start <= end)
                .collect();
        }
        // Every piece lies within a range of 32-bit numbers.
        left.extend(pieces.into_iter().filter_map(|(start, end)| {
            Some((i32::try_from(start).ok()?, i32::try_from(end).ok()?))
        }));
    }
    left.sort_unstable();
    left.dedup();
    left
}

#[cfg(test)]
mod tests {
    use super::subtract;

    #[test]
    fn ranges_are_subtracted_as_sets() {
        assert_eq!(
            subtract(&vec![(1, 10)], &vec![(3, 4), (10, 12)]),
            [(1, 2), (5, 9)]
        );
        assert_eq!(subtract(&vec![(5, 5)], &vec![(1, 10)]), []);
        assert_eq!(
            subtract(&vec![(i32::MIN, i32::MAX)], &vec![(0, 0)]),
            [(i32::MIN, -1), (1, i32::MAX)]
        );
    }
}
