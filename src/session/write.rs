//! What a program asks to have written: `.output`, `.printsize`, and its questions.
//!
//! Promise: everything is evaluated before anything is written; a file appears whole, under its name, or not at all;
//! a file that was read is never written over. A database keeps the tables of other relations.

use super::guard::Guard;
use super::io_params::{OutputParams, RowsLayout, output_params, raw_rows, title};
use super::query::QueryAnswer;
use super::{Answer, Failure, Session};
use crate::check::{Directive, RelationId, size_limit};
use crate::data::{Dialect, Value, Word};
use crate::formats::{self, Field, Format, Layout, Row};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{Ast, IoKind, Item, ItemKind};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where `.output` writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputFolder {
    /// Below this folder, which is created if absent.
    Folder(PathBuf),
    /// To standard output.
    Stdout,
}

/// One thing that a program prints or writes, in the order of the text.
#[derive(Debug)]
pub enum Printed {
    /// The answer of a `?-`.
    Answer(QueryAnswer),
    /// The line of a `.printsize`.
    Size {
        /// The relation.
        relation: String,
        /// Its rows.
        rows: usize,
    },
    /// The rows of an `.output` to standard output.
    Rows(OutputRows),
    /// The rows of an `.output` to a file.
    File(OutputRows, PathBuf),
}

/// The rows of an `.output`, and how they are laid out.
#[derive(Debug)]
pub struct OutputRows {
    relation: RelationId,
    /// What they are called.
    title: String,
    answer: Answer,
    format: Format,
    layout: Layout,
    /// Whether its file is compressed.
    compressed: bool,
    span: Span,
}

impl Session {
    /// Evaluates what the program asks to have printed and written, in the order of the text.
    pub fn outputs(&mut self, folder: &OutputFolder) -> Result<Vec<Printed>, Failure> {
        let directives = self.program.directives.clone();
        let counted = self.evaluate_for(&directives)?;
        self.hold_limits(&directives)?;
        let mut printed: Vec<(Span, Printed)> = Vec::new();
        for directive in &directives {
            match directive.written.kind {
                IoKind::Output => printed.push((directive.span, self.output(directive, folder)?)),
                IoKind::PrintSize => {
                    let kept = self.model.store[directive.relation].len();
                    let rows = counted.get(&directive.relation).map_or(kept, |took| took.new_rows);
                    let relation = title(&directive.written).to_owned();
                    printed.push((directive.span, Printed::Size { relation, rows }));
                }
                IoKind::Input | IoKind::LimitSize => {}
            }
        }
        let answers = self.ask(&self.questions())?;
        let costs = counted.values().map(|took| self.named(&self.program, took)).collect::<Vec<_>>();
        self.asked.splice(..0, costs);
        for answer in answers {
            printed.push((answer.span, Printed::Answer(answer)));
        }
        printed.sort_by_key(|(span, _)| *span);
        Ok(printed.into_iter().map(|(_, printed)| printed).collect())
    }

    /// The questions of the loaded programs.
    fn questions(&self) -> Ast {
        let items = self.programs.iter().flat_map(|ast| &ast.items);
        let questions = items.filter(|item| matches!(item.kind, ItemKind::Query(_)));
        Ast { items: questions.map(Item::clone).collect(), comments: Vec::new() }
    }

    /// A relation that outgrew its `.limitsize` stops the run; Soufflé's only ended its evaluation.
    fn hold_limits(&self, directives: &[Directive]) -> Result<(), Failure> {
        let directives = directives.iter().filter(|_| self.program.dialect == Dialect::Entail);
        for directive in directives.filter(|directive| directive.written.kind == IoKind::LimitSize) {
            let limit = size_limit(&directive.written);
            let rows = self.model.store[directive.relation].len();
            if rows > limit {
                let name = &self.program.relations[directive.relation].name;
                let message = format!("`{name}` has {rows} rows, more than its limit of {limit}");
                let diagnostic = Diagnostic::new(Code::LimitReached, directive.span, message);
                return Err(diagnostic.label("the limit").help("raise the limit, or bound the rules").into());
            }
        }
        Ok(())
    }

    fn output(&self, directive: &Directive, folder: &OutputFolder) -> Result<Printed, Failure> {
        let relation = directive.relation;
        let name = &self.program.relations[relation].name;
        let csv = Format::by_name("csv").expect("csv is a format");
        let rows = |format, layout| OutputRows {
            relation,
            title: title(&directive.written).to_owned(),
            answer: self.relation_rows(relation),
            format,
            layout,
            compressed: false,
            span: directive.span,
        };
        let dialect = self.program.dialect;
        let as_souffle = dialect != Dialect::Entail;
        // Soufflé's `-D -` turns every file into rows on standard output, whatever was to be in it.
        let framed_rows = |headed| {
            let layout = raw_rows(&directive.written).layout(dialect);
            Printed::Rows(rows(csv, framed(layout, headed, as_souffle)))
        };
        let (file, rows) = match (output_params(&directive.written, dialect), folder) {
            (_, OutputFolder::Stdout) if as_souffle => return Ok(framed_rows(true)),
            (OutputParams::Size, _) => {
                let title = title(&directive.written).to_owned();
                return Ok(Printed::Size { relation: title, rows: self.model.store[relation].len() });
            }
            (OutputParams::Stdout(RowsLayout::Raw { .. }), _)
            | (OutputParams::File { rows: RowsLayout::Database, .. }, OutputFolder::Stdout) => {
                return Ok(framed_rows(false));
            }
            (OutputParams::Stdout(written), _) => {
                return Ok(Printed::Rows(rows(written.format(), written.layout(dialect))));
            }
            (OutputParams::Named, _) => (format!("{name}.csv"), rows(csv, Layout::default())),
            (OutputParams::File { name, rows: written, compressed }, _) => {
                (name, OutputRows { compressed, ..rows(written.format(), written.layout(dialect)) })
            }
        };
        let OutputFolder::Folder(folder) = folder else { return Ok(Printed::Rows(rows)) };
        let guard = Guard { allowed: self.options.allowed.clone() };
        let path = guard.resolve(folder, &file, directive.span)?;
        self.refuse_to_overwrite(&path, directive.span)?;
        Ok(Printed::File(rows, path))
    }

    fn refuse_to_overwrite(&self, path: &Path, span: Span) -> Result<(), Diagnostic> {
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.file_type().is_symlink());
        let was_read = path.canonicalize().is_ok_and(|real| self.read.contains(&real));
        let what = match (is_link, was_read, path.is_dir()) {
            (_, _, true) => "is a folder",
            (_, true, _) => "was read by this run",
            (true, _, _) => "is a link",
            (false, false, false) => return Ok(()),
        };
        let message = format!("`{}` {what} and is not written over", path.display());
        Err(Diagnostic::new(Code::WouldOverwrite, span, message)
            .label("written by this directive")
            .help("write to another folder with `-D DIR`"))
    }

    /// Writes the rows of an `.output` to a file, whole or not at all. Its folder is made if it is absent.
    pub fn write_file(&self, rows: &OutputRows, path: &Path) -> Result<(), Diagnostic> {
        let written = || -> io::Result<()> {
            path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            let adds = rows.format.adds_to_files() && path.is_file();
            let before = if adds { std::fs::read(path)? } else { Vec::new() };
            let layout = Layout { before, ..rows.layout.clone() };
            write_whole(path, |out| match rows.compressed {
                true => formats::compressed(out, |out| self.write_rows_so(rows, &layout, out)),
                false => self.write_rows_so(rows, &layout, out),
            })
        };
        written().map_err(|error| {
            let reason = super::files::reason(&error);
            Diagnostic::new(Code::CannotWrite, rows.span, format!("cannot write `{}`: {reason}", path.display()))
                .label("written by this directive")
        })
    }

    /// Writes the rows of an `.output`, with the citations of those that are stored.
    pub fn write_rows(&self, rows: &OutputRows, out: &mut dyn Write) -> io::Result<()> {
        self.write_rows_so(rows, &rows.layout, out)
    }

    fn write_rows_so(&self, rows: &OutputRows, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
        let relation = &self.program.relations[rows.relation];
        let mut stream = rows
            .answer
            .rows(&self.symbols)
            .enumerate()
            .map(|(at, values)| Row { values, citations: self.citations(rows.relation, rows.answer.words(at)) });
        let cited = relation.citations.is_some_and(|citations| !self.facts.store[citations].is_empty());
        let layout = Layout { citations: cited && layout.delimiter.is_none(), ..layout.clone() };
        let fields: Vec<Field> = relation.columns.iter().map(|column| self.program.field(column)).collect();
        formats::write(rows.format, &rows.title, &fields, &mut stream, &layout, out)
    }

    /// The claims that a stored fact rests on, sorted; none of one that is not stored.
    pub fn citations_of(&self, relation: RelationId, row: &[Value]) -> Vec<Value> {
        self.words_of(row).map_or(Vec::new(), |words| self.citations(relation, &words))
    }

    /// The same for a row of words.
    pub(super) fn citations(&self, relation: RelationId, row: &[Word]) -> Vec<Value> {
        let claims = self.facts.citations(&self.program, relation, row);
        let table = self.symbols.read();
        let mut claims: Vec<Value> = claims.iter().map(|claim| Value::symbol(table.text(claim.as_symbol()))).collect();
        claims.sort();
        claims
    }

    /// What each broken constraint promises, with the rows that break it.
    pub fn broken_constraints(&mut self) -> Result<Vec<Broken>, Failure> {
        let constraints = self.program.constraints.clone();
        self.evaluate(constraints.iter().map(|constraint| constraint.relation))?;
        let broken = constraints.into_iter().filter_map(|constraint| {
            let violations = self.relation_rows(constraint.relation);
            (!violations.is_empty()).then_some(Broken {
                message: constraint.message,
                span: constraint.span,
                violations,
            })
        });
        Ok(broken.collect())
    }
}

/// A constraint that does not hold.
#[derive(Debug)]
pub struct Broken {
    /// What it promises.
    pub message: Option<String>,
    /// Where it is written.
    pub span: Span,
    /// What breaks it.
    pub violations: Answer,
}

impl Broken {
    /// The message with the offending rows, the first few.
    pub fn describe(&self, session: &Session) -> Diagnostic {
        const SHOWN: usize = 5;
        let promise = self.message.as_deref().unwrap_or("a constraint");
        let mut diagnostic = Diagnostic::new(Code::ConstraintBroken, self.span, format!("does not hold: {promise}"))
            .label(crate::report::count(self.violations.len(), "violation"));
        for row in self.violations.rows(&session.symbols).take(SHOWN) {
            let cells =
                self.violations.fields.iter().zip(&row).map(|(field, value)| format!("{} = {value}", field.name));
            let cells = cells.collect::<Vec<_>>().join(", ");
            diagnostic =
                if cells.is_empty() { diagnostic } else { diagnostic.note(formats::escape(&cells).into_owned()) };
        }
        let more = self.violations.len().saturating_sub(SHOWN);
        if more > 0 { diagnostic.note(format!("and {more} more")) } else { diagnostic }
    }
}

/// Rows for standard output: Soufflé's stand in a frame.
fn framed(layout: Layout, headed: bool, framed: bool) -> Layout {
    Layout { framed, no_header: layout.no_header && !headed, ..layout }
}

/// Writes a file under a temporary name and renames it, so that it is there whole or as it was. A device or a pipe is
/// written to as it is.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let mut out = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A new file is readable by all, as the umask allows, not only by its owner as a temporary file is.
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    let file = tempfile::Builder::new().prefix(".entail-").permissions(readable).tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
