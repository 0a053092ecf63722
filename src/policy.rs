//! Which promises bind and how much breaking them weighs: preset, configuration and flags put together; it judges no change.

pub mod applies;
pub mod component;

use std::collections::BTreeMap;

use semver::Version;

use self::component::{Judged, Scope};
use crate::change::Change;
pub use crate::config::{CustomOption, FailOn, Override, Weight};
use crate::impact::{Breaks, Impact};
use crate::maturity::{InForce, Level as Maturity, Maturities};
use crate::report::Level;
use crate::rule::alias::{Alias, Family};
use crate::rule::levels::{RuleLevels, Setting};
use crate::rule::preset::{Exempt, Preset};
use crate::rule::{Catalogue, Rule};
use crate::schema::{ElementId, Schema};

/// A policy that is ready to judge by.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The preset.
    pub preset: Preset,
    /// Which immature elements are excused.
    pub exempt: Exempt,
    /// Levels that the configuration or a flag sets, before the preset's.
    pub rules: RuleLevels,
    /// Levels that the configuration sets for some paths, before those; of several that match the last counts.
    pub overrides: Vec<Override>,
    /// Custom options that promise something.
    pub options: Vec<CustomOption>,
    /// What becomes of excused elements, by their level.
    pub weights: BTreeMap<Maturity, Weight>,
    /// From which level on a finding fails the check.
    pub fail_on: FailOn,
    /// The release from which on any guarantee is in force, where the preset names none or an earlier one.
    pub since: Option<Version>,
    /// The parts of the tree that have promises of their own.
    pub components: Vec<Judged>,
    /// What of the tree is judged.
    pub scope: Scope,
}

impl Policy {
    /// The level of a finding; `None` where the rule is off. `stated` is the level that someone set, `impact` whom the
    /// change breaks.
    pub fn level(
        &self,
        (rule, change): (&Rule, &Change),
        stated: Option<Setting>,
        impact: Impact,
        guarantees: &[&str],
    ) -> Option<Level> {
        let said = || {
            let guarantees = guarantees.iter().copied();
            self.preset
                .setting(rule.verdict(change), impact, guarantees)
        };
        stated.unwrap_or_else(said).level()
    }

    /// Whether a change counts: where the preset goes by whom it breaks, it has to break one of them, or someone set a
    /// level for it.
    pub fn counts(&self, stated: Option<Setting>, impact: Impact) -> bool {
        let counts = self.preset.counts.as_ref();
        stated.is_some() || counts.is_none_or(|counts| counts.count(impact))
    }

    /// The level that someone set for a change of a rule; `paths` are the files of the change.
    ///
    /// The narrowest statement decides: one for the paths before one for the tree, that before the preset's. A statement
    /// about what another checker knows under a name counts for a change with those about all the names that cover it,
    /// wherever they stand: the highest of them is its level, as that checker would report it under any of the names.
    pub fn stated(
        &self,
        catalogue: &Catalogue,
        (rule, change): (&Rule, &Change),
        paths: &[&str],
    ) -> Option<Setting> {
        let concerned = |over: &&Override| over.concerns(paths);
        let overrides = self.overrides.iter().rev().filter(concerned);
        let layers: Vec<&RuleLevels> = overrides
            .map(|over| &over.rules)
            .chain([&self.rules, &self.preset.rules])
            .collect();
        let names: Vec<(&Family, &Alias)> = if layers.iter().any(|layer| layer.has_aliases()) {
            let families = catalogue.families().iter();
            families
                .flat_map(|family| {
                    let covering = family.covering(rule, change);
                    covering.map(move |name| (family, name))
                })
                .collect()
        } else {
            Vec::new()
        };
        let by_name = names
            .iter()
            .filter_map(|(family, name)| layers.iter().find_map(|layer| layer.alias(family, name)))
            .max();
        let said = |layer: &&RuleLevels| {
            let speaks = |(family, name): &(&Family, &Alias)| layer.alias(family, name).is_some();
            let said = layer.get(rule, change);
            said.or_else(|| by_name.filter(|_| names.iter().any(speaks)))
        };
        let (paths, tree) = layers.split_at(layers.len().saturating_sub(2));
        let option = self.option(change);
        let of_option = || option.and_then(|option| option.level);
        let by_tree = || tree.iter().find_map(said);
        // Whoever names an option wants to know, whatever the preset goes by.
        let by_page = || option.map(|_| rule.verdict(change).setting);
        let by_path = paths.iter().find_map(said);
        by_path.or_else(of_option).or_else(by_tree).or_else(by_page)
    }

    /// What the configuration says of a change of a custom option: the entry with the longest name, of several that have
    /// one name the last.
    pub fn option(&self, change: &Change) -> Option<&CustomOption> {
        let meant = self.options.iter().filter(|option| option.concerns(change));
        meant.max_by_key(|option| option.name.len())
    }

    /// The maturity that can excuse an element; `None` where nothing does.
    pub fn excusing<'a>(
        &self,
        maturity: &'a Maturities,
        schema: &'a Schema,
        element: ElementId,
    ) -> Option<&'a InForce> {
        match self.exempt {
            Exempt::None => None,
            Exempt::Labelled => Some(maturity.of(schema, element)),
            Exempt::Component => Some(maturity.component(schema, element)),
        }
    }

    /// What maturity makes of a finding about an element; `breaks` is whom the change breaks.
    pub fn weigh(&self, excusing: Option<&InForce>, breaks: &[Breaks]) -> Weight {
        let level = match excusing {
            None => return Weight::Keep,
            Some(in_force) if breaks == [Breaks::Json] => in_force.json,
            Some(in_force) => Some(in_force.level),
        };
        match level {
            Some(level) => self.weight(level),
            // Where the policy makes no statement for an encoding, it promises nothing for it.
            None => Weight::Exempt,
        }
    }

    fn weight(&self, level: Maturity) -> Weight {
        match level {
            Maturity::Stable => Weight::Keep,
            level => self.weights.get(&level).copied().unwrap_or(Weight::Exempt),
        }
    }

    /// The release from which on a guarantee is in force; `None` for always.
    pub fn since(&self, guarantee: &str) -> Option<Version> {
        // None is before any release.
        self.preset.terms(guarantee).since.max(self.since.clone())
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
            .chain(&self.since)
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
