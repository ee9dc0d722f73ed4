//! Facts to and from bytes: one file a format, one table of formats.
//!
//! Reading gives a [`Table`] of words, or the first row that does not fit, and then nothing at all. Writing takes rows
//! as they come and keeps none. Knows no rule, no program and no session.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::as_conversions,
        clippy::panic,
        clippy::unreachable
    )
)]

mod blocks;
mod csv;
#[cfg(feature = "sqlite")]
mod database;
mod dialect;
mod dl;
mod escape;
mod facts;
mod field;
mod fields;
mod fitted;
mod graph;
mod gzip;
mod html;
mod joined;
mod json;
mod json_array;
mod line;
mod markdown;
mod mistake;
mod number;
mod piece;
mod quoted;
mod read;
mod record;
mod separated;
mod shape;
mod sniff;
mod sought;
mod table;

pub use blocks::Source;
pub use escape::escape;
pub use field::{Field, Kind};
pub use graph::{Edge, Graph, Group, GroupId, Node, NodeId, Shape, write_dot, write_mermaid};
pub use gzip::{compressed, copy, uncompressed};
pub use html::html_text;
pub use read::{ReadAs, ReadOptions, RowCitation, Table, Unread, Watch};
pub use record::RecordKind;
pub use sought::SoughtRow;

use crate::data::{Dialect, Symbols, Value};
use crate::report::visible_json;
use read::Input;
use separated::Cut;
use sought::Sought;
use std::io::{self, Write};

/// A format, by its row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Format(&'static FormatRow);

/// How the rows of a file are read.
#[derive(Debug, Clone, Copy)]
enum Rows {
    /// They are records of fields.
    Records(fn(&Input<'_>) -> Cut),
    /// They are values in JSON.
    Json(json::Cut),
    /// They lie in a table of a database.
    #[cfg(feature = "sqlite")]
    Database,
}

/// What a format is called and what it can do.
#[derive(Debug)]
struct FormatRow {
    name: &'static str,
    help: &'static str,
    /// Rows of a file; none where the format is only for people.
    read: Option<Rows>,
    write: fn(&mut Output<'_>) -> io::Result<()>,
    /// Whether it is laid out for people, who want to see the first rows of a long answer.
    for_people: bool,
    /// Whether several answers in a row need a blank line between them.
    separated: bool,
}

static FORMATS: &[FormatRow] = &[
    FormatRow {
        name: "table",
        help: "columns for people",
        read: None,
        write: table::write,
        for_people: true,
        separated: true,
    },
    FormatRow {
        name: "csv",
        help: "RFC 4180, with a header",
        read: Some(Rows::Records(csv::csv)),
        write: csv::write_csv,
        for_people: false,
        separated: true,
    },
    FormatRow {
        name: "tsv",
        help: "the same with tabs",
        read: Some(Rows::Records(csv::tsv)),
        write: csv::write_tsv,
        for_people: false,
        separated: true,
    },
    FormatRow {
        name: "json",
        help: "one object an answer",
        read: None,
        write: json::write_whole,
        for_people: false,
        separated: false,
    },
    FormatRow {
        name: "jsonl",
        help: "one object a row",
        read: Some(Rows::Json(json::lines)),
        write: json::write_lines,
        for_people: false,
        separated: false,
    },
    FormatRow {
        name: "facts",
        help: "fields with tabs between them, no header, no quotes",
        read: Some(Rows::Records(facts::cut)),
        write: facts::write,
        for_people: false,
        separated: true,
    },
    FormatRow {
        name: "dl",
        help: "clauses, with citations",
        read: None,
        write: dl::write,
        for_people: false,
        separated: true,
    },
    FormatRow {
        name: "markdown",
        help: "a table for a document",
        read: None,
        write: markdown::write,
        for_people: true,
        separated: true,
    },
    FormatRow {
        name: "line",
        help: "`column = value`, a line each",
        read: None,
        write: line::write,
        for_people: true,
        separated: true,
    },
];

/// What only the parameters of a directive ask for.
static JSON_ARRAY: FormatRow = FormatRow {
    name: "json array",
    help: "one array of all rows",
    read: Some(Rows::Json(json_array::elements)),
    write: json_array::write,
    for_people: false,
    separated: false,
};

/// What only the parameters of a directive ask for.
#[cfg(feature = "sqlite")]
static DATABASE: FormatRow = FormatRow {
    name: "sqlite",
    help: "a database of SQLite",
    read: Some(Rows::Database),
    write: database::write,
    for_people: false,
    separated: false,
};

impl Format {
    /// Soufflé's JSON: one array of all rows.
    pub fn json_array() -> Format {
        Format(&JSON_ARRAY)
    }

    /// Databases of SQLite, in builds that read and write them.
    pub fn database() -> Option<Format> {
        #[cfg(feature = "sqlite")]
        return Some(Format(&DATABASE));
        #[cfg(not(feature = "sqlite"))]
        None
    }

    /// Whether a file keeps what it held beside the rows that are written to it.
    pub fn adds_to_files(self) -> bool {
        Some(self) == Self::database()
    }

    /// Every format that answers can be printed in.
    pub fn all() -> impl Iterator<Item = Format> {
        FORMATS.iter().map(Format)
    }

    /// The format with that name.
    pub fn by_name(name: &str) -> Option<Format> {
        Self::all().find(|format| format.0.name == name)
    }

    /// The format that files with that ending are read in.
    pub fn readable_by_ending(ending: &str) -> Option<Format> {
        Self::by_name(ending).filter(|format| format.0.read.is_some())
    }

    /// As typed behind `--format`, and as the ending of a file.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Bytes of a file that are read in a second by a machine that is not fast. They bound how long a look for lines
    /// takes, which so is the same on every machine.
    pub fn bytes_a_second(self) -> u64 {
        match self.rows() {
            Rows::Records(_) => 1 << 29,
            Rows::Json(_) => 1 << 25,
            #[cfg(feature = "sqlite")]
            Rows::Database => 1 << 25,
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "files are read in formats that have a reader: found by their ending, or Soufflé's own"
    )]
    fn rows(self) -> Rows {
        self.0.read.expect("only formats that can be read are found by their ending")
    }

    /// What it looks like, in a few words.
    pub fn help(self) -> &'static str {
        self.0.help
    }

    /// Whether it is laid out to be read by people, who want to see the first rows of a long answer.
    pub fn is_for_people(self) -> bool {
        self.0.for_people
    }

    /// Whether several answers in a row need a blank line between them.
    pub fn separates_answers(self) -> bool {
        self.0.separated
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}
impl Eq for Format {}

/// A row to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// A value for every column.
    pub values: Vec<Value>,
    /// The claims that it rests on.
    pub citations: Vec<Value>,
}

/// How rows are laid out.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Columns of the terminal, where there is one.
    pub width: Option<usize>,
    /// Whether control characters are shown instead of sent; formats for people always show them.
    pub escape: bool,
    /// Whether citations are written.
    pub citations: bool,
    /// Whose way of writing values this is, in clauses, in a raw file and in an array of JSON.
    pub dialect: Dialect,
    /// What stands between fields, where that is not the format's own choice: then nothing is quoted.
    pub delimiter: Option<String>,
    /// Whether a header is left out where the format has one.
    pub no_header: bool,
    /// Whether fields are written as they are, even where nobody could tell them apart again.
    pub verbatim: bool,
    /// Whether symbols are quoted, whatever is in them.
    pub quoted: bool,
    /// What stands above the rows of a raw file in place of the names of its columns.
    pub header: Option<String>,
    /// What the file held before, where the format [adds to it](Format::adds_to_files).
    pub before: Vec<u8>,
    /// Whether rows of JSON are objects, where they could be arrays.
    pub objects: bool,
    /// Whether rows stand in a frame with the title above them, as Soufflé prints them.
    pub framed: bool,
}

impl Layout {
    /// Rows as Soufflé writes them: fields with a delimiter between them, nothing quoted.
    pub fn raw(dialect: Dialect, delimiter: &str, headers: bool) -> Self {
        Self { dialect, delimiter: Some(delimiter.into()), no_header: !headers, ..Self::default() }
    }
}

/// How many bytes are read together: a thread's share of a file, small enough to stay near the processor.
const BLOCK: usize = 1 << 18;

/// Reads the rows of a file. `expected` are the columns of its `.decl`, where there is one.
pub fn read(
    format: Format,
    name: &str,
    source: &mut dyn Source,
    expected: Option<&[Field]>,
    options: &ReadOptions,
    symbols: &Symbols,
    watch: &Watch<'_>,
) -> Result<Table, Unread> {
    let input = Input { name, expected, options, symbols, watch, block: BLOCK };
    Ok(fitted::fitted(read_rows(format, &input, source)?, &input)?)
}

fn read_rows(format: Format, input: &Input<'_>, source: &mut dyn Source) -> Result<Table, Unread> {
    match format.rows() {
        Rows::Records(cut) => separated::table(input, &cut(input), source),
        Rows::Json(cut) => json::read(input, cut, source),
        #[cfg(feature = "sqlite")]
        Rows::Database => database::read(input, source),
    }
}

/// The line on which each of these rows stands first in a file that was read before; none for a row that does not.
pub fn lines(
    file: &ReadAs,
    source: &mut dyn Source,
    rows: &[SoughtRow],
    symbols: &Symbols,
    watch: &Watch<'_>,
) -> Result<Vec<Option<usize>>, Unread> {
    let ReadAs { format, options, fields, declared } = file;
    let expected = declared.then_some(&fields[..]);
    let input = Input { name: "", expected, options, symbols, watch, block: BLOCK };
    find_rows(*format, &input, &Sought::new(&input, fields, rows), source)
}

fn find_rows(
    format: Format,
    input: &Input<'_>,
    sought: &Sought<'_>,
    source: &mut dyn Source,
) -> Result<Vec<Option<usize>>, Unread> {
    match format.rows() {
        Rows::Records(cut) => separated::lines(input, &cut(input), sought, source),
        Rows::Json(cut) => json::find(input, cut, sought, source),
        // A row of a table stands on no line.
        #[cfg(feature = "sqlite")]
        Rows::Database => Ok(vec![None; sought.len()]),
    }
}

/// Writes rows. `title` is the question, or the relation's name where the rows are facts.
pub fn write(
    format: Format,
    title: &str,
    fields: &[Field],
    rows: &mut dyn Iterator<Item = Row>,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    (format.0.write)(&mut Output { title, fields, rows, layout, out })
}

/// Something as a JSON text, indented; hidden characters are escaped.
pub fn json_text(value: &impl serde::Serialize) -> String {
    #[expect(clippy::expect_used, reason = "what is derived has text keys and finite numbers")]
    let text = serde_json::to_string_pretty(value).expect("what is derived has text keys and finite numbers");
    visible_json(&text).into_owned() + "\n"
}

/// What a writer is given.
struct Output<'a> {
    title: &'a str,
    fields: &'a [Field],
    rows: &'a mut dyn Iterator<Item = Row>,
    layout: &'a Layout,
    out: &'a mut dyn Write,
}

impl Row {
    /// The citations as one field: claims with spaces between them.
    fn cited(&self) -> String {
        self.citations.iter().map(Value::to_string).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod block_tests;
#[cfg(test)]
mod round_trip_tests;
