//! The statements of a text that declares an edition, and what proto2 spells differently in them; it applies no edit.

use std::borrow::Cow;

use super::{Edit, LABEL, Visibility};
use crate::schema::token::{Kind, Token};

/// What the statements of a block are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    File,
    /// A message or an `extend` block: statements that are no keyword's are fields.
    Fields,
    /// A oneof: its fields have no label in proto2 either.
    Oneof,
    Enum,
    /// A service, or something that is not understood.
    Other,
}

pub(super) struct Walk<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    pub(super) edits: Vec<Edit>,
    pub(super) visibility: Vec<(usize, Visibility)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(tokens: &'a [Token<'a>]) -> Self {
        Self {
            tokens,
            at: 0,
            edits: Vec::new(),
            visibility: Vec::new(),
        }
    }

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
    pub(super) fn header(&mut self) {
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
    pub(super) fn body(&mut self, scope: Scope) {
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
