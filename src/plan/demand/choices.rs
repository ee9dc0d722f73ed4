//! A rule without the choices that stand in the way: `p(X) :- q(X), (r(X) ; s(X)).` is two rules.
//!
//! In: a rule, and which relations are to be asked for. Out: rules that mean the same, in which no disjunction mentions
//! such a relation; or nothing, where they would be too many. A choice between other relations stays as it is.

use super::MOST_BODIES;
use crate::check::{Literal, RelationId, Rule, relations_of};
use std::collections::BTreeSet;

/// The rules that a rule stands for.
pub(super) fn written_out(rule: &Rule, is_asked: &dyn Fn(RelationId) -> bool) -> Option<Vec<Rule>> {
    let bodies = match &rule.body[..] {
        // A rule that is one choice is as many rules anyway.
        [Literal::Or(branches)] => {
            let bodies: Option<Vec<Vec<Body>>> = branches.iter().map(|branch| bodies(branch, is_asked)).collect();
            bodies?.into_iter().flatten().collect()
        }
        body => bodies(body, is_asked)?,
    };
    Some(bodies.into_iter().map(|body| Rule { body, ..rule.clone() }).collect())
}

type Body = Vec<Literal>;

fn bodies(body: &[Literal], is_asked: &dyn Fn(RelationId) -> bool) -> Option<Vec<Body>> {
    let mut found: Vec<Body> = vec![Vec::new()];
    for literal in body {
        let Some(branches) = asked_branches(literal, is_asked) else {
            found.iter_mut().for_each(|body| body.push(literal.clone()));
            continue;
        };
        let branches: Option<Vec<Vec<Body>>> = branches.iter().map(|branch| bodies(branch, is_asked)).collect();
        let branches: Vec<Body> = branches?.into_iter().flatten().collect();
        if found.len() * branches.len() > MOST_BODIES {
            return None;
        }
        let with = |before: &Body| branches.iter().map(|branch| [&before[..], branch].concat()).collect::<Vec<_>>();
        found = found.iter().flat_map(with).collect();
    }
    Some(found)
}

/// The branches of a disjunction that mentions a relation that is asked for.
fn asked_branches<'l>(literal: &'l Literal, is_asked: &dyn Fn(RelationId) -> bool) -> Option<&'l [Body]> {
    let Literal::Or(branches) = literal else { return None };
    let mut read = BTreeSet::new();
    branches.iter().for_each(|branch| relations_of(branch, &mut read));
    read.into_iter().any(is_asked).then_some(branches)
}
