//! What a term computes: a builtin, a record made and taken apart, or a function of a library.

use super::{BuiltinId, Fault, Foreign, Record, Shape, Type, Value};
use std::sync::Arc;

/// A function of terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Function {
    /// A row of a table.
    Builtin(BuiltinId),
    /// `[X, Y]`, `$Circle(R)`: the record of these fields.
    Make(Arc<Shape>),
    /// A field of a record; no value where the record has another shape.
    Field(Arc<RecordField>),
    /// `@f(X)`: a function of a library.
    Foreign(Arc<Foreign>),
}

/// A field of the records of a shape.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordField {
    /// The records.
    pub shape: Arc<Shape>,
    /// Which of their fields.
    pub at: usize,
    /// What it is called.
    pub name: String,
}

impl Function {
    /// The value for these arguments; none where they lie outside the domain. Not for predicates.
    pub fn value(&self, args: &[Value]) -> Result<Option<Value>, Fault> {
        match (self, args) {
            (Function::Builtin(builtin), args) => builtin.row().value(args),
            (Function::Make(shape), args) => match Record::new(shape.tag.clone(), args.to_vec()) {
                Some(record) => Ok(Some(Value::Record(Arc::new(record)))),
                None => Err(Fault::TooDeep),
            },
            (Function::Field(field), [Value::Record(record)]) => Ok(field.of(record)),
            (Function::Foreign(foreign), args) => foreign.value(args).map(Some),
            (Function::Field(field), args) => panic!("`{}` is a field of a record, not of {args:?}", field.name),
        }
    }

    /// The type of the argument at this position.
    pub fn param(&self, at: usize) -> Type {
        match self {
            Function::Builtin(builtin) => {
                builtin.row().param(at).expect("a call has as many arguments as its row takes")
            }
            Function::Make(shape) => shape.types[at],
            Function::Field(_) => Type::Record,
            Function::Foreign(foreign) => foreign.signature.params[at],
        }
    }

    /// The type of the value.
    pub fn result(&self) -> Type {
        match self {
            Function::Builtin(builtin) => builtin.row().result.expect("only functions stand in terms"),
            Function::Make(_) => Type::Record,
            Function::Field(field) => field.shape.types[field.at],
            Function::Foreign(foreign) => foreign.signature.result,
        }
    }
}

impl RecordField {
    /// The field of a record.
    fn of(&self, record: &Record) -> Option<Value> {
        let Shape { tag, types } = &*self.shape;
        let fields = record.fields();
        (record.tag() == tag && fields.len() == types.len()).then(|| fields[self.at].clone())
    }
}
