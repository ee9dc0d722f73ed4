//! Why a fact does not hold, as text.
//!
//! In: what its rules lack, with the changes that would make it hold. Out: for each rule its conditions, those that hold
//! marked `✓`, those that fail `✗` with the reason; missing rows below the condition that lacks them.

use super::text::{footnote_text, listed};
use crate::check::{Program, Relation, Role, SizeLimit};
use crate::data::{IdVec, Value};
use crate::explain::apart::Belongs;
use crate::explain::evidence::Evidence;
use crate::explain::missing::{Condition, Missing, MissingId, Misspelt, Tried, WhyNot};
use crate::explain::proof::{Aggregate, Premise, Side};
use crate::explain::repairs::change::{Change, Repairs};
use crate::explain::words::Words;
use crate::formats::escape;
use crate::report::{Sources, count};

/// Levels below which rows that are missing are told further down.
const DEEP: usize = 12;

/// What is told of a fact that does not hold, and what it speaks of.
#[derive(Clone, Copy)]
pub struct Lack<'a> {
    /// The program.
    pub program: &'a Program,
    /// The texts that its rules stand in.
    pub sources: &'a Sources,
    /// What the rules lack.
    pub why_not: &'a WhyNot,
    /// What would make it hold.
    pub repairs: &'a Repairs,
    /// The claims behind what stands in the way.
    pub evidence: &'a Evidence,
}

/// Why a fact does not hold, as text.
pub fn why_not_text(lack: Lack<'_>) -> String {
    let Lack { program, sources, why_not, repairs, evidence } = lack;
    let seen = why_not.missing.iter().map(|_| false).collect();
    let words = Words::new(program);
    let mut telling =
        Telling { program, words, sources, why_not, evidence, seen, text: String::new(), later: Vec::new() };
    let first = why_not.missing.ids().next().expect("something was asked for");
    telling.missing(first, "", 0);
    while let Some(missing) = telling.later.pop() {
        telling.text.push('\n');
        telling.missing(missing, "", 0);
    }
    let mut text = telling.text;
    if why_not.is_cut {
        text.push_str(
            "The search for reasons was stopped: some may be nearer, and some of what they rest on is left out.\n",
        );
    }
    text.push_str(&escape_lines(&repairs_text(program, repairs)));
    for (number, footnote) in (1..).zip(&evidence.footnotes) {
        text.push_str(&format!("[{number}] {}\n", escape(&footnote_text(footnote))));
    }
    text
}

struct Telling<'a> {
    program: &'a Program,
    words: Words<'a>,
    sources: &'a Sources,
    why_not: &'a WhyNot,
    evidence: &'a Evidence,
    seen: IdVec<MissingId, bool>,
    text: String,
    later: Vec<MissingId>,
}

impl Telling<'_> {
    fn line(&mut self, indent: &str, text: &str) {
        self.text.push_str(indent);
        self.text.push_str(&escape(text));
        self.text.push('\n');
    }

    /// A row that is missing, and what each rule lacks.
    fn missing(&mut self, id: MissingId, indent: &str, depth: usize) {
        self.seen[id] = true;
        let missing = &self.why_not.missing[id];
        let row = self.row(missing);
        let described = &self.program.relations[missing.relation];
        let is_question = described.role == Role::Query;
        if depth == 0 {
            let lacks = if is_question && !missing.args.is_empty() { "has no answer" } else { "does not hold" };
            self.line(indent, &format!("{row} {lacks}."));
        }
        for misspelt in &missing.misspelt {
            let line = self.misspelt(described, misspelt);
            self.line(indent, &line);
        }
        if !missing.is_followed {
            self.line(indent, "There was no time to look at its rules.");
            return;
        }
        if let Some(SizeLimit { relation, rows }) = missing.limit {
            let name = &self.program.relations[relation].name;
            let limit =
                format!("`.limitsize {name}(n={rows})` ended the evaluation: its rules may derive it all the same.");
            self.line(indent, &limit);
        }
        if let Some(apart) = self.apart(&missing.apart) {
            self.line(indent, &apart);
        }
        if missing.attempts.is_empty() && missing.unfit == 0 {
            self.line(indent, "No rule derives it, and it is not stored.");
        }
        if !missing.nearest.is_empty() {
            let rows: Vec<String> = missing.nearest.iter().map(|row| self.atom(missing, row)).collect();
            self.line(indent, &format!("Near: {}", listed(&rows, "and")));
        }
        if missing.unfit > 0 {
            let (rules, make) = (count(missing.unfit, "rule"), if missing.unfit == 1 { "makes" } else { "make" });
            self.line(indent, &format!("{rules} {make} other rows only."));
        }
        for tried in &missing.attempts {
            let line = self.holding(tried, is_question);
            self.line(indent, &line);
            self.tried(tried, indent, depth);
        }
    }

    /// `No row of `reach` has `parris` as from: did you mean `paris`?`
    fn misspelt(&self, described: &Relation, misspelt: &Misspelt) -> String {
        let [value, near] = [&misspelt.value, &misspelt.near].map(|value| self.words.value(value));
        let is_last = described.columns.last().is_some_and(|column| column.name == misspelt.column);
        let lacks = match described.role {
            Role::Citations(of) if is_last => {
                format!("No fact of `{}` cites `{value}`", self.program.relations[of].name)
            }
            Role::Citations(of) => {
                format!("No row of `{}` has `{value}` as {}", self.program.relations[of].name, misspelt.column)
            }
            Role::Named | Role::Query | Role::Constraint | Role::Auxiliary | Role::CameUp(_) | Role::GivingWay(_) => {
                format!("No row of `{}` has `{value}` as {}", described.name, misspelt.column)
            }
        };
        format!("{lacks}: did you mean `{near}`?")
    }

    /// How many of a rule's conditions hold, and where it stands.
    fn holding(&self, tried: &Tried, is_question: bool) -> String {
        let (holding, all) = (tried.holding(), tried.conditions.len());
        // A question has its conditions itself.
        let [its, of] =
            if is_question { ["Its", "Of"] } else { ["A rule could derive it; its", "A rule could derive it; of"] };
        let conditions = match (holding, all) {
            (0, 1) => format!("{its} one condition does not hold."),
            (0, all) => format!("{of} its {all} conditions none holds."),
            (1, all) => format!("{of} its {} 1 holds.", count(all, "condition")),
            (holding, all) => format!("{of} its {all} conditions {holding} hold."),
        };
        let span = self.program.rules[tried.rule].span;
        if is_question { conditions } else { format!("{conditions}  {}", self.sources.place(span)) }
    }

    /// `a belongs with b and c, d with e: no pair joins the two.`
    fn apart(&self, apart: &[Belongs]) -> Option<String> {
        let written = |value: &Value| self.words.value(value);
        let belongs = |Belongs { value, with, more, is_known }: &Belongs| {
            let mut others: Vec<String> = with.iter().map(written).collect();
            others.extend((*more > 0).then(|| format!("{more} more")));
            let others = match is_known {
                true if others.is_empty() => "nothing else".to_owned(),
                true => listed(&others, "and"),
                false => return format!("{} stands in no pair", written(value)),
            };
            format!("{} belongs with {others}", written(value))
        };
        let told: Vec<String> = apart.iter().map(belongs).collect();
        match &told[..] {
            [] => None,
            [only] => Some(format!("{only}.")),
            several => Some(format!("{}: no pair joins the two.", several.join(", "))),
        }
    }

    fn row(&self, missing: &Missing) -> String {
        let args: Vec<Option<&Value>> = missing.args.iter().map(Option::as_ref).collect();
        self.words.missing(missing.relation, &args)
    }

    fn atom(&self, missing: &Missing, row: &[Value]) -> String {
        self.words.pattern(missing.relation, &row.iter().map(Some).collect::<Vec<_>>())
    }

    fn tried(&mut self, tried: &Tried, indent: &str, depth: usize) {
        let last = tried.conditions.len().saturating_sub(1);
        for (at, condition) in tried.conditions.iter().enumerate() {
            let (branch, rest) = if at == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let mark = if condition.holds() { "✓" } else { "✗" };
            let line = self.condition(condition);
            self.line(&format!("{indent}{branch}{mark} "), &line);
            if let Condition::Decided { from, .. } = condition {
                for aggregate in from {
                    let line = self.aggregate(aggregate);
                    self.line(&format!("{indent}{rest}  "), &line);
                }
            }
            if let Condition::Missing { missing } = condition {
                let below = format!("{indent}{rest}  ");
                match self.seen[*missing] {
                    true => {}
                    false if depth >= DEEP => {
                        self.seen[*missing] = true;
                        self.later.push(*missing);
                    }
                    false => self.missing(*missing, &below, depth + 1),
                }
            }
        }
    }

    /// `3 = count X : { … }: X = a; b; c`. A name that every row begins with is said once.
    fn aggregate(&self, aggregate: &Aggregate) -> String {
        // Rows without a name to tell them by are told by their number.
        let told = aggregate.rows.iter().filter(|row| !row.values.is_empty() || row.target.is_some());
        let rows: Vec<String> = told.map(|row| self.words.row(row)).collect();
        let text = self.words.aggregate(aggregate);
        let Some((first, others)) = rows.split_first() else { return text };
        let alone = aggregate.rows.iter().all(|row| row.values.len() == 1 && !row.target.iter().any(Side::is_computed));
        let name = first.split_inclusive(" = ").next().filter(|_| alone).unwrap_or_default();
        let others = others.iter().map(|row| format!("; {}", row.strip_prefix(name).unwrap_or(row)));
        format!("{text}: {first}{}", others.collect::<String>())
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Found { relation, row } => {
                let row: Vec<Option<&Value>> = row.iter().map(Some).collect();
                self.words.sentence(*relation, &row).unwrap_or_else(|| self.words.pattern(*relation, &row))
            }
            Condition::Missing { missing } => {
                let seen = if self.seen[*missing] { "  (as above)" } else { "" };
                format!("{} is missing{seen}", self.row(&self.why_not.missing[*missing]))
            }
            Condition::Blocked { relation, args, by, citations } => {
                let numbers = self.evidence.numbers(citations);
                let marks: String = numbers.iter().map(|number| format!(" [{number}]")).collect();
                self.words.blocked(*relation, args, by, &marks)
            }
            Condition::Decided { premise: Premise::Aggregate(aggregate), .. } => self.aggregate(aggregate),
            Condition::Decided { premise, .. } => self.words.premise(premise).unwrap_or_default(),
            Condition::Aggregate { text, value, wanted } => match (value, wanted) {
                (Some(value), Some(wanted)) => {
                    format!("{} = {text}, but it is {}", self.words.value(wanted), self.words.value(value))
                }
                (None, _) | (Some(_), None) => format!("{text} has no value"),
            },
            Condition::NoValue { text } => format!("{text} has no value"),
            Condition::Unreached { text } => format!("{text} was not reached"),
        }
    }
}

/// What would make it hold.
fn repairs_text(program: &Program, repairs: &Repairs) -> String {
    let words = Words::new(program);
    let mut text = String::new();
    if !repairs.found.is_empty() {
        text.push_str("It would hold if\n");
    }
    for repair in &repairs.found {
        let changes: Vec<String> = repair.iter().map(|change| change_text(&words, change)).collect();
        text.push_str(&format!("  • {}\n", listed(&changes, "and")));
    }
    if repairs.left_out {
        text.push_str("Other values would do in the same places.\n");
    }
    match (repairs.found.is_empty(), repairs.is_complete) {
        (true, true) => text.push_str("No change of up to three stored facts that was tried makes it hold.\n"),
        (true, false) => text.push_str("The search for changes that make it hold was stopped before it found one.\n"),
        (false, false) => text.push_str("The search for more was stopped.\n"),
        (false, true) => {}
    }
    text
}

fn change_text(words: &Words<'_>, change: &Change) -> String {
    let atom = |relation, row: &[Value]| words.pattern(relation, &row.iter().map(Some).collect::<Vec<_>>());
    match change {
        Change::Add { relation, row } => format!("{} were stored", atom(*relation, row)),
        Change::Remove { relation, row } => format!("{} were not stored", atom(*relation, row)),
        Change::Move { relation, from, to } => format!("{} were {}", atom(*relation, from), atom(*relation, to)),
    }
}

fn escape_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", escape(line))).collect()
}
