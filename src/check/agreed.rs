//! Finds the marks in the comments of the current side, by the element that each stands at; what a mark excuses it does not decide.

use std::collections::{BTreeSet, HashMap};

use crate::acceptance::mark::{self, Mark, START};
use crate::change::Subject;
use crate::report::Finding;
use crate::rule::Catalogue;
use crate::schema::load::Loaded;
use crate::schema::{ElementId, Schema};
use crate::suggest::did_you_mean;

/// The marks that count, each with its place, by element.
pub(super) type Marks = HashMap<ElementId, Vec<(Mark, String)>>;

/// The marks of the current side, and a warning for each that cannot be obeyed.
pub(super) fn marks(loaded: &Loaded, catalogue: &Catalogue) -> (Marks, Vec<String>) {
    let schema = &loaded.current;
    let (mut marks, mut warnings) = (Marks::new(), Vec::new());
    let has_some = |file: &ElementId| {
        schema.source_of(*file).is_some_and(|source| {
            memchr::memmem::find(source.text.as_bytes(), START.as_bytes()).is_some()
        })
    };
    let files: BTreeSet<ElementId> = schema.files().filter(has_some).collect();
    if files.is_empty() {
        return (marks, warnings);
    }
    for (id, element) in schema.elements() {
        let file = if element.subject == Subject::File {
            id
        } else {
            element.file
        };
        if !files.contains(&file) {
            continue;
        }
        for (mark, place) in of_element(schema, id, element.subject) {
            // What nobody edited is nobody's concern in this change.
            let is_concerned = loaded.changed.contains(schema.file_path(id));
            match mend(&mark, catalogue) {
                None => marks.entry(id).or_default().push((mark, place)),
                Some(why) if is_concerned => warnings.push(format!("{place}: {why}")),
                Some(_) => {}
            }
        }
    }
    (marks, warnings)
}

/// The marks in changed files that excused nothing, by their places.
pub(super) fn unused(
    marks: &Marks,
    findings: &[Finding],
    loaded: &Loaded,
) -> Vec<(String, String)> {
    let used: BTreeSet<(&str, &str)> = findings
        .iter()
        .filter_map(|finding| {
            let agreement = finding.agreement.as_ref()?;
            Some((agreement.source.as_str(), finding.rule.as_str()))
        })
        .collect();
    let of_changed = marks.iter().filter(|(id, _)| {
        let path = loaded.current.file_path(**id);
        loaded.changed.contains(path)
    });
    let mut unused: Vec<(String, String)> = of_changed
        .flat_map(|(_, marks)| marks)
        .filter(|(mark, place)| !used.contains(&(place.as_str(), mark.rule.as_str())))
        .map(|(mark, place)| (place.clone(), mark.rule.clone()))
        .collect();
    unused.sort();
    unused.dedup();
    unused
}

/// The marks in the comments of an element; those of a file stand at its syntax and its package.
fn of_element(schema: &Schema, id: ElementId, subject: Subject) -> Vec<(Mark, String)> {
    const PACKAGE: &[i32] = &[2];
    const SYNTAX: &[i32] = &[12];
    const EDITION: &[i32] = &[14];
    let paths: &[&[i32]] = if subject == Subject::File {
        &[SYNTAX, EDITION, PACKAGE]
    } else {
        &[&[]]
    };
    let mut found = Vec::new();
    for path in paths {
        let Some(location) = schema.location(id, path) else {
            continue;
        };
        for comment in [&location.leading, &location.trailing] {
            for mark in mark::marks(comment) {
                let place = place(schema, id, location.span.line as usize, &mark);
                found.push((mark, place));
            }
        }
    }
    found
}

/// The file and line of a mark: the nearest above its element, else the nearest below.
fn place(schema: &Schema, id: ElementId, line: usize, mark: &Mark) -> String {
    let text = schema.source_of(id).map_or("", |source| &source.text);
    let says = |text: &&str| text.contains(START) && text.contains(mark.rule.as_str());
    let lines: Vec<&str> = text.lines().collect();
    let (above, below) = lines.split_at(line.min(lines.len()));
    let at = above
        .iter()
        .rposition(&says)
        .or_else(|| Some(line + below.iter().position(says)?));
    format!("{}:{}", schema.file_path(id), at.unwrap_or(line) + 1)
}

/// Why a mark cannot be obeyed.
fn mend(mark: &Mark, catalogue: &Catalogue) -> Option<String> {
    if mark.rule.is_empty() {
        return Some(format!(
            "the mark `{START}` names no rule; write `{START}(RULE) REASON`"
        ));
    }
    if catalogue.rule(&mark.rule).is_none() {
        let known = catalogue.rules().iter().map(|rule| rule.id.as_str());
        let help = did_you_mean(&mark.rule, known)
            .unwrap_or_else(|| "`protopact rules` lists them".to_owned());
        return Some(format!(
            "the mark names the rule `{}`, which does not exist; {help}",
            mark.rule
        ));
    }
    mark.reason.is_empty().then(|| {
        format!(
            "the mark gives no reason and excuses nothing; write `{START}({}) REASON`",
            mark.rule
        )
    })
}
