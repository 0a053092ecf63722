//! What follows from the features in force: a change of the syntax, of what is around or of an option; it knows no types.

use super::Index;
use crate::change::Aspect;
use crate::diff::{Diff, feature_token};
use crate::schema::{ElementId, OptionValue};

/// The number of `json_format` in `google.protobuf.FeatureSet`.
const JSON_FORMAT: i32 = 6;

/// The cause of a change of an aspect that features decide.
pub(super) fn cause(
    diff: &Diff<'_>,
    index: &Index,
    aspect: Aspect,
    (from, to): (ElementId, ElementId),
) -> Option<usize> {
    let syntax = || index.changed(diff.baseline.get(from).file, Aspect::Syntax);
    match aspect {
        Aspect::Packed => index.changed(from, Aspect::Type).or_else(|| {
            // A field whose own option did not change is packed as its syntax says.
            let unset = |options: Option<&OptionValue>| options.is_none();
            let own = [
                diff.baseline.get(from).options.get("packed"),
                diff.current.get(to).options.get("packed"),
            ];
            own.into_iter().all(unset).then(syntax).flatten()
        }),
        Aspect::JsonFormat => syntax().or_else(|| {
            // What says nothing of its own has the format of the message around it.
            let own = feature_token(diff.baseline, from, JSON_FORMAT)
                .or_else(|| feature_token(diff.current, to, JSON_FORMAT));
            let around = diff.baseline.get(from).parent?;
            let around = index.changed(around, Aspect::JsonFormat);
            around.filter(|_| own.is_none())
        }),
        Aspect::JavaUtf8Validation => index
            .changed(from, Aspect::Utf8Validation)
            .or_else(|| {
                let file = diff.baseline.get(from).file;
                index.java_utf8.get(&file).copied()
            })
            .or_else(syntax),
        Aspect::Openness
        | Aspect::Utf8Validation
        | Aspect::StringRepresentation
        | Aspect::Visibility => syntax(),
        _ => None,
    }
}
