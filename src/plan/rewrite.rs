//! Rewriting rules before they are planned: same answers, a simpler shape.
//!
//! In: checked rules. Out: rules that mean the same. Each pass is one row of [`PASSES`] and looks at one rule.

use crate::check::{Atom, CompareOp, Comparison, Literal, Program, Rule, RuleId, StratumId, Term, VarId, Variable};
use crate::data::{Id, IdVec};

/// A pass over a rule.
#[derive(Debug)]
pub struct Pass {
    /// What it is called.
    pub name: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
    /// The code.
    pub run: fn(&mut Rule),
}

/// The passes, in the order in which they run.
pub static PASSES: &[Pass] = &[Pass {
    name: "flatten",
    help: "`p(X, Y + 1)` becomes `p(X, T), T = Y + 1`, so that the atom can be joined before `Y` is known",
    run: flatten,
}];

/// A rule after all passes.
#[derive(Debug)]
pub struct Rewritten {
    /// The rule it was.
    pub id: RuleId,
    /// What became of it.
    pub rule: Rule,
}

/// The rules of a stratum after all passes.
pub fn rewrite(program: &Program, stratum: StratumId) -> Vec<Rewritten> {
    program.strata[stratum].rules.iter().map(|rule| rewritten(program, *rule)).collect()
}

/// The rules by which rows of a stratum give way after all passes.
pub fn rewrite_giving_way(program: &Program, stratum: StratumId) -> Vec<Rewritten> {
    let rules = program.strata[stratum].relations.iter().flat_map(|relation| program.taking_away(*relation));
    rules.map(|rule| rewritten(program, *rule)).collect()
}

fn rewritten(program: &Program, id: RuleId) -> Rewritten {
    let mut rule = program.rules[id].clone();
    PASSES.iter().for_each(|pass| (pass.run)(&mut rule));
    Rewritten { id, rule }
}

fn flatten(rule: &mut Rule) {
    flatten_body(&mut rule.body, &mut rule.variables);
}

fn flatten_body(body: &mut Vec<Literal>, variables: &mut IdVec<VarId, Variable>) {
    let mut equations = Vec::new();
    for literal in body.iter_mut() {
        match literal {
            Literal::Atom(atom) => flatten_atom(atom, variables, &mut equations),
            Literal::Aggregate(aggregate) => flatten_body(&mut aggregate.body, variables),
            Literal::Or(branches) => branches.iter_mut().for_each(|branch| flatten_body(branch, variables)),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {}
        }
    }
    body.extend(equations);
}

/// Puts a new variable in the place of every argument that computes, and an equation for it beside the atom.
fn flatten_atom(atom: &mut Atom, variables: &mut IdVec<VarId, Variable>, equations: &mut Vec<Literal>) {
    for arg in &mut atom.args {
        let Term::Call { function, span, .. } = arg else { continue };
        let (span, ty) = (*span, function.result());
        let name = format!("_{}", variables.next_id().index());
        let var = variables.push(Variable { name, named: true, ty, span });
        let term = std::mem::replace(arg, Term::Variable(var));
        let comparison = Comparison { op: CompareOp::Eq, left: Term::Variable(var), right: term, ty, span };
        equations.push(Literal::Compare(comparison));
    }
}
