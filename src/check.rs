//! The whole check on two sides that were read: load, state the maturity, compare, judge; it does no IO and prints nothing.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use miette::Diagnostic;

use crate::change::{Action, Aspect, Change, Subject};
use crate::config::Config;
use crate::diff::{self, Side};
use crate::explanation::{self, Words};
use crate::judge::{self, Context};
use crate::maturity::resolve::{Component, Maturities, Statements};
use crate::maturity::{Level as Maturity, Table, UnknownLevel, table};
use crate::policy::{Gate, Policy};
use crate::report::{self, Files, Finding, Level, Report, Sources, Status, Summary, Tool};
use crate::rule::Catalogue;
use crate::schema::compile::{CompileErrors, Problem};
use crate::schema::load::{self, Loaded, Options, Tree};
use crate::schema::{ElementId, Schema};

/// One side as it was read.
#[derive(Debug, Clone)]
pub struct Input {
    /// How the report names the side.
    pub side: report::Side,
    /// Its `.proto` files.
    pub tree: Tree,
    /// The file that holds the maturity table and the policy, by default `README.md`: its name and text.
    pub readme: Option<(String, String)>,
    /// The changelog: its name and text.
    pub changelog: Option<(String, String)>,
}

/// Everything that a check depends on.
#[derive(Debug, Clone)]
pub struct Request {
    /// The side that made the promises.
    pub baseline: Input,
    /// The side that must keep them.
    pub current: Input,
    /// The configuration, flags applied.
    pub config: Config,
    /// Which guarantees with a `since` are in force.
    pub gate: Gate,
    /// Look at every file, whether or not it could be concerned.
    pub full: bool,
    /// Judge only what these paths hold, on either side; all where empty.
    pub paths: Vec<String>,
    /// Sentences for the closing line that the caller knows.
    pub remarks: Vec<String>,
}

/// A check that could not be made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum CheckError {
    /// At least one side does not compile.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Compile(#[from] Uncompiled),
    /// The current side's maturity table says something that is no level.
    #[error(transparent)]
    #[diagnostic(transparent)]
    UnknownLevel(Box<UnknownLevels>),
    /// There is nothing to compare.
    #[error("neither side has a .proto file")]
    #[diagnostic(help(
        "name the repository with `-C DIR`, the sides with `--against BASE` and `--to REV`, and look at `include` and `exclude`"
    ))]
    Nothing,
}

/// The sides that do not compile, one or both.
#[derive(Debug)]
pub struct Uncompiled(Vec<CompileErrors>);

impl fmt::Display for Uncompiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => one.fmt(f),
            _ => f.write_str("neither side compiles"),
        }
    }
}

impl std::error::Error for Uncompiled {}

impl Diagnostic for Uncompiled {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(
            "mend the files, or leave out those that are not part of the promise: `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`",
        ))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        match self.0.as_slice() {
            // Its heading is this one's.
            [one] => one.related(),
            sides => Some(Box::new(sides.iter().map(|side| side as &dyn Diagnostic))),
        }
    }
}

/// Loads both sides.
///
/// # Errors
/// [`CheckError::Compile`]: a file that is needed is not valid.
pub fn load(baseline: &Tree, current: &Tree, options: &Options) -> Result<Loaded, CheckError> {
    load::load(baseline, current, options).map_err(|sides| CheckError::Compile(Uncompiled(sides)))
}

/// Cells of the maturity table that state no known level.
#[derive(Debug, Clone, thiserror::Error, miette::Diagnostic)]
#[error(
    "the maturity table of the current side states a level that is not known: `{text}` (line {line})"
)]
#[diagnostic(help(
    "write Development, Alpha, Beta, Release Candidate or Stable, or N/A where no promise is made"
))]
pub struct UnknownLevels {
    text: String,
    line: u32,
    #[source_code]
    table: miette::NamedSource<String>,
    #[label(collection, "not a level")]
    spans: Vec<miette::SourceSpan>,
}

/// What a check gives beside the report.
#[derive(Debug)]
pub struct Outcome {
    /// The report.
    pub report: Report,
    /// Files that nothing changed and that do not compile, left out on both sides.
    pub broken: Vec<(String, Vec<Problem>)>,
    /// Sentences for a reader of the error output.
    pub warnings: Vec<String>,
}

/// The messages of the commits between the two sides, a short name of each and its text; asked for once, if at all.
pub type Messages<'a> = &'a dyn Fn() -> Vec<(String, String)>;

/// Compares two sides and judges every change.
///
/// # Errors
/// [`CheckError`]: a side cannot be judged.
pub fn check(
    request: &Request,
    catalogue: &Catalogue,
    policy: &Policy,
    messages: Messages<'_>,
) -> Result<Outcome, CheckError> {
    let (baseline, current) = (&request.baseline, &request.current);
    if baseline.tree.files.is_empty() && current.tree.files.is_empty() {
        return Err(CheckError::Nothing);
    }
    let (tables, mut warnings) = tables(request)?;
    let components = components(&request.config);
    let facts = (
        Facts::new(baseline, tables.0, request, &components),
        Facts::new(current, tables.1, request, &components),
    );
    let options = Options {
        roots: request.config.schema.roots.clone().unwrap_or_default(),
        full: request.full,
        also: restated(baseline, current, &facts),
    };
    let loaded = load(&baseline.tree, &current.tree, &options)?;
    warnings.extend(blind(request, &loaded));
    let maturities = (
        facts.0.resolve(&loaded.baseline),
        facts.1.resolve(&loaded.current),
    );
    let sides = (
        Side {
            schema: &loaded.baseline,
            maturity: &maturities.0,
        },
        Side {
            schema: &loaded.current,
            maturity: &maturities.1,
        },
    );
    let mut changes = diff::diff(sides.0, sides.1);
    let explanations = explain(&mut changes, sides, request, messages);
    let promises = promises(catalogue, baseline);
    let context = Context {
        baseline: sides.0,
        current: sides.1,
        catalogue,
        policy,
        gate: &request.gate,
        baseline_name: &baseline.side.spec,
        promises: &promises,
        explanations: &explanations,
    };
    let mut findings = judge::judge(&changes, &context);
    let of_finding = |finding: &Finding| {
        let places = [&finding.baseline, &finding.current];
        let mut places = places.into_iter().flatten();
        places.any(|place| wanted(&place.path, &request.paths))
    };
    findings.retain(|finding| request.paths.is_empty() || of_finding(finding));
    forget_unknown_lines(&mut findings);
    let of_change = |change: &&Change| {
        let baseline = change
            .baseline
            .map(|at| sides.0.schema.file_path(at.element));
        let current = change
            .current
            .map(|at| sides.1.schema.file_path(at.element));
        let mut paths = baseline.into_iter().chain(current);
        request.paths.is_empty() || paths.any(|path| wanted(path, &request.paths))
    };
    let counted: Vec<&Change> = changes.iter().filter(of_change).collect();
    let files = files(request, &counted, sides);
    let elements = loaded.baseline.len().max(loaded.current.len());
    let summary = summarize(&findings, &counted, &context, files, elements);
    let mut remarks = request.remarks.clone();
    if baseline.tree.files.is_empty() {
        remarks.push("the baseline has no .proto file, so nothing was promised yet".to_owned());
    }
    let report = Report {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        baseline: baseline.side.clone(),
        current: current.side.clone(),
        policy: report::Policy {
            preset: policy.preset.name.clone(),
            exempt: policy.exempt.as_str().to_owned(),
        },
        summary,
        remarks,
        sources: sources(&findings, &loaded.baseline, &loaded.current),
        findings,
    };
    Ok(Outcome {
        report,
        broken: loaded.broken,
        warnings,
    })
}

/// A warning for each image that came without source info.
fn blind(request: &Request, loaded: &Loaded) -> Vec<String> {
    let sides = [
        (&request.baseline, &loaded.baseline),
        (&request.current, &loaded.current),
    ];
    let is_blind = |schema: &Schema| {
        let mut files = schema.all(Subject::File);
        files.any(|file| !schema.has_places(file))
    };
    let blind = sides.iter().filter(|(_, schema)| is_blind(schema));
    blind
        .map(|(input, _)| {
            format!(
                "the {} has no source info: it tells no lines and no comments, nor what comments state of maturity",
                input.tree.name
            )
        })
        .collect()
}

/// Leaves no place where only the file is known, once nothing asks for the file any more.
fn forget_unknown_lines(findings: &mut [Finding]) {
    for finding in findings {
        for place in [&mut finding.baseline, &mut finding.current] {
            place.take_if(|place| place.line == 0);
        }
    }
}

/// How many files there are, and how many of those that were asked for differ.
fn files(request: &Request, changes: &[&Change], sides: (Side<'_>, Side<'_>)) -> Files {
    let (baseline, current) = (&request.baseline.tree, &request.current.tree);
    let differing = if baseline.is_image == current.is_image {
        let paths = load::changed(baseline, current).into_iter();
        paths
            .filter(|path| request.paths.is_empty() || wanted(path, &request.paths))
            .count()
    } else {
        // A text and a descriptor cannot be compared byte by byte: a file differs if what it says does.
        let path = |change: &Change| match (change.current, change.baseline) {
            (Some(at), _) => Some(sides.1.schema.file_path(at.element).to_owned()),
            (None, Some(at)) => Some(sides.0.schema.file_path(at.element).to_owned()),
            (None, None) => None,
        };
        let paths: BTreeSet<String> = changes.iter().filter_map(|change| path(change)).collect();
        paths.len()
    };
    Files {
        baseline: baseline.files.len(),
        current: current.files.len(),
        changed: differing,
    }
}

/// The table of each side, with the cells of it that state no known level.
type Tables = (
    Option<(Table, Vec<UnknownLevel>)>,
    Option<(Table, Vec<UnknownLevel>)>,
);

/// The tables of both sides: an unknown level is an error on the current side, and a warning where nobody can mend it.
fn tables(request: &Request) -> Result<(Tables, Vec<String>), CheckError> {
    let mut warnings = Vec::new();
    let tables = (
        table_of(&request.baseline, &request.config),
        table_of(&request.current, &request.config),
    );
    if let (Some((_, unknown)), Some((file, text))) = (&tables.1, &request.current.readme) {
        refuse_unknown(unknown, file, text)?;
    }
    if let (Some((_, unknown)), Some((file, _))) = (&tables.0, &request.baseline.readme) {
        for level in unknown {
            warnings.push(format!("the baseline's maturity table states an unknown level: `{}` ({file}:{}); the row is not obeyed", level.text, level.line));
        }
    }
    Ok((tables, warnings))
}

/// The table of a side, and the cells of it that state no known level.
pub fn table_of(input: &Input, config: &Config) -> Option<(Table, Vec<UnknownLevel>)> {
    let heading = config
        .maturity
        .table
        .as_ref()
        .and_then(|table| table.heading.as_deref())
        .unwrap_or(HEADING);
    table::parse(&input.readme.as_ref()?.1, heading)
}

/// The heading above the maturity table where the configuration names none.
pub const HEADING: &str = "Maturity Level";

/// The directory that the patterns of a table are relative to.
pub fn table_root(table: &Table, input: &Input, config: &Config) -> String {
    let configured = config
        .maturity
        .table
        .as_ref()
        .and_then(|table| table.root.clone());
    configured.unwrap_or_else(|| table.infer_root(input.tree.files.keys().map(String::as_str)))
}

fn refuse_unknown(unknown: &[UnknownLevel], file: &str, text: &str) -> Result<(), CheckError> {
    let Some(first) = unknown.first() else {
        return Ok(());
    };
    Err(CheckError::UnknownLevel(Box::new(UnknownLevels {
        text: first.text.clone(),
        line: first.line,
        table: miette::NamedSource::new(file, text.to_owned()),
        spans: unknown
            .iter()
            .map(|level| level.span.clone().into())
            .collect(),
    })))
}

/// What states maturity on one side, outside its `.proto` files.
pub struct Facts<'a> {
    table: Option<Table>,
    file: &'a str,
    root: String,
    default: Maturity,
    components: &'a [Component],
}

impl<'a> Facts<'a> {
    fn new(
        input: &'a Input,
        table: Option<(Table, Vec<UnknownLevel>)>,
        request: &Request,
        components: &'a [Component],
    ) -> Self {
        Self::of(
            input,
            table.map(|(table, _)| table),
            &request.config,
            components,
        )
    }

    /// The statements of a side.
    pub fn of(
        input: &'a Input,
        table: Option<Table>,
        config: &Config,
        components: &'a [Component],
    ) -> Self {
        let root = table
            .as_ref()
            .map(|table| table_root(table, input, config))
            .unwrap_or_default();
        let file = input.readme.as_ref().map_or("", |(file, _)| file);
        Self {
            table,
            file,
            root,
            default: config.maturity.default,
            components,
        }
    }

    /// The maturity of every element of the side.
    pub fn resolve(&self, schema: &Schema) -> Maturities {
        let statements = Statements {
            table: self.table.as_ref(),
            table_file: self.file,
            root: &self.root,
            default: self.default,
            components: self.components,
        };
        Maturities::resolve(schema, statements)
    }

    /// What the table says of a file: its levels, lines left aside.
    fn stated(&self, path: &str) -> Option<(Option<Maturity>, Option<Maturity>)> {
        let row = self.table.as_ref()?.lookup(&self.root, path)?;
        Some((row.binary.level(), row.json.level()))
    }
}

/// The components that the configuration states a level for.
pub fn components(config: &Config) -> Vec<Component> {
    let stated = config.maturity.components.iter();
    stated
        .map(|component| Component {
            pattern: component.path.text.clone(),
            matcher: component.path.matcher().clone(),
            level: component.level,
        })
        .collect()
}

/// Files whose bytes are equal, but not what the table says of them.
fn restated(baseline: &Input, current: &Input, facts: &(Facts<'_>, Facts<'_>)) -> BTreeSet<String> {
    let (before, after) = facts;
    let shared = baseline
        .tree
        .files
        .keys()
        .filter(|path| current.tree.files.contains_key(*path));
    shared
        .filter(|path| before.stated(path) != after.stated(path))
        .cloned()
        .collect()
}

/// Looks every addition up for an explanation; the condition is set on the change, the place is returned by its index.
fn explain(
    changes: &mut [Change],
    sides: (Side<'_>, Side<'_>),
    request: &Request,
    messages: Messages<'_>,
) -> HashMap<usize, String> {
    let messages = LazyCell::new(messages);
    let settings = &request.config.explanations;
    let words = settings
        .words
        .clone()
        .map_or_else(Words::default, Words::new);
    let schema = sides.1.schema;
    let mut found = HashMap::new();
    for (index, change) in changes.iter_mut().enumerate() {
        let addition = change.aspect == Aspect::Existence && change.action == Action::Added;
        let named = matches!(
            change.subject,
            Subject::Field
                | Subject::Message
                | Subject::Enum
                | Subject::EnumValue
                | Subject::Service
                | Subject::Method
        );
        let Some(place) = change.current.filter(|_| addition && named) else {
            continue;
        };
        let in_comment = settings
            .comment
            .then(|| in_comment(schema, place.element, &words))
            .flatten();
        let explanation = in_comment
            .or_else(|| in_changelog(schema, place.element, request))
            .or_else(|| {
                settings
                    .commit_messages
                    .then(|| in_messages(schema, place.element, &messages))
                    .flatten()
            });
        if let Some(explanation) = explanation {
            change.conditions.push("explained");
            found.insert(index, explanation);
        }
    }
    found
}

fn in_comment(schema: &Schema, id: ElementId, words: &Words) -> Option<String> {
    let location = schema.location(id, &[])?;
    let comment = [&location.leading, &location.trailing]
        .into_iter()
        .find_map(|comment| explanation::in_comment(comment, words))?;
    let source = schema.source_of(id)?;
    let first = comment
        .sentence
        .split_whitespace()
        .next()
        .unwrap_or_default();
    let start = location.span.line as usize;
    // Comments stand above an element; the nearest line with the sentence's first word is where it starts.
    let above = source.text.lines().take(start).collect::<Vec<_>>();
    let line = above
        .iter()
        .rposition(|line| line.contains(first) && line.trim_start().starts_with(['/', '*']))
        .unwrap_or(start);
    Some(format!("{}:{}", source.path, line + 1))
}

fn in_changelog(schema: &Schema, id: ElementId, request: &Request) -> Option<String> {
    let name = request.config.explanations.changelog.as_ref()?;
    let (file, after) = request
        .current
        .changelog
        .as_ref()
        .filter(|(file, _)| file == name)?;
    let before = request
        .baseline
        .changelog
        .as_ref()
        .map_or("", |(_, text)| text.as_str());
    let element = schema.get(id);
    let found = explanation::in_changelog(before, after, &element.name, &element.full_name)?;
    Some(format!("{file}:{}", found.line))
}

fn in_messages(schema: &Schema, id: ElementId, messages: &[(String, String)]) -> Option<String> {
    let element = schema.get(id);
    let said = |(commit, text): &(String, String)| {
        explanation::in_commit_message(text, &element.name, &element.full_name)
            .map(|_| format!("commit {commit}"))
    };
    messages.iter().find_map(said)
}

/// Where the words of each guarantee stand in the baseline's own policy.
fn promises(catalogue: &Catalogue, baseline: &Input) -> BTreeMap<String, String> {
    let Some((file, text)) = &baseline.readme else {
        return BTreeMap::new();
    };
    let (words, lines) = flattened(text);
    let place = |promise: &str| {
        let start = words.find(&flattened(promise).0)?;
        lines.get(start).map(|line| format!("{file}:{line}"))
    };
    let guarantees = catalogue.guarantees().iter();
    guarantees
        .filter_map(|guarantee| Some((guarantee.id.clone(), place(&guarantee.promise)?)))
        .collect()
}

/// A text without line breaks and backticks, and the line of each of its bytes.
fn flattened(text: &str) -> (String, Vec<usize>) {
    let (mut words, mut lines) = (String::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        for word in line.split_whitespace() {
            let start = words.len();
            words.extend(word.chars().filter(|c| *c != '`'));
            words.push(' ');
            lines.resize(lines.len() + words.len() - start, number + 1);
        }
    }
    words.truncate(words.trim_end().len());
    (words, lines)
}

/// Whether a path is inside of those to judge.
fn wanted(path: &str, paths: &[String]) -> bool {
    paths.iter().any(|wanted| {
        let rest = path.strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| rest.is_empty() || wanted.is_empty() || rest.starts_with('/'))
    })
}

fn summarize(
    findings: &[Finding],
    changes: &[&Change],
    context: &Context<'_>,
    files: Files,
    elements: usize,
) -> Summary {
    let counted = |level: Level| {
        findings
            .iter()
            .filter(|finding| finding.status.counts() && finding.level == level)
            .count()
    };
    let with = |status: Status| {
        findings
            .iter()
            .filter(|finding| finding.status == status)
            .count()
    };
    Summary {
        files,
        elements,
        changes: changes.len(),
        error: counted(Level::Error),
        warning: counted(Level::Warning),
        note: counted(Level::Note),
        exempt: with(Status::Exempt),
        accepted: with(Status::Accepted),
        dormant: with(Status::Dormant),
        bump: bump(findings, changes, context).to_owned(),
    }
}

/// The version bump that semantic versioning asks for: breaks a major one, additions a minor one; what is exempt none.
fn bump(findings: &[Finding], changes: &[&Change], context: &Context<'_>) -> &'static str {
    let broken = |finding: &Finding| {
        (finding.status.counts() || finding.status == Status::Accepted)
            && finding.level == Level::Error
    };
    if findings.iter().any(broken) {
        return "major";
    }
    let promised = |change: &Change| judge::promises(change, context);
    let added = |change: &Change| {
        change.aspect == Aspect::Existence
            && change.action == Action::Added
            && change.subject != Subject::Import
    };
    if changes
        .iter()
        .any(|change| added(change) && promised(change))
    {
        "minor"
    } else if changes.iter().any(|change| promised(change)) {
        "patch"
    } else {
        "none"
    }
}

/// The texts that the findings point into.
fn sources(findings: &[Finding], baseline: &Schema, current: &Schema) -> Sources {
    let texts = |schema: &Schema,
                 place: fn(&Finding) -> Option<&report::Location>|
     -> BTreeMap<String, String> {
        let paths: BTreeSet<&str> = findings
            .iter()
            .filter_map(place)
            .map(|place| place.path.as_str())
            .collect();
        let text = |path: &str| {
            schema
                .find_file(path)
                .and_then(|id| schema.source_of(id))
                .filter(|source| !source.is_descriptor)
                .map(|source| source.text.clone())
        };
        paths
            .into_iter()
            .filter_map(|path| Some((path.to_owned(), text(path)?)))
            .collect()
    };
    Sources {
        baseline: texts(baseline, |finding| finding.baseline.as_ref()),
        current: texts(current, |finding| finding.current.as_ref()),
    }
}

/// Files to compare, made of what a test or a program already holds in memory.
pub fn tree(name: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Tree {
    Tree {
        name: name.to_owned(),
        files: files
            .into_iter()
            .map(|(path, bytes)| (path, Arc::from(bytes)))
            .collect(),
        ..Tree::default()
    }
}
