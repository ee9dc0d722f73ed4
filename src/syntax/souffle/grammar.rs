//! Soufflé's statements: facts, rules, subsumption, directives, and where components begin and end; and what is asked of
//! its programs, as in Entail's own language.
//!
//! In: a place among the tokens. Out: a [`Piece`] and the place behind it. A component is read as its head and its
//! end, with statements between them: so that a mistake within it costs one statement, and the stack holds.

use super::conditions::{atom, body};
use super::directives::{directive, join_orders};
use super::names::behind_annotations;
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::ast::{Atom, Body, Fact, Item, ItemKind, Rule, Subsumption, Term, TermKind};
use crate::syntax::components::component;
use crate::syntax::cursor::{Cursor, Parsed, Refusal, list, token};
use crate::syntax::grammar::asks;
use crate::syntax::literals::shorten;
use crate::syntax::pieces::Piece;
use crate::syntax::tokens::Kind;
use nom::Err;

/// One statement, with the sign that ends it.
pub(in crate::syntax) fn statement(input: Cursor<'_>) -> Parsed<'_, Piece> {
    let start = behind_annotations(input);
    match start.kind() {
        // An annotation of what is not there.
        Kind::Eof => Ok((start, Piece::Items(Vec::new()))),
        Kind::RightBrace => Ok((start.advance(), Piece::Close)),
        Kind::Directive if start.text() == ".comp" => {
            component(start.advance()).map(|(rest, component)| (rest, Piece::Open(component)))
        }
        Kind::Directive => {
            let (rest, kinds) = directive(start)?;
            let items = kinds.into_iter().map(|kind| Item { doc: None, span: place(start, rest, &kind), kind });
            Ok((rest, Piece::Items(items.collect())))
        }
        Kind::If => asked(start, ItemKind::Constraint),
        Kind::Ask => asked(start, ItemKind::Query),
        _ if asks(start) => {
            let (rest, body) = body(start)?;
            let (rest, _) = token(Kind::Question, "`,`, `;` or `?`")(rest)?;
            Ok((rest, one(ItemKind::Query(body), start, rest)))
        }
        Kind::Name => clause(start),
        _ => Err(start.expected("a clause")),
    }
}

/// `?- p(x).` and `:- p(x).`, which Soufflé does not have: how one asks, and says what may not be.
fn asked<'a>(start: Cursor<'a>, kind: fn(Body) -> ItemKind) -> Parsed<'a, Piece> {
    let (rest, body) = body(start.advance())?;
    let rest = dot(rest)?;
    Ok((rest, one(kind(body), start, rest)))
}

fn one(kind: ItemKind, start: Cursor<'_>, end: Cursor<'_>) -> Piece {
    Piece::Items(vec![Item { doc: None, kind, span: start.span_to(end) }])
}

/// Where an item of a directive stands: the directive if it says one thing, else from the name that it is about.
fn place(start: Cursor<'_>, end: Cursor<'_>, kind: &ItemKind) -> Span {
    let all = start.span_to(end);
    let first = start.advance().span();
    let name = match kind {
        ItemKind::Relation(decl) => decl.name.span,
        ItemKind::Io(directive) => directive.relation.span,
        _ => first,
    };
    if name == first { all } else { name.to(all) }
}

/// A fact, a rule for each head, or a subsumption.
fn clause(start: Cursor<'_>) -> Parsed<'_, Piece> {
    let (rest, heads) = list(Kind::Comma, |input| {
        let start = behind_annotations(input);
        atom(start).map(|(rest, atom)| (rest, *atom))
    })(start)?;
    match (&heads[..], rest.kind()) {
        ([_], Kind::LessEqual) => subsumption(start, rest, heads),
        (_, Kind::If) => rules(rest, heads),
        ([fact], Kind::Dot | Kind::Link) => match fact.args.iter().find_map(variable) {
            Some(variable) => Err(rest.refuse(with_variable(rest, variable))),
            None => {
                Ok((rest.advance(), Piece::Items(heads.into_iter().map(|atom| stated(atom, start, rest)).collect())))
            }
        },
        ([_], Kind::Tilde) => {
            let rest = rest.advance();
            let facts = heads.into_iter().map(|atom| Fact { atom, citations: Vec::new() });
            let items =
                facts.map(|fact| Item { doc: None, kind: ItemKind::Retraction(fact), span: start.span_to(rest) });
            Ok((rest, Piece::Items(items.collect())))
        }
        ([_], _) => Err(rest.expected("`.`, `:-` or `,`")),
        _ => Err(rest.expected("`,` or `:-`")),
    }
}

fn stated(atom: Atom, start: Cursor<'_>, dot: Cursor<'_>) -> Item {
    let kind = ItemKind::Fact(Fact { atom, citations: Vec::new() });
    Item { doc: None, kind, span: start.span_to(dot.advance()) }
}

/// The first variable of a term.
fn variable(term: &Term) -> Option<&Term> {
    match &term.kind {
        TermKind::Variable(_) | TermKind::Wildcard => Some(term),
        _ => term.parts().find_map(variable),
    }
}

fn with_variable(at: Cursor<'_>, variable: &Term) -> Diagnostic {
    let name = at.context.text_at(variable.span);
    Diagnostic::new(Code::FactWithVariable, variable.span, format!("`{}` has no value in a fact", shorten(name)))
        .label("a fact holds constants only")
        .help("quote a symbol: names are variables here")
}

/// `p(X), q(X) :- r(X).`
fn rules(at: Cursor<'_>, heads: Vec<Atom>) -> Parsed<'_, Piece> {
    let (rest, body) = body(behind_annotations(at.advance()))?;
    let (rest, orders) = join_orders(dot(rest)?)?;
    let item = |head: Atom| {
        let span = head.span.to(at.span_to(rest));
        let kind = ItemKind::Rule(Rule { head, body: body.clone(), orders: orders.clone() });
        Item { doc: None, kind, span }
    };
    Ok((rest, Piece::Items(heads.into_iter().map(item).collect())))
}

/// `p(X, A) <= p(X, B) :- A <= B.`
fn subsumption<'a>(start: Cursor<'a>, at: Cursor<'a>, mut heads: Vec<Atom>) -> Parsed<'a, Piece> {
    let (rest, greater) = atom(at.advance())?;
    let (rest, _) = token(Kind::If, "`:-` and when the first row gives way")(rest)?;
    let (rest, body) = body(behind_annotations(rest))?;
    let (rest, _) = join_orders(dot(rest)?)?;
    let lesser = heads.swap_remove(0);
    let kind = ItemKind::Subsumption(Subsumption { lesser, greater: *greater, body });
    Ok((rest, Piece::Items(vec![Item { doc: None, kind, span: start.span_to(rest) }])))
}

/// The end of a clause. A dot that touches the names around it ends one too, where no name goes on.
fn dot(input: Cursor<'_>) -> Result<Cursor<'_>, Err<Refusal>> {
    match input.kind() {
        Kind::Dot | Kind::Link => Ok(input.advance()),
        _ => Err(input.expected("`,`, `;` or `.`")),
    }
}
