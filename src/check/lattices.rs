//! What is a lattice, and which columns hold values of one?
//!
//! In: the `.lattice`s of all files, and the columns that say `<>`. Out: [`Lattices`], or what is wrong with them. Of the
//! rows that agree on all other columns a relation keeps one, with the least upper bounds of what was derived: this is
//! said here as the subsumption `p(K, A) <= p(K, B) :- lub(A, B) = B.`, which the engines know to keep up by joining.

use super::schema::Schema;
use super::subtypes::{Subtypes, unknown_type};
use super::whole::Draft;
use super::{Keeps, RelationId};
use crate::report::{Code, Diagnostic, Span, nearest};
use crate::syntax::{
    Ast, Atom, ColumnDecl, CompareOp, ItemKind, LatticeDecl, LatticeKind, Literal, Name, QualifierKind, RelationDecl,
    Subsumption, Term, TermKind,
};
use indexmap::IndexMap;

/// The lattices of a program, and the columns that hold their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Lattices {
    all: IndexMap<String, Lattice>,
    /// Of each relation the columns, from the first that joins to the last.
    columns: IndexMap<String, Vec<LatticeColumn>>,
}

/// Values with bounds.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    span: Span,
    bottom: Option<Term>,
    lub: Option<Term>,
    glb: Option<Term>,
}

/// A column that joins.
#[derive(Debug, Clone)]
pub(super) struct LatticeColumn {
    pub(super) at: usize,
    lattice: String,
}

/// What conditions ask of a column that joins.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'l> {
    glb: &'l Term,
    bottom: &'l Term,
}

impl Lattices {
    /// Whether no column joins.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The columns of a relation that join.
    pub(super) fn columns(&self, relation: &str) -> &[LatticeColumn] {
        self.columns.get(relation).map_or(&[], Vec::as_slice)
    }

    /// What conditions ask of a column; nothing where its lattice lacks `Glb` or `Bottom`.
    pub(super) fn bounds(&self, column: &LatticeColumn) -> Option<Bounds<'_>> {
        let Lattice { bottom, glb, .. } = self.all.get(&column.lattice)?;
        Some(Bounds { glb: glb.as_ref()?, bottom: bottom.as_ref()? })
    }

    fn lub(&self, column: &LatticeColumn) -> Option<&Term> {
        self.all.get(&column.lattice)?.lub.as_ref()
    }
}

impl Bounds<'_> {
    /// `glb(left, right)`
    pub(super) fn glb(&self, left: Term, right: Term) -> Term {
        applied(self.glb, [left, right])
    }

    /// The least value, said to stand at a place.
    pub(super) fn bottom(&self, span: Span) -> Term {
        Term { span, ..self.bottom.clone() }
    }
}

/// Reads every `.lattice`, and the columns that say `<>`.
pub(super) fn lattices(asts: &[Ast], diagnostics: &mut Vec<Diagnostic>) -> Lattices {
    let items = || asts.iter().flat_map(|ast| &ast.items);
    let mut found = Lattices::default();
    for item in items() {
        let ItemKind::Lattice(decl) = &item.kind else { continue };
        let lattice = lattice(decl, diagnostics);
        match found.all.get(&decl.name.text) {
            Some(first) => diagnostics.push(twice(&decl.name, first.span)),
            None => _ = found.all.insert(decl.name.text.clone(), lattice),
        }
    }
    for item in items() {
        if let ItemKind::Relation(decl) = &item.kind
            && let Some(columns) = columns(decl, &found.all, diagnostics)
        {
            found.columns.entry(decl.name.text.clone()).or_insert(columns);
        }
    }
    found
}

fn lattice(decl: &LatticeDecl, diagnostics: &mut Vec<Diagnostic>) -> Lattice {
    let mut lattice = Lattice { span: decl.name.span, bottom: None, lub: None, glb: None };
    for (at, part) in decl.parts.iter().enumerate() {
        if let Some(first) = decl.parts[..at].iter().find(|first| first.kind == part.kind) {
            diagnostics.push(
                Diagnostic::new(Code::BadLattice, part.span, format!("`{}` is said twice", part.kind.name()))
                    .label("again here")
                    .also(first.span, "first here")
                    .help("keep one of the two"),
            );
            continue;
        }
        let is_function = matches!(part.kind, LatticeKind::Lub | LatticeKind::Glb | LatticeKind::Leq);
        if is_function && !is_of_two(&part.term) {
            diagnostics.push(no_function(part.kind, part.term.span));
        }
        let place = match part.kind {
            LatticeKind::Bottom => &mut lattice.bottom,
            LatticeKind::Lub => &mut lattice.lub,
            LatticeKind::Glb => &mut lattice.glb,
            LatticeKind::Top | LatticeKind::Leq => continue,
        };
        *place = Some(part.term.clone());
    }
    if lattice.lub.is_none() {
        let message = format!("the lattice `{}<>` has no `Lub`", decl.name.text);
        diagnostics.push(
            Diagnostic::new(Code::BadLattice, decl.name.span, message)
                .label("nothing joins two of its values")
                .help("say how: `Lub -> max(_, _)`, or another function of two `_`"),
        );
    }
    lattice
}

/// Whether a term is a function of two `_`.
fn is_of_two(term: &Term) -> bool {
    let is_function = matches!(term.kind, TermKind::Call { .. } | TermKind::Foreign { .. } | TermKind::Binary { .. });
    is_function && term.parts().count() == 2 && term.parts().all(|part| part.kind == TermKind::Wildcard)
}

/// The function with these arguments.
fn applied(function: &Term, [left, right]: [Term; 2]) -> Term {
    let span = left.span.to(right.span);
    let kind = match &function.kind {
        TermKind::Call { name, .. } => TermKind::Call { name: name.clone(), args: vec![left, right] },
        TermKind::Foreign { name, .. } => TermKind::Foreign { name: name.clone(), args: vec![left, right] },
        TermKind::Binary { op, .. } => TermKind::Binary { op, left: Box::new(left), right: Box::new(right) },
        // It was complained about.
        other => other.clone(),
    };
    Term { kind, span }
}

/// The columns of a relation that join; nothing where none does, or they cannot.
fn columns(
    decl: &RelationDecl,
    lattices: &IndexMap<String, Lattice>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<LatticeColumn>> {
    let first = decl.columns.iter().position(|column| column.is_lattice)?;
    let mut columns = Vec::new();
    for (at, column) in decl.columns.iter().enumerate().skip(first) {
        let Some(ty) = column.ty.as_ref().filter(|_| column.is_lattice) else {
            diagnostics.push(behind(column, &decl.columns[first]));
            continue;
        };
        // That there is no such lattice is told once it is known whether there is such a type.
        if lattices.contains_key(&ty.text) {
            columns.push(LatticeColumn { at, lattice: ty.text.clone() });
        }
    }
    for qualifier in &decl.qualifiers {
        let what = match &qualifier.kind {
            QualifierKind::Choice(_) => "one row for each key is chosen here",
            QualifierKind::Equivalence { .. } => "an equivalence joins nothing",
            QualifierKind::Overridable | QualifierKind::Hint(_) => continue,
        };
        let message = format!("the rows of `{}` cannot be kept in two ways at once", decl.name.text);
        diagnostics.push(
            Diagnostic::new(Code::BadLattice, qualifier.span, message)
                .label(what)
                .also(decl.columns[first].name.span, "values are joined here")
                .help("put one of the two on a relation of its own, derived from this one"),
        );
        return None;
    }
    (columns.len() == decl.columns.len() - first).then_some(columns)
}

fn twice(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::new(Code::ConflictingDeclaration, name.span, format!("`{}<>` is declared twice", name.text))
        .label("again here")
        .also(first, "first here")
        .help("keep one of the two")
}

fn no_function(kind: LatticeKind, span: Span) -> Diagnostic {
    let message = format!("`{}` is a function of two values", kind.name());
    Diagnostic::new(Code::BadLattice, span, message).label("no function with `_` for each of the two").help(format!(
        "write `{} -> f(_, _)`, with a function of the language, or `@f(_, _)` of a library",
        kind.name()
    ))
}

fn behind(column: &ColumnDecl, first: &ColumnDecl) -> Diagnostic {
    let message = format!("`{}` stands behind a column whose values are joined", column.name.text);
    Diagnostic::new(Code::BadLattice, column.name.span, message)
        .label("not joined itself")
        .also(first.name.span, "joined, for each key of the columns before it")
        .help(format!("write `{}` before `{}`", column.name.text, first.name.text))
}

fn no_lattice(ty: &Name, lattices: &IndexMap<String, Lattice>) -> Diagnostic {
    let message = format!("no lattice is called `{}<>`", ty.text);
    let diagnostic =
        Diagnostic::new(Code::BadLattice, ty.span, message).label("nothing says how its values are joined");
    match nearest(&ty.text, lattices.keys().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}<>`?")),
        None => diagnostic.help(format!("declare it: `.lattice {}<> {{ Lub -> max(_, _) }}`", ty.text)),
    }
}

/// Complains about lattices of types that there are not, and about types that are no lattices.
pub(super) fn types(asts: &[Ast], lattices: &Lattices, subtypes: &Subtypes, diagnostics: &mut Vec<Diagnostic>) {
    for item in asts.iter().flat_map(|ast| &ast.items) {
        match &item.kind {
            ItemKind::Lattice(LatticeDecl { name, .. })
                if subtypes.find(&name.text).is_none() && !subtypes.is_refused(&name.text) =>
            {
                diagnostics.push(unknown_type(name, subtypes, []));
            }
            ItemKind::Relation(decl) => {
                let joined = decl.columns.iter().filter(|column| column.is_lattice).filter_map(|it| it.ty.as_ref());
                let is_missing = |ty: &&Name| !lattices.all.contains_key(&ty.text) && subtypes.find(&ty.text).is_some();
                diagnostics.extend(joined.filter(is_missing).map(|ty| no_lattice(ty, &lattices.all)));
            }
            _ => {}
        }
    }
}

/// How many rows of a relation are kept, where its columns join.
pub(super) fn keeps(decl: &RelationDecl, lattices: &Lattices) -> Option<Keeps> {
    let columns = lattices.columns(&decl.name.text);
    (!columns.is_empty()).then(|| Keeps::Joined(columns.iter().map(|column| column.at).collect()))
}

impl Draft {
    /// `p(K, A) <= p(K, B) :- lub(A, B) = B.` of each relation with columns that join.
    pub(super) fn joined(&mut self) {
        let lattices = self.schema.lattices.clone();
        for (name, columns) in &lattices.columns {
            let Some(relation) = self.schema.names.get(name).copied() else { continue };
            let bounds: Option<Vec<&Term>> = columns.iter().map(|column| lattices.lub(column)).collect();
            if let Some(lubs) = bounds
                && lubs.iter().all(|lub| is_of_two(lub))
            {
                let subsumption = subsumption(relation, columns, &lubs, &self.schema);
                let span = lubs[0].span;
                self.gives_way(relation, &subsumption, span);
            }
        }
    }
}

fn subsumption(relation: RelationId, columns: &[LatticeColumn], lubs: &[&Term], schema: &Schema) -> Subsumption {
    let of = &schema.relations[relation];
    let arity = of.arity().unwrap_or_default();
    let row = |mark: &str| {
        let term = |at: usize| {
            let joins = columns.iter().position(|column| column.at == at);
            let name = joins.map_or(format!(" {at}"), |_| format!(" {at}{mark}"));
            Term::variable(name, joins.map_or(lubs[0].span, |joins| lubs[joins].span))
        };
        let args = (0..arity).map(term).collect();
        let span = lubs[0].span;
        Atom { name: Name { text: of.name.clone(), span }, args, citation: None, span }
    };
    let (lesser, greater) = (row(""), row("'"));
    let body = columns.iter().zip(lubs).map(|(column, lub)| {
        let [left, right] = [&lesser, &greater].map(|atom| atom.args[column.at].clone());
        let joined = Term { span: lub.span, ..applied(lub, [left, right.clone()]) };
        Literal::compare(CompareOp::Eq, joined, right, lub.span)
    });
    Subsumption { body: body.collect(), lesser, greater }
}
