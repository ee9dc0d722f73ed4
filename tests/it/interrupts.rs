//! Ctrl-C at any moment gives the prompt back, with the facts as they were.
//!
//! In: a session in a terminal, and statements that parse, read, join, close, count, sort and print. They are interrupted
//! after a random while, 25 times or as often as `ENTAIL_INTERRUPTS` says, from seed `ENTAIL_SEED` on. Out: how long the
//! prompt took, printed; a failure if it came late (the 99th of a hundred within 100 ms, where a release build runs
//! on a quiet machine), not at all, or with other facts.

use crate::command::Folder;
use crate::generator::Dice;
use crate::terminal::Terminal;
use std::time::{Duration, Instant};

/// What is typed and takes for ever, or nearly.
const LONG: &[&str] =
    &["endless(X)?", "path(X, Y), path(Y, Z), path(Z, X)?", "edge(A, B), edge(C, D), edge(E, F), A + C + E < 0?"];

/// What may be over before it is interrupted. None of it changes what is stored.
const SHORT: &[&str] = &[
    "N = count : { path(_, _) }?",
    "edge(X, Y), edge(Z, W)?",
    ".read rows",
    ".read more.dl",
    ".why path(0, 1900)",
    ".whynot path(1900, 0)",
    ".plan path(0, X), path(X, Y)?",
];

#[test]
fn an_interrupt_at_any_moment_gives_the_prompt_back() {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let times: usize = number("ENTAIL_INTERRUPTS", 25);
    // What is over already leaves Ctrl-C to the prompt, and what is typed too soon behind that is lost: a person notices.
    let statements = if times > 25 { [LONG, SHORT].concat() } else { LONG.to_vec() };
    let mut dice = Dice::new(u64::try_from(number("ENTAIL_SEED", 0)).expect("a seed"));
    let edges: String = (0..2_000).map(|from| format!("edge({from}, {}).\n", from + 1)).collect();
    let rules = "path(X, Y) :- edge(X, Y).\npath(X, Z) :- path(X, Y), path(Y, Z), X < Z.\n\
                 endless(0).\nendless(X + 1) :- endless(X).\n";
    let rows: String = (0..200_000).map(|row| format!("{row}\ttext {row}\n")).collect();
    let folder = Folder::with(&[
        ("p.dl", &format!("{edges}{rules}")),
        ("rows/told.dl", ".decl told(x: number, y: symbol)\n.input told\nwrong(.\n"),
        ("rows/told.facts", &rows),
        ("more.dl", &format!("{}wrong(.\n", "more(1). ".repeat(100_000))),
        ("home/x", ""),
    ]);
    let mut terminal = Terminal::start(&folder, &["p.dl"], &[("PAGER", "cat")]);
    let mut waits: Vec<Duration> = Vec::new();
    for time in 0..times {
        terminal.line(dice.pick(&statements));
        std::thread::sleep(Duration::from_micros(u64::try_from(dice.below(400_000)).expect("few")));
        terminal.keys("\x03");
        let started = Instant::now();
        terminal.wait_for_prompt();
        waits.push(started.elapsed());
        std::thread::sleep(Duration::from_millis(20));
        if time % 10 == 9 {
            terminal.line("N = count : { edge(_, _) }, M = count : { nothing_else(_) }?");
            terminal.wait_for("no relation is called `nothing_else`");
            terminal.line("N = count : { edge(_, _) }?");
            terminal.wait_for("2000");
            terminal.line("told(X, Y)?");
            terminal.wait_for("no relation is called `told`");
        }
    }
    waits.sort();
    let at = |percent: usize| waits[(waits.len() * percent / 100).min(waits.len() - 1)];
    println!(
        "{times} interrupts: half within {:?}, 99 of 100 within {:?}, the slowest {:?}",
        at(50),
        at(99),
        waits[waits.len() - 1]
    );
    if !cfg!(debug_assertions) {
        assert!(at(99) < Duration::from_millis(100), "the prompt came after {:?}", at(99));
    }
    terminal.line(".quit");
    assert_eq!(terminal.end().0, 0);
}
