//! A second opinion: `clingo`, another system's reading of the same program.
//!
//! In: the text of a program. Out: the rows that `clingo` finds in it, or nothing where the program says something that
//! both languages do not share: equivalences, floats, dates, records, citations, builtins, the order of texts, means.

use crate::engines::Meaning;
use entail::data::Value;
use entail::eval::naive::Rows;
use entail::syntax::{
    Aggregate, AggregateOp, Ast, Atom, Body, CompareOp, ItemKind, Literal, LiteralKind, Term, TermKind, parse,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

/// Whether it is installed.
pub(crate) fn is_there() -> bool {
    Command::new("clingo").arg("--version").stdout(Stdio::null()).status().is_ok()
}

/// Whether `clingo` finds the rows that a program means; nothing if it has no opinion.
pub(crate) fn agrees(text: &str, meaning: &Meaning) -> Option<bool> {
    let Meaning::Rows { relations, .. } = meaning else { return None };
    let (ast, _) = parse(Default::default(), text);
    let mut writer = Writer { fresh: 0, texts: false, orders: false };
    let written = writer.program(&ast)?;
    if writer.texts && writer.orders {
        return None;
    }
    let found = ask(&written)?;
    Some(relations.iter().all(|(name, rows)| found.get(name).map_or(rows.is_empty(), |found| found == rows)))
}

/// The rows of the one model, by relation; nothing if `clingo` does not take the program.
fn ask(program: &str) -> Option<BTreeMap<String, Rows>> {
    let mut clingo = Command::new("clingo");
    clingo.args(["-V0", "--outf=0", "--warn=none", "-"]);
    let mut child =
        clingo.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("clingo starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(program.as_bytes()).expect("clingo reads");
    drop(stdin);
    let output = child.wait_with_output().expect("clingo ends");
    let stdout = String::from_utf8(output.stdout).expect("clingo prints text");
    let mut lines = stdout.lines();
    let (model, end) = (lines.next()?, lines.next()?);
    if end != "SATISFIABLE" {
        return None;
    }
    let mut relations: BTreeMap<String, Rows> = BTreeMap::new();
    for atom in model.split(' ').filter(|atom| !atom.is_empty()) {
        let (name, args) = atom.strip_suffix(')').and_then(|atom| atom.split_once('(')).unwrap_or((atom, ""));
        let args = args.split(',').filter(|arg| !arg.is_empty());
        relations.entry(name.to_owned()).or_default().insert(args.map(value).collect::<Option<_>>()?);
    }
    Some(relations)
}

fn value(written: &str) -> Option<Value> {
    match written.strip_prefix('"') {
        Some(text) => Some(Value::symbol(text.strip_suffix('"')?)),
        None => written.parse().ok().map(Value::Number),
    }
}

/// Writes a program as `clingo` reads it.
struct Writer {
    /// Names given out to wildcards and to the results of aggregates.
    fresh: usize,
    /// Whether there are texts, and whether anything asks which of two values is the greater.
    texts: bool,
    orders: bool,
}

impl Writer {
    fn program(&mut self, ast: &Ast) -> Option<String> {
        let mut lines = Vec::new();
        for item in &ast.items {
            match &item.kind {
                ItemKind::Fact(fact) => lines.push(self.atom(&fact.atom, &mut Vec::new())? + "."),
                ItemKind::Rule(rule) => {
                    for body in alternatives(&rule.body) {
                        let mut conditions = Vec::new();
                        let head = self.atom(&rule.head, &mut conditions)?;
                        for literal in body {
                            let condition = self.literal(literal, &mut conditions)?;
                            conditions.push(condition);
                        }
                        lines.push(format!("{head} :- {}.", conditions.join(", ")));
                    }
                }
                ItemKind::Relation(decl) if !decl.qualifiers.is_empty() => return None,
                ItemKind::Constraint(_) | ItemKind::Query(_) | ItemKind::Relation(_) | ItemKind::Type(_) => {}
                _ => return None,
            }
        }
        Some(lines.join("\n"))
    }

    fn fresh(&mut self) -> String {
        self.fresh += 1;
        format!("F{}", self.fresh)
    }

    /// A condition; the aggregates in it become conditions before it.
    fn literal(&mut self, literal: &Literal, before: &mut Vec<String>) -> Option<String> {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.atom(atom, before),
            LiteralKind::Not(atom) => Some(format!("not {}", self.atom(atom, before)?)),
            LiteralKind::Compare { op, left, right } => {
                self.orders |= !matches!(op, CompareOp::Eq | CompareOp::Ne);
                Some(format!("{} {} {}", self.term(left, before)?, op.sign(), self.term(right, before)?))
            }
            LiteralKind::Or(_) => None,
        }
    }

    fn atom(&mut self, atom: &Atom, before: &mut Vec<String>) -> Option<String> {
        if atom.citation.is_some() || entail::data::BUILTINS.iter().any(|builtin| builtin.name == atom.name.text) {
            return None;
        }
        let args: Option<Vec<String>> = atom.args.iter().map(|arg| self.term(arg, before)).collect();
        let args = args?;
        Some(if args.is_empty() { atom.name.text.clone() } else { format!("{}({})", atom.name.text, args.join(",")) })
    }

    fn term(&mut self, term: &Term, before: &mut Vec<String>) -> Option<String> {
        Some(match &term.kind {
            TermKind::Variable(name) => format!("V{name}"),
            TermKind::Wildcard => "_".to_owned(),
            TermKind::Constant { value: Value::Number(number), .. } => i32::try_from(*number).ok()?.to_string(),
            TermKind::Constant { value: Value::Symbol(text), .. } => {
                self.texts = true;
                text.chars().all(|char| char.is_ascii_alphanumeric()).then(|| format!("\"{text}\""))?
            }
            TermKind::Binary { op, left, right } => {
                let sign = match *op {
                    "+" | "-" | "*" | "/" => op,
                    "mod" => "\\",
                    _ => return None,
                };
                format!("({} {sign} {})", self.term(left, before)?, self.term(right, before)?)
            }
            TermKind::Negative(operand) => format!("(-{})", self.term(operand, before)?),
            TermKind::Aggregate(aggregate) => {
                let result = self.fresh();
                let condition = self.aggregate(aggregate, &result)?;
                before.push(condition);
                result
            }
            _ => return None,
        })
    }

    /// `F1 = #sum { VX, VY : p(VX, VY) }`. Of nothing there is no least value; `clingo` says that it is `#sup`.
    fn aggregate(&mut self, aggregate: &Aggregate, result: &str) -> Option<String> {
        let mut body = aggregate.body.clone();
        let mut locals = Vec::new();
        for literal in &mut body {
            self.name_wildcards(literal, &mut locals)?;
        }
        let mut conditions = Vec::new();
        for literal in &body {
            let condition = self.literal(literal, &mut conditions)?;
            conditions.push(condition);
        }
        let target = aggregate
            .target
            .as_ref()
            .map(|target| self.term(target, &mut conditions))
            .map_or(Some(None), |term| term.map(Some))?;
        let (name, tuple, none) = match (aggregate.op, target) {
            (AggregateOp::Count, None) => ("#count", locals.join(","), None),
            (AggregateOp::Count, Some(target)) => ("#count", target, None),
            (AggregateOp::Sum, Some(target)) => ("#sum", [vec![target], locals].concat().join(","), None),
            (AggregateOp::Min, Some(target)) => ("#min", target, Some("#sup")),
            (AggregateOp::Max, Some(target)) => ("#max", target, Some("#inf")),
            _ => return None,
        };
        self.orders |= none.is_some();
        let equal = format!("{result} = {name} {{ {tuple} : {} }}", conditions.join(", "));
        Some(none.map_or(equal.clone(), |none| format!("{equal}, {result} != {none}")))
    }

    /// Names the wildcards of a positive atom, each of which is a variable, and notes all variables.
    fn name_wildcards(&mut self, literal: &mut Literal, locals: &mut Vec<String>) -> Option<()> {
        let terms: Vec<&mut Term> = match &mut literal.kind {
            LiteralKind::Atom(atom) => atom.args.iter_mut().collect(),
            LiteralKind::Compare { left, right, .. } => vec![left, right],
            LiteralKind::Not(_) => return Some(()),
            LiteralKind::Or(_) => return None,
        };
        for term in terms {
            match &mut term.kind {
                TermKind::Wildcard => term.kind = TermKind::Variable(self.fresh()),
                TermKind::Variable(_) | TermKind::Constant { .. } => {}
                // What stands within a larger term is left to programs that name it.
                _ => return None,
            }
            if let TermKind::Variable(name) = &term.kind {
                let name = format!("V{name}");
                if !locals.contains(&name) {
                    locals.push(name);
                }
            }
        }
        Some(())
    }
}

/// A body without choices for each way through them.
fn alternatives(body: &Body) -> Vec<Vec<&Literal>> {
    body.iter().fold(vec![Vec::new()], |bodies, literal| {
        let ways: Vec<Vec<&Literal>> = match &literal.kind {
            LiteralKind::Or(branches) => branches.iter().flat_map(alternatives).collect(),
            _ => vec![vec![literal]],
        };
        bodies.iter().flat_map(|body| ways.iter().map(|way| [body.as_slice(), way].concat())).collect()
    })
}
