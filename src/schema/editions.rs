//! Editions on top of a parser that knows none: a text is lowered to proto2 with every place kept, features are resolved here.
//!
//! Lowering changes only what proto2 spells differently: the `edition` statement, labels that proto2 demands, reserved
//! names without quotes, `export` and `local`, `import option`. What an edition *means* (presence, openness, packing, …)
//! is read from the features: element → enclosing elements → file → defaults of the edition. Source: protobuf language
//! specification, "Feature Settings for Editions".

mod lines;
mod spelling;
mod walk;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use prost_types::FileDescriptorProto;

use self::lines::Lines;
use self::walk::{Scope, Walk};
use super::location;
use super::token::{Kind, Token, tokens};

/// The label that proto2 demands of every field outside of a oneof.
const LABEL: &str = "optional ";

/// What a file that declares an edition says beyond its descriptor.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// The edition, as written: `2023`.
    pub name: String,
    /// `export` and `local`, by the descriptor path of the type.
    pub visibility: HashMap<Box<[i32]>, Visibility>,
}

/// The editions whose defaults are known; what another one means cannot be guessed.
pub const KNOWN: [&str; 2] = ["2023", "2024"];

/// A text that the parser reads, and what was done to get there.
#[derive(Debug, Clone, Default)]
pub struct Lowered {
    /// The text to parse; lines are those of the original.
    pub text: String,
    /// The edition, as written.
    pub edition: String,
    /// Replacements, in order.
    edits: Vec<Edit>,
    /// Where `export` and `local` stood, by the byte at which the type's own keyword starts in the original.
    pub visibility: Vec<(usize, Visibility)>,
}

/// Whether a type may be named from other files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// `export`
    #[default]
    Export,
    /// `local`
    Local,
}

/// A range of the original, and what stands there in the lowered text; neither holds a line break.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    start: usize,
    end: usize,
    with: Cow<'static, str>,
}

/// The edition that a text declares; `None` where it declares a syntax, or nothing.
pub fn edition(text: &str) -> Option<String> {
    let mut tokens = tokens(text);
    let keyword = tokens.next()?;
    let equals = tokens.next()?;
    let value = tokens.next()?;
    (keyword.is("edition") && equals.is("=") && value.kind == Kind::Text)
        .then(|| value.contents().to_owned())
}

/// Lowers a text that declares an edition; `None` where there is nothing to change.
///
/// What the parser does not read is spelled differently in every text: negative words as the values of options, and options
/// behind an extension range of one number.
pub fn lower(text: &str) -> Option<Lowered> {
    let edition = edition(text);
    if edition.is_none() && !spelling::has_negative_words(text) && !text.contains("extensions") {
        return None;
    }
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut walk = Walk::new(&tokens);
    if edition.is_some() {
        walk.header();
        walk.body(Scope::File);
    }
    walk.edits.extend(spelling::negative_words(&tokens));
    walk.edits.extend(spelling::ranges_of_one(&tokens));
    if walk.edits.is_empty() {
        return None;
    }
    let edition = edition.unwrap_or_default();
    let Walk {
        mut edits,
        visibility,
        ..
    } = walk;
    edits.sort_by_key(|edit| edit.start);
    let mut lowered = String::with_capacity(text.len() + edits.len() * 9);
    let mut at = 0;
    for edit in &edits {
        lowered.push_str(text.get(at..edit.start).unwrap_or_default());
        lowered.push_str(&edit.with);
        at = edit.end;
    }
    lowered.push_str(text.get(at..).unwrap_or_default());
    Some(Lowered {
        text: lowered,
        edition,
        edits,
        visibility,
    })
}

impl Lowered {
    /// The byte of the original that a byte of the lowered text stands for; what was put in stands for what follows it.
    pub fn original(&self, lowered: usize) -> usize {
        let mut grown = 0_isize;
        for edit in &self.edits {
            let start = edit.start.saturating_add_signed(grown);
            if lowered < start {
                break;
            }
            if lowered < start + edit.with.len() {
                // Inside a replacement: a statement starts where the original did, an inserted word at what it stands before.
                return edit.start.min(edit.end) + (lowered - start).min(edit.end - edit.start);
            }
            grown += edit.with.len().cast_signed() - (edit.end - edit.start).cast_signed();
        }
        lowered.saturating_add_signed(-grown)
    }

    /// Puts every place of a descriptor that was parsed from the lowered text back to where it stands in the original.
    pub fn restore(&self, original: &str, descriptor: &mut FileDescriptorProto) -> Edition {
        let (lowered, lines) = (Lines::of(&self.text), Lines::of(original));
        let mut visibility = HashMap::new();
        let labels: BTreeSet<usize> = self.inserted_labels();
        let info = descriptor.source_code_info.get_or_insert_default();
        info.location.retain_mut(|place| {
            let Some(span) = location::span(&place.span) else {
                return true;
            };
            let start = lowered.offset(span.line, span.column);
            if place.path.len() % 2 == 1 && place.path.last() == Some(&4) && labels.contains(&start)
            {
                return false;
            }
            let end = self.original(lowered.offset(span.end_line, span.end_column));
            let start = self.original(start);
            let types = place.path.len() % 2 == 0 && !place.path.is_empty();
            if let Some((_, seen)) = self.visibility.iter().find(|(at, _)| types && *at == start) {
                visibility.insert(place.path.clone().into_boxed_slice(), *seen);
            }
            place.span = lines.span(start, end.max(start));
            true
        });
        Edition {
            name: self.edition.clone(),
            visibility,
        }
    }

    /// Where the labels that were put in stand in the lowered text.
    fn inserted_labels(&self) -> BTreeSet<usize> {
        let mut grown = 0_isize;
        let mut found = BTreeSet::new();
        for edit in &self.edits {
            if edit.with == LABEL {
                found.insert(edit.start.saturating_add_signed(grown));
            }
            grown += edit.with.len().cast_signed() - (edit.end - edit.start).cast_signed();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(text: &str) -> String {
        lower(text).map(|lowered| lowered.text).unwrap_or_default()
    }

    #[test]
    fn only_what_proto2_spells_differently_changes() {
        for (body, expected) in [
            (
                "message A { int32 a = 1; repeated B b = 2; map<string, B> c = 3; }",
                "message A { optional int32 a = 1; repeated B b = 2; map<string, B> c = 3; }",
            ),
            (
                "message A { .a.B b = 1 [features = { field_presence: IMPLICIT }]; }",
                "message A { optional .a.B b = 1 [features = { field_presence: IMPLICIT }]; }",
            ),
            (
                "message A { oneof k { int32 a = 1; } message B {} reserved foo, bar; reserved 4 to max; }",
                "message A { oneof k { int32 a = 1; } message B {} reserved \"foo\", \"bar\"; reserved 4 to max; }",
            ),
            (
                "enum E { option features.enum_type = CLOSED; A = 1; reserved Z; }",
                "enum E { option features.enum_type = CLOSED; A = 1; reserved \"Z\"; }",
            ),
            (
                "extend A { int32 x = 100; } message M { extend .a.A { B y = 101; } extensions 4 to 10 [verification = UNVERIFIED]; }",
                "extend A { optional int32 x = 100; } message M { extend .a.A { optional B y = 101; } extensions 4 to 10 [verification = UNVERIFIED]; }",
            ),
            (
                "service S { rpc M(A) returns (B) { option x = {}; } rpc N(stream A) returns (B); } message A { A a = 1; }",
                "service S { rpc M(A) returns (B) { option x = {}; } rpc N(stream A) returns (B); } message A { optional A a = 1; }",
            ),
            (
                "local message A {} export enum E { A = 0; } import option \"x.proto\";",
                " message A {}  enum E { A = 0; } import  \"x.proto\";",
            ),
            (
                "message A { extensions 4 [x = 1]; extensions 5, 0x6 [x = 1]; extensions 7, 8 to max [x = 1]; extensions 9; }",
                "message A { extensions 4 to 4 [x = 1]; extensions 5, 0x6 to 0x6 [x = 1]; extensions 7, 8 to max [x = 1]; extensions 9; }",
            ),
            (
                "message A { option (x) = -inf; float f = 1 [default = -inf, (y) = - nan]; }",
                "message A { option (x) = -1e999; optional float f = 1 [default = -inf, (y) =  nan]; }",
            ),
            (
                "message A { option (x) = { a: 1 }; message m = 1; option o = 2; }",
                "message A { option (x) = { a: 1 }; optional message m = 1; optional option o = 2; }",
            ),
        ] {
            let text = format!("edition = \"2023\"; {body}");
            assert_eq!(
                lowered(&text),
                format!("syntax = \"proto2\"; {expected}"),
                "{body}"
            );
        }
        for text in [
            "syntax = \"proto3\";",
            "message A { extensions 4 to 5 [x = -info]; }",
        ] {
            assert!(lower(text).is_none(), "{text}");
        }
        let proto2 = lower("option (x) = -nan; message A { extensions 4 [x = -inf]; }").unwrap();
        assert_eq!(
            proto2.text,
            "option (x) = nan; message A { extensions 4 to 4 [x = -1e999]; }"
        );
    }

    #[test]
    fn every_place_is_that_of_the_original() {
        let text =
            "edition = \"2023\"; message A {\n  local message B {} int32 a = 1; reserved foo;\n}\n";
        let lowered = lower(text).unwrap();
        for word in [
            "message A",
            "A {",
            "message B",
            "int32",
            "a = 1",
            "1;",
            "foo",
            ";\n}",
            "}\n",
        ] {
            let (at, original) = (lowered.text.find(word).unwrap(), text.find(word).unwrap());
            assert_eq!(lowered.original(at), original, "{word}");
        }
        // An inserted label stands for the type that it was put before.
        let label = lowered.text.find("optional").unwrap();
        assert_eq!(lowered.original(label), text.find("int32").unwrap());
    }
}
