//! What the parameters of `.input` and `.output` ask for: `IO=file, filename="x.csv", delimiter=",", headers=true`.
//!
//! In: a directive as written. Out: what it means, or what is wrong with it. The keys are Soufflé's.

use crate::formats::ReadOptions;
use crate::report::{Code, Diagnostic, nearest};
use crate::syntax::{IoDirective, IoParam};

/// How an `.input` finds its rows.
#[derive(Debug)]
pub(super) enum InputParams {
    /// Without parameters: the file named after the relation.
    Named,
    /// With parameters: this file, read raw.
    File {
        /// The file's name, as written.
        name: String,
        /// How it is read.
        options: ReadOptions,
    },
}

/// How an `.output` writes its rows.
#[derive(Debug)]
pub(super) enum OutputParams {
    /// Without parameters: `r.csv` with a header.
    Named,
    /// This file, written raw.
    File {
        /// The file's name, as written.
        name: String,
        /// What stands between fields.
        delimiter: String,
        /// Whether the names of the columns stand first.
        headers: bool,
    },
    /// Standard output.
    Stdout,
}

pub(super) fn input_params(directive: &IoDirective) -> Result<InputParams, Diagnostic> {
    if directive.params.is_empty() {
        return Ok(InputParams::Named);
    }
    let mut name = format!("{}.facts", directive.relation.text);
    let mut options = ReadOptions { raw: true, ..ReadOptions::default() };
    for param in &directive.params {
        match param.key.text.as_str() {
            "IO" if param.value.text == "file" => {}
            "IO" => return Err(bad_value(param, "an `.input` reads from `file`")),
            "filename" | "name" => name = param.value.text.clone(),
            "delimiter" => options.delimiter = Some(delimiter(param)?),
            "headers" => options.headers = truth(param)?,
            "columns" => options.columns = Some(columns(param)?),
            _ => return Err(unknown_key(param, &["IO", "filename", "delimiter", "headers", "columns"])),
        }
    }
    Ok(InputParams::File { name, options })
}

pub(super) fn output_params(directive: &IoDirective) -> Result<OutputParams, Diagnostic> {
    if directive.params.is_empty() {
        return Ok(OutputParams::Named);
    }
    let mut name = format!("{}.csv", directive.relation.text);
    let (mut between, mut headers, mut to_stdout) = ("\t".to_string(), false, false);
    for param in &directive.params {
        match param.key.text.as_str() {
            "IO" => match param.value.text.as_str() {
                "file" => to_stdout = false,
                "stdout" => to_stdout = true,
                _ => return Err(bad_value(param, "an `.output` writes to `file` or `stdout`")),
            },
            "filename" | "name" => name = param.value.text.clone(),
            "delimiter" => between = delimiter(param)?,
            "headers" => headers = truth(param)?,
            _ => return Err(unknown_key(param, &["IO", "filename", "delimiter", "headers"])),
        }
    }
    Ok(if to_stdout { OutputParams::Stdout } else { OutputParams::File { name, delimiter: between, headers } })
}

/// The bound of a `.limitsize p(n=100)`.
pub(super) fn size_limit(directive: &IoDirective) -> Result<usize, Diagnostic> {
    let mut limit = None;
    for param in &directive.params {
        match param.key.text.as_str() {
            "n" => {
                let number = param.value.text.parse().map_err(|_| bad_value(param, "a limit is a number of rows"))?;
                limit = Some(number);
            }
            _ => return Err(unknown_key(param, &["n"])),
        }
    }
    limit.ok_or_else(|| {
        Diagnostic::new(Code::BadParameter, directive.relation.span, "a `.limitsize` needs its number of rows")
            .label("no `n=` here")
            .help(format!("write `.limitsize {}(n=1000)`", directive.relation.text))
    })
}

fn delimiter(param: &IoParam) -> Result<String, Diagnostic> {
    match param.value.text.as_str() {
        "" => Err(bad_value(param, "a delimiter has at least one character")),
        "\\t" => Ok("\t".into()),
        other => Ok(other.into()),
    }
}

fn truth(param: &IoParam) -> Result<bool, Diagnostic> {
    match param.value.text.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(bad_value(param, "this is `true` or `false`")),
    }
}

/// Soufflé's `columns="0:2:1"`: for each column of the relation, the field of the file.
fn columns(param: &IoParam) -> Result<Vec<usize>, Diagnostic> {
    let fields = param.value.text.split(':').map(str::parse).collect::<Result<Vec<usize>, _>>();
    fields.map_err(|_| bad_value(param, "columns are numbers with colons between them, as in `\"0:2:1\"`"))
}

fn bad_value(param: &IoParam, rule: &str) -> Diagnostic {
    let message = format!("`{}` cannot be `{}`", param.key.text, param.value.text);
    Diagnostic::new(Code::BadParameter, param.value.span, message).label("given here").help(rule)
}

fn unknown_key(param: &IoParam, known: &[&'static str]) -> Diagnostic {
    let message = format!("no parameter is called `{}`", param.key.text);
    let diagnostic = Diagnostic::new(Code::BadParameter, param.key.span, message).label("not a parameter here");
    match nearest(&param.key.text, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("parameters are {}", known.join(", "))),
    }
}
