//! `entail explain`: why a fact holds, or why it does not.

use super::args::ExplainArgs;
use super::open;
use crate::commands::command_line;
use crate::console::{Console, Exit};
use crate::explain::Cut;
use crate::report::count;

pub(super) fn explain(args: &ExplainArgs, used: fn() -> usize) -> Exit {
    answer(args, used).unwrap_or_else(|exit| exit)
}

fn answer(args: &ExplainArgs, used: fn() -> usize) -> Result<Exit, Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    let (load, fact) = args.split();
    let mut session = open::open(&load, Some(&args.change), &args.limits, &console, used)?;
    let explained = open::evaluate(&mut session, &console, |session| session.why("fact", &fact))?;
    let Some(explained) = explained else { return Ok(Exit::Negative) };
    let cut = Cut { depth: args.depth, rows: args.rows };
    let told = explained.show(args.format, &session, cut, &typed());
    console.print(|out| out.write_all(told.as_bytes()))?;
    if explained.answers > 1 && !args.limits.quiet {
        console.say(&format!("the first of {} is explained", count(explained.answers, "answer")));
    }
    Ok(Exit::Success)
}

/// The command line, so that it can be given again.
fn typed() -> String {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    command_line(std::iter::once("entail".to_owned()).chain(words))
}
