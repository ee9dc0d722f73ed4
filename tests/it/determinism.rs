//! The same input gives the same bytes, whoever asks and with however many threads.
//!
//! Every run is a process of its own, with hash seeds of its own. Out of as many runs as `ENTAIL_RUNS` says, 6 if it says
//! nothing, each has another locale, time zone and number of threads than the one before.

use std::process::Command;

/// What the shipped knowledge base is asked; not for a page, which tells the command line that it comes from.
const COMMANDS: &[&[&str]] = &[
    &["query", "facts", "rules", "-q", "diversifying_away(X, R)?", "-q", "ended_tie(russia, P)?"],
    &["query", "facts", "rules", "--format", "json", "-q", "signed(A, B, C) @ Claim?"],
    &["explain", "facts", "rules", "diversifying_away(russia, R)"],
    &["explain", "facts", "rules", "--format", "json", "diversifying_away(russia, R)"],
    &["explain", "facts", "rules", "--format", "dot", "diversifying_away(russia, R)"],
    &["explain", "facts", "rules", "--why-not", "diversifying_away(india, R)"],
    &["diff", "facts", "rules", "--retract", "policy(count_authorised)"],
    &["graph", "facts", "rules"],
    &["emit", "--target", "souffle", "facts", "rules"],
];

const LOCALES: &[&str] = &["C", "C.UTF-8", "tr_TR.UTF-8", "ja_JP.SJIS"];

const ZONES: &[&str] = &["UTC", "Pacific/Kiritimati", "America/St_Johns"];

const THREADS: &[&str] = &["1", "2", "8"];

#[test]
fn the_same_question_gets_the_same_bytes() {
    let runs = std::env::var("ENTAIL_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(6);
    for words in COMMANDS {
        let run = |at: usize| {
            let pick = |from: &'static [&'static str]| from[at % from.len()];
            let mut command = Command::new(env!("CARGO_BIN_EXE_entail"));
            command.args(*words).args(["-j", pick(THREADS)]);
            command.envs([("LANG", pick(LOCALES)), ("LC_ALL", pick(LOCALES)), ("TZ", pick(ZONES))]);
            let ran = command.output().expect("it starts");
            (ran.status.code(), ran.stdout, String::from_utf8_lossy(&ran.stderr).into_owned())
        };
        let first = run(0);
        assert!(matches!(first.0, Some(0 | 1)), "{words:?}: {}", first.2);
        assert!(!first.1.is_empty(), "{words:?} says nothing: {}", first.2);
        for at in 1..runs {
            let again = run(at);
            assert!(again.0 == first.0 && again.1 == first.1, "{words:?}, run {at}: other bytes\n{}", again.2);
        }
    }
}
