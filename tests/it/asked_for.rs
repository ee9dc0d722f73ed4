//! What questions on demand ask for, in words: the plans of small programs, one of each shape.
//!
//! In: rules over two stored relations, and a question. Out: a snapshot of the steps. An optimisation that asks for more,
//! for less or for something else shows here, even where the answer is the same.

use crate::demand::CLOSURES;
use entail::session::{Demand, Session};
use regex::Regex;
use std::fmt::Write as _;

/// Rows enough that a plan is worth while.
fn facts() -> String {
    (0..40).map(|at| format!("edge({at}, {}). weight({at}, {}). ", at + 1, at % 7)).collect()
}

const SHAPES: &[(&str, &str)] = &[
    (
        "same(X, X2) :- up(X, P), up(X2, P). same(X, X2) :- up(X, P), same(P, Q), up(X2, Q). up(X, Y) :- edge(X, Y).",
        "same(3, X)?",
    ),
    (
        "far(X, Z) :- edge(X, Y), edge(Y, Z), weight(Y, W), W > 3. on(X, Y) :- far(X, Y). on(X, Z) :- on(X, Y), far(Y, Z).",
        "on(1, X)?",
    ),
    ("even(0). even(Y) :- odd(X), edge(X, Y). odd(Y) :- even(X), edge(X, Y).", "odd(7)?"),
    (
        "light(X) :- weight(X, W), W < 3. walk(X, Y) :- edge(X, Y), light(Y). walk(X, Z) :- walk(X, Y), walk(Y, Z).",
        "walk(2, X)?",
    ),
    ("loose(X) :- weight(X, _), not tied(X). tied(X) :- edge(X, Y), weight(Y, 0).", "loose(5)?"),
    (
        "total(X, S) :- weight(X, _), S = sum W : { weight(Y, W), edge(X, Y) }. sums(X, S) :- edge(X, Y), total(Y, S).",
        "sums(4, S)?",
    ),
    (
        "either(X, Y) :- edge(X, Y) ; edge(Y, X). joined(X, Y) :- either(X, Y). joined(X, Z) :- joined(X, Y), either(Y, Z).",
        "joined(X, 9)?",
    ),
    (
        "next(X + 1, Y) :- edge(X, Y). steps(X, Y) :- next(X, Y). steps(X, Z) :- next(X, Y), steps(Y, Z).",
        "steps(3, X)?",
    ),
    ("apart(X, Y) :- edge(X, Z), apart(Z, Y), X != Y. apart(X, Y) :- edge(X, Y).", "apart(1, 5)?"),
    ("three(X, Y, W) :- edge(X, Y), weight(Y, W). three(X, Z, W) :- three(X, Y, W), edge(Y, Z).", "three(2, X, W)?"),
    ("three(X, Y, W) :- edge(X, Y), weight(Y, W). three(X, Z, W) :- edge(X, Y), three(Y, Z, W).", "three(X, 8, 3)?"),
    (
        "here(X, Y) :- edge(X, Y). there(X, Y) :- here(Y, X). both(X, Y) :- here(X, Y), there(Y, X).",
        "both(3, X), both(X, 5)?",
    ),
    ("big(X, W) :- weight(X, W), W > 2, W < 6. pair(X, Y) :- big(X, W), big(Y, W), X < Y.", "pair(X, 10)?"),
    (
        "reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z).",
        "edge(3, S), reach(S, X), reach(X, Y), Y > 12?",
    ),
    ("reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z).", "N = count : { reach(35, _) }?"),
    ("reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z).", "edge(X, 12), not reach(X, 3)?"),
    (
        "reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z). reach(50, 51). reach(51, 52).",
        "reach(50, X)?",
    ),
];

#[test]
fn each_shape_asks_for_what_it_needs() {
    let counts = Regex::new(r": [\d,]+ rows? now.*").expect("a pattern");
    let mut told = String::new();
    let closures = CLOSURES.iter().flat_map(|(_, rules)| [(*rules, "reach(30, X)?"), (*rules, "reach(3, 30)?")]);
    for (rules, question) in SHAPES.iter().copied().chain(closures) {
        let mut session = Session::new();
        session.tell("facts", &facts()).expect("they are right");
        session.tell("rules", rules).expect("they are right");
        session.demand = Demand::Always;
        let plan = session.plan_of("prompt", question).expect("a question");
        let _ = writeln!(told, "── {rules}\n── {question}\n{}", counts.replace_all(&in_the_first_round(&plan), ""));
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("asked-for", told);
    });
}

/// The steps of the first round: those of later ones are the same from elsewhere.
fn in_the_first_round(plan: &str) -> String {
    let mut steps = String::new();
    for part in plan.split("\n\n").filter(|part| !part.trim_start().starts_with("Indexes")) {
        let mut is_later = false;
        for line in part.lines() {
            let is_step = line.starts_with("      ");
            is_later = line.starts_with("    Each later round") || is_later && is_step;
            if !is_later {
                steps.push_str(line);
                steps.push('\n');
            }
        }
    }
    steps
}
