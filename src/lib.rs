//! protopact checks that a change to a tree of `.proto` files keeps the promises the tree has made.
//!
//! # Code map, in the order in which data flows
//!
//! | module | job |
//! |---|---|
//! | [`cli`] | the command line as types, one file per subcommand |
//! | [`revision`] | where the two sides come from: git, worktree, index, directory |
//! | [`config`] | `protopact.toml`: what was typed → what it means |
//! | [`schema`] | text → descriptors → a flat arena of elements with exact places |
//! | [`maturity`] | what was promised for each element: table, labels, directories, configuration |
//! | [`change`] | the vocabulary: subject · aspect · action |
//! | [`diff`] | who is whom, then every atomic change once, linked to its cause |
//! | [`reuse`] | what earlier releases gave up, and who has it now |
//! | [`impact`] | whom a change breaks, told from the elements on both sides |
//! | [`rule`] | pages under `rules/` → rules, guarantees, presets |
//! | [`policy`] | which promises bind and how much breaking them weighs |
//! | [`explanation`] | the evidence that an addition was explained |
//! | [`judge`] | change × rule × policy → finding |
//! | [`acceptance`] | which findings people agreed to, in records and in comments |
//! | [`check`] | all of these on two sides that were read |
//! | [`release`] | what a release needs: bump, version, what people are told, the section of a changelog |
//! | [`audit`] | what became of the promises from each release to the next |
//! | [`blame`] | which commit brought a finding |
//! | [`changelog`] | every change, grouped for release notes |
//! | `page` | what the pages for browsers share |
//! | [`init`] | a first configuration, from what a tree shows or from another tool's |
//! | [`report`] | the findings as data, and their renderings |
//! | [`text_file`] | how a text is written down, for files that are written anew |
//!
//! # Invariants, held by tests
//!
//! - No rule id occurs in `src/`: rules are pages, and the vocabulary of [`change`] is the contract between the two.
//! - Only [`revision`] does IO on schemas; [`diff`], [`impact`], [`rule`] and [`judge`] are pure, and nothing depends on the order of
//!   a hash map, on the clock or on the number of threads.
//! - `git2` is named in `revision/git.rs` and `revision/git/` only, protox in `schema/` only, miette's renderer in
//!   `report/human/` only.
//! - `diff(r, r)` is empty; `diff(b, a)` is `diff(a, b)` with added and removed swapped, derived aspects apart.
//! - One cause is one finding: a consequence is folded only into a cause that is itself reported at the same level or
//!   higher, so that a dormant, exempt or disabled cause hides nothing.
//! - Loading part of a tree gives the same report as loading all of it (`--full`), broken files that nothing changed aside;
//!   and so does any number of threads.
//! - Nothing that changed is dropped silently: exempt, accepted and dormant changes are counted in every output.
//! - No panic is reachable from input.

pub mod acceptance;
pub mod audit;
pub mod blame;
pub mod change;
pub mod changelog;
pub mod check;
pub mod cli;
pub mod config;
pub mod diff;
pub mod explanation;
pub mod impact;
pub mod init;
pub mod judge;
pub mod maturity;
mod page;
pub mod policy;
pub mod release;
pub mod report;
pub mod reuse;
pub mod revision;
pub mod rule;
pub mod schema;
pub mod suggest;
pub mod text_file;
