//! The command line as types: what can be typed and what of it cannot stand together; running it is for one module a subcommand.

pub mod accept;
pub mod against_all;
pub mod audit;
pub mod blame;
pub mod changelog;
pub mod check;
pub mod compare;
pub mod completions;
pub mod component;
pub mod dependencies;
pub mod explain;
pub mod file;
pub mod init;
pub mod layout;
pub mod man;
mod markdown;
pub mod output;
pub mod progress;
pub mod release;
pub mod rules;
pub mod schema;
pub mod sides;
pub mod status;
pub mod tell;
mod value;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{ArgGroup, Args, ColorChoice, CommandFactory, Parser, Subcommand};

pub use self::value::{
    AuditFormat, AuditOutput, ChangelogFormat, Format, ListFormat, Output, ReleaseFormat,
    RuleLevel, SchemaOf,
};
pub use crate::config::FailOn;
pub use crate::impact::Direction;
pub use crate::rule::preset::Exempt;

/// Checks that a change to a tree of .proto files keeps the promises the tree has made.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "protopact",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 nothing at or above --fail-on, 1 findings, 2 could not judge."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Compare the current tree with its baseline and fail if a change breaks a promise
    Check(Box<Check>),
    /// Record that findings are agreed to, in protopact.accepted.toml
    Accept(Box<Accept>),
    /// Say which version the changes since the latest release need, and fail if the next one is too small
    Release(Box<Release>),
    /// List every change, breaking or not, for release notes
    Changelog(Box<Changelog>),
    /// Name the commit that brought each finding of a check
    Blame(Box<Blame>),
    /// Compare every release with the one before it
    Audit(Box<Audit>),
    /// Show the maturity of components, files and labelled elements, and the place that says so
    Status(Status),
    /// Show what a rule forbids and why, with examples
    Explain(Explain),
    /// List the rules
    Rules(Rules),
    /// Write a first protopact.toml, from what the tree shows or from buf.yaml
    Init(Init),
    /// Print the JSON Schema of protopact.toml, or of what --format json prints
    Schema(Schema),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print a manual page
    Man(Man),
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Run as if started in DIR
    #[arg(
        short = 'C',
        global = true,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    pub directory: PathBuf,
    /// Configuration file [default: protopact.toml at the root of the current side]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print only errors and the closing line
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print more: nothing folded, dormant findings too
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// `protopact check`.
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// What is compared, and by which policy.
    #[command(flatten)]
    pub checked: Checked,
    /// Output format, FMT or FMT:FILE; repeat it to write several
    #[arg(
        long,
        value_name = "FMT[:FILE]",
        default_value = "human",
        help_heading = "Output",
        long_help = "Output format: human, concise, json, sarif, github, gitlab, junit, markdown or html. \
                     FMT:FILE writes it to FILE instead of stdout (`-`). \
                     Repeat it to write several; at most one goes to stdout"
    )]
    pub format: Vec<Output>,
}

/// `protopact accept`.
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "protopact accept --reason <TEXT> <FINGERPRINT...|--all> [OPTIONS]\n       protopact accept --prune [OPTIONS]\n       protopact accept --merge"
)]
#[command(group = ArgGroup::new("what").args(["fingerprints", "all", "prune", "merge"]).required(true).multiple(true))]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Accept {
    /// Fingerprints of findings, as `check` prints them behind `accept:`; the first digits do where they are unambiguous
    #[arg(
        value_name = "FINGERPRINT",
        conflicts_with = "all",
        requires = "reason"
    )]
    pub fingerprints: Vec<String>,
    /// Accept every finding that fails the check
    #[arg(long, requires = "reason")]
    pub all: bool,
    /// Why the changes may be made all the same
    #[arg(long, value_name = "TEXT", value_parser = value::words)]
    pub reason: Option<String>,
    /// Release from which on they are not accepted any more, of their component where it has its own
    #[arg(long, value_name = "VERSION", value_parser = value::version)]
    pub until: Option<semver::Version>,
    /// Who agrees [default: git's user.name and user.email]
    #[arg(long, value_name = "NAME", value_parser = value::words)]
    pub who: Option<String>,
    /// Take out records that are stale or match nothing
    #[arg(long)]
    pub prune: bool,
    /// After a merge, rebase or cherry-pick that stopped at the file: keep the records of both sides
    #[arg(long, conflicts_with_all = ["fingerprints", "all", "prune"])]
    pub merge: bool,
    /// Look at this component alone: at what breaks its promises, and at its records
    #[arg(long, value_name = "NAME", help_heading = "Comparison")]
    pub component: Option<String>,
    /// What made the promises.
    #[command(flatten)]
    pub baselines: Baselines,
    /// Ignore marks in comments, as `check --no-inline` does: records take their place
    #[arg(long, help_heading = "Policy")]
    pub no_inline: bool,
    /// What to load.
    #[command(flatten)]
    pub tree: Tree,
    /// By which policy to judge.
    #[command(flatten)]
    pub policy: Policy,
    /// Levels on the command line.
    #[command(flatten)]
    pub levels: Levels,
}

/// `protopact release`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Exit status: 0 it may be released, 1 the version is too small or a break is announced by none, 2 could not judge.
A tag at the current commit is the release that is being made; the baseline is the one before.

`protopact schema release` describes what --format json prints.")]
pub struct Release {
    /// The version that is to be released [default: the tag at the current commit, else what the version file says]
    #[arg(value_name = "VERSION", value_parser = value::version)]
    pub version: Option<semver::Version>,
    /// Release this component alone; what no component with releases of its own holds is released without it
    #[arg(long, value_name = "NAME", help_heading = "Comparison")]
    pub component: Option<String>,
    /// Tags that are releases, such as `proto/v*` [default: from the configuration, else `v1.2.3` and `1.2.3`]
    #[arg(long, value_name = "GLOB", help_heading = "Comparison")]
    pub tags: Option<String>,
    /// Take a pre-release for the latest release, too
    #[arg(long, help_heading = "Comparison")]
    pub pre_releases: bool,
    /// What earlier releases gave up.
    #[command(flatten)]
    pub earlier: Earlier,
    /// The current side.
    #[command(flatten)]
    pub current: Current,
    /// What to load.
    #[command(flatten)]
    pub tree: Tree,
    /// By which policy to judge.
    #[command(flatten)]
    pub policy: Policy,
    /// Levels on the command line.
    #[command(flatten)]
    pub levels: Levels,
    /// What was agreed to.
    #[command(flatten)]
    pub agreements: Agreements,
    /// Output format
    #[arg(
        long,
        value_name = "FMT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: ReleaseFormat,
    /// Write the section of the release into a changelog, if it may be released [default: CHANGELOG.md]
    #[arg(long, value_name = "FILE", num_args = 0..=1, help_heading = "Output")]
    #[allow(clippy::option_option, reason = "the flag can be given without a file")]
    pub write_changelog: Option<Option<PathBuf>>,
    /// Day of the release in the changelog [default: today, UTC]
    #[arg(
        long,
        value_name = "YYYY-MM-DD",
        value_parser = value::date,
        requires = "write_changelog",
        help_heading = "Output"
    )]
    pub date: Option<chrono::NaiveDate>,
}

/// `protopact changelog`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Additions and edited comments are changes, too. They are grouped by component (by package where the configuration names \
none, by directory where there is no package), and by the guarantee that speaks of them; what follows from a change stands \
with it. Lines are linked where the remote is at GitHub or GitLab.

`protopact schema changelog` describes what --format json prints.

Exit status: 0 the changes are listed, 2 they could not be told.")]
pub struct Changelog {
    /// From which side to which, as A..B: git revisions, directories, images or words that `check` takes; A.. ends at the worktree
    /// [default: from the latest release, of a release itself from the one before, to the worktree]
    #[arg(value_name = "A..B")]
    pub range: Option<String>,
    /// List only these files or folders [default: all]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What to load.
    #[command(flatten)]
    pub tree: Tree,
    /// By which policy to judge.
    #[command(flatten)]
    pub policy: Policy,
    /// Output format
    #[arg(
        long,
        value_name = "FMT",
        default_value = "markdown",
        help_heading = "Output"
    )]
    pub format: ChangelogFormat,
}

/// `protopact blame`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Each finding of `protopact check` with the commit from which on it is there to the end: its author, date, subject and pull request, \
and the merge that brought it. A finding of the worktree that no commit has is `not committed yet`.

`protopact schema blame` describes what --format json prints.

Exit status: as that of the check.")]
pub struct Blame {
    /// What is compared, and by which policy.
    #[command(flatten)]
    pub checked: Checked,
    /// Output format
    #[arg(
        long,
        value_name = "FMT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: ListFormat,
}

/// `protopact audit`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
`protopact schema audit` describes what --format json prints.

Exit status: 0 no release fails its check, 1 some do, 2 some could not be judged.")]
pub struct Audit {
    /// Release tags, such as `proto/v*` [default: all of the form v1.2.3]; those of a component stand for it
    #[arg(value_name = "GLOB")]
    pub glob: Option<String>,
    /// Compare the releases of this component, by its own promises
    #[arg(long, value_name = "NAME", conflicts_with = "glob")]
    pub component: Option<String>,
    /// Count pre-releases among the releases
    #[arg(long)]
    pub pre_releases: bool,
    /// Judge all of history by the promises of this preset, as if they had been in force from the start
    #[arg(
        long,
        value_name = "PRESET",
        conflicts_with = "preset",
        help_heading = "Policy"
    )]
    pub from_scratch: Option<String>,
    /// Which guarantees bind, as for `check` [default: from the configuration]
    #[arg(long, value_name = "NAME", help_heading = "Policy")]
    pub preset: Option<String>,
    /// Which immature elements are excused [default: from the configuration]
    #[arg(long, value_name = "MODE", help_heading = "Policy")]
    pub exempt: Option<Exempt>,
    /// Levels on the command line.
    #[command(flatten)]
    pub levels: Levels,
    /// What to load.
    #[command(flatten)]
    pub tree: Tree,
    /// Output format, FMT or FMT:FILE; repeat it to write several
    #[arg(
        long,
        value_name = "FMT[:FILE]",
        default_value = "human",
        help_heading = "Output",
        long_help = "Output format: human, json, or html for one page with a timeline. \
                     FMT:FILE writes it to FILE instead of stdout (`-`). \
                     Repeat it to write several; at most one goes to stdout"
    )]
    pub format: Vec<AuditOutput>,
}

/// `protopact status`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "`protopact schema status` describes what --format json prints.")]
pub struct Status {
    /// Show only these elements or packages (full names), files or folders [default: all]
    #[arg(value_name = "SYMBOL|PATH")]
    pub names: Vec<String>,
    /// The current side.
    #[command(flatten)]
    pub current: Current,
    /// What to load.
    #[command(flatten)]
    pub tree: Tree,
    /// By which policy to judge.
    #[command(flatten)]
    pub policy: Policy,
    /// Output format
    #[arg(long, value_name = "FMT", default_value = "human")]
    pub format: ListFormat,
}

/// `protopact explain`.
#[derive(Debug, Clone, Args)]
pub struct Explain {
    /// Id of the rule, as in `error[field-deleted]`, or of a guarantee, or buf's name for a rule
    #[arg(value_name = "RULE")]
    pub rule: String,
}

/// `protopact rules`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "`protopact schema rules` describes what --format json prints.")]
pub struct Rules {
    /// Output format
    #[arg(long, value_name = "FMT", default_value = "human")]
    pub format: ListFormat,
}

/// `protopact init`.
#[derive(Debug, Clone, Args)]
pub struct Init {
    /// Carry the sections `breaking` of buf.yaml over, so that the verdicts stay the same
    #[arg(long)]
    pub from_buf: bool,
    /// Write the file even if there is one
    #[arg(long)]
    pub force: bool,
}

/// `protopact schema`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
`report` describes what `check --format json` prints; `release`, `changelog`, `blame`, `audit`, `status` and `rules` what these \
commands print.

With `config`, editors that know TOML complete and check protopact.toml:
  protopact schema config > .protopact.schema.json
and, as its first line, `#:schema ./.protopact.schema.json`")]
pub struct Schema {
    /// Which schema
    #[arg(value_name = "WHAT")]
    pub what: SchemaOf,
}

/// `protopact completions`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Where the output belongs:
  bash  protopact completions bash > ~/.local/share/bash-completion/completions/protopact
  zsh   protopact completions zsh > DIR/_protopact, with DIR in $fpath
  fish  protopact completions fish > ~/.config/fish/completions/protopact.fish")]
pub struct Completions {
    /// Which shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `protopact man`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "To read it: protopact man check | man -l -")]
pub struct Man {
    /// The command that the page is about [default: protopact itself]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// What a check is about: both sides, and by which policy they are judged.
#[derive(Debug, Clone, Args)]
pub struct Checked {
    /// Judge only these files or folders [default: all]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What made the promises.
    #[command(flatten)]
    pub baselines: Baselines,
    /// The current side.
    #[command(flatten)]
    pub current: Current,
    /// What to load.
    #[command(flatten)]
    pub tree: Tree,
    /// Load every file, not only what changed and what it imports
    #[arg(long, help_heading = "Tree")]
    pub full: bool,
    /// By which policy to judge.
    #[command(flatten)]
    pub policy: Policy,
    /// Levels on the command line.
    #[command(flatten)]
    pub levels: Levels,
    /// What was agreed to.
    #[command(flatten)]
    pub agreements: Agreements,
}

/// What made the promises.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Comparison")]
pub struct Baselines {
    /// Baseline: a git revision, a directory, an image, `merge-base[:REF]` or `latest-release[:GLOB]`
    /// [default: from the configuration, else the merge base, else the latest release]; repeat it for several
    #[arg(long, value_name = "BASE")]
    pub against: Vec<String>,
    /// What earlier releases gave up.
    #[command(flatten)]
    pub earlier: Earlier,
}

/// What earlier releases gave up.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Comparison")]
pub struct Earlier {
    /// Nothing that a release of these tags gave up is to be used again: numbers and names that were deleted, renumbered,
    /// renamed or reserved in any of them, such as `v1.*`
    #[arg(long, value_name = "GLOB")]
    pub against_all: Option<String>,
}

/// Which side is judged.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Comparison")]
pub struct Current {
    /// Current side: a git revision, a directory or an image [default: the worktree]
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub to: Option<String>,
    /// Current side: the git index, as in a pre-commit hook
    #[arg(long)]
    pub staged: bool,
}

/// What belongs to the tree.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Tree")]
pub struct Tree {
    /// Import root, added to the configured ones [default: from buf.yaml, else inferred]
    #[arg(short = 'I', long = "proto-path", value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Only files that match, on top of the configuration
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,
    /// Not the files that match, on top of the configuration
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
}

/// By which policy to judge.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Policy")]
pub struct Policy {
    /// Which guarantees bind: stable, opentelemetry or google; or whom a change has to break: wire, wire-json or source; or
    /// what buf reports: buf-file, buf-package, buf-wire-json or buf-wire [default: from the configuration]
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Which immature elements are excused [default: from the configuration]
    #[arg(long, value_name = "MODE")]
    pub exempt: Option<Exempt>,
    /// Release that the baseline counts as [default: its tag]
    #[arg(long, value_name = "VERSION", value_parser = value::version)]
    pub release: Option<semver::Version>,
}

/// What findings weigh.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Policy")]
pub struct Levels {
    /// Level of a rule: ID=error|warning|note|off; ID may be `guarantee/*`, `id.facet` or `buf:NAME`
    #[arg(long, value_name = "ID=LEVEL")]
    pub rule: Vec<RuleLevel>,
    /// Which readers of data count, under presets that go by whom a change breaks: wire, wire-json, source
    /// [default: from the configuration, else both]
    #[arg(long, value_name = "WHICH")]
    pub direction: Option<Direction>,
    /// Lowest level that makes the exit status 1 [default: from the configuration, else error]
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<FailOn>,
}

/// What was agreed to, and how strictly it is read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Policy")]
pub struct Agreements {
    /// Fail, with status 2, on stale records in protopact.accepted.toml
    #[arg(long)]
    pub locked: bool,
    /// Ignore marks such as `protopact:allow(RULE) REASON` in comments
    #[arg(long)]
    pub no_inline: bool,
}

impl Global {
    /// A path that was typed, as seen from where the program runs.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        if self.directory == Path::new(".") {
            path.to_owned()
        } else {
            self.directory.join(path)
        }
    }
}

impl Cli {
    /// Reads the arguments, the program's name first. Help and version come as errors too; `clap::Error::exit_code`
    /// is 0 for these and 2 for everything else.
    pub fn read(args: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let cli = Self::try_parse_from(args)?;
        match &cli.command {
            Command::Check(flags) => validate("check", flags.format.iter().map(|it| &it.file))?,
            Command::Audit(flags) => validate("audit", flags.format.iter().map(|it| &it.file))?,
            _ => {}
        }
        Ok(cli)
    }
}

/// What clap cannot say of the outputs of a command: one of them on stdout, and each file once.
fn validate<'a>(
    command: &str,
    files: impl Iterator<Item = &'a Option<PathBuf>> + Clone,
) -> Result<(), clap::Error> {
    if files.clone().filter(|file| file.is_none()).count() > 1 {
        return Err(usage(
            command,
            ErrorKind::ArgumentConflict,
            "only one --format can go to stdout; give the others a file, as in --format json:report.json",
        ));
    }
    let files: Vec<_> = files.flatten().collect();
    // `./report.json` is `report.json`, as far as names tell.
    let same = |one: &Path, other: &Path| {
        let plain = |path: &Path| path.strip_prefix(".").unwrap_or(path).to_owned();
        plain(one).components().eq(plain(other).components())
    };
    let twice = |(i, file): (usize, &&PathBuf)| files.iter().skip(i + 1).any(|f| same(f, file));
    if let Some((_, file)) = files.iter().enumerate().find(|(i, file)| twice((*i, file))) {
        return Err(usage(
            command,
            ErrorKind::ArgumentConflict,
            &format!(
                "two --format go to the file `{}`; give each its own",
                file.display()
            ),
        ));
    }
    Ok(())
}

impl Release {
    /// The version that is named, and the changelog to write, if any: its file, if that is named.
    ///
    /// What follows `--write-changelog` and is a version is no file: `--write-changelog 1.3.0`.
    #[allow(clippy::option_option, reason = "the flag can be given without a file")]
    pub fn typed(&self) -> (Option<semver::Version>, Option<Option<&Path>>) {
        let file = self.write_changelog.as_ref().map(Option::as_deref);
        let behind = file.flatten().and_then(Path::to_str);
        match (&self.version, behind.map(value::version)) {
            (None, Some(Ok(version))) => (Some(version), Some(None)),
            (version, _) => (version.clone(), file),
        }
    }
}

/// A usage error that looks like clap's own, with the usage of a subcommand.
fn usage(name: &str, kind: ErrorKind, message: &str) -> clap::Error {
    let mut command = Cli::command();
    command.build();
    match command.find_subcommand_mut(name) {
        Some(command) => command.error(kind, message),
        None => command.error(kind, message),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::report::Level;

    fn read(line: &str) -> Result<Cli, clap::Error> {
        Cli::read(line.split(' ').map(OsString::from))
    }

    /// What a line is refused with, the usage cut off.
    fn refusal(line: &str) -> String {
        let error = read(line).map(|_| ()).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
        error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_reach_their_types() {
        let cli = read(
            "protopact check a b -C x --against v1 --to HEAD -I p --rule field-removed=off \
             --rule field-option-changed.deprecated=note --release v1.2.3 --format concise --format json:o.json -vv",
        )
        .unwrap();
        assert_eq!(cli.global.directory, PathBuf::from("x"));
        assert_eq!(cli.global.verbose, 2);
        let Command::Check(check) = cli.command else {
            panic!("not check")
        };
        let checked = check.checked;
        assert_eq!(checked.baselines.against, ["v1"]);
        assert_eq!(checked.paths.len(), 2);
        let levels: Vec<_> = checked
            .levels
            .rule
            .iter()
            .map(|r| (r.rule.as_str(), r.level))
            .collect();
        assert_eq!(
            levels,
            [
                ("field-removed", None),
                ("field-option-changed.deprecated", Some(Level::Note))
            ]
        );
        assert_eq!(
            checked.policy.release.map(|v| v.to_string()).as_deref(),
            Some("1.2.3")
        );
        assert_eq!(check.format.len(), 2);
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_way_out() {
        insta::assert_snapshot!(
            [
                "protopact",
                "protopact check --to HEAD --staged",
                "protopact check -q -v",
                "protopact check --format human --format json",
                "protopact check --format xml",
                "protopact check --format json:",
                "protopact check --format json --format sarif:-",
                "protopact check --format json:a --format sarif:./a",
                "protopact check --rule field-removed",
                "protopact check --rule field-removed=fatal",
                "protopact check --fail-on info",
                "protopact check --release next",
                "protopact schema sarif",
            ]
            .map(|line| format!("$ {line}\n{}", refusal(line)))
            .join("\n"),
            @r#"
$ protopact
Checks that a change to a tree of .proto files keeps the promises the tree has made
$ protopact check --to HEAD --staged
error: the argument '--to <REV>' cannot be used with '--staged'
$ protopact check -q -v
error: the argument '--quiet' cannot be used with '--verbose...'
$ protopact check --format human --format json
error: only one --format can go to stdout; give the others a file, as in --format json:report.json
$ protopact check --format xml
error: invalid value 'xml' for '--format <FMT[:FILE]>': no such format `xml`; there are human, concise, json, sarif, github, gitlab, junit, markdown, html
$ protopact check --format json:
error: invalid value 'json:' for '--format <FMT[:FILE]>': no file after the colon; leave the colon out for stdout: `json`
$ protopact check --format json --format sarif:-
error: only one --format can go to stdout; give the others a file, as in --format json:report.json
$ protopact check --format json:a --format sarif:./a
error: two --format go to the file `a`; give each its own
$ protopact check --rule field-removed
error: invalid value 'field-removed' for '--rule <ID=LEVEL>': write ID=LEVEL, with a level of error, warning, note or off
$ protopact check --rule field-removed=fatal
error: invalid value 'field-removed=fatal' for '--rule <ID=LEVEL>': no such level `fatal`; there are error, warning, note, off
$ protopact check --fail-on info
error: invalid value 'info' for '--fail-on <LEVEL>'
$ protopact check --release next
error: invalid value 'next' for '--release <VERSION>': unexpected character 'n' while parsing major version number; write it like 1.11.0
$ protopact schema sarif
error: invalid value 'sarif' for '<WHAT>'
"#
        );
    }
}
