//! The whole check on two sides that were read: load, state the maturity, compare, judge; it does no IO and prints nothing.

mod agreed;
mod explain;
pub mod marked;
mod nearest;
mod promises;
mod since;
mod stated;
mod summary;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use miette::Diagnostic;

use self::agreed::{Marks, marks, unused};
use self::explain::explain;
pub use self::marked::Earlier;
use self::promises::promises;
pub use self::stated::{Facts, HEADING, UnknownLevels, components, table_of, table_root};
use self::stated::{promised_otherwise, restated, tables};
use self::summary::{files, summarize};
use crate::acceptance::{self, Agreed, Use};
use crate::change::Change;
use crate::changelog::Entry;
use crate::config::{Config, MissingImports};
use crate::diff::{self, Side};
use crate::judge::{self, Context};
use crate::maturity::Maturities;
use crate::policy::{Gate, Policy};
use crate::report::{self, Finding, Report, Sources, Tool};
use crate::reuse::{self, Reuse};
use crate::rule::Catalogue;
use crate::schema::Schema;
use crate::schema::compile::CompileErrors;
use crate::schema::load::{self, Broken, LoadError, Loaded, On, Options};
use crate::schema::tree::{Content, Tree, Unreadable};

/// One side as it was read.
#[derive(Debug, Clone)]
pub struct Input {
    /// How the report names the side.
    pub side: report::Side,
    /// Its `.proto` files.
    pub tree: Tree,
    /// The file that holds the maturity table and the policy, by default `README.md`: its name and text.
    pub readme: Option<(String, String)>,
    /// The changelogs: their paths and texts.
    pub changelogs: BTreeMap<String, String>,
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
    /// What people agreed to.
    pub agreed: Agreed,
    /// The releases before the baseline in which what is deleted has to have been deprecated; `None` where one is enough.
    pub earlier: Option<Earlier>,
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
    /// A file of a side cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Unreadable(#[from] Unreadable),
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

impl Uncompiled {
    /// Whether a side, by its name, is one of them.
    pub fn names(&self, side: &str) -> bool {
        self.0.iter().any(|errors| errors.side == side)
    }

    /// The first thing that is wrong.
    pub fn reason(&self) -> String {
        let mut problems = self.0.iter().flat_map(|errors| &errors.problems);
        problems.next().map(ToString::to_string).unwrap_or_default()
    }
}

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
            "mend the files, or leave out those that cannot be mended or are no part of the promise: `exclude` in the section [schema] of protopact.toml, or `--exclude GLOB`",
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

/// How a configuration has sides loaded.
pub fn options(config: &Config) -> Options {
    Options {
        roots: config.schema.roots.clone().unwrap_or_default(),
        stub: config.schema.missing_imports == MissingImports::Stub,
        ..Options::default()
    }
}

/// Loads both sides.
///
/// # Errors
/// [`CheckError::Compile`]: a file that is needed is not valid. [`CheckError::Unreadable`]: one cannot be read.
pub fn load(baseline: &Tree, current: &Tree, options: &Options) -> Result<Loaded, CheckError> {
    load::load(baseline, current, options).map_err(|error| match error {
        LoadError::Compile(sides) => CheckError::Compile(Uncompiled(sides)),
        LoadError::Read(error) => CheckError::Unreadable(error),
    })
}

/// Loads both sides, and resolves what is stated for every element of them.
fn load_stated(
    request: &Request,
    options: Options,
    facts: &(Facts<'_>, Facts<'_>),
) -> Result<(Loaded, (Maturities, Maturities)), CheckError> {
    let (baseline, current) = (&request.baseline.tree, &request.current.tree);
    let resolve = |loaded: &Loaded| {
        rayon::join(
            || facts.0.resolve(&loaded.baseline),
            || facts.1.resolve(&loaded.current),
        )
    };
    let loaded = load(baseline, current, &options)?;
    let maturities = resolve(&loaded);
    let restated = promised_otherwise(&loaded, &maturities);
    if options.full || restated.is_empty() {
        return Ok((loaded, maturities));
    }
    // Who names these types is concerned, and was not looked at for that.
    let loaded = load(
        baseline,
        current,
        &Options {
            restated,
            ..options
        },
    )?;
    let maturities = resolve(&loaded);
    Ok((loaded, maturities))
}

/// What a check gives beside the report.
#[derive(Debug)]
pub struct Outcome {
    /// The report.
    pub report: Report,
    /// Files that nothing changed and that do not compile, left out on both sides.
    pub broken: Vec<Broken>,
    /// Sentences for a reader of the error output.
    pub warnings: Vec<String>,
    /// What became of each record of what was agreed to, in their order.
    pub uses: Vec<Use>,
    /// The places of marks in changed files that excused nothing, with the rule that each names.
    pub unused_marks: Vec<(String, String)>,
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
    let (outcome, _) = run(request, catalogue, policy, messages, Scope::Changes)?;
    Ok(outcome)
}

/// Compares two sides as [`check`] does, and lists every change, whether or not a promise speaks of it.
///
/// # Errors
/// [`CheckError`]: a side cannot be judged.
pub fn listed(
    request: &Request,
    catalogue: &Catalogue,
    policy: &Policy,
    messages: Messages<'_>,
) -> Result<(Vec<Entry>, Outcome), CheckError> {
    let (outcome, entries) = run(request, catalogue, policy, messages, Scope::Listed)?;
    Ok((entries, outcome))
}

/// Judges what the baseline, an earlier release, gave up and the current side uses again, and no other change.
///
/// # Errors
/// [`CheckError`]: a side cannot be judged.
pub fn reused(
    request: &Request,
    catalogue: &Catalogue,
    policy: &Policy,
    reused: &[Reuse],
) -> Result<Outcome, CheckError> {
    let (outcome, _) = run(request, catalogue, policy, &Vec::new, Scope::Reused(reused))?;
    Ok(outcome)
}

/// What is judged, and whether it is listed, too.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Changes,
    Listed,
    Reused(&'a [Reuse]),
}

fn run(
    request: &Request,
    catalogue: &Catalogue,
    policy: &Policy,
    messages: Messages<'_>,
    scope: Scope<'_>,
) -> Result<(Outcome, Vec<Entry>), CheckError> {
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
    let mut also = restated(baseline, current, &facts);
    if let Scope::Reused(reused) = scope {
        also.extend(reuse::paths(reused));
    }
    let options = Options {
        full: request.full,
        also,
        ..options(&request.config)
    };
    let (loaded, maturities) = load_stated(request, options, &facts)?;
    warnings.extend(blind(request, &loaded));
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
    let mut changes = match scope {
        Scope::Changes | Scope::Listed => changed(sides, request, policy)?,
        Scope::Reused(reused) => {
            let release = &baseline.side.spec;
            reuse::changes(reused, release, sides.0.schema, sides.1.schema)
        }
    };
    let explanations = explain(&mut changes, sides, request, messages);
    let promises = promises(catalogue, baseline);
    let (marks, unread) = if request.agreed.marks {
        marks(&loaded, catalogue)
    } else {
        (Marks::new(), Vec::new())
    };
    warnings.extend(unread);
    let context = Context {
        baseline: sides.0,
        current: sides.1,
        catalogue,
        policy,
        gate: &request.gate,
        baseline_name: &baseline.side.spec,
        promises: &promises,
        paths: &request.paths,
        explanations: &explanations,
        marks: &marks,
    };
    let mut findings = judge::judge(&changes, &context);
    let unused_marks = unused(&marks, &findings, &loaded);
    let uses = acceptance::apply(&mut findings, &request.agreed, &baseline.side);
    forget_unknown_lines(&mut findings);
    let entries = match scope {
        Scope::Listed => judge::listing::list(&changes, &findings, &context),
        Scope::Changes | Scope::Reused(_) => Vec::new(),
    };
    let concerns = |change: &&Change| judge::concerns(change, &context);
    let counted: Vec<&Change> = changes.iter().filter(concerns).collect();
    let files = files(request, &loaded.changed, &counted, sides, policy);
    let elements = loaded.baseline.len().max(loaded.current.len());
    let summary = summarize(&findings, &counted, &context, files, elements);
    let report = report_of(request, policy, &loaded, summary, findings);
    let Loaded {
        baseline,
        current,
        broken,
        ..
    } = loaded;
    // To take apart a large schema takes its time, too.
    rayon::join(|| drop(baseline), || drop(current));
    let outcome = Outcome {
        report,
        broken,
        warnings,
        uses,
        unused_marks,
    };
    Ok((outcome, entries))
}

/// The report of what was found.
fn report_of(
    request: &Request,
    policy: &Policy,
    loaded: &Loaded,
    summary: report::Summary,
    mut findings: Vec<Finding>,
) -> Report {
    let (baseline, current) = (&request.baseline, &request.current);
    let mut remarks = request.remarks.clone();
    if baseline.tree.files.is_empty() {
        remarks.push("the baseline has no .proto file, so nothing was promised yet".to_owned());
    }
    remarks.extend(stubbed(&loaded.stubbed));
    // What is broken on both sides is nothing that this change did.
    let newly = loaded.broken.iter().filter(|it| it.on == On::Current);
    remarks.extend(newly.map(Broken::fate));
    if let Some(pages) = &request.config.pages {
        for finding in &mut findings {
            let folder = finding.guarantees.first().map_or("", String::as_str);
            finding.page = pages.of(&finding.rule, folder);
        }
    }
    Report {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        baseline: baseline.side.clone(),
        further_baselines: Vec::new(),
        current: current.side.clone(),
        policy: told(policy),
        summary,
        remarks,
        sources: sources(&findings, &loaded.baseline, &loaded.current),
        nearest: nearest::nearest(&findings, &current.tree.files),
        findings,
        repository: None,
    }
}

/// What the report says of the policy.
fn told(policy: &Policy) -> report::Policy {
    let counts = policy.preset.counts.as_ref();
    report::Policy {
        preset: policy.preset.name.clone(),
        exempt: policy.exempt.as_str().to_owned(),
        direction: counts.map(|counts| counts.direction.as_str().to_owned()),
    }
}

/// Every change, with what is told of it from the configuration and from older releases.
fn changed(
    sides: (Side<'_>, Side<'_>),
    request: &Request,
    policy: &Policy,
) -> Result<Vec<Change>, CheckError> {
    let mut changes = diff::diff(sides.0, sides.1);
    if let Some(earlier) = &request.earlier {
        let roots = request.config.schema.roots.clone().unwrap_or_default();
        marked::too_soon(&mut changes, sides.0.schema, &roots, earlier)?;
    }
    for change in &mut changes {
        if policy.option(change).is_some() {
            change.conditions.push("named");
        }
    }
    since::remark(&mut changes, sides.1.schema, request);
    Ok(changes)
}

/// A warning for each image that came without source info.
fn blind(request: &Request, loaded: &Loaded) -> Vec<String> {
    let sides = [
        (&request.baseline, &loaded.baseline),
        (&request.current, &loaded.current),
    ];
    let is_blind = |schema: &Schema| {
        let mut files = schema.files();
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

/// A sentence that says which imports opaque types stand in for.
pub fn stubbed(imports: &BTreeSet<String>) -> Option<String> {
    const NAMED: usize = 8;
    let named: Vec<String> = imports
        .iter()
        .take(NAMED)
        .map(|import| format!("`{import}`"))
        .collect();
    let mut named = named.join(", ");
    if let Some(more) = imports.len().checked_sub(NAMED).filter(|more| *more > 0) {
        named = format!("{named} and {more} more");
    }
    match imports.len() {
        0 => None,
        1 => Some(format!(
            "1 import was not found and stands as opaque types: {named}"
        )),
        many => Some(format!(
            "{many} imports were not found and stand as opaque types: {named}"
        )),
    }
}

/// The texts that the findings point into, and those of the same files on the other side, for what is not there.
fn sources(findings: &[Finding], baseline: &Schema, current: &Schema) -> Sources {
    let paths: BTreeSet<&str> = findings
        .iter()
        .flat_map(|finding| [&finding.baseline, &finding.current])
        .flatten()
        .map(|place| place.path.as_str())
        .collect();
    let texts = |schema: &Schema| -> BTreeMap<String, String> {
        let text = |path: &str| {
            schema
                .find_file(path)
                .and_then(|id| schema.source_of(id))
                .filter(|source| !source.is_descriptor)
                .map(|source| source.text.to_string())
        };
        paths
            .iter()
            .filter_map(|path| Some(((*path).to_owned(), text(path)?)))
            .collect()
    };
    Sources {
        baseline: texts(baseline),
        current: texts(current),
        further: BTreeMap::new(),
    }
}

/// Files to compare, made of what a test or a program already holds in memory.
pub fn tree(name: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Tree {
    Tree {
        name: name.to_owned(),
        files: files
            .into_iter()
            .map(|(path, bytes)| (path, Content::held(bytes)))
            .collect(),
        ..Tree::default()
    }
}
