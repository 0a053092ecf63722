//! `protopact status`: the maturity of files and labelled elements of the current side, and the place that says so.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use super::output::{self, Failure, plain, trouble};
use super::{Global, ListFormat, Status, sides};
use crate::change::Subject;
use crate::check::{self, Facts};
use crate::config::MissingImports;
use crate::maturity::resolve::InForce;
use crate::maturity::{Level, Maturities};
use crate::report::text::printable;
use crate::revision::Place;
use crate::rule::Catalogue;
use crate::schema::load::Options;
use crate::schema::{ElementId, Schema};

/// One line of the list.
#[derive(Serialize)]
struct Row {
    symbol: String,
    subject: &'static str,
    path: String,
    level: &'static str,
    json: &'static str,
    source: String,
}

/// Prints the maturity of everything that states one, or of what was named.
pub fn run(global: &Global, flags: &Status) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let place = Place::discover(&global.directory)?;
    let current = sides::current(&place, &flags.current)?;
    let config = sides::config(
        global,
        &current,
        &flags.tree,
        &flags.policy,
        None,
        &catalogue,
    )?;
    let current = Arc::new(current);
    let mut input = sides::input(&current, sides::CURRENT, &config)?;
    sides::leave_out(&mut input, &config);
    if input.tree.files.is_empty() {
        return Err(trouble(
            format!("the {} has no .proto file", input.tree.name),
            "name the repository with `-C DIR`, the side with `--to REV`, and look at `include` and `exclude`",
        ));
    }
    let (policy, chosen) = sides::policy(&config, &input, &catalogue)?;
    let options = Options {
        roots: config.schema.roots.clone().unwrap_or_default(),
        full: true,
        stub: config.schema.missing_imports == MissingImports::Stub,
        ..Options::default()
    };
    // One side compared with itself: nothing differs, so that a broken file is left out and named.
    let loaded = check::load(&input.tree, &input.tree, &options)?;
    output::left_out(&loaded.broken, "");
    let components = check::components(&config);
    let table = check::table_of(&input, &config).map(|(table, _)| table);
    let maturity = Facts::of(&input, table, &config, &components).resolve(&loaded.current);
    let rows = rows(&loaded.current, &maturity, flags, &place, &current)?;
    let text = match flags.format {
        ListFormat::Human => human(&rows, &policy, chosen.as_deref()),
        ListFormat::Json => format!(
            "{}\n",
            serde_json::to_string_pretty(&rows).map_err(|error| plain(error.to_string()))?
        ),
    };
    output::print(&text)
}

fn rows(
    schema: &Schema,
    maturity: &Maturities,
    flags: &Status,
    place: &Place,
    current: &crate::revision::Revision,
) -> Result<Vec<Row>, Failure> {
    if flags.names.is_empty() {
        let stated = schema.elements().filter(|(id, element)| {
            element.subject == Subject::File || maturity.own_label(*id).is_some()
        });
        return Ok(stated.map(|(id, _)| row(schema, maturity, id)).collect());
    }
    let mut rows = Vec::new();
    for name in &flags.names {
        let inside = place.locate(current, name.as_ref()).ok();
        let named = |path: &str| {
            inside.as_deref().is_some_and(|inside| {
                let rest = path.strip_prefix(inside);
                rest.is_some_and(|rest| {
                    rest.is_empty() || inside.is_empty() || rest.starts_with('/')
                })
            })
        };
        let found: Vec<ElementId> = match schema.find(name).or_else(|| schema.find_file(name)) {
            Some(id) => vec![id],
            None => schema
                .files()
                .filter(|&id| named(schema.file_path(id)))
                .collect(),
        };
        if found.is_empty() {
            let known = schema
                .elements()
                .map(|(_, element)| element.full_name.as_str());
            let help = crate::suggest::did_you_mean(name, known).unwrap_or_else(|| {
                "write a full name such as `acme.v1.User.name`, a file or a folder".to_owned()
            });
            return Err(trouble(format!("nothing is called `{name}`"), help));
        }
        rows.extend(found.into_iter().map(|id| row(schema, maturity, id)));
    }
    Ok(rows)
}

fn row(schema: &Schema, maturity: &Maturities, id: ElementId) -> Row {
    let element = schema.get(id);
    let InForce {
        level,
        json,
        source,
        ..
    } = if element.subject == Subject::File {
        maturity.of_file(id)
    } else {
        maturity.of(schema, id)
    };
    Row {
        symbol: element.full_name.clone(),
        subject: element.subject.as_str(),
        path: schema.file_path(id).to_owned(),
        level: level.as_str(),
        json: json.map_or("n/a", Level::as_str),
        source: source.clone(),
    }
}

fn human(rows: &[Row], policy: &crate::policy::Policy, chosen: Option<&str>) -> String {
    let mut out = String::new();
    let width = rows
        .iter()
        .map(|row| row.symbol.chars().count())
        .max()
        .unwrap_or(0);
    for row in rows {
        let level = if row.level == row.json {
            row.level.to_owned()
        } else {
            format!("{} (JSON {})", row.level, row.json)
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:width$}  {level:11}  {}",
            printable(&row.symbol),
            printable(&row.source)
        );
    }
    if let Some(chosen) = chosen {
        let _ = writeln!(out, "note: {}", printable(chosen));
    }
    let _ = writeln!(
        out,
        "preset {}, exempt {}",
        policy.preset.name,
        policy.exempt.as_str()
    );
    out
}
