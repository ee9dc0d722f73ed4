//! Dates with holes in them: the Extended Date/Time Format, level 1 (ISO 8601-2:2019, Library of Congress 2019).
//!
//! In: `2025-02`, `199X`, `1990/2005~`, `../2005`. Out: the first and the last day that it may mean, each where there
//! is one. Years have four digits; `? ~ %` say how sure the text is and change no bound.

use super::Date;

/// The days that a text may mean. A side is none where the text leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) earliest: Option<Date>,
    pub(super) latest: Option<Date>,
}

/// The bounds of an EDTF text; none if it is not one.
pub(super) fn bounds(text: &str) -> Option<Bounds> {
    let Some((from, to)) = text.split_once('/') else {
        let (earliest, latest) = single(text)?;
        return Some(Bounds { earliest: Some(earliest), latest: Some(latest) });
    };
    let side = |text: &str| if matches!(text, "" | "..") { Some(None) } else { single(text).map(Some) };
    let (from, to) = (side(from)?, side(to)?);
    let (earliest, latest) = (from.map(|(first, _)| first), to.map(|(_, last)| last));
    let backwards = earliest.zip(latest).is_some_and(|(earliest, latest)| latest < earliest);
    let known = earliest.is_some() || latest.is_some();
    (known && !backwards).then_some(Bounds { earliest, latest })
}

/// The first and last day of one date, season, month, year, decade or century.
fn single(text: &str) -> Option<(Date, Date)> {
    let text = text.strip_suffix(['?', '~', '%']).unwrap_or(text);
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let (first_year, last_year) = years(year)?;
    let (first, last) = match (month, day) {
        (None, None) | (Some("XX"), None | Some("XX")) => ((1, 1), (12, 31)),
        (Some(month), None | Some("XX")) => months(month, last_year, day.is_none())?,
        (Some(month), Some(day)) => {
            let whole = (two_digits(month)?, two_digits(day)?);
            (whole, whole)
        }
        (None, Some(_)) => return None,
    };
    // With a hole in the year, a month or a day says nothing of which year.
    if month.is_some() && first_year != last_year {
        return None;
    }
    Some((Date::new(first_year, first.0, first.1)?, Date::new(last_year, last.0, last.1)?))
}

/// `1990` is one year, `199X` ten, `19XX` a hundred; a year of which nothing is known has no bounds.
fn years(text: &str) -> Option<(i64, i64)> {
    let digits = text.trim_end_matches('X');
    let holes = text.len() - digits.len();
    if text.len() != 4 || holes > 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let width = 10_i64.pow(u32::try_from(holes).ok()?);
    let first = digits.parse::<i64>().ok()? * width;
    Some((first, first + width - 1))
}

/// First and last day of a month, or of a northern spring, summer or autumn (21 to 23). A winter (24) lies in two
/// years and does not say which, so it has no bounds.
fn months(text: &str, year: i64, seasons: bool) -> Option<((i64, i64), (i64, i64))> {
    let (first, last) = match two_digits(text)? {
        month @ 1..=12 => (month, month),
        season @ 21..=23 if seasons => (3 * (season - 20), 3 * (season - 20) + 2),
        _ => return None,
    };
    let days = (28..=31).rev().find(|day| Date::new(year, last, *day).is_some())?;
    Some(((first, 1), (last, days)))
}

fn two_digits(text: &str) -> Option<i64> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let side = |date: Option<Date>| date.map_or("-".into(), |date| date.to_string());
        bounds(text).map_or("none".into(), |bounds| format!("{} {}", side(bounds.earliest), side(bounds.latest)))
    }

    #[test]
    fn a_text_means_the_days_between_its_bounds() {
        for (text, expected) in [
            ("2025-02-18", "2025-02-18 2025-02-18"),
            ("2024-02", "2024-02-01 2024-02-29"),
            ("2024-02-XX", "2024-02-01 2024-02-29"),
            ("2025", "2025-01-01 2025-12-31"),
            ("2025-XX", "2025-01-01 2025-12-31"),
            ("2025-XX-XX", "2025-01-01 2025-12-31"),
            ("199X", "1990-01-01 1999-12-31"),
            ("19XX?", "1900-01-01 1999-12-31"),
            ("1984~", "1984-01-01 1984-12-31"),
            ("2025-21", "2025-03-01 2025-05-31"),
            ("2025-23", "2025-09-01 2025-11-30"),
            ("1990/2005~", "1990-01-01 2005-12-31"),
            ("../2005", "- 2005-12-31"),
            ("1990/..", "1990-01-01 -"),
            ("1990/", "1990-01-01 -"),
            ("2004-06/2006-08", "2004-06-01 2006-08-31"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_has_no_bounds() {
        for text in [
            "",
            "junk",
            "XXXX-02",
            "2025-13",
            "2025-02-30",
            "25",
            "199",
            "2006/2004",
            "../..",
            "/",
            "2025-2",
            "2025-24",
        ] {
            assert_eq!(shown(text), "none", "{text}");
        }
    }
}
