//! What protopact says of the history of opentelemetry-proto and of changes made to its last release.
//!
//! The corpus stays outside of the project: it is looked for at `PROTOPACT_CORPUS`, else beside the project. Where there
//! is none the tests say so and pass, unless `PROTOPACT_REQUIRE_CORPUS=1` asks for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/corpus.rs"]
mod corpus;

#[path = "corpus/run.rs"]
mod run;

#[path = "corpus/branches.rs"]
mod branches;
#[path = "corpus/commands.rs"]
mod commands;
#[path = "corpus/history.rs"]
mod history;
#[path = "corpus/mutations.rs"]
mod mutations;
#[path = "corpus/release.rs"]
mod release;
