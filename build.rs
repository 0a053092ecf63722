//! Has Cargo rebuild the crate when a page under `rules/` is added or changed: the embedding macro does not see new files.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
}
