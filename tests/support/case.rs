//! Runs one case of a rule page.

use std::collections::BTreeMap;
use std::path::Path;

use protopact::check::{self, Input, Request};
use protopact::cli::sides;
use protopact::config::Config;
use protopact::policy::{Gate, Policy};
use protopact::report;
use protopact::reuse::Ledger;
use protopact::rule::Catalogue;
use protopact::rule::document::{Case, Side};
use protopact::schema::load::Options;

use crate::compare::Outcome;

/// Compares the two sides of a case; the error says why they could not be judged.
pub(crate) fn run_case(case: &Case) -> Result<Vec<Outcome>, String> {
    let catalogue = Catalogue::embedded().map_err(|error| error.to_string())?;
    let text = case.config.as_deref().unwrap_or_default();
    let config =
        Config::parse("protopact.toml", text, &catalogue).map_err(|error| error.to_string())?;
    let baseline = input("baseline", &case.before, &config);
    let current = input("current side", &case.after, &config);
    let (policy, _) =
        sides::policy(&config, &baseline, &catalogue).map_err(|error| error.to_string())?;
    let gate = config.release.clone().map_or(Gate::Open, Gate::Release);
    let request = Request {
        baseline,
        current,
        config,
        gate,
        full: true,
        paths: Vec::new(),
        remarks: Vec::new(),
        agreed: protopact::acceptance::Agreed::default(),
        earlier: None,
    };
    let outcome = check::check(&request, &catalogue, &policy, &Vec::new)
        .map_err(|error| format!("{error:?}"))?;
    let place = |finding: &report::Finding| {
        // What is gone has nothing in the current side to point at but what held it.
        let (side, at) = match (&finding.baseline, &finding.current) {
            (Some(at), _) if finding.to.is_none() => (Side::Baseline, at),
            (_, Some(at)) => (Side::Current, at),
            (Some(at), None) => (Side::Baseline, at),
            (None, None) => return Err(format!("`{}` has no place", finding.rule)),
        };
        let (path, line) = (
            at.path.clone(),
            usize::try_from(at.line).unwrap_or_default(),
        );
        Ok(Outcome {
            rule: finding.rule.clone(),
            status: finding.status,
            side,
            path,
            line,
        })
    };
    let mut findings = outcome.report.findings;
    if !case.earlier.is_empty() {
        findings.extend(of_earlier(case, &request, &catalogue, &policy)?);
    }
    findings.iter().map(place).collect()
}

/// What is used again of what the earlier release gave up before the baseline.
fn of_earlier(
    case: &Case,
    request: &Request,
    catalogue: &Catalogue,
    policy: &Policy,
) -> Result<Vec<report::Finding>, String> {
    let earlier = input("earlier release", &case.earlier, &request.config);
    let mut ledger = Ledger::default();
    let options = Options {
        full: true,
        ..Options::default()
    };
    let sides = [&earlier.tree, &request.baseline.tree, &request.current.tree];
    let mut reused = Vec::new();
    for (release, (from, to)) in sides.iter().zip(sides.iter().skip(1)).enumerate() {
        let loaded = check::load(from, to, &options).map_err(|error| format!("{error:?}"))?;
        ledger.step(release, &loaded.baseline, &loaded.current);
        reused = ledger.reused(&loaded.current);
    }
    // What the baseline gives up is told by comparing with it.
    reused.retain(|it| it.release == 0);
    let request = Request {
        baseline: earlier,
        ..request.clone()
    };
    check::reused(&request, catalogue, policy, &reused)
        .map(|outcome| outcome.report.findings)
        .map_err(|error| format!("{error:?}"))
}

fn input(name: &str, files: &BTreeMap<String, String>, config: &Config) -> Input {
    let text = |file: &str| files.get(file).map(|text| (file.to_owned(), text.clone()));
    let readme = config
        .maturity
        .table
        .as_ref()
        .map_or("README.md", |table| table.file.as_str());
    let protos = files.iter().filter(|(path, _)| {
        Path::new(path)
            .extension()
            .is_some_and(|end| end == "proto")
    });
    Input {
        side: report::Side {
            spec: name.to_owned(),
            kind: "dir".to_owned(),
            commit: None,
            release: None,
        },
        tree: check::tree(
            name,
            protos.map(|(path, text)| (path.clone(), text.clone().into_bytes())),
        ),
        readme: text(readme),
        changelogs: config.changelogs().into_iter().filter_map(text).collect(),
    }
}
