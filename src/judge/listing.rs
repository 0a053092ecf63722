//! Every change between the two sides as an entry for people, whether or not a promise speaks of it; it groups nothing.

use super::{
    Context, Verdict, fingerprint, host, identity, judged, name, place_of, sentence, symbol,
    verdict,
};
use crate::change::{Action, Aspect, Change, Subject};
use crate::changelog::{Entry, Standing};
use crate::report::Finding;

/// Values longer than this are cut where they are told in a sentence.
const LONG: usize = 80;

/// The entries, in the order of the changes; what follows from another change stands with that one. `findings` are those of
/// the same changes, after people agreed to some of them.
pub fn list(changes: &[Change], findings: &[Finding], context: &Context<'_>) -> Vec<Entry> {
    let verdicts: Vec<Option<Verdict<'_>>> = changes
        .iter()
        .map(|change| verdict(change, context))
        .collect();
    let mut entries: Vec<Option<Entry>> = changes
        .iter()
        .zip(&verdicts)
        .enumerate()
        .map(|(index, (change, verdict))| {
            let is_told = !change.is_remark() || verdict.is_some();
            (is_told && super::concerns(change, context))
                .then(|| entry(index, change, verdict.as_ref(), findings, context))
        })
        .collect();
    let above: Vec<Option<usize>> = (0..changes.len())
        .map(|index| host(index, changes, &verdicts).or_else(|| whole(index, changes)))
        .collect();
    for index in 0..changes.len() {
        let Some(cause) = first(index, &above) else {
            continue;
        };
        let Some(entry) = entries.get_mut(index).and_then(Option::take) else {
            continue;
        };
        match entries.get_mut(cause) {
            Some(Some(cause)) => cause.consequences.push(entry.message),
            // What it follows from is not told, because nobody asked for its file.
            _ => {
                if let Some(own) = entries.get_mut(index) {
                    *own = Some(entry);
                }
            }
        }
    }
    entries.into_iter().flatten().collect()
}

/// The change that a change follows from and that follows from none.
fn first(index: usize, above: &[Option<usize>]) -> Option<usize> {
    let next = |at: usize| above.get(at).copied().flatten();
    let mut at = next(index)?;
    // A chain is never longer than the list.
    for _ in 0..above.len() {
        match next(at) {
            Some(cause) => at = cause,
            None => break,
        }
    }
    (at != index).then_some(at)
}

/// What came or went with the type or service around it says nothing of its own, whatever is promised of either. A file and
/// a package are no more than the place of what they hold.
fn whole(index: usize, changes: &[Change]) -> Option<usize> {
    let change = changes.get(index)?;
    let cause = change.cause?;
    let around = changes.get(cause)?;
    let is_place = matches!(around.subject, Subject::File | Subject::Package);
    let both = change.aspect == Aspect::Existence && around.aspect == Aspect::Existence;
    (both && !is_place && cause != index).then_some(cause)
}

fn entry(
    index: usize,
    change: &Change,
    verdict: Option<&Verdict<'_>>,
    findings: &[Finding],
    context: &Context<'_>,
) -> Entry {
    let symbol = symbol(change, context).to_owned();
    let is_addition = (change.aspect, change.action) == (Aspect::Existence, Action::Added);
    let (mut level, mut standing, mut message) = (None, Standing::Allowed, said(change, context));
    if let Some(verdict) = verdict {
        let rule = &verdict.rule.id;
        let print = fingerprint(rule, &identity(change, &symbol, context), change);
        let finding = findings.iter().find(|it| it.fingerprint == print);
        level = Some(verdict.level);
        standing = finding.map_or(verdict.status, |it| it.status).into();
        if !is_addition {
            message = sentence(change, context, &verdict.rule.verdict(change).message);
        }
    } else if super::is_exempt(change, context) {
        standing = Standing::Exempt;
    }
    let place = |side: super::Side<'_>, at: Option<crate::change::Place>| {
        at.and_then(|at| place_of(side.schema, at.element, at.span))
            .filter(|place| place.line > 0)
    };
    let home = judged(change, context);
    let package = home.map(|(side, element)| side.schema.package(element));
    let path = home.map(|(side, element)| side.schema.file_path(element));
    let directory = path.and_then(|path| path.rsplit_once('/'));
    let package = package.filter(|package| !package.is_empty());
    let (_, component) = context.of(change);
    let component = component
        .or(package)
        .unwrap_or_else(|| directory.map_or(".", |(directory, _)| directory));
    Entry {
        component: component.to_owned(),
        guarantee: verdict
            .and_then(|verdict| verdict.guarantees.first())
            .map(|id| (*id).to_owned()),
        rule: verdict.map(|verdict| verdict.rule.id.clone()),
        level,
        standing,
        subject: change.subject.as_str(),
        aspect: change.aspect.as_str(),
        action: change.action.as_str(),
        symbol,
        from: change.from.clone(),
        to: change.to.clone(),
        message,
        explanation: context.explanations.get(&index).map(|it| it.place.clone()),
        baseline: place(context.baseline, change.baseline),
        current: place(context.current, change.current),
        consequences: Vec::new(),
    }
}

/// What changed, of which no rule says anything, or nothing that belongs into a list of changes.
fn said(change: &Change, context: &Context<'_>) -> String {
    let name = name(change, context);
    let words = |text: &str| text.replace('-', " ");
    let of = format!("{} `{name}`", words(change.subject.as_str()));
    let value = |value: &Option<String>| {
        let value = value.as_deref().unwrap_or("none").replace('`', "'");
        match value.char_indices().nth(LONG) {
            Some((end, _)) => format!("`{}…`", value.get(..end).unwrap_or_default()),
            None => format!("`{value}`"),
        }
    };
    let (from, to) = (value(&change.from), value(&change.to));
    let aspect = match &change.facet {
        Some(facet) => format!("{} `{facet}`", words(change.aspect.as_str())),
        None => words(change.aspect.as_str()),
    };
    match (change.aspect, change.action) {
        (Aspect::Existence, Action::Added) => format!("{of} was added"),
        (Aspect::Existence, _) => format!("{of} was deleted"),
        (Aspect::Comment, _) => format!("{of}: its comment was edited"),
        (_, Action::Added) if change.to.is_some() => format!("{of}: {aspect} {to} was added"),
        (_, Action::Added) => format!("{of}: {aspect} was added"),
        (_, Action::Removed) => format!("{of}: {aspect} {from} was removed"),
        (_, Action::Changed) => format!("{of}: {aspect} changed from {from} to {to}"),
    }
}
