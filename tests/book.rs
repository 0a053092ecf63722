//! The documentation site tells the truth: what its guides show is what the programs print, what they have typed is understood, and
//! links lead somewhere. `UPDATE=1 cargo test --test book` writes the output shown anew.
//!
//! With the mdBook that `PROTOPACT_MDBOOK` names, the site itself is built and its links are followed; without it that test says
//! that it skipped, and with `PROTOPACT_REQUIRE_MDBOOK=1` it fails instead.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

#[path = "book/links.rs"]
mod links;
#[allow(dead_code, unreachable_pub)]
#[path = "../book/rules.rs"]
mod rules;
#[path = "book/session.rs"]
mod session;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use protopact::cli::Cli;
use protopact::config::Config;
use protopact::rule::Catalogue;
use saphyr::{LoadableYamlNode as _, Yaml};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the guides, with their text.
fn guides() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("book/src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| (path.clone(), fs::read_to_string(path).unwrap());
    paths.into_iter().map(read).collect()
}

/// The fenced blocks: language and text.
fn blocks(text: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line
            .strip_prefix("```")
            .filter(|info| !info.starts_with('`'))
        {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info, block.join("\n")));
        }
    }
    blocks
}

#[test]
fn what_is_typed_prints_what_is_shown() {
    let mut commands = 0;
    for (path, text) in guides() {
        let mut now = text.clone();
        let mut session = session::start(&text);
        for (_, block) in blocks(&text).iter().filter(|(info, _)| *info == "console") {
            commands += block.matches("$ ").count();
            let printed = session.run(block);
            if printed != *block {
                let fenced = |text: &str| format!("```console\n{text}\n```");
                now = now.replacen(&fenced(block), &fenced(&printed), 1);
            }
        }
        if now != text {
            assert!(
                std::env::var_os("UPDATE").is_some(),
                "{}: run `UPDATE=1 cargo test --test book` and review\n{now}",
                path.display()
            );
            fs::write(path, now).unwrap();
        }
    }
    assert!(commands > 10, "the guides run only {commands} commands");
}

/// The words after the program's name, for each line of a script or of YAML that runs it.
fn command_lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches("- ");
        let line = ["run: ", "command: ", "sh '"]
            .iter()
            .fold(line, |line, key| line.strip_prefix(key).unwrap_or(line));
        let typed = line.trim_end_matches('\'').strip_prefix("protopact ")?;
        let words = typed.split_whitespace();
        Some(
            words
                .take_while(|word| !matches!(*word, "#" | "|" | "||" | ">" | "&&"))
                .collect(),
        )
    })
}

#[test]
fn command_lines_in_recipes_are_understood() {
    let mut count = 0;
    for (path, text) in guides() {
        for (language, block) in blocks(&text) {
            if !matches!(language, "sh" | "yaml" | "groovy") {
                continue;
            }
            for words in command_lines(&block) {
                count += 1;
                let words = words.iter().map(|word| word.trim_matches('"'));
                let line = ["protopact"].into_iter().chain(words).map(Into::into);
                if let Err(error) = Cli::read(line) {
                    panic!("{}: {error}", path.display());
                }
            }
        }
    }
    assert!(count > 6, "the guides have only {count} command lines");
}

#[test]
fn yaml_and_configurations_can_be_read() {
    let catalogue = Catalogue::embedded().unwrap();
    for (path, text) in guides() {
        let shown = path.display().to_string();
        for (language, block) in blocks(&text) {
            if language == "yaml" {
                Yaml::load_from_str(&block).unwrap_or_else(|error| panic!("{shown}: {error}"));
            } else if language == "toml" {
                Config::parse(&shown, &block, &catalogue).unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
}

/// Every page of the site: its path there, and its text.
fn pages() -> BTreeMap<String, String> {
    fn gather(chapters: Vec<rules::Chapter>, pages: &mut BTreeMap<String, String>) {
        for chapter in chapters {
            pages.insert(chapter.path, chapter.content);
            gather(chapter.below, pages);
        }
    }
    let mut pages: BTreeMap<String, String> = guides()
        .into_iter()
        .map(|(path, text)| (path.file_name().unwrap().to_str().unwrap().to_owned(), text))
        .collect();
    gather(rules::chapters(root()).unwrap(), &mut pages);
    pages
}

#[test]
fn links_between_pages_lead_somewhere() {
    let pages = pages();
    assert!(pages.len() > 100, "there are only {} pages", pages.len());
    let dead = links::dead(&pages, |_| false);
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn links_between_the_files_of_the_repository_lead_somewhere() {
    fn gather(folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
            if path.is_dir() {
                if !name.starts_with("target")
                    && !name.starts_with(".git/")
                    && !name.starts_with("book")
                {
                    gather(&path, files);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                files.insert(name.to_owned(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    gather(root(), &mut files);
    let dead = links::dead(&files, |path| root().join(path).exists());
    assert!(dead.is_empty(), "{dead:#?}");
}

/// The address of the repository is not settled: it stands in `Cargo.toml`, and wherever else it is needed it is the same one.
#[test]
fn there_is_one_address() {
    let address = env!("CARGO_PKG_REPOSITORY");
    let (host, _) = address.rsplit_once('/').unwrap();
    let mut texts = guides();
    for path in [
        "README.md",
        "pyproject.toml",
        "Dockerfile",
        "action.yml",
        "CHANGELOG.md",
    ] {
        let path = root().join(path);
        if let Ok(text) = fs::read_to_string(&path) {
            texts.push((path, text));
        }
    }
    for (path, text) in texts {
        for (at, _) in text.match_indices(host) {
            assert!(text[at..].starts_with(address), "{}", path.display());
        }
    }
}

#[test]
fn the_site_is_built_and_its_links_lead_somewhere() {
    let Some(mdbook) = std::env::var_os("PROTOPACT_MDBOOK") else {
        let required = std::env::var_os("PROTOPACT_REQUIRE_MDBOOK").is_some_and(|it| it == "1");
        assert!(!required, "PROTOPACT_MDBOOK names no mdBook");
        // Not by `eprintln!`, which the test harness swallows where a test passes.
        io::stderr()
            .write_all(b"skipped: PROTOPACT_MDBOOK names no mdBook\n")
            .unwrap();
        return;
    };
    let temp = TempDir::new().unwrap();
    let built = Command::new(mdbook)
        .arg("build")
        .arg(root().join("book"))
        .arg("--dest-dir")
        .arg(temp.path())
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{log}");
    assert!(!log.contains("WARN"), "{log}");
    let (files, dead) = links::dead_on_disk(temp.path());
    assert!(files > 100, "only {files} pages were built");
    assert!(dead.is_empty(), "{dead:#?}");
}
