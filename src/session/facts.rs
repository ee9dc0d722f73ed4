//! The stored facts: what was loaded or told, apart from what follows from it.

use super::load::FilledTable;
use super::places::{Asked, Places};
use crate::check::{Fact, Loaded, Program, RelationId, Role};
use crate::data::{IdVec, Symbols, Value, Word};
use crate::eval::{Limits, Stopped};
use crate::explain::{Node, NodeId, Place, Proof, Via};
use crate::formats::{SoughtRow, Table};
use crate::store::{Relation, Rows, Store};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Stored facts and what they rest on.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// The rows of every relation of the program; those of `p@` are the citations of `p`.
    pub(super) store: Store,
    /// The facts of cited relations that were also said without a citation: it is a support of their own.
    uncited: BTreeMap<RelationId, Relation>,
    places: Places,
}

/// How much was new.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Added {
    pub(super) facts: usize,
    pub(super) citations: usize,
}

/// How much is gone: facts, and citations of facts that stayed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taken {
    pub(super) facts: usize,
    pub(super) citations: usize,
}

/// Rows to be added to relations, batch by batch.
#[derive(Default)]
struct Batches {
    rows: BTreeMap<RelationId, Rows>,
    uncited: BTreeMap<RelationId, Rows>,
}

impl Facts {
    /// The same facts under another program's ids. Relations are recognised by name.
    pub(super) fn moved(&self, from: &Program, to: &Program) -> Facts {
        let mut store: Store = to.relations.iter().map(|relation| Relation::new(relation.columns.len())).collect();
        let mut uncited = BTreeMap::new();
        for (old, described) in from.relations.enumerate().filter(|(_, relation)| relation.role != Role::Query) {
            let Some(new) = to.relations.enumerate().find(|(_, relation)| relation.name == described.name) else {
                continue;
            };
            store[new.0] = self.store[old].clone();
            let newly_cited = new.1.citations.is_some() && described.citations.is_none();
            if newly_cited {
                // Until now every fact of it was said without a citation.
                uncited.insert(new.0, self.store[old].clone());
            } else if let Some(rows) = self.uncited.get(&old) {
                uncited.insert(new.0, rows.clone());
            }
        }
        Facts { store, uncited, places: self.places.clone() }
    }

    /// Adds facts that were written as clauses and rows that were read from files. Returns how many facts, and how many
    /// citations of facts, are new.
    pub(super) fn add(
        &mut self,
        program: &Program,
        facts: &[Fact],
        tables: Vec<FilledTable>,
        symbols: &Symbols,
    ) -> Added {
        let mut batches = Batches::default();
        let mut written = Vec::with_capacity(facts.len());
        for fact in facts {
            let row: Vec<Word> = fact.row.iter().map(|value| Word::encode(value, symbols)).collect();
            let claims: Vec<Word> = fact.citations.iter().map(|claim| Word::encode(claim, symbols)).collect();
            batches.add(program, fact.relation, &row, &claims);
            let relation = &program.relations[fact.relation];
            written.push(self.places.written(&relation.name, &row, fact.span));
            for (citations, claim) in
                relation.citations.iter().flat_map(|it| claims.iter().map(move |claim| (it, claim)))
            {
                let cited = [&row[..], &[*claim]].concat();
                written.push(self.places.written(&program.relations[*citations].name, &cited, fact.span));
            }
        }
        self.places.add(written);
        for filled in tables {
            let relation = program.relation(&filled.relation).expect("a filled relation is part of the program");
            self.places.fill(filled.relation, filled.file);
            batches.add_table(program, relation, filled.table);
        }
        self.add_batches(program, batches)
    }

    fn add_batches(&mut self, program: &Program, batches: Batches) -> Added {
        for (relation, rows) in batches.uncited {
            let uncited = self.uncited.entry(relation).or_insert_with(|| Relation::new(rows.arity()));
            uncited.extend(rows);
        }
        let mut added = Added::default();
        for (relation, rows) in batches.rows {
            let fresh = self.store[relation].extend(rows);
            match program.relations[relation].role {
                Role::Named => added.facts += fresh,
                Role::Citations(_) => added.citations += fresh,
                Role::Query | Role::Constraint | Role::Auxiliary | Role::CameUp(_) | Role::GivingWay(_) => {
                    panic!("only named relations and their citations have stored rows")
                }
            }
        }
        added
    }

    /// Adds one fact, or one citation with the fact that cites it.
    pub(super) fn insert(&mut self, program: &Program, relation: RelationId, row: &[Word]) {
        let mut batches = Batches::default();
        match (program.relations[relation].role, row.split_last()) {
            (Role::Citations(of), Some((claim, fact))) => batches.add(program, of, fact, &[*claim]),
            _ => batches.add(program, relation, row, &[]),
        }
        self.add_batches(program, batches);
    }

    /// Takes facts away with all their citations. Returns how many were there.
    pub(super) fn remove(&mut self, program: &Program, relation: RelationId, rows: &[Vec<Word>]) -> usize {
        let arity = program.relations[relation].columns.len();
        let batch = batch(arity, rows);
        if let Some(citations) = program.relations[relation].citations {
            let cited: Vec<Vec<Word>> = rows.iter().flat_map(|row| self.citation_rows(citations, row)).collect();
            self.forget(program, citations, &cited);
            self.store[citations].remove(self::batch(arity + 1, &cited));
        }
        self.forget(program, relation, rows);
        if let Some(uncited) = self.uncited.get_mut(&relation) {
            uncited.remove(batch.clone());
        }
        self.store[relation].remove(batch)
    }

    /// Takes one citation of a fact away, and the fact if that was its last support. Returns whether it was there.
    pub(super) fn remove_citation(
        &mut self,
        program: &Program,
        relation: RelationId,
        row: &[Word],
        claim: Word,
    ) -> bool {
        let Some(citations) = program.relations[relation].citations else { return false };
        let cited = [[row, &[claim]].concat()];
        let removed = self.store[citations].remove(batch(row.len() + 1, &cited)) > 0;
        self.forget(program, citations, &cited);
        let supported = self.uncited.get(&relation).is_some_and(|uncited| uncited.contains(row));
        if removed && !supported && self.citation_rows(citations, row).is_empty() {
            let rows = [row.to_vec()];
            self.store[relation].remove(batch(row.len(), &rows));
            self.forget(program, relation, &rows);
        }
        removed
    }

    fn forget(&mut self, program: &Program, relation: RelationId, rows: &[Vec<Word>]) {
        let name = &program.relations[relation].name;
        self.places.forget(rows.iter().map(|row| self.places.key(name, row)).collect());
    }

    /// For each of some proofs, where each of its facts comes from, as far as that is known; nowhere for one that a rule
    /// derives. Data files are read again for it, once for all proofs.
    pub(super) fn places(
        &self,
        program: &Program,
        proofs: &[Proof],
        symbols: &Symbols,
        limits: &Limits,
    ) -> Result<Vec<IdVec<NodeId, Option<Place>>>, Stopped> {
        let is_stored = |node: &&Node| matches!(node.via, Via::Stored { .. });
        let stored = proofs.iter().flat_map(|proof| proof.nodes.iter().filter(is_stored));
        let asked: Vec<Asked<'_>> = stored.map(|node| self.asked(program, node, symbols)).collect();
        let mut found = self.places.find(&asked, symbols, limits)?.into_iter();
        let mut place = |node: &Node| is_stored(&node).then(|| found.next().flatten()).flatten();
        Ok(proofs.iter().map(|proof| proof.nodes.iter().map(&mut place).collect()).collect())
    }

    fn asked<'a>(&self, program: &'a Program, node: &Node, symbols: &Symbols) -> Asked<'a> {
        let table = symbols.read();
        let word = |value: &Value| Word::find(value, &table).expect("a stored value is known");
        let relation = &program.relations[node.relation];
        let mut words: Vec<Word> = node.row.iter().map(word).collect();
        let key = self.places.key(&relation.name, &words);
        let (filled, claim) = match relation.role {
            Role::Citations(of) => (&program.relations[of], words.pop()),
            Role::Named | Role::Query | Role::Constraint | Role::Auxiliary | Role::CameUp(_) | Role::GivingWay(_) => {
                (relation, None)
            }
        };
        Asked { key, relation: &filled.name, row: SoughtRow { words, claim } }
    }

    /// Takes these claims away from under all facts, and the facts that rested on nothing else.
    pub(super) fn take_claims(&mut self, program: &Program, claims: &BTreeSet<Word>) -> Taken {
        let mut taken = Taken::default();
        for relation in program.named() {
            let Some(citations) = program.relations[relation].citations else { continue };
            let arity = program.relations[relation].columns.len();
            let mut gone: Vec<Vec<Word>> = Vec::new();
            self.store[citations].scan(&mut |rows| {
                let claim = rows.column(arity);
                gone.extend(
                    (0..rows.len()).filter(|row| claims.contains(&claim.get(*row))).map(|row| rows.row(row).collect()),
                );
                ControlFlow::Continue(())
            });
            if gone.is_empty() {
                continue;
            }
            self.store[citations].remove(batch(arity + 1, &gone));
            self.forget(program, citations, &gone);
            let lost =
                |row: &[Word]| !self.is_said_without(relation, row) && self.citation_rows(citations, row).is_empty();
            let rows: BTreeSet<&[Word]> = gone.iter().map(|row| &row[..arity]).collect();
            let lost: BTreeSet<&[Word]> = rows.into_iter().filter(|row| lost(row)).collect();
            taken.citations += gone.iter().filter(|row| !lost.contains(&row[..arity])).count();
            let lost: Vec<Vec<Word>> = lost.into_iter().map(<[Word]>::to_vec).collect();
            self.forget(program, relation, &lost);
            taken.facts += self.store[relation].remove(batch(arity, &lost));
        }
        taken
    }

    /// The claims that a stored fact rests on.
    pub(super) fn citations(&self, program: &Program, relation: RelationId, row: &[Word]) -> Vec<Word> {
        let rows = program.relations[relation].citations.map(|citations| self.citation_rows(citations, row));
        rows.into_iter().flatten().filter_map(|row| row.last().copied()).collect()
    }

    /// Whether a fact was said without a citation, whatever citations it has besides.
    pub(super) fn is_said_without(&self, relation: RelationId, row: &[Word]) -> bool {
        self.uncited.get(&relation).is_some_and(|uncited| uncited.contains(row))
    }

    /// The rows of a relation of citations that speak of one fact.
    fn citation_rows(&self, citations: RelationId, fact: &[Word]) -> Vec<Vec<Word>> {
        let rows = self.store[citations].starting_with(fact);
        (0..rows.len()).map(|row| rows.row(row).collect()).collect()
    }

    /// What the checker is told of the relations that have stored facts, or had: they and their types are known,
    /// whatever became of the texts that first named them. So a rule may go on to read what was retracted.
    pub(super) fn loaded(&self, program: &Program) -> Vec<Loaded> {
        let mut loaded = Vec::new();
        for id in program.named() {
            let relation = &program.relations[id];
            if relation.stored {
                loaded.push(Loaded {
                    name: relation.name.clone(),
                    columns: relation.columns.clone(),
                    cited: relation.citations.is_some(),
                    file: "the facts stored before".into(),
                });
            }
        }
        loaded
    }
}

impl Batches {
    fn add(&mut self, program: &Program, relation: RelationId, row: &[Word], claims: &[Word]) {
        let push = |rows: &mut BTreeMap<RelationId, Rows>, relation, row: &[Word]| {
            rows.entry(relation).or_insert_with(|| Rows::new(row.len())).push(row);
        };
        push(&mut self.rows, relation, row);
        match program.relations[relation].citations {
            Some(citations) => {
                claims.iter().for_each(|claim| push(&mut self.rows, citations, &[row, &[*claim]].concat()))
            }
            None => assert!(claims.is_empty(), "a relation with cited facts has a relation of citations"),
        }
        if claims.is_empty() && program.relations[relation].citations.is_some() {
            push(&mut self.uncited, relation, row);
        }
    }

    fn add_table(&mut self, program: &Program, relation: RelationId, table: Table) {
        if program.relations[relation].citations.is_none() {
            let rows = Rows::from_columns(table.columns, table.rows);
            match self.rows.entry(relation) {
                Entry::Vacant(entry) => {
                    entry.insert(rows);
                }
                Entry::Occupied(mut entry) => entry.get_mut().append(&rows),
            }
            return;
        }
        let mut citations = table.citations.iter().peekable();
        for row in 0..table.rows {
            let words: Vec<Word> = table.columns.iter().map(|column| column.get(row)).collect();
            let mut claims = Vec::new();
            while let Some(citation) = citations.next_if(|citation| citation.row == row) {
                claims.push(citation.claim);
            }
            self.add(program, relation, &words, &claims);
        }
    }
}

fn batch(arity: usize, rows: &[Vec<Word>]) -> Rows {
    let mut batch = Rows::new(arity);
    rows.iter().for_each(|row| batch.push(row));
    batch
}
