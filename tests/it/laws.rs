//! Laws that hold for every program: what does not change its meaning, and that all engines find the same.
//!
//! In: random programs, 100 of them or as many as `ENTAIL_PROGRAMS` says, from seed `ENTAIL_SEED` on. Out: nothing,
//! or the smallest program that breaks a law, with its seed.

use crate::engines::{ENGINES, Engine, Meaning, meaning, read, slow_twin};
use crate::generator::{Dice, program};
use crate::shrink::shrink;
use entail::check::Role;
use entail::data::{BuiltinId, Dialect, Notation};
use entail::syntax::{Ast, Body, Item, ItemKind, Literal, LiteralKind, Term, TermKind, parse, print};
use std::collections::BTreeSet;

/// A change of a program that does not change what it means.
struct Law {
    name: &'static str,
    change: fn(&mut Ast, &mut Dice),
}

const LAWS: &[Law] = &[
    Law { name: "printing and reading back", change: |_, _| {} },
    Law { name: "the order of conditions", change: permute_conditions },
    Law { name: "the order of statements", change: permute_statements },
    Law { name: "the names of variables", change: rename_variables },
    Law { name: "saying a fact twice", change: repeat_facts },
    Law { name: "a rule that contradicts itself", change: add_contradiction },
    Law { name: "a weaker copy of an atom", change: add_weaker_atom },
];

fn seeds() -> impl Iterator<Item = u64> {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let first = number("ENTAIL_SEED", 0);
    first..first + number("ENTAIL_PROGRAMS", 100)
}

/// Fails with the smallest program that still fails.
fn complain(seed: u64, text: &str, what: &str, fails: impl Fn(&str) -> bool) -> ! {
    panic!("{what} (seed {seed}):\n{}", shrink(text, fails))
}

#[test]
fn every_random_program_is_a_program() {
    for seed in seeds() {
        let text = program(seed);
        if let Err(drawn) = read(&text) {
            panic!("seed {seed}:\n{text}\n{drawn}");
        }
    }
}

#[test]
fn most_random_programs_derive_something_and_some_fault() {
    let (mut programs, mut derive, mut fault) = (0, 0, 0);
    for seed in seeds() {
        let program = read(&program(seed)).expect("another test says so");
        programs += 1;
        match slow_twin(&program) {
            Ok(model) => {
                let derived = |relation: &_| {
                    let row = &program.relations[*relation];
                    row.role == Role::Named && !row.rules.is_empty() && !model[relation].is_empty()
                };
                derive += usize::from(program.relations.ids().any(|relation| derived(&relation)));
            }
            Err(_) => fault += 1,
        }
    }
    println!("{programs} programs, {derive} derive rows, {fault} fault");
    assert!(derive * 100 >= programs * 70, "only {derive} of {programs} programs derive rows");
    assert!(fault * 100 >= programs * 2, "only {fault} of {programs} programs fault");
    assert!(fault * 100 <= programs * 20, "{fault} of {programs} programs fault");
}

#[test]
fn every_engine_finds_what_the_slow_twin_finds() {
    for seed in seeds() {
        let text = program(seed);
        for Engine { name, run } in ENGINES {
            let differs = |text: &str| {
                let wanted = meaning(text, slow_twin);
                !matches!(wanted, Meaning::Rejected(_)) && meaning(text, run) != wanted
            };
            if differs(&text) {
                complain(seed, &text, &format!("the engine `{name}` finds something else"), differs);
            }
        }
    }
}

#[test]
fn what_should_not_matter_does_not() {
    for seed in seeds() {
        let text = program(seed);
        let wanted = meaning(&text, slow_twin);
        for Law { name, change } in LAWS {
            let changed = |text: &str| {
                let (mut ast, _) = parse(Default::default(), text);
                change(&mut ast, &mut Dice::new(seed));
                meaning(&print(&ast), slow_twin)
            };
            if changed(&text) != wanted {
                let breaks = |text: &str| {
                    let wanted = meaning(text, slow_twin);
                    !matches!(wanted, Meaning::Rejected(_)) && changed(text) != wanted
                };
                complain(seed, &text, &format!("{name} matters"), breaks);
            }
        }
    }
}

/// Shuffles every body, inside aggregates and choices too. Queries and constraints keep the order of their own
/// conditions, which is the order of their columns.
fn permute_conditions(ast: &mut Ast, dice: &mut Dice) {
    for item in &mut ast.items {
        if let ItemKind::Rule(rule) = &mut item.kind {
            permute(&mut rule.body, dice);
        }
    }
}

fn permute(body: &mut Body, dice: &mut Dice) {
    dice.shuffle(body);
    for literal in body {
        if let LiteralKind::Or(branches) = &mut literal.kind {
            dice.shuffle(branches);
            branches.iter_mut().for_each(|branch| permute(branch, dice));
        }
        terms(literal, &mut |term| {
            if let TermKind::Aggregate(aggregate) = &mut term.kind {
                dice.shuffle(&mut aggregate.body);
            }
        });
    }
}

/// Questions keep their order: their answers are compared one by one.
fn permute_statements(ast: &mut Ast, dice: &mut Dice) {
    let is_question = |item: &Item| matches!(item.kind, ItemKind::Query(_) | ItemKind::Constraint(_));
    let (questions, mut statements): (Vec<Item>, Vec<Item>) = ast.items.drain(..).partition(is_question);
    dice.shuffle(&mut statements);
    ast.items = statements;
    ast.items.extend(questions);
}

fn rename_variables(ast: &mut Ast, _: &mut Dice) {
    let rename = &mut |term: &mut Term| {
        if let TermKind::Variable(name) = &mut term.kind {
            name.insert_str(0, "Z_");
        }
    };
    each_term(ast, rename);
}

fn repeat_facts(ast: &mut Ast, dice: &mut Dice) {
    let facts: Vec<Item> = ast.items.iter().filter(|item| matches!(item.kind, ItemKind::Fact(_))).cloned().collect();
    ast.items.extend(facts.into_iter().filter(|_| dice.percent(50)));
}

/// `p(X) :- …, f, not f.` for a rule of the program and a fact of a relation without rules.
fn add_contradiction(ast: &mut Ast, dice: &mut Dice) {
    let derived: BTreeSet<String> = rules(ast).iter().map(|rule| rule.head.name.text.clone()).collect();
    let stored: Vec<_> = ast
        .items
        .iter()
        .filter_map(|item| if let ItemKind::Fact(fact) = &item.kind { Some(&fact.atom) } else { None })
        .filter(|atom| !derived.contains(&atom.name.text))
        .cloned()
        .collect();
    if stored.is_empty() || derived.is_empty() {
        return;
    }
    let fact = dice.pick(&stored);
    let mut rule = dice.pick(&rules(ast));
    let literal = |kind| Literal { kind, span: fact.span };
    rule.body.push(literal(LiteralKind::Atom(fact.clone())));
    rule.body.push(literal(LiteralKind::Not(fact.clone())));
    dice.shuffle(&mut rule.body);
    ast.items.push(Item { doc: None, kind: ItemKind::Rule(rule), span: fact.span });
}

fn rules(ast: &Ast) -> Vec<entail::syntax::Rule> {
    ast.items
        .iter()
        .filter_map(|item| if let ItemKind::Rule(rule) = &item.kind { Some(rule.clone()) } else { None })
        .collect()
}

/// `p(X, _)` beside `p(X, Y)`: some arguments of a copy become `_`. Not of an atom that computes: without its value it
/// may be left out where an error is weighed, and its copy may not.
fn add_weaker_atom(ast: &mut Ast, dice: &mut Dice) {
    for item in &mut ast.items {
        let ItemKind::Rule(rule) = &mut item.kind else { continue };
        let plain =
            |term: &Term| matches!(term.kind, TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. });
        let copies: Vec<Literal> = rule
            .body
            .iter()
            .filter(|literal| matches!(&literal.kind, LiteralKind::Atom(atom) if atom.args.iter().all(plain)))
            .cloned()
            .collect();
        for mut copy in copies {
            let LiteralKind::Atom(atom) = &mut copy.kind else { continue };
            if is_builtin(&atom.name.text) {
                continue;
            }
            for arg in &mut atom.args {
                if dice.percent(60) {
                    arg.kind = TermKind::Wildcard;
                }
            }
            rule.body.push(copy);
        }
    }
}

fn is_builtin(name: &str) -> bool {
    BuiltinId::named(name, Notation::Call, Dialect::Entail).next().is_some()
}

/// Visits every term of the facts, rules and questions of a tree.
pub(crate) fn each_term(ast: &mut Ast, visit: &mut impl FnMut(&mut Term)) {
    for item in &mut ast.items {
        match &mut item.kind {
            ItemKind::Fact(fact) => {
                fact.atom.args.iter_mut().chain(&mut fact.citations).for_each(|arg| walk(arg, visit))
            }
            ItemKind::Rule(rule) => {
                rule.head.args.iter_mut().for_each(|arg| walk(arg, visit));
                rule.body.iter_mut().for_each(|literal| terms(literal, visit));
            }
            ItemKind::Query(body) | ItemKind::Constraint(body) => {
                body.iter_mut().for_each(|literal| terms(literal, visit));
            }
            _ => {}
        }
    }
}

/// Visits every term of a literal, those inside choices and aggregates too.
fn terms(literal: &mut Literal, visit: &mut impl FnMut(&mut Term)) {
    match &mut literal.kind {
        LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
            atom.args.iter_mut().for_each(|arg| walk(arg, visit));
            atom.citation.iter_mut().for_each(|claim| walk(claim, visit));
        }
        LiteralKind::Compare { left, right, .. } => {
            walk(left, visit);
            walk(right, visit);
        }
        LiteralKind::Or(branches) => {
            branches.iter_mut().flatten().for_each(|literal| terms(literal, visit));
        }
    }
}

fn walk(term: &mut Term, visit: &mut impl FnMut(&mut Term)) {
    visit(term);
    match &mut term.kind {
        TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. } => {}
        TermKind::Nil | TermKind::Counter => {}
        TermKind::Call { args, .. } | TermKind::Branch { args, .. } | TermKind::Foreign { args, .. } => {
            args.iter_mut().for_each(|arg| walk(arg, visit));
        }
        TermKind::Record(args) => args.iter_mut().for_each(|arg| walk(arg, visit)),
        TermKind::Binary { left, right, .. } => {
            walk(left, visit);
            walk(right, visit);
        }
        TermKind::Negative(operand) | TermKind::Cast { term: operand, .. } => walk(operand, visit),
        TermKind::Aggregate(aggregate) => {
            aggregate.target.iter_mut().for_each(|target| walk(target, visit));
            aggregate.body.iter_mut().for_each(|literal| terms(literal, visit));
        }
    }
}
