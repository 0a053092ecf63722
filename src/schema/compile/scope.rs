//! What a written name means, by protobuf's scoping rules: innermost scope outwards; it knows names, and no descriptors' links.
//!
//! Source: protobuf language specification, "Packages and Name Resolution". The first part of a name with dots decides
//! the scope in which the rest has to be found.

use std::collections::HashMap;

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    OneofDescriptorProto,
};

/// What a full name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Package,
    Type,
    Extension,
    /// A field, a value, a service or a method.
    Other,
}

/// The full names that a file declares.
pub(super) type Names = HashMap<String, What, foldhash::fast::RandomState>;

/// What a written name turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It is declared, or it is wrong whatever else there may be: the linker says what.
    Known,
    /// Nothing declares it. These full names it can have, likeliest first; there is at least one.
    Unknown(Vec<String>),
}

/// The files that a file sees.
pub(super) struct Scope<'a> {
    pub(super) package: &'a str,
    pub(super) seen: Vec<&'a Names>,
}

impl Scope<'_> {
    fn get(&self, name: &str) -> Option<What> {
        self.seen.iter().find_map(|names| names.get(name)).copied()
    }

    /// Resolves a name that is written within the element `inside`.
    pub(super) fn resolve(&self, inside: &str, written: &str, wanted: What) -> Meaning {
        if let Some(full) = written.strip_prefix('.') {
            return match self.get(full) {
                Some(_) => Meaning::Known,
                None => Meaning::Unknown(vec![full.to_owned()]),
            };
        }
        let first = written.split('.').next().unwrap_or(written);
        for scope in scopes(inside) {
            match self.get(&join(scope, first)) {
                Some(what) if first == written && what == wanted => return Meaning::Known,
                Some(What::Package) if first != written => {
                    let full = join(scope, written);
                    return match self.get(&full) {
                        Some(_) => Meaning::Known,
                        // A package is spread over files, so that the rest can stand in one that is not there.
                        None => Meaning::Unknown(vec![full]),
                    };
                }
                Some(What::Type) if first != written => return Meaning::Known,
                _ => {}
            }
        }
        // What is not there declares nothing inside of this file's messages.
        let names = scopes(self.package).map(|scope| join(scope, written));
        Meaning::Unknown(names.filter(|name| self.get(name).is_none()).collect())
    }
}

/// The likeliest of the full names that an unknown name can have, given the imports that were not found.
///
/// The directory of an import is its package, as a rule. Where that tells nothing, a name with dots is taken as it is
/// written, and one without is of the package of the file.
pub(super) fn likeliest<'a>(written: &str, names: &'a [String], missing: &[&str]) -> &'a str {
    let packages = missing
        .iter()
        .filter_map(|import| Some(import.rsplit_once('/')?.0.replace('/', ".")));
    let packages: Vec<String> = packages.collect();
    let declares = |package: &str, name: &str| {
        let around = namespace(name);
        !around.is_empty() && (package == around || package.ends_with(&format!(".{around}")))
    };
    let told = names
        .iter()
        .find(|name| packages.iter().any(|package| declares(package, name)));
    let untold = if written.contains('.') {
        names.last()
    } else {
        names.first()
    };
    told.or(untold).map_or("", String::as_str)
}

/// The package of a full name, if packages are written small and types are not, as is the custom.
fn namespace(name: &str) -> &str {
    let is_type = |scope: &&str| {
        let simple = scope.rsplit('.').next().unwrap_or(scope);
        simple.starts_with(|first: char| first.is_ascii_uppercase())
    };
    scopes(name)
        .skip(1)
        .find(|scope| !is_type(scope))
        .unwrap_or("")
}

/// A full name and the scopes around it, innermost first; the last has no name.
pub(super) fn scopes(name: &str) -> impl Iterator<Item = &str> {
    let around = name
        .rmatch_indices('.')
        .filter_map(|(dot, _)| name.get(..dot));
    let outermost = (!name.is_empty()).then_some("");
    std::iter::once(name).chain(around).chain(outermost)
}

pub(super) fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}

/// The full names that a file declares, its packages included.
pub(super) fn names(file: &FileDescriptorProto) -> Names {
    let mut names = Names::default();
    let package = file.package();
    for package in scopes(package).filter(|package| !package.is_empty()) {
        names.insert(package.to_owned(), What::Package);
    }
    for message in &file.message_type {
        of_message(&mut names, package, message);
    }
    for enumeration in &file.enum_type {
        of_enum(&mut names, package, enumeration);
    }
    for extension in &file.extension {
        names.insert(join(package, extension.name()), What::Extension);
    }
    for service in &file.service {
        let scope = join(package, service.name());
        for method in &service.method {
            names.insert(join(&scope, method.name()), What::Other);
        }
        names.insert(scope, What::Other);
    }
    names
}

fn of_message(names: &mut Names, scope: &str, message: &DescriptorProto) {
    let scope = join(scope, message.name());
    let fields = message.field.iter().map(FieldDescriptorProto::name);
    let oneofs = message.oneof_decl.iter().map(OneofDescriptorProto::name);
    for name in fields.chain(oneofs) {
        names.insert(join(&scope, name), What::Other);
    }
    for extension in &message.extension {
        names.insert(join(&scope, extension.name()), What::Extension);
    }
    for nested in &message.nested_type {
        of_message(names, &scope, nested);
    }
    for enumeration in &message.enum_type {
        of_enum(names, &scope, enumeration);
    }
    names.insert(scope, What::Type);
}

fn of_enum(names: &mut Names, scope: &str, enumeration: &EnumDescriptorProto) {
    // The values of an enum live beside it.
    for value in &enumeration.value {
        names.insert(join(scope, value.name()), What::Other);
    }
    names.insert(join(scope, enumeration.name()), What::Type);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: &[(&str, What)] = &[
        ("acme", What::Package),
        ("acme.v1", What::Package),
        ("acme.v1.Order", What::Type),
        ("acme.v1.Order.Line", What::Type),
        ("acme.v1.Order.total", What::Other),
        ("acme.common", What::Package),
        ("acme.common.Money", What::Type),
        ("acme.v1.rule", What::Extension),
    ];

    #[test]
    fn names_are_looked_for_from_the_inside_out() {
        let names: Names = SEEN
            .iter()
            .map(|(name, what)| ((*name).to_owned(), *what))
            .collect();
        let scope = Scope {
            package: "acme.v1",
            seen: vec![&names],
        };
        let resolved = |written, wanted| match scope.resolve("acme.v1.Order.f", written, wanted) {
            Meaning::Known => "known".to_owned(),
            Meaning::Unknown(names) => names.join(" "),
        };
        for (written, expected) in [
            ("Line", "known"),
            ("Order", "known"),
            ("common.Money", "known"),
            (".acme.common.Money", "known"),
            // A field of that name is no type; nothing else has the name.
            ("total", "acme.v1.total acme.total total"),
            ("Country", "acme.v1.Country acme.Country Country"),
            // The package is known, so that the name can be nowhere else.
            ("common.Country", "acme.common.Country"),
            // So is the message, and it has no such type.
            ("Order.Country", "known"),
            (".Country", "Country"),
            (
                "geo.Country",
                "acme.v1.geo.Country acme.geo.Country geo.Country",
            ),
        ] {
            assert_eq!(resolved(written, What::Type), expected, "{written}");
        }
        assert_eq!(resolved("rule", What::Extension), "known");
        assert_eq!(
            resolved("rule", What::Type),
            "acme.rule rule",
            "an extension is no type, and its name is taken"
        );
    }

    #[test]
    fn the_directory_of_an_import_tells_the_package() {
        let full = |written: &str, missing: &[&str]| {
            let names: Vec<String> = scopes("acme.v1").map(|s| join(s, written)).collect();
            likeliest(written, &names, missing).to_owned()
        };
        for (written, missing, expected) in [
            ("Money", &["money.proto"][..], "acme.v1.Money"),
            ("Money", &["acme/money.proto"], "acme.Money"),
            (
                "geo.Country",
                &["acme/geo/country.proto"],
                "acme.geo.Country",
            ),
            ("geo.Country", &["x/acme/geo/c.proto"], "acme.geo.Country"),
            ("geo.Country", &["geo/country.proto"], "geo.Country"),
            ("geo.Country", &["elsewhere.proto"], "geo.Country"),
            (
                "buf.validate.Rule.Kind",
                &["buf/validate/validate.proto"],
                "buf.validate.Rule.Kind",
            ),
        ] {
            assert_eq!(full(written, missing), expected, "{written} {missing:?}");
        }
    }
}
