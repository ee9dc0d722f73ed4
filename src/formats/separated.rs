//! Records of fields to a table: what csv, tsv and facts share.
//!
//! In: a file of records. Out: a [`Table`], or the first mistake in the file: its first wrong record, unless a quote is
//! never closed, since then nobody knows what is a record; or, of a file that was read before, the lines of some rows.
//! Promise: threads read blocks of the file apart, but what they read is joined in the order of the file; so the table,
//! the ids of the symbols in it, the lines and the mistake are the same on any number of threads.

use super::blocks::{Block, Blocks, Source, to_u64};
use super::dialect::{Dialect, Visit};
use super::fields::Fields;
use super::joined::{Joined, Named, Naming};
use super::mistake::{Mistake, Trouble};
use super::piece::{Filling, Piece, Target};
use super::read::{Input, Table, Unread};
use super::shape::{First, Header, Shape};
use super::sniff::Sniffed;
use super::sought::{Found, Sought};
use memchr::memchr_iter;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::sync::{Mutex, MutexGuard};

/// Blocks for each thread that are read before they are joined.
const BATCH: usize = 4;

/// How a file is cut into records, and what the first one is.
pub(super) struct Cut {
    pub(super) header: Header,
    pub(super) dialect: Dialect,
}

pub(super) fn table(input: &Input<'_>, cut: &Cut, source: &mut dyn Source) -> Result<Table, Unread> {
    let mut reading = Reading::new(input, cut, source)?;
    let read = match reading.table() {
        read @ Err(Trouble::Unread(Unread::Io(_) | Unread::Stopped)) => read,
        // Where the rest cannot be read, what was found before it is still true.
        read => match reading.blocks().open_quote() {
            Ok(Some(offset)) => Err(Trouble::Mistake(offset, Mistake::OpenQuote)),
            Ok(None) | Err(_) => read,
        },
    };
    read.map_err(|trouble| reading.told(trouble))
}

/// The line on which each row stands first, in a file that was read before.
pub(super) fn lines(
    input: &Input<'_>,
    cut: &Cut,
    sought: &Sought<'_>,
    source: &mut dyn Source,
) -> Result<Vec<Option<usize>>, Unread> {
    let mut reading = Reading::new(input, cut, source)?;
    let found = reading.lines(sought);
    found.map_err(|trouble| reading.told(trouble))
}

/// What the lock of the blocks promises.
const CUTTING: &str = "cutting a file does not panic";

/// A file that is being read.
struct Reading<'a> {
    input: &'a Input<'a>,
    cut: &'a Cut,
    blocks: Mutex<Blocks<'a>>,
    shape: Shape,
    /// Where the block begins whose first record is a header.
    header: Option<u64>,
}

/// What was found in a block.
struct Looked {
    /// How many lines end in it.
    lines: usize,
    /// The rows that were found, with how many lines of the block end before them.
    found: Vec<(usize, usize)>,
}

impl<'a> Reading<'a> {
    fn new(input: &'a Input<'a>, cut: &'a Cut, source: &'a mut dyn Source) -> Result<Self, Unread> {
        let blocks = Mutex::new(Blocks::new(source, cut.dialect.quoting(), input.block, input.watch)?);
        Ok(Self { input, cut, blocks, shape: Shape::default(), header: None })
    }

    /// What trouble means to someone who knows nothing of offsets.
    fn told(&self, trouble: Trouble) -> Unread {
        match trouble {
            Trouble::Mistake(at, mistake) => match self.blocks().line(at) {
                Ok(line) => mistake.describe(self.input, line, &self.shape.fields).into(),
                Err(unread) => unread,
            },
            Trouble::Unread(unread) => unread,
        }
    }

    /// Takes up what the first record says of the columns. Returns where its block begins.
    fn open(&mut self) -> Result<Option<u64>, Trouble> {
        let (offset, first) = self.first()?;
        self.shape = Shape::new(self.input, self.cut.header, first)?;
        self.header = offset.filter(|_| self.shape.skip);
        Ok(offset)
    }

    fn table(&mut self) -> Result<Table, Trouble> {
        self.open()?;
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

    /// Looks block by block for rows, until all are found.
    fn lines(&mut self, sought: &Sought<'_>) -> Result<Vec<Option<usize>>, Trouble> {
        let mut found = vec![None; sought.len()];
        let Some(offset) = self.open()? else { return Ok(found) };
        // A file that was changed since may have other columns, and then none of the rows.
        if self.shape.fields.len() != sought.fields.len() {
            return Ok(found);
        }
        self.shape.fields = sought.fields.to_vec();
        let targets = self.shape.filling();
        let mut line = self.blocks().line(offset)?;
        while found.contains(&None) && !self.blocks().is_ended() {
            for looked in self.batch(&|block| self.look(block, &targets, sought))? {
                #[expect(clippy::indexing_slicing, reason = "there is a place for each row that is sought")]
                looked.found.iter().for_each(|(sought, lines)| _ = found[*sought].get_or_insert(line + lines));
                line += looked.lines;
            }
        }
        Ok(found)
    }

    fn look(&self, block: &Block, targets: &[Target], sought: &Sought<'_>) -> Result<Looked, Trouble> {
        let found = sought.in_piece(&self.piece(block, targets, false)?);
        let any_quotes = || self.any_quotes();
        let skip = self.header == Some(block.offset);
        let visit = LineOf { found: &found, skip, skips_blanks: &any_quotes };
        let found = if found.is_empty() { Vec::new() } else { self.cut.dialect.visit(block, &any_quotes, visit)?? };
        Ok(Looked { lines: memchr_iter(b'\n', block.bytes()).count(), found })
    }

    fn any_quotes(&self) -> Result<bool, Trouble> {
        Ok(self.blocks().any_quotes()?)
    }

    #[expect(clippy::expect_used, reason = "a lock is poisoned by a panic alone, and cutting a file does not panic")]
    fn blocks(&self) -> MutexGuard<'_, Blocks<'a>> {
        self.blocks.lock().expect(CUTTING)
    }

    /// The first record, and where its block begins.
    fn first(&self) -> Result<(Option<u64>, Option<First>), Trouble> {
        let any_quotes = || self.any_quotes();
        while let Some(block) = self.next()? {
            let visit = FirstRecord { offset: block.offset, skips_blanks: &any_quotes };
            if let Some((at, fields)) = self.cut.dialect.visit(&block, &any_quotes, visit)?? {
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
        let batch = || self.batch(&|block| self.piece(block, &targets, exact));
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

    /// What is made of each of the next blocks, in the order of the file; or what the first one that is wrong has to say.
    fn batch<T: Send>(&self, read: &(impl Fn(&Block) -> Result<T, Trouble> + Sync)) -> Result<Vec<T>, Trouble> {
        let Some(block) = self.next()? else { return Ok(Vec::new()) };
        if self.blocks().is_ended() {
            // A file of one block is not worth waking threads for.
            return Ok(vec![read(&block)?]);
        }
        self.blocks().put_back(block);
        let read_next = |_| -> (u64, Result<Option<T>, Trouble>) {
            let block = match self.next() {
                Ok(Some(block)) => block,
                Ok(None) => return (u64::MAX, Ok(None)),
                Err(trouble) => return (u64::MAX, Err(trouble)),
            };
            let (offset, made) = (block.offset, read(&block));
            self.blocks().done(block);
            (offset, made.map(Some))
        };
        let mut made: Vec<_> =
            (0..BATCH * rayon::current_num_threads()).into_par_iter().with_max_len(1).map(read_next).collect();
        made.sort_by_key(|(offset, _)| *offset);
        made.into_iter().filter_map(|(_, made)| made.transpose()).collect()
    }

    fn piece(&self, block: &Block, targets: &[Target], exact: bool) -> Result<Piece, Trouble> {
        let any_quotes = || self.any_quotes();
        let filling = Filling {
            targets,
            fields: &self.shape.fields,
            exact,
            lenient: self.input.is_lenient(),
            skip: self.header == Some(block.offset),
            offset: block.offset,
            skips_blanks: &any_quotes,
        };
        self.cut.dialect.visit(block, &any_quotes, filling)?
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
            let at = self.offset + to_u64(fields.position());
            let (mut texts, mut last) = (Vec::new(), false);
            while !last {
                let field = fields.next();
                let bytes = if field.unquoted { fields.unquoted() } else { bytes };
                let text = std::str::from_utf8(field.of(bytes));
                texts.push(text.map_err(|_| Trouble::Mistake(at, Mistake::NotUtf8))?.to_owned());
                last = field.last;
            }
            return Ok(Some((at, texts)));
        }
        Ok(None)
    }
}

/// Looks up on which lines of a block the records stand that were found in it.
struct LineOf<'a> {
    /// In the order of the block.
    found: &'a [Found],
    /// Whether the first record is none of its rows.
    skip: bool,
    skips_blanks: &'a dyn Fn() -> Result<bool, Trouble>,
}

impl Visit for LineOf<'_> {
    type Seen = Result<Vec<(usize, usize)>, Trouble>;

    fn visit<'b, F: Fields<'b>>(self, bytes: &'b [u8], mut fields: F) -> Self::Seen {
        let mut found = self.found.iter().peekable();
        let (mut skip, mut row) = (self.skip, 0);
        let (mut seen, mut lines) = (0, 0);
        let mut told = Vec::with_capacity(self.found.len());
        while found.peek().is_some() && fields.begin() {
            if fields.is_blank() && (self.skips_blanks)()? {
                fields.next();
                continue;
            }
            let start = fields.position();
            while !fields.next().last {}
            if std::mem::take(&mut skip) {
                continue;
            }
            while let Some(Found { sought, .. }) = found.next_if(|found| found.row == row) {
                #[expect(clippy::indexing_slicing, reason = "records stand in the block one behind the other")]
                let between = &bytes[std::mem::replace(&mut seen, start)..start];
                lines += memchr_iter(b'\n', between).count();
                told.push((*sought, lines));
            }
            row += 1;
        }
        Ok(told)
    }
}
