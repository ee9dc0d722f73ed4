//! Leaving claims out: the facts that rest on nothing else go, whatever else is said of them stays.

use crate::edits::stored;
use crate::generator::{Dice, program};
use crate::programs::load;
use entail::data::spelled;
use entail::session::{Claims, Session};
use std::path::Path;

/// What is known of the claims that random programs cite.
const EVIDENCE: &str = "
.decl claim(claim: symbol, sentence: symbol, source: symbol, modality: symbol)
.decl source(source: symbol, kind: symbol, naming: symbol, outlet: symbol)
claim(c1, s1, alice, asserted). claim(c2, s1, bob, attributed). claim(c3, s2, alice, attributed).
source(alice, person, named, paper). source(bob, person, anonymous, none). source(paper, group, named, none).
";

/// What can be left out of them, and the claims that it means.
const LEFT_OUT: [(&str, &str, &[&str]); 9] = [
    ("claim", "c2", &["c2"]),
    ("sentence", "s1", &["c1", "c2"]),
    ("source", "alice", &["c1", "c3"]),
    ("source", "bob", &["c2"]),
    ("source", "paper", &["c1", "c3"]),
    ("modality", "attributed", &["c2", "c3"]),
    ("naming", "anonymous", &["c2"]),
    ("kind", "person", &["c1", "c2", "c3"]),
    ("outlet", "none", &["c2"]),
];

fn claims(kind: &str, value: &str) -> Claims {
    Claims { kind: kind.into(), value: value.into() }
}

fn told(text: &str) -> Session {
    let mut session = Session::new();
    session.tell("test", text).unwrap_or_else(|failure| panic!("{text}: {failure:?}"));
    session
}

/// The text without the facts that cite only these claims, and without citations of them.
fn rewritten(text: &str, claims: &[&str]) -> String {
    let line = |line: &str| {
        let Some((fact, cited)) = line.split_once(" @ ") else { return Some(line.to_owned()) };
        let left: Vec<&str> = cited.trim_end_matches('.').split(", ").filter(|claim| !claims.contains(claim)).collect();
        let is_fact = !line.contains(":-") && !line.contains('?');
        match (is_fact, left.is_empty()) {
            (false, _) => Some(line.to_owned()),
            (true, true) => None,
            (true, false) => Some(format!("{fact} @ {}.", left.join(", "))),
        }
    };
    text.lines().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// Declarations of every relation that has none, so that none is unknown where its facts are gone.
fn declarations(session: &Session) -> String {
    let program = session.program();
    let undeclared = program.named().filter(|id| !program.relations[*id].declared);
    undeclared.map(|id| format!(".decl {}\n", session.declaration(id))).collect()
}

#[test]
fn what_rests_only_on_claims_that_are_left_out_is_as_if_it_was_never_told() {
    let mut gone = 0;
    for seed in 0..300 {
        let mut text = program(seed);
        if Dice::new(seed).percent(50) {
            // A fact that is said with and without a citation.
            let twice = text.lines().find(|line| line.contains(" @ ") && !line.contains(":-") && !line.contains('?'));
            if let Some((fact, _)) = twice.and_then(|line| line.split_once(" @ ")) {
                text.push_str(&format!("{fact}.\n"));
            }
        }
        let declared = declarations(&told(&text));
        for (kind, value, claimed) in LEFT_OUT {
            let mut session = told(&(declared.clone() + &text + EVIDENCE));
            let changed = session.without(&claims(kind, value)).unwrap_or_else(|failure| panic!("{failure:?}"));
            gone += changed.facts_removed;
            let mut fresh = told(&(declared.clone() + &rewritten(&text, claimed) + EVIDENCE));
            assert_eq!(stored(&mut session), stored(&mut fresh), "{text}\nwithout {kind} {value}");
        }
    }
    assert!(gone > 1000, "{gone}");
}

#[test]
fn a_layer_without_claims_can_be_dropped_and_its_causes_are_known() {
    let text = "p(a) @ c1. p(b) @ c2. p(c) @ c1, c2. p(d). p(d) @ c2. q(X) :- p(X). cites(X, C) :- p(X) @ C.";
    let mut session = told(&(text.to_owned() + EVIDENCE));
    let before = stored(&mut session);
    let changed = session.without_in_layer(&claims("source", "alice")).expect("alice is known");
    assert_eq!((changed.facts_removed, changed.citations_removed), (1, 1));
    session.without_in_layer(&claims("modality", "attributed")).expect("it is known");
    session.tell("test", "claim(c4, s1, alice, asserted). p(e) @ c4.").expect("they are facts");
    let diff = session.diff(0).expect("it ends");
    let lines: Vec<String> = diff
        .conclusions
        .iter()
        .map(|it| {
            let row: Vec<String> = it.row.iter().map(spelled).collect();
            format!("{}{}({}) {:?}", if it.gained { "+" } else { "-" }, it.relation, row.join(", "), it.cause)
        })
        .collect();
    let expected = [
        "-cites(a, c1) Some(Each([0]))",
        "-cites(b, c2) Some(Each([1]))",
        "-cites(c, c1) Some(Each([0]))",
        "-cites(c, c2) Some(Each([1]))",
        "-cites(d, c2) Some(Each([1]))",
        "+cites(e, c4) Some(Each([3]))",
        "-q(a) Some(Each([0]))",
        "-q(b) Some(Each([1]))",
        "-q(c) Some(Each([0, 1]))",
        "+q(e) Some(Each([3]))",
    ];
    assert_eq!(lines, expected);
    assert!(session.drop_layer() && session.drop_layer());
    assert_eq!(stored(&mut session), before);
}

#[test]
fn claims_that_rules_make_known_count() {
    let text = "p(a) @ c1. p(b) @ c2. said(c1, alice). said(c2, bob).\n\
                .decl claim(claim: symbol, source: symbol)\nclaim(C, S) :- said(C, S).\n\
                q(X) :- p(X).";
    let mut session = told(text);
    session.assume("test", "said(c1, alice)~ said(c1, bob).").expect("it is stored");
    session.without_in_layer(&claims("source", "bob")).expect("bob is known");
    let diff = session.diff(0).expect("it ends");
    let lost: Vec<_> = diff.conclusions.iter().filter(|it| it.relation == "q").map(|it| it.cause.clone()).collect();
    // `q(a)` falls because `bob` said `c1`, which is assumed, and because he is left out.
    assert_eq!(format!("{lost:?}"), "[Some(Each([1, 2])), Some(Each([2]))]");
}

#[test]
fn a_fact_that_was_said_without_a_citation_before_it_was_cited_stays() {
    let mut session = told("p(a). q(X) :- p(X).");
    session.tell("test", "p(a) @ c1.").expect("a fact");
    session.tell("test", EVIDENCE).expect("facts");
    assert_eq!(session.clone().without(&claims("claim", "c1")).expect("it is known").facts_removed, 0);
    session.retract("test", "p(a) @ c1").expect("it is cited");
    let rows = session.query("test", "q(X)").expect("it ends");
    assert_eq!(rows[0].answer.len(), 1);
}

#[test]
fn what_nobody_is_called_is_refused_with_what_there_is() {
    let refused = |session: &mut Session, kind, value| match session.without(&claims(kind, value)) {
        Ok(changed) => panic!("{changed:?}"),
        Err(entail::session::Failure::Diagnostics(found)) => {
            format!("{} {:?} {:?}", found[0].message, found[0].notes, found[0].help)
        }
        Err(failure) => panic!("{failure:?}"),
    };
    let mut session = told(EVIDENCE);
    assert_eq!(
        refused(&mut session, "soruce", "alice"),
        "claims are not told apart by `soruce` [\"it is one of claim, sentence, source, modality, kind, naming, outlet\"] \
         Some(\"did you mean `source`?\")"
    );
    assert_eq!(
        refused(&mut session, "source", "alcie"),
        "no claim has the source `alcie` [\"it is one of alice, bob, paper\"] Some(\"did you mean `alice`?\")"
    );
    assert!(refused(&mut told("p(a) @ c1."), "source", "alice").contains("nothing is known of claims"));
    assert!(refused(&mut told("claim(c1)."), "claim", "c1").contains("nothing is known of claims"));
}

#[test]
fn without_the_anonymous_voice_the_conclusion_stands_and_without_the_order_it_falls() {
    let knowledge_base = load(&[Path::new("facts"), Path::new("rules")]).unwrap_or_else(|_| panic!("it loads"));
    for (kind, value, gone, stands) in [
        ("naming", "anonymous", 3, true),
        ("source", "moscow_times", 3, true),
        ("outlet", "moscow_times", 3, true),
        ("modality", "speculated", 2, true),
        ("source", "cabinet_order", 22, false),
        ("sentence", "s12", 6, false),
    ] {
        let mut session = knowledge_base.clone();
        let changed = session.without(&claims(kind, value)).unwrap_or_else(|failure| panic!("{failure:?}"));
        assert_eq!(changed.facts_removed, gone, "{kind} {value}");
        let answers = session.query("test", "diversifying_away(russia, western_europe)").expect("it ends");
        assert_eq!(!answers[0].answer.is_empty(), stands, "{kind} {value}");
    }
}
