//! The two sides of a comparison, read: configuration, files, policy and releases; nothing is judged here.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use super::dependencies::{self, Dependencies};
use super::layout;
use super::output::{Failure, plain, trouble};
use super::{Current, Global, Levels, Policy as PolicyFlags, Tree as TreeFlags};
use crate::acceptance::FILE;
use crate::check::{self, Input};
use crate::config::{Config, Pattern};
use crate::policy::component::{Judged, Scope};
use crate::policy::{Gate, Policy};
use crate::report;
use crate::revision::cache::Cache;
use crate::revision::{BlobId, History, Kind, Place, Revision, RevisionError};
use crate::rule::Catalogue;
use crate::rule::levels::Target;
use crate::rule::preset::Preset;
use crate::schema::layout::Layout;
use crate::schema::load;
use crate::schema::modules::Roots;
use crate::schema::tree::{Content, Store, Tree};

/// The name of the configuration file.
pub const CONFIG: &str = "protopact.toml";
/// The file that holds policy and maturity table where the configuration names none.
const README: &str = "README.md";

/// Finds the current side.
pub fn current(place: &Place, flags: &Current) -> Result<Revision, Failure> {
    let to = if flags.staged {
        Some("index")
    } else {
        flags.to.as_deref()
    };
    place.current(to).map_err(|error| match &error {
        RevisionError::Unmerged { paths } if paths.iter().any(|path| path == FILE) => trouble(
            error.to_string(),
            format!("`protopact accept --merge` keeps the records of both sides in `{FILE}`; resolve the other conflicts, and `git add` the files"),
        ),
        _ => error.into(),
    })
}

/// Reads the configuration of the current side, or the file that a flag names, and adds the flags to it.
pub fn config(
    global: &Global,
    current: &Revision,
    tree: &TreeFlags,
    policy: &PolicyFlags,
    levels: Option<&Levels>,
    catalogue: &Catalogue,
) -> Result<Config, Failure> {
    let (name, bytes) = match &global.config {
        Some(path) => {
            let path = global.resolve(path);
            let bytes = std::fs::read(&path).map_err(|error| {
                trouble(
                    format!(
                        "the configuration `{}` cannot be read: {error}",
                        path.display()
                    ),
                    "name another file with --config, or none",
                )
            })?;
            (path.display().to_string(), Some(bytes))
        }
        // An image holds nothing but descriptors.
        None if current.kind() == Kind::Image => {
            let path = global.resolve(Path::new(CONFIG));
            let bytes = match std::fs::read(path) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(plain(format!("`{CONFIG}` cannot be read: {error}"))),
            };
            (CONFIG.to_owned(), bytes)
        }
        None => (CONFIG.to_owned(), current.read(CONFIG)?),
    };
    let mut config = match bytes.map(String::from_utf8) {
        None => Config::default(),
        Some(Ok(text)) => Config::parse(&name, &text, catalogue)?,
        Some(Err(error)) => {
            let byte = error.utf8_error().valid_up_to();
            return Err(plain(format!(
                "the configuration `{name}` is not valid UTF-8 (byte {byte})"
            )));
        }
    };
    add_tree(&mut config, tree)?;
    config.preset = policy.preset.clone().or(config.preset);
    config.exempt = policy.exempt.or(config.exempt);
    config.release = policy.release.clone().or(config.release);
    if let Some(levels) = levels {
        config.direction = levels.direction.or(config.direction);
        config.fail_on = levels.fail_on.or(config.fail_on);
        for level in &levels.rule {
            let (target, setting): (Target, _) = catalogue.level_flag(&level.to_string())?;
            config.rules.set(target, setting);
        }
    }
    Ok(config)
}

fn add_tree(config: &mut Config, flags: &TreeFlags) -> Result<(), Failure> {
    if !flags.roots.is_empty() {
        let roots = flags
            .roots
            .iter()
            .map(|root| root.to_string_lossy().into_owned());
        config.schema.roots.get_or_insert_default().extend(roots);
    }
    for (globs, patterns, flag) in [
        (&flags.include, &mut config.schema.include, "--include"),
        (&flags.exclude, &mut config.schema.exclude, "--exclude"),
    ] {
        for glob in globs {
            let pattern = Pattern::new(glob).map_err(|error| {
                plain(format!("{flag} `{glob}` is not a glob: {}", error.kind()))
            })?;
            patterns.push(pattern);
        }
    }
    Ok(())
}

/// The policy that a configuration asks for, and a sentence where nobody named the preset.
pub fn policy(
    config: &Config,
    baseline: &Input,
    catalogue: &Catalogue,
) -> Result<(Policy, Option<String>), Failure> {
    let (name, chosen) = match &config.preset {
        Some(name) => (name.clone(), None),
        None => automatic(config, baseline),
    };
    Ok((under(config, &name, catalogue)?, chosen))
}

/// The policy that a configuration asks for under a preset.
fn under(config: &Config, name: &str, catalogue: &Catalogue) -> Result<Policy, Failure> {
    let mut preset = preset(name, catalogue)?;
    if let Some(direction) = config.direction {
        let Some(counts) = &mut preset.counts else {
            return Err(trouble(
                format!("preset `{name}` has no direction: its guarantees bind both ways"),
                "leave `direction` out, or choose a preset that goes by whom a change breaks: wire, wire-json or source",
            ));
        };
        counts.direction = direction;
    }
    let policy = Policy {
        exempt: config.exempt.unwrap_or(preset.exempt),
        rules: config.rules.clone(),
        overrides: config.overrides.clone(),
        options: config.options.clone(),
        weights: config.levels.clone(),
        fail_on: config.fail_on.unwrap_or(crate::config::FailOn::Error),
        preset,
        since: None,
        components: Vec::new(),
        scope: Scope::All,
    };
    Ok(policy)
}

/// The policy of the tree with those of its components: each has its preset, and its own releases say what is in force.
pub fn with_components(
    policy: Policy,
    config: &Config,
    (place, baseline): (&Place, &Revision),
    catalogue: &Catalogue,
) -> Result<(Policy, Vec<String>), Failure> {
    let (mut components, mut remarks) = (Vec::new(), Vec::new());
    for component in &config.components {
        let mut own = match &component.preset {
            None => policy.clone(),
            Some(name) => {
                let named = Config {
                    preset: Some(name.clone()),
                    ..config.clone()
                };
                under(&named, name, catalogue)?
            }
        };
        own.since.clone_from(&component.since);
        let (gate, counted) = match (own.last_since(), &component.releases) {
            (None, _) => (Gate::Open, None),
            (Some(_), Some(tags)) if !matches!(baseline.kind(), Kind::Dir | Kind::Image) => {
                let around = place.releases(baseline, Some(tags), true, None)?;
                let tags = around.earlier.into_iter().chain(around.here);
                match tags.map(|tag| tag.version).max() {
                    Some(highest) => (Gate::Release(highest), None),
                    None => (Gate::Open, Some("the baseline has no release tag")),
                }
            }
            (Some(_), _) => (gate(config, &own, baseline)?.0, None),
        };
        remarks.extend(counted.map(|why| {
            let name = &component.name;
            format!(
                "{why} of the component `{name}`, so that every guarantee of it counts as in force"
            )
        }));
        components.push(Judged {
            component: component.clone(),
            policy: own,
            gate,
        });
    }
    let policy = Policy {
        components,
        ..policy
    };
    Ok((policy, remarks))
}

/// The preset of a name.
pub fn preset(name: &str, catalogue: &Catalogue) -> Result<Preset, Failure> {
    if let Some(preset) = catalogue.preset(name)? {
        return Ok(preset);
    }
    let known: Vec<String> = catalogue
        .preset_names()
        .map(|name| format!("`{name}`"))
        .collect();
    let near = crate::suggest::did_you_mean(name, catalogue.preset_names());
    Err(trouble(
        format!("unknown preset `{name}`"),
        near.unwrap_or_else(|| format!("there are {}", known.join(", "))),
    ))
}

/// The preset where none is named: a baseline whose own table states maturity is judged as its table says.
fn automatic(config: &Config, baseline: &Input) -> (String, Option<String>) {
    let covered = check::table_of(baseline, config).filter(|(table, _)| {
        let root = check::table_root(table, baseline, config);
        table.covers_any(&root, baseline.tree.files.keys().map(String::as_str))
    });
    match (covered, &baseline.readme) {
        (Some((table, _)), Some((file, _))) => {
            let why = format!(
                "preset `opentelemetry` was chosen because the {} has a maturity table ({file}:{})",
                baseline.tree.name, table.line
            );
            ("opentelemetry".to_owned(), Some(why))
        }
        _ => ("stable".to_owned(), None),
    }
}

/// Which guarantees with a `since` are in force, and a sentence where nothing says that the baseline was released.
pub fn gate(
    config: &Config,
    policy: &Policy,
    baseline: &Revision,
) -> Result<(Gate, Option<String>), Failure> {
    let Some(last) = policy.last_since() else {
        return Ok((Gate::Open, None));
    };
    if let Some(release) = &config.release {
        return Ok((Gate::Release(release.clone()), None));
    }
    if let Some(release) = baseline.release().filter(|release| *release >= last) {
        return Ok((Gate::Release(release.clone()), None));
    }
    let counts = |why: &str| {
        (
            Gate::Open,
            Some(format!(
                "{why}, so that every guarantee counts as in force (`--release VERSION` says otherwise)"
            )),
        )
    };
    match baseline.history()? {
        History::None => Ok(counts("the baseline has no release history")),
        History::Tags(tags) => Ok(tags.last().map_or_else(
            || counts("the baseline has no release tag"),
            |tag| (Gate::Release(tag.version.clone()), None),
        )),
        History::Shallow { command } => Err(trouble(
            format!(
                "this clone is too shallow to tell which release the baseline `{}` contains",
                baseline.spec()
            ),
            format!(
                "run `{command}` (with actions/checkout: `fetch-depth: 0`), or say which release it counts as with `--release VERSION`"
            ),
        )),
    }
}

/// The role of the side that made the promises.
pub const BASELINE: &str = "baseline";
/// The role of the side that must keep them.
pub const CURRENT: &str = "current side";

/// The role of both sides where releases are compared that were made long ago.
pub const RELEASE: &str = "release";

/// Lists one side in its role, [`BASELINE`], [`CURRENT`] or [`RELEASE`]; its protos are read when they are needed.
pub fn input(revision: &Arc<Revision>, role: &str, config: &Config) -> Result<Input, Failure> {
    let side = side(revision);
    let prefix = if role == CURRENT {
        String::new()
    } else {
        side.file("")
    };
    // Roots that a person names are all there are to be.
    let layout = match config.schema.roots {
        Some(_) => Layout::default(),
        None => layout::read(revision, &prefix)?,
    };
    let is_image = revision.kind() == Kind::Image;
    // What is left out of an image is still needed to link the rest of it.
    let protos = revision.protos().iter();
    let protos =
        protos.filter(|(path, _)| is_image || (included(path, config) && layout.holds(path)));
    let content = |(path, id): (&String, &BlobId)| -> Result<_, Failure> {
        let content = if is_image {
            Content::held(revision.read(path)?.unwrap_or_default())
        } else {
            Content::stored(id.to_bytes())
        };
        Ok((path.clone(), content))
    };
    let files: BTreeMap<String, Content> = protos.map(content).collect::<Result<_, _>>()?;
    let Dependencies {
        files: lent,
        roots: lent_roots,
        missing: not_cached,
    } = match layout.locked.as_slice() {
        [] => Dependencies::default(),
        locked => dependencies::list(locked, &Cache::of_user()),
    };
    let held = revision.imports().into_iter();
    let held = held.map(|(path, bytes)| (path, Content::held(bytes)));
    let text = |file: &str| -> Result<Option<(String, String)>, Failure> {
        let bytes = revision.read(file)?;
        Ok(bytes.map(|bytes| {
            (
                file.to_owned(),
                String::from_utf8_lossy(&bytes).into_owned(),
            )
        }))
    };
    let readme = config
        .maturity
        .table
        .as_ref()
        .map_or(README, |table| table.file.as_str());
    Ok(Input {
        tree: Tree {
            name: format!("{role} `{}`", side.spec),
            prefix,
            files,
            imports: held.chain(lent).collect(),
            is_image,
            import_paths: BTreeMap::new(),
            roots: layout.roots,
            lent_roots,
            not_cached,
            store: Some(Arc::clone(revision) as Arc<dyn Store>),
        },
        side,
        readme: text(readme)?,
        changelogs: config
            .changelogs()
            .into_iter()
            .filter_map(|file| text(file).transpose())
            .collect::<Result<_, _>>()?,
    })
}

/// Makes the two sides comparable where one of them is an image: they go by the same paths, what is not included is left
/// out of the image, and what an image cannot hold counts as the same on both sides. A sentence says so where it matters.
pub fn align(
    baseline: &mut Input,
    current: &mut Input,
    config: &Config,
) -> Result<Option<String>, Failure> {
    let roots = config.schema.roots.as_deref().unwrap_or_default();
    load::align(&mut baseline.tree, &mut current.tree, roots)?;
    leave_out(baseline, config);
    leave_out(current, config);
    if baseline.tree.is_image {
        // Everything in a changelog that is compared with none would count as newly explained.
        current.changelogs.clear();
    }
    let (image, other) = match (baseline.tree.is_image, current.tree.is_image) {
        (true, false) => (baseline, current),
        (false, true) => (current, baseline),
        _ => return Ok(None),
    };
    image.readme.clone_from(&other.readme);
    Ok(check::table_of(other, config).map(|_| {
        format!(
            "the {} has no maturity table; that of the {} counts for both sides",
            image.tree.name, other.tree.name
        )
    }))
}

/// Leaves out of an image what is not included: other files may link with it.
pub fn leave_out(input: &mut Input, config: &Config) {
    if input.tree.is_image {
        let paths: Vec<String> = input.tree.files.keys().cloned().collect();
        for path in paths.iter().filter(|path| !included(path, config)) {
            input.tree.leave_out(path);
        }
    }
}

fn included(path: &str, config: &Config) -> bool {
    let schema = &config.schema;
    (schema.include.is_empty() || schema.include.iter().any(|pattern| pattern.matches(path)))
        && !schema.exclude.iter().any(|pattern| pattern.matches(path))
}

fn side(revision: &Revision) -> report::Side {
    report::Side {
        spec: revision.spec().to_owned(),
        kind: revision.kind().to_string(),
        commit: revision.commit().map(str::to_owned),
        release: revision.release().map(ToString::to_string),
    }
}

/// Import roots that hold no file of either side: a typing error, or a submodule that is not there.
pub fn empty_roots<'a>(config: &'a Config, inputs: &[&Input]) -> Vec<&'a str> {
    let holds = |root: &str| {
        let root = Roots::given(&[root.to_owned()]);
        let mut files = inputs.iter().flat_map(|input| input.tree.files.keys());
        files.any(|file| root.hold(file))
    };
    let roots = config.schema.roots.iter().flatten().map(String::as_str);
    roots.filter(|root| !holds(root)).collect()
}

/// The paths that a user named, relative to the root of the sides.
pub fn paths(
    place: &Place,
    current: &Revision,
    named: &[impl AsRef<Path>],
    inputs: &[&Input],
) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for path in named {
        let path = path.as_ref();
        let inside = place.locate(current, path)?;
        // A folder whose name holds glob characters is that folder: no pattern is made of it.
        let holds = |file: &String| {
            inside.is_empty()
                || *file == inside
                || file
                    .strip_prefix(&inside)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        if !inputs
            .iter()
            .flat_map(|input| input.tree.files.keys())
            .any(holds)
        {
            return Err(trouble(
                format!("`{}` holds no .proto file on either side", path.display()),
                "paths are relative to the current directory (or to -C DIR); look at `include` and `exclude` too",
            ));
        }
        found.push(inside);
    }
    Ok(found)
}
