//! Numbers for the rows that rules derive: `$` and `autoinc()`.
//!
//! In: trees of Soufflé's. Out: the same trees without counters. A counter is another number for each binding of its
//! rule, and in each rule: the bindings of a rule are numbered in the order of their values, variable by variable as its
//! body mentions them, and a rule goes on where the one before it has stopped. A rule stands behind those that it depends
//! on, and else in the order of the text. So `a($, x) :- b(x).` becomes
//! `a(n, x) :- b(x), n = count : { b(x'), x' < x }.`, in names that nobody can write, and a second rule adds
//! `count : { b(x'') }`.
//!
//! Numbers are the same on any number of threads, then, and are explained as whatever is counted.

use super::alternatives::alternatives;
use super::reads::relations_of;
use super::variables::{Names, NewNames, bound_by, mentioned_by_body, names_of_body, names_of_term, rename_body};
use super::witnesses;
use crate::check::overloads::is_predicate;
use crate::data::{Dialect, Value};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{
    Aggregate, AggregateOp, Ast, Body, CompareOp, Item, ItemKind, Literal, LiteralKind, Rule, Term, TermKind,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The most bodies that are numbered, in all of a program: each counts the bindings of all those before it.
const MOST_BODIES: usize = 256;

/// The trees without counters; one that has no number to give is complained about and stays.
pub(in crate::check) fn numbered<'a>(
    dialect: Dialect,
    asts: Cow<'a, [Ast]>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Cow<'a, [Ast]> {
    let places = places(&asts);
    if places.is_empty() {
        return asts;
    }
    let Order { numbered, recursive } = order(places, &asts);
    let mut numbering = Numbering { dialect, before: Vec::new() };
    let mut made: Vec<(Place, Vec<Rule>)> = Vec::new();
    for place in recursive {
        let rule = rule_at(&asts, place);
        diagnostics.push(numbers_itself(rule));
        made.push((place, vec![without_counters(rule.clone())]));
    }
    for place in numbered {
        let rule = witnesses::settle(rule_at(&asts, place));
        let Some(bodies) = alternatives(&rule.body, MOST_BODIES.saturating_sub(numbering.before.len())) else {
            diagnostics.push(too_many(&rule));
            made.push((place, vec![without_counters(rule.into_owned())]));
            continue;
        };
        let rules = bodies.into_iter().map(|body| numbering.rule(Rule { body, ..rule.clone().into_owned() })).collect();
        made.push((place, rules));
    }
    made.sort_by_key(|(place, _)| *place);
    let mut asts = asts.into_owned();
    for (place, rules) in made.into_iter().rev() {
        let items = &mut asts[place.ast].items;
        let written = items[place.item].clone();
        let rules = rules.into_iter().map(|rule| Item { kind: ItemKind::Rule(rule), ..written.clone() });
        items.splice(place.item..=place.item, rules);
    }
    Cow::Owned(asts)
}

/// Where a rule is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    ast: usize,
    item: usize,
}

/// The rules that count.
fn places(asts: &[Ast]) -> Vec<Place> {
    let mut places = Vec::new();
    for (ast, tree) in asts.iter().enumerate() {
        for (item, written) in tree.items.iter().enumerate() {
            let ItemKind::Rule(rule) = &written.kind else { continue };
            if rule.head.args.iter().any(has_counter) || rule.body.iter().any(counts) {
                places.push(Place { ast, item });
            }
        }
    }
    places
}

fn rule_at(asts: &[Ast], place: Place) -> &Rule {
    let ItemKind::Rule(rule) = &asts[place.ast].items[place.item].kind else {
        unreachable!("a place is that of a rule");
    };
    rule
}

/// The rules that count.
#[derive(Default)]
struct Order {
    /// In the order in which they are numbered.
    numbered: Vec<Place>,
    /// Those that depend on themselves.
    recursive: Vec<Place>,
}

fn order(places: Vec<Place>, asts: &[Ast]) -> Order {
    let mut read: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        if let ItemKind::Rule(rule) = &item.kind {
            relations_of(&rule.body, read.entry(&rule.head.name.text).or_default());
        }
    }
    let head = |place: Place| &*rule_at(asts, place).head.name.text;
    let mut order = Order::default();
    let mut waiting: Vec<(Place, FxHashSet<&str>)> = Vec::new();
    for place in places {
        let reached = reached_from(rule_at(asts, place), &read);
        if reached.contains(head(place)) {
            order.recursive.push(place);
        } else {
            waiting.push((place, reached));
        }
    }
    while !waiting.is_empty() {
        let waits = |reached: &FxHashSet<&str>| waiting.iter().any(|(other, _)| reached.contains(head(*other)));
        let next = waiting.iter().position(|(_, reached)| !waits(reached)).expect("no rule here depends on itself");
        order.numbered.push(waiting.remove(next).0);
    }
    order
}

/// The relations that a rule depends on.
fn reached_from<'a>(rule: &'a Rule, read: &FxHashMap<&'a str, Vec<&'a str>>) -> FxHashSet<&'a str> {
    let mut open = Vec::new();
    relations_of(&rule.body, &mut open);
    let mut reached = FxHashSet::default();
    while let Some(relation) = open.pop() {
        if reached.insert(relation) {
            open.extend(read.get(relation).into_iter().flatten());
        }
    }
    reached
}

/// Whether a number stands in a term, those within aggregates aside.
fn has_counter(term: &Term) -> bool {
    matches!(term.kind, TermKind::Counter) || term.parts().any(has_counter)
}

fn counts(literal: &Literal) -> bool {
    literal.terms().into_iter().any(has_counter)
}

/// The numbers that were given so far.
struct Numbering {
    dialect: Dialect,
    before: Vec<Numbered>,
}

/// A rule that has its numbers: so many for each binding of a body.
struct Numbered {
    body: Body,
    counters: i64,
}

impl Numbering {
    /// The rule with numbers for its counters.
    fn rule(&mut self, mut rule: Rule) -> Rule {
        let mut fresh = Fresh::of(&rule);
        rule.body = self.with_holes_named(rule.body, &mut fresh);
        let own = independent(&rule);
        let mut counters = Counters::default();
        rule.body.iter_mut().flat_map(Literal::terms_mut).for_each(|term| counters.count(term));
        rule.head.args.iter_mut().for_each(|term| counters.count(term));
        let Some(span) = counters.span else { return rule };
        let number = self.number(&own, counters.met, &mut fresh, span);
        let kind = TermKind::Variable(fresh.name("n"));
        put(&kind, &mut rule);
        rule.body.push(compare(CompareOp::Eq, Term { kind, span }, number));
        self.before.push(Numbered { body: own, counters: counters.met });
        rule
    }

    /// The body with a name for each `_` of its atoms, and with its counters in equations of their own.
    fn with_holes_named(&self, body: Body, fresh: &mut Fresh) -> Body {
        let mut equations = Vec::new();
        let mut named = body;
        for literal in &mut named {
            let LiteralKind::Atom(atom) = &mut literal.kind else { continue };
            if is_predicate(&atom.name.text, self.dialect) {
                continue;
            }
            for arg in &mut atom.args {
                if has_counter(arg) {
                    let variable = Term::variable(fresh.name("n"), arg.span);
                    let term = std::mem::replace(arg, variable.clone());
                    equations.push(compare(CompareOp::Eq, variable, term));
                } else {
                    fresh.name_holes(arg);
                }
            }
        }
        named.append(&mut equations);
        named
    }

    /// The first number of a binding: how many bindings are before it, and how many numbers all rules before have taken.
    fn number(&self, own: &Body, counters: i64, fresh: &mut Fresh, span: Span) -> Term {
        let mut names = Names::default();
        names_of_body(own, &mut names);
        let mut terms = Vec::new();
        let mut sure = 0;
        if !names.is_empty() {
            let (mut body, new) = fresh.copy(own);
            body.push(earlier(&names, &new, span));
            terms.push(times(counters, counted(body, span)));
        }
        for rule in &self.before {
            if rule.body.is_empty() {
                sure += rule.counters;
            } else {
                terms.push(times(rule.counters, counted(fresh.copy(&rule.body).0, span)));
            }
        }
        if sure > 0 || terms.is_empty() {
            terms.push(constant(sure, span));
        }
        terms.into_iter().reduce(|one, other| binary("+", one, other)).expect("there is one at least")
    }
}

/// The conditions of a rule that hold or do not hold whatever its numbers are.
fn independent(rule: &Rule) -> Body {
    let mut all = Names::default();
    names_of_body(&rule.body, &mut all);
    rule.head.args.iter().for_each(|term| names_of_term(term, &mut all));
    let mut own: Body = rule.body.iter().filter(|literal| !counts(literal)).cloned().collect();
    loop {
        let bound = bound_by(&own, None);
        let before = own.len();
        own.retain(|literal| {
            let mut mentioned = Names::default();
            mentioned_by_body(std::slice::from_ref(literal), &mut mentioned);
            mentioned.iter().all(|name| bound.contains(name) || !all.contains(name))
        });
        if own.len() == before {
            return own;
        }
    }
}

/// How many counters were met, and where the first stands.
#[derive(Default)]
struct Counters {
    met: i64,
    span: Option<Span>,
}

impl Counters {
    /// Gives every counter its place among those of the rule: `n + 2`, where `n` is yet to be put in.
    fn count(&mut self, term: &mut Term) {
        if let TermKind::Counter = term.kind {
            self.span.get_or_insert(term.span);
            let span = term.span;
            let counter = Term { kind: TermKind::Counter, span };
            if self.met > 0 {
                *term = binary("+", counter, constant(self.met, span));
            }
            self.met += 1;
            return;
        }
        term.parts_mut().for_each(|part| self.count(part));
    }
}

/// Puts something in the place of every counter of a rule.
fn put(kind: &TermKind, rule: &mut Rule) {
    rule.body.iter_mut().flat_map(Literal::terms_mut).for_each(|term| put_into(kind, term));
    rule.head.args.iter_mut().for_each(|term| put_into(kind, term));
}

fn put_into(kind: &TermKind, term: &mut Term) {
    match &mut term.kind {
        TermKind::Counter => term.kind = kind.clone(),
        _ => term.parts_mut().for_each(|part| put_into(kind, part)),
    }
}

/// Names that nobody can write.
struct Fresh {
    taken: Names,
}

impl Fresh {
    fn of(rule: &Rule) -> Self {
        let mut taken = Names::default();
        mentioned_by_body(&rule.body, &mut taken);
        rule.head.args.iter().for_each(|term| names_of_term(term, &mut taken));
        Self { taken }
    }

    fn name(&mut self, name: &str) -> String {
        let stem = name.trim_start_matches('_').split('\'').next().unwrap_or_default();
        let names = (1..).map(|number| format!("_{stem}'{number}"));
        let new = names.into_iter().find(|name| !self.taken.contains(name)).expect("numbers never end");
        self.taken.insert(new.clone());
        new
    }

    fn name_holes(&mut self, term: &mut Term) {
        match &mut term.kind {
            TermKind::Wildcard => term.kind = TermKind::Variable(self.name("")),
            _ => term.parts_mut().for_each(|part| self.name_holes(part)),
        }
    }

    /// A body in new names.
    fn copy(&mut self, body: &Body) -> (Body, NewNames) {
        let mut mentioned = Names::default();
        mentioned_by_body(body, &mut mentioned);
        let new: NewNames = mentioned.into_iter().map(|name| (name.clone(), self.name(&name))).collect();
        let mut copy = body.clone();
        rename_body(&mut copy, &new);
        (copy, new)
    }
}

/// Whether the new variables come before the old ones: the first that differs is less.
fn earlier(names: &Names, new: &NewNames, span: Span) -> Literal {
    let variable = |name: &String| Term::variable(name, span);
    let compared = |op, name: &String| compare(op, variable(&new[name]), variable(name));
    let mut branches: Vec<Body> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let same = names.iter().take(at).map(|name| compared(CompareOp::Eq, name));
        branches.push(same.chain([compared(CompareOp::Lt, name)]).collect());
    }
    if branches.len() == 1 {
        return branches.remove(0).remove(0);
    }
    Literal { kind: LiteralKind::Or(branches), span }
}

fn compare(op: CompareOp, left: Term, right: Term) -> Literal {
    let span = left.span;
    Literal::compare(op, left, right, span)
}

fn counted(body: Body, span: Span) -> Term {
    let aggregate = Aggregate { op: AggregateOp::Count, target: None, body };
    Term { kind: TermKind::Aggregate(Box::new(aggregate)), span }
}

fn times(factor: i64, term: Term) -> Term {
    let span = term.span;
    if factor == 1 { term } else { binary("*", constant(factor, span), term) }
}

fn binary(op: &'static str, left: Term, right: Term) -> Term {
    let span = left.span;
    Term { kind: TermKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
}

fn constant(number: i64, span: Span) -> Term {
    Term { kind: TermKind::Constant { value: Value::Number(number), spelling: None }, span }
}

/// A rule that numbers no rows, as far as it can be read on.
fn without_counters(mut rule: Rule) -> Rule {
    put(&TermKind::Constant { value: Value::Number(0), spelling: None }, &mut rule);
    rule
}

fn numbers_itself(rule: &Rule) -> Diagnostic {
    let name = &rule.head.name.text;
    let message = format!("`{name}` is numbered by a rule that depends on `{name}`");
    Diagnostic::new(Code::Unstratified, rule.head.span, message)
        .label("each of its numbers would be one more row to number")
        .help("derive the rows without numbers, and number them in a rule for another relation")
}

fn too_many(rule: &Rule) -> Diagnostic {
    let message = format!("more than {MOST_BODIES} bodies are numbered, with those of the rules before this one");
    Diagnostic::new(Code::LimitReached, rule.head.span, message)
        .label("each `;` of a body multiplies the ways in which it holds")
        .help("derive the rows without numbers, and number them in a rule for another relation")
}

/// What is said of a counter that is no rule's.
pub(in crate::check) fn misplaced(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, span, "nothing is numbered here")
        .label("only the rows that the body of a rule finds have numbers")
        .help("write it in the head or in a condition of a rule, and not within an aggregate")
}
