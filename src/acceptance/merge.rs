//! Puts the records of two sides of a merge together, which git cannot where both have some at the same place; it reads no file.

use toml_edit::Table;

use super::edit::{EditError, insert, is_same, parse, put, retain, text_of};

/// What became of two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The text: ours, with what they did.
    pub text: String,
    /// How many records came from them.
    pub added: usize,
    /// How many records they took out.
    pub removed: usize,
    /// What both sides changed, each in its own way: the rule and the symbol. Ours stays.
    pub ours: Vec<String>,
}

/// The records of both sides, and none that one of them took out. What both changed stays as we have it.
///
/// # Errors
/// [`EditError`]: a side is no file of records.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Result<Merged, EditError> {
    let (_, base) = parse(base)?;
    let (_, theirs) = parse(theirs)?;
    let (mut document, mut tables) = parse(ours)?;
    let mut merged = Merged {
        text: String::new(),
        added: 0,
        removed: 0,
        ours: Vec::new(),
    };
    for record in &theirs {
        let known = same(&base, record);
        if known.is_some_and(|known| says_the_same(known, record)) {
            continue;
        }
        let is_known = |mine: &Table| known.is_some_and(|known| says_the_same(known, mine));
        match tables.iter_mut().find(|mine| is_same(mine, record)) {
            None if known.is_none() => {
                insert(&mut document, &mut tables, record.clone());
                merged.added += 1;
            }
            Some(mine) if says_the_same(mine, record) => {}
            Some(mine) if is_known(mine) => {
                let decor = mine.decor().clone();
                *mine = record.clone();
                *mine.decor_mut() = decor;
                merged.added += 1;
            }
            // Somebody has to read what both sides say of one change.
            None | Some(_) => merged.ours.push(name(record)),
        }
    }
    let is_gone = |mine: &Table| {
        let known = same(&base, mine).filter(|_| same(&theirs, mine).is_none());
        known.is_some_and(|known| says_the_same(known, mine))
    };
    let before = tables.len();
    retain(&mut document, &mut tables, |mine| !is_gone(mine));
    merged.removed = before - tables.len();
    let amended = tables
        .iter()
        .filter(|mine| same(&base, mine).is_some() && same(&theirs, mine).is_none());
    merged.ours.extend(amended.map(name));
    put(&mut document, tables);
    merged.text = document.to_string();
    Ok(merged)
}

fn same<'t>(tables: &'t [Table], record: &Table) -> Option<&'t Table> {
    tables.iter().find(|table| is_same(table, record))
}

/// Whether two records say the same of it.
fn says_the_same(one: &Table, other: &Table) -> bool {
    let of = [
        "fingerprint",
        "component",
        "baseline",
        "reason",
        "who",
        "until",
    ];
    of.iter()
        .all(|key| text_of(one, key) == text_of(other, key))
}

fn name(record: &Table) -> String {
    let text = |key| text_of(record, key).unwrap_or_default();
    format!("{} `{}`", text("rule"), text("symbol"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::merge;

    fn file(records: &[(&str, &str)]) -> String {
        let record = |(symbol, reason): &(&str, &str)| {
            format!(
                "# About {symbol}.\n[[accepted]]\nrule = \"a\"\nsymbol = \"{symbol}\"\nreason = \"{reason}\"\n"
            )
        };
        let records: Vec<String> = records.iter().map(record).collect();
        format!("# The file.\n\n{}", records.join("\n"))
    }

    #[test]
    fn what_either_side_did_is_done() {
        let base = file(&[("b", "x"), ("d", "x"), ("f", "x"), ("h", "x")]);
        let ours = file(&[("b", "x"), ("c", "x"), ("d", "y"), ("f", "x"), ("h", "x")]);
        let theirs = file(&[("a", "x"), ("c", "x"), ("d", "x"), ("e", "x"), ("f", "z")]);
        let merged = merge(&base, &ours, &theirs).unwrap();
        let expected = file(&[("a", "x"), ("c", "x"), ("d", "y"), ("e", "x"), ("f", "z")]);
        assert_eq!(merged.text, expected);
        assert_eq!((merged.added, merged.removed), (3, 2));
        assert!(merged.ours.is_empty(), "{:?}", merged.ours);
    }

    #[test]
    fn what_both_sides_did_stays_as_ours_and_is_named() {
        let base = file(&[("b", "x"), ("c", "x"), ("d", "x")]);
        let ours = file(&[("a", "y"), ("b", "y"), ("c", "y")]);
        let theirs = file(&[("a", "z"), ("b", "z"), ("d", "z")]);
        let merged = merge(&base, &ours, &theirs).unwrap();
        assert_eq!(merged.text, ours);
        assert_eq!(merged.ours, ["a `a`", "a `b`", "a `d`", "a `c`"]);
    }

    #[test]
    fn sides_without_records_are_sides_too() {
        let some = file(&[("a", "x")]);
        assert_eq!(
            merge("", "", &some).unwrap().text.matches("symbol").count(),
            1
        );
        assert_eq!(merge("", &some, "").unwrap().text, some);
        assert_eq!(merge(&some, &some, "").unwrap().text, "# The file.\n");
        assert!(merge("", "", "<<<<<<< HEAD\n").is_err());
    }
}
