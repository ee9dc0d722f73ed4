//! Reasons as they are told: a sentence and a small program each, and what the shipped knowledge rests on.

use crate::explain::{Goal, knowledge_base, leaves, why};
use entail::data::Value;
use entail::eval::Effort;
use entail::explain::{Claim, Condition, Cut, Node, Premise, Words};
use entail::session::{Reasons, Session};
use std::collections::BTreeSet;

pub(crate) fn reasons(session: &mut Session, asked: &str) -> Reasons {
    session.explain("test", asked).unwrap_or_else(|failure| panic!("{asked}: {failure:?}"))
}

#[test]
fn a_search_for_more_proofs_that_has_too_much_to_look_at_says_so() {
    let mut session = Session::new();
    session.tell("program", "p(a). q(a). r(X) :- p(X). r(X) :- q(X).").expect("it is right");
    let both = session.proofs("test", "r(a)", 3).expect("it ends");
    assert_eq!((both.found.len(), both.is_complete), (2, true));
    session.most_ways = 0;
    let first = session.proofs("test", "r(a)", 3).expect("it ends");
    assert_eq!((first.found.len(), first.is_complete), (1, false));
    assert_eq!(first.found[0].proof, both.found[0].proof);
    assert!(session.proofs("test", "r(a)", 1).expect("it ends").is_complete, "one was asked for");
}

#[test]
fn the_central_conclusion_rests_on_what_the_article_says_and_nothing_else() {
    let mut session = knowledge_base();
    let Reasons::Holds(explained) = reasons(&mut session, "diversifying_away(russia, western_europe)") else {
        panic!("it holds");
    };
    assert_eq!(session.check_proof(&explained), Ok(()));
    let leaves = leaves(&session, &explained.proof);
    let of = |relation: &str| leaves.iter().filter(|leaf| leaf.split('(').next() == Some(relation)).count();
    let counted = ["authorised_termination", "signed", "in_set", "threshold"].map(of);
    assert_eq!(counted, [11, 12, 11, 2]);
    let single = [
        "set_owner(batch, russia)",
        "labelled_region(batch, western_europe)",
        "deepened_ties(russia, india)",
        "policy(count_authorised)",
    ];
    assert!(single.iter().all(|leaf| leaves.contains(*leaf)), "{leaves:?}");
    assert_eq!(leaves.len(), 40, "{leaves:?}");
    let notes = &explained.evidence.footnotes;
    let texts = |of: &dyn Fn(&Claim) -> Option<Value>| -> BTreeSet<String> {
        notes.iter().flat_map(|note| &note.claims).filter_map(of).map(|value| value.to_string()).collect()
    };
    let claims = texts(&|claim| Some(claim.claim.clone()));
    assert_eq!(claims, ["c03", "c04", "c05a", "c05b", "c12a", "c12b"].map(String::from).into());
    let sentences = notes.iter().map(|note| note.sentence.as_ref().expect("every claim is read somewhere").to_string());
    assert_eq!(sentences.collect::<Vec<_>>(), ["s05", "s04", "s03", "s12"], "each once");
    assert_eq!(texts(&|claim| claim.by.source.clone()), ["article", "cabinet_order"].map(String::from).into());
    assert!(!texts(&|claim| claim.by.naming.clone()).contains("anonymous"));
    let counts = explained.proof.nodes.iter().flat_map(Node::premises).filter_map(|premise| match premise {
        Premise::Aggregate(aggregate) => Some(aggregate.rows.len()),
        _ => None,
    });
    assert_eq!(counts.collect::<Vec<_>>(), [11, 11], "both counts show the rows they counted");
    let absences = explained.proof.nodes.iter().flat_map(Node::premises).filter_map(|premise| match premise {
        Premise::Absent { relation, args, .. } => {
            let args: Vec<String> = args.iter().flatten().map(Value::to_string).collect();
            Some(format!("{}({})", session.program().relations[*relation].name, args.join(", ")))
        }
        _ => None,
    });
    let wanted = [
        "gains_in(russia, article, western_europe)",
        "region(india, article, western_europe)",
        "winding_down(agr_india)",
    ];
    assert_eq!(absences.collect::<BTreeSet<_>>(), wanted.map(String::from).into());
}

#[test]
fn the_conclusion_by_another_scheme_fails_one_condition_and_a_threshold_mends_it() {
    let mut session = knowledge_base();
    let Reasons::Fails(lacking) = reasons(&mut session, "diversifying_from(russia, western_europe, m49)") else {
        panic!("it does not hold");
    };
    let tried = &lacking.why_not.missing.iter().next().expect("it was asked for").attempts[0];
    let failing: Vec<&Condition> = tried.conditions.iter().filter(|condition| !condition.holds()).collect();
    let [Condition::Decided { premise: Premise::Compare { left, right, .. }, from, .. }] = failing[..] else {
        panic!("{failing:?}");
    };
    assert_eq!([&left.value, &right.value], [&Value::Number(27), &Value::Number(50)]);
    assert_eq!(from[0].rows.len(), 3, "belgium, germany, netherlands");
    let text = lacking.text(&session);
    assert!(text.contains("threshold(diversify_share_pct, 50) were threshold(diversify_share_pct, 27)"), "{text}");
}

#[test]
fn a_missing_tie_is_followed_down_to_the_stored_facts_that_lack() {
    let mut session = knowledge_base();
    let Reasons::Fails(lacking) = reasons(&mut session, "gains_in(russia, article, western_europe)") else {
        panic!("it does not hold");
    };
    let text = lacking.text(&session);
    assert!(text.contains("signed(india, _, agr_belgium) is missing"), "{text}");
    assert!(text.contains("in_set(batch, agr_india) were stored"), "{text}");
}

#[test]
fn the_shipped_relations_are_read_aloud_with_every_column() {
    let session = knowledge_base();
    let program = session.program();
    let words = Words::new(program);
    let mut read = 0;
    for id in program.named() {
        let columns = &program.relations[id].columns;
        let values: Vec<Value> = (0..columns.len()).map(|at| Value::symbol(&*format!("v{at}"))).collect();
        let sentence = words.sentence(id, &values.iter().map(Some).collect::<Vec<_>>());
        let Some(sentence) = sentence else { panic!("{} is not read aloud", program.relations[id].name) };
        assert!(!sentence.contains(['{', '}']), "{sentence}");
        assert!(values.iter().all(|value| sentence.contains(&value.to_string())), "{sentence}");
        assert!(sentence.ends_with(['.', ':', ')']) || sentence.contains("reads:"), "{sentence}");
        read += 1;
    }
    assert!(read > 100, "{read} relations");
}

#[test]
fn a_proof_may_be_as_high_as_it_likes() {
    let steps = 50_000;
    let mut session = Session::new();
    session.tell("chain", &format!("n(0). n(X + 1) :- n(X), X < {steps}.")).expect("it is right");
    let Reasons::Holds(explained) = reasons(&mut session, &format!("n({steps})")) else { panic!("it holds") };
    assert_eq!(explained.proof.height(), steps);
    assert_eq!(session.check_proof(&explained), Ok(()));
    assert!(explained.text(&session, Cut::default()).lines().count() > steps);
}

#[test]
fn what_absences_have_in_common_is_gone_through_once() {
    let levels = 400;
    // `p0` could hold of more if `b` held of less, and so could every level above it; of `z` none does.
    let mut text = "a(1). b(2). c(z). s0(z). p0(X) :- c(X), a(Y), !b(Y), X != z. ".to_owned();
    for level in 1..=levels {
        let below = level - 1;
        text.push_str(&format!("p{level}(X) :- p{below}(X), c(X). s{level}(X) :- s{below}(X), !p{level}(X). "));
    }
    let mut session = Session::new();
    session.tell("levels", &text).expect("it is right");
    session.evaluate_all().expect("it has a model");
    session.limits.effort = Some(Effort::of(80_000));
    let goal = Goal {
        relation: session.program().relation(&format!("s{levels}")).expect("it is there"),
        row: vec![Value::symbol("z")],
    };
    let explained = why(&mut session, &goal);
    assert_eq!(explained.proof.height(), levels);
}

#[test]
fn a_why_not_that_has_no_time_left_says_so() {
    let text = "n(0). n(X + 1) :- n(X), X < 20000. q(1). blocked(X) :- q(X), !n(20000). far(X) :- blocked(X), q(X).";
    let ask = |effort: Option<u64>| {
        let mut session = Session::new();
        session.tell("steps", text).expect("it is right");
        session.evaluate_all().expect("it has a model");
        session.effort = effort.unwrap_or(session.effort);
        let Reasons::Fails(lacking) = reasons(&mut session, "far(1)") else { panic!("it does not hold") };
        (lacking.why_not.is_cut, lacking.text(&session), lacking.json(&session))
    };
    let (is_cut, text, json) = ask(None);
    assert!(!is_cut && !text.contains("The search for reasons was stopped") && !json.contains("stopped"), "{text}");
    // What is told in haste is no other, as far as it goes.
    let (is_cut, hasty, json) = ask(Some(5_000));
    let told = |text: &str| text.split("The search for").next().map(str::to_owned);
    assert!(is_cut && hasty.contains("The search for reasons was stopped") && json.contains("stopped"), "{hasty}");
    assert!(told(&text).expect("it says something").starts_with(&told(&hasty).expect("it says something")), "{hasty}");
}

#[test]
fn rows_that_there_is_no_time_for_are_not_followed() {
    // All pairs are tried for `slow`; then there is no time left for `near`.
    let rules =
        "far(X) :- slow(X), near(X). slow(X) :- d(X), d(Y), d(Z), X + Y + Z > 1000. near(X) :- d(X), X > 1000. ";
    let text: String = [rules.to_owned()].into_iter().chain((0..100).map(|at| format!("d({at}). "))).collect();
    let mut session = Session::new();
    session.tell("pairs", &text).expect("it is right");
    session.evaluate_all().expect("it has a model");
    session.effort = 5_000;
    let Reasons::Fails(lacking) = reasons(&mut session, "far(1)") else { panic!("it does not hold") };
    assert!(lacking.why_not.missing.iter().any(|missing| !missing.is_followed));
    assert!(lacking.text(&session).contains("There was no time to look at its rules."));
    assert!(lacking.json(&session).contains("notFollowed"));
}

#[test]
fn an_absence_that_could_follow_by_way_of_endless_numbers_is_explained() {
    let mut session = Session::new();
    let program = "n(0). n(X + 1) :- n(X), X < 3, not stop(X). stop(7). q(9). lone(X) :- q(X), not n(X).";
    session.tell("program", program).expect("it is right");
    session.effort = 100_000;
    let Reasons::Holds(explained) = reasons(&mut session, "lone(9)") else { panic!("it holds") };
    assert_eq!(session.check_proof(&explained), Ok(()));
}

#[test]
fn a_repair_may_take_away_what_hits_every_row_that_blocks() {
    let mut session = Session::new();
    let program = "pair(a, b). pair(a, c). pair(c, d). pair(d, e).
        linked(X, Y) :- pair(X, Y). linked(X, Z) :- linked(X, Y), pair(Y, Z).
        lone(X) :- node(X), not linked(X, _). node(a).";
    session.tell("program", program).expect("it is right");
    let Reasons::Fails(lacking) = reasons(&mut session, "lone(a)") else { panic!("it does not hold") };
    let text = lacking.text(&session);
    assert!(text.contains("pair(a, b) were not stored and pair(a, c) were not stored"), "{text}");
}

#[test]
fn rows_that_block_are_taken_away_together_up_to_a_number_of_them() {
    for (rows, mended) in [(64, true), (65, false)] {
        let mut session = Session::new();
        let stored: String = (0..rows).map(|row| format!("r({row}). ")).collect();
        let rules = "switch. q(X) :- r(X), switch. a(1). p(X) :- a(X), not q(_).";
        session.tell("program", &format!("{stored}{rules}")).expect("it is right");
        let Reasons::Fails(lacking) = reasons(&mut session, "p(1)") else { panic!("it does not hold") };
        let text = lacking.text(&session);
        assert_eq!(text.contains("• switch were not stored"), mended, "{rows}: {text}");
    }
}

#[test]
fn what_is_stored_beside_rules_is_told_as_near() {
    let mut session = Session::new();
    session.tell("program", "p(1, a). p(2, b). q(3). p(X, c) :- q(X), X > 5.").expect("it is right");
    let Reasons::Fails(lacking) = reasons(&mut session, "p(2, a)") else { panic!("it does not hold") };
    let text = lacking.text(&session);
    assert!(text.contains("Near: p(1, a) and p(2, b)\n"), "{text}");
}

#[test]
fn rows_that_agree_in_more_are_nearer_wherever_they_stand() {
    let mut session = Session::new();
    let program = "q(a, 1, x). q(a, 2, y). q(a, 3, z). q(a, 4, w). q(a, 9, v). q(b, 9, u).";
    session.tell("program", program).expect("it is right");
    let Reasons::Fails(lacking) = reasons(&mut session, "q(a, 9, w)") else { panic!("it is not stored") };
    let text = lacking.text(&session);
    assert!(text.contains("Near: q(a, 4, w), q(a, 9, v) and q(a, 1, x)\n"), "{text}");
}

#[test]
fn what_is_missing_far_down_is_told_apart() {
    let mut session = Session::new();
    let links: String = (0..40).map(|at| format!("p{at}(X) :- p{}(X). ", at + 1)).collect();
    session.tell("program", &format!("{links}.decl p40(x: number)")).expect("it is right");
    let Reasons::Fails(lacking) = reasons(&mut session, "p0(1)") else { panic!("nothing is stored") };
    let text = lacking.text(&session);
    let told_apart = text.lines().filter(|line| line.ends_with(" does not hold.") && line.starts_with('p')).count();
    assert_eq!(told_apart, 4, "{text}");
    let deepest = text.lines().map(|line| line.chars().take_while(|letter| !letter.is_alphanumeric()).count()).max();
    assert!(deepest.is_some_and(|deepest| (60..70).contains(&deepest)), "{text}");
}

#[test]
fn a_row_that_gives_way_is_told_of_as_a_row() {
    let mut session = Session::new();
    let program = "best(a, 5). best(a, 3). best(X, D1) <= best(X, D2) :- D2 < D1.
        worse(X, D) :- best(X, D), D > 9.";
    session.tell("program", program).expect("it is right");
    let Reasons::Fails(lacking) = reasons(&mut session, "best(a, 5)") else { panic!("it gives way") };
    let text = lacking.text(&session);
    assert!(text.contains("✗ best(a, 5) gives way to best(a, 3)\n"), "{text}");
    assert!(text.contains("• best(a, 3) were not stored"), "{text}");
}

#[test]
fn a_repair_may_act_by_way_of_a_count() {
    let mut session = knowledge_base();
    session.retract("test", "policy(count_authorised)").expect("it is stored");
    let Reasons::Fails(lacking) = reasons(&mut session, "diversifying_away(russia, western_europe)") else {
        panic!("permission does not end a tie");
    };
    let text = lacking.text(&session);
    assert!(text.contains("• policy(count_authorised) were stored"), "{text}");
}

#[test]
fn an_aggregate_within_a_term_is_written_where_it_stands() {
    let mut session = Session::new();
    let program = "n(1). n(2). e(1, 2). e(1, 3). e(2, 3).
        v(N) :- N = count X : { n(X), (count : { e(X, _) }) = (count : { e(_, X) }) }.";
    session.tell("program", program).expect("it is right");
    let Reasons::Holds(explained) = reasons(&mut session, "v(1)") else { panic!("2 has one edge each way") };
    assert_eq!(session.check_proof(&explained), Ok(()));
    let text = explained.text(&session, Cut::default());
    assert!(text.contains("1 = count X : { n(X), count : { e(X, _) } = count : { e(_, X) } }"), "{text}");
}

#[test]
fn what_is_counted_by_a_test_of_texts_is_proved_and_checked() {
    let mut session = Session::new();
    let program = "s(abc). s(bcd). s(xyz). n(C) :- C = count X : { s(X), contains(\"bc\", X) }.
        m(C) :- C = count X : { s(X), not contains(\"bc\", X) }.";
    session.tell("program", program).expect("it is right");
    for asked in ["n(2)", "m(1)"] {
        let Reasons::Holds(explained) = reasons(&mut session, asked) else { panic!("{asked} holds") };
        assert_eq!(session.check_proof(&explained), Ok(()), "{asked}");
    }
    for asked in ["n(1)", "m(2)"] {
        assert!(matches!(reasons(&mut session, asked), Reasons::Fails(_)), "{asked}");
    }
}

#[test]
fn a_question_without_an_answer_is_told_in_its_own_words() {
    let mut session = Session::new();
    session.tell("program", "p(a, b). q(b). q(c).").expect("it is right");
    for (asked, told) in [
        ("p(X, X)", "p(X, X) has no answer.\nIts one condition does not hold.\n"),
        ("?- p(X, Y), not q(Y).", "p(X, Y), not q(Y) has no answer.\nOf its 2 conditions 1 holds.\n"),
        ("p(a, b), q(a)", "p(a, b), q(a) does not hold.\nOf its 2 conditions 1 holds.\n"),
        ("p(_, X), (count : { q(_) }) > X2, X2 = 5", "p(_, X), count : { q(_) } > X2, X2 = 5 has no answer.\n"),
        ("p(X, a)", "p(_, a) does not hold.\n"),
    ] {
        let Reasons::Fails(lacking) = reasons(&mut session, asked) else { panic!("{asked} holds") };
        let text = lacking.text(&session);
        assert!(text.starts_with(told), "{asked}: {text}");
        let first = told.split(" has no ").next().and_then(|told| told.split(" does not ").next()).expect("a start");
        assert!(lacking.json(&session).contains(&format!("\"atom\": \"{first}\"")), "{}", lacking.json(&session));
    }
}

#[test]
fn a_sentence_stands_once_with_every_claim_in_it() {
    let mut session = Session::new();
    let program = "claim(c1, s1, paper, asserted). claim(c2, s1, paper, asserted). claim(c3, s1, minister, attributed).
        claim(c4, s2, paper, speculated). claim(c4, s3, paper, asserted).
        .decl claim(claim: symbol, sentence: symbol, source: symbol, modality: symbol)
        .decl sentence(sentence: symbol, text: symbol)
        .decl source(source: symbol, naming: symbol)
        sentence(s1, \"One.\"). sentence(s2, \"Two.\"). sentence(s3, \"Three.\"). source(minister, named).
        p(a) @ c2, c1. p(b) @ c3. p(c) @ c4. p(d) @ c5. p(e) @ c6. all(N) :- N = count X : { p(X) }.";
    session.tell("program", program).expect("it is right");
    let Reasons::Holds(explained) = reasons(&mut session, "all(5)") else { panic!("there are five") };
    let text = explained.text(&session, Cut::default());
    let told = [
        "p(a)  [1]\n",
        "p(b)  [1]\n",
        "p(c)  [2][3]\n",
        "p(d)  [4]\n",
        "p(e)  [5]\n",
        "\n[1] c1, c2 · s1 · paper (asserted); c3 · minister (named, attributed) “One.”\n[2] c4 · s2 · paper (speculated) “Two.”\n[3] c4 · s3 · paper (asserted) “Three.”\n[4] c5\n[5] c6\nRests on paper, minister (named) and 2 claims of no known source.\n",
    ];
    assert!(told.iter().all(|part| text.replace("       ", "").contains(part)), "{text}");
    let json = explained.json(&session);
    let claims = ["c1", "c2", "c3", "c4", "c4", "c5", "c6"].map(|claim| format!("\"claim\": \"{claim}\""));
    let places: Vec<usize> = claims.iter().map(|claim| json.rfind(claim.as_str()).expect("it is there")).collect();
    assert!(places.is_sorted(), "{json}");
    assert_eq!(json.matches("\"claim\": ").count(), claims.len(), "{json}");
    assert_eq!(json.matches("\"text\": \"One.\"").count(), 3, "every claim has its sentence");
    let page = explained.html(&session, Cut::default(), "");
    assert_eq!(page.matches("<span class=\"quote\">One.</span>").count(), 1);
    assert!(page.contains("<span class=\"id\">c1, c2 · s1</span> <span class=\"source\">minister</span>"), "{page}");
}

#[test]
fn an_aggregate_within_a_comparison_is_no_condition_of_its_own() {
    let mut session = Session::new();
    let program = "e(a, b). e(a, c). e(b, c). n(5). q(1). p(a).
        many(X) :- p(X), (count Y : { e(X, Y) }) + 1 > 3.
        three(X) :- e(X, _), (count Y : { e(X, Y) }) = 3.
        small(X) :- p(X), (count Y : { e(X, Y) }) < 3, e(X, z).
        least(X) :- n(X), (min Y : { q(Y), Y > X }) > 3.";
    session.tell("program", program).expect("it is right");
    let told = |session: &mut Session, asked: &str| match reasons(session, asked) {
        Reasons::Fails(lacking) => (lacking.text(session), lacking.json(session)),
        Reasons::Holds(_) => panic!("{asked} holds"),
    };
    for (asked, lines) in [
        (
            "many(a)",
            "of its 2 conditions 1 holds.  program:2\n├─ ✓ p(a)\n└─ ✗ 2 + 1 = 3 > 3\n     2 = count Y : { e(a, Y) }: Y = b; c\n",
        ),
        (
            "three(a)",
            "of its 2 conditions 1 holds.  program:3\n├─ ✓ e(a, b)\n└─ ✗ 2 = 3\n     2 = count Y : { e(a, Y) }: Y = b; c\n",
        ),
        (
            "small(a)",
            "of its 3 conditions 2 hold.  program:4\n├─ ✓ p(a)\n├─ ✓ 2 < 3\n│    2 = count Y : { e(a, Y) }: Y = b; c\n└─ ✗ e(a, z) is missing\n",
        ),
        (
            "least(5)",
            "of its 2 conditions 1 holds.  program:5\n├─ ✓ n(5)\n└─ ✗ min Y : { q(Y), Y > 5 } > 3 has no value\n",
        ),
    ] {
        let (text, json) = told(&mut session, asked);
        assert!(text.contains(lines), "{asked}: {text}");
        assert_eq!(json.matches("\"from\": [").count(), usize::from(asked != "least(5)"), "{json}");
    }
}
