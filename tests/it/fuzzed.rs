//! What the fuzzer found, replayed: every file of its corpora through the function of its target.
//!
//! In: `fuzz/corpus/<target>`. Out: nothing, or a panic that names the file. Promise: on a stack of a mebibyte, each file
//! within seconds.

#[path = "../../fuzz/src/targets/mod.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use targets::{TARGETS, Target};

/// So long may a file take, on a machine that is busy.
const LONGEST: Duration = Duration::from_secs(20);

fn replay(name: &str) {
    let (_, target) = TARGETS.iter().find(|(other, _)| *other == name).expect("there is such a target");
    let files = corpus(name);
    assert!(!files.is_empty(), "the corpus of {name} is empty");
    for path in files {
        let bytes = fs::read(&path).expect("a file");
        let start = Instant::now();
        on_a_small_stack(*target, bytes).unwrap_or_else(|| panic!("{} breaks a promise", path.display()));
        assert!(start.elapsed() < LONGEST, "{} takes {:?}", path.display(), start.elapsed());
    }
}

/// The files of a corpus, in the order of their names.
fn corpus(name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new("fuzz/corpus").join(name)).expect("a corpus");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// Runs on the stack that a thread of a server would have.
fn on_a_small_stack(target: Target, bytes: Vec<u8>) -> Option<()> {
    thread::Builder::new().stack_size(1 << 20).spawn(move || target(&bytes)).expect("a thread starts").join().ok()
}

#[test]
fn every_target_has_a_corpus_and_a_program_that_runs_it() {
    for (name, _) in TARGETS {
        assert!(!corpus(name).is_empty(), "the corpus of {name} is empty");
        assert!(Path::new("fuzz/fuzz_targets").join(name).with_extension("rs").is_file(), "nothing runs {name}");
    }
}

#[test]
fn texts_that_were_thought_of_are_read() {
    replay("parse");
}

#[test]
fn trees_that_were_thought_of_are_printed_and_read_back() {
    replay("print");
}

#[test]
fn rows_that_were_thought_of_are_read_and_come_back() {
    replay("rows");
}

#[test]
fn a_session_takes_what_was_thought_of() {
    replay("prompt");
}

#[test]
fn places_that_were_thought_of_are_drawn() {
    replay("drawing");
}

#[test]
fn programs_that_were_thought_of_mean_what_the_slow_twin_says() {
    replay("evaluation");
}

#[test]
fn facts_of_programs_that_were_thought_of_have_proofs() {
    replay("explain");
}
