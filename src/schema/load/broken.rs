//! Files that nothing changed and that do not compile: on which sides, and what became of them; it loads nothing.

use std::collections::BTreeMap;

use crate::schema::compile::{Compiled, Problem};

/// A file that nothing changed and that does not compile.
#[derive(Debug, Clone)]
pub struct Broken {
    /// Its path.
    pub path: String,
    /// On which sides it does not.
    pub on: On,
    /// Why, where it is not for a file that it imports.
    pub problems: Vec<Problem>,
}

/// The sides of a comparison that something is true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The baseline alone.
    Baseline,
    /// The current side alone.
    Current,
    /// Both.
    Both,
}

impl Broken {
    /// What became of it.
    pub fn fate(&self) -> String {
        let path = &self.path;
        match self.on {
            On::Both => format!("`{path}` does not compile and was left out"),
            On::Baseline => {
                format!("`{path}` does not compile in the baseline and was left out on both sides")
            }
            On::Current => format!(
                "`{path}` was not changed, compiles no more in the current side, and was left out on both sides"
            ),
        }
    }

    /// The first reason.
    pub fn reason(&self) -> String {
        let first = self.problems.first();
        first.map_or(
            "a file that it imports does not compile".to_owned(),
            ToString::to_string,
        )
    }
}

/// The files that do not compile on either side, by path.
pub(super) fn broken(baseline: &Compiled, current: &Compiled) -> BTreeMap<String, Broken> {
    let of = |side: &Compiled, on| -> Vec<(String, Broken)> {
        let broken = side.broken.iter();
        broken
            .map(|(path, problems)| {
                let (path, problems) = (path.clone(), problems.clone());
                (path.clone(), Broken { path, on, problems })
            })
            .collect()
    };
    let mut all: BTreeMap<String, Broken> = of(baseline, On::Baseline).into_iter().collect();
    for (path, broken) in of(current, On::Current) {
        let on = if all.contains_key(&path) {
            On::Both
        } else {
            On::Current
        };
        all.insert(path, Broken { on, ..broken });
    }
    all
}
