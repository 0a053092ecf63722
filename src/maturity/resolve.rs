//! Which statement of maturity is in force for each element of one side: the first source that speaks; rules it does not know.
//!
//! Sources in order: the element's own label, the nearest enclosing label, a file label, the configuration, an
//! experimental directory or package, a row of the table, the default.

use std::collections::HashMap;

use globset::GlobMatcher;

use super::{Label, LabelLevel, Level, PathLevel, Stated, Table, label, path};
use crate::change::Subject;
use crate::schema::{ElementId, Location, Schema};

/// A part of the tree whose level the configuration states.
#[derive(Debug, Clone)]
pub struct Component {
    /// The place that says so: `protopact.toml:12`.
    pub source: String,
    /// What it matches.
    pub matcher: GlobMatcher,
    /// The level.
    pub level: Level,
}

/// What states maturity outside the files themselves.
#[derive(Debug, Clone, Copy)]
pub struct Statements<'a> {
    /// The table of the side, if it has one.
    pub table: Option<&'a Table>,
    /// The file that holds the table, for messages.
    pub table_file: &'a str,
    /// The directory that the table's patterns are relative to.
    pub root: &'a str,
    /// The level where nothing speaks.
    pub default: Level,
    /// Levels that the configuration states.
    pub components: &'a [Component],
}

/// A level that is in force, and the place that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The level; for encodings that differ, that of the binary encoding.
    pub level: Level,
    /// The level of ProtoJSON; `None` where the policy makes no statement for it.
    pub json: Option<Level>,
    /// The place that says so, for a reader.
    pub source: String,
    /// Whether something says so, or it is the default.
    pub stated: bool,
}

/// What is stated for one file.
#[derive(Debug, Clone)]
pub struct FileMaturity {
    /// Configuration, directory, package, row or default: the level of the component that the file belongs to.
    pub component: InForce,
    /// The row of the table that covers the file.
    pub row: Option<Stated>,
    /// The level that the directory or package states.
    pub path: Option<PathLevel>,
    /// Whether the side has a table.
    pub has_table: bool,
    /// Whether the configuration states the level.
    pub configured: bool,
    label: Option<InForce>,
}

/// A label that is written so that it is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The element whose comment holds it.
    pub element: ElementId,
    /// What is wrong with it.
    pub kind: label::ProblemKind,
    /// The line.
    pub text: String,
}

/// The maturity of every element of one side.
#[derive(Debug, Clone, Default)]
pub struct Maturities {
    files: HashMap<ElementId, FileMaturity, foldhash::fast::RandomState>,
    labels: HashMap<ElementId, InForce, foldhash::fast::RandomState>,
    /// Labels that are not read, in the order of the elements.
    pub unread: Vec<Unread>,
}

impl Maturities {
    /// Reads what is stated for every element.
    pub fn resolve(schema: &Schema, statements: Statements<'_>) -> Self {
        let mut found = Self::default();
        for (id, element) in schema.elements() {
            match element.subject {
                Subject::File => found.file(schema, id, statements),
                Subject::Import | Subject::Package => {}
                _ => {
                    if let Some(location) = schema.location(id, &[]) {
                        found.element(schema, id, location);
                    }
                }
            }
        }
        found
    }

    fn file(&mut self, schema: &Schema, id: ElementId, statements: Statements<'_>) {
        let file = schema.file_path(id);
        let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
        let path = path::level_of(directory, schema.package(id));
        let row = statements
            .table
            .and_then(|table| table.lookup(statements.root, file));
        let configured = statements
            .components
            .iter()
            .find(|component| component.matcher.is_match(file));
        let component = match (configured, &path, &row) {
            (Some(configured), ..) => InForce::of(configured.level, configured.source.clone()),
            (None, Some(path), _) => InForce::of(path.level, from_path(path)),
            (None, None, Some(row)) if row.binary.level().or(row.json.level()).is_some() => {
                InForce {
                    level: row.binary.level().unwrap_or(statements.default),
                    json: row.json.level(),
                    source: format!("{}:{}", statements.table_file, row.line),
                    stated: true,
                }
            }
            _ => InForce {
                stated: false,
                ..InForce::of(statements.default, "default".to_owned())
            },
        };
        let mut label = None;
        for rest in [&[12][..], &[2]] {
            let Some(location) = schema.location(id, rest) else {
                continue;
            };
            let comments = location
                .detached
                .iter()
                .map(String::as_str)
                .chain([location.leading, location.trailing]);
            let legacy = comments.filter_map(label::file_label).next_back();
            let labels = self.read(id, location);
            if let Some(found) = labels.or(legacy) {
                label = in_force(schema, id, location, &found).or(label);
            }
        }
        let maturity = FileMaturity {
            component,
            row,
            path,
            has_table: statements.table.is_some(),
            configured: configured.is_some(),
            label,
        };
        self.files.insert(id, maturity);
    }

    fn element(&mut self, schema: &Schema, id: ElementId, location: Location<'_>) {
        if let Some(found) = self
            .read(id, location)
            .and_then(|found| in_force(schema, id, location, &found))
        {
            self.labels.insert(id, found);
        }
    }

    /// The label of a comment; what is wrong with it is kept.
    fn read(&mut self, id: ElementId, location: Location<'_>) -> Option<Label> {
        let mut unread = |problems: Vec<label::Problem>| {
            self.unread
                .extend(problems.into_iter().map(|problem| Unread {
                    element: id,
                    kind: problem.kind,
                    text: problem.text,
                }));
        };
        for comment in location.detached {
            unread(label::scan_detached(comment).problems);
        }
        let leading = label::scan(location.leading);
        let trailing = label::scan(location.trailing);
        unread(leading.problems);
        unread(trailing.problems);
        leading.label.or(trailing.label)
    }

    /// The level in force for an element: its own label, the nearest enclosing label, else that of its component.
    pub fn of<'a>(&'a self, schema: &'a Schema, id: ElementId) -> &'a InForce {
        let mut enclosing = std::iter::once(id).chain(schema.ancestors(id));
        enclosing
            .find_map(|id| self.labels.get(&id))
            .unwrap_or_else(|| self.of_file(schema.get(id).file))
    }

    /// The element's own label.
    pub fn own_label(&self, id: ElementId) -> Option<&InForce> {
        self.labels.get(&id)
    }

    /// The level in force for a file: its label, else that of its component.
    pub fn of_file(&self, file: ElementId) -> &InForce {
        self.files.get(&file).map_or(&NOTHING, |file| {
            file.label.as_ref().unwrap_or(&file.component)
        })
    }

    /// The level of the component that an element belongs to, labels left aside.
    pub fn component(&self, schema: &Schema, id: ElementId) -> &InForce {
        self.files
            .get(&schema.get(id).file)
            .map_or(&NOTHING, |file| &file.component)
    }

    /// All that is stated for a file.
    pub fn file_statements(&self, file: ElementId) -> Option<&FileMaturity> {
        self.files.get(&file)
    }
}

static NOTHING: InForce = InForce {
    level: Level::Stable,
    json: Some(Level::Stable),
    source: String::new(),
    stated: false,
};

impl InForce {
    fn of(level: Level, source: String) -> Self {
        Self {
            level,
            json: Some(level),
            source,
            stated: true,
        }
    }
}

fn from_path(path: &PathLevel) -> String {
    let kind = match path.from {
        path::Place::Path => "directory",
        path::Place::Package => "package",
    };
    format!("{kind} `{}`", path.component)
}

/// A label as a level in force; labels such as Deprecated lift nothing and leave the level to the next source.
fn in_force(
    schema: &Schema,
    id: ElementId,
    location: Location<'_>,
    found: &Label,
) -> Option<InForce> {
    let LabelLevel::Level(level) = found.level else {
        return None;
    };
    let source = schema.source_of(id)?;
    let line = label_line(&source.text, location, &found.text);
    Some(InForce::of(level, format!("{}:{line}", source.path)))
}

/// The 1-based line of a label: above the element for a leading comment, else behind it.
fn label_line(text: &str, location: Location<'_>, label: &str) -> usize {
    let start = location.span.line as usize;
    let lines: Vec<&str> = text.lines().collect();
    let holds = |&index: &usize| {
        lines
            .get(index)
            .is_some_and(|line| line.contains(label.trim()))
    };
    let above = (0..start.min(lines.len())).rev().find(holds);
    let below = (start..lines.len()).find(holds);
    let leading = location.leading.contains(label.trim())
        || location
            .detached
            .iter()
            .any(|comment| comment.contains(label.trim()));
    let found = if leading {
        above.or(below)
    } else {
        below.or(above)
    };
    found.unwrap_or(start) + 1
}
