//! `entail graph`: which relation depends on which, or why a fact holds, as text that other tools draw.

use super::args::{GraphArgs, GraphFormat, GraphKind};
use super::open;
use crate::console::{Console, Exit};
use crate::explain::Cut;
use crate::formats::{Graph, write_dot, write_mermaid};
use crate::session::{GraphOf, Reasons, Session};

pub(super) fn graph(args: &GraphArgs, used: fn() -> usize) -> Exit {
    draw(args, used).map_or_else(|exit| exit, |()| Exit::Success)
}

fn draw(args: &GraphArgs, used: fn() -> usize) -> Result<(), Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    if args.fact.is_some() && args.of != GraphKind::Proof {
        console.say("error: `--fact` is for `--of proof`");
        return Err(Exit::Usage);
    }
    let mut session = open::open(&args.load, None, &args.limits, &console, used)?;
    let graph = match args.of {
        GraphKind::Rules => session.graph(GraphOf::Rules),
        GraphKind::Strata => session.graph(GraphOf::Strata),
        GraphKind::Proof => proof(args, &mut session, &console)?,
    };
    console.print(|out| match args.format {
        GraphFormat::Dot => write_dot(&graph, out),
        GraphFormat::Mermaid => write_mermaid(&graph, out),
    })
}

fn proof(args: &GraphArgs, session: &mut Session, console: &Console) -> Result<Graph, Exit> {
    let fact = args.fact.as_deref().unwrap_or_default();
    match open::evaluate(session, console, |session| session.explain("fact", fact))? {
        Reasons::Holds(explained) => {
            console.first(&explained.first);
            Ok(explained.graph(session, Cut::default()))
        }
        Reasons::Fails(lacking) => {
            console.say(&lacking.text(session));
            Err(Exit::Negative)
        }
    }
}
