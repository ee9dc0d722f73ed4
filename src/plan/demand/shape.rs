//! How asking for a relation in one way leads to asking for it again.
//!
//! In: a relation with what is given of it. Out: the shape of the recursion behind it. Two shapes have an answer that is
//! linear in what is reached, which asking for every row on the way is not (Naughton, Ramakrishnan, Sagiv & Ullman
//! 1989):
//!
//! - *Kept*: every rule asks again for the very same. `tc(X, Z) :- tc(X, Y), arc(Y, Z).` with `X` given asks for `X`.
//! - *Goals*: what a rule asks for answers the question that it was asked. `tc(X, Z) :- arc(X, Y), tc(Y, Z).` with `X`
//!   given: whatever `Y` leads to, `X` leads to. So goals and answers are gathered side by side, and which goal an
//!   answer came from is forgotten.

use super::MOST_WAYS;
use super::adorned::Adorned;
use super::ground::Ground;
use super::passage::{Call, Passage, may_fault, pass};
use crate::check::{Literal, Rule, Term};
use crate::plan::variables::{self, Variables};
use std::collections::{BTreeMap, BTreeSet};

/// The shape of a recursion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Kept,
    Goals {
        /// In how many of the given columns a goal may differ from what was asked.
        moving: usize,
    },
    Other,
}

/// What asking in one way leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    columns: usize,
    given: usize,
}

/// A rule that asks for what it derives as goals do.
#[derive(Debug, Default)]
pub(super) struct Linear {
    /// The atoms that ask for the same again: positions in the body.
    pub(super) kept: Vec<usize>,
    /// The atom that answers what was asked: position in the body.
    pub(super) last: Option<usize>,
}

/// The shapes that are known.
pub(super) struct Shapes<'g> {
    ground: &'g Ground<'g>,
    shapes: BTreeMap<Adorned, Shape>,
}

/// So many ways of asking around one recursion are looked at as goals.
const MOST_MEMBERS: usize = 64;

impl<'g> Shapes<'g> {
    pub(super) fn new(ground: &'g Ground<'g>) -> Self {
        Self { ground, shapes: BTreeMap::new() }
    }

    /// What to ask for instead of `wanted`: the same, or less if that leads to fewer rows, or to as many narrower ones.
    /// `tc(a, b)` is asked for as `tc(a, X)`.
    pub(super) fn narrow(&mut self, wanted: Adorned) -> Adorned {
        let cost = self.cost(&wanted);
        let weaker = wanted.adornment.weaker().into_iter().take(MOST_MEMBERS);
        let weaker = weaker.map(|adornment| Adorned { adornment, ..wanted.clone() });
        let costs = weaker.map(|less| (self.cost(&less), less)).filter(|(less, _)| *less < cost);
        costs.min_by_key(|(cost, _)| *cost).map_or(wanted.clone(), |(_, less)| less)
    }

    /// In how many columns goals or answers differ at most, so that every combination of values may be among them; and
    /// how many columns a goal has.
    fn cost(&mut self, asked: &Adorned) -> Cost {
        let free = asked.adornment.free().count();
        let columns = match self.shape(asked) {
            Shape::Kept => free,
            Shape::Goals { moving } => free.max(moving),
            Shape::Other => usize::MAX,
        };
        Cost { columns, given: asked.adornment.bound().count() }
    }

    pub(super) fn shape(&mut self, asked: &Adorned) -> Shape {
        if let Some(shape) = self.shapes.get(asked) {
            return *shape;
        }
        let shape = self.find(asked);
        self.shapes.insert(asked.clone(), shape);
        shape
    }

    fn find(&self, asked: &Adorned) -> Shape {
        let Some(members) = members(self.ground, asked) else { return Shape::Other };
        let (mut kept, mut goals) = (true, true);
        let mut moving = BTreeSet::new();
        for member in &members {
            for rule in self.ground.rules(member.relation) {
                let passage = within(self.ground, rule, member);
                let given = member.given(&rule.args);
                kept &= calls_together(self.ground, &passage, member)
                    .all(|call| call.asked.given(atom_args(rule, call.literal)) == given);
                goals &= linear(self.ground, rule, &passage, member, members.len() == 1).is_some();
                for call in calls_together(self.ground, &passage, member) {
                    let again = call.asked.given(atom_args(rule, call.literal));
                    let differ = again.iter().zip(&given).enumerate().filter(|(_, (again, given))| again != given);
                    moving.extend(differ.map(|(column, _)| column));
                }
            }
        }
        match (kept, goals) {
            (true, _) => Shape::Kept,
            (false, true) => Shape::Goals { moving: moving.len() },
            (false, false) => Shape::Other,
        }
    }
}

/// What a rule passes on for `asked`, without a choice to give less.
pub(super) fn within(ground: &Ground<'_>, rule: &Rule, asked: &Adorned) -> Passage {
    pass(ground, rule, asked.given(&rule.args), &mut |wanted| wanted)
}

/// Everything that is asked for around one recursion, beginning with what is asked first, if it is not too much.
pub(super) fn members(ground: &Ground<'_>, asked: &Adorned) -> Option<Vec<Adorned>> {
    let mut found = vec![asked.clone()];
    let mut at = 0;
    while let Some(member) = found.get(at).cloned() {
        for rule in ground.rules(member.relation) {
            let passage = within(ground, rule, &member);
            for call in calls_together(ground, &passage, &member) {
                if !found.contains(&call.asked) {
                    found.push(call.asked.clone());
                }
            }
        }
        let ways = found.iter().filter(|other| other.relation == member.relation).count();
        if found.len() > MOST_MEMBERS || ways > MOST_WAYS {
            return None;
        }
        at += 1;
    }
    Some(found)
}

fn calls_together<'p>(
    ground: &'p Ground<'_>,
    passage: &'p Passage,
    member: &'p Adorned,
) -> impl Iterator<Item = &'p Call> {
    passage.calls.iter().filter(|call| ground.are_together(call.asked.relation, member.relation))
}

/// A rule as goals need it, if it is one.
pub(super) fn linear(
    ground: &Ground<'_>,
    rule: &Rule,
    passage: &Passage,
    member: &Adorned,
    is_alone: bool,
) -> Option<Linear> {
    let (given, sought) = (member.given(&rule.args), member.sought(&rule.args));
    if given.iter().any(|arg| arg.is_call()) {
        return None;
    }
    let mut found = Linear::default();
    for call in calls_together(ground, passage, member) {
        let args = atom_args(rule, call.literal);
        if args.iter().any(Term::is_call) {
            return None;
        }
        let keeps = is_alone && call.asked == *member && call.asked.given(args) == given;
        let answers = call.asked.sought(args) == sought;
        match found.last {
            _ if keeps => found.kept.push(call.literal),
            None if answers => found.last = Some(call.literal),
            _ => return None,
        }
    }
    let kept_are_apart = found.kept.is_empty() || are_apart(rule, &given, &found.kept);
    let last_is_apart = match found.last {
        Some(last) => are_apart(rule, &sought, &[last]) && !rule.body.iter().any(may_fault),
        None => true,
    };
    (kept_are_apart && last_is_apart).then_some(found)
}

/// Whether arguments of the head are different variables, that stand in the head and in these atoms once each and
/// nowhere else.
fn are_apart(rule: &Rule, terms: &[&Term], atoms: &[usize]) -> bool {
    let mut own = Variables::new();
    terms.iter().for_each(|term| variables::of_term(term, &mut own));
    if own.len() != terms.len() || terms.iter().any(|term| !matches!(term, Term::Variable(_))) {
        return false;
    }
    let mentions = |arg: &&Term, var| {
        let mut mentioned = Variables::new();
        variables::of_term(arg, &mut mentioned);
        mentioned.contains(var)
    };
    let once = |args: &[Term]| own.iter().all(|var| args.iter().filter(|arg| mentions(arg, var)).count() == 1);
    let beside = rule.body.iter().enumerate().filter(|(at, _)| !atoms.contains(at));
    let mut others = Variables::new();
    beside.for_each(|(_, literal)| variables::of_literal(literal, &mut others));
    once(&rule.args) && own.is_disjoint(&others) && atoms.iter().all(|atom| once(atom_args(rule, *atom)))
}

/// The arguments of the atom, or the absent one, at this place of a body.
pub(super) fn atom_args(rule: &Rule, at: usize) -> &[Term] {
    match &rule.body[at] {
        Literal::Atom(atom) | Literal::Absent(atom) => &atom.args,
        Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => {
            panic!("only atoms are asked for")
        }
    }
}
