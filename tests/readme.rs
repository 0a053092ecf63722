//! What the README shows is what the program does: output, command lines, configuration, names of rules.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use protopact::acceptance::record;
use protopact::cli::Cli;
use protopact::config::Config;
use protopact::rule::Catalogue;

/// Read anew in each process: another test may have just written a part of it.
static README: LazyLock<String> = LazyLock::new(|| std::fs::read_to_string(path()).unwrap());
/// How the README runs the program in a fresh clone.
const FROM_SOURCE: &str = "cargo run --quiet -- ";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"))
}

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = README.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if info == language {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// The words after the program's name, where a line runs the program.
fn arguments(line: &str) -> Option<Vec<&str>> {
    let line = line.trim_start_matches("- run: ").trim();
    let typed = line
        .strip_prefix("protopact ")
        .or_else(|| line.strip_prefix(FROM_SOURCE))?;
    let words = typed.split_whitespace();
    Some(
        words
            .take_while(|word| !matches!(*word, "#" | "|" | ">"))
            .collect(),
    )
}

/// A block is `$ command`, then paragraphs of what it prints to stdout; `...` stands where some are left out.
#[test]
fn the_output_shown_is_what_the_program_prints() {
    let mut readme = README.clone();
    let blocks = blocks("console");
    assert!(!blocks.is_empty(), "the README shows no output");
    for block in blocks {
        let (command, shown) = block.split_once('\n').unwrap();
        let words = command.strip_prefix("$ ").and_then(arguments);
        let output = Command::new(env!("CARGO_BIN_EXE_protopact"))
            .args(words.unwrap_or_else(|| panic!("not protopact: {command}")))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let expected = format!("{command}\n{}", same_paragraphs(shown, printed.trim()));
        assert!(
            block == expected || std::env::var_os("UPDATE").is_some(),
            "`{command}` prints\n{printed}\nrun `UPDATE=1 cargo test --test readme` to show\n{expected}"
        );
        readme = readme.replace(&block, &expected);
    }
    if readme != *README {
        std::fs::write(path(), readme).unwrap();
    }
}

/// The paragraphs of what is printed that begin like those shown, with `...` where some are left out.
fn same_paragraphs(shown: &str, printed: &str) -> String {
    let beginning = |paragraph: &str| paragraph.split(':').next().map(str::to_owned);
    let shown: Vec<&str> = paragraphs(shown).filter(|text| *text != "...").collect();
    let mut out = Vec::new();
    let mut kept = 0;
    for paragraph in paragraphs(printed) {
        let next = shown.get(kept);
        if next.is_some_and(|next| beginning(next) == beginning(paragraph)) {
            kept += 1;
            out.push(paragraph);
        } else if out.last() != Some(&"...") {
            out.push("...");
        }
    }
    if let Some(missing) = shown.get(kept) {
        panic!("nothing that is printed there begins like\n{missing}\nin\n{printed}");
    }
    out.join("\n\n")
}

fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

#[test]
fn the_quick_start_works_in_a_fresh_clone() {
    let section = README.split_once("## Quick start").unwrap().1;
    let command = section
        .split("```sh\n")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let arguments = command.and_then(arguments).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for flag in ["--against", "--to"] {
        let at = arguments.iter().position(|word| *word == flag).unwrap();
        let side = arguments.get(at + 1).unwrap();
        assert!(root.join(side).is_dir(), "{side} is not in the repository");
    }
}

#[test]
fn every_command_line_is_understood() {
    let shell = blocks("sh").join("\n");
    let yaml = blocks("yaml").join("\n");
    let lines = shell.lines().chain(yaml.lines());
    let mut count = 0;
    for arguments in lines.filter_map(arguments) {
        count += 1;
        let words = std::iter::once("protopact")
            .chain(arguments.iter().copied())
            .map(Into::into);
        if let Err(error) = Cli::read(words) {
            panic!("{arguments:?}: {error}");
        }
    }
    assert!(count > 5, "the README has only {count} command lines");
}

#[test]
fn every_configuration_is_read() {
    let blocks = blocks("toml");
    assert!(!blocks.is_empty(), "the README shows no configuration");
    for block in blocks {
        // What was agreed to stands in a file of its own.
        let error = if block.starts_with("[[accepted]]") {
            record::read("README.md", &block, &catalogue()).err()
        } else {
            Config::parse("README.md", &block, &catalogue()).err()
        };
        if let Some(error) = error {
            panic!("{error}\n{block}");
        }
    }
}

/// A word that begins like a rule, as in `field-renumbered`, has to be one.
#[test]
fn every_rule_that_is_named_exists() {
    let catalogue = catalogue();
    let rules = catalogue.rules().iter().map(|rule| rule.id.as_str());
    let guarantees = catalogue
        .guarantees()
        .iter()
        .map(|guarantee| guarantee.id.as_str());
    let known: BTreeSet<&str> = rules.clone().chain(guarantees).collect();
    let beginnings: BTreeSet<&str> = rules.filter_map(|rule| rule.split('-').next()).collect();
    // Tables and keys of the configuration have names of the same kind.
    let text = README
        .replace("[[custom-option]]", "")
        .replace("deprecation-releases", "");
    let words = text.split(|character: char| !character.is_ascii_lowercase() && character != '-');
    let mut named = 0;
    for word in words.filter(|word| word.contains('-')) {
        if known.contains(word) {
            named += 1;
        } else if let Some((beginning, _)) = word.split_once('-') {
            assert!(!beginnings.contains(beginning), "there is no rule {word}");
        }
    }
    assert!(named > 0, "the README names no rule");
}
