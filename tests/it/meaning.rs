//! Small programs whose answers are known, on every engine: what the language says about errors, choices and aggregates.

use crate::engines::{ENGINES, Meaning, meaning, slow_twin};

/// Holds every engine to the rows of `q`, written `1 a; 2 b`.
#[track_caller]
pub(crate) fn gives(text: &str, rows: &str) {
    let mut engines: Vec<(&str, fn(&_) -> _)> = vec![("slow twin", slow_twin)];
    engines.extend(ENGINES.iter().map(|engine| (engine.name, engine.run)));
    for (name, run) in engines {
        let found = match meaning(text, run) {
            Meaning::Rejected(why) => why,
            Meaning::Fault => "fault".to_owned(),
            Meaning::Rows { relations, .. } => {
                let texts =
                    relations["q"].iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
                texts.collect::<Vec<_>>().join("; ")
            }
        };
        assert_eq!(found, rows, "{name} on {text}");
    }
}

/// Holds every engine to an arithmetic error.
#[track_caller]
pub(crate) fn faults(text: &str) {
    gives(text, "fault");
}

#[test]
fn mutual_recursion_ends_in_both_relations() {
    gives("e(1,2). e(2,3). e(3,4). a(1). b(Y) :- a(X), e(X,Y). a(Y) :- b(X), e(X,Y). q(X) :- a(X).", "1; 3");
}

#[test]
fn aggregates_of_nothing() {
    let facts = ".decl p(x: number, f: float) d(1).";
    gives(&format!("{facts} q(N) :- d(_), N = count : p(_, _)."), "0");
    gives(&format!("{facts} q(N) :- d(_), N = count X : p(X, _)."), "0");
    gives(&format!("{facts} q(N) :- d(_), N = sum X : p(X, _)."), "0");
    gives(&format!("{facts} q(N) :- d(_), N = sum X : p(_, X)."), "0.0");
    gives(&format!("{facts} q(N) :- d(_), N = min X : p(X, _)."), "");
    gives(&format!("{facts} q(N) :- d(_), N = max X : p(X, _)."), "");
    gives(&format!("{facts} q(N) :- d(_), N = mean X : p(X, _)."), "");
}

#[test]
fn every_witness_counts_in_a_sum() {
    let facts = "s(a,5). s(b,5). s(c,1).";
    gives(&format!("{facts} q(N) :- N = sum Y : s(_,Y)."), "11");
    gives(&format!("{facts} q(N) :- N = sum Y : s(K,Y)."), "11");
    gives(&format!("{facts} q(N) :- N = count Y : s(_,Y)."), "2");
    gives(&format!("{facts} q(N) :- N = count : s(_,_)."), "3");
    gives(&format!("{facts} q(N) :- N = mean Y : s(_,Y)."), "3.6666666666666665");
    gives(&format!("{facts} q(K, N) :- s(K,_), N = sum Y * 2 : s(K,Y)."), "a 10; b 10; c 2");
    gives(&format!("{facts} q(A, B) :- A = min K : s(K,_), B = max K : s(K,_)."), "a c");
}

#[test]
fn a_branch_that_leaves_a_variable_open_is_a_witness_of_its_own() {
    gives("p(1). p(2). r(1). q(N) :- N = count : { (p(X) ; r(Y)) }.", "3");
    gives("p(1). p(2). r(1). q(N) :- N = count : { (p(X) ; r(X)) }.", "2");
}

#[test]
fn an_aggregate_may_be_a_test() {
    gives("s(a,1). s(a,2). s(b,7). w(a,2). w(b,2). q(K) :- w(K,N), N = count : s(K,_).", "a");
}

#[test]
fn a_target_without_a_value_is_no_witness() {
    gives("s(\"1\"). s(x). s(\"3\"). q(N) :- N = sum to_number(X) : s(X).", "4");
    gives("s(\"1\"). s(x). s(\"3\"). q(N) :- N = count to_number(X) : s(X).", "2");
}

#[test]
fn a_citation_matches_each_claim() {
    gives("p(1) @ c1, c2. p(2). q(X, C) :- p(X) @ C.", "1 c1; 1 c2");
    gives("p(1) @ c1, c2. p(2). q(X) :- p(X), not p(X) @ _.", "2");
}

#[test]
fn an_error_counts_only_where_all_the_rest_holds() {
    gives("n(0). n(2). q(Y) :- n(X), Y = 4 / X, X != 0.", "2");
    gives("n(0). n(2). q(Y) :- Y = 4 / X, n(X), m(X). m(2).", "2");
    gives("n(0). n(2). q(Y) :- n(X), Y = 4 / X, not m(X). m(0).", "2");
    gives("n(0). q(Y) :- n(X), Y = 4 / X, Z = to_number(\"x\"), Z > X.", "");
    gives("n(0). q(X) :- n(X), p(4 / X), X > 1. p(1).", "");
}

#[test]
fn an_argument_that_computes_is_an_equality() {
    gives("p(1, 2). p(1, 3). p(4, 5). q(X) :- p(X, X + 1).", "1; 4");
    gives("p(1, 3). r(2, 2). q(X, Y) :- p(X, Y + 1), r(Y, X + 1).", "1 2");
    gives("n(1). p(2, a). p(3, b). q(A) :- n(X), p(X + 1, A).", "a");
    gives("n(0). .decl p(x: number) q(X) :- n(X), p(1 / X).", "");
    faults("n(0). p(9). q(X) :- n(X), p(1 / X).");
}

#[test]
fn what_needs_the_missing_value_saves_nothing() {
    faults("n(0). q(Z) :- n(X), Y = 1 / X, Z = Y + 1, Z > 100.");
    faults("n(0). q(X) :- n(X), 1 / X = 1, 2 / X = 1.");
    faults("n(0). p(1). q(X) :- n(X), p(Y), Y = 1 / X.");
    gives("n(0). .decl p(x: number) q(X) :- n(X), p(Y), Y = 1 / X.", "");
}

#[test]
fn an_error_in_a_branch_counts_with_what_stands_around() {
    let facts = "n(0). n(5).";
    gives(&format!("{facts} q(Y) :- n(X), (Y = 10 / X ; Y = 7), X > 0."), "2; 7");
    gives(&format!("{facts} q(Y) :- n(X), (Y = 10 / X, X > 0 ; Y = 7)."), "2; 7");
    faults(&format!("{facts} q(Y) :- n(X), (Y = 10 / X ; Y = 7)."));
    faults(&format!("{facts} q(Y) :- n(X), (Y = 10 / X ; Y = 7), Y > 100."));
    let empty = ".decl e(x: number) p(3). n(0).";
    gives(&format!("{empty} q(Y) :- n(X), Y = 1 / X, (e(A), Y > A ; e(_))."), "");
    faults(&format!("{empty} q(Y) :- n(X), Y = 1 / X, (e(A), Y > A ; p(_))."));
    faults(&format!("{empty} q(Y) :- n(X), Y = 1 / X, (p(A), Y > A ; e(_))."));
    faults(&format!("{empty} q(Y) :- n(X), Y = 1 / X, (e(Y) ; p(_)), Y > 5."));
    gives(&format!("{empty} q(Y) :- n(X), Y = 1 / X, (e(Y) ; p(Y)), not p(3)."), "");
    gives(&format!("{facts} q(Z) :- n(X), Z = 10 / X, (X > 0 ; X > 3)."), "2");
    faults(&format!("{facts} q(Z) :- n(X), Z = 10 / X, (X > 0 ; X = 0)."));
}

#[test]
fn an_error_in_an_aggregate_counts_by_the_same_rule() {
    let facts = "n(0). n(5). k(1).";
    faults(&format!("{facts} q(N) :- N = sum 10 / X : n(X)."));
    faults(&format!("{facts} q(N) :- N = count : {{ n(X), 10 / X > 1 }}."));
    gives(&format!("{facts} q(N) :- N = sum 10 / X : {{ n(X), X > 0 }}."), "2");
    gives(&format!("{facts} q(N) :- k(K), N = sum 10 / X : n(X), K > 1."), "");
    faults(&format!("{facts} q(N) :- k(K), N = sum 10 / X : n(X), N > 100."));
}

#[test]
fn a_sum_must_fit_at_its_end_only() {
    let facts = "s(1, 9223372036854775807). s(2, 9223372036854775807). s(3, -9223372036854775807).";
    gives(&format!("{facts} q(N) :- N = sum X : s(_,X)."), "9223372036854775807");
    faults(&format!("{facts} q(N) :- N = sum X : {{ s(K,X), K < 3 }}."));
    gives(&format!("{facts} q(N) :- N = mean X : {{ s(K,X), K < 3 }}."), "9.223372036854776e18");
    faults("f(1, 1e308). f(2, 1e308). q(N) :- N = sum X : f(_,X).");
}

#[test]
fn an_error_in_a_head_counts_when_the_body_holds() {
    faults("n(0). n(2). q(4 / X) :- n(X).");
    gives("n(0). n(2). q(4 / X) :- n(X), X > 0.", "2");
}

#[test]
fn a_term_without_a_value_fails() {
    gives("n(x). n(\"7\"). q(to_number(X)) :- n(X).", "7");
    gives("n(x). n(\"7\"). q(Y) :- n(X), Y = to_number(X).", "7");
    gives("n(x). n(\"7\"). q(X) :- n(X), not p(to_number(X)). p(3).", "7");
}

#[test]
fn no_value_weighs_more_than_an_error_in_the_same_condition() {
    gives("n(0). s(x). q(X) :- n(X), s(S), 1 / X < to_number(S).", "");
    gives("n(0). s(x). q(X, 1 / X, to_number(S)) :- n(X), s(S).", "");
    gives("n(0). s(x). q(N) :- N = count : { n(X), s(S), p(1 / X, to_number(S)) }. p(1, 1).", "0");
}
