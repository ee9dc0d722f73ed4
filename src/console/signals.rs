//! Ctrl-C, SIGTERM and the clock.
//!
//! While something is being worked on, Ctrl-C sets the run's flag, so that it ends at its next batch or row and says
//! where it was. At any other time, and the second time within two seconds, it ends the process: nothing that is half
//! done outlives it, since files are written under temporary names. While another program has the terminal, Ctrl-C is
//! meant for that.

use super::exit::Exit;
use crate::eval::Interrupt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

static STATE: AtomicU8 = AtomicU8::new(IDLE);

const IDLE: u8 = 0;
const WORKING: u8 = 1;
const CHILD: u8 = 2;

/// Two interrupts within this time end the process.
pub(crate) const TWICE: Duration = Duration::from_secs(2);

/// Ends runs and the process on Ctrl-C.
pub(crate) fn install(interrupt: Interrupt) {
    let handler = move || {
        let state = STATE.load(Ordering::SeqCst);
        if state == CHILD {
            return;
        }
        let last = last_interrupt().replace(Instant::now());
        let again = last.is_some_and(|last| last.elapsed() < TWICE);
        if again || state == IDLE {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
        interrupt.interrupt();
    };
    // Where handlers cannot be set, Ctrl-C ends the process as it does any other.
    let _ = ctrlc::set_handler(handler);
}

/// When the work that goes on was interrupted.
static LAST: Mutex<Option<Instant>> = Mutex::new(None);

fn last_interrupt() -> MutexGuard<'static, Option<Instant>> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs something that watches the flag of the interrupt.
pub(crate) fn evaluating<R>(run: impl FnOnce() -> R) -> R {
    within(WORKING, run)
}

/// Runs another program that has the terminal.
pub(crate) fn leave_to_child<R>(run: impl FnOnce() -> R) -> R {
    within(CHILD, run)
}

fn within<R>(state: u8, run: impl FnOnce() -> R) -> R {
    /// The state to return to, even from a panic.
    struct Back(u8);
    impl Drop for Back {
        fn drop(&mut self) {
            STATE.store(self.0, Ordering::SeqCst);
        }
    }
    let before = STATE.swap(state, Ordering::SeqCst);
    let _back = Back(before);
    if before == IDLE {
        // An interrupt of other work does not count towards ending this.
        *last_interrupt() = None;
    }
    run()
}

/// Ends the run when its time is up.
pub(crate) fn time_out(after: Duration, interrupt: Interrupt) {
    thread::spawn(move || {
        thread::sleep(after);
        interrupt.time_out();
    });
}

/// A time by which something has to be done; given up when dropped.
#[derive(Debug)]
pub(crate) struct Deadline {
    _wait: Sender<()>,
}

impl Deadline {
    pub(crate) fn new(after: Duration, interrupt: Interrupt) -> Self {
        let (wait, dropped) = mpsc::channel();
        thread::spawn(move || {
            if dropped.recv_timeout(after) == Err(RecvTimeoutError::Timeout) {
                interrupt.time_out();
            }
        });
        Self { _wait: wait }
    }
}
