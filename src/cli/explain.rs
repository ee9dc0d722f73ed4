//! `entail explain`: why a fact holds, or why it does not.

use super::args::ExplainArgs;
use super::open;
use crate::console::{Console, Exit};
use crate::explain::Cut;

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
    let text = explained.text(&session, cut);
    console.print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Success)
}
