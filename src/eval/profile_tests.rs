//! What a profile counts: each test is a sentence and a small program.

use super::{Limits, Profile, evaluate};
use crate::check::{Program, check};
use crate::data::{Dialect, Libraries, Symbols, Word};
use crate::plan::{Choices, Use};
use crate::report::Sources;
use crate::store::{Relation, Rows, Store};
use crate::syntax::parse;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

fn profile(text: &str, clock: Option<fn() -> Duration>) -> Profile {
    profile_with(text, clock, Choices::default())
}

fn profile_with(text: &str, clock: Option<fn() -> Duration>, choices: Choices) -> Profile {
    let mut sources = Sources::default();
    let (ast, diagnostics) = parse(sources.add("test", text), text);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let program: Program =
        check(Dialect::Entail, &Libraries::default(), &[ast], &[]).0.expect("a program without complaints");
    let symbols = Symbols::default();
    let mut store: Store =
        program.relations.iter().map(|it| Relation::start(it, &Relation::new(it.columns.len()))).collect();
    for fact in &program.facts {
        let mut rows = Rows::new(fact.row.len());
        rows.push(&fact.row.iter().map(|value| Word::encode(value, &symbols)).collect::<Vec<_>>());
        store[fact.relation].extend(rows);
    }
    let strata: Vec<_> = program.strata.ids().collect();
    evaluate(&program, &strata, &mut store, &symbols, &Limits { clock, ..Limits::default() }, choices)
        .expect("no limits")
}

/// A clock that goes on by a millisecond whenever it is read.
fn tick() -> Duration {
    static READINGS: AtomicU64 = AtomicU64::new(0);
    Duration::from_millis(READINGS.fetch_add(1, Ordering::Relaxed))
}

/// A line for each stratum.
fn counts(profile: &Profile) -> Vec<String> {
    let strata = profile.strata.iter().map(|stratum| {
        let rules = stratum.rules.iter().map(|rule| format!("; {} in {}", rule.found.expect("known"), rule.rounds));
        format!("{} new in {}{}", stratum.new_rows, stratum.rounds, rules.collect::<String>())
    });
    strata.collect()
}

const REACH: &str = "edge(1, 2). edge(1, 3). edge(2, 4). edge(3, 4). edge(4, 5).
    reach(X, Y) :- edge(X, Y).
    reach(X, Z) :- reach(X, Y), edge(Y, Z).
    ends(N) :- N = count : { reach(_, _) }.";

#[test]
fn what_is_found_twice_is_counted_twice() {
    // 5 edges; then 1-4 twice, 2-5 and 3-5; then 1-5; then nothing.
    let found = counts(&profile(REACH, None));
    assert_eq!(found, ["9 new in 4; 5 in 1; 5 in 3", "1 new in 2; 1 in 1"]);
}

#[test]
fn a_search_counts_what_joins_count() {
    let chains = Choices { chains: Use::Always, ..Choices::default() };
    assert_eq!(counts(&profile_with(REACH, None, chains)), counts(&profile(REACH, None)));
    let backwards = REACH.replace("reach(X, Y), edge(Y, Z)", "edge(X, Y), reach(Y, Z)");
    assert_eq!(counts(&profile_with(&backwards, None, chains)), counts(&profile(&backwards, None)));
}

#[test]
fn of_sets_it_is_not_known_how_often_their_rows_were_found() {
    let text = REACH.replace("reach(X, Y), edge(Y, Z)", "reach(X, Y), reach(Y, Z)");
    let (joins, sets) =
        (profile(&text, None), profile_with(&text, None, Choices { chains: Use::Always, ..Choices::default() }));
    let (joins, sets) = (&joins.strata[0], &sets.strata[0]);
    assert_eq!((joins.new_rows, joins.rounds), (sets.new_rows, sets.rounds));
    assert_eq!((sets.rules[1].found, sets.rules[1].time, sets.rules[1].rounds), (None, None, joins.rules[1].rounds));
}

#[test]
fn without_a_clock_times_are_zero_and_with_one_nothing_else_changes() {
    let without = profile(REACH, None);
    assert!(without.strata.iter().all(|stratum| stratum.time.is_zero()));
    assert!(without.strata.iter().flat_map(|stratum| &stratum.rules).all(|rule| rule.time == Some(Duration::ZERO)));
    let with = profile(REACH, Some(tick));
    assert_eq!(counts(&with), counts(&without));
    for stratum in &with.strata {
        let rules: Duration = stratum.rules.iter().filter_map(|rule| rule.time).sum();
        assert!(!rules.is_zero() && rules < stratum.time, "{stratum:?}");
    }
}

#[test]
fn a_long_chain_is_timed_in_samples() {
    static READINGS: AtomicU64 = AtomicU64::new(0);
    let clock = || Duration::from_millis(READINGS.fetch_add(1, Ordering::Relaxed));
    let found = profile("n(0). n(X + 1) :- n(X), X < 17000.", Some(clock));
    assert_eq!(counts(&found), ["17000 new in 17001; 17000 in 17001"]);
    assert!(READINGS.load(Ordering::Relaxed) < 2 * (64 + 1000 + 2));
    let time = found.strata[0].rules[0].time.expect("pipelines are timed").as_millis();
    assert!((16_900..=17_100).contains(&time), "{time}");
}
