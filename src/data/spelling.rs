//! Values as programs spell them.
//!
//! In: a value, and a dialect. Out: what a program of that dialect reads back as the same value.

use super::{Dialect, Tag, Value, is_hidden};

/// A value as a program of Entail's own spells it.
pub fn spelled(value: &Value) -> String {
    spelled_in(Dialect::Entail, value)
}

/// A value as a program of a dialect spells it. A day, which Soufflé does not have, is the text of it there.
pub fn spelled_in(dialect: Dialect, value: &Value) -> String {
    match (value, dialect) {
        (Value::Symbol(text), Dialect::Entail) if is_bare(text) => text.to_string(),
        (Value::Symbol(text), _) => quoted(dialect, text),
        (Value::Number(number), _) => number.to_string(),
        (Value::Unsigned(number), _) => format!("{number}u"),
        (Value::Float(float), Dialect::Entail) => float.to_string(),
        (Value::Float(float), Dialect::Souffle(_)) => without_exponent(float.get()),
        (Value::Date(date), Dialect::Entail) => date.to_string(),
        (Value::Date(date), Dialect::Souffle(_)) => quoted(dialect, &date.to_string()),
        // Without parentheses it would not be read.
        (Value::Record(record), Dialect::Souffle(_)) if record.fields().is_empty() && *record.tag() != Tag::Nil => {
            format!("{record}()")
        }
        (Value::Record(record), _) => record.with_fields(&|field| spelled_in(dialect, field)),
    }
}

/// A text between double quotes.
pub fn quoted(dialect: Dialect, text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match (c, dialect) {
            ('"', _) => quoted.push_str("\\\""),
            ('\\', _) => quoted.push_str("\\\\"),
            ('\n', _) => quoted.push_str("\\n"),
            ('\t', _) => quoted.push_str("\\t"),
            ('\r', _) => quoted.push_str("\\r"),
            ('\x07', Dialect::Souffle(_)) => quoted.push_str("\\a"),
            ('\x08', Dialect::Souffle(_)) => quoted.push_str("\\b"),
            ('\x0b', Dialect::Souffle(_)) => quoted.push_str("\\v"),
            ('\x0c', Dialect::Souffle(_)) => quoted.push_str("\\f"),
            (c, Dialect::Entail) if is_hidden(c) => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            (c, _) => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a text can be the name of a relation.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() && !first.is_uppercase())
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Whether a symbol reads back without quotes, wherever it stands.
fn is_bare(text: &str) -> bool {
    is_name(text) && !matches!(text, "not" | "mod" | "nil" | "count" | "sum" | "min" | "max" | "mean")
}

/// A float with digits on both sides of its point, for Soufflé has no exponents.
fn without_exponent(float: f64) -> String {
    let text = float.to_string();
    if text.contains('.') { text } else { text + ".0" }
}
