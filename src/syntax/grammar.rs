//! Text to tree: [`parse`].
//!
//! In: a text and the id that its places carry. Out: the tree, and every reason why a part of the text is missing
//! from it. Promises: never fails and never panics; work and memory are linear in the text, and the stack is bounded
//! whatever the text. A clause that is refused is left out whole; reading goes on behind its end.

use super::ast::{Ast, Fact, Item, ItemKind, Rule, Subsumption, Term, TermKind};
use super::components::component;
use super::conditions::{atom, body};
use super::cursor::{Context, Cursor, Parsed, Problem, separator, token};
use super::directives::directive;
use super::docs::attach;
use super::literals::shorten;
use super::pieces::{Piece, Pieces};
use super::souffle;
use super::terms::{capital, primary};
use super::tokens::{Kind, Lexed, lex};
use crate::data::Dialect;
use crate::report::{Code, Diagnostic, SourceId, Span};
use nom::Parser;
use nom::combinator::cut;
use nom::multi::separated_list1;

/// Reads a program in Entail's own language. Whatever could not be read is told, in the order of the text, and left out
/// of the tree.
pub fn parse(source: SourceId, text: &str) -> (Ast, Vec<Diagnostic>) {
    parse_in(Dialect::Entail, source, text)
}

/// Reads a program in one of the languages.
pub fn parse_in(dialect: Dialect, source: SourceId, text: &str) -> (Ast, Vec<Diagnostic>) {
    parse_file(dialect, source, "", text)
}

/// Reads a program that lies in a file of this name, which it may ask for.
pub fn parse_file(dialect: Dialect, source: SourceId, name: &str, text: &str) -> (Ast, Vec<Diagnostic>) {
    if u32::try_from(text.len()).is_err() {
        let span = Span { source, start: 0, end: 0 };
        let refusal = Diagnostic::new(Code::LimitReached, span, "a program text is shorter than 4 GiB");
        return (Ast::default(), vec![refusal.help("keep facts in `.csv` files, which may be of any size")]);
    }
    let (read, lexed): (Statement, Lexed) = match dialect {
        Dialect::Entail => (statement, lex(source, text)),
        Dialect::Souffle(_) => (souffle::statement, souffle::lex(source, text)),
    };
    let Lexed { tokens, comments, mut diagnostics } = lexed;
    let context = Context { source, name, text, tokens: &tokens, dialect };
    let mut pieces = Pieces::default();
    let mut start = Cursor::new(&context, 0);
    while start.kind() != Kind::Eof {
        match read(start) {
            Ok((rest, piece)) => {
                diagnostics.extend(pieces.take(piece, start.span_to(rest), start.index()));
                start = Cursor::new(&context, rest.index());
            }
            Err(refused) => {
                let problem = Problem::from(refused);
                let resume = behind_refused(start, problem.at, pieces.in_component());
                let at_the_end = Cursor::new(&context, problem.at).kind() == Kind::Eof;
                let refusal = problem.diagnostic(&context, start.index()).into_iter();
                diagnostics
                    .extend(refusal.map(|refusal| if at_the_end { unfinished(start, refusal) } else { refusal }));
                start = Cursor::new(&context, resume);
            }
        }
    }
    let (items, ends) = pieces.finish(&mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
    let Ast { items, comments } = attach(source, text, items, &comments);
    (ends.nest(items, comments), diagnostics)
}

/// Reads one statement, with the sign that ends it.
type Statement = for<'a> fn(Cursor<'a>) -> Parsed<'a, Piece>;

/// What is missing at the end of a text is told where the clause begins: there is nothing to see at the end.
fn unfinished(start: Cursor<'_>, refusal: Diagnostic) -> Diagnostic {
    if refusal.code != Code::UnexpectedToken {
        return refusal;
    }
    let help = refusal.help.clone().unwrap_or_else(|| "end the clause with `.`".into());
    Diagnostic { span: Some(start.span()), ..refusal }.label("this is never ended").help(help)
}

/// The token with which reading goes on: behind the end of the refused clause, or at the next directive. After an
/// unclosed text, and after a directive, which has no end of its own, it goes on with the next line. The end of a
/// component on a line of its own is not passed.
fn behind_refused(start: Cursor<'_>, refused: usize, in_component: bool) -> usize {
    let tokens = start.context.tokens;
    let mut line_ends_it = start.kind() == Kind::Directive;
    let mut at = refused.max(start.index());
    while let Some(token) = tokens.get(at).filter(|token| token.kind != Kind::Eof) {
        let behind_start = at > start.index();
        if behind_start && (token.kind == Kind::Directive || (line_ends_it && token.first_on_line)) {
            return at;
        }
        if behind_start && in_component && token.kind == Kind::RightBrace && token.first_on_line {
            return at;
        }
        at += 1;
        if token.kind.ends_clause() {
            // `...` is one mistake.
            return at + tokens.iter().skip(at).take_while(|token| token.kind.ends_clause()).count();
        }
        line_ends_it |= token.kind == Kind::Broken;
    }
    at
}

/// One item, with the sign that ends it; or where a component begins or ends.
fn statement(input: Cursor<'_>) -> Parsed<'_, Piece> {
    match input.kind() {
        Kind::RightBrace => return Ok((input.advance(), Piece::Close)),
        Kind::Directive if input.text() == ".comp" => {
            return component(input.advance()).map(|(rest, component)| (rest, Piece::Open(component)));
        }
        _ => {}
    }
    let (rest, kind) = item(input)?;
    Ok((rest, Piece::Items(vec![Item { doc: None, kind, span: input.span_to(rest) }])))
}

fn item(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    match input.kind() {
        Kind::Directive => directive(input),
        Kind::If => {
            let (rest, body) = body(input.advance())?;
            let (rest, _) = token(Kind::Dot, "`,`, `;` or `.`")(rest)?;
            Ok((rest, ItemKind::Constraint(body)))
        }
        Kind::Ask => {
            let (rest, body) = body(input.advance())?;
            let (rest, _) = token(Kind::Dot, "`,`, `;` or `.`")(rest)?;
            Ok((rest, ItemKind::Query(body)))
        }
        _ if asks(input) => {
            let (rest, body) = body(input)?;
            let (rest, _) = token(Kind::Question, "`,`, `;` or `?`")(rest)?;
            Ok((rest, ItemKind::Query(body)))
        }
        Kind::Name => clause(input),
        Kind::Variable if input.second() == Kind::LeftParen => Err(input.refuse(capital(input))),
        _ => Err(input.expected("a clause")),
    }
}

/// Whether the clause that begins here ends with `?`.
pub(super) fn asks(input: Cursor<'_>) -> bool {
    let ends = |kind: Kind| kind.ends_clause() || matches!(kind, Kind::Broken | Kind::Directive | Kind::Eof);
    let end = input.ahead().iter().find(|token| ends(token.kind));
    end.is_some_and(|end| end.kind == Kind::Question) && input.kind() != Kind::Question
}

/// A fact, a rule, a subsumption or a retraction.
fn clause(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    let (rest, head) = atom(input)?;
    match rest.kind() {
        Kind::If => {
            let (rest, body) = body(rest.advance())?;
            let (rest, _) = token(Kind::Dot, "`,`, `;` or `.`")(rest)?;
            Ok((rest, ItemKind::Rule(Rule { head: *head, body, orders: Vec::new() })))
        }
        Kind::LessEqual => {
            let (rest, greater) = atom(rest.advance())?;
            let (rest, _) = token(Kind::If, "`:-` and when the first row gives way")(rest)?;
            let (rest, body) = body(rest)?;
            let (rest, _) = token(Kind::Dot, "`,`, `;` or `.`")(rest)?;
            Ok((rest, ItemKind::Subsumption(Subsumption { lesser: *head, greater: *greater, body })))
        }
        Kind::At => {
            let citations = separated_list1(separator(Kind::Comma), cut(primary.map(|term| *term)));
            let (rest, citations) = { citations }.parse(rest.advance())?;
            fact(input, rest, Fact { atom: *head, citations }, "`,` or `.`")
        }
        _ => fact(input, rest, Fact { atom: *head, citations: Vec::new() }, "`.`, `:-`, `@` or `(`"),
    }
}

/// The end of a fact or a retraction.
fn fact<'a>(start: Cursor<'a>, end: Cursor<'a>, fact: Fact, expected: &'static str) -> Parsed<'a, ItemKind> {
    match end.kind() {
        Kind::Dot => match fact.atom.args.iter().chain(&fact.citations).find_map(variable) {
            Some(variable) => Err(end.refuse(with_variable(start, end, variable))),
            None => Ok((end.advance(), ItemKind::Fact(fact))),
        },
        Kind::Tilde => Ok((end.advance(), ItemKind::Retraction(fact))),
        Kind::If => Err(end.refuse(cited_rule(start, end))),
        Kind::Comma => Err(end.refuse(end.unexpected(expected).help("a question is written `?- p(X), q(X).`"))),
        _ => Err(end.expected(expected)),
    }
}

/// The first variable of a term.
fn variable(term: &Term) -> Option<&Term> {
    match &term.kind {
        TermKind::Variable(_) | TermKind::Wildcard => Some(term),
        _ => term.parts().find_map(variable),
    }
}

fn with_variable(start: Cursor<'_>, end: Cursor<'_>, variable: &Term) -> Diagnostic {
    let text = start.context.text_at(start.span_to(end));
    let name = start.context.text_at(variable.span);
    Diagnostic::new(Code::FactWithVariable, variable.span, format!("`{}` has no value in a fact", shorten(name)))
        .label("a fact holds constants only")
        .help(format!("did you mean `?- {}.`", shorten(text)))
}

fn cited_rule(start: Cursor<'_>, end: Cursor<'_>) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, start.span_to(end), "a rule rests on no claim of its own")
        .label("only facts are cited")
        .help("drop the `@` and what follows it; what is derived leads to the claims of the facts it came from")
}
