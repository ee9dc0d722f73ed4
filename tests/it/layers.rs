//! Layers of assumptions: what is answered inside one is what a run on the changed facts answers; what is kept is all
//! of it, and what is dropped leaves no trace; a diff is the difference of two runs, and every cause is true.

use crate::edits::{Edit, Picture, corpus, edit, make, picture, random, stored};
use crate::generator::{Dice, program};
use crate::programs::load;
use entail::data::{Value, spelled};
use entail::report::Span;
use entail::session::{Cause, Conclusion, Diff, Session};
use std::collections::BTreeSet;
use std::path::Path;

fn knowledge_base() -> Session {
    load(&[Path::new("facts"), Path::new("rules")]).unwrap_or_else(|_| panic!("it loads"))
}

fn told(text: &str) -> Session {
    let mut session = Session::new();
    session.tell("test", text).unwrap_or_else(|failure| panic!("{text}: {failure:?}"));
    session
}

fn assumed(text: &str, layer: &str) -> Session {
    let mut session = told(text);
    session.assume("test", layer).unwrap_or_else(|failure| panic!("{layer}: {failure:?}"));
    session
}

fn diff(session: &mut Session) -> Diff {
    session.diff(0).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// The rows of a diff, `+p(a) [0]` and `-q(b) 0 or 1`, in order.
fn lines(diff: &Diff) -> Vec<String> {
    let cause = |cause: &Option<Cause>| match cause {
        None => "?".to_owned(),
        Some(Cause::Each(changes)) => format!("{changes:?}"),
        Some(Cause::AnyOf(changes)) => format!("any of {changes:?}"),
        Some(Cause::Together) => "together".to_owned(),
    };
    let line = |it: &Conclusion| {
        let row: Vec<String> = it.row.iter().map(spelled).collect();
        format!("{}{}({}) {}", if it.gained { "+" } else { "-" }, it.relation, row.join(", "), cause(&it.cause))
    };
    diff.conclusions.iter().map(line).collect()
}

/// The rows of derived relations that only one of two runs finds.
fn difference(before: &mut Session, after: &mut Session) -> Option<BTreeSet<(String, Vec<Value>, bool)>> {
    let (first, second) = (picture(before)?, picture(after)?);
    let is_derived = |session: &Session, name: &str| {
        let relation = session.program().relation(name).map(|id| &session.program().relations[id]);
        relation.is_some_and(|relation| relation.is_derived())
    };
    let mut found = BTreeSet::new();
    for (here, there, gained) in [(&second, &first, true), (&first, &second, false)] {
        for (name, rows) in here.iter().filter(|(name, _)| is_derived(before, name) || is_derived(after, name)) {
            let other = there.get(name);
            let only_here = rows.iter().filter(|row| other.is_none_or(|other| !other.contains(row)));
            found.extend(only_here.map(|row| (name.clone(), row.clone(), gained)));
        }
    }
    Some(found)
}

#[track_caller]
fn agrees(diff: &Diff, before: &mut Session, after: &mut Session, what: &str) {
    let found: Vec<_> = diff.conclusions.iter().map(|it| (it.relation.clone(), it.row.clone(), it.gained)).collect();
    let sorted = found.iter().map(|(relation, row, _)| (relation, row)).is_sorted();
    assert!(sorted, "{what}: {found:?}");
    assert_eq!(Some(found.into_iter().collect()), difference(before, after), "{what}");
    let (first, second) = (breaches(before), breaches(after));
    let came = second.difference(&first).map(|breach| (breach.clone(), true));
    let went = first.difference(&second).map(|breach| (breach.clone(), false));
    let violations = diff.violations.iter().map(|it| ((it.span, it.row.clone()), it.broken));
    assert_eq!(violations.collect::<BTreeSet<_>>(), came.chain(went).collect(), "{what}");
}

/// What breaks the constraints of a session.
fn breaches(session: &mut Session) -> BTreeSet<(Span, Vec<Value>)> {
    let broken = session.broken_constraints().unwrap_or_else(|failure| panic!("{failure:?}"));
    let symbols = session.symbols();
    let rows = broken.iter().flat_map(|it| it.violations.rows(symbols).map(|row| (it.span, row)));
    rows.collect()
}

/// Edits in layers, and the same edits for good: the same answers, whatever is kept and dropped.
fn hold(start: &Session, what: &str, seed: u64) {
    let mut layered = start.clone();
    // Without any rows derived before, with all of them, and with some.
    let first: Picture = if seed.is_multiple_of(3) { None } else { picture(&mut layered) };
    let mut fresh = vec![start.clone()];
    let mut edits = Vec::new();
    let mut dice = Dice::new(seed);
    for _ in 0..3 {
        layered.open_layer();
        let mut next = fresh.last().expect("never empty").clone();
        for _ in 0..dice.between(0, 3) {
            let Some(edit) = edit(&layered, &mut dice) else { break };
            assert_eq!(make(&edit, &mut layered), make(&edit, &mut next), "{what} {edit:?}");
            edits.push(edit);
        }
        assert_eq!(stored(&mut layered), stored(&mut next), "{what}");
        fresh.push(next);
    }
    for layer in 0..3 {
        let [before, after] = [layer, 3].map(|at: usize| fresh[at].clone());
        let (mut before, mut after) = (before, after);
        match layered.diff(layer) {
            Ok(diff) => agrees(&diff, &mut before, &mut after, &format!("{what} {edits:?} layer {layer}")),
            Err(failure) => {
                assert_eq!(difference(&mut before, &mut after), None, "{what} {edits:?} layer {layer} {failure:?}")
            }
        }
    }
    let mut kept = layered.clone();
    assert!(kept.keep_layer());
    assert_eq!(stored(&mut kept), stored(&mut fresh[3].clone()), "{what}, kept");
    if let Ok(diff) = kept.diff(1) {
        agrees(&diff, &mut fresh[1].clone(), &mut fresh[3].clone(), what);
    }
    assert!(kept.drop_layer());
    assert_eq!(stored(&mut kept), stored(&mut fresh[1].clone()), "{what}, kept and dropped");
    for at in (0..3).rev() {
        assert!(layered.drop_layer());
        assert_eq!(stored(&mut layered), stored(&mut fresh[at].clone()), "{what}, {at} layers");
    }
    assert!(!layered.drop_layer() && !layered.keep_layer());
    if first.is_some() {
        assert_eq!(picture(&mut layered), first, "{what}, all dropped");
    }
}

#[test]
fn what_is_answered_inside_a_layer_is_what_the_changed_facts_answer() {
    for seed in 0..200 {
        hold(&random(seed), &program(seed), seed);
    }
    for (at, (path, session)) in corpus().iter().enumerate() {
        hold(session, path, at as u64);
    }
    (0..4).for_each(|seed| hold(&knowledge_base(), "the knowledge base", seed));
}

/// A change that can be told in words, whatever else was changed before.
fn change(session: &Session, dice: &mut Dice) -> Option<Edit> {
    let named: Vec<_> = session.program().named().filter(|id| session.stored_count(*id) > 0).collect();
    let id = *named.get(dice.below(named.len().max(1)))?;
    let relation = &session.program().relations[id];
    let rows: Vec<Vec<Value>> = session.stored_rows(id).rows(session.symbols()).collect();
    let atom = |args: Vec<String>| match args.is_empty() {
        true => relation.name.clone(),
        false => format!("{}({})", relation.name, args.join(", ")),
    };
    // Each value from a row of its own, so that the fact is often a new one.
    let mixed = |dice: &mut Dice| {
        (0..relation.columns.len()).map(|column| spelled(&rows[dice.below(rows.len())][column])).collect()
    };
    let variables = || -> Vec<String> { (0..relation.columns.len()).map(|column| format!("V{column}")).collect() };
    Some(match dice.below(8) {
        0..3 => Edit::Tell(format!("{}.", atom(mixed(dice)))),
        3..6 => Edit::Retract(atom(rows[dice.below(rows.len())].iter().map(spelled).collect())),
        6 => Edit::Retract(atom(variables())),
        _ => {
            let derived: Vec<_> = session.program().named().map(|id| &session.program().relations[id]).collect();
            let same = |columns: &[entail::check::Column]| columns.iter().map(|it| it.ty).collect::<Vec<_>>();
            let heads: Vec<_> = derived
                .iter()
                .filter(|head| !head.rules.is_empty() && same(&head.columns) == same(&relation.columns))
                .collect();
            let head = heads.get(dice.below(heads.len().max(1)))?;
            let args = variables().join(", ");
            let args = if args.is_empty() { args } else { format!("({args})") };
            Edit::Tell(format!("{}{args} :- {}{args}.", head.name, relation.name))
        }
    })
}

/// The rows of a session made anew with some of the changes.
fn anew(text: &str, changes: &[Edit], is_made: impl Fn(usize) -> bool) -> Option<Session> {
    let mut session = told(text);
    for (_, change) in changes.iter().enumerate().filter(|(at, _)| is_made(*at)) {
        // What is taken back may never have been told.
        make(change, &mut session);
    }
    picture(&mut session).map(|_| session)
}

fn has(session: &Session, conclusion: &Conclusion) -> bool {
    let Some(id) = session.program().relation(&conclusion.relation) else { return false };
    session.relation_rows(id).rows(session.symbols()).any(|row| row == conclusion.row)
}

#[test]
fn every_cause_is_what_runs_without_a_change_and_with_it_alone_show() {
    let (mut needed, mut any, mut together) = (0, 0, 0);
    for seed in 0..250 {
        let text = program(seed);
        let mut session = told(&text);
        let mut dice = Dice::new(seed + 1000);
        let mut changes = Vec::new();
        let layers = dice.between(1, 2);
        for _ in 0..layers {
            session.open_layer();
            for _ in 0..dice.between(1, 4) {
                let Some(change) = change(&session, &mut dice) else { break };
                if make(&change, &mut session) {
                    changes.push(change);
                }
            }
        }
        let Ok(diff) = session.diff(0) else { continue };
        assert_eq!(diff.changes.len(), changes.len(), "{text}\n{changes:?}");
        let trials = |is_made: &dyn Fn(usize, usize) -> bool| -> Option<Vec<Session>> {
            (0..changes.len()).map(|trial| anew(&text, &changes, |at| is_made(trial, at))).collect()
        };
        let both = (trials(&|trial, at| trial != at), trials(&|trial, at| trial == at));
        let (Some(without), Some(alone)) = both else { continue };
        assert_eq!(diff.causes_missing, None, "{text}\n{changes:?}");
        for conclusion in &diff.conclusions {
            let where_it_is = |trials: &[Session], wanted: bool| -> Vec<usize> {
                (0..trials.len()).filter(|at| has(&trials[*at], conclusion) == wanted).collect()
            };
            let each = where_it_is(&without, !conclusion.gained);
            let any_of = where_it_is(&alone, conclusion.gained);
            let expected = match (each.is_empty(), any_of.is_empty()) {
                (false, _) => Cause::Each(each),
                (true, false) => Cause::AnyOf(any_of),
                (true, true) => Cause::Together,
            };
            match &expected {
                Cause::Each(_) => needed += 1,
                Cause::AnyOf(_) => any += 1,
                Cause::Together => together += 1,
            }
            assert_eq!(conclusion.cause, Some(expected), "{text}\n{changes:?}\n{conclusion:?}");
        }
    }
    println!("{needed} need changes, {any} have several that are enough, {together} come of all together");
    assert!(needed > 300 && any > 30, "{needed} {any}");
}

const ROADS: &str = "road(a, b). road(b, c). reach(X, Y) :- road(X, Y). reach(X, Z) :- reach(X, Y), road(Y, Z).";

#[test]
fn a_cause_is_each_change_that_is_needed() {
    let mut session = assumed(ROADS, "road(c, d). road(d, e). road(a, b)~");
    let expected = [
        "-reach(a, b) [2]",
        "-reach(a, c) [2]",
        "+reach(b, d) [0]",
        "+reach(b, e) [0, 1]",
        "+reach(c, d) [0]",
        "+reach(c, e) [0, 1]",
        "+reach(d, e) [1]",
    ];
    assert_eq!(lines(&diff(&mut session)), expected);
}

#[test]
fn where_several_changes_are_enough_any_of_them_is_the_cause() {
    let mut session = assumed(ROADS, "road(c, d). road(b, d). road(a, d).");
    let found = lines(&diff(&mut session));
    assert!(found.contains(&"+reach(a, d) any of [0, 1, 2]".to_owned()), "{found:?}");
    assert!(found.contains(&"+reach(b, d) any of [0, 1]".to_owned()), "{found:?}");
}

#[test]
fn where_no_change_is_needed_or_enough_they_are_the_cause_together() {
    let text = ".decl a(x: number)\ntwo :- N = count X : { a(X) }, N >= 2.";
    let mut session = assumed(text, "a(1). a(2). a(3).");
    let found = lines(&diff(&mut session));
    assert_eq!(found, ["+two() together"]);
}

#[test]
fn a_rule_can_be_assumed_and_be_the_cause() {
    let mut session =
        assumed(ROADS, "far(X) :- reach(a, X), late(X). late(c). .decl late(x: symbol)\n back(X) :- far(X).");
    let diff = diff(&mut session);
    assert_eq!(diff.changes.len(), 3, "a declaration causes nothing: {diff:?}");
    assert_eq!(lines(&diff), ["+back(c) [0, 1, 2]", "+far(c) [0, 1]"]);
}

#[test]
fn rules_taken_away_and_files_read_inside_a_layer_are_changes_too() {
    let mut session = told(ROADS);
    session.open_layer();
    session.remove_rule(2).expect("there is one");
    let folder = crate::command::Folder::with(&[("more.dl", "road(c, d). back(X, Y) :- reach(Y, X).")]);
    session.load(&[entail::session::Input::Path(folder.path("more.dl"))], &Default::default()).expect("it loads");
    let diff = diff(&mut session);
    let expected = ["+back(b, a) [1]", "+back(c, b) [1]", "+back(d, c) [1]", "-reach(a, c) [0]", "+reach(c, d) [1]"];
    assert_eq!(lines(&diff), expected);
    assert_eq!(diff.changes[0].text, ".remove reach(X, Z) :- reach(X, Y), road(Y, Z).");
    assert!(diff.changes[1].text.starts_with(".read "), "{diff:?}");
}

#[test]
fn constraints_are_broken_and_mended() {
    let text = "a(x). b(y).\n/// There is no a.\n:- a(X).\n/// There is a b.\n:- not b(_).";
    let mut session = assumed(text, "a(x)~ a(z). b(y)~");
    let diff = diff(&mut session);
    let told: Vec<_> = diff
        .violations
        .iter()
        .map(|it| (it.promise.as_deref().unwrap_or(""), it.row.iter().map(spelled).collect::<String>(), it.broken))
        .collect();
    let expected = [
        ("There is no a.", "x".to_owned(), false),
        ("There is no a.", "z".to_owned(), true),
        ("There is a b.", String::new(), true),
    ];
    assert_eq!(told, expected);
    let causes: Vec<_> = diff.violations.iter().map(|it| it.cause.clone()).collect();
    assert_eq!(causes, [0, 1, 2].map(|change| Some(Cause::Each(vec![change]))));
}

#[test]
fn many_changes_are_told_apart_no_more() {
    let facts: String = (0..33).map(|at| format!("road(c, n{at}). ")).collect();
    let mut session = assumed(ROADS, &facts);
    let diff = diff(&mut session);
    assert!(diff.causes_missing.as_ref().is_some_and(|reason| reason.contains("33 changes")), "{diff:?}");
    assert_eq!(diff.conclusions.len(), 99);
    assert!(diff.conclusions.iter().all(|conclusion| conclusion.cause.is_none()));
}

#[test]
fn a_change_that_has_no_result_without_the_others_is_told() {
    let mut session = assumed("n(1). q(10 / X) :- n(X). r(X) :- n(X).", "n(0). q(7). n(0)~");
    let diff = diff(&mut session);
    assert!(diff.causes_missing.is_some_and(|reason| reason.contains("arithmetic")));
}

#[test]
fn a_layer_is_assumed_whole_or_not_at_all() {
    let mut session = told(ROADS);
    let before = stored(&mut session);
    for wrong in ["road(c, d). road(x, y)~", "road(c, d). p(X) :- q(X).", "road(c, d). road(c, d)?", "road(c"] {
        session.assume("test", wrong).expect_err(wrong);
        assert!(session.layers().is_empty(), "{wrong}");
        assert_eq!(stored(&mut session), before, "{wrong}");
    }
}

#[test]
fn layers_lie_on_each_other_up_to_a_height() {
    let mut session = told(ROADS);
    for at in 0..100 {
        session.assume("test", &format!("road(c, n{at})")).unwrap_or_else(|failure| panic!("{at}: {failure:?}"));
    }
    session.assume("test", "road(c, d)").expect_err("it is too high");
    assert_eq!(diff(&mut session).changes.len(), 100);
    assert_eq!(lines(&session.diff(99).expect("it ends"))[0], "+reach(a, n99) [0]");
    (0..100).for_each(|_| assert!(session.keep_layer()));
    assert!(session.layers().is_empty());
    assert_eq!(picture(&mut session).map(|picture| picture["reach"].len()), Some(303));
}

#[test]
fn a_limit_ends_a_diff_and_changes_nothing() {
    let mut session = assumed("n(0). n(X + 1) :- n(X), stop(Y), X < Y. stop(9).", "stop(100000000).");
    session.limits.max_tuples = Some(1000);
    session.diff(0).expect_err("it is stopped");
    assert_eq!(session.layers().len(), 1);
    session.drop_layer();
    assert_eq!(picture(&mut session).map(|picture| picture["n"].len()), Some(10));
    session.assume("test", "stop(20).").expect("it can be");
    assert_eq!(diff(&mut session).conclusions.len(), 11);
    session.assume("test", "stop(30).").expect("it can be");
    session.limits.interrupt.interrupt();
    session.diff(0).expect_err("it is interrupted");
}

#[test]
fn the_last_questions_of_the_knowledge_base_are_asked_in_layers() {
    let mut session = knowledge_base();
    let ask = |session: &mut Session, question: &str| -> Vec<String> {
        let answers = session.query("test", question).unwrap_or_else(|failure| panic!("{question}: {failure:?}"));
        let rows = answers[0].answer.rows(session.symbols());
        rows.map(|row| row.iter().map(spelled).collect::<Vec<_>>().join(", ")).collect()
    };
    let start = ask(&mut session, "diversifying_away(russia, R)?");
    assert_eq!(start, ["western_europe"]);
    // Q24
    session.assume("test", "policy(count_authorised)~").expect("it is stored");
    assert_eq!(ask(&mut session, "diversifying_away(russia, R)?"), [""; 0]);
    assert_eq!(ask(&mut session, "N = count X : { cooperates_with(russia, X) }?"), ["13"]);
    assert_eq!(ask(&mut session, "pivot_to(russia, X)?"), [""; 0]);
    let found = lines(&diff(&mut session));
    for lost in ["-diversifying_away(russia, western_europe) [0]", "-pivot_to(russia, india) [0]"] {
        assert!(found.iter().any(|line| line == lost), "{found:?}");
    }
    // Q25, on top of it and alone
    for _ in 0..2 {
        session.assume("test", "as_of(2025-12-19)~ as_of(2019-12-31).").expect("it is stored");
        assert_eq!(ask(&mut session, "label_count(batch, eu, N)?"), ["10"]);
        assert_eq!(ask(&mut session, "mislabelled(X, eu)?"), ["norway"]);
        let question = "inconsistent_source(Src, Set, Said, Listed, Labelled)?";
        assert_eq!(ask(&mut session, question), ["article, batch, 10, 11, 10"]);
        let top = session.layers().len() - 1;
        let found = lines(&session.diff(top).expect("it ends"));
        assert!(found.contains(&"-mislabelled(united_kingdom, eu) [1]".to_owned()), "{found:?}");
        assert!(found.contains(&"+label_count(batch, eu, 10) [1]".to_owned()), "{found:?}");
        while session.drop_layer() {}
    }
    assert_eq!(ask(&mut session, "diversifying_away(russia, R)?"), start);
}
