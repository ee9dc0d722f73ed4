//! What a conversation is made of, and how a piece of work in it is done.

use super::files::write_whole;
use super::settings::Settings;
use crate::console::{Console, Deadline, Exit, Progress, evaluating};
use crate::report::{Diagnostic, count};
use crate::session::{Dump, Failure, QueryAnswer, Session};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// A session that is told statements, and answers.
#[derive(Debug)]
pub struct Conversation {
    pub(super) session: Session,
    pub(super) console: Console,
    pub(super) settings: Settings,
    /// What the session was before each change, the latest last.
    pub(super) before: Vec<Before>,
    /// Whether an answer was printed, from which the next is to be told apart.
    pub(super) answered: bool,
    /// The last answers, for `.last`.
    pub(super) last: Vec<QueryAnswer>,
    /// Where the next answer goes instead of standard output.
    pub(super) once: Option<PathBuf>,
    /// What was typed, the latest last.
    pub(super) history: Vec<String>,
    /// Whether anything was told since the last dump.
    pub(super) undumped: bool,
    /// Mistakes so far, and the worst way in which one of them ends a script.
    pub(super) mistakes: usize,
    pub(super) exit: Exit,
    pub(super) keep_going: bool,
    /// Whether names of commands may be cut short: at the keyboard only.
    pub(super) abbreviates: bool,
    /// The exit code that `.exit N` asked for.
    pub(super) asked_exit: Option<u8>,
    /// When the last statement was interrupted.
    pub(super) interrupted: Option<Instant>,
}

/// What a conversation starts with.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) session: Session,
    pub(crate) console: Console,
    pub(crate) settings: Settings,
    pub(crate) keep_going: bool,
}

/// A state that `.undo` returns to.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) session: Session,
    /// What returning to it does: "removed 1 fact".
    pub(super) undoing: String,
}

/// Whether a conversation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// It does.
    GoOn,
    /// It is over.
    Leave,
}

/// So many changes can be taken back.
const REMEMBERED: usize = 100;

impl Conversation {
    pub(crate) fn new(start: Start) -> Self {
        let Start { session, console, settings, keep_going } = start;
        Self {
            session,
            console,
            settings,
            keep_going,
            before: Vec::new(),
            answered: false,
            last: Vec::new(),
            once: None,
            history: Vec::new(),
            undumped: false,
            mistakes: 0,
            exit: Exit::Success,
            abbreviates: false,
            asked_exit: None,
            interrupted: None,
        }
    }

    /// Carries out what was typed at the keyboard. Mistakes are told, and end nothing; nor does a panic, which is
    /// told as a mistake of ours.
    pub fn tell(&mut self, text: &str) -> After {
        self.abbreviates = true;
        self.answered = false;
        self.session.limits.interrupt.clear();
        self.history.push(text.trim_end().to_owned());
        let before = self.session.clone();
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            // A mistake to practise on, so that a test sees what a user would.
            let planted = cfg!(debug_assertions) && text.starts_with("planted(a)");
            assert!(!planted || std::env::var_os("ENTAIL_TEST_PANIC").is_none(), "planted");
            evaluating(|| self.text("prompt", text))
        }));
        match told {
            Ok(Ok(after)) => after,
            // Standard output is gone.
            Ok(Err(_)) => After::Leave,
            Err(_) => {
                self.session.go_back(before);
                self.console
                    .say("internal error: this is a mistake in entail, not in what you typed; please report it");
                After::GoOn
            }
        }
    }

    /// What is known, for those who complete and colour what is typed.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The streams it is held on.
    pub(crate) fn console(&self) -> &Console {
        &self.console
    }

    /// Puts what was typed in earlier conversations before what is typed in this one.
    pub fn remember(&mut self, earlier: Vec<String>) {
        self.history.splice(0..0, earlier);
    }

    /// Columns of the terminal, where they are known.
    pub fn width(&self) -> Option<usize> {
        self.console.stderr.width()
    }

    /// Whether to use colour.
    pub fn is_colored(&self) -> bool {
        self.console.stderr.color
    }

    /// What to say before the first prompt; nothing if it is to be quiet.
    pub fn greeting(&self) -> Option<String> {
        let (facts, rules) = (count(self.session.fact_count(), "fact"), count(self.session.rules().len(), "rule"));
        let version = env!("CARGO_PKG_VERSION");
        let greeting = format!("entail {version} · {facts}, {rules} · .help for help, Ctrl-D to leave");
        (!self.console.quiet).then_some(greeting)
    }

    /// Writes a line for the user.
    pub fn say(&self, text: &str) {
        self.console.say(text);
    }

    /// Writes what was told and not dumped to a file, so that leaving loses no work, and says so. What is only assumed
    /// is not told.
    pub fn keep_what_was_told(&mut self, path: Option<PathBuf>) {
        self.leave_layers();
        if !std::mem::take(&mut self.undumped) || !self.session.has_told() {
            return;
        }
        let told = "what was told was not written down with `.dump`";
        let kept = path.filter(|path| write_whole(path, |out| self.session.dump(Dump::Told, out)).is_ok());
        match kept {
            Some(path) => self.console.say(&format!("{told}; it is kept in {} for now", path.display())),
            None => self.console.say(&format!("{told}, and is lost")),
        }
    }

    /// Carries out a text of commands, and of nothing else.
    pub fn run_commands(&mut self, name: &str, text: &str) -> After {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            if !line.trim_start().starts_with('.') {
                self.console
                    .say(&format!("warning: {name}:{}: only commands, which start with a dot, can stand here", at + 1));
                continue;
            }
            if self.command(line) != Ok(After::GoOn) {
                return After::Leave;
            }
        }
        After::GoOn
    }

    /// When the last statement was interrupted, if it was.
    pub fn take_interrupted(&mut self) -> Option<Instant> {
        self.interrupted.take()
    }

    /// How a script ends: as it asked for, or with the worst of its mistakes.
    pub(crate) fn ending(&self) -> ExitCode {
        self.asked_exit.map_or_else(|| self.exit.into(), ExitCode::from)
    }

    /// How a prompt ends: as it was asked to, whatever mistakes were made.
    pub fn farewell(&self) -> ExitCode {
        ExitCode::from(self.asked_exit.unwrap_or(0))
    }

    /// Does something that may take long: with its progress on the terminal, within the limits, on as many threads as
    /// were set. Returns how long it took.
    pub(super) fn work<R: Send>(&mut self, run: impl FnOnce(&mut Session) -> R + Send) -> (R, Duration) {
        let limits = &self.session.limits;
        let deadline = self.settings.timeout.map(|after| Deadline::new(after, limits.interrupt.clone()));
        let progress = Progress::start(&limits.meter, &self.console);
        let start = Instant::now();
        let session = &mut self.session;
        let result = match &self.settings.pool {
            Some(pool) => evaluating(|| pool.install(|| run(session))),
            None => evaluating(|| run(session)),
        };
        let took = start.elapsed();
        progress.stop();
        drop(deadline);
        (result, took)
    }

    /// Remembers what the session was before a change.
    pub(super) fn changed(&mut self, session: Session, undoing: String) {
        if self.before.len() == REMEMBERED {
            self.before.remove(0);
        }
        self.before.push(Before { session, undoing });
    }

    /// Says what went wrong, and whether to go on.
    pub(super) fn failed(&mut self, failure: impl Into<Failure>) -> Result<(), Exit> {
        let exit = self.console.fail(&self.session, &failure.into());
        self.session.limits.interrupt.clear();
        self.interrupted = (exit == Exit::Interrupted).then(Instant::now).or(self.interrupted);
        self.mistakes += 1;
        self.exit = self.exit.max(exit);
        let goes_on = self.console.manner.converses() || (self.keep_going && exit != Exit::Interrupted);
        if goes_on { Ok(()) } else { Err(exit) }
    }

    /// The same for a single diagnostic of a command.
    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) -> Result<After, Exit> {
        self.failed(diagnostic).map(|()| After::GoOn)
    }
}
