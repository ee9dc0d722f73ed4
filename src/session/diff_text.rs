//! A [`Diff`] as lines: what was gained and lost, what is broken and mended, and below it the changes that caused it.

use super::Session;
use super::diff::{Cause, Conclusion, Diff, Violation};
use crate::data::spelled_in;
use crate::formats::escape;
use crate::report::count;

/// Columns within which causes stand in a column of their own.
const WIDE: usize = 80;

/// A line, and what stands behind it.
struct Line {
    text: String,
    cause: String,
}

impl Diff {
    /// The lines, at most so many of them, and a line that tells how many there are.
    pub fn text(&self, session: &Session, most: usize) -> String {
        let conclusions = self.conclusions.iter().map(|conclusion| Line {
            text: escape(&conclusion.line(session)).into_owned(),
            cause: words(conclusion.cause.as_ref()),
        });
        let violations = self.violations.iter().map(|violation| Line {
            text: escape(&violation.line(session)).into_owned(),
            cause: words(violation.cause.as_ref()),
        });
        let shown: Vec<Line> = conclusions.chain(violations).take(most).collect();
        let more = self.conclusions.len() + self.violations.len() - shown.len();
        let width = |line: &Line| line.text.chars().count();
        let column = shown.iter().map(width).filter(|width| *width <= WIDE).max().unwrap_or(0);
        let mut text = String::new();
        for line in &shown {
            let cause = if line.cause.is_empty() { String::new() } else { format!("  {}", line.cause) };
            let pad = " ".repeat(if cause.is_empty() { 0 } else { column.saturating_sub(width(line)) });
            text.push_str(&format!("{}{pad}{cause}\n", line.text));
        }
        if more > 0 {
            text.push_str(&format!("… and {more} more\n"));
        }
        for (number, change) in (1..).zip(&self.changes) {
            text.push_str(&format!("[{number}] {}\n", escape(&change.text)));
        }
        if let Some(reason) = &self.causes_missing {
            text.push_str(&format!("no causes: {reason}\n"));
        }
        text + &self.summary() + "\n"
    }

    /// "2 conclusions gained, 1 lost; 1 constraint broken"
    fn summary(&self) -> String {
        let number = |gained: bool| self.conclusions.iter().filter(|conclusion| conclusion.gained == gained).count();
        let breaches = |broken: bool| self.violations.iter().filter(|violation| violation.broken == broken).count();
        let told = [
            (count(number(true), "conclusion"), number(true), "gained"),
            (count(number(false), "conclusion"), number(false), "lost"),
            (count(breaches(true), "violation"), breaches(true), "more"),
            (count(breaches(false), "violation"), breaches(false), "less"),
        ];
        let told: Vec<String> =
            told.iter().filter(|(_, number, _)| *number > 0).map(|(what, _, verb)| format!("{what} {verb}")).collect();
        if told.is_empty() { "nothing is gained or lost".into() } else { told.join(", ") }
    }
}

impl Conclusion {
    /// `+ reach(paris, nice)`
    fn line(&self, session: &Session) -> String {
        let args: Vec<String> = self.row.iter().map(|value| spelled_in(session.program.dialect, value)).collect();
        let args = if args.is_empty() { String::new() } else { format!("({})", args.join(", ")) };
        format!("{} {}{args}", if self.gained { "+" } else { "-" }, self.relation)
    }
}

impl Violation {
    /// `broken: there is no a: X = a`
    fn line(&self, session: &Session) -> String {
        let promise = self.promise.as_deref().and_then(|promise| promise.lines().next());
        let promise =
            promise.map_or_else(|| format!("the constraint at {}", session.sources().place(self.span)), str::to_owned);
        let spelled = |value| spelled_in(session.program.dialect, value);
        let cells = self.variables.iter().zip(&self.row).map(|(name, value)| format!("{name} = {}", spelled(value)));
        let cells: Vec<String> = cells.collect();
        let cells = if cells.is_empty() { String::new() } else { format!(" ({})", cells.join(", ")) };
        format!("{}: {promise}{cells}", if self.broken { "broken" } else { "mended" })
    }
}

/// `[1] and [2]`
fn words(cause: Option<&Cause>) -> String {
    let numbers = |changes: &[usize], between: &str| {
        let numbers: Vec<String> = changes.iter().map(|change| format!("[{}]", change + 1)).collect();
        numbers.join(between)
    };
    match cause {
        None => String::new(),
        Some(Cause::Each(changes)) => numbers(changes, " and "),
        Some(Cause::AnyOf(changes)) => numbers(changes, " or "),
        Some(Cause::Together) => "together".into(),
    }
}
