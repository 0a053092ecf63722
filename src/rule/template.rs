//! The sentences of a rule page, with places for names and values; it does not know which change fills them.

/// What a sentence may speak of. An absent value is an empty string.
#[derive(Debug, Clone, Copy, Default)]
pub struct Values<'v> {
    /// Simple name of the element, in the baseline if it is there.
    pub name: &'v str,
    /// Full name of the element.
    pub symbol: &'v str,
    /// Full name of what encloses it.
    pub parent: &'v str,
    /// The value in the baseline.
    pub from: &'v str,
    /// The value in the current side.
    pub to: &'v str,
    /// The name of an option.
    pub facet: &'v str,
    /// The other element that explains the change.
    pub other: &'v str,
    /// The path of the file.
    pub path: &'v str,
}

/// The words that stand between braces.
pub const PLACEHOLDERS: &[&str] = &[
    "name", "symbol", "parent", "from", "to", "facet", "other", "path",
];

/// A sentence whose placeholders are all known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

impl Template {
    /// Takes a sentence; the error is the first placeholder that is not known, or not closed.
    pub fn new(text: String) -> Result<Self, String> {
        let mut rest = text.as_str();
        while let Some((_, behind)) = rest.split_once('{') {
            match behind.split_once('}') {
                Some((word, behind)) if PLACEHOLDERS.contains(&word) => rest = behind,
                Some((word, _)) => return Err(word.to_owned()),
                None => return Err(behind.to_owned()),
            }
        }
        Ok(Self(text))
    }

    /// The sentence as the page has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The sentence about one change.
    pub fn render(&self, values: &Values<'_>) -> String {
        let mut out = String::with_capacity(self.0.len() + 32);
        let mut rest = self.0.as_str();
        while let Some((text, behind)) = rest.split_once('{') {
            let (word, behind) = behind.split_once('}').unwrap_or((behind, ""));
            out.push_str(text);
            out.push_str(values.get(word));
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

impl Values<'_> {
    fn get(&self, placeholder: &str) -> &str {
        match placeholder {
            "name" => self.name,
            "symbol" => self.symbol,
            "parent" => self.parent,
            "from" => self.from,
            "to" => self.to,
            "facet" => self.facet,
            "other" => self.other,
            "path" => self.path,
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_every_placeholder_once() {
        let values = Values {
            name: "a",
            symbol: "b",
            parent: "c",
            from: "{to}",
            to: "e",
            facet: "f",
            other: "g",
            path: "h",
        };
        let words: Vec<String> = PLACEHOLDERS
            .iter()
            .map(|word| format!("{{{word}}}"))
            .collect();
        let text = words.join(" ");
        let rendered = Template::new(text).map(|template| template.render(&values));
        assert_eq!(rendered.as_deref(), Ok("a b c {to} e f g h"));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert_eq!(
            Template::new("{name} {nam}".to_owned()),
            Err("nam".to_owned())
        );
        assert_eq!(Template::new("{name".to_owned()), Err("name".to_owned()));
    }
}
