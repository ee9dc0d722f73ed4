//! What runs and what it costs: `.plan`, `.strata`, `.profile`, `.stats`.

use super::conversation::{After, Conversation};
use super::files::{expanded, write_whole};
use super::words::words;
use crate::check::{RelationId, Role, relations_of, relations_tested};
use crate::console::{Exit, elapsed, spelled_bytes};
use crate::data::{Type, Value};
use crate::formats::{self, Field, Row};
use crate::report::{count, grouped};
use crate::session::{Costs, RuleCosts};
use std::collections::BTreeSet;
use std::time::Duration;

impl Conversation {
    /// `.plan [QUERY]`
    pub(super) fn plan(&mut self, args: &str) -> Result<After, Exit> {
        let plan = if args.is_empty() { Ok(self.session.plan()) } else { self.session.plan_of("prompt", args) };
        match plan {
            Ok(text) if text.is_empty() => {
                self.console.remark("there are no rules to plan");
                Ok(After::GoOn)
            }
            Ok(text) => self.out(&text),
            Err(failure) => self.failed(failure).map(|()| After::GoOn),
        }
    }

    /// `.strata`
    pub(super) fn strata(&mut self, _: &str) -> Result<After, Exit> {
        let program = self.session.program();
        let name = |id: &RelationId| program.relations[*id].name.as_str();
        let mut text = String::new();
        let mut number = 0;
        for (id, stratum) in program.strata.enumerate() {
            if stratum.relations.iter().all(|id| program.relations[*id].role != Role::Named) {
                continue;
            }
            number += 1;
            let names: Vec<&str> = stratum.relations.iter().map(name).collect();
            let recursive = if stratum.recursive { ", until nothing new follows" } else { "" };
            let (mut read, mut tested) = (BTreeSet::new(), BTreeSet::new());
            for rule in program.rules_of(id) {
                relations_of(&program.rules[rule].body, &mut read);
                relations_tested(&program.rules[rule].body, &mut tested);
            }
            let reads = |wanted: bool| {
                let reads = read.iter().filter(|id| !stratum.relations.contains(id) && tested.contains(*id) == wanted);
                reads.map(name).collect::<Vec<_>>().join(", ")
            };
            let rules = count(stratum.rules.len(), "rule");
            text.push_str(&format!("{number:>4}  {}  ({rules}{recursive})\n", names.join(", ")));
            for (what, names) in [("reads", reads(false)), ("after all of", reads(true))] {
                if !names.is_empty() {
                    text.push_str(&format!("        {what} {names}\n"));
                }
            }
        }
        self.console.show(&text, true)?;
        self.console.remark(&format!("{} that derive relations", count(number, "group")));
        Ok(After::GoOn)
    }

    /// `.profile [FILE]`
    pub(super) fn profile(&mut self, args: &str) -> Result<After, Exit> {
        let costs = self.session.costs();
        match &words(args)[..] {
            [] if costs.strata.is_empty() => {
                self.console.remark("nothing is evaluated yet: ask something first");
                Ok(After::GoOn)
            }
            [] => self.show_costs(&costs),
            [file] => {
                let path = expanded(file);
                match write_whole(&path, |out| out.write_all(formats::json_text(&costs).as_bytes())) {
                    Ok(()) => {
                        self.console.remark(&format!("wrote {}", path.display()));
                        Ok(After::GoOn)
                    }
                    Err(diagnostic) => self.refuse(diagnostic),
                }
            }
            _ => self.misused("profile", "name one file, or none"),
        }
    }

    /// The rules, the dearest first.
    fn show_costs(&mut self, costs: &Costs) -> Result<After, Exit> {
        let mut rules: Vec<&RuleCosts> = costs.strata.iter().flat_map(|stratum| &stratum.rules).collect();
        // Rules of which the time is not known are run set by set, and may be the dearest.
        let time = |rule: &RuleCosts| rule.seconds.unwrap_or(f64::INFINITY);
        rules.sort_by(|a, b| time(b).total_cmp(&time(a)).then(b.found.cmp(&a.found)).then(a.place.cmp(&b.place)));
        let number = |number: usize| Value::Number(i64::try_from(number).expect("counts fit"));
        let text = |text: &str| Value::symbol(text);
        let rows = rules.iter().map(|rule| {
            let time = rule.seconds.map_or("-".into(), |seconds| elapsed(Duration::from_secs_f64(seconds)));
            let found = rule.found.map_or("-".into(), grouped);
            let first = rule.rule.lines().next().unwrap_or_default();
            let values = vec![text(&time), text(&found), number(rule.rounds), text(&rule.place), text(first)];
            Row { values, citations: Vec::new() }
        });
        let kinds = [Type::Symbol, Type::Symbol, Type::Number, Type::Symbol, Type::Symbol];
        let fields = ["time", "found", "rounds", "place", "rule"].into_iter().zip(kinds);
        let fields: Vec<Field> = fields.map(|(name, ty)| Field::new(name, ty)).collect();
        self.table("profile", &fields, &mut rows.into_iter())?;
        let total: f64 = costs.strata.iter().map(|stratum| stratum.seconds).sum();
        let derived: usize = costs.strata.iter().map(|stratum| stratum.rows).sum();
        let (rules, rows) = (count(rules.len(), "rule"), count(derived, "row"));
        self.console.remark(&format!("{rules} derived {rows} in {}", elapsed(Duration::from_secs_f64(total))));
        Ok(After::GoOn)
    }

    /// `.stats [on|off]`
    pub(super) fn stats(&mut self, args: &str) -> Result<After, Exit> {
        if !args.is_empty() {
            return self.set_or_show("stats", args);
        }
        let progress = self.session.limits.meter.progress();
        let costs = self.costs(progress.rounds, progress.tuples);
        self.out(&format!("{}\n{costs}\n", count(self.session.fact_count(), "fact")))
    }

    /// `12 rounds · 1,204 rows derived · 34 MiB in use`
    pub(super) fn costs(&self, rounds: usize, tuples: usize) -> String {
        let memory = spelled_bytes((self.settings.used)());
        format!("{} · {} rows derived · {memory} in use", count(rounds, "round"), grouped(tuples))
    }
}
