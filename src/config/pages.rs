//! Where the pages of the rules are published: what `[report]` says of it, and the address of one; it knows no report.

use crate::report::address::Address;
use crate::suggest::did_you_mean;

const RULE: &str = "rule";
const GUARANTEE: &str = "guarantee";

/// Where the pages of the rules are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// An address with placeholders.
    pattern: String,
}

impl Pages {
    /// Reads an address with placeholders; the error says what is wrong with it, and what to do.
    pub(super) fn new(pattern: &str) -> Result<Self, (String, String)> {
        let names = [RULE, GUARANTEE];
        let mut rest = pattern;
        while let Some((_, behind)) = rest.split_once('{') {
            let Some((name, behind)) = behind.split_once('}') else {
                return Err((
                    "there is a `{` without a `}`".to_owned(),
                    example("write `{rule}` where the id of the rule stands"),
                ));
            };
            if !names.contains(&name) {
                let help = did_you_mean(name, names).unwrap_or_default();
                return Err((format!("unknown placeholder `{{{name}}}`"), help));
            }
            rest = behind;
        }
        let pages = Self {
            pattern: pattern.to_owned(),
        };
        if !pattern.contains(&format!("{{{RULE}}}")) {
            return Err((
                "the address is the same for all rules".to_owned(),
                example("write `{rule}` where the id of the rule stands"),
            ));
        }
        match pages.filled("a", "a") {
            Ok(_) => Ok(pages),
            Err(error) => Err((
                format!("`{pattern}` is not an address of the web: {error}"),
                example("write all of it"),
            )),
        }
    }

    /// The address of the page of a rule, which stands in the folder of a guarantee.
    pub fn of(&self, rule: &str, guarantee: &str) -> Option<Address> {
        self.filled(rule, guarantee).ok()
    }

    fn filled(&self, rule: &str, guarantee: &str) -> Result<Address, String> {
        let text = self.pattern.replace(&format!("{{{RULE}}}"), rule);
        Address::new(&text.replace(&format!("{{{GUARANTEE}}}"), guarantee))
    }
}

fn example(what: &str) -> String {
    format!("{what}: `https://docs.example.org/rules/{{{GUARANTEE}}}/{{{RULE}}}.html`")
}
