//! `entail man`: the manual page, one for the command with all its subcommands.
//!
//! In: the command line as declared. Out: a page for `man`. Promise: every command and every flag that can be typed is
//! described, each flag that several commands share once.

use super::args::Cli;
use crate::commands::{COMMANDS, Group};
use crate::console::{Color, Console, Exit};
use clap::{Arg, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::io::{self, Write};

/// How commands end, for the page.
static EXITS: &[ExitRow] = &[
    ExitRow { exit: Exit::Success, help: "All went well." },
    ExitRow {
        exit: Exit::Negative,
        help: "The answer is no: with -e, with fmt --check, and where check finds a broken constraint.",
    },
    ExitRow { exit: Exit::Usage, help: "The command line cannot be read." },
    ExitRow { exit: Exit::Failure, help: "The program, its data, or a file is at fault." },
    ExitRow { exit: Exit::Limit, help: "A limit stopped the run; nothing was written in part." },
    ExitRow { exit: Exit::Internal, help: "Entail is at fault." },
    ExitRow { exit: Exit::Interrupted, help: "The user interrupted." },
];

struct ExitRow {
    exit: Exit,
    help: &'static str,
}

static DESCRIPTION: &[&str] = &[
    "Entail loads programs and rows, derives what follows from them, and answers questions. Without a command it loads \
     the paths and reads statements: clauses, retractions and questions, from a prompt where standard input is a \
     terminal.",
    "Answers go to standard output; diagnostics, progress and statistics go to standard error.",
];

pub(super) fn man() -> Exit {
    Console::new(Color::Auto, false).print(|out| page(out)).map_or_else(|exit| exit, |()| Exit::Success)
}

fn page(out: &mut dyn Write) -> io::Result<()> {
    let mut root = Cli::command();
    root.build();
    let usage = usage(&mut root);
    let man = Man::new(root.clone().override_usage(usage));
    // With no date, which the library leaves out, so that what follows would be taken for it.
    writeln!(out, ".TH ENTAIL 1 \"\" \"entail {}\" \"User Commands\"", env!("CARGO_PKG_VERSION"))?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    let mut description = Roff::new();
    description.control("SH", ["DESCRIPTION"]);
    for paragraph in DESCRIPTION {
        description.control("PP", []).text([roman(*paragraph)]);
    }
    description.to_writer(out)?;
    man.render_options_section(out)?;
    Roff::new().control("SH", ["COMMANDS"]).to_writer(out)?;
    let shared = root.clone();
    root.get_subcommands_mut().try_for_each(|command| section(command, &shared, out))?;
    prompt().to_writer(out)?;
    exits().to_writer(out)
}

/// What can be typed, without the word before it.
fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    usage.strip_prefix("Usage: ").unwrap_or(&usage).to_string()
}

/// What a command does, the flags of its own, and the names of those that `root` describes.
fn section(command: &mut Command, root: &Command, out: &mut dyn Write) -> io::Result<()> {
    let usage = usage(command);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    Roff::new().control("SS", [usage.as_str()]).text([roman(about + ".")]).to_writer(out)?;
    let arguments = command.get_arguments().filter(|arg| arg.get_long() != Some("help"));
    let (shared, own): (Vec<&Arg>, Vec<&Arg>) = arguments.partition(|arg| is_shared(arg, root));
    let own = Command::new("own").disable_help_flag(true).args(own.into_iter().cloned());
    let mut options = Vec::new();
    Man::new(own).render_options_section(&mut options)?;
    let options = String::from_utf8_lossy(&options);
    out.write_all(options.split_once(".SH OPTIONS\n").map_or("", |(_, rows)| rows).as_bytes())?;
    let mut line = Vec::new();
    for flag in shared.iter().filter_map(|arg| arg.get_long()) {
        line.push(roman(if line.is_empty() { "Of the options above it takes " } else { ", " }));
        line.push(bold(format!("--{flag}")));
    }
    if !line.is_empty() {
        line.push(roman("."));
        Roff::new().control("PP", []).text(line).to_writer(out)?;
    }
    Ok(())
}

/// Whether a flag means what the flag of that name means to `root`.
fn is_shared(arg: &Arg, root: &Command) -> bool {
    root.get_arguments().any(|other| {
        let names = |arg: &Arg| (arg.get_short(), arg.get_long().map(str::to_string));
        let help = |arg: &Arg| arg.get_help().map(ToString::to_string);
        arg.get_id() == other.get_id() && names(arg) == names(other) && help(arg) == help(other)
    })
}

/// The commands of the prompt.
fn prompt() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["PROMPT"]);
    roff.text([roman(
        "Statements end in a full stop, a question mark or a tilde: they add, ask, and take back. A line that starts \
         with a dot is a command.",
    )]);
    for group in Group::ALL {
        let title = group.title();
        roff.control("SS", [format!("{}{}", title[..1].to_uppercase(), &title[1..]).as_str()]);
        for command in COMMANDS.iter().filter(|command| command.group == group) {
            let help = format!("{}. {}", command.help, command.detail);
            roff.control("TP", []).text([bold(command.usage())]).text([roman(help.trim_end())]);
        }
    }
    roff
}

fn exits() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for row in EXITS {
        roff.control("TP", []).text([bold(row.exit.code().to_string())]).text([roman(row.help)]);
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_typed_has_a_help() {
        let mut root = Cli::command();
        root.build();
        root.clone().debug_assert();
        for command in std::iter::once(&root).chain(root.get_subcommands()) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{} {}", command.get_name(), arg.get_id());
            }
        }
    }
}
