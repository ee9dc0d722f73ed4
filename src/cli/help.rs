//! `entail help`: the table of diagnostic codes.

use super::args::Cli;
use crate::console::Color;
use crate::console::Console;
use crate::console::Exit;
use crate::console::say;
use crate::report::{CODES, Code, CodeRow, nearest};
use clap::CommandFactory;
use std::io::{self, Write};

pub(super) fn help(code: Option<&str>) -> Exit {
    let console = Console::new(Color::Auto, false);
    let Some(id) = code else { return list(&console).map_or_else(|exit| exit, |()| Exit::Success) };
    match Code::from_id(id) {
        Some(code) => console.print(|out| explain(code.row(), out)).map_or_else(|exit| exit, |()| Exit::Success),
        None => {
            let near = nearest(&id.to_ascii_uppercase(), CODES.iter().map(|row| row.id));
            let hint = near.map_or("`entail help` lists them".to_string(), |near| format!("did you mean {near}?"));
            say(&format!("error: no diagnostic has the code `{}`; {hint}", crate::formats::escape(id)));
            Exit::Usage
        }
    }
}

/// The flags, then a line for each code.
fn list(console: &Console) -> Result<(), Exit> {
    let usage = Cli::command().render_long_help();
    console.print(|out| {
        writeln!(out, "{usage}")?;
        writeln!(out, "Diagnostics (`entail help CODE` explains one):")?;
        CODES.iter().try_for_each(|row| writeln!(out, "  {}  {}", row.id, row.title))
    })
}

fn explain(row: &CodeRow, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}\n\n{}", row.id, row.title, row.explanation.trim())?;
    if !row.wrong.is_empty() {
        writeln!(out, "\nwrong:")?;
        example(row.wrong, out)?;
        writeln!(out, "\nright:")?;
        example(row.right, out)?;
    }
    Ok(())
}

fn example(program: &str, out: &mut dyn Write) -> io::Result<()> {
    program.trim_matches('\n').lines().try_for_each(|line| writeln!(out, "    {line}"))
}
