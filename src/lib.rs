//! protopact checks that a change to a tree of `.proto` files keeps the promises the tree has made.

pub mod change;
pub mod config;
pub mod report;
pub mod rule;
pub mod schema;
pub mod suggest;
