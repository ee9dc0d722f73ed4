//! What the parameters of `.input` and `.output` ask for: `IO=file, filename="x.csv", delimiter=",", headers=true`.
//!
//! In: a directive as written. Out: what it means. The keys are Soufflé's; what is wrong with keys or values is the
//! checker's to say, and is passed over here.

use crate::data::Dialect;
use crate::formats::{Format, Layout, ReadOptions};
use crate::syntax::IoDirective;

/// How an `.input` finds its rows.
#[derive(Debug)]
pub(super) enum InputParams {
    /// Without parameters: the file named after the relation.
    Named,
    /// In this file.
    File {
        /// The file's name, as written.
        name: String,
        /// What is in it.
        format: Format,
        /// How it is read.
        options: ReadOptions,
    },
    /// In standard input.
    StandardInput {
        /// What is in it.
        format: Format,
        /// How it is read.
        options: ReadOptions,
    },
    /// Nowhere: there is no such reader.
    Nowhere,
}

/// How an `.output` writes its rows.
#[derive(Debug)]
pub(super) enum OutputParams {
    /// Without parameters: `r.csv` with a header.
    Named,
    /// Into this file.
    File {
        /// The file's name, as written.
        name: String,
        /// How its rows are laid out.
        rows: RowsLayout,
        /// Whether it is compressed, as by gzip.
        compressed: bool,
    },
    /// To standard output.
    Stdout(RowsLayout),
    /// Only how many there are, to standard output.
    Size,
}

/// How rows are laid out.
#[derive(Debug)]
pub(super) enum RowsLayout {
    /// A line each.
    Raw {
        /// What stands between fields.
        delimiter: String,
        /// Whether the names of the columns stand first.
        headers: bool,
        /// What stands there in place of the names.
        names: Option<String>,
        /// Whether symbols are quoted, as RFC 4180 has it.
        quoted: bool,
    },
    /// One array of all.
    Json {
        /// Whether each is an object.
        objects: bool,
    },
    /// A table of a database.
    Database,
}

impl RowsLayout {
    /// What they are written in.
    pub(super) fn format(&self) -> Format {
        match self {
            RowsLayout::Raw { .. } => raw(),
            RowsLayout::Json { .. } => Format::json_array(),
            RowsLayout::Database => Format::database().expect("a checked directive asks for what there is"),
        }
    }

    /// For the writers; Soufflé's do not mind what stands in a field.
    pub(super) fn layout(&self, dialect: Dialect) -> Layout {
        match self {
            RowsLayout::Raw { delimiter, headers, names, quoted } => {
                let raw = Layout::raw(dialect, delimiter, *headers);
                Layout { verbatim: dialect != Dialect::Entail, quoted: *quoted, header: names.clone(), ..raw }
            }
            RowsLayout::Json { objects } => Layout { dialect, objects: *objects, ..Layout::default() },
            RowsLayout::Database => Layout { dialect, ..Layout::default() },
        }
    }
}

/// Rows with a delimiter between their fields.
fn raw() -> Format {
    Format::readable_by_ending("facts").expect("rows in `.facts` can be read")
}

pub(super) fn input_params(directive: &IoDirective, dialect: Dialect) -> InputParams {
    if directive.params.is_empty() && dialect == Dialect::Entail {
        return InputParams::Named;
    }
    match value(directive, "IO") {
        Some("stdin") => InputParams::StandardInput { format: raw(), options: raw_options(directive, dialect) },
        Some("json") => InputParams::StandardInput { format: Format::json_array(), options: plain(dialect) },
        Some("jsonfile") => {
            let name = file_name(directive, "json");
            InputParams::File { name, format: Format::json_array(), options: plain(dialect) }
        }
        Some("sqlite") => Format::database().map_or(InputParams::Nowhere, |format| InputParams::File {
            name: database_name(directive),
            format,
            options: ReadOptions { title: Some(title(directive).to_owned()), ..plain(dialect) },
        }),
        None | Some("file") => {
            let name = file_name(directive, "facts");
            InputParams::File { name, format: raw(), options: raw_options(directive, dialect) }
        }
        Some(_) => InputParams::Nowhere,
    }
}

/// What needs no more to be said of how it is read.
fn plain(dialect: Dialect) -> ReadOptions {
    ReadOptions { dialect, ..ReadOptions::default() }
}

fn raw_options(directive: &IoDirective, dialect: Dialect) -> ReadOptions {
    let columns = value(directive, "columns");
    let quoted = value(directive, "rfc4180") == Some("true");
    ReadOptions {
        raw: true,
        quoted,
        delimiter: value(directive, "delimiter").map(unescaped).or_else(|| quoted.then(|| ",".into())),
        headers: value(directive, "headers") == Some("true"),
        title: None,
        dialect,
        // Soufflé's `0:2:1`: for each column of the relation, the field of the file.
        columns: columns.and_then(|columns| columns.split(':').map(|field| field.parse().ok()).collect()),
    }
}

pub(super) fn output_params(directive: &IoDirective, dialect: Dialect) -> OutputParams {
    if directive.params.is_empty() && dialect == Dialect::Entail {
        return OutputParams::Named;
    }
    let objects = value(directive, "format") == Some("object");
    match value(directive, "IO") {
        Some("stdout") => OutputParams::Stdout(raw_rows(directive)),
        Some("stdoutprintsize") => OutputParams::Size,
        Some("json") => OutputParams::Stdout(RowsLayout::Json { objects }),
        Some("jsonfile") => {
            let name = file_name(directive, "json");
            OutputParams::File { name, rows: RowsLayout::Json { objects }, compressed: false }
        }
        Some("sqlite") => {
            OutputParams::File { name: database_name(directive), rows: RowsLayout::Database, compressed: false }
        }
        _ => {
            let compressed = value(directive, "compress").is_some_and(|value| value != "false");
            let name = file_name(directive, if compressed { "csv.gz" } else { "csv" });
            OutputParams::File { name, rows: raw_rows(directive), compressed }
        }
    }
}

/// What is written with a delimiter.
pub(super) fn raw_rows(directive: &IoDirective) -> RowsLayout {
    let quoted = value(directive, "rfc4180") == Some("true");
    let default = if quoted { "," } else { "\t" };
    let delimiter = value(directive, "delimiter").map_or(default.into(), unescaped);
    let headers = value(directive, "headers") == Some("true");
    let names = value(directive, "attributeNames").map(str::to_owned);
    RowsLayout::Raw { delimiter, headers, names, quoted }
}

fn value<'a>(directive: &'a IoDirective, key: &str) -> Option<&'a str> {
    directive.params.iter().rfind(|param| param.key.text == key).map(|param| param.value.text.as_str())
}

/// What the rows are called, if not as their relation.
pub(super) fn title(directive: &IoDirective) -> &str {
    value(directive, "name").unwrap_or(&directive.relation.text)
}

fn file_name(directive: &IoDirective, ending: &str) -> String {
    value(directive, "filename").map_or_else(|| format!("{}.{ending}", title(directive)), str::to_owned)
}

/// A database may have the name of a file, as Soufflé calls it now or once did, or an address of one.
fn database_name(directive: &IoDirective) -> String {
    let named = value(directive, "filename").or_else(|| value(directive, "dbname"));
    let name = named.map_or_else(|| format!("{}.sqlite", title(directive)), str::to_owned);
    match name.strip_prefix("file:") {
        Some(address) => address.split('?').next().unwrap_or_default().to_owned(),
        None => name,
    }
}

/// A tab may be written as in Soufflé, whose strings keep their backslashes.
fn unescaped(delimiter: &str) -> String {
    if delimiter == "\\t" { "\t".into() } else { delimiter.into() }
}
