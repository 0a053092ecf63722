//! Text to linked descriptors, all of protox: it reports every error of every file, and knows nothing of revisions or rules.

mod chain;
mod float;
mod link;
mod place;
mod pools;
pub mod problem;
mod public;
mod qualify;
mod scope;
mod stub;
mod take;
mod text;
mod visit;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource};
use prost_reflect::FileDescriptor;
use prost_reflect::prost::Message as _;
use prost_types::FileDescriptorProto;

use self::pools::Pools;
pub use self::problem::{CompileErrors, Problem};
use self::stub::Stubs;
pub use self::text::Text;
use super::editions::Edition;
use super::json_name::JsonNames;
use super::places::Places;

/// A `.proto` file to compile.
#[derive(Debug, Clone)]
pub struct Input {
    /// Path relative to the root of the side: what names the file here, whoever imports it by whatever name.
    pub path: String,
    /// Path that others import it by.
    pub import_path: String,
    /// How excerpts name it: what a person can open, `v1.2.0:acme/a.proto` or `before/acme/a.proto`.
    pub shown: String,
    /// What it holds.
    pub source: Source,
    /// The file of the tree that each import means, by what the import says.
    pub imports: BTreeMap<String, String>,
    /// Whether an error in it (or in what it imports) makes the side unjudgeable.
    pub required: bool,
}

/// Where imports were looked for, for messages.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tried<'a> {
    /// The import roots.
    pub roots: &'a [&'a str],
    /// The modules that the side depends on and that are not on this machine.
    pub not_cached: &'a [String],
}

impl Tried<'_> {
    /// What to do about an import that was not found.
    fn help(self) -> String {
        let quoted = |names: &mut dyn Iterator<Item = &str>| {
            let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        let tried = quoted(&mut self.roots.iter().copied());
        let cached = match self.not_cached {
            [] => String::new(),
            modules => {
                let modules = quoted(&mut modules.iter().map(String::as_str));
                format!(
                    "; `buf.lock` names {modules}, which buf's cache on this machine lacks: `buf build` fetches what it names"
                )
            }
        };
        format!(
            "tried the import roots {tried}{cached}; name the root that holds it with `-I ROOT` or `roots` in the section [schema] of protopact.toml, or go without it: `missing-imports = \"stub\"` there makes its types opaque"
        )
    }
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Source {
    /// A text.
    Text(Arc<Text>),
    /// The bytes of a file of an image.
    Descriptor(Arc<[u8]>),
}

impl Source {
    /// What it declares, as written, nothing resolved; `None` where it is not valid.
    pub fn declared(&self) -> Option<Cow<'_, FileDescriptorProto>> {
        match self {
            Self::Text(text) => text.declared().map(Cow::Borrowed),
            Self::Descriptor(bytes) => {
                let decoded = FileDescriptorProto::decode(bytes.as_ref());
                decoded.ok().map(Cow::Owned)
            }
        }
    }
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
#[derive(Debug, Default)]
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
    pub text: Arc<str>,
    /// Places in the text; those of options that are set are in the descriptor.
    pub places: Arc<Places>,
    /// Whether it came as a descriptor.
    pub is_descriptor: bool,
    /// What it says beyond its descriptor, if it declares an edition.
    pub edition: Option<Edition>,
    /// Default values of fields whose types are opaque, by the descriptor path of the field.
    pub defaults: HashMap<Box<[i32]>, String>,
    /// JSON names that more than one field has, by the descriptor path of the field.
    pub json_names: JsonNames,
}

/// Compiles the files of one side against each other and the well-known types.
///
/// `side` names the side in messages; `tried` says where imports were looked for; `missing` says what becomes of one that
/// was not found.
///
/// # Errors
/// [`CompileErrors`] where a required file, or one that it imports, is not valid.
pub fn compile(
    side: &str,
    tried: Tried<'_>,
    missing: Missing<'_>,
    inputs: Vec<Input>,
) -> Result<Compiled, CompileErrors> {
    let mut stage = Stage {
        side,
        tried,
        ..Stage::default()
    };
    for input in inputs {
        stage.take(input);
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
    tried: Tried<'a>,
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
    /// The places that are not in the descriptor.
    places: Arc<Places>,
    /// Whether they are in there too.
    is_placed: bool,
    imports: Vec<String>,
    import_path: String,
    text: Arc<str>,
    /// How excerpts name it; empty where it was made up.
    shown: String,
    /// What is linked instead of `descriptor`, where it came encoded: options that its type does not know are in here only.
    encoded: Option<Vec<u8>>,
    edition: Option<Edition>,
    /// Default values that were taken off before linking.
    defaults: HashMap<Box<[i32]>, String>,
    /// JSON names that were taken off before linking.
    json_names: JsonNames,
}

impl Parsed {
    /// What excerpts are taken from; `None` where there is no text.
    fn source(&self) -> Option<Arc<NamedSource<Arc<str>>>> {
        let named = || NamedSource::new(&self.shown, Arc::clone(&self.text));
        (self.encoded.is_none() && !self.shown.is_empty()).then(|| Arc::new(named()))
    }
}

impl Stage<'_> {
    fn report(
        &mut self,
        path: &str,
        message: String,
        help: Option<String>,
        labels: Vec<LabeledSpan>,
        source: Option<Arc<NamedSource<Arc<str>>>>,
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
        source: Option<&Arc<NamedSource<Arc<str>>>>,
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
                places,
                encoded,
                edition,
                defaults,
                json_names,
                ..
            } = file;
            files.push(Linked {
                path,
                import_path,
                descriptor,
                imports,
                text,
                places,
                is_descriptor: encoded.is_some(),
                edition,
                defaults,
                json_names,
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
