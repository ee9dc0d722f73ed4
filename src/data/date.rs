//! A calendar day, from year 0 to year 9999 of the Gregorian calendar.

use jiff::civil;
use std::fmt;

/// A calendar day, stored as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// `0000-01-01`.
    pub const MIN: Date = Date(-719_528);
    /// `9999-12-31`.
    pub const MAX: Date = Date(2_932_896);

    /// The day, unless the calendar has none such or its year is not one of four digits.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let year = i16::try_from(year).ok().filter(|year| (0..=9999).contains(year))?;
        let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(Self(days_between(EPOCH, date)))
    }

    /// The day so many days after 1970-01-01, if its year has four digits.
    pub fn from_days(days: i64) -> Option<Self> {
        let date = Self(i32::try_from(days).ok()?);
        (Self::MIN..=Self::MAX).contains(&date).then_some(date)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        i64::from(self.0)
    }

    /// Reads `2025-02-18`: four digits, two, two, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
        if !shaped {
            return None;
        }
        let number = |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        Self::new(number(&bytes[0..4]), number(&bytes[5..7]), number(&bytes[8..10]))
    }

    /// Year, 0 to 9999.
    pub fn year(self) -> i64 {
        i64::from(self.civil().year())
    }

    /// Month, 1 to 12.
    pub fn month(self) -> i64 {
        i64::from(self.civil().month())
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> i64 {
        i64::from(self.civil().day())
    }

    fn civil(self) -> civil::Date {
        EPOCH.checked_add(jiff::Span::new().days(self.0)).expect("a Date lies between the years 0 and 9999")
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

const EPOCH: civil::Date = civil::date(1970, 1, 1);

fn days_between(from: civil::Date, to: civil::Date) -> i32 {
    (to - from).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_the_days_they_are_named_after() {
        assert_eq!(Date::MIN.to_string(), "0000-01-01");
        assert_eq!(Date::MAX.to_string(), "9999-12-31");
        assert_eq!(Date::new(0, 1, 1), Some(Date::MIN));
        assert_eq!(Date::new(9999, 12, 31), Some(Date::MAX));
    }

    #[test]
    fn an_impossible_day_is_none() {
        assert_eq!(Date::parse("2025-02-30"), None);
        assert_eq!(Date::parse("2025-2-03"), None);
        assert_eq!(Date::parse("2024-02-29").map(Date::day), Some(29));
    }
}
