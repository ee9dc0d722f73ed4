//! What the parameters of `.input` and `.output` ask for: `IO=file, filename="x.csv", delimiter=",", headers=true`.
//!
//! In: a directive as written. Out: what it means. The keys are Soufflé's; what is wrong with keys or values is the
//! checker's to say, and is passed over here.

use crate::data::Dialect;
use crate::formats::ReadOptions;
use crate::syntax::IoDirective;

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
    Stdout {
        /// What stands between fields.
        delimiter: String,
        /// Whether the names of the columns stand first.
        headers: bool,
    },
}

pub(super) fn input_params(directive: &IoDirective, dialect: Dialect) -> InputParams {
    if directive.params.is_empty() && dialect == Dialect::Entail {
        return InputParams::Named;
    }
    let columns = value(directive, "columns");
    let options = ReadOptions {
        raw: true,
        delimiter: value(directive, "delimiter").map(unescaped),
        headers: value(directive, "headers") == Some("true"),
        // Soufflé's `0:2:1`: for each column of the relation, the field of the file.
        columns: columns.and_then(|columns| columns.split(':').map(|field| field.parse().ok()).collect()),
    };
    InputParams::File { name: file_name(directive, "facts"), options }
}

pub(super) fn output_params(directive: &IoDirective, dialect: Dialect) -> OutputParams {
    if directive.params.is_empty() && dialect == Dialect::Entail {
        return OutputParams::Named;
    }
    let delimiter = value(directive, "delimiter").map_or("\t".into(), unescaped);
    let headers = value(directive, "headers") == Some("true");
    if value(directive, "IO") == Some("stdout") {
        return OutputParams::Stdout { delimiter, headers };
    }
    OutputParams::File { name: file_name(directive, "csv"), delimiter, headers }
}

/// The bound of a `.limitsize p(n=100)`.
pub(super) fn size_limit(directive: &IoDirective) -> usize {
    value(directive, "n").and_then(|number| number.parse().ok()).expect("a checked `.limitsize` has its number")
}

fn value<'a>(directive: &'a IoDirective, key: &str) -> Option<&'a str> {
    directive.params.iter().find(|param| param.key.text == key).map(|param| param.value.text.as_str())
}

fn file_name(directive: &IoDirective, ending: &str) -> String {
    let default = || format!("{}.{ending}", directive.relation.text);
    value(directive, "filename").map_or_else(default, str::to_owned)
}

/// A tab may be written as in Soufflé, whose strings keep their backslashes.
fn unescaped(delimiter: &str) -> String {
    if delimiter == "\\t" { "\t".into() } else { delimiter.into() }
}
