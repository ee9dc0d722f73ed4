//! Symbols as texts. Positions and lengths count characters; nothing grows past [`MAX_BYTES`].

use crate::data::{Fault, Float, Value};
use regex::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// The longest symbol that a builtin makes.
const MAX_BYTES: usize = 16 << 20;

pub(crate) fn cat(args: &[Value]) -> Result<Option<Value>, Fault> {
    let texts: Vec<&str> = args.iter().filter_map(text).collect();
    if texts.iter().map(|text| text.len()).sum::<usize>() > MAX_BYTES {
        return Err(Fault::TooLong);
    }
    Ok(Some(Value::symbol(texts.concat())))
}

pub(crate) fn strlen(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Symbol(text)] = args else { return Ok(None) };
    Ok(i64::try_from(text.chars().count()).ok().map(Value::Number))
}

/// No value where the position or the length lies outside the text.
pub(crate) fn substr(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Symbol(text), Value::Number(from), Value::Number(length)] = args else { return Ok(None) };
    let (Ok(from), Ok(length)) = (usize::try_from(*from), usize::try_from(*length)) else { return Ok(None) };
    let ends = || text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let Some(start) = ends().nth(from) else { return Ok(None) };
    let end = from.checked_add(length).and_then(|behind| ends().nth(behind));
    Ok(end.map(|end| Value::symbol(&text[start..end])))
}

pub(crate) fn lower(args: &[Value]) -> Result<Option<Value>, Fault> {
    cased(args, str::to_lowercase)
}

pub(crate) fn upper(args: &[Value]) -> Result<Option<Value>, Fault> {
    cased(args, str::to_uppercase)
}

/// Upper case can be three times as long.
fn cased(args: &[Value], change: fn(&str) -> String) -> Result<Option<Value>, Fault> {
    let [Value::Symbol(text)] = args else { return Ok(None) };
    let changed = change(text);
    if changed.len() > MAX_BYTES { Err(Fault::TooLong) } else { Ok(Some(Value::symbol(changed))) }
}

pub(crate) fn contains(args: &[Value]) -> Option<bool> {
    of_two(args, |part, text| text.contains(part))
}

pub(crate) fn starts_with(args: &[Value]) -> Option<bool> {
    of_two(args, |part, text| text.starts_with(part))
}

pub(crate) fn ends_with(args: &[Value]) -> Option<bool> {
    of_two(args, |part, text| text.ends_with(part))
}

fn of_two(args: &[Value], holds: fn(&str, &str) -> bool) -> Option<bool> {
    let [Value::Symbol(part), Value::Symbol(text)] = args else { return None };
    Some(holds(part, text))
}

/// Neither so nor not where the pattern is no regular expression.
pub(crate) fn matches(args: &[Value]) -> Option<bool> {
    let [Value::Symbol(pattern), Value::Symbol(text)] = args else { return None };
    compiled(pattern).map(|regex| regex.is_match(text))
}

/// The regular expressions that this thread used last: a rule uses one for many rows.
fn compiled(pattern: &Arc<str>) -> Option<Regex> {
    const KEPT: usize = 64;
    const MAX_COMPILED_BYTES: usize = 1 << 20;
    thread_local! {
        static COMPILED: RefCell<HashMap<Arc<str>, Option<Regex>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|kept| {
        if let Some(regex) = kept.get(pattern) {
            return regex.clone();
        }
        if kept.len() >= KEPT {
            kept.clear();
        }
        let regex = RegexBuilder::new(&format!(r"\A(?:{pattern})\z")).size_limit(MAX_COMPILED_BYTES).build().ok();
        kept.insert(pattern.clone(), regex.clone());
        regex
    })
}

/// Digits, with a minus in front or not: what a number prints as, and numbers with zeros in front.
pub(crate) fn to_number(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Symbol(text)] = args else { return Ok(None) };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let spelt = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Ok(spelt.then(|| text.parse().ok()).flatten().map(Value::Number))
}

/// Digits.
pub(crate) fn to_unsigned(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Symbol(text)] = args else { return Ok(None) };
    let spelt = text.bytes().all(|byte| byte.is_ascii_digit());
    Ok(spelt.then(|| text.parse().ok()).flatten().map(Value::Unsigned))
}

pub(crate) fn to_float(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Symbol(text)] = args else { return Ok(None) };
    let spelt = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    Ok(spelt.then(|| text.parse().ok().and_then(Float::new)).flatten().map(Value::Float))
}

pub(crate) fn to_symbol(args: &[Value]) -> Result<Option<Value>, Fault> {
    Ok(args.first().map(|value| Value::symbol(value.to_string())))
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Symbol(text) => Some(text),
        Value::Number(_) | Value::Unsigned(_) | Value::Float(_) | Value::Date(_) | Value::Record(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(text: &str) -> Value {
        Value::symbol(text)
    }

    #[test]
    fn positions_count_characters() {
        let part = |from, length| substr(&[symbol("déjà vu"), Value::Number(from), Value::Number(length)]);
        assert_eq!(part(1, 3), Ok(Some(symbol("éjà"))));
        assert_eq!(part(7, 0), Ok(Some(symbol(""))));
        for (from, length) in [(0, 8), (8, 0), (-1, 1), (0, -1), (0, i64::MAX), (i64::MAX, i64::MAX)] {
            assert_eq!(part(from, length), Ok(None), "{from} {length}");
        }
    }

    #[test]
    fn a_symbol_does_not_grow_without_end() {
        let half = symbol(&"x".repeat(MAX_BYTES / 2 + 1));
        assert_eq!(cat(&[half.clone(), half]), Err(Fault::TooLong));
    }

    #[test]
    fn a_pattern_describes_the_whole_text() {
        assert_eq!(matches(&[symbol("a|ab"), symbol("ab")]), Some(true));
        assert_eq!(matches(&[symbol("a"), symbol("ab")]), Some(false));
        assert_eq!(matches(&[symbol("("), symbol("(")]), None);
        assert_eq!(matches(&[symbol("(a+)+b"), symbol(&"a".repeat(10_000))]), Some(false));
    }

    #[test]
    fn only_what_spells_a_number_becomes_one() {
        assert_eq!(to_number(&[symbol("-9223372036854775808")]), Ok(Some(Value::Number(i64::MIN))));
        for wrong in ["", "-", "+1", " 1", "1 ", "1.0", "x", "9223372036854775808"] {
            assert_eq!(to_number(&[symbol(wrong)]), Ok(None), "{wrong}");
        }
        for wrong in ["", "inf", "NaN", "1e400", " 1", "x"] {
            assert_eq!(to_float(&[symbol(wrong)]), Ok(None), "{wrong}");
        }
    }
}
