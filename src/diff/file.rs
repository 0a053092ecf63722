//! Files and imports that both sides have.

use super::{Diff, tag};
use crate::change::Aspect;
use crate::schema::{Data, ElementId, Modifier, Schema};

pub(super) fn compare(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    path(diff, from, to);
    let (Some(ours), Some(theirs)) = (diff.baseline.file_data(from), diff.current.file_data(to))
    else {
        return;
    };
    let (packages, syntaxes) = (
        (named(&ours.package), named(&theirs.package)),
        (ours.syntax.clone(), theirs.syntax.clone()),
    );
    if packages.0 != packages.1 {
        diff.changed((from, to), Aspect::Package, "", tag::PACKAGE, packages);
    }
    if syntaxes.0 != syntaxes.1 {
        let edition = |syntax: &str| syntax.starts_with("edition ");
        let how = if edition(&syntaxes.0) && edition(&syntaxes.1) {
            "edition"
        } else {
            "syntax"
        };
        diff.changed((from, to), Aspect::Syntax, how, tag::SYNTAX, syntaxes);
    }
}

fn path(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (ours, theirs) = (
        diff.baseline.file_path(from).to_owned(),
        diff.current.file_path(to).to_owned(),
    );
    let ((directory, name), (new_directory, new_name)) = (split(&ours), split(&theirs));
    if directory != new_directory {
        let imported = |schema: &Schema, id: ElementId| {
            schema
                .source_of(id)
                .map(|source| source.import_path.clone())
        };
        let re_rooted = imported(diff.baseline, from) == imported(diff.current, to);
        let how = if re_rooted { "re-rooted" } else { "moved" };
        diff.changed(
            (from, to),
            Aspect::Directory,
            how,
            &[],
            (directory.to_owned(), new_directory.to_owned()),
        );
    }
    if name != new_name {
        diff.changed(
            (from, to),
            Aspect::Name,
            "",
            &[],
            (name.to_owned(), new_name.to_owned()),
        );
    }
}

/// A package as messages name it.
pub(super) fn named(package: &str) -> String {
    if package.is_empty() {
        "no package".to_owned()
    } else {
        package.to_owned()
    }
}

/// Directory and name of a path; a file at the top is in `.`.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or((".", path))
}

pub(super) fn compare_import(diff: &mut Diff<'_>, from: ElementId, to: ElementId) {
    let (Data::Import(ours), Data::Import(theirs)) =
        (&diff.baseline.get(from).data, &diff.current.get(to).data)
    else {
        return;
    };
    if ours == theirs {
        return;
    }
    let how = match (ours, theirs) {
        (Modifier::Public, _) => "public-dropped",
        (_, Modifier::Public) => "public-gained",
        _ => "other",
    };
    let values = (word(*ours).to_owned(), word(*theirs).to_owned());
    diff.changed((from, to), Aspect::Modifier, how, &[], values);
}

fn word(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::Plain => "import",
        Modifier::Public => "import public",
        Modifier::Weak => "import weak",
    }
}
