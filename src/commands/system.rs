//! The world around a conversation: editor, shell, history, leaving.

use super::conversation::{After, Conversation};
use crate::console::{Exit, leave_to_child};
use crate::report::{Code, Diagnostic};
use std::io::{self, Write};
use std::process::{Command, ExitStatus};

impl Conversation {
    /// `.edit`
    pub(super) fn edit(&mut self, _: &str) -> Result<After, Exit> {
        let last = self.history.iter().rev().find(|typed| !typed.starts_with('.')).cloned().unwrap_or_default();
        match edited(&last) {
            Ok(text) if text.trim().is_empty() || text.trim() == last.trim() => {
                self.console.remark("nothing was changed, so nothing was done");
                Ok(After::GoOn)
            }
            Ok(text) => {
                self.history.push(text.trim_end().to_owned());
                self.text("editor", &text)
            }
            Err(reason) => {
                let help = "the editor is $VISUAL, $EDITOR or vi";
                self.refuse(Diagnostic::bare(Code::CommandUsage, reason).help(help))
            }
        }
    }

    /// `.history [N]`
    pub(super) fn show_history(&mut self, args: &str) -> Result<After, Exit> {
        let wanted = match args.parse() {
            _ if args.is_empty() => usize::MAX,
            Ok(number) => number,
            Err(_) => return self.misused("history", "give a number"),
        };
        let from = self.history.len().saturating_sub(wanted);
        let lines: Vec<String> =
            self.history[from..].iter().map(|typed| super::knowledge::visible_lines(typed) + "\n").collect();
        self.out(&lines.concat())
    }

    /// `.shell CMD`
    pub(super) fn shell(&mut self, args: &str) -> Result<After, Exit> {
        if args.is_empty() {
            return self.misused("shell", "give a command");
        }
        match leave_to_child(|| Command::new("sh").args(["-c", args]).status()) {
            Ok(status) if status.success() => Ok(After::GoOn),
            Ok(status) => {
                let message = format!("the command {}", ended(status));
                self.refuse(Diagnostic::bare(Code::CommandUsage, message))
            }
            Err(error) => {
                self.refuse(Diagnostic::bare(Code::CommandUsage, format!("no shell can be started: {error}")))
            }
        }
    }

    /// `.exit [N]`
    pub(super) fn exit(&mut self, args: &str) -> Result<After, Exit> {
        match args.parse() {
            _ if args.is_empty() => self.leave(None),
            Ok(code) => self.leave(Some(code)),
            Err(_) => self.misused("exit", "an exit code is 0 to 255"),
        }
    }

    pub(super) fn leave(&mut self, code: Option<u8>) -> Result<After, Exit> {
        self.asked_exit = code;
        Ok(After::Leave)
    }
}

fn ended(status: ExitStatus) -> String {
    status.code().map_or_else(|| "was stopped by a signal".into(), |code| format!("ended with exit code {code}"))
}

/// What an editor makes of a text.
fn edited(text: &str) -> Result<String, String> {
    let told = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok());
    let editor = told.filter(|editor| !editor.trim().is_empty()).unwrap_or_else(|| "vi".into());
    let with_file = || -> io::Result<(ExitStatus, String)> {
        let mut file = tempfile::Builder::new().prefix("entail-").suffix(".dl").tempfile()?;
        writeln!(file, "{text}")?;
        file.flush()?;
        let command = format!("{editor} \"$1\"");
        let path = file.path();
        let status = leave_to_child(|| Command::new("sh").args(["-c", &command, "sh"]).arg(path).status())?;
        Ok((status, std::fs::read_to_string(path)?))
    };
    match with_file() {
        Ok((status, text)) if status.success() => Ok(text),
        Ok((status, _)) => Err(format!("the editor `{editor}` {}", ended(status))),
        Err(error) => Err(format!("the editor `{editor}` cannot be used: {error}")),
    }
}
