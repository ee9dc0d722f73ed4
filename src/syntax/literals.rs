//! Literals: their shape in the text, and the values that they stand for.
//!
//! In: spellings. Out: values, or the reason why there is none. Promise: a literal is read exactly or refused;
//! none is ever read as a different number.

use super::tokens::{Kind, to_u32, word_len};
use crate::data::{Date, Float, Value};
use crate::report::{Code, Diagnostic, SourceId, Span};

/// Kind and length of the number or date that a text begins with. The longest match is taken, so that `12abc` is
/// one bad number and not a number and a name.
#[expect(clippy::indexing_slicing, reason = "no shape is longer than the text")]
#[expect(clippy::string_slice, reason = "what it is cut behind are bytes of ASCII and whole words")]
pub(super) fn shape(input: &str) -> (Kind, usize) {
    if let Some(len) = date_len(input) {
        return (Kind::Date, len);
    }
    let bytes = input.as_bytes();
    let whole = word_len(input);
    let based = matches!(bytes, [b'0', b'x' | b'X' | b'b' | b'B', ..]);
    let mut len = whole;
    if !based && bytes.get(len) == Some(&b'.') && bytes.get(len + 1).is_some_and(u8::is_ascii_digit) {
        len += 1 + word_len(&input[len + 1..]);
    }
    let exponent = !based && ends_in_exponent(&bytes[..len]);
    let signed = exponent && matches!(bytes.get(len), Some(b'+' | b'-'));
    if signed && bytes.get(len + 1).is_some_and(u8::is_ascii_digit) {
        len += 1 + word_len(&input[len + 1..]);
    }
    let float = len > whole || (!based && is_exponent_form(&bytes[..len]));
    (if float { Kind::Float } else { Kind::Number }, len)
}

/// `2025-02-18`, and whatever letters or digits are stuck to it.
fn date_len(input: &str) -> Option<usize> {
    let shape = input.as_bytes().get(..10)?;
    let dashed = shape.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    #[expect(clippy::string_slice, reason = "ten bytes of ASCII come first")]
    dashed.then(|| 10 + word_len(&input[10..]))
}

/// `2e`, `1.5E`
fn ends_in_exponent(bytes: &[u8]) -> bool {
    matches!(bytes, [digits @ .., b'e' | b'E'] if digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'_' | b'.')))
}

/// `2e3`
fn is_exponent_form(bytes: &[u8]) -> bool {
    let mut parts = bytes.split(|byte| matches!(byte, b'e' | b'E'));
    let digits = |part: Option<&[u8]>| {
        part.is_some_and(|part| !part.is_empty() && part.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_'))
    };
    digits(parts.next()) && digits(parts.next()) && parts.next().is_none()
}

/// The integer that a spelling without its sign stands for: `42`, `0x1f`, and `42u`, which has no sign.
pub(super) fn number(spelling: &str, negative: bool) -> Result<Value, String> {
    let (spelling, unsigned) = match spelling.strip_suffix('u') {
        Some(digits) if !negative => (digits, true),
        Some(_) | None => (spelling, false),
    };
    let (radix, digits) = match spelling.split_at_checked(2) {
        Some(("0x" | "0X", digits)) => (16, digits),
        Some(("0b" | "0B", digits)) => (2, digits),
        _ => (10, spelling),
    };
    let digits = plain_digits(digits, radix).ok_or_else(|| format!("`{}` is not a number", shorten(spelling)))?;
    if radix == 10 && digits.len() > 1 && digits.starts_with('0') {
        return Err(format!("`{}` begins with a zero that counts for nothing", shorten(spelling)));
    }
    let sign = if negative { "-" } else { "" };
    if unsigned {
        let number = u64::from_str_radix(&digits, radix).map(Value::Unsigned);
        return number.map_err(|_| format!("`{}u` does not fit into 64 bits", shorten(spelling)));
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix)
        .map(Value::Number)
        .map_err(|_| format!("`{sign}{}` does not fit into 64 bits", shorten(spelling)))
}

/// The float that a spelling without its sign stands for.
pub(super) fn float(spelling: &str, negative: bool) -> Result<Value, String> {
    let malformed = || format!("`{}` is not a number", shorten(spelling));
    let (mantissa, exponent) = spelling.split_once(['e', 'E']).unwrap_or((spelling, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let unsigned = exponent.trim_start_matches(['+', '-']);
    let part = |digits| plain_digits(digits, 10).ok_or_else(malformed);
    let (whole, fraction, power) = (part(whole)?, part(fraction)?, part(unsigned)?);
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(format!("`{}` begins with a zero that counts for nothing", shorten(spelling)));
    }
    let minus = if exponent.starts_with('-') { "-" } else { "" };
    let value: f64 = format!("{whole}.{fraction}e{minus}{power}").parse().map_err(|_| malformed())?;
    let is_zero = whole.bytes().chain(fraction.bytes()).all(|digit| digit == b'0');
    if value == 0.0 && !is_zero {
        return Err(format!("`{}` is too small for a float", shorten(spelling)));
    }
    let value = if negative { -value } else { value };
    Float::new(value).map(Value::Float).ok_or_else(|| format!("`{}` is too large for a float", shorten(spelling)))
}

/// The day that a spelling stands for.
pub(super) fn date(spelling: &str) -> Result<Value, String> {
    if spelling.len() != 10 {
        return Err(format!("`{}` is neither a date nor a subtraction", shorten(spelling)));
    }
    Date::parse(spelling).map(Value::Date).ok_or_else(|| format!("there is no day `{spelling}`"))
}

/// The digits without the `_` between them; none if any other character is there.
fn plain_digits(digits: &str, radix: u32) -> Option<String> {
    let stray = digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    (!stray && digits.chars().all(|c| c == '_' || c.is_digit(radix))).then(|| digits.replace('_', ""))
}

/// A spelling as a message shows it.
pub(super) fn shorten(spelling: &str) -> String {
    let start: String = spelling.chars().take(40).collect();
    if start.len() < spelling.len() { start + "…" } else { start }
}

/// The length of the quoted text that a text begins with, quotes included; if it is not closed on its line, the
/// length up to there.
#[expect(
    clippy::indexing_slicing,
    reason = "a quoted text begins with its quote, and no place behind the end is looked at"
)]
pub(super) fn text_len(input: &str) -> Result<usize, usize> {
    let bytes = input.as_bytes();
    let quote = bytes[0];
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => break,
            b'\\' if at + 1 < bytes.len() && bytes[at + 1] != b'\n' => at += 1,
            byte if byte == quote => return Ok(at + 1),
            _ => {}
        }
        at += 1;
    }
    Err(at.min(bytes.len()))
}

/// The text that a quoted text stands for. A bad escape, which was reported, is left as it is.
#[expect(clippy::string_slice, reason = "an escape is cut where its backslash stands and where it ends")]
pub(super) fn unquote(quoted: &str) -> String {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = escape(&rest[at..]);
        match escape.stands_for {
            Some(c) => text.push(c),
            None => text.push_str(&rest[at..at + escape.len]),
        }
        rest = &rest[at + escape.len..];
    }
    text.push_str(rest);
    text
}

/// An escape that means nothing, at some byte of a quoted text.
pub(super) struct BadEscape<'a> {
    at: usize,
    text: &'a str,
}

impl BadEscape<'_> {
    /// What is said about it; `start` is where the quoted text begins.
    pub(super) fn diagnostic(&self, source: SourceId, start: u32) -> Diagnostic {
        let start = start + to_u32(self.at);
        let span = Span { source, start, end: start + to_u32(self.text.len()) };
        Diagnostic::new(Code::BadEscape, span, format!("`{}` stands for nothing in a quoted text", shorten(self.text)))
            .help("the escapes are \\n \\t \\r \\\\ \\\" \\' and \\u{…}; a backslash is written `\\\\`")
    }
}

/// The escapes of a quoted text that mean nothing.
#[expect(clippy::string_slice, reason = "an escape is cut where its backslash stands and where it ends")]
pub(super) fn bad_escapes(quoted: &str) -> impl Iterator<Item = BadEscape<'_>> {
    let inner_end = quoted.len().saturating_sub(1);
    let mut at = 1;
    std::iter::from_fn(move || {
        loop {
            at += quoted.get(at..inner_end)?.find('\\')?;
            let escape = escape(&quoted[at..inner_end]);
            let found = BadEscape { at, text: &quoted[at..at + escape.len] };
            at += escape.len;
            if escape.stands_for.is_none() {
                return Some(found);
            }
        }
    })
}

struct Escape {
    len: usize,
    stands_for: Option<char>,
}

/// The escape that a text begins with.
#[expect(clippy::string_slice, reason = "an escape begins with its backslash")]
fn escape(text: &str) -> Escape {
    let Some(letter) = text[1..].chars().next() else {
        return Escape { len: 1, stands_for: None };
    };
    let stands_for = match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '\\' | '"' | '\'' => letter,
        'u' => return unicode_escape(text),
        _ => return Escape { len: 1 + letter.len_utf8(), stands_for: None },
    };
    Escape { len: 2, stands_for: Some(stands_for) }
}

/// `\u{1f600}`: one to six hexadecimal digits.
fn unicode_escape(text: &str) -> Escape {
    let digits = text.get(2..).and_then(|rest| rest.strip_prefix('{')).unwrap_or_default();
    let len = digits.bytes().take(7).take_while(u8::is_ascii_hexdigit).count();
    if len == 0 || len > 6 || digits.as_bytes().get(len) != Some(&b'}') {
        return Escape { len: 2, stands_for: None };
    }
    #[expect(clippy::string_slice, reason = "digits are ASCII")]
    let stands_for = u32::from_str_radix(&digits[..len], 16).ok().and_then(char::from_u32);
    Escape { len: len + 4, stands_for }
}
