//! Parts of the tree that are released on their own: which of them holds a file, and by whose promises it is judged.

use super::{Gate, Policy};
use crate::config::ReleasedComponent;

/// A component with the policy that its files are judged by.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The component.
    pub component: ReleasedComponent,
    /// Its promises.
    pub policy: Policy,
    /// Which of them are in force.
    pub gate: Gate,
}

/// What is judged of a tree with components.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scope {
    /// All of it, each file by the policy of the component that holds it.
    #[default]
    All,
    /// The files of a component, by its name.
    Component(String),
    /// What no component holds that has releases of its own.
    Rest,
}

impl Scope {
    /// Whether what a component holds is judged, or what none holds.
    pub fn takes(&self, component: Option<&ReleasedComponent>) -> bool {
        match self {
            Self::All => true,
            Self::Component(name) => component.is_some_and(|it| it.name == *name),
            Self::Rest => component.is_none_or(|it| it.releases.is_none()),
        }
    }
}

impl Policy {
    /// The component that holds a file: of several the one with the longest path.
    pub fn component(&self, path: &str) -> Option<&Judged> {
        let holding = self.components.iter().filter(|it| it.component.holds(path));
        holding.max_by_key(|it| it.component.path.len())
    }

    /// Whether a file is to be judged.
    pub fn judges(&self, path: &str) -> bool {
        // All of a large tree is judged without looking for who holds what.
        self.scope == Scope::All || {
            let holder = self.component(path).map(|it| &it.component);
            self.scope.takes(holder)
        }
    }
}
