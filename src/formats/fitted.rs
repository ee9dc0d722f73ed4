//! Values of a file as a dialect keeps them: where its numbers have 32 bits, those of files have no more.
//!
//! In: a table that was read. Out: the same with its floats rounded, or the first row with a number that does not fit. A
//! row that is looked for in a file later is found by words that were kept, so those of the file are fitted then, too.

use super::read::{Input, Table};
use crate::data::{Column, Dialect, Record, Type, Value, Width, Word};
use crate::report::{Code, Diagnostic};
use std::sync::Arc;

pub(super) fn fitted(mut table: Table, input: &Input<'_>) -> Result<Table, Diagnostic> {
    let dialect = input.options.dialect;
    if dialect != Dialect::Souffle(Width::Bits32) {
        return Ok(table);
    }
    for (field, column) in table.fields.iter().zip(&mut table.columns) {
        let misfit = match field.ty {
            Type::Symbol | Type::Date => None,
            Type::Number => column.iter().position(|word| i32::try_from(word.as_number()).is_err()),
            Type::Unsigned | Type::Float | Type::Record => match kept_column(column, field.ty, input) {
                Ok(kept) => {
                    *column = kept;
                    None
                }
                Err(row) => Some(row),
            },
        };
        if let Some(row) = misfit {
            let value = column.get(row).decode(field.ty, &input.symbols.read());
            let message = format!(
                "{}: row {}: `{value}` has more than 32 bits, in column `{}`",
                super::escape(input.name),
                row + 1,
                field.name
            );
            return Err(Diagnostic::bare(Code::BadField, message).help("numbers of 64 bits need `--wide`"));
        }
    }
    Ok(table)
}

/// A column of values as they are kept, or the first row that does not fit.
fn kept_column(column: &Column, ty: Type, input: &Input<'_>) -> Result<Column, usize> {
    let mut fitting = Column::with_capacity(column.len());
    for (row, word) in column.iter().enumerate() {
        fitting.push(kept_word(word, ty, input).ok_or(row)?);
    }
    Ok(fitting)
}

/// A word of a file as it is kept, if it fits.
pub(super) fn kept_word(word: Word, ty: Type, input: &Input<'_>) -> Option<Word> {
    let dialect = input.options.dialect;
    let is_rounded =
        dialect == Dialect::Souffle(Width::Bits32) && matches!(ty, Type::Unsigned | Type::Float | Type::Record);
    if !is_rounded {
        return Some(word);
    }
    let value = word.decode(ty, &input.symbols.read());
    Some(Word::encode(&kept(&value, dialect)?, input.symbols))
}

/// A value as it is kept, if it fits.
fn kept(value: &Value, dialect: Dialect) -> Option<Value> {
    match value {
        Value::Float(float) => dialect.float(float.get()).ok().map(Value::Float),
        Value::Record(record) => {
            let fields: Option<Vec<Value>> = record.fields().iter().map(|field| kept(field, dialect)).collect();
            Record::new(record.tag().clone(), fields?).map(|record| Value::Record(Arc::new(record)))
        }
        value => dialect.holds(value).then(|| value.clone()),
    }
}
