//! Answers on demand: what is found for a question is what a filter finds in the whole relation, and little more is
//! touched than what the question leads to.

use crate::generator::{Dice, program, recursion};
use crate::programs::{files, folders, load};
use entail::data::{Date, Float, Type, Value};
use entail::report::SourceId;
use entail::session::{Demand, Session};
use entail::syntax::{Ast, CompareOp, Item, ItemKind, Literal, LiteralKind, Term, TermKind, parse, print, spelled};
use std::collections::BTreeSet;
use std::path::Path;

type Rows = BTreeSet<Vec<Value>>;

fn asked(session: &mut Session, question: &str) -> Rows {
    let answers = session.query("question", question).unwrap_or_else(|failure| panic!("{question} {failure:?}"));
    answers[0].answer.rows(session.symbols()).collect()
}

fn is_on_demand(session: &mut Session, question: &str) -> bool {
    session.plan_of("question", question).expect("a question").starts_with("On demand")
}

/// A value of a type that no program has.
fn stranger(ty: Type) -> Value {
    match ty {
        Type::Symbol => Value::symbol("a value that no row has"),
        Type::Number => Value::Number(-987_654_321),
        Type::Float => Value::Float(Float::new(-98765.4321).expect("finite")),
        Type::Date => Value::Date(Date::new(1066, 10, 14).expect("a day")),
    }
}

/// For every derived relation and every way to give some of its columns, the answer on demand is the filter of the
/// whole, and so are its count and its absence. Returns how many questions were answered on demand.
fn hold(start: &Session, what: &str) -> usize {
    let mut full = start.clone();
    full.demand = Demand::Never;
    if full.evaluate_all().is_err() {
        return 0;
    }
    let mut on_demand = 0;
    let mut holds = |question: String, wanted: Rows| {
        let mut session = start.clone();
        session.demand = Demand::Always;
        on_demand += usize::from(is_on_demand(&mut session, &question));
        assert_eq!(asked(&mut session, &question), wanted, "{question} of {what}");
    };
    let derived = full.program().named().filter(|id| !full.program().relations[*id].rules.is_empty());
    for relation in derived.map(|id| full.program().relations[id].clone()) {
        let id = full.program().relation(&relation.name).expect("it has this name");
        let rows: Rows = full.relation_rows(id).rows(full.symbols()).collect();
        let no_row: Vec<Value> = relation.columns.iter().map(|column| stranger(column.ty)).collect();
        for row in rows.last().into_iter().chain([&no_row]) {
            for given in 0..1_usize << row.len().min(4) {
                let is_given = |column: &usize| given >> column & 1 == 1;
                let atom = |free: &str| match row.len() {
                    0 => relation.name.clone(),
                    arity => {
                        let arg = |column| {
                            if is_given(&column) {
                                spelled(&row[column])
                            } else {
                                free.replace('#', &column.to_string())
                            }
                        };
                        format!("{}({})", relation.name, (0..arity).map(arg).collect::<Vec<_>>().join(", "))
                    }
                };
                let agrees =
                    |found: &&Vec<Value>| (0..row.len()).filter(is_given).all(|column| found[column] == row[column]);
                let free = |found: &Vec<Value>| -> Vec<Value> {
                    (0..row.len()).filter(|column| !is_given(column)).map(|column| found[column].clone()).collect()
                };
                let wanted: Rows = rows.iter().filter(agrees).map(free).collect();
                let count = i64::try_from(wanted.len()).expect("few");
                holds(format!("N = count : {{ {} }}?", atom("V#")), Rows::from([vec![Value::Number(count)]]));
                holds(
                    format!("not {}?", atom("_")),
                    if wanted.is_empty() { Rows::from([vec![]]) } else { Rows::new() },
                );
                holds(format!("{}?", atom("V#")), wanted);
            }
        }
    }
    on_demand
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
    let on_demand: usize = seeds(100).map(|seed| hold(&random(seed), &program(seed))).sum();
    assert!(on_demand > 500, "only {on_demand} questions were answered on demand");
}

#[test]
fn every_recursion_has_the_same_answers_on_demand() {
    let (mut agreed, mut on_demand) = (0, 0);
    for seed in seeds(300) {
        let text = recursion(seed);
        let mut start = Session::new();
        start.tell("recursion", &text).unwrap_or_else(|failure| panic!("seed {seed}:\n{text}{failure:?}"));
        let mut dice = Dice(seed);
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
