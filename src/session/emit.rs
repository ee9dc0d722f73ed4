//! A session's program for another engine.

use super::{Failure, Session};
use crate::check::RelationId;
use crate::data::Dialect;
use crate::emit;
use crate::report::{Code, Diagnostic};

impl Session {
    /// The program and its facts as a Soufflé program that derives the same rows. It is run first: where the run stops,
    /// there are no rows to be the same.
    pub fn emit_souffle(&mut self) -> Result<String, Failure> {
        if self.program.dialect != Dialect::Entail {
            let message = "the program is in Soufflé's dialect already";
            return Err(Diagnostic::bare(Code::CommandUsage, message).help("leave out `--dialect souffle`").into());
        }
        self.evaluate_all()?;
        let stored = |relation: RelationId| self.stored_rows(relation).rows(&self.symbols).collect();
        emit::souffle(&self.program, &stored).map_err(Failure::Diagnostics)
    }
}
