//! Thousands of edits, judged by buf itself and by the presets that stand for its categories: the verdicts are the same, but
//! for the differences that `rules/presets/README.md` lists.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "buf/edits.rs"]
mod edits;
#[path = "buf/judge.rs"]
mod judge;
#[path = "buf/program.rs"]
mod program;
#[path = "buf/verdict.rs"]
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use edits::{Edit, Texts, edits};
use judge::Judge;
use program::Buf;
use protopact::rule::Catalogue;
use protopact::rule::document::{self, Page};
use serde_json::Value;
use verdict::{CATEGORIES, DIFFERENCES, Flagged, Said};

/// Differences that show in some edit.
const SHOWN: [&str; 4] = [
    "extension-renumbered",
    "map-entries",
    "numbers-traded",
    "oneof-renamed",
];

#[test]
fn edits_are_judged_as_buf_does() {
    let Some(buf) = Buf::find() else { return };
    let edits = edits().into_iter().enumerate();
    let mut edits: BTreeMap<usize, Edit> = edits
        .map(|(index, edit)| (index, edit.settled(&format!("e{index}"))))
        .collect();
    let temp = tempfile::tempdir().unwrap();
    for edit in edits.values() {
        write(temp.path(), &edit.before, &edit.after);
    }
    buf.leave_out_invalid(temp.path(), &mut edits);
    assert!(edits.len() >= 2000, "{}", edits.len());
    let flagged = CATEGORIES.map(|(category, _)| {
        let mut found: BTreeMap<usize, Vec<Flagged>> = BTreeMap::new();
        for flagged in buf.asked(temp.path(), category).unwrap() {
            let edit =
                number_of(&flagged).unwrap_or_else(|| panic!("of which edit is {flagged:?}?"));
            found.entry(edit).or_default().push(flagged);
        }
        // Neither silence nor noise would be a test.
        assert!(
            (500..edits.len() - 50).contains(&found.len()),
            "{category}: {}",
            found.len()
        );
        found
    });
    let judge = Judge::new();
    let (mut names, mut wrong) = (BTreeSet::new(), Vec::new());
    for (index, edit) in &edits {
        let said = judge.judge(&edit.before, &edit.after);
        for ((category, _), (flagged, said)) in CATEGORIES.iter().zip(flagged.iter().zip(said)) {
            let flagged = flagged.get(index).map_or(&[][..], Vec::as_slice);
            match said.differences(category, flagged) {
                Ok(found) => names.extend(found),
                Err(why) => wrong.push(format!("{category}: {}\n    {why}", edit.name)),
            }
            // Of two edits at once one may be a rename, after which buf looks at nothing.
            if !edit.is_pair {
                let (_, more) = said.unflagged(category, flagged);
                let more = more.iter();
                wrong.extend(more.map(|it| {
                    let (edit, rule) = (&edit.name, &it.rule);
                    format!(
                        "{category}: {edit}\n    buf does not flag: {rule} {}",
                        it.symbol
                    )
                }));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} verdicts:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(names, BTreeSet::from(SHOWN), "differences that show");
}

#[test]
fn buf_itself_differs_where_a_difference_is_listed() {
    let Some(buf) = Buf::find() else { return };
    let text = fs::read_to_string(root().join("rules/presets/README.md")).unwrap();
    let path = "presets/README.md";
    let cases = document::cases(Page { path, text: &text }).unwrap();
    for (case, (name, fails)) in cases.iter().zip(DIFFERENCES) {
        let temp = tempfile::tempdir().unwrap();
        write(temp.path(), &case.before, &case.after);
        let config = case.config.as_deref().unwrap();
        let (category, _) = CATEGORIES
            .iter()
            .find(|(_, preset)| config.contains(&format!("\"{preset}\"")))
            .unwrap();
        let flagged = buf.asked(temp.path(), category).unwrap();
        assert_eq!(flagged.is_empty(), fails, "{name}: {flagged:?}");
    }
}

/// Configurations of buf, for modules in `p` and `q`; the directories in them are those of [`modules`].
const CONFIGURATIONS: &[&str] = &[
    "",
    "breaking: {use: [WIRE]}",
    "breaking: {use: [PACKAGE], except: [FIELD_SAME_NAME, RPC_NO_DELETE, FIELD_NO_DELETE]}",
    "breaking: {use: [WIRE_JSON], except: [WIRE]}",
    "breaking: {use: [WIRE, FIELD_SAME_NAME, ENUM_NO_DELETE, EXTENSION_NO_DELETE]}",
    "breaking: {use: [FIELD_SAME_TYPE, FIELD_SAME_CARDINALITY, FIELD_SAME_DEFAULT]}",
    "breaking: {use: [FIELD_SAME_TYPE]}",
    "breaking: {use: [FIELD_SAME_CARDINALITY]}",
    "breaking: {use: [FIELD_WIRE_COMPATIBLE_TYPE]}",
    "breaking: {use: [CSR]}",
    "breaking: {use: [ENUM_VALUE_SAME_NAME, RESERVED_MESSAGE_NO_DELETE, RPC_SAME_REQUEST_TYPE]}",
    "breaking: {ignore: [p/D0, q/D1/a.proto, q/D]}",
    "breaking: {ignore_only: {FIELD_SAME_TYPE: [p/D0, q/D1], WIRE: [p/D2/a.proto]}}",
    "breaking: {use: [PACKAGE], ignore_only: {WIRE_JSON: [p/D0], FILE: [q/D3], PACKAGE: [p/D4]}}",
    "modules: [{path: p, breaking: {use: [WIRE]}}, {path: q}]",
    "modules: [{path: p, breaking: {use: [WIRE], ignore: [p/D0]}}, {path: q, breaking: {use: [PACKAGE], except: [FIELD_SAME_TYPE]}}]",
    "modules: [{path: p, breaking: {except: [FIELD_NO_DELETE]}}, {path: q}]\nbreaking: {use: [WIRE], ignore: [p/D0, q/D1]}",
    "modules: [{path: p}, {path: q, breaking: {use: [FIELD_SAME_NAME], ignore_only: {FIELD_SAME_NAME: [q/D1]}}}]\nbreaking: {use: [WIRE_JSON]}",
];

/// What `init --from-buf` writes gives the verdicts that the configuration gave, file by file.
#[test]
fn configurations_are_carried_over() {
    let Some(buf) = Buf::find() else { return };
    let mut wrong = Vec::new();
    let temp = tempfile::tempdir().unwrap();
    let names = modules(temp.path());
    let mut flags_some = 0;
    for configuration in CONFIGURATIONS {
        let mut text = format!("version: v2\n{configuration}\n");
        if !text.contains("modules:") {
            text += "modules: [{path: p}, {path: q}]\n";
        }
        for index in 0..names.len() {
            text = text.replace(&format!("/D{index}"), &format!("/e{index}"));
        }
        let before = "version: v2\nmodules: [{path: p}, {path: q}]\n";
        let flagged = buf.asked_by(temp.path(), before, &text).unwrap();
        let after = temp.path().join("after");
        let run = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_protopact"));
            command
                .current_dir(&after)
                .args(arguments)
                .output()
                .unwrap()
        };
        let output = run(&["init", "--from-buf", "--force"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let output = run(&[
            "check",
            "--format",
            "json",
            "--against",
            "dir:../before",
            "--to",
            "dir:.",
        ]);
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let said = Said::read(&report);
        if let Err(why) = said.differences("own", &flagged) {
            wrong.push(format!("{configuration}\n    {why}"));
        }
        // What a difference explains may be on either side alone.
        let theirs = flagged.iter().map(|it| {
            let what = format!("buf: {} {}", it.rule, it.message);
            (directory_of(it), it.difference("own"), what)
        });
        let ours = said.findings.iter().map(|it| {
            // Below the directory of the module.
            let directory = it.path.as_ref().and_then(|path| path.split('/').nth(1));
            let what = format!("found: {} {}", it.rule, it.symbol);
            (directory, it.difference("own"), what)
        });
        let (theirs, ours): (Vec<_>, Vec<_>) = (theirs.collect(), ours.collect());
        for (here, there) in [(&theirs, &ours), (&ours, &theirs)] {
            for (directory, difference, what) in here {
                if difference.is_none() && !there.iter().any(|(other, ..)| other == directory) {
                    let edit = directory.map_or("", |it| &*names[it]);
                    wrong.push(format!(
                        "{configuration}\n    on one side alone: {directory:?} {edit}\n    {what}"
                    ));
                }
            }
        }
        flags_some += usize::from(!flagged.is_empty());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(flags_some, CONFIGURATIONS.len());
}

/// Two modules with some of the edits in them, each in a directory of its own, those of `p` and `q` in turn; the
/// directories, and the names of their edits.
fn modules(root: &Path) -> BTreeMap<String, String> {
    const EVERY: usize = 23;
    let edits = edits().into_iter().filter(|edit| !edit.is_pair);
    let mut names = BTreeMap::new();
    for (index, edit) in edits.step_by(EVERY).enumerate() {
        let (module, directory) = (["p", "q"][index % 2], format!("e{index}"));
        let edit = edit.settled(&directory);
        let within = |texts: &Texts| -> Texts {
            let texts = texts.iter();
            texts
                .map(|(path, text)| (format!("{module}/{path}"), text.clone()))
                .collect()
        };
        write(root, &within(&edit.before), &within(&edit.after));
        names.insert(directory, edit.name);
    }
    names
}

/// The directory of an edit that a finding is about.
fn directory_of(flagged: &Flagged) -> Option<&str> {
    let quoted = flagged.message.split('"').skip(1).step_by(2);
    let mut texts = flagged.path.as_deref().into_iter().chain(quoted);
    texts.find_map(|text| {
        let mut words = text.split(['/', '.']);
        words.find(|word| {
            word.strip_prefix('e')
                .is_some_and(|rest| rest.parse::<usize>().is_ok())
        })
    })
}

/// The categories of buf's rules are data here: held to what buf says of itself, in each version of its configuration.
#[test]
fn rules_are_in_the_categories_that_buf_puts_them_into() {
    let Some(buf) = Buf::find() else { return };
    let catalogue = Catalogue::embedded().unwrap();
    let family = catalogue.family("buf").unwrap();
    for (version, older) in [
        ("v2", None),
        ("v1", Some("v1")),
        ("v1beta1", Some("v1beta1")),
    ] {
        let temp = tempfile::tempdir().unwrap();
        let arguments = [
            "config",
            "ls-breaking-rules",
            "--include-deprecated",
            "--format",
            "json",
            "--version",
            version,
        ];
        let output = buf.run(temp.path(), &arguments);
        let mut theirs = BTreeMap::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let rule: Value = serde_json::from_str(line).unwrap();
            let groups = rule["categories"].as_array().into_iter().flatten();
            let groups: BTreeSet<String> =
                groups.map(|it| it.as_str().unwrap().to_owned()).collect();
            theirs.insert(rule["id"].as_str().unwrap().to_owned(), groups);
        }
        assert!(theirs.len() > 60, "{version}");
        for (id, groups) in &theirs {
            let alias = family
                .alias(id)
                .unwrap_or_else(|| panic!("{id} has no entry"));
            // There was no such category before.
            let ours = alias.groups_in(older).iter();
            let ours: BTreeSet<String> = ours
                .filter(|it| older.is_none() || *it != "CSR")
                .cloned()
                .collect();
            assert_eq!(ours, *groups, "{id} in {version}");
        }
        for alias in &family.aliases {
            let is_known = theirs.contains_key(&alias.name);
            let has_groups = !alias.groups_in(older).is_empty();
            assert!(
                is_known || !has_groups,
                "{} is no rule of {version}",
                alias.name
            );
        }
    }
}

impl Buf {
    /// Two edits at once need not go together: what buf does not compile, or cannot compare, is left out. A single one that
    /// it does not compile is an error in the test.
    fn leave_out_invalid(&self, root: &Path, edits: &mut BTreeMap<usize, Edit>) {
        for side in ["before", "after"] {
            fs::write(root.join(side).join("buf.yaml"), "version: v2\n").unwrap();
            let arguments = ["build", "--error-format", "json"];
            while let Err(error) = self.succeeds(&root.join(side), &arguments) {
                let invalid: Vec<Flagged> = error
                    .lines()
                    .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{error}")))
                    .map(|value| Flagged::read(&value))
                    .collect();
                let numbers = invalid.iter().map(|it| number_of(it).unwrap());
                leave_out(root, edits, &numbers.collect(), &error);
            }
        }
        let arguments = ["breaking", "--against", "../before"];
        while let Err(error) = self.succeeds(&root.join("after"), &arguments) {
            // `message field "e7.v1.M.f" is an invalid map: …`
            let number = error.split('"').skip(1).step_by(2).find_map(number_in);
            let number = number.unwrap_or_else(|| panic!("{error}"));
            leave_out(root, edits, &BTreeSet::from([number]), &error);
        }
    }

    /// Runs it where it finds something or nothing; the error is what it says otherwise.
    fn succeeds(&self, directory: &Path, arguments: &[&str]) -> Result<(), String> {
        let output = self.run(directory, arguments);
        if output.status.success()
            || (output.status.code() == Some(100) && output.stderr.is_empty())
        {
            return Ok(());
        }
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

/// Takes edits away, and their files.
fn leave_out(root: &Path, edits: &mut BTreeMap<usize, Edit>, numbers: &BTreeSet<usize>, why: &str) {
    for number in numbers {
        let edit = edits.remove(number).unwrap_or_else(|| panic!("{why}"));
        assert!(edit.is_pair, "{}: {why}", edit.name);
        for side in ["before", "after"] {
            let directory = root.join(side).join(format!("e{number}"));
            if directory.is_dir() {
                fs::remove_dir_all(directory).unwrap();
            }
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn write(root: &Path, before: &Texts, after: &Texts) {
    for (side, texts) in [("before", before), ("after", after)] {
        for (path, text) in texts {
            let path = root.join(side).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
}

/// The number of the edit: in the path, else in a path or a package that the message names.
fn number_of(flagged: &Flagged) -> Option<usize> {
    let quoted = flagged.message.split('"').skip(1).step_by(2);
    let mut texts = flagged.path.as_deref().into_iter().chain(quoted);
    texts.find_map(number_in)
}

/// The number of the edit that a path or a full name lies in.
fn number_in(text: &str) -> Option<usize> {
    let word = text.split(['/', '.']).next()?;
    word.strip_prefix('e')?.parse().ok()
}
