//! Every output with all of its fields filled in, those too that are seldom there.

use protopact::audit::{Audit, Breaks, Broken, Counts, Step, Totals};
use protopact::blame::report::{Blamed, Culprit, Kind, Told};
use protopact::changelog::{Changelog, Component, Entry, Group, Standing};
use protopact::cli::rules::Listed;
use protopact::cli::status::{Binding, Row, Weighed};
use protopact::impact::Impact;
use protopact::policy::applies;
use protopact::release::deprecation::{Deprecated, Deprecations};
use protopact::release::version::Bump;
use protopact::release::{Release, Stated};
use protopact::report::address::Address;
use protopact::report::{
    Agreement, Consequence, Encodings, Files, Finding, Level, Location, MaturityNote, Nature,
    Policy, Promise, Report, Side, Sources, Status, Summary, Tool,
};
use protopact::revision::walk::Commit;
use semver::Version;
use serde::Serialize;
use serde_json::Value;

/// Outputs that are described by the schema of a name.
pub(crate) fn filled(name: &str) -> Vec<Value> {
    match name {
        "report" => vec![value(&report())],
        "release" => vec![value(&release())],
        "changelog" => vec![value(&changelog())],
        "blame" => vec![value(&blamed())],
        "audit" => vec![value(&audit())],
        "status" => vec![value(&[row()])],
        "rules" => vec![value(&[listed()])],
        _ => panic!("{name}"),
    }
}

fn value(output: &impl Serialize) -> Value {
    serde_json::to_value(output).unwrap()
}

fn word() -> String {
    "word".to_owned()
}

fn release() -> Release {
    let deprecated = || Deprecated {
        symbol: word(),
        name: word(),
        subject: word(),
        place: word(),
        releases: 1,
        since: Some(word()),
    };
    Release {
        format: 1,
        component: Some(word()),
        baseline: Some(side()),
        current: side(),
        policy: policy(),
        summary: summary(),
        bump: Bump::Minor,
        rule: word(),
        next: Some(Version::new(1, 0, 0)),
        version: Some(Version::new(1, 0, 0)),
        stated: vec![Stated {
            version: Version::new(1, 0, 0),
            source: word(),
            enough: true,
        }],
        ok: true,
        failures: vec![word()],
        remarks: vec![word()],
        deprecations: Deprecations {
            asked: 1,
            new: vec![deprecated()],
            due: vec![deprecated()],
        },
        findings: vec![finding()],
        closing: word(),
    }
}

fn report() -> Report {
    Report {
        version: 1,
        tool: tool(),
        baseline: side(),
        further_baselines: vec![side()],
        current: side(),
        policy: policy(),
        summary: summary(),
        remarks: vec![word()],
        findings: vec![finding()],
        sources: Sources::default(),
        nearest: std::collections::BTreeMap::new(),
        repository: Some(word()),
    }
}

fn tool() -> Tool {
    Tool {
        name: "protopact",
        version: "0.1.0",
    }
}

fn side() -> Side {
    Side {
        spec: word(),
        kind: "git".to_owned(),
        commit: Some(word()),
        release: Some(word()),
    }
}

fn policy() -> Policy {
    Policy {
        preset: word(),
        exempt: "none".to_owned(),
        direction: Some("both".to_owned()),
    }
}

fn summary() -> Summary {
    Summary {
        files: Files {
            baseline: 1,
            current: 1,
            changed: 1,
        },
        elements: 1,
        changes: 1,
        additions: 1,
        promotions: 1,
        error: 1,
        warning: 1,
        note: 1,
        exempt: 1,
        accepted: 1,
        dormant: 1,
        bump: "minor".to_owned(),
    }
}

fn finding() -> Finding {
    Finding {
        rule: word(),
        page: Some(page()),
        guarantees: vec![word()],
        nature: Nature::Changed,
        component: Some(word()),
        level: Level::Error,
        status: Status::Accepted,
        symbol: word(),
        name: word(),
        subject: word(),
        from: Some(word()),
        to: Some(word()),
        message: word(),
        help: word(),
        breaks: vec!["wire".to_owned()],
        direction: "both".to_owned(),
        impact: Some(Impact::default()),
        baselines: vec![word()],
        promise: Promise {
            text: word(),
            source: word(),
        },
        maturity: MaturityNote {
            level: word(),
            encoding: Encodings {
                binary: word(),
                json: word(),
            },
            source: word(),
        },
        baseline: Some(location()),
        current: Some(location()),
        fingerprint: print(),
        explanation: Some(word()),
        agreement: Some(Agreement {
            reason: word(),
            who: Some(word()),
            until: Some(word()),
            source: word(),
        }),
        consequences: vec![Consequence {
            rule: word(),
            symbol: word(),
            message: word(),
        }],
    }
}

fn page() -> Address {
    Address::new("https://docs.example.org/rule.html").unwrap()
}

fn print() -> String {
    "0123456789abcdef".to_owned()
}

fn location() -> Location {
    Location {
        path: word(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 2,
    }
}

fn changelog() -> Changelog {
    let change = Entry {
        component: word(),
        guarantee: Some(word()),
        rule: Some(word()),
        level: Some(Level::Note),
        standing: Standing::Allowed,
        subject: "field",
        aspect: "type",
        action: "changed",
        symbol: word(),
        from: Some(word()),
        to: Some(word()),
        message: word(),
        explanation: Some(word()),
        baseline: Some(location()),
        current: Some(location()),
        consequences: vec![word()],
    };
    Changelog {
        version: 1,
        tool: tool(),
        baseline: side(),
        current: side(),
        components: vec![Component {
            name: word(),
            groups: vec![Group {
                guarantee: word(),
                title: word(),
                changes: vec![change],
            }],
        }],
    }
}

fn blamed() -> Blamed {
    let commit = || Commit {
        id: word(),
        author: word(),
        mail: word(),
        date: word(),
        subject: word(),
    };
    Blamed {
        version: 1,
        findings: vec![Culprit {
            rule: word(),
            level: Level::Warning,
            status: Status::Reported,
            symbol: word(),
            message: word(),
            fingerprint: print(),
            baselines: vec![word()],
            place: Some(location()),
            origin: Told {
                kind: Kind::Commit,
                commit: Some(commit()),
                merge: Some(commit()),
                pull_request: Some(1),
                unjudged: vec![commit()],
            },
        }],
        report: report(),
    }
}

fn audit() -> Audit {
    let breaks = Breaks {
        error: 1,
        warning: 1,
        note: 1,
        exempt: 1,
        accepted: 1,
        dormant: 1,
    };
    let counts = Counts {
        preset: word(),
        additions: 1,
        promotions: 1,
        breaks,
        needed: Bump::Patch.as_str(),
        made: Bump::None.as_str(),
        kept: false,
        failing: true,
        broken: vec![Broken {
            rule: word(),
            page: Some(page()),
            status: Status::Failing,
            symbol: word(),
            message: word(),
        }],
    };
    let step = |counts, trouble| Step {
        from: word(),
        to: word(),
        date: word(),
        commit: word(),
        counts,
        trouble,
    };
    Audit {
        version: 1,
        tool: tool(),
        from_scratch: Some(word()),
        releases: vec![step(Some(counts), None), step(None, Some(word()))],
        totals: Totals {
            compared: 1,
            unjudged: 1,
            additions: 1,
            promotions: 1,
            breaks,
            understated: 1,
        },
    }
}

fn row() -> Row {
    Row {
        symbol: word(),
        subject: "field",
        path: word(),
        level: "stable",
        json: "n/a",
        source: word(),
        guarantees: Some(vec![Binding {
            guarantee: word(),
            since: Some(word()),
            in_force: true,
            rules: vec![Weighed {
                id: word(),
                level: applies::Standing::ByImpact,
            }],
        }]),
    }
}

fn listed() -> Listed<'static> {
    Listed {
        id: "word",
        guarantee: "word",
        guarantees: vec!["word"],
        title: "word",
        level: "off",
        help: "word",
        computed: false,
        breaks: Some(vec!["json"]),
        direction: Some("forward"),
    }
}
