//! Files that are compressed by gzip.

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};

/// What a compressed file begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A copy of a compressed file as it was before; none of one that is not compressed.
pub fn uncompressed(mut file: &File) -> io::Result<Option<File>> {
    let mut start = [0; 2];
    let is_compressed = file.take(2).read(&mut start)? == 2 && start == MAGIC;
    file.rewind()?;
    if !is_compressed {
        return Ok(None);
    }
    let mut plain = tempfile::tempfile()?;
    io::copy(&mut MultiGzDecoder::new(BufReader::new(file)), &mut plain)?;
    plain.rewind()?;
    Ok(Some(plain))
}

/// Compresses what is written.
pub fn compressed(out: &mut dyn Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut encoder = GzEncoder::new(out, Compression::default());
    write(&mut encoder)?;
    encoder.finish().map(|_| ())
}
