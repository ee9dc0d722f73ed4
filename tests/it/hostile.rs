//! Hostile input: what the command says, how it ends, how long it takes and what it needs, as data.
//!
//! In: the files of `tests/hostile`, whose first lines say how a case is written. Out: nothing, or every case that went
//! wrong. Of every case it is asked that the command ends by itself and in time, within the memory given, that nothing
//! panics, and that no control character reaches a terminal.

mod case;
mod world;

use crate::programs::files;
use case::{Case, Check};
use rayon::prelude::*;
use std::path::Path;
use world::{Ended, World};

#[test]
fn hostile_input_gets_an_answer_in_time() {
    let cases = cases();
    let wrong: Vec<String> = cases.par_iter().filter_map(|case| judge(case).err()).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

#[test]
fn there_are_many_hostile_cases() {
    let cases = cases();
    assert!(cases.len() >= 200, "{} cases", cases.len());
}

fn cases() -> Vec<Case> {
    let files = files(Path::new("tests/hostile"), "txt");
    files.iter().flat_map(|path| case::read(path)).collect()
}

/// Runs a case and looks at all that was asked of it.
fn judge(case: &Case) -> Result<(), String> {
    let world = World::of(case);
    let ended = world.run(case);
    let mut wrong: Vec<String> = case.checks.iter().filter_map(|check| fails(check, &world, &ended)).collect();
    wrong.extend(always(case, &ended));
    if wrong.is_empty() {
        return Ok(());
    }
    let shown =
        |text: &str| text.chars().take(1500).collect::<String>().escape_debug().to_string().replace("\\n", "\n   ");
    Err(format!(
        "{}\n - {}\n   exit {:?} after {:?}\n   stdout: {}\n   stderr: {}",
        case.name,
        wrong.join("\n - "),
        ended.code,
        ended.took,
        shown(&ended.stdout),
        shown(&ended.stderr)
    ))
}

/// What holds of every case.
fn always(case: &Case, ended: &Ended) -> Vec<String> {
    let mut wrong = Vec::new();
    if ended.code.is_none() {
        wrong.push(format!("it was ended by a signal, or stopped after {:?}", case.within));
    }
    let both = [&ended.stdout, &ended.stderr];
    for panic in ["panicked at", "internal error", "stack overflow", "memory allocation of"] {
        if both.iter().any(|text| text.contains(panic)) {
            wrong.push(format!("it says `{panic}`"));
        }
    }
    let control = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    let raw = if case.raw { &both[1..] } else { &both[..] };
    if let Some(found) = raw.iter().find_map(|text| text.chars().find(|character| control(*character))) {
        wrong.push(format!("the control character {found:?} came through"));
    }
    wrong
}

fn fails(check: &Check, world: &World, ended: &Ended) -> Option<String> {
    let contains =
        |what: &str, text: &str, part: &str| (!text.contains(part)).then(|| format!("{what} lacks `{part}`"));
    match check {
        Check::Exit(codes) => {
            (!codes.iter().any(|code| ended.code == Some(*code))).then(|| format!("exit {codes:?} was wanted"))
        }
        Check::Says(part) => contains("what it says", &ended.stderr, part),
        Check::Never(part) => {
            (ended.stderr.contains(part) || ended.stdout.contains(part)).then(|| format!("`{part}` must not be shown"))
        }
        Check::Prints(part) => contains("what it prints", &ended.stdout, part),
        Check::Wrote { file, part } => contains(file, &world.text(file).unwrap_or_default(), part),
        Check::Absent(file) => world.text(file).map(|_| format!("{file} should not be there")),
    }
}
