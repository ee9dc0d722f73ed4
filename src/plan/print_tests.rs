//! Plans in words: each test is a sentence and a small program.

use super::{Choices, Stats, Use, describe};
use crate::check::check;
use crate::data::{Dialect, Libraries, Symbols};
use crate::report::Sources;
use crate::syntax::parse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The plan of a whole program, with the counts of its facts.
fn described(text: &str) -> String {
    try_described(text).expect("a program without errors")
}

fn try_described(text: &str) -> Option<String> {
    describe_with(text, Choices::default())
}

fn describe_with(text: &str, choices: Choices) -> Option<String> {
    let mut sources = Sources::default();
    let (ast, diagnostics) = parse(sources.add("test.dl", text), text);
    let program = check(Dialect::Entail, &Libraries::default(), &[ast], &[]).0.filter(|_| diagnostics.is_empty())?;
    let mut stats = Stats { rows: program.relations.iter().map(|_| 0).collect(), related: BTreeMap::new() };
    program.facts.iter().for_each(|fact| stats.rows[fact.relation] += 1);
    let equivalences = program.relations.enumerate().filter(|(_, relation)| relation.is_equivalence);
    stats.related = equivalences.map(|(id, _)| (id, stats.rows[id] + 1)).collect();
    let strata: Vec<_> = program.strata.ids().collect();
    Some(describe(&program, &strata, &stats, &Symbols::default(), choices, &sources))
}

#[test]
fn a_recursive_rule_has_a_first_round_and_later_ones() {
    insta::assert_snapshot!(described(
        ".decl edge(from: number, to: number)
edge(1, 2). edge(2, 3). edge(3, 4). edge(4, 1). edge(4, 5).
.decl reach(start: number, end: number)
reach(X, Y) :- edge(X, Y).
reach(X, Z) :-
    reach(X, Y),
    edge(Y, Z).
same(X, Y) :- reach(X, Y), reach(Y, X).
both(X, Y) :- both(X, Z), both(Z, Y) ; edge(X, Y), X != Y.
?- reach(1, X).
?- reach(2, 2)."
    ), @r"
    Stratum 1 of 5: both; recursive, in rounds until nothing new follows

      test.dl:9
        both(X, Y) :- both(X, Z), both(Z, Y) ; edge(X, Y), X != Y.
        First round, part 1 of 2:
          1. go through both(X, Z): 0 rows now
          2. look up both(Z, Y) by X = Z in index (X, Y): 0 rows now
          3. add both(X, Y)
        First round, part 2 of 2:
          1. go through edge(X, Y): 5 rows now
          2. go on only if X != Y
          3. add both(X, Y)
        Each later round, part 1 of 2:
          1. go through the new rows of both(X, Z)
          2. look up both(Z, Y) by X = Z in index (X, Y): 0 rows now
          3. add both(X, Y)
        Each later round, part 2 of 2:
          1. go through the new rows of both(Z, Y)
          2. look up the rows from before the last round of both(X, Z) by Y = Z in index (Y, X)
          3. add both(X, Y)

      Indexes, by the order of columns:
        edge (from, to)
        both (X, Y) (Y, X)

    Stratum 2 of 5: reach; recursive, in rounds until nothing new follows

      test.dl:4
        reach(X, Y) :- edge(X, Y).
        Only in the first round:
          1. go through edge(X, Y): 5 rows now
          2. add reach(X, Y)

      test.dl:5
        reach(X, Z) :-
            reach(X, Y),
            edge(Y, Z).
        First round:
          1. go through reach(X, Y): 0 rows now
          2. look up edge(Y, Z) by from = Y in index (from, to): 5 rows now, about 2.2 expected to match
          3. add reach(X, Z)
        Each later round:
          1. go through the new rows of reach(X, Y)
          2. look up edge(Y, Z) by from = Y in index (from, to): 5 rows now, about 2.2 expected to match
          3. add reach(X, Z)

      Indexes, by the order of columns:
        edge (from, to)
        reach (start, end)

    Stratum 3 of 5: a query

      test.dl:11
        ?- reach(2, 2).
        Once:
          1. go on only if there is reach(2, 2), by start = 2, end = 2 in index (start, end): 0 rows now
          2. answer yes

      Indexes, by the order of columns:
        reach (start, end)

    Stratum 4 of 5: a query

      test.dl:10
        ?- reach(1, X).
        Once:
          1. look up reach(1, X) by start = 1 in index (start, end): 0 rows now
          2. answer X

      Indexes, by the order of columns:
        reach (start, end)

    Stratum 5 of 5: same

      test.dl:8
        same(X, Y) :- reach(X, Y), reach(Y, X).
        Once:
          1. go through reach(X, Y): 0 rows now
          2. go on only if there is reach(Y, X), by start = Y, end = X in index (start, end): 0 rows now
          3. add same(X, Y)

      Indexes, by the order of columns:
        reach (start, end)
    ");
}

#[test]
fn an_absent_atom_is_looked_up_by_what_is_known() {
    insta::assert_snapshot!(described(
        r#"person(ann). person("Bob Ray"). parent(ann, "Bob Ray"). cites(ann, 1).
childless(X) :- person(X), not parent(X, _).
odd(X) :- person(X), not parent(X, "Bob Ray"), not person("El").
next(X) :- cites(X, N), not cites(X, N + 1), not person(zed).
:- childless(X), not person(X)."#
    ), @r#"
    Stratum 1 of 4: next

      test.dl:4
        next(X) :- cites(X, N), not cites(X, N + 1), not person(zed).
        Once:
          1. go on only if there is no person(zed), by x1 = zed in index (x1): 2 rows now
          2. go through cites(X, N): 1 row now
          3. let T1 = N + 1
          4. go on only if there is no cites(X, T1), by x1 = X, x2 = T1 in index (x1, x2): 1 row now
          5. add next(X)

      Indexes, by the order of columns:
        person (x1)
        cites (x1, x2)

    Stratum 2 of 4: odd

      test.dl:3
        odd(X) :- person(X), not parent(X, "Bob Ray"), not person("El").
        Once:
          1. go on only if there is no person("El"), by x1 = "El" in index (x1): 2 rows now
          2. go through person(X): 2 rows now
          3. go on only if there is no parent(X, "Bob Ray"), by x1 = X, x2 = "Bob Ray" in index (x1, x2): 1 row now
          4. add odd(X)

      Indexes, by the order of columns:
        person (x1)
        parent (x1, x2)

    Stratum 3 of 4: childless

      test.dl:2
        childless(X) :- person(X), not parent(X, _).
        Once:
          1. go through person(X): 2 rows now
          2. go on only if there is no parent(X, _), by x1 = X in index (x1, x2): 1 row now
          3. add childless(X)

      Indexes, by the order of columns:
        person (x1)
        parent (x1, x2)

    Stratum 4 of 4: a constraint

      test.dl:5
        :- childless(X), not person(X).
        Once:
          1. go through childless(X): 0 rows now
          2. go on only if there is no person(X), by x1 = X in index (x1): 2 rows now
          3. say that the constraint is broken by X

      Indexes, by the order of columns:
        person (x1)
        childless (X)
    "#);
}

#[test]
fn an_aggregate_shows_what_it_ranges_over() {
    insta::assert_snapshot!(described(
        "sale(ann, tea, 3). sale(ann, milk, 2). person(ann).
items(P, N) :- person(P), N = count : { sale(P, _, _) }.
spent(P, S, M) :- person(P), S = sum A : { sale(P, I, A) }, M = max A : { sale(P, _, A), A < 10 }.
rich(P) :- person(P), (sum A * 2 : { sale(P, I, A) }) + count I : { sale(_, I, _) } > 10.
kinds(N) :- N = count : { sale(_, X, _) ; sale(X, _, _), person(X) }."
    ), @r"
    Stratum 1 of 4: kinds

      test.dl:5
        kinds(N) :- N = count : { sale(_, X, _) ; sale(X, _, _), person(X) }.
        Once:
          1. work out N, once:
            1. go on with what comes through any of these:
              a. go through sale(_, X, _): 2 rows now
              b. one after the other:
                1. go through person(X): 1 row now
                2. look up sale(X, _, _) by x1 = X in index (x1, x2, x3): 2 rows now, about 1.6 expected to match
            2. let N = how many distinct (X, each _) there are
          2. add kinds(N)

      Indexes, by the order of columns:
        sale (x1, x2, x3)
        person (x1)

    Stratum 2 of 4: rich

      test.dl:4
        rich(P) :- person(P), (sum A * 2 : { sale(P, I, A) }) + count I : { sale(_, I, _) } > 10.
        Once:
          1. work out T1, once:
            1. go through sale(_, I, _): 2 rows now
            2. let T1 = how many values of I there are
          2. go through person(P): 1 row now
          3. work out T2, once for each P:
            1. look up sale(P, I, A) by x1 = P in index (x1, x2, x3): 2 rows now, about 1.6 expected to match
            2. let T2 = the sum of A * 2 over distinct (A, I)
          4. go on only if T2 + T1 > 10
          5. add rich(P)

      Indexes, by the order of columns:
        sale (x1, x2, x3)
        person (x1)

    Stratum 3 of 4: spent

      test.dl:3
        spent(P, S, M) :- person(P), S = sum A : { sale(P, I, A) }, M = max A : { sale(P, _, A), A < 10 }.
        Once:
          1. go through person(P): 1 row now
          2. work out S, once for each P:
            1. look up sale(P, I, A) by x1 = P in index (x1, x2, x3): 2 rows now, about 1.6 expected to match
            2. let S = the sum of A over distinct (A, I)
          3. work out M, once for each P:
            1. look up sale(P, _, A) by x1 = P in index (x1, x2, x3): 2 rows now, about 1.6 expected to match
            2. go on only if A < 10
            3. let M = the greatest A
          4. add spent(P, S, M)

      Indexes, by the order of columns:
        sale (x1, x2, x3)
        person (x1)

    Stratum 4 of 4: items

      test.dl:2
        items(P, N) :- person(P), N = count : { sale(P, _, _) }.
        Once:
          1. go through person(P): 1 row now
          2. work out N, once for each P:
            1. look up sale(P, _, _) by x1 = P in index (x1, x2, x3): 2 rows now, about 1.6 expected to match
            2. let N = how many matches there are
          3. add items(P, N)

      Indexes, by the order of columns:
        sale (x1, x2, x3)
        person (x1)
    ");
}

#[test]
fn a_count_of_what_comes_before_says_that_it_is_sorted_and_searched() {
    insta::assert_snapshot!(described(
        "score(ann, jump, 3). score(bob, jump, 2). score(bob, run, 5).
place(K, P, N) :- score(P, K, S), N = count Q : { score(Q, K, T), T > S }.
row(P, K, N) :- score(P, K, _), N = count : { score(Q, L, _), (Q < P ; Q = P, L < K) }.
small(P, N) :- score(P, _, S), N = count : { score(P, _, T), T != S }."
    ), @r"
    Stratum 1 of 3: small

      test.dl:4
        small(P, N) :- score(P, _, S), N = count : { score(P, _, T), T != S }.
        Once:
          1. go through score(P, _, S): 3 rows now
          2. work out N, once for each P, S:
            1. look up score(P, _, T) by x1 = P in index (x1, x2, x3): 3 rows now, about 2.1 expected to match
            2. go on only if T != S
            3. let N = how many distinct (T, each _) there are
          3. add small(P, N)

      Indexes, by the order of columns:
        score (x1, x2, x3)

    Stratum 2 of 3: row

      test.dl:3
        row(P, K, N) :- score(P, K, _), N = count : { score(Q, L, _), (Q < P ; Q = P, L < K) }.
        Once:
          1. go through score(P, K, _): 3 rows now
          2. work out N, once for each P, K:
            1. go through score(Q, L, _): 3 rows now
            2. go on with what comes through any of these:
              a. go on only if Q < P
              b. one after the other:
                1. go on only if Q = P
                2. go on only if L < K
            3. let N = how many distinct (Q, L, each _) there are; where many ask, sort by Q, L once, without comparing, and search for P, K
          3. add row(P, K, N)

      Indexes, by the order of columns:
        score (x1, x2, x3)

    Stratum 3 of 3: place

      test.dl:2
        place(K, P, N) :- score(P, K, S), N = count Q : { score(Q, K, T), T > S }.
        Once:
          1. go through score(P, K, S): 3 rows now
          2. work out N, once for each K, S:
            1. look up score(Q, K, T) by x2 = K in index (x2, x1, x3): 3 rows now, about 2.1 expected to match
            2. go on only if T > S
            3. let N = how many values of Q there are; where many ask, sort by T once for each K, without comparing, and search for S
          3. add place(K, P, N)

      Indexes, by the order of columns:
        score (x1, x2, x3) (x2, x1, x3)
    ");
}

#[test]
fn rows_are_looked_up_by_the_fields_of_their_records() {
    insta::assert_snapshot!(described(
        ".type pair = [a: number, b: pair]
.decl p(x: pair)
.decl q(a: number)
.decl r(k: number, x: pair)
p([1, nil]). p([2, [1, nil]]). p([3, nil]). p([4, nil]). p([5, nil]). q(2). r(2, [2, nil]).
found(B) :- q(A), p([A, B]).
next(A, C) :- p([A, [B, _]]), p([B, C]).
both(A, B) :- q(A), r(A, [A, B]).
small(A) :- p([A, nil]), not q(A)."
    ), @r"
    Stratum 1 of 4: both

      test.dl:8
        both(A, B) :- q(A), r(A, [A, B]).
        Once:
          1. go through q(A): 1 row now
          2. look up r(A, _) by k = A, a(x) = A in index (k, a(x)): 1 row now, about 1 expected to match
          3. let B = b(_)
          4. add both(A, B)

      Indexes, by the order of columns:
        q (a)
        r (k, x) (k, a(x))

    Stratum 2 of 4: small

      test.dl:9
        small(A) :- p([A, nil]), not q(A).
        Once:
          1. go through p(_): 5 rows now
          2. let A = a(_)
          3. go on only if there is no q(A), by a = A in index (a): 1 row now
          4. go on only if nil = b(_)
          5. add small(A)

      Indexes, by the order of columns:
        p (x)
        q (a)

    Stratum 3 of 4: next

      test.dl:7
        next(A, C) :- p([A, [B, _]]), p([B, C]).
        Once:
          1. go through p(_): 5 rows now
          2. let A = a(_)
          3. let B = a(b(_))
          4. let _ = b(b(_))
          5. look up p(_) by a(x) = B in index (a(x)): 5 rows now, about 2.2 expected to match
          6. let C = b(_)
          7. add next(A, C)

      Indexes, by the order of columns:
        p (x) (a(x))

    Stratum 4 of 4: found

      test.dl:6
        found(B) :- q(A), p([A, B]).
        Once:
          1. go through q(A): 1 row now
          2. look up p(_) by a(x) = A in index (a(x)): 5 rows now, about 2.2 expected to match
          3. let B = b(_)
          4. add found(B)

      Indexes, by the order of columns:
        p (x) (a(x))
        q (a)
    ");
}

#[test]
fn ways_of_a_disjunction_have_letters() {
    insta::assert_snapshot!(described(
        "p(1). q(1, 2). q(2, 3). r(3).
either(X, Y) :- p(X), (q(X, Y) ; q(Y, X), r(Y), Y > 2).
whole(X) :- p(X) ; r(X).
grows(X) :- p(X).
grows(Y) :- r(Y), (grows(X), q(X, Y) ; q(X, Y), not p(X))."
    ), @r"
    Stratum 1 of 3: grows; recursive, in rounds until nothing new follows

      test.dl:4
        grows(X) :- p(X).
        Only in the first round:
          1. go through p(X): 1 row now
          2. add grows(X)

      test.dl:5
        grows(Y) :- r(Y), (grows(X), q(X, Y) ; q(X, Y), not p(X)).
        First round:
          1. go through r(Y): 1 row now
          2. go on with what comes through any of these:
            a. one after the other:
              1. go through grows(X): 0 rows now
              2. go on only if there is q(X, Y), by x1 = X, x2 = Y in index (x1, x2): 2 rows now
            b. one after the other:
              1. look up q(X, Y) by x2 = Y in index (x2, x1): 2 rows now, about 1.4 expected to match
              2. go on only if there is no p(X), by x1 = X in index (x1): 1 row now
          3. add grows(Y)
        Each later round:
          1. go through the new rows of grows(X)
          2. go through r(Y): 1 row now
          3. go on only if there is q(X, Y), by x1 = X, x2 = Y in index (x1, x2): 2 rows now
          4. add grows(Y)

      Indexes, by the order of columns:
        p (x1)
        q (x1, x2) (x2, x1)
        r (x1)
        grows (X)

    Stratum 2 of 3: whole

      test.dl:3
        whole(X) :- p(X) ; r(X).
        Once, part 1 of 2:
          1. go through p(X): 1 row now
          2. add whole(X)
        Once, part 2 of 2:
          1. go through r(X): 1 row now
          2. add whole(X)

      Indexes, by the order of columns:
        p (x1)
        r (x1)

    Stratum 3 of 3: either

      test.dl:2
        either(X, Y) :- p(X), (q(X, Y) ; q(Y, X), r(Y), Y > 2).
        Once:
          1. go through p(X): 1 row now
          2. go on with what comes through any of these:
            a. look up q(X, Y) by x1 = X in index (x1, x2): 2 rows now, about 1.4 expected to match
            b. one after the other:
              1. go through r(Y): 1 row now
              2. go on only if Y > 2
              3. go on only if there is q(Y, X), by x1 = Y, x2 = X in index (x1, x2): 2 rows now
          3. add either(X, Y)

      Indexes, by the order of columns:
        p (x1)
        q (x1, x2)
        r (x1)
    ");
}

#[test]
fn what_is_computed_gets_a_name() {
    insta::assert_snapshot!(described(
        r#"at(a, 2025-01-02, 1.5). n(1). t1(1, 1). name("x y").
n(X + 1) :- n(X), X < 10.
late(W) :- at(W, D, F), D > 2024-12-31, F * 2.0 >= -1.0.
pair(X, Y) :- n(X), n(X * 2 - (X - 1)), t1(Y, Y), Y = X mod 2.
long(X, L) :- name(X), L = strlen(X), contains("x", X), not contains(a, X).
made(3, a, -(1 + 2))."#
    ), @r#"
    Stratum 1 of 5: made

      test.dl:6
        made(3, a, -(1 + 2)).
        Once:
          1. add made(3, a, -(1 + 2))

    Stratum 2 of 5: long

      test.dl:5
        long(X, L) :- name(X), L = strlen(X), contains("x", X), not contains(a, X).
        Once:
          1. go through name(X): 1 row now
          2. go on only if contains(x, X)
          3. go on only if not contains(a, X)
          4. let L = strlen(X)
          5. add long(X, L)

      Indexes, by the order of columns:
        name (x1)

    Stratum 3 of 5: n; recursive, in rounds until nothing new follows

      test.dl:2
        n(X + 1) :- n(X), X < 10.
        First round:
          1. go through n(X): 1 row now
          2. go on only if X < 10
          3. add n(X + 1)
        Each later round:
          1. go through the new rows of n(X)
          2. go on only if X < 10
          3. add n(X + 1)

      Indexes, by the order of columns:
        n (x1)

    Stratum 4 of 5: pair

      test.dl:4
        pair(X, Y) :- n(X), n(X * 2 - (X - 1)), t1(Y, Y), Y = X mod 2.
        Once:
          1. go through n(X): 1 row now
          2. let Y = X mod 2
          3. go on only if there is t1(Y, Y), by x1 = Y, x2 = Y in index (x1, x2): 1 row now
          4. let T1 = X * 2 - (X - 1)
          5. go on only if there is n(T1), by x1 = T1 in index (x1): 1 row now
          6. add pair(X, Y)

      Indexes, by the order of columns:
        n (x1)
        t1 (x1, x2)

    Stratum 5 of 5: late

      test.dl:3
        late(W) :- at(W, D, F), D > 2024-12-31, F * 2.0 >= -1.0.
        Once:
          1. go through at(W, D, F): 1 row now
          2. go on only if D > 2024-12-31
          3. go on only if F * 2.0 >= -1.0
          4. add late(W)

      Indexes, by the order of columns:
        at (x1, x2, x3)
    "#);
}

#[test]
fn citations_are_written_as_in_a_rule() {
    insta::assert_snapshot!(described(
        r#"p(1, 2) @ "src". p(2, 2).
cited(C) :- p(1, _) @ C.
sure(X) :- p(X, X), p(X, _) @ src, not p(_, X) @ "b c"."#
    ), @r#"
    Stratum 1 of 2: cited

      test.dl:2
        cited(C) :- p(1, _) @ C.
        Once:
          1. look up p(1, _) @ C by x1 = 1 in index (x1, x2, claim): 0 rows now
          2. add cited(C)

      Indexes, by the order of columns:
        p@ (x1, x2, claim)

    Stratum 2 of 2: sure

      test.dl:3
        sure(X) :- p(X, X), p(X, _) @ src, not p(_, X) @ "b c".
        Once:
          1. look up p(X, _) @ src by claim = src in index (claim, x1, x2): 0 rows now
          2. go on only if there is no p(_, X) @ "b c", by x2 = X, claim = "b c" in index (x2, claim, x1): 0 rows now
          3. go on only if there is p(X, X), by x1 = X, x2 = X in index (x1, x2): 2 rows now
          4. add sure(X)

      Indexes, by the order of columns:
        p (x1, x2)
        p@ (x2, claim, x1) (claim, x1, x2)
    "#);
}

#[test]
fn every_program_of_the_corpus_can_be_told_the_same_way_twice() {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
    };
    let folders = entries(Path::new("tests/programs")).into_iter().filter(|path| path.is_dir());
    let texts = folders
        .flat_map(|folder| entries(&folder))
        .filter(|path| path.extension().is_some_and(|ending| ending == "dl"))
        .map(|path| std::fs::read_to_string(path).expect("a program"));
    let told = texts.filter_map(|text| {
        let first = try_described(&text)?;
        assert_eq!(Some(&first), try_described(&text).as_ref(), "{text}");
        assert!(first.lines().all(|line| !line.ends_with(' ')), "{first}");
        Some(first)
    });
    assert!(told.filter(|told| told.contains("1. ")).count() > 10);
}

#[test]
fn hidden_characters_are_shown() {
    let told = described("p(\"a\\u{1b}[2J\"). q(X) :- p(X), X != \"\u{202e}\".");
    assert!(!told.contains(['\u{1b}', '\u{202e}']), "{told}");
}

#[test]
fn a_chain_is_followed_link_by_link() {
    let chains = Choices { chains: Use::Always, ..Choices::default() };
    insta::assert_snapshot!(describe_with(
        "edge(1, 2). edge(2, 3). shut(3).
reach(X, Y) :- edge(X, Y).
reach(X, Z) :- reach(X, Y), edge(Y, Z), not shut(Y), Z > 1.
from(1).
from(Y) :- from(X), edge(X, Y).
back(X, Y) :- edge(X, Y).
back(X, Y) :- edge(X, Z), back(Z, Y).
peer(X, Y) :- edge(P, X), edge(P, Y), X != Y.
peer(X, Y) :- edge(P, X), peer(P, Q), edge(Q, Y), X != Y.", chains).expect("a program"), @r"
    Stratum 1 of 4: peer; recursive, in rounds until nothing new follows

      test.dl:8
        peer(X, Y) :- edge(P, X), edge(P, Y), X != Y.
        Only in the first round:
          1. go through edge(P, X): 2 rows now
          2. look up edge(P, Y) by x1 = P in index (x1, x2): 2 rows now, about 1.4 expected to match
          3. go on only if X != Y
          4. add peer(X, Y)

      test.dl:9
        peer(X, Y) :- edge(P, X), peer(P, Q), edge(Q, Y), X != Y.
        Each later round, on sets of values:
          1. follow edge from X to P: 2 rows now
          2. follow the new rows of peer from P to Q: 0 rows now
          3. follow edge from Q to Y: 2 rows now
          4. leave out where X = Y
          5. add peer(X, Y)

      Indexes, by the order of columns:
        edge (x1, x2)

    Stratum 2 of 4: back; recursive, in rounds until nothing new follows

      test.dl:6
        back(X, Y) :- edge(X, Y).
        Only in the first round:
          1. go through edge(X, Y): 2 rows now
          2. add back(X, Y)

      test.dl:7
        back(X, Y) :- edge(X, Z), back(Z, Y).
        Until nothing new follows, for each Y by itself:
          1. follow the new rows of back from Y to Z: 0 rows now
          2. follow edge from Z to X: 2 rows now
          3. add back(X, Y)

      Indexes, by the order of columns:
        edge (x1, x2)

    Stratum 3 of 4: from; recursive, in rounds until nothing new follows

      test.dl:5
        from(Y) :- from(X), edge(X, Y).
        Until nothing new follows:
          1. take each X of the new rows of from: 1 row now
          2. follow edge from X to Y: 2 rows now
          3. add from(Y)

    Stratum 4 of 4: reach; recursive, in rounds until nothing new follows

      test.dl:2
        reach(X, Y) :- edge(X, Y).
        Only in the first round:
          1. go through edge(X, Y): 2 rows now
          2. add reach(X, Y)

      test.dl:3
        reach(X, Z) :- reach(X, Y), edge(Y, Z), not shut(Y), Z > 1.
        Until nothing new follows, for each X by itself:
          1. follow the new rows of reach from X to Y: 0 rows now
          2. keep each Y that passes:
            1. go on only if there is no shut(Y), by x1 = Y in index (x1): 1 row now
          3. follow edge from Y to Z: 2 rows now
          4. keep each Z that passes:
            1. go on only if Z > 1
          5. add reach(X, Z)

      Indexes, by the order of columns:
        edge (x1, x2)
        shut (x1)
    ");
}

#[test]
fn a_cycle_is_closed_by_all_its_atoms() {
    insta::assert_snapshot!(described(
        "edge(1, 2). edge(2, 3). edge(3, 1).
triangle(A, B, C) :- edge(A, B), edge(B, C), edge(C, A).
closed(A, B) :- edge(A, B), edge(B, C), edge(C, A)."), @r"
    Stratum 1 of 2: closed

      test.dl:3
        closed(A, B) :- edge(A, B), edge(B, C), edge(C, A).
        Once:
          1. go through edge(A, B): 3 rows now
          2. find one C that all of these have, beginning with the one that has the fewest:
            a. edge(B, C) by x1 = B in index (x1, x2): 3 rows now
            b. edge(C, A) by x2 = A in index (x2, x1): 3 rows now
          3. add closed(A, B)

      Indexes, by the order of columns:
        edge (x1, x2) (x2, x1)

    Stratum 2 of 2: triangle

      test.dl:2
        triangle(A, B, C) :- edge(A, B), edge(B, C), edge(C, A).
        Once:
          1. go through edge(A, B): 3 rows now
          2. let C be each value that all of these have, beginning with the one that has the fewest:
            a. edge(B, C) by x1 = B in index (x1, x2): 3 rows now
            b. edge(C, A) by x2 = A in index (x2, x1): 3 rows now
          3. add triangle(A, B, C)

      Indexes, by the order of columns:
        edge (x1, x2) (x2, x1)
    ");
}

#[test]
fn an_equivalence_is_looked_up_by_its_classes() {
    let described = described(
        ".decl same(x: symbol, y: symbol) equivalence
same(a, b). same(b, c).
likes(a, x). likes(b, y).
wants(X, Y) :- likes(X2, Y), same(X2, X).
lone(X) :- likes(X, Y), not same(X, Y), not same(Y, _).
known(X) :- same(X, _).",
    );
    for line in [
        "look up same(X2, X) by the class of X2: 2 rows now, about 0.7 expected to match",
        "go on only if there is no same(X, Y), by the classes of X and Y: 2 rows now",
        "go on only if there is no same(Y, _), by the class of Y: 2 rows now",
        "go through same(X, _): 2 rows now",
    ] {
        assert!(described.contains(line), "{line}\n{described}");
    }
    assert!(!described.contains("  same ("), "it has no indexes: {described}");
}
