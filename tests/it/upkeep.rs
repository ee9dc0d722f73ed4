//! Relations that do not keep every row: random programs on every engine, and the reasons for what is kept.

use crate::engines::{ENGINES, Engine, Meaning, meaning, slow_twin};
use crate::generator::upkeep as program;
use entail::data::{Value, spelled};
use entail::session::{Reasons, Session};

const PROGRAMS: u64 = 100;

/// Programs whose rows are explained.
const EXPLAINED: u64 = 40;

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
