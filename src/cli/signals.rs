//! Ctrl-C, SIGTERM and the clock.
//!
//! While a model is evaluated, Ctrl-C sets the run's flag, so that it ends at its next batch and says where it was. At
//! any other time, and the second time within two seconds, it ends the process: nothing that is half done outlives it,
//! since files are written under temporary names.

use super::exit::Exit;
use crate::eval::Interrupt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

static EVALUATING: AtomicBool = AtomicBool::new(false);

/// Ends runs and the process on Ctrl-C.
pub(super) fn install(interrupt: Interrupt) {
    let mut last: Option<Instant> = None;
    let handler = move || {
        let again = last.is_some_and(|last| last.elapsed() < Duration::from_secs(2));
        if again || !EVALUATING.load(Ordering::SeqCst) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
        last = Some(Instant::now());
        interrupt.interrupt();
    };
    // Where handlers cannot be set, Ctrl-C ends the process as it does any other.
    let _ = ctrlc::set_handler(handler);
}

/// Runs something that watches the flag of the interrupt.
pub(super) fn evaluating<R>(run: impl FnOnce() -> R) -> R {
    EVALUATING.store(true, Ordering::SeqCst);
    let result = run();
    EVALUATING.store(false, Ordering::SeqCst);
    result
}

/// Ends the run when its time is up.
pub(super) fn time_out(after: Duration, interrupt: Interrupt) {
    thread::spawn(move || {
        thread::sleep(after);
        interrupt.time_out();
    });
}
