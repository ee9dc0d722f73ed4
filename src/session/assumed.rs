//! One change that a layer assumes, kept so that it can be made again on other facts.
//!
//! In: what was told, loaded, removed or retracted. Out: [`Assumed`], which shows itself as a statement would, and says
//! what it changes: the program, the facts, or both.

use super::change::{is_stored, without_facts};
use super::load::FilledTable;
use super::without::Claims;
use crate::check::{self, Program};
use crate::data::{Dialect, Value};
use crate::report::Span;
use crate::syntax::{self, Ast, Item, ItemKind, Spell};
use std::fmt;
use std::sync::Arc;

/// A change that is assumed. It is shown as it could be typed.
#[derive(Debug, Clone)]
pub struct Assumed {
    text: String,
    pub(super) kind: AssumedKind,
}

#[derive(Debug, Clone)]
pub(super) enum AssumedKind {
    /// A fact that was told.
    Fact(NamedFact),
    /// A rule, a constraint, or a fact to compute.
    Clause(Arc<Item>),
    /// What says how others are to be read, and changes no answer.
    Declaration(Arc<Item>),
    /// Facts or citations that were taken back.
    Retraction(Arc<syntax::Fact>),
    /// A rule that was taken away.
    RuleGone(Span),
    /// Files that were read.
    Load(Arc<Loading>),
    /// What rests only on these claims was left out.
    Without(Claims),
}

/// A fact with the name of its relation, whose id differs from program to program.
#[derive(Debug, Clone)]
pub(super) struct NamedFact {
    pub(super) relation: String,
    pub(super) fact: check::Fact,
}

/// What files held.
#[derive(Debug)]
pub(super) struct Loading {
    /// The programs, without the facts they state.
    pub(super) programs: Vec<Ast>,
    pub(super) facts: Vec<NamedFact>,
    pub(super) tables: Vec<FilledTable>,
}

impl Assumed {
    /// What the statements of trees change, whose facts were checked.
    pub(super) fn statements(asts: &[Ast], program: &Program, facts: &[check::Fact]) -> Vec<Assumed> {
        let mut facts = facts.iter();
        let assumed = |item: &Item| {
            let kind = match &item.kind {
                ItemKind::Fact(fact) if is_stored(fact) => {
                    let fact = facts.next().expect("facts are checked in the order of the text");
                    AssumedKind::Fact(NamedFact::of(program, fact))
                }
                ItemKind::Fact(_) | ItemKind::Rule(_) | ItemKind::Subsumption(_) | ItemKind::Constraint(_) => {
                    AssumedKind::Clause(Arc::new(item.clone()))
                }
                _ => AssumedKind::Declaration(Arc::new(item.clone())),
            };
            Assumed { text: item.kind.within(program.dialect).to_string(), kind }
        };
        asts.iter().flat_map(|ast| &ast.items).map(assumed).collect()
    }

    pub(super) fn load(
        name: &str,
        asts: &[Ast],
        program: &Program,
        facts: &[check::Fact],
        tables: Vec<FilledTable>,
    ) -> Self {
        let facts = facts.iter().map(|fact| NamedFact::of(program, fact)).collect();
        let programs = asts.iter().cloned().map(without_facts).collect();
        let kind = AssumedKind::Load(Arc::new(Loading { programs, facts, tables }));
        Assumed { text: format!(".read {name}"), kind }
    }

    pub(super) fn retraction(item: &Item, fact: &syntax::Fact, dialect: Dialect) -> Self {
        let text = item.kind.within(dialect).to_string();
        Assumed { text, kind: AssumedKind::Retraction(Arc::new(fact.clone())) }
    }

    pub(super) fn rule_gone(rule: &Item, dialect: Dialect) -> Self {
        Assumed { text: format!(".remove {}", rule.kind.within(dialect)), kind: AssumedKind::RuleGone(rule.span) }
    }

    pub(super) fn without(claims: &Claims) -> Self {
        Assumed {
            text: format!(".without {} {}", claims.kind, claims.value),
            kind: AssumedKind::Without(claims.clone()),
        }
    }

    /// Whether an answer may depend on it.
    pub fn counts(&self) -> bool {
        !matches!(self.kind, AssumedKind::Declaration(_))
    }

    /// Whether the program is another one without it.
    pub(super) fn is_of_program(&self) -> bool {
        match &self.kind {
            AssumedKind::Clause(_) | AssumedKind::Declaration(_) | AssumedKind::RuleGone(_) => true,
            AssumedKind::Load(loading) => !loading.programs.is_empty(),
            AssumedKind::Fact(_) | AssumedKind::Retraction(_) | AssumedKind::Without(_) => false,
        }
    }

    /// Whether it depends on what is known of claims which facts it takes away.
    pub(super) fn is_of_claims(&self) -> bool {
        matches!(self.kind, AssumedKind::Without(_))
    }

    /// The one relation whose facts it changes, if there is just one.
    pub(super) fn relation(&self) -> Option<&str> {
        match &self.kind {
            AssumedKind::Fact(fact) => Some(&fact.relation),
            AssumedKind::Retraction(fact) => Some(&fact.atom.name.text),
            AssumedKind::Clause(_)
            | AssumedKind::Declaration(_)
            | AssumedKind::RuleGone(_)
            | AssumedKind::Load(_)
            | AssumedKind::Without(_) => None,
        }
    }
}

impl fmt::Display for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl NamedFact {
    fn of(program: &Program, fact: &check::Fact) -> Self {
        NamedFact { relation: program.relations[fact.relation].name.clone(), fact: fact.clone() }
    }

    /// The fact under the ids of a program, if it fits its relation there.
    pub(super) fn under(&self, program: &Program) -> Option<check::Fact> {
        let relation = program.relation(&self.relation)?;
        let columns = program.relations[relation].columns.iter().map(|column| column.ty);
        columns.eq(self.fact.row.iter().map(Value::ty)).then(|| check::Fact { relation, ..self.fact.clone() })
    }
}
