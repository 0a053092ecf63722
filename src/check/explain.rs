//! Looks every addition up for an explanation: comment, changelog, commit messages; what an explanation is it does not decide.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

use super::{Messages, Request};
use crate::change::{Action, Aspect, Change, Subject};
use crate::config::Config;
use crate::diff::Side;
use crate::explanation::{self, Does, Explanation, Words};
use crate::schema::{ElementId, Schema};

/// Looks every addition up for an explanation; the condition is set on the change, the place is returned by its index.
pub(super) fn explain(
    changes: &mut [Change],
    sides: (Side<'_>, Side<'_>),
    request: &Request,
    messages: Messages<'_>,
) -> HashMap<usize, Explanation> {
    let messages = LazyCell::new(messages);
    let changelogs = LazyCell::new(|| changelogs(request));
    let settings = &request.config.explanations;
    let words = settings
        .words
        .clone()
        .map_or_else(Words::default, Words::new);
    let schema = sides.1.schema;
    let mut found = HashMap::new();
    for (index, change) in changes.iter_mut().enumerate() {
        let is_addition = is_explainable(change);
        let Some(place) = change.current.filter(|_| is_addition) else {
            continue;
        };
        let in_comment = settings
            .comment
            .then(|| in_comment(schema, place.element, &words))
            .flatten();
        let explanation = in_comment
            .or_else(|| in_changelogs(schema, place.element, &request.config, &changelogs))
            .or_else(|| {
                settings
                    .commit_messages
                    .then(|| in_messages(schema, place.element, &messages))
                    .flatten()
            });
        if let Some(explanation) = explanation {
            change.conditions.push("explained");
            found.insert(index, explanation);
        }
    }
    explain_members(changes, &mut found);
    found
}

/// Whether a change is an addition that is looked up for an explanation.
pub(super) fn is_explainable(change: &Change) -> bool {
    let named = matches!(
        change.subject,
        Subject::Field
            | Subject::Message
            | Subject::Enum
            | Subject::EnumValue
            | Subject::Service
            | Subject::Method
    );
    named && (change.aspect, change.action) == (Aspect::Existence, Action::Added)
}

/// What explains an addition explains its members, which need no explanation of their own.
fn explain_members(changes: &mut [Change], found: &mut HashMap<usize, Explanation>) {
    for index in 0..changes.len() {
        let unexplained = |change: &&Change| is_explainable(change) && !found.contains_key(&index);
        let mut cause = changes
            .get(index)
            .filter(unexplained)
            .and_then(|it| it.cause);
        // A chain of causes is never longer than the list of changes.
        for _ in 0..changes.len() {
            let Some(at) = cause else { break };
            if let Some(explanation) = found.get(&at).cloned() {
                if let Some(change) = changes.get_mut(index) {
                    change.conditions.push("explained");
                }
                found.insert(index, explanation);
                break;
            }
            cause = changes.get(at).and_then(|it| it.cause);
        }
    }
}

fn in_comment(schema: &Schema, id: ElementId, words: &Words) -> Option<Explanation> {
    let location = schema.location(id, &[])?;
    let comment = [&location.leading, &location.trailing]
        .into_iter()
        .find_map(|comment| explanation::in_comment(comment, words))?;
    let source = schema.source_of(id)?;
    let first = comment
        .sentence
        .split_whitespace()
        .next()
        .unwrap_or_default();
    let start = location.span.line as usize;
    // Comments stand above an element; the nearest line with the sentence's first word is where it starts.
    let above = source.text.lines().take(start).collect::<Vec<_>>();
    let line = above
        .iter()
        .rposition(|line| line.contains(first) && line.trim_start().starts_with(['/', '*']))
        .unwrap_or(start);
    Some(Explanation {
        place: format!("{}:{}", source.path, line + 1),
        does: Does::Explain,
    })
}

/// The lines that the change adds to each of the changelogs.
fn changelogs(request: &Request) -> BTreeMap<&str, Vec<(usize, &str)>> {
    let current = request.current.changelogs.iter();
    current
        .map(|(file, after)| {
            let before = request.baseline.changelogs.get(file);
            let before = before.map_or("", String::as_str);
            (file.as_str(), explanation::added(before, after))
        })
        .collect()
}

fn in_changelogs(
    schema: &Schema,
    id: ElementId,
    config: &Config,
    added: &BTreeMap<&str, Vec<(usize, &str)>>,
) -> Option<Explanation> {
    let element = schema.get(id);
    let mut files = config.changelogs_of(schema.file_path(id));
    files.find_map(|file| {
        let added = added.get(file)?;
        let found = explanation::in_changelog(added, &element.name, &element.full_name)?;
        Some(Explanation {
            place: format!("{file}:{}", found.line),
            does: Does::Name,
        })
    })
}

fn in_messages(
    schema: &Schema,
    id: ElementId,
    messages: &[(String, String)],
) -> Option<Explanation> {
    let element = schema.get(id);
    messages.iter().find_map(|(commit, text)| {
        let found = explanation::in_commit_message(text, &element.name, &element.full_name)?;
        Some(Explanation {
            place: format!("commit {commit}"),
            does: if found.is_trailer() {
                Does::Vouch
            } else {
                Does::Name
            },
        })
    })
}
