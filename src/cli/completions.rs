//! `entail completions`: the flags and commands, for a shell to complete.

use super::args::{Cli, Color};
use super::console::Console;
use super::exit::Exit;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use std::io::Write;

pub(super) fn completions(shell: Shell) -> Exit {
    // In memory first, since what generates it panics where a reader goes away.
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "entail", &mut script);
    Console::new(Color::Auto).print(|out| out.write_all(&script)).map_or_else(|exit| exit, |()| Exit::Success)
}
