//! Change × rule × policy → finding: which changes break a promise that was in force, and what becomes of each; it reads nothing.

pub mod listing;

use std::collections::{BTreeMap, HashMap};

use crate::acceptance::excuse;
use crate::acceptance::mark::Mark;
use crate::change::{Action, Aspect, Change, Place, Subject};
use crate::diff::Side;
use crate::explanation::Explanation;
use crate::impact::Impact;
use crate::maturity::{InForce, Level as Maturity};
use crate::policy::{Gate, Policy, Weight};
use crate::report::text::printable;
use crate::report::{
    Consequence, Encodings, Finding, Level, Location, MaturityNote, Nature, Promise, Status,
};
use crate::rule::preset::Exempt;
use crate::rule::template::Values;
use crate::rule::{Breaks, Catalogue, Direction, Effect, Rule};
use crate::schema::{ElementId, Schema, Span, location};

/// What the judgement needs beside the changes.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The baseline.
    pub baseline: Side<'a>,
    /// The current side.
    pub current: Side<'a>,
    /// The rules.
    pub catalogue: &'a Catalogue,
    /// Which promises bind, and how much breaking them weighs.
    pub policy: &'a Policy,
    /// Which guarantees with a `since` are in force.
    pub gate: &'a Gate,
    /// What the baseline is called in findings.
    pub baseline_name: &'a str,
    /// Where each guarantee's words stand, by guarantee.
    pub promises: &'a BTreeMap<String, String>,
    /// Judge only what these paths hold, on either side; all where empty.
    pub paths: &'a [String],
    /// Where an addition is explained, by the index of its change.
    pub explanations: &'a HashMap<usize, Explanation>,
    /// Marks in comments that agree to changes, with their places, by the element of the current side.
    pub marks: &'a HashMap<ElementId, Vec<(Mark, String)>>,
}

impl<'a> Context<'a> {
    /// The same with the policy of the component that holds what a change is about, and the name of that.
    fn of(&self, change: &Change) -> (Self, Option<&'a str>) {
        let mut paths = paths(change, self).into_iter();
        let policy: &'a Policy = self.policy;
        match paths.next().and_then(|path| policy.component(path)) {
            None => (*self, None),
            Some(held) => (
                Self {
                    policy: &held.policy,
                    gate: &held.gate,
                    ..*self
                },
                Some(held.component.name.as_str()),
            ),
        }
    }
}

/// A change that a rule claims, before folding.
struct Verdict<'a> {
    rule: &'a Rule,
    guarantees: Vec<&'a str>,
    impact: Impact,
    is_computed: bool,
    level: Level,
    status: Status,
}

/// The findings, by file, line and rule; line 0 is a place of which only the file is known. Consequences are folded into the finding of their cause.
pub fn judge(changes: &[Change], context: &Context<'_>) -> Vec<Finding> {
    let verdicts: Vec<Option<Verdict<'_>>> = changes
        .iter()
        .map(|change| verdict(change, context))
        .collect();
    let hosts: Vec<Option<usize>> = (0..changes.len())
        .map(|index| host(index, changes, &verdicts))
        .collect();
    let mut findings = BTreeMap::new();
    for (index, (change, verdict)) in changes.iter().zip(&verdicts).enumerate() {
        if let Some(verdict) = verdict.as_ref().filter(|_| hosts.get(index) == Some(&None)) {
            let mut finding = finding(index, change, verdict, context);
            let marks = change.current.and_then(|at| context.marks.get(&at.element));
            excuse(&mut finding, marks.map_or(&[], Vec::as_slice));
            findings.insert(index, finding);
        }
    }
    for (index, host) in hosts.iter().enumerate() {
        let (Some(host), Some(change), Some(Some(verdict))) =
            (host, changes.get(index), verdicts.get(index))
        else {
            continue;
        };
        if let Some(finding) = findings.get_mut(host) {
            if let (Some(cause), Some(Some(theirs))) = (changes.get(*host), verdicts.get(*host))
                && is_about_the_same(cause, change)
            {
                widen(finding, theirs, verdict);
            }
            let (message, symbol) = (
                sentence_with(
                    change,
                    context,
                    &verdict.rule.verdict(change).message,
                    context.explanations.get(&index),
                ),
                symbol(change, context).to_owned(),
            );
            finding.consequences.push(Consequence {
                rule: verdict.rule.id.clone(),
                symbol,
                message,
            });
        }
    }
    let mut findings: Vec<Finding> = findings.into_values().collect();
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

fn is_about_the_same(cause: &Change, consequence: &Change) -> bool {
    let element = |place: Option<Place>| place.map(|place| place.element);
    element(cause.baseline) == element(consequence.baseline)
        && element(cause.current) == element(consequence.current)
}

/// A finding breaks what the other changes of its element break that are not reported apart from it.
fn widen(finding: &mut Finding, cause: &Verdict<'_>, consequence: &Verdict<'_>) {
    let known = finding.impact.unwrap_or(cause.impact);
    let impact = known.worse(consequence.impact);
    if impact == known {
        return;
    }
    finding.breaks = words(impact);
    impact
        .direction()
        .as_str()
        .clone_into(&mut finding.direction);
    let nothing_stated = !cause.is_computed && cause.impact == Impact::default();
    if consequence.is_computed && (cause.is_computed || nothing_stated) {
        finding.impact = Some(impact);
    }
}

fn verdict<'a>(change: &Change, context: &Context<'a>) -> Option<Verdict<'a>> {
    if !concerns(change, context) {
        return None;
    }
    let (context, _) = &context.of(change);
    let rule = context.catalogue.rule_for(change)?;
    let guarantees = rule.guarantees(change);
    let said = rule.verdict(change);
    let impact = said.effect.of(change);
    let is_computed = said.effect == Effect::Computed;
    let of = (rule, change);
    let stated = context
        .policy
        .stated(context.catalogue, of, &paths(change, context));
    let level = context.policy.level(of, stated, impact, &guarantees)?;
    let weight = weigh(change, &impact.breaks(), context);
    let level = weight.cap(level);
    let status = if weight == Weight::Exempt {
        Status::Exempt
    } else if context.policy.counts(stated, impact) {
        status(level, &guarantees, context)
    } else {
        Status::Dormant
    };
    Some(Verdict {
        rule,
        guarantees,
        impact,
        is_computed,
        level,
        status,
    })
}

/// Whether a path is among those to judge.
pub fn is_wanted(path: &str, paths: &[String]) -> bool {
    paths.is_empty()
        || paths.iter().any(|wanted| {
            let rest = path.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || wanted.is_empty() || rest.starts_with('/'))
        })
}

/// Whether the files that a change is about are among those to judge.
///
/// Asked before anything is folded: a cause elsewhere must not take what is inside with it.
pub fn concerns(change: &Change, context: &Context<'_>) -> bool {
    let mut paths = paths(change, context).into_iter();
    paths.any(|path| is_wanted(path, context.paths) && context.policy.judges(path))
}

/// The files that a change is about, the baseline's first.
fn paths<'a>(change: &Change, context: &Context<'a>) -> Vec<&'a str> {
    let path = |side: Side<'a>, place: Option<Place>| {
        place.map(|place| side.schema.file_path(place.element))
    };
    let sides = [
        path(context.baseline, change.baseline),
        path(context.current, change.current),
    ];
    sides.into_iter().flatten().collect()
}

fn status(level: Level, guarantees: &[&str], context: &Context<'_>) -> Status {
    let bound = || guarantees.iter().filter(|id| context.policy.binds(id));
    let in_force = |id: &&str| context.gate.in_force(context.policy.since(id));
    // Where the preset binds none of them, someone asked for the rule by name.
    let asked_for = bound().next().is_none();
    if !asked_for && !bound().any(in_force) {
        Status::Dormant
    } else if context.policy.fail_on.fails(level) {
        Status::Failing
    } else {
        Status::Reported
    }
}

/// What the maturity of the element makes of a finding about it.
fn weigh(change: &Change, breaks: &[Breaks], context: &Context<'_>) -> Weight {
    let raised = change.aspect == Aspect::Maturity && change.how == "raised";
    let suffix = change.aspect == Aspect::Listing && change.action == Action::Changed;
    if (raised && change.subject == Subject::File) || suffix {
        // That a component was promoted is for people to see, however little it promised before.
        return Weight::Keep;
    }
    let Some((side, element)) = judged(change, context) else {
        return Weight::Keep;
    };
    let excusing = context
        .policy
        .excusing(side.maturity, side.schema, element)
        // A promotion of an element is a matter of its component.
        .map(|excusing| {
            if raised {
                side.maturity.component(side.schema, element)
            } else {
                excusing
            }
        });
    context.policy.weigh(excusing, breaks)
}

/// The side and element whose maturity counts: the baseline made the promise; what is new takes the current level.
fn judged<'a>(change: &Change, context: &Context<'a>) -> Option<(Side<'a>, ElementId)> {
    let baseline = change
        .baseline
        .map(|place| (context.baseline, place.element))
        // What an element newly depends on is a matter of what it promises from now on.
        .filter(|_| (change.aspect, change.action) != (Aspect::References, Action::Added));
    baseline.or_else(|| change.current.map(|place| (context.current, place.element)))
}

/// The change whose finding a consequence is folded into: its cause, or what that in turn is folded into.
///
/// A cause hides nothing that weighs more than itself, and one that is not reported itself hides nothing that would be.
fn host(index: usize, changes: &[Change], verdicts: &[Option<Verdict<'_>>]) -> Option<usize> {
    let mut hosted_by = None;
    let mut at = index;
    // A chain of causes is never longer than the list of changes.
    for _ in 0..changes.len() {
        let Some(cause) = changes.get(at).and_then(|change| change.cause) else {
            break;
        };
        let (Some(Some(ours)), Some(Some(theirs))) = (verdicts.get(at), verdicts.get(cause)) else {
            break;
        };
        let hides =
            theirs.level >= ours.level && (theirs.status.counts() || theirs.status == ours.status);
        if !hides || cause == at {
            break;
        }
        hosted_by = Some(cause);
        at = cause;
    }
    hosted_by
}

fn finding(index: usize, change: &Change, verdict: &Verdict<'_>, context: &Context<'_>) -> Finding {
    let (context, component) = &context.of(change);
    let rule = verdict.rule;
    let said = rule.verdict(change);
    let symbol = symbol(change, context).to_owned();
    Finding {
        rule: rule.id.clone(),
        page: None,
        guarantees: verdict.guarantees.iter().map(|&id| id.to_owned()).collect(),
        nature: nature(change),
        component: component.map(str::to_owned),
        level: verdict.level,
        status: verdict.status,
        fingerprint: fingerprint(&rule.id, &identity(change, &symbol, context), change),
        symbol,
        name: name(change, context).to_owned(),
        subject: change.subject.as_str().to_owned(),
        from: change.from.clone(),
        to: change.to.clone(),
        message: sentence_with(
            change,
            context,
            &said.message,
            context.explanations.get(&index),
        ),
        help: advice(change, context, said),
        breaks: words(verdict.impact),
        direction: direction(said, verdict.impact).as_str().to_owned(),
        impact: verdict.is_computed.then_some(verdict.impact),
        baselines: vec![context.baseline_name.to_owned()],
        promise: promise(&verdict.guarantees, context),
        maturity: maturity(change, context),
        baseline: change
            .baseline
            .and_then(|place| place_of(context.baseline.schema, place.element, place.span)),
        current: change
            .current
            .and_then(|place| place_of(context.current.schema, place.element, place.span)),
        explanation: context.explanations.get(&index).map(|it| it.place.clone()),
        agreement: None,
        consequences: Vec::new(),
    }
}

fn nature(change: &Change) -> Nature {
    match (change.aspect, change.action, change.how) {
        (Aspect::Existence, Action::Added, _) => Nature::Added,
        (Aspect::Existence, Action::Removed, _) => Nature::Removed,
        (Aspect::Maturity, _, "raised") => Nature::Raised,
        (Aspect::Maturity, _, "lowered") => Nature::Lowered,
        _ => Nature::Changed,
    }
}

/// The words that were broken, and where they stand: those of a guarantee, or of a preset that goes by whom a change breaks.
fn promise(guarantees: &[&str], context: &Context<'_>) -> Promise {
    let preset = &context.policy.preset;
    if preset.counts.is_some() {
        return Promise {
            text: preset.summary.clone(),
            source: format!("preset `{}`", preset.name),
        };
    }
    let first = guarantees.first().copied().unwrap_or_default();
    // Of several promises the one that is in force is quoted.
    let quoted = guarantees
        .iter()
        .copied()
        .find(|id| context.gate.in_force(context.policy.since(id)))
        .unwrap_or(first);
    Promise {
        text: context
            .catalogue
            .guarantee(quoted)
            .map(|guarantee| guarantee.promise.clone())
            .unwrap_or_default(),
        source: context
            .promises
            .get(quoted)
            .cloned()
            .unwrap_or_else(|| format!("preset `{}`", context.policy.preset.name)),
    }
}

fn words(impact: Impact) -> Vec<String> {
    let breaks = impact.breaks().into_iter();
    breaks.map(|breaks| breaks.as_str().to_owned()).collect()
}

/// Which readers suffer: as the page says where it says so.
fn direction(said: &crate::rule::Verdict, impact: Impact) -> Direction {
    match said.effect {
        Effect::Stated { direction, .. } => direction,
        Effect::Computed => impact.direction(),
    }
}

/// What tells one element from another: an import is known by the file that has it, too.
fn identity(change: &Change, symbol: &str, context: &Context<'_>) -> String {
    match judged(change, context) {
        Some((side, element)) if change.subject == Subject::Import => {
            format!("{} {symbol}", side.schema.file_path(element))
        }
        _ => symbol.to_owned(),
    }
}

fn maturity(change: &Change, context: &Context<'_>) -> MaturityNote {
    let Some((side, element)) = judged(change, context) else {
        return note(&InForce {
            level: Maturity::Stable,
            json: Some(Maturity::Stable),
            source: "default".to_owned(),
            stated: false,
        });
    };
    // Under `component` a label lifts nothing, so that the level of the component is what counts.
    match context.policy.exempt {
        Exempt::Component => note(side.maturity.component(side.schema, element)),
        Exempt::Labelled | Exempt::None => note(side.maturity.of(side.schema, element)),
    }
}

fn note(in_force: &InForce) -> MaturityNote {
    let json = in_force.json.map_or("n/a", Maturity::as_str);
    MaturityNote {
        level: in_force.level.as_str().to_owned(),
        encoding: Encodings {
            binary: in_force.level.as_str().to_owned(),
            json: json.to_owned(),
        },
        source: in_force.source.clone(),
    }
}

/// The full name of what a change is about, in the baseline if it is there.
fn symbol<'a>(change: &'a Change, context: &Context<'a>) -> &'a str {
    if change.subject == Subject::Package {
        return change
            .from
            .as_deref()
            .or(change.to.as_deref())
            .unwrap_or_default();
    }
    judged(change, context).map_or("", |(side, element)| {
        side.schema.get(element).full_name.as_str()
    })
}

fn sentence(
    change: &Change,
    context: &Context<'_>,
    template: &crate::rule::template::Template,
) -> String {
    sentence_with(change, context, template, None)
}

/// What to do. Its line ends are those of the page: one in a value would look like them.
fn advice(change: &Change, context: &Context<'_>, said: &crate::rule::Verdict) -> String {
    let help = sentence(change, context, &said.help);
    if said.help.as_str().contains('\n') {
        return help;
    }
    printable(&help).into_owned()
}

fn sentence_with(
    change: &Change,
    context: &Context<'_>,
    template: &crate::rule::template::Template,
    explanation: Option<&Explanation>,
) -> String {
    let Some((side, element)) = judged(change, context) else {
        return template.render(&Values::default());
    };
    let schema = side.schema;
    let parent = schema
        .get(element)
        .parent
        .map(|parent| schema.short_name(parent))
        .unwrap_or_default();
    let explained = explanation.map(Explanation::sentence);
    template.render(&Values {
        name: name(change, context),
        symbol: symbol(change, context),
        parent,
        from: change.from.as_deref().unwrap_or("none"),
        to: change.to.as_deref().unwrap_or("none"),
        facet: change.facet.as_deref().unwrap_or_default(),
        other: explained
            .as_ref()
            .or(change.other.as_ref())
            .map(String::as_str)
            .unwrap_or_default(),
        path: schema.file_path(element),
    })
}

/// What an element is called in messages, in the baseline if it is there.
fn name<'a>(change: &'a Change, context: &Context<'a>) -> &'a str {
    match judged(change, context) {
        Some((side, element)) if change.subject != Subject::Package => {
            side.schema.short_name(element)
        }
        _ => symbol(change, context),
    }
}

/// The place of a token. Where an image says nothing of places, only the file is known: its line is 0.
fn place_of(schema: &Schema, element: ElementId, span: Span) -> Option<Location> {
    let source = schema.source_of(element)?;
    let (line, column, end_line, end_column) = match (source.is_descriptor, span) {
        (false, _) => location::for_people(&source.text, span),
        (true, span) if span == Span::default() => (0, 0, 0, 0),
        (true, span) => location::as_counted(span),
    };
    Some(Location {
        path: source.path.clone(),
        line,
        column,
        end_line,
        end_column,
    })
}

/// Hash of what was changed, independent of wording and of lines (FNV-1a, 64 bits).
fn fingerprint(rule: &str, symbol: &str, change: &Change) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    // What was added or removed is not told apart by how its declaration is spelled.
    let values = [
        change.from.as_deref().unwrap_or("\u{1}"),
        change.to.as_deref().unwrap_or("\u{1}"),
        change.facet.as_deref().unwrap_or_default(),
    ];
    for part in [rule, symbol].into_iter().chain(values) {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// Whether maturity excuses a change altogether.
pub fn is_exempt(change: &Change, context: &Context<'_>) -> bool {
    weigh(change, &[], context) == Weight::Exempt
}

/// Whether anything was promised for what a change is about, so that the change concerns a release at all.
pub fn promises(change: &Change, context: &Context<'_>) -> bool {
    let Some((side, element)) = judged(change, context) else {
        return true;
    };
    let policy = context.of(change).0.policy;
    let excusing = policy.excusing(side.maturity, side.schema, element);
    policy.weigh(excusing, &[]) != Weight::Exempt
}
