//! The prompt: lines from a terminal to statements. The only room that names rustyline.

use crate::cli::Conversation;
use crate::syntax::{Statement, first_statement};
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

/// Reads statements from the terminal until Ctrl-D or `.quit`. A statement may take several lines; Ctrl-C throws away
/// what was typed of it.
pub fn prompt(conversation: &mut Conversation<'_>) -> Result<(), String> {
    let mut editor = DefaultEditor::new().map_err(|error| error.to_string())?;
    let mut typed = String::new();
    loop {
        match editor.readline(if typed.is_empty() { "> " } else { "| " }) {
            Ok(line) => {
                typed.push_str(&line);
                typed.push('\n');
                if !is_complete(&typed) {
                    continue;
                }
                let statements = std::mem::take(&mut typed);
                // History is a convenience: a line that cannot be kept is only that.
                let _ = editor.add_history_entry(statements.trim_end());
                if !conversation.tell(&statements) {
                    return Ok(());
                }
            }
            Err(ReadlineError::Interrupted) => typed.clear(),
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Whether every statement of a text is ended.
fn is_complete(mut text: &str) -> bool {
    loop {
        match first_statement(text) {
            Statement::Clause(end) | Statement::Command(end) => text = &text[end..],
            Statement::Blank => return true,
            // Words that are no clause are understood without a dot.
            Statement::Open(_) => return matches!(text.trim(), "help" | "quit" | "exit"),
        }
    }
}
