//! The command line: what was typed to what it means, batch runs, exit codes.
//!
//! Only this room, `console`, `commands` and `repl` print, read the clock, the environment or the terminal.

mod args;
mod check;
mod completions;
mod diff;
mod emit;
mod explain;
mod flags;
mod fmt;
mod graph;
mod help;
mod libraries;
mod man;
mod open;
mod query;
mod run;
mod script;

use crate::console::Exit;
use args::{Cli, Command};
use clap::Parser;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

pub use script::Prompt;

/// Runs the command that was typed. `used` tells how many bytes the process has allocated; `prompt` reads statements
/// from a terminal, where that was built in.
pub fn main(used: fn() -> usize, prompt: Option<Prompt>) -> ExitCode {
    let cli = Cli::parse();
    match panic::catch_unwind(AssertUnwindSafe(|| dispatch(cli, used, prompt))) {
        Ok(code) => code,
        Err(_) => {
            crate::console::say("internal error: this is a mistake in entail, not in your program; please report it");
            Exit::Internal.into()
        }
    }
}

fn dispatch(cli: Cli, used: fn() -> usize, prompt: Option<Prompt>) -> ExitCode {
    // A mistake to practise on, so that a test sees what a user would.
    assert!(
        !cfg!(debug_assertions) || std::env::var_os("ENTAIL_TEST_PANIC").is_none_or(|at| at == "statement"),
        "planted"
    );
    let exit = match cli.command {
        Some(Command::Run(args)) => run::run(&args, used),
        Some(Command::Query(args)) => query::query(&args, used),
        Some(Command::Explain(args)) => explain::explain(&args, used),
        Some(Command::Diff(args)) => diff::diff(&args, used),
        Some(Command::Emit(args)) => emit::emit(&args, used),
        Some(Command::Check(args)) => check::check(&args, used),
        Some(Command::Fmt(args)) => fmt::fmt(&args),
        Some(Command::Graph(args)) => graph::graph(&args, used),
        Some(Command::Completions(args)) => completions::completions(args.shell),
        Some(Command::Man) => man::man(),
        Some(Command::Help(args)) => help::help(args.code.as_deref()),
        None => return script::script(&cli.prompt, used, prompt),
    };
    exit.into()
}
