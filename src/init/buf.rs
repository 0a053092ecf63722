//! What the `breaking` sections of a `buf.yaml` say, per module; what becomes of it here it does not know.
//!
//! Source: buf's documentation of `buf.yaml` v1beta1, v1 and v2, section `breaking`.

use std::collections::{BTreeMap, BTreeSet};

use saphyr::MarkedYaml;

use crate::rule::alias::Family;
use crate::schema::layout::LayoutError;
use crate::schema::layout::file::File;
use crate::schema::modules::normalized;
use crate::suggest::did_you_mean;

/// The names of rules.
pub type Names = BTreeSet<String>;

/// What a `buf.yaml` says about breaking changes.
#[derive(Debug, Clone, Default)]
pub struct Buf {
    /// What holds where no module says otherwise.
    pub base: Scope,
    /// Modules that say otherwise.
    pub modules: Vec<Scope>,
    /// Whether it names dependencies, which live in a registry.
    pub has_dependencies: bool,
    /// What cannot be said in our terms, one sentence each.
    pub remarks: Vec<String>,
}

/// A `breaking` section, and the directory that it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The directory; empty for all of the tree.
    pub directory: String,
    /// The rules that are on.
    pub rules: Names,
    /// Files and directories of which nothing is reported.
    pub ignored: Vec<String>,
    /// Files and directories of which some rules report nothing.
    pub ignored_only: Vec<(Names, Vec<String>)>,
    /// Whether packages such as `v1beta1` are left alone.
    pub unstable: bool,
}

/// What to do about a file that cannot be read.
pub const HELP: &str = "mend the file, or start without it: leave `--from-buf` out";

/// The family of names that buf's rules are in.
pub const FAMILY: &str = "buf";
/// The category that counts where a section names none.
const DEFAULT: &str = "FILE";
const VERSIONS: [&str; 3] = ["v1beta1", "v1", "v2"];

/// Reads a `buf.yaml`; `directory` is where it lies, `shown` how messages name it.
///
/// # Errors
/// [`LayoutError`]: it is not written as buf would have it, or names a rule that buf does not have.
pub fn read(directory: &str, shown: &str, text: &str, family: &Family) -> Result<Buf, LayoutError> {
    let file = File {
        directory,
        shown,
        text,
        help: HELP,
    };
    let Some(document) = file.document()? else {
        return Err(file.error("it says no `version`", 1, 0));
    };
    let version = match file.key(&document, "version")? {
        Some(node) => node
            .data
            .as_str()
            .filter(|version| VERSIONS.contains(version))
            .ok_or_else(|| file.expected("`v1beta1`, `v1` or `v2`", node))?,
        None => return Err(file.error("it says no `version`", 1, 0)),
    };
    let mut reader = Reader {
        file,
        version,
        family,
        remarks: Vec::new(),
    };
    let mut buf = Buf::default();
    let whole = normalized(directory);
    buf.base = reader.scope(whole, &document)?.0;
    if let Some(modules) = reader.file.key(&document, "modules")? {
        for module in reader.file.list(modules)? {
            let path = match reader.file.key(module, "path")? {
                Some(path) => reader.file.path(path)?,
                None => normalized(directory),
            };
            let (scope, said) = reader.scope(path, module)?;
            if said {
                buf.modules.push(scope);
            }
        }
    }
    for (key, what) in [
        ("plugins", "which run programs of their own"),
        ("policies", "which are files of their own"),
    ] {
        let there = reader.file.key(&document, key)?;
        let full = there.is_some_and(|list| list.data.as_vec().is_none_or(|list| !list.is_empty()));
        if full {
            reader.remark(&format!("`{key}`, {what}"));
        }
    }
    let dependencies = reader.file.key(&document, "deps")?;
    buf.has_dependencies =
        dependencies.is_some_and(|list| list.data.as_vec().is_some_and(|list| !list.is_empty()));
    buf.remarks = reader.remarks;
    Ok(buf)
}

struct Reader<'a> {
    file: File<'a>,
    version: &'a str,
    family: &'a Family,
    remarks: Vec<String>,
}

impl<'a> Reader<'a> {
    fn remark(&mut self, text: &str) {
        self.remarks.push(format!("{}: {text}", self.file.shown));
    }

    /// The section `breaking` of a document or of a module, and whether there is one.
    fn scope(
        &mut self,
        directory: String,
        holder: &MarkedYaml<'a>,
    ) -> Result<(Scope, bool), LayoutError> {
        let mut scope = Scope {
            directory,
            rules: self.named(DEFAULT).unwrap_or_default(),
            ..Scope::default()
        };
        let Some(section) = self.file.key(holder, "breaking")? else {
            return Ok((scope, false));
        };
        for key in unknown_keys(section) {
            self.remark(&format!("`breaking.{key}`, which is not known"));
        }
        let used = self.rules(section, "use")?;
        if !used.is_empty() {
            scope.rules = used;
        }
        let excepted = self.rules(section, "except")?;
        scope.rules.retain(|rule| !excepted.contains(rule));
        scope.ignored = self.file.paths(section, "ignore")?;
        if let Some(only) = self.file.key(section, "ignore_only")? {
            let Some(entries) = only.data.as_mapping() else {
                return Err(self.file.expected("a mapping", only));
            };
            for (name, _) in entries {
                let Some(text) = name.data.as_str() else {
                    return Err(self.file.expected("the name of a rule", name));
                };
                let paths = self.file.paths(only, text)?;
                scope.ignored_only.push((self.resolve(name)?, paths));
            }
        }
        scope.unstable = self.is_true(section, "ignore_unstable_packages")?;
        if self.is_true(section, "disable_builtin")? {
            scope.rules.clear();
            self.remark("what counts where `disable_builtin` turns all of buf's own rules off");
        }
        Ok((scope, true))
    }

    fn is_true(&self, section: &MarkedYaml<'a>, key: &str) -> Result<bool, LayoutError> {
        match self.file.key(section, key)? {
            None => Ok(false),
            Some(node) => {
                let value = node.data.as_bool();
                value.ok_or_else(|| self.file.expected("true or false", node))
            }
        }
    }

    fn rules(&mut self, section: &MarkedYaml<'a>, key: &str) -> Result<Names, LayoutError> {
        let mut names = Names::new();
        if let Some(list) = self.file.key(section, key)? {
            for node in self.file.list(list)? {
                names.extend(self.resolve(node)?);
            }
        }
        Ok(names)
    }

    /// The rules that the name of a rule or of a category stands for.
    fn resolve(&mut self, node: &MarkedYaml<'a>) -> Result<Names, LayoutError> {
        let Some(name) = node.data.as_str() else {
            return Err(self.file.expected("the name of a rule", node));
        };
        if let Some(names) = self.named(name) {
            return Ok(names);
        }
        if let Some(replaced) = self
            .family
            .alias(name)
            .and_then(|it| it.replaced_by.clone())
        {
            let by = replaced.join(", ");
            self.remark(&if replaced.is_empty() {
                format!("`{name}`, under which buf reports nothing any more")
            } else {
                format!("`{name}` as such: it was taken for what replaced it in buf, {by}")
            });
            return Ok(replaced.into_iter().collect());
        }
        let known = self.family.aliases.iter().map(|alias| alias.name.as_str());
        let known: Vec<&str> = known.chain(self.family.groups()).collect();
        let hint = did_you_mean(name, known).map_or(String::new(), |hint| format!(", {hint}"));
        let place = node.span.start;
        let message = format!(
            "`{name}` is no rule and no category of buf breaking in {}{hint}",
            self.version
        );
        Err(self.file.error(&message, place.line(), place.col()))
    }

    /// The rules of a name in the version of the file; `None` where that has no such name.
    fn named(&self, name: &str) -> Option<Names> {
        let groups = |rule: &str| {
            let alias = self.family.alias(rule)?;
            Some(alias.groups_in(Some(self.version)))
        };
        if groups(name).is_some_and(|groups| !groups.is_empty()) {
            return Some([name.to_owned()].into());
        }
        let rules = self.family.aliases.iter();
        let in_group = rules.filter(|alias| {
            let groups = alias.groups_in(Some(self.version));
            groups.iter().any(|group| group == name)
        });
        let names: Names = in_group.map(|alias| alias.name.clone()).collect();
        (!names.is_empty()).then_some(names)
    }
}

/// Keys of a section that buf does not have either.
fn unknown_keys(section: &MarkedYaml<'_>) -> Vec<String> {
    const KNOWN: [&str; 6] = [
        "use",
        "except",
        "ignore",
        "ignore_only",
        "ignore_unstable_packages",
        "disable_builtin",
    ];
    let keys = section.data.as_mapping().into_iter().flatten();
    keys.filter_map(|(key, _)| key.data.as_str())
        .filter(|key| !KNOWN.contains(key))
        .map(str::to_owned)
        .collect()
}

/// Puts several files together: each speaks for its own directory.
pub fn together(files: Vec<Buf>) -> Buf {
    let mut files = files.into_iter();
    let Some(mut all) = files.next() else {
        return Buf::default();
    };
    for buf in files {
        all.modules.push(buf.base);
        all.modules.extend(buf.modules);
        all.has_dependencies |= buf.has_dependencies;
        all.remarks.extend(buf.remarks);
    }
    let of_base = |scope: &Scope| Scope {
        directory: String::new(),
        ..scope.clone()
    };
    // A module that says what holds anyway says nothing.
    let base = of_base(&all.base);
    all.modules.retain(|scope| of_base(scope) != base);
    all
}

/// Paths by the rules that they are excepted from, each set of rules once.
pub fn by_rules(entries: &[(Names, Vec<String>)]) -> BTreeMap<&Names, Vec<&String>> {
    let mut found: BTreeMap<&Names, Vec<&String>> = BTreeMap::new();
    for (names, paths) in entries {
        found.entry(names).or_default().extend(paths);
    }
    found
}
