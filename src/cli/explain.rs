//! `entail explain`: why a fact holds, or why it does not.

use super::args::ExplainArgs;
use super::open;
use crate::commands::command_line;
use crate::console::{Console, Exit};
use crate::explain::{Cut, Form};
use crate::session::{Reasons, Session};
use std::path::Path;

pub(super) fn explain(args: &ExplainArgs, used: fn() -> usize) -> Exit {
    answer(args, used).unwrap_or_else(|exit| exit)
}

fn answer(args: &ExplainArgs, used: fn() -> usize) -> Result<Exit, Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    let (load, fact) = args.split();
    let is_path = Path::new(&fact).exists();
    if fact.is_empty() || load.paths.is_empty() && is_path {
        return which_fact(&console);
    }
    let mut session = open::open(&load, Some(&args.change), &args.limits, &console, used)?;
    if is_path && session.program().relation(&fact).is_none() {
        return which_fact(&console);
    }
    if let Some(most) = args.all
        && let Some(exit) = several(args, &mut session, &console, &fact, most.get())?
    {
        return Ok(exit);
    }
    let reasons = open::evaluate(&mut session, &console, |session| session.explain("fact", &fact))?;
    let holds = match &reasons {
        Reasons::Holds(explained) => {
            let cut = Cut { depth: args.depth, rows: args.rows, columns: console.layout().width };
            let told = explained.show(args.format, &session, cut, &typed());
            console.print(|out| out.write_all(told.as_bytes()))?;
            console.first(&explained.first);
            true
        }
        Reasons::Fails(lacking) => {
            match args.format {
                Form::Text => console.print(|out| out.write_all(lacking.text(&session).as_bytes()))?,
                Form::Json => console.print(|out| out.write_all(lacking.json(&session).as_bytes()))?,
                // Who reads the other forms expects a proof or nothing.
                Form::Dot | Form::Mermaid | Form::Html => {
                    console.say(&format!("there is no proof to show:\n{}", lacking.text(&session)));
                }
            }
            false
        }
    };
    Ok(if holds == args.why_not { Exit::Negative } else { Exit::Success })
}

fn which_fact(console: &Console) -> Result<Exit, Exit> {
    console.say("error: which fact? `entail explain PATH... FACT`");
    Err(Exit::Usage)
}

/// Shows up to so many proofs; nothing if there is none.
fn several(
    args: &ExplainArgs,
    session: &mut Session,
    console: &Console,
    fact: &str,
    most: usize,
) -> Result<Option<Exit>, Exit> {
    if !matches!(args.format, Form::Text | Form::Json) {
        console.say(&format!("error: `--all` shows proofs as text or JSON, not as {}", args.format.name()));
        return Err(Exit::Usage);
    }
    let proofs = open::evaluate(session, console, |session| session.proofs("fact", fact, most))?;
    if proofs.found.is_empty() {
        return Ok(None);
    }
    let cut = Cut { depth: args.depth, rows: args.rows, columns: console.layout().width };
    let told = proofs.show(args.format, session, cut, &typed());
    console.print(|out| out.write_all(told.as_bytes()))?;
    console.proofs(&proofs, most);
    Ok(Some(if args.why_not { Exit::Negative } else { Exit::Success }))
}

/// The command line, so that it can be given again.
fn typed() -> String {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    command_line(std::iter::once("entail".to_owned()).chain(words))
}
