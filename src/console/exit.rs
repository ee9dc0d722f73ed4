//! How a command ends.

use std::process::ExitCode;

/// The exit codes of the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All went well.
    Success,
    /// The answer is no: `-e`, `fmt --check`, a broken constraint.
    Negative,
    /// The command line cannot be read.
    Usage,
    /// The program, its data, or a file is at fault.
    Failure,
    /// A limit stopped the run.
    Limit,
    /// Entail is at fault.
    Internal,
    /// The user interrupted.
    Interrupted,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Negative => 1,
            Exit::Usage => 2,
            Exit::Failure => 3,
            Exit::Limit => 4,
            Exit::Internal => 70,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}
