//! The command `protopact`.

fn main() {}
