//! `protopact schema`: what JSON and TOML of this program look like, for other programs; it knows neither report nor configuration.

use super::output::{self, Failure, plain};
use super::{Schema, SchemaOf};
use crate::config;
use crate::report::json;
use crate::rule::Catalogue;

/// Prints the schema.
pub fn run(flags: &Schema) -> Result<(), Failure> {
    let failed = |error: serde_json::Error| plain(error.to_string());
    match flags.what {
        SchemaOf::Report => output::print(json::SCHEMA),
        SchemaOf::Config => {
            let schema = config::schema::schema(&Catalogue::embedded()?).map_err(failed)?;
            output::print(&json::pretty(&schema).map_err(failed)?)
        }
    }
}
