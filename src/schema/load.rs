//! Two sides' files to two [`Schema`]s: which files are needed, compiled, taken apart; where they come from it does not know,
//! only whether they are texts or the descriptors of an image.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use prost_reflect::{EnumDescriptor, MessageDescriptor};

use super::closure::{imports, reach, reversed};
use super::compile::{CompileErrors, Compiled, Input, Missing, Problem, Tried, compile};
use super::elements::add_file;
use super::modules::{Described, Roots, package};
use super::{Schema, builtin, image};

/// The `.proto` files of one side.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// How messages name the side: ``baseline `v1.2.0` ``.
    pub name: String,
    /// What stands before a path in excerpts, so that a person can open it: `v1.2.0:` or `before/`.
    pub prefix: String,
    /// Path relative to the root of the side → bytes.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Files that are there for others to link with, and are not compared: path → bytes.
    pub imports: BTreeMap<String, Arc<[u8]>>,
    /// Whether the files are those of an image: descriptors, by the paths that others import them by.
    pub is_image: bool,
    /// The import path of a file of an image, where its path here is another one ([`align`]).
    pub import_paths: BTreeMap<String, String>,
    /// The import roots that the side itself states; what they do not hold is inferred.
    pub roots: Vec<String>,
    /// The modules that the side depends on and that are not on this machine.
    pub not_cached: Vec<String>,
}

impl Tree {
    /// Links a file without comparing it from now on.
    pub fn leave_out(&mut self, path: &str) {
        if let Some(bytes) = self.files.remove(path) {
            self.imports.insert(path.to_owned(), bytes);
        }
    }

    fn all(&self) -> impl Iterator<Item = (&String, &Arc<[u8]>)> {
        self.files.iter().chain(&self.imports)
    }

    fn has(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.imports.contains_key(path)
    }

    /// Gives the files of an image the paths that `path` says for their import paths.
    fn rename(&mut self, path: impl Fn(&str) -> Option<String>) {
        let mut renamed = BTreeMap::new();
        for files in [&mut self.files, &mut self.imports] {
            let named = std::mem::take(files).into_iter().map(|(import, bytes)| {
                let path = path(&import).unwrap_or_else(|| import.clone());
                renamed.insert(path.clone(), import);
                (path, bytes)
            });
            *files = named.collect();
        }
        self.import_paths = renamed;
    }
}

/// Makes the files of an image and those of the other side go by the same paths; sides without an image stay as they are.
///
/// An image knows files by the paths that others import them by: each gets the path of the other side's file that is
/// imported by that path; one that the other side lacks stands under its import root, where it has only one. What one side
/// has for linking only is compared on neither, nor are the files that come with every compiler, which images leave out.
/// `roots` are the import roots of the side that has directories, inferred where there are none.
pub fn align(baseline: &mut Tree, current: &mut Tree, roots: &[String]) {
    match (baseline.is_image, current.is_image) {
        (false, false) => return,
        (true, false) => follow(baseline, current, roots),
        (false, true) => follow(current, baseline, roots),
        (true, true) => {}
    }
    let imports: BTreeSet<String> = baseline
        .imports
        .keys()
        .chain(current.imports.keys())
        .cloned()
        .collect();
    for path in &imports {
        baseline.leave_out(path);
        current.leave_out(path);
    }
}

fn follow(image: &mut Tree, tree: &mut Tree, roots: &[String]) {
    let roots = Scanned::new(tree, roots).roots;
    let mut paths: BTreeMap<String, String> = BTreeMap::new();
    let mut provided = Vec::new();
    for path in tree.files.keys() {
        let import = roots.import_path(path);
        if builtin::is_known(import) {
            provided.push(path.clone());
        }
        paths
            .entry(import.to_owned())
            .or_insert_with(|| path.clone());
    }
    // An image does not always tell what it has for others to link with; the tree does.
    for path in tree.imports.keys() {
        let import = roots.import_path(path).to_owned();
        paths.entry(import).or_insert_with(|| path.clone());
    }
    // What is there for others to link with is no place for what is compared.
    let own = |root: &&str| {
        let root = Roots::given(&[(*root).to_owned()]);
        tree.imports.is_empty() || tree.files.keys().any(|path| root.hold(path))
    };
    let names: Vec<&str> = roots.names().filter(own).collect();
    image.rename(|import| {
        paths
            .get(import)
            .cloned()
            .or_else(|| match names.as_slice() {
                ["."] => None,
                [root] => Some(format!("{root}/{import}")),
                _ => None,
            })
    });
    for path in &provided {
        tree.leave_out(path);
    }
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
    let [baseline_files, current_files] = compiled;
    let (baseline_files, current_files) = match (baseline_files, current_files) {
        (Ok(baseline), Ok(current)) => (baseline, current),
        (baseline, current) => {
            return Err([baseline.err(), current.err()]
                .into_iter()
                .flatten()
                .collect());
        }
    };
    let both = [baseline_files, current_files];
    let [
        (mut baseline_files, enums),
        (mut current_files, other_enums),
    ] = both.map(|compiled| {
        let enums = enums(&compiled);
        (compiled, enums)
    });
    // What one side does not find can be an enum as far as the other knows: it is to be the same on both.
    let [before, after] = &sides;
    if !baseline_files.opaque.is_disjoint(&other_enums) {
        let missing = Missing::Stub(&other_enums);
        let again = before.compile(&needed, &changed, missing);
        baseline_files = again.map_err(|errors| vec![errors])?;
    }
    if !current_files.opaque.is_disjoint(&enums) {
        let again = after.compile(&needed, &changed, Missing::Stub(&enums));
        current_files = again.map_err(|errors| vec![errors])?;
    }
    let stubbed = [&baseline_files, &current_files]
        .into_iter()
        .zip(&edges)
        .flat_map(|(compiled, edges)| {
            let concerned = reach(concerned.iter().copied(), edges);
            let stubbed = compiled.stubbed.iter();
            stubbed.filter(move |(path, _)| concerned.contains(path.as_str()))
        })
        .flat_map(|(_, imports)| imports.iter().cloned())
        .collect();
    let mut broken: BTreeMap<String, Vec<Problem>> = baseline_files.broken.clone();
    broken.extend(current_files.broken.clone());
    Ok(Loaded {
        baseline: elements(baseline_files, &broken, baseline),
        current: elements(current_files, &broken, current),
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

/// The paths whose bytes differ, or that only one side has. Text and descriptors always differ: what they say is compared.
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

fn elements(compiled: Compiled, left_out: &BTreeMap<String, Vec<Problem>>, tree: &Tree) -> Schema {
    let mut schema = Schema::default();
    for file in compiled.files {
        if !left_out.contains_key(&file.path) && !tree.imports.contains_key(&file.path) {
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
    packages: BTreeMap<&'a str, Cow<'a, str>>,
}

impl<'a> Scanned<'a> {
    fn new(tree: &'a Tree, roots: &[String]) -> Self {
        if tree.is_image {
            return Self::image(tree);
        }
        // Bytes that are not UTF-8 are the compiler's to report.
        let described: BTreeMap<&str, Described<'a>> = tree
            .all()
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
                    let found = roots.resolve(path, import, |path| tree.has(path))?;
                    Some(((*import).to_owned(), found))
                };
                (*path, file.imports.iter().filter_map(resolve).collect())
            })
            .collect();
        let packages = described
            .iter()
            .filter(|(path, _)| tree.files.contains_key(**path))
            .map(|(path, file)| (*path, Cow::Borrowed(file.package)))
            .collect();
        Self {
            tree,
            roots,
            resolved,
            packages,
        }
    }

    /// Imports in an image mean what they say.
    fn image(tree: &'a Tree) -> Self {
        let paths: BTreeMap<&str, &str> = tree
            .all()
            .map(|(path, _)| {
                (
                    tree.import_paths.get(path).unwrap_or(path).as_str(),
                    path.as_str(),
                )
            })
            .collect();
        let resolve = |import: String| {
            let path = (*paths.get(import.as_str())?).to_owned();
            Some((import, path))
        };
        let (mut resolved, mut packages) = (BTreeMap::new(), BTreeMap::new());
        for (path, bytes) in tree.all() {
            let (package, imports) = image::head(bytes);
            let imports = imports.into_iter().filter_map(resolve).collect();
            resolved.insert(path.as_str(), imports);
            if tree.files.contains_key(path) {
                packages.insert(path.as_str(), Cow::Owned(package));
            }
        }
        Self {
            tree,
            roots: Roots::given(&[]),
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
                    .filter_map(|side| side.packages.get(path).map(AsRef::as_ref)),
            );
        }
        let mut found = BTreeSet::new();
        for (path, package) in &self.packages {
            if packages.remove(package.as_ref()) | directories.remove(directory(path)) {
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
            .all()
            .filter(|(path, _)| needed.contains(path.as_str()))
            .map(|(path, bytes)| Input {
                path: path.clone(),
                import_path: match self.tree.import_paths.get(path) {
                    Some(import) => import.clone(),
                    None => self.roots.import_path(path).to_owned(),
                },
                shown: format!("{}{path}", self.tree.prefix),
                bytes: bytes.to_vec(),
                is_descriptor: self.tree.is_image,
                imports: self
                    .resolved
                    .get(path.as_str())
                    .cloned()
                    .unwrap_or_default(),
                required: changed.contains(path.as_str()),
            });
        let roots: Vec<&str> = self.roots.names().collect();
        let tried = Tried {
            roots: &roots,
            not_cached: &self.tree.not_cached,
        };
        compile(&self.tree.name, tried, missing, inputs.collect())
    }
}
