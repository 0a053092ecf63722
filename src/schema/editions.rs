//! Editions on top of a parser that knows none: a text is lowered to proto2 with every place kept, features are resolved here.
//!
//! Lowering changes only what proto2 spells differently: the `edition` statement, labels that proto2 demands, reserved
//! names without quotes, `export` and `local`, `import option`. What an edition *means* (presence, openness, packing, …)
//! is read from the features: element → enclosing elements → file → defaults of the edition. Source: protobuf language
//! specification, "Feature Settings for Editions".

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use prost_types::FileDescriptorProto;

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
    if edition.is_none() && !has_negative_words(text) && !text.contains("extensions") {
        return None;
    }
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut walk = Walk {
        tokens: &tokens,
        at: 0,
        edits: Vec::new(),
        visibility: Vec::new(),
    };
    if edition.is_some() {
        walk.header();
        walk.body(Scope::File);
    }
    walk.edits.extend(negative_words(&tokens));
    walk.edits.extend(ranges_of_one(&tokens));
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

/// Whether a text may have the negative of a word in it.
fn has_negative_words(text: &str) -> bool {
    let mut signs = text.match_indices('-');
    signs.any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default().trim_start();
        rest.starts_with("inf") || rest.starts_with("nan")
    })
}

/// Edits that spell `-inf` as a number that is as small, and `-nan`, which has no sign that counts, as `nan`. Default values may
/// have negative words.
fn negative_words<'a>(tokens: &'a [Token<'a>]) -> impl Iterator<Item = Edit> + 'a {
    tokens
        .windows(4)
        .filter_map(|window| {
            let [name, equals, sign, word] = window else {
                return None;
            };
            let with = match word.text {
                "inf" => "1e999",
                "nan" => "nan",
                _ => return None,
            };
            let is_value = equals.is("=") && sign.is("-") && !name.is("default");
            let kept = if with == "nan" { "" } else { "-" };
            is_value.then_some([(sign, kept), (word, with)])
        })
        .flatten()
        .map(|(token, with)| Edit {
            start: token.start,
            end: token.range().end,
            with: Cow::Borrowed(with),
        })
}

/// Edits that spell an extension range of one number that has options as one from it to itself.
fn ranges_of_one<'a>(tokens: &'a [Token<'a>]) -> impl Iterator<Item = Edit> + 'a {
    let starts = tokens.iter().enumerate();
    let starts = starts.filter(|(_, token)| token.is("extensions"));
    starts.filter_map(|(start, _)| {
        let statement = tokens.get(start..)?;
        let is_number = |token: &Token<'_>| token.text.starts_with(|c: char| c.is_ascii_digit());
        let end = statement
            .iter()
            .position(|token| token.is("[") || token.is(";"))?;
        let [.., before, last] = statement.get(..end)? else {
            return None;
        };
        let is_range = statement.get(1).is_some_and(is_number);
        let alone = is_number(last) && !before.is("to");
        (is_range && alone && statement.get(end)?.is("[")).then(|| Edit {
            start: last.start,
            end: last.range().end,
            with: Cow::Owned(format!("{0} to {0}", last.text)),
        })
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

/// Where the lines of a text start.
#[derive(Debug, Clone)]
struct Lines(Vec<usize>);

impl Lines {
    /// Finds the lines of a text.
    fn of(text: &str) -> Self {
        Self(
            std::iter::once(0)
                .chain(text.match_indices('\n').map(|(index, _)| index + 1))
                .collect(),
        )
    }

    /// The byte at a line and a column, both from 0.
    fn offset(&self, line: u32, column: u32) -> usize {
        self.0
            .get(line as usize)
            .or(self.0.last())
            .copied()
            .unwrap_or(0)
            + column as usize
    }

    /// A span as source info has it.
    fn span(&self, start: usize, end: usize) -> Vec<i32> {
        let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let ((line, column), (end_line, end_column)) = (self.position(start), self.position(end));
        let middle = (end_line != line).then(|| number(end_line));
        [number(line), number(column)]
            .into_iter()
            .chain(middle)
            .chain([number(end_column)])
            .collect()
    }

    /// The line and column of a byte, both from 0.
    fn position(&self, offset: usize) -> (u32, u32) {
        let line = self
            .0
            .partition_point(|&start| start <= offset)
            .saturating_sub(1);
        let column = offset - self.0.get(line).copied().unwrap_or(0);
        (
            u32::try_from(line).unwrap_or(u32::MAX),
            u32::try_from(column).unwrap_or(u32::MAX),
        )
    }
}

/// What the statements of a block are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    File,
    /// A message or an `extend` block: statements that are no keyword's are fields.
    Fields,
    /// A oneof: its fields have no label in proto2 either.
    Oneof,
    Enum,
    /// A service, or something that is not understood.
    Other,
}

struct Walk<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    edits: Vec<Edit>,
    visibility: Vec<(usize, Visibility)>,
}

impl<'a> Walk<'a> {
    fn peek(&self, ahead: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    fn next_is(&self, ahead: usize, text: &str) -> bool {
        self.peek(ahead).is_some_and(|token| token.is(text))
    }

    fn is_name(&self, ahead: usize) -> bool {
        self.peek(ahead)
            .is_some_and(|token| token.kind == Kind::Word)
    }

    /// `edition = "2023"` → `syntax = "proto2"`.
    fn header(&mut self) {
        let (keyword, value) = (self.peek(0), self.peek(2));
        for (token, with) in [(keyword, "syntax"), (value, "\"proto2\"")] {
            if let Some(token) = token {
                self.edits.push(Edit {
                    start: token.start,
                    end: token.range().end,
                    with: Cow::Borrowed(with),
                });
            }
        }
        self.skip_statement();
    }

    /// The statements of a block, up to and with its closing brace. An explicit stack: blocks may be nested deeply.
    fn body(&mut self, scope: Scope) {
        let mut scopes = vec![scope];
        while let (Some(&scope), Some(token)) = (scopes.last(), self.peek(0)) {
            if token.is("}") {
                self.at += 1;
                if scopes.len() > 1 {
                    scopes.pop();
                }
                continue;
            }
            if let Some(inner) = self.statement(scope) {
                scopes.push(inner);
            }
        }
    }

    /// One statement; where it opens a block of statements, what these are.
    fn statement(&mut self, scope: Scope) -> Option<Scope> {
        if self.next_is(0, ";") {
            self.at += 1;
            return None;
        }
        if matches!(scope, Scope::File | Scope::Fields) {
            self.modifier();
            if let Some(inner) = self.block(scope) {
                return Some(inner);
            }
        }
        let token = self.peek(0)?;
        let reserved = token.is("reserved") && !self.next_is(1, "=") && !self.next_is(1, ".");
        match scope {
            Scope::File if token.is("import") => {
                if let Some(option) = self.peek(1).filter(|token| token.is("option")) {
                    self.edits.push(Edit {
                        start: option.start,
                        end: option.range().end,
                        with: Cow::Borrowed(""),
                    });
                }
            }
            Scope::Fields | Scope::Enum if reserved => self.reserved(),
            Scope::Fields => self.field(),
            _ => {}
        }
        self.skip_statement();
        None
    }

    /// Takes `export` or `local` off a type.
    fn modifier(&mut self) {
        let Some(token) = self.peek(0) else { return };
        let visibility = match token.text {
            "export" => Visibility::Export,
            "local" => Visibility::Local,
            _ => return,
        };
        let ty = self
            .peek(1)
            .filter(|next| next.is("message") || next.is("enum"));
        if let Some(ty) = ty.filter(|_| self.is_name(2) && self.next_is(3, "{")) {
            self.edits.push(Edit {
                start: token.start,
                end: token.range().end,
                with: Cow::Borrowed(""),
            });
            self.visibility.push((ty.start, visibility));
            self.at += 1;
        }
    }

    /// Enters the block of a message, an enum, a oneof, an extension or a service.
    fn block(&mut self, scope: Scope) -> Option<Scope> {
        let token = self.peek(0)?;
        let named = self.is_name(1) && self.next_is(2, "{");
        let inner = match token.text {
            "message" if named => Scope::Fields,
            "enum" if named => Scope::Enum,
            "oneof" if named && scope == Scope::Fields => Scope::Oneof,
            "service" if named && scope == Scope::File => Scope::Other,
            "extend" => {
                let open = (1..self.tokens.len())
                    .find(|&ahead| !self.is_name(ahead) && !self.next_is(ahead, "."))?;
                if open == 1 || !self.next_is(open, "{") {
                    return None;
                }
                self.at += open + 1;
                return Some(Scope::Fields);
            }
            _ => return None,
        };
        self.at += 3;
        Some(inner)
    }

    /// Puts reserved names into quotes.
    fn reserved(&mut self) {
        for token in self
            .tokens
            .iter()
            .skip(self.at + 1)
            .take_while(|token| !token.is(";"))
        {
            let name =
                token.kind == Kind::Word && !token.text.starts_with(|c: char| c.is_ascii_digit());
            if name && !matches!(token.text, "to" | "max") {
                self.edits.push(Edit {
                    start: token.start,
                    end: token.start,
                    with: Cow::Borrowed("\""),
                });
                self.edits.push(Edit {
                    start: token.range().end,
                    end: token.range().end,
                    with: Cow::Borrowed("\""),
                });
            }
        }
    }

    /// Puts a label before a field that has none.
    fn field(&mut self) {
        let Some(token) = self.peek(0) else { return };
        let other = match token.text {
            "option" => self.is_name(1) || self.next_is(1, "("),
            "extensions" => self
                .peek(1)
                .is_some_and(|next| next.text.starts_with(|c: char| c.is_ascii_digit())),
            "optional" | "required" | "repeated" => self.is_name(1) || self.next_is(1, "."),
            "map" => self.next_is(1, "<"),
            _ => !(token.kind == Kind::Word || token.is(".")),
        };
        // No standard option of a message is a number: `option x = 1;` declares a field of a type called `option`.
        let numbered = self
            .peek(3)
            .is_some_and(|value| value.text.starts_with(|c: char| c.is_ascii_digit()));
        let field_after_all =
            token.is("option") && self.is_name(1) && self.next_is(2, "=") && numbered;
        if !other || field_after_all {
            self.edits.push(Edit {
                start: token.start,
                end: token.start,
                with: Cow::Borrowed(LABEL),
            });
        }
    }

    /// Goes behind the statement: its `;`, or the block that ends it.
    fn skip_statement(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek(0) {
            if depth == 0 && token.is("}") {
                return;
            }
            self.at += 1;
            if token.is("{") || token.is("[") || token.is("(") {
                depth += 1;
            } else if token.is("}") || token.is("]") || token.is(")") {
                depth = depth.saturating_sub(1);
                // A method ends with its block; an option's value in braces is followed by a `;`.
                if depth == 0 && token.is("}") && !self.next_is(0, ";") {
                    return;
                }
            } else if depth == 0 && token.is(";") {
                return;
            }
        }
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
