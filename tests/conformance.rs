//! What the program makes of a text is what protoc makes of it: descriptors and places, for every schema of the rule pages and
//! every one below `testdata/spellings`.
//!
//! protoc is the one of `grpcio-tools`; `PROTOPACT_PROTOC_PYTHON` names a Python that has it. Without one the test says
//! that it skipped; with `PROTOPACT_REQUIRE_PROTOC=1` it fails instead.

#![allow(clippy::unwrap_used)]

#[path = "support/spellings.rs"]
mod spellings;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use protopact::check;
use protopact::diff::{self, Side};
use protopact::maturity::Maturities;
use protopact::rule::Catalogue;
use protopact::schema::image;
use protopact::schema::load::{self, LoadError, Loaded, Options};
use protopact::schema::tree::{Content, Tree};
use protopact::schema::{ElementId, Schema};

/// Compiles each folder named on the command line to FOLDER.binpb, or says why not in FOLDER.err.
const COMPILE: &str = r#"
import contextlib, os, sys
from grpc_tools import protoc
import importlib.resources
shipped = str(importlib.resources.files("grpc_tools") / "_proto")
for folder in sys.argv[1:]:
    files = sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names if name.endswith(".proto"))
    status = protoc.main(["protoc", f"-I{folder}", f"-I{shipped}", "--include_source_info", "--include_imports", f"--descriptor_set_out={folder}.binpb", *files])
    if status:
        open(folder + ".err", "w").write(str(status))
"#;

type Files = BTreeMap<String, String>;

#[test]
fn texts_give_the_descriptors_and_places_that_protoc_gives() {
    let python = std::env::var("PROTOPACT_PROTOC_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let probe = Command::new(&python)
        .args(["-c", "import grpc_tools.protoc"])
        .output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        assert!(
            std::env::var_os("PROTOPACT_REQUIRE_PROTOC").is_none(),
            "`{python}` has no grpcio-tools"
        );
        // The harness swallows what a passing test prints; a skip is to be seen.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: `{python}` has no grpcio-tools, so there is no protoc to compare with"
        );
        return;
    }
    let trees = trees();
    let folder = tempfile::tempdir().unwrap();
    let folders: Vec<String> = (0..trees.len())
        .map(|index| folder.path().join(index.to_string()).display().to_string())
        .collect();
    for (folder, (_, files)) in folders.iter().zip(&trees) {
        for (path, text) in files {
            let path = Path::new(folder).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let compiled = Command::new(&python)
        .arg("-c")
        .arg(COMPILE)
        .args(&folders)
        .output()
        .unwrap();
    assert!(
        compiled.status.success(),
        "{}",
        String::from_utf8_lossy(&compiled.stderr)
    );
    let mut wrong = Vec::new();
    let mut compared = 0;
    let spellings = spellings::trees().len();
    for (folder, (name, _)) in folders.iter().zip(&trees).take(spellings) {
        assert!(
            Path::new(&format!("{folder}.binpb")).exists(),
            "protoc refuses {name}"
        );
    }
    for (folder, (name, files)) in folders.iter().zip(&trees) {
        // Two modules of one tree are two calls of protoc: such a tree is left to its own tests.
        if let Ok(bytes) = fs::read(format!("{folder}.binpb")) {
            compared += 1;
            wrong.extend(
                differences(files, &bytes)
                    .into_iter()
                    .map(|what| format!("{name}: {what}")),
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared} schemas differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        compared * 10 >= trees.len() * 9,
        "protoc refused {} of {} schemas",
        trees.len() - compared,
        trees.len()
    );
}

/// Every side of every case of the rule pages, and the schemas with spellings that few know.
fn trees() -> Vec<(String, Files)> {
    let catalogue = Catalogue::embedded().unwrap();
    let mut trees = spellings::trees();
    for rule in catalogue.rules() {
        for case in rule.cases().unwrap() {
            let config = case.config.unwrap_or_default();
            if config.contains("missing-imports = \"stub\"") {
                // protoc has nothing that stands in for what is not there.
                continue;
            }
            for (side, files) in [("before", case.before), ("after", case.after)] {
                let protos = files.into_iter().filter(|(path, _)| {
                    Path::new(path)
                        .extension()
                        .is_some_and(|end| end == "proto")
                });
                trees.push((
                    format!("{} {} ({side})", rule.id, case.title),
                    protos.collect(),
                ));
            }
        }
    }
    trees
}

fn differences(files: &Files, compiled: &[u8]) -> Vec<String> {
    let mut text = check::tree(
        "text",
        files
            .iter()
            .map(|(path, text)| (path.clone(), text.clone().into_bytes())),
    );
    let mut image = Tree {
        name: "image".to_owned(),
        is_image: true,
        ..Tree::default()
    };
    for file in image::files(compiled).unwrap() {
        if files.contains_key(&file.path) {
            image
                .files
                .insert(file.path, Content::held(file.descriptor));
        }
    }
    load::align(&mut image, &mut text, &[".".to_owned()]).unwrap();
    let options = Options {
        roots: vec![".".to_owned()],
        full: true,
        ..Options::default()
    };
    let Loaded {
        baseline, current, ..
    } = match load::load(&image, &text, &options) {
        Ok(loaded) => loaded,
        Err(LoadError::Compile(errors)) => {
            return errors.iter().map(|error| format!("{error:?}")).collect();
        }
        Err(LoadError::Read(error)) => return vec![error.to_string()],
    };
    let none = Maturities::default();
    let changes = diff::diff(
        Side {
            schema: &baseline,
            maturity: &none,
        },
        Side {
            schema: &current,
            maturity: &none,
        },
    );
    let changes = changes
        .iter()
        .map(|change| format!("{:?}: {:?} → {:?}", change.triple(), change.from, change.to));
    let places = current.elements().filter_map(|(id, element)| {
        let other = baseline
            .elements()
            .find(|(_, other)| {
                other.subject == element.subject && other.full_name == element.full_name
            })?
            .0;
        let (ours, theirs) = (place(&current, id), place(&baseline, other));
        (ours != theirs).then(|| {
            format!(
                "{} `{}`: {ours:?} instead of {theirs:?}",
                element.subject, element.full_name
            )
        })
    });
    changes.chain(places).collect()
}

/// The line and column of an element's name.
fn place(schema: &Schema, id: ElementId) -> (u32, u32) {
    let span = schema.token(id, &[]);
    (span.line, span.column)
}
