//! The findings as `JUnit` XML, for the test views of CI systems: a suite for each file, a test case for each finding; no clock.

use std::collections::BTreeMap;

use quick_junit::{
    NonSuccessKind, Report as Junit, SerializeError, TestCase, TestCaseStatus, TestSuite, XmlString,
};

use super::place::{Spot, spot, stood};
use super::text::printable;
use super::{Finding, Report, Status, closing, words};

/// Failing findings are failures, those below `--fail-on` are tests that passed, and what does not count is skipped.
///
/// Where nothing was found there is one test that passed, because some readers take an empty report for a broken run.
pub fn render(report: &Report) -> Result<String, SerializeError> {
    let mut suites: Vec<Suite> = Vec::new();
    let mut by_path: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &report.findings {
        let (path, line) = place(report, finding);
        let index = *by_path.entry(path.clone()).or_insert_with(|| {
            suites.push(Suite::new(&path));
            suites.len() - 1
        });
        if let Some(suite) = suites.get_mut(index) {
            suite.add(report, finding, &path, line);
        }
    }
    let mut junit = Junit::new(report.tool.name);
    if suites.is_empty() {
        let mut suite = TestSuite::new(report.tool.name);
        let mut case = TestCase::new("no finding", TestCaseStatus::success());
        case.set_classname(report.tool.name);
        case.set_system_out(xml(&closing::line(report)));
        suite.add_test_case(case);
        junit.add_test_suite(suite);
    }
    junit.add_test_suites(suites.into_iter().map(|suite| suite.suite));
    junit.to_string()
}

/// A suite, and how often each name is taken in it.
struct Suite {
    suite: TestSuite,
    taken: BTreeMap<(String, String), usize>,
}

impl Suite {
    fn new(path: &str) -> Self {
        Self {
            suite: TestSuite::new(xml(path)),
            taken: BTreeMap::new(),
        }
    }

    fn add(&mut self, report: &Report, finding: &Finding, path: &str, line: Option<u32>) {
        // Readers take cases with one class and name for one case: the second gets a number.
        let times = self
            .taken
            .entry((finding.symbol.clone(), finding.rule.clone()))
            .or_default();
        *times += 1;
        let name = match *times {
            1 => finding.rule.clone(),
            n => format!("{} ({n})", finding.rule),
        };
        let mut case = TestCase::new(xml(&name), status(report, finding));
        case.set_classname(xml(&finding.symbol));
        case.extra.insert("file".into(), xml(path));
        if let Some(line) = line {
            case.extra.insert("line".into(), xml(&line.to_string()));
        }
        if finding.status == Status::Reported {
            case.set_system_out(lines(report, finding));
        }
        self.suite.add_test_case(case);
    }
}

fn status(report: &Report, finding: &Finding) -> TestCaseStatus {
    let mut status = match finding.status {
        Status::Failing => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Reported => return TestCaseStatus::success(),
        Status::Exempt | Status::Accepted | Status::Dormant => TestCaseStatus::skipped(),
    };
    let message = match words::excuse(finding) {
        Some(excuse) => format!("{} ({excuse})", finding.message),
        None => finding.message.clone(),
    };
    status.set_message(xml(&message));
    status.set_type(finding.level.as_str());
    status.set_description(lines(report, finding));
    status
}

fn lines(report: &Report, finding: &Finding) -> XmlString {
    let text = words::in_lines(report, finding);
    let stood = stood(report, finding);
    let lines: Vec<String> = text.lines().chain(stood.lines()).map(visible).collect();
    XmlString::new(lines.join("\n"))
}

fn place(report: &Report, finding: &Finding) -> (String, Option<u32>) {
    match spot(report, finding) {
        Spot::Current(path, at) | Spot::Nearest(path, at, _) => (path, Some(at.line)),
        Spot::Baseline(at) => (report.baseline_of(finding).file(&at.path), Some(at.line)),
        Spot::Image(path) => (path, None),
        Spot::Nowhere => (finding.symbol.clone(), None),
    }
}

fn xml(text: &str) -> XmlString {
    XmlString::new(visible(text))
}

/// Text in which what XML cannot hold is written as an escape, instead of being lost.
fn visible(text: &str) -> String {
    printable(text)
        .replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}
