//! Saying what happened: diagnostics and remarks to standard error, answers to standard output, and a copy of both to
//! a file, if one is kept.

use super::exit::Exit;
use super::pager::page;
use super::settings::{Color, Paging};
use super::terminal::Terminal;
use crate::eval::Stopped;
use crate::explain::Proofs;
use crate::formats::{Format, Layout};
use crate::report::{self, Diagnostic};
use crate::session::{Explained, Failure, First, Session};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// How a conversation is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Answers only; the first mistake ends it.
    Script,
    /// As at the prompt, with each statement shown, all on standard output.
    Echo,
    /// With someone at the terminal.
    Prompt,
}

impl Manner {
    /// Whether changes, counts and times are told, and mistakes end nothing.
    pub(crate) fn converses(self) -> bool {
        self != Manner::Script
    }
}

/// The two streams of a command.
#[derive(Debug)]
pub(crate) struct Console {
    pub(crate) stdout: Terminal,
    pub(crate) stderr: Terminal,
    pub(crate) manner: Manner,
    pub(crate) paging: Paging,
    /// Whether nothing is said besides answers and errors.
    pub(crate) quiet: bool,
    tee: RefCell<Option<File>>,
}

impl Console {
    pub(crate) fn new(color: Color, quiet: bool) -> Self {
        let (stdout, stderr) = (Terminal::stdout(color), Terminal::stderr(color));
        Self { stdout, stderr, manner: Manner::Script, paging: Paging::Auto, quiet, tee: RefCell::default() }
    }

    /// Copies everything that is said to a file from now on, or to none.
    pub(crate) fn tee(&self, file: Option<File>) {
        *self.tee.borrow_mut() = file;
    }

    /// Draws diagnostics on standard error.
    pub(crate) fn diagnostics(&self, session: &Session, diagnostics: &[Diagnostic]) {
        if !diagnostics.is_empty() {
            let style = self.drawing();
            self.say(&report::draw(session.sources(), diagnostics, style));
        }
    }

    /// How diagnostics are drawn on standard error.
    pub(crate) fn drawing(&self) -> report::Style {
        let color = self.stderr.color && self.manner != Manner::Echo;
        report::Style { color, width: self.stderr.width().unwrap_or(120), limit: 20 }
    }

    /// Says why something failed. Returns how the command ends.
    pub(crate) fn fail(&self, session: &Session, failure: &Failure) -> Exit {
        match failure {
            Failure::Diagnostics(diagnostics) => {
                self.diagnostics(session, diagnostics);
                if diagnostics.iter().any(|diagnostic| diagnostic.code == report::Code::LimitReached) {
                    Exit::Limit
                } else {
                    Exit::Failure
                }
            }
            Failure::Stopped(stopped) => {
                self.diagnostics(session, &[session.describe(stopped)]);
                match stopped {
                    Stopped::Arithmetic(_) => Exit::Failure,
                    Stopped::Limit { .. } => Exit::Limit,
                    Stopped::Interrupted(_) => Exit::Interrupted,
                }
            }
        }
    }

    /// Writes a line that is no answer. There is nobody to tell when that fails.
    pub(crate) fn say(&self, text: &str) {
        let text = text.trim_end_matches('\n');
        let _ = match self.manner {
            Manner::Echo => writeln!(io::stdout().lock(), "{text}"),
            Manner::Script | Manner::Prompt => writeln!(io::stderr().lock(), "{text}"),
        };
        if let Some(file) = &mut *self.tee.borrow_mut() {
            let _ = writeln!(file, "{}", anstream::adapter::strip_str(text));
        }
    }

    /// Says what was done, to someone who converses.
    pub(crate) fn remark(&self, text: &str) {
        if self.manner.converses() && !self.quiet {
            self.say(text);
        }
    }

    /// Says which answer is meant, where a question has several.
    pub(crate) fn first(&self, first: &First) {
        if let Some(remark) = first.remark().filter(|_| !self.quiet) {
            self.say(&report::visible(&remark));
        }
    }

    /// Says which answer several proofs are of, and why there are fewer than were wanted.
    pub(crate) fn proofs(&self, proofs: &Proofs<Explained>, wanted: usize) {
        proofs.found.first().into_iter().for_each(|explained| self.first(&explained.first));
        match proofs.is_complete {
            _ if self.quiet || proofs.found.len() >= wanted => {}
            false => self.say("the search for more proofs was stopped"),
            true if proofs.found.len() == 1 => self.say("there is no other proof"),
            true => self.say("there are no other proofs"),
        }
    }

    /// Shows a statement as if it had been typed here; in a copy of the conversation it is shown in any case.
    pub(crate) fn echo(&self, prompt: &str, statement: &str) {
        let lines = statement.trim_end().lines().enumerate();
        let shown: String = lines
            .map(|(at, line)| format!("{}{}\n", if at == 0 { prompt } else { "  " }, report::visible(line)))
            .collect();
        if self.manner == Manner::Echo {
            let _ = io::stdout().lock().write_all(shown.as_bytes());
        }
        if let Some(file) = &mut *self.tee.borrow_mut() {
            let _ = file.write_all(shown.as_bytes());
        }
    }

    /// Writes to standard output. A reader that went away is no failure; any other error is one.
    pub(crate) fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        let mut tee = self.tee.borrow_mut();
        let stream = Copying { stream: io::stdout().lock(), copy: tee.as_mut() };
        let mut out = BufWriter::with_capacity(1 << 16, stream);
        match write(&mut out).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                // What is buffered has no reader.
                let _ = out.into_parts();
                Err(Exit::Success)
            }
            Err(error) => {
                let _ = out.into_parts();
                super::terminal::say(&format!("error[E0610]: cannot write to standard output: {error}"));
                Err(Exit::Failure)
            }
        }
    }

    /// Writes a text to standard output, or shows it in a pager where it is higher than the screen.
    pub(crate) fn show(&self, text: &str, asked_for_all: bool) -> Result<(), Exit> {
        let wanted = match self.paging {
            Paging::Auto => asked_for_all,
            Paging::On => true,
            Paging::Off => false,
        };
        let fits = self.stdout.height().is_none_or(|height| text.lines().count() < height);
        if wanted && !fits && self.manner == Manner::Prompt {
            match page(text.as_bytes()) {
                Ok(()) => return Ok(()),
                Err(error) => self.say(&format!("the pager does not work: {error}; see `.pager`")),
            }
        }
        self.print(|out| out.write_all(text.as_bytes()))
    }

    /// The format to print answers in, if none was asked for.
    pub(crate) fn format(&self, asked: Option<Format>) -> Format {
        let default = if self.stdout.is_terminal || self.manner.converses() { "table" } else { "tsv" };
        asked.unwrap_or_else(|| Format::by_name(default).expect("the default formats exist"))
    }

    /// How answers are laid out on standard output.
    pub(crate) fn layout(&self) -> Layout {
        let escape = self.stdout.is_terminal || self.manner.converses();
        Layout { width: self.stdout.width(), escape, ..Layout::default() }
    }
}

/// A stream of which a file gets a copy.
struct Copying<'a, W> {
    stream: W,
    copy: Option<&'a mut File>,
}

impl<W: Write> Write for Copying<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stream.write(bytes)?;
        if let Some(file) = &mut self.copy {
            file.write_all(&bytes[..written])?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
