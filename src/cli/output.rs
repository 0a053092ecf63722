//! Where text goes: stdout or stderr, with or without colour; what the text says it does not know.

use std::io::{self, IsTerminal as _, Write as _};

use clap::ColorChoice;
use miette::Diagnostic;
use supports_hyperlinks::Stream;

use super::Global;
use crate::report::human::Options;
use crate::report::text::{inert, printable};
use crate::schema::load::Broken;

/// Why a command could not do its work.
pub type Failure = Box<dyn Diagnostic + Send + Sync + 'static>;

/// Something that a user can mend, in words.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
struct Trouble {
    message: String,
    #[help]
    help: Option<String>,
}

/// An error with what to do about it.
pub fn trouble(message: impl Into<String>, help: impl Into<String>) -> Failure {
    Box::new(Trouble {
        message: message.into(),
        help: Some(help.into()),
    })
}

/// An error that says all there is to say.
pub fn plain(message: impl Into<String>) -> Failure {
    Box::new(Trouble {
        message: message.into(),
        help: None,
    })
}

/// How to render for stdout.
pub fn for_stdout(global: &Global) -> Options {
    options(
        global,
        io::stdout().is_terminal(),
        anstream::AutoStream::choice(&io::stdout()),
        supports_hyperlinks::on(Stream::Stdout),
    )
}

/// How to render for a person who reads stdout. `None` where a program does, which takes the text as it is written.
pub fn for_reader(global: &Global) -> Option<Options> {
    let options = for_stdout(global);
    (options.color || io::stdout().is_terminal()).then_some(options)
}

/// How to render for stderr.
pub fn for_stderr(global: &Global) -> Options {
    options(
        global,
        io::stderr().is_terminal(),
        anstream::AutoStream::choice(&io::stderr()),
        supports_hyperlinks::on(Stream::Stderr),
    )
}

/// `COLUMNS` says how wide lines may be, also where a pager reads them; else a terminal does.
///
/// Links are for who wants colours, and for who asks for them by `FORCE_HYPERLINK`.
fn options(
    global: &Global,
    terminal: bool,
    detected: anstream::ColorChoice,
    follows_links: bool,
) -> Options {
    let color = match global.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => detected != anstream::ColorChoice::Never,
    };
    let asked = std::env::var("COLUMNS").ok();
    let asked = asked.and_then(|columns| columns.trim().parse().ok());
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = asked
        .filter(|columns| *columns > 0)
        .or_else(|| columns.filter(|_| terminal))
        .unwrap_or(Options::default().width);
    let is_forced = std::env::var_os("FORCE_HYPERLINK").is_some();
    Options {
        color,
        links: follows_links && (color || is_forced) && global.color != ColorChoice::Never,
        width,
        verbose: global.verbose,
        quiet: global.quiet,
    }
}

/// Writes to stdout. A reader that has gone away has read enough.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(plain(format!("stdout cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line for people to stderr, where nobody can be told that it failed.
pub fn remark(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", inert(text));
}

/// Names the files that do not compile and were left out.
pub fn left_out<'b>(broken: impl IntoIterator<Item = &'b Broken>) {
    for broken in broken {
        let warning = format!("warning: {}: {}", broken.fate(), broken.reason());
        remark(&printable(&warning));
    }
}
