//! Bytes taken apart: first what chooses, then a text.

use entail::data::{Dialect, Width};

/// Bytes that are taken one after the other; there is always another, a zero.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Bytes<'_> {
    pub(super) fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    /// A number of two bytes.
    pub(super) fn short(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// Whether a bit of a byte is set.
    pub(super) fn flags<const N: usize>(&mut self) -> [bool; N] {
        let byte = self.byte();
        std::array::from_fn(|bit| byte >> bit & 1 == 1)
    }
}

/// A text behind the letter of its dialect, `E`, `S` or `L`, which has Soufflé's wide numbers; none behind other letters,
/// nor where it is none.
pub(super) fn program(bytes: &[u8]) -> Option<(Dialect, &str)> {
    let (letter, text) = bytes.split_first()?;
    let dialect = match letter {
        b'E' => Dialect::Entail,
        b'S' => Dialect::Souffle(Width::Bits32),
        b'L' => Dialect::Souffle(Width::Bits64),
        _ => return None,
    };
    Some((dialect, str::from_utf8(text).ok()?))
}
