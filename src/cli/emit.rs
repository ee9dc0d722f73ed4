//! `entail emit`: a program for another engine.

use super::args::EmitArgs;
use super::open;
use crate::console::{Console, Exit};

pub(super) fn emit(args: &EmitArgs, used: fn() -> usize) -> Exit {
    write(args, used).map_or_else(|exit| exit, |()| Exit::Success)
}

fn write(args: &EmitArgs, used: fn() -> usize) -> Result<(), Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    let mut session = open::open(&args.load, Some(&args.change), &args.limits, &console, used)?;
    let text = match args.target {
        super::args::Target::Souffle => open::evaluate(&mut session, &console, |session| session.emit_souffle())?,
    };
    console.print(|out| out.write_all(text.as_bytes()))
}
