//! Whom a change breaks is held against what really happened to data: measurements of several implementations of protobuf.
//!
//! Each row of the table names two schemas, a direction, and what became of data in the binary encoding and in `ProtoJSON`.
//! Both schemas are written out and compared, with nothing counting but that direction and that encoding: what was read
//! without loss must give no finding, what was read in range only a warning, what was lost or misread an error. A warning,
//! because whether a value is out of range depends on data that no schema shows.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/corpus.rs"]
mod corpus;

#[path = "compat/compared.rs"]
mod compared;
#[path = "compat/kinds.rs"]
mod kinds;
#[path = "compat/structures.rs"]
mod structures;

use std::collections::BTreeSet;
use std::io::Write;

use protopact::impact::{Breaks, Direction};
use protopact::rule::Catalogue;

use compared::Compared;

/// Rows that are judged in another way, and why: kinds, cardinality, direction, the encoding that differs (empty for both).
const OUTSIDE: &[(&str, &str, &str, Direction, &str, &str)] = &[
    (
        "a=1, b=2 (identity: number)",
        "b=1, a=2",
        "singular",
        Direction::Both,
        "",
        "the same schemas as the row by names, and a field is known by its name here",
    ),
    (
        "map<string,int32>",
        "repeated Entry (implicit fields)",
        "map",
        Direction::Forward,
        "wire",
        "of two entries with one key the last wins; no such data was tried",
    ),
    (
        "message",
        "+ required int32 w = 2",
        "presence",
        Direction::Forward,
        "",
        "old readers skip a field that they do not know: an addition, required or not",
    ),
    (
        "message M1 { int32 x = 1 }",
        "message M2 { string x = 1 }",
        "message type",
        Direction::Forward,
        "json",
        "a text of digits is read as a number, as the rows from string to int32 say; another text was tried here",
    ),
    (
        "/p.v1.S/M",
        "method or service added",
        "gRPC path",
        Direction::Forward,
        "wire",
        "an addition: whoever calls the new method asks for a new server",
    ),
];

/// One line of the table.
#[derive(Debug)]
struct Row {
    old: String,
    new: String,
    cardinality: String,
    direction: Direction,
    wire: Option<u8>,
    json: Option<u8>,
}

#[test]
fn every_measurement_is_what_the_program_says() {
    const TABLE: &str = "compat/compat.tsv";
    let Some(corpus) = corpus::find(TABLE) else {
        return;
    };
    let table = std::fs::read_to_string(corpus.join(TABLE)).unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let rows = rows(&table);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = rows.chunks(rows.len().div_ceil(threads));
    let Outcome {
        wrong,
        unread,
        counts,
        agreeing,
        met,
    } = std::thread::scope(|scope| {
        let parts: Vec<_> = parts
            .map(|rows| scope.spawn(|| hold(rows, &catalogue)))
            .collect();
        let outcomes = parts.into_iter().map(|part| part.join().unwrap());
        outcomes.reduce(Outcome::and).unwrap()
    });
    let said = format!("compat.tsv: {counts}\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    assert!(
        unread.is_empty(),
        "no schemas are known for {} rows:\n{}",
        unread.len(),
        unread.into_iter().collect::<Vec<_>>().join("\n")
    );
    let shown: Vec<&str> = wrong.iter().take(40).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        shown.join("\n\n")
    );
    assert!(
        agreeing.is_empty(),
        "judged as they were measured, and need not be listed: {agreeing:?}"
    );
    assert_eq!(met.len(), OUTSIDE.len(), "some listed rows are not there");
    assert!(counts.held > 2000, "{counts}");
}

/// What came of some rows.
#[derive(Default)]
struct Outcome {
    /// Where the program says something else, with both schemas.
    wrong: Vec<String>,
    /// Rows whose schemas nobody wrote down.
    unread: BTreeSet<String>,
    counts: Counts,
    /// Rows that are listed in [`OUTSIDE`] and judged as they were measured.
    agreeing: Vec<String>,
    /// The entries of [`OUTSIDE`] that speak of a row.
    met: BTreeSet<usize>,
}

impl Outcome {
    fn and(mut self, other: Self) -> Self {
        self.wrong.extend(other.wrong);
        self.unread.extend(other.unread);
        self.agreeing.extend(other.agreeing);
        self.met.extend(other.met);
        self.counts.held += other.counts.held;
        self.counts.outside += other.counts.outside;
        self.counts.ungraded += other.counts.ungraded;
        self
    }
}

/// Compares the schemas of some rows, and what is found with what was measured.
fn hold(rows: &[Row], catalogue: &Catalogue) -> Outcome {
    let mut outcome = Outcome::default();
    let mut last: Option<(String, String, Compared)> = None;
    for row in rows {
        let Some((before, after)) = schemas(row) else {
            outcome.unread.insert(row.to_string());
            continue;
        };
        // Both directions of one change stand one after the other.
        let known = last
            .take()
            .filter(|(old, new, _)| (old, new) == (&before, &after));
        let (before, after, compared) = match known {
            Some(known) => last.insert(known),
            None => match Compared::new(&before, &after) {
                Ok(compared) => last.insert((before, after, compared)),
                Err(error) => {
                    outcome.wrong.push(format!("{row}: {error}"));
                    continue;
                }
            },
        };
        let entry = row.outside();
        outcome.met.extend(entry);
        let mut differences = Vec::new();
        for (encoding, preset, breaks, grade) in row.expectations() {
            let found = compared.highest(catalogue, preset, breaks, row.direction);
            let expected = [None, Some("warning"), Some("error"), Some("error")];
            if found == expected[usize::from(grade)] {
                continue;
            }
            let as_listed = entry.is_some_and(|entry| {
                let of = OUTSIDE[entry].4;
                of.is_empty() || of == encoding || encoding == "both"
            });
            differences.push((as_listed, format!(
                "{row}, {encoding}: grade {grade}, found {found:?}\n--- before\n{before}--- after\n{after}"
            )));
        }
        if entry.is_some() && differences.is_empty() {
            outcome.agreeing.push(row.to_string());
        }
        let unexpected = differences.into_iter().filter(|(as_listed, _)| !as_listed);
        outcome.wrong.extend(unexpected.map(|(_, what)| what));
        outcome.counts.add(row, entry.is_some());
    }
    outcome
}

/// What was compared.
#[derive(Default)]
struct Counts {
    held: usize,
    outside: usize,
    ungraded: usize,
}

impl Counts {
    fn add(&mut self, row: &Row, listed: bool) {
        let counter = match (row.wire, row.json) {
            (None, None) => &mut self.ungraded,
            _ if listed => &mut self.outside,
            _ => &mut self.held,
        };
        *counter += 1;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} rows held, {} judged in another way for a reason that is listed, {} of an encoding that is not judged",
            self.held, self.outside, self.ungraded
        )
    }
}

impl Row {
    /// What is asked, under which preset, of which encodings, and the grade that was measured.
    fn expectations(&self) -> Vec<(&'static str, &'static str, &'static [Breaks], u8)> {
        const WIRE: &[Breaks] = &[Breaks::Wire];
        const JSON: &[Breaks] = &[Breaks::Json];
        const BOTH: &[Breaks] = &[Breaks::Wire, Breaks::Json];
        // Where nothing happens on the wire, both together say what JSON alone would.
        let alone = self.json.filter(|_| self.wire != Some(0));
        let asked = [
            ("wire", "wire", WIRE, self.wire),
            ("json", "wire-json", JSON, alone),
            ("both", "wire-json", BOTH, self.wire.max(self.json)),
        ];
        let graded = asked.into_iter();
        graded
            .filter_map(|(encoding, preset, breaks, grade)| {
                Some((encoding, preset, breaks, grade?))
            })
            .collect()
    }

    /// The entry of [`OUTSIDE`] that speaks of the row.
    fn outside(&self) -> Option<usize> {
        OUTSIDE
            .iter()
            .position(|(old, new, cardinality, direction, ..)| {
                (*old, *new, *cardinality) == (&self.old, &self.new, &self.cardinality)
                    && (*direction == self.direction || *direction == Direction::Both)
            })
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (old, new, cardinality) = (&self.old, &self.new, &self.cardinality);
        let direction = self.direction.as_str();
        write!(f, "{old} → {new} ({cardinality}), {direction}")
    }
}

fn rows(table: &str) -> Vec<Row> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| header.iter().position(|title| *title == name).unwrap();
    let [old, new, cardinality, direction, wire, json] = [
        "old kind",
        "new kind",
        "cardinality",
        "direction",
        "wire grade",
        "JSON grade",
    ]
    .map(column);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let grade = |cell: usize| match cells[cell] {
                "" => None,
                digit => Some(digit.parse().unwrap()),
            };
            Row {
                old: cells[old].to_owned(),
                new: cells[new].to_owned(),
                cardinality: cells[cardinality].to_owned(),
                direction: match cells[direction] {
                    "old data read by new" => Direction::Backward,
                    "new data read by old" => Direction::Forward,
                    other => panic!("{other}"),
                },
                wire: grade(wire),
                json: grade(json),
            }
        })
        .collect()
}

/// Both schemas of a row; `None` where nobody wrote down what they are.
fn schemas(row: &Row) -> Option<(String, String)> {
    structures::schemas(&row.old, &row.new, &row.cardinality)
        .or_else(|| kinds::schemas(&row.old, &row.new, &row.cardinality))
}
