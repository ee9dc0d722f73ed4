//! The programs in the dialects of other engines.
//!
//! In: a program of `benches/programs`, and what it derives. Out: the same program, as another engine reads it. It is
//! one text for all; only what the dialects differ in is changed here.

use crate::workloads::Derived;
use std::collections::HashSet;

/// Soufflé wants derived relations declared, and has `!` for `not`.
pub(crate) fn souffle(text: &str) -> String {
    let mut declared: HashSet<&str> = text.lines().filter_map(|line| relation(line.strip_prefix(".decl ")?)).collect();
    let mut out = String::new();
    for rule in text.lines().filter(|line| !line.starts_with('.')) {
        if let Some(head) = relation(rule).filter(|head| declared.insert(head)) {
            let columns = rule.split(')').next().map_or(0, |head| head.split(',').count());
            out += &declaration(head, columns, "number");
        }
    }
    out + &text.replace(" not ", " !")
}

/// The name of the relation that a line begins with.
fn relation(line: &str) -> Option<&str> {
    Some(line.split_once('(')?.0)
}

/// FlowLog too; its numbers have a width, and it has no `_`.
pub(crate) fn flowlog(text: &str, derived: &[Derived]) -> String {
    let text = text.replace(": number", ": int32").replace("IO=file", "IO=\"file\"");
    let (directives, rules): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with('.'));
    let (printed, read): (Vec<_>, Vec<_>) = directives.into_iter().partition(|line| line.starts_with(".printsize"));
    let named: Vec<_> = rules.into_iter().map(name_wildcards).collect();
    format!("{}\n{}{}\n{}\n", read.join("\n"), declarations(derived, "int32"), named.join("\n"), printed.join("\n"))
}

/// datatoad reads a command a line, and writes `!=` as a relation.
pub(crate) fn datatoad(text: &str) -> String {
    let mut out = String::new();
    for relation in inputs(text) {
        out += &format!(".flow {relation} {relation}.csv\n");
    }
    for rule in text.lines().filter(|line| !line.starts_with('.')) {
        out += &name_wildcards(&rule.replace("X != Y", ":noteq(X, Y)"));
        out.push('\n');
    }
    out + ".list\n.quit\n"
}

/// Nemo marks variables, and counts by a rule.
pub(crate) fn nemo(text: &str, answer: &str, columns: usize) -> String {
    let mut out = String::new();
    for relation in inputs(text) {
        let declared = text.lines().find(|line| line.starts_with(&format!(".decl {relation}(")));
        let format = vec!["int"; declared.map_or(0, |line| line.matches(':').count())].join(", ");
        out += &format!("@import {relation} :- csv{{resource=\"{relation}.csv\", format=({format})}} .\n");
    }
    for rule in text.lines().filter(|line| !line.starts_with('.')) {
        out += &mark_variables(&name_wildcards(rule));
        out.push('\n');
    }
    let counted: Vec<_> = (0..columns).map(|column| format!("?X{column}")).collect();
    let counted = counted.join(", ");
    out + &format!("rows(#count({counted})) :- {answer}({counted}) .\n@export rows :- csv{{resource=\"\"}} .\n")
}

/// `?X` for `X`.
fn mark_variables(rule: &str) -> String {
    let mut out = String::new();
    let mut is_inside = false;
    for c in rule.chars() {
        if c.is_ascii_uppercase() && !is_inside {
            out.push('?');
        }
        is_inside = c.is_ascii_alphanumeric() || c == '_';
        out.push(c);
    }
    out
}

/// The relations that a program reads.
fn inputs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.strip_prefix(".input ")?.split('(').next())
}

fn declarations(derived: &[Derived], ty: &str) -> String {
    derived.iter().map(|derived| declaration(derived.relation, derived.columns, ty)).collect()
}

fn declaration(relation: &str, columns: usize, ty: &str) -> String {
    let columns: Vec<_> = (0..columns).map(|column| format!("x{column}: {ty}")).collect();
    format!(".decl {relation}({})\n", columns.join(", "))
}

/// `p(X) :- q(X, _).` with a variable for `_`, of which no rule has two.
fn name_wildcards(rule: &str) -> String {
    rule.replace("_)", "Unused)").replace("(_,", "(Unused,")
}
