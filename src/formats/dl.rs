//! Clauses: facts that a program can state again, with the claims they rest on.

use super::{Kind, Output};
use crate::data::{Dialect, Value, quoted, spelled_for_souffle};
use crate::report::is_hidden;
use std::io;

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    // A question has no name to give its rows; `title` is one only where it reads as one.
    let name = if is_name(output.title) { output.title } else { "answer" };
    let spelled = |value: &Value| match output.layout.dialect {
        Dialect::Entail => literal(value),
        Dialect::Souffle(_) => spelled_for_souffle(value),
    };
    // What has no columns is asked without brackets here, and with them in Soufflé's dialect.
    let nothing = if output.layout.dialect == Dialect::Entail { "" } else { "()" };
    let is_truth = output.fields.iter().any(|field| field.kind == Kind::Truth);
    for row in &mut *output.rows {
        if is_truth {
            if row.values.first().is_some_and(|value| *value == Value::symbol("true")) {
                writeln!(output.out, "{name}{nothing}.")?;
            }
            continue;
        }
        let args: Vec<String> = row.values.iter().map(spelled).collect();
        let args = if args.is_empty() { nothing.to_owned() } else { format!("({})", args.join(", ")) };
        let claims: Vec<String> = row.citations.iter().map(spelled).collect();
        let claims = if claims.is_empty() { String::new() } else { format!(" @ {}", claims.join(", ")) };
        writeln!(output.out, "{name}{args}{claims}.")?;
    }
    Ok(())
}

/// A value as a program of Entail's spells it.
fn literal(value: &Value) -> String {
    match value {
        Value::Symbol(text) if is_word(text) => text.to_string(),
        // What cannot be seen is written out.
        Value::Symbol(text) => quoted(text, |c| is_hidden(c).then(|| format!("\\u{{{:x}}}", c as u32))),
        Value::Unsigned(number) => format!("{number}u"),
        Value::Number(_) | Value::Float(_) | Value::Date(_) => value.to_string(),
        Value::Record(record) => {
            let mut text = String::new();
            let written = record.write(&mut text, &|field, text| {
                text.push_str(&literal(field));
                Ok(())
            });
            written.expect("writing to a text does not fail");
            text
        }
    }
}

/// Whether a text is a symbol that needs no quotes.
fn is_word(text: &str) -> bool {
    is_name(text) && !matches!(text, "not" | "mod" | "nil" | "count" | "sum" | "min" | "max" | "mean")
}

/// Whether a text is what a relation can be called.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() && !c.is_uppercase())
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}
