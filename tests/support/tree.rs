//! Two directories beside each other, `before` and `after`, and what protopact prints of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Directories that are gone after the test.
pub(crate) struct Sides(TempDir);

/// Files as path and text.
pub(crate) type Files<'a> = &'a [(&'a str, &'a str)];

/// Writes both sides.
pub(crate) fn sides(before: Files<'_>, after: Files<'_>) -> Sides {
    let sides = Sides(TempDir::new().unwrap());
    for (side, files) in [("before", before), ("after", after)] {
        fs::create_dir(sides.path(side)).unwrap();
        for (path, text) in files {
            sides.write(format!("{side}/{path}"), text.as_bytes());
        }
    }
    sides
}

impl Sides {
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, bytes: &[u8]) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// `protopact check` of the sides: what it printed, errors first, and its exit status.
    pub(crate) fn check(&self, flags: &[&str]) -> String {
        let sides = ["check", "--against", "before", "--to", "after"];
        self.run(&[&sides[..], flags].concat())
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
            .current_dir(self.0.path())
            // No repository around the temporary directory is ours.
            .env("GIT_CEILING_DIRECTORIES", self.0.path().parent().unwrap())
            .env_remove("CLICOLOR_FORCE")
            // What buf fetched on this machine is nothing to a test.
            .env("BUF_CACHE_DIR", self.path("cache"))
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let status = output.status.code().map_or_else(
            || format!("killed: {}", output.status),
            |code| format!("exit {code}"),
        );
        format!("{}{}{status}", text(output.stderr), text(output.stdout))
    }
}

/// A file of the package `acme.v1`.
#[allow(dead_code, reason = "not every test that has sides has such files")]
pub(crate) fn acme(body: &str) -> String {
    format!("syntax = \"proto3\";\npackage acme.v1;\n\n{body}")
}
