//! Random edits of a model. An edit that finds nothing to work on does nothing.

use std::fmt;

use proptest::sample::Index;

use crate::generate::{Spare, settle};
use crate::model::{Body, Field, Home, Model, Type, Value};

/// One edit: what is done, to which candidate, to which of its parts, together with which other thing.
#[derive(Clone)]
pub(crate) struct Edit {
    pub(crate) kind: Kind,
    pub(crate) at: Index,
    pub(crate) part: Index,
    pub(crate) other: Index,
    pub(crate) spare: Spare,
}

macro_rules! kinds {
    ($($kind:ident,)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind { $($kind,)+ }

        pub(crate) const KINDS: &[Kind] = &[$(Kind::$kind,)+];
    };
}

kinds! {
    AddFile, RenameFile, MoveFile, RemoveFile, Repackage, SwitchSyntax, FileOptions, FileComment, Import,
    AddType, RenameType, MoveType, MoveTypeToTop, RemoveType, RetypeType, TypeComment, DeprecateType, CustomOption,
    AddField, RenameField, RenumberField, RetypeField, RelabelField, FieldOptions, FieldComment, JsonName,
    RemoveField, RemoveFieldAndReserve, MoveField, IntoOneof, RenameOneof, AddOneof, SwapNumbers, SwapFields,
    AddValue, RenameValue, RenumberValue, RemoveValue, RemoveValueAndReserve, DeprecateValue, SwapValues,
    Reserve, ReserveName, Unreserve, UnreserveName, ExtensionRange,
    AddService, RenameService, MoveService, RemoveService,
    AddMethod, RenameMethod, MoveMethod, RemoveMethod, Streams, Request, Response, DeprecateMethod,
    AddExtension, RenameExtension, MoveExtension, RemoveExtension, RetypeExtension, Extendee,
    Style,
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl Edit {
    /// Makes the edit.
    pub(crate) fn apply(&self, model: &mut Model) {
        let spare = self.spare.clone();
        match self.kind {
            Kind::AddFile => model.files.push(spare.file),
            Kind::AddType => {
                let home = self.home(model);
                model.types.push(Type {
                    home,
                    ..spare.declared
                });
            }
            Kind::AddService => model.services.push(spare.service),
            Kind::AddExtension => {
                let mut extension = spare.extension;
                extension.home = self.home(model);
                model.extensions.push(extension);
            }
            Kind::Style => model.style = spare.style,
            kind if kind as usize <= Kind::Import as usize => self.file(model),
            kind if kind as usize <= Kind::CustomOption as usize => self.declared(model),
            kind if kind as usize <= Kind::SwapFields as usize => self.field(model),
            kind if kind as usize <= Kind::SwapValues as usize => self.value(model),
            kind if kind as usize <= Kind::ExtensionRange as usize => self.reservation(model),
            kind if kind as usize <= Kind::DeprecateMethod as usize => self.service(model),
            _ => self.extension(model),
        }
        settle(model);
    }

    fn file(&self, model: &mut Model) {
        let spare = self.spare.file.clone();
        let index = self.at.index(model.files.len());
        let file = &mut model.files[index];
        let (directory, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let (new_directory, new_name) = spare.path.rsplit_once('/').unwrap_or(("", &spare.path));
        let path = |directory: &str, name: &str| {
            if directory.is_empty() {
                name.to_owned()
            } else {
                format!("{directory}/{name}")
            }
        };
        match self.kind {
            Kind::RenameFile => file.path = path(directory, new_name),
            Kind::MoveFile => file.path = path(new_directory, name),
            Kind::RemoveFile => file.gone = true,
            Kind::Repackage => file.package = spare.package,
            Kind::SwitchSyntax => file.proto3 = !file.proto3,
            Kind::FileOptions => file.options = spare.options,
            Kind::FileComment => file.comment = spare.comment,
            _ => file.import = spare.import,
        }
    }

    /// A file or a message.
    fn home(&self, model: &Model) -> Home {
        let messages: Vec<usize> = (0..model.types.len())
            .filter(|&index| matches!(model.types[index].body, Body::Message { .. }))
            .collect();
        let index = self.other.index(model.files.len() + messages.len());
        match index.checked_sub(model.files.len()) {
            None => Home::File(index),
            Some(nested) => Home::Message(messages[nested]),
        }
    }

    fn declared(&self, model: &mut Model) {
        if model.types.is_empty() {
            return;
        }
        let index = self.at.index(model.types.len());
        let home = match self.kind {
            Kind::MoveType => self.home(model),
            _ => Home::File(self.other.index(model.files.len())),
        };
        let encloses = model.is_inside(home, index);
        let spare = self.spare.declared.clone();
        let declared = &mut model.types[index];
        match self.kind {
            Kind::RenameType => declared.name = spare.name,
            Kind::MoveType | Kind::MoveTypeToTop if !encloses => declared.home = home,
            Kind::RemoveType => declared.gone = true,
            Kind::RetypeType => {
                // What is nested in it would be lost with a message that becomes an enum.
                if matches!(spare.body, Body::Message { .. }) {
                    declared.body = spare.body;
                }
            }
            Kind::TypeComment => declared.comment = spare.comment,
            Kind::DeprecateType => declared.deprecated = !declared.deprecated,
            Kind::CustomOption => declared.custom = spare.custom,
            _ => {}
        }
    }

    fn field(&self, model: &mut Model) {
        let mut candidates: Vec<&mut Type> = model
            .types
            .iter_mut()
            .filter(|declared| matches!(declared.body, Body::Message { .. }))
            .collect();
        if candidates.is_empty() {
            return;
        }
        let index = self.at.index(candidates.len());
        let Some(Type {
            body: Body::Message { fields, oneofs, .. },
            reserved,
            reserved_names,
            ..
        }) = candidates.get_mut(index).map(|declared| &mut **declared)
        else {
            return;
        };
        let spare = self.spare.field.clone();
        match self.kind {
            Kind::AddField => {
                let at = self.part.index(fields.len() + 1);
                fields.insert(at, spare);
                return;
            }
            Kind::AddOneof => {
                oneofs.push(self.spare.oneof.clone());
                return;
            }
            Kind::RenameOneof if !oneofs.is_empty() => {
                let at = self.part.index(oneofs.len());
                oneofs[at].clone_from(&self.spare.oneof);
                return;
            }
            _ if fields.is_empty() => return,
            _ => {}
        }
        let (at, other) = (
            self.part.index(fields.len()),
            self.other.index(fields.len()),
        );
        match self.kind {
            Kind::RemoveField => {
                fields.remove(at);
            }
            Kind::RemoveFieldAndReserve => {
                let Field { name, number, .. } = fields.remove(at);
                reserved.push((number, number));
                reserved_names.push(name);
            }
            Kind::MoveField => {
                let field = fields.remove(at);
                let to = self.other.index(candidates.len());
                if let Body::Message { fields, .. } = &mut candidates[to].body {
                    fields.push(field);
                }
            }
            Kind::SwapNumbers => {
                let number = fields[at].number;
                fields[at].number = fields[other].number;
                fields[other].number = number;
            }
            Kind::SwapFields => fields.swap(at, other),
            kind => {
                let field = &mut fields[at];
                match kind {
                    Kind::RenameField => field.name = spare.name,
                    Kind::RenumberField => field.number = spare.number,
                    Kind::RetypeField => field.ty = spare.ty,
                    Kind::RelabelField => field.label = spare.label,
                    Kind::FieldOptions => {
                        (field.packed, field.default) = (spare.packed, spare.default);
                        (field.deprecated, field.custom) = (spare.deprecated, spare.custom);
                    }
                    Kind::FieldComment => field.comment = spare.comment,
                    Kind::JsonName => field.json_name = spare.json_name,
                    Kind::IntoOneof => field.oneof = spare.oneof,
                    _ => {}
                }
            }
        }
    }

    fn value(&self, model: &mut Model) {
        let mut candidates: Vec<&mut Type> = model
            .types
            .iter_mut()
            .filter(|declared| matches!(declared.body, Body::Enum { .. }))
            .collect();
        if candidates.is_empty() {
            return;
        }
        let index = self.at.index(candidates.len());
        let Some(Type {
            body: Body::Enum { values },
            reserved,
            reserved_names,
            ..
        }) = candidates.get_mut(index).map(|declared| &mut **declared)
        else {
            return;
        };
        let spare = self.spare.value.clone();
        let (at, other) = (
            self.part.index(values.len()),
            self.other.index(values.len()),
        );
        match self.kind {
            Kind::AddValue => values.insert(at, spare),
            Kind::RenameValue => values[at].name = spare.name,
            Kind::RenumberValue => values[at].number = spare.number,
            Kind::DeprecateValue => values[at].deprecated = !values[at].deprecated,
            Kind::SwapValues => values.swap(at, other),
            _ if values.len() == 1 => {}
            Kind::RemoveValue => {
                values.remove(at);
            }
            _ => {
                let Value { name, number, .. } = values.remove(at);
                reserved.push((number, number));
                reserved_names.push(name);
            }
        }
    }

    fn reservation(&self, model: &mut Model) {
        if model.types.is_empty() {
            return;
        }
        let index = self.at.index(model.types.len());
        let declared = &mut model.types[index];
        match self.kind {
            Kind::Reserve => declared.reserved.push(self.spare.range),
            Kind::ReserveName => declared.reserved_names.push(self.spare.field.name.clone()),
            Kind::Unreserve => {
                declared.reserved.pop();
            }
            Kind::UnreserveName => {
                declared.reserved_names.pop();
            }
            _ => {
                if let Body::Message { extensions, .. } = &mut declared.body
                    && extensions.pop().is_none()
                {
                    extensions.push(self.spare.range);
                }
            }
        }
    }

    fn service(&self, model: &mut Model) {
        if model.services.is_empty() {
            return;
        }
        let index = self.at.index(model.services.len());
        let to = self.other.index(model.services.len());
        let file = self.other.index(model.files.len());
        let service = &mut model.services[index];
        let spare = self.spare.method.clone();
        match self.kind {
            Kind::RenameService => service.name.clone_from(&self.spare.service.name),
            Kind::MoveService => service.file = file,
            Kind::RemoveService => service.gone = true,
            Kind::AddMethod => service.methods.push(spare),
            _ if service.methods.is_empty() => {}
            kind => {
                let at = self.part.index(service.methods.len());
                if matches!(kind, Kind::RemoveMethod | Kind::MoveMethod) {
                    let method = service.methods.remove(at);
                    if kind == Kind::MoveMethod {
                        model.services[to].methods.push(method);
                    }
                    return;
                }
                let method = &mut service.methods[at];
                match kind {
                    Kind::RenameMethod => method.name = spare.name,
                    Kind::Streams => method.streams = spare.streams,
                    Kind::Request => method.request = spare.request,
                    Kind::Response => method.response = spare.response,
                    _ => method.deprecated = !method.deprecated,
                }
            }
        }
    }

    fn extension(&self, model: &mut Model) {
        if model.extensions.is_empty() {
            return;
        }
        let home = self.home(model);
        let index = self.at.index(model.extensions.len());
        let extension = &mut model.extensions[index];
        let spare = self.spare.extension.clone();
        match self.kind {
            Kind::RenameExtension => extension.name = spare.name,
            Kind::MoveExtension => extension.home = home,
            Kind::RemoveExtension => extension.gone = true,
            Kind::RetypeExtension => (extension.ty, extension.label) = (spare.ty, spare.label),
            _ => extension.extendee = spare.extendee,
        }
    }
}
