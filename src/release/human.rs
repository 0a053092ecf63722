//! A release for a person at a terminal: the version that it needs, what is to be looked at, and whether it may be made.

use std::fmt::Write as _;

use super::Release;
use super::deprecation::Deprecated;
use crate::report::text::{count, inert, printable};
use crate::report::{Finding, Location, Status};

/// The text; with `quiet`, only what keeps the release from being made and the line that says so.
pub fn render(release: &Release, verbose: bool, quiet: bool) -> String {
    let mut out = Lines::default();
    if !quiet {
        head(&mut out, release);
    }
    out.findings("breaks", release.breaks());
    if quiet {
        tail(&mut out, release);
        return out.text;
    }
    out.findings("breaks that were agreed to", release.accepted());
    out.additions("additions without an explanation", release.additions(false));
    out.additions("additions with an explanation", release.additions(true));
    out.findings("promotions, for review", release.maturity(true));
    out.findings("demotions, for review", release.maturity(false));
    out.findings("also reported", release.others());
    let deprecations = &release.deprecations;
    out.deprecated("newly deprecated", &deprecations.new, usize::MAX);
    let releases = count(deprecations.asked, "release");
    out.deprecated(
        &format!("deprecated for {releases}, may go"),
        &deprecations.due,
        if verbose { usize::MAX } else { SHOWN },
    );
    let exempt = || {
        let findings = release.findings.iter();
        findings.filter(|it| it.status == Status::Exempt)
    };
    if verbose {
        out.findings("exempt", exempt());
    } else if exempt().next().is_some() {
        let changes = count(exempt().count(), "change");
        out.line(&format!(
            "exempt: {changes} of what is below Stable (-v lists them)"
        ));
        out.line("");
    }
    tail(&mut out, release);
    out.text
}

fn head(out: &mut Lines, release: &Release) {
    for remark in &release.remarks {
        out.line(&format!("note: {remark}"));
    }
    let of = match &release.component {
        Some(name) => format!(" of {name}"),
        None => String::new(),
    };
    if let (Some(baseline), Some(next)) = (&release.baseline, &release.next) {
        let bump = match release.bump.as_str() {
            "none" => "no version bump".to_owned(),
            bump => format!("a {bump} version bump"),
        };
        out.line(&format!(
            "release{of} after {}: needs {bump}, {next}",
            baseline.spec
        ));
    } else {
        out.line(&format!("first release{of}: everything is new"));
    }
    out.line(&format!("  {}", release.rule));
    out.line("");
}

fn tail(out: &mut Lines, release: &Release) {
    for failure in &release.failures {
        out.line(&format!("error: {failure}"));
    }
    out.line(&release.closing);
    let version = match &release.version {
        Some(version) => version.to_string(),
        None => "any version".to_owned(),
    };
    let same = release.baseline.as_ref().is_some_and(|baseline| {
        let latest = baseline.release.as_ref();
        latest.is_some_and(|latest| *latest == version)
    });
    out.line(&match (release.ok, release.stated.first()) {
        (true, Some(stated)) if same => format!(
            "{version} ({}) is the latest release, and the changes need no other",
            stated.source
        ),
        (true, Some(stated)) => format!("{version} ({}) may be released", stated.source),
        (true, None) if release.baseline.is_some() => format!("{version} is the next version"),
        (true, None) => format!("{version} may be released"),
        (false, Some(stated)) => format!("{version} ({}) may not be released", stated.source),
        (false, None) => "this may not be released as it is".to_owned(),
    });
}

/// How many are listed of what may go; they are there at each release until they are gone.
const SHOWN: usize = 5;

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{}", inert(&printable(text)));
    }

    fn findings<'f>(&mut self, title: &str, findings: impl Iterator<Item = &'f Finding>) {
        let findings: Vec<&Finding> = findings.collect();
        if findings.is_empty() {
            return;
        }
        self.line(&format!("{title} ({}):", findings.len()));
        for finding in findings {
            let word = match finding.status {
                Status::Failing | Status::Reported => finding.level.as_str(),
                status => status.as_str(),
            };
            let place = finding.current.as_ref().or(finding.baseline.as_ref());
            let place = place.map_or(finding.symbol.clone(), Location::to_string);
            let (rule, message) = (&finding.rule, &finding.message);
            self.line(&format!("  {place}: {word}[{rule}] {message}"));
            if let Some(agreement) = &finding.agreement {
                self.line(&format!("    {agreement}"));
            }
        }
        self.line("");
    }

    /// Additions, which differ in little but their names: what is to be done about them is said once.
    fn additions<'f>(&mut self, title: &str, findings: impl Iterator<Item = &'f Finding>) {
        let findings: Vec<&Finding> = findings.collect();
        let Some(first) = findings.first() else {
            return;
        };
        self.line(&format!("{title} ({}):", findings.len()));
        for finding in &findings {
            let place = finding.current.as_ref();
            let place = place.map_or(String::new(), |place| format!("{place}: "));
            let (subject, name) = (finding.subject.replace('-', " "), &finding.name);
            let explained = match &finding.explanation {
                Some(at) => format!(", see {at}"),
                None => String::new(),
            };
            self.line(&format!("  {place}{subject} `{name}`{explained}"));
        }
        let (level, rule) = (first.level.as_str(), &first.rule);
        self.line(&format!("  {level}[{rule}]: {}", first.help));
        self.line("");
    }

    fn deprecated(&mut self, title: &str, all: &[Deprecated], most: usize) {
        if all.is_empty() {
            return;
        }
        self.line(&format!("{title} ({}):", all.len()));
        for it in all.iter().take(most) {
            let since = match &it.since {
                Some(since) => format!(", since {since} or earlier"),
                None => String::new(),
            };
            let (place, subject, name) = (&it.place, it.subject.replace('-', " "), &it.name);
            self.line(&format!("  {place}: {subject} `{name}`{since}"));
        }
        if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
            self.line(&format!("  and {more} more (-v lists them)"));
        }
        self.line("");
    }
}
