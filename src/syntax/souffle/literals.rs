//! Soufflé's literals: their shape in the text, and the values that they stand for.
//!
//! Numbers have a width, and what does not fit is refused.

use crate::data::{Float, Value, Width};
use crate::report::{Code, Diagnostic, SourceId, Span};
use crate::syntax::literals::shorten;
use crate::syntax::tokens::{Kind, to_u32, word_len};
use std::net::Ipv4Addr;

/// Kind and length of the number that a text begins with. The longest match is taken, so that `12abc` is one bad
/// number and not a number and a name.
#[expect(clippy::indexing_slicing, reason = "no shape is longer than the text")]
#[expect(clippy::string_slice, reason = "what it is cut behind are points and whole words")]
pub(super) fn shape(input: &str) -> (Kind, usize) {
    let mut len = word_len(input);
    let mut points = 0;
    while points < 3 && is_point(&input.as_bytes()[len..]) && is_decimal(&input[..len]) {
        len += 1 + word_len(&input[len + 1..]);
        points += 1;
    }
    (if points == 1 { Kind::Float } else { Kind::Number }, len)
}

/// Whether a point and a digit come next.
fn is_point(rest: &[u8]) -> bool {
    matches!(rest, [b'.', b'0'..=b'9', ..])
}

fn is_decimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// The number that a spelling stands for; `negative` if a minus belongs to it.
pub(super) fn number(spelling: &str, negative: bool, width: Width) -> Result<Value, String> {
    if spelling.contains('.') {
        let address: Ipv4Addr =
            spelling.parse().map_err(|_| format!("`{}` is neither a number nor an address", shorten(spelling)))?;
        let bits = address.to_bits();
        return Ok(Value::Number(match width {
            Width::Bits32 => i64::from(bits.cast_signed()),
            Width::Bits64 => i64::from(bits),
        }));
    }
    let malformed = || format!("`{}` is not a number", shorten(spelling));
    let (digits, unsigned) = match spelling.strip_suffix('u') {
        Some(digits) => (digits, true),
        None => (spelling, false),
    };
    let (radix, digits) = match digits.split_at_checked(2) {
        Some(("0x", digits)) => (16, digits),
        Some(("0b", digits)) => (2, digits),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(malformed());
    }
    let magnitude = u64::from_str_radix(digits, radix).map_err(|_| too_large(spelling, width))?;
    let read = if unsigned { unsigned_number(magnitude, negative, width) } else { signed(magnitude, negative, width) };
    read.ok_or_else(|| too_large(spelling, width))
}

/// A number that may have a sign. Whether it does is said by its type, so one without a minus may use every bit.
fn signed(magnitude: u64, negative: bool, width: Width) -> Option<Value> {
    let number = i64::try_from(with_sign(magnitude, negative)).ok()?;
    let fits = match width {
        Width::Bits32 => i32::try_from(number).is_ok() || u32::try_from(number).is_ok(),
        Width::Bits64 => true,
    };
    if !fits {
        return None;
    }
    Some(Value::Number(number))
}

fn with_sign(magnitude: u64, negative: bool) -> i128 {
    if negative { -i128::from(magnitude) } else { i128::from(magnitude) }
}

/// A number without a sign; a minus before it wraps it around.
fn unsigned_number(magnitude: u64, negative: bool, width: Width) -> Option<Value> {
    Some(Value::Unsigned(match width {
        Width::Bits32 => {
            let narrow = u32::try_from(magnitude).ok()?;
            u64::from(if negative { narrow.wrapping_neg() } else { narrow })
        }
        Width::Bits64 if negative => magnitude.wrapping_neg(),
        Width::Bits64 => magnitude,
    }))
}

fn too_large(spelling: &str, width: Width) -> String {
    format!("`{}` does not fit into {} bits", shorten(spelling), width.bits())
}

/// The float that a spelling stands for: the nearest that the width has.
pub(super) fn float(spelling: &str, negative: bool, width: Width) -> Result<Value, String> {
    let read = match width {
        Width::Bits32 => spelling.parse().map(f32::into),
        Width::Bits64 => spelling.parse::<f64>(),
    };
    let value = read.map_err(|_| format!("`{}` is not a number", shorten(spelling)))?;
    let value = if negative { -value } else { value };
    Float::new(value).map(Value::Float).ok_or_else(|| format!("`{}` is too large for a float", shorten(spelling)))
}

/// The length of the quoted text that a text begins with, quotes included; none if it is not closed.
pub(super) fn text_len(input: &str) -> Option<usize> {
    let bytes = input.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'"' => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The text that a quoted text stands for. A bad escape, which was reported, is left as it is.
pub(super) fn unquote(quoted: &str) -> String {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(letter)) => {
                chars.next();
                match escape(letter) {
                    Some(meant) => text.push(meant),
                    None => text.extend(['\\', letter]),
                }
            }
            _ => text.push(c),
        }
    }
    text
}

fn escape(letter: char) -> Option<char> {
    Some(match letter {
        '"' | '\'' | '\\' => letter,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        _ => return None,
    })
}

/// What is said of the escapes of a quoted text that mean nothing; `start` is where it begins.
pub(super) fn bad_escapes(quoted: &str, source: SourceId, start: u32) -> Vec<Diagnostic> {
    let mut bad = Vec::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\'
            && let Some((_, letter)) = chars.next()
            && escape(letter).is_none()
        {
            let start = start + to_u32(at);
            let span = Span { source, start, end: start + 1 + to_u32(letter.len_utf8()) };
            bad.push(
                Diagnostic::new(Code::BadEscape, span, format!("`\\{letter}` stands for nothing in a quoted text"))
                    .help("the escapes are \\\" \\' \\\\ \\a \\b \\f \\n \\r \\t \\v; a backslash is written `\\\\`"),
            );
        }
    }
    bad
}
