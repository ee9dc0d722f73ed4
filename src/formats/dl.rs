//! Clauses: facts that a program can state again, with the claims they rest on.

use super::{Kind, Output};
use crate::data::Value;
use std::io;

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    // A question has no name to give its rows; `title` is one only where it reads as one.
    let name = if is_name(output.title) { output.title } else { "answer" };
    let is_truth = output.fields.iter().any(|field| field.kind == Kind::Truth);
    for row in &mut *output.rows {
        if is_truth {
            if row.values.first().is_some_and(|value| *value == Value::symbol("true")) {
                writeln!(output.out, "{name}.")?;
            }
            continue;
        }
        let args: Vec<String> = row.values.iter().map(literal).collect();
        let args = if args.is_empty() { String::new() } else { format!("({})", args.join(", ")) };
        let claims: Vec<String> = row.citations.iter().map(literal).collect();
        let claims = if claims.is_empty() { String::new() } else { format!(" @ {}", claims.join(", ")) };
        writeln!(output.out, "{name}{args}{claims}.")?;
    }
    Ok(())
}

/// A value as a program spells it.
fn literal(value: &Value) -> String {
    match value {
        Value::Symbol(text) if is_word(text) => text.to_string(),
        Value::Symbol(text) => quoted(text),
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

/// A text in quotes; what cannot be seen is written out.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if super::escape(c.encode_utf8(&mut [0; 4])) != c.encode_utf8(&mut [0; 4]) as &str => {
                out.push_str(&format!("\\u{{{:x}}}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
