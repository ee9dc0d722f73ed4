//! Changes of what is known: what is kept of the derived rows is what would be derived again, what is taken back
//! leaves no trace, and what is written down can be read back.

use crate::generator::{Dice, program};
use crate::programs::{files, folders, load};
use entail::data::{Value, spelled};
use entail::session::{Dump, Session};
use std::collections::BTreeMap;
use std::path::Path;

/// Every relation with its rows; nothing where the program stops with an error.
pub(crate) type Picture = Option<BTreeMap<String, Vec<Vec<Value>>>>;

/// A change, told in words, so that it can be made of two sessions alike.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Retract(String),
    RemoveRule(usize),
    Tell(String),
}

pub(crate) fn picture(session: &mut Session) -> Picture {
    let named: Vec<_> = session.program().named().collect();
    session.evaluate(named).ok()?;
    let program = session.program();
    let rows = |id| session.relation_rows(id).rows(session.symbols()).collect();
    Some(program.named().map(|id| (program.relations[id].name.clone(), rows(id))).collect())
}

/// Makes a change, if it can be made.
pub(crate) fn make(edit: &Edit, session: &mut Session) -> bool {
    match edit {
        Edit::Retract(fact) => session.retract("edit", fact).is_ok(),
        Edit::RemoveRule(number) => session.remove_rule(*number).is_ok(),
        Edit::Tell(text) => session.tell("edit", text).is_ok(),
    }
}

/// A change that the session may allow.
pub(crate) fn edit(session: &Session, dice: &mut Dice) -> Option<Edit> {
    let program = session.program();
    let stored: Vec<_> = program.named().filter(|id| session.stored_count(*id) > 0).collect();
    let fact = |dice: &mut Dice| {
        let relation = *stored.get(dice.below(stored.len().max(1)))?;
        let rows: Vec<Vec<Value>> = session.stored_rows(relation).rows(session.symbols()).collect();
        let args: Vec<String> = rows[dice.below(rows.len())].iter().map(spelled).collect();
        let args = if args.is_empty() { String::new() } else { format!("({})", args.join(", ")) };
        Some(format!("{}{args}", program.relations[relation].name))
    };
    let rules = session.rules().len();
    match dice.below(4) {
        0 | 1 => fact(dice).map(Edit::Retract),
        2 if rules > 0 => Some(Edit::RemoveRule(1 + dice.below(rules))),
        _ => fact(dice).map(|fact| Edit::Tell(format!("{fact} @ told."))),
    }
}

/// Edits a session with everything evaluated in between, and compares it with one that evaluates only at the end.
fn hold(start: &Session, what: &str, seed: u64) {
    let mut kept = start.clone();
    let first = picture(&mut kept);
    let before = kept.clone();
    let mut dice = Dice::new(seed);
    let mut edits = Vec::new();
    for _ in 0..4 {
        let Some(edit) = edit(&kept, &mut dice) else { break };
        let made = make(&edit, &mut kept);
        edits.push(edit);
        let mut fresh = start.clone();
        let made_there = edits.iter().map(|edit| make(edit, &mut fresh)).last();
        assert_eq!(Some(made), made_there, "{what} {edits:?}");
        assert_eq!(picture(&mut kept), picture(&mut fresh), "{what} {edits:?}");
    }
    kept.go_back(before);
    assert_eq!(picture(&mut kept), first, "{what} {edits:?} taken back");
}

pub(crate) fn random(seed: u64) -> Session {
    let mut session = Session::new();
    session.tell("program", &program(seed)).expect("random programs are right");
    session
}

pub(crate) fn corpus() -> Vec<(String, Session)> {
    let paths = folders(Path::new("tests/programs")).into_iter().flat_map(|topic| files(&topic, "dl"));
    paths.filter_map(|path| Some((path.display().to_string(), load(&[&path]).ok()?))).collect()
}

#[test]
fn what_is_kept_is_what_would_be_derived_again() {
    for seed in 0..300 {
        hold(&random(seed), &program(seed), seed);
    }
    for (at, (path, session)) in corpus().iter().enumerate() {
        hold(session, path, at as u64);
    }
    let knowledge_base = load(&[Path::new("facts"), Path::new("rules")]).unwrap_or_else(|_| panic!("it loads"));
    (0..4).for_each(|seed| hold(&knowledge_base, "the knowledge base", seed));
}

/// What is stored, with citations, and everything that follows.
pub(crate) fn stored(session: &mut Session) -> (BTreeMap<String, Vec<Vec<Value>>>, Picture) {
    let program = session.program();
    let of = |id| session.stored_rows(id).rows(session.symbols()).collect::<Vec<_>>();
    let mut facts = BTreeMap::new();
    for id in program.named() {
        let relation = &program.relations[id];
        for id in [Some(id), relation.citations].into_iter().flatten() {
            facts.insert(program.relations[id].name.clone(), of(id));
        }
    }
    facts.retain(|_, rows| !rows.is_empty());
    let mut model = picture(session);
    model.iter_mut().for_each(|model| model.retain(|_, rows| !rows.is_empty()));
    (facts, model)
}

#[test]
fn what_is_dumped_can_be_read_back() {
    let random = (0..300).map(|seed| (program(seed), random(seed)));
    for (what, mut session) in random.chain(corpus()) {
        let mut text = Vec::new();
        session.dump(Dump::All, &mut text).expect("memory takes every byte");
        let text = String::from_utf8(text).expect("clauses are text");
        let mut again = Session::new();
        if let Err(failure) = again.tell("dump", &text) {
            panic!("{what}\nis dumped as\n{text}\n{failure:?}");
        }
        assert_eq!(stored(&mut session), stored(&mut again), "{what}\nis dumped as\n{text}");
    }
}

#[test]
fn only_what_depends_on_a_change_is_evaluated_again() {
    let mut session = Session::new();
    let text =
        "a(x). b(y). from_a(X) :- a(X). more(X) :- from_a(X). from_b(X) :- b(X). both(X) :- more(X) ; from_b(X).";
    session.tell("test", text).expect("right");
    session.evaluate_all().expect("it ends");
    let evaluated = |session: &Session| {
        let program = session.program();
        let named = program.named().filter(|id| session.is_evaluated(*id) && !program.relations[*id].rules.is_empty());
        named.map(|id| program.relations[id].name.clone()).collect::<Vec<_>>()
    };
    session.tell("test", "b(z).").expect("right");
    assert_eq!(evaluated(&session), ["from_a", "more"]);
    session.evaluate_all().expect("it ends");
    session.retract("test", "a(x)").expect("it is stored");
    assert_eq!(evaluated(&session), ["from_b"]);
    session.evaluate_all().expect("it ends");
    session.tell("test", "other(X) :- both(X).").expect("right");
    assert_eq!(evaluated(&session), ["from_a", "more", "from_b", "both"]);
}

#[test]
fn a_warning_is_said_once() {
    let mut session = Session::new();
    let odd = "m(N) :- N = count : { t(X, Y) }. t(1, 2).";
    let first = session.tell("odd", odd).expect("a program");
    assert!(!first.warnings.is_empty(), "the program is warned of");
    let second = session.tell("more", "t(3, 4).").expect("a fact");
    assert_eq!(second.warnings, []);
    let third = session.tell("odd again", "m2(N) :- N = count : { t(X, Y) }.").expect("a rule");
    assert!(!third.warnings.is_empty(), "what is new is warned of");
}
