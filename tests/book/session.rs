//! What a person types after each other in one shell, and what they see.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A shell in a directory that is gone after the test.
pub(crate) struct Session {
    temp: TempDir,
    /// What was typed so far; a shell is cheap enough to begin anew.
    typed: Vec<String>,
    printed: usize,
}

/// Marks the end of what a command prints.
const MARK: &str = "\u{1}";

/// Begins where the guide says in a comment, `<!-- begins in a copy of FOLDER -->`; else in an empty directory.
pub(crate) fn start(guide: &str) -> Session {
    let temp = TempDir::new().unwrap();
    let folder = guide
        .split_once("<!-- begins in a copy of ")
        .and_then(|(_, rest)| rest.split_once(" -->"));
    match folder {
        Some((folder, _)) => {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            copy(&folder, &temp.path().join("start"));
        }
        None => fs::create_dir(temp.path().join("start")).unwrap(),
    }
    Session {
        temp,
        typed: Vec::new(),
        printed: 0,
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

impl Session {
    /// Runs the commands of a block, lines `$ command` with what they print below, and gives the block with what they do print.
    /// Lines `...` stay where they stand for lines that are printed; a command goes on in lines that begin with `> `.
    pub(crate) fn run(&mut self, block: &str) -> String {
        let mut commands: Vec<(String, Vec<&str>)> = Vec::new();
        for line in block.lines() {
            match (line.strip_prefix("$ "), line.strip_prefix("> ")) {
                (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
                (None, Some(more)) if commands.last().is_some_and(|last| last.1.is_empty()) => {
                    let last = &mut commands.last_mut().unwrap().0;
                    last.push('\n');
                    last.push_str(more);
                }
                _ => commands.last_mut().unwrap().1.push(line),
            }
        }
        self.typed
            .extend(commands.iter().map(|(typed, _)| typed.clone()));
        let outputs = self.outputs();
        let mut out = Vec::new();
        for ((typed, shown), printed) in commands.iter().zip(&outputs[self.printed..]) {
            out.push(format!("$ {}", typed.replace('\n', "\n> ")));
            let printed: Vec<&str> = printed.lines().collect();
            // A blank line before the next command is only there to be read better.
            let (shown, blank) = match shown.as_slice() {
                [lines @ .., ""] if printed.last() != Some(&"") => (lines, true),
                lines => (lines, false),
            };
            let same = is_same(shown, &printed);
            let lines = if same { shown } else { printed.as_slice() };
            out.extend(lines.iter().map(|line| (*line).to_owned()));
            if blank {
                out.push(String::new());
            }
        }
        self.printed = outputs.len();
        out.join("\n")
    }

    /// What each command so far prints, all of them run in one shell of a fresh copy.
    fn outputs(&self) -> Vec<String> {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_protopact"));
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", program.parent().unwrap().display());
        let folder = self.temp.path().join("run");
        drop(fs::remove_dir_all(&folder));
        copy(&self.temp.path().join("start"), &folder);
        let mut script = "exec 2>&1\nstatus=0\n".to_owned();
        for typed in &self.typed {
            write!(
                script,
                "(exit $status)\n{typed}\nstatus=$?\nprintf '{MARK}'\n"
            )
            .unwrap();
        }
        let mut command = Command::new("bash");
        for variable in [
            "GIT_DIR",
            "GIT_INDEX_FILE",
            "GIT_WORK_TREE",
            "CLICOLOR_FORCE",
        ] {
            command.env_remove(variable);
        }
        for person in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{person}_NAME"), "somebody");
            command.env(format!("GIT_{person}_EMAIL"), "somebody@example.com");
            // The ids of commits are then the same in every run.
            command.env(format!("GIT_{person}_DATE"), "2026-01-05T12:00:00Z");
        }
        let output = command
            .args(["--noprofile", "--norc", "-c", &script])
            .current_dir(folder)
            .env("PATH", path)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut outputs: Vec<String> = text.split(MARK).map(str::to_owned).collect();
        outputs.pop();
        assert_eq!(outputs.len(), self.typed.len(), "{text}");
        outputs
    }
}

/// Whether lines are those shown, where `...` stands for any number of them.
fn is_same(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        ["...", rest @ ..] => (0..=printed.len()).any(|skipped| is_same(rest, &printed[skipped..])),
        [line, rest @ ..] => printed
            .split_first()
            .is_some_and(|(first, more)| first == line && is_same(rest, more)),
    }
}
