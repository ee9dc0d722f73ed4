//! Records in files: `[1, [a, nil]]`, `$Circle(2)`, as Soufflé spells them.
//!
//! In: a text, and the type that its record must be of. Out: the record. A symbol within a record ends at the next comma
//! or closing bracket, unless it stands in double quotes, where a backslash stands before a quote.

use super::number::parse_number;
use super::read::{parse_float, parse_unsigned};
use crate::data::{Date, Form, FormId, Record, RecordTypeId, RecordTypes, Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// The records that a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordKind {
    /// The types of the program.
    pub types: RecordTypes,
    /// That of the column.
    pub ty: RecordTypeId,
}

impl RecordKind {
    /// The record that a text spells.
    pub(super) fn parse(&self, text: &str) -> Option<Value> {
        let mut reader = Reader { types: &self.types, rest: text };
        let record = reader.record(self.ty, DEEPEST)?;
        reader.rest.trim_start().is_empty().then_some(record)
    }

    /// The record that JSON has for it: `null`, `[1, "a"]`, `{"x": 1, "y": "a"}`, `{"$Circle": [2]}`,
    /// `{"$Circle": {"r": 2}}`.
    pub(super) fn of_json(&self, json: &Json) -> Option<Value> {
        self.json_record(self.ty, json, DEEPEST)
    }

    fn json_record(&self, ty: RecordTypeId, json: &Json, depth: usize) -> Option<Value> {
        let (form, fields) = match (json, self.types.plain(ty)) {
            (Json::Null, plain) => return plain.map(|_| nil()),
            (fields, Some(plain)) => (plain, fields),
            (Json::Object(branch), None) => match branch.iter().next() {
                Some((name, fields)) if branch.len() == 1 => (self.types.branch(name.strip_prefix('$')?)?, fields),
                Some(_) | None => return None,
            },
            (Json::Array(_) | Json::Bool(_) | Json::Number(_) | Json::String(_), None) => return None,
        };
        let found = self.types.form(form);
        if form.ty != ty {
            return None;
        }
        let values = in_order(fields, found)?.into_iter().zip(found.types()).zip(&found.fields).map(
            |((json, ty), field)| match (*ty, json) {
                (Type::Record, json) => self.json_record(field.record?, json, depth.checked_sub(1)?),
                (ty, Json::String(text)) => bare(ty, text).filter(|_| matches!(ty, Type::Symbol | Type::Date)),
                (ty, Json::Number(number)) => bare(ty, &number.to_string()).filter(|value| value.ty() != Type::Symbol),
                _ => None,
            },
        );
        record(found, values.collect::<Option<Vec<Value>>>()?)
    }
}

/// The fields of a record, which JSON gives in their order or by their names.
fn in_order<'j>(fields: &'j Json, form: &Form) -> Option<Vec<&'j Json>> {
    let fields: Vec<&Json> = match fields {
        Json::Array(fields) => fields.iter().collect(),
        Json::Object(named) if named.len() == form.fields.len() => {
            form.fields.iter().map(|field| named.get(&field.name)).collect::<Option<_>>()?
        }
        Json::Object(_) | Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return None,
    };
    (fields.len() == form.fields.len()).then_some(fields)
}

/// Deeper than any record that can be made.
const DEEPEST: usize = 1 << 10;

fn nil() -> Value {
    Value::Record(Arc::new(Record::nil()))
}

fn record(form: &Form, fields: Vec<Value>) -> Option<Value> {
    Record::new(form.shape.tag.clone(), fields).map(|record| Value::Record(Arc::new(record)))
}

/// A value that is no record, from its text alone.
fn bare(ty: Type, text: &str) -> Option<Value> {
    match ty {
        Type::Symbol => Some(Value::symbol(text)),
        Type::Number => parse_number(text.as_bytes()).map(Value::Number),
        Type::Unsigned => parse_unsigned(text).map(Value::Unsigned),
        Type::Float => parse_float(text).map(Value::Float),
        Type::Date => Date::parse(text).map(Value::Date),
        Type::Record => None,
    }
}

/// What is left of a text.
struct Reader<'t> {
    types: &'t RecordTypes,
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn record(&mut self, ty: RecordTypeId, depth: usize) -> Option<Value> {
        if self.sign("nil") {
            return self.types.plain(ty).map(|_| nil());
        }
        if self.sign("[") {
            return self.fields(self.types.plain(ty)?, "]", depth);
        }
        if !self.sign("$") {
            return None;
        }
        let len = self.rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '?' | '.'));
        let (name, rest) = self.rest.split_at(len.unwrap_or(self.rest.len()));
        self.rest = rest;
        let form = self.types.branch(name).filter(|form| form.ty == ty)?;
        if self.types.form(form).fields.is_empty() {
            if self.sign("(") && !self.sign(")") {
                return None;
            }
            return record(self.types.form(form), Vec::new());
        }
        self.sign("(").then(|| self.fields(form, ")", depth)).flatten()
    }

    fn fields(&mut self, form: FormId, close: &str, depth: usize) -> Option<Value> {
        let form = self.types.form(form);
        let mut values = Vec::with_capacity(form.fields.len());
        for (at, (ty, field)) in form.types().iter().zip(&form.fields).enumerate() {
            if at > 0 && !self.sign(",") {
                return None;
            }
            values.push(match (ty, field.record) {
                (Type::Record, Some(ty)) => self.record(ty, depth.checked_sub(1)?)?,
                (ty, _) => bare(*ty, &self.field(close)?)?,
            });
        }
        self.sign(close).then(|| record(form, values)).flatten()
    }

    /// The text of a field that is no record.
    fn field(&mut self, close: &str) -> Option<String> {
        self.rest = self.rest.trim_start();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            return self.quoted(quoted);
        }
        let end = self.rest.find(|c: char| c == ',' || close.starts_with(c))?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(text.to_owned())
    }

    /// What stands before the next quote; a backslash takes away what the character behind it means.
    fn quoted(&mut self, text: &'t str) -> Option<String> {
        let (mut field, mut chars) = (String::new(), text.chars());
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => field.push(chars.next()?),
                other => field.push(other),
            }
        }
        self.rest = chars.as_str();
        Some(field)
    }

    /// Whether a sign comes next, which is then behind us.
    fn sign(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{FormField, IdVec, RecordType, Shape, Tag};

    fn kind() -> RecordKind {
        let field = |name: &str, record| FormField { name: name.into(), named: None, record };
        let form = |tag, types: &[Type], fields| Form { shape: Arc::new(Shape { tag, types: types.to_vec() }), fields };
        let mut types = IdVec::new();
        let list: RecordTypeId = types.next_id();
        let fields = vec![field("head", None), field("tail", Some(list))];
        let form_of_list = form(Tag::Plain, &[Type::Symbol, Type::Record], fields);
        types.push(RecordType { name: "List".into(), forms: vec![form_of_list] });
        RecordKind { types: RecordTypes::new(types), ty: list }
    }

    #[test]
    fn records_are_read_as_they_are_written() {
        for text in ["nil", "[a, nil]", "[a b, [c, [, nil]]]"] {
            assert_eq!(kind().parse(text).map(|record| record.to_string()).as_deref(), Some(text));
        }
        assert_eq!(kind().parse("[ \"a, b\" ,nil ]").map(|record| record.to_string()).as_deref(), Some("[a, b, nil]"));
        for text in ["", "[a]", "[a, nil", "[a, b]", "[a, nil]]", "a", "$a"] {
            assert_eq!(kind().parse(text), None, "{text}");
        }
    }

    #[test]
    fn records_come_back_from_json() {
        let record = kind().parse("[a, [b, nil]]").expect("a list");
        let json = serde_json::to_value(&record).expect("a value");
        assert_eq!(json.to_string(), "[\"a\",[\"b\",null]]");
        assert_eq!(kind().of_json(&json), Some(record));
    }
}
