//! Facts and rules as clauses that can be loaded again.
//!
//! Promise: what is written of everything, loaded into a new session, gives the same facts with the same citations,
//! and the same rules.

use super::Session;
use crate::check::{RelationId, Role, written};
use crate::data::{Value, Word};
use crate::formats::Row;
use crate::syntax::{Fact, Item, ItemKind, Spell};
use indexmap::IndexMap;
use std::io::{self, Write};

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dump {
    /// What was told statement by statement and still stands.
    Told,
    /// Everything that is stored, and every rule.
    All,
}

impl Session {
    /// Writes declarations, then facts, then rules and constraints.
    pub fn dump(&self, what: Dump, out: &mut dyn Write) -> io::Result<()> {
        let items = || self.programs.iter().flat_map(|ast| &ast.items).filter(|item| self.dumps(item, what));
        let declares = |item: &&Item| {
            matches!(
                item.kind,
                ItemKind::Relation(_)
                    | ItemKind::Type(_)
                    | ItemKind::Functor(_)
                    | ItemKind::Lattice(_)
                    | ItemKind::Pragma(_)
            ) || matches!(item.kind, ItemKind::Component(_) | ItemKind::Instance(_))
        };
        for item in items().filter(declares) {
            writeln!(out, "{}", item.within(self.program.dialect))?;
        }
        match what {
            Dump::Told => self.dump_told(out)?,
            Dump::All => self.dump_stored(out)?,
        }
        for item in items().filter(|item| !declares(item)) {
            writeln!(out, "{}", item.within(self.program.dialect))?;
        }
        Ok(())
    }

    /// Whether anything told still stands.
    pub fn has_told(&self) -> bool {
        let items = || self.programs.iter().flat_map(|ast| &ast.items);
        items().any(|item| self.dumps(item, Dump::Told)) || self.standing_facts().next().is_some()
    }

    fn dumps(&self, item: &Item, what: Dump) -> bool {
        let wanted = what == Dump::All || self.told.said_in(item.span.source);
        wanted
            && match &item.kind {
                ItemKind::Relation(_) | ItemKind::Type(_) | ItemKind::Rule(_) | ItemKind::Constraint(_) => true,
                ItemKind::Subsumption(_) | ItemKind::Functor(_) | ItemKind::Lattice(_) | ItemKind::Component(_) => true,
                ItemKind::Instance(_) | ItemKind::Override(_) | ItemKind::Pragma(_) => true,
                // One whose arguments are computed; the others are stored.
                ItemKind::Fact(_) => true,
                ItemKind::Query(_) | ItemKind::Retraction(_) | ItemKind::Io(_) | ItemKind::Include(_) => false,
            }
    }

    /// The told facts that are still stored, with those of their citations that are.
    fn standing_facts(&self) -> impl Iterator<Item = (RelationId, Row)> + '_ {
        self.told.facts().filter_map(|fact| {
            let relation = self.program.relation(&fact.relation)?;
            let words = self.words_of(&fact.row)?;
            let stored = self.facts.citations(&self.program, relation, &words);
            let table = self.symbols.read();
            let stands = |claim: &Value| Word::find(claim, &table).is_some_and(|word| stored.contains(&word));
            let citations: Vec<Value> = fact.citations.iter().filter(|claim| stands(claim)).cloned().collect();
            let lost = citations.is_empty() && !fact.citations.is_empty();
            let there = !lost && self.facts.store[relation].contains(&words);
            there.then(|| (relation, Row { values: fact.row.clone(), citations }))
        })
    }

    fn dump_told(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut by_relation: IndexMap<RelationId, Vec<Row>> = IndexMap::new();
        for (relation, row) in self.standing_facts() {
            let rows = by_relation.entry(relation).or_default();
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        for (relation, rows) in by_relation {
            self.write_facts(relation, &mut rows.into_iter(), out)?;
        }
        Ok(())
    }

    fn dump_stored(&self, out: &mut dyn Write) -> io::Result<()> {
        for relation in self.program.named() {
            let stored = self.stored_rows(relation);
            if self.needs_declaration(relation, stored.is_empty()) {
                writeln!(out, ".decl {}", self.declaration(relation))?;
            }
            let mut rows = stored.rows(&self.symbols).enumerate().flat_map(|(at, values)| {
                let words = stored.words(at);
                let citations = self.citations(relation, words);
                let said_too = !citations.is_empty() && self.facts.is_said_without(relation, words);
                let alone = said_too.then(|| Row { values: values.clone(), citations: Vec::new() });
                alone.into_iter().chain([Row { values, citations }])
            });
            self.write_facts(relation, &mut rows, out)?;
        }
        Ok(())
    }

    /// Whether a relation that nobody declared is better told of: its columns have names, and it may have no facts that show
    /// that it exists. But a declaration also promises that its values belong to no subtype, so facts speak for themselves
    /// where there are subtypes.
    fn needs_declaration(&self, relation: RelationId, is_empty: bool) -> bool {
        let described = &self.program.relations[relation];
        described.stored && !described.declared && (is_empty || !self.program.has_subtypes())
    }

    fn write_facts(
        &self,
        relation: RelationId,
        rows: &mut dyn Iterator<Item = Row>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for Row { values, citations } in rows {
            let constants = |values: Vec<Value>| values.into_iter().map(written::constant).collect();
            let fact = Fact {
                atom: written::atom(&self.program, relation, constants(values)),
                citations: constants(citations),
            };
            writeln!(out, "{}.", fact.within(self.program.dialect))?;
        }
        Ok(())
    }

    /// `edge(x: number, y: number)`: a relation as a `.decl` would say it.
    pub fn declaration(&self, relation: RelationId) -> String {
        let relation = &self.program.relations[relation];
        let column = |column: &crate::check::Column| {
            format!("{}: {}", column.name, column.subtype.as_deref().unwrap_or(column.ty.name()))
        };
        let columns: Vec<String> = relation.columns.iter().map(column).collect();
        let equivalence = if relation.is_equivalence { self.program.dialect.equivalence() } else { "" };
        format!("{}({}) {equivalence}", relation.name, columns.join(", ")).trim_end().to_owned()
    }

    /// The text of a relation's schema: its doc comment, and its `.decl`, written or as it would be.
    pub fn schema(&self, relation: RelationId) -> String {
        let described = &self.program.relations[relation];
        debug_assert_eq!(described.role, Role::Named, "only relations with a name have a schema to show");
        let doc =
            described.doc.iter().flat_map(|doc| doc.lines()).map(|line| format!("/// {line}").trim_end().to_owned());
        let lines: Vec<String> = doc.chain([format!(".decl {}", self.declaration(relation))]).collect();
        lines.join("\n")
    }

    /// The words of a row, if all its symbols are known.
    pub(super) fn words_of(&self, row: &[Value]) -> Option<Vec<Word>> {
        let table = self.symbols.read();
        row.iter().map(|value| Word::find(value, &table)).collect()
    }
}
