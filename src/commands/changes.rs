//! Changes to what is known, each told with what it did, and taken back by `.undo`.

use super::conversation::{After, Before, Conversation};
use crate::check::{self, Term};
use crate::console::{Exit, elapsed};
use crate::data::Value;
use crate::report::{Code, Diagnostic, count, grouped};
use crate::session::{Changed, Failure, NewRelation, Session};
use crate::syntax::{Ast, ItemKind, Spell};
use std::time::Duration;

impl Conversation {
    /// Adds clauses.
    pub(super) fn add(&mut self, ast: Ast) -> Result<(), Failure> {
        let before = self.session.clone();
        let (result, took) = self.work(|session| session.tell_ast(ast));
        let changed = result?;
        self.undumped |= self.session.layers().is_empty();
        self.report(before, &changed, took);
        Ok(())
    }

    /// Says what a change did, and remembers how to take it back.
    pub(super) fn report(&mut self, before: Session, changed: &Changed, took: Duration) {
        if !self.console.quiet {
            self.console.diagnostics(&self.session, &changed.warnings);
        }
        let done = done(changed).unwrap_or_else(|| "nothing new".into());
        self.console.remark(&format!("{done}{}{}{}", known(changed), held(changed), self.timed(took)));
        self.changed(before, undone(changed));
    }

    /// Takes facts or citations back.
    pub(super) fn retract(&mut self, ast: Ast) -> Result<(), Exit> {
        let before = self.session.clone();
        let (result, took) = self.work(|session| session.retract_ast(&ast));
        let changed = match result {
            Ok(changed) => changed,
            Err(failure) => return self.failed(failure),
        };
        self.report(before, &changed, took);
        if changed.facts_removed == 1 && self.console.manner.converses() {
            return self.tell_what_still_follows(&ast);
        }
        Ok(())
    }

    /// A fact that is no longer stored may follow from a rule.
    fn tell_what_still_follows(&mut self, ast: &Ast) -> Result<(), Exit> {
        for item in &ast.items {
            let ItemKind::Retraction(fact) = &item.kind else { continue };
            let Ok(retraction) = check::pattern(self.session.program(), fact) else { continue };
            let values: Option<Vec<Value>> = retraction.args.iter().map(constant).collect();
            let Some(row) = values else { continue };
            let (found, _) = self.work(|session| session.follows_by(retraction.relation, &row));
            match found {
                Ok(Some(span)) => {
                    let place = self.session.sources().place(span);
                    let atom = fact.atom.within(self.session.program().dialect);
                    self.console.remark(&format!("`{atom}` still follows, by the rule at {place}"));
                }
                Ok(None) => {}
                Err(failure) => self.failed(failure)?,
            }
        }
        Ok(())
    }

    /// `.undo`
    pub(super) fn undo(&mut self, _: &str) -> Result<After, Exit> {
        match self.before.pop() {
            Some(Before { session, undoing }) => {
                self.session.go_back(session);
                self.console.remark(&undoing);
                Ok(After::GoOn)
            }
            None => self.refuse(Diagnostic::bare(Code::CommandUsage, "nothing was changed that could be taken back")),
        }
    }

    /// `.remove N`
    pub(super) fn remove(&mut self, args: &str) -> Result<After, Exit> {
        let Ok(number) = args.trim().parse::<usize>() else {
            return self.misused("remove", "give the number of a rule, as `.rules` shows it");
        };
        let before = self.session.clone();
        let (result, took) = self.work(|session| session.remove_rule(number));
        match result {
            Ok(changed) => {
                self.report(before, &changed, took);
                Ok(After::GoOn)
            }
            Err(failure) => self.failed(failure).map(|()| After::GoOn),
        }
    }

    /// ` · 4 ms`, where times are wanted.
    pub(super) fn timed(&self, took: Duration) -> String {
        if self.settings.timer { format!(" · {}", elapsed(took)) } else { String::new() }
    }
}

fn constant(term: &Term) -> Option<Value> {
    match term {
        Term::Constant(value) => Some(value.clone()),
        Term::Variable(_) | Term::Wildcard | Term::Call { .. } => None,
    }
}

/// ` · reach/2 (X: symbol, Y: symbol)`, for each relation that was not known before, if they are few
pub(super) fn known(changed: &Changed) -> String {
    if changed.new_relations.len() <= 3 {
        changed.new_relations.iter().map(|new| format!(" · {}", described(new))).collect()
    } else {
        format!(" · {}", count(changed.new_relations.len(), "new relation"))
    }
}

/// `reach/2 (X: symbol, Y: symbol)`
fn described(new: &NewRelation) -> String {
    let columns: Vec<String> =
        new.columns.iter().map(|column| format!("{}: {}", column.name, column.ty.name())).collect();
    let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
    format!("{}/{}{columns}", new.name, new.columns.len())
}

/// ` · 4 in reach`, where one relation that was known before has more or fewer facts.
fn held(changed: &Changed) -> String {
    match &changed.stored[..] {
        [stored] if changed.new_relations.iter().all(|new| new.name != stored.relation) => {
            format!(" · {} in {}", grouped(stored.rows), stored.relation)
        }
        _ => String::new(),
    }
}

/// "added 1 fact, 2 rules", if anything is new
pub(super) fn done(changed: &Changed) -> Option<String> {
    let added = counted(&added(changed));
    let removed = counted(&removed(changed));
    let told = [("added", added), ("removed", removed)];
    let told: Vec<String> = told.into_iter().filter_map(|(verb, what)| Some(format!("{verb} {}", what?))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// The same, taken back.
pub(super) fn undone(changed: &Changed) -> String {
    let told = [("removed", counted(&added(changed))), ("restored", counted(&removed(changed)))];
    let told: Vec<String> = told.into_iter().filter_map(|(verb, what)| Some(format!("{verb} {}", what?))).collect();
    if told.is_empty() { "nothing had changed".into() } else { told.join("; ") }
}

fn added(changed: &Changed) -> Vec<(usize, &'static str)> {
    let citations = if changed.facts_added == 0 { changed.citations_added } else { 0 };
    vec![
        (changed.facts_added, "fact"),
        (citations, "citation"),
        (changed.rules_added, "rule"),
        (changed.constraints_added, "constraint"),
        (if changed.facts_added + changed.rules_added == 0 { changed.new_relations.len() } else { 0 }, "relation"),
    ]
}

fn removed(changed: &Changed) -> Vec<(usize, &'static str)> {
    vec![(changed.facts_removed, "fact"), (changed.citations_removed, "citation"), (changed.rules_removed, "rule")]
}

fn counted(parts: &[(usize, &str)]) -> Option<String> {
    let told: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(*number, noun)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}
