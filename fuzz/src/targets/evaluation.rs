//! Every engine finds what the slow twin finds: on programs that bytes throw, and on any text, within limits.

use super::input;
use crate::engines::{Meaning, local, local_within, meaning_of, read, read_in, slow_twin};
use crate::generator::{Dice, thrown_program, thrown_recursion};
use crate::on_demand::filters_the_whole;
use entail::check::{Literal, RelationId};
use entail::data::Dialect;
use entail::eval::{Effort, Limits, Stopped};
use entail::plan::{Choices, Use};
use entail::session::Session;
use std::collections::BTreeMap;

pub(super) fn run(bytes: &[u8]) {
    match input::program(bytes) {
        Some((dialect, text)) => of_text(dialect, text),
        None => of_throws(bytes),
    }
}

/// Each choice of the planner forced, both ways, behind what it would choose.
fn choices() -> [Choices; 7] {
    let default = Choices::default();
    [
        default,
        Choices { chains: Use::Always, ..default },
        Choices { chains: Use::Never, ..default },
        Choices { intersections: Use::Always, ..default },
        Choices { intersections: Use::Never, ..default },
        Choices { ranks: Use::Always, ..default },
        Choices { ranks: Use::Never, ..default },
    ]
}

/// The text of a program: the first byte tells which kind, the others what is thrown.
pub(super) fn thrown(bytes: &[u8]) -> String {
    let (kind, throws) = bytes.split_first().unwrap_or((&0, &[]));
    let classes = Dice::new(u64::from(*kind));
    if kind % 4 == 3 { thrown_recursion(Dice::told(throws)) } else { thrown_program(Dice::told(throws), classes) }
}

fn of_throws(bytes: &[u8]) {
    let text = thrown(bytes);
    let program = read(&text).unwrap_or_else(|drawn| panic!("{text}\n{drawn}"));
    let wanted = meaning_of(&program, slow_twin);
    for choices in choices() {
        let found = meaning_of(&program, |program| local(program, choices));
        assert_eq!(found, wanted, "{text}\n{choices:?}");
    }
    if bytes.first().is_some_and(|kind| kind >> 5 == 1) {
        let mut session = Session::new();
        session.tell("program", &text).expect("it was read");
        filters_the_whole(&session).unwrap_or_else(|told| panic!("{text}\n{told}"));
    }
}

/// So much is done of a program that may have no end.
const STEPS: u64 = 2_000;
const ROUNDS: usize = 12;

/// So many bindings of a rule the slow twin may try, which tries all.
const BINDINGS: usize = 20_000;

fn of_text(dialect: Dialect, text: &str) {
    let Ok(program) = read_in(dialect, text) else { return };
    let within = |choices| {
        let effort = Some(Effort::of(STEPS));
        let limits = Limits { effort, max_rounds: Some(ROUNDS), ..Limits::default() };
        local_within(&program, choices, &limits)
    };
    let rows: BTreeMap<RelationId, usize> = match within(Choices::default()) {
        Ok(model) => model.into_iter().map(|(relation, rows)| (relation, rows.len())).collect(),
        Err(Stopped::Arithmetic(_)) => BTreeMap::new(),
        Err(Stopped::Limit { .. } | Stopped::Interrupted(_)) => return,
    };
    // What a run derived that stopped with a fault is not known.
    let rows = |relation| rows.get(&relation).copied().unwrap_or(program.facts.len());
    if program.rules.iter().any(|rule| bindings(&rule.body, &rows) > BINDINGS) {
        return;
    }
    let wanted = meaning_of(&program, slow_twin);
    for choices in choices() {
        let found = match within(choices) {
            Ok(model) => meaning_of(&program, |_| Ok(model.clone())),
            Err(Stopped::Arithmetic(_)) => Meaning::Fault,
            Err(Stopped::Limit { .. } | Stopped::Interrupted(_)) => continue,
        };
        assert_eq!(found, wanted, "{text}\n{choices:?}");
    }
}

/// How many bindings of a body there are to try, if none is left out.
fn bindings(body: &[Literal], rows: &dyn Fn(RelationId) -> usize) -> usize {
    let of = |literal: &Literal| match literal {
        Literal::Atom(atom) => rows(atom.relation).max(1),
        Literal::Aggregate(aggregate) => bindings(&aggregate.body, rows),
        Literal::Or(branches) => branches.iter().map(|branch| bindings(branch, rows)).fold(0, usize::saturating_add),
        Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => 1,
    };
    body.iter().map(of).fold(1, usize::saturating_mul)
}
