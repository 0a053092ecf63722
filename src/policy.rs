//! Which promises bind and how much breaking them weighs: preset, configuration and flags put together; it judges no change.

use std::collections::BTreeMap;

use semver::Version;

pub use crate::config::{FailOn, Weight};
use crate::impact::Impact;
use crate::maturity::Level as Maturity;
use crate::report::Level;
use crate::rule::levels::{RuleLevels, Setting};
use crate::rule::preset::{Exempt, Preset};
use crate::rule::{Rule, Verdict};

/// A policy that is ready to judge by.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The preset.
    pub preset: Preset,
    /// Which immature elements are excused.
    pub exempt: Exempt,
    /// Levels that the configuration or a flag sets, before the preset's.
    pub rules: RuleLevels,
    /// What becomes of excused elements, by their level.
    pub weights: BTreeMap<Maturity, Weight>,
    /// From which level on a finding fails the check.
    pub fail_on: FailOn,
}

impl Policy {
    /// The level of a finding; `None` where the rule is off.
    pub fn level(
        &self,
        rule: &Rule,
        facet: Option<&str>,
        said: &Verdict,
        impact: Impact,
        guarantees: &[&str],
    ) -> Option<Level> {
        let chosen = self.rules.get(rule, facet);
        chosen
            .unwrap_or_else(|| {
                self.preset
                    .setting(rule, facet, said, impact, guarantees.iter().copied())
            })
            .level()
    }

    /// Whether a change counts: where the preset goes by whom it breaks, it has to break one of them, or someone set a
    /// level for the rule by name.
    pub fn counts(&self, rule: &Rule, facet: Option<&str>, impact: Impact) -> bool {
        let asked_for = || {
            let levels = [&self.rules, &self.preset.rules];
            levels
                .iter()
                .any(|levels| levels.get(rule, facet).is_some())
        };
        let counts = self.preset.counts.as_ref();
        counts.is_none_or(|counts| counts.count(impact)) || asked_for()
    }

    /// What becomes of an excused element at this level.
    pub fn weight(&self, level: Maturity) -> Weight {
        self.weights.get(&level).copied().unwrap_or(Weight::Exempt)
    }

    /// The release from which on a guarantee is in force; `None` for always.
    pub fn since(&self, guarantee: &str) -> Option<Version> {
        self.preset.terms(guarantee).since
    }

    /// Whether a guarantee binds at all.
    pub fn binds(&self, guarantee: &str) -> bool {
        self.preset.terms(guarantee).cap != Setting::Off
    }

    /// The latest release that any guarantee waits for; `None` where all are in force from the start.
    pub fn last_since(&self) -> Option<&Version> {
        self.preset
            .guarantees
            .values()
            .filter_map(|terms| terms.since.as_ref())
            .max()
    }
}

/// Which guarantees with a `since` are in force at the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// All: the baseline has no history or no release tags, so that nothing says that it was not released.
    Open,
    /// Those whose release is not after this one, the highest that the baseline contains or counts as.
    Release(Version),
}

impl Gate {
    /// Whether a guarantee that waits for a release is in force.
    pub fn in_force(&self, since: Option<Version>) -> bool {
        match (self, since) {
            (Self::Open, _) | (_, None) => true,
            (Self::Release(release), Some(since)) => *release >= since,
        }
    }
}
