//! Which rows of a relation are kept while it grows?
//!
//! In: the qualifiers of a `.decl`, and subsumptions. Out: groups of columns of which each value is chosen once, and
//! rules that derive a row with the one that it gives way to; or a message about what cannot be kept up like this.

use super::draft::{Clause, Kind};
use super::lower::WrittenClause;
use super::names::arity_fits;
use super::schema::{ColumnDraft, Relation, Schema};
use super::whole::Draft;
use super::{Keeps, RelationId, Role, Upkeep};
use crate::report::{Code, Diagnostic, Span, nearest};
use crate::syntax::{
    Atom, Literal, LiteralKind, Name, Qualifier, QualifierKind, RelationDecl, Subsumption, Term, TermKind,
};

/// What a `.decl` says of the rows that are kept; nothing if all are.
pub(super) fn declared(decl: &RelationDecl, diagnostics: &mut Vec<Diagnostic>) -> Option<Keeps> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for Qualifier { kind, span } in &decl.qualifiers {
        let QualifierKind::Choice(written) = kind else { continue };
        for group in written {
            let mut columns = Vec::new();
            for name in group {
                match decl.columns.iter().position(|column| column.name.text == name.text) {
                    Some(column) => columns.push(column),
                    None => diagnostics.push(no_column(decl, name)),
                }
            }
            columns.sort_unstable();
            columns.dedup();
            if !groups.contains(&columns) {
                groups.push(columns);
            }
        }
        let is_equivalence = |other: &&Qualifier| matches!(other.kind, QualifierKind::Equivalence { .. });
        if let Some(other) = decl.qualifiers.iter().find(is_equivalence) {
            diagnostics.push(two_ways(
                &decl.name.text,
                *span,
                "some rows are left out here",
                other.span,
                "an equivalence",
            ));
        }
    }
    (!groups.is_empty()).then_some(Keeps::First(groups))
}

fn no_column(decl: &RelationDecl, name: &Name) -> Diagnostic {
    let message = format!("`{}` has no column `{}`", decl.name.text, name.text);
    let names = || decl.columns.iter().map(|column| column.name.text.as_str());
    let help = match nearest(&name.text, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if decl.columns.is_empty() => {
            "a relation without columns has at most one row: there is nothing to choose".into()
        }
        None => format!("its columns are {}", names().collect::<Vec<_>>().join(", ")),
    };
    Diagnostic::new(Code::BadUpkeep, name.span, message).label("no such column").help(help)
}

fn two_ways(name: &str, span: Span, label: &str, other: Span, also: &str) -> Diagnostic {
    Diagnostic::new(Code::BadUpkeep, span, format!("the rows of `{name}` cannot be kept in two ways at once"))
        .label(label)
        .also(other, also)
        .help("put one of the two on a relation of its own, derived from this one")
}

impl Draft {
    /// `p(X, A) <= p(X, B) :- A <= B.`: a rule that derives each row with the one that it gives way to.
    pub(super) fn subsumption(&mut self, written: &Subsumption, span: Span) {
        let Subsumption { lesser, greater, .. } = written;
        let Some(relation) = self.schema.names.get(&lesser.name.text).copied() else {
            return self.unknown.note(&lesser.name, lesser.args.len());
        };
        if greater.name.text != lesser.name.text {
            return self.diagnostics.push(other_relation(lesser, greater));
        }
        let fits = [lesser, greater].map(|atom| arity_fits(relation, atom, &self.schema, &mut self.diagnostics));
        if fits != [true; 2] {
            return;
        }
        let of = &self.schema.relations[relation];
        let already = match of.keeps() {
            Some(Keeps::First(_)) => Some("the first for each key stays"),
            Some(Keeps::Joined(_)) => Some("values are joined for each key"),
            Some(Keeps::Greatest) | None => None,
        };
        if let (Some(label), Some(declared)) = (already, of.span) {
            return self.diagnostics.push(two_ways(&of.name, span, "rows give way here", declared, label));
        }
        self.gives_way(relation, written, span);
    }

    /// The rule that derives each row with the one that it gives way to.
    pub(super) fn gives_way(&mut self, relation: RelationId, written: &Subsumption, span: Span) {
        let Subsumption { lesser, greater, body } = written;
        let pairs = keep(relation, Keeps::Greatest, &mut self.schema);
        let [lesser, greater] = [("lesser", lesser), ("greater", greater)].map(|(side, atom)| named(side, atom));
        let args: Vec<Term> = lesser.args.iter().chain(&greater.args).cloned().collect();
        let literal = |atom: Atom| Literal { span: atom.span, kind: LiteralKind::Atom(atom) };
        let body: Vec<Literal> = [lesser, greater].map(literal).into_iter().chain(body.iter().cloned()).collect();
        let kind = Kind::Subsumption(relation);
        let mut clause = self.lower(WrittenClause { kind, head: pairs, args: &args, body: &body, span });
        unname(&mut clause);
        self.clauses.push(clause);
    }
}

fn other_relation(lesser: &Atom, greater: &Atom) -> Diagnostic {
    let (one, other) = (&lesser.name.text, &greater.name.text);
    let message = format!("a row of `{one}` cannot give way to a row of `{other}`");
    Diagnostic::new(Code::BadUpkeep, greater.name.span, message)
        .label("rows give way to rows of their own relation")
        .also(lesser.name.span, "these would give way")
        .help(format!("name `{one}` on both sides of `<=`, and ask for `{other}` behind `:-`"))
}

/// Keeps up a relation from now on, if it is not kept up yet. Returns the relation of the rows that give way.
pub(super) fn keep(relation: RelationId, keeps: Keeps, schema: &mut Schema) -> RelationId {
    let of = &schema.relations[relation];
    if let Some(upkeep) = &of.upkeep {
        return upkeep.giving_way;
    }
    let columns = of.columns.clone().unwrap_or_default();
    let other = columns.iter().map(|column| ColumnDraft { name: format!("{}'", column.name), ..column.clone() });
    let both: Vec<ColumnDraft> = columns.iter().cloned().chain(other).collect();
    let span = of.span;
    let beside = |name: String, role, columns| Relation { span, columns: Some(columns), ..Relation::new(name, role) };
    let came_up = beside(format!("{}, of a time", of.name), Role::CameUp(relation), columns);
    let giving_way = beside(format!("{0} <= {0}", of.name), Role::GivingWay(relation), both);
    let (came_up, giving_way) = (schema.relations.push(came_up), schema.relations.push(giving_way));
    schema.relations[relation].upkeep = Some(Upkeep { keeps, came_up, giving_way });
    giving_way
}

/// What no text can name a variable.
const HIDDEN: char = ' ';

/// An atom in which each `_` has a name, so that it is the same variable in the head and in the body.
fn named(side: &str, atom: &Atom) -> Atom {
    let mut atom = atom.clone();
    let mut number = 0;
    let mut open: Vec<&mut Term> = atom.args.iter_mut().collect();
    while let Some(term) = open.pop() {
        if term.kind == TermKind::Wildcard {
            number += 1;
            term.kind = TermKind::Variable(format!("{HIDDEN}{side}{number}"));
            continue;
        }
        match &mut term.kind {
            TermKind::Record(parts) | TermKind::Branch { args: parts, .. } => open.extend(parts),
            _ => {}
        }
    }
    atom
}

/// Takes these names away again.
fn unname(clause: &mut Clause) {
    clause.variables.iter_mut().filter(|variable| variable.name.starts_with(HIDDEN)).for_each(|variable| {
        variable.name = "_".to_owned();
        variable.origin = super::draft::Origin::Unnamed;
    });
}
