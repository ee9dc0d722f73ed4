//! Relations of which the rows for each key are joined to one.
//!
//! In: the rows that a round derived. Out: for each key for which they change anything, the one row with the least upper
//! bounds of all that was derived; the row that was there before is taken away. Promise: what comes out depends on the
//! rows alone, not on the order in which they were derived within a round.

use super::expr::written;
use super::limits::{ArithmeticFault, Stopped};
use super::upkeep::by_value;
use crate::check::{Program, RelationId, RuleId};
use crate::data::{Function, Symbols, Type, Value, Word};
use crate::report::Span;
use crate::store::{Relation, Rows, Store};

/// A relation with columns that join: all behind the key.
pub(super) struct Joining<'a> {
    pub(super) relation: RelationId,
    came_up: RelationId,
    types: Vec<Type>,
    /// How many columns make up the key.
    key: usize,
    /// How the values of each other column are joined.
    joins: Vec<&'a Function>,
    symbols: &'a Symbols,
    /// What is to blame where they cannot be.
    rule: RuleId,
    span: Span,
}

impl<'a> Joining<'a> {
    pub(super) fn new(program: &'a Program, relation: RelationId, key: usize, symbols: &'a Symbols) -> Self {
        let of = &program.relations[relation];
        let upkeep = of.upkeep.as_ref().expect("what joins does not keep every row");
        let rule = *program.giving_way(relation).first().expect("what joins says how");
        Self {
            relation,
            came_up: upkeep.came_up,
            types: of.columns.iter().map(|column| column.ty).collect(),
            key,
            joins: program.joins(relation),
            symbols,
            rule,
            span: program.rules[rule].span,
        }
    }

    pub(super) fn arity(&self) -> usize {
        self.types.len()
    }

    /// Joins the rows that are stored, before any rule is run.
    pub(super) fn begin(&self, store: &mut Store) -> Result<(), Stopped> {
        let mut stored = Rows::new(self.arity());
        store[self.relation].batches().iter().for_each(|batch| stored.append(batch));
        store[self.relation] = Relation::new(self.arity());
        store[self.came_up] = Relation::new(self.arity());
        let joined = self.join(&stored, store)?;
        store[self.relation].extend(joined);
        Ok(())
    }

    /// Joins rows with each other and with those that are there, which give way. Returns the rows to put in their place.
    pub(super) fn join(&self, rows: &Rows, store: &mut Store) -> Result<Rows, Stopped> {
        let [mut changed, mut gone, mut came_up] = [(); 3].map(|()| Rows::new(self.arity()));
        for rows in by_value(rows, &self.types, self.symbols).chunk_by(|a, b| a[..self.key] == b[..self.key]) {
            let known = store[self.relation].starting_with(&rows[0][..self.key]);
            let before: Option<Vec<Word>> = (!known.is_empty()).then(|| known.row(0).collect());
            let Joined { row, made_of } = self.joined(before.as_ref(), rows)?;
            // One that was there before does not come back.
            if before.as_ref() != Some(&row) && !store[self.came_up].contains(&row) {
                before.iter().for_each(|before| gone.push(before));
                made_of.iter().for_each(|row| came_up.push(row));
                changed.push(&row);
            }
        }
        came_up.append(&gone);
        store[self.came_up].extend(came_up);
        store[self.relation].remove(gone);
        Ok(changed)
    }

    /// Joins the rows of one key, in their order, with the one that is there.
    fn joined(&self, before: Option<&Vec<Word>>, rows: &[Vec<Word>]) -> Result<Joined, Stopped> {
        let (first, rest) = rows.split_first().expect("a key has rows");
        let (start, rest) = before.map_or((first, rest), |before| (before, rows));
        let mut joined = Joined { row: start.clone(), made_of: Vec::new() };
        for row in rest {
            let Some(next) = self.least_above(&joined.row, row)? else { continue };
            if next != joined.row && next != *row {
                joined.made_of.extend([joined.row, row.clone()]);
            }
            joined.row = next;
        }
        Ok(joined)
    }

    /// The least row above two of one key; nothing where there is none.
    fn least_above(&self, one: &[Word], other: &[Word]) -> Result<Option<Vec<Word>>, Stopped> {
        let mut above = one[..self.key].to_vec();
        for (column, function) in (self.key..).zip(&self.joins) {
            let args: [Value; 2] = {
                let table = self.symbols.read();
                [one, other].map(|row| row[column].decode(self.types[column], &table))
            };
            match function.value(&args) {
                Ok(Some(value)) => above.push(Word::encode(&value, self.symbols)),
                Ok(None) => return Ok(None),
                Err(fault) => {
                    let operation = written(function, &args);
                    let fault = ArithmeticFault { rule: self.rule, span: self.span, operation, fault };
                    return Err(Stopped::Arithmetic(fault));
                }
            }
        }
        Ok(Some(above))
    }
}

/// A row, and those that it was made of where it is none of those that were joined.
struct Joined {
    row: Vec<Word>,
    made_of: Vec<Vec<Word>>,
}
