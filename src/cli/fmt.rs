//! `entail fmt`: programs laid out as the project does.

use super::args::FmtArgs;
use crate::console::Console;
use crate::console::Exit;
use crate::console::say;
use crate::data::Dialect;
use crate::report::{self, Diagnostic, Sources};
use crate::session::{FileKind, find_files};
use crate::syntax;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub(super) fn fmt(args: &FmtArgs) -> Exit {
    let console = Console::new(args.color.color, false);
    if args.dialect != Dialect::Entail {
        // The tree does not hold `.plan`, lines for the preprocessor, and which heads and names stood together.
        say(
            "error: only programs in Entail's own language are laid out: of others, parts would be lost that are read past",
        );
        return Exit::Usage;
    }
    let mut exit = Exit::Success;
    for path in &args.paths {
        let result = if path == Path::new("-") { standard_input(args, &console) } else { files(path, args, &console) };
        exit = exit.max(result.unwrap_or_else(|exit| exit));
    }
    exit
}

fn standard_input(args: &FmtArgs, console: &Console) -> Result<Exit, Exit> {
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text).map_err(|error| {
        say(&format!("error[E0601]: cannot read standard input: {error}"));
        Exit::Failure
    })?;
    let laid_out = layout("standard input", &text, console)?;
    if args.check {
        return Ok(if laid_out == text { Exit::Success } else { Exit::Negative });
    }
    console.print(|out| out.write_all(laid_out.as_bytes()))?;
    Ok(Exit::Success)
}

fn files(path: &PathBuf, args: &FmtArgs, console: &Console) -> Result<Exit, Exit> {
    let found = find_files(std::slice::from_ref(path)).map_err(|diagnostic| complain(console, &diagnostic))?;
    let mut exit = Exit::Success;
    for file in found.iter().filter(|file| file.kind == FileKind::Program) {
        let one = one_file(&file.path, args, console);
        exit = exit.max(one.unwrap_or_else(|exit| exit));
    }
    Ok(exit)
}

fn one_file(path: &Path, args: &FmtArgs, console: &Console) -> Result<Exit, Exit> {
    let fail = |what: &str, error: &io::Error| {
        say(&format!("error: cannot {what} `{}`: {error}", path.display()));
        Exit::Failure
    };
    let text = fs::read_to_string(path).map_err(|error| fail("read", &error))?;
    let laid_out = layout(&path.display().to_string(), &text, console)?;
    if laid_out == text {
        return Ok(Exit::Success);
    }
    if args.check {
        console.print(|out| writeln!(out, "{}", path.display()))?;
        return Ok(Exit::Negative);
    }
    replace(path, &laid_out).map_err(|error| fail("write", &error))?;
    Ok(Exit::Success)
}

/// Writes under a temporary name and renames, keeping the file's permissions.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let folder = path.parent().expect("a file lies in a folder");
    let mut file = tempfile::Builder::new().prefix(".entail-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

fn layout(name: &str, text: &str, console: &Console) -> Result<String, Exit> {
    let mut sources = Sources::default();
    let source = sources.add(name, text);
    syntax::format(text, source).map_err(|diagnostics| {
        say(&report::draw(&sources, &diagnostics, console.drawing()));
        Exit::Failure
    })
}

fn complain(console: &Console, diagnostic: &Diagnostic) -> Exit {
    say(&report::draw(&Sources::default(), std::slice::from_ref(diagnostic), console.drawing()));
    Exit::Failure
}
