//! Which relations may gain rows when facts are taken away?
//!
//! In: a program. Out: of each relation whether it may, and whether going back through its rules from one row meets rows
//! of it without end.

use crate::check::{Literal, Program, RelationId, Rule, Stratum, Term};
use crate::data::IdVec;

/// What taking facts away may do to a relation.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fragility {
    /// It may give the relation rows: a rule asks for an absence or an aggregate, however indirectly.
    pub(super) gains: bool,
    /// Its rules compute values and lead back to the relation: `p(N + 1) :- p(N).` asks of `p(3)` for `p(2)`, of that for
    /// `p(1)`, and so on.
    pub(super) is_endless: bool,
}

/// The fragility of every relation.
pub(super) fn fragility(program: &Program) -> IdVec<RelationId, Fragility> {
    let mut found: IdVec<RelationId, Fragility> = program.relations.ids().map(|_| Fragility::default()).collect();
    for (id, stratum) in program.strata.enumerate() {
        let is_endless = stratum.recursive && rules(program, stratum).any(computes_in_rule);
        let is_kept_up = program.is_kept_up(id);
        let gains = is_kept_up || rules(program, stratum).any(|rule| rests_on_absence(&rule.body, &found));
        for relation in &stratum.relations {
            found[*relation] = Fragility { gains, is_endless };
            if let Some(upkeep) = &program.relations[*relation].upkeep {
                found[upkeep.came_up] = Fragility { gains: true, is_endless };
                found[upkeep.giving_way] = Fragility { gains: true, is_endless: false };
            }
        }
    }
    found
}

fn rules<'a>(program: &'a Program, stratum: &'a Stratum) -> impl Iterator<Item = &'a Rule> {
    stratum.rules.iter().map(|rule| &program.rules[*rule])
}

fn rests_on_absence(body: &[Literal], found: &IdVec<RelationId, Fragility>) -> bool {
    body.iter().any(|literal| match literal {
        Literal::Atom(atom) => found[atom.relation].gains,
        Literal::Absent(_) | Literal::Aggregate(_) => true,
        Literal::Or(branches) => branches.iter().any(|branch| rests_on_absence(branch, found)),
        Literal::Compare(_) | Literal::Test(_) => false,
    })
}

fn computes_in_rule(rule: &Rule) -> bool {
    rule.args.iter().any(Term::is_call) || computes(&rule.body)
}

/// Whether values come out of a body that no row has.
fn computes(body: &[Literal]) -> bool {
    body.iter().any(|literal| match literal {
        Literal::Test(test) if test.binds().is_some() => true,
        Literal::Aggregate(aggregate) => computes(&aggregate.body),
        Literal::Or(branches) => branches.iter().any(|branch| computes(branch)),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {
            literal.terms().into_iter().any(Term::is_call)
        }
    })
}
