//! What GitHub's runner makes of `action.yml`: inputs, expressions, steps one after the other, outputs. As much as this action uses.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use saphyr::{LoadableYamlNode as _, Yaml};
use serde_json::{Value, json};

/// The action, and the machine that it runs on.
pub(crate) struct Runner {
    temp: PathBuf,
    checkout: PathBuf,
    github: Value,
    inputs: BTreeMap<String, String>,
    platform: (&'static str, &'static str),
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) log: String,
    pub(crate) summary: String,
    pub(crate) outputs: BTreeMap<String, String>,
}

impl Run {
    pub(crate) fn output(&self, name: &str) -> &str {
        &self.outputs[name]
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the action of this repository in a checkout, for an event; the releases are below `temp`.
pub(crate) fn runner(temp: &Path, checkout: &Path, name: &str, event: &Value) -> Runner {
    let reference = event["ref"].as_str().unwrap_or_default().to_owned();
    Runner {
        temp: temp.to_owned(),
        checkout: checkout.to_owned(),
        github: json!({
            "action_repository": "somebody/protopact",
            "event": event,
            "event_name": name,
            "ref": reference,
            "sha": "",
        }),
        inputs: BTreeMap::new(),
        platform: ("Linux", "X64"),
    }
}

impl Runner {
    pub(crate) fn with(mut self, input: &str, value: &str) -> Self {
        self.inputs.insert(input.to_owned(), value.to_owned());
        self
    }

    /// The commit that the event is about.
    pub(crate) fn about(mut self, commit: &str) -> Self {
        self.github["sha"] = json!(commit);
        self
    }

    pub(crate) fn on(mut self, os: &'static str, arch: &'static str) -> Self {
        self.platform = (os, arch);
        self
    }

    /// Runs the steps until one fails.
    pub(crate) fn run(&self) -> Run {
        let text = fs::read_to_string(root().join("action.yml")).unwrap();
        let documents = Yaml::load_from_str(&text).unwrap();
        let action = &documents[0];
        let mut context = json!({
            "github": self.github,
            "inputs": self.all_inputs(action),
            "steps": {},
        });
        fs::create_dir_all(self.temp.join("runner")).unwrap();
        let mut run = Run {
            status: 0,
            log: String::new(),
            summary: String::new(),
            outputs: BTreeMap::new(),
        };
        for step in action["runs"]["steps"].as_sequence().unwrap() {
            self.step(step, &mut context, &mut run);
            if run.status != 0 {
                break;
            }
        }
        for (name, output) in action["outputs"].as_mapping().unwrap() {
            let value = evaluate(output["value"].as_str().unwrap(), &context);
            run.outputs.insert(name.as_str().unwrap().to_owned(), value);
        }
        run
    }

    fn all_inputs(&self, action: &Yaml<'_>) -> Value {
        let mut inputs = BTreeMap::new();
        for (name, input) in action["inputs"].as_mapping().unwrap() {
            let default = input["default"].as_str().unwrap().to_owned();
            inputs.insert(name.as_str().unwrap().to_owned(), default);
        }
        for (name, value) in &self.inputs {
            assert!(
                inputs.insert(name.clone(), value.clone()).is_some(),
                "there is no input {name}"
            );
        }
        json!(inputs)
    }

    fn step(&self, step: &Yaml<'_>, context: &mut Value, run: &mut Run) {
        let id = step["id"].as_str().unwrap();
        assert_eq!(step["shell"].as_str(), Some("bash"));
        let text = |key| {
            step.as_mapping_get(key)
                .and_then(Yaml::as_str)
                .map(|text| evaluate(text, context))
        };
        let directory = text("working-directory").unwrap_or_default();
        let (output, summary) = (self.temp.join("output"), self.temp.join("summary"));
        for file in [&output, &summary] {
            fs::write(file, "").unwrap();
        }
        let mut command = Command::new("bash");
        // So does the runner start the shell `bash`.
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c"]);
        command.arg(text("run").unwrap());
        command.current_dir(self.checkout.join(directory));
        for (name, value) in step["env"].as_mapping().unwrap() {
            command.env(
                name.as_str().unwrap(),
                evaluate(value.as_str().unwrap(), context),
            );
        }
        for variable in [
            "GIT_DIR",
            "GIT_INDEX_FILE",
            "GIT_WORK_TREE",
            "CLICOLOR_FORCE",
        ] {
            command.env_remove(variable);
        }
        let done = command
            .env("GITHUB_REF", self.github["ref"].as_str().unwrap())
            .env("GITHUB_SHA", self.github["sha"].as_str().unwrap())
            .env(
                "GITHUB_EVENT_NAME",
                self.github["event_name"].as_str().unwrap(),
            )
            .env(
                "GITHUB_SERVER_URL",
                format!("file://{}", self.temp.display()),
            )
            .env("GITHUB_ACTION_PATH", root())
            .env("RUNNER_TEMP", self.temp.join("runner"))
            .env("RUNNER_OS", self.platform.0)
            .env("RUNNER_ARCH", self.platform.1)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        run.status = done.status.code().unwrap();
        for bytes in [&done.stdout, &done.stderr] {
            run.log.push_str(&String::from_utf8_lossy(bytes));
        }
        run.summary.push_str(&fs::read_to_string(&summary).unwrap());
        for line in fs::read_to_string(&output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            context["steps"][id]["outputs"][name] = json!(value);
        }
    }
}

/// Text with its expressions replaced; they are paths into the contexts, and `||` between them.
fn evaluate(text: &str, context: &Value) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${{") {
        let (expression, after) = behind.split_once("}}").unwrap();
        out.push_str(before);
        let values = expression
            .split("||")
            .map(|path| look_up(path.trim(), context));
        out.push_str(
            &values
                .into_iter()
                .find(|value| !value.is_empty())
                .unwrap_or_default(),
        );
        rest = after;
    }
    out + rest
}

/// What a path leads to; what is not there is empty, as on GitHub.
fn look_up(path: &str, context: &Value) -> String {
    assert!(
        path.chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)),
        "this test does not know the expression {path}"
    );
    let found = path.split('.').try_fold(context, |at, key| at.get(key));
    match found {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
