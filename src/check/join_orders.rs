//! Does what `.plan` says fit its rule?
//!
//! In: rules with orders for their joins, and which relations are derived together. Out: a message for each order that no
//! version of its rule could follow. A rule has a version for each of its atoms that is derived together with its head,
//! and an order names every atom once.

use super::RelationId;
use super::draft::{Clause, Literal};
use super::strata::Group;
use crate::report::{Code, Diagnostic, count};
use crate::syntax::JoinOrder;
use rustc_hash::FxHashSet;

/// The orders that stand behind a rule.
pub(super) struct Ordered {
    /// Its position among the clauses.
    pub(super) clause: usize,
    pub(super) orders: Vec<JoinOrder>,
}

/// How many atoms are joined, and how many of them are recursive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Atoms {
    all: usize,
    recursive: usize,
}

/// Complains about orders that fit no version of their rule.
pub(super) fn check(ordered: &[Ordered], clauses: &[Clause], groups: &[Group], diagnostics: &mut Vec<Diagnostic>) {
    for Ordered { clause, orders } in ordered {
        let clause = &clauses[*clause];
        let together = groups.iter().find(|group| group.recursive && group.relations.contains(&clause.head));
        let together = together.map_or(&[][..], |group| &group.relations);
        for atoms in joined(&clause.body, together) {
            diagnostics.extend(orders.iter().filter_map(|order| mistake(order, atoms)));
        }
    }
}

fn mistake(order: &JoinOrder, atoms: Atoms) -> Option<Diagnostic> {
    let diagnostic = |message| Diagnostic::new(Code::BadParameter, order.span, message);
    if atoms.recursive == 0 {
        let message = "a plan orders the joins of a recursive rule, and this one is none".to_string();
        return Some(diagnostic(message).help("drop the `.plan`: the order is found without it"));
    }
    if order.version as usize >= atoms.recursive {
        let message = format!("the rule has no version {}", order.version);
        let help = match atoms.recursive {
            1 => "it has one recursive atom, and so version 0 alone".to_string(),
            several => format!("it has {several} recursive atoms, and so the versions 0 to {}", several - 1),
        };
        return Some(diagnostic(message).help(help));
    }
    let named: FxHashSet<u32> = order.atoms.iter().copied().collect();
    let is_whole = order.atoms.len() == atoms.all && (1..=atoms.all).all(|atom| named.contains(&(atom as u32)));
    (!is_whole).then(|| {
        diagnostic(format!("this order does not name each of the rule's {} once", count(atoms.all, "atom")))
            .help(format!("name the atoms that are not negated by the numbers 1 to {}", atoms.all))
    })
}

/// What a body joins, for each way through its `;`.
fn joined(body: &[Literal], together: &[RelationId]) -> FxHashSet<Atoms> {
    let mut ways = FxHashSet::from_iter([Atoms::default()]);
    for literal in body {
        let more: FxHashSet<Atoms> = match literal {
            Literal::Atom(atom) => {
                let recursive = usize::from(together.contains(&atom.relation));
                FxHashSet::from_iter([Atoms { all: 1, recursive }])
            }
            Literal::Or(branches) => branches.iter().flat_map(|branch| joined(branch, together)).collect(),
            Literal::Absent(_)
            | Literal::Compare { .. }
            | Literal::Test { .. }
            | Literal::OneOf { .. }
            | Literal::Aggregate(_)
            | Literal::Broken(_) => continue,
        };
        let both = |way: &Atoms| {
            let way = *way;
            more.iter().map(move |more| Atoms { all: way.all + more.all, recursive: way.recursive + more.recursive })
        };
        ways = ways.iter().flat_map(both).collect();
    }
    ways
}
