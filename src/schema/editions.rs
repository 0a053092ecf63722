//! Editions on top of a parser that knows none: a text is lowered to proto2 with every place kept, features are resolved here.
//!
//! Lowering changes only what proto2 spells differently: the `edition` statement, labels that proto2 demands, reserved
//! names without quotes, `export` and `local`, `import option`. What an edition *means* (presence, openness, packing, …)
//! is read from the features: element → enclosing elements → file → defaults of the edition. Source: protobuf language
//! specification, "Feature Settings for Editions".

pub(crate) mod declaration;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use prost_types::FileDescriptorProto;

use super::location;
use super::token::{Kind, Token, tokens};
pub use declaration::Declaration;

/// The label that proto2 demands of every field outside of a oneof.
const LABEL: &str = "optional ";

/// What a file says beyond its descriptor: one that declares an edition, or extensions.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// The edition, as written: `2023`; empty where the file declares none.
    pub name: String,
    /// `export` and `local`, by the descriptor path of the type.
    pub visibility: HashMap<Box<[i32]>, Visibility>,
    /// Declared extensions by number, by the descriptor path of the message.
    pub declarations: HashMap<Box<[i32]>, BTreeMap<i32, Declaration>>,
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
    /// What extension ranges declare, by the byte at which the first range of the statement starts in the original.
    declarations: BTreeMap<usize, BTreeMap<i32, String>>,
}

/// Whether a type may be named from other files, where that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// `export`
    Export,
    /// `local`
    Local,
}

/// A range of the original, and what stands there in the lowered text; neither holds a line break.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    start: usize,
    end: usize,
    with: &'static str,
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

/// Lowers a text that declares an edition, and takes options off extension ranges in every text, since the parser does not
/// read them; `None` where there is nothing to change.
pub fn lower(text: &str) -> Option<Lowered> {
    let edition = edition(text);
    if edition.is_none() && !text.contains("extensions") {
        return None;
    }
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut walk = Walk {
        tokens: &tokens,
        at: 0,
        is_edition: edition.is_some(),
        edits: Vec::new(),
        visibility: Vec::new(),
        declarations: BTreeMap::new(),
    };
    if edition.is_some() {
        walk.header();
    }
    walk.body(Scope::File);
    if walk.edits.is_empty() {
        return None;
    }
    let edition = edition.unwrap_or_default();
    let Walk {
        mut edits,
        visibility,
        declarations,
        ..
    } = walk;
    edits.sort_by_key(|edit| edit.start);
    let mut lowered = String::with_capacity(text.len() + edits.len() * 9);
    let mut at = 0;
    for edit in &edits {
        lowered.push_str(text.get(at..edit.start).unwrap_or_default());
        lowered.push_str(edit.with);
        at = edit.end;
    }
    lowered.push_str(text.get(at..).unwrap_or_default());
    Some(Lowered {
        text: lowered,
        edition,
        edits,
        visibility,
        declarations,
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
        let mut declarations: HashMap<Box<[i32]>, BTreeMap<i32, Declaration>> = HashMap::new();
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
            if let [message @ .., 5, range] = place.path.as_slice()
                && let Some(declared) = self.declarations.get(&start)
            {
                let found = declarations.entry(message.into()).or_default();
                found.extend(declared.iter().map(|(number, text)| {
                    let (range, text) = (*range, text.clone());
                    (*number, Declaration { range, text })
                }));
            }
            place.span = lines.span(start, end.max(start));
            true
        });
        Edition {
            name: self.edition.clone(),
            visibility,
            declarations,
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
    /// Whether the text is one that proto2 spells differently.
    is_edition: bool,
    edits: Vec<Edit>,
    visibility: Vec<(usize, Visibility)>,
    declarations: BTreeMap<usize, BTreeMap<i32, String>>,
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
                    with,
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
            if self.is_edition {
                self.modifier();
            }
            if let Some(inner) = self.block(scope) {
                return Some(inner);
            }
        }
        let token = self.peek(0)?;
        let reserved = token.is("reserved") && !self.next_is(1, "=") && !self.next_is(1, ".");
        match scope {
            Scope::Fields if token.is("extensions") => self.range_options(),
            _ if !self.is_edition => {}
            Scope::File if token.is("import") => {
                if let Some(option) = self.peek(1).filter(|token| token.is("option")) {
                    self.edits.push(Edit {
                        start: option.start,
                        end: option.range().end,
                        with: "",
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
                with: "",
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
                    with: "\"",
                });
                self.edits.push(Edit {
                    start: token.range().end,
                    end: token.range().end,
                    with: "\"",
                });
            }
        }
    }

    /// Takes the options off an extension range, token by token, so that lines stay where they are.
    fn range_options(&mut self) {
        let statement = self.tokens.iter().skip(self.at);
        let mut depth = 0_usize;
        let mut options = Vec::new();
        for token in statement {
            match token.text {
                "[" | "{" => depth += 1,
                ";" if depth == 0 => break,
                _ => {}
            }
            if depth > 0 {
                options.push(token.clone());
                self.edits.push(Edit {
                    start: token.start,
                    end: token.range().end,
                    with: "",
                });
            }
            if matches!(token.text, "]" | "}") {
                depth = depth.saturating_sub(1);
            }
        }
        let declared = declaration::read(&options);
        if let Some(range) = self.peek(1).filter(|_| !declared.is_empty()) {
            self.declarations.insert(range.start, declared);
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
                with: LABEL,
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
                "extend A { optional int32 x = 100; } message M { extend .a.A { optional B y = 101; } extensions 4 to 10   ; }",
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
        assert!(lower("syntax = \"proto3\";").is_none());
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
