//! Laws of representation: rows of bits, lists and sorted runs hold the same relations, at every size at which one of
//! them begins a new word, block or batch; and chains mean what joins mean, on random chains.

use crate::engines::{local, read, slow_twin};
use crate::generator::Dice;
use entail::check::Program;
use entail::data::{Symbols, Value};
use entail::eval::naive::{Model, Rows};
use entail::plan::{Choices, Stats, Use, describe};
use entail::report::Sources;
use std::collections::BTreeMap;
use std::fmt::Write;

const CHAINS: Choices = Choices { chains: Use::Always, ..WORTH };
const JOINS: Choices = Choices { chains: Use::Never, ..WORTH };
const WORTH: Choices = Choices { chains: Use::WhereWorth, intersections: Use::WhereWorth, ranks: Use::WhereWorth };

/// Sizes at which something begins anew.
const SIZES: &[i64] = &[0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_536, 65_537];

/// The rows of every relation that a user can name.
fn rows(program: &Program, choices: Choices) -> BTreeMap<String, Rows> {
    named(program, local(program, choices).expect("nothing is computed"))
}

fn named(program: &Program, mut model: Model) -> BTreeMap<String, Rows> {
    let named = program.named().map(|id| (program.relations[id].name.clone(), model.remove(&id).unwrap_or_default()));
    named.collect()
}

/// Chains of eight nodes with a short cut in each, and a hub that leads to some of them.
fn edges(nodes: i64, number: impl Fn(i64) -> i64) -> String {
    let mut text = String::new();
    for node in 0..nodes {
        let to = if node % 8 == 7 { node - node % 8 + 3 } else { node + 1 };
        writeln!(text, "edge({}, {}).", number(node), number(to)).expect("a string takes all text");
        if node % 8 == 0 {
            writeln!(text, "start({}).", number(node)).expect("as before");
        }
        if node % 8 == 0 && node < 200 {
            writeln!(text, "edge({}, {}).", number(nodes), number(node)).expect("as before");
        }
        if node % 16 == 5 {
            writeln!(text, "shut({}).", number(node)).expect("as before");
        }
    }
    text
}

const RECURSIONS: &[&str] = &[
    "r(X, Y) :- edge(X, Y). r(X, Z) :- r(X, Y), edge(Y, Z).",
    "r(X, Y) :- edge(X, Y). r(X, Z) :- edge(X, Y), r(Y, Z), not shut(Y).",
    "r(X, Y) :- edge(X, Y). r(X, Z) :- r(X, Y), r(Y, Z), X != Z.",
    "r(X, Y) :- edge(P, X), edge(P, Y), start(P). r(X, Y) :- edge(A, X), r(A, B), edge(B, Y), X != Y.",
    "r(X) :- start(X). r(Y) :- r(X), edge(X, Y), not shut(Y).",
    "a(X, Y) :- edge(X, Y). b(X, Z) :- a(X, Y), edge(Y, Z). a(X, Z) :- b(X, Y), edge(Y, Z).",
    "r(X, X) :- start(X). r(X, Z) :- r(Y, X), s(Y, Z), start(Y). s(X, Z) :- r(X, Y), edge(Y, Z).",
];

/// Facts for the relations that only some programs fill.
const EMPTY: &str = ".decl edge(x: number, y: number)\n.decl start(x: number)\n.decl shut(x: number)\n";

#[test]
fn chains_and_joins_find_the_same_rows_at_every_size() {
    // The largest take a minute in a debug build; CI runs them in a release build.
    let sizes = if cfg!(debug_assertions) { &SIZES[..6] } else { SIZES };
    for (at, size) in sizes.iter().enumerate() {
        // All recursions on small graphs, and each in turn on large ones.
        let recursions = RECURSIONS.iter().enumerate().filter(|(turn, _)| *size < 100 || at % 7 == *turn);
        for (_, recursion) in recursions {
            let number: fn(i64) -> i64 = match at % 3 {
                0 => |node| node,
                1 => |node| node - 40,
                _ => |node| node * 1_000_003,
            };
            let text = format!("{EMPTY}{}{recursion}", edges(*size, number));
            let program = read(&text).unwrap_or_else(|drawn| panic!("{recursion}: {drawn}"));
            let chains = rows(&program, CHAINS);
            assert_eq!(chains, rows(&program, JOINS), "{size}: {recursion}");
            if *size < 66 {
                let twin = slow_twin(&program).expect("nothing is computed");
                assert_eq!(chains, named(&program, twin), "{size}: {recursion}");
            }
        }
    }
}

#[test]
fn a_hub_of_any_size_closes_its_triangles() {
    let without = Choices { intersections: Use::Never, ..JOINS };
    for size in &SIZES[..11] {
        let mut text = EMPTY.to_string();
        for node in 1..=*size {
            let next = if node % 3 == 0 { node } else { node + 1 };
            writeln!(text, "edge(0, {node}). edge({node}, 0). edge({node}, {next}).").expect("a string takes all text");
        }
        text.push_str(
            "triangle(A, B, C) :- edge(A, B), edge(B, C), edge(C, A). on(A) :- edge(A, B), edge(B, C), edge(C, A).",
        );
        let program = read(&text).expect("a program");
        let met = rows(&program, JOINS);
        // Without, each pair of neighbours of the hub is looked at.
        if *size < 600 {
            assert_eq!(met, rows(&program, without), "{size}");
        }
        // The hub with each node and its next, three ways round; a node that leads to itself has six more ways, one of
        // which has all three nodes equal.
        let (loops, nexts) = (size / 3, size - size / 3);
        let inner = (1..*size).filter(|node| node % 3 != 0 && node < size).count() as i64;
        let expected = 3 * inner + loops * (1 + 3);
        assert_eq!(met["triangle"].len() as i64, expected, "{size}: {loops} loops, {nexts} others");
    }
}

/// In a debug build, to look at the rows before each row would take minutes.
#[test]
fn places_among_many_rows_take_no_look_at_each_row_before() {
    const ROWS: i64 = 30_000;
    let mut text = String::from(".decl p(g: number, x: number)\n");
    (0..ROWS).for_each(|at| writeln!(text, "p({}, {}).", at % 3, at * 7919 % ROWS).expect("a string takes all text"));
    text.push_str(
        "place(X, N) :- p(_, X), N = count : { p(_, Y), Y < X }.
         within(G, X, N) :- p(G, X), N = count : { p(G, Y), Y >= X }.
         both(G, X, N) :- p(G, X), N = count : { p(H, Y), (H < G ; H = G, Y < X) }.",
    );
    let program = read(&text).expect("a program");
    let mut found = rows(&program, JOINS);
    let mut column = |relation: &str| -> Vec<i64> {
        let rows = found.remove(relation).expect("it is named");
        rows.iter().map(|row| if let Some(Value::Number(number)) = row.last() { *number } else { -1 }).collect()
    };
    assert_eq!(column("place"), (0..ROWS).collect::<Vec<_>>());
    assert_eq!(column("both"), (0..ROWS).collect::<Vec<_>>());
    assert_eq!(column("within"), [0, 1, 2].map(|_| (1..=ROWS / 3).rev()).into_iter().flatten().collect::<Vec<_>>());
}

/// In a debug build, to go through all pairs of records would take minutes.
#[test]
fn rows_are_joined_by_the_fields_of_their_records_as_by_columns() {
    let sizes: &[i64] = if cfg!(debug_assertions) { &[0, 1, 64, 4097, 20_000] } else { SIZES };
    for size in sizes {
        let mut text = format!(
            "{EMPTY}.type pair = [a: number, b: number]
             .type edge = Plain {{e: pair}} | Shut {{x: number, e: pair}}
             .decl p(x: pair)
             .decl e(k: number, x: edge)
             .decl t(x: pair)\n{}",
            edges(*size, |node| node * 3)
        );
        text.push_str(
            "p([A, B]) :- edge(A, B).
             two(A, C) :- p([A, B]), p([B, C]).
             two_flat(A, C) :- edge(A, B), edge(B, C).
             t([A, B]) :- p([A, B]). t([A, C]) :- p([A, B]), t([B, C]).
             t_out(A, B) :- t([A, B]).
             r(X, Y) :- edge(X, Y). r(X, Z) :- edge(X, Y), r(Y, Z).
             e(A, $Plain([A, B])) :- edge(A, B), not shut(A).
             e(A, $Shut(A, [A, B])) :- edge(A, B), shut(A).
             start_shut(A, B) :- shut(A), e(_, $Shut(A, [_, B])).
             start_flat(A, B) :- shut(A), edge(A, B).
             into(B, N) :- shut(B), N = count : { e(_, $Plain([_, B])) }.
             into_flat(B, N) :- shut(B), N = count A : { edge(A, B), not shut(A) }.",
        );
        let program = read(&text).unwrap_or_else(|drawn| panic!("{drawn}"));
        let found = rows(&program, JOINS);
        for [records, flat] in
            [["two", "two_flat"], ["t_out", "r"], ["start_shut", "start_flat"], ["into", "into_flat"]]
        {
            assert_eq!(found[records], found[flat], "{size}: {records}");
        }
        if *size < 66 {
            assert_eq!(found, named(&program, slow_twin(&program).expect("nothing is computed")), "{size}");
        }
    }
}

/// A random program of chains over a small random graph.
fn chain_program(dice: &mut Dice) -> String {
    let mut text =
        String::from(".decl e(x: number, y: number)\n.decl f(x: number, y: number, l: number)\n.decl u(x: number)\n");
    let nodes = dice.pick(&[3, 8, 20, 70]);
    for _ in 0..dice.between(nodes / 2, 2 * nodes) {
        let (a, b) = (dice.below(nodes), dice.below(nodes));
        writeln!(text, "e({a}, {b}). f({b}, {}, {}). u({}).", dice.below(nodes), dice.below(2), dice.below(nodes))
            .expect("a string takes all text");
    }
    let grows = ["r", "s"];
    let heads = dice.between(1, 2);
    for head in &grows[..heads] {
        writeln!(text, "{head}(X, Y) :- {}.", dice.pick(&["e(X, Y)", "f(Y, X, 1)", "e(X, Y), u(X)"]))
            .expect("as before");
    }
    for _ in 0..dice.between(1, 3) {
        let links = dice.between(1, 3);
        let recursive = dice.below(links);
        let mut body: Vec<String> = Vec::new();
        for at in 0..links {
            let (from, to) = (format!("V{at}"), format!("V{}", at + 1));
            let (from, to) = if dice.percent(30) { (to, from) } else { (from, to) };
            body.push(if at == recursive || dice.percent(25) {
                format!("{}({from}, {to})", dice.pick(&grows[..heads]))
            } else {
                let ways = [format!("e({from}, {to})"), format!("f({from}, {to}, 0)"), format!("f({from}, {to}, _)")];
                dice.pick(&ways)
            });
            if dice.percent(25) {
                let var = format!("V{}", dice.between(at, at + 1));
                let ways = [
                    format!("u({var})"),
                    format!("not u({var})"),
                    format!("{var} > 1"),
                    format!("e({var}, W{at}), u(W{at})"),
                ];
                body.push(dice.pick(&ways));
            }
        }
        if dice.percent(25) {
            body.push(format!("V0 != V{links}"));
        }
        dice.shuffle(&mut body);
        let head = dice.pick(&grows[..heads]);
        writeln!(text, "{head}(V0, V{links}) :- {}.", body.join(", ")).expect("as before");
    }
    if dice.percent(50) {
        writeln!(text, "p(X) :- u(X), e(X, X). p(Y) :- p(X), r(X, Y). p(0).").expect("as before");
    }
    text
}

#[test]
fn random_chains_mean_what_joins_mean() {
    let seeds = std::env::var("ENTAIL_PROGRAMS").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let (mut chains, mut searches) = (0, 0);
    for seed in 0..seeds {
        let text = chain_program(&mut Dice::new(seed));
        let program = read(&text).unwrap_or_else(|drawn| panic!("seed {seed}:\n{text}\n{drawn}"));
        let plan = plan(&program, &text);
        chains += u64::from(plan.contains("on sets of values:"));
        searches += u64::from(plan.contains("by itself:"));
        let found = rows(&program, CHAINS);
        assert_eq!(found, rows(&program, JOINS), "seed {seed}:\n{text}");
        let is_small = program.facts.len() < 60;
        if is_small {
            assert_eq!(
                found,
                named(&program, slow_twin(&program).expect("nothing is computed")),
                "seed {seed}:\n{text}"
            );
        }
    }
    println!("{seeds} programs, {chains} in rounds, {searches} searched");
    assert!(chains * 4 >= seeds, "only {chains} of {seeds} programs run in rounds");
    assert!(searches * 10 >= seeds, "only {searches} of {seeds} programs are searched");
}

fn plan(program: &Program, text: &str) -> String {
    let mut sources = Sources::default();
    sources.add("program", text);
    let stats = Stats { rows: program.relations.iter().map(|_| 1).collect(), related: Default::default() };
    let strata: Vec<_> = program.strata.ids().collect();
    describe(program, &strata, &stats, &Symbols::default(), CHAINS, &sources)
}

#[test]
fn a_search_of_a_million_steps_is_no_recursion_of_the_stack() {
    let mut text = EMPTY.to_string();
    (0..1_000_000).for_each(|node| writeln!(text, "edge({node}, {}).", node + 1).expect("a string takes all text"));
    text.push_str("far(0). far(Y) :- far(X), edge(X, Y).");
    let program = read(&text).expect("a program");
    let far = rows(&program, CHAINS).remove("far").expect("it is named");
    assert_eq!(far.len(), 1_000_001);
    assert_eq!(far.last(), Some(&vec![Value::Number(1_000_000)]));
}
