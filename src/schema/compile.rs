//! Text to linked descriptors, all of protox: it reports every error of every file, and knows nothing of revisions or rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorProto;
use protox::file::File;

use super::editions::{self, Edition};
use super::{builtin, closure, location};

/// A `.proto` file to compile.
#[derive(Debug, Clone)]
pub struct Input {
    /// Path relative to the root of the side.
    pub path: String,
    /// Path that others import it by.
    pub import_path: String,
    /// How excerpts name it: what a person can open, `v1.2.0:acme/a.proto` or `before/acme/a.proto`.
    pub shown: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether an error in it (or in what it imports) makes the side unjudgeable.
    pub required: bool,
}

/// What was compiled.
#[derive(Debug)]
pub struct Compiled {
    /// The linked files, under their import paths.
    pub pool: DescriptorPool,
    /// Path and text of the files that are in the pool, by import path.
    pub texts: BTreeMap<String, (String, String)>,
    /// What the files that declare an edition say beyond their descriptors, by import path.
    pub editions: BTreeMap<String, Edition>,
    /// The files that are not in the pool, though not required: by path, with what is wrong.
    pub broken: BTreeMap<String, Vec<Problem>>,
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
/// `side` names the side in messages; `roots` are the import roots that were tried.
///
/// # Errors
/// [`CompileErrors`] where a required file, or one that it imports, is not valid.
pub fn compile(side: &str, roots: &[&str], inputs: Vec<Input>) -> Result<Compiled, CompileErrors> {
    let mut stage = Stage {
        side,
        roots,
        ..Stage::default()
    };
    for input in inputs {
        stage.parse(input);
    }
    stage.find_cycles();
    stage.link_descriptor();
    let names: Vec<String> = stage.files.keys().cloned().collect();
    for name in &names {
        stage.link(name);
    }
    stage.finish()
}

#[derive(Default)]
struct Stage<'a> {
    side: &'a str,
    roots: &'a [&'a str],
    files: BTreeMap<String, Parsed>,
    required: BTreeSet<String>,
    texts: BTreeMap<String, (String, String)>,
    pool: DescriptorPool,
    /// Whether a file that was tried is in the pool, by import path.
    linked: HashMap<String, bool>,
    problems: BTreeMap<String, Vec<Problem>>,
    editions: BTreeMap<String, Edition>,
    in_cycle: BTreeSet<String>,
}

struct Parsed {
    descriptor: FileDescriptorProto,
    source: Arc<NamedSource<String>>,
    path: String,
}

impl Stage<'_> {
    fn parse(&mut self, input: Input) {
        if input.required {
            self.required.insert(input.import_path.clone());
        }
        let text = match String::from_utf8(input.bytes) {
            // protoc skips a byte order mark too; columns are counted behind it.
            Ok(text) => match text.strip_prefix('\u{feff}') {
                Some(rest) => rest.to_owned(),
                None => text,
            },
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error
                    .as_bytes()
                    .iter()
                    .take(valid)
                    .filter(|byte| **byte == b'\n')
                    .count()
                    + 1;
                let message = format!(
                    "`{}` is not valid UTF-8: line {line} (byte {valid}) cannot be read",
                    input.shown
                );
                self.report(
                    &input.import_path,
                    &input.path,
                    message,
                    None,
                    Vec::new(),
                    None,
                );
                return;
            }
        };
        if let Some(other) = self.files.get(&input.import_path) {
            let message = format!(
                "`{}` and `{}` are both imported as `{}`",
                other.path, input.path, input.import_path
            );
            let help = "exclude one of them, or name the import roots in the section [schema] of protopact.toml".to_owned();
            self.report(
                &input.import_path,
                &input.path,
                message,
                Some(help),
                Vec::new(),
                None,
            );
            return;
        }
        let lowered = editions::lower(&text);
        let parsed = lowered.as_ref().map_or(&text, |lowered| &lowered.text);
        match File::from_source(&input.import_path, parsed) {
            Ok(file) => {
                let mut descriptor = FileDescriptorProto::from(file);
                if let Some(lowered) = &lowered {
                    let edition = lowered.restore(&text, &mut descriptor);
                    self.editions.insert(input.import_path.clone(), edition);
                }
                let source = Arc::new(NamedSource::new(input.shown, text.clone()));
                self.texts
                    .insert(input.import_path.clone(), (input.path.clone(), text));
                self.files.insert(
                    input.import_path,
                    Parsed {
                        descriptor,
                        source,
                        path: input.path,
                    },
                );
            }
            Err(error) => {
                let source = Arc::new(NamedSource::new(input.shown, text));
                let name = input.import_path;
                self.report_all(&error, &name, &input.path, &source);
                if let Some(lowered) = &lowered {
                    self.move_labels(&name, lowered);
                }
                self.place_at_end(&name);
            }
        }
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
        name: &str,
        path: &str,
        message: String,
        help: Option<String>,
        labels: Vec<LabeledSpan>,
        source: Option<Arc<NamedSource<String>>>,
    ) {
        self.problems
            .entry(name.to_owned())
            .or_default()
            .push(Problem {
                message,
                help,
                labels,
                source,
                path: path.to_owned(),
            });
        self.linked.insert(name.to_owned(), false);
    }

    /// Reports an error of the compiler, and those that came with it.
    fn report_all(
        &mut self,
        error: &dyn Diagnostic,
        name: &str,
        path: &str,
        source: &Arc<NamedSource<String>>,
    ) {
        let labels: Vec<LabeledSpan> = error.labels().map(Iterator::collect).unwrap_or_default();
        let help = error.help().map(|help| help.to_string().replace('\'', "`"));
        self.report(
            name,
            path,
            error.to_string().replace('\'', "`"),
            help,
            labels,
            Some(Arc::clone(source)),
        );
        for related in error.related().into_iter().flatten() {
            self.report_all(related, name, path, source);
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
        let (path, source) = (file.path.clone(), Arc::clone(&file.source));
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
            &path,
            format!("import cycle: {}", cycle.join(" → ")),
            Some(help),
            labels,
            Some(source),
        );
    }

    /// Links a file after everything it imports.
    fn link(&mut self, name: &str) {
        let mut stack = vec![name.to_owned()];
        while let Some(name) = stack.last().cloned() {
            if self.linked.contains_key(&name) {
                stack.pop();
                continue;
            }
            let imports = self
                .files
                .get(&name)
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
            let whole = self.check_imports(&name, &imports);
            let linked = whole && !self.in_cycle.contains(&name) && self.add(&name);
            self.linked.insert(name, linked);
        }
    }

    /// Whether every import of a file is in the pool; one that nobody has is reported.
    fn check_imports(&mut self, name: &str, imports: &[String]) -> bool {
        let mut whole = true;
        for (index, import) in imports.iter().enumerate() {
            if self.linked.get(import).copied().unwrap_or(false) || self.add_well_known(import) {
                continue;
            }
            whole = false;
            if self.files.contains_key(import) || self.problems.contains_key(import) {
                // What is wrong with the imported file is reported there.
                continue;
            }
            let Some(file) = self.files.get(name) else {
                continue;
            };
            let (path, source) = (file.path.clone(), Arc::clone(&file.source));
            let labels = import_label(file, index, "imported here");
            let help = format!(
                "tried the import roots {}; name the root that holds it with `-I ROOT` or `roots` in the section [schema] of protopact.toml, or add the file",
                self.roots
                    .iter()
                    .map(|root| format!("`{root}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            );
            self.report(
                name,
                &path,
                format!("import `{import}` not found"),
                Some(help),
                labels,
                Some(source),
            );
        }
        whole
    }

    /// Options are looked up in whatever `descriptor.proto` is in the pool, imported or not: the tree's own, else the
    /// built-in one, which knows more than the parser's.
    fn link_descriptor(&mut self) {
        let declares = |file: &Parsed| {
            file.descriptor.package() == "google.protobuf"
                && file
                    .descriptor
                    .message_type
                    .iter()
                    .any(|message| message.name() == "FileOptions")
        };
        let own = self
            .files
            .iter()
            .find(|(_, file)| declares(file))
            .map(|(name, _)| name.clone());
        match own {
            Some(name) => self.link(&name),
            None => {
                self.add_well_known(builtin::DESCRIPTOR);
            }
        }
    }

    /// Adds a file that comes with every protobuf compiler, after those that it imports.
    fn add_well_known(&mut self, name: &str) -> bool {
        if self.pool.get_file_by_name(name).is_some() {
            return true;
        }
        let Some(descriptor) = builtin::file(name) else {
            return false;
        };
        let whole = descriptor.dependency.iter().all(|import| {
            self.linked.get(import).copied().unwrap_or(false) || self.add_well_known(import)
        });
        whole && self.pool.add_file_descriptor_proto(descriptor).is_ok()
    }

    fn add(&mut self, name: &str) -> bool {
        let Some(file) = self.files.get(name) else {
            return false;
        };
        let (path, source) = (file.path.clone(), Arc::clone(&file.source));
        match self.pool.add_file_descriptor_proto(file.descriptor.clone()) {
            Ok(()) => true,
            Err(error) => {
                let text = self
                    .texts
                    .get(name)
                    .map(|(_, text)| text.as_str())
                    .unwrap_or_default();
                self.report_all(&error.with_source_code(text), name, &path, &source);
                false
            }
        }
    }

    fn finish(mut self) -> Result<Compiled, CompileErrors> {
        let failed: BTreeSet<&str> = self
            .required
            .iter()
            .filter(|name| !self.linked.get(*name).copied().unwrap_or(false))
            .map(String::as_str)
            .collect();
        if !failed.is_empty() {
            let edges: BTreeMap<&str, Vec<&str>> = self
                .files
                .iter()
                .map(|(name, file)| {
                    (
                        name.as_str(),
                        file.descriptor
                            .dependency
                            .iter()
                            .map(String::as_str)
                            .collect(),
                    )
                })
                .collect();
            let reached = closure::reach(failed, &edges);
            let problems = self
                .problems
                .iter()
                .filter(|(name, _)| reached.contains(name.as_str()))
                .flat_map(|(_, problems)| problems.iter().cloned())
                .collect();
            return Err(CompileErrors {
                side: self.side.to_owned(),
                problems,
            });
        }
        let mut broken: BTreeMap<String, Vec<Problem>> = BTreeMap::new();
        for problems in std::mem::take(&mut self.problems).into_values() {
            for problem in problems {
                broken
                    .entry(problem.path.clone())
                    .or_default()
                    .push(problem);
            }
        }
        for (name, file) in &self.files {
            if !self.linked.get(name).copied().unwrap_or(false) {
                broken.entry(file.path.clone()).or_default();
            }
        }
        let linked = std::mem::take(&mut self.linked);
        self.texts
            .retain(|name, _| linked.get(name).copied().unwrap_or(false));
        Ok(Compiled {
            pool: self.pool,
            texts: self.texts,
            editions: self.editions,
            broken,
        })
    }
}

/// A label on the import statement with this index.
fn import_label(file: &Parsed, index: usize, text: &str) -> Vec<LabeledSpan> {
    let source = file.source.inner();
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
