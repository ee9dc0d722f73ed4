//! Programs that other programs include.
//!
//! In: an `.include` as written, and the files that lead to it. Out: the program is read like any other, once; within a
//! component its statements take the place of the directive, wherever that stands. Promise: no file is read that lies
//! outside the folders that programs may read from.

use super::files;
use super::guard::Guard;
use super::load::Load;
use crate::data::Dialect;
use crate::report::{Code, Diagnostic};
use crate::syntax::{Item, ItemKind, Text};
use std::path::{Path, PathBuf};

impl Load<'_> {
    /// Reads the program that an `.include` names.
    pub(super) fn include(&mut self, file: &Text, chain: &mut Vec<PathBuf>, folder: &Path) {
        let is_own = self.options.dialect == Dialect::Entail;
        match self.included(file, folder).and_then(|path| if is_own { acyclic(path, file, chain) } else { Ok(path) }) {
            Ok(path) => self.program(&path, chain),
            Err(diagnostic) => self.diagnostics.push(diagnostic),
        }
    }

    /// Puts what the files hold that a component includes in the places where it does.
    pub(super) fn fill_component(&mut self, items: &mut Vec<Item>, chain: &mut Vec<PathBuf>, folder: &Path) {
        for mut item in std::mem::take(items) {
            match &mut item.kind {
                ItemKind::Include(file) => items.extend(self.part(file, chain, folder)),
                ItemKind::Component(component) => {
                    self.fill_component(&mut component.items, chain, folder);
                    items.push(item);
                }
                _ => items.push(item),
            }
        }
    }

    /// The statements of a file that a component includes.
    fn part(&mut self, file: &Text, chain: &mut Vec<PathBuf>, folder: &Path) -> Vec<Item> {
        let path = match self.included(file, folder).and_then(|path| acyclic(path, file, chain)) {
            Ok(path) => path,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                return Vec::new();
            }
        };
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let source = self.program_text(&path).and_then(|text| self.file_source(&path, text, &folder));
        let Some(source) = source else { return Vec::new() };
        let mut ast = self.parsed(source);
        let real = path.canonicalize().unwrap_or(path);
        self.parts.push(real.clone());
        chain.push(real);
        self.fill_component(&mut ast.items, chain, &folder);
        chain.pop();
        ast.items
    }

    /// Where an included file may lie.
    pub(super) fn include_guard(&self) -> Guard {
        Guard { allowed: [&self.options.allowed[..], &self.options.include_dirs[..]].concat() }
    }

    /// The path of an included file.
    fn included(&self, file: &Text, folder: &Path) -> Result<PathBuf, Diagnostic> {
        let folders = std::iter::once(folder).chain(self.options.include_dirs.iter().map(PathBuf::as_path));
        let base = folders.clone().find(|folder| folder.join(&file.text).is_file()).unwrap_or(folder);
        let path = self.include_guard().resolve(base, &file.text, file.span)?;
        if path.is_file() {
            return Ok(path);
        }
        let message = format!("there is no file `{}`", path.display());
        Err(Diagnostic::new(Code::CannotRead, file.span, message).label("included here"))
    }
}

/// The path, unless the file leads to itself.
fn acyclic(path: PathBuf, file: &Text, chain: &[PathBuf]) -> Result<PathBuf, Diagnostic> {
    let Ok(real) = path.canonicalize() else { return Ok(path) };
    let Some(start) = chain.iter().position(|file| *file == real) else { return Ok(path) };
    let names = chain[start..].iter().chain([&real]).map(|file| files::short_name(file));
    let diagnostic = Diagnostic::new(Code::IncludeCycle, file.span, "this file includes itself");
    Err(diagnostic.label(names.collect::<Vec<_>>().join(" -> ")).help("take the `.include` out of one of them"))
}
