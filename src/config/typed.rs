//! `protopact.toml` as it is typed; it does not know what any of it means.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use toml::Spanned;

use super::{FailOn, MissingImports, Move, Passing, Weight};
use crate::change::Subject;
use crate::impact::Direction;
use crate::maturity::Level as MaturityLevel;
use crate::rule::levels::Setting;
use crate::rule::matcher::OneOrMore;
use crate::rule::preset::Exempt;

/// `[[override]]`: levels for some paths.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    pub(super) path: Spanned<OneOrMore<String>>,
    pub(super) rules: Rules,
}

/// `[rules]`: levels by id, `id.facet`, `id.way`, `guarantee/*`, `family:name` or `*`.
pub(super) type Rules = BTreeMap<Spanned<String>, Setting>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Config {
    pub(super) preset: Option<Spanned<String>>,
    pub(super) against: Option<OneOrMore<String>>,
    pub(super) direction: Option<Direction>,
    pub(super) exempt: Option<Exempt>,
    pub(super) release: Option<Spanned<Release>>,
    pub(super) fail_on: Option<FailOn>,
    #[serde(default, deserialize_with = "table")]
    pub(super) schema: Schema,
    #[serde(default, deserialize_with = "table")]
    pub(super) maturity: Maturity,
    #[serde(default, deserialize_with = "table")]
    pub(super) levels: Levels,
    #[serde(default)]
    pub(super) rules: Rules,
    #[serde(default, rename = "override", deserialize_with = "tables")]
    pub(super) overrides: Vec<Override>,
    #[serde(default, deserialize_with = "tables")]
    pub(super) custom_option: Vec<CustomOption>,
    #[serde(default, deserialize_with = "table")]
    pub(super) explanations: Explanations,
    #[serde(default, deserialize_with = "tables")]
    pub(super) component: Vec<ReleasedComponent>,
    #[serde(default, deserialize_with = "table")]
    pub(super) report: Reporting,
}

/// `[report]`: what reports show.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reporting {
    pub(super) pages: Option<Spanned<String>>,
}

/// `release`: the release that the baseline counts as, or the table `[release]`.
pub(super) enum Release {
    Baseline(String),
    Table(Box<Releasing>),
}

/// `[release]`: how releases are made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Releasing {
    pub(super) baseline: Option<Spanned<String>>,
    pub(super) tags: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) pre_releases: bool,
    pub(super) version_file: Option<VersionFile>,
    pub(super) deprecation_releases: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) breaks: Passing,
}

/// The path of a file that holds the version alone, or a path and a pattern.
pub(super) enum VersionFile {
    Path(String),
    Pattern(Pattern),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pattern {
    pub(super) path: String,
    pub(super) pattern: Option<Spanned<String>>,
}

/// `[[component]]`: a part of the tree that is released on its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleasedComponent {
    pub(super) name: Option<Spanned<String>>,
    pub(super) path: Spanned<String>,
    pub(super) preset: Option<Spanned<String>>,
    pub(super) releases: Option<Spanned<String>>,
    pub(super) since: Option<Spanned<String>>,
    pub(super) changelog: Option<Spanned<String>>,
}

/// `[[custom-option]]`: an option that promises something.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomOption {
    pub(super) name: Spanned<String>,
    pub(super) on: Option<Spanned<OneOrMore<Subject>>>,
    pub(super) direction: Option<OneOrMore<Move>>,
    pub(super) from: Option<OneOrMore<String>>,
    pub(super) to: Option<OneOrMore<String>>,
    pub(super) level: Option<Setting>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Schema {
    pub(super) roots: Option<Vec<String>>,
    #[serde(default)]
    pub(super) include: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) exclude: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) missing_imports: MissingImports,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Maturity {
    #[serde(default, deserialize_with = "some_table")]
    pub(super) table: Option<Table>,
    pub(super) default: Option<MaturityLevel>,
    #[serde(default, deserialize_with = "tables")]
    pub(super) component: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) file: String,
    pub(super) heading: Option<String>,
    pub(super) root: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Component {
    pub(super) path: Spanned<String>,
    pub(super) level: MaturityLevel,
    pub(super) reason: Option<Spanned<String>>,
}

/// `[levels]`; not a map, because `stable` is no key of it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Levels {
    development: Option<Weight>,
    alpha: Option<Weight>,
    beta: Option<Weight>,
    release_candidate: Option<Weight>,
}

impl Levels {
    pub(super) fn into_map(self) -> BTreeMap<MaturityLevel, Weight> {
        [
            (MaturityLevel::Development, self.development),
            (MaturityLevel::Alpha, self.alpha),
            (MaturityLevel::Beta, self.beta),
            (MaturityLevel::ReleaseCandidate, self.release_candidate),
        ]
        .into_iter()
        .filter_map(|(level, weight)| Some((level, weight?)))
        .collect()
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Explanations {
    pub(super) comment: Option<bool>,
    pub(super) changelog: Option<Changelog>,
    pub(super) commit_messages: Option<bool>,
    pub(super) words: Option<Vec<String>>,
    #[serde(default)]
    pub(super) since: bool,
}

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Release;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a version or the table [release]")
            }

            fn visit_str<E: de::Error>(self, version: &str) -> Result<Release, E> {
                Ok(Release::Baseline(version.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Release, A::Error> {
                let table = Releasing::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Release::Table(Box::new(table)))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for VersionFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = VersionFile;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the path of a file, or a table with `path` and `pattern`")
            }

            fn visit_str<E: de::Error>(self, path: &str) -> Result<VersionFile, E> {
                Ok(VersionFile::Path(path.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<VersionFile, A::Error> {
                let table = Pattern::deserialize(MapAccessDeserializer::new(map))?;
                Ok(VersionFile::Pattern(table))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// `true`, `false`, or the path of the changelog.
pub(super) enum Changelog {
    Counts(bool),
    File(String),
}

impl<'de> Deserialize<'de> for Changelog {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl Visitor<'_> for Either {
            type Value = Changelog;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false or the path of the changelog")
            }

            fn visit_bool<E: de::Error>(self, counts: bool) -> Result<Changelog, E> {
                Ok(Changelog::Counts(counts))
            }

            fn visit_str<E: de::Error>(self, path: &str) -> Result<Changelog, E> {
                Ok(Changelog::File(path.to_owned()))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A table. Serde reads an array as one, too, by the order of the keys, which nobody means.
fn table<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct OnlyTable<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyTable<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a table")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(OnlyTable(PhantomData))
}

fn some_table<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    table(deserializer).map(Some)
}

fn tables<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Element<T>(T);

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            table(deserializer).map(Self)
        }
    }

    let elements = Vec::<Element<T>>::deserialize(deserializer)?;
    Ok(elements.into_iter().map(|element| element.0).collect())
}
