//! A branch that deletes something, checked without any flag, as a contributor would.

use super::run::{Corpus, Run, check_for_people, line, lines, text};

const TRACE: &str = "opentelemetry/proto/trace/v1/trace.proto";
const COMMON: &str = "opentelemetry/proto/common/v1/common.proto";
const RESOURCE: &str = "opentelemetry/proto/resource/v1/resource.proto";

/// People copy it into files that live longer than a version of protopact: it must never change.
const FINGERPRINT: &str = "1a7088d8d2dce264";

#[test]
fn a_deleted_field_is_reported_with_the_words_that_forbid_it() {
    let Some(corpus) = Corpus::open() else { return };
    corpus.git("switch -q -c delete");
    corpus.edit(TRACE, |text| {
        text.replacen("\n  string trace_state = 3;\n", "\n", 1)
    });
    corpus.git("commit -q -a -m Delete");

    let run = corpus.check(&[]);
    assert_eq!(run.exit, 1);
    let [finding] = run.findings() else {
        panic!("{}", lines(run.findings()))
    };
    let field = "opentelemetry.proto.trace.v1.Span.trace_state";
    assert_eq!(
        line(finding),
        format!("failing error field-deleted {field}")
    );
    assert_eq!(finding["guarantees"][0], "no-deletion");
    assert_eq!(text(finding, "fingerprint"), FINGERPRINT);
    let said = line_of(
        &corpus,
        "README.md",
        "- No existing symbol will be deleted.",
    );
    assert_eq!(finding["promise"]["source"], format!("README.md:{said}"));
    assert_eq!(
        finding["promise"]["text"],
        "No existing symbol will be deleted."
    );
    let row = line_of(&corpus, "README.md", "| OTLP                    | trace/");
    assert_eq!(finding["maturity"]["source"], format!("README.md:{row}"));

    let field = line_of(&corpus, TRACE, "  string trace_state = 3;");
    let message = line_of(&corpus, TRACE, "message Span {");
    let places = [("baseline", field, (10, 21)), ("current", message, (9, 13))];
    for (side, line, (start, end)) in places {
        let place = &finding[side];
        assert_eq!(
            (&place["path"], &place["line"]),
            (&TRACE.into(), &line.into())
        );
        assert_eq!(
            (&place["column"], &place["end_column"]),
            (&start.into(), &end.into())
        );
    }

    let (exit, printed) = check_for_people(&corpus.repo);
    assert_eq!(exit, 1);
    let words = [
        "error[field-deleted]: field `Span.trace_state` was deleted".to_owned(),
        format!("{TRACE}:{field}:10"),
        format!("{TRACE}:{message}:9"),
        format!("\"No existing symbol will be deleted.\" (README.md:{said})"),
        FINGERPRINT.to_owned(),
    ];
    for words in words {
        assert!(printed.contains(&words), "{words} is not in\n{printed}");
    }
}

#[test]
fn a_label_inside_a_stable_component_excuses_only_where_the_policy_says_so() {
    let Some(corpus) = Corpus::open() else { return };
    corpus.git("switch -q -c delete");
    corpus.edit(RESOURCE, |text| {
        let start = text.find("\n  // Set of entities").unwrap();
        format!("{}}}\n", &text[..start])
    });
    // The message is the last of its file.
    corpus.edit(COMMON, |text| {
        let start = text.find("// A reference to an Entity.").unwrap();
        text[..start].to_owned()
    });
    corpus.git("commit -q -a -m Delete");
    let with_status = |run: &Run, status| -> Vec<String> {
        let findings = run.with_status(status);
        let words = |it| format!("{} {}", text(it, "rule"), text(it, "symbol"));
        findings.into_iter().map(words).collect()
    };
    let deleted = [
        "message-deleted opentelemetry.proto.common.v1.EntityRef",
        "field-deleted opentelemetry.proto.resource.v1.Resource.entity_refs",
    ];

    let letter = corpus.check(&[]);
    assert_eq!(
        (letter.exit, with_status(&letter, "failing")),
        (1, deleted.map(str::to_owned).to_vec())
    );

    let stable = corpus.check(&["--preset", "stable"]);
    assert_eq!(stable.exit, 0);
    assert_eq!(with_status(&stable, "exempt"), deleted);
    assert_eq!(stable.counting(), Vec::<&serde_json::Value>::new());
}

/// The 1-based line that starts like this in the last release.
fn line_of(corpus: &Corpus, file: &str, start: &str) -> usize {
    let text = corpus.git(&format!("show v1.11.0:{file}"));
    let at = text.lines().position(|line| line.starts_with(start));
    at.unwrap_or_else(|| panic!("no line `{start}` in {file}")) + 1
}
