//! Programs with lines for the C preprocessor, `#include` and `#define`.
//!
//! In: the path of such a program. Out: the text that the preprocessor makes of it, in which markers say where lines
//! come from. Promise: no file outside the program's folder and the folders that were allowed becomes part of it.

use super::guard::Guard;
use crate::data::Width;
use crate::report::{Code, Diagnostic, Span, markers};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A preprocessor, and what it is told.
struct Preprocessor {
    name: &'static str,
    args: &'static [&'static str],
}

/// Those that are tried, the first one found is taken.
static PREPROCESSORS: &[Preprocessor] = &[
    Preprocessor { name: "mcpp", args: &["-e", "utf8", "-W0"] },
    Preprocessor { name: "cpp", args: &["-w", "-undef", "-x", "assembler-with-cpp"] },
];

/// Whether a text has lines for the preprocessor.
pub(super) fn is_needed(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with('#') && !line.starts_with("#!"))
}

/// What the preprocessor is asked to do.
pub(super) struct Job<'a> {
    /// The program.
    pub(super) path: &'a Path,
    /// Where the program lies.
    pub(super) folder: &'a Path,
    /// Where files that it includes are searched for.
    pub(super) folders: &'a [PathBuf],
    /// How wide its numbers are, which it can ask by `#if RAM_DOMAIN_SIZE == 32`.
    pub(super) width: Width,
}

/// What the preprocessor makes of a program.
pub(super) fn preprocess(job: &Job<'_>, guard: &Guard) -> Result<String, Diagnostic> {
    let Job { path, folder, .. } = *job;
    let Output { status, stdout, stderr } = run(job)?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        let message = format!("the preprocessor refuses `{}`", path.display());
        let notes = said.lines().take(5).fold(Diagnostic::bare(Code::CannotRead, message), Diagnostic::note);
        return Err(notes);
    }
    let text = String::from_utf8(stdout).map_err(|_| {
        let message = format!("what the preprocessor makes of `{}` is not UTF-8 text", path.display());
        Diagnostic::bare(Code::ForbiddenCharacter, message)
    })?;
    for marker in markers(&text) {
        let is_a_file = !marker.file.starts_with('<') && Path::new(&marker.file) != path;
        if is_a_file {
            // A path in the program starts at its folder; one that the preprocessor found starts where this one does.
            let near = if Path::new(&marker.file).starts_with(folder) { Path::new("") } else { folder };
            let guard = Guard { allowed: [&guard.allowed[..], &[folder.to_path_buf()]].concat() };
            guard.resolve(near, &marker.file, Span::default()).map_err(|refusal| Diagnostic {
                span: None,
                message: format!("`{}` includes `{}`, and {}", path.display(), marker.file, refusal.message),
                label: String::new(),
                ..refusal
            })?;
        }
    }
    Ok(text)
}

fn run(job: &Job<'_>) -> Result<Output, Diagnostic> {
    let Job { path, folders, width, .. } = *job;
    for Preprocessor { name, args } in PREPROCESSORS {
        let mut command = Command::new(name);
        command.args(*args).arg(format!("-DRAM_DOMAIN_SIZE={}", width.bits()));
        command.args(folders.iter().map(|folder| format!("-I{}", folder.display()))).arg(path);
        match command.stdin(Stdio::null()).output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("cannot run the preprocessor `{name}`: {}", super::files::reason(&error));
                return Err(Diagnostic::bare(Code::CannotRead, message));
            }
            Ok(output) => return Ok(output),
        }
    }
    let message = format!("`{}` needs a C preprocessor, and none is installed", path.display());
    Err(Diagnostic::bare(Code::CannotRead, message).help("install `mcpp` or `cpp`"))
}
