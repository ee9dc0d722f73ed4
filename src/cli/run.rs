//! `entail run`: evaluate a program and do what its directives and questions ask for, in the order of the text.

use super::args::RunArgs;
use super::flags::LimitArgs;
use super::open;
use crate::check::Role;
use crate::commands::write_whole;
use crate::console::Console;
use crate::console::Exit;
use crate::console::{say, spelled_bytes};
use crate::formats::json_text;
use crate::report::count;
use crate::session::{OutputFolder, Printed, Session};
use std::path::Path;

pub(super) fn run(args: &RunArgs, used: fn() -> usize) -> Exit {
    carry_out(args, used).map_or_else(|exit| exit, |()| Exit::Success)
}

fn carry_out(args: &RunArgs, used: fn() -> usize) -> Result<(), Exit> {
    let console = Console::new(args.output.color.color, args.limits.quiet);
    let mut session = open::open(&args.load, Some(&args.change), &args.limits, &console, used)?;
    let folder = if args.output_dir == Path::new("-") {
        OutputFolder::Stdout
    } else {
        OutputFolder::Folder(args.output_dir.clone())
    };
    let quiet = args.limits.quiet;
    let printed = open::evaluate(&mut session, &console, |session| session.outputs(&folder))?;
    let broken = open::evaluate(&mut session, &console, Session::broken_constraints)?;
    print(&session, &console, args, &printed)?;
    if printed.is_empty() {
        open::evaluate(&mut session, &console, Session::evaluate_all)?;
        say_sizes(&session, quiet);
    }
    if !quiet {
        let broken: Vec<_> = broken.iter().map(|broken| broken.describe(&session)).collect();
        console.diagnostics(&session, &broken);
    }
    costs(&args.limits, &session, &console, used)
}

fn print(session: &Session, console: &Console, args: &RunArgs, printed: &[Printed]) -> Result<(), Exit> {
    let format = console.format(args.output.format);
    let mut answered = false;
    for item in printed {
        match item {
            Printed::File(rows, path) => {
                let written = session.write_file(rows, path);
                written.map_err(|diagnostic| console.fail(session, &diagnostic.into()))?;
            }
            Printed::Rows(rows) => console.print(|out| session.write_rows(rows, out))?,
            Printed::Size { relation, rows } => console.print(|out| writeln!(out, "{relation}\t{rows}"))?,
            Printed::Answer(asked) => {
                console.print(|out| {
                    if answered && format.separates_answers() {
                        writeln!(out)?;
                    }
                    console.answer(session, asked, format, out)
                })?;
                answered = true;
            }
        }
    }
    Ok(())
}

/// A program that asks for nothing gets the sizes of what it derives.
fn say_sizes(session: &Session, quiet: bool) {
    if quiet {
        return;
    }
    say("nothing asks for output: no `.output`, `.printsize` or `?-`. Derived relations:");
    for id in session.program().named() {
        let relation = &session.program().relations[id];
        if relation.is_derived() && relation.role == Role::Named {
            say(&format!("  {}\t{}", relation.name, session.rows_in(id)));
        }
    }
}

/// What a run took, if that was asked for: on standard error, or to a file.
pub(super) fn costs(args: &LimitArgs, session: &Session, console: &Console, used: fn() -> usize) -> Result<(), Exit> {
    if args.stats {
        let progress = session.limits.meter.progress();
        say(&format!(
            "{}, {}, {} derived, {} read, {} in use",
            count(session.fact_count(), "fact"),
            count(progress.rounds, "round"),
            count(progress.tuples, "row"),
            spelled_bytes(session.limits.meter.bytes()),
            spelled_bytes(used()),
        ));
    }
    match &args.profile {
        Some(path) => write_whole(path, |out| out.write_all(json_text(&session.costs()).as_bytes()))
            .map_err(|diagnostic| console.fail(session, &diagnostic.into())),
        None => Ok(()),
    }
}
