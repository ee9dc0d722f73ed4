//! Saying what happened: diagnostics to standard error, answers to standard output.

use super::args::Color;
use super::exit::Exit;
use super::terminal::{Terminal, say};
use crate::data::Value;
use crate::eval::Stopped;
use crate::formats::{self, Field, Format, Layout, Row};
use crate::report::{self, Diagnostic};
use crate::session::{Answer, AtomPart, Failure, QueryAnswer, Session};
use std::io::{self, BufWriter, StdoutLock, Write};

/// The two streams of a command.
#[derive(Debug)]
pub(super) struct Console {
    pub(super) stdout: Terminal,
    pub(super) stderr: Terminal,
}

impl Console {
    pub(super) fn new(color: Color) -> Self {
        Self { stdout: Terminal::stdout(color), stderr: Terminal::stderr(color) }
    }

    /// Draws diagnostics on standard error.
    pub(super) fn diagnostics(&self, session: &Session, diagnostics: &[Diagnostic]) {
        if !diagnostics.is_empty() {
            say(&report::draw(session.sources(), diagnostics, self.drawing()));
        }
    }

    pub(super) fn drawing(&self) -> report::Style {
        report::Style { color: self.stderr.color, width: self.stderr.width.unwrap_or(120), limit: 20 }
    }

    /// Says why something failed. Returns how the command ends.
    pub(super) fn fail(&self, session: &Session, failure: &Failure) -> Exit {
        match failure {
            Failure::Diagnostics(diagnostics) => {
                self.diagnostics(session, diagnostics);
                if diagnostics.iter().any(|diagnostic| diagnostic.code == report::Code::LimitReached) {
                    Exit::Limit
                } else {
                    Exit::Failure
                }
            }
            Failure::Stopped(stopped) => {
                self.diagnostics(session, &[session.describe(stopped)]);
                match stopped {
                    Stopped::Arithmetic(_) => Exit::Failure,
                    Stopped::Limit { .. } => Exit::Limit,
                    Stopped::Interrupted(_) => Exit::Interrupted,
                }
            }
        }
    }

    /// Writes to standard output. A reader that went away is no failure; any other error is one.
    pub(super) fn print(
        &self,
        write: impl FnOnce(&mut BufWriter<StdoutLock<'_>>) -> io::Result<()>,
    ) -> Result<(), Exit> {
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                // What is buffered has no reader.
                let _ = out.into_parts();
                Err(Exit::Success)
            }
            Err(error) => {
                let _ = out.into_parts();
                say(&format!("error[E0610]: cannot write to standard output: {error}"));
                Err(Exit::Failure)
            }
        }
    }

    /// The format to print answers in, if none was asked for.
    pub(super) fn format(&self, asked: Option<Format>) -> Format {
        let default = if self.stdout.is_terminal { "table" } else { "tsv" };
        asked.unwrap_or_else(|| Format::by_name(default).expect("the default formats exist"))
    }

    /// How answers are laid out on standard output.
    pub(super) fn layout(&self) -> Layout {
        Layout { width: self.stdout.width, escape: self.stdout.is_terminal, ..Layout::default() }
    }

    /// Writes the answer of a query.
    pub(super) fn answer(
        &self,
        session: &Session,
        asked: &QueryAnswer,
        format: Format,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if format.name() == "dl"
            && let Some((relation, parts)) = asked.single_atom()
        {
            return self.facts(session, relation, &parts, asked, format, out);
        }
        if asked.answer.is_yes_or_no() {
            let field = Field::truth("holds");
            let row = Row {
                values: vec![Value::symbol(if asked.answer.is_empty() { "false" } else { "true" })],
                citations: vec![],
            };
            return formats::write(format, &asked.query, &[field], &mut std::iter::once(row), &self.layout(), out);
        }
        let mut rows = plain_rows(session, &asked.answer);
        formats::write(format, &asked.query, &asked.answer.fields, &mut rows, &self.layout(), out)
    }

    /// Writes the facts that a single-atom question found, as clauses with their citations.
    fn facts(
        &self,
        session: &Session,
        relation: &str,
        parts: &[AtomPart],
        asked: &QueryAnswer,
        format: Format,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let id = session.program().relation(relation).expect("a question that was answered names a relation");
        let columns = &session.program().relations[id].columns;
        let fields: Vec<Field> = columns.iter().map(|column| Field::new(&column.name, column.ty)).collect();
        let mut rows = plain_rows(session, &asked.answer).map(|row| {
            let part = |part: &AtomPart| match part {
                AtomPart::Constant(value) => value.clone(),
                AtomPart::Column(column) => row.values[*column].clone(),
            };
            let values: Vec<Value> = parts.iter().map(part).collect();
            let citations = session.citations_of(id, &values);
            Row { values, citations }
        });
        let layout = Layout { citations: true, ..self.layout() };
        formats::write(format, relation, &fields, &mut rows, &layout, out)
    }
}

fn plain_rows<'a>(session: &'a Session, answer: &'a Answer) -> impl Iterator<Item = Row> + 'a {
    answer.rows(session.symbols()).map(|values| Row { values, citations: Vec::new() })
}
