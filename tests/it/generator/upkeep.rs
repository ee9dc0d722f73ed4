//! Random programs with relations that do not keep every row: subsumptions, choices and columns that join.
//!
//! Promise: evaluation ends without a fault, since every rule that computes is fenced in.

use super::Dice;

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

/// The program of a seed.
pub(crate) fn upkeep(seed: u64) -> String {
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
