//! A variable has no value: what to say about it.
//!
//! In: every place of a clause where a value is missing. Out: one message for each variable that is to blame.

use super::draft::{Clause, Mention};
use super::schema::Schema;
use super::{AggregateOp, RelationId, Role, VarId};
use crate::report::{Code, Diagnostic, Span};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

/// What needs a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Head,
    Absent { relation: RelationId, column: usize },
    Comparison,
    Equation,
    Computed,
    Test,
    Group(AggregateOp),
    Target(AggregateOp),
}

/// The places of a clause where a value is missing.
#[derive(Debug, Default)]
pub(super) struct Misses {
    by_variable: IndexMap<VarId, Vec<Miss>>,
    /// Variables that would have a value if another one had.
    explained: FxHashSet<VarId>,
    in_some_branch: FxHashSet<VarId>,
}

#[derive(Debug, Clone, Copy)]
struct Miss {
    span: Span,
    need: Need,
}

impl Misses {
    pub(super) fn add(&mut self, mention: Mention, need: Need) {
        self.by_variable.entry(mention.variable).or_default().push(Miss { span: mention.span, need });
    }

    pub(super) fn explain(&mut self, variable: VarId) {
        self.explained.insert(variable);
    }

    pub(super) fn bound_in_some_branch(&mut self, variables: impl Iterator<Item = VarId>) {
        self.in_some_branch.extend(variables);
    }
}

/// One message for each variable that is to blame; if all of them wait for each other, for the first.
pub(super) fn report(clause: &Clause, schema: &Schema, misses: Misses, diagnostics: &mut Vec<Diagnostic>) {
    let mut blamed: Vec<VarId> =
        misses.by_variable.keys().filter(|variable| !misses.explained.contains(*variable)).copied().collect();
    if blamed.is_empty() {
        blamed.extend(misses.by_variable.iter().min_by_key(|(_, places)| first(places).span).map(|(id, _)| *id));
    }
    for variable in blamed {
        let name = &clause.variables[variable].name;
        let places = &misses.by_variable[&variable];
        let some_branch = misses.in_some_branch.contains(&variable);
        diagnostics.push(match grouped(places) {
            Some((place, op)) => group_unbound(name, place, op),
            None => unbound(name, places, some_branch, schema),
        });
    }
}

fn first(places: &[Miss]) -> Miss {
    *places.iter().min_by_key(|miss| miss.span).expect("a missing value is missed somewhere")
}

fn grouped(places: &[Miss]) -> Option<(Span, AggregateOp)> {
    places.iter().find_map(|miss| match miss.need {
        Need::Group(op) => Some((miss.span, op)),
        Need::Head
        | Need::Absent { .. }
        | Need::Comparison
        | Need::Equation
        | Need::Computed
        | Need::Test
        | Need::Target(_) => None,
    })
}

fn group_unbound(name: &str, place: Span, op: AggregateOp) -> Diagnostic {
    let op = op.name();
    Diagnostic::new(Code::GroupUnbound, place, format!("`{name}` has no value outside this {op}"))
        .label(format!("also used outside, so there is one {op} for each `{name}`"))
        .help(format!("add a positive atom that binds `{name}`, beside the {op}"))
}

fn unbound(name: &str, places: &[Miss], some_branch: bool, schema: &Schema) -> Diagnostic {
    let place = first(places);
    let story = story(name, places, some_branch, schema);
    let message = Diagnostic::new(Code::Unbound, place.span, format!("`{name}` has no value here")).label(story.label);
    message.help(story.help)
}

struct Story {
    label: String,
    help: String,
}

fn story(name: &str, places: &[Miss], some_branch: bool, schema: &Schema) -> Story {
    let needs: Vec<Need> = places.iter().map(|miss| miss.need).filter(|need| *need != Need::Head).collect();
    let tells = |label: &str, why: &str| Story {
        label: label.to_string(),
        help: format!("{why}: add a positive atom that binds `{name}`"),
    };
    if name == "_" {
        return Story {
            label: "any value would do, so there is none to use".to_string(),
            help: "name it, and bind the name in a positive atom".to_string(),
        };
    }
    if some_branch {
        return Story {
            label: "not every side of `;` gives it one".to_string(),
            help: format!("bind `{name}` on every side of the `;`, or write a rule for each side"),
        };
    }
    match needs.first() {
        None => tells("no condition of the body mentions it", "a head only says what its body found"),
        Some(Need::Absent { relation, column }) if needs.iter().all(|need| matches!(need, Need::Absent { .. })) => {
            Story {
                label: "only a negated atom mentions it".to_string(),
                help: format!(
                    "a negated atom tests, it does not bind: add a positive atom that says which `{name}` are meant{}",
                    such_as(name, *relation, *column, schema)
                ),
            }
        }
        Some(Need::Computed) => tells(
            "something is computed from it, but nothing gives it",
            "arithmetic and functions do not run backwards",
        ),
        Some(Need::Test) => tells("only a builtin mentions it", "a builtin tests, it does not bind"),
        Some(Need::Target(op)) => {
            let label = format!("the body of the {} does not give it one", op.name());
            tells(&label, "an aggregate ranges over what its body finds")
        }
        Some(Need::Equation) => {
            tells("nothing on the other side of `=` gives it one", "`=` binds a variable to a value")
        }
        Some(Need::Comparison | Need::Absent { .. } | Need::Head | Need::Group(_)) => {
            tells("only tested here", "a comparison or a negated atom tests, it does not bind")
        }
    }
}

/// `, such as state_code(X, _, _)`: another relation with a column like the one that was asked for.
fn such_as(name: &str, absent: RelationId, column: usize, schema: &Schema) -> String {
    let Some(wanted) = schema.relations[absent].columns.iter().flatten().nth(column) else {
        return String::new();
    };
    let alike = |id: RelationId| {
        let relation = &schema.relations[id];
        let columns = relation.columns.as_deref()?;
        let at = columns.iter().position(|column| column.declared && column.name == wanted.name)?;
        let usable = relation.role == Role::Named && id != absent && schema.is_filled(id);
        usable.then(|| {
            let args: Vec<&str> = (0..columns.len()).map(|column| if column == at { name } else { "_" }).collect();
            format!(", such as `{}({})`", relation.name, args.join(", "))
        })
    };
    if !wanted.declared {
        return String::new();
    }
    schema.relations.ids().find_map(alike).unwrap_or_default()
}
