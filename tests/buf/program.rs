//! buf itself: found where `.ci/run` installs it, and asked about two folders, `before` and `after`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::verdict::Flagged;

/// The program.
pub(crate) struct Buf(PathBuf);

impl Buf {
    /// `None`, said on stderr, where it is not there.
    pub(crate) fn find() -> Option<Self> {
        let installed = root().join("target/buf/node_modules/.bin/buf");
        let named = std::env::var_os("PROTOPACT_BUF").map(PathBuf::from);
        let program = named
            .or(Some(installed))
            .filter(|program| program.is_file());
        if let Some(program) = program {
            return Some(Self(program));
        }
        let required = std::env::var_os("PROTOPACT_REQUIRE_BUF").is_some_and(|it| it == "1");
        assert!(
            !required,
            "no buf: .ci/run installs it, and PROTOPACT_BUF names another one"
        );
        // Not by `eprintln!`, which the test harness swallows where a test passes.
        let said = "skipped: no buf; .ci/run installs it, and PROTOPACT_BUF names another one\n";
        std::io::stderr().write_all(said.as_bytes()).unwrap();
        None
    }

    pub(crate) fn run(&self, directory: &Path, arguments: &[&str]) -> Output {
        // It writes to a cache of its own, which is not to be somebody's.
        let mut command = Command::new(&self.0);
        command
            .current_dir(directory)
            .env("BUF_CACHE_DIR", directory.join("cache"));
        command.args(arguments).output().unwrap()
    }

    /// What `buf breaking` says of `after` against `before` in a category; the error is what it says where it cannot tell.
    pub(crate) fn asked(&self, root: &Path, category: &str) -> Result<Vec<Flagged>, String> {
        let config = format!("version: v2\nbreaking:\n  use: [{category}]\n");
        self.asked_by(root, "version: v2\n", &config)
    }

    /// The same under configurations of the two sides.
    pub(crate) fn asked_by(
        &self,
        root: &Path,
        before: &str,
        after: &str,
    ) -> Result<Vec<Flagged>, String> {
        fs::write(root.join("before/buf.yaml"), before).unwrap();
        fs::write(root.join("after/buf.yaml"), after).unwrap();
        let arguments = [
            "breaking",
            "--against",
            "../before",
            "--error-format",
            "json",
        ];
        let output = self.run(&root.join("after"), &arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        let flagged: Vec<Flagged> = text
            .lines()
            .map(|line| Flagged::read(&serde_json::from_str(line).unwrap()))
            .collect();
        let error = String::from_utf8_lossy(&output.stderr);
        let expected = if flagged.is_empty() { 0 } else { 100 };
        if output.status.code() != Some(expected) {
            return Err(error.into_owned());
        }
        if flagged.iter().any(|it| it.rule == "COMPILE") {
            return Err(format!("{flagged:?}"));
        }
        Ok(flagged)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
