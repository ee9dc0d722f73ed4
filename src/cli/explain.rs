//! `entail explain`: why a fact holds, or why it does not.

use super::args::ExplainArgs;
use super::open;
use crate::console::{Console, Exit};
use crate::explain::Cut;
use crate::session::Reasons;

pub(super) fn explain(args: &ExplainArgs, used: fn() -> usize) -> Exit {
    answer(args, used).unwrap_or_else(|exit| exit)
}

fn answer(args: &ExplainArgs, used: fn() -> usize) -> Result<Exit, Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    let (load, fact) = args.split();
    let mut session = open::open(&load, Some(&args.change), &args.limits, &console, used)?;
    let reasons = open::evaluate(&mut session, &console, |session| session.explain("fact", &fact))?;
    let (text, holds) = match &reasons {
        Reasons::Holds(explained) => (explained.text(&session, Cut { depth: args.depth, rows: args.rows }), true),
        Reasons::Fails(lacking) => (lacking.text(&session), false),
    };
    console.print(|out| out.write_all(text.as_bytes()))?;
    Ok(if holds == args.why_not { Exit::Negative } else { Exit::Success })
}
