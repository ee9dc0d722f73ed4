//! Laws between a program and another one made of it: what is added, dropped, folded, frozen or asked otherwise.
//!
//! In: random programs, 200 of each kind or as many as `ENTAIL_PROGRAMS` says, from seed `ENTAIL_SEED` on. Out: nothing, or
//! the smallest program that breaks a law, with its seed. A law passes over programs that it does not speak of, and is
//! broken if it speaks of too few.

use crate::engines::{Meaning, local, meaning, read};
use crate::generator::{Dice, atom, program, recursion};
use crate::laws::each_term;
use crate::shrink::shrink;
use entail::check::{Relation, Role};
use entail::data::{Record, Type, Value, spelled};
use entail::eval::naive::Rows;
use entail::plan::Choices;
use entail::syntax::{Ast, Item, ItemKind, Literal, LiteralKind, Rule, TermKind, parse, print};
use std::collections::BTreeMap;
use std::sync::Arc;

type Relations = BTreeMap<String, Rows>;

/// Rows by relation, or nothing where the text is no program or its run faults.
fn rows_of(text: &str) -> Option<Relations> {
    match meaning(text, |program| local(program, Choices::default())) {
        Meaning::Rows { relations, .. } => Some(relations),
        Meaning::Rejected(_) | Meaning::Fault => None,
    }
}

/// A law: the program made of a program, if it speaks of it, and whether the rows of both agree with it.
struct Law {
    name: &'static str,
    make: fn(&str, &Relations, &mut Dice) -> Option<String>,
    holds: fn(&Relations, &Relations) -> bool,
}

const LAWS: &[Law] = &[
    Law { name: "one more condition gives no more rows", make: add_condition, holds: no_more },
    Law { name: "one condition less gives no fewer rows", make: drop_condition, holds: no_fewer },
    Law { name: "one more fact gives no fewer rows", make: add_fact, holds: no_fewer },
    Law { name: "other symbols in the same order", make: rename_symbols, holds: renamed },
    Law { name: "two conditions folded into a relation", make: fold, holds: same },
    Law { name: "a relation frozen to its rows", make: freeze, holds: same },
    Law { name: "a relation in two parts", make: part, holds: checks_itself },
    Law { name: "a row asked for by its values", make: pivot, holds: checks_itself },
    Law { name: "what is not without it", make: deny_twice, holds: checks_itself },
    Law { name: "counts, and sums over parts", make: count, holds: checks_itself },
    Law { name: "the least is minus the greatest of minus", make: turn_round, holds: checks_itself },
];

/// The relations of the first program are in the second, and these stand to each other as `holds` says.
fn compared(before: &Relations, after: &Relations, holds: impl Fn(&Rows, &Rows) -> bool) -> bool {
    before.iter().all(|(name, rows)| holds(rows, &after[name]))
}

fn no_more(before: &Relations, after: &Relations) -> bool {
    compared(before, after, |before, after| after.is_subset(before))
}

fn no_fewer(before: &Relations, after: &Relations) -> bool {
    compared(before, after, |before, after| before.is_subset(after))
}

fn same(before: &Relations, after: &Relations) -> bool {
    compared(before, after, |before, after| before == after)
}

/// Each symbol is what [`renamed_symbol`] says.
fn renamed(before: &Relations, after: &Relations) -> bool {
    fn rename(value: &Value) -> Value {
        match value {
            Value::Symbol(text) => renamed_symbol(text),
            Value::Record(record) => {
                let fields = record.fields().iter().map(rename).collect();
                Value::Record(Arc::new(Record::new(record.tag().clone(), fields).expect("as deep as it was")))
            }
            Value::Number(_) | Value::Unsigned(_) | Value::Float(_) | Value::Date(_) => value.clone(),
        }
    }
    let rename_all = |rows: &Rows| rows.iter().map(|row| row.iter().map(rename).collect()).collect::<Rows>();
    compared(before, after, |before, after| rename_all(before) == *after)
}

/// Rules were added that derive `law_wanted` and `law_found`, which are equal.
fn checks_itself(before: &Relations, after: &Relations) -> bool {
    same(before, after) && after["law_wanted"] == after["law_found"]
}

#[test]
fn programs_agree_with_what_is_made_of_them() {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let first: u64 = number("ENTAIL_SEED", 0);
    let count: u64 = number("ENTAIL_PROGRAMS", 200);
    let texts: Vec<(u64, String)> =
        (first..first + count).flat_map(|seed| [(seed, program(seed)), (seed, recursion(seed))]).collect();
    let started: Vec<(u64, &String, Relations)> =
        texts.iter().filter_map(|(seed, text)| Some((*seed, text, rows_of(text)?))).collect();
    for law in LAWS {
        let mut spoken = 0;
        for (seed, text, before) in &started {
            let breaks = |text: &str, before: &Relations| {
                let made = (law.make)(text, before, &mut Dice::new(*seed));
                let after = made.and_then(|made| rows_of(&made));
                after.map(|after| !(law.holds)(before, &after))
            };
            match breaks(text, before) {
                None => {}
                Some(false) => spoken += 1,
                Some(true) => {
                    let fails = |text: &str| rows_of(text).and_then(|before| breaks(text, &before)) == Some(true);
                    panic!("{} (seed {seed}):\n{}", law.name, shrink(text, fails));
                }
            }
        }
        println!("{}: {spoken} of {} programs", law.name, started.len());
        assert!(spoken * 20 >= started.len(), "{} speaks of {spoken} of {} programs", law.name, started.len());
    }
}

fn tree(text: &str) -> Ast {
    parse(Default::default(), text).0
}

/// The tree, if more rows of anything cannot mean fewer rows of something else.
fn positive(text: &str) -> Option<Ast> {
    let ast = tree(text);
    let grows = ast.items.iter().all(|item| match &item.kind {
        ItemKind::Rule(rule) => rule.body.iter().all(is_positive),
        _ => true,
    });
    grows.then_some(ast)
}

fn is_positive(literal: &Literal) -> bool {
    let counts = |term: &entail::syntax::Term| matches!(term.kind, TermKind::Aggregate(_));
    match &literal.kind {
        LiteralKind::Atom(_) => true,
        LiteralKind::Not(_) => false,
        LiteralKind::Compare { left, right, .. } => !counts(left) && !counts(right),
        LiteralKind::Or(branches) => branches.iter().flatten().all(is_positive),
    }
}

fn rules(ast: &mut Ast) -> Vec<&mut Rule> {
    ast.items
        .iter_mut()
        .filter_map(|item| if let ItemKind::Rule(rule) = &mut item.kind { Some(rule) } else { None })
        .collect()
}

/// One of the rules of a tree.
fn a_rule<'a>(ast: &'a mut Ast, dice: &mut Dice) -> Option<&'a mut Rule> {
    let mut rules = rules(ast);
    if rules.is_empty() { None } else { Some(rules.swap_remove(dice.below(rules.len()))) }
}

/// A condition of one rule stands in another too, with other variables.
fn add_condition(text: &str, _: &Relations, dice: &mut Dice) -> Option<String> {
    let mut ast = positive(text)?;
    let facts: Vec<_> = ast
        .items
        .iter()
        .filter_map(|item| if let ItemKind::Fact(fact) = &item.kind { Some(fact.atom.clone()) } else { None })
        .collect();
    let fact = if facts.is_empty() { return None } else { dice.pick(&facts) };
    let rule = a_rule(&mut ast, dice)?;
    rule.body.push(Literal { span: fact.span, kind: LiteralKind::Atom(fact) });
    dice.shuffle(&mut rule.body);
    Some(print(&ast))
}

fn drop_condition(text: &str, _: &Relations, dice: &mut Dice) -> Option<String> {
    let mut ast = positive(text)?;
    let rule = a_rule(&mut ast, dice)?;
    if rule.body.len() < 2 {
        return None;
    }
    let at = dice.below(rule.body.len());
    rule.body.remove(at);
    Some(print(&ast))
}

/// A fact of a relation with its columns shuffled among its rows.
fn add_fact(text: &str, before: &Relations, dice: &mut Dice) -> Option<String> {
    positive(text)?;
    let (name, rows) = dice.pick(&before.iter().collect::<Vec<_>>());
    let rows: Vec<_> = rows.iter().collect();
    let width = rows.first()?.len();
    let row: Vec<Value> = (0..width).map(|column| dice.pick(&rows)[column].clone()).collect();
    Some(format!("{text}{}.\n", atom(name, &spell(&row))))
}

/// Another symbol for each, no two the same, in the same order.
fn renamed_symbol(text: &str) -> Value {
    Value::symbol(format!("z{text}"))
}

/// Nothing is computed of a symbol, and each is another one.
fn rename_symbols(text: &str, _: &Relations, _: &mut Dice) -> Option<String> {
    let mut ast = tree(text);
    let mut computes = false;
    each_term(&mut ast, &mut |term| match &mut term.kind {
        TermKind::Constant { value, spelling } => {
            if let Value::Symbol(text) = value {
                (*value, *spelling) = (renamed_symbol(text), None);
            }
        }
        TermKind::Call { .. } | TermKind::Foreign { .. } => computes = true,
        _ => {}
    });
    (!computes).then(|| print(&ast))
}

/// `p(X) :- a(X, Y), b(Y).` becomes `p(X) :- law_fold(X, Y). law_fold(X, Y) :- a(X, Y), b(Y).`
fn fold(text: &str, _: &Relations, dice: &mut Dice) -> Option<String> {
    let mut ast = tree(text);
    let rule = a_rule(&mut ast, dice)?;
    let plain = |literal: &&Literal| match &literal.kind {
        LiteralKind::Atom(atom) => {
            let plain = |kind: &TermKind| {
                matches!(kind, TermKind::Variable(_) | TermKind::Constant { .. } | TermKind::Wildcard)
            };
            atom.citation.is_none() && atom.args.iter().all(|arg| plain(&arg.kind))
        }
        _ => false,
    };
    if rule.body.len() < 2 || rule.body.iter().filter(plain).count() < 2 {
        return None;
    }
    let (folded, kept): (Vec<Literal>, Vec<Literal>) = rule.body.drain(..).partition(|literal| plain(&literal));
    let mut variables: Vec<String> = Vec::new();
    for literal in &folded {
        let LiteralKind::Atom(atom) = &literal.kind else { continue };
        for arg in &atom.args {
            if let TermKind::Variable(name) = &arg.kind
                && !variables.contains(name)
            {
                variables.push(name.clone());
            }
        }
    }
    let helper = atom("law_fold", &variables);
    let mut lines = tree(&format!("{helper} :- law_fold. law_fold :- {helper}."));
    let [one, other] = <[&mut Rule; 2]>::try_from(rules(&mut lines)).ok()?;
    rule.body = std::mem::take(&mut other.body);
    rule.body.extend(kept);
    one.body = folded;
    let definition = lines.items.swap_remove(0);
    ast.items.push(definition);
    Some(print(&ast))
}

/// The rules of a relation are replaced by the rows that they derive.
fn freeze(text: &str, before: &Relations, dice: &mut Dice) -> Option<String> {
    let mut ast = tree(text);
    let name = a_rule(&mut ast, dice)?.head.name.text.clone();
    ast.items.retain(|item| !matches!(&item.kind, ItemKind::Rule(rule) if rule.head.name.text == name));
    let declared = declare(&relation(text, &name)?, &ast);
    let facts: Vec<String> = before[&name].iter().map(|row| atom(&name, &spell(row)) + ".\n").collect();
    Some(declared + &print(&ast) + &facts.concat())
}

/// What is small and what is not are all there is.
fn part(text: &str, before: &Relations, dice: &mut Dice) -> Option<String> {
    let (name, rows) = one_with_columns(before, dice)?;
    let row = dice.pick(&rows.iter().collect::<Vec<_>>());
    let column = dice.below(row.len());
    if matches!(row[column], Value::Record(_)) {
        return None;
    }
    let (vars, pivot) = (variables(row.len()), spelled(&row[column]));
    let head = |name| atom(name, &vars);
    Some(format!(
        "{text}{found} :- {all}, {x} < {pivot}.\n{found} :- {all}, {x} >= {pivot}.\n{wanted} :- {all}.\n",
        found = head("law_found"),
        wanted = head("law_wanted"),
        all = head(name),
        x = vars[column],
    ))
}

fn pivot(text: &str, before: &Relations, dice: &mut Dice) -> Option<String> {
    let (name, rows) = one_with_columns(before, dice)?;
    let row = dice.pick(&rows.iter().collect::<Vec<_>>());
    let row = spell(row);
    let vars = variables(row.len());
    let equal: Vec<String> = vars.iter().zip(&row).map(|(variable, value)| format!("{variable} = {value}")).collect();
    Some(format!(
        "{text}law_wanted({values}).\nlaw_found({values}) :- {asked}.\nlaw_found({columns}) :- {all}, {equal}.\n",
        values = row.join(", "),
        columns = vars.join(", "),
        asked = atom(name, &row),
        all = atom(name, &vars),
        equal = equal.join(", "),
    ))
}

fn deny_twice(text: &str, before: &Relations, dice: &mut Dice) -> Option<String> {
    let (name, rows) = one_with_columns(before, dice)?;
    let row = dice.pick(&rows.iter().collect::<Vec<_>>());
    let (vars, row) = (variables(row.len()), spell(row));
    let head = |name| atom(name, &vars);
    Some(format!(
        "{text}{wanted} :- {all}.\n{other} :- {all}, {one} != {value}.\n{gone} :- {all}, not {other}.\n\
         {found} :- {all}, not {gone}.\n{found} :- {gone}, {all}.\n",
        wanted = head("law_wanted"),
        found = head("law_found"),
        other = head("law_other"),
        gone = head("law_gone"),
        all = head(name),
        one = vars[0],
        value = row[0],
    ))
}

/// As many rows as there are, and as the groups by their first column have together.
fn count(text: &str, before: &Relations, dice: &mut Dice) -> Option<String> {
    let (name, rows) = one_with_columns(before, dice)?;
    let mut vars = variables(rows.first()?.len());
    let all = atom(name, &vars);
    let first = vars.remove(0);
    Some(format!(
        "{text}law_wanted({rows}, {rows}).\nlaw_group({first}, N) :- {all_of_group}, N = count : {{ {all} }}.\n\
         law_found(N, M) :- N = count : {{ {everything} }}, M = sum S : {{ law_group(_, S) }}.\n",
        rows = rows.len(),
        all_of_group = atom(name, &[vec![first.clone()], vec!["_".to_owned(); vars.len()]].concat()),
        everything = atom(name, &vec!["_".to_owned(); vars.len() + 1]),
    ))
}

fn turn_round(text: &str, before: &Relations, dice: &mut Dice) -> Option<String> {
    let (name, rows) = one_with_columns(before, dice)?;
    let row = rows.first()?;
    let column = (0..row.len()).find(|column| matches!(row[*column], Value::Number(_) | Value::Float(_)))?;
    let mut args = vec!["_".to_owned(); row.len()];
    args[column] = "X".to_owned();
    let all = atom(name, &args);
    Some(format!(
        "{text}law_wanted(N) :- N = min X : {{ {all} }}.\nlaw_turned(-X) :- {all}.\n\
         law_found(-N) :- N = max X : {{ law_turned(X) }}.\n",
    ))
}

/// A relation with columns and rows.
fn one_with_columns<'a>(before: &'a Relations, dice: &mut Dice) -> Option<(&'a str, &'a Rows)> {
    let has_columns = |rows: &&Rows| rows.first().is_some_and(|row| !row.is_empty());
    let fitting: Vec<_> = before.iter().filter(|(_, rows)| has_columns(rows)).collect();
    if fitting.is_empty() {
        return None;
    }
    let (name, rows) = dice.pick(&fitting);
    Some((name, rows))
}

fn relation(text: &str, name: &str) -> Option<Relation> {
    let program = read(text).ok()?;
    program.relations.iter().find(|relation| relation.role == Role::Named && relation.name == name).cloned()
}

/// The declaration of a relation whose columns nothing else may tell, unless it has one.
fn declare(relation: &Relation, ast: &Ast) -> String {
    let declares = |item: &Item| matches!(&item.kind, ItemKind::Relation(decl) if decl.name.text == relation.name);
    let declared = ast.items.iter().any(declares);
    if declared {
        return String::new();
    }
    let ty = |ty| if ty == Type::Record { "Tree" } else { Type::name(ty) };
    let columns = relation.columns.iter().enumerate().map(|(at, column)| format!("x{at}: {}", ty(column.ty)));
    format!(".decl {}({})\n", relation.name, columns.collect::<Vec<_>>().join(", "))
}

fn variables(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("L{at}")).collect()
}

fn spell(row: &[Value]) -> Vec<String> {
    row.iter().map(spelled).collect()
}
