//! Answers on a stream, in the format asked for.

use super::streams::Console;
use crate::data::Value;
use crate::formats::{self, Field, Format, Layout, Row};
use crate::session::{Answer, AtomPart, QueryAnswer, Session};
use std::io::{self, Write};

impl Console {
    /// Writes the answer of a query.
    pub(crate) fn answer(
        &self,
        session: &Session,
        asked: &QueryAnswer,
        format: Format,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.first_rows(session, asked, format, usize::MAX, out)
    }

    /// Writes the first rows of an answer, as long as nobody interrupts.
    pub(crate) fn first_rows(
        &self,
        session: &Session,
        asked: &QueryAnswer,
        format: Format,
        limit: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if format.name() == "dl"
            && let Some((relation, parts)) = asked.single_atom()
        {
            return self.facts(session, relation, &parts, asked, limit, out);
        }
        let layout = self.layout_of(session);
        if asked.answer.is_yes_or_no() {
            let field = Field::truth("holds");
            let row = Row {
                values: vec![Value::symbol(if asked.answer.is_empty() { "false" } else { "true" })],
                citations: vec![],
            };
            return formats::write(format, &asked.query, &[field], &mut std::iter::once(row), &layout, out);
        }
        let mut rows = plain_rows(session, &asked.answer).take(limit);
        formats::write(format, &asked.query, &asked.answer.fields, &mut rows, &layout, out)
    }

    /// Writes the facts that a single-atom question found, as clauses with their citations.
    fn facts(
        &self,
        session: &Session,
        relation: &str,
        parts: &[AtomPart],
        asked: &QueryAnswer,
        limit: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let format = Format::by_name("dl").expect("clauses are a format");
        let id = session.program().relation(relation).expect("a question that was answered names a relation");
        let columns = &session.program().relations[id].columns;
        let fields: Vec<Field> = columns.iter().map(|column| Field::new(&column.name, column.ty)).collect();
        let mut rows = plain_rows(session, &asked.answer).take(limit).map(|row| {
            let part = |part: &AtomPart| match part {
                AtomPart::Constant(value) => value.clone(),
                AtomPart::Column(column) => row.values[*column].clone(),
            };
            let values: Vec<Value> = parts.iter().map(part).collect();
            let citations = session.citations_of(id, &values);
            Row { values, citations }
        });
        let layout = Layout { citations: true, ..self.layout_of(session) };
        formats::write(format, relation, &fields, &mut rows, &layout, out)
    }

    /// How answers are laid out, in the words of the program that was asked.
    fn layout_of(&self, session: &Session) -> Layout {
        Layout { dialect: session.program().dialect, ..self.layout() }
    }
}

fn plain_rows<'a>(session: &'a Session, answer: &'a Answer) -> impl Iterator<Item = Row> + 'a {
    let interrupt = &session.limits.interrupt;
    let rows = answer.rows(session.symbols()).take_while(|_| !interrupt.is_raised());
    rows.map(|values| Row { values, citations: Vec::new() })
}
