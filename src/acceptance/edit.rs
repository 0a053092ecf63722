//! Adds records to the text of `protopact.accepted.toml` and takes some out; everything else of the text stays as it is.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::Record;

/// What a new file starts with.
const HEADER: &str = "\
# Changes that break a promise and were agreed to. `protopact accept` writes the records, `protopact accept --prune` takes out
# those that are out of use. Reviewing a change of this file is agreeing to it: name the reviewers in CODEOWNERS.

";

/// A text that records cannot be put into.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is no TOML.
    #[error(transparent)]
    Unreadable(#[from] toml_edit::TomlError),
    /// The records stand in another form.
    #[error("`accepted` is no array of tables; write each record under a line [[accepted]]")]
    Form,
}

/// The text with a record added at its place in the order. A record of the same change is replaced, its comments stay.
pub fn add(text: &str, record: &Record) -> Result<String, EditError> {
    let (mut document, mut tables) = parse(text)?;
    let new = table(record);
    match tables.iter_mut().find(|known| is_same(known, &new)) {
        Some(known) => fill(known, record),
        None => insert(&mut document, &mut tables, new),
    }
    put(&mut document, tables);
    Ok(document.to_string())
}

/// The file and its records, taken out of it; a file without a text starts with what explains it.
pub(super) fn parse(text: &str) -> Result<(DocumentMut, Vec<Table>), EditError> {
    let text = if text.trim().is_empty() { HEADER } else { text };
    let mut document: DocumentMut = text.parse()?;
    let tables = take(&mut document)?;
    Ok((document, tables))
}

/// Puts a record, with the comments right above it, at its place in the order.
pub(super) fn insert(document: &mut DocumentMut, tables: &mut Vec<Table>, mut table: Table) {
    let (_, own) = comments(&table);
    table.decor_mut().set_prefix(format!("\n{own}"));
    let behind = tables.iter().position(|it| key(it) > key(&table));
    match behind {
        Some(0) => {
            if let Some(first) = tables.first_mut() {
                let (file, theirs) = comments(first);
                first.decor_mut().set_prefix(format!("\n{theirs}"));
                table.decor_mut().set_prefix(format!("{file}{own}"));
            }
            tables.insert(0, table);
        }
        Some(at) => tables.insert(at, table),
        None => {
            if tables.is_empty() {
                // All there is in a file without records is about the file.
                let file = document.trailing().as_str().unwrap_or_default().to_owned();
                table.decor_mut().set_prefix(format!("{file}{own}"));
                document.set_trailing("");
            }
            tables.push(table);
        }
    }
}

/// What stands above a record: up to an empty line it is about the file, if the record is the first, and below it about the record.
fn comments(table: &Table) -> (String, String) {
    let prefix = prefix(table);
    match prefix.rsplit_once("\n\n") {
        Some((file, own)) => (
            format!("{file}\n\n"),
            own.trim_start_matches('\n').to_owned(),
        ),
        None => (String::new(), prefix.trim_start_matches('\n').to_owned()),
    }
}

/// What keeps records in order, so that each has its place.
fn key(table: &Table) -> (&str, &str, Option<&str>, Option<&str>, Option<&str>) {
    let text = |name| text_of(table, name);
    (
        text("symbol").unwrap_or_default(),
        text("rule").unwrap_or_default(),
        text("from"),
        text("to"),
        text("fingerprint"),
    )
}

/// The text without the records that are out of use, with the comments above them.
pub fn remove(text: &str, out_of_use: &[&Record]) -> Result<String, EditError> {
    let mut document: DocumentMut = text.parse()?;
    let mut tables = take(&mut document)?;
    let out_of_use: Vec<Table> = out_of_use.iter().map(|record| table(record)).collect();
    retain(&mut document, &mut tables, |known| {
        !out_of_use.iter().any(|record| is_same(known, record))
    });
    put(&mut document, tables);
    Ok(document.to_string())
}

/// Takes out records with the comments right above them; what is about the file stays.
pub(super) fn retain(
    document: &mut DocumentMut,
    tables: &mut Vec<Table>,
    keeps: impl Fn(&Table) -> bool,
) {
    let file = match tables.first() {
        Some(first) if !keeps(first) => comments(first).0,
        _ => String::new(),
    };
    tables.retain(keeps);
    if file.is_empty() {
        return;
    }
    match tables.first_mut() {
        Some(first) => {
            let (_, own) = comments(first);
            first.decor_mut().set_prefix(format!("{file}{own}"));
        }
        None => document.set_trailing(format!("{}\n", file.trim_end_matches('\n'))),
    }
}

fn take(document: &mut DocumentMut) -> Result<Vec<Table>, EditError> {
    match document.remove("accepted") {
        None => Ok(Vec::new()),
        Some(Item::ArrayOfTables(tables)) => Ok(tables.into_iter().collect()),
        Some(_) => Err(EditError::Form),
    }
}

pub(super) fn put(document: &mut DocumentMut, tables: Vec<Table>) {
    if tables.is_empty() {
        return;
    }
    let mut array = ArrayOfTables::new();
    for mut table in tables {
        // Where it stood says nothing any more.
        table.set_position(None);
        array.push(table);
    }
    document.insert("accepted", Item::ArrayOfTables(array));
}

fn prefix(table: &Table) -> String {
    let prefix = table.decor().prefix().and_then(|prefix| prefix.as_str());
    prefix.unwrap_or_default().to_owned()
}

/// Whether two tables record the same change.
pub(super) fn is_same(one: &Table, other: &Table) -> bool {
    let about = ["rule", "symbol", "from", "to"];
    let print = |table| text_of(table, "fingerprint");
    about
        .iter()
        .all(|key| text_of(one, key) == text_of(other, key))
        && (print(one).is_none() || print(other).is_none() || print(one) == print(other))
}

/// What a key of a record holds.
pub(super) fn text_of<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Item::as_str)
}

fn table(record: &Record) -> Table {
    let mut table = Table::new();
    fill(&mut table, record);
    table
}

/// Writes the keys in their order; a key that the record lacks goes.
fn fill(table: &mut Table, record: &Record) {
    let until = record.until.as_ref().map(ToString::to_string);
    for (key, text) in [
        ("rule", Some(record.rule.as_str())),
        ("symbol", Some(record.symbol.as_str())),
        ("from", record.from.as_deref()),
        ("to", record.to.as_deref()),
        ("fingerprint", record.fingerprint.as_deref()),
        ("component", record.component.as_deref()),
        ("baseline", record.baseline.as_deref()),
        ("reason", Some(record.reason.as_str())),
        ("who", record.who.as_deref()),
        ("until", until.as_deref()),
    ] {
        match text {
            // What is said already keeps its form and its comment.
            Some(text) if table.get(key).and_then(Item::as_str) == Some(text) => {}
            Some(text) => table[key] = value(text),
            None => {
                table.remove(key);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{add, remove};
    use crate::acceptance::Record;

    fn record(rule: &str, symbol: &str) -> Record {
        Record {
            rule: rule.to_owned(),
            symbol: symbol.to_owned(),
            from: Some("string".to_owned()),
            to: None,
            fingerprint: Some(format!("{rule}-{symbol}")),
            component: None,
            baseline: Some("1.0.0".to_owned()),
            reason: "nobody sends it".to_owned(),
            who: Some("Ada <ada@example.com>".to_owned()),
            until: None,
            line: 0,
            asks_all_releases: false,
        }
    }

    #[test]
    fn records_find_their_place_and_comments_stay() {
        let one = add("", &record("b", "acme.B.b")).unwrap();
        let two = add(&one, &record("a", "acme.A.a")).unwrap();
        let commented = two.replace(
            "[[accepted]]\nrule = \"b\"",
            "# Asked of the shops.\n[[accepted]]\nrule = \"b\" # once more",
        );
        let three = add(&commented, &record("c", "acme.C.c")).unwrap();
        let amended = Record {
            reason: "the shops agreed".to_owned(),
            until: Some("2.0.0".parse().unwrap()),
            ..record("b", "acme.B.b")
        };
        let four = add(&three, &amended).unwrap();
        insta::assert_snapshot!(four, @r#"
# Changes that break a promise and were agreed to. `protopact accept` writes the records, `protopact accept --prune` takes out
# those that are out of use. Reviewing a change of this file is agreeing to it: name the reviewers in CODEOWNERS.

[[accepted]]
rule = "a"
symbol = "acme.A.a"
from = "string"
fingerprint = "a-acme.A.a"
baseline = "1.0.0"
reason = "nobody sends it"
who = "Ada <ada@example.com>"

# Asked of the shops.
[[accepted]]
rule = "b" # once more
symbol = "acme.B.b"
from = "string"
fingerprint = "b-acme.B.b"
baseline = "1.0.0"
reason = "the shops agreed"
who = "Ada <ada@example.com>"
until = "2.0.0"

[[accepted]]
rule = "c"
symbol = "acme.C.c"
from = "string"
fingerprint = "c-acme.C.c"
baseline = "1.0.0"
reason = "nobody sends it"
who = "Ada <ada@example.com>"
"#);
        let five = remove(&four, &[&record("a", "acme.A.a")]).unwrap();
        insta::assert_snapshot!(five, @r#"
# Changes that break a promise and were agreed to. `protopact accept` writes the records, `protopact accept --prune` takes out
# those that are out of use. Reviewing a change of this file is agreeing to it: name the reviewers in CODEOWNERS.

# Asked of the shops.
[[accepted]]
rule = "b" # once more
symbol = "acme.B.b"
from = "string"
fingerprint = "b-acme.B.b"
baseline = "1.0.0"
reason = "the shops agreed"
who = "Ada <ada@example.com>"
until = "2.0.0"

[[accepted]]
rule = "c"
symbol = "acme.C.c"
from = "string"
fingerprint = "c-acme.C.c"
baseline = "1.0.0"
reason = "nobody sends it"
who = "Ada <ada@example.com>"
"#);
        let six = remove(&five, &[&record("b", "acme.B.b"), &record("c", "acme.C.c")]).unwrap();
        insta::assert_snapshot!(six, @"
# Changes that break a promise and were agreed to. `protopact accept` writes the records, `protopact accept --prune` takes out
# those that are out of use. Reviewing a change of this file is agreeing to it: name the reviewers in CODEOWNERS.
");
    }

    #[test]
    fn what_is_no_file_of_records_is_left_alone() {
        assert!(add("accepted = [", &record("a", "b")).is_err());
        assert!(add("accepted = [{ rule = 'a' }]\n", &record("a", "b")).is_err());
    }
}
