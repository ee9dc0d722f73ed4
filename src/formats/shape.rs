//! Which field of a file of records fills which column.
//!
//! In: the first record, and the columns of the relation where it is declared. Out: a [`Shape`]. The header rule is the
//! language's: with a `.decl`, a first row with exactly the column names, in any order, is a header, and a partial
//! match is an error; without one, csv and tsv need a header and facts have none.

use super::Field;
use super::piece::Target;
use super::read::Input;
use super::sniff::Sniffed;
use crate::data::Type;
use crate::report::{Code, Diagnostic, count};
use std::collections::HashSet;

/// The column that says what a row rests on.
pub(super) const CITATIONS: &str = "@";

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

/// The first record of a file.
#[derive(Debug)]
pub(super) struct First {
    /// The line it begins on.
    pub(super) line: usize,
    pub(super) fields: Vec<String>,
}

/// Where each field of a record goes.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) fields: Vec<Field>,
    /// For each field of the file, the column that it fills.
    places: Vec<Place>,
    /// Whether the first record is a header.
    pub(super) skip: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Column(usize),
    Citations,
    Nowhere,
}

impl Shape {
    pub(super) fn new(input: &Input<'_>, header: Header, first: Option<First>) -> Result<Self, Diagnostic> {
        match (input.expected, first, header) {
            (Some(fields), first, Header::Optional) => declared(input, fields, first),
            (Some(fields), _, Header::Skipped | Header::Absent | Header::Needed) => {
                let places = selected(input, fields.len())?;
                Ok(Shape { fields: fields.to_vec(), places, skip: header == Header::Skipped })
            }
            (None, Some(first), Header::Needed | Header::Optional | Header::Skipped) => Ok(named(&first.fields)),
            (None, Some(First { fields: record, .. }), Header::Absent) => {
                let is_empty = matches!(&record[..], [only] if only.is_empty() || only == "()");
                let columns = if is_empty { 0 } else { record.len() };
                let fields = (1..=columns).map(|at| Field::new(&format!("x{at}"), Type::Symbol)).collect();
                Ok(Shape { places: (0..columns).map(Place::Column).collect(), fields, skip: false })
            }
            (None, None, Header::Needed | Header::Optional) => {
                let message = "an empty file does not say what its columns are";
                Err(input.error(Code::BadHeader, 1, message).help("give it a header, or its relation a `.decl`"))
            }
            (None, None, Header::Skipped | Header::Absent) => Ok(Shape { fields: vec![], places: vec![], skip: false }),
        }
    }

    /// Whether rows say what they rest on.
    pub(super) fn has_citations(&self) -> bool {
        self.places.contains(&Place::Citations)
    }

    /// What the fields of a record are for.
    #[expect(clippy::indexing_slicing, reason = "places are those of its own columns")]
    pub(super) fn filling(&self) -> Vec<Target> {
        self.targets(|column| Target::Column(column, self.fields[column].ty))
    }

    /// The same while types are not known.
    pub(super) fn sniffing(&self) -> Vec<Target> {
        self.targets(Target::Sniffed)
    }

    fn targets(&self, column: impl Fn(usize) -> Target) -> Vec<Target> {
        let target = |place: &Place| match place {
            Place::Column(at) => column(*at),
            Place::Citations => Target::Citations,
            Place::Nowhere => Target::Nowhere,
        };
        self.places.iter().map(target).collect()
    }

    /// Takes up the types of the columns' values.
    pub(super) fn take_types(&mut self, sniffed: &[Sniffed]) {
        for (field, sniffed) in self.fields.iter_mut().zip(sniffed) {
            field.ty = sniffed.ty();
        }
    }

    /// Makes symbols of the columns in which something else was seen.
    pub(super) fn widen(&mut self, sniffed: &[Sniffed]) {
        for (field, sniffed) in self.fields.iter_mut().zip(sniffed) {
            if *sniffed != Sniffed::default() {
                field.ty = Type::Symbol;
            }
        }
    }
}

/// More fields than any record has.
const MOST_FIELDS: usize = 1 << 20;

/// Soufflé's `columns=`: which field of the file fills which column.
#[expect(clippy::indexing_slicing, reason = "there are places up to that of the last field")]
fn selected(input: &Input<'_>, columns: usize) -> Result<Vec<Place>, Diagnostic> {
    let Some(selected) = &input.options.columns else { return Ok((0..columns).map(Place::Column).collect()) };
    if selected.len() != columns {
        let message = format!("`columns` names {}, the relation has {columns}", count(selected.len(), "field"));
        return Err(input.error(Code::BadParameter, 1, &message).help("name one field for each column"));
    }
    let mut sorted = selected.clone();
    sorted.sort_unstable();
    let wrong = match sorted.last() {
        Some(last) if *last > MOST_FIELDS => Some(format!("`columns` names field {last}, which no file has")),
        _ => sorted
            .iter()
            .zip(sorted.iter().skip(1))
            .find(|(field, next)| field == next)
            .map(|(field, _)| format!("`columns` names field {field} twice")),
    };
    if let Some(message) = wrong {
        return Err(input.error(Code::BadParameter, 1, &message).help("name one field for each column"));
    }
    let mut places = vec![Place::Nowhere; sorted.last().map_or(0, |last| last + 1)];
    for (column, field) in selected.iter().enumerate() {
        places[*field] = Place::Column(column);
    }
    Ok(places)
}

/// The shape of a file whose relation is declared.
fn declared(input: &Input<'_>, fields: &[Field], first: Option<First>) -> Result<Shape, Diagnostic> {
    let plain = || (0..fields.len()).map(Place::Column).collect();
    let Some(First { line, fields: names }) = first else {
        return Ok(Shape { fields: fields.to_vec(), places: plain(), skip: false });
    };
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

/// The shape of a file that names its own columns. One that is called as another before it is called by its number: written
/// as an object, a row would have one value for both.
fn named(names: &[String]) -> Shape {
    let (mut fields, mut places) = (Vec::new(), Vec::new());
    let (mut taken, mut number) = (HashSet::new(), 0);
    for name in names {
        if name == CITATIONS {
            places.push(Place::Citations);
        } else if names.len() == 1 && name.is_empty() {
            continue;
        } else {
            places.push(Place::Column(fields.len()));
            let mut name = name.clone();
            while !taken.insert(name.clone()) {
                number = fields.len().max(number) + 1;
                name = format!("x{number}");
            }
            fields.push(Field::new(&name, Type::Symbol));
        }
    }
    Shape { fields, places, skip: true }
}
