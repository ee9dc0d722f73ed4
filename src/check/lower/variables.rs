//! Variables: one for each name within reach, made on first sight.

use super::clause::Lowering;
use crate::check::VarId;
use crate::check::draft::{Origin, Variable};
use crate::check::inference::State;
use crate::check::scope::Frame;
use crate::report::Span;

impl<'a> Lowering<'a, '_, '_> {
    pub(super) fn frame(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("the clause's own frame stays")
    }

    /// The variable of a name that is written here.
    pub(super) fn use_variable(&mut self, name: &'a str, span: Span) -> VarId {
        let variable = self.look_up(name, span);
        self.variables[variable].uses += 1;
        variable
    }

    /// The variable of a name, made on first sight.
    pub(super) fn look_up(&mut self, name: &'a str, span: Span) -> VarId {
        if let Some(variable) = self.frame().find(name) {
            return variable;
        }
        let origin = if self.frames.len() == 1 { Origin::Clause } else { Origin::Aggregate };
        let variable = self.new_variable(name, span, origin);
        self.frame().own(name, variable);
        variable
    }

    pub(super) fn unnamed(&mut self, name: &str, span: Span) -> VarId {
        let variable = self.new_variable(name, span, Origin::Unnamed);
        self.frame().local.push(variable);
        variable
    }

    fn new_variable(&mut self, name: &str, span: Span, origin: Origin) -> VarId {
        let node = self.workshop.inference.node(State::Open);
        self.variables.push(Variable { name: name.to_string(), span, node, uses: 0, origin })
    }
}
