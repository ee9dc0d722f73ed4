//! A line on standard error that says how far a load or a run has come: on a terminal only, after two seconds, gone
//! when it is done.
//!
//! It leaves the end of the line free, since that is where a terminal shows `^C`: a line as wide as the terminal would
//! be pushed up by it and stay.

use super::streams::Console;
use super::terminal::Terminal;
use super::units::{elapsed, spelled_bytes};
use crate::eval::Meter;
use crate::report::grouped;
use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a run may take without a word.
const SILENCE: Duration = Duration::from_secs(2);

/// How long what is said stays true enough.
const TICK: Duration = Duration::from_millis(200);

/// A progress line, or none.
pub(crate) struct Progress {
    line: Option<Line>,
}

struct Line {
    done: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    pub(crate) fn start(meter: &Meter, console: &Console) -> Self {
        if console.quiet || !console.stderr.is_terminal {
            return Self { line: None };
        }
        let (done, wait) = mpsc::channel();
        let (meter, terminal, start) = (meter.clone(), console.stderr, Instant::now());
        let thread = thread::spawn(move || {
            let mut pause = SILENCE;
            let mut drawn = false;
            while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                draw(&format!("{} · {}", elapsed(start.elapsed()), message(&meter)), terminal);
                (pause, drawn) = (TICK, true);
            }
            if drawn {
                draw("", terminal);
            }
        });
        Self { line: Some(Line { done, thread }) }
    }

    pub(crate) fn stop(self) {
        if let Some(Line { done, thread }) = self.line {
            drop(done);
            // The line is decoration: a thread that died of it changes nothing.
            let _ = thread.join();
        }
    }
}

/// Puts a text in the place of the line that the cursor is on.
fn draw(text: &str, terminal: Terminal) {
    let room = terminal.width().unwrap_or(80).saturating_sub(4);
    let text: String = text.chars().take(room).collect();
    let mut out = io::stderr().lock();
    let _ = write!(out, "\r\x1b[K{text}").and_then(|()| out.flush());
}

fn message(meter: &Meter) -> String {
    let progress = meter.progress();
    if progress.rounds == 0 {
        return format!("{} read", spelled_bytes(meter.bytes()));
    }
    format!("round {}, {} rows derived", grouped(progress.rounds), grouped(progress.tuples))
}
