//! Declarations of extensions, the options of an extension range that say which extension a number is kept for; it reads
//! tokens, and knows nothing of what is around them.

use std::collections::BTreeMap;

use crate::schema::token::{Kind, Token};

/// An extension that a range declares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declaration {
    /// The range that says so, by its index in the message.
    pub range: i32,
    /// What it says beside the number, in protobuf's spelling; what holds anyway is left out.
    pub text: String,
}

/// The declarations in the options of a range, by number; `tokens` are those between the brackets, the brackets included.
pub(super) fn read(tokens: &[Token<'_>]) -> BTreeMap<i32, String> {
    let mut found = BTreeMap::new();
    let mut tokens = tokens.iter().peekable();
    let mut declares = false;
    while let Some(token) = tokens.next() {
        let names_option = tokens.peek().is_some_and(|next| next.is("="));
        if names_option {
            declares = token.is("declaration");
        } else if token.is("{") {
            let mut body = BTreeMap::new();
            let mut depth = 1_usize;
            while let Some(token) = tokens.next() {
                match token.text {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if token.kind == Kind::Word && depth == 1 {
                    tokens.next_if(|next| next.is(":"));
                    let mut value = String::new();
                    // Literals that stand side by side are one.
                    while let Some(part) = tokens.next_if(|next| {
                        next.kind == Kind::Text || (next.kind == Kind::Word && value.is_empty())
                    }) {
                        let is_text = part.kind == Kind::Text;
                        value += if is_text { part.contents() } else { part.text };
                        if !is_text {
                            break;
                        }
                    }
                    body.insert(token.text, value);
                }
            }
            if declares && let Some((number, text)) = spelled(&body) {
                found.insert(number, text);
            }
        }
    }
    found
}

/// A declaration by the names of its fields.
pub(crate) fn spelled(fields: &BTreeMap<&str, String>) -> Option<(i32, String)> {
    let number = fields.get("number")?.parse().ok()?;
    let is_set = |name: &str| fields.get(name).is_some_and(|value| value == "true");
    let mut words = Vec::new();
    for name in ["full_name", "type"] {
        words.extend(fields.get(name).filter(|value| !value.is_empty()).cloned());
    }
    for name in ["repeated", "reserved"] {
        words.extend(is_set(name).then(|| name.to_owned()));
    }
    Some((number, words.join(" ")))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::schema::token::tokens;

    #[test]
    fn declarations_are_read_in_every_spelling() {
        let text = r#"[
            verification = DECLARATION,
            declaration = { number: 4, full_name: ".a.b" type: ".a" ".C"; repeated: true },
            declaration = [{ number: 5 reserved: true }, { full_name: '.d', number: 6, repeated: false }],
            (acme.other) = { number: 7 }
        ]"#;
        let tokens: Vec<Token<'_>> = tokens(text).collect();
        let found = read(&tokens);
        assert_eq!(found[&4], ".a.b .a.C repeated");
        assert_eq!(found[&5], "reserved");
        assert_eq!(found[&6], ".d");
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn what_is_no_declaration_is_left_alone() {
        for text in [
            "[",
            "[declaration = {",
            "[declaration = { number: x }]",
            "[declaration = {{}}]",
        ] {
            let tokens: Vec<Token<'_>> = tokens(text).collect();
            assert_eq!(read(&tokens), BTreeMap::new(), "{text}");
        }
    }
}
