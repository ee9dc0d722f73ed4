//! One conversation: what was loaded, what follows from it, and the questions asked of it.
//!
//! A [`Session`] is what the library exports. Every change is all-or-nothing: it is made on a copy of the handles, and
//! the copy becomes the session only if all of it went well.

mod answer;
mod assumed;
mod carry;
mod causes;
mod change;
mod data_file;
mod demand;
mod diff;
mod diff_json;
mod diff_text;
mod dump;
mod emit;
mod explain;
mod facts;
mod files;
mod first;
mod forms;
mod graph;
mod guard;
mod include;
mod io_params;
mod layers;
mod load;
mod patience;
mod places;
mod preprocess;
mod profile;
mod query;
mod replay;
mod rests_on;
mod rules;
mod search;
mod size;
mod told;
mod without;
mod write;

pub use answer::Answer;
pub use assumed::Assumed;
pub use change::{Changed, NewRelation, StoredRows};
pub use data_file::StandardInput;
pub use demand::Demand;
pub use diff::{Cause, Conclusion, Diff, DiffChange, Violation};
pub use dump::Dump;
pub use explain::{Explained, Lacking, Reasons};
pub use files::{FileKind, InputFile, find as find_files};
pub use first::First;
pub use graph::GraphOf;
pub use layers::Layer;
pub use load::{Input, LoadOptions};
pub use profile::{Costs, RuleCosts, StratumCosts};
pub use query::{AtomPart, QueryAnswer};
pub use rests_on::{Origins, Overturning, StoredFact};
pub use rules::ListedRule;
pub use without::Claims;
pub use write::{Broken, OutputFolder, OutputRows, Printed, write_whole};

use crate::check::{self, Program, StratumId};
use crate::data::{Dialect, Id, Libraries, Symbols};
use crate::eval::{Limits, Stopped, StratumProfile};
use crate::report::{Code, Diagnostic, SourceId, Sources, Span, count};
use crate::store::Store;
use crate::syntax::Ast;
use facts::Facts;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use told::Told;

/// What was loaded, what follows from it, and the limits of evaluation. A clone is cheap: it shares what is large.
#[derive(Debug, Clone)]
pub struct Session {
    sources: Sources,
    symbols: Arc<Symbols>,
    /// The programs, without the facts they state.
    programs: Arc<Vec<Ast>>,
    program: Arc<Program>,
    facts: Facts,
    /// What was said statement by statement, not by files.
    told: Told,
    /// What is only assumed, the topmost layer last.
    layers: Vec<Layer>,
    model: Model,
    /// What the last questions cost.
    asked: Vec<StratumCosts>,
    /// Where the last questions are written: their rules are numbered behind those of the program.
    questions: Vec<Span>,
    /// What the program is warned of, which is said once.
    warnings: Arc<Vec<Diagnostic>>,
    /// The files that were read, without links.
    read: HashSet<PathBuf>,
    options: LoadOptions,
    /// What an evaluation may use up.
    pub limits: Limits,
    /// Whether questions are answered on demand.
    pub demand: Demand,
    /// Ways to derive facts that a proof is looked for in, from the fact downwards; where there are more, it is looked for
    /// from the stored facts upwards. The proof is the same.
    pub most_ways: usize,
    /// Steps that a search for what a fact lacks, for repairs or for what overturns an answer may take.
    pub effort: u64,
}

/// The facts with what was derived from them so far.
#[derive(Debug, Clone, Default)]
struct Model {
    store: Store,
    /// The strata that are complete, with what they cost.
    evaluated: BTreeMap<StratumId, StratumProfile>,
    /// How many rows were derived on demand, and not kept.
    on_demand: usize,
}

/// Why something could not be done. The session is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The program, a file, or what was typed is at fault.
    Diagnostics(Vec<Diagnostic>),
    /// The evaluation did not come to its end.
    Stopped(Stopped),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure::Diagnostics(vec![diagnostic])
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        Failure::Stopped(stopped)
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session in which nothing is known.
    pub fn new() -> Self {
        let (program, _) = check::check(Dialect::default(), &Libraries::default(), &[], &[]);
        Self {
            sources: Sources::default(),
            symbols: Arc::default(),
            programs: Arc::default(),
            program: Arc::new(program.expect("an empty program is right")),
            facts: Facts::default(),
            told: Told::default(),
            layers: Vec::new(),
            model: Model::default(),
            asked: Vec::new(),
            questions: Vec::new(),
            warnings: Arc::default(),
            read: HashSet::new(),
            options: LoadOptions::default(),
            limits: Limits::default(),
            demand: Demand::default(),
            most_ways: crate::explain::MOST_WAYS,
            effort: patience::EFFORT,
        }
    }

    /// Where loads may look.
    pub fn options(&self) -> &LoadOptions {
        &self.options
    }

    /// The texts that spans lie in.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Keeps a text, so that what was parsed from it can be told and asked.
    pub fn add_source(&mut self, name: &str, text: &str) -> SourceId {
        self.sources.add(name, text)
    }

    /// The program as checked.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The texts of symbols.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// Becomes what it was when `before` was cloned from it. Texts that were read since are kept, so that what was
    /// said of them can still be drawn.
    pub fn go_back(&mut self, before: Session) {
        let (sources, limits) = (std::mem::take(&mut self.sources), std::mem::take(&mut self.limits));
        *self = Session { sources, limits, ..before };
    }

    /// How many facts are stored.
    pub fn fact_count(&self) -> usize {
        self.program.named().map(|relation| self.facts.store[relation].len()).sum()
    }

    /// What to say of a run that did not come to its end.
    pub fn describe(&self, stopped: &Stopped) -> Diagnostic {
        match stopped {
            Stopped::Arithmetic(fault) => {
                let message = format!("{}: `{}`", fault.fault, fault.operation);
                Diagnostic::new(Code::Arithmetic, fault.span, message)
                    .label("computed here")
                    .help("add a condition to the body that keeps such values out")
            }
            Stopped::Limit { limit, progress } => {
                let message = format!("`{limit}` stopped the run{}; nothing of it was kept", Self::told(progress));
                self.about_rule(Diagnostic::bare(Code::LimitReached, message), progress)
                    .help("raise the limit, or bound the rule")
            }
            Stopped::Interrupted(progress) => {
                let message = format!("interrupted{}; nothing of it was kept", Self::told(progress));
                self.about_rule(Diagnostic::bare(Code::Interrupted, message), progress)
            }
        }
    }

    /// ` after 3 rounds and 7 derived rows`, if there were any
    fn told(progress: &crate::eval::Progress) -> String {
        if (progress.rounds, progress.tuples) == (0, 0) {
            return String::new();
        }
        format!(" after {} and {}", count(progress.rounds, "round"), count(progress.tuples, "derived row"))
    }

    fn about_rule(&self, mut diagnostic: Diagnostic, progress: &crate::eval::Progress) -> Diagnostic {
        let Some(id) = progress.rule else { return diagnostic };
        let known = self.program.rules.len();
        let asked = || {
            let span = *self.questions.get(id.index().checked_sub(known)?)?;
            let is_rule = self.program.rules.iter().any(|rule| rule.span == span);
            Some((span, if is_rule { "this rule" } else { "this question" }))
        };
        if let Some((span, what)) = self.program.rules.get(id).map(|rule| (rule.span, "this rule")).or_else(asked) {
            diagnostic.span = Some(span);
            diagnostic.label = format!("{what} was being evaluated");
        }
        diagnostic
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Progress;

    #[test]
    fn what_was_stopped_before_it_derived_anything_counts_nothing() {
        let session = Session::new();
        let told = |stopped| session.describe(&stopped).message;
        assert_eq!(told(Stopped::Interrupted(Progress::default())), "interrupted; nothing of it was kept");
        let progress = Progress { rounds: 1, tuples: 7, rule: None };
        let after = "interrupted after 1 round and 7 derived rows; nothing of it was kept";
        assert_eq!(told(Stopped::Interrupted(progress)), after);
    }
}
