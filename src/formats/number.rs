//! Numbers in digits.
//!
//! In: bytes. Out: the number, or none where they are anything else. A number that begins a longer text is read eight
//! bytes at a time, since most of loading many numbers is this.

/// Digits with a minus in front or not; nothing else.
pub(super) fn parse_number(text: &[u8]) -> Option<i64> {
    let (digits, negative) = match text {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    if digits.is_empty() {
        return None;
    }
    // Downwards, since the least number has no positive counterpart.
    let negated = digits.iter().try_fold(0_i64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_sub(digit)
    })?;
    if negative { Some(negated) } else { negated.checked_neg() }
}

/// Whether a text that [`parse_number`] takes is what the number prints as.
pub(super) fn is_printed(text: &[u8]) -> bool {
    matches!(text, [b'0'] | [b'1'..=b'9', ..] | [b'-', b'1'..=b'9', ..])
}

/// A number that a text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leading {
    pub(super) number: i64,
    /// Bytes that it takes.
    pub(super) len: usize,
}

/// The number that a text begins with, up to the first byte that is no digit. None if there is none, if it has sixteen
/// digits or more, or if it stands too near the end of the text to be read eight bytes at a time: then it takes
/// [`parse_number`] to tell.
#[inline(always)]
pub(super) fn leading_number(text: &[u8]) -> Option<Leading> {
    let minus = usize::from(text.first() == Some(&b'-'));
    let digits = text.get(minus..)?;
    let first = Eight::of(digits)?;
    #[expect(clippy::as_conversions, reason = "eight bytes have at most eight digits")]
    let (number, len) = match first.count {
        0 => return None,
        8 => longer_number(first, digits.get(8..)?)?,
        count => (first.value(), count as usize),
    };
    Some(Leading { number: if minus == 1 { -number } else { number }, len: minus + len })
}

/// A number that begins with eight digits, and how many it has.
#[cold]
fn longer_number(first: Eight, text: &[u8]) -> Option<(i64, usize)> {
    let rest = Eight::of(text).filter(|rest| rest.count < 8)?;
    let value = if rest.count == 0 { 0 } else { rest.value() };
    #[expect(clippy::as_conversions, reason = "eight bytes have at most eight digits")]
    Some((first.value() * 10_i64.pow(rest.count) + value, 8 + rest.count as usize))
}

/// Eight bytes, the digits at their start.
#[derive(Clone, Copy)]
struct Eight {
    /// What is left of each byte when `0` is taken away; the first byte is the lowest.
    bytes: u64,
    /// How many digits there are before the first byte that is none.
    count: u32,
}

impl Eight {
    #[inline]
    fn of(text: &[u8]) -> Option<Self> {
        let bytes = u64::from_le_bytes(*text.first_chunk()?) ^ 0x3030_3030_3030_3030;
        // A byte above nine sets its upper bit here; what it carries into the next byte does not matter, since only the
        // first such byte is looked for.
        let others = (bytes.wrapping_add(0x7676_7676_7676_7676) | bytes) & 0x8080_8080_8080_8080;
        Some(Self { bytes, count: others.trailing_zeros() / 8 })
    }

    /// What the digits say; at least one.
    #[inline]
    fn value(self) -> i64 {
        // The digits move to the upper end, zeros come in front of them; then neighbours are joined to numbers of two,
        // four and eight digits.
        let digits = self.bytes.wrapping_shl(64 - 8 * self.count);
        let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
        const EVERY_OTHER_PAIR: u64 = 0x0000_00ff_0000_00ff;
        let upper = (pairs & EVERY_OTHER_PAIR).wrapping_mul(100 + (1_000_000 << 32));
        let lower = (pairs >> 16 & EVERY_OTHER_PAIR).wrapping_mul(1 + (10_000 << 32));
        (upper.wrapping_add(lower) >> 32).cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_and_a_minus() {
        for (text, number) in [("0", 0), ("-0", 0), ("007", 7), ("-9223372036854775808", i64::MIN)] {
            assert_eq!(parse_number(text.as_bytes()), Some(number), "{text}");
        }
        for text in ["", "-", "+1", " 1", "1 ", "1e3", "0x10", "12abc", "1.0", "9223372036854775808", "1e20", "NaN"] {
            assert_eq!(parse_number(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn leading_numbers_are_those_of_their_digits() {
        for (digits, first, minus) in (1..20).flat_map(|n| ["1", "9", "0"].map(|first| (n, first, n % 2 == 0))) {
            for behind in [",", "\n", "/", ":", "x", "\u{fe}", "\r\n", "-1"] {
                let number = if minus { "-" } else { "" }.to_owned() + first + &"7".repeat(digits - 1);
                let text = number.clone() + behind;
                let found = leading_number((text.clone() + "12345678-------------").as_bytes());
                let expected = parse_number(number.as_bytes()).filter(|_| digits < 16);
                assert_eq!(found, expected.map(|value| Leading { number: value, len: number.len() }), "{text}");
                assert!(leading_number(text.as_bytes()).is_none_or(|short| found == Some(short)), "{text}");
            }
        }
        for text in ["x1234567", "-,1234567", "--1234567", ""] {
            assert_eq!(leading_number(text.as_bytes()), None, "{text}");
        }
    }
}
