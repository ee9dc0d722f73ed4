//! The `entail` command.
fn main() {}
