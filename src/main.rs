//! The command `protopact`: parse, call, exit status; the only place that prints errors.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::CommandFactory as _;
use protopact::cli::output::{self, Failure};
use protopact::cli::{self, Cli, Command};
use protopact::report::human;
use protopact::report::text::harmless;

/// Descriptors are many small pieces, which it hands out and takes back in half the time of the usual one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Nothing at or above `--fail-on`.
const CLEAN: u8 = 0;
/// Findings.
const FINDINGS: u8 = 1;
/// Could not judge.
const TROUBLE: u8 = 2;

fn main() -> ExitCode {
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            // clap says what was typed, which a script may have from somebody else.
            let typed =
                std::env::args_os().map(|it| OsString::from(harmless(&it.to_string_lossy())));
            let error = Cli::read(typed).err().unwrap_or(error);
            // Help and version go to stdout, usage errors to stderr; a closed pipe is nobody's error.
            let _ = error.print();
            return ExitCode::from(if error.exit_code() == 0 {
                CLEAN
            } else {
                TROUBLE
            });
        }
    };
    match run(&cli) {
        Ok(true) => ExitCode::from(CLEAN),
        Ok(false) => ExitCode::from(FINDINGS),
        Err(error) => {
            output::remark(
                human::render_error(error.as_ref(), &output::for_stderr(&cli.global)).trim_end(),
            );
            ExitCode::from(TROUBLE)
        }
    }
}

/// Runs the command. `false` where it found what it is to fail on.
fn run(cli: &Cli) -> Result<bool, Failure> {
    match &cli.command {
        Command::Check(flags) => return cli::check::run(&cli.global, flags),
        Command::Release(flags) => return cli::release::run(&cli.global, flags),
        Command::Blame(flags) => return cli::blame::run(&cli.global, flags),
        Command::Audit(flags) => return cli::audit::run(&cli.global, flags),
        Command::Changelog(flags) => cli::changelog::run(&cli.global, flags)?,
        Command::Accept(flags) => cli::accept::run(&cli.global, flags)?,
        Command::Status(flags) => cli::status::run(&cli.global, flags)?,
        Command::Explain(flags) => cli::explain::run(&cli.global, flags)?,
        Command::Rules(flags) => cli::rules::run(&cli.global, flags)?,
        Command::Init(flags) => cli::init::run(&cli.global, flags)?,
        Command::Schema(flags) => cli::schema::run(flags)?,
        Command::Completions(flags) => cli::completions::run(flags, Cli::command())?,
        Command::Man(flags) => cli::man::run(flags, Cli::command())?,
    }
    Ok(true)
}
