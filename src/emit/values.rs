//! Constants in Soufflé, and whether its numbers need 64 bits for them.

use crate::check::{Literal, Rule, Term};
use crate::data::{Type, Value};

/// What is known of the numbers and texts of a program.
#[derive(Debug)]
pub(super) struct Known {
    /// Something needs numbers of 64 bits: arithmetic, floats, or a number that is large.
    pub(super) wide: bool,
    /// Every text is of ASCII, so that its bytes are its characters.
    pub(super) ascii: bool,
}

impl Default for Known {
    fn default() -> Self {
        Self { wide: false, ascii: true }
    }
}

impl Known {
    /// Takes note of a value.
    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Symbol(text) => self.ascii &= text.is_ascii(),
            Value::Number(number) => self.wide |= i32::try_from(*number).is_err(),
            Value::Unsigned(number) => self.wide |= i32::try_from(*number).is_err(),
            Value::Float(_) => self.wide = true,
            Value::Date(_) => {}
            Value::Record(record) => record.fields().iter().for_each(|field| self.value(field)),
        }
    }

    /// Takes note of the constants and variables of a rule.
    pub(super) fn rule(&mut self, rule: &Rule) {
        rule.variables.iter().for_each(|variable| self.ty(variable.ty));
        each_term(rule, &mut |term| {
            if let Term::Constant(value) = term {
                self.value(value);
            }
        });
    }

    /// Takes note of the type of a column.
    pub(super) fn ty(&mut self, ty: Type) {
        self.wide |= ty == Type::Float;
    }
}

/// Calls `visit` with every term of a rule, and with those that they are made of.
pub(super) fn each_term<'a>(rule: &'a Rule, visit: &mut impl FnMut(&'a Term)) {
    rule.args.iter().for_each(|arg| each_within(arg, visit));
    each_of_body(&rule.body, visit);
}

/// The same of a body.
pub(super) fn each_of_body<'a>(body: &'a [Literal], visit: &mut impl FnMut(&'a Term)) {
    for literal in body {
        literal.terms().into_iter().for_each(|term| each_within(term, visit));
        match literal {
            Literal::Aggregate(aggregate) => {
                aggregate.target.iter().for_each(|target| each_within(target, visit));
                each_of_body(&aggregate.body, visit);
            }
            Literal::Or(branches) => branches.iter().for_each(|branch| each_of_body(branch, visit)),
            Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {}
        }
    }
}

/// The same of a term.
pub(super) fn each_within<'a>(term: &'a Term, visit: &mut impl FnMut(&'a Term)) {
    visit(term);
    if let Term::Call { args, .. } = term {
        args.iter().for_each(|arg| each_within(arg, visit));
    }
}

/// Whether a text holds what no text of Soufflé's can.
pub(super) fn is_sayable(value: &Value) -> bool {
    match value {
        Value::Symbol(text) => !text.contains('\0'),
        Value::Record(record) => record.fields().iter().all(is_sayable),
        Value::Number(_) | Value::Unsigned(_) | Value::Float(_) | Value::Date(_) => true,
    }
}

/// What a column of this type is declared as, records aside: a day is the text of it.
pub(super) fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Date => Type::Symbol.name(),
        Type::Symbol | Type::Number | Type::Unsigned | Type::Float | Type::Record => ty.name(),
    }
}
