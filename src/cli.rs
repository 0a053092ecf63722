//! The command line as types: what can be typed and what of it cannot stand together; running it is for one module a subcommand.

pub mod accept;
pub mod check;
pub mod compare;
pub mod completions;
pub mod dependencies;
pub mod explain;
pub mod file;
pub mod init;
pub mod layout;
pub mod man;
mod markdown;
pub mod output;
pub mod progress;
pub mod rules;
pub mod sides;
pub mod status;
mod value;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand};

pub use self::value::{Format, ListFormat, Output, RuleLevel, SchemaOf};
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
    /// Show the maturity of components, files and labelled elements, and the place that says so
    Status(Status),
    /// Show what a rule forbids and why, with examples
    Explain(Explain),
    /// List the rules
    Rules(Rules),
    /// Write a first protopact.toml, from what the tree shows or from buf.yaml
    Init(Init),
    /// Print the JSON Schema of the report
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
    /// Judge only these files or folders [default: all]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Baseline: a git revision, a directory, an image, `merge-base[:REF]` or `latest-release[:GLOB]`
    /// [default: from the configuration, else the merge base, else the latest release]; repeat it for several
    #[arg(long, value_name = "BASE", help_heading = "Comparison")]
    pub against: Vec<String>,
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
    /// Fail, with status 2, on stale records in protopact.accepted.toml
    #[arg(long, help_heading = "Policy")]
    pub locked: bool,
    /// Ignore marks such as `protopact:allow(RULE) REASON` in comments
    #[arg(long, help_heading = "Policy")]
    pub no_inline: bool,
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
pub struct Accept {
    /// Fingerprints of findings, as `check` prints them behind `accept:`; the first digits do where they are unambiguous
    #[arg(value_name = "FINGERPRINT", required_unless_present_any = ["all", "prune"], conflicts_with = "all")]
    pub fingerprints: Vec<String>,
    /// Accept every finding that fails the check
    #[arg(long)]
    pub all: bool,
    /// Why the changes may be made all the same
    #[arg(long, value_name = "TEXT", required_unless_present = "prune", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub reason: Option<String>,
    /// Release from which on they are not accepted any more
    #[arg(long, value_name = "VERSION", value_parser = value::version)]
    pub until: Option<semver::Version>,
    /// Who agrees [default: git's user.name and user.email]
    #[arg(long, value_name = "NAME")]
    pub who: Option<String>,
    /// Take out records that are stale or match nothing
    #[arg(long)]
    pub prune: bool,
    /// Baseline, as for `check`; repeat it for several
    #[arg(long, value_name = "BASE", help_heading = "Comparison")]
    pub against: Vec<String>,
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

/// `protopact status`.
#[derive(Debug, Clone, Args)]
pub struct Status {
    /// Show only these elements (full names), files or folders [default: all]
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
        if let Command::Check(check) = &cli.command {
            check.validate()?;
        }
        Ok(cli)
    }
}

impl Check {
    /// What clap cannot say: one output on stdout.
    fn validate(&self) -> Result<(), clap::Error> {
        if self.format.iter().filter(|o| o.file.is_none()).count() > 1 {
            return Err(usage(
                ErrorKind::ArgumentConflict,
                "only one --format can go to stdout; give the others a file, as in --format json:report.json",
            ));
        }
        let files: Vec<_> = self.format.iter().filter_map(|o| o.file.as_ref()).collect();
        let twice = |(i, file): (usize, &&PathBuf)| files.iter().skip(i + 1).any(|f| f == file);
        if let Some((_, file)) = files.iter().enumerate().find(|(i, file)| twice((*i, file))) {
            return Err(usage(
                ErrorKind::ArgumentConflict,
                &format!(
                    "two --format go to the file `{}`; give each its own",
                    file.display()
                ),
            ));
        }
        Ok(())
    }
}

/// A usage error that looks like clap's own, with the usage of `protopact check`.
fn usage(kind: ErrorKind, message: &str) -> clap::Error {
    let mut command = Cli::command();
    command.build();
    match command.find_subcommand_mut("check") {
        Some(check) => check.error(kind, message),
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
        assert_eq!(check.against, ["v1"]);
        assert_eq!(check.paths.len(), 2);
        let levels: Vec<_> = check
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
            check.policy.release.map(|v| v.to_string()).as_deref(),
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
                "protopact check --format json:a --format sarif:a",
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
$ protopact check --format json:a --format sarif:a
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
