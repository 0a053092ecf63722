//! `protopact schema`: what JSON and TOML of this program look like, for other programs; it knows neither outputs nor configuration.

use super::output::{self, Failure, plain};
use super::{Schema, SchemaOf, rules, status};
use crate::report::json::{self, schema::whole};
use crate::rule::Catalogue;
use crate::{audit, blame, changelog, config, release};

/// Prints the schema.
pub fn run(flags: &Schema) -> Result<(), Failure> {
    let text = match flags.what {
        SchemaOf::Config => {
            config::schema::schema(&Catalogue::embedded()?).and_then(|it| json::pretty(&it))
        }
        SchemaOf::Report => whole(json::SCHEMA),
        SchemaOf::Release => whole(release::json::SCHEMA),
        SchemaOf::Changelog => whole(changelog::SCHEMA),
        SchemaOf::Blame => whole(blame::report::SCHEMA),
        SchemaOf::Audit => whole(audit::SCHEMA),
        SchemaOf::Status => whole(status::SCHEMA),
        SchemaOf::Rules => whole(rules::SCHEMA),
    };
    output::print(&text.map_err(|error| plain(error.to_string()))?)
}
