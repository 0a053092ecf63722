//! Two trees of texts through the library: loaded, compared, judged, checked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use protopact::change::{Change, Place};
use protopact::check::{self, CheckError, Input, Outcome, Request};
use protopact::cli::sides;
use protopact::config::Config;
use protopact::diff::{self, Side};
use protopact::judge::{self, Context};
use protopact::maturity::Level;
use protopact::maturity::resolve::{Maturities, Statements};
use protopact::policy::{Gate, Policy};
use protopact::report::{self, Finding};
use protopact::rule::Catalogue;
use protopact::schema::load::{self, Options};
use protopact::schema::tree::Tree;
use protopact::schema::{Schema, location};

pub(crate) type Texts = BTreeMap<String, String>;

pub(crate) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::embedded() {
    Ok(catalogue) => catalogue,
    Err(error) => panic!("{error}"),
});

/// A maturity table that says something different of the directories that models use.
const README: &str = "# Protos\n\n## Maturity Level\n\n\
    | Component | Binary Protobuf Maturity | JSON Maturity |\n|---|---|---|\n\
    | acme/common/* | Stable | Stable |\n| acme/trace/* | Beta | Development |\n";

/// Two sides that were compared.
pub(crate) struct Compared {
    pub(crate) schemas: (Schema, Schema),
    maturities: (Maturities, Maturities),
    pub(crate) changes: Vec<Change>,
}

/// Loads all of two trees and compares them; the error says why one of them does not compile.
pub(crate) fn compare(baseline: &Texts, current: &Texts) -> Result<Compared, String> {
    let options = Options {
        roots: vec![".".to_owned()],
        full: true,
        ..Options::default()
    };
    let loaded = load::load(&tree(baseline), &tree(current), &options)
        .map_err(|errors| format!("{errors:#?}\n{}", shown(baseline, current)))?;
    if let Some(protopact::schema::load::Broken { path, problems, .. }) = loaded.broken.first() {
        return Err(format!(
            "{path}: {problems:#?}\n{}",
            shown(baseline, current)
        ));
    }
    let schemas = (loaded.baseline, loaded.current);
    let stated = |schema: &Schema| {
        let statements = Statements {
            table: None,
            table_file: "",
            root: "",
            default: Level::Stable,
            components: &[],
        };
        Maturities::resolve(schema, statements)
    };
    let maturities = (stated(&schemas.0), stated(&schemas.1));
    let (from, to) = both(&schemas, &maturities);
    let changes = diff::diff(from, to);
    Ok(Compared {
        schemas,
        maturities,
        changes,
    })
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

impl Compared {
    /// The findings under a preset, and how many changes a rule claims that is not off.
    pub(crate) fn judged(&self, preset: &str) -> (Vec<Finding>, usize) {
        let policy = policy(&format!("preset = \"{preset}\""));
        let (baseline, current) = both(&self.schemas, &self.maturities);
        let context = Context {
            baseline,
            current,
            catalogue: &CATALOGUE,
            policy: &policy,
            gate: &Gate::Open,
            baseline_name: "baseline",
            paths: &[],
            promises: &BTreeMap::new(),
            explanations: &std::collections::HashMap::new(),
            marks: &std::collections::HashMap::new(),
        };
        let claimed = self.changes.iter().filter(|change| {
            CATALOGUE.rule_for(change).is_some_and(|rule| {
                let (of, impact) = ((rule, *change), rule.verdict(change).effect.of(change));
                let stated = policy.stated(&CATALOGUE, of, &[]);
                policy
                    .level(of, stated, impact, &rule.guarantees(change))
                    .is_some()
            })
        });
        let claimed = claimed.count();
        (judge::judge(&self.changes, &context), claimed)
    }

    /// The text that a place of the baseline or of the current side covers; an error where it is not inside the text.
    pub(crate) fn text(&self, place: Place, in_baseline: bool) -> Result<&str, String> {
        let schema = if in_baseline {
            &self.schemas.0
        } else {
            &self.schemas.1
        };
        let source = schema.source_of(place.element).ok_or("no source")?;
        let span = place.span;
        let lines: Vec<&str> = source.text.split('\n').collect();
        for (line, column) in [(span.line, span.column), (span.end_line, span.end_column)] {
            let text = lines.get(line as usize);
            let inside = text.is_some_and(|text| text.is_char_boundary(column as usize));
            if !inside {
                return Err(format!("{span:?} is not inside of {}", source.path));
            }
        }
        if (span.line, span.column) > (span.end_line, span.end_column) {
            return Err(format!("{span:?} ends before it starts"));
        }
        Ok(&source.text[location::byte_range(&source.text, span)])
    }
}

/// A whole check of two trees.
pub(crate) fn check(baseline: &Texts, current: &Texts, full: bool) -> Result<Outcome, CheckError> {
    let bytes = |texts: &Texts| {
        let files = texts.iter();
        files
            .map(|(path, text)| (path.clone(), text.clone().into_bytes()))
            .collect()
    };
    check_bytes(bytes(baseline), bytes(current), full)
}

/// The same with files that need not be text.
pub(crate) fn check_bytes(
    baseline: Vec<(String, Vec<u8>)>,
    current: Vec<(String, Vec<u8>)>,
    full: bool,
) -> Result<Outcome, CheckError> {
    static REQUEST: LazyLock<(Config, Policy)> = LazyLock::new(|| (config(CONFIG), policy(CONFIG)));
    const CONFIG: &str = "preset = \"stable\"\n[schema]\nroots = [\".\"]\n";
    let (config, policy) = &*REQUEST;
    let request = Request {
        baseline: input("baseline", baseline),
        current: input("current side", current),
        config: config.clone(),
        gate: Gate::Open,
        full,
        paths: Vec::new(),
        remarks: Vec::new(),
        agreed: protopact::acceptance::Agreed::default(),
        earlier: None,
    };
    check::check(&request, &CATALOGUE, policy, &Vec::new)
}

fn config(text: &str) -> Config {
    match Config::parse("protopact.toml", text, &CATALOGUE) {
        Ok(config) => config,
        Err(error) => panic!("{error}"),
    }
}

fn policy(text: &str) -> Policy {
    let input = input("baseline", Vec::new());
    match sides::policy(&config(text), &input, &CATALOGUE) {
        Ok((policy, _)) => policy,
        Err(error) => panic!("{error}"),
    }
}

fn input(name: &str, files: Vec<(String, Vec<u8>)>) -> Input {
    Input {
        side: report::Side {
            spec: name.to_owned(),
            kind: "dir".to_owned(),
            commit: None,
            release: None,
        },
        tree: check::tree(name, files),
        readme: Some(("README.md".to_owned(), README.to_owned())),
        changelogs: std::collections::BTreeMap::default(),
    }
}

fn tree(texts: &Texts) -> Tree {
    let files = texts.iter();
    check::tree(
        "side",
        files.map(|(path, text)| (path.clone(), text.clone().into_bytes())),
    )
}

/// Both trees for the message of a failed test.
pub(crate) fn shown(baseline: &Texts, current: &Texts) -> String {
    let mut out = String::new();
    for (name, texts) in [("before", baseline), ("after", current)] {
        for (path, text) in texts {
            if path != crate::print::OPTIONS {
                let _ = write!(out, "--- {name} {path}\n{text}");
            }
        }
    }
    out
}
