//! Whom a finding breaks, in one line for people: what, then who notices; it judges nothing.

use crate::impact::{Direction, Grade, Impact, Readers};

use super::{Finding, text};

/// `wire, JSON, source (old readers of new data and code that uses it)`; empty where nothing breaks.
pub(super) fn line(finding: &Finding) -> String {
    if finding.breaks.is_empty() {
        return String::new();
    }
    let (wire, json) = readers(finding);
    let source = finding.breaks.iter().any(|word| word == "source");
    let source = source.then_some("code that uses it");
    match (wire, json) {
        (Some(wire), Some(json)) if wire != json => {
            let parts = [
                ("wire", Some(wire)),
                ("JSON", Some(json)),
                ("source", source),
            ];
            let parts = parts.into_iter();
            let parts: Vec<String> = parts
                .filter_map(|(what, who)| Some(format!("{what} ({})", who?)))
                .collect();
            parts.join(", ")
        }
        _ => {
            let words = finding.breaks.iter().map(String::as_str);
            let words: Vec<&str> = words
                .map(|word| if word == "json" { "JSON" } else { word })
                .collect();
            let who: Vec<&str> = wire.or(json).into_iter().chain(source).collect();
            format!("{} ({})", words.join(", "), text::and(&who))
        }
    }
}

/// Who suffers in each encoding.
fn readers(finding: &Finding) -> (Option<&'static str>, Option<&'static str>) {
    let Impact { wire, json, .. } = match finding.impact {
        Some(impact) => impact,
        None => stated(finding),
    };
    (of_encoding(wire), of_encoding(json))
}

/// Where only some values do not get through, only some data is concerned.
fn of_encoding(readers: Readers) -> Option<&'static str> {
    let is_some = readers.backward.max(readers.forward) == Grade::InRange;
    Some(match (readers.direction()?, is_some) {
        (Direction::Backward, false) => "new readers of old data",
        (Direction::Backward, true) => "new readers of some old data",
        (Direction::Forward, false) => "old readers of new data",
        (Direction::Forward, true) => "old readers of some new data",
        (Direction::Both, false) => "readers old and new",
        (Direction::Both, true) => "readers old and new of some data",
    })
}

/// What a finding says whose page states it.
fn stated(finding: &Finding) -> Impact {
    let grade = |counts: bool| {
        if counts {
            Grade::Wrong
        } else {
            Grade::Lossless
        }
    };
    let encoding = |name: &str| {
        let breaks = finding.breaks.iter().any(|word| word == name);
        Readers {
            backward: grade(breaks && finding.direction != Direction::Forward.as_str()),
            forward: grade(breaks && finding.direction != Direction::Backward.as_str()),
        }
    };
    Impact {
        wire: encoding("wire"),
        json: encoding("json"),
        source: false,
    }
}
