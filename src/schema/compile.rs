//! Text to linked descriptors, all of protox: it reports every error of every file, and knows nothing of revisions or rules.

mod chain;
mod pools;
mod public;
mod qualify;
mod scope;
mod stub;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use prost_reflect::FileDescriptor;
use prost_types::FileDescriptorProto;
use prost_types::source_code_info::Location;
use protox::file::File;

use self::pools::{Pools, Refusal};
use self::stub::Stubs;
use super::editions::{self, Edition};
use super::{builtin, image, location, token};

/// A `.proto` file to compile.
#[derive(Debug, Clone)]
pub struct Input {
    /// Path relative to the root of the side: what names the file here, whoever imports it by whatever name.
    pub path: String,
    /// Path that others import it by.
    pub import_path: String,
    /// How excerpts name it: what a person can open, `v1.2.0:acme/a.proto` or `before/acme/a.proto`.
    pub shown: String,
    /// Its bytes: a text, or a descriptor.
    pub bytes: Vec<u8>,
    /// Whether the bytes are a file of an image.
    pub is_descriptor: bool,
    /// The file of the tree that each import means, by what the import says.
    pub imports: BTreeMap<String, String>,
    /// Whether an error in it (or in what it imports) makes the side unjudgeable.
    pub required: bool,
}

/// What becomes of an import that is not there.
#[derive(Debug, Clone, Copy)]
pub enum Missing<'a> {
    /// The file that imports it is not valid.
    Error,
    /// What it would bring is opaque; the full names are of enums, as the other side knows.
    Stub(&'a BTreeSet<String>),
}

/// What was compiled.
#[derive(Debug)]
pub struct Compiled {
    /// The files that link, in the order of their paths.
    pub files: Vec<Linked>,
    /// The files that do not, though not required: by path, with what is wrong.
    pub broken: BTreeMap<String, Vec<Problem>>,
    /// The imports that were not found and that something stands in for, by the path of the file that imports them.
    pub stubbed: BTreeMap<String, Vec<String>>,
    /// The types that nothing declares and that stand as opaque ones, by full name.
    pub opaque: BTreeSet<String>,
}

/// A file that links.
#[derive(Debug)]
pub struct Linked {
    /// Path relative to the root of the side.
    pub path: String,
    /// Path that others import it by.
    pub import_path: String,
    /// Its descriptor; its name and its dependencies are paths of the side where they are files of it.
    pub descriptor: FileDescriptor,
    /// Its imports as written.
    pub imports: Vec<String>,
    /// Its text; empty where it came as a descriptor.
    pub text: String,
    /// Whether it came as a descriptor.
    pub is_descriptor: bool,
    /// What it says beyond its descriptor.
    pub edition: Option<Edition>,
    /// Default values of fields whose types are opaque, by the descriptor path of the field.
    pub defaults: HashMap<Box<[i32]>, String>,
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone)]
pub struct Problem {
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    source: Option<Arc<NamedSource<String>>>,
    /// Path of the file.
    pub path: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source
            .as_deref()
            .map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A side that does not compile: every error of every file that can be judged on its own.
#[derive(Debug, thiserror::Error)]
#[error("the {side} does not compile: {}", counted(.problems))]
pub struct CompileErrors {
    /// The side: ``baseline `v1.2.0` ``, ``current side `worktree` ``.
    pub side: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Diagnostic for CompileErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            self.problems
                .iter()
                .map(|problem| problem as &dyn Diagnostic),
        ))
    }
}

fn counted(problems: &[Problem]) -> String {
    let files: BTreeSet<&str> = problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    let errors = if problems.len() == 1 {
        "1 error".to_owned()
    } else {
        format!("{} errors", problems.len())
    };
    match files.first() {
        Some(path) if files.len() == 1 => format!("{errors} in `{path}`"),
        _ => format!("{errors} in {} files", files.len()),
    }
}

/// Compiles the files of one side against each other and the well-known types.
///
/// `side` names the side in messages; `roots` are the import roots that were tried; `missing` says what becomes of an
/// import that none of them has.
///
/// # Errors
/// [`CompileErrors`] where a required file, or one that it imports, is not valid.
pub fn compile(
    side: &str,
    roots: &[&str],
    missing: Missing<'_>,
    inputs: Vec<Input>,
) -> Result<Compiled, CompileErrors> {
    let mut stage = Stage {
        side,
        roots,
        ..Stage::default()
    };
    for input in inputs {
        stage.parse(input);
    }
    if let Missing::Stub(enums) = missing {
        let broken = |path: &str| stage.problems.contains_key(path);
        stage.stubs = stub::stand_in(&mut stage.files, broken, enums);
    }
    stage.find_cycles();
    // Where files import each other, what one passes on to the next has no end; the cycle is the error.
    if stage.in_cycle.is_empty() {
        public::pass_on(&mut stage.files);
    }
    qualify::qualify(&mut stage.files);
    let paths: Vec<String> = stage.files.keys().cloned().collect();
    for path in &paths {
        stage.link(path);
    }
    stage.finish()
}

#[derive(Default)]
struct Stage<'a> {
    side: &'a str,
    roots: &'a [&'a str],
    files: BTreeMap<String, Parsed>,
    required: BTreeSet<String>,
    pools: Pools,
    /// The pool that a file was linked in; `None` where it could not be.
    linked: HashMap<String, Option<usize>>,
    problems: BTreeMap<String, Vec<Problem>>,
    in_cycle: BTreeSet<String>,
    stubs: Stubs,
}

/// A file that parses.
struct Parsed {
    /// Named by its path; imports of files of the tree name their paths.
    descriptor: FileDescriptorProto,
    imports: Vec<String>,
    import_path: String,
    text: String,
    /// What excerpts are taken from; `None` where it came as a descriptor.
    source: Option<Arc<NamedSource<String>>>,
    /// What is linked instead of `descriptor`, where it came encoded: options that its type does not know are in here only.
    encoded: Option<Vec<u8>>,
    edition: Option<Edition>,
    /// Default values that were taken off before linking.
    defaults: HashMap<Box<[i32]>, String>,
}

impl Stage<'_> {
    fn parse(&mut self, input: Input) {
        if input.required {
            self.required.insert(input.path.clone());
        }
        if input.is_descriptor {
            self.decode(input);
            return;
        }
        let path = input.path;
        let text = match String::from_utf8(input.bytes) {
            // protoc skips a byte order mark too; columns are counted behind it.
            Ok(text) => match text.strip_prefix('\u{feff}') {
                Some(rest) => rest.to_owned(),
                None => text,
            },
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let before = error.as_bytes().iter().take(valid);
                let line = before.filter(|byte| **byte == b'\n').count() + 1;
                let message = format!(
                    "`{}` is not valid UTF-8: line {line} (byte {valid}) cannot be read",
                    input.shown
                );
                self.report(&path, message, None, Vec::new(), None);
                return;
            }
        };
        let lowered = editions::lower(&text);
        if let Some(lowered) = &lowered
            && !lowered.edition.is_empty()
            && !editions::KNOWN.contains(&lowered.edition.as_str())
        {
            let source = Arc::new(NamedSource::new(input.shown, text));
            self.report_edition(&path, &lowered.edition, source);
            return;
        }
        let parsed = lowered.as_ref().map_or(&text, |lowered| &lowered.text);
        match File::from_source(&path, parsed) {
            Ok(file) => {
                let mut descriptor = FileDescriptorProto::from(file);
                let restored = lowered.map(|lowered| lowered.restore(&text, &mut descriptor));
                let edition = restored
                    .filter(|edition| !edition.name.is_empty() || !edition.declarations.is_empty());
                let imports = descriptor.dependency.clone();
                for import in &mut descriptor.dependency {
                    if let Some(path) = input.imports.get(import) {
                        import.clone_from(path);
                    }
                }
                let source = Arc::new(NamedSource::new(input.shown, text.clone()));
                let import_path = input.import_path;
                let file = Parsed {
                    descriptor,
                    imports,
                    import_path,
                    text,
                    source: Some(source),
                    encoded: None,
                    edition,
                    defaults: HashMap::new(),
                };
                self.files.insert(path, file);
            }
            Err(error) => {
                let source = Arc::new(NamedSource::new(input.shown, text));
                self.report_all(&error, &path, Some(&source));
                if let Some(lowered) = &lowered {
                    self.move_labels(&path, lowered);
                }
                self.place_at_end(&path);
            }
        }
    }

    /// Takes a file of an image.
    fn decode(&mut self, input: Input) {
        match image::lower(&input.bytes, Some(&input.path), &input.imports) {
            Ok(lowered) => {
                let file = Parsed {
                    descriptor: lowered.descriptor,
                    imports: lowered.imports,
                    import_path: input.import_path,
                    text: String::new(),
                    source: None,
                    encoded: Some(lowered.encoded),
                    edition: lowered.edition,
                    defaults: HashMap::new(),
                };
                self.files.insert(input.path, file);
            }
            Err(error) => {
                let message = format!("`{}`: {error}", input.shown);
                self.report(&input.path, message, None, Vec::new(), None);
            }
        }
    }

    fn report_edition(&mut self, path: &str, edition: &str, source: Arc<NamedSource<String>>) {
        let value = token::tokens(source.inner()).nth(2);
        let value = value.map(|value| value.range());
        let label = |value| LabeledSpan::new_with_span(Some("not known".to_owned()), value);
        let labels = value.map(label).into_iter().collect();
        let message = format!("unknown edition `{edition}`");
        let help = format!("known: `{}`", editions::KNOWN.join("`, `"));
        self.report(path, message, Some(help), labels, Some(source));
    }

    /// Errors of a lowered text point into it; people see the original.
    fn move_labels(&mut self, name: &str, lowered: &editions::Lowered) {
        for label in self
            .problems
            .get_mut(name)
            .into_iter()
            .flatten()
            .flat_map(|problem| &mut problem.labels)
        {
            let (start, end) = (label.offset(), label.offset() + label.len());
            let (start, end) = (lowered.original(start), lowered.original(end));
            let text = label.label().map(str::to_owned);
            *label = LabeledSpan::new_with_span(text, (start, end.saturating_sub(start)));
        }
    }

    /// What the parser gives no place is missing at the end.
    fn place_at_end(&mut self, name: &str) {
        for problem in self.problems.get_mut(name).into_iter().flatten() {
            if let (true, Some(source)) = (problem.labels.is_empty(), &problem.source) {
                let end = source.inner().trim_end().len();
                problem
                    .labels
                    .push(LabeledSpan::new_with_span(None, (end, 0)));
            }
        }
    }

    fn report(
        &mut self,
        path: &str,
        message: String,
        help: Option<String>,
        labels: Vec<LabeledSpan>,
        source: Option<Arc<NamedSource<String>>>,
    ) {
        self.problems
            .entry(path.to_owned())
            .or_default()
            .push(Problem {
                message,
                help,
                labels,
                source,
                path: path.to_owned(),
            });
        self.linked.insert(path.to_owned(), None);
    }

    /// Reports an error of the compiler, and those that came with it.
    fn report_all(
        &mut self,
        error: &dyn Diagnostic,
        path: &str,
        source: Option<&Arc<NamedSource<String>>>,
    ) {
        let labels: Vec<LabeledSpan> = source
            .and_then(|_| error.labels())
            .map(Iterator::collect)
            .unwrap_or_default();
        let help = error.help().map(|help| help.to_string().replace('\'', "`"));
        self.report(
            path,
            error.to_string().replace('\'', "`"),
            help,
            labels,
            source.map(Arc::clone),
        );
        for related in error.related().into_iter().flatten() {
            self.report_all(related, path, source);
        }
    }

    /// Reports each import cycle once, at the import that closes it.
    fn find_cycles(&mut self) {
        let graph: BTreeMap<String, Vec<String>> = self
            .files
            .iter()
            .map(|(name, file)| (name.clone(), file.descriptor.dependency.clone()))
            .collect();
        let mut done = BTreeSet::new();
        for name in graph.keys() {
            // An explicit stack: a chain of imports may be longer than the thread's own stack allows.
            let mut stack = vec![(name.as_str(), 0)];
            while let Some((name, next)) = stack.pop() {
                if done.contains(name) {
                    continue;
                }
                let Some(import) = graph.get(name).and_then(|imports| imports.get(next)) else {
                    done.insert(name);
                    continue;
                };
                stack.push((name, next + 1));
                if let Some(start) = stack.iter().position(|(open, _)| open == import) {
                    let chain: Vec<&str> =
                        stack.iter().skip(start).map(|(name, _)| *name).collect();
                    self.report_cycle(name, next, &chain);
                } else if graph.contains_key(import) && !done.contains(import.as_str()) {
                    stack.push((import, 0));
                }
            }
        }
    }

    fn report_cycle(&mut self, name: &str, index: usize, chain: &[&str]) {
        self.in_cycle
            .extend(chain.iter().map(|&name| name.to_owned()));
        let Some(file) = self.files.get(name) else {
            return;
        };
        let source = file.source.clone();
        let labels = import_label(file, index, "this import closes the cycle");
        let cycle: Vec<String> = chain
            .iter()
            .chain(chain.first())
            .map(|name| format!("`{name}`"))
            .collect();
        let help =
            "move what the files share into a file of its own that each of them imports".to_owned();
        self.report(
            name,
            format!("import cycle: {}", cycle.join(" → ")),
            Some(help),
            labels,
            source,
        );
    }

    /// Links a file after everything it imports.
    fn link(&mut self, path: &str) {
        let mut stack = vec![path.to_owned()];
        while let Some(path) = stack.last().cloned() {
            if self.linked.contains_key(&path) {
                stack.pop();
                continue;
            }
            let imports = self
                .files
                .get(&path)
                .map(|file| file.descriptor.dependency.clone())
                .unwrap_or_default();
            let open = imports.iter().find(|import| {
                !self.linked.contains_key(*import)
                    && self.files.contains_key(*import)
                    && !self.in_cycle.contains(*import)
            });
            if let Some(open) = open {
                stack.push(open.clone());
                continue;
            }
            stack.pop();
            let whole = self.check_imports(&path, &imports) && !self.in_cycle.contains(&path);
            let pool = if whole { self.add(&path) } else { None };
            self.linked.insert(path, pool);
        }
    }

    /// Whether every import of a file can be had; one that nobody has is reported.
    fn check_imports(&mut self, path: &str, imports: &[String]) -> bool {
        let mut whole = true;
        for (index, import) in imports.iter().enumerate() {
            match self.linked.get(import) {
                Some(Some(_)) => continue,
                None if builtin::is_known(import) => continue,
                _ => whole = false,
            }
            if self.files.contains_key(import) || self.problems.contains_key(import) {
                // What is wrong with the imported file is reported there.
                continue;
            }
            let Some(file) = self.files.get(path) else {
                continue;
            };
            let source = file.source.clone();
            let labels = import_label(file, index, "imported here");
            let roots = self.roots.iter().map(|root| format!("`{root}`"));
            let help = if file.encoded.is_some() {
                "build the image with what it imports: `protoc --include_imports`; `buf build` does so by itself".to_owned()
            } else {
                format!(
                    "tried the import roots {}; name the root that holds it with `-I ROOT` or `roots` in the section [schema] of protopact.toml, or go without it: `missing-imports = \"stub\"` there makes its types opaque",
                    roots.collect::<Vec<_>>().join(", ")
                )
            };
            let message = format!("import `{import}` not found");
            self.report(path, message, Some(help), labels, source);
        }
        whole
    }

    fn add(&mut self, path: &str) -> Option<usize> {
        loop {
            let error = match self.pools.add(path, &self.files) {
                Ok(pool) => return Some(pool),
                Err(Refusal::Wrong(error)) => error,
                Err(Refusal::Failed) => {
                    let message = format!(
                        "`{path}` cannot be linked: an option in it has a value that is not supported"
                    );
                    let source = self.files.get(path)?.source.clone();
                    self.report(path, message, None, Vec::new(), source);
                    return None;
                }
            };
            let file = self.files.get_mut(path)?;
            let source = file.source.clone();
            let error = match &source {
                Some(_) => error.with_source_code(&file.text),
                None => error,
            };
            if self.stubs.blind.contains(path) {
                // The value of an option can need what is not there, which only linking tells.
                let failing = statements(file, &offsets(&error));
                if stub::leave_out(&mut file.descriptor, &failing) {
                    continue;
                }
            }
            self.report_all(&error, path, source.as_ref());
            return None;
        }
    }

    fn finish(mut self) -> Result<Compiled, CompileErrors> {
        let is_linked = |path: &str| self.linked.get(path).copied().flatten();
        let required = self.required.iter().map(String::as_str);
        let failed: BTreeSet<&str> = required.filter(|path| is_linked(path).is_none()).collect();
        if !failed.is_empty() {
            let imports = |file: &'_ Parsed| -> Vec<String> { file.descriptor.dependency.clone() };
            let edges: BTreeMap<String, Vec<String>> = self
                .files
                .iter()
                .map(|(path, file)| (path.clone(), imports(file)))
                .collect();
            let edges: BTreeMap<&str, Vec<&str>> = edges
                .iter()
                .map(|(path, imports)| {
                    (path.as_str(), imports.iter().map(String::as_str).collect())
                })
                .collect();
            let chains = chain::chains(&failed, &edges);
            let mut found = Vec::new();
            for (path, problems) in &self.problems {
                let Some(importers) = chains.get(path.as_str()) else {
                    continue;
                };
                for problem in problems {
                    let help = [problem.help.clone(), chain::through(path, importers)];
                    let help: Vec<String> = help.into_iter().flatten().collect();
                    found.push(Problem {
                        help: (!help.is_empty()).then(|| help.join("\n")),
                        ..problem.clone()
                    });
                }
            }
            return Err(CompileErrors {
                side: self.side.to_owned(),
                problems: found,
            });
        }
        let mut broken = std::mem::take(&mut self.problems);
        let mut files = Vec::new();
        for (path, file) in self.files {
            if self.stubs.files.contains(&path) {
                continue;
            }
            let pool = self.linked.get(&path).copied().flatten();
            let Some(descriptor) = pool.and_then(|pool| self.pools.file(pool, &path)) else {
                broken.entry(path).or_default();
                continue;
            };
            let Parsed {
                imports,
                import_path,
                text,
                encoded,
                edition,
                defaults,
                ..
            } = file;
            files.push(Linked {
                path,
                import_path,
                descriptor,
                imports,
                text,
                is_descriptor: encoded.is_some(),
                edition,
                defaults,
            });
        }
        Ok(Compiled {
            files,
            broken,
            stubbed: self.stubs.imports,
            opaque: self.stubs.types,
        })
    }
}

/// Where an error of the compiler and those that came with it point, in bytes.
fn offsets(error: &dyn Diagnostic) -> Vec<usize> {
    let labels = error.labels().into_iter().flatten();
    let mut found: Vec<usize> = labels.map(|label| label.offset()).collect();
    for related in error.related().into_iter().flatten() {
        found.extend(offsets(related));
    }
    found
}

/// The descriptor paths of the statements that hold one of the places.
fn statements(file: &Parsed, places: &[usize]) -> BTreeSet<Vec<i32>> {
    let info = file.descriptor.source_code_info.iter();
    let holds = |location: &&Location| {
        location::span(&location.span).is_some_and(|span| {
            let range = location::byte_range(&file.text, span);
            places.iter().any(|place| range.contains(place))
        })
    };
    let locations = info.flat_map(|info| &info.location).filter(holds);
    locations.map(|location| location.path.clone()).collect()
}

/// A label on the import statement with this index.
fn import_label(file: &Parsed, index: usize, text: &str) -> Vec<LabeledSpan> {
    let Some(source) = &file.source else {
        return Vec::new();
    };
    let source = source.inner();
    let path = [3, i32::try_from(index).unwrap_or(i32::MAX)];
    let info = file
        .descriptor
        .source_code_info
        .iter()
        .flat_map(|info| &info.location);
    let Some(span) = info
        .filter(|location| location.path == path)
        .find_map(|location| location::span(&location.span))
    else {
        return Vec::new();
    };
    let range = location::byte_range(source, span);
    vec![LabeledSpan::new_with_span(
        Some(text.to_owned()),
        (range.start, range.len()),
    )]
}
