//! Finds what a type is: in the tree, else among the types that come with every compiler; it compares nothing.

use crate::change::Subject;
use crate::schema::{ElementId, Schema, builtin};

/// The schema that declares a type, and the type in it.
pub(super) fn find<'a>(
    schema: &'a Schema,
    full_name: &str,
    subject: Subject,
) -> Option<(&'a Schema, ElementId)> {
    let inside = |schema: &'a Schema| {
        let id = schema.find(full_name)?;
        (schema.get(id).subject == subject).then_some((schema, id))
    };
    inside(schema).or_else(|| {
        let known = full_name.starts_with("google.protobuf.");
        known.then(|| inside(builtin::schema())).flatten()
    })
}
