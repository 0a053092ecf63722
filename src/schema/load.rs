//! Two sides' files to two [`Schema`]s: which files are needed, compiled, taken apart; where they come from it does not know,
//! only whether they are texts or the descriptors of an image.

mod concerned;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use prost_reflect::{EnumDescriptor, MessageDescriptor};

use self::concerned::Concern;
use super::closure::{reach, reversed};
use super::compile::{
    CompileErrors, Compiled, Input, Missing, Problem, Source, Text, Tried, compile,
};
use super::elements::add_file;
use super::modules::Roots;
use super::scan::Scan;
use super::tree::{Content, Tree, Unreadable};
use super::{Schema, builtin};

/// Makes the files of an image and those of the other side go by the same paths; sides without an image stay as they are.
///
/// An image knows files by the paths that others import them by: each gets the path of the other side's file that is
/// imported by that path; one that the other side lacks stands under its import root, where it has only one. What one side
/// has for linking only is compared on neither, nor are the files that come with every compiler, which images leave out.
/// `roots` are the import roots of the side that has directories, inferred where there are none.
///
/// # Errors
/// A file of the side that has directories cannot be read.
pub fn align(baseline: &mut Tree, current: &mut Tree, roots: &[String]) -> Result<(), Unreadable> {
    match (baseline.is_image, current.is_image) {
        (false, false) => return Ok(()),
        (true, false) => follow(baseline, current, roots)?,
        (false, true) => follow(current, baseline, roots)?,
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
    Ok(())
}

fn follow(image: &mut Tree, tree: &mut Tree, roots: &[String]) -> Result<(), Unreadable> {
    let roots = Scan::new(tree, roots).roots()?;
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
    // What is there for others to link with is no place for what is compared.
    let own = |root: &&str| {
        let root = Roots::given(&[(*root).to_owned()]);
        tree.imports.is_empty() || tree.files.keys().any(|path| root.hold(path))
    };
    let names: Vec<&str> = roots.names().filter(own).collect();
    let path = |import: &str| {
        let known = paths.get(import).cloned();
        known.or_else(|| match names.as_slice() {
            ["."] => None,
            [root] => Some(format!("{root}/{import}")),
            _ => None,
        })
    };
    rename(image, path);
    for path in &provided {
        tree.leave_out(path);
    }
    Ok(())
}

/// Gives the files of an image the paths that `path` says for their import paths.
fn rename(image: &mut Tree, path: impl Fn(&str) -> Option<String>) {
    let mut renamed = BTreeMap::new();
    for files in [&mut image.files, &mut image.imports] {
        let named = std::mem::take(files).into_iter().map(|(import, content)| {
            let path = path(&import).unwrap_or_else(|| import.clone());
            renamed.insert(path.clone(), import);
            (path, content)
        });
        *files = named.collect();
    }
    image.import_paths = renamed;
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
    /// Types whose promise changed, by full name: who names them is concerned. Each with the file that declares it.
    pub restated: BTreeMap<String, String>,
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

/// Sides that cannot be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// Every error of both sides: a file that changed, or one that it imports, does not compile.
    Compile(Vec<CompileErrors>),
    /// A file cannot be read.
    Read(Unreadable),
}

impl From<Unreadable> for LoadError {
    fn from(error: Unreadable) -> Self {
        Self::Read(error)
    }
}

/// Loads what a comparison of two trees needs: the files that differ, those in which they could change the meaning of what is
/// written there, and all that these import.
///
/// # Errors
/// [`LoadError`].
pub fn load(baseline: &Tree, current: &Tree, options: &Options) -> Result<Loaded, LoadError> {
    let mut load = Load {
        sides: [baseline, current].map(|tree| Scan::new(tree, &options.roots)),
        trees: [baseline, current],
        changed: changed(baseline, current),
        options,
        texts: HashMap::new(),
    };
    if options.full {
        load.look_at_all()?;
    }
    let mut wanted: BTreeSet<String> = load.changed.iter().map(|path| (*path).to_owned()).collect();
    wanted.extend(options.also.iter().cloned());
    if options.full {
        wanted.extend(
            load.trees
                .iter()
                .flat_map(|tree| tree.files.keys().cloned()),
        );
    }
    let mut compiled = load.compile(&wanted, &BTreeSet::new())?;
    if options.full {
        return load.finish(compiled, &wanted);
    }
    let concern = load.concern(&compiled);
    if concern.is_empty() {
        return load.finish(compiled, &wanted);
    }
    load.look_at_all()?;
    let mut more = load.dependents(&concern)?;
    more.retain(|path| !wanted.contains(path));
    wanted.append(&mut more);
    let mut broken = BTreeSet::new();
    // What stands beside the files that changed says that a package or a directory is still there, if it can be read.
    loop {
        let beside = load.neighbours(&broken);
        compiled = load.compile(&wanted, &beside)?;
        let failed = compiled.iter().flat_map(|side| side.broken.keys());
        let known = broken.len();
        broken.extend(failed.cloned());
        if broken.len() == known || beside.is_disjoint(&broken) {
            return load.finish(compiled, &wanted);
        }
    }
}

/// The paths whose bytes differ, or that only one side has. Text and descriptors always differ: what they say is compared.
pub fn changed<'a>(baseline: &'a Tree, current: &'a Tree) -> BTreeSet<&'a str> {
    let (mut ours, mut theirs) = (
        baseline.files.iter().peekable(),
        current.files.iter().peekable(),
    );
    let mut found = BTreeSet::new();
    // Both are in the order of the paths.
    loop {
        let path = match (ours.peek(), theirs.peek()) {
            (None, None) => return found,
            (Some((path, _)), None) | (None, Some((path, _))) => *path,
            (Some((path, _)), Some((other, _))) => (*path).min(*other),
        };
        let is_it = |(next, _): &(&String, &Content)| *next == path;
        let [old, new] = [ours.next_if(is_it), theirs.next_if(is_it)];
        if old.map(|(_, content)| content) != new.map(|(_, content)| content) {
            found.insert(path.as_str());
        }
    }
}

struct Load<'a> {
    sides: [Scan<'a>; 2],
    trees: [&'a Tree; 2],
    changed: BTreeSet<&'a str>,
    options: &'a Options,
    /// What was parsed, by path and content: both sides may have it, and it may be linked more than once.
    texts: HashMap<(String, Known), Arc<Text>>,
}

/// What a text is known by: its content, or the side that has it.
type Known = Result<[u8; 20], usize>;

impl Load<'_> {
    fn look_at_all(&mut self) -> Result<(), Unreadable> {
        self.sides.iter_mut().try_for_each(Scan::look_at_all)
    }

    /// What of the changed files other files could mean something else by.
    fn concern(&self, compiled: &[Compiled; 2]) -> Concern {
        let mut concern = Concern::default();
        for path in &self.changed {
            let [before, after] = compiled.each_ref().map(|side| side.file(path));
            concern.compare(path, before, after);
        }
        for (name, path) in &self.options.restated {
            concern.name(path, name);
        }
        concern
    }

    /// The files for which something else is said where they are not changed themselves. Every file was looked at.
    fn dependents(&self, concern: &Concern) -> Result<BTreeSet<String>, Unreadable> {
        let mut found = BTreeSet::new();
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        for side in &self.sides {
            let edges = side.edges();
            let sources = concern.sources().filter(|path| edges.contains_key(path));
            let reached = reach(sources, &reversed(&edges));
            // The keys outlive the edges.
            asked.extend(
                side.heads()
                    .map(|(path, _)| path)
                    .filter(|path| reached.contains(path)),
            );
        }
        let [before, after] = &self.sides;
        for (path, head) in after.heads() {
            if before.head(path).is_some_and(|other| other != head) {
                // It is written as it was, and imports another file now.
                found.insert(path.to_owned());
            }
        }
        for (side, tree) in self.sides.iter().zip(self.trees) {
            let asked: Vec<&str> = asked
                .iter()
                .copied()
                .filter(|path| tree.has(path))
                .collect();
            let concerned = tree.read(&asked, |path, bytes| {
                let package = side.head(path).map_or("", |head| &head.package);
                tree.is_image || concern.is_of(&bytes, package)
            })?;
            let concerned = asked
                .iter()
                .zip(concerned)
                .filter(|(_, concerned)| *concerned);
            found.extend(concerned.map(|(path, _)| (*path).to_owned()));
        }
        Ok(found)
    }

    /// Files beside those that changed: the first of their package, so that a package is not taken for gone or new, and the
    /// first of their directory, where a file that is gone is shown. Every file was looked at.
    fn neighbours(&self, broken: &BTreeSet<String>) -> BTreeSet<String> {
        let mut packages: BTreeSet<&str> = BTreeSet::new();
        let mut directories: BTreeSet<&str> = BTreeSet::new();
        for path in &self.changed {
            directories.insert(directory(path));
            let heads = self.sides.iter().filter_map(|side| side.head(path));
            packages.extend(heads.map(|head| head.package.as_str()));
        }
        let mut found = BTreeSet::new();
        for (side, tree) in self.sides.iter().zip(self.trees) {
            let (mut packages, mut directories) = (packages.clone(), directories.clone());
            for (path, head) in side.heads() {
                if !tree.files.contains_key(path) || broken.contains(path) {
                    continue;
                }
                let of_package = packages.remove(head.package.as_str());
                if directories.remove(directory(path)) || of_package {
                    found.insert(path.to_owned());
                }
            }
        }
        found
    }

    /// Compiles files, those beside them, and all that they import, on both sides: what one side needs is loaded on both, so
    /// that it is not taken for added or removed.
    fn compile(
        &mut self,
        wanted: &BTreeSet<String>,
        beside: &BTreeSet<String>,
    ) -> Result<[Compiled; 2], LoadError> {
        let mut needed: BTreeSet<String> = wanted.union(beside).cloned().collect();
        loop {
            let known = needed.len();
            for side in &mut self.sides {
                let reached = side.reach(needed.iter().map(String::as_str))?;
                needed.extend(reached);
            }
            if needed.len() == known {
                break;
            }
        }
        let none = BTreeSet::new();
        let missing = if self.options.stub {
            Missing::Stub(&none)
        } else {
            Missing::Error
        };
        let [baseline, current] = [0, 1].map(|side| self.compile_side(side, &needed, missing));
        let (mut baseline, mut current) = match (baseline?, current?) {
            (Ok(baseline), Ok(current)) => (baseline, current),
            (baseline, current) => {
                let errors = [baseline.err(), current.err()];
                return Err(LoadError::Compile(errors.into_iter().flatten().collect()));
            }
        };
        // What one side does not find can be an enum as far as the other knows: it is to be the same on both.
        let known = [enums(&current), enums(&baseline)];
        for (side, (compiled, known)) in [&mut baseline, &mut current]
            .into_iter()
            .zip(&known)
            .enumerate()
        {
            if !compiled.opaque.is_disjoint(known) {
                let again = self.compile_side(side, &needed, Missing::Stub(known))?;
                *compiled = again.map_err(|errors| LoadError::Compile(vec![errors]))?;
            }
        }
        Ok([baseline, current])
    }

    fn compile_side(
        &mut self,
        side: usize,
        needed: &BTreeSet<String>,
        missing: Missing<'_>,
    ) -> Result<Result<Compiled, CompileErrors>, Unreadable> {
        // By what path others import a file matters where files moved, and where an import is not found: to tell it, all files
        // have to be looked at.
        let gone = |tree: &Tree| self.changed.iter().any(|path| !tree.has(path));
        let moved = self.trees.iter().all(|tree| gone(tree));
        let (Some(scan), Some(&tree)) = (self.sides.get_mut(side), self.trees.get(side)) else {
            return Ok(Ok(Compiled::default()));
        };
        let mut roots = if moved { Some(scan.roots()?) } else { None };
        loop {
            let inputs = self.inputs(side, needed, roots.as_ref())?;
            let names: Vec<&str> = roots.iter().flat_map(Roots::names).collect();
            let tried = Tried {
                roots: &names,
                not_cached: &tree.not_cached,
            };
            match (compile(&tree.name, tried, missing, inputs), &roots) {
                (Err(_), None) => {
                    let scan = self.sides.get_mut(side);
                    roots = scan.map(Scan::roots).transpose()?;
                }
                (compiled, _) => return Ok(compiled),
            }
        }
    }

    fn inputs(
        &mut self,
        side: usize,
        needed: &BTreeSet<String>,
        roots: Option<&Roots>,
    ) -> Result<Vec<Input>, Unreadable> {
        let (Some(scan), Some(tree)) = (self.sides.get(side), self.trees.get(side)) else {
            return Ok(Vec::new());
        };
        let paths = needed.iter().map(String::as_str);
        let paths: Vec<&str> = paths.filter(|path| tree.has(path)).collect();
        let known = |path: &str| {
            let id = tree.content(path).and_then(Content::id);
            (path.to_owned(), id.ok_or(side))
        };
        let sources: Vec<Source> = if tree.is_image {
            tree.read(&paths, |_, bytes| Source::Descriptor(bytes))?
        } else {
            let new = paths.iter().copied();
            let new: Vec<&str> = new
                .filter(|path| !self.texts.contains_key(&known(path)))
                .collect();
            let parsed = tree.read(&new, |path, bytes| Arc::new(Text::parse(path, &bytes)))?;
            let parsed = new.into_iter().map(known).zip(parsed);
            self.texts.extend(parsed);
            let texts = paths.iter().filter_map(|path| self.texts.get(&known(path)));
            texts.map(|text| Source::Text(Arc::clone(text))).collect()
        };
        let import_path = |path: &str| match (tree.import_paths.get(path), roots) {
            (Some(import), _) => import.clone(),
            (None, Some(roots)) => roots.import_path(path).to_owned(),
            (None, None) => path.to_owned(),
        };
        let imports = |path: &str| scan.head(path).map(|head| head.imports.clone());
        let inputs = paths.iter().zip(sources).map(|(path, source)| Input {
            path: (*path).to_owned(),
            import_path: import_path(path),
            shown: format!("{}{path}", tree.prefix),
            source,
            imports: imports(path).unwrap_or_default(),
            required: self.changed.contains(path),
        });
        Ok(inputs.collect())
    }

    /// Takes apart what was compiled.
    fn finish(
        &self,
        compiled: [Compiled; 2],
        wanted: &BTreeSet<String>,
    ) -> Result<Loaded, LoadError> {
        let [baseline, current] = compiled;
        let mut broken = baseline.broken.clone();
        broken.extend(current.broken.clone());
        let mut stubbed = BTreeSet::new();
        for (side, compiled) in self.sides.iter().zip([&baseline, &current]) {
            let edges = side.edges();
            let also = self.options.also.iter().map(String::as_str);
            let concerned = reach(self.changed.iter().copied().chain(also), &edges);
            for (path, imports) in &compiled.stubbed {
                if concerned.contains(path.as_str()) {
                    stubbed.extend(imports.iter().cloned());
                }
            }
        }
        Ok(Loaded {
            baseline: elements(baseline, &broken, self.trees[0]),
            current: elements(current, &broken, self.trees[1]),
            broken: broken
                .into_iter()
                .filter(|(path, _)| wanted.contains(path))
                .collect(),
            stubbed,
        })
    }
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
