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
    /// A word for each binding; without meaning where there is no value.
    pub(super) words: Cow<'c, [Word]>,
    /// What became of each binding; all have a value where it is none.
    outcomes: Option<Vec<Outcome>>,
}

/// What became of a term for one binding. The greater counts where two meet in one literal: a term outside its domain
/// has no value whatever stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Value,
    Fault,
    Nothing,
}

/// A fault, and the binding that has it.
#[derive(Debug)]
pub(super) struct RowFault {
    pub(super) row: usize,
    pub(super) fault: ArithmeticFault,
}

impl Evaluated<'_> {
    fn outcome(&self, row: usize) -> Outcome {
        self.outcomes.as_ref().map_or(Outcome::Value, |outcomes| outcomes[row])
    }
}

/// The bindings for which all terms of a literal have values. Keeps of the faults those that are what became of their
/// binding.
pub(super) fn settle(len: usize, terms: &[Evaluated<'_>], faults: &mut Vec<RowFault>) -> Vec<bool> {
    if terms.iter().all(|term| term.outcomes.is_none()) {
        return vec![true; len];
    }
    let worst = |row| terms.iter().map(|term| term.outcome(row)).max().unwrap_or(Outcome::Value);
    faults.retain(|fault| worst(fault.row) == Outcome::Fault);
    (0..len).map(|row| worst(row) == Outcome::Value).collect()
}

impl Machine<'_> {
    /// The values of a term for every binding of a chunk.
    pub(super) fn evaluate<'c>(&self, expr: &Expr, chunk: &'c Chunk, faults: &mut Vec<RowFault>) -> Evaluated<'c> {
        match expr {
            Expr::Variable(var) => Evaluated { words: Cow::Borrowed(chunk.column(*var)), outcomes: None },
            Expr::Word(word) => Evaluated { words: Cow::Owned(vec![*word; chunk.len()]), outcomes: None },
            Expr::Call(call) => self.call(call, chunk, faults),
        }
    }

    fn call<'c>(&self, call: &Call, chunk: &'c Chunk, faults: &mut Vec<RowFault>) -> Evaluated<'c> {
        let args: Vec<Evaluated<'_>> = call.args.iter().map(|arg| self.evaluate(arg, chunk, faults)).collect();
        let builtin = call.builtin.row();
        let mut words = Vec::with_capacity(chunk.len());
        let mut outcomes = Vec::with_capacity(chunk.len());
        for row in 0..chunk.len() {
            let of_args = args.iter().map(|arg| arg.outcome(row)).max().unwrap_or(Outcome::Value);
            let (word, outcome) = match of_args {
                Outcome::Fault | Outcome::Nothing => (None, of_args),
                Outcome::Value => match self.apply(builtin, &args, row) {
                    Ok(Some(word)) => (Some(word), Outcome::Value),
                    Ok(None) => (None, Outcome::Nothing),
                    Err(fault) => {
                        let operation = self.operation(builtin, &args, row);
                        let fault = ArithmeticFault { rule: self.rule, span: call.span, operation, fault };
                        faults.push(RowFault { row, fault });
                        (None, Outcome::Fault)
                    }
                },
            };
            words.push(word.unwrap_or_default());
            outcomes.push(outcome);
        }
        Evaluated { words: Cow::Owned(words), outcomes: Some(outcomes) }
    }

    /// One builtin on one binding.
    fn apply(&self, builtin: &Builtin, args: &[Evaluated<'_>], row: usize) -> Result<Option<Word>, Fault> {
        match (builtin.kernel, args) {
            (Kernel::Numbers(run), [a, b]) => {
                run(a.words[row].as_number(), b.words[row].as_number()).map(|number| Some(Word::number(number)))
            }
            (Kernel::Unsigned(run), [a, b]) => {
                let result = run(a.words[row].as_unsigned(), b.words[row].as_unsigned());
                result.map(|number| Some(Word::unsigned(number)))
            }
            (Kernel::Floats(run), [a, b]) => {
                let result = run(a.words[row].as_float().get(), b.words[row].as_float().get());
                Float::new(result).map(|float| Some(Word::float(float))).ok_or(Fault::NotFinite)
            }
            (
                Kernel::Numbers(_) | Kernel::Unsigned(_) | Kernel::Floats(_) | Kernel::Values(_) | Kernel::Test(_),
                args,
            ) => {
                let value = builtin.value(&self.values(builtin, args, row))?;
                Ok(value.map(|value| Word::encode(&value, self.symbols)))
            }
        }
    }

    /// The arguments of a builtin on one binding, as values.
    pub(super) fn values(&self, builtin: &Builtin, args: &[Evaluated<'_>], row: usize) -> Vec<Value> {
        let symbols = self.symbols.read();
        let typed = args.iter().enumerate().filter_map(|(at, arg)| Some((arg, builtin.param(at)?)));
        typed.map(|(arg, ty)| arg.words[row].decode(ty, &symbols)).collect()
    }

    /// What was computed, as a user would write it.
    fn operation(&self, builtin: &Builtin, args: &[Evaluated<'_>], row: usize) -> String {
        written(builtin, &self.values(builtin, args, row))
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

/// A value in a message: long texts are cut.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Symbol(text) if text.len() > LONGEST => format!("{}…", &text[..text.floor_char_boundary(LONGEST)]),
        value => value.to_string(),
    }
}

fn written(builtin: &Builtin, args: &[Value]) -> String {
    let texts: Vec<String> = args.iter().map(shown).collect();
    match builtin.notation {
        Notation::Infix => texts.join(&format!(" {} ", builtin.name)),
        Notation::Prefix => format!("{}{}", builtin.name, texts.concat()),
        Notation::Call => format!("{}({})", builtin.name, texts.join(", ")),
    }
}
