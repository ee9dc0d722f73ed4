//! The prompt: keys to statements. The only room that names rustyline.
//!
//! In: a conversation. Out: how it ended. What is typed is coloured, completed and hinted from what the session knows;
//! an entry goes on until its last statement is ended, so that it may take several lines and be one item of history.

mod assistant;
mod complete;
mod cursor;
mod files;
mod highlight;
mod hint;

use crate::commands::{After, Conversation};
use assistant::{Assistant, Line};
use files::{Kept, history_file, rc_file};
use rustyline::error::ReadlineError;
use rustyline::history::{FileHistory, History, SearchDirection};
use rustyline::{ColorMode, CompletionType, Config, Editor};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Two interrupts within this time end the prompt.
const TWICE: Duration = Duration::from_secs(2);

/// Reads statements from the terminal until Ctrl-D or `.quit`.
pub fn prompt(conversation: &mut Conversation, no_rc: bool) -> ExitCode {
    if let Some(greeting) = conversation.greeting() {
        conversation.say(&greeting);
    }
    match converse(conversation, no_rc) {
        Ok(code) => code,
        Err(error) => {
            conversation.say(&format!("error: the terminal cannot be read: {error}"));
            ExitCode::from(3)
        }
    }
}

fn converse(conversation: &mut Conversation, no_rc: bool) -> Result<ExitCode, ReadlineError> {
    let color = if conversation.is_colored() { ColorMode::Enabled } else { ColorMode::Disabled };
    let config = Config::builder()
        .max_history_size(10_000)?
        .history_ignore_dups(true)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .color_mode(color)
        .bracketed_paste(true)
        .build();
    let mut editor: Editor<Assistant, FileHistory> = Editor::with_config(config)?;
    let mut history = open_history(&mut editor, conversation);
    editor.set_helper(Some(Assistant::new(conversation.session().clone())));
    if !no_rc && run_rc(conversation) == After::Leave {
        return Ok(leave(conversation));
    }
    let mut last_interrupt: Option<Instant> = None;
    let mut told_how_to_leave = false;
    loop {
        if let Some(assistant) = editor.helper_mut() {
            assistant.know(conversation.session().clone());
        }
        match editor.readline(&conversation.prompt()) {
            Ok(typed) if typed.trim().is_empty() => {}
            Ok(typed) => {
                if editor.add_history_entry(typed.trim_end())? {
                    history.append(&mut editor, conversation);
                }
                let after = match typed.starts_with('\\').then(|| conversation.foreign(&typed)).flatten() {
                    Some(after) => after,
                    None => conversation.tell(&typed),
                };
                if after == After::Leave {
                    return Ok(leave(conversation));
                }
                last_interrupt = conversation.take_interrupted();
            }
            Err(ReadlineError::Interrupted) => {
                let line = editor.helper().map(Assistant::line).unwrap_or_default();
                if !line.typed.is_empty() {
                    leave_no_hint(&line, conversation);
                    last_interrupt = None;
                    continue;
                }
                if last_interrupt.is_some_and(|last| last.elapsed() < TWICE) {
                    conversation.keep_what_was_told(files::told_file());
                    return Ok(ExitCode::from(130));
                }
                last_interrupt = Some(Instant::now());
                if !std::mem::replace(&mut told_how_to_leave, true) {
                    conversation.say("Ctrl-D or .quit to leave");
                }
            }
            Err(ReadlineError::Eof) => return Ok(leave(conversation)),
            // The window was resized while a line was read.
            Err(ReadlineError::Signal(_)) => {}
            Err(error) => return Err(error),
        }
    }
}

/// The line that was given up stays on the screen, and with it the hint, which nobody typed: it is written again
/// without, where that is one row of the screen.
fn leave_no_hint(line: &Line, conversation: &Conversation) {
    let prompt = conversation.prompt();
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii() && !c.is_control());
    let length = prompt.len() + line.typed.len() + line.hint.len();
    let fits = conversation.width().is_some_and(|width| length < width);
    if !line.hint.is_empty() && is_plain(&line.typed) && is_plain(&line.hint) && fits {
        conversation.say(&format!("\x1b[A\r\x1b[K{prompt}{}^C", line.typed));
    }
}

fn leave(conversation: &mut Conversation) -> ExitCode {
    conversation.keep_what_was_told(files::told_file());
    conversation.farewell()
}

/// Loads the history, and gives what was typed before to the conversation.
fn open_history(editor: &mut Editor<Assistant, FileHistory>, conversation: &mut Conversation) -> Kept {
    let kept = history_file(conversation);
    if let Some(path) = kept.path() {
        // A history that cannot be read is one that is not there.
        let _ = editor.load_history(path);
    }
    let history = editor.history();
    let earlier =
        (0..history.len()).filter_map(|at| Some(history.get(at, SearchDirection::Forward).ok()??.entry.into_owned()));
    conversation.remember(earlier.collect());
    kept
}

/// Carries out the commands of the rc file, if there is one.
fn run_rc(conversation: &mut Conversation) -> After {
    let Some(path) = rc_file().filter(|path| path.is_file()) else { return After::GoOn };
    match std::fs::read_to_string(&path) {
        Ok(text) => conversation.run_commands(&path.display().to_string(), &text),
        Err(error) => {
            conversation.say(&format!("warning: cannot read {}: {error}", path.display()));
            After::GoOn
        }
    }
}
