//! The ways to run a program that are compared with the slow twin.
//!
//! In: the text of a program. Out: what became of it.

use crate::clingo;
use crate::engines::{ENGINES, Engine, Meaning, meaning_of, read, slow_twin};
use crate::installed_souffle::InstalledSouffle;
use crate::on_demand::filters_the_whole;
use crate::souffle;
use entail::check::{Program, Role};
use entail::session::Session;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A way to run a program.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    way: Way,
}

enum Way {
    /// Finds the whole model.
    Engine(&'static Engine),
    /// Answers questions about each relation by what they lead to.
    OnDemand,
    /// Ask another system, where its language can say the same.
    Clingo,
    Souffle(InstalledSouffle),
}

/// What became of a program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Both find the same rows, some of them derived.
    Derives,
    /// Both find that nothing follows.
    Empty,
    /// Both find the same fault.
    Faults,
    /// They differ.
    Differs,
    /// The other system cannot be asked.
    NoOpinion,
    /// It is no program. Random programs are; what is left of one while it is made small may not be.
    Rejected,
}

/// Every setting: a row for each engine, questions on demand, and the other systems that are installed.
pub(crate) fn settings() -> Vec<Setting> {
    let engines = ENGINES.iter().map(|engine| Setting { name: engine.name, way: Way::Engine(engine) });
    let clingo = clingo::is_there().then_some(Setting { name: "clingo", way: Way::Clingo });
    let souffle = InstalledSouffle::find().map(|it| Setting { name: "souffle", way: Way::Souffle(it) });
    engines.chain([Setting { name: "on demand", way: Way::OnDemand }]).chain(clingo).chain(souffle).collect()
}

impl Setting {
    /// What becomes of a program; an engine that panics differs.
    pub(crate) fn outcome(&self, text: &str) -> Outcome {
        catch_unwind(AssertUnwindSafe(|| self.compared(text))).unwrap_or(Outcome::Differs)
    }

    fn compared(&self, text: &str) -> Outcome {
        let Ok(program) = read(text) else { return Outcome::Rejected };
        let wanted = meaning_of(&program, slow_twin);
        let agrees = match &self.way {
            Way::Engine(engine) => Some(meaning_of(&program, engine.run) == wanted),
            Way::OnDemand => Some(agrees_on_demand(text)),
            Way::Clingo => clingo::agrees(text, &wanted),
            Way::Souffle(installed) => souffle::agrees(installed, text, &wanted),
        };
        let Some(agrees) = agrees else { return Outcome::NoOpinion };
        match wanted {
            _ if !agrees => Outcome::Differs,
            Meaning::Rows { relations, .. } if derives(&program, |name| !relations[name].is_empty()) => {
                Outcome::Derives
            }
            Meaning::Rows { .. } => Outcome::Empty,
            Meaning::Fault => Outcome::Faults,
            Meaning::Rejected(_) => Outcome::Rejected,
        }
    }
}

/// Whether a relation with rules has rows.
fn derives(program: &Program, has_rows: impl Fn(&str) -> bool) -> bool {
    let rules = |relation: &&entail::check::Relation| relation.role == Role::Named && !relation.rules.is_empty();
    program.relations.iter().filter(rules).any(|relation| has_rows(&relation.name))
}

fn agrees_on_demand(text: &str) -> bool {
    let mut session = Session::new();
    session.tell("program", text).is_ok() && filters_the_whole(&session).is_ok()
}
