//! Which relations are there? Names, columns, and who says so.
//!
//! In: all trees and the relations that data files fill; or, for a question, a checked program. Out: a [`Schema`].
//! Promises: relations stand in the order of their first mention, whichever file declares them; citations,
//! questions and constraints come behind them.

use super::equivalence;
use super::functors::{Functors, functors};
use super::inference::{Inference, Origin, Slot, State, Why};
use super::lattices::{self, Lattices};
use super::overloads::is_predicate;
use super::subtypes::{Named, Subtypes, subtypes, unknown_type};
use super::{Column, Keeps, Loaded, Program, RelationId, Role, Upkeep, upkeep};
use crate::data::{Dialect, IdVec, Libraries, Type};
use crate::formats::Field;
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{self, Ast, IoKind, ItemKind, Name, RelationDecl, TermKind};
use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};

/// Every relation, by id and by name.
#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) dialect: Dialect,
    pub(super) relations: IdVec<RelationId, Relation>,
    pub(super) names: IndexMap<String, RelationId>,
    pub(super) subtypes: Subtypes,
    pub(super) functors: Functors,
    pub(super) lattices: Lattices,
}

/// A relation while its program is being checked.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) doc: Option<String>,
    /// Where it is declared or first said to exist.
    pub(super) span: Option<Span>,
    pub(super) declared: bool,
    /// Whether it is declared to be an equivalence.
    pub(super) is_equivalence: bool,
    /// The place that says how many columns it has.
    pub(super) shaped: Option<Span>,
    /// Its columns; none as long as only an `.input` names it.
    pub(super) columns: Option<Vec<ColumnDraft>>,
    pub(super) citations: Option<RelationId>,
    /// A fact, an `.input` or a data file fills it.
    pub(super) stored: bool,
    /// A rule derives it.
    pub(super) derived: bool,
    /// Which of its rows are kept, if not all.
    pub(super) upkeep: Option<Upkeep>,
    /// The data file that fills it.
    pub(super) file: Option<String>,
    /// Where a body first asks for it.
    pub(super) asked: Option<Span>,
    /// Where a body first asks for its citations.
    pub(super) asked_citations: Option<Span>,
}

/// A column whose type may still be open.
#[derive(Debug, Clone)]
pub(super) struct ColumnDraft {
    pub(super) name: String,
    pub(super) slot: Slot,
    pub(super) subtype: Option<String>,
    /// Whether a `.decl` or a data file fixes it.
    pub(super) declared: bool,
}

impl Schema {
    /// The relation of the citations of a relation, made on first use.
    pub(super) fn citations(&mut self, of: RelationId) -> RelationId {
        if let Some(citations) = self.relations[of].citations {
            return citations;
        }
        let relation = &self.relations[of];
        let mut columns = relation.columns.clone().unwrap_or_default();
        let claim = Slot::Fixed(Type::Symbol, Origin { span: None, why: Why::Claim });
        let mut names = ColumnNames::default();
        for column in &columns {
            names.add(&column.name);
        }
        let name = names.add("claim");
        columns.push(ColumnDraft { name, slot: claim, subtype: None, declared: false });
        let hidden = Relation {
            span: relation.span,
            columns: Some(columns),
            ..Relation::new(format!("{}@", relation.name), Role::Citations(of))
        };
        let id = self.relations.push(hidden);
        self.relations[of].citations = Some(id);
        id
    }

    /// `reach(state, other)`, as help shows a relation.
    pub(super) fn shown(&self, id: RelationId) -> String {
        let relation = &self.relations[id];
        let names: Vec<&str> = relation.columns.iter().flatten().map(|column| column.name.as_str()).collect();
        format!("{}({})", relation.name, names.join(", "))
    }

    /// Whether a body may ask for rows that someone stored.
    pub(super) fn is_filled(&self, id: RelationId) -> bool {
        let relation = &self.relations[id];
        relation.stored || relation.derived
    }
}

impl Relation {
    pub(super) fn new(name: String, role: Role) -> Self {
        Relation {
            name,
            role,
            doc: None,
            span: None,
            declared: false,
            is_equivalence: false,
            shaped: None,
            columns: None,
            citations: None,
            stored: false,
            derived: false,
            upkeep: None,
            file: None,
            asked: None,
            asked_citations: None,
        }
    }

    /// Which of its rows are kept, if not all.
    pub(super) fn keeps(&self) -> Option<&Keeps> {
        self.upkeep.as_ref().map(|upkeep| &upkeep.keeps)
    }

    /// How many columns it has, if that is known.
    pub(super) fn arity(&self) -> Option<usize> {
        self.columns.as_ref().map(Vec::len)
    }
}

/// Gathers the relations of a program.
pub(super) fn gather(
    dialect: Dialect,
    libraries: &Libraries,
    lattices: Lattices,
    asts: &[Ast],
    loaded: &[Loaded],
    inference: &mut Inference,
    diagnostics: &mut Vec<Diagnostic>,
) -> Schema {
    let subtypes = subtypes(dialect, asts, diagnostics);
    lattices::types(asts, &lattices, &subtypes, diagnostics);
    let functors = functors(dialect, asts, libraries, &subtypes, diagnostics);
    let mut schema = Schema { dialect, subtypes, functors, lattices, ..Schema::default() };
    let first = mention_all(asts, &mut schema, diagnostics);
    for item in asts.iter().flat_map(|ast| &ast.items) {
        if let ItemKind::Relation(decl) = &item.kind {
            let doc = item.doc.as_ref().map(|doc| doc.text.as_str());
            declare(decl, doc, &mut schema, diagnostics);
        }
    }
    for file in loaded {
        load(file, &mut schema);
    }
    if dialect != Dialect::Entail {
        diagnostics.extend(schema.relations.iter().filter_map(undeclared));
    }
    for id in schema.relations.ids() {
        if schema.relations[id].columns.is_none()
            && let Some(atom) = first.atoms.get(&id)
        {
            let head = first.heads.get(&id).filter(|head| head.args.len() == atom.args.len());
            let names = head_names(head.map_or(&[], |head| &head.args), atom.args.len());
            schema.relations[id].shaped = Some(atom.name.span);
            schema.relations[id].columns = Some(open_columns(names, inference));
        }
    }
    for file in loaded.iter().filter(|file| file.cited) {
        if let Some(id) = schema.names.get(&file.name).copied() {
            schema.citations(id);
        }
    }
    schema
}

/// What is said of a relation of Soufflé's that nothing declares.
fn undeclared(relation: &Relation) -> Option<Diagnostic> {
    let span = relation.span.filter(|_| !relation.declared && relation.columns.is_none())?;
    let message = format!("`{}` is not declared", relation.name);
    let diagnostic = Diagnostic::new(Code::UnknownRelation, span, message);
    Some(
        diagnostic
            .help(format!("declare it: `.decl {}(x: symbol)`, with a name and a type for each column", relation.name)),
    )
}

/// The first atoms that say what columns a relation has.
#[derive(Default)]
struct First<'a> {
    /// Of a fact or a rule.
    atoms: FxHashMap<RelationId, &'a syntax::Atom>,
    /// Of a rule.
    heads: FxHashMap<RelationId, &'a syntax::Atom>,
}

/// Enters every relation that a `.decl`, a fact, a rule or an `.input` names, in the order of the text.
fn mention_all<'a>(asts: &'a [Ast], schema: &mut Schema, diagnostics: &mut Vec<Diagnostic>) -> First<'a> {
    let mut first = First::default();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        match &item.kind {
            ItemKind::Fact(fact) => {
                if let Some(id) = mention(&fact.atom.name, schema, diagnostics) {
                    schema.relations[id].stored = true;
                    first.atoms.entry(id).or_insert(&fact.atom);
                }
            }
            ItemKind::Rule(rule) => {
                if let Some(id) = mention(&rule.head.name, schema, diagnostics) {
                    schema.relations[id].derived = true;
                    first.atoms.entry(id).or_insert(&rule.head);
                    first.heads.entry(id).or_insert(&rule.head);
                }
            }
            ItemKind::Relation(decl) => {
                mention(&decl.name, schema, diagnostics);
            }
            ItemKind::Io(directive) if directive.kind == IoKind::Input => {
                if let Some(id) = mention(&directive.relation, schema, diagnostics) {
                    schema.relations[id].stored = true;
                }
            }
            ItemKind::Io(_)
            | ItemKind::Constraint(_)
            | ItemKind::Query(_)
            | ItemKind::Retraction(_)
            | ItemKind::Subsumption(_)
            | ItemKind::Type(_)
            | ItemKind::Functor(_)
            | ItemKind::Lattice(_)
            | ItemKind::Component(_)
            | ItemKind::Instance(_)
            | ItemKind::Override(_)
            | ItemKind::Pragma(_)
            | ItemKind::Include(_) => {}
        }
    }
    first
}

fn mention(name: &Name, schema: &mut Schema, diagnostics: &mut Vec<Diagnostic>) -> Option<RelationId> {
    if let Some(id) = schema.names.get(&name.text) {
        return Some(*id);
    }
    if is_predicate(&name.text, schema.dialect) {
        diagnostics.push(
            Diagnostic::new(Code::ReservedName, name.span, format!("`{}` is a builtin", name.text))
                .label("no relation can have this name")
                .help(format!("call it `{}_of` or anything else that is not built in", name.text)),
        );
        return None;
    }
    let relation = Relation { span: Some(name.span), ..Relation::new(name.text.clone(), Role::Named) };
    let id = schema.relations.push(relation);
    schema.names.insert(name.text.clone(), id);
    Some(id)
}

/// Gives a relation the columns of its `.decl`.
fn declare(decl: &RelationDecl, doc: Option<&str>, schema: &mut Schema, diagnostics: &mut Vec<Diagnostic>) {
    let Some(id) = schema.names.get(&decl.name.text).copied() else {
        return;
    };
    let columns = declared_columns(id, decl, &schema.subtypes, diagnostics);
    let is_equivalence = equivalence::is_declared(decl, &columns, diagnostics);
    let keeps = upkeep::declared(decl, diagnostics).or_else(|| lattices::keeps(decl, &schema.lattices));
    let relation = &mut schema.relations[id];
    if relation.declared {
        let same = |(one, other): (&ColumnDraft, &ColumnDraft)| {
            one.name == other.name && one.subtype == other.subtype && one.slot.same_type(other.slot)
        };
        let first = relation.columns.as_deref().unwrap_or_default();
        let again = schema.dialect != Dialect::Entail;
        let as_before = relation.is_equivalence == is_equivalence && first.len() == columns.len();
        let as_before = as_before && relation.keeps() == keeps.as_ref();
        if again || !as_before || !first.iter().zip(&columns).all(same) {
            let place = relation.span.expect("a declared relation knows where");
            diagnostics.push(
                Diagnostic::new(
                    Code::ConflictingDeclaration,
                    decl.name.span,
                    format!("`{}` is declared in two ways", decl.name.text),
                )
                .label(format!("{} here", listed(&columns, keeps.as_ref())))
                .also(place, format!("{} here", listed(first, relation.keeps())))
                .help("keep one of the two"),
            );
        }
    } else {
        relation.declared = true;
        relation.is_equivalence = is_equivalence;
        relation.span = Some(decl.name.span);
        relation.shaped = relation.span;
        relation.columns = Some(columns);
        if let Some(keeps) = keeps {
            upkeep::keep(id, keeps, schema);
        }
    }
    let relation = &mut schema.relations[id];
    if relation.doc.is_none() {
        relation.doc = doc.map(str::to_string);
    }
}

/// `(x: symbol, n: number) choice-domain x`
fn listed(columns: &[ColumnDraft], keeps: Option<&Keeps>) -> String {
    let shown: Vec<String> = columns
        .iter()
        .map(|column| match (&column.subtype, column.slot) {
            (Some(subtype), _) => format!("{}: {subtype}", column.name),
            (None, Slot::Fixed(ty, _)) => format!("{}: {ty}", column.name),
            (None, Slot::Open(_) | Slot::Broken) => column.name.clone(),
        })
        .collect();
    let groups = match keeps {
        Some(Keeps::First(groups)) => &groups[..],
        Some(Keeps::Greatest | Keeps::Joined(_)) | None => &[],
    };
    let named = |group: &Vec<usize>| {
        let names: Vec<&str> = group.iter().map(|column| columns[*column].name.as_str()).collect();
        if names.len() == 1 { names[0].to_owned() } else { format!("({})", names.join(", ")) }
    };
    let chosen: Vec<String> = groups.iter().map(named).collect();
    let choice = if chosen.is_empty() { String::new() } else { format!(" choice-domain {}", chosen.join(", ")) };
    format!("({}){choice}", shown.join(", "))
}

impl Slot {
    /// Whether both are of one type; what was complained about is of any.
    pub(super) fn same_type(self, other: Slot) -> bool {
        match (self, other) {
            (Slot::Fixed(one, _), Slot::Fixed(other, _)) => one == other,
            (Slot::Broken, _) | (_, Slot::Broken) => true,
            (Slot::Open(one), Slot::Open(other)) => one == other,
            (Slot::Open(_), Slot::Fixed(..)) | (Slot::Fixed(..), Slot::Open(_)) => false,
        }
    }
}

fn declared_columns(
    relation: RelationId,
    decl: &RelationDecl,
    subtypes: &Subtypes,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<ColumnDraft> {
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    let mut columns = Vec::new();
    for (column, written) in decl.columns.iter().enumerate() {
        let name = written.name.text.as_str();
        if let Some(first) = seen.insert(name, written.name.span) {
            diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateColumn,
                    written.name.span,
                    format!("two columns of `{}` are called `{name}`", decl.name.text),
                )
                .label("again here")
                .also(first, "first here")
                .help(format!("rename one of them, such as `{name}_2`")),
            );
        }
        let origin = Origin { span: Some(written.name.span), why: Why::Column { relation, column, declared: true } };
        let (slot, subtype) = match &written.ty {
            None => (Slot::Fixed(Type::Symbol, origin), None),
            Some(ty) => match subtypes.find(&ty.text) {
                Some(Named { ty, subtype }) => (Slot::Fixed(ty, origin), subtype),
                None => {
                    if !subtypes.is_refused(&ty.text) {
                        diagnostics.push(unknown_type(ty, subtypes, []));
                    }
                    (Slot::Broken, None)
                }
            },
        };
        columns.push(ColumnDraft { name: name.to_string(), slot, subtype, declared: true });
    }
    columns
}

/// Gives a relation the columns of its data file, unless a `.decl` did.
fn load(file: &Loaded, schema: &mut Schema) {
    let id = match schema.names.get(&file.name) {
        Some(id) => *id,
        None => {
            let id = schema.relations.push(Relation::new(file.name.clone(), Role::Named));
            schema.names.insert(file.name.clone(), id);
            id
        }
    };
    let relation = &mut schema.relations[id];
    relation.stored = true;
    relation.file.get_or_insert_with(|| file.file.clone());
    if relation.columns.is_none() {
        let columns = file.columns.iter().enumerate().map(|(column, from)| ColumnDraft {
            name: from.name.clone(),
            slot: Slot::Fixed(from.ty, Origin { span: None, why: Why::File { relation: id, column } }),
            subtype: from.subtype.clone(),
            declared: true,
        });
        relation.columns = Some(columns.collect());
    }
}

/// Columns of which nothing is known yet.
pub(super) fn open_columns(names: Vec<String>, inference: &mut Inference) -> Vec<ColumnDraft> {
    names
        .into_iter()
        .map(|name| {
            let slot = Slot::Open(inference.node(State::Open));
            ColumnDraft { name, slot, subtype: None, declared: false }
        })
        .collect()
}

/// The columns' names: the variables of a rule's head, else `x1`, `x2`, …; a repeated name gets a number.
fn head_names(head: &[syntax::Term], arity: usize) -> Vec<String> {
    let mut names = ColumnNames::default();
    (0..arity)
        .map(|at| match head.get(at).map(|term| &term.kind) {
            Some(TermKind::Variable(name)) => names.add(name),
            _ => names.add(&format!("x{}", at + 1)),
        })
        .collect()
}

/// `x1`, `x2`, …
pub(super) fn plain_names(arity: usize) -> Vec<String> {
    head_names(&[], arity)
}

/// Names of columns, each once.
#[derive(Default)]
struct ColumnNames {
    taken: FxHashSet<String>,
    /// The last number behind a repeated name.
    numbers: FxHashMap<String, usize>,
}

impl ColumnNames {
    /// The name, or `name_2`, `name_3`, … if it is taken.
    fn add(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        while !self.taken.insert(name.clone()) {
            let number = self.numbers.entry(wanted.to_string()).or_insert(1);
            *number += 1;
            name = format!("{wanted}_{number}");
        }
        name
    }
}

/// The relations of a program that was checked before, as a question finds them.
pub(super) fn of_program(program: &Program) -> Schema {
    let (names, subtypes, functors) = (program.names.clone(), program.subtypes.clone(), program.functors.clone());
    let lattices = program.lattices.clone();
    let mut schema = Schema { dialect: program.dialect, names, subtypes, functors, lattices, ..Schema::default() };
    for (id, relation) in program.relations.enumerate() {
        let columns = relation.columns.iter().enumerate().map(|(column, of)| {
            let why = Why::Column { relation: id, column, declared: relation.declared };
            ColumnDraft {
                name: of.name.clone(),
                slot: Slot::Fixed(of.ty, Origin { span: relation.span, why }),
                subtype: of.subtype.clone(),
                declared: relation.declared,
            }
        });
        schema.relations.push(Relation {
            doc: relation.doc.clone(),
            span: relation.span,
            shaped: relation.span,
            declared: relation.declared,
            is_equivalence: relation.is_equivalence,
            columns: Some(columns.collect()),
            citations: relation.citations,
            stored: relation.stored,
            derived: !relation.rules.is_empty(),
            ..Relation::new(relation.name.clone(), relation.role)
        });
    }
    schema
}

/// What is declared, for the readers of data files.
#[derive(Debug)]
pub struct Declarations {
    /// The columns of every `.decl`, by relation.
    pub relations: IndexMap<String, Vec<Column>>,
    subtypes: Subtypes,
}

impl Declarations {
    /// A column as files have it.
    pub fn field(&self, column: &Column) -> Field {
        self.subtypes.field(column)
    }
}

/// Reads what is declared. What is wrong with a `.decl` is for [`check`](super::check()) to say.
pub fn declarations(asts: &[Ast]) -> Declarations {
    let table = subtypes(Dialect::default(), asts, &mut Vec::new());
    let mut declared = IndexMap::new();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        let ItemKind::Relation(decl) = &item.kind else { continue };
        let columns = declared_columns(RelationId::default(), decl, &table, &mut Vec::new());
        let columns = columns.into_iter().map(|column| Column {
            name: column.name,
            ty: match column.slot {
                Slot::Fixed(ty, _) => ty,
                Slot::Open(_) | Slot::Broken => Type::Symbol,
            },
            subtype: column.subtype,
        });
        declared.entry(decl.name.text.clone()).or_insert_with(|| columns.collect());
    }
    Declarations { relations: declared, subtypes: table }
}
