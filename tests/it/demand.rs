//! Answers on demand: what is found for a question is what a filter finds in the whole relation, and little more is
//! touched than what the question leads to.

use crate::generator::{Dice, program, recursion};
use crate::on_demand::{Rows, asked, filters_the_whole, is_on_demand};
use crate::programs::{files, folders, load};
use entail::data::Value;
use entail::report::SourceId;
use entail::session::{Demand, Session};
use entail::syntax::{Ast, CompareOp, Item, ItemKind, Literal, LiteralKind, Term, TermKind, parse, print};
use std::path::Path;

/// Returns how many questions were answered on demand.
fn hold(start: &Session, what: &str) -> usize {
    filters_the_whole(start).unwrap_or_else(|wrong| panic!("{wrong}\n{what}"))
}

fn random(seed: u64) -> Session {
    let mut session = Session::new();
    session.tell("program", &program(seed)).expect("random programs are right");
    session
}

/// So many random programs, or as many as `ENTAIL_PROGRAMS` says, from seed `ENTAIL_SEED` on.
fn seeds(most: u64) -> impl Iterator<Item = u64> {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let first = number("ENTAIL_SEED", 0);
    first..first + number("ENTAIL_PROGRAMS", most)
}

#[test]
fn an_answer_on_demand_is_the_filter_of_the_whole() {
    let on_demand: usize = seeds(50).map(|seed| hold(&random(seed), &program(seed))).sum();
    assert!(on_demand > 500, "only {on_demand} questions were answered on demand");
}

#[test]
fn every_recursion_has_the_same_answers_on_demand() {
    let (mut agreed, mut on_demand) = (0, 0);
    for seed in seeds(400) {
        let text = recursion(seed);
        let mut start = Session::new();
        start.tell("recursion", &text).unwrap_or_else(|failure| panic!("seed {seed}:\n{text}{failure:?}"));
        let mut dice = Dice::new(seed);
        let value = |dice: &mut Dice| dice.below(7);
        for _ in 0..6 {
            let (name, a, b) = (dice.pick(&["p", "p", "q"]), value(&mut dice), value(&mut dice));
            let question = match dice.below(6) {
                0 | 1 => format!("{name}({a}, X)?"),
                2 | 3 => format!("{name}(X, {a})?"),
                4 => format!("{name}({a}, {b})?"),
                _ => format!("p({a}, X), q(X, Y), not p(Y, {b}), N = count : {{ q(Y, _) }}?"),
            };
            let answer = |demand| {
                let mut session = start.clone();
                session.demand = demand;
                let answers = session.query("question", &question).ok()?;
                Some(answers[0].answer.rows(session.symbols()).collect::<Rows>())
            };
            if let Some(wanted) = answer(Demand::Never) {
                assert_eq!(answer(Demand::Always), Some(wanted), "seed {seed}: {question}\n{text}");
                agreed += 1;
            }
            start.demand = Demand::Always;
            on_demand += usize::from(is_on_demand(&mut start, &question));
        }
    }
    println!("{agreed} answers agreed, {on_demand} were on demand");
    assert!(on_demand > 500, "only {on_demand} questions were answered on demand");
}

/// The bodies of the rules of a program as questions, each with one column of the head given: conjunctions, choices,
/// negation, aggregates and arithmetic, as they come.
fn bodies(session: &Session, text: &str) -> Vec<Ast> {
    let mut full = session.clone();
    full.demand = Demand::Never;
    let (ast, _) = parse(SourceId::default(), text);
    let mut questions = Vec::new();
    for item in ast.items {
        let ItemKind::Rule(rule) = &item.kind else { continue };
        let head = full.program().relation(&rule.head.name.text).expect("it has a rule");
        if full.evaluate([head]).is_err() {
            continue;
        }
        let row: Option<Vec<Value>> = full.relation_rows(head).rows(full.symbols()).next();
        for (arg, value) in rule.head.args.iter().zip(row.into_iter().flatten()) {
            let right = Term { kind: TermKind::Constant { value, spelling: None }, span: arg.span };
            let equal = LiteralKind::Compare { op: CompareOp::Eq, left: arg.clone(), right };
            let body = rule.body.iter().cloned().chain([Literal { kind: equal, span: arg.span }]).collect();
            let question = Item { doc: None, kind: ItemKind::Query(body), span: item.span };
            questions.push(Ast { items: vec![question], comments: Vec::new() });
        }
    }
    questions
}

#[test]
fn any_question_has_the_same_answer_on_demand() {
    let mut agreed = 0;
    for seed in seeds(200) {
        let text = program(seed);
        let start = random(seed);
        for question in bodies(&start, &text) {
            let answer = |demand| {
                let mut session = start.clone();
                session.demand = demand;
                let answers = session.ask(&question).ok()?;
                Some(answers[0].answer.rows(session.symbols()).collect::<Rows>())
            };
            // A fault may be missed on demand, but none is made up.
            if let Some(wanted) = answer(Demand::Never) {
                assert_eq!(answer(Demand::Always), Some(wanted), "seed {seed}: {}\n{text}", print(&question));
                agreed += 1;
            }
        }
    }
    assert!(agreed > 500, "only {agreed} questions could be compared");
}

#[test]
fn an_answer_on_demand_is_the_filter_of_the_whole_in_the_corpus() {
    let mut on_demand = 0;
    for path in folders(Path::new("tests/programs")).into_iter().flat_map(|topic| files(&topic, "dl")) {
        let Ok(session) = load(&[&path]) else { continue };
        on_demand += hold(&session, &path.display().to_string());
    }
    let knowledge_base = load(&[Path::new("facts"), Path::new("rules")]).unwrap_or_else(|_| panic!("it loads"));
    on_demand += hold(&knowledge_base, "the knowledge base");
    assert!(on_demand > 500, "only {on_demand} questions were answered on demand");
}

/// `edge(0, 1). edge(1, 2). …`, and rules.
fn chain(length: usize, rules: &str) -> Session {
    let mut session = Session::new();
    let edges: String = (0..length).map(|from| format!("edge({from}, {}). ", from + 1)).collect();
    session.tell("chain", &format!("{edges}\n{rules}")).expect("right");
    session
}

/// Every way to write what leads where, and the relation that says so.
pub(crate) const CLOSURES: [(&str, &str); 6] = [
    ("right-linear", "reach(X, Y) :- edge(X, Y). reach(X, Z) :- edge(X, Y), reach(Y, Z)."),
    ("left-linear", "reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z)."),
    ("non-linear", "reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), reach(Y, Z)."),
    (
        "to both sides",
        "reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z). reach(X, Z) :- edge(X, Y), reach(Y, Z).",
    ),
    (
        "right and mutual",
        "reach(X, Y) :- edge(X, Y) ; edge(X, Z), more(Z, Y). more(X, Z) :- edge(X, Z) ; edge(X, Y), reach(Y, Z).",
    ),
    (
        "left and mutual",
        "reach(X, Y) :- edge(X, Y) ; more(X, Z), edge(Z, Y). more(X, Z) :- edge(X, Z) ; reach(X, Y), edge(Y, Z).",
    ),
];

#[test]
fn a_selective_question_touches_little_however_the_recursion_is_written() {
    const LENGTH: usize = 20_000;
    const NEAR: usize = 500;
    for (how, rules) in CLOSURES {
        let mut session = chain(LENGTH, rules);
        let mut derived = |question: String, wanted: usize| {
            let before = session.limits.meter.progress().tuples;
            assert_eq!(asked(&mut session, &question).len(), wanted, "{how} {question}");
            let reach = session.program().relation("reach").expect("it has rules");
            assert!(!session.is_evaluated(reach) && session.rows_in(reach) == 0, "{how} {question}");
            session.limits.meter.progress().tuples - before
        };
        let near_the_end = derived(format!("reach({}, X)?", LENGTH - NEAR), NEAR);
        let near_the_start = derived(format!("reach(X, {NEAR})?"), NEAR);
        let again = derived(format!("reach({}, X)?", LENGTH - NEAR), NEAR);
        let none = derived("reach(-5, X)?".into(), 0);
        assert!([near_the_end, near_the_start, again].iter().all(|rows| *rows < 10 * NEAR), "{how}");
        assert!(none < 5, "{how}");
    }
}

#[test]
fn a_question_between_two_values_is_linear_in_what_lies_between() {
    const LENGTH: usize = 2_000;
    for (how, rules) in CLOSURES {
        let mut session = chain(LENGTH, rules);
        assert_eq!(asked(&mut session, "reach(100, 1900)?"), Rows::from([vec![]]), "{how}");
        assert!(session.limits.meter.progress().tuples < 10 * LENGTH, "{how}");
    }
}

#[test]
fn what_a_view_or_an_aggregate_or_an_absence_asks_for_is_asked_for() {
    let rules = "reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z).
        start(1990).
        from(X) :- reach(1990, X).
        end(X) :- start(S), reach(S, X), not edge(X, _).";
    for (question, wanted) in [
        ("from(X)?", 10),
        ("end(X)?", 1),
        ("start(S), reach(S, X)?", 10),
        ("S = 1990, reach(S, X), reach(X, Y), Y > 1998?", 17),
        ("N = count : { reach(1990, _) }?", 1),
        ("edge(1990, X), N = count : { reach(X, Y), edge(Y, _) }?", 1),
        ("edge(X, 1995), not reach(X, 3)?", 1),
    ] {
        let mut session = chain(2_000, rules);
        assert_eq!(asked(&mut session, question).len(), wanted, "{question}");
        assert!(session.limits.meter.progress().tuples < 300, "{question}");
    }
}

#[test]
fn what_wants_everything_is_evaluated_and_kept() {
    let text = CLOSURES[1].1;
    for question in ["reach(X, Y)?", "edge(X, Y), reach(Y, Z)?", "reach(5, X), reach(Y, Z), Z > X?"] {
        let mut session = chain(1_100, text);
        assert!(!is_on_demand(&mut session, question), "{question}");
    }
    let mut session = chain(1_100, text);
    assert!(is_on_demand(&mut session, "reach(5, X)?"));
    let reach = session.program().relation("reach").expect("it has rules");
    session.evaluate([reach]).expect("it ends");
    assert!(!is_on_demand(&mut session, "reach(5, X)?"));
    assert_eq!(asked(&mut session, "reach(1090, X)?").len(), 10);
}

#[test]
fn what_asks_for_nothing_or_in_too_many_ways_is_evaluated_wherever_demand_is_wanted() {
    // Each round of the recursion turns what is given one column on.
    let turning = |columns: usize| {
        let names: Vec<String> = (0..columns).map(|at| format!("X{at}")).collect();
        let mut turned = names.clone();
        turned.rotate_left(1);
        let (all, turned) = (names.join(", "), turned.join(", "));
        let facts = vec!["1"; columns].join(", ");
        let asked = format!("turning(1, {})?", names[1..].join(", "));
        (format!("turning({all}) :- start({all}). turning({all}) :- turning({turned}). start({facts})."), asked)
    };
    let closure = |question: &str| (CLOSURES[1].1.to_owned(), question.to_owned());
    for ((rules, question), expected) in [
        (closure("reach(X, Y)?"), false),
        (closure("reach(5, X)?"), true),
        (turning(3), true),
        (turning(8), true),
        (turning(9), false),
    ] {
        let mut session = chain(20, &rules);
        session.demand = Demand::Always;
        assert_eq!(is_on_demand(&mut session, &question), expected, "{question}");
    }
}

#[test]
fn what_is_small_is_evaluated_and_kept() {
    let mut session = chain(100, CLOSURES[0].1);
    assert_eq!(asked(&mut session, "reach(90, X)?").len(), 10);
    let reach = session.program().relation("reach").expect("it has rules");
    assert!(session.is_evaluated(reach));
    assert_eq!(session.rows_in(reach), 5050);
}

#[test]
fn a_detour_is_given_up() {
    // Siblings of siblings: asked for from either side. One family is so large that the question leads to more rows
    // than there are facts, and then all of it is evaluated.
    let rules = "same(X, Y) :- edge(X, Y), edge(Y, X). same(X, Y) :- same(Z, X), same(Z, Y).";
    let family: String = (0..80).map(|child| format!("edge(a{child}, a0). edge(a0, a{child}). ")).collect();
    let numbers: String = (0..1_100).map(|from| format!("edge(n{from}, n{}). ", from + 1)).collect();
    let mut session = Session::new();
    session.tell("families", &format!("{family}{numbers}\n{rules}")).expect("right");
    assert!(is_on_demand(&mut session, "same(a5, X)?"));
    assert_eq!(asked(&mut session, "same(a5, X)?").len(), 80);
    let same = session.program().relation("same").expect("it has rules");
    assert!(session.is_evaluated(same));
}

#[test]
fn a_plan_on_demand_says_so_and_its_costs_are_told() {
    let mut session = chain(1_100, CLOSURES[0].1);
    let plan = session.plan_of("prompt", "reach(1095, X)?").expect("a question");
    let plan = regex::Regex::new(r"[\d,]+ rows now, about [\d.]+")
        .expect("a pattern")
        .replace_all(&plan, "… rows now, about …");
    insta::assert_snapshot!(plan, @r"
    On demand: only what the question leads to is derived, and not kept.

    Stratum 1 of 4: demand for reach[bf]

      prompt:1
        reach(1095, X)?
        Once:
          1. add demand for reach[bf](1095)

    Stratum 2 of 4: search for reach[bf]; recursive, in rounds until nothing new follows

      chain:2
        reach(X, Y) :- edge(X, Y).
        Only in the first round:
          1. go through demand for reach[bf](T1): 0 rows now
          2. add search for reach[bf](T1, T1)

      chain:2
        reach(X, Z) :- edge(X, Y), reach(Y, Z).
        Until nothing new follows, for each T1 by itself:
          1. follow the new rows of search for reach[bf] from T1 to X: 0 rows now
          2. follow edge from X to Y: 1,100 rows now
          3. add search for reach[bf](T1, Y)

      Indexes, by the order of columns:
        demand for reach[bf] (X)

    Stratum 3 of 4: reach[bf]

      chain:2
        reach(X, Y) :- edge(X, Y).
        Once:
          1. go through search for reach[bf](T1, X): 0 rows now
          2. look up edge(X, Y) by x1 = X in index (x1, x2): … rows now, about … expected to match
          3. add reach[bf](T1, Y)

      Indexes, by the order of columns:
        edge (x1, x2)
        search for reach[bf] (X?, X)

    Stratum 4 of 4: a query

      prompt:1
        reach(1095, X)?
        Once:
          1. look up reach[bf](1095, X) by X = 1095 in index (X, Y): 0 rows now
          2. answer X

      Indexes, by the order of columns:
        reach[bf] (X, Y)
    ");
    assert_eq!(asked(&mut session, "reach(1095, X)?").len(), 5);
    let costs = session.costs();
    let told: Vec<String> = costs.strata.iter().map(|stratum| stratum.relations.join(", ")).collect();
    assert_eq!(told, ["demand for reach[bf]", "search for reach[bf]", "reach[bf]", "?-1"]);
}
