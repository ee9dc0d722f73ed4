//! A line on standard error that says how far a load or a run has come: on a terminal only, after two seconds, gone
//! when it is done.

use super::streams::Console;
use crate::eval::Meter;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a run may take without a word.
const SILENCE: Duration = Duration::from_secs(2);

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
        let meter = meter.clone();
        let thread = thread::spawn(move || {
            if wait.recv_timeout(SILENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}").expect("the template is right");
            let bar = ProgressBar::new_spinner().with_style(style).with_elapsed(SILENCE);
            loop {
                bar.set_message(message(&meter));
                bar.tick();
                if wait.recv_timeout(Duration::from_millis(200)) != Err(RecvTimeoutError::Timeout) {
                    return bar.finish_and_clear();
                }
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

fn message(meter: &Meter) -> String {
    let progress = meter.progress();
    if progress.rounds == 0 {
        return format!("{} read", HumanBytes(meter.bytes() as u64));
    }
    let (rounds, tuples) = (HumanCount(progress.rounds as u64), HumanCount(progress.tuples as u64));
    format!("round {rounds}, {tuples} rows derived")
}
