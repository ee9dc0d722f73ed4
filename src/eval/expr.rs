//! Terms over a batch of bindings.
//!
//! In: a term and a [`Chunk`]. Out: a column of words, with a flag for each binding that has a value, and the
//! arithmetic faults met on the way.

use super::chunk::Chunk;
use super::limits::ArithmeticFault;
use super::machine::Machine;
use crate::check::CompareOp;
use crate::data::{Builtin, Fault, Float, Kernel, Notation, Type, Value, Word};
use crate::plan::{Call, Expr};
use std::borrow::Cow;

/// The values of a term.
pub(super) struct Evaluated<'c> {
    /// A word for each binding; without meaning where `alive` says so.
    pub(super) words: Cow<'c, [Word]>,
    /// Whether a binding has a value; all have where it is none.
    pub(super) alive: Option<Vec<bool>>,
}

/// A fault, and the binding that has it.
#[derive(Debug)]
pub(super) struct RowFault {
    pub(super) row: usize,
    pub(super) fault: ArithmeticFault,
}

impl Evaluated<'_> {
    fn is_alive(&self, row: usize) -> bool {
        self.alive.as_ref().is_none_or(|alive| alive[row])
    }

    /// Clears the flags of bindings without a value.
    pub(super) fn clear_dead(&self, flags: &mut [bool]) {
        if let Some(alive) = &self.alive {
            flags.iter_mut().zip(alive).for_each(|(flag, alive)| *flag &= alive);
        }
    }
}

impl Machine<'_> {
    /// The values of a term for every binding of a chunk.
    pub(super) fn evaluate<'c>(&self, expr: &Expr, chunk: &'c Chunk, faults: &mut Vec<RowFault>) -> Evaluated<'c> {
        match expr {
            Expr::Variable(var) => Evaluated { words: Cow::Borrowed(chunk.column(*var)), alive: None },
            Expr::Word(word) => Evaluated { words: Cow::Owned(vec![*word; chunk.len()]), alive: None },
            Expr::Call(call) => self.call(call, chunk, faults),
        }
    }

    fn call<'c>(&self, call: &Call, chunk: &'c Chunk, faults: &mut Vec<RowFault>) -> Evaluated<'c> {
        let args: Vec<Evaluated<'_>> = call.args.iter().map(|arg| self.evaluate(arg, chunk, faults)).collect();
        let row_of = call.builtin.row();
        let mut words = Vec::with_capacity(chunk.len());
        let mut alive = vec![true; chunk.len()];
        for row in 0..chunk.len() {
            let result =
                if args.iter().all(|arg| arg.is_alive(row)) { self.apply(row_of, &args, row) } else { Ok(None) };
            alive[row] = matches!(result, Ok(Some(_)));
            words.push(*result.as_ref().ok().and_then(Option::as_ref).unwrap_or(&Word(0)));
            if let Err(fault) = result {
                let operation = self.operation(row_of, &args, row);
                let fault = ArithmeticFault { rule: self.rule, span: call.span, operation, fault };
                faults.push(RowFault { row, fault });
            }
        }
        Evaluated { words: Cow::Owned(words), alive: Some(alive) }
    }

    /// One builtin on one binding.
    fn apply(&self, builtin: &Builtin, args: &[Evaluated<'_>], row: usize) -> Result<Option<Word>, Fault> {
        match (builtin.kernel, args) {
            (Kernel::Numbers(run), [a, b]) => {
                run(a.words[row].as_number(), b.words[row].as_number()).map(|number| Some(Word::number(number)))
            }
            (Kernel::Floats(run), [a, b]) => {
                let result = run(a.words[row].as_float().get(), b.words[row].as_float().get());
                Float::new(result).map(|float| Some(Word::float(float))).ok_or(Fault::NotFinite)
            }
            (Kernel::Numbers(_) | Kernel::Floats(_) | Kernel::Values(_) | Kernel::Test(_), args) => {
                let value = builtin.value(&self.values(builtin.params, args, row))?;
                Ok(value.map(|value| Word::encode(&value, self.symbols)))
            }
        }
    }

    /// The arguments of a builtin on one binding, as values.
    pub(super) fn values(&self, types: &[Type], args: &[Evaluated<'_>], row: usize) -> Vec<Value> {
        let symbols = self.symbols.read();
        args.iter().zip(types).map(|(arg, ty)| arg.words[row].decode(*ty, &symbols)).collect()
    }

    /// What was computed, as a user would write it.
    fn operation(&self, builtin: &Builtin, args: &[Evaluated<'_>], row: usize) -> String {
        written(builtin, &self.values(builtin.params, args, row))
    }

    /// Whether two words of a type compare like this, for each pair whose flag is set.
    pub(super) fn compare(&self, op: CompareOp, ty: Type, left: &[Word], right: &[Word], flags: &mut [bool]) {
        let pairs = flags.iter_mut().zip(left.iter().zip(right)).filter(|(flag, _)| **flag);
        if ty == Type::Symbol && !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            let symbols = self.symbols.read();
            let text = |word: &Word| symbols.text(word.as_symbol());
            pairs.for_each(|(flag, (a, b))| *flag = op.accepts(text(a).cmp(text(b))));
        } else {
            pairs.for_each(|(flag, (a, b))| *flag = op.accepts(a.cmp(b)));
        }
    }
}

fn written(builtin: &Builtin, args: &[Value]) -> String {
    let texts: Vec<String> = args.iter().map(Value::to_string).collect();
    match builtin.notation {
        Notation::Infix => texts.join(&format!(" {} ", builtin.name)),
        Notation::Prefix => format!("{}{}", builtin.name, texts.concat()),
        Notation::Call => format!("{}({})", builtin.name, texts.join(", ")),
    }
}
