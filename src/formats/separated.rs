//! Records of fields to a table: what csv, tsv and facts share once their lines are cut.
//!
//! In: records, each a line number and its fields. Out: a [`Table`]. The header rule is the language's: with a
//! `.decl`, a first row with exactly the column names, in any order, is a header, and a partial match is an error;
//! without one, csv and tsv need a header and facts have none.

use super::Field;
use super::read::{Input, RowCitation, Table, parse};
use super::sniff::Sniffed;
use crate::data::{Column, Type, Word};
use crate::report::{Code, Diagnostic, count};

/// The column that says what a row rests on.
pub(super) const CITATIONS: &str = "@";

/// What is called with every record: the line it begins on, and its fields.
pub(super) type Visit<'v> = dyn FnMut(usize, &[&str]) -> Result<(), Diagnostic> + 'v;

/// A record: the line it begins on, and the text of its fields.
pub(super) trait Records {
    /// Calls back with every record in turn.
    fn each(&self, visit: &mut Visit<'_>) -> Result<(), Diagnostic>;
}

/// What is known of the columns before the first row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// The first record names the columns.
    Needed,
    /// It may, if it does so exactly.
    Optional,
    /// It does, whatever it says.
    Skipped,
    /// It does not.
    Absent,
}

/// Where each field of a record goes.
struct Shape {
    fields: Vec<Field>,
    /// For each field of the file, the column that it fills.
    places: Vec<Place>,
    /// Whether the first record is a header.
    skip: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Column(usize),
    Citations,
    Nowhere,
}

pub(super) fn table(input: &Input<'_>, header: Header, records: &dyn Records) -> Result<Table, Diagnostic> {
    let mut shape = shape(input, header, records)?;
    if input.expected.is_none() {
        sniff(&mut shape, input, records)?;
    }
    let mut table = Table {
        columns: vec![Column::new(); shape.fields.len()],
        rows: 0,
        citations: Vec::new(),
        has_citations: shape.places.contains(&Place::Citations),
        fields: shape.fields.clone(),
    };
    let mut first = shape.skip;
    records.each(&mut |line, record| {
        if std::mem::take(&mut first) {
            return Ok(());
        }
        shape.fits(input, line, record)?;
        for (text, place) in record.iter().zip(&shape.places) {
            match place {
                Place::Column(column) => {
                    let field = &shape.fields[*column];
                    let word = parse(field.ty, text, input.symbols);
                    table.columns[*column].push(word.ok_or_else(|| input.bad_field(line, field, text.as_bytes()))?);
                }
                Place::Citations => table.citations.extend(claims(text, table.rows, input)),
                Place::Nowhere => {}
            }
        }
        table.rows += 1;
        Ok(())
    })?;
    Ok(table)
}

fn claims<'a>(text: &'a str, row: usize, input: &'a Input<'_>) -> impl Iterator<Item = RowCitation> + 'a {
    let claims = text.split(' ').filter(|claim| !claim.is_empty());
    claims.map(move |claim| RowCitation { row, claim: Word::symbol(input.symbols.intern(claim)) })
}

impl Shape {
    /// Whether a record has the right number of fields. A relation without columns has empty records.
    fn fits(&self, input: &Input<'_>, line: usize, record: &[&str]) -> Result<(), Diagnostic> {
        let empty = self.places.is_empty() && matches!(record, [] | ["" | "()"]);
        if empty || record.len() == self.places.len() {
            return Ok(());
        }
        Err(input.wrong_count(line, self.places.len(), record.len()))
    }
}

fn shape(input: &Input<'_>, header: Header, records: &dyn Records) -> Result<Shape, Diagnostic> {
    let mut first: Option<Vec<String>> = None;
    let mut line = 1;
    // Only the first record is wanted: an error stops the reading behind it, and is thrown away.
    let read = records.each(&mut |at, record| {
        (first, line) = (Some(record.iter().map(|text| (*text).to_string()).collect()), at);
        Err(Diagnostic::bare(Code::MalformedRow, "the first record was enough"))
    });
    if first.is_none() {
        read?;
    }
    match (input.expected, first, header) {
        (Some(fields), first, Header::Optional) => declared_shape(input, fields, first, line),
        (Some(fields), _, Header::Skipped | Header::Absent | Header::Needed) => {
            let places = selected(input, fields.len())?;
            Ok(Shape { fields: fields.to_vec(), places, skip: header == Header::Skipped })
        }
        (None, Some(names), Header::Needed | Header::Optional | Header::Skipped) => Ok(named_shape(&names)),
        (None, Some(record), Header::Absent) => {
            let record = if matches!(&record[..], [only] if only.is_empty() || only == "()") { vec![] } else { record };
            let fields: Vec<Field> = (1..=record.len()).map(|at| Field::new(&format!("x{at}"), Type::Symbol)).collect();
            Ok(Shape { places: (0..fields.len()).map(Place::Column).collect(), fields, skip: false })
        }
        (None, None, Header::Needed | Header::Optional) => {
            let message = "an empty file does not say what its columns are";
            Err(input.error(Code::BadHeader, 1, message).help("give it a header, or its relation a `.decl`"))
        }
        (None, None, Header::Skipped | Header::Absent) => Ok(Shape { fields: vec![], places: vec![], skip: false }),
    }
}

/// Soufflé's `columns=`: which field of the file fills which column.
fn selected(input: &Input<'_>, columns: usize) -> Result<Vec<Place>, Diagnostic> {
    let Some(selected) = &input.options.columns else { return Ok((0..columns).map(Place::Column).collect()) };
    if selected.len() != columns {
        let message = format!("`columns` names {}, the relation has {columns}", count(selected.len(), "field"));
        return Err(input.error(Code::BadParameter, 1, &message).help("name one field for each column"));
    }
    let width = selected.iter().max().map_or(0, |last| last + 1);
    let mut places = vec![Place::Nowhere; width];
    for (column, field) in selected.iter().enumerate() {
        places[*field] = Place::Column(column);
    }
    Ok(places)
}

/// The shape of a file whose relation is declared.
fn declared_shape(
    input: &Input<'_>,
    fields: &[Field],
    first: Option<Vec<String>>,
    line: usize,
) -> Result<Shape, Diagnostic> {
    let plain = || (0..fields.len()).map(Place::Column).collect();
    let Some(names) = first else { return Ok(Shape { fields: fields.to_vec(), places: plain(), skip: false }) };
    if fields.is_empty() && names.iter().all(String::is_empty) {
        return Ok(Shape { fields: Vec::new(), places: Vec::new(), skip: true });
    }
    let column_of = |name: &String| fields.iter().position(|field| field.name == *name);
    let named: Vec<&String> = names.iter().filter(|name| column_of(name).is_some()).collect();
    let mut distinct = named.clone();
    distinct.sort();
    distinct.dedup();
    let others = names.iter().filter(|name| column_of(name).is_none() && *name != CITATIONS).count();
    let cites = names.iter().any(|name| name == CITATIONS);
    let is_header = distinct.len() == fields.len() && named.len() == fields.len() && others == 0;
    // Names of columns among other things are a header gone wrong, unless they may be data: symbols.
    if !is_header
        && !named.is_empty()
        && (cites || named.len() > 1 || fields.iter().any(|field| field.ty != Type::Symbol))
    {
        let wanted: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let message = format!("this header does not name the columns {}", wanted.join(", "));
        return Err(input.error(Code::BadHeader, line, &message).help("name every column once, in any order, or none"));
    }
    if !is_header {
        return Ok(Shape { fields: fields.to_vec(), places: plain(), skip: false });
    }
    let places = names.iter().map(|name| column_of(name).map_or(Place::Citations, Place::Column)).collect();
    Ok(Shape { fields: fields.to_vec(), places, skip: true })
}

/// The shape of a file that names its own columns.
fn named_shape(names: &[String]) -> Shape {
    let (mut fields, mut places) = (Vec::new(), Vec::new());
    for name in names {
        if name == CITATIONS {
            places.push(Place::Citations);
        } else if names.len() == 1 && name.is_empty() {
            continue;
        } else {
            places.push(Place::Column(fields.len()));
            fields.push(Field::new(name, Type::Symbol));
        }
    }
    Shape { fields, places, skip: true }
}

/// Reads all rows once for the types of their columns.
fn sniff(shape: &mut Shape, input: &Input<'_>, records: &dyn Records) -> Result<(), Diagnostic> {
    let mut sniffed = vec![Sniffed::new(); shape.fields.len()];
    let mut first = shape.skip;
    records.each(&mut |line, record| {
        if std::mem::take(&mut first) {
            return Ok(());
        }
        shape.fits(input, line, record)?;
        for (text, place) in record.iter().zip(&shape.places) {
            if let Place::Column(column) = place {
                sniffed[*column].see(text);
            }
        }
        Ok(())
    })?;
    for (field, sniffed) in shape.fields.iter_mut().zip(sniffed) {
        field.ty = sniffed.ty();
    }
    Ok(())
}
