//! The text of a first `protopact.toml`, from what a tree shows; it reads no files and writes none.

pub mod buf;
mod statements;

use std::fmt::Write as _;

use crate::rule::Catalogue;
use crate::rule::alias::Family;
use crate::rule::document::PageError;
use crate::rule::levels::Setting;
use crate::rule::preset::Preset;
use crate::schema::modules::is_under;
use buf::{Buf, Names, Scope, by_rules};
use statements::Choice;

/// What a tree shows.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Where the maturity table stands: `README.md:12`.
    pub table: Option<String>,
    /// Import roots, where files say which there are.
    pub roots: Vec<String>,
    /// Whether files of buf were found.
    pub has_buf: bool,
}

/// A configuration that says in words what holds without it, for people to change.
pub fn plain(shown: &Shown) -> String {
    let (preset, why) = match &shown.table {
        Some(table) => (
            "opentelemetry",
            format!("chosen because of the maturity table ({table})"),
        ),
        None => ("stable", "the default".to_owned()),
    };
    let roots = if shown.roots.is_empty() {
        "# roots = [\"proto\"]               # import roots; without them the imports tell"
            .to_owned()
    } else {
        format!(
            "# roots = {}   # import roots, as buf.yaml says; without this line it is read each time",
            list(&shown.roots)
        )
    };
    let from_buf = if shown.has_buf {
        "# There is a buf.yaml: `protopact init --from-buf --force` carries its section `breaking` over.\n"
    } else {
        ""
    };
    format!(
        r#"# What protopact checks; everything here is optional, and flags add to it.
{from_buf}
# Which promises bind: {why}.
preset = "{preset}"

# The baseline where --against names none. Without it: the merge base with the default branch, else the latest release.
# against = "latest-release"

# What may still change: "labelled" (every element below Stable), "component" (only isolated components) or "none".
# exempt = "labelled"

# From which level on a finding fails the check: "error", "warning", "note" or "never".
# fail-on = "error"

[schema]
{roots}
# exclude = ["third_party/**", "**/testdata/**"]
# missing-imports = "stub"         # imports that are not in the tree stand as opaque types

# What is not stable yet, beside labels in comments, directories such as `v1alpha1` and the table of the README.
# [[maturity.component]]
# path = "acme/labs/**"
# level = "development"
# reason = "until the launch"

# Levels of rules: "error", "warning", "note" or "off". `protopact rules` lists them, `protopact explain RULE` shows one.
[rules]
# "generated-code/*" = "off"

# The same for some files.
# [[override]]
# path = "acme/labs/**"
# rules = {{ "*" = "note" }}
"#
    )
}

/// A configuration that gives the verdicts that `buf breaking` gives, and what of it could not be carried over.
///
/// # Errors
/// [`PageError`]: a preset of the program cannot be read.
pub fn from_buf(
    buf: &Buf,
    catalogue: &Catalogue,
    family: &Family,
) -> Result<(String, Vec<String>), PageError> {
    let presets: Vec<Preset> = catalogue
        .preset_names()
        .map(|name| catalogue.preset(name))
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    let Some(choice) = statements::choose(family, &presets, &buf.base.rules) else {
        return Ok((String::new(), Vec::new()));
    };
    let mut remarks = buf.remarks.clone();
    let mut out = String::from(
        "# The section `breaking` of buf.yaml, with buf's names for its rules: the same verdicts, but for the differences that\n\
         # rules/presets/README.md of protopact argues.\n",
    );
    head(&mut out, buf, &choice, &mut remarks);
    rules(&mut out, family, &choice);
    overrides(&mut out, buf, family);
    if !remarks.is_empty() {
        out += "\n# Not carried over:\n";
        for remark in &remarks {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "# - {remark}");
        }
    }
    Ok((out, remarks))
}

fn head(out: &mut String, buf: &Buf, choice: &Choice, remarks: &mut Vec<String>) {
    let _ = writeln!(out, "preset = \"{}\"", choice.preset);
    let scopes = || std::iter::once(&buf.base).chain(&buf.modules);
    if scopes().all(|scope| scope.unstable) {
        *out += "# ignore_unstable_packages: packages such as `v1beta1` are let off. So are directories of such names, what is\n\
                 # called `development` or `experimental`, and components that a maturity table of the README says are not stable.\n\
                 exempt = \"component\"\n";
    } else if scopes().any(|scope| scope.unstable) {
        let of: Vec<&str> = scopes()
            .filter(|scope| scope.unstable)
            .map(|scope| match scope.directory.as_str() {
                "" => ".",
                directory => directory,
            })
            .collect();
        remarks.push(format!(
            "`ignore_unstable_packages` of `{}` alone: what is exempt is said for the whole tree",
            of.join("`, `")
        ));
    }
    if buf.has_dependencies {
        *out += "\n[schema]\n# Dependencies in a registry are not fetched: their types stand as opaque ones.\nmissing-imports = \"stub\"\n";
    }
}

fn rules(out: &mut String, family: &Family, choice: &Choice) {
    *out += "\n[rules]\n";
    for (name, setting) in &choice.statements {
        let _ = writeln!(out, "{} = \"{setting}\"", target(family, name));
    }
}

/// What holds in some paths only; later entries go before earlier ones.
fn overrides(out: &mut String, buf: &Buf, family: &Family) {
    for module in &buf.modules {
        let said = statements::statements(family, &buf.base.rules, &module.rules);
        if !said.is_empty() {
            let _ = writeln!(out, "\n# The module `{}`.", module.directory);
            over(out, family, &[&module.directory], &said);
        }
    }
    ignores(out, &buf.base, &buf.modules, family);
    for module in &buf.modules {
        ignores(out, module, &[], family);
    }
}

/// What a section ignores; what lies in a module with a section of its own is that one's affair.
fn ignores(out: &mut String, scope: &Scope, others: &[Scope], family: &Family) {
    let concerned = |path: &&String| {
        !others
            .iter()
            .any(|other| **path == other.directory || is_under(path, &other.directory))
    };
    let ignored: Vec<&String> = scope.ignored.iter().filter(concerned).collect();
    let only = by_rules(&scope.ignored_only);
    for (names, paths) in only {
        let paths: Vec<&String> = paths.into_iter().filter(concerned).collect();
        if !paths.is_empty() {
            *out += "\n# ignore_only\n";
            over(out, family, &paths, &off(family, names));
        }
    }
    if !ignored.is_empty() {
        *out += "\n# ignore\n";
        let globs = list(&globs(&ignored));
        let _ = write!(
            out,
            "[[override]]\npath = {globs}\nrules = {{ \"*\" = \"off\" }}\n"
        );
    }
}

/// Rules that are off, by the name of their category where they are all of it.
fn off(family: &Family, names: &Names) -> Vec<(String, Setting)> {
    let group = family
        .groups()
        .find(|group| statements::members(family, group) == *names);
    match group {
        Some(group) => vec![(group.to_owned(), Setting::Off)],
        None => names
            .iter()
            .map(|name| (name.clone(), Setting::Off))
            .collect(),
    }
}

fn over(out: &mut String, family: &Family, paths: &[&String], said: &[(String, Setting)]) {
    let _ = write!(
        out,
        "[[override]]\npath = {}\n[override.rules]\n",
        list(&globs(paths))
    );
    for (name, setting) in said {
        let _ = writeln!(out, "{} = \"{setting}\"", target(family, name));
    }
}

fn target(family: &Family, name: &str) -> String {
    quoted(&format!("{}:{name}", family.name))
}

/// Globs for files and directories: a path that does not say which of them it is gets both.
fn globs(paths: &[&String]) -> Vec<String> {
    let mut globs = Vec::new();
    for path in paths {
        let literal = globset::escape(path);
        let is_file = std::path::Path::new(path.as_str())
            .extension()
            .is_some_and(|end| end == "proto");
        if path.is_empty() {
            globs.push("**".to_owned());
        } else if is_file {
            globs.push(literal);
        } else {
            globs.push(format!("{literal}/**"));
        }
    }
    globs
}

fn list(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
