//! Calendar days, and the days that an EDTF text may mean.

use crate::data::{Date, Fault, Value, edtf};

/// A date and days, in either order.
pub(crate) fn add(args: &[Value]) -> Result<Option<Value>, Fault> {
    let ([Value::Date(date), Value::Number(days)] | [Value::Number(days), Value::Date(date)]) = args else {
        return Ok(None);
    };
    moved(date.days().checked_add(*days))
}

pub(crate) fn subtract(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Date(date), Value::Number(days)] = args else { return Ok(None) };
    moved(date.days().checked_sub(*days))
}

fn moved(days: Option<i64>) -> Result<Option<Value>, Fault> {
    days.and_then(Date::from_days).map(|date| Some(Value::Date(date))).ok_or(Fault::Overflow)
}

pub(crate) fn between(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Date(later), Value::Date(earlier)] = args else { return Ok(None) };
    Ok(Some(Value::Number(later.days() - earlier.days())))
}

pub(crate) fn year(args: &[Value]) -> Result<Option<Value>, Fault> {
    part(args, Date::year)
}

pub(crate) fn month(args: &[Value]) -> Result<Option<Value>, Fault> {
    part(args, Date::month)
}

pub(crate) fn day(args: &[Value]) -> Result<Option<Value>, Fault> {
    part(args, Date::day)
}

fn part(args: &[Value], of: fn(Date) -> i64) -> Result<Option<Value>, Fault> {
    let [Value::Date(date)] = args else { return Ok(None) };
    Ok(Some(Value::Number(of(*date))))
}

pub(crate) fn date(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Number(year), Value::Number(month), Value::Number(day)] = args else { return Ok(None) };
    Ok(Date::new(*year, *month, *day).map(Value::Date))
}

pub(crate) fn earliest(args: &[Value]) -> Result<Option<Value>, Fault> {
    bound(args, |bounds| bounds.earliest)
}

pub(crate) fn latest(args: &[Value]) -> Result<Option<Value>, Fault> {
    bound(args, |bounds| bounds.latest)
}

fn bound(args: &[Value], side: fn(edtf::Bounds) -> Option<Date>) -> Result<Option<Value>, Fault> {
    let [Value::Symbol(text)] = args else { return Ok(None) };
    Ok(edtf::bounds(text).and_then(side).map(Value::Date))
}
