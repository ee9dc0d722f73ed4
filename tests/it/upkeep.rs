//! Relations that do not keep every row: random programs with subsumptions, choices and columns that join, on every
//! engine, and the reasons for what is kept.

use crate::engines::{ENGINES, Engine, Meaning, meaning, slow_twin};
use crate::generator::Dice;
use entail::data::{Value, spelled};
use entail::session::{Reasons, Session};

const PROGRAMS: u64 = 100;

/// Programs whose rows are explained.
const EXPLAINED: u64 = 40;

/// When the first of two rows gives way: orders, and what is none.
const CONDITIONS: &[&str] = &[
    "p(X, Y, A) <= p(X, Y, B) :- B < A.",
    "p(X, Y, A) <= p(X, Y, B) :- B <= A.",
    "p(X, Y, A) <= p(X, Y, B) :- A < B.",
    "p(X, _, A) <= p(X, _, B) :- B < A.",
    "p(_, Y, A) <= p(_, Y, B) :- A < B, not e(Y, Y, _).",
    "p(X, Y, A) <= p(Z, Y, A) :- Z < X.",
    "p(X, Y, A) <= p(Y, Z, B) :- q(Y), A = B.",
    "p(X, Y, A) <= p(Y, X, A) :- X != Y.",
    "p(X, Y, _) <= p(X, Y, B) :- p(Y, X, B).",
    "p(X, Y, A) <= p(X, Y, A + 1) :- A > 1.",
    "p(X, Y, A) <= p(X, Z, B) :- Z = Y + 1, A = max C : { e(X, _, C) }, B > 0.",
];

const CHOICES: &[&str] = &["x", "y", "x, y", "(x, y)", "(x, c), y", "c"];

/// What joins the last two columns, or the last: one of two values, or what is above both of them, which need be neither.
const LATTICES: &[&str] = &[
    ".lattice number<> { Lub -> max(_, _) }\n.decl p(x: number, y: number, c: number<>)",
    ".lattice number<> { Lub -> min(_, _), Glb -> max(_, _), Bottom -> 99 }\n\
     .decl p(x: number, y: number, c: number<>)",
    ".lattice number<> { Lub -> max(_, _), Glb -> min(_, _), Bottom -> 0 }\n\
     .decl p(x: number, y: number<>, c: number<>)",
    ".type Low = number\n.lattice Low<> { Lub -> min(_, _) }\n.lattice number<> { Lub -> max(_, _) }\n\
     .decl p(x: Low<>, y: number<>, c: Low<>)",
];

const RULES: &[&str] = &[
    "p(X, Z, A + B) :- p(X, Y, A), e(Y, Z, B), A < 9.",
    "p(X, Z, A) :- p(X, Y, A), p(Y, Z, _).",
    "p(Y, X, A) :- p(X, Y, A), q(X).",
    "q(X) :- p(X, _, A), A > 3.",
    "p(X, X, 1) :- q(X).",
    "p(X, Y, A) :- e(Y, X, A), not r(X).",
];

fn program(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut lines = vec!["e(0, 0, 0). r(1). q(7).".to_owned()];
    for _ in 0..dice.between(3, 8) {
        lines.push(format!("e({}, {}, {}).", dice.below(4), dice.below(4), dice.between(1, 4)));
    }
    match dice.below(10) {
        0..3 => {
            let choice = dice.pick(CHOICES);
            lines.push(format!(".decl p(x: number, y: number, c: number) choice-domain {choice}"));
        }
        3..6 => lines.push(dice.pick(LATTICES).to_owned()),
        _ => {
            lines.push(".decl p(x: number, y: number, c: number)".to_owned());
            (0..dice.between(1, 2)).for_each(|_| lines.push(dice.pick(CONDITIONS).to_owned()));
        }
    }
    for _ in 0..dice.below(4) {
        lines.push(format!("p({}, {}, {}).", dice.below(4), dice.below(4), dice.between(1, 4)));
    }
    lines.push("p(X, Y, C) :- e(X, Y, C).".to_owned());
    for _ in 0..dice.between(1, 3) {
        lines.push(dice.pick(RULES).to_owned());
    }
    lines.push("after(X) :- r(X), not p(X, _, 2).\nmany(N) :- N = count : { p(_, _, _) }.".to_owned());
    lines.join("\n") + "\n"
}

fn evaluated(text: &str) -> Session {
    let mut session = Session::new();
    session.tell("program", text).unwrap_or_else(|failure| panic!("{text}\n{failure:?}"));
    session.evaluate_all().unwrap_or_else(|failure| panic!("{text}\n{failure:?}"));
    session
}

#[test]
fn every_engine_keeps_the_same_rows() {
    for seed in 0..PROGRAMS {
        let text = program(seed);
        let wanted = meaning(&text, slow_twin);
        assert!(matches!(wanted, Meaning::Rows { .. }), "seed {seed}:\n{text}\n{wanted:?}");
        for Engine { name, run } in ENGINES {
            assert_eq!(meaning(&text, run), wanted, "{name}, seed {seed}:\n{text}");
        }
    }
}

#[test]
fn every_kept_row_has_a_proof_that_is_one() {
    for seed in 0..EXPLAINED {
        let text = program(seed);
        let mut session = evaluated(&text);
        for relation in session.program().named().collect::<Vec<_>>() {
            let rows: Vec<Vec<Value>> = session.relation_rows(relation).rows(session.symbols()).collect();
            for row in rows.into_iter().take(2) {
                let explained = session.why_row(relation, &row).expect("it ends").expect("it holds");
                let verdict = session.check_proof(&explained);
                assert_eq!(verdict, Ok(()), "seed {seed}: {row:?}\n{text}{:?}", explained.proof);
            }
        }
    }
}

#[test]
fn of_a_row_that_gave_way_it_is_told_to_which() {
    let mut told = 0;
    for seed in 0..PROGRAMS {
        let text = program(seed);
        let mut session = evaluated(&text);
        let p = session.program().relation("p").expect("it is declared");
        let stored: Vec<Vec<Value>> = session.stored_rows(p).rows(session.symbols()).collect();
        let kept: Vec<Vec<Value>> = session.relation_rows(p).rows(session.symbols()).collect();
        for row in stored.into_iter().filter(|row| !kept.contains(row)).take(1) {
            let asked = format!("p({})", row.iter().map(spelled).collect::<Vec<_>>().join(", "));
            session.effort = 100_000;
            let lacking = match session.explain("test", &asked) {
                Ok(Reasons::Fails(lacking)) => lacking,
                // It lies below the one that it gave way to.
                Ok(Reasons::Holds(_)) if !session.program().joins(p).is_empty() => continue,
                explained => panic!("{asked} is not kept: {explained:?}"),
            };
            let text_told = lacking.text(&session);
            assert!(text_told.contains(&format!("{asked} gives way to p(")), "seed {seed}:\n{text}\n{text_told}");
            for repair in &lacking.repairs.found {
                assert!(!repair.is_empty(), "{asked}");
            }
            told += 1;
        }
    }
    assert!(told > 10, "{told} rows gave way");
}
