//! What buf says and what protopact says of the same two trees, whether the one is covered by the other, and which
//! difference it is where not.

use std::collections::BTreeSet;

use serde_json::Value;

/// The categories, and the presets that stand for them.
pub(crate) const CATEGORIES: [(&str, &str); 4] = [
    ("FILE", "buf-file"),
    ("PACKAGE", "buf-package"),
    ("WIRE_JSON", "buf-wire-json"),
    ("WIRE", "buf-wire"),
];

/// One finding of buf.
#[derive(Debug, Clone)]
pub(crate) struct Flagged {
    pub(crate) rule: String,
    pub(crate) path: Option<String>,
    /// First and last line of the span in the current side; line 1 to 1 where there is none.
    pub(crate) lines: (u64, u64),
    pub(crate) message: String,
}

impl Flagged {
    /// From one line of `buf breaking --error-format json`.
    pub(crate) fn read(value: &Value) -> Self {
        let number = |key: &str| value[key].as_u64().unwrap_or(1);
        Self {
            rule: value["type"].as_str().unwrap().to_owned(),
            path: value["path"].as_str().map(str::to_owned),
            lines: (number("start_line"), number("end_line")),
            message: value["message"].as_str().unwrap().to_owned(),
        }
    }

    /// The elements of which one is meant: names as buf has them, without package or with it.
    fn elements(&self) -> Vec<Element> {
        let named = |kind: &str| quoted_after(&self.message, kind);
        let inside = |scope: Option<String>, name: String| match scope {
            Some(scope) => Element::Named(format!("{scope}.{name}")),
            None => Element::Named(name),
        };
        let message = named("on message ");
        let lower = self.message.to_lowercase();
        let rule = self.rule.as_str();
        if rule.starts_with("FILE_") {
            let path = named("file ").or(self.path.clone());
            return path.map(Element::Named).into_iter().collect();
        }
        if rule == "FIELD_SAME_ONEOF" {
            // A oneof that was renamed is one finding here, and one for each of its fields there.
            let either = [named("with name "), named("from oneof ")];
            let inside = |name| inside(message.clone(), name);
            return either.into_iter().flatten().map(inside).collect();
        }
        if rule.starts_with("FIELD_") && lower.contains("field \"") {
            let changed =
                ["name from ", "\" to "].map(|before| quoted_after(&self.message, before));
            let before = quoted_after(&self.message, "\"json_name\" from ");
            let fields: Vec<String> = match named("with name ") {
                Some(name) => std::iter::once(name).chain(before).collect(),
                None => changed.into_iter().flatten().collect(),
            };
            return fields
                .into_iter()
                .map(|name| inside(message.clone(), name))
                .collect();
        }
        if rule.starts_with("FIELD_") {
            let changed = quoted_after(&self.message, "name from ");
            return named("with name ")
                .or(changed)
                .map(Element::Named)
                .into_iter()
                .collect();
        }
        match rule {
            "ONEOF_NO_DELETE" => named("oneof ")
                .map(|name| inside(message, name))
                .into_iter()
                .collect(),
            "MESSAGE_SAME_REQUIRED_FIELDS" => quoted_after(&self.message, "Message ")
                .map(Element::Inside)
                .into_iter()
                .collect(),
            "RESERVED_MESSAGE_NO_DELETE" | "EXTENSION_MESSAGE_NO_DELETE" => {
                message.map(Element::Named).into_iter().collect()
            }
            "RESERVED_ENUM_NO_DELETE" => {
                named("on enum ").map(Element::Named).into_iter().collect()
            }
            _ if rule.starts_with("ENUM_VALUE_") => {
                named("on enum ").map(Element::Inside).into_iter().collect()
            }
            _ if rule.starts_with("RPC_") => {
                let method = quoted_after(&self.message, "RPC ").unwrap_or_default();
                vec![inside(named("on service "), method)]
            }
            "PACKAGE_NO_DELETE" => named("package ").map(Element::Named).into_iter().collect(),
            _ => {
                let kinds = [
                    "enum ",
                    "message ",
                    "service ",
                    "extension ",
                    "Enum ",
                    "Message ",
                ];
                let name = kinds
                    .iter()
                    .find_map(|kind| quoted_after(&self.message, kind));
                name.map(Element::Named).into_iter().collect()
            }
        }
    }
}

/// What a finding of buf is about.
#[derive(Debug)]
enum Element {
    /// The element itself.
    Named(String),
    /// Something in it that buf knows by its number.
    Inside(String),
}

/// The text between quotes behind `before`.
fn quoted_after(text: &str, before: &str) -> Option<String> {
    let pattern = format!("{}\"", before.trim_end_matches('"'));
    let (_, rest) = text.split_once(&pattern)?;
    rest.split_once('"').map(|(name, _)| name.to_owned())
}

/// What `protopact check --format json` said.
pub(crate) struct Said {
    pub(crate) fails: bool,
    pub(crate) findings: Vec<Finding>,
}

/// A finding that counts.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) symbol: String,
    /// Symbols of what follows from it.
    also: Vec<String>,
    pub(crate) path: Option<String>,
    /// Where it was.
    old_path: Option<String>,
    line: Option<u64>,
    /// The number that a field or value had which was deleted or got another one.
    old_number: Option<String>,
}

impl Finding {
    /// From a finding of the JSON report.
    pub(crate) fn read(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let follow = value["consequences"].as_array().into_iter().flatten();
        let place = |side: &str| value[side]["path"].as_str().map(str::to_owned);
        let rule = text(&value["rule"]);
        let is_of_number = ["number-changed", "field-deleted", "value-deleted"]
            .iter()
            .any(|word| rule.contains(word));
        // `5`, or `string name = 5`.
        let from = value["from"].as_str().filter(|_| is_of_number);
        let old_number = from.and_then(|from| from.rsplit(' ').next());
        Self {
            old_number: old_number.map(str::to_owned),
            old_path: place("baseline"),
            rule,
            symbol: text(&value["symbol"]),
            also: follow.map(|it| text(&it["symbol"])).collect(),
            path: place("current").or_else(|| place("baseline")),
            line: value["current"]["line"].as_u64(),
        }
    }

    /// Whether what buf flags is what this finding is about.
    fn covers(&self, flagged: &Flagged) -> bool {
        let symbols = || std::iter::once(&self.symbol).chain(&self.also);
        let by_name = flagged.elements().iter().any(|element| match element {
            Element::Named(name) => {
                symbols().any(|symbol| ends_with(symbol, name) || self.is_around(symbol, name))
                    || symbols().any(|symbol| is_entry(symbol, name))
            }
            Element::Inside(name) => symbols().any(|symbol| {
                let scope = symbol.rsplit_once('.').map_or("", |(scope, _)| scope);
                ends_with(scope, name) || ends_with(symbol, name)
            }),
        });
        by_name
            || self.stands_in(flagged)
            || self.is_around_entry(flagged)
            || self.had_number(flagged)
    }

    /// Whether it says where the field went that had the number which buf takes for the field.
    fn had_number(&self, flagged: &Flagged) -> bool {
        let number = quoted_after(&flagged.message, "Field ");
        let message = quoted_after(&flagged.message, "on message ");
        let scope = self.symbol.rsplit_once('.').map_or("", |(scope, _)| scope);
        number.is_some()
            && number == self.old_number
            && message.is_some_and(|message| ends_with(scope, &message))
    }

    /// Whether all that buf says of it is that its file was deleted.
    fn was_in(&self, flagged: &Flagged) -> bool {
        let file = quoted_after(&flagged.message, "file ");
        flagged.rule == "FILE_NO_DELETE" && file.is_some() && file == self.old_path
    }

    /// Whether it is about something in what `other` says was renamed or moved.
    fn is_in_renamed(&self, other: &Self) -> bool {
        let gone = ["renamed", "moved", "package-changed"];
        let inside = self.symbol.strip_prefix(&other.symbol);
        inside.is_some_and(|rest| rest.starts_with('.'))
            && gone.iter().any(|word| other.rule.contains(word))
    }

    /// Whether buf's element went, or lost its name, with one around it.
    fn is_around(&self, symbol: &str, name: &str) -> bool {
        let gone = ["deleted", "renamed", "moved", "package-changed"];
        let inside = name.rmatch_indices('.').any(|(dot, _)| {
            name.get(..dot)
                .is_some_and(|scope| ends_with(symbol, scope))
        });
        inside && gone.iter().any(|word| self.rule.contains(word))
    }

    /// Whether it says of a message, or of a whole file, what buf says of the entry of a map in it, by its simple name alone.
    fn is_around_entry(&self, flagged: &Flagged) -> bool {
        let entry = quoted_after(&flagged.message, "Message ");
        flagged.rule == "MESSAGE_SAME_JSON_FORMAT"
            && entry.is_some_and(|name| name.ends_with("Entry"))
            && self.path == flagged.path
            && matches!(
                self.rule.as_str(),
                "message-json-format-changed" | "file-syntax-changed"
            )
    }

    /// Whether it points into the one statement that buf marks. Of what is gone buf marks what is around it: that is not enough.
    fn stands_in(&self, flagged: &Flagged) -> bool {
        let gone = flagged.message.starts_with("Previously present");
        let statements = ["FIELD_", "RPC_", "MESSAGE_NO_REMOVE_"];
        let statement = statements
            .iter()
            .any(|start| flagged.rule.starts_with(start));
        !gone
            && statement
            && self.path == flagged.path
            && self
                .line
                .is_some_and(|line| (flagged.lines.0..=flagged.lines.1).contains(&line))
    }
}

/// Whether a full name is `name`, or ends with it behind a dot.
fn ends_with(full: &str, name: &str) -> bool {
    let rest = full.strip_suffix(name);
    !name.is_empty()
        && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.') || rest.ends_with('/'))
}

/// Whether `name` is the message that compilers make for the entries of the map field `symbol`.
fn is_entry(symbol: &str, name: &str) -> bool {
    let Some((scope, field)) = symbol.rsplit_once('.') else {
        return false;
    };
    let mut entry = String::new();
    for word in field.split('_') {
        let mut letters = word.chars();
        entry.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        entry.push_str(letters.as_str());
    }
    let Some((around, name)) = name.rsplit_once('.') else {
        return false;
    };
    // Either the entry itself, or its key or value.
    let own =
        |around: &str, name: &str| ends_with(scope, around) && name == format!("{entry}Entry");
    own(around, name)
        || ends_with(around, &format!("{entry}Entry")) && matches!(name, "key" | "value")
}

impl Said {
    /// From a JSON report.
    pub(crate) fn read(report: &Value) -> Self {
        let findings = report["findings"].as_array().unwrap();
        let counts = |it: &&Value| it["status"] == "failing" || it["status"] == "reported";
        Self {
            fails: findings.iter().any(|it| it["status"] == "failing"),
            findings: findings.iter().filter(counts).map(Finding::read).collect(),
        }
    }

    /// What buf flags and nothing is found of here.
    pub(crate) fn missing<'a>(&self, flagged: &'a [Flagged]) -> Vec<&'a Flagged> {
        let covered = |it: &&Flagged| self.covering(it).next().is_some();
        flagged.iter().filter(|it| !covered(it)).collect()
    }

    /// What is found here of what buf flags.
    pub(crate) fn covering<'a>(
        &'a self,
        flagged: &'a Flagged,
    ) -> impl Iterator<Item = &'a Finding> {
        let findings = self.findings.iter();
        findings.filter(move |finding| finding.covers(flagged))
    }

    /// What is found here and buf flags nothing of: the names of the differences that explain it, or what nothing explains.
    #[allow(dead_code, reason = "one of the tests that share this asks it")]
    pub(crate) fn unflagged(
        &self,
        category: &str,
        flagged: &[Flagged],
    ) -> (BTreeSet<&'static str>, Vec<&Finding>) {
        let is_flagged = |it: &Finding| {
            let mut flagged = flagged.iter();
            flagged.any(|flagged| it.covers(flagged) || it.was_in(flagged))
        };
        let (mut names, mut unexplained) = (BTreeSet::new(), Vec::new());
        for it in self.findings.iter().filter(|it| !is_flagged(it)) {
            let renamed = self.findings.iter().any(|other| it.is_in_renamed(other));
            match it.difference(category) {
                Some(name) => drop(names.insert(name)),
                None if renamed => drop(names.insert("renamed-and-changed")),
                None => unexplained.push(it),
            }
        }
        (names, unexplained)
    }

    /// In what this differs from what buf flags: the names of the differences that explain it, or what nothing explains.
    pub(crate) fn differences(
        &self,
        category: &str,
        flagged: &[Flagged],
    ) -> Result<BTreeSet<&'static str>, String> {
        let missing = self.missing(flagged);
        let mut names = BTreeSet::new();
        let mut unexplained = Vec::new();
        for it in &missing {
            match it.difference(category) {
                Some(name) => drop(names.insert(name)),
                None => unexplained.push(format!("missing: {} {}", it.rule, it.message)),
            }
        }
        if self.fails && flagged.is_empty() {
            let renumbered = |it: &&Finding| it.rule == "field-number-changed";
            let renumbered: Vec<&Finding> = self.findings.iter().filter(renumbered).collect();
            for it in &self.findings {
                // Whatever else is found of a field that traded its number.
                let traded = renumbered.iter().find(|other| other.symbol == it.symbol);
                let traded = traded.and_then(|other| other.difference(category));
                match it.difference(category).or(traded) {
                    Some(name) => drop(names.insert(name)),
                    None => unexplained.push("fails".to_owned()),
                }
            }
        }
        if !self.fails && missing.len() < flagged.len() {
            unexplained.push("does not fail".to_owned());
        }
        if unexplained.is_empty() {
            return Ok(names);
        }
        let ours = self.findings.iter();
        let ours: Vec<String> = ours
            .map(|it| format!("found: {} {}", it.rule, it.symbol))
            .collect();
        Err(unexplained
            .into_iter()
            .chain(ours)
            .collect::<Vec<_>>()
            .join("\n    "))
    }
}

/// The differences that `rules/presets/README.md` lists, and whether protopact fails where they are all there is.
pub(crate) const DIFFERENCES: [(&str, bool); 9] = [
    ("extension-renumbered", true),
    ("last-of-package", true),
    ("map-entries", false),
    ("numbers-traded", true),
    ("oneof-renamed", false),
    ("package-without-name", false),
    ("renamed-and-changed", true),
    ("required-by-feature", true),
    ("well-known-files", false),
];

impl Flagged {
    /// Why nothing is found here where buf flags something.
    pub(crate) fn difference(&self, category: &str) -> Option<&'static str> {
        let counts_names = matches!(category, "FILE" | "PACKAGE");
        let renamed_oneof = || self.message.contains("moved from oneof \"");
        // A file that is gone has no path, but is named.
        let named = quoted_after(&self.message, "file ");
        let is_well_known = |path: &String| path.starts_with("google/protobuf/");
        if self.path.iter().chain(&named).any(is_well_known) {
            return Some("well-known-files");
        }
        match self.rule.as_str() {
            "FIELD_SAME_ONEOF" if !counts_names && renamed_oneof() => Some("oneof-renamed"),
            "FIELD_WIRE_COMPATIBLE_TYPE"
            | "FIELD_WIRE_JSON_COMPATIBLE_TYPE"
            | "FIELD_SAME_TYPE"
            | "MESSAGE_NO_DELETE"
            | "PACKAGE_MESSAGE_NO_DELETE"
                if self.message.contains("Entry\"") =>
            {
                Some("map-entries")
            }
            "PACKAGE_NO_DELETE" if self.message.contains("package \"\"") => {
                Some("package-without-name")
            }
            "MESSAGE_SAME_REQUIRED_FIELDS" if self.message.contains("deleted") => {
                Some("required-by-feature")
            }
            _ => None,
        }
    }
}

impl Finding {
    /// Why it is found here where buf flags nothing.
    pub(crate) fn difference(&self, category: &str) -> Option<&'static str> {
        match self.rule.as_str() {
            "extension-number-changed" => Some("extension-renumbered"),
            "field-number-changed" | "enum-value-number-changed"
                if matches!(category, "WIRE" | "own") =>
            {
                Some("numbers-traded")
            }
            "enum-deleted" | "message-deleted" | "extension-deleted" if category == "PACKAGE" => {
                Some("last-of-package")
            }
            "field-required-added" | "field-deleted" => Some("required-by-feature"),
            _ => None,
        }
    }
}
