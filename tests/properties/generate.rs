//! Strategies for models and edits. The pools of names are small, so that things are renamed to and moved onto each other.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::edit::{Edit, KINDS};
use crate::model::{
    Body, Custom, Extension, Field, File, Home, Label, Method, Model, Service, Style, Ty, Type,
    Value,
};

const SCALARS: &[&str] = &[
    "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32",
    "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes",
];
const KEYS: &[&str] = &["string", "int32", "int64", "bool", "uint32"];
/// Names of messages and enums. `proto` in the package `a` has the name of the file `a.proto`.
const TYPES: &[&str] = &[
    "Span", "Link", "Event", "Config", "Kind", "Status", "Resource", "proto",
];
const FIELDS: &[&str] = &[
    "id",
    "name",
    "trace_id",
    "kind",
    "count",
    "status",
    "start_time",
    "message",
    "optional_x",
];
const VALUES: &[&str] = &["UNSET", "OK", "ERROR", "INTERNAL", "CLIENT", "SERVER"];
const SERVICES: &[&str] = &["Traces", "Metrics", "Admin"];
const METHODS: &[&str] = &["Export", "Get", "List", "Delete"];
const PATHS: &[&str] = &[
    "a.proto",
    "acme/trace/v1/trace.proto",
    "acme/trace/v1/span.proto",
    "acme/common/v1/common.proto",
    "acme/common/v1development/common.proto",
    "b/trace.proto",
];
const PACKAGES: &[&str] = &[
    "",
    "a",
    "acme.trace.v1",
    "acme.common.v1",
    "acme.common.v1development",
];
const COMMENTS: &[&str] = &[
    "",
    "",
    "",
    "Some words.",
    "Status: [Development]",
    "Two lines.\nStatus: [Alpha]",
    "Status: [Stable]",
    "Status: Development",
    "Status: [Deprecated]",
    "Größe",
];
const FILE_OPTIONS: &[(&str, &str)] = &[
    ("java_package", "\"com.acme\""),
    ("java_package", "\"com.acme.v1\""),
    ("go_package", "\"acme.com/v1\""),
    ("optimize_for", "SPEED"),
    ("optimize_for", "CODE_SIZE"),
    ("java_multiple_files", "true"),
    ("cc_enable_arenas", "false"),
];
const RANGES: &[(i32, i32)] = &[
    (3, 3),
    (4, 6),
    (5, 9),
    (20, 29),
    (100, 199),
    (150, 160),
    (1000, 536_870_911),
    (2000, i32::MAX),
    (-5, -2),
];
/// Ranges for extensions and reserved numbers of messages.
const FIELD_RANGES: &[(i32, i32)] = &[
    (3, 3),
    (4, 6),
    (5, 9),
    (20, 29),
    (100, 199),
    (150, 160),
    (1000, 1999),
    (1000, 536_870_911),
];
const NUMBERS: &[i32] = &[1, 2, 3, 4, 5, 6, 7, 15, 16, 536_870_911];
const ENUM_NUMBERS: &[i32] = &[0, 1, 2, 3, 4, 5, -1, i32::MAX, i32::MIN];
const LIMITS: &[&[(&str, i32)]] = &[
    &[("a", 1), ("b", 2), ("c", 3)],
    &[("a", 1), ("b", 2)],
    &[("é", -1)],
];

/// A model.
pub(crate) fn model() -> impl Strategy<Value = Model> {
    (
        vec(file(), 1..4),
        vec((any::<prop::sample::Index>(), declared()), 0..8),
        vec(service(), 0..3),
        vec((any::<prop::sample::Index>(), extension()), 0..3),
        style(),
    )
        .prop_map(|(files, types, services, extensions, style)| {
            let mut model = Model {
                files,
                types: Vec::new(),
                services,
                extensions: Vec::new(),
                style,
            };
            for (home, declared) in types {
                let home = home_of(&model, home);
                model.types.push(Type { home, ..declared });
            }
            for (home, extension) in extensions {
                let home = home_of(&model, home);
                model.extensions.push(Extension { home, ..extension });
            }
            settle(&mut model);
            model
        })
}

/// A model and a few edits of it.
pub(crate) fn edited(
    count: impl Into<prop::collection::SizeRange>,
) -> impl Strategy<Value = (Model, Vec<Edit>)> {
    (model(), vec(edit(), count))
}

/// An edit: what is done, to which of the candidates, and with what.
pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    (
        select(KINDS),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        spare(),
    )
        .prop_map(|(kind, at, part, other, spare)| Edit {
            kind,
            at,
            part,
            other,
            spare,
        })
}

/// New things for edits to take their values from.
#[derive(Debug, Clone)]
pub(crate) struct Spare {
    pub(crate) file: File,
    pub(crate) declared: Type,
    pub(crate) field: Field,
    pub(crate) value: Value,
    pub(crate) service: Service,
    pub(crate) method: Method,
    pub(crate) extension: Extension,
    pub(crate) range: (i32, i32),
    pub(crate) oneof: String,
    pub(crate) style: Style,
}

fn spare() -> impl Strategy<Value = Spare> {
    (
        file(),
        declared(),
        field(),
        value(),
        service(),
        method(),
        extension(),
        select(FIELD_RANGES),
        select(&["choice", "payload"][..]),
        style(),
    )
        .prop_map(
            |(file, declared, field, value, service, method, extension, range, oneof, style)| {
                Spare {
                    file,
                    declared,
                    field,
                    value,
                    service,
                    method,
                    extension,
                    range,
                    oneof: oneof.to_owned(),
                    style,
                }
            },
        )
}

/// The file or message that an index means, among those that come before.
fn home_of(model: &Model, index: prop::sample::Index) -> Home {
    let messages: Vec<usize> = (0..model.types.len())
        .filter(|&known| matches!(model.types[known].body, Body::Message { .. }))
        .collect();
    let index = index.index(2 * model.files.len() + messages.len());
    // Most things stand at the top of a file.
    match index.checked_sub(2 * model.files.len()) {
        None => Home::File(index % model.files.len()),
        Some(nested) => Home::Message(messages[nested]),
    }
}

/// Makes every index of a model name something that is there.
pub(crate) fn settle(model: &mut Model) {
    let (files, types) = (model.files.len(), model.types.len().max(1));
    let settled = |ty: &mut Ty| {
        if let Ty::Named(index) | Ty::MapNamed(_, index) = ty {
            *index %= types;
        }
    };
    for declared in &mut model.types {
        if let Body::Message { fields, oneofs, .. } = &mut declared.body {
            for field in fields {
                settled(&mut field.ty);
                field.oneof = field.oneof.filter(|&oneof| oneof < oneofs.len());
            }
        }
    }
    for service in &mut model.services {
        service.file %= files;
        for method in &mut service.methods {
            method.request %= types;
            method.response %= types;
        }
    }
    for extension in &mut model.extensions {
        extension.extendee %= types;
        settled(&mut extension.ty);
    }
    for file in &mut model.files {
        if let Some((other, _)) = &mut file.import {
            *other %= files;
        }
    }
}

fn word(pool: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(pool).prop_map(str::to_owned)
}

fn style() -> impl Strategy<Value = Style> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(tabs, crlf, wide)| Style {
        tabs,
        crlf,
        wide,
    })
}

fn file() -> impl Strategy<Value = File> {
    (
        word(PATHS),
        word(PACKAGES),
        any::<bool>(),
        word(COMMENTS),
        vec(select(FILE_OPTIONS), 0..3),
        option::weighted(0.3, (0..4_usize, any::<bool>())),
    )
        .prop_map(|(path, package, proto3, comment, options, import)| File {
            path,
            package,
            proto3,
            comment,
            options,
            import,
            gone: false,
        })
}

fn declared() -> impl Strategy<Value = Type> {
    let body = prop_oneof![3 => message(), 1 => enumeration()];
    (
        word(TYPES),
        word(COMMENTS),
        prop::bool::weighted(0.1),
        custom(),
        body,
    )
        .prop_map(
            |(name, comment, deprecated, custom, (body, reserved, reserved_names))| Type {
                name,
                home: Home::File(0),
                comment,
                deprecated,
                custom,
                body,
                reserved,
                reserved_names,
                gone: false,
            },
        )
}

type Described = (Body, Vec<(i32, i32)>, Vec<String>);

fn message() -> impl Strategy<Value = Described> {
    (
        vec(field(), 0..5),
        vec(word(&["choice", "payload", "name"]), 0..3),
        vec(select(FIELD_RANGES), 0..2),
        vec(select(FIELD_RANGES), 0..3),
        vec(word(FIELDS), 0..3),
    )
        .prop_map(|(fields, oneofs, extensions, reserved, names)| {
            let body = Body::Message {
                fields,
                oneofs,
                extensions,
            };
            (body, reserved, names)
        })
        .boxed()
}

fn enumeration() -> impl Strategy<Value = Described> {
    (
        vec(value(), 1..5),
        vec(select(RANGES), 0..3),
        vec(word(VALUES), 0..3),
    )
        .prop_map(|(values, reserved, names)| (Body::Enum { values }, reserved, names))
        .boxed()
}

fn ty() -> impl Strategy<Value = Ty> {
    prop_oneof![
        5 => select(SCALARS).prop_map(Ty::Scalar),
        4 => (0..16_usize).prop_map(Ty::Named),
        1 => (select(KEYS), select(SCALARS)).prop_map(|(key, value)| Ty::Map(key, value)),
        1 => (select(KEYS), 0..16_usize).prop_map(|(key, value)| Ty::MapNamed(key, value)),
        1 => Just(Ty::Group),
    ]
}

fn label() -> impl Strategy<Value = Label> {
    select(
        &[
            Label::None,
            Label::Optional,
            Label::Required,
            Label::Repeated,
        ][..],
    )
}

fn custom() -> impl Strategy<Value = Option<Custom>> {
    option::weighted(
        0.1,
        prop_oneof![
            select(&["me", "you"][..]).prop_map(Custom::Owner),
            select(LIMITS).prop_map(Custom::Limits),
        ],
    )
}

fn field() -> impl Strategy<Value = Field> {
    let kind = (
        ty(),
        label(),
        option::weighted(0.2, 0..2_usize),
        option::weighted(0.15, word(&["id", "renamed", "größe"])),
    );
    let options = (
        option::weighted(0.2, any::<bool>()),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.1),
        custom(),
    );
    (word(FIELDS), select(NUMBERS), kind, options, word(COMMENTS)).prop_map(
        |(name, number, kind, options, comment)| {
            let (ty, label, oneof, json_name) = kind;
            let (packed, default, deprecated, custom) = options;
            Field {
                name,
                number,
                ty,
                label,
                oneof,
                json_name,
                packed,
                default,
                deprecated,
                custom,
                comment,
            }
        },
    )
}

fn value() -> impl Strategy<Value = Value> {
    (
        word(VALUES),
        select(ENUM_NUMBERS),
        prop::bool::weighted(0.1),
        word(COMMENTS),
    )
        .prop_map(|(name, number, deprecated, comment)| Value {
            name,
            number,
            deprecated,
            comment,
        })
}

fn service() -> impl Strategy<Value = Service> {
    (
        word(SERVICES),
        0..4_usize,
        word(COMMENTS),
        vec(method(), 0..4),
    )
        .prop_map(|(name, file, comment, methods)| Service {
            name,
            file,
            comment,
            methods,
            gone: false,
        })
}

fn method() -> impl Strategy<Value = Method> {
    (
        word(METHODS),
        0..16_usize,
        0..16_usize,
        (prop::bool::weighted(0.2), prop::bool::weighted(0.2)),
        prop::bool::weighted(0.1),
        word(COMMENTS),
    )
        .prop_map(
            |(name, request, response, streams, deprecated, comment)| Method {
                name,
                request,
                response,
                streams,
                deprecated,
                comment,
            },
        )
}

fn extension() -> impl Strategy<Value = Extension> {
    (
        word(&["note", "owner", "hint"]),
        0..16_usize,
        0..4_i32,
        ty(),
        label(),
    )
        .prop_map(|(name, extendee, number, ty, label)| Extension {
            name,
            home: Home::File(0),
            extendee,
            number,
            ty: if ty == Ty::Group {
                Ty::Scalar("bytes")
            } else {
                ty
            },
            label,
            gone: false,
        })
}
