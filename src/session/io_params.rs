//! What the parameters of `.input` and `.output` ask for: `IO=file, filename="x.csv", delimiter=",", headers=true`.
//!
//! In: a directive as written. Out: what it means. The keys are Soufflé's; what is wrong with keys or values is the
//! checker's to say, and is passed over here.

use crate::data::Dialect;
use crate::formats::{Layout, ReadOptions};
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
        /// How its rows are laid out.
        rows: RowsLayout,
        /// Whether it is compressed, as by gzip.
        compressed: bool,
    },
    /// Standard output.
    Stdout(RowsLayout),
}

/// How raw rows are laid out.
#[derive(Debug)]
pub(super) struct RowsLayout {
    /// What stands between fields.
    delimiter: String,
    /// Whether the names of the columns stand first.
    headers: bool,
    /// Whether symbols are quoted, as RFC 4180 has it.
    quoted: bool,
}

impl RowsLayout {
    /// For the writers; Soufflé's do not mind what stands in a field.
    pub(super) fn layout(&self, dialect: Dialect) -> Layout {
        let raw = Layout::raw(dialect, &self.delimiter, self.headers);
        Layout { verbatim: dialect != Dialect::Entail, quoted: self.quoted, ..raw }
    }
}

pub(super) fn input_params(directive: &IoDirective, dialect: Dialect) -> InputParams {
    if directive.params.is_empty() && dialect == Dialect::Entail {
        return InputParams::Named;
    }
    let columns = value(directive, "columns");
    let quoted = value(directive, "rfc4180") == Some("true");
    let options = ReadOptions {
        raw: true,
        quoted,
        delimiter: value(directive, "delimiter").map(unescaped).or_else(|| quoted.then(|| ",".into())),
        headers: value(directive, "headers") == Some("true"),
        lenient: dialect != Dialect::Entail,
        // Soufflé's `0:2:1`: for each column of the relation, the field of the file.
        columns: columns.and_then(|columns| columns.split(':').map(|field| field.parse().ok()).collect()),
    };
    InputParams::File { name: file_name(directive, "facts"), options }
}

pub(super) fn output_params(directive: &IoDirective, dialect: Dialect) -> OutputParams {
    if directive.params.is_empty() && dialect == Dialect::Entail {
        return OutputParams::Named;
    }
    let quoted = value(directive, "rfc4180") == Some("true");
    let default = if quoted { "," } else { "\t" };
    let delimiter = value(directive, "delimiter").map_or(default.into(), unescaped);
    let headers = value(directive, "headers") == Some("true");
    let rows = RowsLayout { delimiter, headers, quoted };
    if value(directive, "IO") == Some("stdout") {
        return OutputParams::Stdout(rows);
    }
    let compressed = value(directive, "compress").is_some_and(|value| value != "false");
    let ending = if compressed { "csv.gz" } else { "csv" };
    OutputParams::File { name: file_name(directive, ending), rows, compressed }
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
