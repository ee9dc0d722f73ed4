//! A file whose rows fill a relation: read once for its rows, and again for the lines on which some of them stand.
//!
//! In: a path, and how the file is read. Out: a table; later the lines of a few rows. Promise: a row costs no memory
//! beside the table; a file that is not what it was has no lines any more, and that is no failure.

use crate::data::Symbols;
use crate::eval::{Limits, Progress, Stopped};
use crate::formats::{self, Field, Format, ReadAs, ReadOptions, SoughtRow, Table, Unread};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// A file to be read.
#[derive(Debug)]
pub(super) struct Unopened {
    pub(super) place: Place,
    pub(super) format: Format,
    pub(super) options: ReadOptions,
}

/// Where rows lie.
#[derive(Debug)]
pub(super) enum Place {
    /// In a file.
    File(PathBuf),
    /// In standard input.
    StandardInput(StandardInput),
}

/// Opens standard input.
pub type StandardInput = fn() -> Box<dyn Read + Send>;

/// A file as it was when it was read.
#[derive(Debug)]
pub(super) struct DataFile {
    /// Its path as it was given.
    pub(super) name: Arc<str>,
    /// Its path without links, wherever the process is.
    pub(super) path: Option<PathBuf>,
    read_as: ReadAs,
    state: State,
}

/// What tells that a file was changed.
#[derive(Debug, PartialEq, Eq)]
struct State {
    len: u64,
    modified: Option<SystemTime>,
}

impl Unopened {
    /// The path, or what else it is called.
    pub(super) fn path(&self) -> &Path {
        match &self.place {
            Place::File(path) => path,
            Place::StandardInput(_) => Path::new("standard input"),
        }
    }

    /// The rows of the file, if it stays as it is while it is read.
    pub(super) fn read(
        &self,
        expected: Option<&[Field]>,
        symbols: &Symbols,
        limits: &Limits,
        watch: &formats::Watch<'_>,
    ) -> Result<(DataFile, Table), Unread> {
        let name = self.path().display().to_string();
        let most = limits.longest_file();
        let table = |rows: &mut File| formats::read(self.format, &name, rows, expected, &self.options, symbols, watch);
        let (path, state, table) = match &self.place {
            Place::File(path) => {
                let mut file = open(path)?;
                let state = State::of(&file)?;
                let mut plain = formats::uncompressed(&name, &file, most, watch)?;
                let table = table(plain.as_mut().unwrap_or(&mut file))?;
                if State::of(&file)? != state {
                    return Err(io::Error::other("it changed while it was read").into());
                }
                (path.canonicalize().ok(), state, table)
            }
            Place::StandardInput(open) => {
                let mut copy = formats::copy(&name, &mut open(), most, watch)?;
                (None, State::of(&copy)?, table(&mut copy)?)
            }
        };
        let (format, options, fields) = (self.format, self.options.clone(), table.fields.clone());
        let read_as = ReadAs { format, options, fields, declared: expected.is_some() };
        Ok((DataFile { name: name.into(), path, read_as, state }, table))
    }
}

impl DataFile {
    /// The part of a second that it may take to look for lines.
    pub(super) fn seconds(&self) -> f64 {
        self.state.len as f64 / self.read_as.format.bytes_a_second() as f64
    }

    /// The line on which each of these rows stands first; nothing at all if the file is not what it was.
    pub(super) fn lines(
        &self,
        rows: &[SoughtRow],
        symbols: &Symbols,
        limits: &Limits,
    ) -> Result<Option<Vec<Option<usize>>>, Stopped> {
        let stopped = OnceLock::new();
        let watch = |_| limits.ask(0, Progress::default).map_err(|reason| stopped.get_or_init(|| reason)).is_ok();
        match self.read_again(rows, symbols, limits, &watch) {
            Err(Unread::Stopped) => Err(stopped.into_inner().expect("reading is stopped for a reason")),
            lines => Ok(lines.ok().flatten()),
        }
    }

    fn read_again(
        &self,
        rows: &[SoughtRow],
        symbols: &Symbols,
        limits: &Limits,
        watch: &formats::Watch<'_>,
    ) -> Result<Option<Vec<Option<usize>>>, Unread> {
        let Some(path) = &self.path else { return Ok(None) };
        let mut file = open(path)?;
        if State::of(&file)? != self.state {
            return Ok(None);
        }
        let mut plain = formats::uncompressed(&self.name, &file, limits.longest_file(), watch)?;
        let source = plain.as_mut().unwrap_or(&mut file);
        let lines = formats::lines(&self.read_as, source, rows, symbols, watch)?;
        Ok((State::of(&file)? == self.state).then_some(lines))
    }
}

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { len: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// A regular file.
pub(super) fn open(path: &Path) -> io::Result<File> {
    if path.is_dir() {
        Err(io::Error::other("it is a folder"))
    } else if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        Err(io::Error::other("it is not a regular file"))
    } else {
        File::open(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_file_that_changes_while_it_is_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("q.csv");
        for (rows, then) in [(200_000, "1\n"), (200_000, ""), (3, "1\n2\n3\n4\n")] {
            fs::write(&path, "12\n".repeat(rows)).expect("written");
            let format = Format::readable_by_ending("csv").expect("a format");
            let file = Unopened { place: Place::File(path.clone()), format, options: ReadOptions::default() };
            let fields = [Field::new("x", crate::data::Type::Number)];
            let symbols = Symbols::default();
            assert_eq!(file.read(Some(&fields), &symbols, &Limits::default(), &|_| true).expect("read").1.rows, rows);
            let changed = AtomicBool::new(false);
            let watch = |_| {
                if !changed.swap(true, Ordering::Relaxed) {
                    fs::write(&path, then).expect("written");
                }
                true
            };
            let refused = file.read(Some(&fields), &symbols, &Limits::default(), &watch).expect_err("it changed");
            assert!(matches!(refused, Unread::Io(_)), "{refused:?}");
        }
    }

    #[test]
    fn the_look_for_lines_can_be_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("q.csv");
        fs::write(&path, "x\na\nb\n").expect("written");
        let format = Format::readable_by_ending("csv").expect("a format");
        let unopened = Unopened { place: Place::File(path), format, options: ReadOptions::default() };
        let (symbols, limits) = (Symbols::default(), Limits::default());
        let (file, table) = unopened.read(None, &symbols, &limits, &|_| true).expect("read");
        let rows = [SoughtRow { words: vec![table.columns[0].get(1)], claim: None }];
        assert_eq!(file.lines(&rows, &symbols, &limits), Ok(Some(vec![Some(3)])));
        limits.interrupt.interrupt();
        assert!(matches!(file.lines(&rows, &symbols, &limits), Err(Stopped::Interrupted(_))));
    }
}
