//! The rules as a user counts them, and taking one away.

use super::assumed::Assumed;
use super::change::Changed;
use super::{Failure, Session};
use crate::check::{self, Column, RelationId, Role, RuleId};
use crate::data::Value;
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{Ast, Body, CompareOp, Item, ItemKind, Literal, Name, Term, TermKind};

/// A rule with the number that it goes by.
#[derive(Debug, Clone)]
pub struct ListedRule {
    /// Counted from 1, in the order of the texts.
    pub number: usize,
    /// The rule.
    pub id: RuleId,
    /// The relation it derives.
    pub head: RelationId,
    /// Where it is written.
    pub span: Span,
}

impl Session {
    /// The rules of relations that a user can name.
    pub fn rules(&self) -> Vec<ListedRule> {
        let named =
            self.program.rules.enumerate().filter(|(_, rule)| self.program.relations[rule.head].role == Role::Named);
        let listed = named.enumerate().map(|(at, (id, rule))| ListedRule {
            number: at + 1,
            id,
            head: rule.head,
            span: rule.span,
        });
        listed.collect()
    }

    /// Takes a rule away. What no longer makes sense without it keeps it.
    pub fn remove_rule(&mut self, number: usize) -> Result<Changed, Failure> {
        let rules = self.rules();
        let Some(rule) = number.checked_sub(1).and_then(|at| rules.get(at)) else {
            let message = format!("there is no rule {number}");
            let help = match rules.len() {
                0 => "no rules are loaded".to_owned(),
                last => format!("rules are numbered 1 to {last}: see `.rules`"),
            };
            return Err(Diagnostic::bare(Code::NothingToRetract, message).help(help).into());
        };
        let mut programs = self.programs.to_vec();
        let gone = programs.iter().flat_map(|ast| &ast.items).find(|item| item.span == rule.span);
        let assumed = gone.map(|rule| Assumed::rule_gone(rule, self.program.dialect));
        programs.iter_mut().for_each(|ast| ast.items.retain(|item| item.span != rule.span));
        let (program, diagnostics) =
            check::check(self.options.dialect, &self.options.libraries, &programs, &self.facts.loaded(&self.program));
        let Some(program) = program else { return Err(Failure::Diagnostics(diagnostics)) };
        let facts = self.facts.moved(&self.program, &program);
        let changed = self.replace(programs, program, facts, diagnostics);
        self.record(assumed);
        Ok(changed)
    }

    /// The rule, if any, by which a row of a relation follows.
    pub fn follows_by(&mut self, relation: RelationId, row: &[Value]) -> Result<Option<Span>, Failure> {
        let program = self.program.clone();
        let columns = &program.relations[relation].columns;
        for rule in self.rules().into_iter().filter(|rule| rule.head == relation) {
            let items = self.programs.iter().flat_map(|ast| &ast.items);
            let Some(question) =
                items.clone().find(|item| item.span == rule.span).and_then(|item| instance(item, row, columns))
            else {
                continue;
            };
            let answers = self.ask(&Ast { items: vec![question], comments: Vec::new() })?;
            if answers.iter().any(|asked| !asked.answer.is_empty()) {
                return Ok(Some(rule.span));
            }
        }
        Ok(None)
    }
}

/// The question whether a rule derives a row: its body, with the arguments of its head equal to the row's values.
fn instance(rule: &Item, row: &[Value], columns: &[Column]) -> Option<Item> {
    let (head, body): (_, &[Literal]) = match &rule.kind {
        ItemKind::Rule(rule) => (&rule.head, &rule.body),
        ItemKind::Fact(fact) => (&fact.atom, &[]),
        _ => return None,
    };
    let given = head.args.iter().zip(row.iter().zip(columns));
    let equal = given.filter(|(arg, _)| !matches!(arg.kind, TermKind::Wildcard)).map(|(arg, (value, column))| {
        let right = in_column(value, column, arg.span);
        Literal::compare(CompareOp::Eq, arg.clone(), right, arg.span)
    });
    let question: Body = body.iter().cloned().chain(equal).collect();
    Some(Item { kind: ItemKind::Query(question), ..rule.clone() })
}

/// A value of a column; a record says of which type it is.
fn in_column(value: &Value, column: &Column, span: Span) -> Term {
    let constant = Term { kind: TermKind::Constant { value: value.clone(), spelling: None }, span };
    match (&column.subtype, value) {
        (Some(ty), Value::Record(_)) => {
            let ty = Name { text: ty.clone(), span };
            Term { kind: TermKind::Cast { term: Box::new(constant), ty }, span }
        }
        _ => constant,
    }
}
