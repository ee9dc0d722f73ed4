//! `entail graph`: which relation depends on which, as text that other tools draw.

use super::args::{GraphArgs, GraphFormat, GraphKind};
use super::open;
use crate::console::Console;
use crate::console::Exit;
use crate::formats::{write_dot, write_mermaid};
use crate::session::GraphOf;

pub(super) fn graph(args: &GraphArgs, used: fn() -> usize) -> Exit {
    draw(args, used).map_or_else(|exit| exit, |()| Exit::Success)
}

fn draw(args: &GraphArgs, used: fn() -> usize) -> Result<(), Exit> {
    let console = Console::new(args.color.color, args.limits.quiet);
    let session = open::open(&args.load, None, &args.limits, &console, used)?;
    let graph = session.graph(match args.of {
        GraphKind::Rules => GraphOf::Rules,
        GraphKind::Strata => GraphOf::Strata,
    });
    console.print(|out| match args.format {
        GraphFormat::Dot => write_dot(&graph, out),
        GraphFormat::Mermaid => write_mermaid(&graph, out),
    })
}
