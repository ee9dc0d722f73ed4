//! `entail` without a command: statements from `-c`, `-f` or standard input, or a prompt where that is a terminal.

use super::args::PromptArgs;
use super::flags::{LimitArgs, LoadArgs};
use super::open;
use crate::commands::{After, Conversation, Settings, Start};
use crate::console::{Console, Exit, Manner};
use crate::report::{Code, Diagnostic};
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;

/// Reads statements from a terminal and tells them to a conversation, until one of them ends it. The flag says whether
/// the rc file is skipped.
pub type Prompt = fn(&mut Conversation, bool) -> ExitCode;

pub(super) fn script(args: &PromptArgs, used: fn() -> usize, prompt: Option<Prompt>) -> ExitCode {
    carry_out(args, used, prompt).unwrap_or_else(ExitCode::from)
}

fn carry_out(args: &PromptArgs, used: fn() -> usize, prompt: Option<Prompt>) -> Result<ExitCode, Exit> {
    let mut console = Console::new(args.output.color.color, args.limits.quiet);
    // Here a time limit is one for each statement.
    let limits = LimitArgs { timeout: None, ..args.limits.clone() };
    let load = LoadArgs { input_is_taken: true, ..args.load.clone() };
    let session = open::open(&load, None, &limits, &console, used)?;
    let script_file = args.script.as_deref().filter(|file| *file != Path::new("-"));
    let interactive = args.commands.is_empty() && args.script.is_none() && io::stdin().is_terminal();
    let prompt = prompt.filter(|_| interactive && !args.echo);
    console.manner = match prompt {
        Some(_) => Manner::Prompt,
        None if args.echo => Manner::Echo,
        None => Manner::Script,
    };
    let settings = Settings {
        format: args.output.format,
        stats: args.limits.stats,
        timeout: args.limits.timeout,
        ..Settings::new(used)
    };
    let mut conversation = Conversation::new(Start { session, console, settings, keep_going: args.keep_going });
    if let Some(prompt) = prompt {
        let code = prompt(&mut conversation, args.no_rc);
        profile(args, &conversation)?;
        return Ok(code);
    }
    match script_file {
        _ if !args.commands.is_empty() => {
            for command in &args.commands {
                if conversation.text("-c", command)? == After::Leave {
                    break;
                }
            }
        }
        Some(file) => read(&mut conversation, &file.display().to_string(), fs::read_to_string(file))?,
        None => {
            let mut text = String::new();
            let all = io::stdin().lock().read_to_string(&mut text).map(|_| text);
            read(&mut conversation, "standard input", all)?;
        }
    }
    profile(args, &conversation)?;
    Ok(conversation.ending())
}

fn profile(args: &PromptArgs, conversation: &Conversation) -> Result<(), Exit> {
    // What each evaluation took was told behind it.
    let limits = LimitArgs { stats: false, ..args.limits.clone() };
    super::run::costs(&limits, conversation.session(), conversation.console(), || 0)
}

fn read(conversation: &mut Conversation, name: &str, text: io::Result<String>) -> Result<(), Exit> {
    match text {
        Ok(text) => conversation.text(name, &text).map(|_| ()),
        Err(error) => {
            let message = format!("cannot read {name}: {error}");
            Err(conversation
                .console()
                .fail(conversation.session(), &Diagnostic::bare(Code::CannotRead, message).into()))
        }
    }
}
