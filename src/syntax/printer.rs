//! Tree to text: [`print`], and `Display` for the parts of a tree.
//!
//! In: a tree. Out: what a user could type back, one item a line, each below its doc comment. Promise:
//! `parse(print(ast)) == ast`, but for places and for comments that are not doc comments; [`format`](super::format)
//! keeps those. Constants keep their spelling; parentheses stand only where they are needed.

use super::ast::{
    Aggregate, Ast, Atom, BranchDecl, ColumnDecl, ComponentDecl, ComponentUse, Doc, Fact, FunctorDecl, IoDirective,
    IoKind, Item, ItemKind, Literal, LiteralKind, Name, Pragma, QualifierKind, RelationDecl, Subsumption, Term,
    TermKind, Text, TypeDefinition,
};
use super::chars::is_name_char;
use super::literals::quote;
use super::terms::{Groups, OPERATORS, named_aggregate};
use crate::data::Value;
use std::fmt::{self, Display, Formatter};

/// A tree as a program text.
pub fn print(ast: &Ast) -> String {
    let mut text = String::new();
    for item in &ast.items {
        text.push_str(&item.to_string());
        text.push('\n');
    }
    text
}

/// A value as a program spells it.
pub fn spelled(value: &Value) -> String {
    let constant = TermKind::Constant { value: value.clone(), spelling: None };
    Term { kind: constant, span: crate::report::Span::default() }.to_string()
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(doc) = &self.doc {
            writeln!(f, "{doc}")?;
        }
        write!(f, "{}", self.kind)
    }
}

impl Display for Doc {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.text.split('\n').map(|line| format!("/// {line}").trim_end().to_owned()).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl Display for ItemKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ItemKind::Fact(fact) => write!(f, "{fact}."),
            ItemKind::Rule(rule) => write!(f, "{} :- {}.", rule.head, Conditions(&rule.body)),
            ItemKind::Subsumption(Subsumption { lesser, greater, body }) => {
                write!(f, "{lesser} <= {greater}")?;
                if body.is_empty() { f.write_str(".") } else { write!(f, " :- {}.", Conditions(body)) }
            }
            ItemKind::Constraint(body) => write!(f, ":- {}.", Conditions(body)),
            ItemKind::Query(body) => write!(f, "?- {}.", Conditions(body)),
            ItemKind::Retraction(fact) => write!(f, "{fact}~"),
            ItemKind::Relation(decl) => write!(f, ".decl {decl}"),
            ItemKind::Type(decl) => write!(f, ".type {} {}", decl.name, decl.definition),
            ItemKind::Functor(decl) => write!(f, ".functor {decl}"),
            ItemKind::Component(decl) => write!(f, ".comp {decl}"),
            ItemKind::Instance(decl) => write!(f, ".init {} = {}", decl.name, decl.component),
            ItemKind::Override(name) => write!(f, ".override {name}"),
            ItemKind::Pragma(Pragma { key, value: Some(value) }) => write!(f, ".pragma {key} {value}"),
            ItemKind::Pragma(Pragma { key, value: None }) => write!(f, ".pragma {key}"),
            ItemKind::Io(directive) => write!(f, "{directive}"),
            ItemKind::Include(path) => write!(f, ".include {path}"),
        }
    }
}

impl Display for Fact {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.atom)?;
        let citations: Vec<_> = self.citations.iter().map(Tight).collect();
        if citations.is_empty() { Ok(()) } else { write!(f, " @ {}", List(&citations)) }
    }
}

impl Display for Atom {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if !self.args.is_empty() {
            // `not (p(X))` would be read as a negation.
            if self.name.text == "not" {
                let rest: String = self.args[1..].iter().map(|arg| format!(", {arg}")).collect();
                write!(f, "({}{rest})", Tight(&self.args[0]))?;
            } else {
                write!(f, "({})", List(&self.args))?;
            }
        }
        match &self.citation {
            Some(citation) => write!(f, " @ {}", Tight(citation)),
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
        f.write_str(&quote(&self.text))
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            LiteralKind::Atom(atom) => write!(f, "{atom}"),
            LiteralKind::Not(atom) => write!(f, "not {atom}"),
            LiteralKind::Compare { op, left, right } => write!(f, "{left} {} {right}", op.sign()),
            LiteralKind::Or(branches) => {
                let branches: Vec<_> = branches.iter().map(|branch| List(branch).to_string()).collect();
                write!(f, "({})", branches.join(" ; "))
            }
        }
    }
}

/// A body; a lone `;` needs no parentheses.
struct Conditions<'a>(&'a [Literal]);

impl Display for Conditions<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = List(self.0).to_string();
        let lone = matches!(self.0, [Literal { kind: LiteralKind::Or(_), .. }]);
        f.write_str(if lone { &text[1..text.len() - 1] } else { &text })
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

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TermKind::Variable(name) => f.write_str(name),
            TermKind::Wildcard => f.write_str("_"),
            TermKind::Constant { value, spelling } => match spelling {
                Some(spelling) => f.write_str(spelling),
                None => f.write_str(&default_spelling(value)),
            },
            TermKind::Call { name, args } => write!(f, "{name}({})", List(args)),
            TermKind::Binary { op, left, right } => write_binary(f, op, left, right),
            TermKind::Negative(inner) if is_tight(inner) && !is_unsigned(inner) => write!(f, "-{inner}"),
            TermKind::Negative(inner) if matches!(inner.kind, TermKind::Negative(_)) => write!(f, "-{inner}"),
            TermKind::Negative(inner) => write!(f, "-({inner})"),
            TermKind::Aggregate(aggregate) => write!(f, "{aggregate}"),
            TermKind::Record(fields) => write!(f, "[{}]", List(fields)),
            TermKind::Nil => f.write_str("nil"),
            TermKind::Branch { name, args } if args.is_empty() => write!(f, "${name}"),
            TermKind::Branch { name, args } => write!(f, "${name}({})", List(args)),
            TermKind::Cast { term, ty } => write!(f, "as({term}, {ty})"),
            TermKind::Counter => f.write_str("autoinc()"),
            TermKind::Foreign { name, args } => write!(f, "@{name}({})", List(args)),
        }
    }
}

/// A term in parentheses, unless it is a name or a literal without a sign.
struct Tight<'a>(&'a Term);

impl Display for Tight<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let leaf = matches!(self.0.kind, TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. });
        if leaf && !is_signed(self.0) { write!(f, "{}", self.0) } else { write!(f, "({})", self.0) }
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
    term.to_string().starts_with('-')
}

fn write_binary(f: &mut Formatter<'_>, op: &str, left: &Term, right: &Term) -> fmt::Result {
    let operator = OPERATORS.iter().find(|operator| operator.op == op);
    let (binds, groups) = operator.map_or((0, Groups::Left), |operator| (operator.binds, operator.groups));
    let own = u8::from(groups == Groups::Left);
    Side { term: left, least: binds + 1 - own }.fmt(f)?;
    write!(f, " {op} ")?;
    Side { term: right, least: binds + own }.fmt(f)
}

/// An operand, in parentheses unless it binds at least this tightly.
struct Side<'a> {
    term: &'a Term,
    least: u8,
}

impl Display for Side<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if binding(self.term) >= self.least { write!(f, "{}", self.term) } else { write!(f, "({})", self.term) }
    }
}

/// How tightly a term holds together; anything without a sign outside brackets does so most.
fn binding(term: &Term) -> u8 {
    match &term.kind {
        TermKind::Binary { op, .. } => {
            OPERATORS.iter().find(|operator| operator.op == *op).map_or(0, |operator| operator.binds)
        }
        TermKind::Negative(_) => 4,
        TermKind::Constant { .. } if is_signed(term) => 4,
        _ => 5,
    }
}

impl Display for Aggregate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.op.name())?;
        if let Some(target) = &self.target {
            // `sum count : …` would be read as an aggregate of an aggregate.
            if names_aggregate(target) { write!(f, " ({target})")? } else { write!(f, " {target}")? }
        }
        write!(f, " : {{ {} }}", Conditions(&self.body))
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
            QualifierKind::Equivalence => f.write_str("eqrel"),
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

impl Display for ComponentDecl {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", ComponentUse { name: self.name.clone(), args: self.params.clone() })?;
        if !self.bases.is_empty() {
            write!(f, " : {}", List(&self.bases))?;
        }
        f.write_str(" {\n")?;
        for line in self.items.iter().flat_map(|item| item.to_string().lines().map(str::to_owned).collect::<Vec<_>>()) {
            writeln!(f, "  {line}")?;
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
            Some(ty) => write!(f, "{}: {ty}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

impl Display for IoDirective {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            IoKind::Input => ".input",
            IoKind::Output => ".output",
            IoKind::PrintSize => ".printsize",
            IoKind::LimitSize => ".limitsize",
        };
        write!(f, "{word} {}", self.relation)?;
        let params: Vec<_> = self.params.iter().map(|param| format!("{}={}", param.key, bare(&param.value))).collect();
        if params.is_empty() { Ok(()) } else { write!(f, "({})", params.join(", ")) }
    }
}

/// A parameter's value, quoted unless it is one word.
fn bare(value: &Text) -> String {
    let text = &value.text;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || is_word(text) { text.clone() } else { quote(text) }
}

/// A constant as the printer writes it where it has no spelling of its own.
pub(super) fn default_spelling(value: &Value) -> String {
    match value {
        Value::Symbol(text) if is_bare(text) => text.to_string(),
        Value::Symbol(text) => quote(text),
        Value::Unsigned(number) => format!("{number}u"),
        Value::Number(_) | Value::Float(_) | Value::Date(_) => value.to_string(),
        Value::Record(record) => {
            let mut text = String::new();
            let written = record.write(&mut text, &|field, text| {
                text.push_str(&default_spelling(field));
                Ok(())
            });
            written.expect("writing to a text does not fail");
            text
        }
    }
}

/// Whether a symbol reads back without quotes, wherever it stands.
fn is_bare(text: &str) -> bool {
    let starts_small = text.starts_with(|first: char| first.is_alphabetic() && !first.is_uppercase());
    starts_small && is_word(text) && !matches!(text, "not" | "mod" | "nil") && named_aggregate(text).is_none()
}

fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphabetic) && text.chars().all(is_name_char)
}
