//! `entail completions`: the flags and commands, for a shell to complete.

use super::args::Cli;
use crate::console::Color;
use crate::console::Console;
use crate::console::Exit;
use clap::CommandFactory;
use clap_complete::{Shell, generate};

pub(super) fn completions(shell: Shell) -> Exit {
    // In memory first, since what generates it panics where a reader goes away.
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "entail", &mut script);
    Console::new(Color::Auto, false).print(|out| out.write_all(&script)).map_or_else(|exit| exit, |()| Exit::Success)
}
