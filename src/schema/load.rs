//! Two sides' files to two [`Schema`]s: which files are needed, compiled, taken apart; where they come from it does not know,
//! only whether they are texts or the descriptors of an image.

mod align;
mod broken;
mod concerned;
mod group;
mod side;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{EnumDescriptor, MessageDescriptor};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

pub use self::align::align;
use self::broken::broken;
pub use self::broken::{Broken, On};
use self::concerned::Concern;
use self::side::{Role, Side, Texts};
use super::Schema;
use super::closure::{reach, reversed};
use super::compile::{CompileErrors, Compiled, Missing, Source};
use super::elements::add_file;
use super::tree::{Content, Tree, Unreadable};

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
    /// The paths whose bytes differ, or that only one side has. Text and descriptors always differ: what they say is compared.
    pub changed: BTreeSet<String>,
    /// Files that nothing changed and that do not compile: left out on both sides.
    pub broken: Vec<Broken>,
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
        baseline: Side::new(Role::Baseline, baseline, &options.roots),
        current: Side::new(Role::Current, current, &options.roots),
        changed: differing(&baseline.files, &current.files),
        options,
        texts: Texts::new(),
    };
    if options.full {
        load.look_at_all()?;
    }
    let mut wanted: BTreeSet<String> = load.changed.iter().map(|path| (*path).to_owned()).collect();
    wanted.extend(options.also.iter().cloned());
    if options.full {
        wanted.extend(baseline.files.keys().chain(current.files.keys()).cloned());
    }
    let concern = if options.full {
        Concern::default()
    } else {
        load.concern()?
    };
    if concern.is_empty() {
        let compiled = load.compile(&wanted, &BTreeSet::new())?;
        return Ok(load.finish(compiled, &wanted));
    }
    load.look_at_all()?;
    wanted.append(&mut load.dependents(&concern)?);
    let mut broken = BTreeSet::new();
    // What stands beside the files that changed says that a package or a directory is still there, if it can be read.
    loop {
        let beside = load.neighbours(&broken);
        let compiled = load.compile(&wanted, &beside)?;
        let failed = compiled.iter().flat_map(|side| side.broken.keys());
        let known = broken.len();
        broken.extend(failed.cloned());
        if broken.len() == known || beside.is_disjoint(&broken) {
            return Ok(load.finish(compiled, &wanted));
        }
    }
}

fn differing<'a>(
    ours: &'a BTreeMap<String, Content>,
    theirs: &'a BTreeMap<String, Content>,
) -> BTreeSet<&'a str> {
    let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
    let mut found = BTreeSet::new();
    // Both are in the order of the paths.
    loop {
        let order = match (ours.peek(), theirs.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((path, _)), Some((other, _))) => path.cmp(other),
        };
        let old = if order.is_le() { ours.next() } else { None };
        let new = if order.is_ge() { theirs.next() } else { None };
        if old.map(|(_, content)| content) != new.map(|(_, content)| content) {
            found.extend(old.or(new).map(|(path, _)| path.as_str()));
        }
    }
}

struct Load<'a> {
    baseline: Side<'a>,
    current: Side<'a>,
    changed: BTreeSet<&'a str>,
    options: &'a Options,
    texts: Texts,
}

impl<'a> Load<'a> {
    fn sides(&self) -> [&Side<'a>; 2] {
        [&self.baseline, &self.current]
    }

    fn sides_mut(&mut self) -> [&mut Side<'a>; 2] {
        [&mut self.baseline, &mut self.current]
    }

    fn look_at_all(&mut self) -> Result<(), Unreadable> {
        let mut sides = self.sides_mut().into_iter();
        sides.try_for_each(|side| side.scan.look_at_all())
    }

    /// What of the changed files other files could mean something else by.
    fn concern(&mut self) -> Result<Concern, Unreadable> {
        let Self {
            baseline,
            current,
            changed,
            options,
            texts,
        } = self;
        baseline.parse(changed.iter().copied(), texts)?;
        current.parse(changed.iter().copied(), texts)?;
        let mut concern = Concern::default();
        let (before, after) = (baseline.tree, current.tree);
        if before.roots != after.roots || before.lent_roots != after.lent_roots {
            concern.paths();
        }
        // What others only lend goes by the release that it is taken from, but for that of images.
        let linked = if before.is_image && after.is_image {
            differing(&before.imports, &after.imports)
        } else {
            BTreeSet::new()
        };
        for path in changed.union(&linked) {
            let sources = (baseline.source(path, texts)?, current.source(path, texts)?);
            let before = sources.0.as_ref().and_then(Source::declared);
            let after = sources.1.as_ref().and_then(Source::declared);
            concern.compare(path, before.as_deref(), after.as_deref());
        }
        for (name, path) in &options.restated {
            concern.name(path, name);
        }
        Ok(concern)
    }

    /// The files for which something else is said where they are not changed themselves. Every file was looked at.
    fn dependents(&self, concern: &Concern) -> Result<BTreeSet<String>, Unreadable> {
        let mut found = BTreeSet::new();
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        for side in self.sides() {
            let edges = side.scan.edges();
            let sources = concern.sources().filter(|path| edges.contains_key(path));
            let reached = reach(sources, &reversed(&edges));
            let heads = side.scan.heads().map(|(path, _)| path);
            asked.extend(heads.filter(|path| reached.contains(path)));
        }
        for (path, head) in self.current.scan.heads() {
            let before = self.baseline.scan.head(path);
            if before.is_some_and(|other| other != head) {
                // It is written as it was, and imports another file now.
                found.insert(path.to_owned());
            }
        }
        for Side { scan, tree, .. } in self.sides() {
            let asked = asked.iter().copied();
            let asked: Vec<&str> = asked.filter(|path| tree.has(path)).collect();
            let concerned = tree.read(&asked, |path, bytes| {
                let package = scan.head(path).map_or("", |head| &head.package);
                // Names cannot be told from their surroundings in a descriptor.
                tree.is_image || concern.is_of(&bytes, package)
            })?;
            let concerned = asked.iter().zip(concerned);
            let concerned = concerned.filter(|(_, concerned)| *concerned);
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
            let heads = self.sides().into_iter();
            let heads = heads.filter_map(|side| side.scan.head(path));
            packages.extend(heads.map(|head| head.package.as_str()));
        }
        let mut found = BTreeSet::new();
        for Side { scan, tree, .. } in self.sides() {
            let (mut packages, mut directories) = (packages.clone(), directories.clone());
            for (path, head) in scan.heads() {
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
            for side in self.sides_mut() {
                let reached = side.scan.reach(needed.iter().map(String::as_str))?;
                needed.extend(reached);
            }
            if needed.len() == known {
                break;
            }
        }
        let gone = |side: &Side<'_>| self.changed.iter().any(|path| !side.tree.has(path));
        if self.sides().into_iter().all(gone) {
            // By what path others import a file matters where files moved.
            for side in self.sides_mut() {
                side.find_roots()?;
            }
        }
        for side in [&self.baseline, &self.current] {
            let paths = needed.iter().filter_map(|path| side.scan.key(path));
            side.parse(paths, &mut self.texts)?;
        }
        if !self.options.stub
            && let Some(compiled) = self.link_in_groups(&needed)?
        {
            return Ok(compiled);
        }
        let none = BTreeSet::new();
        let missing = if self.options.stub {
            Missing::Stub(&none)
        } else {
            Missing::Error
        };
        let Self {
            baseline,
            current,
            changed,
            texts,
            ..
        } = self;
        let link = |side: &Side<'_>, missing| side.link(&needed, changed, missing, texts);
        let (mut ours, mut theirs) =
            rayon::join(|| link(baseline, missing), || link(current, missing));
        for (side, compiled) in [(&mut *baseline, &mut ours), (&mut *current, &mut theirs)] {
            // The roots that were tried are part of what is wrong.
            if matches!(compiled, Ok(Err(_))) && side.find_roots()? {
                *compiled = link(side, missing);
            }
        }
        let (mut ours, mut theirs) = match (ours?, theirs?) {
            (Ok(ours), Ok(theirs)) => (ours, theirs),
            (ours, theirs) => {
                let errors = [ours.err(), theirs.err()];
                return Err(LoadError::Compile(errors.into_iter().flatten().collect()));
            }
        };
        // What one side does not find can be an enum as far as the other knows: it is to be the same on both.
        let known = (enums(&theirs), enums(&ours));
        for (side, compiled, known) in [
            (baseline, &mut ours, &known.0),
            (current, &mut theirs, &known.1),
        ] {
            if !compiled.opaque.is_disjoint(known) {
                let again = link(side, Missing::Stub(known))?;
                *compiled = again.map_err(|errors| LoadError::Compile(vec![errors]))?;
            }
        }
        Ok([ours, theirs])
    }

    /// Links what both sides have in common once, and in groups on several cores what can be linked apart; `None` where
    /// that gains nothing, or something is wrong, which is told best of a side as a whole.
    fn link_in_groups(
        &self,
        needed: &BTreeSet<String>,
    ) -> Result<Option<[Compiled; 2]>, Unreadable> {
        let [ours, theirs] = self.sides();
        let edges = (ours.scan.edges(), theirs.scan.edges());
        let is_same = |path: &str| {
            let contents = (ours.tree.content(path), theirs.tree.content(path));
            contents.0.is_some()
                && contents.0 == contents.1
                && ours.scan.head(path) == theirs.scan.head(path)
        };
        let shared = group::shared(needed, [&edges.0, &edges.1], is_same);
        let own = |side: &Side<'_>| -> BTreeSet<String> {
            let own = needed.difference(&shared);
            own.filter(|path| side.tree.has(path)).cloned().collect()
        };
        let (own_ours, own_theirs) = (own(ours), own(theirs));
        let mut jobs = Vec::new();
        for (part, side, files, edges) in [
            (0, ours, shared, &edges.0),
            (1, ours, own_ours, &edges.0),
            (2, theirs, own_theirs, &edges.1),
        ] {
            let weight = |path: &str| side.weight(path, &self.texts);
            let groups = group::groups(files, edges, weight, group::COUNT);
            jobs.extend(groups.into_iter().map(|group| (part, side, group)));
        }
        let whole = needed.iter().map(|path| {
            let sides = [ours, theirs].into_iter();
            let weights = sides.filter(|side| side.tree.has(path));
            weights
                .map(|side| side.weight(path, &self.texts))
                .sum::<usize>()
        });
        let work = jobs.iter().map(|(_, side, group)| {
            let needed = group.needed.iter();
            needed
                .map(|path| side.weight(path, &self.texts))
                .sum::<usize>()
        });
        if work.sum::<usize>() >= whole.sum() {
            return Ok(None);
        }
        let linked: Vec<_> = jobs
            .into_par_iter()
            .map(|(part, side, group)| {
                let changed = self.changed.iter().copied();
                let required = changed.filter(|path| group.asked.contains(*path)).collect();
                let linked = side.link(&group.needed, &required, Missing::Error, &self.texts)?;
                Ok(linked.ok().map(|mut linked| {
                    linked.retain(|path| group.asked.contains(path));
                    (part, linked)
                }))
            })
            .collect::<Result<_, Unreadable>>()?;
        let mut parts = [
            Compiled::default(),
            Compiled::default(),
            Compiled::default(),
        ];
        for linked in linked {
            let Some((part, linked)) = linked else {
                return Ok(None);
            };
            if let Some(part) = parts.get_mut(part) {
                part.extend(linked);
            }
        }
        let [shared, mut ours, mut theirs] = parts;
        ours.extend(shared.clone());
        theirs.extend(shared);
        Ok(Some([ours, theirs]))
    }

    /// Takes apart what was compiled.
    fn finish(mut self, compiled: [Compiled; 2], wanted: &BTreeSet<String>) -> Loaded {
        // What was parsed is large, and not needed any more.
        self.texts = Texts::new();
        let [baseline, current] = compiled;
        let mut broken = broken(&baseline, &current);
        let mut stubbed = BTreeSet::new();
        for (side, compiled) in self.sides().into_iter().zip([&baseline, &current]) {
            let edges = side.scan.edges();
            let also = self.options.also.iter().map(String::as_str);
            let concerned = reach(self.changed.iter().copied().chain(also), &edges);
            for (path, imports) in &compiled.stubbed {
                if concerned.contains(path.as_str()) {
                    stubbed.extend(imports.iter().cloned());
                }
            }
        }
        let (baseline, current) = rayon::join(
            || elements(baseline, &broken, self.baseline.tree),
            || elements(current, &broken, self.current.tree),
        );
        broken.retain(|path, _| wanted.contains(path));
        Loaded {
            baseline,
            current,
            changed: self.changed.iter().map(|path| (*path).to_owned()).collect(),
            broken: broken.into_values().collect(),
            stubbed,
        }
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

fn elements(compiled: Compiled, left_out: &BTreeMap<String, Broken>, tree: &Tree) -> Schema {
    let mut schema = Schema::default();
    for file in compiled.files {
        if !left_out.contains_key(&file.path) && !tree.imports.contains_key(&file.path) {
            add_file(&mut schema, file);
        }
    }
    schema
}
