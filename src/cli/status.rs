//! `protopact status`: the maturity of files and labelled elements of the current side, and the place that says so.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use super::output::{self, Failure, plain, trouble};
use super::{Global, ListFormat, Status, sides};
use crate::change::Subject;
use crate::check::{self, Facts};
use crate::maturity::resolve::InForce;
use crate::maturity::{Level, Maturities};
use crate::policy::applies::{Applying, Standing, applies};
use crate::policy::{Gate, Policy};
use crate::report::json;
use crate::report::text::{inert, printable, wrap};
use crate::revision::Place;
use crate::rule::Catalogue;
use crate::schema::load::Options;
use crate::schema::{ElementId, Schema};

/// What is its own of the JSON Schema; [`crate::report::json::schema::whole`] completes it.
pub const SCHEMA: &str = include_str!("status.schema.json");

/// One line of the list. Serialised, the lines are the JSON that `status` prints.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Full name of the element; a path for a file.
    pub symbol: String,
    /// Kind of the element.
    pub subject: &'static str,
    /// The file that declares it.
    pub path: String,
    /// The level in force.
    pub level: &'static str,
    /// The level for the JSON encoding, or `n/a`.
    pub json: &'static str,
    /// The place that says so.
    pub source: String,
    /// What binds an element that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantees: Option<Vec<Binding>>,
}

/// A guarantee as it binds an element.
#[derive(Debug, Serialize)]
pub struct Binding {
    /// The guarantee.
    pub guarantee: String,
    /// The release from which on it binds; `None` for always.
    pub since: Option<String>,
    /// Whether it binds now.
    pub in_force: bool,
    /// Its rules, the gravest first.
    pub rules: Vec<Weighed>,
}

/// A rule, and what a break of it weighs.
#[derive(Debug, Serialize)]
pub struct Weighed {
    /// Rule id.
    pub id: String,
    /// What a break of it weighs.
    pub level: Standing,
}

/// What the rows are told from.
struct View<'a> {
    schema: &'a Schema,
    maturity: &'a Maturities,
    catalogue: &'a Catalogue,
    policy: &'a Policy,
    /// Which guarantees are in force.
    gate: &'a Gate,
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
        full: true,
        ..check::options(&config)
    };
    // One side compared with itself: nothing differs, so that a broken file is left out and named.
    let loaded = check::load(&input.tree, &input.tree, &options)?;
    output::left_out(&loaded.broken);
    let components = check::components(&config);
    let table = check::table_of(&input, &config).map(|(table, _)| table);
    let maturity = Facts::of(&input, table, &config, &components).resolve(&loaded.current);
    // Releases are read for those who ask what binds an element.
    let (gate, counted) = if flags.names.is_empty() {
        (Gate::Open, None)
    } else {
        sides::gate(&config, &policy, &current)?
    };
    // So are those of components.
    let (policy, untagged) = if flags.names.is_empty() {
        (policy, Vec::new())
    } else {
        sides::with_components(policy, &config, (&place, &current), &catalogue)?
    };
    let view = View {
        schema: &loaded.current,
        maturity: &maturity,
        catalogue: &catalogue,
        policy: &policy,
        gate: &gate,
    };
    let rows = rows(&view, flags, &place, &current)?;
    let bound = rows.iter().any(|row| row.guarantees.is_some());
    let remarks: Vec<String> = chosen
        .into_iter()
        .chain(counted.filter(|_| bound))
        .chain(untagged.into_iter().filter(|_| bound))
        .collect();
    let text = match flags.format {
        ListFormat::Human => human(&rows, &policy, &remarks, output::for_stdout(global).width),
        ListFormat::Json => json::pretty(&rows).map_err(|error| plain(error.to_string()))?,
    };
    output::print(&text)
}

fn rows(
    view: &View<'_>,
    flags: &Status,
    place: &Place,
    current: &crate::revision::Revision,
) -> Result<Vec<Row>, Failure> {
    let schema = view.schema;
    if flags.names.is_empty() {
        let stated = schema.elements().filter(|(id, element)| {
            element.subject == Subject::File || view.maturity.own_label(*id).is_some()
        });
        return Ok(stated.map(|(id, _)| row(view, id)).collect());
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
        let in_package = |file: ElementId| {
            let rest = schema.package(file).strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if let Some(id) = schema.find(name) {
            rows.push(Row {
                guarantees: Some(bindings(view, id)),
                ..row(view, id)
            });
            continue;
        }
        let found: Vec<ElementId> = match schema.find_file(name) {
            Some(id) => vec![id],
            None => schema
                .files()
                .filter(|&id| named(schema.file_path(id)) || in_package(id))
                .collect(),
        };
        if found.is_empty() {
            let known = schema
                .elements()
                .map(|(_, element)| element.full_name.as_str());
            let help = crate::suggest::did_you_mean(name, known).unwrap_or_else(|| {
                "write a full name such as `acme.v1.User.name`, a package, a file or a folder"
                    .to_owned()
            });
            return Err(trouble(format!("nothing is called `{name}`"), help));
        }
        rows.extend(found.into_iter().map(|id| row(view, id)));
    }
    Ok(rows)
}

/// What binds an element.
fn bindings(view: &View<'_>, id: ElementId) -> Vec<Binding> {
    let subject = view.schema.get(id).subject;
    let path = view.schema.file_path(id);
    let (policy, gate) = match view.policy.component(path) {
        Some(held) => (&held.policy, &held.gate),
        None => (view.policy, view.gate),
    };
    let excusing = policy.excusing(view.maturity, view.schema, id);
    applies(view.catalogue, policy, gate, (subject, path), excusing)
        .into_iter()
        .map(|applying| {
            let Applying {
                guarantee,
                since,
                in_force,
                rules,
            } = applying;
            let weighed = |(id, level): (&str, Standing)| Weighed {
                id: id.to_owned(),
                level,
            };
            Binding {
                guarantee: guarantee.to_owned(),
                since: since.map(|since| since.to_string()),
                in_force,
                rules: rules.into_iter().map(weighed).collect(),
            }
        })
        .collect()
}

fn row(view: &View<'_>, id: ElementId) -> Row {
    let (schema, maturity) = (view.schema, view.maturity);
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
        guarantees: None,
    }
}

fn human(rows: &[Row], policy: &Policy, remarks: &[String], columns: usize) -> String {
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
        for binding in row.guarantees.iter().flatten() {
            bound(&mut out, binding, columns);
        }
    }
    for remark in remarks {
        let _ = writeln!(out, "note: {}", printable(remark));
    }
    let _ = writeln!(
        out,
        "preset {}, exempt {}",
        policy.preset.name,
        policy.exempt.as_str()
    );
    for judged in &policy.components {
        let (name, own) = (&judged.component.name, &judged.policy);
        let _ = writeln!(
            out,
            "component {}: preset {}, exempt {}",
            printable(name),
            own.preset.name,
            own.exempt.as_str()
        );
    }
    inert(&out).into_owned()
}

/// A guarantee, whether it is in force, and its rules by what a break of them weighs.
fn bound(out: &mut String, binding: &Binding, columns: usize) {
    let since = match (&binding.since, binding.in_force) {
        (None, _) => String::new(),
        (Some(since), true) => format!(" (in force since {since})"),
        (Some(since), false) => format!(" (dormant until {since})"),
    };
    let _ = writeln!(out, "  {}{since}", binding.guarantee);
    let mut rules = binding.rules.as_slice();
    while let Some(first) = rules.first() {
        let alike = rules.iter().take_while(|rule| rule.level == first.level);
        let (alike, rest) = rules.split_at(alike.count());
        let ids: Vec<&str> = alike.iter().map(|rule| rule.id.as_str()).collect();
        let mut word = first.level.as_str();
        for line in wrap(&ids.join(", "), columns.saturating_sub(15)) {
            let _ = writeln!(out, "    {word:9}  {line}");
            word = "";
        }
        rules = rest;
    }
}
