//! The vocabulary of the diff: what can change (subject · aspect · action) and how; it knows neither rules nor schemas.
//!
//! The table [`VOCABULARY`] is the contract between the diff, which speaks it, and the pages under `rules/`, which name
//! its entries. A test holds both sides to it: the diff makes no change that is not listed here, and every entry is
//! either forbidden by exactly one rule or listed as allowed.

pub mod facet;

use std::fmt;

use serde::Deserialize;

use crate::impact::Impact;
use crate::schema::{ElementId, Span};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every word, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as rule pages and reports spell it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// The kind of element that a change is about.
    Subject {
        /// A `.proto` file; its symbol is its path.
        File = "file",
        /// A package; it exists while a file declares it.
        Package = "package",
        /// An import statement; its symbol is the imported path.
        Import = "import",
        /// A message, a map's synthetic entry excepted.
        Message = "message",
        /// A field of a message.
        Field = "field",
        /// A oneof, the synthetic one of a proto3 `optional` excepted.
        Oneof = "oneof",
        /// An enum.
        Enum = "enum",
        /// A value of an enum.
        EnumValue = "enum-value",
        /// A service.
        Service = "service",
        /// A method of a service.
        Method = "method",
        /// An extension field.
        Extension = "extension",
    }
}

words! {
    /// What was done to the aspect.
    Action {
        /// It is in the current side only.
        Added = "added",
        /// It is in the baseline only.
        Removed = "removed",
        /// It is in both, with another value.
        Changed = "changed",
    }
}

words! {
    /// The aspect of an element that changed.
    Aspect {
        /// The element itself.
        Existence = "existence",
        /// Its simple name; a service's full name; a file's name inside its directory.
        Name = "name",
        /// The directory of a file.
        Directory = "directory",
        /// The package of a file, or of an element that left its file's package.
        Package = "package",
        /// The file that declares the element.
        File = "file",
        /// The scope that declares a type: top level or a message.
        Scope = "scope",
        /// The syntax or edition of a file.
        Syntax = "syntax",
        /// A standard or custom option; the facet names it.
        Option = "option",
        /// `public`, `weak` or neither, of an import.
        Modifier = "modifier",
        /// The number on the wire.
        Number = "number",
        /// The resolved type of a field.
        Type = "type",
        /// The name in ProtoJSON.
        JsonName = "json-name",
        /// Singular, repeated or map.
        Cardinality = "cardinality",
        /// Implicit, explicit or required.
        Presence = "presence",
        /// The written label, where neither cardinality nor presence changes with it.
        Declarator = "declarator",
        /// Membership in a oneof.
        Oneof = "oneof",
        /// Packed encoding of a repeated field.
        Packed = "packed",
        /// The default value of a proto2 field, or of an enum (its first value).
        Default = "default",
        /// Which of several names of an enum number is written: the first.
        WrittenName = "written-name",
        /// Whether strings that are not UTF-8 are refused.
        Utf8Validation = "utf8-validation",
        /// The same in Java, where an option of the file or a feature of the language can ask for it apart.
        JavaUtf8Validation = "java-utf8-validation",
        /// The class that holds a string in C++.
        StringRepresentation = "string-representation",
        /// Whether the names of a message or an enum have to be fit for JSON.
        JsonFormat = "json-format",
        /// Whether a type may be named from other files: `export`, `local` or the default.
        Visibility = "visibility",
        /// Whether an enum keeps numbers it does not know (open) or not (closed).
        Openness = "openness",
        /// A number of a `reserved` statement.
        ReservedNumber = "reserved-number",
        /// A name of a `reserved` statement.
        ReservedName = "reserved-name",
        /// A number of an `extensions` statement.
        ExtensionRange = "extension-range",
        /// An extension that an extension range declares, which is kept for it.
        ExtensionDeclaration = "extension-declaration",
        /// The message that an extension extends.
        Extendee = "extendee",
        /// The service that declares a method.
        Service = "service",
        /// The request type of a method.
        RequestType = "request-type",
        /// The response type of a method.
        ResponseType = "response-type",
        /// Whether the client sends a stream.
        ClientStreaming = "client-streaming",
        /// Whether the server sends a stream.
        ServerStreaming = "server-streaming",
        /// The maturity level in force: label, table row, directory or package.
        Maturity = "maturity",
        /// The row of the maturity table that covers a file.
        Listing = "listing",
        /// A maturity label that is written so that it is not read.
        Label = "label",
        /// A type of an unstable component or element that a Stable element names.
        References = "references",
        /// That readers of the baseline do not know the element, although they read what holds it: a value of an enum or
        /// a member of a oneof that was there.
        Choice = "choice",
        /// That a method answers page by page, as AIP-158 has it; the field with the items tells of it.
        Pagination = "pagination",
        /// That users were told that the element would go: it, or what declared it, was deprecated before it was removed.
        Notice = "notice",
        /// The line of a comment that says from which release on the element is there.
        Since = "since",
        /// A number that an earlier release gave to another element, or had reserved, and that was given up since.
        FormerNumber = "former-number",
        /// A name that an earlier release gave to another element, or had reserved, and that was given up since.
        FormerName = "former-name",
        /// The text of the comments that belong to the element.
        Comment = "comment",
    }
}

impl Aspect {
    /// Whether the aspect is derived from the state of one side or of several elements, so that swapping the two sides
    /// of a diff does not simply swap its additions and removals.
    pub const fn is_derived(self) -> bool {
        matches!(
            self,
            Self::Listing
                | Self::Label
                | Self::References
                | Self::Maturity
                | Self::ReservedNumber
                | Self::ReservedName
                | Self::WrittenName
                | Self::Choice
                | Self::Notice
                | Self::Since
                | Self::FormerNumber
                | Self::FormerName
        )
    }
}

/// Something true of a change beside its triple; rule pages name it in `if`, `unless` and `[[also]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition {
    /// The word that pages use.
    pub name: &'static str,
    /// What it means, for the documentation.
    pub doc: &'static str,
}

/// Every condition that a page may name.
pub const CONDITIONS: &[Condition] = &[
    Condition {
        name: "replaced",
        doc: "another element of the same kind, with another name and number, was added in the place of the removed one, so that the two may be one element that was renamed and reshaped at once",
    },
    Condition {
        name: "moved-alone",
        doc: "the element left its package while the file that declared it stayed there, so that no change of the file's package reports it",
    },
    Condition {
        name: "owner-renamed",
        doc: "of a field, an extension or a method on both sides: the message or the service that it belongs to, or the message that it extends, goes by another full name, too",
    },
    Condition {
        name: "explained",
        doc: "the addition has an explanation of how old and new senders and receivers interoperate: in its comment, in the CHANGELOG or in a commit message",
    },
    Condition {
        name: "named",
        doc: "the configuration names the option, or a part of it that changed, for elements of this kind and changes of this direction",
    },
    Condition {
        name: "deprecated",
        doc: "the element was marked deprecated in the baseline",
    },
    Condition {
        name: "required",
        doc: "the field was required in the baseline",
    },
    Condition {
        name: "number-taken",
        doc: "another element has the number of the removed one now",
    },
    Condition {
        name: "with-parent",
        doc: "the message, enum or service that declared the element was removed with it",
    },
    Condition {
        name: "with-file",
        doc: "the file that declared the element was removed with it",
    },
    Condition {
        name: "with-package",
        doc: "no file declares the element's package any more",
    },
    Condition {
        name: "enum-superset",
        doc: "the new enum type has the same simple name as the old one, and every value of it under the same number",
    },
];

/// One row of the vocabulary: an aspect of some subjects, the actions it knows, and the ways in which one can happen.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The subjects that have the aspect.
    pub subjects: &'static [Subject],
    /// The aspect.
    pub aspect: Aspect,
    /// The action, and the closed list of ways in which it can happen; exactly one of them holds for each change.
    /// Empty where there is nothing to tell apart.
    pub actions: &'static [(Action, &'static [&'static str])],
}

use Action::{Added, Changed, Removed};
use Subject::{
    Enum, EnumValue, Extension, Field, File, Import, Message, Method, Oneof, Package, Service,
};

const FIELDS: &[Subject] = &[Field, Extension];
const TYPES: &[Subject] = &[Message, Enum];
const NUMBER_USE: &[&str] = &["freed", "reused"];
const RESERVATION: &[&str] = &["reserved", "number-reserved", "name-reserved", "unreserved"];
const FILE_MOVE: &[&str] = &["same-directory", "other-directory", "with-parent"];
const SWITCHED: &[&str] = &["switched", "type-renamed"];
/// What an option or a default is spelled like, where what it says was so without it.
const SPELLING: &[&str] = &["value", "spelling"];
const OLD_NUMBER: &[&str] = &["freed", "reserved", "taken"];

/// Every triple that the diff can make.
pub const VOCABULARY: &[Entry] = &[
    Entry {
        subjects: &[File],
        aspect: Aspect::Existence,
        actions: &[
            (Added, &[]),
            (Removed, &["symbols-deleted", "symbols-kept"]),
        ],
    },
    Entry {
        subjects: &[Package, Message, Oneof, Enum, Service, Method],
        aspect: Aspect::Existence,
        actions: &[(Added, &[]), (Removed, &[])],
    },
    Entry {
        subjects: &[Import],
        aspect: Aspect::Existence,
        actions: &[
            (Added, &["plain", "public"]),
            (Removed, &["plain", "public"]),
        ],
    },
    Entry {
        subjects: &[Field],
        aspect: Aspect::Existence,
        actions: &[(Added, &["plain", "required"]), (Removed, RESERVATION)],
    },
    Entry {
        subjects: &[EnumValue],
        aspect: Aspect::Existence,
        actions: &[
            (Added, &["plain", "alias"]),
            (
                Removed,
                &[
                    "reserved",
                    "number-reserved",
                    "name-reserved",
                    "unreserved",
                    "alias",
                ],
            ),
        ],
    },
    Entry {
        subjects: &[Extension],
        aspect: Aspect::Existence,
        actions: &[(Added, &[]), (Removed, &[])],
    },
    Entry {
        subjects: &[File, Message, Oneof, Enum, EnumValue, Method],
        aspect: Aspect::Name,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::Name,
        actions: &[(Changed, &["json-changed", "json-kept"])],
    },
    Entry {
        subjects: &[Service],
        aspect: Aspect::Name,
        actions: &[(Changed, &["renamed", "package"])],
    },
    Entry {
        subjects: &[File],
        aspect: Aspect::Directory,
        actions: &[(Changed, &["moved", "re-rooted"])],
    },
    Entry {
        subjects: &[File, Message, Enum, Extension],
        aspect: Aspect::Package,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: &[Message, Enum, Extension],
        aspect: Aspect::File,
        actions: &[(Changed, FILE_MOVE)],
    },
    Entry {
        subjects: &[Service],
        aspect: Aspect::File,
        actions: &[(Changed, &["same-directory", "other-directory"])],
    },
    Entry {
        subjects: TYPES,
        aspect: Aspect::Scope,
        actions: &[(
            Changed,
            &["nested", "unnested", "other-message", "with-parent"],
        )],
    },
    Entry {
        subjects: &[Extension],
        aspect: Aspect::Scope,
        actions: &[(Changed, &["moved", "with-parent"])],
    },
    Entry {
        subjects: &[File],
        aspect: Aspect::Syntax,
        actions: &[(Changed, &["syntax", "edition"])],
    },
    Entry {
        subjects: &[
            File, Message, Field, Oneof, Enum, EnumValue, Service, Method, Extension,
        ],
        aspect: Aspect::Option,
        actions: &[
            (
                Added,
                &[
                    "value",
                    "spelling",
                    "whole",
                    "item",
                    "item-before",
                    "with-element",
                ],
            ),
            (
                Removed,
                &["value", "spelling", "whole", "item", "with-element"],
            ),
            (Changed, &["value", "order"]),
        ],
    },
    Entry {
        subjects: &[Import],
        aspect: Aspect::Modifier,
        actions: &[(Changed, &["public-dropped", "public-gained", "other"])],
    },
    Entry {
        subjects: &[Field, EnumValue],
        aspect: Aspect::Number,
        actions: &[(Changed, OLD_NUMBER)],
    },
    Entry {
        subjects: &[Extension],
        aspect: Aspect::Number,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::Type,
        actions: &[(
            Changed,
            &[
                "widened",
                "narrowed",
                "other",
                "message",
                "enum",
                "well-known",
                "elsewhere",
                "type-renamed",
            ],
        )],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::JsonName,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::Cardinality,
        actions: &[(Changed, &["to-repeated", "to-singular", "map", "map-entry"])],
    },
    Entry {
        subjects: &[Field],
        aspect: Aspect::Presence,
        actions: &[(
            Changed,
            &[
                "label-added",
                "label-removed",
                "required-added",
                "required-removed",
                "oneof",
                "feature",
            ],
        )],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::Declarator,
        actions: &[(Changed, &["written", "oneof", "syntax"])],
    },
    Entry {
        subjects: &[Field],
        aspect: Aspect::Oneof,
        actions: &[(
            Changed,
            &[
                "into-new",
                "into-new-with-presence",
                "several-into-new",
                "into-existing",
                "out",
                "between",
            ],
        )],
    },
    Entry {
        subjects: &[Field],
        aspect: Aspect::Choice,
        actions: &[(Added, &[])],
    },
    Entry {
        subjects: &[EnumValue],
        aspect: Aspect::Choice,
        actions: &[(Added, &["open", "closed"])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::Packed,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::Default,
        actions: &[(Changed, SPELLING)],
    },
    Entry {
        subjects: &[Enum],
        aspect: Aspect::Default,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: &[Enum],
        aspect: Aspect::Openness,
        actions: &[(Changed, &["opened", "closed"])],
    },
    Entry {
        subjects: &[EnumValue],
        aspect: Aspect::WrittenName,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::Utf8Validation,
        actions: &[(Changed, &["checked", "unchecked"])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::JavaUtf8Validation,
        actions: &[(Changed, &["checked", "unchecked"])],
    },
    Entry {
        subjects: FIELDS,
        aspect: Aspect::StringRepresentation,
        actions: &[(Changed, &["piece-dropped", "other"])],
    },
    Entry {
        subjects: TYPES,
        aspect: Aspect::JsonFormat,
        actions: &[(Changed, &["enforced", "relaxed"])],
    },
    Entry {
        subjects: TYPES,
        aspect: Aspect::Visibility,
        actions: &[(Changed, &["narrowed", "widened"])],
    },
    Entry {
        subjects: TYPES,
        aspect: Aspect::ReservedNumber,
        actions: &[(Added, &[]), (Removed, NUMBER_USE)],
    },
    Entry {
        subjects: TYPES,
        aspect: Aspect::ReservedName,
        actions: &[(Added, &[]), (Removed, NUMBER_USE)],
    },
    Entry {
        subjects: &[Message],
        aspect: Aspect::ExtensionRange,
        actions: &[(Added, &[]), (Removed, &[])],
    },
    Entry {
        subjects: &[Message],
        aspect: Aspect::ExtensionDeclaration,
        actions: &[(Added, &[]), (Removed, &[]), (Changed, &[])],
    },
    Entry {
        subjects: &[Extension],
        aspect: Aspect::Extendee,
        actions: &[(Changed, SWITCHED)],
    },
    Entry {
        subjects: &[Method],
        aspect: Aspect::Service,
        actions: &[(Changed, &[])],
    },
    Entry {
        subjects: &[Method],
        aspect: Aspect::RequestType,
        actions: &[(Changed, SWITCHED)],
    },
    Entry {
        subjects: &[Method],
        aspect: Aspect::ResponseType,
        actions: &[(Changed, SWITCHED)],
    },
    Entry {
        subjects: &[Method],
        aspect: Aspect::ClientStreaming,
        actions: &[(Added, &[]), (Removed, &[])],
    },
    Entry {
        subjects: &[Method],
        aspect: Aspect::ServerStreaming,
        actions: &[(Added, &[]), (Removed, &[])],
    },
    Entry {
        subjects: &[
            File, Message, Field, Oneof, Enum, EnumValue, Service, Method, Extension,
        ],
        aspect: Aspect::Maturity,
        actions: &[(Changed, &["raised", "lowered"])],
    },
    Entry {
        subjects: &[File],
        aspect: Aspect::Listing,
        actions: &[
            (Added, &[]),
            (Removed, &["lost", "new-file"]),
            (Changed, &["suffix-kept", "level"]),
        ],
    },
    Entry {
        subjects: &[
            File, Message, Field, Oneof, Enum, EnumValue, Service, Method, Extension,
        ],
        aspect: Aspect::Label,
        actions: &[(Added, &["malformed", "repeated", "detached"])],
    },
    Entry {
        subjects: &[Field, Method, Extension],
        aspect: Aspect::References,
        actions: &[(Added, &["component", "labelled"]), (Removed, &[])],
    },
    Entry {
        subjects: &[Method],
        aspect: Aspect::Pagination,
        actions: &[(Added, &[]), (Removed, &[]), (Changed, &[])],
    },
    Entry {
        subjects: &[Message, Field, Enum, EnumValue, Service, Method, Extension],
        aspect: Aspect::Notice,
        actions: &[(Removed, &["missing", "short"])],
    },
    Entry {
        subjects: &[Message, Field, Enum, EnumValue, Service, Method],
        aspect: Aspect::Since,
        actions: &[(Added, &["missing", "other"])],
    },
    Entry {
        subjects: &[Field, EnumValue, Extension],
        aspect: Aspect::FormerNumber,
        actions: &[(Added, &["deleted", "renumbered", "reserved"])],
    },
    Entry {
        subjects: &[Field, EnumValue],
        aspect: Aspect::FormerName,
        actions: &[(Added, &["deleted", "renamed", "reserved"])],
    },
    Entry {
        subjects: &[Method],
        aspect: Aspect::FormerName,
        actions: &[(Added, &["deleted", "renamed"])],
    },
    Entry {
        subjects: &[
            File, Message, Field, Oneof, Enum, EnumValue, Service, Method, Extension,
        ],
        aspect: Aspect::Comment,
        actions: &[(Changed, &[])],
    },
];

/// One place on one side: an element and the token that the change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The element.
    pub element: ElementId,
    /// The token; the element's name where there is none of its own.
    pub span: Span,
}

/// One atomic change between the two sides.
#[derive(Debug, Clone)]
pub struct Change {
    /// What kind of element changed.
    pub subject: Subject,
    /// Which aspect of it.
    pub aspect: Aspect,
    /// What was done to the aspect.
    pub action: Action,
    /// In which way, out of the closed list of the vocabulary; empty where that has none.
    pub how: &'static str,
    /// The part of an open aspect: the name of an option.
    pub facet: Option<String>,
    /// The names of the [`CONDITIONS`] that hold; judge adds those that need evidence from outside the schema.
    pub conditions: Vec<&'static str>,
    /// Where in the baseline; for something added, the element that would hold it, if it is there.
    pub baseline: Option<Place>,
    /// Where in the current side; for something removed, the element that held it, if it is still there.
    pub current: Option<Place>,
    /// Of a changed type, the kinds that differ in it, old and new: one pair of a field, one or two of a map's key and
    /// value. Types that are named apart stand by their full names.
    pub kinds: Vec<(String, String)>,
    /// The value in the baseline, in protobuf's spelling.
    pub from: Option<String>,
    /// The value in the current side.
    pub to: Option<String>,
    /// Another element that explains the change: the type a reference names, the element that took the place.
    pub other: Option<String>,
    /// The change that this one follows from, by its index in the diff.
    pub cause: Option<usize>,
    /// Whom it breaks, where that is told from the two elements.
    pub impact: Option<Impact>,
}

impl Change {
    /// A change of which nothing is known yet but its triple.
    pub fn new(subject: Subject, aspect: Aspect, action: Action) -> Self {
        Self {
            subject,
            aspect,
            action,
            how: "",
            facet: None,
            conditions: Vec::new(),
            kinds: Vec::new(),
            baseline: None,
            current: None,
            from: None,
            to: None,
            other: None,
            cause: None,
            impact: None,
        }
    }

    /// Whether it tells something of an element that came or went, which is a change already.
    pub fn is_remark(&self) -> bool {
        matches!(self.aspect, Aspect::Notice | Aspect::Since) || self.how == "with-element"
    }

    /// The triple, as pages and the vocabulary name it.
    pub fn triple(&self) -> (Subject, Aspect, Action) {
        (self.subject, self.aspect, self.action)
    }
}

/// The ways in which a triple can happen; `None` where the vocabulary does not know the triple.
pub fn ways(subject: Subject, aspect: Aspect, action: Action) -> Option<&'static [&'static str]> {
    VOCABULARY
        .iter()
        .filter(|entry| entry.aspect == aspect && entry.subjects.contains(&subject))
        .flat_map(|entry| entry.actions)
        .find(|(known, _)| *known == action)
        .map(|(_, ways)| *ways)
}
