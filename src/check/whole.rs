//! All files of a program to a [`Program`]: [`check`].
//!
//! In: the trees, and what data files fill. Out: the program, unless there is an error, and every complaint in the
//! order of the text. Promise: one run tells all; a name or type that was complained about causes no further
//! complaint.

use super::desugar::{self, instantiate};
use super::draft::{Clause, Kind, Origin, Term, TermKind};
use super::inference::{Inference, Slot};
use super::join_orders::{self, Ordered};
use super::lower::{Workshop, WrittenClause, lower};
use super::names::{Unknown, arity_fits};
use super::overloads::choose;
use super::schema::{ColumnDraft, Relation, Schema, gather};
use super::strata::{Group, strata};
use super::unused::Errors;
use super::{
    Column, Constraint, Directive, Facts, Program, Query, Role, RuleId, Stratum, chains, clashes, constrain,
    directives, facts, filled, finish, interlocked, lattices, namespaces, records, safety, unused,
};
use crate::data::{Dialect, Id, IdVec, Libraries};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{self, Ast, Item, ItemKind, JoinOrder, Name};
use std::borrow::Cow;
use std::sync::Arc;

/// A relation that a data file fills.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The relation's name.
    pub name: String,
    /// Its columns, as read from the file or from its `.decl`.
    pub columns: Vec<Column>,
    /// Whether rows come with citations.
    pub cited: bool,
    /// The file, as messages call it.
    pub file: String,
}

/// Checks a program of a dialect, which may call functions of these libraries. There is one if no complaint is an error.
pub fn check(
    dialect: Dialect,
    libraries: &Libraries,
    asts: &[Ast],
    loaded: &[Loaded],
) -> (Option<Program>, Vec<Diagnostic>) {
    let mut draft = Draft::default();
    draft.inference.dialect = dialect;
    let asts = instantiated(asts, &mut draft.diagnostics);
    if dialect != Dialect::Entail {
        draft.diagnostics.extend(namespaces::declarations(&asts));
    }
    let asts = desugar::unfolded(asts, &mut draft.diagnostics);
    let asts = &*desugar::numbered(dialect, asts, &mut draft.diagnostics);
    let lattices = lattices::lattices(asts, &mut draft.diagnostics);
    let asts = &*desugar::spelt_out(asts, &lattices, &mut draft.diagnostics);
    draft.schema = gather(dialect, libraries, lattices, asts, loaded, &mut draft.inference, &mut draft.diagnostics);
    draft.inference.records = draft.schema.subtypes.records.clone();
    let facts = draft.facts(asts);
    for ast in asts {
        draft.clauses(ast);
    }
    draft.joined();
    draft.directives(asts);
    let groups = draft.ask_everything();
    let mut diagnostics = std::mem::take(&mut draft.diagnostics);
    let program = if diagnostics.iter().any(Diagnostic::is_error) {
        None
    } else {
        Some(draft.finish(&facts, groups, &mut diagnostics)).filter(|_| !diagnostics.iter().any(Diagnostic::is_error))
    };
    in_order(&mut diagnostics);
    (program, diagnostics)
}

/// The trees with what their instances hold.
fn instantiated<'a>(asts: &'a [Ast], diagnostics: &mut Vec<Diagnostic>) -> Cow<'a, [Ast]> {
    let is_instance = |item: &Item| matches!(item.kind, ItemKind::Instance(_));
    if !asts.iter().flat_map(|ast| &ast.items).any(is_instance) {
        return Cow::Borrowed(asts);
    }
    let mut made = asts.to_vec();
    diagnostics.extend(instantiate(&[], &mut made));
    Cow::Owned(made)
}

/// A program while it is being checked.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) schema: Schema,
    pub(super) inference: Inference,
    pub(super) clauses: Vec<Clause>,
    /// What `.plan` says of clauses.
    pub(super) ordered: Vec<Ordered>,
    pub(super) queries: Vec<Query>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) directives: Vec<Directive>,
    pub(super) unknown: Unknown,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Draft {
    /// Reads the facts; one with something to compute becomes a rule.
    fn facts<'a>(&mut self, asts: &'a [Ast]) -> Vec<facts::Draft<'a>> {
        let mut found = Vec::new();
        for item in asts.iter().flat_map(|ast| &ast.items) {
            let ItemKind::Fact(fact) = &item.kind else { continue };
            let Some(relation) = self.schema.names.get(&fact.atom.name.text).copied() else { continue };
            self.diagnostics.extend(facts::odd_citation(fact));
            if fact.atom.args.iter().all(syntax::Term::is_ground) {
                let draft = facts::Draft { relation, fact, span: item.span };
                if facts::constrain(draft, &mut self.schema, &mut self.inference, &mut self.diagnostics) {
                    found.push(draft);
                }
            }
        }
        found
    }

    fn clauses(&mut self, ast: &Ast) {
        let mut message = None;
        for item in &ast.items {
            message = match (&item.kind, &item.doc) {
                (ItemKind::Constraint(_), None) => message,
                (ItemKind::Constraint(_), Some(doc)) => Some(doc.text.clone()),
                _ => None,
            };
            match &item.kind {
                ItemKind::Rule(rule) => {
                    let rule = match self.schema.dialect {
                        Dialect::Entail => Cow::Borrowed(rule),
                        Dialect::Souffle(_) => {
                            self.diagnostics.extend(interlocked::check(rule));
                            desugar::resolved(desugar::settle(rule))
                        }
                    };
                    self.rule(&rule.head, &rule.body, &rule.orders, item.span);
                }
                ItemKind::Fact(fact) if !fact.atom.args.iter().all(syntax::Term::is_ground) => {
                    self.diagnostics.extend(facts::cited_computation(fact));
                    self.rule(&fact.atom, &[], &[], item.span);
                }
                ItemKind::Query(body) => self.ask(Kind::Query, body, item.span),
                ItemKind::Constraint(body) => {
                    self.ask(Kind::Constraint { message: message.clone() }, body, item.span);
                }
                ItemKind::Retraction(fact) => self.diagnostics.push(retraction(fact, item)),
                ItemKind::Fact(_)
                | ItemKind::Relation(_)
                | ItemKind::Type(_)
                | ItemKind::Functor(_)
                | ItemKind::Lattice(_)
                | ItemKind::Io(_)
                | ItemKind::Pragma(_)
                | ItemKind::Component(_)
                | ItemKind::Instance(_)
                | ItemKind::Include(_) => {}
                ItemKind::Override(name) => self.diagnostics.push(outside(name)),
                ItemKind::Subsumption(subsumption) => self.subsumption(subsumption, item.span),
            }
        }
    }

    fn rule(&mut self, head: &syntax::Atom, body: &[syntax::Literal], orders: &[JoinOrder], span: Span) {
        let Some(relation) = self.schema.names.get(&head.name.text).copied() else { return };
        arity_fits(relation, head, &self.schema, &mut self.diagnostics);
        self.schema.relations[relation].derived = true;
        let clause = WrittenClause { kind: Kind::Rule, head: relation, args: &head.args, body, span };
        let clause = self.lower(clause);
        if !orders.is_empty() {
            self.ordered.push(Ordered { clause: self.clauses.len(), orders: orders.to_vec() });
        }
        self.clauses.push(clause);
    }

    /// A query or a constraint: a rule for a relation of its own, with a column for each variable.
    pub(super) fn ask(&mut self, kind: Kind, body: &[syntax::Literal], span: Span) {
        let (role, mark) = match kind {
            Kind::Constraint { .. } => (Role::Constraint, ":-"),
            Kind::Query | Kind::Rule | Kind::Subsumption(_) => (Role::Query, "?-"),
        };
        let number = self.schema.relations.iter().filter(|relation| relation.role == role).count() + 1;
        let hidden = Relation { span: Some(span), ..Relation::new(format!("{mark}{number}"), role) };
        let relation = self.schema.relations.push(hidden);
        match &kind {
            Kind::Constraint { message } => {
                self.constraints.push(Constraint { relation, message: message.clone(), span });
            }
            Kind::Query | Kind::Rule | Kind::Subsumption(_) => self.queries.push(Query { relation, span }),
        }
        let mut clause = self.lower(WrittenClause { kind, head: relation, args: &[], body, span });
        let shown = clause
            .variables
            .enumerate()
            .filter(|(_, variable)| variable.origin == Origin::Clause && !variable.name.starts_with('_'))
            .filter(|(_, variable)| !desugar::is_made(&variable.name));
        let mut columns = Vec::new();
        for (id, variable) in shown {
            clause.args.push(Term { kind: TermKind::Variable(id), span: variable.span });
            let slot = Slot::Open(variable.node);
            columns.push(ColumnDraft { name: variable.name.clone(), slot, subtype: None, declared: false });
        }
        self.schema.relations[relation].columns = Some(columns);
        self.clauses.push(clause);
    }

    pub(super) fn lower(&mut self, clause: WrittenClause<'_>) -> Clause {
        let mut workshop = Workshop {
            schema: &mut self.schema,
            inference: &mut self.inference,
            unknown: &mut self.unknown,
            diagnostics: &mut self.diagnostics,
        };
        lower(clause, &mut workshop)
    }

    fn directives(&mut self, asts: &[Ast]) {
        for item in asts.iter().flat_map(|ast| &ast.items) {
            if let ItemKind::Io(written) = &item.kind {
                let found =
                    directives::check(written, item.span, &self.schema, &mut self.unknown, &mut self.diagnostics);
                self.directives.extend(found);
            }
        }
        directives::repeated(&self.directives, &self.schema, &mut self.diagnostics);
    }

    /// Every check of a whole program that needs all of its clauses.
    fn ask_everything(&mut self) -> Vec<Group> {
        self.ask_clauses();
        let groups = strata(&self.clauses, &self.schema, &mut self.diagnostics);
        join_orders::check(&self.ordered, &self.clauses, &groups, &mut self.diagnostics);
        filled::check(&self.schema, &mut self.diagnostics);
        let errors = Errors::among(&self.diagnostics);
        for clause in &self.clauses {
            if !errors.within(clause.span) {
                unused::check(clause, &mut self.diagnostics);
            }
        }
        groups
    }

    /// Every check that needs no more than a clause and the schema.
    pub(super) fn ask_clauses(&mut self) {
        self.unknown.report(&self.schema, &mut self.diagnostics);
        for clause in &self.clauses {
            constrain::constrain(clause, &self.schema, &mut self.inference);
        }
        choose(&mut self.inference, &mut self.diagnostics);
        for clash in &self.inference.clashes {
            self.diagnostics.push(clashes::message(clash, &self.schema));
        }
        for mixed in &self.inference.mixed {
            self.diagnostics.push(records::mixed(mixed, &self.schema.subtypes.records));
        }
        for clause in &self.clauses {
            safety::check(clause, &self.schema, &mut self.diagnostics);
            chains::check(clause, &self.schema, &mut self.diagnostics);
        }
    }

    fn finish(mut self, drafts: &[facts::Draft<'_>], groups: Vec<Group>, diagnostics: &mut Vec<Diagnostic>) -> Program {
        let types = finish::column_types(&self.schema, &mut self.inference);
        let facts = drafts.iter().map(|draft| facts::finish(*draft, &types, &self.inference, diagnostics)).collect();
        let mut program = Program {
            dialect: self.schema.dialect,
            relations: IdVec::new(),
            rules: IdVec::new(),
            strata: IdVec::new(),
            facts: Facts(Arc::new(facts)),
            queries: self.queries,
            constraints: self.constraints,
            directives: self.directives,
            names: self.schema.names,
            subtypes: self.schema.subtypes,
            functors: self.schema.functors,
            lattices: self.schema.lattices,
        };
        for relation in take(&mut self.schema.relations) {
            program.relations.push(finish::relation(relation, &mut self.inference));
        }
        for clause in &self.clauses {
            add_rule(clause, &mut program, &mut self.inference, diagnostics);
        }
        for group in groups {
            add_stratum(group, &mut program);
        }
        program
    }
}

/// The items of a vector, by value.
pub(super) fn take<I: Id, T>(items: &mut IdVec<I, T>) -> impl Iterator<Item = T> {
    std::mem::take(items).into_items()
}

/// Enters a rule.
pub(super) fn add_rule(
    clause: &Clause,
    program: &mut Program,
    inference: &mut Inference,
    diagnostics: &mut Vec<Diagnostic>,
) -> RuleId {
    let rule = finish::rule(clause, inference, diagnostics);
    let id = program.rules.push(rule);
    program.relations[clause.head].rules.push(id);
    id
}

/// Enters a stratum, with the rules of its relations in the order they were written.
pub(super) fn add_stratum(group: Group, program: &mut Program) {
    let id = program.strata.next_id();
    let mut rules: Vec<RuleId> = Vec::new();
    for relation in &group.relations {
        program.relations[*relation].stratum = Some(id);
        rules.extend(&program.relations[*relation].rules);
    }
    rules.sort();
    let Group { relations, recursive } = group;
    let limits = if recursive { directives::size_limits(program, &relations) } else { Vec::new() };
    program.strata.push(Stratum { relations, rules, recursive, limits });
}

/// Complaints in the order of the text, each once; those about no place come last.
pub(super) fn in_order(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|one, other| {
        let key = |message: &Diagnostic| (message.span.is_none(), message.span, message.code);
        key(one).cmp(&key(other)).then_with(|| one.message.cmp(&other.message))
    });
    diagnostics.dedup();
}

fn outside(name: &Name) -> Diagnostic {
    Diagnostic::new(Code::BadOverride, name.span, "outside of a component there is nothing to override")
        .help(format!("drop the `.override`, or write it in a component that inherits `{}`", name.text))
}

fn retraction(fact: &syntax::Fact, item: &Item) -> Diagnostic {
    let name = &fact.atom.name.text;
    Diagnostic::new(Code::RetractionInFile, item.span, format!("a file cannot retract from `{name}`"))
        .label("a program says what is; only at the prompt does something cease to be")
        .help("delete the fact where it is written, or retract it by `--retract`")
}
