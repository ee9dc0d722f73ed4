//! The clock that evaluation is timed with.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

static START: OnceLock<Instant> = OnceLock::new();

/// Time since the first call.
pub(crate) fn clock() -> Duration {
    START.get_or_init(Instant::now).elapsed()
}
