//! Rules to explain which rows are kept.
//!
//! In: a program. Out: the same program, in which a relation `r` that does not keep every row is derived like this:
//!
//! - what the text says derives `r` derives the rows that *came up*, and reads them: a rule may have used a row that
//!   gave way later;
//! - `r` has the rows that came up and *give way* to no other;
//! - two rows that came up for one key make a third, where a column joins;
//! - a row gives way to one that came up by the rules of a subsumption, by a group of columns that has a choice, or by being
//!   below it in every column that joins.
//!
//! So a proof of a kept row has what stands in its way as one of its conditions, and what keeps it absent. Relations and
//! rules keep their ids; the rules that are new come behind all others.

use super::redirect::redirect;
use crate::check::{Atom, Keeps, Literal, Program, RelationId, Rule, Term, Upkeep, VarId, Variable};
use crate::data::IdVec;
use crate::report::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The program with rules for what is kept; the very same where every row is.
pub fn with_upkeep(program: Arc<Program>) -> Arc<Program> {
    if !program.strata.ids().any(|stratum| program.is_kept_up(stratum)) {
        return program;
    }
    let mut told = Program::clone(&program);
    for stratum in &program.strata {
        let kept_up = stratum.relations.iter().filter_map(|relation| {
            let upkeep = program.relations[*relation].upkeep.as_ref()?;
            Some((*relation, upkeep))
        });
        let kept_up: Vec<(RelationId, &Upkeep)> = kept_up.collect();
        let came_up = kept_up.iter().map(|(relation, upkeep)| (*relation, upkeep.came_up)).collect();
        stratum.rules.iter().for_each(|rule| redirect(&mut told.rules[*rule].body, &came_up));
        for (relation, upkeep) in kept_up {
            keep(relation, upkeep, &came_up, &mut told);
        }
    }
    Arc::new(told)
}

fn keep(relation: RelationId, upkeep: &Upkeep, came_up: &BTreeMap<RelationId, RelationId>, program: &mut Program) {
    let rules = std::mem::take(&mut program.relations[relation].rules);
    rules.iter().for_each(|rule| program.rules[*rule].head = upkeep.came_up);
    program.relations[upkeep.came_up].rules = rules;
    let giving_way = program.relations[upkeep.giving_way].rules.clone();
    let written = giving_way.first().map(|rule| program.rules[*rule].span);
    let span = written.or(program.relations[relation].span).expect("who keeps some rows only says so somewhere");
    if let Keeps::Joined(columns) = &upkeep.keeps {
        let joined = joined(relation, upkeep, columns[0], span, program);
        add(joined, program);
    }
    match &upkeep.keeps {
        Keeps::Greatest | Keeps::Joined(_) => giving_way.iter().for_each(|rule| {
            let body = &mut program.rules[*rule].body;
            // The row that gives way may never have been kept: it is given.
            let row = body.iter().position(|literal| matches!(literal, Literal::Atom(_)));
            row.map(|row| body.remove(row));
            redirect(body, came_up);
        }),
        Keeps::First(groups) => groups.iter().for_each(|group| {
            let rule = taken(relation, upkeep, group, span, program);
            add(rule, program);
        }),
    }
    let stays = stays(relation, upkeep, span, program);
    add(stays, program);
}

fn add(rule: Rule, program: &mut Program) {
    let head = rule.head;
    let id = program.rules.push(rule);
    program.relations[head].rules.push(id);
}

/// `r(X, Y) :- came_up(X, Y), not giving_way(X, Y, _, _).`
fn stays(relation: RelationId, upkeep: &Upkeep, span: Span, program: &Program) -> Rule {
    let mut variables = Variables { program, relation, span, variables: IdVec::new() };
    let row = variables.row();
    let any = row.iter().map(|_| Term::Wildcard);
    let gives_way = row.iter().cloned().chain(any).collect();
    let body = vec![
        Literal::Atom(Atom { relation: upkeep.came_up, args: row.clone(), span }),
        Literal::Absent(Atom { relation: upkeep.giving_way, args: gives_way, span }),
    ];
    Rule { head: relation, args: row, body, variables: variables.variables, span }
}

/// `giving_way(X, Y, X, Z) :- came_up(X, Z).`
fn taken(relation: RelationId, upkeep: &Upkeep, group: &[usize], span: Span, program: &Program) -> Rule {
    let mut variables = Variables { program, relation, span, variables: IdVec::new() };
    let (row, mut other) = (variables.row(), variables.row());
    group.iter().for_each(|column| other[*column] = row[*column].clone());
    let body = vec![Literal::Atom(Atom { relation: upkeep.came_up, args: other.clone(), span })];
    let args = row.into_iter().chain(other).collect();
    Rule { head: upkeep.giving_way, args, body, variables: variables.variables, span }
}

/// `came_up(K, lub(A, B)) :- came_up(K, A), came_up(K, B).`
fn joined(relation: RelationId, upkeep: &Upkeep, key: usize, span: Span, program: &Program) -> Rule {
    let mut variables = Variables { program, relation, span, variables: IdVec::new() };
    let (one, mut other) = (variables.row(), variables.row());
    other[..key].clone_from_slice(&one[..key]);
    let joins = program.joins(relation).into_iter().zip(key..).map(|(lub, column)| Term::Call {
        function: lub.clone(),
        args: vec![one[column].clone(), other[column].clone()],
        span,
    });
    let args = one[..key].iter().cloned().chain(joins).collect();
    let row = |args| Literal::Atom(Atom { relation: upkeep.came_up, args, span });
    let body = vec![row(one.clone()), row(other)];
    Rule { head: upkeep.came_up, args, body, variables: variables.variables, span }
}

/// Variables for the columns of a relation.
struct Variables<'a> {
    program: &'a Program,
    relation: RelationId,
    span: Span,
    variables: IdVec<VarId, Variable>,
}

impl Variables<'_> {
    fn row(&mut self) -> Vec<Term> {
        let columns = self.program.relations[self.relation].columns.iter();
        let variable =
            columns.map(|column| Variable { name: "_".to_owned(), named: false, ty: column.ty, span: self.span });
        variable.map(|variable| Term::Variable(self.variables.push(variable))).collect()
    }
}
