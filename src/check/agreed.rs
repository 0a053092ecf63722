//! Finds the marks in the comments of the current side, by the element that each stands at; what a mark excuses it does not decide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::acceptance::mark::{self, Fault, Mark, START};
use crate::change::Subject;
use crate::report::Finding;
use crate::rule::Catalogue;
use crate::schema::load::Loaded;
use crate::schema::token::comment_lines;
use crate::schema::{ElementId, Location, Schema};
use crate::suggest::did_you_mean;

/// The marks that count, each with its place, by element.
pub(super) type Marks = HashMap<ElementId, Vec<(Mark, String)>>;

/// The marks of the current side, and a warning for each that cannot be obeyed.
pub(super) fn marks(loaded: &Loaded, catalogue: &Catalogue) -> (Marks, Vec<String>) {
    let schema = &loaded.current;
    let (mut marks, mut warnings) = (Marks::new(), Vec::new());
    let written = |file| {
        let text = schema.source_of(file).map_or("", |source| &source.text);
        memchr::memmem::find(text.as_bytes(), START.as_bytes())?;
        Some((file, written(text)))
    };
    let mut files: BTreeMap<ElementId, Vec<Written>> = schema.files().filter_map(written).collect();
    if files.is_empty() {
        return (marks, warnings);
    }
    let mut detached = BTreeSet::new();
    for (id, element) in schema.elements() {
        let file = match element.subject {
            Subject::File => id,
            _ => element.file,
        };
        let Some(written) = files.get_mut(&file) else {
            continue;
        };
        for location in locations(schema, id, element.subject) {
            let at = location.span.line as usize;
            let comments = location.detached.iter();
            let marks_of = comments.flat_map(|it| mark::marks(it));
            detached.extend(marks_of.map(|it| (file, it)));
            let before = mark::marks(location.leading).into_iter().rev();
            let behind = mark::marks(location.trailing).into_iter();
            for (mark, is_before) in before
                .map(|it| (it, true))
                .chain(behind.map(|it| (it, false)))
            {
                let line = claim(written, &mark, at, is_before);
                if mend(&mark, catalogue).is_none() {
                    let place = format!("{}:{}", schema.file_path(id), line + 1);
                    marks.entry(id).or_default().push((mark, place));
                }
            }
        }
    }
    for (file, written) in &files {
        let path = schema.file_path(*file);
        // What nobody edited is nobody's concern in this change.
        if !loaded.changed.contains(path) {
            continue;
        }
        for Written { mark, line, stands } in written {
            let is_detached = detached.contains(&(*file, mark.clone()));
            let why = mend(mark, catalogue).or_else(|| (!stands).then(|| stray(is_detached)));
            warnings.extend(why.map(|why| format!("{path}:{}: {why}", line + 1)));
        }
    }
    (marks, warnings)
}

/// A mark as it is written in a file.
struct Written {
    mark: Mark,
    /// Its line, from 0.
    line: usize,
    /// Whether an element was found that it stands at.
    stands: bool,
}

fn written(text: &str) -> Vec<Written> {
    let marks = comment_lines(text).filter_map(|(line, text)| Some((line, mark::of_line(text)?)));
    let written = marks.map(|(line, mark)| Written {
        mark,
        line,
        stands: false,
    });
    written.collect()
}

/// The line of a mark that stands at an element: the nearest that nothing else has, above its first line or from there on.
fn claim(written: &mut [Written], mark: &Mark, at: usize, is_before: bool) -> usize {
    let same = |it: &&mut Written| !it.stands && it.mark == *mark;
    let found = if is_before {
        written
            .iter_mut()
            .rev()
            .filter(|it| it.line <= at)
            .find(same)
    } else {
        written.iter_mut().filter(|it| it.line >= at).find(same)
    };
    found.map_or(at, |found| {
        found.stands = true;
        found.line
    })
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

/// The places whose comments are those of an element; of a file, those of its syntax and its package.
fn locations(schema: &Schema, id: ElementId, subject: Subject) -> Vec<Location<'_>> {
    const PACKAGE: &[i32] = &[2];
    const SYNTAX: &[i32] = &[12];
    const EDITION: &[i32] = &[14];
    let paths: &[&[i32]] = if subject == Subject::File {
        &[SYNTAX, EDITION, PACKAGE]
    } else {
        &[&[]]
    };
    let found = paths.iter().filter_map(|path| schema.location(id, path));
    found.collect()
}

/// Why a mark that is well written is not read.
fn stray(is_detached: bool) -> String {
    if is_detached {
        "the mark excuses nothing, as a blank line parts its comment from what stands below; take the blank line out"
    } else {
        "the mark stands at no element and excuses nothing; write it above the element, or above what enclosed it where that is gone"
    }
    .to_owned()
}

/// Why a mark cannot be obeyed.
fn mend(mark: &Mark, catalogue: &Catalogue) -> Option<String> {
    let form = |rule: &str| format!("write `{START}({rule}) REASON`");
    let rule = mark.rule.as_str();
    match mark.fault {
        Some(Fault::Unnamed) => return Some(format!("the mark names no rule; {}", form("RULE"))),
        Some(Fault::Unclosed) => {
            return Some(format!("the mark has no `)` on its line; {}", form("RULE")));
        }
        None => {}
    }
    if catalogue.rule(rule).is_some() {
        let is_bare = mark.reason.is_empty();
        let form = form(rule);
        return is_bare.then(|| format!("the mark gives no reason and excuses nothing; {form}"));
    }
    if rule.contains([',', ' ']) {
        let first = rule.split([',', ' ']).next().unwrap_or_default();
        let form = form(first);
        return Some(format!(
            "the mark names several rules; for each, on a line of its own, {form}"
        ));
    }
    if rule.ends_with('*') || rule.starts_with("buf:") {
        return Some(format!(
            "the mark names `{rule}`, and is to name one rule; write that of the finding, which `check` prints in brackets"
        ));
    }
    let whole = rule.split_once('.').map(|(whole, _)| whole);
    if let Some(whole) = whole.filter(|whole| catalogue.rule(whole).is_some()) {
        let form = form(whole);
        return Some(format!(
            "the mark names one way of `{whole}`, and is to name all of the rule; {form}"
        ));
    }
    let known = catalogue.rules().iter().map(|rule| rule.id.as_str());
    let help =
        did_you_mean(rule, known).unwrap_or_else(|| "`protopact rules` lists them".to_owned());
    Some(format!(
        "the mark names the rule `{rule}`, which does not exist; {help}"
    ))
}
