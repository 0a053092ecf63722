//! Compares two trees of texts once, and judges what changed under each of the presets that stand for buf's categories.

use std::collections::{BTreeMap, HashMap};

use protopact::check::{self, Input};
use protopact::cli::sides;
use protopact::config::Config;
use protopact::diff::{self, Side};
use protopact::judge::{self, Context};
use protopact::maturity::Level;
use protopact::maturity::resolve::{Maturities, Statements};
use protopact::policy::{Gate, Policy};
use protopact::report;
use protopact::rule::Catalogue;
use protopact::schema::Schema;
use protopact::schema::load::{self, Options};
use protopact::schema::tree::Tree;
use serde_json::json;

use crate::edits::Texts;
use crate::verdict::{CATEGORIES, Said};

/// The rules, and the policies of the presets.
pub(crate) struct Judge {
    catalogue: Catalogue,
    policies: Vec<Policy>,
}

impl Judge {
    pub(crate) fn new() -> Self {
        let catalogue = Catalogue::embedded().unwrap();
        let policies = CATEGORIES.iter().map(|(_, preset)| {
            let config = format!("preset = \"{preset}\"");
            let config = Config::parse("protopact.toml", &config, &catalogue).unwrap();
            let nothing = input(&Texts::new());
            match sides::policy(&config, &nothing, &catalogue) {
                Ok((policy, _)) => policy,
                Err(error) => panic!("{error}"),
            }
        });
        Self {
            policies: policies.collect(),
            catalogue,
        }
    }

    /// What is said under each preset.
    pub(crate) fn judge(&self, before: &Texts, after: &Texts) -> Vec<Said> {
        let options = Options {
            roots: vec![".".to_owned()],
            full: true,
            ..Options::default()
        };
        let loaded = load::load(&tree(before), &tree(after), &options)
            .unwrap_or_else(|errors| panic!("{errors:#?}\n{after:#?}"));
        assert!(loaded.broken.is_empty(), "{:#?}", loaded.broken);
        let maturities = (stated(&loaded.baseline), stated(&loaded.current));
        let baseline = Side {
            schema: &loaded.baseline,
            maturity: &maturities.0,
        };
        let current = Side {
            schema: &loaded.current,
            maturity: &maturities.1,
        };
        let changes = diff::diff(baseline, current);
        let said = |policy| {
            let context = Context {
                baseline,
                current,
                catalogue: &self.catalogue,
                policy,
                gate: &Gate::Open,
                baseline_name: "baseline",
                promises: &BTreeMap::new(),
                paths: &[],
                explanations: &HashMap::new(),
                marks: &HashMap::new(),
            };
            Said::read(&json!({ "findings": judge::judge(&changes, &context) }))
        };
        self.policies.iter().map(said).collect()
    }
}

fn stated(schema: &Schema) -> Maturities {
    let statements = Statements {
        table: None,
        table_file: "",
        root: "",
        default: Level::Stable,
        components: &[],
    };
    Maturities::resolve(schema, statements)
}

fn tree(files: &Texts) -> Tree {
    let files = files.iter();
    check::tree(
        "side",
        files.map(|(path, text)| (path.clone(), text.clone().into_bytes())),
    )
}

fn input(files: &Texts) -> Input {
    Input {
        side: report::Side {
            spec: "side".to_owned(),
            kind: "dir".to_owned(),
            commit: None,
            release: None,
        },
        tree: tree(files),
        readme: None,
        changelogs: std::collections::BTreeMap::default(),
    }
}
