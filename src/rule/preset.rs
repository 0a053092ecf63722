//! A preset: which guarantees bind, from which release on and at most at which level, or whom a change has to break; it knows no changes.

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;
use toml::Spanned;

use super::document::{Page, PageError, Settings};
use super::levels::{RuleLevels, Setting};
use super::{Catalogue, Effect, Verdict};
use crate::impact::{Breaks, Direction, Grade, Impact};

/// Which elements below Stable are excused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Exempt {
    /// Only those of isolated components: a row of the maturity table, an experimental directory or package.
    Component,
    /// Every element whose own or inherited level is below Stable.
    Labelled,
    /// None.
    None,
}

impl Exempt {
    /// The word that presets, configuration and reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Labelled => "labelled",
            Self::None => "none",
        }
    }
}

/// On which terms a guarantee binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The release from which it is in force; `None` for always.
    pub since: Option<Version>,
    /// The highest level of its findings.
    pub cap: Setting,
}

/// What counts where a preset goes by whom a change breaks, whatever guarantee it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Whom it has to break.
    pub breaks: Vec<Breaks>,
    /// Which readers of data count.
    pub direction: Direction,
}

impl Counts {
    /// Whether an impact counts.
    pub fn count(&self, impact: Impact) -> bool {
        self.counts_source(impact) || self.data(impact) > Grade::Lossless
    }

    /// What a finding of a rule weighs: where values are lost that one side cannot say, it is a warning, because whether
    /// any such value is there only those know who have the data; where others are lost, an error. What a page states is
    /// not graded and weighs what the page says.
    fn setting(&self, said: &Verdict, impact: Impact) -> Setting {
        if said.effect != Effect::Computed {
            return said.setting;
        }
        let data = match self.data(impact) {
            Grade::Lossless => Setting::Off,
            Grade::InRange => Setting::Warning,
            Grade::Dropped | Grade::Wrong => Setting::Error,
        };
        if self.counts_source(impact) || data == Setting::Off {
            data.max(said.setting)
        } else {
            data
        }
    }

    fn counts_source(&self, impact: Impact) -> bool {
        impact.source && self.breaks.contains(&Breaks::Source)
    }

    fn data(&self, impact: Impact) -> Grade {
        impact.data(&self.breaks, self.direction)
    }
}

/// A named policy.
#[derive(Debug, Clone)]
pub struct Preset {
    /// The file stem.
    pub name: String,
    /// One line for people who choose.
    pub summary: String,
    /// Which elements are excused, unless the configuration says otherwise.
    pub exempt: Exempt,
    /// The terms of each guarantee, by folder; all of them bind where the preset goes by what counts.
    pub guarantees: BTreeMap<String, Terms>,
    /// What a change has to break to count; `None` where the guarantees decide alone.
    pub counts: Option<Counts>,
    /// Exact levels for single rules, or for what other checkers know under a name.
    pub rules: RuleLevels,
}

impl Preset {
    /// The terms of a guarantee; one that the preset does not name is off, unless it goes by what counts.
    pub fn terms(&self, guarantee: &str) -> Terms {
        self.guarantees.get(guarantee).cloned().unwrap_or(Terms {
            since: None,
            cap: if self.counts.is_some() {
                Setting::Error
            } else {
                Setting::Off
            },
        })
    }

    /// What a finding weighs where no level is set for its rule: what its impact weighs where the preset goes by that,
    /// else what the page says capped by the guarantees that it counts under, of which the strictest decides.
    pub fn setting<'g>(
        &self,
        said: &Verdict,
        impact: Impact,
        guarantees: impl IntoIterator<Item = &'g str>,
    ) -> Setting {
        if let Some(counts) = &self.counts {
            return counts.setting(said, impact);
        }
        let caps = guarantees
            .into_iter()
            .filter_map(|id| Some(self.guarantees.get(id)?.cap));
        caps.max().unwrap_or(Setting::Off).min(said.setting)
    }

    /// Reads the preset's file; its rules and guarantees must be the catalogue's.
    pub(super) fn parse(
        name: &str,
        page: Page<'_>,
        catalogue: &Catalogue,
    ) -> Result<Self, PageError> {
        let settings = Settings::file(page);
        let typed: Typed = settings.read()?;
        let counts = match (typed.breaks, &typed.guarantees) {
            (Some(breaks), None) => Some(Counts {
                breaks,
                direction: typed.direction.unwrap_or(Direction::Both),
            }),
            (None, Some(_)) if typed.direction.is_none() => None,
            _ => {
                let message = "a preset has either [guarantees], or `breaks` and a `direction`";
                return Err(settings.error(0, message));
            }
        };
        let mut guarantees = BTreeMap::new();
        for (id, terms) in typed.guarantees.unwrap_or_default() {
            let place = id.span().start;
            if catalogue.guarantee(id.get_ref()).is_none() {
                let message = format!("no guarantee is called `{}`", id.get_ref());
                return Err(settings.error(place, message));
            }
            let since = terms
                .since
                .map(|since| {
                    let place = since.span().start;
                    Version::parse(since.get_ref())
                        .map_err(|error| settings.error(place, error.to_string()))
                })
                .transpose()?;
            let cap = terms.level.unwrap_or(Setting::Error);
            guarantees.insert(id.into_inner(), Terms { since, cap });
        }
        let mut rules = RuleLevels::default();
        for (target, setting) in typed.rules {
            let place = target.span().start;
            let target = catalogue
                .target(target.get_ref())
                .map_err(|error| settings.error(place, error.to_string()))?;
            rules.set(target, setting);
        }
        Ok(Self {
            name: name.to_owned(),
            summary: typed.summary,
            exempt: typed.exempt,
            guarantees,
            counts,
            rules,
        })
    }
}

/// A preset as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    summary: String,
    exempt: Exempt,
    breaks: Option<Vec<Breaks>>,
    direction: Option<Direction>,
    guarantees: Option<BTreeMap<Spanned<String>, TypedTerms>>,
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, Setting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedTerms {
    since: Option<Spanned<String>>,
    level: Option<Setting>,
}
