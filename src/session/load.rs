//! Reading files: programs with what they include, and the rows that fill relations.
//!
//! In: paths, and what earlier loads left. Out: a [`Draft`]: everything that was read and checked, not yet part of the
//! session. Promise: a load that fails leaves no trace.

use super::data_file::{DataFile, Place, StandardInput, Unopened, open};
use super::files::{self, FileKind, InputFile, cannot_read};
use super::guard::Guard;
use super::io_params::{InputParams, input_params};
use super::preprocess;
use crate::check::{self, Loaded};
use crate::data::{Dialect, Libraries, Symbols};
use crate::eval::{Limits, Progress, Stopped};
use crate::formats::{Field, Format, ReadOptions, Table, Unread};
use crate::report::{Code, Diagnostic, Source, SourceId, Sources, Span};
use crate::syntax::{self, Ast, IoDirective, IoKind, ItemKind};
use rustc_hash::FxHashSet;
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;
use std::sync::{Arc, OnceLock};

/// Something to load.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file or a folder.
    Path(PathBuf),
    /// A file of rows, and the relation that they are for.
    Rows {
        /// The file.
        path: PathBuf,
        /// The relation.
        relation: String,
    },
    /// A program's text, with the name that diagnostics call it by.
    Text {
        /// The name.
        name: String,
        /// The text.
        text: String,
    },
}

impl Input {
    /// What it is called.
    pub(super) fn name(&self) -> String {
        match self {
            Input::Path(path) | Input::Rows { path, .. } => path.display().to_string(),
            Input::Text { name, .. } => name.clone(),
        }
    }
}

/// Where a load may look.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// Where `.input` looks for rows; the program's folder if not given.
    pub fact_dir: Option<PathBuf>,
    /// Where `.include` looks besides the program's folder.
    pub include_dirs: Vec<PathBuf>,
    /// Folders that paths in programs may lead into.
    pub allowed: Vec<PathBuf>,
    /// The language of programs and of questions.
    pub dialect: Dialect,
    /// Whose functions programs may call.
    pub libraries: Libraries,
    /// Opens standard input for the rows of one relation, where it is not used for anything else.
    pub standard_input: Option<StandardInput>,
}

/// What was read, before it is part of a session.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) sources: Sources,
    pub(super) programs: Vec<Ast>,
    pub(super) tables: Vec<FilledTable>,
    /// The files that were read, without links.
    pub(super) read: HashSet<PathBuf>,
}

/// Rows of a file, and the relation that they fill.
#[derive(Debug, Clone)]
pub(super) struct FilledTable {
    pub(super) relation: String,
    pub(super) file: Arc<DataFile>,
    pub(super) table: Table,
}

impl FilledTable {
    /// Whether the rows are rows of their relation in a program.
    pub(super) fn fits(&self, program: &check::Program) -> bool {
        let relation = program.relation(&self.relation).map(|relation| &program.relations[relation]);
        let types = self.table.fields.iter().map(|field| field.ty);
        relation.is_some_and(|relation| relation.columns.iter().map(|column| column.ty).eq(types))
    }
}

/// Reads everything that the inputs name. `known` are the programs of earlier loads, for their declarations. Returns
/// what is to be said of it, unless a limit or the user ended the reading.
pub(super) fn read(
    inputs: &[Input],
    known: &[Ast],
    sources: Sources,
    options: &LoadOptions,
    symbols: &Symbols,
    limits: &Limits,
) -> (Draft, Result<Vec<Diagnostic>, Stopped>) {
    let draft = Draft { sources, programs: Vec::new(), tables: Vec::new(), read: HashSet::new() };
    let (diagnostics, filled, folders) = (Vec::new(), Vec::new(), Vec::new());
    let mut load =
        Load { draft, options, limits, diagnostics, filled, folders, standard_input: None, parts: Vec::new() };
    for input in inputs {
        match input {
            Input::Text { name, text } => load.text(name.clone(), text.clone(), &mut Vec::new(), Path::new(".")),
            Input::Rows { path, relation } => load.rows(path, relation),
            Input::Path(path) => match files::find(std::slice::from_ref(path)) {
                Ok(found) => found.into_iter().for_each(|file| load.file(file)),
                Err(diagnostic) => load.diagnostics.push(diagnostic),
            },
        }
    }
    load.instances(known);
    load.inputs();
    let filled = load.fill(known, symbols);
    load.draft.read.extend(load.parts);
    (load.draft, filled.map(|()| load.diagnostics))
}

/// What the checker is told of relations that files fill.
pub(super) fn loaded(tables: &[FilledTable]) -> Vec<Loaded> {
    let describe = |filled: &FilledTable| Loaded {
        name: filled.relation.clone(),
        columns: filled.table.fields.iter().map(column).collect(),
        cited: filled.table.has_citations,
        file: filled.file.name.to_string(),
    };
    tables.iter().map(describe).collect()
}

fn column(field: &Field) -> check::Column {
    check::Column { name: field.name.clone(), ty: field.ty, subtype: None }
}

pub(super) struct Load<'a> {
    pub(super) draft: Draft,
    pub(super) options: &'a LoadOptions,
    limits: &'a Limits,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Rows to be read once all declarations are known.
    filled: Vec<Filling>,
    /// For each program that was read, the folder that its paths start from.
    folders: Vec<PathBuf>,
    /// The directive that reads standard input.
    standard_input: Option<Span>,
    /// The files that became parts of components, which others may include as well.
    pub(super) parts: Vec<PathBuf>,
}

/// A file of rows, and the relation that it is to fill.
struct Filling {
    relation: String,
    file: Unopened,
}

impl Load<'_> {
    /// Rows for a relation that the file need not be named after.
    fn rows(&mut self, path: &Path, relation: &str) {
        match FileKind::of(path) {
            Some(FileKind::Rows(format)) => {
                self.filled.push(Filling {
                    relation: relation.to_owned(),
                    file: plain(path.to_path_buf(), format, self.options.dialect),
                });
            }
            Some(FileKind::Program) | None => {
                let message = format!("`{}` is no file of rows", path.display());
                let diagnostic = Diagnostic::bare(Code::UnknownFormat, message);
                self.diagnostics.push(diagnostic.help("rows are in .csv, .tsv, .jsonl and .facts files"));
            }
        }
    }

    fn file(&mut self, file: InputFile) {
        match file.kind {
            FileKind::Program => self.program(&file.path, &mut Vec::new()),
            FileKind::Rows(format) => {
                let stem = file.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                self.filled.push(Filling { relation: stem, file: plain(file.path, format, self.options.dialect) });
            }
        }
    }

    /// Reads a program file once. `chain` are the files that include it.
    pub(super) fn program(&mut self, path: &Path, chain: &mut Vec<PathBuf>) {
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) => return self.diagnostics.push(cannot_read(path, &error)),
        };
        if !self.draft.read.insert(real.clone()) {
            return;
        }
        if let Some(text) = self.program_text(path) {
            chain.push(real);
            let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
            if let Some(source) = self.file_source(path, text, &folder) {
                self.source(source, chain, &folder);
            }
            chain.pop();
        }
    }

    /// The text of a program file.
    pub(super) fn program_text(&mut self, path: &Path) -> Option<String> {
        let bytes = self.bytes(path)?;
        let told = |error: FromUtf8Error| {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[at];
            let message = format!("`{}` is not UTF-8 text: byte {at} is 0x{byte:02x}", path.display());
            self.diagnostics.push(Diagnostic::bare(Code::ForbiddenCharacter, message));
        };
        String::from_utf8(bytes).map_err(told).ok()
    }

    /// Keeps the text of a file, of Soufflé's as the preprocessor leaves it where it has lines for that.
    pub(super) fn file_source(&mut self, path: &Path, text: String, folder: &Path) -> Option<SourceId> {
        let name = path.display().to_string();
        let width = match self.options.dialect {
            Dialect::Souffle(width) if preprocess::is_needed(&text) => width,
            Dialect::Souffle(_) | Dialect::Entail => return Some(self.draft.sources.add(name, text)),
        };
        let job = preprocess::Job { path, folder, folders: &self.options.include_dirs, width };
        match preprocess::preprocess(&job, &self.include_guard()) {
            Ok(text) => Some(self.draft.sources.add_preprocessed(name, text)),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn text(&mut self, name: String, text: String, chain: &mut Vec<PathBuf>, folder: &Path) {
        let source = self.draft.sources.add(name, text);
        self.source(source, chain, folder);
    }

    fn source(&mut self, source: SourceId, chain: &mut Vec<PathBuf>, folder: &Path) {
        let mut ast = self.parsed(source);
        for item in &mut ast.items {
            match &mut item.kind {
                ItemKind::Include(file) => self.include(file, chain, folder),
                ItemKind::Component(component) => self.fill_component(&mut component.items, chain, folder),
                _ => {}
            }
        }
        self.draft.programs.push(ast);
        self.folders.push(folder.to_path_buf());
    }

    /// The tree of a text.
    pub(super) fn parsed(&mut self, source: SourceId) -> Ast {
        let Source { name, text, .. } = self.draft.sources.get(source);
        let (ast, diagnostics) = syntax::parse_file(self.options.dialect, source, name, text);
        self.diagnostics.extend(diagnostics);
        ast
    }

    /// Puts what instances of components hold in their places: it may ask for input.
    fn instances(&mut self, known: &[Ast]) {
        self.diagnostics.extend(check::instantiate(known, &mut self.draft.programs));
    }

    /// Finds the files of every `.input`.
    fn inputs(&mut self) {
        let programs = std::mem::take(&mut self.draft.programs);
        let needed = check::needed(&programs);
        for (ast, folder) in programs.iter().zip(std::mem::take(&mut self.folders)) {
            for item in &ast.items {
                if let ItemKind::Io(directive) = &item.kind
                    && directive.kind == IoKind::Input
                {
                    self.input(directive, item.span, &folder, &needed);
                }
            }
        }
        self.draft.programs = programs;
    }

    /// Finds the file of an `.input`.
    fn input(&mut self, directive: &IoDirective, span: Span, folder: &Path, needed: &FxHashSet<&str>) {
        let folder = self.options.fact_dir.as_deref().unwrap_or(folder).to_path_buf();
        let relation = &directive.relation.text;
        let found = match input_params(directive, self.options.dialect) {
            InputParams::Named => named_file(&folder, relation, &self.rows_guard(), span).map(Some),
            InputParams::File { name, format, options } => {
                let file = self.rows_guard().resolve(&folder, &name, span);
                match file {
                    Ok(path) if self.options.dialect != Dialect::Entail && !path.exists() => {
                        let is_needed = needed.contains(relation.as_str());
                        if is_needed { Err(no_file(relation, &name, span)) } else { Ok(None) }
                    }
                    file => file.map(|path| Some(Unopened { place: Place::File(path), format, options })),
                }
            }
            InputParams::StandardInput { format, options } => self
                .open_standard_input(span)
                .map(|open| Some(Unopened { place: Place::StandardInput(open), format, options })),
            InputParams::Nowhere => Ok(None),
        };
        match found {
            Ok(file) => self.filled.extend(file.map(|file| Filling { relation: relation.clone(), file })),
            Err(diagnostic) => self.diagnostics.push(diagnostic),
        }
    }

    /// Where the files of rows that a program names may lie.
    fn rows_guard(&self) -> Guard {
        Guard { allowed: self.options.allowed.iter().chain(&self.options.fact_dir).cloned().collect() }
    }

    fn open_standard_input(&mut self, span: Span) -> Result<StandardInput, Diagnostic> {
        if let Some(first) = self.standard_input.replace(span) {
            let diagnostic = Diagnostic::new(Code::InputNotFound, span, "standard input fills one relation only");
            return Err(diagnostic.label("nothing is left of it here").also(first, "read here"));
        }
        self.options.standard_input.ok_or_else(|| {
            Diagnostic::new(Code::InputNotFound, span, "standard input is not there to be read from")
                .label("rows are wanted from it")
                .help("run the program with `entail run`, and send the rows there: `entail run p.dl < rows.txt`")
        })
    }

    /// Reads the rows, now that every program was seen.
    fn fill(&mut self, known: &[Ast], symbols: &Symbols) -> Result<(), Stopped> {
        let mut programs = known.to_vec();
        programs.append(&mut self.draft.programs);
        let declared = check::declarations(&programs);
        self.draft.programs = programs.split_off(known.len());
        for Filling { relation, file } in std::mem::take(&mut self.filled) {
            let columns = declared.relations.get(&relation);
            let expected: Option<Vec<Field>> =
                columns.map(|columns| columns.iter().map(|column| declared.field(column)).collect());
            let stopped = OnceLock::new();
            let watch = |bytes: usize| {
                self.limits.meter.add_bytes(bytes);
                let asked = self.limits.ask(0, Progress::default);
                asked.map_err(|reason| stopped.get_or_init(|| reason)).is_ok()
            };
            match file.read(expected.as_deref(), symbols, self.limits, &watch) {
                Ok((file, table)) => {
                    self.draft.read.extend(file.path.clone());
                    self.draft.tables.push(FilledTable { relation, file: Arc::new(file), table });
                }
                Err(Unread::Mistake(diagnostic)) => self.diagnostics.push(diagnostic),
                Err(Unread::Io(error)) => self.diagnostics.push(cannot_read(file.path(), &error)),
                Err(Unread::Stopped) => return Err(stopped.into_inner().expect("reading is stopped for a reason")),
            }
        }
        Ok(())
    }

    /// The bytes of a regular file.
    fn bytes(&mut self, path: &Path) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        match open(path).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(read) => {
                self.limits.meter.add_bytes(read);
                Some(bytes)
            }
            Err(error) => {
                self.diagnostics.push(cannot_read(path, &error));
                None
            }
        }
    }
}

/// A file that is read as its format has it, for a program of this dialect.
fn plain(path: PathBuf, format: Format, dialect: Dialect) -> Unopened {
    Unopened { place: Place::File(path), format, options: ReadOptions { dialect, ..ReadOptions::default() } }
}

fn no_file(relation: &str, file: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::InputNotFound, span, format!("no file fills `{relation}`"))
        .label(format!("there is no `{file}`"))
        .help("name the folder of the files with `-F DIR`")
}

/// The one file in a folder that is named after a relation. It may be a link, which leads where the program may.
fn named_file(folder: &Path, relation: &str, guard: &Guard, span: Span) -> Result<Unopened, Diagnostic> {
    let found: Vec<(String, Format)> = ["facts", "csv", "tsv", "jsonl"]
        .iter()
        .map(|ending| (format!("{relation}.{ending}"), Format::readable_by_ending(ending)))
        .filter_map(|(name, format)| Some((folder.join(&name).is_file().then_some(name)?, format?)))
        .collect();
    match &found[..] {
        [(name, format)] => Ok(plain(guard.resolve(folder, name, span)?, *format, Dialect::Entail)),
        [] => Err(Diagnostic::new(Code::InputNotFound, span, format!("no file fills `{relation}`"))
            .label(format!("looked for {relation}.facts, .csv, .tsv and .jsonl in `{}`", folder.display()))
            .help("name the folder of the files with `-F DIR`")),
        [(first, _), (second, _), ..] => {
            let message = format!("two files could fill `{relation}`");
            Err(Diagnostic::new(Code::AmbiguousInput, span, message)
                .label(format!("`{first}` and `{second}` in `{}`", folder.display()))
                .help("take one away, or say which with `.input` parameters: `filename=\"…\"`"))
        }
    }
}
