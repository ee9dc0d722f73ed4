//! Rules in Soufflé.
//!
//! In: a checked rule. Out: a clause of Soufflé's, and what has to be derived beside it. What a term needs to be known
//! stands in the body that the term belongs to: a record is taken apart by `R = [A, B]`, a divisor is not 0.

use super::functions::{Written, is_plain_pattern, written};
use super::names::Names;
use super::unsaid;
use super::values::{Known, each_term, is_sayable};
use crate::check::{
    Atom, CompareOp, Comparison, Literal, Program, RelationId, Rule, Term, Test, VarId, written as tree,
};
use crate::data::{Builtin, Function, IdVec, RecordField, Signature, Tag, Type, Value};
use crate::report::{Diagnostic, Span};
use crate::syntax::{self, ItemKind, LiteralKind, TermKind};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What the clauses of a program share.
pub(super) struct Writer<'a> {
    pub(super) program: &'a Program,
    /// What each relation is called.
    pub(super) relations: IdVec<RelationId, String>,
    /// What types of records and their branches are called.
    pub(super) of_types: FxHashMap<&'a str, String>,
    /// Every name of a relation or a type.
    pub(super) names: Names,
    pub(super) known: Known,
    /// What functions of libraries take and give.
    pub(super) functors: BTreeMap<String, Signature>,
    /// Relations that hold what an aggregate cannot, and their rules.
    pub(super) beside: Vec<ItemKind>,
    /// Whether floats are added up.
    pub(super) adds_floats: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Writer<'a> {
    /// A rule.
    pub(super) fn rule(&mut self, rule: &'a Rule) -> ItemKind {
        let mut clause = Clause::new(self, rule);
        let mut conditions = clause.body(&rule.body, Place::Rule);
        let args = rule.args.iter().map(|arg| clause.term(arg, &mut conditions)).collect();
        clause_of(atom(&self.relations[rule.head], args), conditions.settled())
    }

    /// Says that something cannot be said.
    pub(super) fn refuse(&mut self, span: Span, what: impl Into<String>, why: &str) {
        self.diagnostics.push(unsaid(span, what, why));
    }
}

/// A fact, or a rule where there are conditions.
pub(super) fn clause_of(head: syntax::Atom, body: Vec<syntax::Literal>) -> ItemKind {
    if body.is_empty() {
        ItemKind::Fact(syntax::Fact { atom: head, citations: Vec::new() })
    } else {
        ItemKind::Rule(syntax::Rule { head, body, orders: Vec::new() })
    }
}

/// A relation with arguments.
pub(super) fn atom(name: &str, args: Vec<syntax::Term>) -> syntax::Atom {
    let name = syntax::Name { text: name.to_owned(), span: Span::default() };
    syntax::Atom { name, args, citation: None, span: Span::default() }
}

pub(super) fn condition(kind: LiteralKind) -> syntax::Literal {
    syntax::Literal { kind, span: Span::default() }
}

pub(super) fn compare(op: CompareOp, left: syntax::Term, right: syntax::Term) -> syntax::Literal {
    condition(LiteralKind::Compare { op, left, right })
}

fn plain(kind: TermKind) -> syntax::Term {
    syntax::Term { kind, span: Span::default() }
}

fn call(name: &str, args: Vec<syntax::Term>) -> syntax::Term {
    plain(TermKind::Call { name: syntax::Name { text: name.to_owned(), span: Span::default() }, args })
}

fn number(number: i64) -> syntax::Term {
    tree::constant(Value::Number(number))
}

fn binary(op: &'static str, left: syntax::Term, right: syntax::Term) -> syntax::Term {
    plain(TermKind::Binary { op, left: Box::new(left), right: Box::new(right) })
}

/// Where conditions stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a rule, where `_` asks whether there is a row.
    Rule,
    /// In an aggregate, where each `_` counts.
    Aggregate,
}

/// Conditions that must all hold, as far as they are written.
pub(super) struct Conditions {
    pub(super) literals: Vec<syntax::Literal>,
    place: Place,
    /// The records that were taken apart, each with the literal that does it.
    apart: Vec<Apart>,
}

struct Apart {
    whole: syntax::Term,
    tag: Tag,
    literal: usize,
}

impl Conditions {
    pub(super) fn new(place: Place) -> Self {
        Self { literals: Vec::new(), place, apart: Vec::new() }
    }

    /// The conditions, those first that give values: Soufflé may look for a value before it comes to it.
    pub(super) fn settled(self) -> Vec<syntax::Literal> {
        let gives = |literal: &syntax::Literal| match &literal.kind {
            LiteralKind::Atom(atom) => !matches!(&*atom.name.text, "contains" | "match"),
            LiteralKind::Not(_) | LiteralKind::Compare { .. } | LiteralKind::Or(_) => false,
        };
        let (mut first, others): (Vec<_>, Vec<_>) = self.literals.into_iter().partition(gives);
        first.extend(others);
        first
    }
}

/// One rule, or one that is derived from a part of it.
pub(super) struct Clause<'w, 'a> {
    pub(super) writer: &'w mut Writer<'a>,
    pub(super) rule: &'a Rule,
    names: Names,
    variables: BTreeMap<VarId, String>,
    /// How often the rule speaks of each variable.
    mentions: FxHashMap<VarId, usize>,
    /// The bodies around what is written, the innermost last.
    pub(super) around: Vec<&'a [Literal]>,
}

impl<'w, 'a> Clause<'w, 'a> {
    pub(super) fn new(writer: &'w mut Writer<'a>, rule: &'a Rule) -> Self {
        let names = Names::keeping(rule.variables.iter().map(|variable| &*variable.name));
        let mut mentions = FxHashMap::default();
        each_term(rule, &mut |term| {
            if let Term::Variable(var) = term {
                *mentions.entry(*var).or_default() += 1;
            }
        });
        Self { writer, rule, names, variables: BTreeMap::new(), mentions, around: Vec::new() }
    }

    pub(super) fn body(&mut self, body: &'a [Literal], place: Place) -> Conditions {
        let mut conditions = Conditions::new(place);
        self.write(body, &mut conditions);
        conditions
    }

    /// Adds the conditions of a body to others.
    pub(super) fn write(&mut self, body: &'a [Literal], into: &mut Conditions) {
        self.around.push(body);
        for literal in body {
            self.literal(literal, into);
        }
        self.around.pop();
    }

    fn literal(&mut self, literal: &'a Literal, into: &mut Conditions) {
        let written = match literal {
            Literal::Atom(positive) => LiteralKind::Atom(self.atom(positive, into)),
            Literal::Absent(absent) => LiteralKind::Not(self.atom(absent, into)),
            Literal::Compare(comparison) => self.comparison(comparison, into),
            Literal::Test(test) => self.test(test, into),
            Literal::Aggregate(aggregate) => return self.aggregate(aggregate, into),
            Literal::Or(branches) => {
                let place = into.place;
                LiteralKind::Or(branches.iter().map(|branch| self.body(branch, place).settled()).collect())
            }
        };
        into.literals.push(condition(written));
    }

    fn atom(&mut self, written: &'a Atom, into: &mut Conditions) -> syntax::Atom {
        let args = written.args.iter().map(|arg| match arg {
            Term::Variable(var) if self.is_any(*var) && into.place == Place::Rule => tree::any(),
            arg => self.term(arg, into),
        });
        let args = args.collect();
        atom(&self.writer.relations[written.relation], args)
    }

    /// Whether a variable is a `_` that nothing else speaks of: not one that a record in its place is taken apart by.
    fn is_any(&self, var: VarId) -> bool {
        self.rule.variables[var].name == "_" && self.mentions[&var] == 1
    }

    fn comparison(&mut self, comparison: &'a Comparison, into: &mut Conditions) -> LiteralKind {
        let Comparison { op, left, right, ty, span } = comparison;
        if *ty == Type::Record && !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            self.writer.refuse(*span, "records are not ordered in Soufflé", "compares records");
        }
        LiteralKind::Compare { op: *op, left: self.term(left, into), right: self.term(right, into) }
    }

    fn test(&mut self, test: &'a Test, into: &mut Conditions) -> LiteralKind {
        let row = test.builtin.row();
        let args: Vec<_> = test.args.iter().map(|arg| self.term(arg, into)).collect();
        let compared = |from: syntax::Term, args: &[syntax::Term]| {
            let length = call("strlen", vec![args[0].clone()]);
            let part = call("substr", vec![args[1].clone(), from, length]);
            let op = if test.negated { CompareOp::Ne } else { CompareOp::Eq };
            LiteralKind::Compare { op, left: part, right: args[0].clone() }
        };
        match written(row) {
            Written::Start => return compared(number(0), &args),
            Written::End => {
                let [whole, part] = [&args[1], &args[0]].map(|text| call("strlen", vec![text.clone()]));
                return compared(binary("-", whole, part), &args);
            }
            Written::OneOf if !test.negated => {
                let mut args = args.into_iter();
                let value = args.next().unwrap_or_else(tree::any);
                return LiteralKind::Compare { op: CompareOp::Eq, left: value, right: call(row.name, args.collect()) };
            }
            Written::OneOf => {
                let what = format!("`{}` cannot be negated in Soufflé", row.name);
                self.writer.refuse(test.span, what, "it gives values there, and is no condition");
            }
            Written::Pattern => {
                let plain =
                    matches!(test.args.first(), Some(Term::Constant(Value::Symbol(text))) if is_plain_pattern(text));
                if !plain {
                    let why = "the two read only plain patterns alike: letters, `.`, `*`, `+`, `?`, `|`, `()`, `[]`";
                    self.writer.refuse(test.span, "this pattern may mean something else in Soufflé", why);
                }
            }
            Written::Refused(why) => {
                self.writer.refuse(test.span, format!("`{}` cannot be said in Soufflé", row.name), why)
            }
            _ => {}
        }
        let asked = atom(row.name, args);
        if test.negated { LiteralKind::Not(asked) } else { LiteralKind::Atom(asked) }
    }

    /// A term; what it needs is added to the conditions.
    pub(super) fn term(&mut self, term: &Term, into: &mut Conditions) -> syntax::Term {
        match term {
            Term::Variable(var) => tree::variable(self.variable(*var)),
            Term::Wildcard => tree::any(),
            Term::Constant(value) => {
                if !is_sayable(value) {
                    self.writer.refuse(self.rule.span, "a text holds a NUL", "Soufflé's texts end there");
                }
                self.writer.value(value)
            }
            Term::Call { function, args, span } => {
                let args: Vec<_> = args.iter().map(|arg| self.term(arg, into)).collect();
                match function {
                    Function::Builtin(builtin) => self.builtin(builtin.row(), args, *span, into),
                    Function::Make(shape) => self.writer.made(&shape.tag, args),
                    Function::Field(field) => self.field(field, args, into),
                    Function::Foreign(foreign) => {
                        self.writer.functors.insert(foreign.name.clone(), foreign.signature.clone());
                        self.writer.known.wide = true;
                        tree::call(function, args)
                    }
                }
            }
        }
    }

    /// What a variable is called.
    pub(super) fn variable(&mut self, var: VarId) -> String {
        if let Some(name) = self.variables.get(&var) {
            return name.clone();
        }
        let variable = &self.rule.variables[var];
        let name = match (variable.named, self.variables.values().any(|name| *name == variable.name)) {
            (true, false) => self.names.known(&variable.name),
            (true, true) => self.names.fresh(&variable.name),
            (false, _) => self.names.fresh("V"),
        };
        self.variables.insert(var, name.clone());
        name
    }

    /// A variable that the rule does not have.
    pub(super) fn fresh(&mut self, like: &str) -> syntax::Term {
        tree::variable(self.fresh_name(like))
    }

    /// The name of a variable that the rule does not have.
    pub(super) fn fresh_name(&mut self, like: &str) -> String {
        self.names.fresh(like)
    }

    fn builtin(
        &mut self,
        row: &Builtin,
        mut args: Vec<syntax::Term>,
        span: Span,
        into: &mut Conditions,
    ) -> syntax::Term {
        let how = written(row);
        let counts = matches!(how, Written::Bytes(_) | Written::Within | Written::Part { .. } | Written::Between);
        self.writer.known.wide |= matches!(row.result, Some(Type::Number | Type::Unsigned)) && !counts;
        if matches!(how, Written::Bytes(_) | Written::Within) && !self.writer.known.ascii {
            let what = format!("`{}` counts characters, and bytes in Soufflé", row.name);
            self.writer.refuse(span, what, "there are texts beyond ASCII");
        }
        match (how, &mut args[..]) {
            (Written::Named("-"), [_]) => plain(TermKind::Negative(Box::new(args.remove(0)))),
            (Written::Named(op @ ("+" | "-" | "*" | "/" | "^")), [left, right]) => {
                binary(op, left.clone(), right.clone())
            }
            (Written::Divided(op), [left, right]) => binary(op, left.clone(), divisor(right, row.params[1], into)),
            (Written::Argument, [_]) => args.remove(0),
            (Written::Part { from, length }, [day]) => {
                call("to_number", vec![call("substr", vec![day.clone(), number(from), number(length)])])
            }
            (Written::Moved(op), [days, day]) if row.params[0] == Type::Number => self.moved(op, day, days, into),
            (Written::Moved(op), [day, days]) => self.moved(op, day, days, into),
            (Written::Between, [later, earlier]) => self.between(later, earlier, into),
            (Written::Day, [year, month, day]) => self.date([year, month, day], into),
            (Written::Within, [text, from, length]) => {
                let end = binary("+", from.clone(), length.clone());
                let fits = [
                    compare(CompareOp::Ge, from.clone(), number(0)),
                    compare(CompareOp::Ge, length.clone(), number(0)),
                    compare(CompareOp::Le, end, call("strlen", vec![text.clone()])),
                ];
                into.literals.extend(fits);
                call("substr", args)
            }
            (Written::Refused(why), _) => {
                self.writer.refuse(span, format!("`{}` cannot be said in Soufflé", row.name), why);
                number(0)
            }
            (Written::Named(name) | Written::Bytes(name), _) => call(name, args),
            _ => call(row.name, args),
        }
    }

    /// A field of a record, which is taken apart once.
    fn field(&mut self, field: &RecordField, mut args: Vec<syntax::Term>, into: &mut Conditions) -> syntax::Term {
        let whole = args.remove(0);
        let tag = &field.shape.tag;
        let known = into.apart.iter().find(|apart| apart.whole == whole && apart.tag == *tag);
        let literal = known.map_or(into.literals.len(), |apart| apart.literal);
        if literal == into.literals.len() {
            let parts = field.shape.types.iter().map(|_| tree::any()).collect();
            let pattern = self.writer.made(tag, parts);
            into.literals.push(compare(CompareOp::Eq, whole.clone(), pattern));
            into.apart.push(Apart { whole, tag: tag.clone(), literal });
        }
        let mut part = self.fresh("F");
        let LiteralKind::Compare { right, .. } = &mut into.literals[literal].kind else { return part };
        if let TermKind::Record(parts) | TermKind::Branch { args: parts, .. } = &mut right.kind {
            match &parts[field.at].kind {
                TermKind::Wildcard => parts[field.at] = part.clone(),
                _ => part = parts[field.at].clone(),
            }
        }
        part
    }
}

/// A divisor that stops no run: Soufflé may divide before it looks at what keeps 0 out.
fn divisor(term: &syntax::Term, ty: Type, into: &mut Conditions) -> syntax::Term {
    let zero = if ty == Type::Unsigned { Value::Unsigned(0) } else { Value::Number(0) };
    if matches!(&term.kind, TermKind::Constant { value, .. } if *value != zero) {
        return term.clone();
    }
    into.literals.push(compare(CompareOp::Ne, term.clone(), tree::constant(zero)));
    binary("+", term.clone(), call("lnot", vec![term.clone()]))
}
