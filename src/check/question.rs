//! What is asked of a program that was checked: [`question`].
//!
//! Promise: relations, rules and strata keep their ids, and the cost does not depend on how many facts there are.

use super::Program;
use super::desugar;
use super::draft::Kind;
use super::finish;
use super::schema::of_program;
use super::strata::Group;
use super::whole::{Draft, add_rule, add_stratum, in_order, take};
use crate::data::Id;
use crate::report::Diagnostic;
use crate::syntax::{Ast, ItemKind};

/// The program with the queries of `ast` added, and nothing else of it.
pub fn question(program: &Program, ast: &Ast) -> (Option<Program>, Vec<Diagnostic>) {
    let mut draft = Draft { schema: of_program(program), ..Draft::default() };
    draft.inference.dialect = program.dialect;
    draft.inference.records = program.subtypes.records.clone();
    for item in &ast.items {
        if let ItemKind::Query(body) = &item.kind {
            let mut body = body.clone();
            desugar::spell_out(&mut body, &program.lattices, &mut draft.diagnostics);
            draft.ask(Kind::Query, &body, item.span);
        }
    }
    draft.ask_clauses();
    let mut diagnostics = std::mem::take(&mut draft.diagnostics);
    let asked = if diagnostics.iter().any(Diagnostic::is_error) {
        None
    } else {
        Some(add(program, draft, &mut diagnostics)).filter(|_| !diagnostics.iter().any(Diagnostic::is_error))
    };
    in_order(&mut diagnostics);
    (asked, diagnostics)
}

fn add(program: &Program, mut draft: Draft, diagnostics: &mut Vec<Diagnostic>) -> Program {
    let mut asked = program.clone();
    for (at, relation) in take(&mut draft.schema.relations).enumerate() {
        let id = Id::from_index(at);
        match program.relations.get(id) {
            Some(_) => asked.relations[id].citations = relation.citations,
            None => {
                asked.relations.push(finish::relation(relation, &mut draft.inference));
            }
        }
    }
    for clause in &draft.clauses {
        add_rule(clause, &mut asked, &mut draft.inference, diagnostics);
        add_stratum(Group { relations: vec![clause.head], recursive: false }, &mut asked);
    }
    asked.queries.append(&mut draft.queries);
    asked
}
