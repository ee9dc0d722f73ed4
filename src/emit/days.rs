//! Days in Soufflé, which has none: the texts of days, whose parts are numbers to compute with.
//!
//! In: the terms of a computation on days. Out: the term of what it comes to; what its steps need to be known stands in
//! the conditions. A day that the calendar does not have gives no row.
//!
//! Days are counted from the first of March, 400 years before year 0. So no number is negative, where a division would
//! round up, and the day of a leap year is the last of its year. The formulas are written as Soufflé reads them.

use super::clauses::{Clause, Conditions, compare};
use super::souffle::SOUFFLE;
use crate::check::{CompareOp, written as tree};
use crate::data::{Date, Value};
use crate::report::Span;
use crate::syntax::{self, ItemKind, Literal, LiteralKind, Spell, TermKind, parse_in};

/// The number of 1970-01-01.
const EPOCH: i64 = 865_565;

impl Clause<'_, '_> {
    /// `D + N`, `D - N`
    pub(super) fn moved(
        &mut self,
        op: &str,
        day: &syntax::Term,
        days: &syntax::Term,
        into: &mut Conditions,
    ) -> syntax::Term {
        let count = self.count_of(day, into);
        self.day_of(&format!("{count} {op} {}", operand(days)), into)
    }

    /// `D2 - D1`
    pub(super) fn between(
        &mut self,
        later: &syntax::Term,
        earlier: &syntax::Term,
        into: &mut Conditions,
    ) -> syntax::Term {
        let [later, earlier] = [later, earlier].map(|day| self.count_of(day, into));
        term(&format!("{later} - {earlier}"))
    }

    /// `date(Y, M, D)`, unless the calendar has none such.
    pub(super) fn date(&mut self, parts: [&mut syntax::Term; 3], into: &mut Conditions) -> syntax::Term {
        let [year, month, day] = parts.map(|part| self.plain(part, into));
        let mut fits = format!("{year} >= 0, {year} <= 9999, {month} >= 1, {month} <= 12");
        let in_every_month = (1..=28).any(|number| day == number.to_string());
        if !in_every_month {
            let leap = format!("lnot({year} % 4) - lnot({year} % 100) + lnot({year} % 400)");
            let last = format!("30 + ({month} + {month} / 8) % 2 - lnot({month} - 2) * (2 - ({leap}))");
            fits += &format!(", {day} >= 1, {day} <= {last}");
        }
        into.literals.extend(conditions(&fits));
        spelled(&year, &month, &day)
    }

    /// The number of a day.
    fn count_of(&mut self, day: &syntax::Term, into: &mut Conditions) -> String {
        if let TermKind::Constant { value: Value::Date(day), .. } = &day.kind {
            return (day.days() + EPOCH).to_string();
        }
        let day = self.plain(day, into);
        let [month, before, year, count] = ["Month", "Before", "Year", "Days"].map(|name| self.fresh_name(name));
        into.literals.extend(conditions(&format!(
            "{month} = to_number(substr({day}, 5, 2)), {before} = (14 - {month}) / 12, \
             {year} = to_number(substr({day}, 0, 4)) + 400 - {before}, \
             {count} = to_number(substr({day}, 8, 2)) - 1 + (153 * ({month} + 12 * {before} - 3) + 2) / 5 \
             + 365 * {year} + {year} / 4 - {year} / 100 + {year} / 400"
        )));
        count
    }

    /// The day of a number, unless its year has more than four digits.
    fn day_of(&mut self, number: &str, into: &mut Conditions) -> syntax::Term {
        let [first, last] = [Date::MIN, Date::MAX].map(|date| date.days() + EPOCH);
        let [count, rest, year, of_year, month] =
            ["Days", "Rest", "Year", "Day", "Month"].map(|name| self.fresh_name(name));
        let steps = [
            step(&count, number),
            format!("{count} >= {first}, {count} <= {last}"),
            step(&rest, &format!("{count} % 146097")),
            step(&year, &format!("({rest} - {rest} / 1460 + {rest} / 36524 - {rest} / 146096) / 365")),
            step(&of_year, &format!("{rest} - (365 * {year} + {year} / 4 - {year} / 100)")),
            step(&month, &format!("(5 * {of_year} + 2) / 153")),
        ];
        into.literals.extend(conditions(&steps.join(", ")));
        spelled(
            &format!("({count} / 146097 * 400 - 400 + {year} + ({month} + 2) / 12)"),
            &format!("(({month} + 2) % 12 + 1)"),
            &format!("({of_year} - (153 * {month} + 2) / 5 + 1)"),
        )
    }

    /// A term by a name or as a constant, to be written several times.
    fn plain(&mut self, part: &syntax::Term, into: &mut Conditions) -> String {
        if matches!(part.kind, TermKind::Variable(_) | TermKind::Constant { .. }) {
            return part.within(SOUFFLE).to_string();
        }
        let name = self.fresh_name("V");
        into.literals.push(compare(CompareOp::Eq, tree::variable(name.clone()), part.clone()));
        name
    }
}

/// A variable for a number that later steps speak of more than once. Soufflé writes what a variable equals into each of
/// its places, which makes a text of gigabytes of five steps; what a range gives, here one number, it keeps.
fn step(variable: &str, number: &str) -> String {
    format!("{variable} = range({number}, {number} + 1, 1)")
}

/// The text of the day of three numbers.
fn spelled(year: &str, month: &str, day: &str) -> syntax::Term {
    let part = |number: &str, above: i64| match number.parse::<i64>() {
        Ok(known) if (0..above).contains(&known) => format!("\"{}\"", &(above + known).to_string()[1..]),
        _ => format!("substr(to_string({above} + {number}), 1, {})", above.ilog10()),
    };
    let [year, month, day] = [part(year, 10_000), part(month, 100), part(day, 100)];
    term(&format!("cat({year}, \"-\", {month}, \"-\", {day})"))
}

/// A term on one side of an operator.
fn operand(of: &syntax::Term) -> String {
    format!("({})", of.within(SOUFFLE))
}

/// The conditions that a text of Soufflé's spells.
fn conditions(text: &str) -> Vec<Literal> {
    let (tree, mistakes) = parse_in(SOUFFLE, Span::default().source, &format!("x() :- {text}."));
    let rule =
        tree.items.into_iter().find_map(|item| if let ItemKind::Rule(rule) = item.kind { Some(rule) } else { None });
    rule.unwrap_or_else(|| panic!("`{text}` is no body: {mistakes:?}")).body
}

/// The term that a text of Soufflé's spells.
fn term(text: &str) -> syntax::Term {
    match conditions(&format!("0 = {text}")).pop().map(|literal| literal.kind) {
        Some(LiteralKind::Compare { right, .. }) => right,
        other => panic!("`{text}` is no term: {other:?}"),
    }
}
