//! The fuzz targets, behind their names.
//!
//! In: the name of a target and the bytes that the fuzzer thought of. Out: nothing, or a panic where something is not as it
//! is promised. `cargo test` replays the corpora through the same functions, which therefore use the generator and the
//! engines of the tests.

// Each of these is used in part.
#[allow(dead_code)]
#[path = "../../tests/it/engines.rs"]
mod engines;
#[allow(dead_code, unused_imports)]
#[path = "../../tests/it/generator/mod.rs"]
mod generator;
#[path = "../../tests/it/on_demand.rs"]
mod on_demand;
mod targets;

/// Runs the target of this name.
pub fn run(name: &str, bytes: &[u8]) {
    let (_, target) = targets::TARGETS.iter().find(|(other, _)| *other == name).expect("there is such a target");
    target(bytes);
}
