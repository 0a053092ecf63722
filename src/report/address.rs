//! An address that is fit to be linked wherever a report is shown; it knows neither settings nor formats.

use fluent_uri::Uri;
use serde::Serialize;

/// An address of the web, held to RFC 3986: ASCII, without blanks, quotes and angle brackets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// Reads an address; the error says why it is none.
    pub fn new(text: &str) -> Result<Self, String> {
        let uri = Uri::parse(text).map_err(|error| error.to_string())?;
        let scheme = uri.scheme().as_str().to_ascii_lowercase();
        if scheme != "https" && scheme != "http" {
            return Err(format!("it begins with `{scheme}:`"));
        }
        let host = uri.authority().map_or("", |authority| authority.host());
        if host.is_empty() {
            return Err("it names no host".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_can_be_linked() {
        for good in [
            "https://docs.example.org/rules/a/b.html#c?d=e",
            "HTTP://localhost:3000/~a/(b);c,d",
        ] {
            assert_eq!(Address::new(good).as_ref().map(Address::as_str), Ok(good));
        }
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https:///a",
            "https://",
            "docs/a.html",
            "//docs.example.org/a",
            "https://a/\"onclick=",
            "https://a/<b>",
            "https://a/ b",
            "https://a/|",
            "https://a/\u{1b}]8;;",
            "https://a/\n",
            "https://a/名",
            "https://a/%zz",
        ] {
            assert!(Address::new(bad).is_err(), "{bad}");
        }
    }
}
