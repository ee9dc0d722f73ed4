//! Inline relations that have no rows of their own: `same(x, y, x) :- x = y.` says what holds of values from elsewhere.
//!
//! In: trees of Soufflé's. Out: the same trees with the rules of such relations in the place of their atoms: a condition
//! `same(1, z, _)` becomes `z = 1`. A relation is unfolded only if a variable of a head has no value in one of its rules:
//! every other inline relation is evaluated like those that are not, which changes no answer, and keeps its rows for the
//! reasons that are shown.

use super::inline::{self, Inline};
use super::variables::{Names, bound_by, mentioned_by_body, names_of_term};
use crate::data::Value;
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{Ast, Atom, Body, CompareOp, HintKind, ItemKind, Literal, LiteralKind, Rule, Term, TermKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The trees without the relations that stand for conditions on given values.
pub(in crate::check) fn unfolded<'a>(asts: Cow<'a, [Ast]>, diagnostics: &mut Vec<Diagnostic>) -> Cow<'a, [Ast]> {
    let inline = inline::inline(&asts);
    if inline.is_empty() {
        return asts;
    }
    let mistakes = inline::check(&asts, &inline);
    let order = inline::order(&inline);
    let mut unfolding = match order {
        Ok(order) if mistakes.is_empty() => Unfolding::of(&order, &inline, &kept(&asts)),
        Ok(_) => Unfolding::default(),
        Err(circles) => {
            diagnostics.extend(circles);
            Unfolding::default()
        }
    };
    diagnostics.extend(mistakes);
    if unfolding.rules.is_empty() {
        return asts;
    }
    let mut asts = asts.into_owned();
    for ast in &mut asts {
        ast.items.retain(|item| head(&item.kind).is_none_or(|head| !unfolding.rules.contains_key(&head.name.text)));
        for item in &mut ast.items {
            match &mut item.kind {
                ItemKind::Rule(rule) => unfolding.body(&mut rule.body),
                ItemKind::Subsumption(subsumption) => unfolding.body(&mut subsumption.body),
                ItemKind::Constraint(body) | ItemKind::Query(body) => unfolding.body(body),
                _ => {}
            }
        }
    }
    diagnostics.extend(unfolding.beyond.as_ref().map(beyond));
    Cow::Owned(asts)
}

fn head(kind: &ItemKind) -> Option<&Atom> {
    match kind {
        ItemKind::Fact(fact) => Some(&fact.atom),
        ItemKind::Rule(rule) => Some(&rule.head),
        _ => None,
    }
}

/// The relations that keep their rows, whatever else is said of them: by `no_inline`, or by a pragma.
fn kept(asts: &[Ast]) -> FxHashSet<String> {
    let mut kept = FxHashSet::default();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        match &item.kind {
            ItemKind::Relation(decl) if decl.says(HintKind::NoInline) => _ = kept.insert(decl.name.text.clone()),
            ItemKind::Pragma(pragma) if pragma.key.text == "inline-exclude" => {
                let names = pragma.value.iter().flat_map(|names| names.text.split(','));
                kept.extend(names.map(|name| name.trim().to_owned()));
            }
            _ => {}
        }
    }
    kept
}

/// The most conditions that are put in the place of atoms, in all of a program.
const MAX_CONDITIONS: usize = 100_000;

/// What the relations stand for that are unfolded.
#[derive(Default)]
struct Unfolding {
    rules: FxHashMap<String, Vec<Rule>>,
    /// How many rules were put in the place of an atom.
    uses: usize,
    /// How many conditions they had.
    conditions: usize,
    /// An atom for which there was no place any more.
    beyond: Option<Atom>,
}

/// What a variable of a rule is in the place where the rule is put.
enum Meaning {
    Term(Term),
    Variable(String),
}

impl Unfolding {
    /// The relations to unfold, of some in the order in which they need each other.
    fn of(order: &[&str], inline: &Inline<'_>, kept: &FxHashSet<String>) -> Self {
        let mut unfolding = Unfolding::default();
        for name in order.iter().filter(|name| !kept.contains(**name)) {
            let relation = &inline[name];
            let written =
                relation.clauses.iter().filter_map(|clause| Some((clause.head?.clone(), clause.body.to_vec())));
            let mut rules: Vec<Rule> = written.map(|(head, body)| Rule { head, body, orders: Vec::new() }).collect();
            rules.iter_mut().for_each(|rule| unfolding.body(&mut rule.body));
            // Too many or too few arguments are for others to tell, of atoms that are still there.
            let fits = |rule: &Rule| rule.head.args.len() == relation.arity();
            if rules.iter().all(fits) && rules.iter().any(is_open) {
                unfolding.rules.insert((*name).to_owned(), rules);
            }
        }
        unfolding
    }

    /// Puts rules in the place of every atom of a relation that is unfolded.
    fn body(&mut self, body: &mut Body) {
        for Literal { kind, span } in std::mem::take(body) {
            match kind {
                LiteralKind::Atom(atom) => match self.rules_for(&atom) {
                    Some(rules) => body.extend(self.holds(&atom, rules)),
                    None => body.push(Literal { kind: LiteralKind::Atom(atom), span }),
                },
                LiteralKind::Not(atom) => match self.rules_for(&atom) {
                    Some(rules) => body.extend(rules.into_iter().flat_map(|rule| {
                        let applied = self.applied(&atom, rule, Put::Anything);
                        fails(applied, span)
                    })),
                    None => body.push(Literal { kind: LiteralKind::Not(atom), span }),
                },
                LiteralKind::Or(mut branches) => {
                    branches.iter_mut().for_each(|branch| self.body(branch));
                    body.push(Literal { kind: LiteralKind::Or(branches), span });
                }
                LiteralKind::Compare { .. } => body.push(Literal { kind, span }),
            }
        }
    }

    fn rules_for(&mut self, atom: &Atom) -> Option<Vec<Rule>> {
        let rules = self.rules.get(&atom.name.text)?;
        if rules.iter().any(|rule| rule.head.args.len() != atom.args.len()) {
            return None;
        }
        self.conditions += rules.iter().map(|rule| 1 + conditions(&rule.body)).sum::<usize>();
        if self.conditions > MAX_CONDITIONS {
            self.beyond.get_or_insert_with(|| atom.clone());
            return None;
        }
        Some(rules.clone())
    }

    /// One of the rules holds of the arguments of an atom.
    fn holds(&mut self, atom: &Atom, rules: Vec<Rule>) -> Body {
        any(rules.into_iter().map(|rule| self.applied(atom, rule, Put::ValuesAndNames)).collect(), atom.span)
    }

    /// The body of a rule, said of the arguments of an atom.
    fn applied(&mut self, atom: &Atom, mut rule: Rule, put: Put) -> Body {
        self.uses += 1;
        let mut meanings: FxHashMap<String, Meaning> = FxHashMap::default();
        let mut equal: Vec<(Term, Term)> = Vec::new();
        for (column, argument) in rule.head.args.into_iter().zip(&atom.args) {
            match &column.kind {
                TermKind::Variable(name) if put.allows(argument) && !meanings.contains_key(name) => {
                    meanings.insert(name.clone(), Meaning::Term(argument.clone()));
                }
                _ if matches!(argument.kind, TermKind::Wildcard) => {}
                _ => equal.push((column, argument.clone())),
            }
        }
        let mut names = Names::default();
        equal.iter().for_each(|(column, _)| names_of_term(column, &mut names));
        mentioned_by_body(&rule.body, &mut names);
        for name in names {
            let renamed = Meaning::Variable(format!("_{name}'inline{}", self.uses));
            meanings.entry(name).or_insert(renamed);
        }
        let equations = equal.into_iter().map(|(mut column, argument)| {
            put_into_term(&mut column, &meanings);
            Literal::compare(CompareOp::Eq, column, argument, atom.span)
        });
        put_into_body(&mut rule.body, &meanings);
        equations.chain(rule.body).collect()
    }
}

/// Which arguments may stand where a rule has a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Put {
    /// Those that are no work to compute. The others are computed once, for a variable.
    ValuesAndNames,
    /// All, since a condition that is negated gives no variable a value.
    Anything,
}

impl Put {
    fn allows(self, argument: &Term) -> bool {
        match argument.kind {
            TermKind::Variable(_) | TermKind::Constant { .. } | TermKind::Nil => true,
            TermKind::Wildcard => false,
            _ => self == Put::Anything,
        }
    }
}

/// Whether a variable of the head has no value.
fn is_open(rule: &Rule) -> bool {
    let bound = bound_by(&rule.body, None);
    let mut names = Names::default();
    rule.head.args.iter().for_each(|term| names_of_term(term, &mut names));
    names.iter().any(|name| !bound.contains(name))
}

fn conditions(body: &[Literal]) -> usize {
    let of = |literal: &Literal| match &literal.kind {
        LiteralKind::Or(branches) => branches.iter().map(|branch| conditions(branch)).sum(),
        LiteralKind::Atom(_) | LiteralKind::Not(_) | LiteralKind::Compare { .. } => 1,
    };
    body.iter().map(of).sum()
}

/// One of the bodies holds.
fn any(mut ways: Vec<Body>, span: Span) -> Body {
    match ways.len() {
        0 => {
            let zero = || Term { kind: TermKind::Constant { value: Value::Number(0), spelling: None }, span };
            vec![Literal::compare(CompareOp::Ne, zero(), zero(), span)]
        }
        1 => ways.swap_remove(0),
        _ => vec![Literal { kind: LiteralKind::Or(ways), span }],
    }
}

/// A condition of the body does not hold.
fn fails(body: Body, span: Span) -> Body {
    any(body.into_iter().map(negated).collect(), span)
}

fn negated(literal: Literal) -> Body {
    let Literal { kind, span } = literal;
    let kind = match kind {
        LiteralKind::Atom(atom) => LiteralKind::Not(atom),
        LiteralKind::Not(atom) => LiteralKind::Atom(atom),
        LiteralKind::Compare { op, left, right } => LiteralKind::Compare { op: op.opposite(), left, right },
        LiteralKind::Or(branches) => return branches.into_iter().flat_map(|branch| fails(branch, span)).collect(),
    };
    vec![Literal { kind, span }]
}

fn put_into_body(body: &mut Body, meanings: &FxHashMap<String, Meaning>) {
    body.iter_mut().flat_map(Literal::terms_mut).for_each(|term| put_into_term(term, meanings));
}

fn put_into_term(term: &mut Term, meanings: &FxHashMap<String, Meaning>) {
    match &mut term.kind {
        TermKind::Variable(name) => match meanings.get(name) {
            Some(Meaning::Term(other)) => *term = other.clone(),
            Some(Meaning::Variable(other)) => name.clone_from(other),
            None => {}
        },
        TermKind::Aggregate(aggregate) => {
            aggregate.target.iter_mut().for_each(|target| put_into_term(target, meanings));
            put_into_body(&mut aggregate.body, meanings);
        }
        _ => term.parts_mut().for_each(|part| put_into_term(part, meanings)),
    }
}

fn beyond(atom: &Atom) -> Diagnostic {
    let message =
        format!("`{}` stands for more than {MAX_CONDITIONS} conditions, with those before it", atom.name.text);
    Diagnostic::new(Code::BadInline, atom.span, message).help("give a part of its rules a relation that is not inline")
}
