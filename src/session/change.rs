//! Changing what is known: loading files, telling clauses, taking facts back.
//!
//! Each of these is all-or-nothing: the new program is checked and the new facts are in place before any of it is
//! part of the session. What was derived from parts that did not change is kept.

use super::assumed::Assumed;
use super::carry::{Ground, carry};
use super::facts::Facts;
use super::load::{self, Draft, Input, LoadOptions};
use super::{Failure, Session};
use crate::check::{self, Column, Facts as WrittenFacts, Loaded, Program, Retraction, Role, Term};
use crate::data::{Id, Word};
use crate::report::{Code, Diagnostic};
use crate::store::Rows;
use crate::syntax::{self, Ast, ItemKind};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What a change did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// Facts that are new.
    pub facts_added: usize,
    /// Facts that are gone.
    pub facts_removed: usize,
    /// Citations that are gone from facts that stayed.
    pub citations_removed: usize,
    /// Citations that facts gained, those of new facts included.
    pub citations_added: usize,
    /// Rules that are new.
    pub rules_added: usize,
    /// Rules that are gone.
    pub rules_removed: usize,
    /// Constraints that are new.
    pub constraints_added: usize,
    /// Relations that were not known before, in the order of their first mention.
    pub new_relations: Vec<NewRelation>,
    /// Relations that have more or fewer stored facts now.
    pub stored: Vec<StoredRows>,
    /// What is worth a look.
    pub warnings: Vec<Diagnostic>,
}

/// How many facts of a relation are stored after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRows {
    /// The relation's name.
    pub relation: String,
    /// The facts.
    pub rows: usize,
}

impl Changed {
    /// Adds what a further change did.
    pub(super) fn add(&mut self, later: Changed) {
        self.facts_added += later.facts_added;
        self.facts_removed += later.facts_removed;
        self.citations_removed += later.citations_removed;
        self.citations_added += later.citations_added;
        self.rules_added += later.rules_added;
        self.rules_removed += later.rules_removed;
        self.constraints_added += later.constraints_added;
        self.new_relations.extend(later.new_relations);
        self.stored.retain(|stored| later.stored.iter().all(|other| other.relation != stored.relation));
        self.stored.extend(later.stored);
        self.warnings.extend(later.warnings);
    }
}

/// A relation that a change made known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelation {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

impl Session {
    /// Loads files, folders and texts.
    pub fn load(&mut self, inputs: &[Input], options: &LoadOptions) -> Result<Changed, Failure> {
        let sources = self.sources.clone();
        let (draft, read) = load::read(inputs, &self.programs, sources, options, &self.symbols, &self.limits);
        // Spans of what is reported lie in the sources that were read.
        self.sources = draft.sources.clone();
        let mut diagnostics = read?;
        if diagnostics.iter().any(Diagnostic::is_error) {
            // A program that does not read may not declare what the rest of it uses, so it is not checked further.
            diagnostics.retain(Diagnostic::is_error);
            return Err(Failure::Diagnostics(diagnostics));
        }
        self.options = options.clone();
        let names: Vec<String> = inputs.iter().map(Input::name).collect();
        self.adopt(draft, Origin::Files(&names.join(" ")))
    }

    /// Adds clauses: the text of facts, rules, constraints and declarations.
    pub fn tell(&mut self, name: &str, text: &str) -> Result<Changed, Failure> {
        let source = self.sources.add(name, text);
        let (ast, diagnostics) = syntax::parse_in(self.options.dialect, source, text);
        if !diagnostics.is_empty() {
            return Err(Failure::Diagnostics(diagnostics));
        }
        self.tell_ast(ast)
    }

    /// Adds facts, and nothing but facts.
    pub fn assert(&mut self, name: &str, text: &str) -> Result<Changed, Failure> {
        let source = self.sources.add(name, text);
        let (ast, diagnostics) = syntax::parse_in(self.options.dialect, source, text);
        if !diagnostics.is_empty() {
            return Err(Failure::Diagnostics(diagnostics));
        }
        if let Some(item) = ast.items.iter().find(|item| !matches!(item.kind, ItemKind::Fact(_))) {
            let diagnostic = Diagnostic::new(Code::NotAFact, item.span, "this is not a fact");
            return Err(diagnostic.label("expected a fact").help("write `p(a)` or `p(a) @ c1`").into());
        }
        self.tell_ast(ast)
    }

    /// Adds the clauses of a tree.
    pub fn tell_ast(&mut self, ast: Ast) -> Result<Changed, Failure> {
        let sources = self.sources.clone();
        let draft = Draft { sources, programs: vec![ast], tables: Vec::new(), read: Default::default() };
        self.adopt(draft, Origin::Statements)
    }

    /// Checks what was read together with what is known, and makes it part of the session.
    fn adopt(&mut self, draft: Draft, origin: Origin<'_>) -> Result<Changed, Failure> {
        let mut loaded: Vec<Loaded> = self.facts.loaded(&self.program);
        loaded.extend(load::loaded(&draft.tables));
        let mut programs = self.programs.to_vec();
        let mut new = draft.programs;
        let mistakes = check::instantiate(&programs, &mut new);
        if !mistakes.is_empty() {
            return Err(Failure::Diagnostics(mistakes));
        }
        programs.extend(new);
        let (program, diagnostics) = check::check(self.options.dialect, &self.options.libraries, &programs, &loaded);
        let Some(mut program) = program else {
            return Err(Failure::Diagnostics(diagnostics));
        };
        let mut facts = self.facts.moved(&self.program, &program);
        let new_facts: WrittenFacts = std::mem::take(&mut program.facts);
        let new_programs = &programs[self.programs.len()..];
        if let Origin::Statements = origin {
            new_programs.iter().for_each(|ast| self.told.add(ast, &program, &new_facts));
        }
        let assumed = match origin {
            Origin::Files(_) | Origin::Statements if self.layers.is_empty() => Vec::new(),
            Origin::Files(name) => {
                vec![Assumed::load(name, new_programs, &program, &new_facts, draft.tables.clone())]
            }
            Origin::Statements => Assumed::statements(new_programs, &program, &new_facts),
        };
        let added = facts.add(&program, &new_facts, draft.tables, &self.symbols);
        self.sources = draft.sources;
        self.read.extend(draft.read);
        let programs = programs.into_iter().map(without_facts).collect();
        let changed = self.replace(programs, program, facts, diagnostics);
        self.record(assumed);
        Ok(Changed { facts_added: added.facts, citations_added: added.citations, ..changed })
    }

    /// Puts a checked program and its facts in the place of what was there.
    pub(super) fn replace(
        &mut self,
        programs: Vec<Ast>,
        program: Program,
        facts: Facts,
        warnings: Vec<Diagnostic>,
    ) -> Changed {
        let from = Ground { program: &self.program, facts: &self.facts };
        let to = Ground { program: &program, facts: &facts };
        let (before, after) = (rule_count(from.program), rule_count(to.program));
        let is_new = |name: &str| self.program.relation(name).is_none();
        let described =
            |relation: &check::Relation| NewRelation { name: relation.name.clone(), columns: relation.columns.clone() };
        let named = program.named().map(|relation| &program.relations[relation]);
        let told = |warning: &Diagnostic| (warning.code, warning.span, warning.message.clone());
        let said: HashSet<_> = self.warnings.iter().map(told).collect();
        let changed = Changed {
            rules_added: after.saturating_sub(before),
            rules_removed: before.saturating_sub(after),
            constraints_added: program.constraints.len().saturating_sub(self.program.constraints.len()),
            new_relations: named.filter(|relation| is_new(&relation.name)).map(described).collect(),
            stored: stored(from, to),
            warnings: warnings.iter().filter(|warning| !said.contains(&told(warning))).cloned().collect(),
            ..Changed::default()
        };
        self.model = carry(&self.model, from, to);
        self.warnings = Arc::new(warnings);
        self.programs = Arc::new(programs);
        self.program = Arc::new(program);
        self.facts = facts;
        changed
    }

    /// Takes back what a text names: `q(b)`, `q(b, X)` for every match, `q(b) @ c1` for one citation.
    pub fn retract(&mut self, name: &str, text: &str) -> Result<Changed, Failure> {
        let (named, comments) = text.split_at(syntax::end_of_words(self.options.dialect, text));
        let statement = format!("{}~{comments}", named.trim_start().trim_end_matches(['.', '~']));
        let source = self.sources.add(name, statement.clone());
        let (ast, diagnostics) = syntax::parse_in(self.options.dialect, source, &statement);
        if !diagnostics.is_empty() {
            return Err(Failure::Diagnostics(diagnostics));
        }
        self.retract_ast(&ast)
    }

    /// Takes back what the retractions of a tree name.
    pub fn retract_ast(&mut self, ast: &Ast) -> Result<Changed, Failure> {
        let mut facts = self.facts.clone();
        let (mut changed, mut assumed) = (Changed::default(), Vec::new());
        for item in &ast.items {
            let ItemKind::Retraction(written) = &item.kind else {
                let diagnostic = Diagnostic::new(Code::NotAFact, item.span, "this is not a retraction");
                return Err(diagnostic.label("expected a fact").help("write `p(a)~`").into());
            };
            let retraction = check::pattern(&self.program, written).map_err(Failure::Diagnostics)?;
            let before = (changed.facts_removed, changed.citations_removed);
            self.take_back(&retraction, &mut facts, &mut changed);
            if before == (changed.facts_removed, changed.citations_removed) {
                let message = format!("no stored fact is `{}`", self.sources.slice(written.atom.span));
                let diagnostic =
                    Diagnostic::new(Code::NothingToRetract, item.span, message).label("nothing to take back");
                return Err(self.why_not_stored(&retraction, diagnostic).into());
            }
            assumed.push(Assumed::retraction(item, written, self.program.dialect));
        }
        changed.stored = self.replace_facts(facts);
        self.record(assumed);
        Ok(changed)
    }

    /// Puts other facts in the place of those that are stored. Returns which relations have more or fewer.
    pub(super) fn replace_facts(&mut self, facts: Facts) -> Vec<StoredRows> {
        let from = Ground { program: &self.program, facts: &self.facts };
        let to = Ground { program: &self.program, facts: &facts };
        let stored = stored(from, to);
        self.model = carry(&self.model, from, to);
        self.facts = facts;
        stored
    }

    pub(super) fn take_back(&self, retraction: &Retraction, facts: &mut Facts, changed: &mut Changed) {
        let matches = self.matching(retraction, facts);
        if retraction.citations.is_empty() {
            changed.facts_removed += facts.remove(&self.program, retraction.relation, &matches);
            return;
        }
        for row in matches {
            for claim in &retraction.citations {
                let Some(claim) = Word::find(claim, &self.symbols.read()) else { continue };
                let removed = facts.remove_citation(&self.program, retraction.relation, &row, claim);
                changed.citations_removed += usize::from(removed);
            }
            changed.facts_removed += usize::from(!facts.store[retraction.relation].contains(&row));
        }
    }

    /// The stored rows that a pattern matches.
    fn matching(&self, retraction: &Retraction, facts: &Facts) -> Vec<Vec<Word>> {
        let table = self.symbols.read();
        let mut first: Vec<Option<usize>> = vec![None; retraction.variables.len()];
        let wanted = retraction.args.iter().enumerate().map(|(at, arg)| match arg {
            Term::Constant(value) => Some(Wanted::Word(Word::find(value, &table)?)),
            Term::Variable(var) => Some(Wanted::SameAs(*first[var.index()].get_or_insert(at))),
            Term::Wildcard => Some(Wanted::Any),
            Term::Call { .. } => panic!("a pattern holds no expressions"),
        });
        // A symbol that was never seen is in no fact.
        let Some(wanted) = wanted.collect::<Option<Vec<Wanted>>>() else { return Vec::new() };
        let matches = |rows: &Rows, row: usize| {
            wanted.iter().enumerate().all(|(column, wanted)| match wanted {
                Wanted::Word(value) => *value == rows.column(column).get(row),
                Wanted::Any => true,
                Wanted::SameAs(first) => rows.column(*first).get(row) == rows.column(column).get(row),
            })
        };
        let mut found = Vec::new();
        facts.store[retraction.relation].scan(&mut |rows| {
            found.extend((0..rows.len()).filter(|row| matches(rows, *row)).map(|row| rows.row(row).collect()));
            ControlFlow::Continue(())
        });
        found
    }

    /// A fact that is not stored may still follow from rules.
    fn why_not_stored(&self, retraction: &Retraction, diagnostic: Diagnostic) -> Diagnostic {
        let relation = &self.program.relations[retraction.relation];
        if relation.rules.is_empty() || relation.role != Role::Named {
            return diagnostic.help(format!("ask `{}(…)?` for what is there", relation.name));
        }
        diagnostic.help(format!("`{}` is derived by rules: retract what they rest on instead", relation.name))
    }
}

/// The relations that have more or fewer facts than before.
fn stored(from: Ground<'_>, to: Ground<'_>) -> Vec<StoredRows> {
    let before = |name: &str| from.program.relation(name).map_or(0, |relation| from.facts.store[relation].len());
    let named = to.program.named().map(|id| (&to.program.relations[id].name, to.facts.store[id].len()));
    let changed = named.filter(|(name, rows)| before(name) != *rows);
    changed.map(|(name, rows)| StoredRows { relation: name.clone(), rows }).collect()
}

/// Where a change comes from.
#[derive(Clone, Copy)]
enum Origin<'a> {
    /// Files, by what they are called.
    Files(&'a str),
    Statements,
}

/// The rules of relations that a user can name.
fn rule_count(program: &Program) -> usize {
    program.named().map(|relation| program.relations[relation].rules.len()).sum()
}

enum Wanted {
    Word(Word),
    Any,
    SameAs(usize),
}

/// A program without the facts it states, which are stored. A fact with arguments to compute is a rule.
pub(super) fn without_facts(mut ast: Ast) -> Ast {
    ast.items.retain(|item| match &item.kind {
        ItemKind::Fact(fact) => !is_stored(fact),
        _ => true,
    });
    ast
}

/// Whether a fact is stored as it is written; one with arguments to compute is derived.
pub(super) fn is_stored(fact: &syntax::Fact) -> bool {
    fact.atom.args.iter().all(syntax::Term::is_ground)
}
