//! What runs and what it costs: `.plan`, `.strata`, `.profile`, `.stats`.

use super::conversation::{After, Conversation};
use crate::console::Exit;
use crate::report::{count, grouped};

impl Conversation {
    /// `.plan [QUERY]`
    pub(super) fn plan(&mut self, _: &str) -> Result<After, Exit> {
        Ok(After::GoOn)
    }

    /// `.strata`
    pub(super) fn strata(&mut self, _: &str) -> Result<After, Exit> {
        Ok(After::GoOn)
    }

    /// `.profile [FILE]`
    pub(super) fn profile(&mut self, _: &str) -> Result<After, Exit> {
        Ok(After::GoOn)
    }

    /// `.stats [on|off]`
    pub(super) fn stats(&mut self, args: &str) -> Result<After, Exit> {
        if !args.is_empty() {
            return self.set_or_show("stats", args);
        }
        let progress = self.session.limits.meter.progress();
        let costs = self.costs(progress.rounds, progress.tuples);
        self.out(&format!("{}\n{costs}\n", count(self.session.fact_count(), "fact")))
    }

    /// `12 rounds · 1,204 rows derived · 34 MiB in use`
    pub(super) fn costs(&self, rounds: usize, tuples: usize) -> String {
        let memory = indicatif::HumanBytes((self.settings.used)() as u64);
        format!("{} · {} rows derived · {memory} in use", count(rounds, "round"), grouped(tuples))
    }
}
