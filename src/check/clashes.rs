//! Two types met: what to say about it.
//!
//! In: the clashes that [`inference`](super::inference) found. Out: a message each that shows both places.

use super::inference::{Clash, Known, Why};
use super::schema::Schema;
use crate::data::{Dialect, Type, Value, Width};
use crate::report::{Code, Diagnostic, Span};

/// The message about a clash.
pub(super) fn message(clash: &Clash, schema: &Schema) -> Diagnostic {
    let Clash { at, had, asked } = clash;
    let (had, asked) = if asked.origin.span == Some(at.span) { (*asked, *had) } else { (*had, *asked) };
    let own_place = had.origin.span == Some(at.span);
    let text = if own_place {
        format!("{} is {} where {} is needed", at.subject, had.ty.with_article(), asked.ty.with_article())
    } else {
        format!("{} is {} and {} at once", at.subject, had.ty.with_article(), asked.ty.with_article())
    };
    let label = if own_place { had.ty.with_article() } else { asked.ty.with_article() };
    let mut message = Diagnostic::new(Code::TypeMismatch, at.span, text).label(label);
    for known in [asked, had] {
        let reason = reason(known, schema);
        match known.origin.span {
            Some(span) if span == at.span => {}
            Some(span) => message = message.also(span, reason),
            None => message = message.note(reason),
        }
    }
    match conversion(had.ty, asked.ty) {
        Some(help) => message.help(help),
        None => message,
    }
}

fn reason(known: Known, schema: &Schema) -> String {
    let ty = known.ty.with_article();
    let column = |relation, column: usize| {
        let relation: &super::schema::Relation = &schema.relations[relation];
        let name = relation.columns.iter().flatten().nth(column).map_or("?", |column| column.name.as_str());
        format!("column `{name}` of `{}`", relation.name)
    };
    match known.origin.why {
        Why::Column { relation, column: at, declared: true } => format!("{} is declared {ty}", column(relation, at)),
        Why::Column { relation, column: at, declared: false } => format!("{} is {ty}", column(relation, at)),
        Why::Fact { relation, column: at } => format!("this makes {} {ty}", column(relation, at)),
        Why::File { relation, column: at } => {
            let file = schema.relations[relation].file.as_deref().unwrap_or("a data file");
            format!("in `{file}`, {} is {ty}", column(relation, at))
        }
        Why::Literal => ty.to_string(),
        Why::Builtin(name) => format!("`{name}` makes it {ty}"),
        Why::Foreign => format!("the declaration of this function makes it {ty}"),
        Why::Aggregate(op) => format!("the {} is {ty}", op.name()),
        Why::Claim => format!("a claim is {ty}"),
    }
}

fn conversion(had: Type, asked: Type) -> Option<String> {
    match (had, asked) {
        (Type::Number | Type::Unsigned, Type::Float) | (Type::Float, Type::Number | Type::Unsigned) => {
            Some("nothing converts by itself: `to_float(N)` makes a float of a number".to_string())
        }
        (Type::Number, Type::Unsigned) | (Type::Unsigned, Type::Number) => {
            Some("`to_unsigned(N)` and `to_number(U)` make one of the other; `1u` is unsigned by itself".to_string())
        }
        (Type::Number | Type::Unsigned | Type::Float | Type::Date, Type::Symbol) => {
            Some("quote it if a symbol is meant; `to_symbol(X)` makes a symbol of a value".to_string())
        }
        (Type::Symbol, Type::Number | Type::Unsigned | Type::Float) => {
            Some("`to_number(S)` and `to_float(S)` read the number that a symbol spells".to_string())
        }
        (Type::Symbol, Type::Date) => Some("dates are written without quotes, such as 2025-02-18".to_string()),
        (Type::Date, Type::Number | Type::Unsigned | Type::Float)
        | (Type::Number | Type::Unsigned | Type::Float, Type::Date) => {
            Some("`year(D)`, `month(D)` and `day(D)` are the numbers in a date".to_string())
        }
        (Type::Record, _) | (_, Type::Record) => None,
        (Type::Symbol, Type::Symbol)
        | (Type::Number, Type::Number)
        | (Type::Unsigned, Type::Unsigned)
        | (Type::Float, Type::Float)
        | (Type::Date, Type::Date) => None,
    }
}

/// A literal that no value of the type is equal to.
pub(super) fn unfit(value: &Value, ty: Type, dialect: Dialect, span: Span) -> Diagnostic {
    let needed = |message: String| {
        Diagnostic::new(Code::BadLiteral, span, message).label(format!("{} is needed here", ty.with_article()))
    };
    match (value, ty) {
        (Value::Number(number), Type::Float) => {
            #[expect(clippy::cast_precision_loss, reason = "the message shows what is lost")]
            let nearest = *number as f64;
            needed(format!("no float is exactly {number}")).help(format!("the nearest is {nearest:?}"))
        }
        (Value::Number(number), Type::Unsigned) if *number < 0 => {
            needed(format!("no unsigned is {number}")).help("an unsigned has no sign")
        }
        _ => {
            let width = match dialect {
                Dialect::Entail => Width::Bits64,
                Dialect::Souffle(width) => width,
            };
            let bits = width.bits();
            needed(format!("{value} does not fit into {bits} bits")).help("`--wide` makes numbers of 64 bits")
        }
    }
}
