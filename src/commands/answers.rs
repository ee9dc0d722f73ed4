//! Questions and their answers: on the screen, the first rows of long ones, or in a file.

use super::conversation::{After, Conversation};
use super::files::{expanded, write_whole};
use super::words::words;
use crate::console::{Exit, elapsed};
use crate::formats::Format;
use crate::report::{Code, Diagnostic, count, grouped};
use crate::session::{Failure, QueryAnswer};
use crate::syntax::Ast;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

impl Conversation {
    /// Answers the questions of a tree.
    pub(super) fn ask(&mut self, ast: Ast) -> Result<(), Exit> {
        let before = self.session.limits.meter.progress();
        let (result, took) = self.work(|session| session.ask(&ast));
        let answers = match result {
            Ok(answers) => answers,
            Err(failure) => {
                let stopped = matches!(failure, Failure::Stopped(_));
                self.failed(failure)?;
                if stopped {
                    self.console.remark(&format!("stopped after {}", elapsed(took)));
                }
                return Ok(());
            }
        };
        for asked in &answers {
            match self.once.take() {
                Some(path) => self.write_answer(asked, &path)?,
                None => self.print_answer(asked, took)?,
            }
        }
        self.last = answers;
        if self.settings.stats {
            let after = self.session.limits.meter.progress();
            self.console.say(&self.costs(after.rounds - before.rounds, after.tuples - before.tuples));
        }
        Ok(())
    }

    fn print_answer(&mut self, asked: &QueryAnswer, took: Duration) -> Result<(), Exit> {
        let format = self.console.format(self.settings.format);
        if !self.console.manner.converses() {
            let separate = std::mem::replace(&mut self.answered, true) && format.separates_answers();
            return self.print_rows(asked, format, usize::MAX, separate);
        }
        let (rows, is_table) = (asked.answer.len(), format.name() == "table");
        let limit = if format.is_for_people() { self.settings.max_rows.unwrap_or(usize::MAX) } else { usize::MAX };
        let timed = self.timed(took);
        if is_table && asked.answer.is_yes_or_no() {
            let holds = if asked.answer.is_empty() { "false" } else { "true" };
            self.console.print(|out| writeln!(out, "{holds}"))?;
            self.console.remark(timed.trim_start_matches(" · "));
            return Ok(());
        }
        if !(is_table && rows == 0) {
            let paged = self.paged(asked, format, limit);
            match paged {
                Some(text) => self.console.show(&text, false)?,
                None => self.print_rows(asked, format, limit, false)?,
            }
        }
        let told = match rows {
            0 => "no rows".to_owned(),
            rows if rows > limit => {
                format!("{} of {} · `.last` shows all, `.maxrows N` more", grouped(limit), count(rows, "row"))
            }
            rows => count(rows, "row"),
        };
        self.console.remark(&format!("{told}{timed}"));
        self.end_of_printing()
    }

    /// The text of an answer, where it may have to be shown in a pager.
    fn paged(&self, asked: &QueryAnswer, format: Format, limit: usize) -> Option<String> {
        const PAGED: usize = 100_000;
        let pages = self.console.paging == crate::console::Paging::On && asked.answer.len().min(limit) < PAGED;
        pages.then(|| self.rendered(asked, format, limit))
    }

    fn rendered(&self, asked: &QueryAnswer, format: Format, limit: usize) -> String {
        let mut text = Vec::new();
        let written = self.console.first_rows(&self.session, asked, format, limit, &mut text);
        written.expect("memory takes every byte");
        String::from_utf8_lossy(&text).into_owned()
    }

    fn print_rows(&self, asked: &QueryAnswer, format: Format, limit: usize, separate: bool) -> Result<(), Exit> {
        self.console.print(|out| {
            if separate {
                writeln!(out)?;
            }
            self.console.first_rows(&self.session, asked, format, limit, out)
        })
    }

    /// An interrupt ends the rows, not the conversation.
    fn end_of_printing(&mut self) -> Result<(), Exit> {
        if self.session.limits.interrupt.is_raised() {
            self.console.say("^C the rest was not printed");
            self.session.limits.interrupt.clear();
        }
        Ok(())
    }

    /// Writes an answer to the file of `.once`, whole or not at all.
    fn write_answer(&mut self, asked: &QueryAnswer, path: &Path) -> Result<(), Exit> {
        let by_ending = path.extension().and_then(|ending| ending.to_str()).and_then(|ending| match ending {
            "md" => Format::by_name("markdown"),
            ending => Format::by_name(ending),
        });
        let format = by_ending.unwrap_or(self.console.format(self.settings.format));
        let written = write_whole(path, |out| self.console.first_rows(&self.session, asked, format, usize::MAX, out));
        match written {
            Ok(()) => {
                let rows = count(asked.answer.len(), "row");
                self.console.remark(&format!("wrote {rows} to {}", path.display()));
                Ok(())
            }
            Err(diagnostic) => self.failed(diagnostic),
        }
    }

    /// `.last`
    pub(super) fn show_last(&mut self, _: &str) -> Result<After, Exit> {
        if self.last.is_empty() {
            return self.refuse(Diagnostic::bare(Code::CommandUsage, "no question was answered yet"));
        }
        let format = self.console.format(self.settings.format);
        let last = std::mem::take(&mut self.last);
        let mut shown = Ok(());
        for asked in &last {
            shown = shown.and_then(|()| {
                let text = self.rendered(asked, format, usize::MAX);
                self.console.show(&text, true)?;
                self.console.remark(&count(asked.answer.len(), "row"));
                self.end_of_printing()
            });
        }
        self.last = last;
        shown.map(|()| After::GoOn)
    }

    /// `.once FILE`
    pub(super) fn write_next(&mut self, args: &str) -> Result<After, Exit> {
        match &words(args)[..] {
            [file] => {
                self.once = Some(expanded(file));
                Ok(After::GoOn)
            }
            _ => self.misused("once", "name one file"),
        }
    }

    /// `.tee FILE|off`
    pub(super) fn copy(&mut self, args: &str) -> Result<After, Exit> {
        match &words(args)[..] {
            [off] if off == "off" => {
                self.console.tee(None);
                Ok(After::GoOn)
            }
            [file] => {
                let path: PathBuf = expanded(file);
                let opened: io::Result<_> = std::fs::OpenOptions::new().create(true).append(true).open(&path);
                match opened {
                    Ok(opened) => {
                        self.console.tee(Some(opened));
                        Ok(After::GoOn)
                    }
                    Err(error) => self.refuse(super::files::cannot_write(&path, &error)),
                }
            }
            _ => self.misused("tee", "name one file, or `off`"),
        }
    }
}
