//! Whether a method answers page by page, told from the fields of its two messages (AIP-158); what that promises it does not know.

use super::super::Diff;
use crate::change::{Action, Aspect, Subject};
use crate::schema::{Cardinality, Data, ElementId, FieldType, Schema};

/// The fields by which a method is asked for a page and answers with it.
pub(in crate::diff) struct Pages {
    /// The repeated field that holds the items of a page.
    pub(in crate::diff) items: ElementId,
    /// Those that say which page, and how much of it.
    pub(in crate::diff) control: [ElementId; 3],
}

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (old, new) = (pages(diff.baseline, from), pages(diff.current, to));
    let name = |schema: &Schema, pages: &Option<Pages>| {
        let items = pages.as_ref().map(|pages| pages.items);
        items.map(|items| schema.get(items).name.clone())
    };
    let (before, after) = (name(diff.baseline, &old), name(diff.current, &new));
    let action = match (&before, &after) {
        (None, None) => return,
        (Some(before), Some(after)) if before == after => return,
        (Some(_), Some(_)) => Action::Changed,
        (Some(_), None) => Action::Removed,
        (None, Some(_)) => Action::Added,
    };
    let places = (diff.baseline.token(from, &[]), diff.current.token(to, &[]));
    let none = (String::new(), String::new());
    let change = diff.changed_at((from, to), Aspect::Pagination, "", places, none);
    change.action = action;
    (change.from, change.to) = (before, after);
}

/// The fields that make a method one that answers page by page: `page_size` and `page_token` in the request,
/// `next_page_token` and a repeated field with the number 1 in the response.
pub(in crate::diff) fn pages(schema: &Schema, method: ElementId) -> Option<Pages> {
    const ITEMS: i32 = 1;
    let Data::Method(method) = &schema.get(method).data else {
        return None;
    };
    let (request, response) = (
        schema.find(&method.request)?,
        schema.find(&method.response)?,
    );
    let named = |message: ElementId, name: &str, scalar: &'static str| {
        let mut fields = schema.children(message, Subject::Field);
        fields.find(|&id| {
            schema.get(id).name == name
                && schema.field(id).is_some_and(|field| {
                    field.ty == FieldType::Scalar(scalar)
                        && field.cardinality == Cardinality::Singular
                })
        })
    };
    let control = [
        named(request, "page_size", "int32")?,
        named(request, "page_token", "string")?,
        named(response, "next_page_token", "string")?,
    ];
    let mut fields = schema.children(response, Subject::Field);
    let items = fields.find(|&id| {
        let field = schema.field(id);
        field.is_some_and(|field| {
            field.number == ITEMS && field.cardinality == Cardinality::Repeated
        })
    })?;
    Some(Pages { items, control })
}
