//! Terms over a batch of bindings.
//!
//! In: a term and a [`Chunk`]. Out: a column of words, with a flag for each binding that has a value, and the
//! arithmetic faults met on the way.

use super::chunk::Chunk;
use super::limits::ArithmeticFault;
use super::machine::Machine;
use crate::check::CompareOp;
use crate::data::{Builtin, Fault, Float, Function, Kernel, Notation, Shape, Steps, Tag, Type, Value, Word};
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

/// What became of the arguments of a call for one binding.
fn outcome_of(args: &[Evaluated<'_>], row: usize) -> Outcome {
    args.iter().map(|arg| arg.outcome(row)).max().unwrap_or(Outcome::Value)
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
        let len = chunk.len();
        match &call.function {
            Function::Builtin(builtin) => {
                let builtin = builtin.row();
                self.each(call, &args, len, faults, |row| self.apply(builtin, &args, row))
            }
            Function::Make(shape) => {
                let made = self.made(shape, &args, len);
                self.each(call, &args, len, faults, |row| made[row].map(Some))
            }
            Function::Field(field) => {
                let table = self.symbols.read();
                let shape = table.records.find_shape(&field.shape);
                let [record] = &args[..] else { panic!("a field is that of one record") };
                let of =
                    |row: usize| table.records.fields(record.words[row]).filter(|(found, _)| Some(*found) == shape);
                self.each(call, &args, len, faults, |row| Ok(of(row).map(|(_, fields)| fields[field.at])))
            }
            Function::Foreign(_) => self.each(call, &args, len, faults, |row| {
                let value = call.function.value(&self.arguments(call, &args, row))?;
                Ok(value.map(|value| Word::encode(&value, self.symbols)))
            }),
        }
    }

    /// What a function makes of each binding whose arguments have values.
    fn each<'c>(
        &self,
        call: &Call,
        args: &[Evaluated<'_>],
        len: usize,
        faults: &mut Vec<RowFault>,
        run: impl Fn(usize) -> Result<Option<Word>, Fault>,
    ) -> Evaluated<'c> {
        let mut words = Vec::with_capacity(len);
        let mut outcomes = Vec::with_capacity(len);
        for row in 0..len {
            let (word, outcome) = match outcome_of(args, row) {
                outcome @ (Outcome::Fault | Outcome::Nothing) => (None, outcome),
                Outcome::Value => match run(row) {
                    Ok(Some(word)) => (Some(word), Outcome::Value),
                    Ok(None) => (None, Outcome::Nothing),
                    Err(fault) => {
                        faults.push(RowFault { row, fault: self.fault(call, args, row, fault) });
                        (None, Outcome::Fault)
                    }
                },
            };
            words.push(word.unwrap_or_default());
            outcomes.push(outcome);
        }
        let all = outcomes.iter().all(|outcome| *outcome == Outcome::Value);
        Evaluated { words: Cow::Owned(words), outcomes: (!all).then_some(outcomes) }
    }

    /// The record of each binding whose arguments have values. Those that are new are made together, since all others
    /// wait for it.
    fn made(&self, shape: &Shape, args: &[Evaluated<'_>], len: usize) -> Vec<Result<Word, Fault>> {
        let mut fields: Vec<Word> = Vec::with_capacity(args.len());
        let fill = |fields: &mut Vec<Word>, row: usize| {
            fields.clear();
            fields.extend(args.iter().map(|arg| arg.words[row]));
        };
        let mut made = vec![Ok(Word::default()); len];
        let mut new = Vec::new();
        {
            let table = self.symbols.read();
            let known = table.records.find_shape(shape);
            for row in (0..len).filter(|row| outcome_of(args, *row) == Outcome::Value) {
                fill(&mut fields, row);
                match known.and_then(|shape| table.records.find(shape, &fields)) {
                    Some(word) => made[row] = Ok(word),
                    None => new.push(row),
                }
            }
        }
        if !new.is_empty() {
            let mut table = self.symbols.write();
            let shape = table.records.shape(shape);
            for row in new {
                fill(&mut fields, row);
                made[row] = table.records.intern(shape, &fields);
            }
        }
        made
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
                Kernel::Numbers(_)
                | Kernel::Unsigned(_)
                | Kernel::Floats(_)
                | Kernel::Values(_)
                | Kernel::Test(_)
                | Kernel::OneOf(_),
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

    /// The values that a function of several has for one binding.
    pub(super) fn each_value(&self, builtin: &Builtin, given: &[Evaluated<'_>], row: usize) -> Steps {
        let values: Vec<Value> = {
            let symbols = self.symbols.read();
            let typed = given.iter().zip(&builtin.params[1..]);
            typed.map(|(arg, ty)| arg.words[row].decode(*ty, &symbols)).collect()
        };
        builtin.each(&values)
    }

    /// The arguments of a call on one binding, as values.
    fn arguments(&self, call: &Call, args: &[Evaluated<'_>], row: usize) -> Vec<Value> {
        let symbols = self.symbols.read();
        let typed = args.iter().enumerate();
        typed.map(|(at, arg)| arg.words[row].decode(call.function.param(at), &symbols)).collect()
    }

    /// A fault of a call on one binding, with what was computed as a user would write it.
    fn fault(&self, call: &Call, args: &[Evaluated<'_>], row: usize, fault: Fault) -> ArithmeticFault {
        let operation = written(&call.function, &self.arguments(call, args, row));
        ArithmeticFault { rule: self.rule, span: call.span, operation, fault }
    }

    /// Whether two words of a type compare like this, for each pair whose flag is set.
    pub(super) fn compare(&self, op: CompareOp, ty: Type, left: &[Word], right: &[Word], flags: &mut [bool]) {
        let pairs = flags.iter_mut().zip(left.iter().zip(right)).filter(|(flag, _)| **flag);
        if Word::is_ordered(ty) || matches!(op, CompareOp::Eq | CompareOp::Ne) {
            pairs.for_each(|(flag, (a, b))| *flag = op.accepts(a.cmp(b)));
        } else {
            let symbols = self.symbols.read();
            pairs.for_each(|(flag, (a, b))| *flag = op.accepts(a.compare(*b, ty, &symbols)));
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

/// A call with its arguments, as a user would write it.
pub(super) fn written(function: &Function, args: &[Value]) -> String {
    let texts: Vec<String> = args.iter().map(shown).collect();
    let builtin = match function {
        Function::Builtin(builtin) => builtin.row(),
        Function::Make(shape) => match &shape.tag {
            Tag::Branch(name) => return format!("${name}({})", texts.join(", ")),
            Tag::Nil | Tag::Plain => return format!("[{}]", texts.join(", ")),
        },
        Function::Field(field) => return format!("{}({})", field.name, texts.join(", ")),
        Function::Foreign(foreign) => return format!("@{}({})", foreign.name, texts.join(", ")),
    };
    match builtin.notation {
        Notation::Infix => texts.join(&format!(" {} ", builtin.name)),
        Notation::Prefix => format!("{}{}", builtin.name, texts.concat()),
        Notation::Call | Notation::OneOf => format!("{}({})", builtin.name, texts.join(", ")),
    }
}
