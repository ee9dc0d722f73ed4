//! What does a condition ask of a column whose values are joined?
//!
//! In: bodies. Out: the same, with what is meant spelt out:
//!
//! - `p(K, 3)` asks whether 3 lies below the value that is there: `p(K, V'), glb(V', 3) = 3`;
//! - `p(K, X), q(K, X)` asks for what lies below both: `p(K, X'), q(K, X''), X = glb(X'', X'), X != bottom`;
//! - `!p(K, 3)` asks whether the two have nothing in common: `(!p(K, _) ; p(K, V'), glb(V', 3) = bottom)`;
//! - `p(K, X)`, where `X` has no value from elsewhere and stands in no other such column, is the value.
//!
//! A column whose lattice lacks `Glb` or `Bottom` is a column like any other to conditions.

use super::alternatives::alternatives;
use super::variables::{Names, bound_beside, each_mention, has_value, names_of_term};
use crate::check::lattices::{Bounds, Lattices};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{Aggregate, Ast, Atom, Body, CompareOp, ItemKind, Literal, LiteralKind, Term, TermKind};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The trees with what their conditions ask of columns that join.
pub(in crate::check) fn spelt_out<'a>(
    asts: &'a [Ast],
    lattices: &Lattices,
    diagnostics: &mut Vec<Diagnostic>,
) -> Cow<'a, [Ast]> {
    if lattices.is_empty() {
        return Cow::Borrowed(asts);
    }
    let mut asts = asts.to_vec();
    for item in asts.iter_mut().flat_map(|ast| &mut ast.items) {
        match &mut item.kind {
            ItemKind::Rule(rule) => spell_out(&mut rule.body, lattices, diagnostics),
            ItemKind::Query(asked) | ItemKind::Constraint(asked) => spell_out(asked, lattices, diagnostics),
            ItemKind::Subsumption(subsumption) => {
                let mut around = Names::default();
                let rows = subsumption.lesser.args.iter().chain(&subsumption.greater.args);
                rows.for_each(|term| names_of_term(term, &mut around));
                Spelling::new(lattices, diagnostics).conjunction(&mut subsumption.body, &around);
            }
            _ => {}
        }
    }
    Cow::Owned(asts)
}

/// The most alternatives that a body with `;` is taken apart into.
const MAX_BRANCHES: usize = 1024;

/// Spells a body out.
pub(in crate::check) fn spell_out(body: &mut Body, lattices: &Lattices, diagnostics: &mut Vec<Diagnostic>) {
    if !asks_within(body, lattices) {
        return;
    }
    let is_asked = |literal: &Literal| matches!(literal.kind, LiteralKind::Or(_)) && asks(literal, lattices);
    let bodies = if body.iter().any(is_asked) { alternatives(body, MAX_BRANCHES) } else { Some(vec![body.clone()]) };
    let span = body[0].span.to(body[body.len() - 1].span);
    let Some(mut alternatives) = bodies else {
        return diagnostics.push(
            Diagnostic::new(Code::BadLattice, span, "too many alternatives ask for values that are joined")
                .label(format!("more than {MAX_BRANCHES}"))
                .help("let a rule of its own derive a part of this"),
        );
    };
    let mut spelling = Spelling::new(lattices, diagnostics);
    alternatives.iter_mut().for_each(|alternative| spelling.conjunction(alternative, &Names::default()));
    *body = match <[Body; 1]>::try_from(alternatives) {
        Ok([only]) => only,
        Err(several) => vec![Literal { kind: LiteralKind::Or(several), span }],
    };
}

/// Whether some condition asks for a value that is joined.
fn asks_within(body: &[Literal], lattices: &Lattices) -> bool {
    body.iter().any(|literal| asks(literal, lattices))
}

fn asks(literal: &Literal, lattices: &Lattices) -> bool {
    let within = |term: &Term| has_aggregate(term, &|aggregate| asks_within(&aggregate.body, lattices));
    match &literal.kind {
        LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
            !asked(atom, lattices).is_empty() || atom.args.iter().any(within)
        }
        LiteralKind::Compare { left, right, .. } => within(left) || within(right),
        LiteralKind::Or(branches) => branches.iter().any(|branch| asks_within(branch, lattices)),
    }
}

fn has_aggregate(term: &Term, is_it: &dyn Fn(&Aggregate) -> bool) -> bool {
    match &term.kind {
        TermKind::Aggregate(aggregate) => {
            is_it(aggregate) || aggregate.target.iter().any(|target| has_aggregate(target, is_it))
        }
        _ => term.parts().any(|part| has_aggregate(part, is_it)),
    }
}

/// A column of an atom that joins and is asked for.
#[derive(Clone, Copy)]
struct Asked<'l> {
    column: usize,
    bounds: Bounds<'l>,
}

fn asked<'l>(atom: &Atom, lattices: &'l Lattices) -> Vec<Asked<'l>> {
    let is_asked = |column: usize| atom.args.get(column).is_some_and(|arg| arg.kind != TermKind::Wildcard);
    let columns = lattices.columns(&atom.name.text).iter().filter(|column| is_asked(column.at));
    columns.filter_map(|column| Some(Asked { column: column.at, bounds: lattices.bounds(column)? })).collect()
}

/// What tells a variable that was made from the one that it stands beside.
const MARK: char = '\'';

/// Whether a variable was made here.
pub(in crate::check) fn is_made(name: &str) -> bool {
    name.contains(MARK)
}

/// Bodies on their way.
struct Spelling<'l, 'd> {
    lattices: &'l Lattices,
    diagnostics: &'d mut Vec<Diagnostic>,
    /// How many variables were made for each name.
    made: FxHashMap<String, usize>,
}

/// An argument of a body.
struct Place<'l> {
    literal: usize,
    asked: Asked<'l>,
}

impl<'l, 'd> Spelling<'l, 'd> {
    fn new(lattices: &'l Lattices, diagnostics: &'d mut Vec<Diagnostic>) -> Self {
        Self { lattices, diagnostics, made: FxHashMap::default() }
    }

    /// Spells out conditions that all have to hold, where some variables have values from outside.
    fn conjunction(&mut self, body: &mut Body, around: &Names) {
        let known = bound_beside(&without_asked(body, self.lattices), around);
        let all_known = bound_beside(body, around);
        let mut more = Vec::new();
        let mut open: IndexMap<String, Vec<Place<'l>>> = IndexMap::new();
        for (at, literal) in body.iter_mut().enumerate() {
            self.within(literal, &all_known);
            let span = literal.span;
            match &mut literal.kind {
                LiteralKind::Atom(atom) => {
                    for asked in asked(atom, self.lattices) {
                        let arg = &mut atom.args[asked.column];
                        match &arg.kind {
                            _ if has_value(arg, None, &known) => more.push(self.below(arg, asked)),
                            TermKind::Variable(name) => {
                                open.entry(name.clone()).or_default().push(Place { literal: at, asked });
                            }
                            _ => self.diagnostics.push(without_value(arg.span)),
                        }
                    }
                }
                LiteralKind::Not(atom) => {
                    let columns = asked(atom, self.lattices);
                    if !columns.is_empty() {
                        literal.kind = self.apart(atom, &columns, span);
                    }
                }
                LiteralKind::Compare { .. } | LiteralKind::Or(_) => {}
            }
        }
        for (name, places) in open.into_iter().filter(|(_, places)| places.len() > 1) {
            self.below_all(&name, &places, body, &mut more);
        }
        body.append(&mut more);
    }

    /// Spells out what stands within a literal: aggregates, and alternatives within these.
    fn within(&mut self, literal: &mut Literal, known: &Names) {
        match &mut literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                atom.args.iter_mut().for_each(|term| self.aggregates(term, known));
            }
            LiteralKind::Compare { left, right, .. } => {
                self.aggregates(left, known);
                self.aggregates(right, known);
            }
            LiteralKind::Or(branches) => branches.iter_mut().for_each(|branch| self.conjunction(branch, known)),
        }
    }

    fn aggregates(&mut self, term: &mut Term, known: &Names) {
        match &mut term.kind {
            TermKind::Aggregate(aggregate) => {
                aggregate.target.iter_mut().for_each(|target| self.aggregates(target, known));
                self.conjunction(&mut aggregate.body, known);
            }
            _ => term.parts_mut().for_each(|part| self.aggregates(part, known)),
        }
    }

    /// `p(K, 3)`
    fn below(&mut self, arg: &mut Term, asked: Asked<'l>) -> Literal {
        let there = self.variable(arg);
        let wanted = std::mem::replace(arg, there.clone());
        compare(CompareOp::Eq, asked.bounds.glb(there, wanted.clone()), wanted)
    }

    /// `!p(K, 3)`
    fn apart(&mut self, atom: &Atom, columns: &[Asked<'l>], span: Span) -> LiteralKind {
        let mut open = atom.clone();
        for column in self.lattices.columns(&atom.name.text) {
            open.args.get_mut(column.at).into_iter().for_each(|arg| arg.kind = TermKind::Wildcard);
        }
        let mut branches = vec![vec![Literal { kind: LiteralKind::Not(open.clone()), span }]];
        for Asked { column, bounds } in columns {
            let arg = &atom.args[*column];
            let there = self.variable(arg);
            let mut found = open.clone();
            found.args[*column] = there.clone();
            let nothing = compare(CompareOp::Eq, bounds.glb(there, arg.clone()), bounds.bottom(arg.span));
            branches.push(vec![Literal { kind: LiteralKind::Atom(found), span }, nothing]);
        }
        LiteralKind::Or(branches)
    }

    /// `p(K, X), q(K, X)`
    fn below_all(&mut self, name: &str, places: &[Place<'l>], body: &mut [Literal], more: &mut Body) {
        let first = &places[0];
        let span = argument(&mut body[first.literal], first.asked.column).map_or(Span::default(), |arg| arg.span);
        let mut mentioned = 0;
        let terms = body.iter().flat_map(Literal::terms);
        terms.for_each(|term| each_mention(term, &mut |other| mentioned += usize::from(other == name)));
        if mentioned > places.len() {
            return self.diagnostics.push(asked_more(name, span));
        }
        let bounds = first.asked.bounds;
        let mut below: Option<Term> = None;
        for Place { literal, asked } in places {
            let Some(arg) = argument(&mut body[*literal], asked.column) else { continue };
            let there = self.variable(arg);
            *arg = there.clone();
            below = Some(match below {
                None => there,
                Some(below) => bounds.glb(there, below),
            });
        }
        let it = || Term::variable(name, span);
        more.extend(below.map(|below| compare(CompareOp::Eq, it(), Term { span, ..below })));
        more.push(compare(CompareOp::Ne, it(), bounds.bottom(span)));
    }

    /// A variable for the value that is there: `X'` beside `X`.
    fn variable(&mut self, beside: &Term) -> Term {
        let base = if let TermKind::Variable(name) = &beside.kind { name.as_str() } else { "V" };
        let made = self.made.entry(base.to_owned()).or_default();
        *made += 1;
        Term::variable(format!("{base}{}", String::from(MARK).repeat(*made)), beside.span)
    }
}

fn compare(op: CompareOp, left: Term, right: Term) -> Literal {
    let span = right.span;
    Literal::compare(op, Term { span, ..left }, right, span)
}

fn argument(literal: &mut Literal, column: usize) -> Option<&mut Term> {
    match &mut literal.kind {
        LiteralKind::Atom(atom) => atom.args.get_mut(column),
        LiteralKind::Not(_) | LiteralKind::Compare { .. } | LiteralKind::Or(_) => None,
    }
}

/// A body without what it asks of columns that join, which gives nothing a value.
fn without_asked(body: &[Literal], lattices: &Lattices) -> Body {
    let mut body = body.to_vec();
    for literal in &mut body {
        match &mut literal.kind {
            LiteralKind::Atom(atom) => {
                for Asked { column, .. } in asked(atom, lattices) {
                    atom.args[column].kind = TermKind::Wildcard;
                }
            }
            LiteralKind::Or(branches) => {
                branches.iter_mut().for_each(|branch| *branch = without_asked(branch, lattices));
            }
            LiteralKind::Not(_) | LiteralKind::Compare { .. } => {}
        }
    }
    body
}

fn without_value(span: Span) -> Diagnostic {
    let message = "nothing gives this a value to compare with the one that is joined";
    Diagnostic::new(Code::BadLattice, span, message)
        .label("some part of it has no value")
        .help("name the joined value, `X`, and take it apart behind the atom: `X = …`")
}

fn asked_more(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` lies below several joined values, and more is asked of it");
    Diagnostic::new(Code::BadLattice, span, message)
        .label("the greatest value below all of them")
        .help("let a rule of its own derive it, and ask for more there")
}
