//! Equivalences: what they take, how they change, and why their pairs hold.

use crate::command::Folder;
use crate::generator::Dice;
use entail::data::Value;
use entail::explain::Via;
use entail::session::{Demand, Reasons, Session};
use std::collections::BTreeSet;

fn told(text: &str) -> Session {
    let mut session = Session::new();
    session.tell("program", text).unwrap_or_else(|failure| panic!("{text}: {failure:?}"));
    session
}

fn rows(session: &mut Session, question: &str) -> Vec<String> {
    let answers = session.query("question", question).unwrap_or_else(|failure| panic!("{question}: {failure:?}"));
    let rows = answers[0].answer.rows(session.symbols());
    rows.map(|row| row.iter().map(Value::to_string).collect::<Vec<_>>().join(" ")).collect()
}

/// The text of why a fact does not hold, or of why it does.
fn reasons(session: &mut Session, asked: &str) -> String {
    match session.explain("question", asked).unwrap_or_else(|failure| panic!("{asked}: {failure:?}")) {
        Reasons::Holds(explained) => {
            assert_eq!(session.check_proof(&explained), Ok(()));
            explained.text(session, Default::default())
        }
        Reasons::Fails(lacking) => lacking.text(session),
    }
}

#[test]
fn a_class_takes_as_much_room_as_the_pairs_that_make_it() {
    let program = "d(0). d(1). d(2). d(3). d(4). d(5). d(6). d(7). d(8). d(9).
        n(A + 10 * B + 100 * C + 1000 * D + 10000 * E) :- d(A), d(B), d(C), d(D), d(E).
        .decl same(x: number, y: number) equivalence
        same(X, (7 * X + 1) mod 100000) :- n(X).
        same(X, X + 1) :- n(X), X < 99999.
        .printsize same
        ?- same(0, 99999).
        ?- N = count X : { same(5, X) }.";
    // The pairs alone would take 160 gigabytes.
    let ran = Folder::with(&[("classes.dl", program)]).run(&["run", "--memory-limit", "300M", "classes.dl"]);
    assert_eq!((ran.code, &*ran.stdout), (Some(0), "same\t10000000000\nholds\ntrue\n\nN\n100000\n"), "{ran:?}");
}

#[test]
fn a_retraction_takes_a_class_apart_and_a_layer_joins_it_for_as_long_as_it_lasts() {
    let mut session = told(
        ".decl same(x: symbol, y: symbol) equivalence
        same(a, b). same(b, c). same(c, d). same(X, Y) :- link(X, Y). link(d, e).
        with_a(X) :- same(a, X).",
    );
    assert_eq!(rows(&mut session, "with_a(X)?"), ["a", "b", "c", "d", "e"]);
    session.retract("test", "same(b, c)").expect("it is stored");
    assert_eq!(rows(&mut session, "with_a(X)?"), ["a", "b"]);
    assert_eq!(rows(&mut session, "same(e, X)?"), ["c", "d", "e"]);
    session.assume("test", "same(e, b). link(d, e)~").expect("it can be assumed");
    assert_eq!(rows(&mut session, "with_a(X)?"), ["a", "b", "e"]);
    assert_eq!(rows(&mut session, "same(c, X)?"), ["c", "d"]);
    session.drop_layer();
    assert_eq!(rows(&mut session, "with_a(X)?"), ["a", "b"]);
    session.retract("test", "same(a, b)").expect("it is stored");
    assert_eq!(rows(&mut session, "same(a, X)?"), [""; 0]);
    assert_eq!(rows(&mut session, "same(X, e)?"), ["c", "d", "e"]);
}

#[test]
fn a_pair_that_follows_is_no_stored_fact() {
    let mut session = told(".decl same(x: symbol, y: symbol) equivalence same(a, b). same(b, c).");
    assert_eq!(rows(&mut session, "same(X, Y)?").len(), 9);
    assert_eq!(session.fact_count(), 2);
    assert!(session.retract("test", "same(b, a)").is_err(), "it was told the other way round");
    let mut text = Vec::new();
    session.dump(entail::session::Dump::All, &mut text).expect("memory takes every byte");
    let text = String::from_utf8(text).expect("clauses are text");
    assert_eq!(text, ".decl same(x: symbol, y: symbol) equivalence\nsame(a, b).\nsame(b, c).\n");
}

#[test]
fn a_pair_is_proved_by_the_shortest_way_along_what_was_put_in() {
    let mut session = told(
        ".decl same(x: symbol, y: symbol) equivalence
        same(a, b). same(c, b). same(c, d). same(d, e).
        same(X, Y) :- link(X, Y).
        link(e, f).",
    );
    let expected = "same(a, d)     program:1
├─ same(a, b)  program:2
├─ same(c, b)  program:2
└─ same(c, d)  program:2
Rests on 3 facts without a citation.
";
    assert_eq!(reasons(&mut session, "same(a, d)"), expected);
    let expected = "same(f, d)        program:1
├─ same(e, f)     program:3
│  └─ link(e, f)  program:4
└─ same(d, e)     program:2
Rests on 2 facts without a citation.
";
    assert_eq!(reasons(&mut session, "same(f, d)"), expected);
    let expected = "same(f, f)        program:1
└─ same(e, f)     program:3
   └─ link(e, f)  program:4
Rests on 1 fact without a citation.
";
    assert_eq!(reasons(&mut session, "same(f, f)"), expected);
    session.tell("more", "same(d, a).").expect("it is right");
    assert!(reasons(&mut session, "same(a, d)").starts_with("same(a, d)     program:1\n└─ same(d, a)  more:1\n"));
}

#[test]
fn what_is_not_the_same_is_told_with_what_each_belongs_with() {
    let mut session = told(
        ".decl same(x: symbol, y: symbol) equivalence
        same(a, b). same(b, c). same(c, d). same(d, e). same(f, g).",
    );
    let text = reasons(&mut session, "same(a, g)");
    let told =
        "same(a, g) does not hold.\na belongs with b, c, d and 1 more, g belongs with f: no pair joins the two.\n";
    assert!(text.starts_with(told), "{text}");
    assert!(text.contains("• same(a, g) were stored"), "{text}");
    let text = reasons(&mut session, "same(a, z)");
    assert!(text.contains("a belongs with b, c, d and 1 more, z stands in no pair: no pair joins the two."), "{text}");
    let text = reasons(&mut session, "same(z, z)");
    assert!(text.starts_with("same(z, z) does not hold.\nz stands in no pair.\n"), "{text}");
}

#[test]
fn what_keeps_two_apart_is_part_of_the_reasons() {
    let mut session = told(
        ".decl same(x: symbol, y: symbol) equivalence
        same(a, b). alias(b, c). denied(b, c).
        same(X, Y) :- alias(X, Y), not denied(X, Y).
        apart(X, Y) :- pair(X, Y), not same(X, Y). pair(a, c).",
    );
    let text = reasons(&mut session, "apart(a, c)");
    assert!(text.contains("not same(a, c)") && text.contains("denied(b, c)"), "{text}");
}

#[test]
fn a_question_about_an_equivalence_is_answered_alike_on_demand() {
    let program = ".decl same(x: number, y: number) equivalence
        same(X, Y) :- step(X, Y). step(1, 2). step(2, 3). step(5, 6).
        reach(X, Y) :- same(X, Z), road(Z, Y). reach(X, Z) :- reach(X, Y), reach(Y, Z). road(3, 5). road(6, 9).";
    for question in ["same(1, X)?", "reach(1, X)?", "reach(X, 9)?", "same(3, 1)?", "not same(1, 5)?"] {
        let answered = |demand| {
            let mut session = told(program);
            session.demand = demand;
            rows(&mut session, question)
        };
        assert_eq!(answered(Demand::Always), answered(Demand::Never), "{question}");
    }
}

/// Pairs that lead from one value to another past no value twice, by trying all.
fn paths(
    pairs: &[(usize, usize)],
    from: usize,
    to: usize,
    passed: &mut Vec<usize>,
    found: &mut BTreeSet<BTreeSet<usize>>,
    along: &mut Vec<usize>,
) {
    if from == to {
        found.insert(along.iter().copied().collect());
        return;
    }
    passed.push(from);
    for (at, (left, right)) in pairs.iter().enumerate() {
        let next = match (*left == from, *right == from) {
            (true, false) => *right,
            (false, true) => *left,
            (true, true) | (false, false) => continue,
        };
        if !passed.contains(&next) {
            along.push(at);
            paths(pairs, next, to, passed, found, along);
            along.pop();
        }
    }
    passed.pop();
}

#[test]
fn every_path_is_a_proof_and_the_shortest_comes_first() {
    let mut several = 0;
    for seed in 0..150 {
        let dice = &mut Dice::new(seed);
        let pairs: BTreeSet<(usize, usize)> = (0..7).map(|_| (dice.below(5), dice.below(5))).collect();
        let pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
        let facts: String = pairs.iter().map(|(left, right)| format!("same({left}, {right}). ")).collect();
        let mut session = told(&format!(".decl same(x: number, y: number) equivalence\n{facts}"));
        let mut expected = BTreeSet::new();
        paths(&pairs, 0, 1, &mut Vec::new(), &mut expected, &mut Vec::new());
        let proofs = session.proofs("law", "same(0, 1)", 500).expect("it ends");
        assert!(proofs.is_complete, "{facts}");
        let stored = |explained: &entail::session::Explained| -> BTreeSet<usize> {
            assert_eq!(session.check_proof(explained), Ok(()), "{facts}");
            let nodes = explained.proof.nodes.iter().filter(|node| matches!(node.via, Via::Stored { .. }));
            let pair = |row: &[Value]| match row {
                [Value::Number(left), Value::Number(right)] => (*left as usize, *right as usize),
                row => panic!("{row:?}"),
            };
            nodes.map(|node| pairs.iter().position(|told| *told == pair(&node.row)).expect("it was told")).collect()
        };
        let found: Vec<BTreeSet<usize>> = proofs.found.iter().map(stored).collect();
        let all: BTreeSet<BTreeSet<usize>> = found.iter().cloned().collect();
        assert_eq!((all.len(), &all), (found.len(), &expected), "{facts}");
        let shortest = expected.iter().map(BTreeSet::len).min();
        assert_eq!(found.first().map(BTreeSet::len), shortest, "{facts}");
        several += usize::from(found.len() > 2);
    }
    assert!(several > 20, "{several} with several proofs");
}
