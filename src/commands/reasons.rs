//! Reasons: `.why`, `.whynot`.

use super::conversation::{After, Conversation};
use crate::console::Exit;
use crate::explain::Cut;
use crate::session::{Failure, Reasons};

impl Conversation {
    /// `.why FACT`
    pub(super) fn why(&mut self, args: &str) -> Result<After, Exit> {
        self.reasons("why", args, true)
    }

    /// `.whynot FACT`
    pub(super) fn why_not(&mut self, args: &str) -> Result<After, Exit> {
        self.reasons("whynot", args, false)
    }

    /// Shows why a fact holds or not, whatever was asked, and says so where the other was.
    fn reasons(&mut self, command: &str, args: &str, asks_why: bool) -> Result<After, Exit> {
        if args.is_empty() {
            return self.misused(command, "which fact?");
        }
        let (result, _): (Result<Reasons, Failure>, _) = self.work(|session| session.explain("prompt", args));
        let (text, holds) = match &result {
            Ok(Reasons::Holds(explained)) => (explained.text(&self.session, Cut::default()), true),
            Ok(Reasons::Fails(lacking)) => (lacking.text(&self.session), false),
            Err(failure) => return self.failed(failure.clone()).map(|()| After::GoOn),
        };
        match (asks_why, holds) {
            (true, false) => self.console.remark("it does not hold; this is why not"),
            (false, true) => self.console.remark("it holds; this is why"),
            (true, true) | (false, false) => {}
        }
        self.console.show(&text, true)?;
        Ok(After::GoOn)
    }
}
