//! Elements that only one side has: added and removed.

use std::collections::{BTreeMap, BTreeSet};

use super::pair::number;
use super::{Diff, option};
use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::schema::{
    Cardinality, Data, ElementId, FieldData, Modifier, Presence, Schema, WrittenLabel,
};

pub(super) fn compare(diff: &mut Diff<'_>) {
    packages(diff);
    let files = diff.current.all(Subject::File);
    let packages: BTreeSet<&str> = files.map(|file| diff.current.package(file)).collect();
    for (id, element) in diff.baseline.elements() {
        if diff.pairs.current(id).is_none() && element.subject != Subject::Package {
            removed(diff, id, &packages);
            option::with_element(diff, id, Action::Removed);
        }
    }
    for (id, element) in diff.current.elements() {
        if diff.pairs.baseline(id).is_none() && element.subject != Subject::Package {
            added(diff, id);
            option::with_element(diff, id, Action::Added);
        }
    }
}

/// A package exists while a file declares it; the first file of it stands for it.
fn packages(diff: &mut Diff<'_>) {
    let (ours, theirs) = (declared(diff.baseline), declared(diff.current));
    for (name, &file) in ours.iter().filter(|(name, _)| !theirs.contains_key(*name)) {
        let span = diff.baseline.token(file, super::tag::PACKAGE);
        let current = diff.pairs.current(file).map(|file| Place {
            element: file,
            span: diff.current.token(file, super::tag::PACKAGE),
        });
        diff.record(Change {
            baseline: Some(Place {
                element: file,
                span,
            }),
            current,
            from: Some((*name).to_owned()),
            ..empty(Subject::Package, Action::Removed)
        });
    }
    for (name, &file) in theirs.iter().filter(|(name, _)| !ours.contains_key(*name)) {
        let span = diff.current.token(file, super::tag::PACKAGE);
        diff.record(Change {
            current: Some(Place {
                element: file,
                span,
            }),
            to: Some((*name).to_owned()),
            ..empty(Subject::Package, Action::Added)
        });
    }
}

fn declared(schema: &Schema) -> BTreeMap<&str, ElementId> {
    let mut found = BTreeMap::new();
    for file in schema.files() {
        let package = schema.package(file);
        if !package.is_empty() {
            found.entry(package).or_insert(file);
        }
    }
    found
}

fn empty(subject: Subject, action: Action) -> Change {
    Change::new(subject, Aspect::Existence, action)
}

fn removed(diff: &mut Diff<'_>, id: ElementId, packages: &BTreeSet<&str>) {
    let element = diff.baseline.get(id);
    let how = match &element.data {
        Data::File(_) => {
            if symbols_live_on(diff, id) {
                "symbols-kept"
            } else {
                "symbols-deleted"
            }
        }
        Data::Import(Modifier::Public) => "public",
        Data::Import(_) => "plain",
        Data::Field(_) if element.subject == Subject::Field => reservation(diff, id),
        Data::EnumValue(_) => {
            if is_alias_in(diff, id) {
                "alias"
            } else {
                reservation(diff, id)
            }
        }
        _ => "",
    };
    let newcomer = newcomer(diff, id);
    let mut conditions = Vec::new();
    if newcomer.is_some() {
        conditions.push("replaced");
    }
    if is_deprecated(diff.baseline, id) {
        conditions.push("deprecated");
    }
    let required = |field: &FieldData| field.presence == Presence::Required;
    if diff.baseline.field(id).is_some_and(required) {
        conditions.push("required");
    }
    if how != "alias" && holder(diff, id).is_some() {
        conditions.push("number-taken");
    }
    let kept = |id: ElementId| diff.pairs.current(id).is_some();
    let parent = element.parent.filter(|parent| *parent != element.file);
    if parent.is_some_and(|parent| !kept(parent)) {
        conditions.push("with-parent");
    }
    if element.subject != Subject::File {
        if !kept(element.file) {
            conditions.push("with-file");
        }
        let package = diff.baseline.package(id);
        if !package.is_empty() && !packages.contains(package) {
            conditions.push("with-package");
        }
    }
    let current = match element.subject {
        Subject::File => nearest_file(diff, id),
        _ => diff.survivor(id),
    };
    let is_unannounced = !conditions.contains(&"with-parent") && is_unannounced(diff.baseline, id);
    let other = newcomer.map(|id| diff.current.short_name(id).to_owned());
    let from = Some(declaration(diff.baseline, id));
    let change = diff.record(Change {
        how,
        conditions,
        baseline: Some(Place {
            element: id,
            span: diff.baseline.token(id, &[]),
        }),
        current: current.map(|element| Place {
            element,
            span: diff.current.token(element, &[]),
        }),
        from,
        other,
        ..empty(element.subject, Action::Removed)
    });
    if is_unannounced {
        let (baseline, current, from) = (change.baseline, change.current, change.from.clone());
        diff.record(Change {
            how: "missing",
            baseline,
            current,
            from,
            ..Change::new(element.subject, Aspect::Notice, Action::Removed)
        });
    }
}

/// Whether an element that can be deprecated was not, and nothing around it either. What goes with the type or service
/// around it is announced by that.
fn is_unannounced(schema: &Schema, id: ElementId) -> bool {
    let can_be = !matches!(
        schema.get(id).subject,
        Subject::File | Subject::Import | Subject::Oneof | Subject::Package
    );
    let mut around = schema.ancestors(id);
    can_be && !is_deprecated(schema, id) && !around.any(|id| is_deprecated(schema, id))
}

fn is_deprecated(schema: &Schema, id: ElementId) -> bool {
    let option = schema.get(id).options.get("deprecated");
    option.is_some_and(|option| option.text == "true")
}

fn added(diff: &mut Diff<'_>, id: ElementId) {
    let element = diff.current.get(id);
    let how = match &element.data {
        Data::Import(Modifier::Public) => "public",
        Data::Import(_) => "plain",
        Data::Field(field) if element.subject == Subject::Field => {
            // A new message has no senders yet that could leave a required field out.
            let message_is_old = element
                .parent
                .is_some_and(|message| diff.pairs.baseline(message).is_some());
            if field.presence == Presence::Required && message_is_old {
                "required"
            } else {
                "plain"
            }
        }
        Data::EnumValue(number) => {
            let siblings = element
                .parent
                .into_iter()
                .flat_map(|parent| diff.current.children(parent, Subject::EnumValue));
            let mut earlier = siblings.take_while(|&sibling| sibling != id);
            if earlier.any(|sibling| self::number(diff.current, sibling) == *number) {
                "alias"
            } else {
                "plain"
            }
        }
        _ => "",
    };
    let to = Some(declaration(diff.current, id));
    let current = Some(Place {
        element: id,
        span: diff.current.token(id, &[]),
    });
    diff.record(Change {
        how,
        current,
        to: to.clone(),
        ..empty(element.subject, Action::Added)
    });
    if let Some(how) = choice(diff, id).filter(|_| how != "alias") {
        diff.record(Change {
            how,
            current,
            to,
            ..Change::new(element.subject, Aspect::Choice, Action::Added)
        });
    }
}

/// Whether something new is one of several that readers of the baseline choose from, and what they choose from.
fn choice(diff: &Diff<'_>, id: ElementId) -> Option<&'static str> {
    let element = diff.current.get(id);
    let holder = match &element.data {
        Data::Field(field) => field.oneof?,
        Data::EnumValue(_) => element.parent?,
        _ => return None,
    };
    diff.pairs.baseline(holder)?;
    match &diff.current.get(holder).data {
        Data::Enum(enumeration) if enumeration.closed => Some("closed"),
        Data::Enum(_) => Some("open"),
        _ => Some(""),
    }
}

/// Whether everything that a removed file declared is still declared in the same package and directory.
fn symbols_live_on(diff: &Diff<'_>, file: ElementId) -> bool {
    let directory = |path: &str| {
        path.rsplit_once('/')
            .map_or(String::new(), |(directory, _)| directory.to_owned())
    };
    let symbols = diff
        .baseline
        .get(file)
        .children
        .iter()
        .filter(|&&id| diff.baseline.get(id).subject != Subject::Import);
    symbols.copied().all(|id| {
        diff.pairs.current(id).is_some_and(|other| {
            diff.current.package(other) == diff.baseline.package(id)
                && directory(diff.current.file_path(other))
                    == directory(diff.baseline.file_path(id))
        })
    })
}

/// The field or enum value that has the number of one of the baseline now, in the same type.
fn holder(diff: &Diff<'_>, id: ElementId) -> Option<ElementId> {
    let element = diff.baseline.get(id);
    if !matches!(element.subject, Subject::Field | Subject::EnumValue) {
        return None;
    }
    let parent = diff.pairs.current(element.parent?)?;
    let mut members = diff.current.children(parent, element.subject);
    members.find(|&other| number(diff.current, other) == number(diff.baseline, id))
}

/// What became of the number of a field or an enum value that has another one now.
pub(super) fn old_number(diff: &Diff<'_>, from: ElementId) -> &'static str {
    if holder(diff, from).is_some() {
        return "taken";
    }
    match reservation(diff, from) {
        "reserved" | "number-reserved" => "reserved",
        _ => "freed",
    }
}

/// Whether the number of a removed field or enum value, and its name, may not be used again.
fn reservation(diff: &Diff<'_>, id: ElementId) -> &'static str {
    let element = diff.baseline.get(id);
    let (ranges, names) = match element
        .parent
        .and_then(|parent| diff.pairs.current(parent))
        .map(|parent| &diff.current.get(parent).data)
    {
        Some(Data::Message(message)) => (&message.reserved, &message.reserved_names),
        Some(Data::Enum(enumeration)) => (&enumeration.reserved, &enumeration.reserved_names),
        _ => return "unreserved",
    };
    let number = number(diff.baseline, id);
    let number_reserved = ranges
        .iter()
        .any(|&(start, end)| (start..=end).contains(&number));
    match (number_reserved, names.contains(&element.name)) {
        (true, true) => "reserved",
        (true, false) => "number-reserved",
        (false, true) => "name-reserved",
        (false, false) => "unreserved",
    }
}

/// Whether the number of a removed enum value still has a name.
fn is_alias_in(diff: &Diff<'_>, id: ElementId) -> bool {
    let number = number(diff.baseline, id);
    let parent = diff
        .baseline
        .get(id)
        .parent
        .and_then(|parent| diff.pairs.current(parent));
    // The number counts as kept only if the baseline, too, gave it to a value that is still there.
    parent
        .into_iter()
        .flat_map(|parent| diff.current.children(parent, Subject::EnumValue))
        .any(|other| {
            self::number(diff.current, other) == number
                && diff
                    .pairs
                    .baseline(other)
                    .is_some_and(|before| self::number(diff.baseline, before) == number)
        })
}

/// The one element that was added where this one was removed: between the same neighbours.
///
/// Services count by the file that declares them; fields and enum values by their neighbours within the type.
fn newcomer(diff: &Diff<'_>, gone: ElementId) -> Option<ElementId> {
    let element = diff.baseline.get(gone);
    if !matches!(
        element.subject,
        Subject::Field
            | Subject::EnumValue
            | Subject::Service
            | Subject::Method
            | Subject::Extension
    ) {
        return None;
    }
    let parent = diff.pairs.current(element.parent?)?;
    let ours: Vec<ElementId> = diff
        .baseline
        .children(element.parent?, element.subject)
        .collect();
    let theirs: Vec<ElementId> = diff.current.children(parent, element.subject).collect();
    let position = ours.iter().position(|&id| id == gone)?;
    let before = ours
        .iter()
        .take(position)
        .rev()
        .find_map(|&id| diff.pairs.current(id));
    let after = ours
        .iter()
        .skip(position + 1)
        .find_map(|&id| diff.pairs.current(id));
    let start = before
        .and_then(|id| theirs.iter().position(|&other| other == id))
        .map_or(0, |index| index + 1);
    let end = after
        .and_then(|id| theirs.iter().position(|&other| other == id))
        .unwrap_or(theirs.len());
    // The nth of several that were removed in one place was replaced by the nth of those that were added there.
    let earlier = ours
        .iter()
        .take(position)
        .rev()
        .take_while(|&&id| diff.pairs.current(id).is_none())
        .count();
    let new: BTreeSet<ElementId> = theirs
        .get(start..end)?
        .iter()
        .copied()
        .filter(|&id| diff.pairs.baseline(id).is_none())
        .collect();
    let newcomer = new.into_iter().nth(earlier)?;
    // Of a method nothing but its kind is promised apart from its name and types.
    let kind = |data: &Data| match data {
        Data::Method(method) => Some((method.client_streaming, method.server_streaming)),
        _ => None,
    };
    let (old, new) = (kind(&element.data), kind(&diff.current.get(newcomer).data));
    (old.is_none() || old != new).then_some(newcomer)
}

/// A file of the current side to show a removed file at: where its symbols went, else of its package, else of its directory.
fn nearest_file(diff: &Diff<'_>, gone: ElementId) -> Option<ElementId> {
    let moved = diff
        .baseline
        .get(gone)
        .children
        .iter()
        .find_map(|&id| diff.pairs.current(id));
    let directory = |path: &str| {
        path.rsplit_once('/')
            .map_or(String::new(), |(directory, _)| directory.to_owned())
    };
    let (package, place) = (
        diff.baseline.package(gone),
        directory(diff.baseline.file_path(gone)),
    );
    moved
        .map(|id| diff.current.get(id).file)
        .or_else(|| {
            diff.current
                .files()
                .find(|&file| diff.current.package(file) == package)
        })
        .or_else(|| {
            diff.current
                .files()
                .find(|&file| directory(diff.current.file_path(file)) == place)
        })
}

/// What an element is, in as much of protobuf's spelling as tells it apart.
pub(crate) fn declaration(schema: &Schema, id: ElementId) -> String {
    let element = schema.get(id);
    match &element.data {
        Data::Field(field) => {
            let label = match (field.label, field.cardinality) {
                (_, Cardinality::Map) | (None, _) => "",
                (Some(WrittenLabel::Optional), _) => "optional ",
                (Some(WrittenLabel::Required), _) => "required ",
                (Some(WrittenLabel::Repeated), _) => "repeated ",
            };
            format!("{label}{} {} = {}", field.ty, element.name, field.number)
        }
        Data::EnumValue(number) => format!("{} = {number}", element.name),
        Data::Method(method) => {
            let stream = |streams: bool| if streams { "stream " } else { "" };
            format!(
                "rpc {}({}{}) returns ({}{})",
                element.name,
                stream(method.client_streaming),
                method.request,
                stream(method.server_streaming),
                method.response
            )
        }
        _ => match element.subject {
            Subject::File | Subject::Import => element.name.clone(),
            subject => format!("{subject} {}", element.name),
        },
    }
}
