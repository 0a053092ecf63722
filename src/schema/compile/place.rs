//! Places of errors and statements in texts; it reports nothing.

use std::collections::BTreeSet;

use miette::{Diagnostic, LabeledSpan};
use prost_types::source_code_info::Location;

use super::Parsed;
use crate::schema::location;

/// Where an error of the compiler and those that came with it point, in bytes.
pub(super) fn offsets(error: &dyn Diagnostic) -> Vec<usize> {
    let labels = error.labels().into_iter().flatten();
    let mut found: Vec<usize> = labels.map(|label| label.offset()).collect();
    for related in error.related().into_iter().flatten() {
        found.extend(offsets(related));
    }
    found
}

/// The descriptor paths of the statements that hold one of the places.
pub(super) fn statements(file: &Parsed, places: &[usize]) -> BTreeSet<Vec<i32>> {
    let info = file.descriptor.source_code_info.iter();
    let holds = |location: &&Location| {
        location::span(&location.span).is_some_and(|span| {
            let range = location::byte_range(&file.text, span);
            places.iter().any(|place| range.contains(place))
        })
    };
    let locations = info.flat_map(|info| &info.location).filter(holds);
    locations.map(|location| location.path.clone()).collect()
}

/// A label on the import statement with this index.
pub(super) fn import_label(file: &Parsed, index: usize, text: &str) -> Vec<LabeledSpan> {
    let path = [3, i32::try_from(index).unwrap_or(i32::MAX)];
    let Some(place) = file.places.get(&path, &[]) else {
        return Vec::new();
    };
    let range = location::byte_range(&file.text, place.span);
    vec![LabeledSpan::new_with_span(
        Some(text.to_owned()),
        (range.start, range.len()),
    )]
}
