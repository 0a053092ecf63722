//! Which preset and which statements make exactly a set of another checker's rules count; how they are written it does not know.

use std::collections::BTreeMap;

use super::buf::Names;
use crate::rule::alias::{EVERY, Family};
use crate::rule::levels::{Setting, Target};
use crate::rule::preset::Preset;

/// A preset, and what has to be said beside it.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The name of the preset.
    pub(super) preset: String,
    /// Names of rules and groups that are on or off otherwise, groups first.
    pub(super) statements: Vec<(String, Setting)>,
}

/// The shortest way to have these rules count, and no others.
pub(super) fn choose(family: &Family, presets: &[Preset], wanted: &Names) -> Option<Choice> {
    let choices = presets.iter().filter_map(|preset| {
        let group = only_group(family, preset)?;
        let statements = statements(family, &members(family, group), wanted);
        Some(Choice {
            preset: preset.name.clone(),
            statements,
        })
    });
    choices.min_by_key(|choice| choice.statements.len())
}

/// What has to be said where the rules of `known` count, so that those of `wanted` do: the difference, or all anew.
pub(super) fn statements(family: &Family, known: &Names, wanted: &Names) -> Vec<(String, Setting)> {
    let mut best = difference(known, wanted);
    let groups: BTreeMap<&str, Names> = family
        .groups()
        .map(|group| (group, members(family, group)))
        .collect();
    let anew = std::iter::once(("", Names::new())).chain(groups);
    for (group, members) in anew {
        let mut said = vec![(EVERY.to_owned(), Setting::Off)];
        if !group.is_empty() {
            said.push((group.to_owned(), Setting::Error));
        }
        said.extend(difference(&members, wanted));
        if said.len() < best.len() {
            best = said;
        }
    }
    best
}

fn difference(known: &Names, wanted: &Names) -> Vec<(String, Setting)> {
    let off = known.difference(wanted).map(|name| (name, Setting::Off));
    let on = wanted.difference(known).map(|name| (name, Setting::Error));
    off.chain(on)
        .map(|(name, setting)| (name.clone(), setting))
        .collect()
}

/// The rules of a group.
pub(super) fn members(family: &Family, group: &str) -> Names {
    let members = family.aliases.iter();
    members
        .filter(|alias| alias.groups.iter().any(|known| known == group))
        .map(|alias| alias.name.clone())
        .collect()
}

/// The group that is all a preset turns on.
fn only_group<'p>(family: &Family, preset: &'p Preset) -> Option<&'p str> {
    let mut statements = preset.rules.iter();
    match (statements.next(), statements.next()) {
        (Some((Target::Alias(name, group), Setting::Error)), None) if *name == family.name => {
            Some(group)
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::rule::Catalogue;

    fn names(words: &[&str]) -> Names {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_shortest_way_is_taken() {
        let catalogue = Catalogue::from_pages([
            ("presets/one.toml", "summary = 's'\nexempt = 'none'\nguarantees = {}\nrules = { 'x:ONE' = 'error' }\n"),
            ("presets/two.toml", "summary = 's'\nexempt = 'none'\nguarantees = {}\nrules = { 'x:TWO' = 'error' }\n"),
            ("presets/own.toml", "summary = 's'\nexempt = 'none'\nguarantees = {}\n"),
            (
                "aliases/x.toml",
                "A = { groups = ['ONE', 'TWO'] }\nB = { groups = ['ONE'] }\nC = { groups = ['ONE'] }\nD = { groups = ['TWO'] }\nE = { groups = ['ONE'] }\n",
            ),
        ])
        .unwrap();
        let family = catalogue.family("x").unwrap();
        let presets: Vec<Preset> = catalogue
            .preset_names()
            .map(|name| catalogue.preset(name).unwrap().unwrap())
            .collect();
        let said = |wanted: &[&str]| {
            let choice = choose(family, &presets, &names(wanted)).unwrap();
            let statements = choice.statements.iter();
            let words = statements.map(|(name, setting)| format!(" {name}={setting}"));
            format!("{}{}", choice.preset, words.collect::<String>())
        };
        assert_eq!(said(&["A", "B", "C", "E"]), "one");
        assert_eq!(said(&["A", "D"]), "two");
        assert_eq!(said(&["A", "B", "E"]), "one C=off");
        assert_eq!(said(&["A", "D", "B"]), "two B=error");
        assert_eq!(said(&[]), "one *=off");
        let from_two = statements(family, &names(&["A", "D"]), &names(&["A", "B", "C", "E"]));
        assert_eq!(from_two.len(), 2, "{from_two:?}");
    }
}
