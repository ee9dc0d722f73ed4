//! What an answer rests on: `.critical`, `.sources`.

use super::conversation::{After, Conversation};
use crate::console::Exit;
use crate::session::{Failure, First, Session};

/// Things in a set that overturns a fact, at most.
const LARGEST: usize = 3;

impl Conversation {
    /// `.critical FACT`
    pub(super) fn critical(&mut self, args: &str) -> Result<After, Exit> {
        self.rests_on("critical", args, |session| {
            Ok(session.critical("prompt", args, LARGEST)?.map(|found| (found.text(), found.first)))
        })
    }

    /// `.sources FACT`
    pub(super) fn sources(&mut self, args: &str) -> Result<After, Exit> {
        self.rests_on("sources", args, |session| {
            Ok(session.origins("prompt", args)?.map(|found| (found.text(), found.first)))
        })
    }

    fn rests_on(
        &mut self,
        command: &str,
        args: &str,
        ask: impl FnOnce(&mut Session) -> Result<Option<(String, First)>, Failure> + Send,
    ) -> Result<After, Exit> {
        if args.is_empty() {
            return self.misused(command, "which fact?");
        }
        match self.work(ask).0 {
            Ok(Some((text, first))) => {
                self.console.show(&text, true)?;
                self.console.first(&first);
                Ok(After::GoOn)
            }
            Ok(None) => self.out("it does not hold; `.whynot` says why\n"),
            Err(failure) => self.failed(failure).map(|()| After::GoOn),
        }
    }
}
