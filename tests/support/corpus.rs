//! Finds the corpus of published repositories and measurements, which stays outside of the project.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder of the corpus that holds a file: `PROTOPACT_CORPUS`, else beside the project. `None`, said on stderr, where
/// the file is not there; where `PROTOPACT_REQUIRE_CORPUS=1` asks for it, that fails the test.
pub(crate) fn find(file: &str) -> Option<PathBuf> {
    let source = std::env::var_os("PROTOPACT_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    if source.join(file).is_file() {
        return Some(source);
    }
    let required = std::env::var_os("PROTOPACT_REQUIRE_CORPUS").is_some_and(|it| it == "1");
    assert!(!required, "no {file} in the corpus at {}", source.display());
    // Not by `eprintln!`, which the test harness swallows where a test passes.
    let said = format!("skipped: no {file} in the corpus at {}\n", source.display());
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    None
}
