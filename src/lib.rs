//! protopact checks that a change to a tree of `.proto` files keeps the promises the tree has made.

pub mod change;
pub mod diff;
pub mod explanation;
pub mod maturity;
pub mod cli;
pub mod report;
pub mod schema;
pub mod revision;
