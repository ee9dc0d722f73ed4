//! Terms and conditions under a binding: what they are worth, and what a row makes of the variables.
//!
//! A term that has no value, or that faults, makes what it stands in fail: a model has been found, so no fault counts.

use crate::check::{Atom, CompareOp, Comparison, Rule, Term, Test, VarId};
use crate::data::{Function, Id, Type, Value, Word};
use crate::explain::ground::Ground;
use std::ops::ControlFlow;

/// What the variables of a rule stand for, as far as they are bound.
pub(in crate::explain) type Binding = Vec<Option<Word>>;

/// A rule over a model.
#[derive(Clone, Copy)]
pub(in crate::explain) struct Setting<'g, 'a> {
    pub(in crate::explain) ground: &'g Ground<'a>,
    pub(in crate::explain) rule: &'a Rule,
}

/// What a comparison makes of a binding.
pub(in crate::explain) enum Compared {
    Fails,
    Holds,
    Binds(VarId, Word),
}

impl<'a> Setting<'_, 'a> {
    /// No variable is bound.
    pub(in crate::explain) fn unbound(&self) -> Binding {
        vec![None; self.rule.variables.len()]
    }

    /// The value of a term whose variables are bound.
    pub(in crate::explain) fn value(&self, term: &Term, binding: &Binding) -> Option<Value> {
        match term {
            Term::Variable(var) => {
                let word = binding[var.index()].expect("a term is worth something once its variables are bound");
                Some(word.decode(self.rule.variables[*var].ty, &self.ground.symbols.read()))
            }
            Term::Constant(value) => Some(value.clone()),
            Term::Call { function, args, .. } => function.value(&self.values(args, binding)?).ok().flatten(),
            Term::Wildcard => panic!("`_` has no value"),
        }
    }

    fn values(&self, terms: &[Term], binding: &Binding) -> Option<Vec<Value>> {
        terms.iter().map(|term| self.value(term, binding)).collect()
    }

    /// The word of a term whose variables are bound.
    pub(in crate::explain) fn word(&self, term: &Term, binding: &Binding) -> Option<Word> {
        match term {
            Term::Variable(var) => binding[var.index()],
            Term::Constant(_) | Term::Call { .. } => {
                self.value(term, binding).map(|value| Word::encode(&value, self.ground.symbols))
            }
            Term::Wildcard => panic!("`_` has no value"),
        }
    }

    /// Whether all variables of a term are bound.
    pub(in crate::explain) fn is_bound(&self, term: &Term, binding: &Binding) -> bool {
        match term {
            Term::Variable(var) => binding[var.index()].is_some(),
            Term::Wildcard | Term::Constant(_) => true,
            Term::Call { args, .. } => args.iter().all(|arg| self.is_bound(arg, binding)),
        }
    }

    /// What is known of the rows that an atom may match; nothing where one of its terms has no value.
    pub(in crate::explain) fn pattern(&self, atom: &Atom, binding: &Binding) -> Option<Vec<Option<Word>>> {
        let known = |arg: &Term| match arg {
            Term::Wildcard => Some(None),
            arg if self.is_bound(arg, binding) => self.word(arg, binding).map(Some),
            Term::Variable(_) | Term::Constant(_) | Term::Call { .. } => Some(None),
        };
        atom.args.iter().map(known).collect()
    }

    /// Binds variables to what a row has in their places. Returns whether the row agrees, terms with unbound variables
    /// aside; `bound` is told of each variable.
    pub(in crate::explain) fn bind_row(
        &self,
        args: &[Term],
        row: &[Word],
        binding: &mut Binding,
        bound: &mut Vec<VarId>,
    ) -> bool {
        let agrees = args.iter().zip(row).all(|(arg, word)| match arg {
            Term::Wildcard | Term::Call { .. } => true,
            Term::Variable(var) if binding[var.index()].is_none() => {
                binding[var.index()] = Some(*word);
                bound.push(*var);
                true
            }
            Term::Variable(_) | Term::Constant(_) => self.word(arg, binding) == Some(*word),
        });
        // What is computed from variables of the row has to wait for all of them.
        let mut computed = args.iter().zip(row).filter(|(arg, _)| arg.is_call());
        agrees && computed.all(|(arg, word)| !self.is_bound(arg, binding) || self.word(arg, binding) == Some(*word))
    }

    /// The variable that a term is open in, and what it must be for the term to have this value: `X + 1 = 3` is `X = 2`.
    /// Nothing where the term is not a sum or a difference of whole numbers, open in one variable.
    pub(in crate::explain) fn inverted(&self, term: &Term, word: Word, binding: &Binding) -> Option<(VarId, Word)> {
        let Term::Call { function: Function::Builtin(builtin), args, .. } = term else { return None };
        let row = builtin.row();
        let [left, right] = &args[..] else { return None };
        if row.params != [Type::Number, Type::Number] {
            return None;
        }
        let number = |term: &Term| match self.is_bound(term, binding).then(|| self.value(term, binding)) {
            Some(Some(Value::Number(number))) => Some(number),
            Some(_) | None => None,
        };
        let wanted = word.as_number();
        let (open, value) = match (row.name, number(left), number(right)) {
            ("+", Some(known), None) => (right, wanted.checked_sub(known)?),
            ("+", None, Some(known)) => (left, wanted.checked_sub(known)?),
            ("-", Some(known), None) => (right, known.checked_sub(wanted)?),
            ("-", None, Some(known)) => (left, wanted.checked_add(known)?),
            _ => return None,
        };
        match open {
            Term::Variable(var) => Some((*var, Word::number(value))),
            Term::Call { .. } => self.inverted(open, Word::number(value), binding),
            Term::Wildcard | Term::Constant(_) => None,
        }
    }

    /// Whether a comparison can be decided, or binds a variable.
    pub(in crate::explain) fn is_decided(&self, comparison: &Comparison, binding: &Binding) -> bool {
        let Comparison { op, left, right, .. } = comparison;
        let [left_is_bound, right_is_bound] = [left, right].map(|side| self.is_bound(side, binding));
        let binds =
            |lone: &Term, other_is_bound| *op == CompareOp::Eq && lone_variable(lone).is_some() && other_is_bound;
        left_is_bound && right_is_bound || binds(left, right_is_bound) || binds(right, left_is_bound)
    }

    /// Whether both sides of a comparison have a value.
    pub(in crate::explain) fn has_values(&self, comparison: &Comparison, binding: &Binding) -> bool {
        let sides = [&comparison.left, &comparison.right];
        sides.iter().all(|side| self.is_bound(side, binding) && self.value(side, binding).is_some())
    }

    /// What a decided comparison makes of a binding.
    pub(in crate::explain) fn compare(&self, comparison: &Comparison, binding: &Binding) -> Compared {
        let Comparison { op, left, right, .. } = comparison;
        for (lone, other) in [(left, right), (right, left)] {
            if let Some(var) = lone_variable(lone).filter(|var| binding[var.index()].is_none()) {
                return self.word(other, binding).map_or(Compared::Fails, |word| Compared::Binds(var, word));
            }
        }
        let sides = self.value(left, binding).zip(self.value(right, binding));
        match sides.is_some_and(|(left, right)| op.accepts(left.cmp(&right))) {
            true => Compared::Holds,
            false => Compared::Fails,
        }
    }

    /// Whether a builtin predicate holds, or does not where it is negated.
    pub(in crate::explain) fn test(&self, test: &Test, binding: &Binding) -> bool {
        let args = self.values(&test.args, binding);
        args.is_some_and(|args| test.builtin.row().holds(&args) == Some(!test.negated))
    }

    /// The variable that a test gives values to, and the other arguments, where that is still to be done.
    pub(in crate::explain) fn given_by<'t>(&self, test: &'t Test, binding: &Binding) -> Option<(VarId, &'t [Term])> {
        let var = test.binds().filter(|var| binding[var.index()].is_none())?;
        let given = &test.args[1..];
        given.iter().all(|arg| self.is_bound(arg, binding)).then_some((var, given))
    }

    /// The values of a function of several, whose arguments are bound.
    pub(in crate::explain) fn each(&self, test: &Test, given: &[Term], binding: &Binding) -> Vec<Word> {
        let Some(given) = self.values(given, binding) else { return Vec::new() };
        test.builtin.row().each(&given).map(|value| Word::encode(&value, self.ground.symbols)).collect()
    }

    /// Whether no row is as a negated atom says. Not where one of its terms has no value.
    pub(in crate::explain) fn is_absent(&self, atom: &Atom, binding: &Binding) -> bool {
        let pattern = self.pattern(atom, binding);
        pattern.is_some_and(|pattern| !self.ground.any(atom.relation, &pattern))
    }

    /// The least row, by value, that a negated atom speaks of.
    pub(in crate::explain) fn blocker(&self, atom: &Atom, binding: &Binding) -> Option<Vec<Word>> {
        let mut least: Option<(Vec<Value>, Vec<Word>)> = None;
        let types: Vec<Type> =
            self.ground.program.relations[atom.relation].columns.iter().map(|column| column.ty).collect();
        let _ = self.ground.each(atom.relation, &self.pattern(atom, binding)?, &mut |row| {
            let table = self.ground.symbols.read();
            let values: Vec<Value> = row.iter().zip(&types).map(|(word, ty)| word.decode(*ty, &table)).collect();
            if least.as_ref().is_none_or(|(known, _)| values < *known) {
                least = Some((values, row.to_vec()));
            }
            ControlFlow::Continue(())
        });
        least.map(|(_, row)| row)
    }
}

/// The variable that a term is.
pub(in crate::explain) fn lone_variable(term: &Term) -> Option<VarId> {
    match term {
        Term::Variable(var) => Some(*var),
        Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
    }
}
