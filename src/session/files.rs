//! Which files a command line means.
//!
//! In: paths as typed. Out: the program and data files they name: directories are searched to their ends, sorted by
//! path, and each file is taken once, however often and by whatever name it is reached.

use crate::formats::Format;
use crate::report::{Code, Diagnostic, nearest};
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file that a load reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// The path as it was reached.
    pub path: PathBuf,
    /// What is in it.
    pub kind: FileKind,
}

/// What a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Clauses and directives.
    Program,
    /// Rows of the relation that the file is named after.
    Rows(Format),
}

impl FileKind {
    /// What files with the name's ending are.
    pub fn of(path: &Path) -> Option<FileKind> {
        let ending = path.extension()?.to_str()?;
        if ending == "dl" { Some(FileKind::Program) } else { Format::readable_by_ending(ending).map(FileKind::Rows) }
    }
}

/// The files that the paths name, in order.
pub fn find(paths: &[PathBuf]) -> Result<Vec<InputFile>, Diagnostic> {
    let mut found = Found::default();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
        if metadata.is_dir() {
            found.folder(path)?;
        } else {
            let kind = FileKind::of(path).ok_or_else(|| unknown_ending(path))?;
            found.file(path, kind)?;
        }
    }
    Ok(found.files)
}

/// "cannot read rules/x.dl: No such file or directory", with the nearest name beside it.
pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Diagnostic {
    let diagnostic = Diagnostic::bare(Code::CannotRead, format!("cannot read `{}`: {}", path.display(), reason(error)));
    match near(path).filter(|_| error.kind() == io::ErrorKind::NotFound) {
        Some(near) => diagnostic.help(format!("did you mean `{}`?", near.display())),
        None => diagnostic,
    }
}

/// The system's words without its numbers.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_string()
}

#[derive(Default)]
struct Found {
    files: Vec<InputFile>,
    seen: HashSet<PathBuf>,
}

impl Found {
    fn file(&mut self, path: &Path, kind: FileKind) -> Result<(), Diagnostic> {
        let canonical = fs::canonicalize(path).map_err(|error| cannot_read(path, &error))?;
        if self.seen.insert(canonical) {
            self.files.push(InputFile { path: path.to_path_buf(), kind });
        }
        Ok(())
    }

    /// Takes the files below a folder whose endings are known.
    fn folder(&mut self, folder: &Path) -> Result<(), Diagnostic> {
        let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let entries = entries.map_err(|error| cannot_read(folder, &error))?;
        let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            // A link to a folder is not followed: it may lead anywhere.
            if path.is_dir() && !path.is_symlink() {
                self.folder(&path)?;
            } else if let Some(kind) = FileKind::of(&path) {
                self.file(&path, kind)?;
            }
        }
        Ok(())
    }
}

fn unknown_ending(path: &Path) -> Diagnostic {
    let message = format!("`{}` is neither a program nor a file of rows", path.display());
    Diagnostic::bare(Code::UnknownFormat, message).help("programs end in .dl, rows in .csv, .tsv, .jsonl or .facts")
}

fn near(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> =
        fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let name = nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(path.with_file_name(name))
}

/// The last part of a path.
pub(super) fn short_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
