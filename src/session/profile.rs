//! What the derived relations that are kept cost, in names and places that a person can look up.

use super::Session;
use crate::check::Program;
use crate::eval::StratumProfile;
use crate::report::Span;
use serde::Serialize;
use std::time::Duration;

/// What everything that is evaluated and kept cost.
#[derive(Debug, Clone, Serialize)]
pub struct Costs {
    /// The version of this form.
    pub schema: u32,
    /// The strata, in the order in which they are evaluated.
    pub strata: Vec<StratumCosts>,
}

/// What a stratum cost.
#[derive(Debug, Clone, Serialize)]
pub struct StratumCosts {
    /// The relations it derives.
    pub relations: Vec<String>,
    /// Rounds until nothing new followed.
    pub rounds: usize,
    /// Rows that it derived, each once.
    pub rows: usize,
    /// Seconds.
    pub seconds: f64,
    /// Its rules.
    pub rules: Vec<RuleCosts>,
}

/// What a rule cost.
#[derive(Debug, Clone, Serialize)]
pub struct RuleCosts {
    /// The rule as it is written.
    pub rule: String,
    /// Its file and line.
    pub place: String,
    /// Rounds in which it had rows to start from.
    pub rounds: usize,
    /// Rows that it found, each as often as it was found; not known of rows that were found as whole sets.
    pub found: Option<usize>,
    /// Seconds, summed over threads; not known of rules that were run together.
    pub seconds: Option<f64>,
}

impl Session {
    /// What the relations that were derived and kept cost, and behind them the last questions.
    pub fn costs(&self) -> Costs {
        let kept = self.model.evaluated.values().map(|profile| self.named(&self.program, profile));
        Costs { schema: 1, strata: kept.chain(self.asked.iter().cloned()).collect() }
    }

    /// A profile in names and places. A question is called `?-` and its number.
    pub(super) fn named(&self, program: &Program, profile: &StratumProfile) -> StratumCosts {
        let names = program.strata[profile.stratum].relations.iter();
        let rules = profile.rules.iter().map(|rule| {
            let span: Span = program.rules[rule.rule].span;
            RuleCosts {
                rule: self.sources.slice(span).to_owned(),
                place: self.sources.place(span),
                rounds: rule.rounds,
                found: rule.found,
                seconds: rule.time.map(seconds),
            }
        });
        StratumCosts {
            relations: names.map(|relation| program.relations[*relation].name.clone()).collect(),
            rounds: profile.rounds,
            rows: profile.new_rows,
            seconds: seconds(profile.time),
            rules: rules.collect(),
        }
    }
}

/// Whole microseconds, which is as exact as the clock.
fn seconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1e6
}
