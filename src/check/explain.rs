//! Looks every addition up for an explanation: comment, changelog, commit messages; what an explanation is it does not decide.

use std::cell::LazyCell;
use std::collections::HashMap;

use super::{Messages, Request};
use crate::change::{Action, Aspect, Change, Subject};
use crate::diff::Side;
use crate::explanation::{self, Words};
use crate::schema::{ElementId, Schema};

/// Looks every addition up for an explanation; the condition is set on the change, the place is returned by its index.
pub(super) fn explain(
    changes: &mut [Change],
    sides: (Side<'_>, Side<'_>),
    request: &Request,
    messages: Messages<'_>,
) -> HashMap<usize, String> {
    let messages = LazyCell::new(messages);
    let changelog = LazyCell::new(|| changelog(request));
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
            .or_else(|| in_changelog(schema, place.element, changelog.as_ref()?))
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
fn explain_members(changes: &mut [Change], found: &mut HashMap<usize, String>) {
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

fn in_comment(schema: &Schema, id: ElementId, words: &Words) -> Option<String> {
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
    Some(format!("{}:{}", source.path, line + 1))
}

/// The changelog that the configuration names, if the current side has it, and the lines added to it.
fn changelog(request: &Request) -> Option<(&str, Vec<(usize, &str)>)> {
    let name = request.config.explanations.changelog.as_ref()?;
    let now = request.current.changelog.as_ref();
    let (file, after) = now.filter(|(file, _)| file == name)?;
    let before = request.baseline.changelog.as_ref();
    let before = before.map_or("", |(_, text)| text.as_str());
    Some((file, explanation::added(before, after)))
}

fn in_changelog(
    schema: &Schema,
    id: ElementId,
    (file, added): &(&str, Vec<(usize, &str)>),
) -> Option<String> {
    let element = schema.get(id);
    let found = explanation::in_changelog(added, &element.name, &element.full_name)?;
    Some(format!("{file}:{}", found.line))
}

fn in_messages(schema: &Schema, id: ElementId, messages: &[(String, String)]) -> Option<String> {
    let element = schema.get(id);
    let said = |(commit, text): &(String, String)| {
        explanation::in_commit_message(text, &element.name, &element.full_name)
            .map(|_| format!("commit {commit}"))
    };
    messages.iter().find_map(said)
}
