//! The `entail` command: arguments to an exit code.

use cap::Cap;
use std::alloc::System;
use std::process::ExitCode;

/// The system's allocator, counting, so that a memory limit can speak before the allocator fails.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

fn main() -> ExitCode {
    #[cfg(feature = "repl")]
    let prompt = Some(entail::repl::prompt as entail::cli::Prompt);
    #[cfg(not(feature = "repl"))]
    let prompt = None;
    entail::cli::main(|| ALLOCATOR.allocated(), prompt)
}
