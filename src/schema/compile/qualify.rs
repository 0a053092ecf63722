//! Written names to full ones, by what each file sees, where the linker looks at all files of its pool; it links nothing.
//!
//! A package that only files declare which a file does not import takes no part in what its names mean. Source: protobuf
//! language specification, "Packages and Name Resolution", and protoc, which finds packages among the imports only.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use prost_types::UninterpretedOption;

use super::Parsed;
use super::scope::{Names, What, join, names, scopes};
use super::visit::{Visit, walk};
use crate::schema::builtin;
use crate::schema::token::{Kind, Token, tokens};

/// Puts the full name in the place of each name of a type or of a custom option that a file can see; what it cannot see the
/// linker reports.
pub(super) fn qualify(files: &mut BTreeMap<String, Parsed>) {
    let mut declared: HashMap<String, Names> = HashMap::new();
    for (path, file) in files.iter() {
        declared.insert(path.clone(), names(&file.descriptor));
        for import in &file.descriptor.dependency {
            if !files.contains_key(import)
                && !declared.contains_key(import)
                && let Some(known) = builtin::file(import)
            {
                declared.insert(import.clone(), names(&known));
            }
        }
    }
    for (path, file) in files.iter_mut() {
        // What came as a descriptor has full names already.
        if file.encoded.is_some() {
            continue;
        }
        let imports = file.descriptor.dependency.iter();
        let seen = std::iter::once(path).chain(imports);
        let mut seen = Seen(seen.filter_map(|path| declared.get(path)).collect());
        walk(&mut file.descriptor, &mut seen);
    }
}

/// The names that a file sees: its own, and those of what it imports.
struct Seen<'a>(Vec<&'a Names>);

impl Visit for Seen<'_> {
    fn name(&mut self, inside: &str, written: &mut Option<String>) -> bool {
        if let Some(full) = written.as_deref().and_then(|name| self.ty(inside, name)) {
            *written = Some(format!(".{full}"));
        }
        true
    }

    fn keeps(&mut self, inside: &str, _: &[i32], option: &mut UninterpretedOption) -> bool {
        for part in option.name.iter_mut().filter(|part| part.is_extension) {
            if let Some(full) = self.option(inside, &part.name_part) {
                part.name_part = format!(".{full}");
            }
        }
        let around = option.name.iter().rev().find(|part| part.is_extension);
        if let Some(value) = &mut option.aggregate_value {
            let around = around.map_or("", |part| part.name_part.trim_start_matches('.'));
            self.value(&[around, inside], value);
        }
        true
    }
}

impl Seen<'_> {
    /// The full name of a type: the innermost one of that name.
    fn ty(&self, inside: &str, written: &str) -> Option<String> {
        if written.starts_with('.') {
            return None;
        }
        let first = written.split('.').next().unwrap_or(written);
        let is_type = |name: &str| self.get(name) == Some(What::Type);
        for scope in scopes(inside) {
            let found = self.get(&join(scope, first));
            if first == written {
                if found == Some(What::Type) {
                    return Some(join(scope, written));
                }
            } else if matches!(found, Some(What::Type | What::Package)) {
                // The first part decides the scope, whether or not the rest is there.
                return Some(join(scope, written)).filter(|full| is_type(full));
            }
        }
        None
    }

    /// The full name of a custom option: what has that name first, going outwards from what has the option, is meant,
    /// whatever it is.
    fn option(&self, inside: &str, written: &str) -> Option<String> {
        if written.starts_with('.') {
            return None;
        }
        let first = written.split('.').next().unwrap_or(written);
        let is_option = |name: &str| self.get(name) == Some(What::Extension);
        for scope in scopes(inside).skip(1) {
            let decides = match self.get(&join(scope, first)) {
                None => false,
                Some(What::Type | What::Package) => true,
                Some(_) => first == written,
            };
            if decides {
                return Some(join(scope, written)).filter(|full| is_option(full));
            }
        }
        None
    }

    /// Puts full names in the place of the names of extensions in a value in text form, `{[rule]: 1}`: they are looked for
    /// around the option and around what has it.
    fn value(&self, around: &[&str], value: &mut String) {
        let is_option = |name: &str| self.get(name) == Some(What::Extension);
        let mut edits = Vec::new();
        for (at, written) in extensions(value) {
            if is_option(&written) {
                continue;
            }
            let scopes = around.iter().flat_map(|element| scopes(element).skip(1));
            let mut names = scopes.map(|scope| join(scope, &written));
            if let Some(full) = names.find(|name| is_option(name)) {
                edits.push((at, full));
            }
        }
        for (at, full) in edits.into_iter().rev() {
            value.replace_range(at, &full);
        }
    }

    fn get(&self, name: &str) -> Option<What> {
        self.0.iter().find_map(|names| names.get(name)).copied()
    }
}

/// The names of extensions in a value in text form, and where they stand: those in brackets that no colon stands before, which
/// would be a list.
fn extensions(value: &str) -> Vec<(Range<usize>, String)> {
    let tokens: Vec<Token<'_>> = tokens(value).collect();
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        if !token.is("[") || before.is_some_and(|before| before.is(":")) {
            continue;
        }
        let name = tokens.iter().skip(index + 1);
        let name: Vec<&Token<'_>> = name.take_while(|token| !token.is("]")).collect();
        // The type of an `Any` has a slash in it.
        let plain = |token: &&Token<'_>| token.kind == Kind::Word || token.is(".");
        if let (Some(first), Some(last), true) = (name.first(), name.last(), name.iter().all(plain))
        {
            let written = name.iter().map(|token| token.text).collect();
            found.push((first.start..last.range().end, written));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_told_from_lists() {
        for (value, expected) in [
            ("least: 1 [most]: 2", &["most"][..]),
            ("[a.b.deep] { x: [FOO] [ c ]: [1, 2] }", &["a.b.deep", "c"]),
            ("a: [FOO] b: \"[no]\"", &[]),
            ("[ a . b ] : 1", &["a.b"]),
            ("[type.googleapis.com/acme.Span] { }", &[]),
            ("[", &[]),
            ("[]: 1", &[]),
        ] {
            let found: Vec<String> = extensions(value)
                .into_iter()
                .map(|(_, name)| name)
                .collect();
            assert_eq!(found, expected, "{value}");
        }
    }
}
