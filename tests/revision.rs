//! Where protos come from: little repositories, made with the git command line, and what the sides of a comparison are in them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "revision/repo.rs"]
mod repo;

#[path = "revision/baselines.rs"]
mod baselines;
#[path = "revision/clones.rs"]
mod clones;
#[path = "revision/names.rs"]
mod names;
#[path = "revision/trees.rs"]
mod trees;
