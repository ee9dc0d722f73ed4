//! Explanations: the laws that every proof obeys, on the corpus, the knowledge base and random programs.

use crate::generator::{Dice, program};
use crate::programs::{files, folders, load};
use crate::reasons::reasons;
use entail::check::{Column, Literal, RelationId, Role, Rule};
use entail::data::{Dialect, IdVec, Type, Value, spelled};
use entail::explain::{Change, MOST_WAYS, Node, NodeId, Premise, Proof, Repairs, Via};
use entail::session::{Explained, Reasons, Session};
use std::collections::BTreeSet;
use std::path::Path;

/// Rows of each relation that are explained, and of a whole program.
const ROWS: usize = 4;
const MOST: usize = 24;

fn random(seed: u64) -> Session {
    let mut session = Session::new();
    session.tell("program", &program(seed)).expect("random programs are right");
    session
}

fn corpus() -> impl Iterator<Item = (String, Session)> {
    let souffle = ["counters", "ranges"].map(|topic| Path::new("tests/souffle").join(topic));
    let topics = folders(Path::new("tests/programs")).into_iter().chain(souffle);
    let paths = topics.flat_map(|topic| files(&topic, "dl"));
    paths.filter_map(|path| Some((path.display().to_string(), load(&[&path]).ok()?)))
}

pub(crate) fn knowledge_base() -> Session {
    load(&[Path::new("facts"), Path::new("rules")]).unwrap_or_else(|_| panic!("it loads"))
}

/// Every session that the laws are tried on, evaluated, with what it is called: `ENTAIL_PROGRAMS` random programs, or
/// so many.
fn subjects(programs: u64) -> impl Iterator<Item = (String, Session)> {
    let programs = std::env::var("ENTAIL_PROGRAMS").ok().and_then(|text| text.parse().ok()).unwrap_or(programs);
    let random = (0..programs).map(|seed| (format!("seed {seed}:\n{}", program(seed)), random(seed)));
    let all = corpus().chain(random).chain([("the knowledge base".to_owned(), knowledge_base())]);
    all.filter_map(|(what, mut session)| session.evaluate_all().ok().map(|()| (what, session)))
}

/// A fact to be explained.
#[derive(Debug, Clone)]
pub(crate) struct Goal {
    pub(crate) relation: RelationId,
    pub(crate) row: Vec<Value>,
}

/// Some rows of every relation, of questions and constraints too.
fn goals(session: &Session, dice: &mut Dice) -> Vec<Goal> {
    let mut goals = Vec::new();
    for (relation, described) in session.program().relations.enumerate() {
        if let Role::CameUp(_) = described.role {
            continue;
        }
        let rows: Vec<Vec<Value>> = session.relation_rows(relation).rows(session.symbols()).collect();
        for _ in 0..ROWS.min(rows.len()) {
            goals.push(Goal { relation, row: rows[dice.below(rows.len())].clone() });
        }
    }
    dice.shuffle(&mut goals);
    goals.truncate(MOST);
    goals
}

pub(crate) fn why(session: &mut Session, goal: &Goal) -> Explained {
    let explained = session.why_row(goal.relation, &goal.row);
    explained.unwrap_or_else(|failure| panic!("{goal:?}: {failure:?}")).expect("the fact holds")
}

/// The stored facts that a proof names: the cited fact itself, where a citation is named.
pub(crate) fn leaves(session: &Session, proof: &Proof) -> BTreeSet<String> {
    let stored = proof.nodes.iter().filter(|node| matches!(node.via, Via::Stored { .. }));
    stored.map(|node| fact(session, node.relation, &node.row)).collect()
}

/// A fact as it is typed; for a citation, the fact that is cited.
fn fact(session: &Session, relation: RelationId, row: &[Value]) -> String {
    let program = session.program();
    let cited = program.relations.enumerate().find(|(_, other)| other.citations == Some(relation));
    let (name, row) = match cited {
        Some((_, cited)) => (&cited.name, &row[..row.len() - 1]),
        None => (&program.relations[relation].name, row),
    };
    let quotes = program.dialect != Dialect::Entail;
    let typed = |value: &Value| match value {
        Value::Symbol(text) if quotes => format!("{text:?}"),
        value => spelled(value),
    };
    let args: Vec<String> = row.iter().map(typed).collect();
    if args.is_empty() && !quotes { name.clone() } else { format!("{name}({})", args.join(", ")) }
}

fn stored(session: &Session) -> Vec<String> {
    let of = |relation| -> Vec<String> {
        let rows = session.stored_rows(relation);
        rows.rows(session.symbols()).map(|row| fact(session, relation, &row)).collect()
    };
    session.program().named().flat_map(of).collect()
}

#[test]
fn the_checker_accepts_every_proof() {
    let mut proofs = 0;
    for (at, (what, mut session)) in subjects(60).enumerate() {
        for goal in goals(&session, &mut Dice::new(at as u64)) {
            let explained = why(&mut session, &goal);
            let verdict = session.check_proof(&explained);
            assert_eq!(verdict, Ok(()), "{what}\n{goal:?}\n{:?}", explained.proof);
            proofs += 1;
        }
    }
    assert!(proofs > 2000, "{proofs} proofs");
}

#[test]
fn reasons_are_found_for_exactly_what_has_an_answer() {
    for (at, (what, mut session)) in subjects(20).enumerate() {
        // What would make it hold is not looked for.
        session.effort = 1;
        let mut dice = Dice::new(at as u64);
        let there = goals(&session, &mut dice).into_iter();
        let there = there.filter(|goal| session.program().relations[goal.relation].role == Role::Named);
        let mut asked: Vec<Goal> = there.chain(missing(&session, &mut dice)).collect();
        dice.shuffle(&mut asked);
        asked.truncate(MOST);
        let not = if session.program().dialect == Dialect::Entail { "not " } else { "!" };
        for goal in asked {
            for sign in ["", not] {
                let question = format!("{sign}{}", fact(&session, goal.relation, &goal.row));
                let holds = has_an_answer(&mut session, &question);
                let explained = session.explain("law", &question);
                let explained = explained.unwrap_or_else(|failure| panic!("{what}\n{question}: {failure:?}"));
                assert_eq!(matches!(explained, Reasons::Holds(_)), holds, "{what}\n{question}");
            }
        }
    }
}

#[test]
fn an_answer_stands_on_what_its_proof_names() {
    let mut tried = 0;
    for (at, (what, mut session)) in subjects(60).enumerate() {
        let dice = &mut Dice::new(at as u64);
        let all = stored(&session);
        for goal in goals(&session, dice) {
            let explained = why(&mut session, &goal);
            let named = leaves(&session, &explained.proof);
            let others: Vec<&String> = all.iter().filter(|fact| !named.contains(*fact)).collect();
            // All of them, then some of them.
            for share in [100, 50, 20] {
                let mut without = session.clone();
                let mut gone = Vec::new();
                for other in &others {
                    if dice.percent(share) {
                        without.retract("law", other).expect("it is stored");
                        gone.push(other);
                    }
                }
                // Without a fact, another rule may fault.
                if without.evaluate([goal.relation]).is_err() {
                    continue;
                }
                let rows = without.relation_rows(goal.relation);
                let stands = rows.rows(without.symbols()).any(|row| row == goal.row);
                assert!(stands, "{what}\n{} fell with {gone:?}", fact(&session, goal.relation, &goal.row));
                tried += 1;
            }
        }
    }
    assert!(tried > 2000, "{tried} tries");
}

#[test]
fn explaining_changes_nothing() {
    for (at, (what, mut session)) in subjects(30).enumerate() {
        let mut untouched = session.clone();
        for goal in goals(&session.clone(), &mut Dice::new(at as u64)) {
            why(&mut session, &goal);
        }
        let picture = |session: &mut Session| -> Vec<Vec<Vec<Value>>> {
            session.evaluate_all().expect("it was evaluated before");
            let relations = session.program().relations.ids();
            relations.map(|id| session.relation_rows(id).rows(session.symbols()).collect()).collect()
        };
        assert_eq!(picture(&mut session), picture(&mut untouched), "{what}");
    }
}

/// Proofs that differ from a given one in one place.
fn damaged(session: &Session, proof: &Proof, dice: &mut Dice) -> Vec<(&'static str, Proof)> {
    let derived: Vec<NodeId> =
        proof.nodes.ids().filter(|id| !matches!(proof.nodes[*id].via, Via::Stored { .. })).collect();
    let mut damaged = Vec::new();
    let mut change = |how, id: NodeId, change: &mut dyn FnMut(&mut Node)| {
        let nodes: IdVec<NodeId, Node> = proof.nodes.iter().cloned().collect();
        let mut changed = Proof { nodes };
        change(&mut changed.nodes[id]);
        if changed != *proof {
            damaged.push((how, changed));
        }
    };
    for _ in 0..3.min(derived.len()) {
        let id = derived[dice.below(derived.len())];
        let premises = proof.nodes[id].premises();
        if premises.is_empty() {
            continue;
        }
        let at = dice.below(premises.len());
        let is_choice = |rule: &Rule| rule.body.iter().any(|literal| matches!(literal, Literal::Or(_)));
        // With a premise fewer or more, one branch of a disjunction may be all of another.
        let has_choice = match &proof.nodes[id].via {
            Via::Rule { rule, .. } => session.program().rules.get(*rule).is_some_and(is_choice),
            Via::Stored { .. } | Via::Equivalence { .. } => false,
        };
        if !has_choice {
            change("a premise is missing", id, &mut |node| {
                each_premises(node, &mut |premises| drop(premises.remove(at)));
            });
            change("a premise is there twice", id, &mut |node| {
                each_premises(node, &mut |premises| premises.insert(at, premises[at].clone()));
            });
        }
        // One pair of an equivalence proves more than one other.
        let proves_others = matches!(proof.nodes[id].via, Via::Equivalence { .. }) && premises.len() == 1;
        if !proves_others {
            change("a value is another", id, &mut |node| node.row.iter_mut().take(1).for_each(another));
        }
        change("it rests on itself", id, &mut |node| {
            each_premises(node, &mut |premises| {
                if let Premise::Fact(below) = &mut premises[at] {
                    *below = id;
                }
            });
        });
        change("what a premise says is not so", id, &mut |node| {
            each_premises(node, &mut |premises| falsify(&mut premises[at]))
        });
        change("it is said to be stored, and is not", id, &mut |node| {
            node.via = Via::Stored { citations: vec![Value::symbol("nowhere")] }
        });
    }
    damaged
}

fn each_premises(node: &mut Node, change: &mut dyn FnMut(&mut Vec<Premise>)) {
    if let Via::Rule { premises, .. } | Via::Equivalence { premises } = &mut node.via {
        change(premises);
    }
}

fn another(value: &mut Value) {
    *value = match value {
        Value::Number(number) => Value::Number(number.wrapping_add(1)),
        Value::Symbol(text) => Value::symbol(&*format!("{text}?")),
        Value::Unsigned(_) | Value::Float(_) | Value::Date(_) | Value::Record(_) => Value::symbol("?"),
    };
}

fn falsify(premise: &mut Premise) {
    match premise {
        Premise::Fact(_) => {}
        Premise::Absent { args, .. } => args.iter_mut().flatten().take(1).for_each(another),
        Premise::Compare { left, .. } => another(&mut left.value),
        Premise::Compute(side) => another(&mut side.value),
        Premise::Test { negated, .. } => *negated = !*negated,
        Premise::Aggregate(aggregate) => match aggregate.rows.pop() {
            Some(_) => {}
            None => another(&mut aggregate.value),
        },
    }
}

#[test]
fn the_checker_refuses_damaged_proofs() {
    let mut refused = 0;
    for (at, (what, mut session)) in subjects(60).enumerate() {
        let dice = &mut Dice::new(at as u64);
        for goal in goals(&session, dice) {
            let explained = why(&mut session, &goal);
            for (how, proof) in damaged(&session, &explained.proof, dice) {
                let mut damaged = explained.clone();
                damaged.proof = proof;
                let verdict = session.check_proof(&damaged);
                assert!(verdict.is_err(), "{what}\n{goal:?}\n{how}: {:?}\nwas {:?}", damaged.proof, explained.proof);
                refused += 1;
            }
        }
    }
    assert!(refused > 2000, "{refused} damaged proofs");
}

#[test]
fn a_proof_of_a_path_is_a_shortest_path() {
    for seed in 0..40 {
        let dice = &mut Dice::new(seed);
        let nodes = 12;
        let mut edges = BTreeSet::new();
        edges.extend((0..18).map(|_| (dice.below(nodes), dice.below(nodes))));
        let facts: String = edges.iter().map(|(from, to)| format!("edge({from}, {to}). ")).collect();
        for (rules, doubles) in [
            ("path(X, Y) :- edge(X, Y). path(X, Z) :- path(X, Y), edge(Y, Z).", false),
            ("path(X, Y) :- edge(X, Y). path(X, Z) :- edge(X, Y), path(Y, Z).", false),
            ("path(X, Y) :- edge(X, Y). path(X, Z) :- path(X, Y), path(Y, Z).", true),
        ] {
            let mut session = Session::new();
            session.tell("graph", &format!("{facts} {rules}")).expect("it is right");
            session.evaluate_all().expect("it ends");
            let path = session.program().relation("path").expect("it is declared");
            let rows: Vec<Vec<Value>> = session.relation_rows(path).rows(session.symbols()).collect();
            for row in rows {
                let [Value::Number(from), Value::Number(to)] = row[..] else { panic!("two numbers") };
                let steps = distance(&edges, from as usize, to as usize);
                let wanted = if doubles { steps.next_power_of_two().ilog2() as usize + 1 } else { steps };
                let proof = why(&mut session, &Goal { relation: path, row }).proof;
                assert_eq!(proof.height(), wanted, "{from} to {to} in {facts}{rules}");
            }
        }
    }
}

/// Steps of a shortest path of at least one step.
fn distance(edges: &BTreeSet<(usize, usize)>, from: usize, to: usize) -> usize {
    let mut reached = BTreeSet::from([from]);
    for steps in 1.. {
        reached = edges.iter().filter(|(start, _)| reached.contains(start)).map(|(_, end)| *end).collect();
        if reached.contains(&to) {
            return steps;
        }
    }
    unreachable!("there is a path")
}

/// Rows that do not hold, nor lie below one that does.
fn absent(session: &Session, dice: &mut Dice) -> Vec<Goal> {
    let mut goals = missing(session, dice);
    // Only where values join it has to be asked.
    let lies_below = |goal: &Goal| {
        !session.program().joins(goal.relation).is_empty()
            && has_an_answer(&mut session.clone(), &fact(session, goal.relation, &goal.row))
    };
    goals.retain(|goal| !lies_below(goal));
    dice.shuffle(&mut goals);
    goals.truncate(ROWS);
    goals
}

fn has_an_answer(session: &mut Session, question: &str) -> bool {
    let answers = session.query("law", &format!("{question}?"));
    !answers.unwrap_or_else(|failure| panic!("{question}: {failure:?}"))[0].answer.is_empty()
}

/// Rows that are not there: values of each column, put together anew.
fn missing(session: &Session, dice: &mut Dice) -> Vec<Goal> {
    let mut goals = Vec::new();
    for relation in session.program().named() {
        let columns = session.program().relations[relation].columns.len();
        let rows: Vec<Vec<Value>> = session.relation_rows(relation).rows(session.symbols()).collect();
        for _ in 0..2 {
            let row: Option<Vec<Value>> = (0..columns)
                .map(|column| {
                    let wanted = &session.program().relations[relation].columns[column];
                    let own = rows.get(dice.below(rows.len().max(1))).map(|row| row[column].clone());
                    // Records of one type are no records of another.
                    let fits = |first: &Column| {
                        first.ty == wanted.ty && (first.ty != Type::Record || first.subtype == wanted.subtype)
                    };
                    let fitting = session
                        .program()
                        .named()
                        .filter(|id| session.program().relations[*id].columns.first().is_some_and(fits));
                    let others: Vec<Value> = fitting.flat_map(|id| session.values_in(id, 0, "", 20)).collect();
                    let other = others.get(dice.below(others.len().max(1))).cloned();
                    if dice.percent(50) { own.or(other) } else { other.or(own) }
                })
                .collect();
            goals.extend(row.filter(|row| !rows.contains(row)).map(|row| Goal { relation, row }));
        }
    }
    goals
}

/// What would make a goal hold, and the whole of what is said of it.
fn why_not(session: &mut Session, goal: &Goal) -> (Repairs, String) {
    session.effort = 100_000;
    let asked = fact(session, goal.relation, &goal.row);
    match session.explain("law", &asked) {
        Ok(Reasons::Fails(lacking)) => (lacking.repairs.clone(), lacking.text(session)),
        Ok(Reasons::Holds(_)) => panic!("{asked} holds"),
        Err(failure) => panic!("{asked}: {failure:?}"),
    }
}

/// A session with some changes made, as they would be typed.
fn with_changes(session: &Session, changes: &[Change]) -> Session {
    let mut changed = session.clone();
    let citing = |relation, row: &[Value]| {
        let is_citation = session.program().relations.iter().any(|other| other.citations == Some(relation));
        let claim = row.last().filter(|_| is_citation).map(|claim| format!(" @ {}", spelled(claim)));
        format!("{}{}", fact(session, relation, row), claim.unwrap_or_default())
    };
    for change in changes {
        let (gone, new) = match change {
            Change::Add { relation, row } => (None, Some(citing(*relation, row))),
            Change::Remove { relation, row } => (Some(citing(*relation, row)), None),
            Change::Move { relation, from, to } => (Some(citing(*relation, from)), Some(citing(*relation, to))),
        };
        gone.iter().for_each(|fact| drop(changed.retract("law", fact).expect("it is stored")));
        new.iter().for_each(|fact| drop(changed.assert("law", &format!("{fact}.")).expect("it can be told")));
    }
    changed
}

/// Whether a fact holds; nothing where the run faults.
fn holds(session: &mut Session, asked: &str) -> Option<bool> {
    session.query("law", asked).ok().map(|answers| !answers[0].answer.is_empty())
}

#[test]
fn a_repair_makes_the_fact_hold_and_no_part_of_it_does() {
    let (mut tried, mut goals) = (0, 0);
    for (at, (what, mut session)) in subjects(20).enumerate() {
        for goal in absent(&session, &mut Dice::new(at as u64)) {
            goals += 1;
            let asked = fact(&session, goal.relation, &goal.row);
            for repair in why_not(&mut session, &goal).0.found {
                let repaired = &mut with_changes(&session, &repair);
                assert_eq!(holds(repaired, &asked), Some(true), "{what}\n{asked} does not hold with {repair:?}");
                for without in 0..repair.len() {
                    let part: Vec<Change> = [&repair[..without], &repair[without + 1..]].concat();
                    let repaired = &mut with_changes(&session, &part);
                    assert_ne!(holds(repaired, &asked), Some(true), "{what}\n{asked} holds with {part:?} already");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried} repairs of {goals} facts");
}

#[test]
fn critical_facts_are_those_whose_removal_overturns() {
    let (mut goals_seen, mut found) = (0, 0);
    for (at, (what, mut session)) in subjects(30).enumerate() {
        let all = stored(&session);
        for goal in goals(&session, &mut Dice::new(at as u64)).into_iter().step_by(3) {
            if session.program().relations[goal.relation].role != Role::Named {
                continue;
            }
            let asked = fact(&session, goal.relation, &goal.row);
            let overturning = session.critical("law", &asked, 1).expect("it ends").expect("it holds");
            let singles = overturning.facts.sets.iter().filter(|set| set.len() == 1);
            let singles: BTreeSet<String> = singles.map(|set| fact(&session, set[0].relation, &set[0].row)).collect();
            let overturns = |gone: &&String| {
                let mut without = session.clone();
                without.retract("law", gone).expect("it is stored");
                holds(&mut without, &asked) == Some(false)
            };
            let wanted: BTreeSet<String> = all.iter().filter(overturns).cloned().collect();
            assert_eq!(singles, wanted, "{what}\n{asked}");
            goals_seen += 1;
            found += wanted.len();
        }
    }
    assert!(goals_seen > 100 && found > 100, "{found} critical facts of {goals_seen} facts");
}

#[test]
fn what_keeps_a_computed_row_from_being_overturns() {
    let mut session = Session::new();
    let program = "a(a). a(x). b(b). c(a). d(ab). joined(cat(X, Y)) :- a(X), b(Y), not c(X). \
                   lone(X) :- d(X), not joined(X).";
    session.tell("program", program).expect("it is right");
    let overturning = session.critical("law", "lone(ab)", 1).expect("it ends").expect("it holds");
    let sets = overturning.facts.sets.iter().map(|set| fact(&session, set[0].relation, &set[0].row));
    assert_eq!(sets.collect::<BTreeSet<String>>(), BTreeSet::from(["c(a)".to_owned(), "d(ab)".to_owned()]));
}

#[test]
fn a_fact_without_which_the_run_faults_overturns_nothing() {
    let mut session = Session::new();
    let text = "a(1). c(0). c(5). guard(0). n(10 / X) :- c(X), !guard(X). p(X) :- a(X), guard(0), n(_).";
    session.tell("guarded", text).expect("it is right");
    let overturning = session.critical("law", "p(1)", 1).expect("it ends").expect("it holds");
    assert!(overturning.facts.sets.iter().all(|set| session.program().relations[set[0].relation].name != "guard"));
    assert_eq!(overturning.facts.sets.len(), 2, "{}", overturning.text());
}

#[test]
fn larger_sets_overturn_and_no_part_of_them_does() {
    let mut tried = 0;
    for (at, (what, mut session)) in subjects(40).enumerate() {
        for goal in goals(&session, &mut Dice::new(at as u64)).into_iter().step_by(3) {
            if session.program().relations[goal.relation].role != Role::Named {
                continue;
            }
            let asked = fact(&session, goal.relation, &goal.row);
            let overturning = session.critical("law", &asked, 2).expect("it ends").expect("it holds");
            for set in overturning.facts.sets.iter().filter(|set| set.len() > 1).take(5) {
                let without = |left: usize| {
                    let gone = set.iter().enumerate().filter(|(at, _)| *at != left);
                    let gone = gone.map(|(_, lost)| Change::Remove { relation: lost.relation, row: lost.row.clone() });
                    with_changes(&session, &gone.collect::<Vec<_>>())
                };
                let all = &mut without(usize::MAX);
                assert_ne!(holds(all, &asked), Some(true), "{what}\n{asked}: {set:?}");
                for left in 0..set.len() {
                    let some = &mut without(left);
                    assert_ne!(holds(some, &asked), Some(false), "{what}\n{asked}: {set:?}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried} sets");
}

#[test]
fn proofs_of_one_fact_differ_and_the_lowest_comes_first() {
    let mut several = 0;
    for (at, (what, mut session)) in subjects(20).enumerate() {
        for goal in goals(&session, &mut Dice::new(at as u64)).into_iter().take(8) {
            if session.program().relations[goal.relation].role != Role::Named {
                continue;
            }
            let asked = fact(&session, goal.relation, &goal.row);
            let proofs = session.proofs("law", &asked, 4).expect("it ends").found;
            assert_eq!(proofs[0].proof, why(&mut session, &goal).proof, "{what}\n{asked}");
            for (at, explained) in proofs.iter().enumerate() {
                assert_eq!(session.check_proof(explained), Ok(()), "{what}\n{asked}");
                assert!(proofs[..at].iter().all(|other| other.proof != explained.proof), "{what}\n{asked}");
            }
            let heights: Vec<usize> = proofs.iter().map(|explained| explained.proof.height()).collect();
            assert!(heights.is_sorted(), "{what}\n{asked}: {heights:?}");
            several += usize::from(proofs.len() > 1);
        }
    }
    assert!(several > 50, "{several} facts with several proofs");
}

/// A rule over letters: the first follows from the others.
type Letters = (usize, Vec<usize>);

/// What tells proofs apart: rules and stored facts.
type Uses = (BTreeSet<usize>, BTreeSet<usize>);

/// The uses of every proof without a cycle, by trying all ways to choose a rule, or none, for each letter.
fn uses_of_all_proofs(rules: &[Letters], stored: &BTreeSet<usize>, letters: usize) -> BTreeSet<Uses> {
    let ways = |letter: usize| -> Vec<Option<usize>> {
        let rules = (0..rules.len()).filter(|rule| rules[*rule].0 == letter).map(Some);
        stored.contains(&letter).then_some(None).into_iter().chain(rules).collect()
    };
    let mut found = BTreeSet::new();
    let mut open: Vec<Vec<Option<usize>>> = vec![Vec::new()];
    while let Some(chosen) = open.pop() {
        if chosen.len() < letters {
            let ways = ways(chosen.len());
            let ways = if ways.is_empty() { vec![None] } else { ways };
            open.extend(ways.into_iter().map(|way| [&chosen[..], &[way]].concat()));
            continue;
        }
        let mut uses = Uses::default();
        if proves(0, &chosen, rules, stored, &mut Vec::new(), &mut uses) {
            found.insert(uses);
        }
    }
    found
}

/// Whether the chosen ways prove a letter that does not rest on those above it.
fn proves(
    letter: usize,
    chosen: &[Option<usize>],
    rules: &[Letters],
    stored: &BTreeSet<usize>,
    above: &mut Vec<usize>,
    uses: &mut Uses,
) -> bool {
    let Some(rule) = chosen[letter] else {
        uses.1.insert(letter);
        return stored.contains(&letter);
    };
    uses.0.insert(rule);
    above.push(letter);
    let holds = rules[rule]
        .1
        .iter()
        .all(|premise| !above.contains(premise) && proves(*premise, chosen, rules, stored, above, uses));
    above.pop();
    holds
}

#[test]
fn every_proof_is_found_that_differs_in_a_rule_or_a_stored_fact() {
    const LETTERS: usize = 6;
    let (mut several, mut largest) = (0, 0);
    for seed in 0..300 {
        let dice = &mut Dice::new(seed);
        let rules: Vec<Letters> = (0..12)
            .map(|_| (dice.below(LETTERS), (0..1 + dice.below(3)).map(|_| dice.below(LETTERS)).collect()))
            .collect();
        let stored: BTreeSet<usize> = (0..3).map(|_| dice.below(LETTERS)).collect();
        let clause = |(head, body): &Letters| {
            let body: Vec<String> = body.iter().map(|letter| format!("l{letter}")).collect();
            format!("l{head} :- {}.\n", body.join(", "))
        };
        let known = (0..LETTERS).map(|letter| format!(".decl l{letter}()\n"));
        let facts = stored.iter().map(|letter| format!("l{letter}.\n"));
        let text: String = known.chain(facts).chain(rules.iter().map(clause)).collect();
        let mut session = Session::new();
        session.tell("letters", &text).unwrap_or_else(|failure| panic!("{text}: {failure:?}"));
        let proofs = session.proofs("law", "l0", 500).expect("it ends");
        let number = |rule: entail::check::RuleId| {
            let program = session.program();
            let line = session.sources().line(program.rules[rule].span);
            line - 1 - LETTERS - stored.len()
        };
        let uses = |explained: &Explained| {
            let mut uses = Uses::default();
            for node in explained.proof.nodes.iter() {
                let name = &session.program().relations[node.relation].name;
                let letter: usize = name[1..].parse().expect("a number");
                match &node.via {
                    Via::Stored { .. } => uses.1.insert(letter),
                    Via::Rule { rule, .. } => uses.0.insert(number(*rule)),
                    Via::Equivalence { .. } => panic!("letters have no columns"),
                };
            }
            uses
        };
        let found: Vec<Uses> = proofs.found.iter().map(uses).collect();
        assert!(proofs.is_complete, "{text}");
        let all: BTreeSet<Uses> = found.iter().cloned().collect();
        assert_eq!(all.len(), found.len(), "{text}: one is there twice");
        assert_eq!(all, uses_of_all_proofs(&rules, &stored, LETTERS), "{text}");
        for count in [1, 2, 3] {
            let fewer = session.proofs("law", "l0", count).expect("it ends").found;
            let same = fewer.iter().zip(&proofs.found).all(|(one, other)| one.proof == other.proof);
            assert!(same && fewer.len() == count.min(found.len()), "{text}: the first {count}");
        }
        several += usize::from(found.len() > 2);
        largest = largest.max(found.len());
    }
    assert!(several > 30 && largest > 8, "{several} with several proofs, {largest} at most");
}

#[test]
fn the_order_of_facts_and_the_ids_of_symbols_do_not_show() {
    let mut compared = 0;
    for seed in 0..60 {
        let text = program(seed);
        // Symbols get other ids, and relations are met in another order.
        let lines: Vec<&str> = text.lines().collect();
        let (facts, others): (Vec<&str>, Vec<&str>) =
            lines.iter().partition(|line| !line.contains(":-") && !line.starts_with(['.', '?', ':']));
        let turned = facts.iter().rev().chain(&others).copied().collect::<Vec<_>>().join("\n");
        let mut sessions = [text.as_str(), &turned].map(|text| {
            let mut session = Session::new();
            session.tell("law", text).ok().and_then(|_| session.evaluate_all().ok()).map(|()| session)
        });
        let [Some(first), Some(second)] = &mut sessions else { continue };
        for goal in goals(first, &mut Dice::new(seed)) {
            if first.program().relations[goal.relation].role != Role::Named {
                continue;
            }
            let asked = fact(first, goal.relation, &goal.row);
            let shown = |session: &mut Session| match reasons(session, &asked) {
                Reasons::Holds(explained) => atoms(session, &explained.proof),
                Reasons::Fails(_) => panic!("{asked} holds"),
            };
            assert_eq!(shown(first), shown(second), "{asked} in\n{text}");
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared} proofs");
}

/// The facts of a proof, in order.
fn atoms(session: &Session, proof: &Proof) -> Vec<String> {
    proof.nodes.iter().map(|node| fact(session, node.relation, &node.row)).collect()
}

#[test]
fn a_proof_is_the_same_from_above_and_from_below() {
    let mut compared = 0;
    for (at, (what, mut session)) in subjects(60).enumerate() {
        for goal in goals(&session, &mut Dice::new(at as u64)) {
            let above = why(&mut session, &goal).proof;
            session.most_ways = 0;
            let below = why(&mut session, &goal).proof;
            session.most_ways = MOST_WAYS;
            assert_eq!(above, below, "{what}\n{}", fact(&session, goal.relation, &goal.row));
            compared += 1;
        }
    }
    assert!(compared > 1000, "{compared} proofs");
}
