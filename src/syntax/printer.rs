//! Tree to text: [`print`], and [`Spell`] for the parts of a tree.
//!
//! In: a tree, and a dialect. Out: what a user could type back, one item a line, each below its doc comment. Promise:
//! `parse(print(ast)) == ast`, but for places and for comments that are not doc comments; [`format`](super::format)
//! keeps those. Constants keep their spelling; parentheses stand only where they are needed. `Display` is the spelling
//! of Entail's own dialect.

use super::ast::{
    Aggregate, Ast, Atom, Body, BranchDecl, ColumnDecl, ComponentDecl, ComponentUse, Doc, Fact, FunctorDecl,
    IoDirective, Item, ItemKind, JoinOrder, LatticeDecl, LatticePart, Literal, LiteralKind, Name, Pragma,
    QualifierKind, RelationDecl, Subsumption, Term, TermKind, Text, TypeDefinition,
};
use super::chars::is_name_char;
use super::souffle;
use super::terms::{self, Binding, named_aggregate};
use crate::data::{Dialect, Value, quoted, spelled_in};
use std::fmt::{self, Display, Formatter};

/// A tree as a program text.
pub fn print(ast: &Ast) -> String {
    print_in(Dialect::Entail, ast)
}

/// A tree as a program text of a dialect.
pub fn print_in(dialect: Dialect, ast: &Ast) -> String {
    ast.items.iter().map(|item| format!("{}\n", item.within(dialect))).collect()
}

/// A part of a tree, which dialects spell differently.
pub trait Spell {
    /// Writes it as a program of a dialect has it.
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result;

    /// It, to be shown as a program of a dialect has it.
    fn within(&self, dialect: Dialect) -> Within<'_, Self> {
        Within { part: self, dialect }
    }
}

/// A part of a tree within a dialect.
#[derive(Debug)]
pub struct Within<'a, T: ?Sized> {
    part: &'a T,
    dialect: Dialect,
}

impl<T: Spell + ?Sized> Display for Within<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.part.spell(self.dialect, f)
    }
}

/// Shows a part as Entail's own dialect has it.
macro_rules! displayed {
    ($($part:ty),*) => {
        $(impl Display for $part {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                self.spell(Dialect::Entail, f)
            }
        })*
    };
}

displayed!(Item, ItemKind, Fact, Atom, Literal, Term, Aggregate, ComponentDecl);

impl Spell for Item {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(doc) = &self.doc {
            writeln!(f, "{doc}")?;
        }
        self.kind.spell(dialect, f)
    }
}

impl Display for Doc {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.text.split('\n').map(|line| format!("/// {line}").trim_end().to_owned()).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl Spell for ItemKind {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ItemKind::Fact(fact) => write!(f, "{}.", fact.within(dialect)),
            ItemKind::Rule(rule) => {
                write!(f, "{} :- {}.", rule.head.within(dialect), Conditions(&rule.body).within(dialect))?;
                if rule.orders.is_empty() { Ok(()) } else { write!(f, " .plan {}", List(&rule.orders)) }
            }
            ItemKind::Subsumption(Subsumption { lesser, greater, body }) => {
                write!(f, "{} <= {}", lesser.within(dialect), greater.within(dialect))?;
                if body.is_empty() { f.write_str(".") } else { write!(f, " :- {}.", Conditions(body).within(dialect)) }
            }
            ItemKind::Constraint(body) => write!(f, ":- {}.", Conditions(body).within(dialect)),
            ItemKind::Query(body) => write!(f, "?- {}.", Conditions(body).within(dialect)),
            ItemKind::Retraction(fact) => write!(f, "{}~", fact.within(dialect)),
            ItemKind::Relation(decl) => write!(f, ".decl {decl}"),
            ItemKind::Type(decl) => write!(f, ".type {} {}", decl.name, decl.definition),
            ItemKind::Functor(decl) => write!(f, ".functor {decl}"),
            ItemKind::Lattice(decl) => write!(f, ".lattice {}", decl.within(dialect)),
            ItemKind::Component(decl) => write!(f, ".comp {}", decl.within(dialect)),
            ItemKind::Instance(decl) => write!(f, ".init {} = {}", decl.name, decl.component),
            ItemKind::Override(name) => write!(f, ".override {name}"),
            ItemKind::Pragma(Pragma { key, value: Some(value) }) => write!(f, ".pragma {key} {value}"),
            ItemKind::Pragma(Pragma { key, value: None }) => write!(f, ".pragma {key}"),
            ItemKind::Io(directive) => write!(f, "{directive}"),
            ItemKind::Include(path) => write!(f, ".include {path}"),
        }
    }
}

impl Display for JoinOrder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ({})", self.version, List(&self.atoms))
    }
}

impl Spell for Fact {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        self.atom.spell(dialect, f)?;
        let citations: Vec<_> = self.citations.iter().map(Tight).collect();
        if citations.is_empty() { Ok(()) } else { write!(f, " @ {}", List(&citations).within(dialect)) }
    }
}

impl Spell for Atom {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        match (&self.args[..], dialect) {
            ([], Dialect::Entail) => {}
            // `not (p(X))` would be read as a negation.
            ([first, rest @ ..], Dialect::Entail) if self.name.text == "not" => {
                write!(f, "({}", Tight(first).within(dialect))?;
                rest.iter().try_for_each(|arg| write!(f, ", {}", arg.within(dialect)))?;
                f.write_str(")")?;
            }
            (args, _) => write!(f, "({})", List(args).within(dialect))?,
        }
        match &self.citation {
            Some(citation) => write!(f, " @ {}", Tight(citation).within(dialect)),
            None => Ok(()),
        }
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(Dialect::Entail, &self.text))
    }
}

impl Spell for Literal {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            LiteralKind::Atom(atom) => atom.spell(dialect, f),
            LiteralKind::Not(atom) => {
                let not = if dialect == Dialect::Entail { "not " } else { "!" };
                write!(f, "{not}{}", atom.within(dialect))
            }
            LiteralKind::Compare { op, left, right } => {
                write!(f, "{} {} {}", left.within(dialect), op.sign(), right.within(dialect))
            }
            LiteralKind::Or(branches) => write!(f, "({})", Branches(branches).within(dialect)),
        }
    }
}

/// A body; a lone `;` needs no parentheses.
struct Conditions<'a>(&'a [Literal]);

impl Spell for Conditions<'_> {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            [Literal { kind: LiteralKind::Or(branches), .. }] => Branches(branches).spell(dialect, f),
            literals => List(literals).spell(dialect, f),
        }
    }
}

/// The branches of a `;`.
struct Branches<'a>(&'a [Body]);

impl Spell for Branches<'_> {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        let branches: Vec<_> = self.0.iter().map(|branch| List(branch).within(dialect).to_string()).collect();
        f.write_str(&branches.join(" ; "))
    }
}

/// Things with commas between them.
struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, element) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{element}")?;
        }
        Ok(())
    }
}

impl<T: Spell> Spell for List<'_, T> {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        let elements: Vec<_> = self.0.iter().map(|element| element.within(dialect)).collect();
        write!(f, "{}", List(&elements))
    }
}

impl Spell for Term {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        let list = |args| List(args).within(dialect).to_string();
        match &self.kind {
            TermKind::Variable(name) => f.write_str(name),
            TermKind::Wildcard => f.write_str("_"),
            TermKind::Constant { value, spelling } => match spelling {
                Some(spelling) => f.write_str(spelling),
                None => f.write_str(&spelled_in(dialect, value)),
            },
            TermKind::Call { name, args } => write!(f, "{name}({})", list(args)),
            TermKind::Binary { op, left, right } => write_binary(f, op, left, right, dialect),
            TermKind::Negative(inner) => {
                let is_closed = is_tight(inner) && !is_unsigned(inner) || matches!(inner.kind, TermKind::Negative(_));
                let inner = inner.within(dialect);
                if is_closed { write!(f, "-{inner}") } else { write!(f, "-({inner})") }
            }
            TermKind::Aggregate(aggregate) => aggregate.spell(dialect, f),
            TermKind::Record(fields) => write!(f, "[{}]", list(fields)),
            TermKind::Nil => f.write_str("nil"),
            TermKind::Branch { name, args } if args.is_empty() && dialect == Dialect::Entail => write!(f, "${name}"),
            TermKind::Branch { name, args } => write!(f, "${name}({})", list(args)),
            TermKind::Cast { term, ty } => write!(f, "as({}, {ty})", term.within(dialect)),
            TermKind::Counter => f.write_str("autoinc()"),
            TermKind::Foreign { name, args } => write!(f, "@{name}({})", list(args)),
        }
    }
}

/// A term in parentheses, unless it is a name or a literal without a sign.
struct Tight<'a>(&'a Term);

impl Spell for Tight<'_> {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        let leaf = matches!(self.0.kind, TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. });
        let term = self.0.within(dialect);
        if leaf && !is_signed(self.0) { write!(f, "{term}") } else { write!(f, "({term})") }
    }
}

/// Whether a term has no operator outside brackets.
fn is_tight(term: &Term) -> bool {
    !matches!(term.kind, TermKind::Binary { .. } | TermKind::Negative(_))
}

/// Whether a term is a number without a sign, which a minus before it would become part of.
fn is_unsigned(term: &Term) -> bool {
    matches!(&term.kind, TermKind::Constant { value: Value::Number(_) | Value::Unsigned(_) | Value::Float(_), .. })
        && !is_signed(term)
}

/// Whether a constant is written with a minus sign.
fn is_signed(term: &Term) -> bool {
    matches!(term.kind, TermKind::Constant { .. }) && term.to_string().starts_with('-')
}

fn write_binary(f: &mut Formatter<'_>, op: &str, left: &Term, right: &Term, dialect: Dialect) -> fmt::Result {
    let Binding { left: least_left, right: least_right, .. } = operator(op, dialect);
    Side { term: left, least: least_left }.spell(dialect, f)?;
    write!(f, " {op} ")?;
    Side { term: right, least: least_right }.spell(dialect, f)
}

/// How an operator binds; one that the dialect does not have holds together least.
fn operator(op: &str, dialect: Dialect) -> Binding {
    let found = match dialect {
        Dialect::Entail => terms::binding(op),
        Dialect::Souffle(_) => souffle::binding(op),
    };
    found.unwrap_or_default()
}

/// An operand, in parentheses unless it binds at least this tightly.
struct Side<'a> {
    term: &'a Term,
    least: u8,
}

impl Spell for Side<'_> {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        let term = self.term.within(dialect);
        if binding(self.term, dialect) >= self.least { write!(f, "{term}") } else { write!(f, "({term})") }
    }
}

/// How tightly a term holds together; anything without a sign outside brackets does so most.
fn binding(term: &Term, dialect: Dialect) -> u8 {
    let sign = match dialect {
        Dialect::Entail => terms::SIGN,
        Dialect::Souffle(_) => souffle::SIGN,
    };
    match &term.kind {
        TermKind::Binary { op, .. } => operator(op, dialect).own,
        TermKind::Negative(_) => sign,
        TermKind::Constant { .. } if is_signed(term) => sign,
        _ => u8::MAX,
    }
}

impl Spell for Aggregate {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.op.name())?;
        if let Some(target) = &self.target {
            let term = target.within(dialect);
            // `sum count : …` would be read as an aggregate of an aggregate.
            if names_aggregate(target) { write!(f, " ({term})")? } else { write!(f, " {term}")? }
        }
        write!(f, " : {{ {} }}", Conditions(&self.body).within(dialect))
    }
}

/// Whether a term shows a constant such as `count`, unquoted, outside brackets.
fn names_aggregate(term: &Term) -> bool {
    match &term.kind {
        TermKind::Constant { spelling, .. } => spelling.as_deref().is_some_and(|it| named_aggregate(it).is_some()),
        TermKind::Binary { .. } | TermKind::Negative(_) => term.parts().any(names_aggregate),
        _ => false,
    }
}

impl Display for RelationDecl {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.name, List(&self.columns))?;
        self.qualifiers.iter().try_for_each(|qualifier| write!(f, " {}", qualifier.kind))
    }
}

impl Display for QualifierKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            QualifierKind::Equivalence { word } => f.write_str(word),
            QualifierKind::Overridable => f.write_str("overridable"),
            QualifierKind::Hint(hint) => f.write_str(hint.name()),
            QualifierKind::Choice(groups) => {
                let group = |group: &Vec<Name>| match &group[..] {
                    [only] => only.to_string(),
                    several => format!("({})", List(several)),
                };
                write!(f, "choice-domain {}", List(&groups.iter().map(group).collect::<Vec<_>>()))
            }
        }
    }
}

impl Display for TypeDefinition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TypeDefinition::Part(base) => write!(f, "<: {base}"),
            TypeDefinition::Union(names) => {
                let names: Vec<_> = names.iter().map(Name::to_string).collect();
                write!(f, "= {}", names.join(" | "))
            }
            TypeDefinition::Record(fields) => write!(f, "= [{}]", List(fields)),
            TypeDefinition::Branches(branches) => {
                let branch = |BranchDecl { name, fields }: &BranchDecl| match &fields[..] {
                    [] => format!("{name} {{}}"),
                    fields => format!("{name} {{ {} }}", List(fields)),
                };
                write!(f, "= {}", branches.iter().map(branch).collect::<Vec<_>>().join(" | "))
            }
        }
    }
}

impl Display for FunctorDecl {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let params: Vec<_> = self.params.iter().enumerate().map(|(at, ty)| format!("x{}: {ty}", at + 1)).collect();
        write!(f, "{}({}): {}", self.name, params.join(", "), self.result)?;
        f.write_str(if self.stateful { " stateful" } else { "" })
    }
}

impl Spell for LatticeDecl {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        let part = |part: &LatticePart| format!("{} -> {}", part.kind.name(), part.term.within(dialect));
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        write!(f, "{}<> {{ {} }}", self.name, parts.join(", "))
    }
}

impl Spell for ComponentDecl {
    fn spell(&self, dialect: Dialect, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", ComponentUse { name: self.name.clone(), args: self.params.clone() })?;
        if !self.bases.is_empty() {
            write!(f, " : {}", List(&self.bases))?;
        }
        f.write_str(" {\n")?;
        for item in &self.items {
            let text = item.within(dialect).to_string();
            text.lines().try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        f.write_str("}")
    }
}

impl Display for ComponentUse {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.args[..] {
            [] => write!(f, "{}", self.name),
            args => write!(f, "{}<{}>", self.name, List(args)),
        }
    }
}

impl Display for ColumnDecl {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.ty {
            Some(ty) => write!(f, "{}: {ty}{}", self.name, if self.is_lattice { "<>" } else { "" }),
            None => write!(f, "{}", self.name),
        }
    }
}

impl Display for IoDirective {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.directive(), self.relation)?;
        let params: Vec<_> = self.params.iter().map(|param| format!("{}={}", param.key, bare(&param.value))).collect();
        if params.is_empty() { Ok(()) } else { write!(f, "({})", params.join(", ")) }
    }
}

/// A parameter's value, quoted unless it is one word.
fn bare(value: &Text) -> String {
    let text = &value.text;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || is_word(text) { text.clone() } else { quoted(Dialect::Entail, text) }
}

fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphabetic) && text.chars().all(is_name_char)
}
