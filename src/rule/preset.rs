//! A preset: which guarantees bind, from which release on and at most at which level; it knows no changes.

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;
use toml::Spanned;

use super::Catalogue;
use super::document::{Page, PageError, Settings};
use super::levels::{RuleLevels, Setting};

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

/// A named policy.
#[derive(Debug, Clone)]
pub struct Preset {
    /// The file stem.
    pub name: String,
    /// One line for people who choose.
    pub summary: String,
    /// Which elements are excused, unless the configuration says otherwise.
    pub exempt: Exempt,
    /// The terms of each guarantee, by folder.
    pub guarantees: BTreeMap<String, Terms>,
    /// Exact levels for single rules, or for what other checkers know under a name.
    pub rules: RuleLevels,
}

impl Preset {
    /// The terms of a guarantee; one that the preset does not name is off.
    pub fn terms(&self, guarantee: &str) -> Terms {
        self.guarantees.get(guarantee).cloned().unwrap_or(Terms {
            since: None,
            cap: Setting::Off,
        })
    }

    /// A rule's own `setting`, capped by the guarantees that it counts under, of which the strictest decides.
    pub fn capped<'g>(
        &self,
        setting: Setting,
        guarantees: impl IntoIterator<Item = &'g str>,
    ) -> Setting {
        let caps = guarantees
            .into_iter()
            .filter_map(|id| Some(self.guarantees.get(id)?.cap));
        caps.max().unwrap_or(Setting::Off).min(setting)
    }

    /// Reads the preset's file; its rules and guarantees must be the catalogue's.
    pub(super) fn parse(
        name: &str,
        page: Page<'_>,
        catalogue: &Catalogue,
    ) -> Result<Self, PageError> {
        let settings = Settings::file(page);
        let typed: Typed = settings.read()?;
        let mut guarantees = BTreeMap::new();
        for (id, terms) in typed.guarantees {
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
    guarantees: BTreeMap<Spanned<String>, TypedTerms>,
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, Setting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedTerms {
    since: Option<Spanned<String>>,
    level: Option<Setting>,
}
