//! Forty classes of mistakes that were found in other engines, each with the least program that shows it.
//!
//! In: the programs. Out: nothing, or what an engine of ours finds that it should not. `docs/reliability.md` lists the
//! classes with where they were found; `tests/planted` holds each mistake as it would be made here, and `tests/planted/run`
//! makes it and demands that its test fails.

use crate::command::Folder;
use crate::edits::picture;
use crate::meaning::{faults, gives};
use crate::programs::files;
use entail::data::{Dialect, Value, Width};
use entail::session::{Demand, Failure, Input, LoadOptions, Session};
use std::panic::resume_unwind;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

fn told(text: &str) -> Session {
    let mut session = Session::new();
    session.tell("program", text).unwrap_or_else(|failure| panic!("{failure:?}"));
    session
}

/// The rows of a question, asked on demand and of the whole, which are the same; written `1 a; 2 b`. The session keeps
/// what it derived for it.
#[track_caller]
fn answers(session: &mut Session, question: &str) -> String {
    let ask = |session: &mut Session, demand| {
        session.demand = demand;
        let answers = session.query("question", question).unwrap_or_else(|failure| panic!("{failure:?}"));
        let rows: Vec<Vec<Value>> = answers[0].answer.rows(session.symbols()).collect();
        let text = |row: &Vec<Value>| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        rows.iter().map(text).collect::<Vec<_>>().join("; ")
    };
    let on_demand = ask(&mut session.clone(), Demand::Always);
    let whole = ask(session, Demand::Never);
    assert_eq!(whole, on_demand, "{question}");
    whole
}

/// Holds a test to an end within a minute.
#[track_caller]
fn ends(test: impl FnOnce() + Send + 'static) {
    let (sender, ended) = mpsc::channel();
    let running = thread::spawn(move || {
        test();
        let _ = sender.send(());
    });
    match ended.recv_timeout(Duration::from_secs(60)) {
        Err(RecvTimeoutError::Timeout) => panic!("it does not end"),
        Ok(()) | Err(RecvTimeoutError::Disconnected) => running.join().unwrap_or_else(|panic| resume_unwind(panic)),
    }
}

/// Holds a text to being refused with a code.
#[track_caller]
fn refused(text: &str, code: &str) {
    match Session::new().tell("program", text) {
        Err(Failure::Diagnostics(diagnostics)) => {
            let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect();
            assert!(codes.contains(&code), "{codes:?} on {text}");
        }
        other => panic!("{other:?} on {text}"),
    }
}

#[test]
fn every_class_has_a_bug_to_plant() {
    let classes: Vec<&str> =
        include_str!("classes.rs").lines().filter_map(|line| line.strip_prefix("fn class_")).collect();
    let patches = files(Path::new("tests/planted"), "patch");
    let numbers: Vec<String> =
        patches.iter().map(|patch| patch.file_name().expect("a name").to_string_lossy()[..2].to_owned()).collect();
    assert_eq!(numbers, classes.iter().map(|class| class[..2].to_owned()).collect::<Vec<_>>());
    if Path::new(".git").exists() {
        for patch in patches {
            let checked = Command::new("git").args(["apply", "--check"]).arg(&patch).output().expect("git runs");
            assert!(checked.status.success(), "{}: {}", patch.display(), String::from_utf8_lossy(&checked.stderr));
        }
    }
}

#[test]
fn class_01_non_linear_recursion_loses_nothing() {
    let chain = "e(1,2). e(2,3). e(3,4). e(4,5). e(5,6). e(6,7). e(7,8). p(X,Y) :- e(X,Y). p(X,Z) :- p(X,Y), p(Y,Z).";
    gives(&format!("{chain} q(N) :- N = count : p(_, _)."), "28");
}

#[test]
fn class_02_a_variable_twice_in_an_atom_is_one_value() {
    gives("e(1,1). e(1,2). e(2,1). q(X) :- e(X,X).", "1");
}

#[test]
fn class_03_a_negated_fact_is_a_guard() {
    gives("a(1). a(2). b(5). q(X) :- a(X), !b(5).", "");
    gives("a(1). a(2). b(5). q(X) :- a(X), !b(6).", "1; 2");
}

#[test]
fn class_04_an_atom_that_adds_nothing_changes_nothing() {
    gives("m(1,2). m(3,4). q(A) :- m(A,B).", "1; 3");
    gives("m(1,2). m(3,4). q(A) :- m(A,B), m(C,D).", "1; 3");
}

#[test]
fn class_05_an_atom_that_nothing_matches_is_a_guard() {
    gives("m(1,2). z(1,2). q(A) :- m(A,B), z(C,C).", "");
}

#[test]
fn class_06_one_relation_is_asked_in_two_ways() {
    let rules = "i(1). i(2). i(3). d(X) :- i(X). on(A,B) :- i(A), d(B). q(A) :- on(A,A), on(B,A).";
    gives(rules, "1; 2; 3");
    let mut session = told(rules);
    assert_eq!(answers(&mut session.clone(), "q(2)?"), "");
    assert_eq!(answers(&mut session.clone(), "on(2, X), on(X, 3)?"), "1; 2; 3");
    assert_eq!(answers(&mut session, "q(X)?"), "1; 2; 3");
}

#[test]
fn class_07_what_is_asked_for_under_negation_is_whole() {
    let rules = "e(1,2). e(2,3). r(1). r(Y) :- r(X), e(X,Y). n(1). n(2). n(3). n(4). q(X) :- n(X), !r(X). \
                 t(X,Y) :- e(X,Y). t(X,Z) :- t(X,Y), e(Y,Z).";
    gives(rules, "4");
    for (question, found) in [
        ("q(X), X = 4?", "4"),
        ("q(X), X = 3?", ""),
        ("n(X), !r(X)?", "4"),
        ("t(1,X), !t(X,3)?", "3"),
        ("n(X), N = count : { r(X) }, N = 0?", "4 0"),
    ] {
        assert_eq!(answers(&mut told(rules), question), found, "{question}");
    }
}

#[test]
fn class_08_what_is_written_in_place_under_negation_is_whole() {
    gives("b(1,1). b(1,2). b(2,1). b(2,2). a(X,Y) :- b(X,Y), X = Y. q(X,Y) :- b(X,Y), !a(X,Y).", "1 2; 2 1");
    refused("b(1,1). a(X,Y) :- X = Y. q(X,Y) :- b(X,Y), !a(X,Y).", "E0301");
    // Soufflé's `inline` has no rows of its own: neither of its rules may hold.
    let program = ".decl b(x: number, y: number)\n.decl a(x: number, y: number) inline\n.decl q(x: number, y: number)\n\
                   b(1, 1). b(1, 2). b(2, 1). b(2, 2).\na(x, y) :- x = y.\na(x, y) :- x > y.\n\
                   q(x, y) :- b(x, y), !a(x, y).\n.output q\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl"]);
    assert_eq!((ran.code, &*folder.read("q.csv")), (Some(0), "1\t2\n"), "{}", ran.stderr);
}

#[test]
fn class_09_an_aggregate_and_its_helper_relation_agree() {
    let facts = "t(1,2). t(2,3). m(N) :- N = max Y : t(_,Y).";
    gives(&format!("{facts} q(X) :- t(X,Y), m(Y)."), "2");
    gives(&format!("{facts} q(X) :- N = max Y : t(_,Y), t(X,N)."), "2");
    gives(&format!("{facts} q(X) :- t(X,_), N = 2, m(N)."), "");
    gives(&format!("{facts} q(X) :- t(X,_), N = 2, N = max Y : t(_,Y)."), "");
}

#[test]
fn class_10_aggregates_of_nothing() {
    let facts = ".decl p(x: number) d(1).";
    gives(&format!("{facts} q(N) :- d(_), N = count X : p(X)."), "0");
    gives(&format!("{facts} q(N) :- d(_), N = sum X : p(X)."), "0");
    gives(&format!("{facts} q(N) :- d(_), N = min X : p(X)."), "");
}

#[test]
fn class_11_every_witness_counts_in_a_sum() {
    gives("s(a,5). s(b,5). s(c,1). q(N) :- N = sum Y : s(K,Y).", "11");
}

#[test]
fn class_12_several_aggregates_of_one_rule_are_all_right() {
    gives(
        "s(a,1). s(a,5). s(b,3). q(G, A, B, C) :- s(G,_), A = min V : s(G,V), B = max V : s(G,V), C = count : s(G,_).",
        "a 1 5 2; b 3 3 1",
    );
}

#[test]
fn class_13_no_relation_is_counted_or_denied_before_it_is_finished() {
    refused("ch(1,2). lv(2,0). lv(X,N+1) :- ch(X,Y), N = min M : lv(Y,M).", "E0501");
    refused("d(1). a(X) :- d(X), !b(X). b(X) :- d(X), c(X). c(X) :- d(X), a(X).", "E0501");
}

#[test]
fn class_14_aggregates_that_share_nothing_but_names_are_independent() {
    gives("a(1). a(2). b(7). q(N, M) :- N = count : a(X), M = count : b(X).", "2 1");
}

#[test]
fn class_15_every_wildcard_is_a_variable_of_its_own() {
    gives("n(1). n(2). n(3). e(7,2). q(X) :- n(X), !e(_,X).", "1; 3");
    gives("e(1,2). q(1) :- e(_,_).", "1");
}

#[test]
fn class_16_chains_of_equalities_bind_in_any_order() {
    gives("n(1). n(2). q(X,Y) :- n(X), n(Y), X = T + 1, T = Y.", "2 1");
    let fib = "fib(1,1). fib(2,1).
        fib(X,R) :- X = T1 + 1, fib(T1,R1), X = T2 + 2, fib(T2,R2), T = R2, R = R1 + T, T = R - R1, X <= 10.";
    gives(&format!("{fib} q(R) :- fib(10,R)."), "55");
}

#[test]
fn class_17_rules_that_look_alike_stay_apart() {
    let facts = "a(1). a(2). b(1). b(2). c(1,2). c(2,9).";
    gives(&format!("{facts} q(X) :- a(X), b(Y), c(X,Y)."), "1");
    gives(&format!("{facts} q(X) :- a(X), b(Y), c(Y,X)."), "2");
    gives(&format!("{facts} q(X) :- a(X), b(Y), c(X,Y). q(X) :- a(X), b(Y), c(Y,X)."), "1; 2");
}

#[test]
fn class_18_a_rule_of_one_atom_runs_though_a_recursion_reads_it_too() {
    gives(
        "rel(a,k,b). rel(b,k,c). edge(S,O) :- rel(S,_,O). path(X,Y) :- edge(X,Y). path(X,Z) :- path(X,Y), edge(Y,Z).
         q(S) :- rel(S,k,_).",
        "a; b",
    );
}

#[test]
fn class_19_a_relation_has_each_row_once() {
    gives("e(1,2). e(1,3). p(X) :- e(X,_). q(N) :- N = count X : p(X).", "1");
    gives("e(1,2). e(1,3). p(X) :- e(X,_). q(N) :- N = count : p(_).", "1");
}

#[test]
fn class_20_a_head_in_its_own_body_adds_nothing() {
    let facts = "e(1). e(2). e(3). e(4). q(1).";
    gives(&format!("{facts} q(X) :- q(X), N = count : e(_), N > 1. q(Y) :- q(X), e(Y), Y = X + 1."), "1; 2; 3; 4");
}

#[test]
fn class_21_there_is_one_zero() {
    gives("p(0.0). p(-0.0). q(X,Y) :- p(X), p(Y), X = Y.", "0.0 0.0");
    gives("p(0.0). r(-0.0). q(X) :- p(X), r(X).", "0.0");
}

#[test]
fn class_22_every_digit_of_a_float_comes_back() {
    gives("p(0.80300000000000082). q(X) :- p(X), X = 0.80300000000000082.", "0.8030000000000008");
    gives("q(5e-324). q(1.7976931348623157e308).", "5e-324; 1.7976931348623157e308");
}

#[test]
fn class_23_arithmetic_never_wraps() {
    faults("n(9223372036854775807). q(X+1) :- n(X).");
    faults("n(9223372036854775807). q(Y) :- n(X), Y = X + 1.");
    faults("n(-9223372036854775808). q(X / -1) :- n(X).");
    faults("n(0). q(Y) :- n(X), Y = 1 / X.");
    faults("n(0). q(Y) :- n(X), Y = 1 mod X.");
}

#[test]
fn class_24_a_symbol_is_no_number() {
    refused("p(\"1\"). q(1). r(X) :- p(X), q(X).", "E0401");
}

#[test]
fn class_25_a_comparison_holds_of_what_it_says() {
    gives("f(1.5). f(2.5). q(X) :- f(X), X > 2.", "2.5");
    gives("s(a). s(b). q(X) :- s(X), X > a.", "b");
    gives("d(2025-01-01). d(2025-02-01). q(X) :- d(X), X > 2025-01-31.", "2025-02-01");
}

#[test]
fn class_26_rows_may_be_wide() {
    for width in [17, 33, 65, 255, 256, 257] {
        let numbers: Vec<String> = (0..width).map(|column| column.to_string()).collect();
        let variables: Vec<String> = (0..width).map(|column| format!("X{column}")).collect();
        let (row, all) = (numbers.join(", "), variables.join(", "));
        gives(&format!("w({row}). w2({all}) :- w({all}). q(X{0}) :- w2({all}).", width - 1), &(width - 1).to_string());
    }
}

#[test]
fn class_27_numbers_far_apart_stay_apart() {
    gives(
        "p(-1). p(4294967295). p(4294967296). p(-9223372036854775808). q(X) :- p(X).",
        "-9223372036854775808; -1; 4294967295; 4294967296",
    );
}

#[test]
fn class_28_a_row_with_two_reasons_outlives_one() {
    let mut session = told("a(1). s(1). p(X) :- a(X). p(X) :- s(X).");
    assert_eq!(answers(&mut session, "p(X)?"), "1");
    session.retract("test", "s(1)").expect("it is there");
    assert_eq!(answers(&mut session, "p(X)?"), "1");
    session.retract("test", "a(1)").expect("it is there");
    assert_eq!(answers(&mut session, "p(X)?"), "");
}

#[test]
fn class_29_a_cycle_does_not_hold_itself_up() {
    let mut session = told("s(1). e(1,2). e(2,1). r(X) :- s(X). r(Y) :- r(X), e(X,Y).");
    picture(&mut session).expect("it is evaluated");
    session.retract("test", "s(1)").expect("it is there");
    assert_eq!(answers(&mut session, "r(X)?"), "");
}

#[test]
fn class_30_what_was_denied_returns() {
    let mut session = told(".decl b(x: number) n(1). n(2). q(X) :- n(X), !b(X). c(N) :- N = count : q(_).");
    assert_eq!(answers(&mut session, "c(N)?"), "2");
    session.tell("test", "b(1).").expect("a fact");
    assert_eq!(answers(&mut session, "q(X)?"), "2");
    assert_eq!(answers(&mut session, "c(N)?"), "1");
    session.retract("test", "b(1)").expect("it is there");
    assert_eq!(answers(&mut session, "q(X)?"), "1; 2");
    assert_eq!(answers(&mut session, "c(N)?"), "2");
}

#[test]
fn class_31_a_fact_told_twice_is_taken_back_once() {
    let mut session = told("p(1). p(1). q(X) :- p(X).");
    session.tell("test", "p(1).").expect("a fact");
    session.retract("test", "p(1)").expect("it is there");
    assert_eq!(answers(&mut session, "p(X)?"), "");
    assert_eq!(answers(&mut session, "q(X)?"), "");
    session.tell("test", "p(2).").expect("a fact");
    session.retract("test", "p(2)").expect("it is there");
    assert_eq!(answers(&mut session, "q(X)?"), "");
}

#[test]
fn class_32_a_rule_that_is_narrowed_leaves_nothing_behind() {
    let mut session = told("a(1). a(2). b(1). c(3). q(X) :- a(X). q(X) :- c(X).");
    assert_eq!(answers(&mut session, "q(X)?"), "1; 2; 3");
    session.remove_rule(1).expect("there is one");
    session.tell("test", "q(X) :- a(X), b(X).").expect("a rule");
    assert_eq!(answers(&mut session, "q(X)?"), "1; 3");
    session.remove_rule(2).expect("there is one");
    assert_eq!(answers(&mut session, "q(X)?"), "3");
}

#[test]
fn class_33_facts_may_come_one_after_the_other() {
    let mut session = told(
        ".decl a(x: number, y: number) .decl b(x: number, y: number) .decl c(x: number, y: number)
         .decl d(x: number, y: number) q(X, Y) :- a(X, A), b(A, B), c(B, C), d(C, Y).",
    );
    for (fact, found) in [("d(4,5).", ""), ("b(2,3).", ""), ("a(1,2).", ""), ("c(3,4).", "1 5")] {
        session.tell("test", fact).expect("a fact");
        assert_eq!(answers(&mut session, "q(X, Y)?"), found, "after {fact}");
    }
}

#[test]
fn class_34_a_reason_is_given_or_asked_for_in_vain() {
    let folder = Folder::with(&[("p.dl", "a(3). a(9). p(X) :- a(X), X > 1, X < 5.")]);
    let why = folder.run(&["explain", "p.dl", "p(3)"]);
    assert_eq!(why.code, Some(0));
    assert!(why.stdout.contains("a(3)") && why.stdout.contains("3 < 5"), "{}", why.stdout);
    for (goal, code) in [("p(9)", 1), ("zzz(x)", 3), ("p(", 3), ("p(3, 4)", 3)] {
        let ran = folder.run(&["explain", "p.dl", goal]);
        assert_eq!(ran.code, Some(code), "{goal}: {}", ran.stderr);
        assert!(!(ran.stdout + &ran.stderr).is_empty(), "{goal}");
    }
}

#[test]
fn class_35_what_is_written_is_what_is_printed() {
    let folder = Folder::with(&[(
        "p.dl",
        "par(a,b). par(b,c). tc(X,Y) :- par(X,Y). tc(X,Y) :- par(X,Z), tc(Z,Y).\n.output tc\ntc(X, Y)?\n",
    )]);
    let ran = folder.run(&["run", "p.dl", "-D", "out", "--format", "csv"]);
    assert_eq!(ran.stdout, "X,Y\na,b\na,c\nb,c\n");
    assert_eq!(folder.read("out/tc.csv"), ran.stdout);
}

#[test]
fn class_36_many_choices_are_not_multiplied_out() {
    let program = |choices: usize| {
        let choices: Vec<String> = (0..choices).map(|at| format!("(a(X{at}) ; b(X{at}))")).collect();
        format!("a(1). b(2). q(1) :- {}.", choices.join(", "))
    };
    gives(&program(8), "1");
    // The slow twin, which does nothing but that, would go through sixteen million ways.
    ends(move || assert_eq!(answers(&mut told(&program(24)), "q(X)?"), "1"));
}

#[test]
fn class_37_types_of_calls_in_calls_are_found() {
    ends(|| {
        gives("q(to_number(cat(\"2\", cat(\"1\", \"\")))).", "21");
        gives("n(2). q(X) :- X = -(-(Y + Y)), n(Y).", "4");
        refused("a(to_number(to_number(2))).", "E0402");
    });
}

#[test]
fn class_38_words_of_the_language_may_be_names() {
    gives("type(1). fn(1). input(1). output(1). include(1). decl(1). q(X) :- type(X), fn(X), input(X), decl(X).", "1");
    gives("q(1). p(2). % .include \"nothing.dl\"\n", "1");
}

#[test]
fn class_39_nothing_is_numbered_in_a_recursion() {
    let folder = Folder::with(&[("p.dl", ".decl a(x: number)\na(1).\na($) :- a(1).\n.output a\n")]);
    let mut session = Session::new();
    let options = LoadOptions { dialect: Dialect::Souffle(Width::Bits32), ..LoadOptions::default() };
    let loaded = session.load(&[Input::Path(folder.path("p.dl"))], &options);
    let Err(Failure::Diagnostics(diagnostics)) = loaded else { panic!("it was accepted") };
    assert_eq!(diagnostics[0].message, "`a` is numbered by a rule that depends on `a`");
}

#[test]
fn class_40_threads_change_no_byte() {
    // So many rows that they are shared out, each with a text that is new.
    let edges: String = (0..200).map(|from| format!("e({from}, {}). ", from + 1)).collect();
    let text = format!(
        "{edges} p(X,Y) :- e(X,Y). p(X,Z) :- p(X,Y), e(Y,Z). s(N) :- N = count : p(_,_).
         t(T) :- p(X,Y), X mod 7 = 0, T = cat(to_symbol(Y), cat(\"-\", to_symbol(X))).\nt(T)?\ns(N)?\n"
    );
    let folder = Folder::with(&[("p.dl", &text)]);
    let first = folder.run(&["run", "p.dl", "-j", "1", "--format", "csv"]);
    let texts: Vec<&str> = first.stdout.lines().skip(1).take_while(|line| line.contains('-')).collect();
    assert!(texts.len() > 2000 && texts.is_sorted(), "{} texts", texts.len());
    for threads in ["1", "2", "8"] {
        for _ in 0..5 {
            assert_eq!(
                folder.run(&["run", "p.dl", "-j", threads, "--format", "csv"]).stdout,
                first.stdout,
                "{threads} threads"
            );
        }
    }
}
