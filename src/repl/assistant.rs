//! What helps while something is typed, in the form that rustyline asks for.

use super::{complete, highlight, hint};
use crate::data::Dialect;
use crate::session::Session;
use crate::syntax::{Statement, first_statement};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};
use std::borrow::Cow;
use std::cell::RefCell;

/// Completes, colours and hints from what a session knows.
pub(super) struct Assistant {
    session: Session,
    /// What stands in the line that is being edited, and the hint behind it.
    line: RefCell<Line>,
}

impl Assistant {
    pub(super) fn new(session: Session) -> Self {
        Self { session, line: RefCell::default() }
    }

    /// What is known now; a new line begins.
    pub(super) fn know(&mut self, session: Session) {
        self.session = session;
        *self.line.borrow_mut() = Line::default();
    }

    /// What was typed, and the hint that stood behind it.
    pub(super) fn line(&self) -> Line {
        self.line.borrow().clone()
    }
}

/// A line that is being edited.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) typed: String,
    pub(super) hint: String,
}

impl Helper for Assistant {}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        Ok(complete::complete(&self.session, line, pos))
    }
}

/// Text behind the cursor that is shown and cannot be taken over.
pub(super) struct Ghost(String);

impl Hint for Ghost {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Assistant {
    type Hint = Ghost;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<Ghost> {
        let hint = (pos == line.len()).then(|| hint::hint(&self.session, line)).flatten();
        *self.line.borrow_mut() = Line { typed: line.to_owned(), hint: hint.clone().unwrap_or_default() };
        hint.map(Ghost)
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        Cow::Owned(highlight::highlight(&self.session, line))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let complete = is_complete(self.session.options().dialect, context.input());
        Ok(if complete { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

/// Whether every statement of a text is ended. Words of other tools, and those that are understood without a dot, are.
fn is_complete(dialect: Dialect, text: &str) -> bool {
    let mut rest = text;
    loop {
        match first_statement(dialect, rest) {
            Statement::Clause(end) | Statement::Command(end) => rest = &rest[end..],
            Statement::Blank => return true,
            Statement::Open(_) => {
                return text.starts_with('\\') || matches!(text.trim(), "help" | "quit" | "exit");
            }
        }
    }
}
