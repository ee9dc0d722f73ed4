//! Rows in a database of SQLite, laid out as Soufflé has them.
//!
//! In: a whole database as bytes. Out: the rows of one of its tables or views; or the database with the rows of a
//! relation in place of those that it had. These lie in a table of the relation's name with `_` before it, in which
//! texts are numbers of the table `__SymbolTable`; a view of the relation's name shows the texts. Promise: nothing else
//! in the database changes.

use super::read::{Input, Table, Unread, parse};
use super::{Field, Output};
use crate::data::{Column, Type, Value};
use crate::report::{Code, Diagnostic};
use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{Connection, Error, MAIN_DB, Statement, Transaction, params, params_from_iter};
use rustc_hash::FxHashMap;
use std::io;

/// Rows that are read between two looks at the limits.
const PATIENCE: usize = 1 << 12;

pub(super) fn read(input: &Input<'_>, source: &mut dyn super::Source) -> Result<Table, Unread> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    if !(input.watch)(bytes.len()) {
        return Err(Unread::Stopped);
    }
    let wrong = |error: Error| Unread::Mistake(no_database(input, &error));
    let connection = open(&bytes).map_err(wrong)?;
    drop(bytes);
    let Some(fields) = input.expected else {
        let message = "a database does not say of which types its columns are";
        return Err(input.error(Code::BadHeader, 1, message).help("give the relation a `.decl`").into());
    };
    let mut statement = connection.prepare(&format!("SELECT * FROM {}", quoted(title(input)))).map_err(wrong)?;
    let got = statement.column_count();
    if got < fields.len() {
        return Err(input.wrong_count(1, fields.len(), got).into());
    }
    let columns = vec![Column::new(); fields.len()];
    let mut table = Table { fields: fields.to_vec(), columns, rows: 0, citations: Vec::new(), has_citations: false };
    let mut rows = statement.query([]).map_err(wrong)?;
    while let Some(row) = rows.next().map_err(wrong)? {
        table.rows += 1;
        if table.rows.is_multiple_of(PATIENCE) && !(input.watch)(0) {
            return Err(Unread::Stopped);
        }
        for (at, (field, column)) in fields.iter().zip(&mut table.columns).enumerate() {
            let text = text(row.get_ref(at).map_err(wrong)?);
            let word = text.as_ref().and_then(|text| parse(field, text, input.symbols));
            let bad = || input.bad_field(table.rows, field, text.as_deref().unwrap_or("what it holds").as_bytes());
            column.push(word.ok_or_else(bad)?);
        }
    }
    Ok(table)
}

/// What the rows are called.
fn title<'a>(input: &'a Input<'_>) -> &'a str {
    input.options.title.as_deref().unwrap_or_default()
}

fn no_database(input: &Input<'_>, error: &Error) -> Diagnostic {
    let message = format!("{}: there are no rows of `{}` in it: {error}", super::escape(input.name), title(input));
    Diagnostic::bare(Code::MalformedRow, message)
        .help("name a database of SQLite, and with `name=` one of its tables or views")
}

/// What a cell says; nothing if it holds bytes that are no text. One without a value is empty.
fn text(cell: ValueRef<'_>) -> Option<String> {
    match cell {
        ValueRef::Null => Some(String::new()),
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(float) => Some(float.to_string()),
        ValueRef::Text(text) | ValueRef::Blob(text) => std::str::from_utf8(text).ok().map(str::to_owned),
    }
}

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    if output.fields.is_empty() {
        return Err(io::Error::other("a table of a database has columns"));
    }
    let mut connection = open(&output.layout.before).map_err(io::Error::other)?;
    let transaction = connection.transaction().map_err(io::Error::other)?;
    fill(&transaction, output).map_err(io::Error::other)?;
    transaction.commit().map_err(io::Error::other)?;
    let bytes = connection.serialize(MAIN_DB).map_err(io::Error::other)?;
    output.out.write_all(&bytes)
}

/// A database in memory with what these bytes hold.
fn open(bytes: &[u8]) -> Result<Connection, Error> {
    let mut connection = Connection::open_in_memory()?;
    if !bytes.is_empty() {
        connection.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), false)?;
    }
    Ok(connection)
}

fn fill(database: &Transaction<'_>, output: &mut Output<'_>) -> Result<(), Error> {
    let (table, places) = (quoted(&format!("_{}", output.title)), 0..output.fields.len());
    let columns: Vec<String> = places.clone().map(|at| format!("\"{at}\" INTEGER")).collect();
    database.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {table} ({});\nDELETE FROM {table};\n\
         CREATE TABLE IF NOT EXISTS \"__SymbolTable\" (id INTEGER PRIMARY KEY, symbol TEXT UNIQUE);\n{}",
        columns.join(", "),
        view(output.title, &table, output.fields),
    ))?;
    let marks = vec!["?"; output.fields.len()].join(", ");
    let mut insert = database.prepare(&format!("INSERT INTO {table} VALUES ({marks})"))?;
    let mut symbols = Symbols::new(database)?;
    for row in &mut *output.rows {
        let cells = row.values.iter().map(|value| symbols.cell(value)).collect::<Result<Vec<Cell>, Error>>()?;
        insert.execute(params_from_iter(cells))?;
    }
    Ok(())
}

/// What shows a table with its texts.
fn view(title: &str, table: &str, fields: &[Field]) -> String {
    let (mut shown, mut from, mut same) = (Vec::new(), vec![table.to_owned()], Vec::new());
    for (at, field) in fields.iter().enumerate() {
        let name = quoted(&field.name);
        if is_text(field.ty) {
            shown.push(format!("\"_symtab_{at}\".symbol AS {name}"));
            from.push(format!("\"__SymbolTable\" AS \"_symtab_{at}\""));
            same.push(format!("{table}.\"{at}\" = \"_symtab_{at}\".id"));
        } else {
            shown.push(format!("{table}.\"{at}\" AS {name}"));
        }
    }
    let same = if same.is_empty() { String::new() } else { format!(" WHERE {}", same.join(" AND ")) };
    let (view, shown, from) = (quoted(title), shown.join(", "), from.join(", "));
    format!("CREATE VIEW IF NOT EXISTS {view} AS SELECT {shown} FROM {from}{same};")
}

/// Whether values lie in the table of symbols: records do by what they are spelt like.
fn is_text(ty: Type) -> bool {
    match ty {
        Type::Symbol | Type::Date | Type::Record => true,
        Type::Number | Type::Unsigned | Type::Float => false,
    }
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The table of symbols, and what is known of it.
struct Symbols<'d> {
    insert: Statement<'d>,
    find: Statement<'d>,
    known: FxHashMap<String, i64>,
}

impl<'d> Symbols<'d> {
    fn new(database: &'d Transaction<'_>) -> Result<Self, Error> {
        Ok(Self {
            insert: database.prepare("INSERT OR IGNORE INTO \"__SymbolTable\" VALUES (NULL, ?)")?,
            find: database.prepare("SELECT id FROM \"__SymbolTable\" WHERE symbol = ?")?,
            known: FxHashMap::default(),
        })
    }

    /// What stands for a value.
    fn cell(&mut self, value: &Value) -> Result<Cell, Error> {
        Ok(match value {
            Value::Number(number) => Cell::Integer(*number),
            // Larger ones are texts, which read back as they are.
            Value::Unsigned(number) => {
                i64::try_from(*number).map_or_else(|_| Cell::Text(number.to_string()), Cell::Integer)
            }
            Value::Float(float) => Cell::Real(float.get()),
            Value::Symbol(_) | Value::Date(_) | Value::Record(_) => Cell::Integer(self.id(&value.to_string())?),
        })
    }

    fn id(&mut self, text: &str) -> Result<i64, Error> {
        if let Some(id) = self.known.get(text) {
            return Ok(*id);
        }
        self.insert.execute(params![text])?;
        let id = self.find.query_row(params![text], |row| row.get(0))?;
        self.known.insert(text.to_owned(), id);
        Ok(id)
    }
}
