//! The words of closed sets, as the program has them: the compiler refuses a set that lacks one.

use std::collections::BTreeSet;

use protopact::blame::report::Kind as Origin;
use protopact::change::Action;
use protopact::changelog::Standing;
use protopact::impact::{Breaks, Direction, Grade};
use protopact::maturity::Level as Maturity;
use protopact::policy::applies::Standing as Weight;
use protopact::release::version::Bump;
use protopact::report::{Level, Status};
use protopact::revision::Kind;
use protopact::rule::levels::Setting;
use protopact::rule::preset::Exempt;
use serde::Serialize;

macro_rules! all {
    ($name:ident: $($variant:ident)+) => {{
        let _ = |word: $name| match word { $($name::$variant => (),)+ };
        [$($name::$variant),+]
    }};
}

/// The words that may stand at a place.
pub(crate) type Words = BTreeSet<String>;

/// Every list of words: the schema, the place in it, the words.
pub(crate) fn words() -> Vec<(&'static str, &'static str, Words)> {
    let levels = all!(Level: Error Warning Note);
    let level = written(levels);
    let status = written(all!(Status: Failing Reported Exempt Accepted Dormant));
    let standing = written(all!(Standing: Failing Reported Exempt Accepted Dormant Allowed));
    let origin = written(all!(Origin: Commit Uncommitted Before Unknown));
    let bump = written(all!(Bump: Major Minor Patch None));
    let grade = written(all!(Grade: Lossless InRange Dropped Wrong));
    let kind = spelled(all!(Kind: Git Worktree Index Dir Image));
    let exempt = all!(Exempt: Component Labelled None).map(Exempt::as_str);
    let direction = all!(Direction: Backward Forward Both).map(Direction::as_str);
    let breaks = all!(Breaks: Wire Json Source).map(Breaks::as_str);
    let setting = all!(Setting: Error Warning Note Off);
    let action = all!(Action: Added Removed Changed);
    let maturity = all!(Maturity: Development Alpha Beta ReleaseCandidate Stable);
    let maturity = spelled(maturity.map(Maturity::as_str));
    let weights = match Weight::Off {
        Weight::Level(_) | Weight::ByImpact | Weight::Exempt | Weight::Off => {
            [Weight::ByImpact, Weight::Exempt, Weight::Off]
        }
    };
    let weight = &written(weights) | &written(levels.map(Weight::Level));
    // What is exempt or dormant is no break that counts.
    let broken = &status - &spelled(["exempt", "dormant"]);
    vec![
        ("report", "/$defs/level", level),
        ("report", "/$defs/status", status),
        ("report", "/$defs/bump", bump),
        ("report", "/$defs/grade", grade),
        ("report", "/$defs/direction", spelled(direction)),
        ("report", "/$defs/breaks/items", spelled(breaks)),
        ("report", "/$defs/side/properties/kind", kind),
        ("report", "/$defs/policy/properties/exempt", spelled(exempt)),
        ("changelog", "/$defs/change/properties/standing", standing),
        (
            "changelog",
            "/$defs/change/properties/action",
            spelled(action),
        ),
        ("blame", "/$defs/origin/properties/kind", origin),
        ("audit", "/$defs/broken/properties/status", broken),
        ("status", "/$defs/row/properties/level", maturity.clone()),
        (
            "status",
            "/$defs/row/properties/json",
            &maturity | &spelled(["n/a"]),
        ),
        ("status", "/$defs/weighed/properties/level", weight),
        ("rules", "/$defs/rule/properties/level", spelled(setting)),
    ]
}

/// Words as JSON has them.
fn written<T: Serialize, const N: usize>(words: [T; N]) -> Words {
    let words = words.map(|it| serde_json::to_value(it).unwrap());
    words.map(|it| it.as_str().unwrap().to_owned()).into()
}

fn spelled<T: ToString, const N: usize>(words: [T; N]) -> Words {
    words.map(|it| it.to_string()).into()
}
