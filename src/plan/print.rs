//! A plan that people can read: stratum by stratum and rule by rule, the steps in the order in which they run.
//!
//! In: a checked program, and what the planner knows of the facts. Out: a text for someone who knows the rules but not
//! the engine. Promise: it is the plan that these counts lead to, and the same bytes every time.

use super::naming::{self, Naming};
use super::wording::{Below, Line, Wording};
use super::{Choices, Index, Pipeline, RulePlan, Stats, StratumPlan, indexes, plan, rewrite};
use crate::check::{Program, RelationId, Stratum, StratumId};
use crate::data::{Order, SymbolTable, Symbols};
use crate::report::{Sources, visible};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How the given strata are evaluated when relations have these counts.
///
/// Each has its relations; its rules as written, with their steps; and the indexes that the steps look rows up in. To
/// tell of one rule, give the stratum of its relation; `plan::needed` finds those before it.
pub fn describe(
    program: &Program,
    strata: &[StratumId],
    stats: &Stats,
    symbols: &Symbols,
    choices: Choices,
    sources: &Sources,
) -> String {
    let mut out = String::new();
    for (at, &stratum) in strata.iter().enumerate() {
        let rules = rewrite(program, stratum);
        let described = &program.strata[stratum];
        let plan = plan(&described.relations, &rules, stats, symbols, choices.within(described));
        let printer = Printer { program, stats, symbols: &symbols.read(), sources, stratum: described };
        if at > 0 {
            out.push('\n');
        }
        indented(0, &format!("Stratum {} of {}: {}", at + 1, strata.len(), printer.title(&plan)), &mut out);
        plan.rules.iter().for_each(|rule| printer.rule(&plan, rule, &mut out));
        printer.indexes(&plan, &mut out);
    }
    out
}

struct Printer<'a> {
    program: &'a Program,
    stats: &'a Stats,
    symbols: &'a SymbolTable,
    sources: &'a Sources,
    stratum: &'a Stratum,
}

impl Printer<'_> {
    fn title(&self, plan: &StratumPlan<'_>) -> String {
        let names: Vec<String> = plan.relations.iter().map(|relation| self.relation(*relation)).collect();
        let names = names.join(", ");
        if !self.stratum.recursive {
            return names;
        }
        let or_full = self.stratum.limits.iter().map(|limit| {
            let rows = crate::report::count(limit.rows, "row");
            format!(" or {} has {rows}", self.relation(limit.relation))
        });
        format!("{names}; recursive, in rounds until nothing new follows{}", or_full.collect::<String>())
    }

    fn relation(&self, relation: RelationId) -> String {
        naming::relation(self.program, relation)
    }

    /// The rule as written and where, then its steps.
    fn rule(&self, plan: &StratumPlan<'_>, rule: &RulePlan<'_>, out: &mut String) {
        let span = self.program.rules[rule.rule].span;
        out.push('\n');
        indented(1, &self.sources.place(span), out);
        let lines = self.sources.slice(span).lines().map(str::trim).filter(|line| !line.is_empty());
        lines.enumerate().for_each(|(at, line)| indented(if at == 0 { 2 } else { 4 }, line, out));
        let (first, later) = match (self.stratum.recursive, rule.later.is_empty()) {
            (false, _) => ("Once", "Later"),
            (true, true) => ("Only in the first round", "Later"),
            (true, false) => ("First round", "Each later round"),
        };
        self.pipelines(first, rule, &rule.first, out);
        self.pipelines(later, rule, &rule.later, out);
        self.chains(plan, rule, out);
    }

    /// The chains that a rule is evaluated as.
    fn chains(&self, plan: &StratumPlan<'_>, rule: &RulePlan<'_>, out: &mut String) {
        let Some(chains) = &plan.chains else { return };
        for chain in chains.chains.iter().filter(|chain| chain.rule == rule.rule) {
            let naming = Naming::new(self.program, &self.program.rules[rule.rule], self.symbols);
            let (title, lines) = Wording::new(naming, self.stats).chain(chain, chains);
            indented(2, &title, out);
            numbered(&lines, 3, out);
        }
    }

    /// Pipelines that are run after each other.
    fn pipelines(&self, title: &str, rule: &RulePlan<'_>, pipelines: &[Pipeline<'_>], out: &mut String) {
        for (at, pipeline) in pipelines.iter().enumerate() {
            match pipelines.len() {
                1 => indented(2, &format!("{title}:"), out),
                all => indented(2, &format!("{title}, part {} of {all}:", at + 1), out),
            }
            let original = &self.program.rules[rule.rule];
            let naming = Naming::new(self.program, original, self.symbols);
            let steps = Wording::new(naming, self.stats).pipeline(rule.written.head, pipeline);
            numbered(&steps, 3, out);
        }
    }

    /// The orders that each relation must offer.
    fn indexes(&self, plan: &StratumPlan<'_>, out: &mut String) {
        let mut all = Vec::new();
        for rule in &plan.rules {
            rule.first.iter().chain(&rule.later).for_each(|pipeline| indexes(&pipeline.steps, &mut all));
        }
        let of_chains = plan.chains.iter().flat_map(|chains| chains.pipelines());
        of_chains.for_each(|pipeline| indexes(&pipeline.steps, &mut all));
        let mut needed: BTreeMap<RelationId, Indexes<'_>> = BTreeMap::new();
        let with_columns = all.into_iter().filter(|index| {
            !index.order.columns().is_empty() && !self.program.relations[index.relation].is_equivalence
        });
        for Index { relation, order, paths } in with_columns {
            let Indexes { by_columns, by_paths } = needed.entry(relation).or_default();
            by_columns.insert(order);
            by_paths.extend((!paths.is_empty()).then(|| naming::paths(self.program, relation, paths)));
        }
        if needed.is_empty() {
            return;
        }
        out.push_str("\n  Indexes, by the order of columns:\n");
        for (relation, Indexes { by_columns, by_paths }) in needed {
            let by_columns = by_columns.into_iter().map(|order| naming::order(self.program, relation, order));
            let all: Vec<String> = by_columns.chain(by_paths).collect();
            indented(2, &format!("{} {}", self.relation(relation), all.join(" ")), out);
        }
    }
}

/// The indexes of one relation.
#[derive(Default)]
struct Indexes<'a> {
    by_columns: BTreeSet<&'a Order>,
    /// Those by fields of records, as they are printed.
    by_paths: BTreeSet<String>,
}

/// Steps with their numbers, and below each what it is made of.
fn numbered(lines: &[Line], depth: usize, out: &mut String) {
    for (line, number) in lines.iter().zip(1..) {
        indented(depth, &format!("{number}. {}", line.text), out);
        below(line, depth + 1, out);
    }
}

/// Ways of which any may lead on, with letters.
fn lettered(lines: &[Line], depth: usize, out: &mut String) {
    for (line, at) in lines.iter().zip(0..) {
        indented(depth, &format!("{}. {}", letters(at), line.text), out);
        below(line, depth + 1, out);
    }
}

fn below(line: &Line, depth: usize, out: &mut String) {
    match &line.below {
        Below::Nothing => {}
        Below::Steps(steps) => numbered(steps, depth, out),
        Below::Ways(ways) => lettered(ways, depth, out),
    }
}

/// A line; what a terminal would obey in it is written as an escape.
fn indented(depth: usize, text: &str, out: &mut String) {
    writeln!(out, "{:width$}{}", "", visible(text), width = 2 * depth).expect("a string takes all text");
}

/// a, b, … z, aa, ab, …
fn letters(at: usize) -> String {
    let last = char::from(b'a' + u8::try_from(at % 26).expect("less than 26"));
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}
