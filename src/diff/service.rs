//! Services and methods that both sides have.

pub(super) mod pagination;

use super::{Diff, tag, types};
use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::schema::{Data, ElementId};

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (ours, theirs) = (diff.baseline.get(from), diff.current.get(to));
    if ours.full_name != theirs.full_name {
        let how = if ours.name == theirs.name {
            "package"
        } else {
            "renamed"
        };
        let values = (ours.full_name.clone(), theirs.full_name.clone());
        let stayed = diff.pairs.current(ours.file) == Some(theirs.file);
        let left = diff.baseline.package(from) != diff.current.package(to);
        let change = diff.changed((from, to), Aspect::Name, how, &[], values);
        if left && !stayed {
            change.conditions.push("moved-alone");
        }
    }
    types::compare_home(diff, from, to);
}

pub(super) fn compare_method(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    diff.compare_name(from, to);
    let (ours, theirs) = (diff.baseline.get(from), diff.current.get(to));
    if let (Some(service), Some(new)) = (ours.parent, theirs.parent)
        && diff.pairs.current(service) != Some(new)
    {
        let values = (
            diff.baseline.get(service).full_name.clone(),
            diff.current.get(new).full_name.clone(),
        );
        diff.changed((from, to), Aspect::Service, "", &[], values);
    }
    let (Data::Method(before), Data::Method(after)) = (&ours.data, &theirs.data) else {
        return;
    };
    for (aspect, rest, old, new) in [
        (
            Aspect::RequestType,
            tag::REQUEST,
            &before.request,
            &after.request,
        ),
        (
            Aspect::ResponseType,
            tag::RESPONSE,
            &before.response,
            &after.response,
        ),
    ] {
        type_named(diff, (from, to), aspect, rest, (old, new));
    }
    pagination::compare(diff, from, to);
    for (aspect, rest, old, new) in [
        (
            Aspect::ClientStreaming,
            tag::CLIENT_STREAMING,
            before.client_streaming,
            after.client_streaming,
        ),
        (
            Aspect::ServerStreaming,
            tag::SERVER_STREAMING,
            before.server_streaming,
            after.server_streaming,
        ),
    ] {
        if old != new {
            let span = (
                diff.baseline.token(from, rest),
                diff.current.token(to, rest),
            );
            let kind = |streams: bool| streams.then(|| "stream".to_owned());
            let action = if new { Action::Added } else { Action::Removed };
            diff.record(Change {
                baseline: Some(Place {
                    element: from,
                    span: span.0,
                }),
                current: Some(Place {
                    element: to,
                    span: span.1,
                }),
                from: kind(old),
                to: kind(new),
                ..Change::new(Subject::Method, aspect, action)
            });
        }
    }
}

/// A message that is named: another one, or the same one under another name.
pub(super) fn type_named(
    diff: &mut Diff<'_>,
    pair: (ElementId, ElementId),
    aspect: Aspect,
    rest: &[i32],
    (old, new): (&str, &str),
) {
    if old != new || !diff.same_type(old, new) {
        let how = if diff.same_type(old, new) {
            "type-renamed"
        } else {
            "switched"
        };
        diff.changed(pair, aspect, how, rest, (old.to_owned(), new.to_owned()));
    }
}
