//! Two sides' files to two [`Schema`]s: which files are needed, compiled, taken apart; where they come from it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use prost_reflect::{EnumDescriptor, MessageDescriptor};

use super::Schema;
use super::closure::{imports, reach, reversed};
use super::compile::{CompileErrors, Compiled, Input, Missing, Problem, compile};
use super::elements::add_file;
use super::modules::{Described, Roots, package};

/// The `.proto` files of one side.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// How messages name the side: ``baseline `v1.2.0` ``.
    pub name: String,
    /// What stands before a path in excerpts, so that a person can open it: `v1.2.0:` or `before/`.
    pub prefix: String,
    /// Path relative to the root of the side → bytes.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// The import roots that the side itself states; what they do not hold is inferred.
    pub roots: Vec<String>,
}

/// What decides how much is loaded.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The import roots of both sides; where there are none, those that each side states.
    pub roots: Vec<String>,
    /// Whether imports that are not there are stood in for.
    pub stub: bool,
    /// Compile every file, whether or not it could be concerned.
    pub full: bool,
    /// Files to look at although their bytes are equal, because what is promised for them changed.
    pub also: BTreeSet<String>,
}

/// Two schemas that are ready to be compared.
#[derive(Debug)]
pub struct Loaded {
    /// The baseline's elements.
    pub baseline: Schema,
    /// The current side's elements.
    pub current: Schema,
    /// Files that nothing changed and that do not compile: left out on both sides.
    pub broken: Vec<(String, Vec<Problem>)>,
    /// The imports that were not found, on either side, and that opaque types stand in for.
    pub stubbed: BTreeSet<String>,
}

/// Loads what a comparison of two trees needs: the files that differ, those that import them, and all that these import.
///
/// # Errors
/// Every error of both sides, where a file that changed, or one that it imports, does not compile.
pub fn load(
    baseline: &Tree,
    current: &Tree,
    options: &Options,
) -> Result<Loaded, Vec<CompileErrors>> {
    let sides = [
        Scanned::new(baseline, &options.roots),
        Scanned::new(current, &options.roots),
    ];
    let changed = changed(baseline, current);
    let mut wanted: BTreeSet<&str> = options
        .also
        .iter()
        .map(String::as_str)
        .chain(changed.iter().copied())
        .collect();
    let edges = sides.each_ref().map(Scanned::edges);
    for edges in &edges {
        if options.full {
            wanted.extend(edges.keys());
        }
        wanted.extend(reach(changed.iter().copied(), &reversed(edges)));
    }
    let neighbours: Vec<&str> = sides
        .iter()
        .flat_map(|side| side.neighbours(&sides, &changed))
        .collect();
    // What is only a neighbour is concerned by nothing: whether it compiles is no business of this comparison.
    let concerned = wanted.clone();
    wanted.extend(neighbours);
    // A file that one side needs is loaded on both, so that it is not taken for added or removed.
    let mut needed: BTreeSet<&str> = wanted.clone();
    for edges in &edges {
        needed.extend(reach(wanted.iter().copied(), edges));
    }
    let none = BTreeSet::new();
    let missing = if options.stub {
        Missing::Stub(&none)
    } else {
        Missing::Error
    };
    let compiled = sides
        .each_ref()
        .map(|side| side.compile(&needed, &changed, missing));
    let [baseline, current] = compiled;
    let (baseline, current) = match (baseline, current) {
        (Ok(baseline), Ok(current)) => (baseline, current),
        (baseline, current) => {
            return Err([baseline.err(), current.err()]
                .into_iter()
                .flatten()
                .collect());
        }
    };
    let [(mut baseline, enums), (mut current, other_enums)] = [baseline, current].map(|compiled| {
        let enums = enums(&compiled);
        (compiled, enums)
    });
    // What one side does not find can be an enum as far as the other knows: it is to be the same on both.
    let [before, after] = &sides;
    if !baseline.opaque.is_disjoint(&other_enums) {
        let missing = Missing::Stub(&other_enums);
        let again = before.compile(&needed, &changed, missing);
        baseline = again.map_err(|errors| vec![errors])?;
    }
    if !current.opaque.is_disjoint(&enums) {
        let again = after.compile(&needed, &changed, Missing::Stub(&enums));
        current = again.map_err(|errors| vec![errors])?;
    }
    let stubbed = [&baseline, &current]
        .into_iter()
        .zip(&edges)
        .flat_map(|(compiled, edges)| {
            let concerned = reach(concerned.iter().copied(), edges);
            let stubbed = compiled.stubbed.iter();
            stubbed.filter(move |(path, _)| concerned.contains(path.as_str()))
        })
        .flat_map(|(_, imports)| imports.iter().cloned())
        .collect();
    let mut broken: BTreeMap<String, Vec<Problem>> = baseline.broken.clone();
    broken.extend(current.broken.clone());
    Ok(Loaded {
        baseline: elements(baseline, &broken),
        current: elements(current, &broken),
        broken: broken
            .into_iter()
            .filter(|(path, _)| concerned.contains(path.as_str()))
            .collect(),
        stubbed,
    })
}

/// The full names of the enums that were compiled.
fn enums(compiled: &Compiled) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<MessageDescriptor> = Vec::new();
    let mut add = |enums: &mut dyn Iterator<Item = EnumDescriptor>| {
        found.extend(enums.map(|enumeration| enumeration.full_name().to_owned()));
    };
    for file in &compiled.files {
        add(&mut file.descriptor.enums());
        open.extend(file.descriptor.messages());
    }
    while let Some(message) = open.pop() {
        add(&mut message.child_enums());
        open.extend(message.child_messages());
    }
    found
}

/// The paths whose bytes differ, or that only one side has.
pub fn changed<'a>(baseline: &'a Tree, current: &'a Tree) -> BTreeSet<&'a str> {
    let paths = baseline.files.keys().chain(current.files.keys());
    paths
        .filter(|path| baseline.files.get(*path) != current.files.get(*path))
        .map(String::as_str)
        .collect()
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn elements(compiled: Compiled, left_out: &BTreeMap<String, Vec<Problem>>) -> Schema {
    let mut schema = Schema::default();
    for file in compiled.files {
        if !left_out.contains_key(&file.path) {
            add_file(&mut schema, file);
        }
    }
    schema
}

/// A tree with what its files import, as paths of the tree.
struct Scanned<'a> {
    tree: &'a Tree,
    roots: Roots,
    /// For each file, the file that each of its imports means.
    resolved: BTreeMap<&'a str, BTreeMap<String, String>>,
    packages: BTreeMap<&'a str, &'a str>,
}

impl<'a> Scanned<'a> {
    fn new(tree: &'a Tree, roots: &[String]) -> Self {
        // Bytes that are not UTF-8 are the compiler's to report.
        let described: BTreeMap<&str, Described<'a>> = tree
            .files
            .iter()
            .map(|(path, bytes)| {
                let text = std::str::from_utf8(bytes).unwrap_or_default();
                (
                    path.as_str(),
                    Described {
                        package: package(text),
                        imports: imports(text),
                    },
                )
            })
            .collect();
        let roots = if roots.is_empty() {
            Roots::inferred(&tree.roots, &described)
        } else {
            Roots::given(roots)
        };
        let resolved: BTreeMap<&str, BTreeMap<String, String>> = described
            .iter()
            .map(|(path, file)| {
                let resolve = |import: &&str| {
                    let found =
                        roots.resolve(path, import, |path| tree.files.contains_key(path))?;
                    Some(((*import).to_owned(), found))
                };
                (*path, file.imports.iter().filter_map(resolve).collect())
            })
            .collect();
        let packages = described
            .iter()
            .map(|(path, file)| (*path, file.package))
            .collect();
        Self {
            tree,
            roots,
            resolved,
            packages,
        }
    }

    /// Files beside those that changed: the first of their package, so that a package is not taken for gone or new, and the
    /// first of their directory, where a file that is gone is shown.
    fn neighbours(&self, sides: &[Self; 2], changed: &BTreeSet<&str>) -> BTreeSet<&'a str> {
        let mut packages: BTreeSet<&str> = BTreeSet::new();
        let mut directories: BTreeSet<&str> = BTreeSet::new();
        for path in changed {
            directories.insert(directory(path));
            packages.extend(
                sides
                    .iter()
                    .filter_map(|side| side.packages.get(path).copied()),
            );
        }
        let mut found = BTreeSet::new();
        for (path, package) in &self.packages {
            if packages.remove(*package) | directories.remove(directory(path)) {
                found.insert(*path);
            }
        }
        found
    }

    /// From a file to the files that it imports.
    fn edges(&self) -> BTreeMap<&str, Vec<&str>> {
        self.resolved
            .iter()
            .map(|(path, imports)| (*path, imports.values().map(String::as_str).collect()))
            .collect()
    }

    fn compile(
        &self,
        needed: &BTreeSet<&str>,
        changed: &BTreeSet<&str>,
        missing: Missing<'_>,
    ) -> Result<Compiled, CompileErrors> {
        let inputs = self
            .tree
            .files
            .iter()
            .filter(|(path, _)| needed.contains(path.as_str()))
            .map(|(path, bytes)| Input {
                path: path.clone(),
                import_path: self.roots.import_path(path).to_owned(),
                shown: format!("{}{path}", self.tree.prefix),
                bytes: bytes.to_vec(),
                imports: self
                    .resolved
                    .get(path.as_str())
                    .cloned()
                    .unwrap_or_default(),
                required: changed.contains(path.as_str()),
            });
        let roots: Vec<&str> = self.roots.names().collect();
        compile(&self.tree.name, &roots, missing, inputs.collect())
    }
}
