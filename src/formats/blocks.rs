//! A file in blocks of whole records.
//!
//! In: something to read from, and whether quotes mean anything in it. Out: [`Block`]s of about the same size, each of
//! which begins and ends with a record, so that threads can read them apart. Promise: only blocks that are out are in
//! memory; a line end between quotes ends no block. Where fields are quoted is known only from the start on, so blocks
//! are cut one after the other, which is quick beside reading what is in them.

use super::mistake::{Mistake, Trouble};
use super::read::{Unread, Watch};
use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, Read, Seek, SeekFrom};

/// What rows are read from: a file, or bytes in memory.
pub trait Source: Read + Seek + Send {}

impl<S: Read + Seek + Send> Source for S {}

/// Whole records, one after the other.
#[derive(Debug, Default)]
pub(super) struct Block {
    buffer: Vec<u8>,
    len: usize,
    /// Where in the file it begins.
    pub(super) offset: u64,
    /// Whether there are quotes in it that mean something.
    pub(super) quotes: bool,
}

impl Block {
    #[expect(clippy::indexing_slicing, reason = "the buffer is no shorter than what it holds")]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.len]
    }

    /// Where in the file it ends.
    pub(super) fn end(&self) -> u64 {
        self.offset + to_u64(self.len)
    }
}

/// A length in memory as one of a file.
#[inline]
#[expect(clippy::as_conversions, reason = "no length in memory takes more than 64 bits")]
pub(super) const fn to_u64(len: usize) -> u64 {
    len as u64
}

/// The longest record that is read. Texts of a block are counted in 32 bits.
const LONGEST: usize = 1 << 30;

/// A block of a file that tells no length is at least as long, unless blocks are to be shorter.
const SHORTEST: usize = 1 << 12;

/// Bytes that are scanned together, where no block is made of them.
const SCANNED: usize = 1 << 16;

/// A file that is being cut.
pub(super) struct Blocks<'a> {
    source: &'a mut dyn Source,
    /// What stands between fields, where fields may be quoted.
    quoting: Option<u8>,
    size: usize,
    watch: &'a Watch<'a>,
    /// How far the file was read, in this reading or one before.
    furthest: u64,
    /// What was read of the next block.
    next: Block,
    /// How much of that was looked at.
    seen: usize,
    /// How much of that are whole records.
    whole: usize,
    /// Whether what was looked at ends between quotes.
    open: bool,
    ended: bool,
    /// A block that was out and is to be the next one again.
    returned: Option<Block>,
    quotes: Quotes,
    spare: Vec<Vec<u8>>,
}

/// The quotes of a file as far as it was read.
#[derive(Debug, Default)]
struct Quotes {
    count: usize,
    /// Where the last one stands.
    last: u64,
    /// Whether there are any in the whole file, once somebody asked.
    any: Option<bool>,
}

/// What an editor may put before the first character of a text.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl<'a> Blocks<'a> {
    pub(super) fn new(
        source: &'a mut dyn Source,
        quoting: Option<u8>,
        size: usize,
        watch: &'a Watch<'a>,
    ) -> Result<Self, Unread> {
        // A short file is one block, however long blocks may be; one that tells no length is read all the same.
        let len = usize::try_from(source.seek(SeekFrom::End(0))?).unwrap_or(usize::MAX);
        let size = size.min(len.saturating_add(1).max(SHORTEST));
        let mut blocks = Self {
            source,
            quoting,
            size,
            watch,
            furthest: 0,
            next: Block::default(),
            seen: 0,
            whole: 0,
            open: false,
            ended: false,
            returned: None,
            quotes: Quotes::default(),
            spare: Vec::new(),
        };
        blocks.restart()?;
        Ok(blocks)
    }

    /// Begins again with the first block.
    pub(super) fn restart(&mut self) -> Result<(), Unread> {
        let mut mark = Vec::new();
        self.scan(0, to_u64(BYTE_ORDER_MARK.len()), |bytes| {
            mark.extend_from_slice(bytes);
            true
        })?;
        let offset = if mark == BYTE_ORDER_MARK { to_u64(mark.len()) } else { 0 };
        self.quotes = Quotes { any: self.quotes.any, ..Quotes::default() };
        (self.ended, self.returned) = (false, None);
        self.begin(Block { offset, ..Block::default() });
        Ok(())
    }

    /// Bytes of the whole file.
    pub(super) fn bytes(&mut self) -> Result<u64, Unread> {
        Ok(self.source.seek(SeekFrom::End(0))?)
    }

    /// Whether all blocks are out.
    pub(super) fn is_ended(&self) -> bool {
        self.ended && self.returned.is_none()
    }

    /// The next block; none behind the last.
    pub(super) fn next(&mut self) -> Result<Option<Block>, Trouble> {
        if let Some(block) = self.returned.take() {
            return Ok(Some(block));
        }
        while !self.ended {
            // What cannot be read ends the file for every thread.
            self.ended = true;
            self.ended = !self.fill()?;
            self.look();
            if self.whole > 0 {
                return Ok(Some(self.cut()));
            }
        }
        Ok(None)
    }

    /// Takes a block back, to hand it out again.
    pub(super) fn put_back(&mut self, block: Block) {
        self.returned = Some(block);
    }

    /// Takes back what a block was read into.
    pub(super) fn done(&mut self, block: Block) {
        self.spare.push(block.buffer);
    }

    /// Whether there is a quote anywhere in the file that means something.
    pub(super) fn any_quotes(&mut self) -> Result<bool, Unread> {
        if self.quoting.is_none() || self.quotes.count > 0 {
            return Ok(self.quotes.count > 0);
        }
        if self.quotes.any.is_none() {
            let mut found = false;
            self.scan(self.next.end(), u64::MAX, |bytes| {
                found = memchr(b'"', bytes).is_some();
                !found
            })?;
            self.quotes.any = Some(found);
        }
        Ok(self.quotes.any == Some(true))
    }

    /// Reads what is left for its quotes alone. Returns where the last one stands if their number is odd: it opens a
    /// field that nothing closes.
    pub(super) fn open_quote(&mut self) -> Result<Option<u64>, Unread> {
        if self.quoting.is_some() {
            self.ended = true;
            let (mut quotes, mut at) = (std::mem::take(&mut self.quotes), self.next.end());
            self.scan(at, u64::MAX, |bytes| {
                quotes.add(bytes, at);
                at += to_u64(bytes.len());
                true
            })?;
            self.quotes = quotes;
        }
        Ok((self.quotes.count % 2 == 1).then_some(self.quotes.last))
    }

    /// The line that an offset lies in.
    pub(super) fn line(&mut self, offset: u64) -> Result<usize, Unread> {
        let mut line = 1;
        self.scan(0, offset, |bytes| {
            line += memchr_iter(b'\n', bytes).count();
            true
        })?;
        Ok(line)
    }

    /// Calls back with the bytes between two offsets, as long as more are wanted.
    #[expect(
        clippy::indexing_slicing,
        reason = "no more is wanted than there is room for, and no more is read than is wanted"
    )]
    fn scan(&mut self, from: u64, to: u64, mut visit: impl FnMut(&[u8]) -> bool) -> Result<(), Unread> {
        let room = usize::try_from(to.saturating_sub(from)).map_or(SCANNED, |len| len.min(SCANNED));
        let (mut buffer, mut at) = (vec![0; room], from);
        while at < to {
            let wanted = usize::try_from(to - at).map_or(buffer.len(), |left| left.min(buffer.len()));
            let read = self.read(at, &mut buffer[..wanted])?;
            if read == 0 || !visit(&buffer[..read]) {
                break;
            }
            at += to_u64(read);
        }
        Ok(())
    }

    /// Reads a block's worth behind what is there; as much again as is there if that is more, so that a long record is
    /// not moved about too often. Returns whether there was so much.
    #[expect(
        clippy::indexing_slicing,
        reason = "the buffer reaches to `end`, and no more is read than there is room for"
    )]
    fn fill(&mut self) -> Result<bool, Trouble> {
        let start = self.next.len;
        let end = start + self.size.max(start);
        let mut buffer = std::mem::take(&mut self.next.buffer);
        if start >= LONGEST {
            return Err(Trouble::Mistake(self.next.offset, Mistake::TooLong));
        }
        if buffer.len() < end {
            buffer.try_reserve_exact(end - buffer.len()).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
            buffer.resize(end, 0);
        }
        let mut len = start;
        while len < end {
            match self.read(self.next.offset + to_u64(len), &mut buffer[len..end])? {
                0 => break,
                read => len += read,
            }
        }
        if self.quoting.is_some() {
            let before = self.quotes.count;
            self.quotes.add(&buffer[start..len], self.next.end());
            self.next.quotes |= self.quotes.count > before;
        }
        (self.next.buffer, self.next.len) = (buffer, len);
        Ok(len == end)
    }

    /// Reads some bytes from an offset on; none at the end of the file.
    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, Unread> {
        self.source.seek(SeekFrom::Start(offset))?;
        let read = loop {
            match self.source.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        let end = offset + to_u64(read);
        let fresh = end.saturating_sub(self.furthest);
        self.furthest = self.furthest.max(end);
        if (self.watch)(usize::try_from(fresh).unwrap_or(usize::MAX)) { Ok(read) } else { Err(Unread::Stopped) }
    }

    /// Looks for the end of the last whole record in what was not looked at yet.
    fn look(&mut self) {
        match self.quoting.filter(|_| self.next.quotes) {
            Some(delimiter) => self.look_between_quotes(delimiter),
            None => {
                #[expect(clippy::indexing_slicing, reason = "what was looked at is a part of what was read")]
                let last = memrchr(b'\n', &self.next.bytes()[self.seen..]);
                self.whole = last.map_or(self.whole, |last| self.seen + last + 1);
                self.seen = self.next.len;
            }
        }
        if self.ended {
            self.whole = self.next.len;
        }
    }

    /// The same where fields are quoted: a quote opens a field if nothing of the field stands before it, and the first
    /// one that is not doubled closes it.
    #[expect(
        clippy::indexing_slicing,
        reason = "a quote is found behind what was looked at and before the end, or is the end"
    )]
    fn look_between_quotes(&mut self, delimiter: u8) {
        let bytes = self.next.bytes();
        let mut at = self.seen;
        while at < bytes.len() {
            let quote = memchr(b'"', &bytes[at..]).map_or(bytes.len(), |quote| at + quote);
            if self.open {
                match bytes.get(quote + 1) {
                    Some(b'"') => at = quote + 2,
                    Some(_) => (self.open, at) = (false, quote + 1),
                    // What comes behind this quote says whether it is doubled.
                    None => {
                        at = quote;
                        break;
                    }
                }
            } else {
                let last = memrchr(b'\n', &bytes[at..quote]);
                self.whole = last.map_or(self.whole, |last| at + last + 1);
                let before = quote.checked_sub(1).and_then(|before| bytes.get(before));
                self.open = quote < bytes.len() && before.is_none_or(|b| *b == delimiter || matches!(b, b'\n' | b'\r'));
                at = quote + 1;
            }
        }
        self.seen = at.min(bytes.len());
    }

    /// Hands the whole records out and keeps what is behind them for the next block.
    #[expect(
        clippy::indexing_slicing,
        reason = "whole records end within what was read, and what is behind them gets its room above"
    )]
    fn cut(&mut self) -> Block {
        let Block { buffer, len, offset, quotes } = std::mem::take(&mut self.next);
        let tail = &buffer[self.whole..len];
        let mut rest = self.spare.pop().unwrap_or_default();
        if rest.len() < tail.len() {
            rest.resize(tail.len(), 0);
        }
        rest[..tail.len()].copy_from_slice(tail);
        let block = Block { len: self.whole, offset, quotes, buffer: Vec::new() };
        let quotes = quotes && memchr(b'"', tail).is_some();
        self.begin(Block { buffer: rest, len: tail.len(), offset: block.end(), quotes });
        Block { buffer, ..block }
    }

    /// Goes on with a block of which nothing was looked at.
    fn begin(&mut self, next: Block) {
        self.next = next;
        (self.seen, self.whole, self.open) = (0, 0, false);
    }
}

impl Quotes {
    /// Takes the quotes of some bytes into account, which begin at an offset.
    #[expect(clippy::indexing_slicing, reason = "the last quote is one of the bytes")]
    fn add(&mut self, bytes: &[u8], offset: u64) {
        if let Some(last) = memrchr(b'"', bytes) {
            self.count += memchr_iter(b'"', &bytes[..=last]).count();
            self.last = offset + to_u64(last);
        }
    }
}
