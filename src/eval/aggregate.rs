//! Aggregates: one batch of bindings, grouped, the body run once for all groups.

use super::chunk::Chunk;
use super::expr::{RowFault, settle};
use super::limits::{ArithmeticFault, Stopped};
use super::machine::{Machine, Sink, kept};
use crate::check::{AggregateOp, VarId};
use crate::data::{Column, Fault, Type, Word};
use crate::plan::{Aggregate, Expr, Pipeline, Step};
use crate::store::Rows;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Range;

/// The aggregates of groups that were met before, by aggregate and group.
pub(super) type Memo = RefCell<FxHashMap<*const (), FxHashMap<Vec<Word>, Outcome>>>;

/// What an aggregate is for one group.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    Value(Word),
    /// Of nothing there is no least, no greatest and no mean.
    Nothing,
    Fault(ArithmeticFault),
}

impl Machine<'_> {
    /// The value for every binding of a chunk, and whether it has one.
    pub(super) fn aggregate(
        &self,
        step: &Step<'_>,
        aggregate: &Aggregate<'_>,
        chunk: &Chunk,
        sink: &mut dyn Sink,
    ) -> Result<(Vec<Word>, Vec<bool>), Stopped> {
        let id = std::ptr::from_ref(aggregate).cast();
        let keys: Vec<Vec<Word>> =
            (0..chunk.len()).map(|row| aggregate.group.iter().map(|var| chunk.column(*var)[row]).collect()).collect();
        self.evaluate_groups(aggregate, id, &keys)?;
        let memo = self.memo.borrow();
        let outcomes = &memo[&id];
        let (mut values, mut flags, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (row, key) in keys.iter().enumerate() {
            let outcome = &outcomes[key];
            values.push(if let Outcome::Value(word) = outcome { *word } else { Word(0) });
            flags.push(matches!(outcome, Outcome::Value(_)));
            if let Outcome::Fault(fault) = outcome {
                faults.push(RowFault { row, fault: fault.clone() });
            }
        }
        drop(memo);
        self.weigh(step, chunk, faults, sink)?;
        Ok((values, flags))
    }

    /// Evaluates the groups that were not met before.
    fn evaluate_groups(&self, aggregate: &Aggregate<'_>, id: *const (), keys: &[Vec<Word>]) -> Result<(), Stopped> {
        let mut fresh: Vec<Vec<Word>> = {
            let mut memo = self.memo.borrow_mut();
            let known = memo.entry(id).or_default();
            keys.iter().filter(|key| !known.contains_key(*key)).cloned().collect()
        };
        fresh.sort_unstable();
        fresh.dedup();
        if fresh.is_empty() {
            return Ok(());
        }
        let outcomes = self.outcomes(aggregate, &fresh)?;
        let mut memo = self.memo.borrow_mut();
        memo.entry(id).or_default().extend(fresh.into_iter().zip(outcomes));
        Ok(())
    }

    fn outcomes(&self, aggregate: &Aggregate<'_>, groups: &[Vec<Word>]) -> Result<Vec<Outcome>, Stopped> {
        let Some(rank) = &aggregate.rank else { return self.group_by_group(aggregate, groups) };
        let counts = self.counts(aggregate, rank, groups)?;
        let others = groups.iter().zip(&counts).filter(|(_, count)| count.is_none());
        let others: Vec<Vec<Word>> = others.map(|(group, _)| group.clone()).collect();
        let mut others = self.group_by_group(aggregate, &others)?.into_iter();
        let outcome =
            |count: Option<Outcome>| count.or_else(|| others.next()).expect("all other groups were looked at");
        Ok(counts.into_iter().map(outcome).collect())
    }

    fn group_by_group(&self, aggregate: &Aggregate<'_>, groups: &[Vec<Word>]) -> Result<Vec<Outcome>, Stopped> {
        let found = self.found(&aggregate.body, aggregate.group_number, &aggregate.group, groups)?;
        let outcome = |(fault, range): (&Option<ArithmeticFault>, Range<usize>)| match fault {
            Some(fault) => Outcome::Fault(fault.clone()),
            None => self.outcome(aggregate, &found.rows, range),
        };
        Ok(found.faults.iter().zip(found.ranges()).map(outcome).collect())
    }

    /// What a body lets through for each of several groups. The first column of its output is `number`, that of the group.
    pub(super) fn found(
        &self,
        body: &Pipeline<'_>,
        number: VarId,
        group: &[VarId],
        groups: &[Vec<Word>],
    ) -> Result<Found, Stopped> {
        let mut seeds = Chunk::of_rows(body.types.len(), group, groups);
        seeds.set(number, (0..groups.len() as u64).map(Word).collect());
        let found = Found { rows: Rows::new(body.output.len()), faults: vec![None; groups.len()] };
        let mut gathering = Gathering { machine: self, output: &body.output, number, found };
        self.run(&body.steps, seeds, &mut gathering)?;
        let mut found = gathering.found;
        self.watch.braked(self.rule, |brake| found.rows.sort(brake))?;
        Ok(found)
    }

    /// The aggregate of the rows of one group, which are sorted by what is aggregated.
    fn outcome(&self, aggregate: &Aggregate<'_>, rows: &Rows, range: Range<usize>) -> Outcome {
        let values: Vec<Word> =
            aggregate.target.map_or_else(Vec::new, |target| rows.column(target).words(range.clone()).collect());
        let value = match aggregate.op {
            AggregateOp::Count => Ok(Some(Word::number(i64::try_from(range.len()).expect("rows fit in memory")))),
            AggregateOp::Sum => sum(aggregate, &values).map(Some),
            AggregateOp::Mean => mean(aggregate, &values),
            AggregateOp::Min => Ok(self.extreme(aggregate.ty, &values, values.first(), std::cmp::Ordering::is_lt)),
            AggregateOp::Max => Ok(self.extreme(aggregate.ty, &values, values.last(), std::cmp::Ordering::is_gt)),
        };
        match value {
            Ok(Some(word)) => Outcome::Value(word),
            Ok(None) => Outcome::Nothing,
            Err(fault) => {
                let operation = format!("{} of {} values", aggregate.op.name(), values.len());
                let span = aggregate.span;
                Outcome::Fault(ArithmeticFault { rule: self.rule, span, operation, fault })
            }
        }
    }

    /// The least or greatest value: words are in order of value, but those of symbols and records are not.
    fn extreme(
        &self,
        ty: Type,
        values: &[Word],
        by_word: Option<&Word>,
        wins: fn(std::cmp::Ordering) -> bool,
    ) -> Option<Word> {
        if Word::is_ordered(ty) {
            return by_word.copied();
        }
        let symbols = self.symbols.read();
        values.iter().copied().reduce(|best, word| if wins(word.compare(best, ty, &symbols)) { word } else { best })
    }
}

fn sum(aggregate: &Aggregate<'_>, values: &[Word]) -> Result<Word, Fault> {
    let Aggregate { ty, dialect, .. } = *aggregate;
    match ty {
        Type::Float => dialect.float(float_sum(values)).map(Word::float),
        Type::Unsigned => dialect.unsigned(exact_sum(ty, values)).map(Word::unsigned),
        Type::Symbol | Type::Number | Type::Date | Type::Record => {
            dialect.number(exact_sum(ty, values)).map(Word::number)
        }
    }
}

fn mean(aggregate: &Aggregate<'_>, values: &[Word]) -> Result<Option<Word>, Fault> {
    let Aggregate { ty, dialect, .. } = *aggregate;
    if values.is_empty() {
        return Ok(None);
    }
    let total = if ty == Type::Float { float_sum(values) } else { exact_sum(ty, values) as f64 };
    dialect.float(total / values.len() as f64).map(|mean| Some(Word::float(mean)))
}

fn exact_sum(ty: Type, values: &[Word]) -> i128 {
    let exact = |word: &Word| match ty {
        Type::Unsigned => i128::from(word.as_unsigned()),
        _ => i128::from(word.as_number()),
    };
    values.iter().map(exact).sum()
}

/// In the order given, which is ascending: floats do not add up the same way in every order.
fn float_sum(values: &[Word]) -> f64 {
    values.iter().map(|word| word.as_float().get()).sum()
}

/// What a body lets through.
pub(super) struct Found {
    /// Sorted, and so in order of the groups.
    pub(super) rows: Rows,
    /// The least fault of each group that has one.
    pub(super) faults: Vec<Option<ArithmeticFault>>,
}

impl Found {
    /// The rows of each group.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = 0;
        (0..self.faults.len()).map(move |group| {
            let end = self.rows.column(0).gallop(start..self.rows.len(), Word(group as u64), true);
            std::mem::replace(&mut start, end)..end
        })
    }

    fn note(&mut self, group: Word, fault: ArithmeticFault) {
        let slot = &mut self.faults[group.0 as usize];
        *slot = Some(slot.take().map_or(fault.clone(), |known| known.min(fault)));
    }
}

/// The end of the body of an aggregate.
struct Gathering<'m, 'a> {
    machine: &'m Machine<'a>,
    output: &'m [Expr],
    number: VarId,
    found: Found,
}

impl Sink for Gathering<'_, '_> {
    fn bindings(&mut self, chunk: Chunk) -> Result<(), Stopped> {
        let faults = append_output(self.machine, self.output, &chunk, &mut self.found.rows)?;
        for RowFault { row, fault } in faults {
            self.found.note(chunk.column(self.number)[row], fault);
        }
        Ok(())
    }

    fn fault(&mut self, chunk: &Chunk, row: usize, fault: ArithmeticFault) {
        self.found.note(chunk.column(self.number)[row], fault);
    }
}

/// Appends the output of each binding that has a value for every column; returns the faults of the others.
pub(super) fn append_output(
    machine: &Machine<'_>,
    output: &[Expr],
    chunk: &Chunk,
    rows: &mut Rows,
) -> Result<Vec<RowFault>, Stopped> {
    let mut faults = Vec::new();
    let columns: Vec<_> = output.iter().map(|expr| machine.evaluate(expr, chunk, &mut faults)).collect();
    let flags = settle(chunk.len(), &columns, &mut faults);
    let columns: Vec<Column> = columns.iter().map(|column| kept(&column.words, &flags).into_iter().collect()).collect();
    let len = flags.iter().filter(|flag| **flag).count();
    machine.watch.ask(machine.rule, len * output.len() * size_of::<Word>())?;
    rows.append(&Rows::from_columns(columns, len));
    Ok(faults)
}
