//! Files that are compressed by gzip, and what else is copied before it is read.

use super::blocks::to_u64;
use super::read::Watch;
use super::{Unread, escape};
use crate::report::{Code, Diagnostic};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};

/// What a compressed file begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A copy of a compressed file as it was before; none of one that is not compressed. It takes no more bytes than `most`:
/// a small file may unpack to any size.
pub fn uncompressed(name: &str, mut file: &File, most: u64, watch: &Watch<'_>) -> Result<Option<File>, Unread> {
    let mut start = [0; 2];
    let is_compressed = file.take(2).read(&mut start)? == 2 && start == MAGIC;
    file.rewind()?;
    if !is_compressed {
        return Ok(None);
    }
    copy(name, &mut MultiGzDecoder::new(BufReader::new(file)), most, watch).map(Some)
}

/// A file without a name that holds what is read, if that is no more than `most` bytes.
pub fn copy(name: &str, from: &mut dyn Read, most: u64, watch: &Watch<'_>) -> Result<File, Unread> {
    let mut to = tempfile::tempfile()?;
    let (mut buffer, mut left) = (vec![0; 1 << 16], most);
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        if !watch(0) {
            return Err(Unread::Stopped);
        }
        left = left.checked_sub(to_u64(read)).ok_or_else(|| too_long(name, most))?;
        #[expect(clippy::indexing_slicing, reason = "no more is read than there is room for")]
        to.write_all(&buffer[..read])?;
    }
    to.rewind()?;
    Ok(to)
}

fn too_long(name: &str, most: u64) -> Diagnostic {
    let message = format!("`{}` holds more than {most} bytes, which is all the memory that may be used", escape(name));
    Diagnostic::bare(Code::LimitReached, message).help("raise `--memory-limit` if what is in it can be trusted")
}

/// Compresses what is written.
pub fn compressed(out: &mut dyn Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut encoder = GzEncoder::new(out, Compression::default());
    write(&mut encoder)?;
    encoder.finish().map(|_| ())
}
