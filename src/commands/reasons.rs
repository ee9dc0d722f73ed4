//! Reasons: `.why`.

use super::conversation::{After, Conversation};
use crate::console::Exit;
use crate::explain::Cut;

impl Conversation {
    /// `.why FACT`
    pub(super) fn why(&mut self, args: &str) -> Result<After, Exit> {
        if args.is_empty() {
            return self.misused("why", "which fact?");
        }
        let (result, _) = self.work(|session| session.why("prompt", args));
        match result {
            Ok(Some(explained)) => {
                let text = explained.text(&self.session, Cut::default());
                self.console.show(&text, true)?;
                Ok(After::GoOn)
            }
            Ok(None) => self.out("it does not hold\n"),
            Err(failure) => self.failed(failure).map(|()| After::GoOn),
        }
    }
}
