//! `entail diff`: what is gained and lost when facts are changed as the flags say, and by which change.

use super::args::DiffArgs;
use super::flags::TextOrJson;
use super::open;
use super::run::costs;
use crate::console::{Console, Exit, say};

pub(super) fn diff(args: &DiffArgs, used: fn() -> usize) -> Exit {
    compare(args, used).map_or_else(|exit| exit, |()| Exit::Success)
}

fn compare(args: &DiffArgs, used: fn() -> usize) -> Result<(), Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    if args.change.is_empty() {
        say("error: nothing is changed: give `--assert FACT`, `--retract FACT` or `--without KIND=VALUE`");
        return Err(Exit::Usage);
    }
    let mut session = open::open(&args.load, None, &args.limits, &console, used)?;
    session.open_layer();
    open::change(&mut session, &args.change, &console)?;
    let diff = open::evaluate(&mut session, &console, |session| session.diff(0))?;
    let text = match args.format {
        TextOrJson::Text => diff.text(&session, usize::MAX),
        TextOrJson::Json => diff.json(&session),
    };
    console.print(|out| out.write_all(text.as_bytes()))?;
    costs(&args.limits, &session, &console, used)
}
