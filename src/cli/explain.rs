//! `entail explain`: why a fact holds, or why it does not.

use super::args::ExplainArgs;
use super::open;
use crate::commands::command_line;
use crate::console::{Console, Exit};
use crate::explain::{Cut, Form};
use crate::report::count;
use crate::session::Reasons;

pub(super) fn explain(args: &ExplainArgs, used: fn() -> usize) -> Exit {
    answer(args, used).unwrap_or_else(|exit| exit)
}

fn answer(args: &ExplainArgs, used: fn() -> usize) -> Result<Exit, Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    let (load, fact) = args.split();
    let mut session = open::open(&load, Some(&args.change), &args.limits, &console, used)?;
    let reasons = open::evaluate(&mut session, &console, |session| session.explain("fact", &fact))?;
    let holds = match &reasons {
        Reasons::Holds(explained) => {
            let cut = Cut { depth: args.depth, rows: args.rows };
            let told = explained.show(args.format, &session, cut, &typed());
            console.print(|out| out.write_all(told.as_bytes()))?;
            if explained.answers > 1 && !args.limits.quiet {
                console.say(&format!("the first of {} is explained", count(explained.answers, "answer")));
            }
            true
        }
        Reasons::Fails(lacking) => {
            let told = lacking.text(&session);
            match args.format {
                Form::Text => console.print(|out| out.write_all(told.as_bytes()))?,
                // Who reads the other forms expects a proof or nothing.
                Form::Json | Form::Dot | Form::Mermaid | Form::Html => console.say(&told),
            }
            false
        }
    };
    Ok(if holds == args.why_not { Exit::Negative } else { Exit::Success })
}

/// The command line, so that it can be given again.
fn typed() -> String {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    command_line(std::iter::once("entail".to_owned()).chain(words))
}
