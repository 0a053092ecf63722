//! Which rules bind an element, and what breaking each weighs for it: the policy as seen from one element; it knows no changes
//! that happened.

use semver::Version;
use serde::{Serialize, Serializer};

use super::{Gate, Policy, Weight};
use crate::change::{Change, Subject};
use crate::maturity::InForce;
use crate::report::Level;
use crate::rule::{Catalogue, Effect, Rule};

/// What one guarantee is to an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applying<'c> {
    /// The guarantee, by its folder.
    pub guarantee: &'c str,
    /// The release from which it is in force; `None` for always.
    pub since: Option<Version>,
    /// Whether it is in force.
    pub in_force: bool,
    /// Its rules that speak of elements of this kind, with what a break of each weighs.
    pub rules: Vec<(&'c str, Standing)>,
}

/// What a break of a rule weighs for an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is reported at this level.
    Level(Level),
    /// It hangs on what the change does to data.
    ByImpact,
    /// It is counted, and excused by the maturity of the element.
    Exempt,
    /// It is not looked for.
    Off,
}

impl Standing {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Level(level) => level.as_str(),
            Self::ByImpact => "by impact",
            Self::Exempt => "exempt",
            Self::Off => "off",
        }
    }
}

impl Serialize for Standing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The guarantees that have rules for elements of this kind, in order.
///
/// `path` is the file of the element, `excusing` the maturity that can excuse it. Where a rule weighs differently by what exactly happened, the page's first word counts.
pub fn applies<'c>(
    catalogue: &'c Catalogue,
    policy: &Policy,
    gate: &Gate,
    (subject, path): (Subject, &str),
    excusing: Option<&InForce>,
) -> Vec<Applying<'c>> {
    let guarantees = catalogue.guarantees().iter().map(|guarantee| {
        let since = policy.since(&guarantee.id);
        let own = |rule: &&Rule| rule.guarantee == guarantee.id;
        let rules = catalogue.rules().iter().filter(own).filter_map(|rule| {
            let change = claimed(rule, subject)?;
            let standing = standing(catalogue, policy, (rule, &change), path, excusing);
            Some((rule.id.as_str(), standing))
        });
        let mut rules: Vec<_> = rules.collect();
        // The highest level first; within a level the order of the catalogue.
        rules.sort_by_key(|(_, standing)| match standing {
            Standing::Level(level) => (0, std::cmp::Reverse(Some(*level))),
            Standing::ByImpact => (1, std::cmp::Reverse(None)),
            Standing::Exempt => (2, std::cmp::Reverse(None)),
            Standing::Off => (3, std::cmp::Reverse(None)),
        });
        Applying {
            guarantee: &guarantee.id,
            in_force: gate.in_force(since.clone()),
            since,
            rules,
        }
    });
    guarantees.filter(|it| !it.rules.is_empty()).collect()
}

/// A change of such an element that the rule claims, as far as its page tells.
fn claimed(rule: &Rule, subject: Subject) -> Option<Change> {
    let mut claimed = rule.patterns.iter().filter_map(|pattern| {
        let (subject, aspect, action) =
            *pattern.triples.iter().find(|triple| triple.0 == subject)?;
        Some(Change {
            facet: pattern.facets.first().cloned(),
            ..Change::new(subject, aspect, action)
        })
    });
    claimed.next()
}

fn standing(
    catalogue: &Catalogue,
    policy: &Policy,
    of: (&Rule, &Change),
    path: &str,
    excusing: Option<&InForce>,
) -> Standing {
    let (rule, change) = of;
    let said = rule.verdict(change);
    let impact = said.effect.of(change);
    let stated = policy.stated(catalogue, of, &[path]);
    let weight = policy.weigh(excusing, &impact.breaks());
    if stated.is_none() && policy.preset.counts.is_some() && said.effect == Effect::Computed {
        return match weight {
            Weight::Exempt => Standing::Exempt,
            _ => Standing::ByImpact,
        };
    }
    let level = policy.level(of, stated, impact, &rule.guarantees(change));
    match level.filter(|_| policy.counts(stated, impact)) {
        None => Standing::Off,
        Some(_) if weight == Weight::Exempt => Standing::Exempt,
        Some(level) => Standing::Level(weight.cap(level)),
    }
}
