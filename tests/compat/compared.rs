//! Two schemas through the library: loaded and compared once, judged as often as asked.

use std::collections::{BTreeMap, HashMap};

use protopact::change::Change;
use protopact::check;
use protopact::cli::sides;
use protopact::config::Config;
use protopact::diff::{self, Side};
use protopact::impact::{Breaks, Direction};
use protopact::judge::{self, Context};
use protopact::maturity::Level;
use protopact::maturity::resolve::{Maturities, Statements};
use protopact::policy::Gate;
use protopact::report;
use protopact::rule::Catalogue;
use protopact::schema::Schema;
use protopact::schema::load::{self, Options};

/// Two schemas that were compared.
pub(crate) struct Compared {
    schemas: (Schema, Schema),
    maturities: (Maturities, Maturities),
    changes: Vec<Change>,
}

impl Compared {
    /// Loads and compares the texts of two files; the error says why one of them does not compile.
    pub(crate) fn new(before: &str, after: &str) -> Result<Self, String> {
        let tree =
            |name: &str, text: &str| check::tree(name, [("example.proto".to_owned(), text.into())]);
        let options = Options {
            full: true,
            ..Options::default()
        };
        let (baseline, current) = (tree("baseline", before), tree("current side", after));
        let loaded = load::load(&baseline, &current, &options).map_err(|it| format!("{it:?}"))?;
        let schemas = (loaded.baseline, loaded.current);
        let maturities = (stable(&schemas.0), stable(&schemas.1));
        let (from, to) = both(&schemas, &maturities);
        let changes = diff::diff(from, to);
        Ok(Self {
            schemas,
            maturities,
            changes,
        })
    }

    /// The highest level of what counts under a preset, if of its encodings these and this direction are looked at alone.
    pub(crate) fn highest(
        &self,
        catalogue: &Catalogue,
        preset: &str,
        breaks: &[Breaks],
        direction: Direction,
    ) -> Option<&'static str> {
        let text = format!(
            "preset = '{preset}'\ndirection = '{}'\n",
            direction.as_str()
        );
        let config = Config::parse("protopact.toml", &text, catalogue).unwrap();
        let (mut policy, _) = sides::policy(&config, &no_readme(), catalogue).unwrap();
        let counts = policy.preset.counts.as_mut().unwrap();
        assert_eq!(counts.direction, direction);
        assert!(breaks.iter().all(|breaks| counts.breaks.contains(breaks)));
        counts.breaks = breaks.to_vec();
        let (baseline, current) = both(&self.schemas, &self.maturities);
        let context = Context {
            baseline,
            current,
            catalogue,
            policy: &policy,
            gate: &Gate::Open,
            baseline_name: "baseline",
            promises: &BTreeMap::new(),
            paths: &[],
            explanations: &HashMap::new(),
            marks: &HashMap::new(),
        };
        let findings = judge::judge(&self.changes, &context).into_iter();
        let counting = findings.filter(|finding| finding.status.counts());
        counting
            .map(|finding| finding.level)
            .max()
            .map(report::Level::as_str)
    }
}

fn both<'a>(
    schemas: &'a (Schema, Schema),
    maturities: &'a (Maturities, Maturities),
) -> (Side<'a>, Side<'a>) {
    let side = |schema, maturity| Side { schema, maturity };
    (
        side(&schemas.0, &maturities.0),
        side(&schemas.1, &maturities.1),
    )
}

/// Everything is Stable.
fn stable(schema: &Schema) -> Maturities {
    let statements = Statements {
        table: None,
        table_file: "",
        root: "",
        default: Level::Stable,
        components: &[],
    };
    Maturities::resolve(schema, statements)
}

/// A baseline that says nothing about which preset is to be chosen.
fn no_readme() -> check::Input {
    check::Input {
        side: report::Side {
            spec: "baseline".to_owned(),
            kind: "dir".to_owned(),
            commit: None,
            release: None,
        },
        tree: check::tree("baseline", []),
        readme: None,
        changelogs: std::collections::BTreeMap::default(),
    }
}
