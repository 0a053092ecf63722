//! `protopact init`: looks at the tree and writes a first configuration; what it says is for `init` to say.

use std::io::ErrorKind;
use std::sync::Arc;

use super::output::{self, Failure, plain, trouble};
use super::{Global, Init, sides};
use crate::check;
use crate::config::Config;
use crate::init::buf::{self, Buf};
use crate::init::{self, Shown};
use crate::report::text::printable;
use crate::revision::{Place, Revision};
use crate::rule::Catalogue;
use crate::schema::layout::Layout;

/// Writes the configuration, unless there is one.
pub fn run(global: &Global, flags: &Init) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let current = Arc::new(place.current(None)?);
    let path = match &global.config {
        Some(path) => global.resolve(path),
        None => match current.root() {
            Some(root) => root.join(sides::CONFIG),
            None => {
                return Err(trouble(
                    "there is no worktree to write the configuration to",
                    "name a file with `--config FILE`",
                ));
            }
        },
    };
    let shown = path.file_name().unwrap_or_default().to_string_lossy();
    if path.exists() && !flags.force {
        return Err(trouble(
            format!("`{shown}` is there already"),
            "keep it, write another file with `--config FILE`, or write it anew with `--force`",
        ));
    }
    let text = if flags.from_buf {
        from_buf(&current, &catalogue)?
    } else {
        init::plain(&look(&current)?)
    };
    // What is written is what will be read.
    Config::parse(&shown, &text, &catalogue)?;
    std::fs::write(&path, &text).map_err(|error| match error.kind() {
        ErrorKind::NotFound => trouble(
            format!("`{}` cannot be written: {error}", path.display()),
            "make the directory first",
        ),
        _ => plain(format!("`{}` cannot be written: {error}", path.display())),
    })?;
    output::remark(&format!("`{shown}` was written"));
    Ok(())
}

/// What the tree shows.
fn look(current: &Arc<Revision>) -> Result<Shown, Failure> {
    let config = Config::default();
    let input = sides::input(current, sides::CURRENT, &config)?;
    let files = buf_files(current)?;
    let table = check::table_of(&input, &config).filter(|(table, _)| {
        let root = check::table_root(table, &input, &config);
        table.covers_any(&root, input.tree.files.keys().map(String::as_str))
    });
    let readme = input.readme.as_ref().map_or("", |(file, _)| file.as_str());
    let roots = match files.as_slice() {
        [] => Vec::new(),
        files => {
            let mut layout = Layout::default();
            for (directory, path, text) in files {
                layout.extend(Layout::module(directory, path, text)?);
            }
            layout.roots.iter().map(|root| named(root)).collect()
        }
    };
    Ok(Shown {
        table: table.map(|(table, _)| format!("{readme}:{}", table.line)),
        roots,
        has_buf: !files.is_empty(),
    })
}

/// A root as a configuration names it.
fn named(root: &str) -> String {
    if root.is_empty() { "." } else { root }.to_owned()
}

fn from_buf(current: &Revision, catalogue: &Catalogue) -> Result<String, Failure> {
    let family = catalogue
        .family(buf::FAMILY)
        .ok_or_else(|| plain("the program was built without the names of buf's rules"))?;
    let files = buf_files(current)?;
    if files.is_empty() {
        return Err(trouble(
            "there is no buf.yaml at the root of the tree or above one of its .proto files",
            "leave `--from-buf` out, or name the directory with `-C DIR`",
        ));
    }
    let read: Vec<Buf> = files
        .iter()
        .map(|(directory, path, text)| buf::read(directory, path, text, family))
        .collect::<Result<_, _>>()?;
    let (text, remarks) = init::from_buf(&buf::together(read), catalogue, family)?;
    for remark in &remarks {
        output::remark(&format!("not carried over: {}", printable(remark)));
    }
    Ok(text)
}

/// The `buf.yaml` files at the root and above the protos: directory, path and text, from the root down.
fn buf_files(current: &Revision) -> Result<Vec<(String, String, String)>, Failure> {
    let mut found = Vec::new();
    for directory in super::layout::directories(current) {
        let path = super::layout::join(&directory, crate::schema::layout::MODULE);
        if let Some((shown, text)) = super::layout::text(current, "", &path)? {
            found.push((directory, shown, text));
        }
    }
    Ok(found)
}
