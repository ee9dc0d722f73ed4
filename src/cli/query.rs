//! `entail query`: the answers of the questions given with `-q`, and nothing else.

use super::args::QueryArgs;
use super::open;
use super::run::costs;
use crate::console::Console;
use crate::console::Exit;

pub(super) fn query(args: &QueryArgs, used: fn() -> usize) -> Exit {
    answer(args, used).unwrap_or_else(|exit| exit)
}

fn answer(args: &QueryArgs, used: fn() -> usize) -> Result<Exit, Exit> {
    let console = Console::new(args.output.color.color, args.limits.quiet);
    let mut session = open::open(&args.load, Some(&args.change), &args.limits, &console, used)?;
    let format = console.format(args.output.format);
    let mut answers = Vec::new();
    for query in &args.queries {
        answers.extend(open::evaluate(&mut session, &console, |session| session.query("-q", query))?);
    }
    console.print(|out| {
        for (at, asked) in answers.iter().enumerate() {
            if at > 0 && format.separates_answers() {
                writeln!(out)?;
            }
            console.answer(&session, asked, format, out)?;
        }
        Ok(())
    })?;
    costs(&args.limits, &session, &console, used)?;
    let negative = args.exit_status && answers.iter().any(|asked| asked.is_negative());
    Ok(if negative { Exit::Negative } else { Exit::Success })
}
