//! What states maturity outside the `.proto` files of a side: its table and the configuration; which source wins is not decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckError, Input, Request};
use crate::change::Subject;
use crate::config::Config;
use crate::maturity::resolve::{Component, Maturities, Statements};
use crate::maturity::{Level as Maturity, Table, UnknownLevel, table};
use crate::schema::Schema;
use crate::schema::load::Loaded;

/// The table of each side, with the cells of it that state no known level.
pub(super) type Tables = (
    Option<(Table, Vec<UnknownLevel>)>,
    Option<(Table, Vec<UnknownLevel>)>,
);

/// The tables of both sides: an unknown level is an error on the current side, and a warning where nobody can mend it.
pub(super) fn tables(request: &Request) -> Result<(Tables, Vec<String>), CheckError> {
    let mut warnings = Vec::new();
    let tables = (
        table_of(&request.baseline, &request.config),
        table_of(&request.current, &request.config),
    );
    if let (Some((_, unknown)), Some((file, text))) = (&tables.1, &request.current.readme) {
        refuse_unknown(unknown, file, text)?;
    }
    if let (Some((_, unknown)), Some((file, _))) = (&tables.0, &request.baseline.readme) {
        for level in unknown {
            warnings.push(format!("the baseline's maturity table states an unknown level: `{}` ({file}:{}); the row is not obeyed", level.text, level.line));
        }
    }
    Ok((tables, warnings))
}

/// The table of a side, and the cells of it that state no known level.
pub fn table_of(input: &Input, config: &Config) -> Option<(Table, Vec<UnknownLevel>)> {
    let heading = config
        .maturity
        .table
        .as_ref()
        .and_then(|table| table.heading.as_deref())
        .unwrap_or(HEADING);
    table::parse(&input.readme.as_ref()?.1, heading)
}

/// The heading above the maturity table where the configuration names none.
pub const HEADING: &str = "Maturity Level";

/// The directory that the patterns of a table are relative to.
pub fn table_root(table: &Table, input: &Input, config: &Config) -> String {
    let configured = config
        .maturity
        .table
        .as_ref()
        .and_then(|table| table.root.clone());
    configured.unwrap_or_else(|| table.infer_root(input.tree.files.keys().map(String::as_str)))
}

fn refuse_unknown(unknown: &[UnknownLevel], file: &str, text: &str) -> Result<(), CheckError> {
    let Some(first) = unknown.first() else {
        return Ok(());
    };
    Err(CheckError::UnknownLevel(Box::new(UnknownLevels {
        text: first.text.clone(),
        line: first.line,
        table: miette::NamedSource::new(file, text.to_owned()),
        spans: unknown
            .iter()
            .map(|level| level.span.clone().into())
            .collect(),
    })))
}

/// Cells of the maturity table that state no known level.
#[derive(Debug, Clone, thiserror::Error, miette::Diagnostic)]
#[error(
    "the maturity table of the current side states a level that is not known: `{text}` (line {line})"
)]
#[diagnostic(help(
    "write Development, Alpha, Beta, Release Candidate or Stable, or N/A where no promise is made"
))]
pub struct UnknownLevels {
    text: String,
    line: u32,
    #[source_code]
    table: miette::NamedSource<String>,
    #[label(collection, "not a level")]
    spans: Vec<miette::SourceSpan>,
}

/// What states maturity on one side, outside its `.proto` files.
pub struct Facts<'a> {
    table: Option<Table>,
    file: &'a str,
    root: String,
    default: Maturity,
    components: &'a [Component],
}

impl<'a> Facts<'a> {
    pub(super) fn new(
        input: &'a Input,
        table: Option<(Table, Vec<UnknownLevel>)>,
        request: &Request,
        components: &'a [Component],
    ) -> Self {
        Self::of(
            input,
            table.map(|(table, _)| table),
            &request.config,
            components,
        )
    }

    /// The statements of a side.
    pub fn of(
        input: &'a Input,
        table: Option<Table>,
        config: &Config,
        components: &'a [Component],
    ) -> Self {
        let root = table
            .as_ref()
            .map(|table| table_root(table, input, config))
            .unwrap_or_default();
        let file = input.readme.as_ref().map_or("", |(file, _)| file);
        Self {
            table,
            file,
            root,
            default: config.maturity.default,
            components,
        }
    }

    /// The maturity of every element of the side.
    pub fn resolve(&self, schema: &Schema) -> Maturities {
        let statements = Statements {
            table: self.table.as_ref(),
            table_file: self.file,
            root: &self.root,
            default: self.default,
            components: self.components,
        };
        Maturities::resolve(schema, statements)
    }

    /// What the table says of a file: its levels, lines left aside.
    fn stated(&self, path: &str) -> Option<(Option<Maturity>, Option<Maturity>)> {
        let row = self.table.as_ref()?.lookup(&self.root, path)?;
        Some((row.binary.level(), row.json.level()))
    }
}

/// The components that the configuration states a level for.
pub fn components(config: &Config) -> Vec<Component> {
    let stated = config.maturity.components.iter();
    stated
        .map(|component| Component {
            source: format!("protopact.toml:{}", component.line),
            matcher: component.path.matcher().clone(),
            level: component.level,
        })
        .collect()
}

/// Files whose bytes are equal, but not what the table says of them.
pub(super) fn restated(
    baseline: &Input,
    current: &Input,
    facts: &(Facts<'_>, Facts<'_>),
) -> BTreeSet<String> {
    let (before, after) = facts;
    let shared = baseline
        .tree
        .files
        .keys()
        .filter(|path| current.tree.files.contains_key(*path));
    shared
        .filter(|path| before.stated(path) != after.stated(path))
        .cloned()
        .collect()
}

/// Types for which another maturity is stated now, by full name, each with the file that declares it.
pub(super) fn promised_otherwise(
    loaded: &Loaded,
    (before, after): &(Maturities, Maturities),
) -> BTreeMap<String, String> {
    let (baseline, current) = (&loaded.baseline, &loaded.current);
    let types = baseline
        .elements()
        .filter(|(_, element)| matches!(element.subject, Subject::Message | Subject::Enum));
    let restated = types.filter(|(id, element)| {
        current.find(&element.full_name).is_some_and(|other| {
            before.of(baseline, *id).level != after.of(current, other).level
                || before.component(baseline, *id).level != after.component(current, other).level
        })
    });
    restated
        .map(|(id, element)| (element.full_name.clone(), baseline.file_path(id).to_owned()))
        .collect()
}
