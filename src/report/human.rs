//! Reports and errors for a person at a terminal; the only module (with its own) that names miette's renderer; it judges nothing.
//!
//! The look is rustc's. miette draws the excerpts, one per side; headings, places and the lines below the excerpts are
//! composed here, because miette shows one source per diagnostic and prints headings of its own for related ones.

mod failure;
mod fold;
mod snippet;

use std::fmt::{self, Write as _};

pub use self::failure::render_error;
use self::fold::Entry;
use self::snippet::Snippet;
use super::text::{self, inert, printable, wrap};
use super::words::{maturity, promise};
use super::{Consequence, Finding, Level, Location, Report, Status, breaks, closing, words};

/// How many consequences of a finding are listed before the rest is only counted.
const CONSEQUENCES_SHOWN: usize = 3;

/// From how many findings on it is said at the end how many there are of each rule.
const MANY: usize = 25;

/// How many rules are named there.
const RULES: usize = 12;

/// How to render.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether to use ANSI colours.
    pub color: bool,
    /// Whether the terminal follows links.
    pub links: bool,
    /// Columns of the terminal; long lines are wrapped or cut to it.
    pub width: usize,
    /// How often `-v` was given: with one, nothing is folded and dormant findings are listed.
    pub verbose: u8,
    /// Only errors and the closing line.
    pub quiet: bool,
}

impl Default for Options {
    /// Without colours, 100 columns wide.
    fn default() -> Self {
        Self {
            color: false,
            links: false,
            width: 100,
            verbose: 0,
            quiet: false,
        }
    }
}

/// The report: one diagnostic per finding, one line per finding that does not count, remarks, the closing line.
///
/// The closing line is the last line, whatever was found.
pub fn render(report: &Report, options: &Options) -> String {
    let mut out = String::new();
    let (counting, excused): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        .filter(|f| is_shown(f, *options))
        .partition(|f| f.status.counts());

    for entry in fold::fold(&counting, options.verbose > 0) {
        match entry {
            Entry::Whole(finding) => push_finding(&mut out, report, finding, *options),
            Entry::More(group) => {
                push_more(&mut out, &group, *options);
                out.push('\n');
            }
        }
    }
    for entry in fold::fold(&excused, options.verbose > 0) {
        match entry {
            Entry::Whole(finding) => push_excused(&mut out, report, finding, *options),
            Entry::More(group) => push_more(&mut out, &group, *options),
        }
    }
    if !excused.is_empty() {
        out.push('\n');
    }
    if counting.len() > MANY {
        push_rules(&mut out, &counting, options);
    }
    if !options.quiet {
        for remark in &report.remarks {
            let head = paint(options.color, BOLD, "note:");
            push_line(&mut out, format_args!("{head} {}", printable(remark)));
        }
    }
    out.push_str(&paint(options.color, BOLD, &closing::line(report)));
    out.push('\n');
    inert(&out).into_owned()
}

/// How many of the findings each rule has. A line ends behind a rule, not between a number and its rule.
fn push_rules(out: &mut String, findings: &[&Finding], options: &Options) {
    const HEAD: &str = "by rule:";
    let rules = words::by_rule(findings.iter().copied(), RULES);
    let room = options.width.saturating_sub(HEAD.len() + 1).max(40);
    let mut lines: Vec<String> = Vec::new();
    for (i, rule) in rules.iter().enumerate() {
        let comma = if i + 1 < rules.len() { "," } else { "" };
        match lines.last_mut() {
            Some(line) if line.len() + rule.len() + 2 <= room => {
                line.push(' ');
                line.push_str(rule);
                line.push_str(comma);
            }
            _ => lines.push(format!("{rule}{comma}")),
        }
    }
    let mut head = paint(options.color, BOLD, HEAD);
    for line in lines {
        push_line(out, format_args!("{head} {}", printable(&line)));
        head = " ".repeat(HEAD.len());
    }
}

fn is_shown(finding: &Finding, options: Options) -> bool {
    if options.quiet {
        return finding.status.counts() && finding.level == Level::Error;
    }
    finding.status != Status::Dormant || options.verbose > 0
}

fn push_finding(out: &mut String, report: &Report, finding: &Finding, options: Options) {
    push_heading(
        out,
        &head(finding, options),
        &finding.message,
        level_color(finding.level),
        options,
    );

    let baseline = finding.baseline.as_ref().map(|at| Snippet {
        name: report.baseline_of(finding).file(&at.to_string()),
        text: line_of(report.baseline_text(finding), at),
        line: at.line,
        start: at.column,
        end: (at.end_line == at.line).then_some(at.end_column),
        label: None,
        color: RED,
    });
    let current = finding.current.as_ref().map(|at| Snippet {
        name: at.to_string(),
        text: line_of(report.sources.current.get(&at.path), at),
        line: at.line,
        start: at.column,
        end: (at.end_line == at.line).then_some(at.end_column),
        label: None,
        color: GREEN,
    });
    let snippets: Vec<Snippet<'_>> = baseline.into_iter().chain(current).collect();
    let gutter = snippet::gutter(&snippets);
    for snippet in &snippets {
        snippet.push(out, gutter, options);
    }

    let mut notes = vec![
        ("breaks", breaks::line(finding)),
        ("promise", promise(finding)),
        ("maturity", maturity(finding)),
    ];
    if snippets.is_empty() && !finding.message.contains(&finding.symbol) {
        // An image without source info tells no place: the full name is all there is to look for.
        notes.insert(0, ("element", finding.symbol.clone()));
    }
    if !report.further_baselines.is_empty() || finding.baselines.len() > 1 {
        notes.push(("against", text::and(&finding.baselines)));
    }
    if let Some(component) = &finding.component {
        notes.push(("component", component.clone()));
    }
    if let Some(explanation) = &finding.explanation {
        notes.push(("explained", explanation.clone()));
    }
    for (i, line) in consequences(&finding.consequences, options.verbose > 0)
        .into_iter()
        .enumerate()
    {
        notes.push((if i == 0 { "implies" } else { "" }, line));
    }
    push_help(&mut notes, &finding.help);
    notes.push(("accept", finding.fingerprint.clone()));
    push_notes(out, gutter, &notes, options);
    out.push('\n');
}

/// The lines below the excerpts, their texts aligned; empty ones are left out.
fn push_notes(out: &mut String, gutter: usize, notes: &[(&str, String)], options: Options) {
    let shown = || notes.iter().filter(|(_, text)| !text.is_empty());
    let label_width = shown().map(|(label, _)| label.len() + 1).max().unwrap_or(0);
    let indent = gutter + 4 + label_width + 1;
    for (label, text) in shown() {
        let text = printable(text);
        let mut lines = wrap(&text, options.width.saturating_sub(indent).max(40)).into_iter();
        let first = lines.next().unwrap_or_default();
        let (sign, label) = if label.is_empty() {
            (' ', String::new())
        } else {
            ('=', format!("{label}:"))
        };
        let padding = " ".repeat(label_width - label.len());
        let label = paint(options.color, BOLD, &label);
        let blank = "";
        push_line(
            out,
            format_args!("{blank:gutter$}  {sign} {label}{padding} {first}"),
        );
        for line in lines {
            push_line(out, format_args!("{blank:indent$}{line}"));
        }
    }
}

/// A finding that does not count, in one line: what became of it, where, what, why.
fn push_excused(out: &mut String, report: &Report, finding: &Finding, options: Options) {
    let why = match (finding.status, &finding.agreement) {
        (Status::Exempt, _) => format!("; {}", maturity(finding)),
        (Status::Accepted, Some(agreement)) => format!("; {agreement}"),
        _ => String::new(),
    };
    let place = report.place(finding);
    let line = format!("{place}: {}{why}", finding.message);
    push_aside(out, finding, &line, options);
}

/// What stands for the findings of a group that are not shown.
fn push_more(out: &mut String, group: &[&Finding], options: Options) {
    let Some(first) = group.first() else { return };
    let more = fold::more(group);
    if first.status.counts() {
        let head = head(first, options);
        push_heading(out, &head, &more, level_color(first.level), options);
    } else {
        push_aside(out, first, &more, options);
    }
}

fn push_aside(out: &mut String, finding: &Finding, line: &str, options: Options) {
    let head = format!("{}:", finding.status.as_str());
    let head = paint(options.color, CYAN, &head);
    let rule = linked(finding, options);
    push_line(out, format_args!("{head} {} [{rule}]", printable(line)));
}

/// What a finding begins with: its level and its rule.
fn head(finding: &Finding, options: Options) -> String {
    format!("{}[{}]", finding.level.as_str(), linked(finding, options))
}

/// The rule, as a link where it has a page and the terminal follows links (OSC 8).
fn linked(finding: &Finding, options: Options) -> String {
    let rule = printable(&finding.rule);
    match finding.page.as_ref().filter(|_| options.links) {
        Some(page) => format!("\x1b]8;;{}\x1b\\{rule}\x1b]8;;\x1b\\", page.as_str()),
        None => rule.into_owned(),
    }
}

/// The first consequences in full, then the others counted by rule.
fn consequences(consequences: &[Consequence], all: bool) -> Vec<String> {
    let shown = if all || consequences.len() == CONSEQUENCES_SHOWN + 1 {
        consequences.len()
    } else {
        CONSEQUENCES_SHOWN
    };
    let (shown, rest) = consequences.split_at(shown.min(consequences.len()));
    let mut lines: Vec<String> = shown
        .iter()
        .map(|c| format!("{} [{}]", c.message, c.rule))
        .collect();
    if !rest.is_empty() {
        let mut rules: Vec<(&str, usize)> = Vec::new();
        for consequence in rest {
            match rules.iter_mut().find(|(rule, _)| *rule == consequence.rule) {
                Some((_, n)) => *n += 1,
                None => rules.push((&consequence.rule, 1)),
            }
        }
        lines.push(format!(
            "and {} more{} (-v lists them)",
            rest.len(),
            which(&rules)
        ));
    }
    lines
}

/// How many consequences there are of each rule; of a single rule its name is enough.
fn which(rules: &[(&str, usize)]) -> String {
    match rules {
        [(rule, _)] => format!(" [{rule}]"),
        rules => {
            let rules = rules.iter().map(|(rule, n)| format!("{n} {rule}"));
            format!(": {}", text::and(&rules.collect::<Vec<_>>()))
        }
    }
}

/// One note; its further lines are its own, such as commands to copy.
fn push_help(notes: &mut Vec<(&'static str, String)>, help: &str) {
    for (i, line) in help.lines().enumerate() {
        notes.push((if i == 0 { "help" } else { "" }, line.to_owned()));
    }
}

/// A heading; its head is printable already.
fn push_heading(out: &mut String, head: &str, message: &str, color: &str, options: Options) {
    let head = paint(options.color, color, head);
    let message = printable(message.trim_end());
    let message = paint(options.color, BOLD, &format!(": {message}"));
    push_line(out, format_args!("{head}{message}"));
}

fn push_line(out: &mut String, line: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(line);
    out.push('\n');
}

/// The line that a location begins in, if the text is at hand and has it.
fn line_of<'a>(text: Option<&'a String>, at: &Location) -> Option<&'a str> {
    let index = usize::try_from(at.line.checked_sub(1)?).ok()?;
    text?.split('\n').nth(index)
}

const RED: &str = "1;31";
const GREEN: &str = "1;32";
const YELLOW: &str = "1;33";
const CYAN: &str = "1;36";
const BLUE: &str = "1;34";
pub(crate) const BOLD: &str = "1";

pub(crate) const fn level_color(level: Level) -> &'static str {
    match level {
        Level::Error => RED,
        Level::Warning => YELLOW,
        Level::Note => CYAN,
    }
}

/// The text with an ANSI style around it, if colours are wanted and there is something to colour.
pub(crate) fn paint(color: bool, style: &str, text: &str) -> String {
    if color && !text.is_empty() {
        format!("\x1b[{style}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
