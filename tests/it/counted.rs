//! What `.printsize` counts without keeping it: as many rows as there are when they are kept.

use crate::generator::program;
use crate::programs::{files, folders, load};
use entail::check::{Relation, Role};
use entail::session::{OutputFolder, Printed, Session};
use std::path::Path;

/// For every relation of a program, counts the pairs of its rows that stand in order, and the rows that it has. Returns how
/// many relations were counted and not kept.
fn hold(start: &Session, what: &str) -> usize {
    let named = start.program().relations.iter().filter(|relation| relation.role == Role::Named);
    let mut counted = 0;
    for Relation { name, columns, .. } in named.filter(|relation| (1..8).contains(&relation.columns.len())) {
        let row = |letter: &str| (0..columns.len()).map(|at| format!("{letter}{at}")).collect::<Vec<_>>().join(", ");
        let (x, y) = (row("X"), row("Y"));
        let mut session = start.clone();
        let asked = format!(
            "pairs_counted({x}, {y}) :- {name}({x}), {name}({y}), X0 <= Y0. .printsize pairs_counted
             rows_counted({x}, 7) :- {name}({x}). .printsize rows_counted"
        );
        session.tell("sizes", &asked).expect("rules over a relation that is known");
        let Ok(printed) = session.outputs(&OutputFolder::Stdout) else { continue };
        for printed in printed {
            let Printed::Size { relation, rows } = printed else { continue };
            if !relation.ends_with("_counted") {
                continue;
            }
            let id = session.program().relation(&relation).expect("it is known");
            counted += usize::from(!session.is_evaluated(id));
            session.evaluate([id]).expect("nothing faults where nothing did");
            assert_eq!(rows, session.relation_rows(id).len(), "{relation} over {name} of {what}");
        }
    }
    counted
}

#[test]
fn as_many_rows_are_counted_as_are_kept_in_the_corpus() {
    let mut counted = 0;
    for path in folders(Path::new("tests/programs")).into_iter().flat_map(|topic| files(&topic, "dl")) {
        let Ok(session) = load(&[&path]) else { continue };
        counted += hold(&session, &path.display().to_string());
    }
    assert!(counted >= 100, "only {counted} relations were counted");
}

#[test]
fn as_many_rows_are_counted_as_are_kept_in_random_programs() {
    let mut counted = 0;
    for seed in 0..100 {
        let text = program(seed);
        let mut session = Session::new();
        session.tell("random", &text).expect("a program");
        counted += hold(&session, &text);
    }
    assert!(counted >= 100, "only {counted} relations were counted");
}

#[test]
fn what_is_counted_without_being_kept_has_one_derivation_for_each_row() {
    let mut session = Session::new();
    let rules = "e(1, 2). e(1, 3). e(2, 2). e(3, 4).
        plain(X, Y) :- e(X, Y), X < Y.
        some(X) :- e(X, Y), Y > 1.
        twice(X, Y) :- e(X, Y). twice(X, Y) :- e(Y, X).
        sum(X + Y) :- e(X, Y).
        either(X, Y) :- e(X, Y), (X < 2 ; Y > 2).
        again(X, Z) :- again(X, Y), e(Y, Z).
        read(X, Y) :- e(X, Y), X < Y. reader(X) :- read(X, 3).
        .decl alike(x: number, y: number) equivalence
        alike(X, Y) :- e(X, Y).
        .decl least(x: number, y: number)
        least(X, Y) :- e(X, Y). least(X, Y) <= least(X, Z) :- Z < Y.";
    session.tell("rules", rules).expect("they are right");
    for (relation, rows, is_counted) in [
        ("plain", 3, true),
        ("some", 3, false),
        ("twice", 7, false),
        ("sum", 3, false),
        ("either", 3, false),
        ("again", 0, false),
        ("read", 3, false),
        ("alike", 16, false),
        ("least", 3, false),
    ] {
        let mut session = session.clone();
        session.tell("size", &format!(".printsize {relation}")).expect("it is known");
        let printed = session.outputs(&OutputFolder::Stdout).expect("it ends");
        let [Printed::Size { rows: counted, .. }] = printed[..] else { panic!("{relation}: {printed:?}") };
        let id = session.program().relation(relation).expect("it is known");
        assert_eq!((counted, !session.is_evaluated(id)), (rows, is_counted), "{relation}");
    }
}
