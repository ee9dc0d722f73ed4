//! What a process says and hears: two streams, signals, the clock, exit codes, and how sizes and times are spelt.
//!
//! Here `commands` and `cli` meet the terminal; nothing in it knows a statement or a flag.

mod answers;
mod clock;
mod exit;
mod memory;
mod pager;
mod progress;
mod settings;
mod signals;
mod streams;
mod terminal;
mod units;

pub(crate) use clock::clock;
pub(crate) use exit::Exit;
pub(crate) use memory::default_limit;
pub(crate) use progress::Progress;
pub(crate) use settings::{Color, Paging};
pub(crate) use signals::{Deadline, evaluating, install, leave_to_child, time_out};
pub(crate) use streams::{Console, Manner};
pub(crate) use terminal::say;
pub(crate) use units::{bytes, duration, elapsed, format, spelled_bytes, spelled_duration};
