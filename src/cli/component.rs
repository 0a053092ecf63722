//! The component that a command is about, and whether a tree has more than components; what a component promises it does not know.

use super::compare::Asked;
use super::output::{Failure, trouble};
use crate::config::{self, Config, ReleasedComponent};
use crate::suggest::did_you_mean;

/// The component of a name.
pub fn named(config: &Config, name: &str) -> Result<ReleasedComponent, Failure> {
    let known = || config.components.iter().map(|it| it.name.as_str());
    let found = config.components.iter().find(|it| it.name == name);
    found.cloned().ok_or_else(|| {
        let help = did_you_mean(name, known()).unwrap_or_else(|| {
            "components are named in protopact.toml, each in a section [[component]]".to_owned()
        });
        trouble(format!("there is no component `{name}`"), help)
    })
}

/// Refuses a release of the tree where all of it is released by components.
pub fn something_is_left(asked: &Asked<'_>) -> Result<(), Failure> {
    let components = &asked.config.components;
    let apart = |path: &String| {
        let holder = config::holder(components, path);
        holder.is_some_and(|it| it.releases.is_some())
    };
    let mut paths = asked.current.protos().keys().peekable();
    if components.is_empty() || paths.peek().is_none() || !paths.all(apart) {
        return Ok(());
    }
    let names: Vec<String> = components
        .iter()
        .map(|it| format!("`{}`", it.name))
        .collect();
    Err(trouble(
        "every file belongs to a component that is released on its own",
        format!("name one with `--component`: {}", names.join(", ")),
    ))
}
