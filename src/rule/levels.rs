//! Levels that a preset, a configuration or a flag sets, and what they are set for; it judges nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;

use super::alias::{self, Alias, Family};
use super::{Catalogue, Rule};
use crate::change::{Change, facet};
use crate::report::Level;
use crate::suggest::did_you_mean;

/// The level of a rule, or that it is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// The rule reports nothing.
    Off,
    /// For the reader to know.
    Note,
    /// Something may break.
    Warning,
    /// A promise is broken.
    Error,
}

impl Setting {
    /// Every setting, from the highest.
    pub const ALL: &'static [Self] = &[Self::Error, Self::Warning, Self::Note, Self::Off];

    /// The word that pages and configuration use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level of a finding; `None` where there is to be no finding.
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Note => Some(Level::Note),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a level is set for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Every rule: `*`.
    All,
    /// Every rule of a guarantee: `guarantee/*`.
    Guarantee(String),
    /// One rule: `id`.
    Rule(String),
    /// One facet of a rule, or one way in which what it claims can happen: `id.facet`, `id.way`.
    Facet(String, String),
    /// What another checker knows under a name, or under those of a group: `family:name`.
    Alias(String, String),
}

/// A level that cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are named in the messages")]
pub enum LevelError {
    /// No page has that id.
    #[error("unknown rule `{id}`")]
    #[diagnostic(help("{help}"))]
    UnknownRule { id: String, help: String },
    /// No folder has that name.
    #[error("unknown guarantee `{id}`")]
    #[diagnostic(help("{help}"))]
    UnknownGuarantee { id: String, help: String },
    /// No file of names is called that.
    #[error("unknown family of names `{family}`")]
    #[diagnostic(help("{help}"))]
    UnknownFamily { family: String, help: String },
    /// The family has no such name.
    #[error("`{family}` has no rule and no category `{name}`")]
    #[diagnostic(help("{help}"))]
    UnknownAlias {
        family: String,
        name: String,
        help: String,
    },
    /// The rule speaks neither of that facet nor of that way.
    #[error("rule `{rule}` has no facet and no way `{facet}`")]
    #[diagnostic(help("{help}"))]
    UnknownFacet {
        rule: String,
        facet: String,
        help: String,
    },
    /// Not a level.
    #[error("unknown level `{level}`")]
    #[diagnostic(help("{help}"))]
    UnknownLevel { level: String, help: String },
    /// A flag without a level.
    #[error("`{text}` sets no level")]
    #[diagnostic(help("write ID=LEVEL, for instance `{text}=warning`"))]
    NoLevel { text: String },
}

/// The levels set for rules, by what they are set for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleLevels(BTreeMap<Target, Setting>);

impl RuleLevels {
    /// Sets a level; a later one replaces an earlier one for the same target.
    pub fn set(&mut self, target: Target, setting: Setting) {
        self.0.insert(target, setting);
    }

    /// Adds what another source sets; where both set the same target, the other wins.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// What is set for a change that a rule claims, the narrowest statement first: facet or way, rule, guarantee (the
    /// rule's own folder), all.
    pub fn get(&self, rule: &Rule, change: &Change) -> Option<Setting> {
        let narrow = |part: &str| {
            let target = Target::Facet(rule.id.clone(), part.to_owned());
            self.0.get(&target)
        };
        let facets = change.facet.as_deref().into_iter();
        facets
            .flat_map(facet::around)
            .find_map(narrow)
            .or_else(|| narrow(change.how))
            .or_else(|| self.0.get(&Target::Rule(rule.id.clone())))
            .or_else(|| self.0.get(&Target::Guarantee(rule.guarantee.clone())))
            .or_else(|| self.0.get(&Target::All))
            .copied()
    }

    /// What is set for a name of another checker: for itself, else for its groups.
    pub fn alias(&self, family: &Family, name: &Alias) -> Option<Setting> {
        alias::setting(name, |name| {
            let target = Target::Alias(family.name.clone(), name.to_owned());
            self.0.get(&target).copied()
        })
    }

    /// Whether anything is set by the names of other checkers.
    pub fn has_aliases(&self) -> bool {
        self.0
            .keys()
            .any(|target| matches!(target, Target::Alias(..)))
    }

    /// Every statement, by target.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, Setting)> {
        self.0.iter().map(|(target, setting)| (target, *setting))
    }
}

impl Catalogue {
    /// What `id`, `id.facet`, `id.way`, `guarantee/*`, `family:name` or `*` names.
    pub fn target(&self, text: &str) -> Result<Target, LevelError> {
        if text == "*" {
            return Ok(Target::All);
        }
        if let Some((family, name)) = text.split_once(':') {
            return self.alias_target(family, name);
        }
        if let Some(id) = text.strip_suffix("/*") {
            return match self.guarantee(id) {
                Some(_) => Ok(Target::Guarantee(id.to_owned())),
                None => Err(LevelError::UnknownGuarantee {
                    id: id.to_owned(),
                    help: did_you_mean(id, self.guarantees().iter().map(|known| known.id.as_str()))
                        .unwrap_or_else(|| "`protopact rules` lists the guarantees".to_owned()),
                }),
            };
        }
        let (id, facet) = match text.split_once('.') {
            Some((id, facet)) => (id, Some(facet)),
            None => (text, None),
        };
        let Some(rule) = self.rule(id) else {
            let guarantee = self.guarantee(id).map(|known| known.id.as_str());
            return Err(LevelError::UnknownRule {
                id: id.to_owned(),
                help: guarantee
                    .map(|id| format!("`{id}` is a guarantee: for all its rules write `{id}/*`"))
                    .or_else(|| {
                        did_you_mean(id, self.rules().iter().map(|known| known.id.as_str()))
                    })
                    .unwrap_or_else(|| "`protopact rules` lists the rules".to_owned()),
            });
        };
        let Some(facet) = facet else {
            return Ok(Target::Rule(id.to_owned()));
        };
        let (facets, ways) = (rule.facets(), rule.claimed_ways());
        let is_facet = facets.as_ref().is_some_and(|known| {
            known.is_empty() || known.iter().any(|whole| facet::is_within(facet, whole))
        });
        if is_facet || ways.contains(&facet) {
            return Ok(Target::Facet(id.to_owned(), facet.to_owned()));
        }
        let known = facets.unwrap_or_default().into_iter().chain(ways);
        Err(LevelError::UnknownFacet {
            rule: id.to_owned(),
            facet: facet.to_owned(),
            help: did_you_mean(facet, known)
                .unwrap_or_else(|| format!("for the whole rule write `{id}`")),
        })
    }

    fn alias_target(&self, family: &str, name: &str) -> Result<Target, LevelError> {
        let Some(known) = self.family(family) else {
            let known = self.families().iter().map(|known| known.name.as_str());
            return Err(LevelError::UnknownFamily {
                family: family.to_owned(),
                help: did_you_mean(family, known).unwrap_or_default(),
            });
        };
        if known.alias(name).is_some() || known.has_group(name) {
            return Ok(Target::Alias(family.to_owned(), name.to_owned()));
        }
        let names = known.aliases.iter().map(|alias| alias.name.as_str());
        let names: BTreeSet<&str> = names.chain(known.groups()).collect();
        Err(LevelError::UnknownAlias {
            family: family.to_owned(),
            name: name.to_owned(),
            help: did_you_mean(name, names).unwrap_or_else(|| {
                "the names are those of `buf config ls-breaking-rules`".to_owned()
            }),
        })
    }

    /// What the flag `ID=LEVEL` sets.
    pub fn level_flag(&self, text: &str) -> Result<(Target, Setting), LevelError> {
        let (target, level) = text.rsplit_once('=').ok_or_else(|| LevelError::NoLevel {
            text: text.to_owned(),
        })?;
        let target = self.target(target.trim())?;
        let level = level.trim();
        let setting = Setting::ALL
            .iter()
            .find(|setting| setting.as_str() == level);
        setting
            .map(|setting| (target, *setting))
            .ok_or_else(|| LevelError::UnknownLevel {
                level: level.to_owned(),
                help: did_you_mean(level, Setting::ALL.iter().map(|setting| setting.as_str()))
                    .unwrap_or_default(),
            })
    }
}
