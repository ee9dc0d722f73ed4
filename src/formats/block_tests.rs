//! A file read in blocks, on any number of threads, is the file read whole: the same table or the same mistake.
//!
//! Reading whole is the slow twin: it holds the file, leaves quotes to the csv crate, and goes through the records one
//! by one.

use super::mistake::Mistake;
use super::number::parse_number;
use super::read::parse;
use super::shape::{First, Header, Shape};
use super::sniff::Sniffed;
use super::*;
use crate::data::{Column, Id, Type, Word};
use crate::report::{Code, Diagnostic};
use piece::Target;
use std::io::Cursor;

/// A file of some kind, and the relation that it is for.
#[derive(Debug, Clone)]
struct Case {
    format: &'static str,
    bytes: Vec<u8>,
    expected: Option<Vec<Field>>,
    options: ReadOptions,
}

/// A record of the slow twin: the line that it begins on, and its fields.
type Record = (usize, Vec<Vec<u8>>);

impl Case {
    fn input<'a>(&'a self, symbols: &'a Symbols, block: usize) -> Input<'a> {
        let expected = self.expected.as_deref();
        Input { name: "f", expected, options: &self.options, symbols, watch: &|_| true, block }
    }

    fn read(&self, symbols: &Symbols, block: usize) -> Result<Table, Diagnostic> {
        let format = Format::by_name(self.format).expect("a format");
        read_rows(format, &self.input(symbols, block), &mut Cursor::new(&self.bytes)).map_err(|unread| match unread {
            Unread::Mistake(diagnostic) => diagnostic,
            Unread::Io(_) | Unread::Stopped => panic!("bytes in memory can be read: {unread:?}"),
        })
    }

    fn delimiter(&self) -> Option<u8> {
        match self.format {
            "csv" if !self.options.raw => Some(b','),
            "tsv" if !self.options.raw => Some(b'\t'),
            _ => None,
        }
    }

    /// The bytes without a mark, and what stands between fields where fields are quoted.
    fn plain_bytes(&self) -> (&[u8], Option<u8>) {
        let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes);
        (bytes, self.delimiter().filter(|_| bytes.contains(&b'"')))
    }

    fn records(&self) -> Vec<Record> {
        match self.plain_bytes() {
            (bytes, Some(delimiter)) => quoted(bytes, delimiter),
            (bytes, None) => {
                lines(bytes, self.delimiter().map(|byte| vec![byte]).unwrap_or_else(|| self.raw_delimiter()))
            }
        }
    }

    /// The slow twin.
    fn read_whole(&self, symbols: &Symbols) -> Result<Table, Diagnostic> {
        let input = self.input(symbols, 1);
        let (bytes, quoting) = self.plain_bytes();
        let records = self.records();
        if let Some(last) = quoting.and_then(|_| bytes.iter().rposition(|byte| *byte == b'"'))
            && bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 1
        {
            return Err(Mistake::OpenQuote.describe(&input, line(bytes, last), &[]));
        }
        let header = match (self.delimiter(), self.expected.is_some(), self.options.headers) {
            (Some(_), true, _) => Header::Optional,
            (Some(_), false, _) => Header::Needed,
            (None, _, true) => Header::Skipped,
            (None, _, false) => Header::Absent,
        };
        let first = records.first().map(|record| texts(&input, record)).transpose()?;
        let first = first.map(|fields| First { line: records[0].0, fields });
        let mut shape = Shape::new(&input, header, first)?;
        let rows = &records[usize::from(shape.skip).min(records.len())..];
        if self.expected.is_none() {
            sniff(&input, &mut shape, rows)?;
        }
        rows_of(&input, &shape, rows)
    }

    fn raw_delimiter(&self) -> Vec<u8> {
        self.options.delimiter.as_deref().unwrap_or("\t").into()
    }
}

fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}

fn quoted(bytes: &[u8], delimiter: u8) -> Vec<Record> {
    let mut builder = ::csv::ReaderBuilder::new();
    let mut reader = builder.delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let (mut record, mut records) = (::csv::ByteRecord::new(), Vec::new());
    while reader.read_byte_record(&mut record).expect("bytes in memory can be read") {
        let start = usize::try_from(record.position().expect("it was read").byte()).expect("a place in memory");
        // The crate counts line ends before a record as part of it.
        let blank = bytes[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        records.push((line(bytes, start + blank), record.iter().map(<[u8]>::to_vec).collect()));
    }
    records
}

fn lines(bytes: &[u8], delimiter: Vec<u8>) -> Vec<Record> {
    let mut records = Vec::new();
    for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(line);
        let (mut fields, mut field) = (Vec::new(), Vec::new());
        let mut at_byte = 0;
        while at_byte < line.len() {
            if line[at_byte..].starts_with(&delimiter) {
                fields.push(std::mem::take(&mut field));
                at_byte += delimiter.len();
            } else {
                field.push(line[at_byte]);
                at_byte += 1;
            }
        }
        fields.push(field);
        records.push((at + 1, fields));
    }
    records
}

fn texts(input: &Input<'_>, (line, fields): &Record) -> Result<Vec<String>, Diagnostic> {
    let texts: Result<Vec<String>, _> = fields.iter().map(|field| String::from_utf8(field.clone())).collect();
    texts.map_err(|_| Mistake::NotUtf8.describe(input, *line, &[]))
}

/// The fields of a record, which has as many as the file has columns.
fn fitting(input: &Input<'_>, targets: &[Target], record: &Record) -> Result<Vec<String>, Diagnostic> {
    let texts = texts(input, record)?;
    let is_empty = targets.is_empty() && matches!(&texts[..], [only] if only.is_empty() || only == "()");
    if is_empty || texts.len() == targets.len() {
        return Ok(texts);
    }
    Err(input.wrong_count(record.0, targets.len(), texts.len()))
}

fn sniff(input: &Input<'_>, shape: &mut Shape, rows: &[Record]) -> Result<(), Diagnostic> {
    let targets = shape.sniffing();
    let mut sniffed = vec![Sniffed::default(); shape.fields.len()];
    for record in rows {
        for (text, target) in fitting(input, &targets, record)?.iter().zip(&targets) {
            if let Target::Sniffed(column) = target {
                sniffed[*column].see(text);
            }
        }
    }
    shape.take_types(&sniffed);
    Ok(())
}

fn rows_of(input: &Input<'_>, shape: &Shape, rows: &[Record]) -> Result<Table, Diagnostic> {
    let targets = shape.filling();
    let columns = vec![Column::new(); shape.fields.len()];
    let (fields, has_citations) = (shape.fields.clone(), shape.has_citations());
    let mut table = Table { fields, columns, rows: 0, citations: Vec::new(), has_citations };
    for record in rows {
        for (text, target) in fitting(input, &targets, record)?.iter().zip(&targets) {
            match target {
                Target::Column(column, ty) => {
                    let word = parse(&super::Field::new("x", *ty), text, input.symbols);
                    let bad = || input.bad_field(record.0, &shape.fields[*column], text.as_bytes());
                    table.columns[*column].push(word.ok_or_else(bad)?);
                }
                Target::Citations => {
                    let claims = text.split(' ').filter(|claim| !claim.is_empty());
                    let claims = claims.map(|claim| Word::symbol(input.symbols.intern(claim)));
                    table.citations.extend(claims.map(|claim| RowCitation { row: table.rows, claim }));
                }
                Target::Sniffed(_) | Target::Nowhere => {}
            }
        }
        table.rows += 1;
    }
    Ok(table)
}

/// The columns with their values, and the rows with what they rest on.
type Shown = (Vec<(Field, Vec<Value>)>, Vec<(usize, Value)>);

/// A table as people see it: its columns with their values, and which row rests on what.
fn shown(table: &Table, symbols: &Symbols) -> Shown {
    let symbols = symbols.read();
    let column = |(field, column): (&Field, &Column)| {
        (field.clone(), column.iter().map(|word| word.decode(field.ty, &symbols)).collect())
    };
    let columns = table.fields.iter().zip(&table.columns).map(column).collect();
    let cited = |cited: &RowCitation| (cited.row, cited.claim.decode(Type::Symbol, &symbols));
    (columns, table.citations.iter().map(cited).collect())
}

/// Reads a file in blocks of many sizes, looks its rows up, and compares. Returns whether it could be read.
fn check(case: &Case) -> bool {
    let whole = Symbols::default();
    let expected = case.read_whole(&whole);
    let rows = expected.as_ref().map(|table| table.rows);
    for block in [1, 2, 3, 7, 64, BLOCK] {
        let symbols = Symbols::default();
        let read = case.read(&symbols, block);
        let context = || format!("{case:?} {:?} in blocks of {block}", String::from_utf8_lossy(&case.bytes));
        assert_eq!(read.as_ref().map(|table| table.rows), rows, "{}", context());
        if let (Ok(read), Ok(expected)) = (read, expected.clone()) {
            if case.expected.is_some() {
                assert_eq!(read, expected, "{}", context());
            }
            assert_eq!(shown(&read, &symbols), shown(&expected, &whole), "{}", context());
            check_lines(case, &read, &symbols, block);
        }
    }
    expected.is_ok()
}

/// The line of each row and of each of its citations is where the slow twin finds the first row that is the same.
fn check_lines(case: &Case, table: &Table, symbols: &Symbols, block: usize) {
    let input = case.input(symbols, block);
    let words = |row: usize| table.columns.iter().map(|column| column.get(row)).collect();
    let fact = |row: usize| SoughtRow { words: words(row), claim: None };
    let cited = |cited: &RowCitation| SoughtRow { words: words(cited.row), claim: Some(cited.claim) };
    let rows: Vec<(usize, SoughtRow)> = (0..table.rows)
        .map(|row| (row, fact(row)))
        .chain(table.citations.iter().map(|it| (it.row, cited(it))))
        .collect();
    let first = |sought: &SoughtRow| rows.iter().find(|(_, row)| row == sought).map(|(row, _)| *row);
    let records = case.records();
    let lines: Vec<usize> = records[records.len() - table.rows..].iter().map(|(line, _)| *line).collect();
    let expected: Vec<_> = rows.iter().map(|(_, sought)| first(sought).map(|row| lines[row])).collect();
    let rows: Vec<SoughtRow> = rows.into_iter().map(|(_, sought)| sought).collect();
    let format = Format::by_name(case.format).expect("a format");
    let sought = Sought::new(&input, &table.fields, &rows);
    let found = find_rows(format, &input, &sought, &mut Cursor::new(&case.bytes)).expect("it was read before");
    assert_eq!(found, expected, "{case:?} {:?} in blocks of {block}", String::from_utf8_lossy(&case.bytes));
}

fn relation(types: &[Type]) -> Vec<Field> {
    types.iter().zip(["n", "s", "t"]).map(|(ty, name)| Field::new(name, *ty)).collect()
}

/// Relations that a file may be for, and none.
fn relations() -> Vec<Option<Vec<Field>>> {
    use Type::{Date, Float, Number, Symbol};
    let types: [&[Type]; 7] =
        [&[], &[Number], &[Symbol], &[Number, Number], &[Number, Symbol], &[Symbol, Symbol], &[Float, Date, Number]];
    types.iter().map(|types| Some(relation(types))).chain([None]).collect()
}

fn plain() -> ReadOptions {
    ReadOptions::default()
}

fn raw(delimiter: &str, headers: bool, columns: Option<Vec<usize>>) -> ReadOptions {
    ReadOptions { raw: true, delimiter: Some(delimiter.to_owned()), headers, columns, ..ReadOptions::default() }
}

/// A small generator of numbers, so that the tests need no library.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

#[test]
fn the_files_of_the_corpus_are_the_same_in_blocks() {
    let folders = ["tests/programs/files", "facts/reference"].map(std::path::Path::new);
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
    let mut read = 0;
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let format =
            ["csv", "tsv", "facts"].iter().find(|format| path.extension().is_some_and(|ending| ending == **format));
        let Some(format) = format else { continue };
        let bytes = std::fs::read(&path).expect("a file");
        for expected in relations() {
            for options in [plain(), raw(",", false, None), raw("\t", true, None)] {
                read += usize::from(check(&Case { format, bytes: bytes.clone(), expected: expected.clone(), options }));
            }
        }
    }
    assert!(read > 30, "{read}");
}

#[test]
fn random_texts_are_the_same_in_blocks() {
    let parts: [&[u8]; 24] = [
        b"a",
        b"1",
        b"-2",
        b"007",
        b"12345678",
        b"123456789012",
        b"9223372036854775808",
        b"0.5",
        b"2025-02-18",
        b",",
        b",",
        b"\t",
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b"\"",
        b"\"",
        b"\"\"",
        "\u{e9}".as_bytes(),
        b"\xff",
        b" ",
        b"()",
        b"||",
    ];
    let relations = relations();
    let mut dice = Dice(1);
    let mut read = 0;
    for _ in 0..6000 {
        let bytes = (0..dice.roll(12)).flat_map(|_| dice.pick(&parts).to_vec()).collect();
        let format = dice.pick(&["csv", "tsv", "facts"]);
        let expected = relations[dice.roll(relations.len())].clone();
        let delimiter = dice.pick(&[",", "\t", "||", "1", "\"", "\r", "\n", "\u{e9}"]);
        let columns = expected
            .as_ref()
            .filter(|_| dice.roll(3) == 0)
            .map(|fields| (0..fields.len()).rev().map(|at| 2 * at).collect());
        let options = if dice.roll(2) == 0 { raw(delimiter, dice.roll(2) == 0, columns) } else { plain() };
        read += usize::from(check(&Case { format, bytes, expected, options }));
    }
    assert!(read > 1000, "{read}");
}

/// A file of some columns that is right, with whatever fields may hold.
fn random_table(dice: &mut Dice) -> Case {
    let types = [Type::Number, Type::Symbol, Type::Date];
    let columns = 1 + dice.roll(3);
    let (format, delimiter) = dice.pick(&[("csv", ","), ("tsv", "\t")]);
    let end = dice.pick(&["\n", "\r\n"]);
    let cites = dice.roll(3) == 0;
    let mut text = String::from(dice.pick(&["", "\u{feff}"]));
    let mut rows: Vec<Vec<String>> = vec![["n", "s", "t"][..columns].iter().map(|name| (*name).to_owned()).collect()];
    for _ in 0..dice.roll(20) {
        let number = i64::try_from(dice.roll(1 << 20)).expect("a small number") - 1000;
        let symbol =
            dice.pick(&["", "x", "a,b", "a\tb", "\"q\"\"", "two\nlines", "\u{fc}", "\r", "\"", "long enough a text"]);
        let row = [number.to_string(), symbol.to_owned(), "2025-02-18".to_owned()];
        rows.push(row[..columns].to_vec());
    }
    for (at, row) in rows.iter().enumerate() {
        let mut fields: Vec<String> = row
            .iter()
            .map(|text| {
                let special = [delimiter, "\"", "\n", "\r"].iter().any(|part| text.contains(part));
                if special || dice.roll(10) == 0 { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() }
            })
            .collect();
        if cites {
            fields.push(if at == 0 { "@".to_owned() } else { dice.pick(&["", "c1", "c1 c2"]).to_owned() });
        }
        text += &(fields.join(delimiter) + end);
    }
    let expected = (dice.roll(3) > 0).then(|| relation(&types[..columns]));
    Case { format, bytes: text.into_bytes(), expected, options: plain() }
}

#[test]
fn random_tables_are_the_same_in_blocks_with_and_without_mistakes() {
    let mut dice = Dice(2);
    let mut read = 0;
    for _ in 0..1500 {
        let case = random_table(&mut dice);
        read += usize::from(check(&case));
        let mut broken = case.clone();
        let place = dice.roll(broken.bytes.len());
        broken.bytes[place] = dice.pick(b"\",\n\r\xff1x ");
        check(&broken);
        broken.bytes.truncate(dice.roll(broken.bytes.len()));
        check(&broken);
    }
    assert!(read > 1400, "{read}");
}

#[test]
fn symbols_are_the_same_on_any_number_of_threads() {
    let mut dice = Dice(3);
    let mut text = String::from("s,t,@\n");
    for row in 0..3000 {
        text += &format!("text {},\"{}\",c{}\n", dice.roll(500), row % 700, dice.roll(9));
    }
    let expected = Some(vec![Field::new("s", Type::Symbol), Field::new("t", Type::Symbol)]);
    let case = Case { format: "csv", bytes: text.into_bytes(), expected, options: plain() };
    let whole = Symbols::default();
    let table = case.read_whole(&whole).expect("read");
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        for block in [16, 100, 1000] {
            let symbols = Symbols::default();
            let read = pool.install(|| case.read(&symbols, block)).expect("read");
            assert_eq!(read, table, "{threads} threads, blocks of {block}");
            let (read, whole) = (symbols.read(), whole.read());
            assert_eq!(read.len(), whole.len());
            for at in 0..read.len() {
                let id = Id::from_index(at);
                assert_eq!(read.text(id), whole.text(id), "{threads} threads, blocks of {block}");
            }
        }
    }
}

#[test]
fn the_first_mistake_is_told_whoever_finds_it() {
    let good = "12,x\n".repeat(1000);
    let fields = relation(&[Type::Number, Type::Symbol]);
    for (mistake, code) in [
        ("1,x,y\n", Code::WrongFieldCount),
        ("1\n", Code::WrongFieldCount),
        ("x,x\n", Code::BadField),
        ("\n", Code::WrongFieldCount),
    ] {
        let bytes = format!("{good}{mistake}{good}7,7,7\n{good}").into_bytes();
        for block in [1, 100, 4096] {
            let case = Case { format: "csv", bytes: bytes.clone(), expected: Some(fields.clone()), options: plain() };
            let error = case.read(&Symbols::default(), block).expect_err("a mistake");
            assert_eq!((error.code, error.message.starts_with("f:1001: ")), (code, true), "{}", error.message);
        }
    }
    assert_eq!(parse_number(b"12"), Some(12));
}

#[test]
fn columns_of_a_raw_file_are_named_once() {
    let fields = Some(relation(&[Type::Number, Type::Number]));
    for columns in [vec![0, 0], vec![0, 4_000_000_000]] {
        let options = raw(",", false, Some(columns));
        let case = Case { format: "facts", bytes: b"1,2\n".to_vec(), expected: fields.clone(), options };
        assert_eq!(case.read(&Symbols::default(), BLOCK).expect_err("a mistake").code, Code::BadParameter);
    }
}

/// A file of which the system can read only so much.
struct Damaged(Cursor<Vec<u8>>, u64);

impl std::io::Read for Damaged {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.0.position() < self.1 { self.0.read(buffer) } else { Err(std::io::Error::other("damaged")) }
    }
}

impl std::io::Seek for Damaged {
    fn seek(&mut self, place: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.seek(place)
    }
}

fn csv() -> Format {
    Format::by_name("csv").expect("a format")
}

#[test]
fn what_the_system_cannot_read_is_its_error_unless_a_mistake_comes_before() {
    let (fields, options) = (relation(&[Type::Number]), plain());
    let symbols = Symbols::default();
    for (line, is_mistake) in [("12\n", false), ("x\n", true)] {
        let bytes = format!("{}{line}{}", "12\n".repeat(500), "12\n".repeat(5000)).into_bytes();
        for block in [64, 1000] {
            let (name, expected) = ("f", Some(&fields[..]));
            let input = Input { name, expected, options: &options, symbols: &symbols, watch: &|_| true, block };
            let unread = read_rows(csv(), &input, &mut Damaged(Cursor::new(bytes.clone()), 6000)).expect_err("damaged");
            assert_eq!(matches!(unread, Unread::Mistake(_)), is_mistake, "{unread:?}");
        }
    }
}

#[test]
fn reading_stops_between_blocks() {
    let bytes = "1\n".repeat(100_000).into_bytes();
    let fields = relation(&[Type::Number]);
    let left = std::sync::atomic::AtomicUsize::new(50);
    let watch = |_| left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) > 1;
    let symbols = Symbols::default();
    let options = plain();
    let input =
        Input { name: "f", expected: Some(&fields), options: &options, symbols: &symbols, watch: &watch, block: 64 };
    let unread = read_rows(csv(), &input, &mut Cursor::new(bytes)).expect_err("stopped");
    assert!(matches!(unread, Unread::Stopped));
}
