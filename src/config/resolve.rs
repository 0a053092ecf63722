//! Turns what was typed into what it means; it does not know how TOML is read.

use std::ops::Range;

use miette::Diagnostic;
use semver::Version;
use toml::Spanned;

use super::{
    Component, Config, ConfigError, CustomOption, Explanations, Maturity, MaturityLevel, Override,
    Pages, Pattern, Schema, Table, typed,
};
use crate::change::{Action, Aspect, Subject, ways};
use crate::rule::Catalogue;
use crate::rule::document::line_of;
use crate::rule::levels::{LevelError, RuleLevels};
use crate::rule::matcher::OneOrMore;
use crate::suggest::did_you_mean;

/// Reads the text of a configuration.
pub(super) fn read(path: &str, text: &str, catalogue: &Catalogue) -> Result<Config, ConfigError> {
    let typed =
        toml::from_str(text).map_err(|error| ConfigError::unreadable((path, text), &error))?;
    Reader {
        path,
        text,
        catalogue,
    }
    .resolve(typed)
}

/// Turns what was typed into what it means, with the place of each error.
pub(super) struct Reader<'r> {
    path: &'r str,
    text: &'r str,
    catalogue: &'r Catalogue,
}

impl Reader<'_> {
    fn resolve(&self, typed: typed::Config) -> Result<Config, ConfigError> {
        let (release, releasing) = self.release(typed.release)?;
        Ok(Config {
            preset: typed.preset.map(|name| self.preset(name)).transpose()?,
            against: typed.against.map(|bases| bases.0).unwrap_or_default(),
            direction: typed.direction,
            exempt: typed.exempt,
            release,
            fail_on: typed.fail_on,
            schema: self.schema(typed.schema)?,
            maturity: self.maturity(typed.maturity)?,
            levels: typed.levels.into_map(),
            rules: self.rules(typed.rules)?,
            overrides: self.overrides(typed.overrides)?,
            options: self.options(typed.custom_option)?,
            explanations: explanations(typed.explanations),
            releasing,
            components: self.components(typed.component)?,
            pages: typed.report.pages.map(|it| self.pages(&it)).transpose()?,
        })
    }

    pub(super) fn preset(&self, name: Spanned<String>) -> Result<String, ConfigError> {
        if self
            .catalogue
            .preset_names()
            .any(|known| known == name.get_ref())
        {
            return Ok(name.into_inner());
        }
        let help = did_you_mean(name.get_ref(), self.catalogue.preset_names());
        let message = format!("unknown preset `{}`", name.get_ref());
        Err(self.error(&message, name.span(), "no preset has this name", help))
    }

    pub(super) fn version(&self, text: &Spanned<String>) -> Result<Version, ConfigError> {
        let version = text.get_ref();
        Version::parse(version.strip_prefix('v').unwrap_or(version)).map_err(|error| {
            let help = "a release is written MAJOR.MINOR.PATCH, for instance \"1.2.0\"";
            let message = format!("`{version}` is not a version: {error}");
            self.error(
                &message,
                text.span(),
                "not a version",
                Some(help.to_owned()),
            )
        })
    }

    fn pages(&self, typed: &Spanned<String>) -> Result<Pages, ConfigError> {
        Pages::new(typed.get_ref()).map_err(|(message, help)| {
            self.error(&message, typed.span(), "no page of a rule", Some(help))
        })
    }

    fn schema(&self, typed: typed::Schema) -> Result<Schema, ConfigError> {
        Ok(Schema {
            roots: typed.roots,
            include: self.globs(&typed.include)?,
            exclude: self.globs(&typed.exclude)?,
            missing_imports: typed.missing_imports,
        })
    }

    fn maturity(&self, typed: typed::Maturity) -> Result<Maturity, ConfigError> {
        let components = typed
            .component
            .into_iter()
            .map(|component| {
                let empty = |reason: &&Spanned<String>| reason.get_ref().trim().is_empty();
                if let Some(reason) = component.reason.as_ref().filter(empty) {
                    let help =
                        "say why these files are not stable, and until when, or leave the key out";
                    let message = "the reason of a component is empty";
                    return Err(self.error(message, reason.span(), "no reason", Some(help.into())));
                }
                Ok(Component {
                    line: line_of(self.text, component.path.span().start),
                    path: self.glob(&component.path)?,
                    level: component.level,
                    reason: component.reason.map(Spanned::into_inner),
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Maturity {
            table: typed.table.map(|table| Table {
                file: table.file,
                heading: table.heading,
                root: table.root,
            }),
            default: typed.default.unwrap_or(MaturityLevel::Stable),
            components,
        })
    }

    fn rules(&self, typed: typed::Rules) -> Result<RuleLevels, ConfigError> {
        let mut levels = RuleLevels::default();
        for (target, setting) in typed {
            let resolved = self
                .catalogue
                .target(target.get_ref())
                .map_err(|error| self.bad_target(&target, &error))?;
            levels.set(resolved, setting);
        }
        Ok(levels)
    }

    fn overrides(&self, typed: Vec<typed::Override>) -> Result<Vec<Override>, ConfigError> {
        let resolve = |typed: typed::Override| {
            Ok(Override {
                paths: self.globs_of(typed.path)?,
                rules: self.rules(typed.rules)?,
            })
        };
        typed.into_iter().map(resolve).collect()
    }

    fn options(&self, typed: Vec<typed::CustomOption>) -> Result<Vec<CustomOption>, ConfigError> {
        let resolve = |typed: typed::CustomOption| {
            let on = match typed.on {
                Some(on) => self.kinds(on)?,
                None => Vec::new(),
            };
            let list =
                |typed: Option<OneOrMore<String>>| typed.map(|list| list.0).unwrap_or_default();
            Ok(CustomOption {
                name: self.option_name(&typed.name)?,
                on,
                moves: typed.direction.map(|list| list.0).unwrap_or_default(),
                from: list(typed.from),
                to: list(typed.to),
                level: typed.level,
            })
        };
        typed.into_iter().map(resolve).collect()
    }

    /// The name of a custom option, `(acme.owner)`, or of a part of its value, `(acme.limits).rows.max`.
    fn option_name(&self, typed: &Spanned<String>) -> Result<String, ConfigError> {
        let name = typed.get_ref().replacen("(.", "(", 1);
        let is_name = |text: &str| {
            let mut parts = text.split('.');
            parts.all(|part| {
                !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_')
            })
        };
        let inside = name.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let rest = |rest: &str| {
            let plain = rest.replace(['(', ')'], "");
            rest.is_empty() || plain.strip_prefix('.').is_some_and(is_name)
        };
        if inside.is_some_and(|(option, path)| is_name(option) && rest(path)) {
            return Ok(name);
        }
        let plain = name.replace(['(', ')'], "");
        let help = if is_name(&plain) && plain.contains('.') {
            format!(
                "write the full name of the option in parentheses, as schemas do: `({plain})`, and the fields of its value behind them: `(acme.limits).rows`"
            )
        } else {
            "a custom option is named in parentheses, `(acme.owner)`; for the options of the language there are rules, see `protopact rules`".to_owned()
        };
        let message = format!("`{}` is not the name of a custom option", typed.get_ref());
        Err(self.error(&message, typed.span(), "not a custom option", Some(help)))
    }

    /// Kinds of element, each of which has to be one that has options.
    fn kinds(&self, typed: Spanned<OneOrMore<Subject>>) -> Result<Vec<Subject>, ConfigError> {
        let span = typed.span();
        let kinds = typed.into_inner().0;
        let has_options = |kind: &Subject| ways(*kind, Aspect::Option, Action::Changed).is_some();
        if let Some(kind) = kinds.iter().find(|kind| !has_options(kind)) {
            let known: Vec<String> = Subject::ALL
                .iter()
                .filter(|kind| has_options(kind))
                .map(|kind| format!("`{kind}`"))
                .collect();
            let help = format!("these have: {}", known.join(", "));
            return Err(self.error(
                &format!("there are no options on `{kind}`"),
                span,
                "has no options",
                Some(help),
            ));
        }
        Ok(kinds)
    }

    fn bad_target(&self, target: &Spanned<String>, error: &LevelError) -> ConfigError {
        let label = match error {
            LevelError::UnknownGuarantee { .. } => "no guarantee has this name",
            LevelError::UnknownFacet { .. } => "the rule has no such facet or way",
            LevelError::UnknownFamily { .. } => "no family of names is called so",
            LevelError::UnknownAlias { .. } => "the family has no such name",
            _ => "no rule has this id",
        };
        let help = error.help().map(|help| help.to_string());
        self.error(&error.to_string(), target.span(), label, help)
    }

    fn globs(&self, typed: &[Spanned<String>]) -> Result<Vec<Pattern>, ConfigError> {
        typed.iter().map(|glob| self.glob(glob)).collect()
    }

    /// Globs of which only the list has a place.
    fn globs_of(&self, typed: Spanned<OneOrMore<String>>) -> Result<Vec<Pattern>, ConfigError> {
        let span = typed.span();
        let globs = typed.into_inner().0.into_iter();
        let globs: Vec<_> = globs.map(|glob| Spanned::new(span.clone(), glob)).collect();
        self.globs(&globs)
    }

    fn glob(&self, typed: &Spanned<String>) -> Result<Pattern, ConfigError> {
        Pattern::new(typed.get_ref()).map_err(|error| {
            let message = format!("`{}` is not a glob: {}", typed.get_ref(), error.kind());
            let help = "`*` matches within a directory, `**` across directories";
            self.error(&message, typed.span(), "bad glob", Some(help.to_owned()))
        })
    }

    pub(super) fn error(
        &self,
        message: &str,
        span: Range<usize>,
        label: &str,
        help: Option<String>,
    ) -> ConfigError {
        ConfigError::new((self.path, self.text), message, span, label, help)
    }
}

fn explanations(typed: typed::Explanations) -> Explanations {
    let default = Explanations::default();
    Explanations {
        comment: typed.comment.unwrap_or(default.comment),
        changelog: match typed.changelog {
            None | Some(typed::Changelog::Counts(true)) => default.changelog,
            Some(typed::Changelog::Counts(false)) => None,
            Some(typed::Changelog::File(path)) => Some(path),
        },
        commit_messages: typed.commit_messages.unwrap_or(default.commit_messages),
        words: typed.words,
        since: typed.since,
    }
}
