//! Records of fields to a table: what csv, tsv and facts share.
//!
//! In: a file of records. Out: a [`Table`], or the first mistake in the file: its first wrong record, unless a quote is
//! never closed, since then nobody knows what is a record. Promise: threads read blocks of the file apart, but what
//! they read is joined in the order of the file; so the table, the ids of the symbols in it and the mistake are the
//! same on any number of threads.

use super::blocks::{Block, Blocks, Source};
use super::dialect::{Dialect, Visit};
use super::fields::Fields;
use super::joined::{Joined, Named, Naming};
use super::mistake::{Mistake, Trouble};
use super::piece::{Filling, Piece, Target};
use super::read::{Input, Table, Unread};
use super::shape::{First, Header, Shape};
use super::sniff::Sniffed;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::sync::{Mutex, MutexGuard};

/// Blocks for each thread that are read before they are joined.
const BATCH: usize = 4;

pub(super) fn table(
    input: &Input<'_>,
    header: Header,
    dialect: &Dialect,
    source: &mut dyn Source,
) -> Result<Table, Unread> {
    let blocks = Mutex::new(Blocks::new(source, dialect.quoting(), input.block, input.watch)?);
    let mut reading = Reading { input, dialect, blocks, shape: Shape::default(), header: None };
    let read = reading.table(header);
    let Reading { blocks, shape, .. } = reading;
    let mut blocks = blocks.into_inner().expect(CUTTING);
    let read = match read {
        Err(Trouble::Unread(Unread::Io(_) | Unread::Stopped)) => read,
        // Where the rest cannot be read, what was found before it is still true.
        read => match blocks.open_quote() {
            Ok(Some(offset)) => Err(Trouble::Mistake(offset, Mistake::OpenQuote)),
            Ok(None) | Err(_) => read,
        },
    };
    match read {
        Ok(table) => Ok(table),
        Err(Trouble::Mistake(at, mistake)) => Err(mistake.describe(input, blocks.line(at)?, &shape.fields).into()),
        Err(Trouble::Unread(unread)) => Err(unread),
    }
}

/// What the lock of the blocks promises.
const CUTTING: &str = "cutting a file does not panic";

/// A file that is being read.
struct Reading<'a> {
    input: &'a Input<'a>,
    dialect: &'a Dialect,
    blocks: Mutex<Blocks<'a>>,
    shape: Shape,
    /// Where the block begins whose first record is a header.
    header: Option<u64>,
}

impl<'a> Reading<'a> {
    fn table(&mut self, header: Header) -> Result<Table, Trouble> {
        let (offset, first) = self.first()?;
        self.shape = Shape::new(self.input, header, first)?;
        self.header = offset.filter(|_| self.shape.skip);
        let sniffs = self.input.expected.is_none();
        if sniffs {
            self.sniff()?;
        }
        loop {
            let joined = self.rows(sniffs)?;
            if joined.sniffed.iter().all(|sniffed| *sniffed == Sniffed::default()) {
                return Ok(joined.table(&self.shape, self.input.symbols));
            }
            // What looked like numbers turned out not to be, far into the file.
            self.shape.widen(&joined.sniffed);
            self.blocks().restart()?;
        }
    }

    fn blocks(&self) -> MutexGuard<'_, Blocks<'a>> {
        self.blocks.lock().expect(CUTTING)
    }

    /// The first record, and where its block begins.
    fn first(&self) -> Result<(Option<u64>, Option<First>), Trouble> {
        let any_quotes = || Ok(self.blocks().any_quotes()?);
        while let Some(block) = self.next()? {
            let visit = FirstRecord { offset: block.offset, skips_blanks: &any_quotes };
            if let Some((at, fields)) = self.dialect.visit(&block, &any_quotes, visit)?? {
                let offset = block.offset;
                let mut blocks = self.blocks();
                blocks.put_back(block);
                return Ok((Some(offset), Some(First { line: blocks.line(at)?, fields })));
            }
        }
        Ok((None, None))
    }

    fn next(&self) -> Result<Option<Block>, Trouble> {
        self.blocks().next()
    }

    /// Takes up the types of the first values. What comes later may not fit them; then they were symbols.
    fn sniff(&mut self) -> Result<(), Trouble> {
        let targets = self.shape.sniffing();
        let mut rows = 0;
        while rows == 0
            && let Some(block) = self.next()?
        {
            let piece = self.piece(&block, &targets, false)?;
            self.shape.take_types(&piece.sniffed);
            rows = piece.rows;
        }
        Ok(self.blocks().restart()?)
    }

    /// All rows. While some pieces are read, the texts of those before are looked up, and those before them are joined.
    fn rows(&self, exact: bool) -> Result<Joined, Trouble> {
        let targets = self.shape.filling();
        let batch = || self.batch(&targets, exact);
        let mut symbols = self.input.symbols.write();
        let mut naming = Naming::new(&mut symbols, self.blocks().bytes()?);
        let mut joined = Joined::new(&self.shape);
        let (mut pieces, mut named) = (batch()?, Named::default());
        while !self.blocks().is_ended() {
            let (before, last) = (std::mem::take(&mut named), std::mem::take(&mut pieces));
            let join = || rayon::join(|| naming.next(last), || joined.append(before));
            let (next, (fresh, ())) = rayon::join(batch, join);
            (pieces, named) = (next?, fresh);
        }
        joined.append(named);
        joined.append(naming.next(pieces));
        joined.append(naming.name());
        Ok(joined)
    }

    /// The next pieces, in the order of the file; or what the first one that is wrong has to say.
    fn batch(&self, targets: &[Target], exact: bool) -> Result<Vec<Piece>, Trouble> {
        let Some(block) = self.next()? else { return Ok(Vec::new()) };
        if self.blocks().is_ended() {
            // A file of one block is not worth waking threads for.
            return Ok(vec![self.piece(&block, targets, exact)?]);
        }
        self.blocks().put_back(block);
        let read = |_| -> (u64, Result<Option<Piece>, Trouble>) {
            let block = match self.next() {
                Ok(Some(block)) => block,
                Ok(None) => return (u64::MAX, Ok(None)),
                Err(trouble) => return (u64::MAX, Err(trouble)),
            };
            let (offset, piece) = (block.offset, self.piece(&block, targets, exact));
            self.blocks().done(block);
            (offset, piece.map(Some))
        };
        let mut pieces: Vec<_> =
            (0..BATCH * rayon::current_num_threads()).into_par_iter().with_max_len(1).map(read).collect();
        pieces.sort_by_key(|(offset, _)| *offset);
        pieces.into_iter().filter_map(|(_, piece)| piece.transpose()).collect()
    }

    fn piece(&self, block: &Block, targets: &[Target], exact: bool) -> Result<Piece, Trouble> {
        let any_quotes = || Ok(self.blocks().any_quotes()?);
        let filling = Filling {
            targets,
            fields: &self.shape.fields,
            exact,
            lenient: self.input.options.lenient,
            skip: self.header == Some(block.offset),
            offset: block.offset,
            skips_blanks: &any_quotes,
        };
        self.dialect.visit(block, &any_quotes, filling)?
    }
}

/// Looks for the first record of a block.
struct FirstRecord<'a> {
    offset: u64,
    skips_blanks: &'a dyn Fn() -> Result<bool, Trouble>,
}

impl Visit for FirstRecord<'_> {
    type Seen = Result<Option<(u64, Vec<String>)>, Trouble>;

    fn visit<'b, F: Fields<'b>>(self, bytes: &'b [u8], mut fields: F) -> Self::Seen {
        while fields.begin() {
            if fields.is_blank() && (self.skips_blanks)()? {
                fields.next();
                continue;
            }
            let at = self.offset + fields.position() as u64;
            let (mut texts, mut last) = (Vec::new(), false);
            while !last {
                let field = fields.next();
                let bytes = if field.unquoted { fields.unquoted() } else { bytes };
                let text = std::str::from_utf8(&bytes[field.start..field.end]);
                texts.push(text.map_err(|_| Trouble::Mistake(at, Mistake::NotUtf8))?.to_owned());
                last = field.last;
            }
            return Ok(Some((at, texts)));
        }
        Ok(None)
    }
}
