//! Values as programs spell them, as far as Soufflé's dialect and others share it.
//!
//! In: a value, or a text. Out: what a program reads back as the same. How Entail's own programs spell a value is said
//! where they are printed.

use super::{Tag, Value};

/// A text between double quotes. `escape` tells how characters are written that not every language escapes alike.
pub fn quoted(text: &str, escape: impl Fn(char) -> Option<String>) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c => match escape(c) {
                Some(escaped) => quoted.push_str(&escaped),
                None => quoted.push(c),
            },
        }
    }
    quoted.push('"');
    quoted
}

/// A value as a program of Soufflé's spells it. A day, which Soufflé does not have, is the text of it.
pub fn spelled_for_souffle(value: &Value) -> String {
    match value {
        Value::Symbol(text) => quoted_for_souffle(text),
        Value::Date(date) => quoted_for_souffle(&date.to_string()),
        Value::Number(number) => number.to_string(),
        Value::Unsigned(number) => format!("{number}u"),
        Value::Float(float) => spelled_float(float.get()),
        // Without parentheses it would not be read.
        Value::Record(record) if record.fields().is_empty() && *record.tag() != Tag::Nil => format!("{record}()"),
        Value::Record(record) => {
            let mut text = String::new();
            let written = record.write(&mut text, &|field, text| {
                text.push_str(&spelled_for_souffle(field));
                Ok(())
            });
            written.expect("writing to a text does not fail");
            text
        }
    }
}

/// A float with digits on both sides of its point, for Soufflé has no exponents.
fn spelled_float(float: f64) -> String {
    let text = float.to_string();
    if text.contains('.') { text } else { text + ".0" }
}

fn quoted_for_souffle(text: &str) -> String {
    quoted(text, |c| {
        let letter = match c {
            '\x07' => 'a',
            '\x08' => 'b',
            '\x0b' => 'v',
            '\x0c' => 'f',
            _ => return None,
        };
        Some(format!("\\{letter}"))
    })
}
