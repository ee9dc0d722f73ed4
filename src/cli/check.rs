//! `entail check`: syntax, names, types, safety, strata and constraints; exit 1 if a constraint is broken.

use super::args::CheckArgs;
use super::flags::TextOrJson;
use super::open;
use crate::console::Console;
use crate::console::Exit;
use crate::console::say;
use crate::report::{self, Diagnostic, count};
use crate::session::{Failure, Session};

pub(super) fn check(args: &CheckArgs, used: fn() -> usize) -> Exit {
    let console = Console::new(args.color.color, args.limits.quiet);
    match args.format {
        TextOrJson::Text => examine(args, &console, used).unwrap_or_else(|exit| exit),
        TextOrJson::Json => examine_json(args, &console, used).unwrap_or_else(|exit| exit),
    }
}

fn examine(args: &CheckArgs, console: &Console, used: fn() -> usize) -> Result<Exit, Exit> {
    let (session, found) = find(args, console, used).map_err(|(session, failure)| console.fail(&session, &failure))?;
    console.diagnostics(&session, &found);
    if found.is_empty() && !args.limits.quiet {
        let program = session.program();
        let rules = program.named().map(|relation| program.relations[relation].rules.len()).sum();
        let (facts, rules) = (count(session.fact_count(), "fact"), count(rules, "rule"));
        say(&format!("no mistakes in {facts}, {rules} and {}", count(program.constraints.len(), "constraint")));
    }
    Ok(verdict(args, &found))
}

/// Prints everything as JSON, an object a line, failures included.
fn examine_json(args: &CheckArgs, console: &Console, used: fn() -> usize) -> Result<Exit, Exit> {
    let (session, found, exit) = match find(args, console, used) {
        Ok((session, found)) => {
            let exit = verdict(args, &found);
            (session, found, exit)
        }
        Err((session, Failure::Diagnostics(found))) => (*session, found, Exit::Failure),
        Err((session, failure)) => return Err(console.fail(&session, &failure)),
    };
    console.print(|out| out.write_all(report::draw_json(session.sources(), &found).as_bytes()))?;
    Ok(exit)
}

/// Everything there is to say about a program that reads and checks.
fn find(
    args: &CheckArgs,
    console: &Console,
    used: fn() -> usize,
) -> Result<(Session, Vec<Diagnostic>), (Box<Session>, Failure)> {
    let (mut session, result) = open::load(&args.load, &args.limits, console, used);
    let mut found = match result {
        Ok(changed) => changed.warnings,
        Err(failure) => return Err((Box::new(session), failure)),
    };
    let broken = crate::console::evaluating(|| session.broken_constraints());
    match broken {
        Ok(broken) => found.extend(broken.iter().map(|broken| broken.describe(&session))),
        Err(failure) => return Err((Box::new(session), failure)),
    }
    Ok((session, found))
}

fn verdict(args: &CheckArgs, found: &[Diagnostic]) -> Exit {
    let negative = found.iter().any(Diagnostic::is_error) || (args.deny_warnings && !found.is_empty());
    if negative { Exit::Negative } else { Exit::Success }
}
