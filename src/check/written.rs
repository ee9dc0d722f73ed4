//! Checked parts as they could be written: the way back from ids to a tree that prints itself.
//!
//! In: a part of a checked program, and what stands for its variables. Out: a tree of [`syntax`].

use super::{Aggregate, Atom, Literal, Program, RelationId, Role, Term, VarId};
use crate::data::{BuiltinId, Function, Notation, Tag, Value};
use crate::report::Span;
use crate::syntax::{self, CompareOp, LiteralKind, Name, TermKind};

/// What stands for a variable.
pub type Standin<'s> = dyn FnMut(VarId) -> syntax::Term + 's;

/// `_`
pub fn any() -> syntax::Term {
    plain(TermKind::Wildcard)
}

/// A variable of this name.
pub fn variable(name: String) -> syntax::Term {
    plain(TermKind::Variable(name))
}

/// A value.
pub fn constant(value: Value) -> syntax::Term {
    plain(TermKind::Constant { value, spelling: None })
}

/// A function with arguments, as a program writes it. A field of a record is written as a function of its name.
pub fn call(function: &Function, args: Vec<syntax::Term>) -> syntax::Term {
    let row = match function {
        Function::Builtin(builtin) => builtin.row(),
        Function::Make(shape) => return plain(made(&shape.tag, args)),
        Function::Field(field) => return plain(TermKind::Call { name: name(&field.name), args }),
        Function::Foreign(foreign) => return plain(TermKind::Foreign { name: name(&foreign.name), args }),
    };
    plain(match (row.notation, <[syntax::Term; 2]>::try_from(args)) {
        (Notation::Infix, Ok([left, right])) => {
            TermKind::Binary { op: row.name, left: Box::new(left), right: Box::new(right) }
        }
        (Notation::Prefix, Err(mut args)) if args.len() == 1 => TermKind::Negative(Box::new(args.remove(0))),
        (_, args) => TermKind::Call { name: name(row.name), args: args.map_or_else(|args| args, Vec::from) },
    })
}

fn made(tag: &Tag, args: Vec<syntax::Term>) -> TermKind {
    match tag {
        Tag::Nil => TermKind::Nil,
        Tag::Plain => TermKind::Record(args),
        Tag::Branch(branch) => TermKind::Branch { name: name(branch), args },
    }
}

/// A term.
pub fn term(term: &Term, standin: &mut Standin<'_>) -> syntax::Term {
    match term {
        Term::Variable(var) => standin(*var),
        Term::Wildcard => any(),
        Term::Constant(value) => constant(value.clone()),
        Term::Call { function, args, .. } => call(function, args.iter().map(|arg| self::term(arg, standin)).collect()),
    }
}

/// A relation with arguments: `p(X, a)`, `p(X) @ C`.
pub fn atom(program: &Program, relation: RelationId, mut args: Vec<syntax::Term>) -> syntax::Atom {
    let found = &program.relations[relation];
    let (of, citation) = match found.role {
        Role::Citations(of) => (&program.relations[of], args.pop().map(Box::new)),
        Role::CameUp(of) => (&program.relations[of], None),
        Role::Named | Role::Query | Role::Constraint | Role::Auxiliary | Role::GivingWay(_) => (found, None),
    };
    syntax::Atom { name: name(&of.name), args, citation, span: Span::default() }
}

/// A body. An aggregate for whose result an aggregate stands in is written there, and not by itself.
pub fn body(program: &Program, body: &[Literal], standin: &mut Standin<'_>) -> Vec<syntax::Literal> {
    let mut written = Vec::new();
    for literal in body {
        let stands_elsewhere = match literal {
            Literal::Aggregate(aggregate) => matches!(standin(aggregate.result).kind, TermKind::Aggregate(_)),
            _ => false,
        };
        if !stands_elsewhere {
            written.push(self::literal(program, literal, standin));
        }
    }
    written
}

/// An aggregate as a term.
pub fn aggregate(program: &Program, aggregate: &Aggregate, standin: &mut Standin<'_>) -> syntax::Term {
    let target = aggregate.target.as_ref().map(|target| term(target, standin));
    let body = self::body(program, &aggregate.body, standin);
    plain(TermKind::Aggregate(Box::new(syntax::Aggregate { op: aggregate.op, target, body })))
}

/// One condition of a body.
pub fn literal(program: &Program, literal: &Literal, standin: &mut Standin<'_>) -> syntax::Literal {
    let atom = |atom: &Atom, standin: &mut Standin<'_>| {
        let args = atom.args.iter().map(|arg| term(arg, standin)).collect();
        self::atom(program, atom.relation, args)
    };
    let kind = match literal {
        Literal::Atom(positive) => LiteralKind::Atom(atom(positive, standin)),
        Literal::Absent(absent) => LiteralKind::Not(atom(absent, standin)),
        Literal::Compare(comparison) => LiteralKind::Compare {
            op: comparison.op,
            left: term(&comparison.left, standin),
            right: term(&comparison.right, standin),
        },
        Literal::Test(test) => {
            return self::test(test.builtin, test.args.iter().map(|arg| term(arg, standin)).collect(), test.negated);
        }
        Literal::Aggregate(aggregate) => LiteralKind::Compare {
            op: CompareOp::Eq,
            left: standin(aggregate.result),
            right: self::aggregate(program, aggregate, standin),
        },
        Literal::Or(branches) => {
            LiteralKind::Or(branches.iter().map(|branch| self::body(program, branch, standin)).collect())
        }
    };
    syntax::Literal { kind, span: Span::default() }
}

/// A builtin predicate as a condition: `contains("a", X)`, `X = range(1, 9)`.
pub fn test(builtin: BuiltinId, mut args: Vec<syntax::Term>, negated: bool) -> syntax::Literal {
    let row = builtin.row();
    let kind = match (row.notation, negated) {
        (Notation::OneOf, _) => {
            let left = args.remove(0);
            let right = plain(TermKind::Call { name: name(row.name), args });
            LiteralKind::Compare { op: CompareOp::Eq, left, right }
        }
        (Notation::Infix | Notation::Prefix | Notation::Call, _) => {
            let atom = syntax::Atom { name: name(row.name), args, citation: None, span: Span::default() };
            if negated { LiteralKind::Not(atom) } else { LiteralKind::Atom(atom) }
        }
    };
    syntax::Literal { kind, span: Span::default() }
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn plain(kind: TermKind) -> syntax::Term {
    syntax::Term { kind, span: Span::default() }
}
