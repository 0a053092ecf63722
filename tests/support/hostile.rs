//! Reports on changes of every kind that a format has to render, with text in them that would do harm if it were not escaped.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use protopact::acceptance::Agreed;
use protopact::check::{self, Input, Request};
use protopact::cli::sides;
use protopact::config::Config;
use protopact::policy::Gate;
use protopact::report::{self, Report};
use protopact::rule::Catalogue;

/// A report, and what it is for.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) report: Report,
}

type Files<'a> = &'a [(&'a str, &'a str)];

/// A path that no format takes as it is.
const PATH: &str = "a,b:c%0A::error file=x::`|@octocat\r\n::error::<b>&\u{7}\u{1b}[31m\u{fffe}/[p](https:x)/名.proto";

const BEFORE: &str = r#"syntax = "proto2";
package acme.v1;
option go_package = "]]>&lt;<script>alert(1)</script>|`x` @octocat #1 GH-2 [a](https://evil.example) www.evil.example ::error::hi ##[error]no %0A%25\n::error file=x::injected\r\x07\x1b[31m\xef\xbf\xbe \\| $x$ :smile: *b* _i_ ~~s~~ `";

message M {
  optional string text = 1 [default = "old"];
  optional int32 gone = 2;
  enum E {
    ZERO = 0;
    ONE = 1;
  }
}
"#;

const AFTER: &str = r#"syntax = "proto2";
package acme.v1;
option go_package = "`](javascript:0) --> </details> </code> ``` | \\` @octocat/team";

message M {
  optional string text = 1 [default = "new"];
  enum E {
    ZERO = 0;
  }
}
"#;

const ALPHA: &str = "syntax = \"proto3\";\npackage acme.v1alpha1;\n\nmessage A {\n  string a = 1;\n  string b = 2;\n}\n";
const ALPHA_AFTER: &str =
    "syntax = \"proto3\";\npackage acme.v1alpha1;\n\nmessage A {\n  string a = 1;\n}\n";

const SPLIT: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Moved {\n  string a = 1;\n}\n\nenum Gone {\n  ZERO = 0;\n}\n";
const KEPT: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Kept {\n  string a = 1;\n}\n";
const KEPT_AFTER: &str = "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Kept {\n  string a = 1;\n}\n\nmessage Moved {\n  string a = 1;\n}\n";

/// A plain change, hostile text, a deleted file, one whose declarations went to another, everything deleted, nothing changed.
pub(crate) fn cases() -> Vec<Case> {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(compared);
    CASES.clone()
}

fn compared() -> Vec<Case> {
    let alpha = ("acme/v1alpha1/a.proto", ALPHA);
    let case = |name, before: Files<'_>, after: Files<'_>| Case {
        name,
        report: compare(before, after, ""),
    };
    vec![
        case(
            "plain",
            &[("acme/v1/m.proto", BEFORE), alpha],
            &[
                ("acme/v1/m.proto", AFTER),
                ("acme/v1alpha1/a.proto", ALPHA_AFTER),
            ],
        ),
        case("hostile", &[(PATH, BEFORE)], &[(PATH, AFTER)]),
        case("file deleted", &[(PATH, BEFORE), alpha], &[alpha]),
        Case {
            name: "file split",
            report: compare(
                &[("acme/v1/a.proto", SPLIT), ("acme/v1/b.proto", KEPT)],
                &[("acme/v1/b.proto", KEPT_AFTER)],
                // What is less severe hides nothing.
                "[rules]\n\"file-deleted\" = \"warning\"\n",
            ),
        },
        case("all deleted", &[(PATH, BEFORE), alpha], &[]),
        case("unchanged", &[alpha], &[alpha]),
    ]
}

fn compare(before: Files<'_>, after: Files<'_>, config: &str) -> Report {
    let catalogue = Catalogue::embedded().unwrap();
    let config = Config::parse("protopact.toml", config, &catalogue).unwrap();
    let baseline = input("v1.0.0", before);
    let (policy, _) = sides::policy(&config, &baseline, &catalogue).unwrap();
    let request = Request {
        baseline,
        current: input("worktree", after),
        config,
        gate: Gate::Open,
        full: true,
        agreed: Agreed::default(),
        paths: Vec::new(),
        remarks: vec!["a remark with `code`, @octocat and <b>".to_owned()],
        earlier: None,
    };
    let outcome = check::check(&request, &catalogue, &policy, &Vec::new).unwrap();
    outcome.report
}

fn input(spec: &str, files: Files<'_>) -> Input {
    let files: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect();
    Input {
        side: report::Side {
            spec: spec.to_owned(),
            kind: if spec == "worktree" { spec } else { "git" }.to_owned(),
            commit: None,
            release: None,
        },
        tree: check::tree(spec, files),
        readme: None,
        changelogs: std::collections::BTreeMap::default(),
    }
}
