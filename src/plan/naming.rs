//! What a plan's variables, terms and relations are called, so that a reader finds them in the rule.
//!
//! Variables have their names in the rule, and those that the plan added are called `T1`, `T2`, … in the order in
//! which they are met. Terms are printed as they could be written.

use super::{Call, Expr};
use crate::check::{self, Program, RelationId, Role, Rule, VarId, written};
use crate::data::{Order, Path, SymbolTable, Type};
use crate::syntax::{Spell, Term};
use std::collections::BTreeMap;

/// A relation: `p`, `p@` for its citations.
pub(super) fn relation(program: &Program, relation: RelationId) -> String {
    let found = &program.relations[relation];
    match found.role {
        Role::Named | Role::Auxiliary | Role::CameUp(_) | Role::GivingWay(_) => found.name.clone(),
        Role::Citations(of) => format!("{}@", program.relations[of].name),
        Role::Query => "a query".into(),
        Role::Constraint => "a constraint".into(),
    }
}

/// The columns of an order: `(to, from)`.
pub(super) fn order(program: &Program, relation: RelationId, order: &Order) -> String {
    let columns = &program.relations[relation].columns;
    let names: Vec<&str> = order.columns().iter().map(|&column| &*columns[column].name).collect();
    format!("({})", names.join(", "))
}

/// The paths of an index: `(k, a(x))`.
pub(super) fn paths(program: &Program, relation: RelationId, paths: &[Path]) -> String {
    let names: Vec<String> = paths.iter().map(|found| path(program, relation, found)).collect();
    format!("({})", names.join(", "))
}

/// A column, or a field of what is in it: `x`, `a(x)`.
pub(super) fn path(program: &Program, relation: RelationId, path: &Path) -> String {
    let column = program.relations[relation].columns[path.column].name.clone();
    path.fields.iter().fold(column, |record, field| format!("{}({record})", field.name))
}

/// The names in one pipeline of a rule.
pub(super) struct Naming<'a> {
    pub(super) program: &'a Program,
    /// The rule as written.
    rule: &'a Rule,
    symbols: &'a SymbolTable,
    /// Names of variables that have none in the rule.
    made_up: BTreeMap<VarId, String>,
}

impl<'a> Naming<'a> {
    pub(super) fn new(program: &'a Program, rule: &'a Rule, symbols: &'a SymbolTable) -> Self {
        Self { program, rule, symbols, made_up: BTreeMap::new() }
    }

    /// The name of a variable: `X`, `_`, `T1`.
    pub(super) fn variable(&mut self, var: VarId) -> String {
        // The result of an aggregate within a larger term has no name that a reader would find.
        match self.rule.variables.get(var).filter(|variable| variable.named || variable.name == "_") {
            Some(variable) => variable.name.clone(),
            None => self.made_up(var),
        }
    }

    /// Whether a variable stands in the rule as written.
    pub(super) fn is_written(&self, var: VarId) -> bool {
        self.rule.variables.get(var).is_some()
    }

    fn made_up(&mut self, var: VarId) -> String {
        if let Some(name) = self.made_up.get(&var) {
            return name.clone();
        }
        let taken = |name: &String| {
            let written = self.rule.variables.iter().any(|variable| variable.name == *name);
            written || self.made_up.values().any(|other| other == name)
        };
        let mut names = (1..).map(|number| format!("T{number}"));
        let name = names.find(|name| !taken(name)).expect("numbers do not end");
        self.made_up.insert(var, name.clone());
        name
    }

    /// A term of a plan, as a program has it.
    pub(super) fn spelled(&mut self, expr: &Expr, ty: Type) -> String {
        self.expr(expr, ty).within(self.program.dialect).to_string()
    }

    /// A term of a plan, which has this type.
    pub(super) fn expr(&mut self, expr: &Expr, ty: Type) -> Term {
        match expr {
            Expr::Variable(var) => self.named(*var),
            Expr::Word(word) => written::constant(word.decode(ty, self.symbols)),
            Expr::Call(Call { function, args, .. }) => {
                let args = args.iter().enumerate().map(|(at, arg)| self.expr(arg, function.param(at)));
                written::call(function, args.collect())
            }
        }
    }

    /// A term of a rule.
    pub(super) fn term(&mut self, term: &check::Term) -> Term {
        written::term(term, &mut |var| self.named(var))
    }

    fn named(&mut self, var: VarId) -> Term {
        written::variable(self.variable(var))
    }

    /// A relation with arguments: `p(X, a)`, `p(X) @ C`.
    pub(super) fn atom(&self, relation: RelationId, args: Vec<Term>) -> String {
        written::atom(self.program, relation, args).within(self.program.dialect).to_string()
    }
}
