//! Clauses: facts that a program can state again, with the claims they rest on.

use super::{Kind, Output};
use crate::data::{Dialect, Value, is_name, spelled_in};
use std::io;

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    // A question has no name to give its rows; `title` is one only where it reads as one.
    let name = if is_name(output.title) { output.title } else { "answer" };
    let spelled = |value: &Value| spelled_in(output.layout.dialect, value);
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
